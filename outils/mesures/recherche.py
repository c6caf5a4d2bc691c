"""La recherche : pertinence sur les fiches réelles ; vitesse, mémoire et reconstruction sur 250 000 inventées."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from maillage.core.recherche.index import Reponse
from outils.installation import Installation, installation_jetable
from outils.mesures import Mesure, durees, durees_entrelacees, mediane, nombre, p95
from outils.mesures._essais import mesurer_les_essais

RACINE = Path(__file__).resolve().parents[2]
SOURCES = RACINE.parent / "shared" / "sources"
FICHES = int(os.environ.get("MAILLAGE_MESURES_FICHES", "250000"))
TOURS = 5
PERTINENCE_MINIMALE = 0.90
RAPPORT_RECHERCHE = 1.5
RAPPORT_RECONSTRUCTION = 2.0
PART_DE_LA_PAGE = 0.40
PSS_MAXIMALE = 250 * 1024 * 1024
QUESTIONS = """
acces aux droits|jardin partagé|seniors|personnes âgées isolées|aide aux devoirs|cours de français FLE|jeunes QPV
habitants|numérique|tablettes seniors|randonnée|théâtre|musique|épicerie solidaire|France services|ludothèque
transport solidaire villages|bénévoles|vacances en famille|prévention des chutes|repas partagé|Bramardou|aidants
insertion professionnelle|handicap|radio locale|compost|démarches en ligne|mémoire du quartier|bien-être|CLAS
laïcité citoyenneté|egalite femmes hommes|numérqiue|vacancse|théatre|LAEP|carsat retraités|jeunes|familles|sport
sans emploi|atelier cuisine|vélo école|chorale|photographie|orchestre enfants|parentalité|fete de quartier|MSAP
pouvoir d'agir des habitants|enquête logement|service civique|hors les murs|budget familial|premiers secours
"""


def mesurer() -> list[Mesure]:
    mesures = [_pertinence()] if SOURCES.is_dir() else []
    with installation_jetable() as installation:
        installation.publier_statiques()
        installation.commande("reconstruire_index")  # pose aussi la base
        os.environ.update(installation.environnement, DJANGO_SETTINGS_MODULE="maillage.settings")
        import django

        django.setup()
        _remplir()
        mesures += [_reconstruction(), *_recherches(), mesurer_les_essais(FICHES), _page()]
        mesures += [_memoire(installation)]
    return mesures


# --- Pertinence -----------------------------------------------------------------------------------


def _pertinence() -> Mesure:
    with installation_jetable() as installation:
        pages = sorted(str(page) for page in SOURCES.glob("catalogue-*.txt"))
        installation.commande("importer_catalogue", *pages, "--ecrire")
        rendu = subprocess.run(
            [sys.executable, "-m", "outils.pertinence"],
            cwd=RACINE,
            env=installation.environnement,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    moyennes = [ligne.split("  ") for ligne in rendu.splitlines() if "requêtes" in ligne]
    notes = [float(note) for note, _ in moyennes]
    return Mesure(
        "pertinence, nDCG@10",
        f"≥ {nombre(PERTINENCE_MINIMALE)}",
        " et ".join(nombre(note, 3) for note in notes),
        "moyennes sur " + " et ".join(nom for _, nom in moyennes) + " ; les deux pages réelles importées",
        min(notes) >= PERTINENCE_MINIMALE,
    )


# --- 250 000 fiches -------------------------------------------------------------------------------


def _remplir() -> None:
    from outils.synthese import remplir_base

    remplir_base(FICHES)


def _reconstruction() -> Mesure:
    """La reconstruction depuis la base, puis l'alimentation d'un index par les mêmes documents, déjà analysés."""
    import tantivy

    from maillage.catalogue.recherche.documents import SCHEMA, ids_publies
    from maillage.catalogue.recherche.installation import analyser_lot, reconstruire
    from maillage.core.recherche.ecriture import construire
    from maillage.core.recherche.redaction import schema_tantivy

    analyses = analyser_lot(ids_publies())

    def alimenter() -> None:
        with tempfile.TemporaryDirectory() as dossier:
            construire(tantivy.Index(schema_tantivy(SCHEMA), path=dossier), analyses)

    tours = [durees(acte, tours=1, chauffe=0)[0] for acte in (reconstruire, alimenter) * 2]
    reconstruite, alimentee = min(tours[::2]), min(tours[1::2])
    rapport = reconstruite / alimentee
    return Mesure(
        "reconstruction de l'index",
        f"≤ {nombre(RAPPORT_RECONSTRUCTION, 0)} × l'alimentation",
        f"{nombre(rapport)} ×",
        f"{FICHES} fiches lues en base, analysées et indexées en {nombre(reconstruite, 1)} s, contre "
        f"{nombre(alimentee, 1)} s pour les mêmes documents déjà analysés ; le meilleur de deux tours",
        rapport <= RAPPORT_RECONSTRUCTION,
    )


def _recherches() -> list[Mesure]:
    """La recherche complète contre deux requêtes nues, facettes comprises, en alternance."""
    from tantivy import Occur, Query

    from maillage.catalogue.recherche import CLES, dictionnaire, index
    from maillage.core.recherche.analyse import analyser
    from maillage.core.recherche.index import Question
    from maillage.core.recherche.moteur import VALEURS_MAX
    from maillage.core.recherche.redaction import FACETTE, TEXTE, VISIBILITE

    moteur = index()
    etat = moteur._lire()
    agregations = {
        cle: {"terms": {"field": FACETTE + cle, "size": VALEURS_MAX, "segment_size": VALEURS_MAX}}
        for cle in CLES
    }

    def nue(requete: Query) -> None:
        etat.searcher.search(requete, 25)
        etat.searcher.aggregate(requete, agregations)

    def un_mot_ou_l_autre(question: str) -> Query:
        return Query.boolean_query([(Occur.Should, etat.terme(TEXTE, terme)) for terme in analyser(question)])

    def meme_ensemble(question: str) -> Query:
        lecture, _, _ = moteur._lecture(etat, question, dictionnaire(), True)
        ensemble, _ = moteur._ensemble(etat, lecture, etat.parmi(VISIBILITE, ["public"]), 25)
        return ensemble or Query.empty_query()

    def complete(question: str) -> None:
        moteur.chercher(Question(question, ("public",), facettes=CLES))

    temps: dict[str, list[float]] = {"nue": [], "même ensemble": [], "complète": []}
    for question in _questions():
        ensemble, mots = meme_ensemble(question), un_mot_ou_l_autre(question)
        releves = durees_entrelacees(
            {
                "nue": partial(nue, mots),
                "même ensemble": partial(nue, ensemble),
                "complète": partial(complete, question),
            },
            tours=TOURS,
        )
        for nom, tours in releves.items():
            temps[nom] += tours
    centieme = {nom: p95(tours) for nom, tours in temps.items()}
    return [
        Mesure(
            f"recherche et facettes exactes, p95, contre {contre}",
            f"≤ {nombre(RAPPORT_RECHERCHE, 1)} ×",
            f"{nombre(centieme['complète'] / centieme[nom])} ×",
            f"{len(_questions())} questions × {TOURS}, {FICHES} fiches, {len(CLES)} facettes, en alternance ; p95 "
            f"{nombre(centieme['complète'] * 1000, 1)} ms contre {nombre(centieme[nom] * 1000, 1)} ms",
            centieme["complète"] <= RAPPORT_RECHERCHE * centieme[nom],
        )
        for nom, contre in (
            ("nue", "la requête nue de ses mots, mêmes facettes"),
            ("même ensemble", "la requête nue qui trouve les mêmes fiches, mêmes facettes"),
        )
    ]


def _page() -> Mesure:
    """La page de résultats contre la même vue dont la recherche est remplacée par sa réponse toute faite."""
    from outils.mesures.pages import _demandeur

    demander = _demandeur()
    temps: dict[str, list[float]] = {"vraie": [], "toute faite": []}
    for question in _questions()[::2]:
        adresse = f"/experiences/?q={question.replace(' ', '+')}"
        releves = durees_entrelacees(
            {
                "vraie": partial(demander, adresse),
                "toute faite": partial(
                    _demander_sans_chercher, demander, adresse, _reponse_donnee_a(demander, adresse)
                ),
            },
            tours=TOURS,
        )
        for nom, tours in releves.items():
            temps[nom] += tours
    part = sum(temps["toute faite"]) / sum(temps["vraie"])
    return Mesure(
        "page de résultats, débit",
        f"≥ {nombre(PART_DE_LA_PAGE * 100, 0)} % de la même vue, recherche toute faite",
        f"{nombre(part * 100, 0)} %",
        f"{len(temps['vraie'])} pages alternées, un processus ; médianes "
        f"{nombre(mediane(temps['vraie']) * 1000, 0)} ms et {nombre(mediane(temps['toute faite']) * 1000, 0)} ms",
        part >= PART_DE_LA_PAGE,
    )


def _reponse_donnee_a(demander: Callable[[str], bytes], adresse: str) -> Reponse:
    from maillage.catalogue.recherche import index

    vraie = index().chercher
    donnees: list[Reponse] = []

    def retenir(*demande: Any) -> Reponse:
        donnees.append(vraie(*demande))
        return donnees[-1]

    with patch.object(index(), "chercher", retenir):
        demander(adresse)
    return donnees[0]


def _demander_sans_chercher(demander: Callable[[str], bytes], adresse: str, reponse: Reponse) -> None:
    from maillage.catalogue.recherche import index

    with patch.object(index(), "chercher", lambda *demande: reponse):
        demander(adresse)


def _memoire(installation: Installation) -> Mesure:
    """Un processus neuf sert toutes les questions, puis dit sa mémoire propre."""
    pss = int(
        subprocess.run(
            [sys.executable, "-m", f"outils.mesures.{Path(__file__).stem}"],
            cwd=RACINE,
            env=installation.environnement,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )
    return Mesure(
        "mémoire d'un processus web sur un grand catalogue (PSS)",
        f"≤ {PSS_MAXIMALE // 1024**2} Mio",
        f"{nombre(pss / 1024**2, 0)} Mio",
        f"après {len(_questions())} pages de résultats, {FICHES} fiches ; les pages de l'index lues y comptent",
        pss <= PSS_MAXIMALE,
    )


def _dire_sa_memoire() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "maillage.settings"
    import django

    django.setup()
    from outils.mesures.pages import _demandeur, _pss

    demander = _demandeur()
    for question in _questions():
        demander(f"/experiences/?q={question.replace(' ', '+')}")
    print(_pss(os.getpid()))


def _questions() -> list[str]:
    return [question for ligne in QUESTIONS.split("\n") for question in ligne.split("|") if question]


if __name__ == "__main__":
    _dire_sa_memoire()
