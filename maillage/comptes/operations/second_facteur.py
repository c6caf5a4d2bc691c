"""Le second facteur : un code ne sert qu'une fois, et le perdre passe par la direction, qui en répond."""

import time

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings as reglages
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction

from maillage.comptes.models import Utilisateur
from maillage.comptes.operations.roles import RoleRefuse
from maillage.comptes.operations.sessions import ecrire_a, exiger_le_compte, tourner_la_cle
from maillage.core.journal import SYSTEME, journaliser

SUJET = "Votre second facteur a changé"
DERNIER_PAS = "dernier_pas"
"""Dans les données du facteur : le dernier intervalle de trente secondes dont le code a servi."""


@transaction.atomic
def prendre_un_code(utilisateur: Utilisateur, code: str) -> Authenticator | None:
    """Le facteur que ce code ouvre, ou rien. Un code pris ne l'est plus jamais, dans aucun processus."""
    facteurs = {
        facteur.type: facteur
        for facteur in Authenticator.objects.select_for_update().filter(user=utilisateur).order_by("pk")
    }
    application = facteurs.get(Authenticator.Type.TOTP)
    if application is not None and _prendre_de_l_application(application, code):
        return application
    secours = facteurs.get(Authenticator.Type.RECOVERY_CODES)
    if secours is not None and secours.wrap().validate_code(code):
        return secours
    return None


def _prendre_de_l_application(facteur: Authenticator, code: str) -> bool:
    """Code d'un intervalle plus récent que le dernier servi : ni rejeu, ni retour en arrière (RFC 6238, §5.2)."""
    pas = pas_du_code(decrypt(facteur.data["secret"]), code)
    if pas is None or pas <= facteur.data.get(DERNIER_PAS, -1):
        return False
    facteur.data[DERNIER_PAS] = pas
    facteur.save(update_fields=["data"])
    return True


def pas_du_code(secret: str, code: str) -> int | None:
    """L'intervalle dont c'est le code, à un près : une horloge de téléphone peut retarder."""
    maintenant = int(time.time()) // reglages.TOTP_PERIOD
    ecart = reglages.TOTP_TOLERANCE
    for pas in range(maintenant - ecart, maintenant + ecart + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, pas))):
            return pas
    return None


@transaction.atomic
def noter_second_facteur(utilisateur: Utilisateur, geste: str) -> None:
    """La personne vient de relier, retirer ou renouveler : ses autres sessions meurent, un courriel le lui dit.

    `geste` se lit après « Vous avez » : « relié une application à votre compte ».
    """
    tourner_la_cle(utilisateur)
    phrase = f"{utilisateur} a {geste.replace('votre compte', 'son compte')}."
    journaliser(utilisateur, "changer_second_facteur", phrase, par=utilisateur)
    ecrire_a(utilisateur, SUJET, f"Vous avez {geste}.")


@transaction.atomic
def retirer_second_facteur(utilisateur: Utilisateur, *, par: Utilisateur | None) -> None:
    """Téléphone perdu : après s'être assurée que c'est bien elle, la direction retire le facteur d'une personne,
    qui en reliera un autre à sa prochaine entrée. `par=None` : l'exploitant. Lève `RoleRefuse`."""
    if par is not None:
        exiger_le_compte(par, utilisateur)
    retires, _ = Authenticator.objects.filter(user=utilisateur).delete()
    if not retires:
        raise RoleRefuse("Cette personne n’a pas de second facteur : il n’y a rien à retirer.")
    tourner_la_cle(utilisateur)
    qui = par or SYSTEME
    phrase = f"{qui.get_full_name()} a retiré le second facteur de {utilisateur}."
    journaliser(utilisateur, "retirer_second_facteur", phrase, par=qui)
    ecrire_a(
        utilisateur,
        SUJET,
        f"{qui.get_full_name()} a retiré votre second facteur. Vous en relierez un autre en entrant.",
    )
