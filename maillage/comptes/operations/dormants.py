"""Les comptes que personne n'ouvre plus : prévenus, puis fermés, et rouverts par la direction.

Six mois sans entrer ferment un compte (R24) ; un courriel prévient trente jours avant. Entrer suffit à le garder.
"""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance, Utilisateur
from maillage.comptes.operations.roles import RoleRefuse
from maillage.comptes.operations.sessions import ecrire_a, exiger_le_compte, tourner_la_cle
from maillage.core.courrier import poster
from maillage.core.francais import date_longue
from maillage.core.journal import SYSTEME, journaliser

SOMMEIL = timedelta(days=183)
PREAVIS = timedelta(days=30)


def _sans_signe_depuis(moment: datetime) -> "models.QuerySet[Utilisateur]":
    """Comptes ouverts dont le dernier signe de vie (entrée, réouverture, création) précède ce moment."""
    signe = Greatest(Coalesce("last_login", "cree_le"), Coalesce("rouvert_le", "cree_le"), "cree_le")
    return Utilisateur.objects.filter(is_active=True).annotate(signe=signe).filter(signe__lt=moment)


def prevenir_les_dormants() -> int:
    """Un courriel à qui n'est pas entré depuis cinq mois. Rend leur nombre ; se répète sans effet."""
    maintenant = timezone.now()
    limite = maintenant + PREAVIS - SOMMEIL
    prevenus = 0
    pas_encore = Q(prevenu_le=None) | Q(prevenu_le__lt=F("signe"))
    for utilisateur in _sans_signe_depuis(limite).filter(pas_encore).order_by("pk"):
        with transaction.atomic():
            utilisateur.prevenu_le = maintenant
            utilisateur.save(update_fields=["prevenu_le"])
            phrase = f"{utilisateur} est prévenu·e que son compte va se fermer, faute de visite."
            journaliser(utilisateur, "prevenir_un_dormant", phrase, par=SYSTEME)
            poster(
                utilisateur.email,
                "Votre compte Maillage va se fermer",
                "comptes/courriel_dormant.txt",
                {"utilisateur": utilisateur, "jour": date_longue(maintenant + PREAVIS)},
                objet=utilisateur,
            )
        prevenus += 1
    return prevenus


def endormir_les_dormants() -> int:
    """Ferme les comptes prévenus depuis trente jours et muets depuis six mois ; rend leur nombre.

    La dernière administratrice reste : sans elle, plus personne ne rouvrirait rien.
    """
    maintenant = timezone.now()
    muets = _sans_signe_depuis(maintenant - SOMMEIL).filter(
        prevenu_le__lte=maintenant - PREAVIS, prevenu_le__gt=F("signe")
    )
    endormis = 0
    for utilisateur in muets.order_by("pk"):
        with transaction.atomic():
            if _est_la_derniere_administratrice(utilisateur):
                continue
            utilisateur.is_active = False
            utilisateur.endormi_le = maintenant
            utilisateur.save(update_fields=["is_active", "endormi_le"])
            tourner_la_cle(utilisateur)
            phrase = f"Le compte de {utilisateur} est fermé, après six mois sans visite."
            journaliser(utilisateur, "endormir_compte", phrase, par=SYSTEME)
        endormis += 1
    return endormis


def _est_la_derniere_administratrice(utilisateur: Utilisateur) -> bool:
    tenues = Appartenance.objects.en_cours().filter(role=Role.ADMINISTRATRICE, utilisateur__is_active=True)
    titulaires = set(tenues.values_list("utilisateur_id", flat=True))
    return titulaires == {utilisateur.pk}


@transaction.atomic
def rouvrir_compte(utilisateur: Utilisateur, *, par: Utilisateur) -> None:
    """La direction rouvre un compte endormi ; le mot de passe et le second facteur restent. Lève `RoleRefuse`."""
    exiger_le_compte(par, utilisateur)
    if utilisateur.is_active:
        raise RoleRefuse("Ce compte est déjà ouvert.")
    utilisateur.is_active = True
    utilisateur.endormi_le = utilisateur.prevenu_le = None
    utilisateur.rouvert_le = timezone.now()
    utilisateur.save(update_fields=["is_active", "endormi_le", "prevenu_le", "rouvert_le"])
    phrase = f"{par.get_full_name()} a rouvert le compte de {utilisateur}."
    journaliser(utilisateur, "rouvrir_compte", phrase, par=par)
    ecrire_a(
        utilisateur,
        "Votre compte Maillage est rouvert",
        f"{par.get_full_name()} a rouvert votre compte. Vous pouvez entrer.",
    )
