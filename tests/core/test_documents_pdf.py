"""Le PDF d'un document : accessible, à nos polices, et jamais cassé par ce qu'il dit."""

import io
import re
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pypdf
import pytest

from maillage.core.documents import pdf as module_pdf
from maillage.core.documents.description import (
    Bloc,
    Chiffre,
    Chiffres,
    Paragraphe,
    Saut,
    Section,
    Tableau,
)
from maillage.core.documents.pdf import RenduImpossible, rendre_pdf
from tests.documents import ALT, document, document_complet, lire_pdf, serre


def arbre_du_pdf(lecteur: pypdf.PdfReader) -> list[Any]:
    """Les éléments de structure, dans l'ordre de lecture."""
    trouves: list[Any] = []

    def visiter(noeud: Any) -> None:
        objet = noeud.get_object()
        if isinstance(objet, list):
            for enfant in objet:
                visiter(enfant)
        elif isinstance(objet, dict):
            if "/S" in objet:
                trouves.append(objet)
            if "/K" in objet:
                visiter(objet["/K"])

    visiter(lecteur.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return trouves


def test_le_pdf_se_dit_accessible_et_l_est_dans_sa_structure() -> None:
    lecteur = pypdf.PdfReader(io.BytesIO(rendre_pdf(document_complet())))
    racine = lecteur.trailer["/Root"]
    metadonnees = racine["/Metadata"].get_data().decode()
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>|pdfuaid:part=\"1\"", metadonnees)
    assert racine["/MarkInfo"]["/Marked"] is True or bool(racine["/MarkInfo"]["/Marked"])
    assert str(racine["/Lang"]).lower().startswith("fr")
    assert bool(racine["/ViewerPreferences"]["/DisplayDocTitle"])
    assert lecteur.metadata is not None
    assert lecteur.metadata.title == "Le café des clics" and lecteur.metadata.author == "Réseau Maillage"
    arbre = arbre_du_pdf(lecteur)
    balises = [str(element["/S"]) for element in arbre]
    assert {"/Table", "/TH", "/TD", "/Figure", "/L", "/LI", "/Link", "/TOC", "/TOCI", "/H1", "/H2"} <= set(
        balises
    )
    assert balises.count("/H1") == 2 and balises.count("/H2") == 1
    assert [str(e["/Alt"]) for e in arbre if e["/S"] == "/Figure" and "/Alt" in e] == [
        ALT.replace(" :", "\u00a0:")
    ]
    assert balises.count("/TH") == 3


def test_le_pdf_a_ses_signets_son_sommaire_et_ses_numeros_de_page() -> None:
    octets = rendre_pdf(document_complet())
    lecteur = pypdf.PdfReader(io.BytesIO(octets))
    assert [s.title for s in lecteur.outline if not isinstance(s, list)] == ["1. Le début", "2. La suite"]
    pages = [page.extract_text() for page in lecteur.pages]
    assert all(serre(f"page {i} sur {len(pages)}") in serre(page) for i, page in enumerate(pages, start=1))
    assert re.search(r"1\. Le début\W*2", pages[0])


def test_les_polices_du_pdf_sont_les_notres_et_dans_le_fichier() -> None:
    lecteur = pypdf.PdfReader(io.BytesIO(rendre_pdf(document_complet())))
    polices = {
        str(police.get_object()["/BaseFont"]).split("+")[-1]
        for page in lecteur.pages
        for police in page["/Resources"]["/Font"].values()
    }
    assert all(nom.startswith(("AtkinsonHyperlegible", "BricolageGrotesque")) for nom in polices), polices
    assert any("Italic" in nom for nom in polices), polices


def test_un_texte_moyen_tient_en_une_page_en_reduisant_le_corps() -> None:
    blocs = tuple(Paragraphe("Une phrase de longueur moyenne pour remplir la page. " * 4) for _ in range(17))
    assert len(pypdf.PdfReader(io.BytesIO(rendre_pdf(document(*blocs)))).pages) == 2
    assert len(pypdf.PdfReader(io.BytesIO(rendre_pdf(document(*blocs, tient_en=1)))).pages) == 1
    assert len(pypdf.PdfReader(io.BytesIO(rendre_pdf(document(*blocs * 2, tient_en=1)))).pages) == 2
    assert len(pypdf.PdfReader(io.BytesIO(rendre_pdf(document(*blocs * 4, tient_en=1)))).pages) > 3


@pytest.mark.parametrize("blocs", [(Saut(),), (Paragraphe("avant"), Saut(), Paragraphe("après")), ()])
def test_un_saut_de_page_coupe_aussi_un_texte_a_titre_en_marge(blocs: tuple[Bloc, ...]) -> None:
    suite = Section("La suite", (Paragraphe("fin"),))
    lecteur = pypdf.PdfReader(io.BytesIO(rendre_pdf(document(*blocs, suite=(suite,), titres_en_marge=1))))
    assert len(lecteur.pages) == (2 if blocs else 1)
    assert "fin" in lecteur.pages[-1].extract_text()


def test_sans_nos_polices_le_pdf_est_refuse_en_disant_quoi_faire(monkeypatch: pytest.MonkeyPatch) -> None:
    module_pdf._polices.cache_clear()
    monkeypatch.setitem(module_pdf.FAMILLES, "texte", "Police Absente")
    with pytest.raises(RenduImpossible, match=r"Police Absente.*statiques"):
        rendre_pdf(document())


def test_un_avertissement_de_typst_est_un_echec(monkeypatch: pytest.MonkeyPatch) -> None:
    polices = module_pdf._polices()
    monkeypatch.setitem(module_pdf.FAMILLES, "texte", "Police Absente")
    monkeypatch.setattr(module_pdf, "_polices", lambda: polices)
    with pytest.raises(RenduImpossible, match="unknown font family"):
        rendre_pdf(document())


def test_un_signe_sans_police_devient_un_carre_sans_emporter_ses_voisins() -> None:
    rendu = lire_pdf(document(Paragraphe("avant 漢 après 😀 et e\u0301 fin")))
    assert serre("avant □ après □ et") in rendu and "fin" in rendu


def test_composer_beaucoup_ne_grossit_pas_le_processus() -> None:
    """Typst garde ce qu'il compose : dix dossiers dans le même processus y laisseraient plus d'un gigaoctet."""
    lourd = tuple(Paragraphe("Une phrase de longueur moyenne pour remplir la page. " * 20) for _ in range(60))
    rendre_pdf(document(*lourd))
    avant = _memoire()
    for rang in range(3):
        rendre_pdf(document(*lourd, titre=f"Un autre titre, {rang}"))
    assert _memoire() - avant < 8


def _memoire() -> float:
    """En mégaoctets, la mémoire de ce processus."""
    lignes = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(ligne.split()[1]) for ligne in lignes if ligne.startswith("VmRSS:")) / 1024


def test_dix_demandes_ensemble_se_composent_l_une_apres_l_autre(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sans quoi dix dossiers demandés à la même minute prendraient toute la mémoire du serveur."""
    ensemble, au_plus, verrou = 0, 0, threading.Lock()
    lancer = subprocess.run

    def compter(*commande: Any, **options: Any) -> Any:
        nonlocal ensemble, au_plus
        with verrou:
            ensemble += 1
            au_plus = max(au_plus, ensemble)
        try:
            return lancer(*commande, **options)
        finally:
            with verrou:
                ensemble -= 1

    monkeypatch.setattr(module_pdf.subprocess, "run", compter)
    with ThreadPoolExecutor(10) as fils:
        rendus = list(fils.map(lambda rang: rendre_pdf(document(titre=f"Titre {rang}")), range(10)))
    assert au_plus == 1 and all(rendu.startswith(b"%PDF-") for rendu in rendus)


def test_un_composeur_qui_s_arrete_est_dit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module_pdf, "PATIENCE", 0.001)
    with pytest.raises(RenduImpossible, match="avant la fin"):
        rendre_pdf(document())


@pytest.mark.parametrize(
    "source", ["#panic()", '"] #read("/etc/passwd")', "$x$ *a* _b_ `c` @d <e> \\u{41} [f]"]
)
def test_du_code_typst_reste_du_texte(source: str) -> None:
    piege = document(
        Paragraphe(source),
        Tableau(source, (source,), ((source,),)),
        Chiffres((Chiffre(source, source, source),)),
        titre=source,
    )
    assert lire_pdf(piege).count(serre(source)) >= 6
