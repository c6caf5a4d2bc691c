"""Donner à lire un envoi à un cofinanceur, et le reprendre."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.projets.models import Envoi, Partage, ProjetSocial
from maillage.projets.operations.projets import noter, tenir
from maillage.territoire.choices import GenreInstitution
from maillage.territoire.models import Institution


@transaction.atomic
def partager(
    projet: ProjetSocial, envois: Iterable[Envoi], institution: Institution, *, par: Utilisateur
) -> list[Partage]:
    """Ouvre ces envois à la lecture. Ceux qu'elle lit déjà ne changent pas. Lève `GesteRefuse`."""
    tenu = tenir(projet)
    if institution.genre != GenreInstitution.COLLECTIVITE:
        raise GesteRefuse(
            "Un dossier se donne à lire à une collectivité : ville, agglomération, département."
        )
    ouverts = []
    for envoi in envois:
        if envoi.projet_id != tenu.pk or envoi.retire_le is not None:
            raise GesteRefuse("Cet envoi est repris : il ne se donne plus à lire.")
        partage, est_neuf = Partage.objects.get_or_create(
            envoi=envoi, institution=institution, ferme_le=None, defaults={"ouvert_par": par}
        )
        if est_neuf:
            ouverts.append(partage)
            phrase = f"{par.get_full_name()} a donné à lire à {institution.nom} : {envoi}."
            noter(tenu, "partager", phrase, par=par, apres={"envoi": envoi.pk, "institution": institution.pk})
    return ouverts


@transaction.atomic
def fermer_partage(partage: Partage, *, par: Utilisateur) -> None:
    """Retire l'accès ; le retirer deux fois ne change rien."""
    tenu = tenir(partage.envoi.projet)
    if not Partage.objects.filter(pk=partage.pk, ferme_le=None).update(ferme_le=timezone.now()):
        return
    phrase = f"{par.get_full_name()} a retiré à {partage.institution.nom} l’accès à : {partage.envoi}."
    avant = {"envoi": partage.envoi_id, "institution": partage.institution_id}
    noter(tenu, "fermer_partage", phrase, par=par, avant=avant)
