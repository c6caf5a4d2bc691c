"""Importer un classeur : refuser les fichiers hostiles, vérifier ligne à ligne, retenir les colonnes, tout effacer."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from maillage.core.classeurs import ClasseurIllisible
from maillage.core.ecriture import GesteRefuse
from maillage.core.models import LigneJournal
from maillage.personnes.choices import ChampDePersonne, EtatImportDePersonnes
from maillage.personnes.models import ImportDePersonnes, Personne
from maillage.personnes.operations import (
    choisir_les_colonnes,
    confirmer_import_de_personnes,
    deposer_personnes,
    fermer_champ,
    lire_l_import,
)
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory, ProvenanceFactory, ouvrir_les_champs

pytestmark = pytest.mark.django_db(transaction=True)
ClientDe = Callable[[str], Client]


def classeur(*lignes: list[object]) -> bytes:
    tampon, livre = io.BytesIO(), Workbook()
    for ligne in lignes:
        livre.active.append(ligne)  # type: ignore[union-attr]
    livre.save(tampon)
    return tampon.getvalue()


def bombe() -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (81 * 1024 * 1024))
    return tampon.getvalue()


@pytest.mark.parametrize(
    ("nom", "contenu"),
    [
        ("liste.pdf", b"%PDF-1.4"),
        ("liste.xlsx", b"PK\x03\x04 coupe"),
        ("liste.xlsx", bombe()),
        ("liste.xlsx", classeur(["Nom"])),
        ("liste.csv", b"\n" * 20),
        ("liste.csv", "Prénom\n".encode() + b"Ada\n" * 5001),
        ("liste.csv", b"Nom\n" + b"x" * (5 * 1024 * 1024)),
    ],
)
def test_un_fichier_hostile_est_refuse_et_n_est_pas_garde(
    distribution: Distribution, nom: str, contenu: bytes
) -> None:
    avant = set(Path(default_storage.path(".")).rglob("*"))
    with pytest.raises(ClasseurIllisible):
        deposer_personnes(nom, contenu, structure=distribution.deux_ponts, par=distribution.ines)
    assert set(Path(default_storage.path(".")).rglob("*")) == avant
    assert not ImportDePersonnes.objects.exists()


def test_les_lignes_fautives_reviennent_les_bonnes_entrent_et_le_fichier_s_efface(
    distribution: Distribution,
) -> None:
    centre, par = distribution.deux_ponts, distribution.ines
    ouvrir_les_champs(centre)
    lieu = ProvenanceFactory(structure=centre, nom="Le Moulin")
    contenu = classeur(
        ["Prénom", "Nom", "Date de naissance", "Sexe", "Quartier", "Tel", "Remarques"],
        ["Ada", "Bo", "12/03/1987", "F", "le moulin", 612345678, "à taire"],
        ["Zoé", "Cé", "hier", "F", "", "", ""],
        ["", "", 1990, "H", "", "", ""],
        ["Max", "Dé", 1990.0, "x", "Mars", "", ""],
        ["Luc", "Eu", "", "h", "", "", ""],
    )
    depot = deposer_personnes("liste.xlsx", contenu, structure=centre, par=par)
    assert "Remarques" not in depot.correspondance and len(lire_l_import(depot)[0].entetes) == 7
    _, lignes = lire_l_import(depot)
    assert [len(ligne.fautes) for ligne in lignes] == [0, 1, 1, 2, 0]
    assert not Personne.objects.exists(), "rien n'est écrit avant la vérification"
    bilan = confirmer_import_de_personnes(depot, sauf={6}, par=par)
    assert bilan == {"lues": 5, "notees": 1, "fautives": 3, "ecartees": 1}
    ada = Personne.objects.get()
    assert (ada.naissance, ada.genre, ada.provenance, ada.telephone) == (1987, "femmes", lieu, "0612345678")
    assert not Path(default_storage.path(str(depot.fichier) or "absent")).is_file()
    assert depot.etat == EtatImportDePersonnes.IMPORTE and depot.nom_du_fichier == ""
    ecrit = " ".join(f"{x.phrase}{x.avant}{x.apres}" for x in LigneJournal.objects.all())
    assert not any(mot in ecrit for mot in ("Ada", "Zoé", "Max"))
    with pytest.raises(GesteRefuse):
        confirmer_import_de_personnes(depot, sauf=set(), par=par)


def test_un_champ_ferme_n_est_ni_propose_ni_accepte_et_les_colonnes_choisies_se_retiennent(
    distribution: Distribution,
) -> None:
    centre, par = distribution.deux_ponts, distribution.ines
    ouvrir_les_champs(centre, ChampDePersonne.NAISSANCE)
    contenu = "Appelé;Famille;Tel;Né\nAda;Bo;06;1987\n".encode("cp1252")
    depot = deposer_personnes("liste.csv", contenu, structure=centre, par=par)
    assert depot.correspondance == {}
    with pytest.raises(GesteRefuse, match="fermé"):
        choisir_les_colonnes(depot, {"Tel": "telephone"}, par=par)
    with pytest.raises(GesteRefuse, match="même champ"):
        choisir_les_colonnes(depot, {"Appelé": "nom", "Famille": "nom"}, par=par)
    choix = {"Appelé": "prenom", "Famille": "nom", "Né": "naissance", "Tel": ""}
    choisir_les_colonnes(depot, choix, par=par)
    confirmer_import_de_personnes(depot, sauf=set(), par=par)
    assert str(Personne.objects.get()) == "Ada Bo"
    suivant = deposer_personnes("liste.csv", contenu, structure=centre, par=par)
    assert suivant.correspondance == choix


def test_ines_depose_lit_les_doublons_telecharge_les_fautes_et_confirme(
    distribution: Distribution, client_de: ClientDe
) -> None:
    centre = distribution.deux_ponts
    PersonneFactory(structure=centre, prenom="Éloïse", nom="Le Goff")
    contenu = classeur(
        ["Prénom", "Nom"], ["Eloise", "Le Goff"], ["Karim", "Saïdi"], [None, "—"], ["=1+1", ""]
    )
    ines = client_de("ines")
    refus = ines.post(reverse("personnes_import"), {"fichier": SimpleUploadedFile("a.pdf", b"%PDF")})
    assert refus.status_code == 422 and ".xlsx" in refus.content.decode()
    recu = ines.post(reverse("personnes_import"), {"fichier": SimpleUploadedFile("a.xlsx", contenu)})
    page = ines.get(recu["Location"]).content.decode()
    assert "Laisser la ligne 2" in page and "même nom" in page and "Ligne 4" in page
    depot = ImportDePersonnes.objects.get()
    fautes = ines.get(reverse("personnes_import_fautes", args=[depot.pk])).content
    feuille = load_workbook(io.BytesIO(fautes)).active
    assert feuille is not None and feuille["C2"].value == "Il manque le prénom et le nom."
    assert client_de("chloe").get(recu["Location"]).status_code == 404
    ines.post(reverse("personnes_import_finir", args=[depot.pk]), {"geste": "confirmer", "sauf": ["2"]})
    assert Personne.objects.filter(prenom="Karim").exists() and Personne.objects.count() == 2
    assert "1" in ines.get(recu["Location"]).content.decode()
    assert ines.get(reverse("personnes_import_fautes", args=[depot.pk])).status_code == 404


def test_une_formule_rendue_dans_un_classeur_n_en_est_plus_une(
    distribution: Distribution, client_de: ClientDe
) -> None:
    ouvrir_les_champs(distribution.deux_ponts, ChampDePersonne.NAISSANCE)
    contenu = "Prénom;Naissance\n=HYPERLINK(1);hier\n".encode()
    depot = deposer_personnes("a.csv", contenu, structure=distribution.deux_ponts, par=distribution.ines)
    recu = client_de("ines").get(reverse("personnes_import_fautes", args=[depot.pk])).content
    feuille = load_workbook(io.BytesIO(recu)).active
    assert feuille is not None and feuille["A2"].data_type == "s"
    assert str(feuille["A2"].value).startswith("'=")


def test_un_classeur_qui_n_est_plus_la_se_dit_et_s_abandonne(
    distribution: Distribution, client_de: ClientDe
) -> None:
    centre, par = distribution.deux_ponts, distribution.ines
    depot = deposer_personnes("a.csv", b"Nom\nBo\n", structure=centre, par=par)
    Path(default_storage.path(str(depot.fichier))).unlink()
    ines = client_de("ines")
    page = reverse("personnes_import_lu", args=[depot.pk])
    assert "n’est plus là" in ines.get(page).content.decode()
    ines.post(reverse("personnes_import_finir", args=[depot.pk]), {"geste": "confirmer"})
    assert not Personne.objects.exists()
    ines.post(reverse("personnes_import_finir", args=[depot.pk]), {"geste": "abandonner"})
    depot.refresh_from_db()
    assert depot.etat == EtatImportDePersonnes.ABANDONNE


def test_une_longue_liste_deposee_deux_fois_est_reconnue_tout_entiere(
    distribution: Distribution, client_de: ClientDe
) -> None:
    centre, par = distribution.deux_ponts, distribution.ines
    syllabes = [f"{consonne}{voyelle}" for consonne in "bdfglmnprst" for voyelle in "aeiou"]
    noms = [f"{a}{b}{a}"[:6].title() for a in syllabes for b in ("zo", "vu", "ki", "ja", "hy")][:250]
    contenu = ("Prénom;Nom\n" + "".join(f"{nom};{nom}\n" for nom in noms)).encode()
    confirmer_import_de_personnes(
        deposer_personnes("liste.csv", contenu, structure=centre, par=par), sauf=set(), par=par
    )
    depot = deposer_personnes("liste.csv", contenu, structure=centre, par=par)
    page = client_de("ines").get(reverse("personnes_import_lu", args=[depot.pk]))
    connues = page.context["connues"]
    assert len({ligne.numero for ligne, _ in connues}) == 250
    assert all(r.une.pk < 0 for _, r in connues), "deux fiches du registre ne se comparent pas ici"
    assert "les 250 lignes qui ressemblent à une fiche du registre" in page.text
    client_de("ines").post(reverse("personnes_import_finir", args=[depot.pk]), {"sauf_connues": "oui"})
    assert Personne.objects.filter(structure=centre).count() == 250


def test_un_champ_ferme_depuis_le_depot_se_dit_et_rien_n_entre(
    distribution: Distribution, client_de: ClientDe
) -> None:
    centre, ines = distribution.deux_ponts, client_de("ines")
    ouvrir_les_champs(centre, ChampDePersonne.TELEPHONE)
    contenu = "Prénom;Nom;Téléphone\nAda;Bo;0601020304\n".encode()
    depot = deposer_personnes("a.csv", contenu, structure=centre, par=distribution.ines)
    fermer_champ(centre, ChampDePersonne.TELEPHONE, par=distribution.amina)
    finir = reverse("personnes_import_finir", args=[depot.pk])
    refus = ines.post(finir, {"geste": "confirmer"}, follow=True)
    assert refus.status_code == 200 and "est fermé" in refus.content.decode()
    assert not Personne.objects.exists()
    ines.post(reverse("personnes_import_lu", args=[depot.pk]), {"c0": "prenom", "c1": "nom", "c2": ""})
    ines.post(finir, {"geste": "confirmer"})
    assert str(Personne.objects.get()) == "Ada Bo"


def test_un_telephone_que_le_tableur_a_pris_pour_un_nombre_garde_son_zero(distribution: Distribution) -> None:
    centre, par = distribution.deux_ponts, distribution.ines
    ouvrir_les_champs(centre, ChampDePersonne.TELEPHONE)
    ecrits = [612345678, 612345678.0, "0612345678", "+33 6 12 34 56 78", "06"]
    contenu = classeur(["Nom", "Téléphone"], *(["Bo", ecrit] for ecrit in ecrits))
    depot = deposer_personnes("a.xlsx", contenu, structure=centre, par=par)
    lus = [ligne.champs["telephone"] for ligne in lire_l_import(depot)[1]]
    assert lus == ["0612345678"] * 3 + ["+33 6 12 34 56 78", "06"]


def test_deux_colonnes_du_meme_titre_se_choisissent_separement(
    distribution: Distribution, client_de: ClientDe
) -> None:
    centre, par = distribution.deux_ponts, distribution.ines
    ouvrir_les_champs(centre, ChampDePersonne.TELEPHONE)
    contenu = "Nom;Téléphone;Téléphone\nBo;0612345678;0145454545\nCé;0612345679;\n".encode()
    depot = deposer_personnes("a.csv", contenu, structure=centre, par=par)
    assert depot.correspondance == {"Nom": "nom", "Téléphone": "telephone"}
    adresse = reverse("personnes_import_lu", args=[depot.pk])
    assert "Téléphone (2)" in client_de("ines").get(adresse).content.decode()
    lus = [ligne.champs["telephone"] for ligne in lire_l_import(depot)[1]]
    assert lus == ["0612345678", "0612345679"]
    client_de("ines").post(adresse, {"c0": "nom", "c1": "", "c2": "telephone"})
    depot.refresh_from_db()
    assert [ligne.champs.get("telephone") for ligne in lire_l_import(depot)[1]] == ["0145454545", None]
