"""La personne-canari, vue des nombres : effacée, à sa demande ou par le temps, rien ne la dit et rien ne bouge."""

import io
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from maillage.activites.choices import EtatSeance, RoleDePresence
from maillage.activites.models import Benevole, HeuresDeBenevolat, Inscription, Seance
from maillage.core.models import LigneJournal
from maillage.evaluation.operations import recalculer_fiche
from maillage.personnes.choices import EtatPersonne
from maillage.personnes.models import Foyer, MembreDeFoyer, Personne
from maillage.personnes.operations import appliquer_la_conservation, effacer_personne
from maillage.projets.models import FicheAction, Indicateur, ValeurCalculee
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory, ProvenanceFactory
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
JETON = "Zorglub"
VENUE = date(2025, 3, 10)
PHRASES: tuple[dict[str, Any], ...] = (
    {"mesures": ["presences"]},
    {"mesures": ["personnes_differentes"], "par": ["âge", "genre", "quartier"]},
    {"mesures": ["personnes_differentes"], "filtres": {"age": ["seniors"], "genre": ["femmes"]}},
    {"mesures": ["personnes_differentes"], "filtres": {"quartier": ["Le Canal"]}},
    {"mesures": ["nouvelles_personnes"]},
    {"mesures": ["assiduite"]},
    {"mesures": ["benevoles"]},
    {"mesures": ["heures_benevolat"]},
    {"mesures": ["heures_benevolat"], "filtres": {"age": ["seniors"]}},
    {"mesures": ["benevoles"], "filtres": {"age": ["seniors"], "quartier": ["Le Canal"]}},
    {"mesures": ["assiduite"], "filtres": {"age": ["seniors"], "genre": ["femmes"]}},
    {"mesures": ["familles"]},
    {"mesures": ["familles"], "au_moins": 2},
    {"mesures": ["repartition"], "par": ["âge", "genre", "quartier"]},
)


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    centre = distribution.deux_ponts
    fiche = FicheActionFactory(projet=ProjetSocialFactory(structure=centre))
    for phrase in PHRASES:
        IndicateurFactory(fiche=fiche, source="calcul", definition=phrase)
    atelier = ActiviteFactory(structure=centre, fiche=fiche, titre="Couture")
    seance = SeanceFactory(
        activite=atelier, debut=datetime(2025, 3, 10, 14, tzinfo=UTC), etat=EtatSeance.TENUE
    )
    canal = ProvenanceFactory(structure=centre, nom="Le Canal")
    for prenom, nom in ((JETON, f"{JETON}ova"), ("Adam", "Berger")):
        personne = PersonneFactory(
            structure=centre,
            prenom=prenom,
            nom=nom,
            genre="femmes",
            naissance=1958,
            provenance=canal,
            vue_le=VENUE if prenom == JETON else VENUE + timedelta(days=400),
        )
        PresenceFactory(seance=seance, personne=personne, age=67, role=RoleDePresence.BENEVOLE)
        benevole = Benevole.objects.create(structure=centre, personne=personne)
        HeuresDeBenevolat.objects.create(
            structure=centre, benevole=benevole, activite=atelier, jour=VENUE, heures=Decimal(3)
        )
        inscription = Inscription.objects.create(activite=atelier, personne=personne)
        Inscription.objects.filter(pk=inscription.pk).update(inscrite_le=seance.debut)
    seul = Foyer.objects.create(structure=centre, nom=f"Foyer {JETON}ova")
    MembreDeFoyer.objects.create(foyer=seul, personne=Personne.objects.get(prenom=JETON))
    recalculer_fiche(fiche)
    return fiche


def a_la_demande(distribution: Distribution) -> None:
    effacer_personne(Personne.objects.get(prenom=JETON), raison="demande", par=distribution.amina)


def par_le_temps(distribution: Distribution) -> None:
    for jours in (700, 729, 730):
        appliquer_la_conservation(VENUE + timedelta(days=jours))


def nombres(fiche: FicheAction) -> list[Any]:
    recalculer_fiche(fiche)
    lues = ValeurCalculee.objects.filter(annee=2025).order_by("indicateur")
    return list(lues.values_list("indicateur", "valeur", "couverture", "detail"))


def exports(client: Client, fiche: FicheAction) -> str:
    """Les lignes avec les noms, et les présences de l'activité."""
    cache.clear()  # la limite de débit n'est pas le sujet
    texte = ""
    raison = "vérifier ce qui reste d’elle"
    adresses = [
        reverse("indicateur_noms_fichier", args=[pk, "xlsx"])
        for pk in fiche.indicateurs.values_list("pk", flat=True)
    ]
    adresses += [
        reverse("presences_fichier", args=[pk]) for pk in fiche.activites.values_list("pk", flat=True)
    ]
    for adresse in adresses:
        reponse: Any = client.post(adresse, {"annee": "2025", "raison": raison})
        assert reponse.status_code == 200
        classeur = load_workbook(io.BytesIO(b"".join(reponse)))
        texte += "".join(str(ligne) for feuille in classeur.worksheets for ligne in feuille.values)
    return texte


@pytest.mark.parametrize("effacer", [a_la_demande, par_le_temps])
def test_effacee_elle_n_est_dans_aucun_export_ni_journal_et_les_nombres_ne_bougent_pas(
    client_de: Ouvrir,
    distribution: Distribution,
    fiche: FicheAction,
    effacer: Callable[[Distribution], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    amina = client_de("amina")
    avant = nombres(fiche)
    assert len(avant) == len(PHRASES)
    assert JETON in exports(amina, fiche)  # le crible la voit quand elle y est
    with caplog.at_level(logging.DEBUG):
        effacer(distribution)
        assert Personne.objects.filter(etat=EtatPersonne.EFFACEE).count() == 1
        assert nombres(fiche) == avant
        lus = exports(amina, fiche)
    assert "Adam Berger" in lus
    traces = {
        "exports": lus,
        "journaux": caplog.text,
        "journal": str(list(LigneJournal.objects.values())),
        "valeurs": str(list(ValeurCalculee.objects.values())),
        "fichiers": "".join(str(octets) for octets in _fichiers()),
    }
    assert [ou for ou, texte in traces.items() if JETON.lower() in texte.lower()] == []


def _venir(seance: Seance, prenom: str, *foyers: Foyer) -> Personne:
    personne = PersonneFactory(structure=seance.activite.structure, prenom=prenom, nom="Delmas")
    PresenceFactory(seance=seance, personne=personne)
    for foyer in foyers:
        MembreDeFoyer.objects.create(foyer=foyer, personne=personne)
    return personne


def test_une_famille_compte_une_fois_que_l_un_ou_tous_les_siens_soient_effaces(
    distribution: Distribution, fiche: FicheAction
) -> None:
    """Effacée seule, elle se compte encore avec les siens ; tous effacés, ils sont encore une famille."""
    centre = distribution.deux_ponts
    seance = Seance.objects.get(activite__fiche=fiche)
    lundi = SeanceFactory(
        activite=seance.activite, debut=seance.debut + timedelta(days=7), etat=EtatSeance.TENUE
    )
    chez_eux, chez_lui = (
        Foyer.objects.create(structure=centre, nom=nom) for nom in ("Delmas", "Autre Delmas")
    )
    mere, fils = _venir(seance, "Rose", chez_eux), _venir(seance, "Tom", chez_eux, chez_lui)
    PresenceFactory(seance=lundi, personne=fils)
    pere = _venir(lundi, "Paul", chez_lui)
    avant = nombres(fiche)
    (familles,) = [
        une for une in avant if Indicateur.objects.get(pk=une[0]).definition == {"mesures": ["familles"]}
    ]
    assert familles[1] == 3
    for personne in (fils, mere, pere):
        effacer_personne(personne, raison="demande", par=distribution.amina)
        assert nombres(fiche) == avant
    assert not Foyer.objects.filter(pk__in=[chez_eux.pk, chez_lui.pk]).exists()


def test_la_base_seule_ne_dit_pas_de_quel_foyer_elle_etait(
    distribution: Distribution, fiche: FicheAction, settings: Any
) -> None:
    seance = Seance.objects.get(activite__fiche=fiche)
    foyer = Foyer.objects.create(structure=distribution.deux_ponts, nom="Delmas")
    _venir(seance, "Rose", foyer)
    fils = _venir(seance, "Tom", foyer)
    effacer_personne(fils, raison="demande", par=distribution.amina)
    fils.refresh_from_db()
    assert (fils.foyer_garde, fils.naissance) == (foyer.empreinte, None)
    assert not MembreDeFoyer.objects.filter(personne=fils).exists()
    settings.SECRET_KEY = "une autre clé, celle de qui n’a que la base"
    assert Foyer.objects.get(pk=foyer.pk).empreinte != fils.foyer_garde


def _fichiers() -> list[bytes]:
    """L'index, la mémoire des effacements, le courrier : tout ce qui est écrit hors de la base d'essai."""
    dossiers = {Path(settings.MAILLAGE_DONNEES), Path(settings.DOSSIER_INDEX)}
    trouves = [chemin for dossier in dossiers if dossier.exists() for chemin in dossier.rglob("*")]
    return [
        chemin.read_bytes() for chemin in trouves if chemin.is_file() and "essai.sqlite3" not in chemin.name
    ]
