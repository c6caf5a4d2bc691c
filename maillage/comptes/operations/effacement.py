"""Ce que l'on ne garde pas : le nom de qui est parti depuis un an, les invitations sans suite (R56).

Les fiches et le journal restent, au nom d'un « ancien membre ».
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Replace
from django.utils import timezone

from maillage.comptes.models import Appartenance, Invitation, Utilisateur
from maillage.comptes.operations.passation import TRANSMETTRE
from maillage.core.journal import SYSTEME, journaliser, type_objet
from maillage.core.models import Courrier, LigneJournal

GARDE_DU_NOM = timedelta(days=365)
GARDE_D_UNE_INVITATION = timedelta(days=30)
ANCIEN = "Ancien membre"


def effacer_les_anciens() -> int:
    """Efface les comptes endormis depuis un an ; rend leur nombre. Se répète sans effet."""
    limite = timezone.now() - GARDE_DU_NOM
    anciens = Utilisateur.objects.filter(is_active=False, endormi_le__lt=limite)
    numeros = list(anciens.order_by("pk").values_list("pk", flat=True))
    for numero in numeros:
        with transaction.atomic():
            _effacer(Utilisateur.objects.select_for_update().get(pk=numero))
    return len(numeros)


def _effacer(utilisateur: Utilisateur) -> None:
    courriel, nom = utilisateur.email, utilisateur.get_full_name()
    utilisateur.prenom, utilisateur.nom = ANCIEN.split(" ", 1)
    utilisateur.email = f"ancien-{utilisateur.pk}@maillage.invalid"
    utilisateur.endormi_le = None
    utilisateur.set_unusable_password()
    utilisateur.save()
    for modele in (EmailAddress, Authenticator, UserSession):
        modele.objects.filter(user=utilisateur).delete()
    Courrier.objects.filter(destinataire__iexact=courriel).delete()
    Invitation.objects.filter(email__iexact=courriel).delete()
    tenues = list(Appartenance.objects.filter(utilisateur=utilisateur).values_list("pk", flat=True))
    Appartenance.objects.filter(utilisateur=utilisateur, au=None).update(
        au=timezone.localdate(), fermee_le=timezone.now()
    )
    siennes = (
        Q(acteur_id=utilisateur.pk)
        | Q(objet_type=type_objet(Utilisateur), objet_id=utilisateur.pk)
        | Q(objet_type=type_objet(Appartenance), objet_id__in=tenues)
        | Q(avant__auteur=utilisateur.pk, acte=TRANSMETTRE)
        | Q(apres__auteur=utilisateur.pk, acte=TRANSMETTRE)
    )
    lignes = LigneJournal.objects.filter(siennes)
    lignes.update(phrase=Replace("phrase", Value(nom), Value(ANCIEN)))
    lignes.filter(acteur_id=utilisateur.pk).update(acteur_nom=ANCIEN)
    journaliser(utilisateur, "effacer_compte", "Un compte fermé depuis un an est effacé.", par=SYSTEME)


def effacer_les_invitations_sans_suite() -> int:
    """Celles que personne n'a acceptées, trente jours après leur fin."""
    limite = timezone.now() - GARDE_D_UNE_INVITATION
    return Invitation.objects.filter(acceptee_le=None, expire_le__lt=limite).delete()[0]
