"""Les étapes datées d'une fiche : les poser, les changer, les cocher, les ôter."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.versions import enregistrer
from maillage.projets.models import Etape, FicheAction
from maillage.projets.operations.fiches import exiger_ouverte, noter, verrouiller


@transaction.atomic
def ajouter_etape(
    fiche: FicheAction,
    titre: str,
    *,
    du: date,
    au: date | None = None,
    responsable: Utilisateur | None = None,
    par: Utilisateur,
) -> Etape:
    """Lève `FicheFermee`."""
    fiche = verrouiller(fiche)
    exiger_ouverte(fiche)
    etape = Etape.objects.create(fiche=fiche, titre=titre, du=du, au=au, responsable=responsable)
    noter(fiche, "ajouter_etape", f"a ajouté l’étape « {etape} » à « {fiche} ».", par=par)
    return etape


@transaction.atomic
def modifier_etape(
    etape: Etape,
    *,
    version_lue: int,
    titre: str,
    du: date,
    au: date | None,
    responsable: Utilisateur | None,
    par: Utilisateur,
) -> None:
    """Lève `ConflitDeVersion` si l'étape a changé depuis sa lecture, ou `FicheFermee`."""
    fiche = verrouiller(etape.fiche)
    exiger_ouverte(fiche)
    enregistrer(etape, version_lue=version_lue, titre=titre, du=du, au=au, responsable=responsable)
    noter(fiche, "modifier_etape", f"a changé l’étape « {etape} » de « {fiche} ».", par=par)


@transaction.atomic
def cocher_etape(etape: Etape, est_faite: bool, *, par: Utilisateur) -> None:
    """Cocher une étape déjà cochée ne change rien. Lève `FicheFermee`."""
    fiche = verrouiller(etape.fiche)
    exiger_ouverte(fiche)
    etape.refresh_from_db()
    if (etape.faite_le is not None) == est_faite:
        return
    enregistrer(etape, version_lue=etape.version, faite_le=timezone.now() if est_faite else None)
    dit = "faite" if est_faite else "pas encore faite"
    noter(fiche, "cocher_etape", f"a dit l’étape « {etape} » de « {fiche} » {dit}.", par=par)


@transaction.atomic
def oter_etape(etape: Etape, *, par: Utilisateur) -> None:
    """Lève `FicheFermee`."""
    fiche = verrouiller(etape.fiche)
    exiger_ouverte(fiche)
    avant = {"titre": etape.titre, "du": str(etape.du), "au": str(etape.au or "")}
    etape.delete()
    noter(fiche, "oter_etape", f"a ôté l’étape « {avant['titre']} » de « {fiche} ».", par=par, avant=avant)
