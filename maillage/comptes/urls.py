"""Adresses des comptes. Les pages d'allauth, et elles seules, que nous utilisons, sous des adresses françaises.

Ni inscription libre ni changement d'adresse : on entre par une invitation.
"""

from allauth.account import views as compte
from allauth.mfa.base import views as facteur
from allauth.mfa.recovery_codes import views as secours
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.urls import path, re_path

from maillage.comptes import views

urlpatterns = [
    path("espace/", views.espace, name="espace"),
    path("compte/", views.mon_compte, name="mon_compte"),
    path("compte/invitation/<str:jeton>/", views.accepter, name="accepter_invitation"),
    path("compte/connexion/", compte.login, name="account_login"),
    path("compte/connexion/code/", compte.request_login_code, name="account_request_login_code"),
    path("compte/connexion/code/saisir/", compte.confirm_login_code, name="account_confirm_login_code"),
    path("compte/connexion/second-facteur/", facteur.authenticate, name="mfa_authenticate"),
    path("compte/confirmer/", compte.reauthenticate, name="account_reauthenticate"),
    path("compte/confirmer/second-facteur/", facteur.reauthenticate, name="mfa_reauthenticate"),
    path("compte/deconnexion/", compte.logout, name="account_logout"),
    path("compte/ferme/", compte.account_inactive, name="account_inactive"),
    path("compte/mot-de-passe/", compte.password_change, name="account_change_password"),
    path("compte/mot-de-passe/definir/", compte.password_set, name="account_set_password"),
    path("compte/mot-de-passe/oublie/", compte.password_reset, name="account_reset_password"),
    path(
        "compte/mot-de-passe/oublie/envoye/", compte.password_reset_done, name="account_reset_password_done"
    ),
    # Une expression : `<uidb36>-<key>` couperait au dernier tiret, et la clé en contient un.
    re_path(
        r"^compte/mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        compte.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "compte/mot-de-passe/nouveau/fait/",
        compte.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("compte/second-facteur/", facteur.index, name="mfa_index"),
    path("compte/second-facteur/activer/", totp.activate_totp, name="mfa_activate_totp"),
    path("compte/second-facteur/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("compte/second-facteur/secours/", secours.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "compte/second-facteur/secours/nouveaux/",
        secours.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "compte/second-facteur/secours/fichier/",
        views.CodesDeSecoursEnFichier.as_view(),
        name="mfa_download_recovery_codes",
    ),
    path("compte/sessions/", sessions.list_usersessions, name="usersessions_list"),
]
