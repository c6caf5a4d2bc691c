"""Ouvrir le projet suivant : ses dates viennent à la suite, son cadre est celui d'avant."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import models, transaction

from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import journaliser
from maillage.core.versions import enregistrer
from maillage.projets.models import FicheAction, ProjetSocial
from maillage.projets.operations.projets import ANNEES_AU_PLUS, dans, noter, ouvrir_projet, tenir

CADRE: Final = ("territoire", "instances", "sigles")
"""Ce que le projet suivant peut reprendre du cadre d'avant. Les chapitres et les chiffres sont à refaire."""
NE_SE_RECOPIENT_PAS: Final = {"id", "projet", "version", "cree_le", "modifie_le"}


@dataclass(frozen=True, slots=True)
class SuiteOuverte:
    """`etait_la` : le projet suivant était déjà ouvert ; c'est lui."""

    projet: ProjetSocial
    etait_la: bool = False


def dates_proposees(projet: ProjetSocial) -> tuple[date, date]:
    """Le lendemain du dernier jour, pour quatre ans."""
    du = projet.au + timedelta(days=1)
    return du, dans(du, ANNEES_AU_PLUS) - timedelta(days=1)


@transaction.atomic
def ouvrir_la_suite(
    projet: ProjetSocial, *, nom: str, du: date, au: date, reprendre: Collection[str], par: Utilisateur
) -> SuiteOuverte:
    """Le projet d'après, en préparation. Ouvrir deux fois rend le même. Lève `ValidationError` pour ses dates."""
    tenu = tenir(projet)
    if deja := tenu.suites.order_by("pk").first():
        return SuiteOuverte(deja, etait_la=True)
    suivant = ouvrir_projet(
        tenu.structure,
        nom=nom,
        du=du,
        au=au,
        territoire=tenu.territoire if "territoire" in reprendre else "",
        suite_de=tenu,
        par=par,
    )
    if "territoire" in reprendre:
        suivant.communes.set(tenu.communes.order_by("pk"))
        _recopier(tenu.zones.order_by("pk"), suivant)
    for liste in ("instances", "sigles"):
        if liste in reprendre:
            _recopier(getattr(tenu, liste).order_by("pk"), suivant)
    phrase = f"{par.get_full_name()} a ouvert le projet suivant, « {suivant} »."
    noter(tenu, "ouvrir_la_suite", phrase, par=par, apres={"projet": suivant.pk})
    return SuiteOuverte(suivant)


def _recopier(elements: models.QuerySet[models.Model], projet: ProjetSocial) -> None:
    for element in elements:
        champs = [champ for champ in element._meta.concrete_fields if champ.name not in NE_SE_RECOPIENT_PAS]
        copie = type(element)(
            projet=projet, **{champ.attname: getattr(element, champ.attname) for champ in champs}
        )
        copie.save()


@transaction.atomic
def prolonger(fiche: FicheAction, avant: FicheAction | None, *, par: Utilisateur) -> None:
    """Dit de quelle fiche du projet d'avant celle-ci est la suite, ou qu'elle n'en suit aucune. Lève `GesteRefuse`."""
    tenir(fiche.projet)
    if avant is not None and avant.projet_id != fiche.projet.suite_de_id:
        raise GesteRefuse("Choisissez une fiche du projet d’avant.")
    if fiche.suite_de_id == (avant.pk if avant else None):
        return
    fiche.refresh_from_db()
    enregistrer(fiche, version_lue=fiche.version, suite_de=avant)
    fait = (
        f"a dit que « {fiche} » prolonge « {avant} »" if avant else f"a délié « {fiche} » du projet d’avant"
    )
    phrase = f"{par.get_full_name()} {fait}."
    journaliser(fiche, "prolonger", phrase, par=par, structure_id=fiche.projet.structure_id)
    noter_changement(fiche, "prolonger")
