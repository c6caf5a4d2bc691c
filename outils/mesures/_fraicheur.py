"""Un nombre suit sa saisie, avec le vrai travailleur, aussi pendant qu'un document de cent pages se fabrique."""

import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from django.utils import timezone
from django_tasks import task

from outils.installation import Installation
from outils.mesures import Mesure, nombre

DELAI_MAXIMAL_S: Final = 2.0
SAISIES: Final = 12
PAGES: Final = 100
ATTENTE_S: Final = 60.0
SUIVIS: Final = {"calcul", "bilan_du_centre"}
Nombres = tuple[object, ...]


@task()
def fabriquer_un_long_document(projet_id: int, arret_a: float) -> int:
    """Le document du projet, répété jusqu'à cent pages ; encore, jusqu'à cet instant. Rend ses pages."""
    from dataclasses import replace
    from io import BytesIO

    from pypdf import PdfReader

    from maillage.core.documents.pdf import rendre_pdf
    from maillage.projets.exportation.document import document_du_projet
    from maillage.projets.models import ProjetSocial

    document = document_du_projet(ProjetSocial.objects.get(pk=projet_id))
    pages, fois = 0, 1
    while pages < PAGES or time.time() < arret_a:
        sections = tuple(
            replace(section, ancre="") if rang else section
            for rang in range(fois)
            for section in document.sections
        )
        pages = len(PdfReader(BytesIO(rendre_pdf(replace(document, sections=sections)))).pages)
        fois = max(fois, -(-PAGES * fois // pages))
    return pages


def mesurer_la_fraicheur(installation: Installation, projet: Any) -> list[Mesure]:
    from maillage.core.suivi import consommateurs, derniere_position, position

    travailleur = installation.lancer("travailler", start_new_session=True)
    try:
        suivis = [un for un in consommateurs() if un.nom in SUIVIS]
        _attendre(lambda: all(position(un) >= derniere_position() for un in suivis), 5 * ATTENTE_S)
        calme = _delais(projet)
        travail = fabriquer_un_long_document.enqueue(projet.pk, time.time() + ATTENTE_S)
        _attendre(lambda: _etat(travail) == "RUNNING", ATTENTE_S)
        occupe = _delais(projet)
        encore_en_cours = _etat(travail) == "RUNNING"
        _attendre(lambda: _etat(travail) in ("SUCCESSFUL", "FAILED"), 3 * ATTENTE_S)
        travail.refresh()
        pages = int(travail.return_value or 0) if _etat(travail) == "SUCCESSFUL" else 0
    finally:
        os.killpg(travailleur.pid, signal.SIGTERM)
        travailleur.wait()
    return [
        _mesure("un nombre juste après sa saisie", calme, "le travailleur au repos", True),
        _mesure(
            "un nombre juste après sa saisie, pendant un long document",
            occupe,
            f"pendant que la file des tâches fabrique un PDF de {pages} pages",
            encore_en_cours and pages >= PAGES,
        ),
    ]


def _mesure(sujet: str, delais: list[float], comment: str, est_valable: bool) -> Mesure:
    return Mesure(
        sujet,
        f"≤ {nombre(DELAI_MAXIMAL_S, 0)} s",
        f"{nombre(max(delais))} s",
        f"la plus lente de {len(delais)} saisies, passages et présences, {comment} : sa fiche et le bilan du centre",
        est_valable and max(delais) <= DELAI_MAXIMAL_S,
    )


def _etat(travail: Any) -> str:
    travail.refresh()
    return str(travail.status.value)


def _attendre(est_fait: Callable[[], bool], au_plus: float) -> None:
    fin = time.monotonic() + au_plus
    while not est_fait():
        if time.monotonic() > fin:
            raise AssertionError("Le travailleur n'a pas fini à temps.")
        time.sleep(0.02)


def _delais(projet: Any) -> list[float]:
    """Une saisie, puis le temps que son nombre met à changer dans ce que les pages lisent."""
    delais = []
    for rang in range(SAISIES):
        saisir, lire = _passage(projet) if rang % 2 else _presence(projet, rang)
        avant = lire()
        debut = time.perf_counter()
        saisir()
        _attendre(lambda lire=lire, avant=avant: _tout_a_change(avant, lire()), ATTENTE_S)  # type: ignore[misc]
        delais.append(time.perf_counter() - debut)
    return delais


def _tout_a_change(avant: Nombres, apres: Nombres) -> bool:
    return all(un != autre for un, autre in zip(avant, apres, strict=True))


def _passage(projet: Any) -> tuple[Callable[[], object], Callable[[], Nombres]]:
    from maillage.accueil.models import TypeDeDemande
    from maillage.accueil.operations.passages import noter_passage
    from outils.mesures._client import directrice_de

    par = directrice_de(projet.structure)
    types = [TypeDeDemande.objects.filter(structure=projet.structure).order_by("pk")[0]]

    def saisir() -> None:
        noter_passage(projet.structure, cle=uuid4(), types=types, par=par)

    return saisir, lambda: (_cellule(projet.structure, "passages", timezone.now().year),)


def _presence(projet: Any, rang: int) -> tuple[Callable[[], object], Callable[[], Nombres]]:
    """À une séance de l'an passé du projet, d'une activité dont la fiche compte ses présences."""
    from maillage.activites.models import Seance
    from maillage.activites.operations.presences import Venues, noter_venues
    from maillage.personnes.models import Personne
    from maillage.projets.models import ValeurCalculee
    from outils.mesures._client import directrice_de

    par = directrice_de(projet.structure)
    comptee = ValeurCalculee.objects.filter(
        indicateur__fiche__projet=projet, indicateur__definition={"mesures": ["presences"]}
    ).order_by("-annee", "pk")[0]
    seances = Seance.objects.filter(
        activite__fiche=comptee.indicateur.fiche, etat="tenue", debut__year=comptee.annee
    )
    seance = seances.exclude(debut__gte=datetime(comptee.annee, 12, 31, tzinfo=UTC)).order_by("pk")[0]
    connues = Personne.objects.filter(structure=projet.structure, etat="active")
    personne = connues.exclude(presences__seance=seance).order_by("pk")[rang]

    def saisir() -> None:
        noter_venues(seance, Venues({personne.pk: "participant"}, [], uuid4()), par=par)

    def lire() -> Nombres:
        """L'indicateur de sa fiche, et la cellule du bilan."""
        valeur = ValeurCalculee.objects.values_list("valeur", flat=True).get(pk=comptee.pk)
        return valeur, _cellule(projet.structure, "presences", comptee.annee)

    return saisir, lire


def _cellule(structure: Any, grandeur: str, annee: int) -> object:
    from maillage.evaluation.models import Cellule

    lues = Cellule.objects.filter(
        annee__structure=structure, annee__annee=annee, grandeur=grandeur, site=None, decoupe="ensemble"
    )
    return lues.values_list("valeur", flat=True).first()
