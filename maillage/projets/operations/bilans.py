"""Le bilan d'une fiche pour une année : écrit à plusieurs (`core.ecriture`), clos, rouvert."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core import ecriture
from maillage.core.changements import noter_changement
from maillage.core.ecriture import PAUSE, Conflit, GesteRefuse
from maillage.core.journal import journaliser
from maillage.core.versions import enregistrer
from maillage.projets.models import BilanDeFiche, FicheAction, Indicateur, Releve
from maillage.projets.periodes import court_apres_son_annee

CHAMPS: Final = {
    "degre": "Le degré atteint",
    "a_marche": "Ce qui a marché",
    "n_a_pas_marche": "Ce qui n’a pas marché",
    "suite": "La suite",
    "lecon": "La leçon à retenir",
}
ACTE_D_ECRITURE: Final = "ecrire_bilan"
MOTIF_DE_CLOTURE: Final = "Valeur calculée, retenue à la clôture du bilan."


class BilanClos(GesteRefuse):
    """On n'écrit plus dans un bilan clos. Ce qui vient d'être écrit est gardé de côté."""


@dataclass(frozen=True, slots=True)
class BilanEcrit:
    """Ce qu'un enregistrement a fait. `bilan` est relu."""

    bilan: BilanDeFiche
    le: datetime
    conflits: dict[str, Conflit] = field(default_factory=dict)


def bilan_de(fiche: FicheAction, annee: int) -> BilanDeFiche:
    """Celui de l'année, ou un bilan vide, pas encore écrit."""
    ecrit: BilanDeFiche | None = fiche.bilans.filter(annee=annee).select_related("clos_par").first()
    return ecrit or BilanDeFiche(fiche=fiche, annee=annee)


def valeurs(bilan: BilanDeFiche) -> dict[str, str]:
    return {nom: getattr(bilan, nom) for nom in CHAMPS}


def ecrire_bilan(
    fiche: FicheAction, annee: int, ecrits: Mapping[str, str], lus: Mapping[str, str], *, par: Utilisateur
) -> BilanEcrit:
    """Écrit les champs que cette personne a changés depuis qu'elle les a lus. Rejouer le même envoi ne fait rien.

    `lus` : champ → empreinte de la valeur montrée. Lève `BilanClos`.
    """
    le = timezone.now()
    with transaction.atomic():
        fiche = _verrouiller(fiche)
        bilan = bilan_de(fiche, annee)
        actuelles = valeurs(bilan)
        if bilan._state.adding:
            if all(texte == actuelles[nom] for nom, texte in ecrits.items()):
                return BilanEcrit(bilan, le)
            bilan = BilanDeFiche.objects.create(fiche=fiche, annee=annee)
        tri = ecriture.trier(bilan.sauvegardes, actuelles, ecrits, lus, par=par)
        a_part = tri.a_part
        if bilan.clos_le is not None:
            a_part |= tri.changees
        elif tri.changees:
            if ecriture.commence_une_seance(bilan.sauvegardes, par=par, le=le):
                _journaliser_les_seances(bilan, finies_avant=le - PAUSE)
            enregistrer(bilan, version_lue=bilan.version, **tri.changees)
            ecriture.garder(bilan.sauvegardes, tri.changees, tri.dernieres, par=par, le=le)
            noter_changement(bilan, ACTE_D_ECRITURE)
        ecriture.garder_a_part(bilan.sauvegardes, a_part, par=par, le=le)
    if bilan.clos_le is not None:
        raise BilanClos(
            f"Le bilan de {annee} vient d’être clos. Votre texte est gardé : rouvrez-le pour écrire."
        )
    return BilanEcrit(bilan, le, tri.conflits)


@transaction.atomic
def clore_bilan(fiche: FicheAction, annee: int, *, par: Utilisateur) -> BilanDeFiche:
    """Fige l'année, textes et valeurs. Une valeur calculée est retenue telle quelle. Lève `GesteRefuse`."""
    bilan = bilan_de(_verrouiller(fiche), annee)
    if not bilan.degre or not bilan.suite:
        raise GesteRefuse("Avant de clore, dites le degré atteint et ce que vous décidez pour la suite.")
    if bilan.clos_le is not None:
        raise GesteRefuse(f"Le bilan de {annee} est déjà clos.")
    _retenir_les_calculs(bilan, par=par)
    _journaliser_les_seances(bilan)
    enregistrer(bilan, version_lue=bilan.version, clos_le=timezone.now(), clos_par=par)
    _noter(bilan, "clore_bilan", "a clos", par=par)
    return bilan


@transaction.atomic
def rouvrir_bilan(fiche: FicheAction, annee: int, *, par: Utilisateur) -> BilanDeFiche:
    """Rend l'année à l'équipe et ses valeurs au calcul. Lève `GesteRefuse` s'il n'est pas clos."""
    bilan = bilan_de(_verrouiller(fiche), annee)
    if bilan.clos_le is None:
        raise GesteRefuse(f"Le bilan de {annee} est déjà ouvert.")
    _rendre_les_calculs(bilan)
    enregistrer(bilan, version_lue=bilan.version, clos_le=None, clos_par=None)
    _noter(bilan, "rouvrir_bilan", "a rouvert", par=par)
    return bilan


def _verrouiller(fiche: FicheAction) -> FicheAction:
    """La fiche relue, dont nul autre n'écrit le bilan jusqu'à la fin de la transaction."""
    verrouillee: FicheAction = (
        FicheAction.objects.select_for_update(of=("self",)).select_related("projet").get(pk=fiche.pk)
    )
    return verrouillee


def _retenir_les_calculs(bilan: BilanDeFiche, *, par: Utilisateur) -> None:
    """Un calcul refait plus tard ne doit pas changer une année close. L'année scolaire qui court n'est pas finie."""
    notes = Releve.objects.filter(annee=bilan.annee).values("indicateur")
    comptes = Indicateur.objects.filter(fiche=bilan.fiche, valeurs_calculees__annee=bilan.annee)
    for indicateur in comptes.exclude(pk__in=notes):
        if court_apres_son_annee(indicateur.calendrier, bilan.annee, bilan.fiche.projet):
            continue
        Releve.objects.create(
            indicateur=indicateur,
            annee=bilan.annee,
            valeur=indicateur.valeurs_calculees.get(annee=bilan.annee).valeur,
            motif=MOTIF_DE_CLOTURE,
            saisi_par=par,
        )


def _rendre_les_calculs(bilan: BilanDeFiche) -> None:
    """Ce que la clôture a retenu et que personne n'a changé depuis ; sans calcul où revenir, le nombre reste."""
    siens = Indicateur.objects.filter(fiche=bilan.fiche, valeurs_calculees__annee=bilan.annee)
    Releve.objects.filter(indicateur__in=siens, annee=bilan.annee, motif=MOTIF_DE_CLOTURE, version=1).delete()


def _journaliser_les_seances(bilan: BilanDeFiche, *, finies_avant: datetime | None = None) -> None:
    ecriture.journaliser_les_seances(
        bilan,
        bilan.sauvegardes,
        acte=ACTE_D_ECRITURE,
        libelles=CHAMPS,
        depart=dict.fromkeys(CHAMPS, ""),
        structure_id=bilan.fiche.projet.structure_id,
        finies_avant=finies_avant,
    )


def _noter(bilan: BilanDeFiche, acte: str, fait: str, *, par: Utilisateur) -> None:
    journaliser(
        bilan,
        acte,
        f"{par.get_full_name()} {fait} le bilan {bilan.annee} de « {bilan.fiche} ».",
        par=par,
        structure_id=bilan.fiche.projet.structure_id,
    )
    noter_changement(bilan, acte)
