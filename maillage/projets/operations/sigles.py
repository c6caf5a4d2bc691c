"""Les sigles du dossier : on accepte ceux qu'on propose, tels quels ou corrigés, tous d'un geste."""

from collections.abc import Mapping

from django.db import transaction

from maillage.comptes.models import Utilisateur
from maillage.core.francais import compte
from maillage.projets.models import ProjetSocial, Sigle
from maillage.projets.operations.elements import tenir_ouvert
from maillage.projets.operations.projets import noter


@transaction.atomic
def accepter_les_sigles(projet: ProjetSocial, sens_par_sigle: Mapping[str, str], *, par: Utilisateur) -> int:
    """Ajoute ceux que la liste n'a pas ; rend leur nombre. Le même envoi deux fois n'ajoute rien.

    Lève `GesteRefuse` quand le projet ne s'écrit plus.
    """
    tenu = tenir_ouvert(projet)
    deja = {sigle.casefold() for sigle in tenu.sigles.order_by("pk").values_list("sigle", flat=True)}
    neufs = {
        sigle: " ".join(sens.split())
        for sigle, sens in sens_par_sigle.items()
        if sens.strip() and sigle.casefold() not in deja
    }
    if not neufs:
        return 0
    Sigle.objects.bulk_create(Sigle(projet=tenu, sigle=sigle, sens=sens) for sigle, sens in neufs.items())
    phrase = f"{par.get_full_name()} a ajouté {compte(len(neufs), 'sigle')} : {', '.join(sorted(neufs))}."
    noter(tenu, "accepter_les_sigles", phrase, par=par, apres=dict(neufs))
    return len(neufs)
