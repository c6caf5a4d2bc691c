"""Supprimer une fiche action que rien ne cite et qui n'a rien vécu. Les autres s'arrêtent : leur mémoire sert."""

import json

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import date_longue
from maillage.projets.champs import lire_champs
from maillage.projets.manques import Place
from maillage.projets.models import Envoi, FicheAction
from maillage.projets.operations.fiches import exiger_ouverte, noter, verrouiller
from maillage.projets.verification.citees import endroits_qui_citent, refus

ARRETEZ = "Passez-la plutôt à « Arrêtée » : on garde ce qu’elle a appris."


def endroits_qui_citent_la_fiche(fiche: FicheAction) -> list[Place]:
    return endroits_qui_citent(fiche.projet, [("fiche", fiche.pk)])


def ce_qui_retient(fiche: FicheAction) -> str:
    """Pourquoi elle ne se supprime pas, hors les citations ; vide si rien ne la retient."""
    if fiche.bilans.exists() or fiche.indicateurs.exclude(releves=None).exists():
        return f"Cette fiche a déjà un bilan ou des nombres relevés. {ARRETEZ}"
    if envois := envois_qui_la_portent(fiche):
        dits = " ; ".join(f"{envoi}, du {date_longue(envoi.envoye_le)}" for envoi in envois)
        return f"Cette fiche est dans ce qui est déjà transmis : {dits}. {ARRETEZ}"
    return ""


def envois_qui_la_portent(fiche: FicheAction) -> list[Envoi]:
    """Ce qui est parti, n'est pas repris, et parle d'elle : par son ancre, même renommée depuis, ou par son titre."""
    siens = fiche.projet.envois.filter(retire_le=None).order_by("envoye_le", "pk")
    signes = (f'"fiche-{fiche.pk}"', json.dumps(fiche.titre, ensure_ascii=False)[1:-1])
    return [
        envoi
        for envoi in siens
        if any(signe in json.dumps(envoi.contenu, ensure_ascii=False) for signe in signes)
    ]


@transaction.atomic
def supprimer_fiche(fiche: FicheAction, *, par: Utilisateur) -> None:
    """Elle, ses étapes, ses remarques et ses indicateurs. Le journal garde son texte.

    Lève `GesteRefuse` en disant où elle est citée, ou ce qui la retient.
    """
    tenue = verrouiller(fiche)
    exiger_ouverte(tenue)
    if places := endroits_qui_citent_la_fiche(tenue):
        raise GesteRefuse(refus(str(tenue), places))
    if raison := ce_qui_retient(tenue):
        raise GesteRefuse(raison)
    avant = {
        "champs": lire_champs(tenue),
        "indicateurs": list(
            tenue.indicateurs.order_by("liste", "rang", "pk").values_list("libelle", flat=True)
        ),
    }
    noter(tenue, "supprimer_fiche", f"a supprimé la fiche « {tenue} ».", par=par, avant=avant)
    try:
        with transaction.atomic():
            tenue.delete()
    except (ProtectedError, RestrictedError) as retenue:
        raise GesteRefuse(
            f"Cette fiche sert déjà ailleurs, par exemple à des séances. {ARRETEZ}"
        ) from retenue
