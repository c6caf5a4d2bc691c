"""Ce qui ferme des sessions : un autre mot de passe, ou la direction. Elles meurent à la demande suivante."""

from django.db import transaction
from django.db.models import F

from maillage.comptes.models import Utilisateur
from maillage.comptes.operations.roles import RoleRefuse
from maillage.comptes.permissions import peut_tenir_le_compte
from maillage.core.courrier import poster
from maillage.core.journal import journaliser


def tourner_la_cle(utilisateur: Utilisateur) -> None:
    """Toutes les sessions ouvertes de la personne sont mortes dès leur demande suivante."""
    Utilisateur.objects.filter(pk=utilisateur.pk).update(tour_de_cle=F("tour_de_cle") + 1)
    utilisateur.refresh_from_db(fields=["tour_de_cle"])


def exiger_le_compte(par: Utilisateur, utilisateur: Utilisateur) -> None:
    if not peut_tenir_le_compte(par, utilisateur):
        raise RoleRefuse(
            "Cette personne a aussi un rôle ailleurs. Demandez cet acte à l’administration de la plateforme."
        )


@transaction.atomic
def fermer_les_sessions(utilisateur: Utilisateur, *, par: Utilisateur) -> None:
    """La direction ferme les sessions d'une personne : poste oublié, téléphone perdu. Lève `RoleRefuse`."""
    exiger_le_compte(par, utilisateur)
    tourner_la_cle(utilisateur)
    phrase = f"{par.get_full_name()} a fermé les sessions de {utilisateur}."
    journaliser(utilisateur, "fermer_les_sessions", phrase, par=par)


@transaction.atomic
def changer_mot_de_passe(utilisateur: Utilisateur, mot_de_passe: str) -> None:
    """Un nouveau mot de passe, choisi par la personne : le témoin de ses sessions change avec lui."""
    utilisateur.set_password(mot_de_passe)
    utilisateur.save(update_fields=["password"])
    journaliser(
        utilisateur, "changer_mot_de_passe", f"{utilisateur} a changé de mot de passe.", par=utilisateur
    )
    ecrire_a(utilisateur, "Votre mot de passe a changé", "Votre mot de passe vient de changer.")


def ecrire_a(utilisateur: Utilisateur, sujet: str, phrase: str) -> None:
    """Un courriel de sûreté : ce qui vient de changer, et quoi faire si ce n'était pas elle."""
    poster(
        utilisateur.email,
        sujet,
        "comptes/courriel_securite.txt",
        {"utilisateur": utilisateur, "phrase": phrase},
        objet=utilisateur,
    )
