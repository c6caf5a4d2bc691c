"""Les adresses de la pièce."""

from django.urls import path, re_path

from maillage.activites.views import (
    activites,
    agenda,
    aujourdhui,
    benevolat,
    benevoles,
    calendrier,
    initiatives,
    inscriptions,
    mois,
    places,
    presences,
    satisfaction,
    seances,
    series,
    themes,
)

urlpatterns = [
    # --- L'agenda de tous -----------------------------------------------------------------------------
    path("agenda/", agenda.agenda, name="agenda"),
    path("agenda/centre/<slug:slug>.ics", agenda.agenda_du_centre, name="agenda_du_centre"),
    path("agenda/activite/<int:pk>.ics", agenda.agenda_de_l_activite, name="agenda_de_l_activite"),
    path("agenda/seance/<int:pk>.ics", agenda.agenda_de_la_seance, name="agenda_de_la_seance"),
    path(
        "agenda/equipe/<str:jeton>.ics",
        agenda.agenda_de_l_activite_prive,
        name="agenda_de_l_activite_prive",
    ),
    # --- Les activités, leurs séries, leurs thèmes ----------------------------------------------------
    path("espace/activites/", activites.activites, name="activites"),
    path("espace/activites/nouvelle/", activites.activite_nouvelle, name="activite_nouvelle"),
    path("espace/activites/partenaires/", themes.partenaires, name="partenaires"),
    path("espace/activites/fiche/<int:pk>/", activites.activites_de_la_fiche, name="activites_de_la_fiche"),
    path("espace/activites/<int:pk>/", activites.activite, name="activite"),
    path("espace/activites/<int:pk>/modifier/", activites.activite_modifier, name="activite_modifier"),
    re_path(
        r"^espace/activites/(?P<pk>[0-9]+)/(?P<geste>clore|rouvrir|dupliquer|adresse)/$",
        activites.activite_geste,
        name="activite_geste",
    ),
    path("espace/activites/<int:pk>/serie/", series.serie_nouvelle, name="serie_nouvelle"),
    path("espace/activites/series/<int:pk>/", series.serie, name="serie"),
    re_path(
        r"^espace/activites/series/(?P<pk>[0-9]+)/(?P<geste>defaire|retirer)/$",
        series.serie_geste,
        name="serie_geste",
    ),
    path("espace/activites/<int:pk>/themes/", themes.theme_nouveau, name="theme_nouveau"),
    path("espace/activites/<int:pk>/themes/placer/", themes.themes_placer, name="themes_placer"),
    path("espace/activites/themes/<int:pk>/", themes.theme, name="theme"),
    re_path(
        r"^espace/activites/themes/(?P<pk>[0-9]+)/(?P<geste>valider|ecarter|reproposer|monter|descendre)/$",
        themes.theme_geste,
        name="theme_geste",
    ),
    # --- Les séances ----------------------------------------------------------------------------------
    path("espace/seances/", calendrier.seances, name="seances"),
    path("espace/activites/<int:pk>/seance/", seances.seance_nouvelle, name="seance_nouvelle"),
    path("espace/seances/<int:pk>/", seances.seance, name="seance"),
    path("espace/seances/<int:pk>/modifier/", seances.seance_modifier, name="seance_modifier"),
    path("espace/seances/<int:pk>/annuler/", seances.seance_annuler, name="seance_annuler"),
    re_path(
        r"^espace/seances/(?P<pk>[0-9]+)/(?P<geste>remettre|rendre)/$",
        seances.seance_geste,
        name="seance_geste",
    ),
    path("espace/seances/<int:pk>/avis/", satisfaction.avis_affiche, name="avis_affiche"),
    path("espace/seances/<int:pk>/avec-qui/", seances.intervention_nouvelle, name="intervention_nouvelle"),
    path("espace/seances/avec-qui/<int:pk>/oter/", seances.intervention_retirer, name="intervention_retirer"),
    # --- La feuille de présence, les inscriptions -------------------------------------------------------
    path("espace/seances/<int:pk>/presences/", presences.feuille, name="feuille"),
    path("espace/seances/<int:pk>/presences/noter/", presences.feuille_noter, name="feuille_noter"),
    path("espace/seances/<int:pk>/presences/ajouter/", presences.feuille_ajouter, name="feuille_ajouter"),
    path("espace/seances/<int:pk>/presences/mot/", presences.feuille_mot, name="feuille_mot"),
    path(
        "espace/seances/<int:pk>/presences/feuille.pdf", presences.feuille_a_signer, name="feuille_a_signer"
    ),
    re_path(
        r"^espace/seances/(?P<pk>[0-9]+)/presences/(?P<geste>rouvrir|reprendre)/$",
        presences.feuille_geste,
        name="feuille_geste",
    ),
    path("espace/activites/<int:pk>/inscriptions/", inscriptions.inscriptions, name="inscriptions"),
    path("espace/activites/<int:pk>/presences/", inscriptions.presences_fichier, name="presences_fichier"),
    re_path(
        r"^espace/inscriptions/(?P<pk>[0-9]+)/(?P<geste>desister|remettre|proposer|accepter|reprendre)/$",
        inscriptions.inscription_geste,
        name="inscription_geste",
    ),
    path("place/<str:jeton>/", places.place_proposee, name="place_proposee"),
    path("mois/<str:jeton>/", mois.mon_mois_partage, name="mon_mois_partage"),
    path("avis/<str:jeton>/", satisfaction.avis_de_sortie, name="avis_de_sortie"),
    path("espace/seances/aujourdhui/", aujourdhui.seances_aujourdhui, name="seances_aujourdhui"),
    path("espace/seances/feuilles/", aujourdhui.feuilles_aujourdhui, name="feuilles_aujourdhui"),
    path("espace/inscriptions/aujourdhui/", aujourdhui.places_aujourdhui, name="places_aujourdhui"),
    path("espace/initiatives/", initiatives.initiatives, name="initiatives"),
    path("espace/initiatives/nouvelle/", initiatives.initiative_nouvelle, name="initiative_nouvelle"),
    path("espace/initiatives/<int:pk>/", initiatives.initiative, name="initiative"),
    path(
        "espace/initiatives/<int:pk>/modifier/", initiatives.initiative_modifier, name="initiative_modifier"
    ),
    path(
        "espace/initiatives/dates/<int:pk>/retirer/",
        initiatives.initiative_defaire,
        name="initiative_defaire",
    ),
    # --- Le bénévolat ---------------------------------------------------------------------------------
    path("espace/mon-mois/", mois.mon_mois, name="mon_mois"),
    path("espace/benevolat/", benevolat.benevolat, name="benevolat"),
    path(
        "espace/benevolat/<int:annee>.<str:extension>", benevolat.benevolat_fichier, name="benevolat_fichier"
    ),
    path("espace/benevolat/heures/<int:pk>/retirer/", benevolat.heures_retirer, name="heures_retirer"),
    path("espace/benevolat/seances/<int:pk>/", benevolat.seance_benevolat, name="seance_benevolat"),
    path("espace/benevoles/", benevoles.benevoles, name="benevoles"),
    path("espace/benevoles/nouvelle/", benevoles.benevole_nouveau, name="benevole_nouveau"),
    path("espace/benevoles/<int:pk>/", benevoles.benevole, name="benevole"),
    path("espace/benevoles/<int:pk>/modifier/", benevoles.benevole_modifier, name="benevole_modifier"),
    path("espace/benevoles/<int:pk>/heures/", benevoles.benevole_heures, name="benevole_heures"),
    path("espace/benevoles/<int:pk>/formations/", benevoles.benevole_formation, name="benevole_formation"),
    path(
        "espace/benevoles/<int:pk>/attestation.pdf",
        benevoles.benevole_attestation,
        name="benevole_attestation",
    ),
    path(
        "espace/benevoles/formations/<int:pk>/retirer/", benevoles.formation_retirer, name="formation_retirer"
    ),
]
