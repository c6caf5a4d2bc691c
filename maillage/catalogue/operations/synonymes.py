"""Tenir la liste des mots qui se cherchent l'un pour l'autre. Une modification vaut à la recherche suivante."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from maillage.catalogue.models import Synonyme
from maillage.core.changements import noter_changement
from maillage.core.journal import Acteur, journaliser


def ajouter_synonyme(termes: Sequence[str], est_oriente: bool, *, par: Acteur) -> Synonyme:
    with transaction.atomic():
        synonyme = Synonyme.objects.create(termes="\n".join(termes), est_oriente=est_oriente)
        _journaliser(synonyme, "ajouter_synonyme", "a ajouté", par=par, apres=_contenu(synonyme))
    return synonyme


def modifier_synonyme(synonyme: Synonyme, termes: Sequence[str], est_oriente: bool, *, par: Acteur) -> None:
    avant = _contenu(synonyme)
    synonyme.termes, synonyme.est_oriente = "\n".join(termes), est_oriente
    if _contenu(synonyme) == avant:
        return
    with transaction.atomic():
        synonyme.modifie_le = timezone.now()
        synonyme.save(update_fields=["termes", "est_oriente", "modifie_le"])
        _journaliser(
            synonyme, "modifier_synonyme", "a modifié", par=par, avant=avant, apres=_contenu(synonyme)
        )


def supprimer_synonyme(synonyme: Synonyme, *, par: Acteur) -> None:
    with transaction.atomic():
        _journaliser(synonyme, "supprimer_synonyme", "a supprimé", par=par, avant=_contenu(synonyme))
        synonyme.delete()


def _contenu(synonyme: Synonyme) -> dict[str, object]:
    return {"termes": synonyme.termes.splitlines(), "est_oriente": synonyme.est_oriente}


def _journaliser(
    synonyme: Synonyme,
    acte: str,
    verbe: str,
    *,
    par: Acteur,
    avant: dict[str, object] | None = None,
    apres: dict[str, object] | None = None,
) -> None:
    premier = synonyme.termes.partition("\n")[0]
    phrase = f"{par.get_full_name()} {verbe} le groupe de synonymes « {premier} »."
    journaliser(synonyme, acte, phrase, par=par, avant=avant, apres=apres)
    noter_changement(synonyme, acte)
