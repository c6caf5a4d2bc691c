"""Poser au diagnostic un tableau que Maillage a compté."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.projets.models import ProjetSocial, TableauDiagnostic
from maillage.projets.operations.elements import tenir_ouvert
from maillage.projets.operations.projets import noter


@transaction.atomic
def poser_un_tableau(
    projet: ProjetSocial,
    *,
    cle: str,
    titre: str,
    colonnes: Sequence[str],
    lignes: Sequence[Mapping[str, Any]],
    source: str,
    annee: int,
    par: Utilisateur,
) -> TableauDiagnostic:
    """Le même compte, refait, remplace le précédent : un besoin qui s'y appuie garde sa preuve.

    `lignes` : la forme de `TableauDiagnostic.lignes`, déjà sans ce qui ne se lit pas du dehors.
    """
    tenu = tenir_ouvert(projet)
    rang = (tenu.tableaux.aggregate(dernier=Max("rang"))["dernier"] or 0) + 1
    valeurs = {
        "titre": titre,
        "zones": list(colonnes),
        "lignes": [dict(ligne) for ligne in lignes],
        "source": source,
        "annee": annee,
        "releve_le": timezone.localdate(),
    }
    tableau, _ = TableauDiagnostic.objects.update_or_create(
        projet=tenu, cle=cle, defaults=valeurs, create_defaults=valeurs | {"rang": rang}
    )
    noter(tenu, "poser_un_tableau", f"{par.get_full_name()} a mis au diagnostic « {titre} ».", par=par)
    return tableau
