"""Adresses des comptes. Les pages d'allauth, et elles seules, que nous utilisons, sous des adresses françaises.

Ni inscription libre ni changement d'adresse : on entre par une invitation.
"""

from allauth.account import views as compte
from allauth.mfa.base import views as facteur
from allauth.mfa.recovery_codes import views as secours
from allauth.usersessions import views as sessions
from django.urls import path, re_path

from maillage.comptes.views import compte as mien
from maillage.comptes.views import entree, equipe, membres, structures

EQUIPE = r"^espace/equipe/(?P<genre>structure|gestionnaire|institution)/(?P<pk>[0-9]+)/"

urlpatterns = [
    path("espace/", mien.espace, name="espace"),
    path("espace/equipe/", equipe.equipe, name="equipe"),
    re_path(f"{EQUIPE}$", equipe.lieu, name="equipe_lieu"),
    re_path(f"{EQUIPE}inviter/$", equipe.inviter_ici, name="inviter_ici"),
    path("espace/equipe/invitation/<int:pk>/annuler/", equipe.invitation_annuler, name="invitation_annuler"),
    path(
        "espace/equipe/invitation/<int:pk>/renvoyer/", equipe.invitation_renvoyer, name="invitation_renvoyer"
    ),
    path("espace/equipe/membre/<int:pk>/", membres.membre, name="membre"),
    path("espace/equipe/membre/<int:pk>/role/", membres.membre_role, name="membre_role"),
    path("espace/equipe/membre/<int:pk>/depart/", membres.membre_depart, name="membre_depart"),
    path("espace/equipe/membre/<int:pk>/reste/", membres.membre_reste, name="membre_reste"),
    path("espace/equipe/membre/<int:pk>/sessions/", membres.membre_sessions, name="membre_sessions"),
    path(
        "espace/equipe/membre/<int:pk>/second-facteur/",
        membres.membre_second_facteur,
        name="membre_second_facteur",
    ),
    path("espace/equipe/membre/<int:pk>/rouvrir/", membres.membre_rouvrir, name="membre_rouvrir"),
    path("espace/structures/", structures.structures, name="structures"),
    path("espace/structures/nouvelle/", structures.structure_nouvelle, name="structure_nouvelle"),
    path("espace/structures/<int:pk>/", structures.structure_tenue, name="structure_tenue"),
    path("espace/structures/<int:pk>/fiche/", structures.structure_modifier, name="structure_modifier"),
    path("espace/structures/<int:pk>/fermer/", structures.structure_fermer, name="structure_fermer"),
    path("espace/structures/<int:pk>/reprise/", structures.structure_fusionner, name="structure_fusionner"),
    path("espace/structures/<int:pk>/rouvrir/", structures.structure_rouvrir, name="structure_rouvrir"),
    path(
        "espace/structures/<int:pk>/gestionnaire/",
        structures.structure_gestionnaire,
        name="structure_gestionnaire",
    ),
    path(
        "espace/structures/<int:pk>/gestionnaire/defaire/",
        structures.structure_gestionnaire_defaire,
        name="structure_gestionnaire_defaire",
    ),
    path("compte/", mien.mon_compte, name="mon_compte"),
    path("compte/session/", mien.session, name="session"),
    path("compte/reprendre/", mien.reprendre_un_envoi, name="reprendre_un_envoi"),
    path("compte/invitation/<str:jeton>/", entree.accepter, name="accepter_invitation"),
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
    path("compte/second-facteur/activer/", mien.Relier.as_view(), name="mfa_activate_totp"),
    path("compte/second-facteur/retirer/", mien.Retirer.as_view(), name="mfa_deactivate_totp"),
    path("compte/second-facteur/secours/", secours.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "compte/second-facteur/secours/nouveaux/",
        mien.RenouvelerLesCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "compte/second-facteur/secours/fichier/",
        mien.CodesDeSecoursEnFichier.as_view(),
        name="mfa_download_recovery_codes",
    ),
    path("compte/sessions/", sessions.list_usersessions, name="usersessions_list"),
]
