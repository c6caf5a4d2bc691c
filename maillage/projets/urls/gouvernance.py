"""Les adresses de la gouvernance : instances, membres, réunions, participation."""

from django.urls import URLPattern, path, re_path

from maillage.projets.views.gouvernance import instances, participation, reunions

_ICI = "espace/projets/<int:pk>/gouvernance/"

urlpatterns: list[URLPattern] = [
    path(_ICI, instances.gouvernance, name="gouvernance"),
    path(f"{_ICI}gouvernance.<slug:extension>", instances.gouvernance_fichier, name="gouvernance_fichier"),
    # --- Les instances et leurs membres ---------------------------------------------------------------
    path(f"{_ICI}instances/nouvelle/", instances.instance_nouvelle, name="instance_nouvelle"),
    path(f"{_ICI}instances/remettre/", instances.instance_remettre, name="instance_remettre"),
    path(f"{_ICI}instances/<int:instance>/", instances.instance, name="instance"),
    path(f"{_ICI}instances/<int:instance>/modifier/", instances.instance_modifier, name="instance_modifier"),
    path(f"{_ICI}instances/<int:instance>/retirer/", instances.instance_retirer, name="instance_retirer"),
    re_path(
        r"^espace/projets/(?P<pk>[0-9]+)/gouvernance/instances/(?P<instance>[0-9]+)/(?P<sens>monter|descendre)/$",
        instances.instance_deplacer,
        name="instance_deplacer",
    ),
    path(f"{_ICI}instances/<int:instance>/colleges/", instances.instance_colleges, name="instance_colleges"),
    path(f"{_ICI}instances/<int:instance>/mandats/nouveau/", instances.mandat_nouveau, name="mandat_nouveau"),
    path(f"{_ICI}mandats/<int:mandat>/", instances.mandat, name="mandat"),
    re_path(
        r"^espace/projets/(?P<pk>[0-9]+)/gouvernance/mandats/(?P<mandat>[0-9]+)/(?P<geste>finir|retirer)/$",
        instances.mandat_geste,
        name="mandat_geste",
    ),
    # --- Les réunions ---------------------------------------------------------------------------------
    path(
        f"{_ICI}instances/<int:instance>/reunions/nouvelle/",
        reunions.reunion_nouvelle,
        name="reunion_nouvelle",
    ),
    path(f"{_ICI}reunions/<int:reunion>/", reunions.reunion, name="reunion"),
    path(f"{_ICI}reunions/<int:reunion>/modifier/", reunions.reunion_modifier, name="reunion_modifier"),
    path(f"{_ICI}reunions/<int:reunion>/presences/", reunions.reunion_presences, name="reunion_presences"),
    path(
        f"{_ICI}reunions/<int:reunion>/compte-rendu/",
        reunions.reunion_compte_rendu,
        name="reunion_compte_rendu",
    ),
    path(f"{_ICI}reunions/<int:reunion>/document/", reunions.reunion_document, name="reunion_document"),
    path(
        f"{_ICI}reunions/<int:reunion>/compte-rendu.<slug:extension>",
        reunions.reunion_fichier,
        name="reunion_fichier",
    ),
    path(
        f"{_ICI}reunions/<int:reunion>/decisions/nouvelle/",
        reunions.decision_nouvelle,
        name="decision_nouvelle",
    ),
    re_path(
        r"^espace/projets/(?P<pk>[0-9]+)/gouvernance/reunions/(?P<reunion>[0-9]+)/"
        r"(?P<geste>annuler|remettre|retirer)/$",
        reunions.reunion_geste,
        name="reunion_geste",
    ),
    path(f"{_ICI}decisions/<int:decision>/", reunions.decision, name="decision"),
    re_path(
        r"^espace/projets/(?P<pk>[0-9]+)/gouvernance/decisions/(?P<decision>[0-9]+)/"
        r"(?P<geste>faite|a-faire|retirer)/$",
        reunions.decision_geste,
        name="decision_geste",
    ),
    # --- La participation -----------------------------------------------------------------------------
    path(f"{_ICI}participation/", participation.participation, name="participation"),
    path(f"{_ICI}participation/<int:fiche>/", participation.participation_fiche, name="participation_fiche"),
    path(
        f"{_ICI}participation/preuves/<int:preuve>/retirer/",
        participation.preuve_retirer,
        name="preuve_retirer",
    ),
]
