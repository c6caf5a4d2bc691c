"""Les adresses du projet social."""

from django.urls import path, re_path

from maillage.projets.urls import (
    budget,
    chapitres,
    diagnostic,
    envois,
    evaluation,
    gouvernance,
    referentiels,
)
from maillage.projets.views import (
    agrements,
    arbre,
    bilans,
    branches,
    cadre,
    calendrier,
    depots,
    dessin,
    dossier,
    elements,
    fiches,
    fiches_catalogue,
    fiches_ecriture,
    fiches_equipe,
    fiches_etapes,
    indicateurs,
    numeros,
    projets,
    releves,
    renouvellement,
    retroplanning,
    suite,
    suivi,
    tableau,
)

ELEMENTS = r"^espace/projets/(?P<pk>[0-9]+)/cadre/(?P<genre>chiffres|tableaux|sigles)/"

urlpatterns = [
    # --- Le cadre -------------------------------------------------------------------------------------
    path("espace/projets/", projets.projets, name="projets"),
    path("espace/projets/nouveau/", cadre.projet_nouveau, name="projet_nouveau"),
    path("espace/projets/<int:pk>/", projets.projet, name="projet"),
    path("espace/projets/<int:pk>/cadre/", projets.cadre, name="cadre"),
    path("espace/projets/<int:pk>/cadre/modifier/", cadre.projet_modifier, name="projet_modifier"),
    path("espace/projets/<int:pk>/cadre/reprendre/", suite.projet_ossature, name="projet_ossature"),
    path("espace/projets/<int:pk>/cadre/territoire/", cadre.projet_territoire, name="projet_territoire"),
    re_path(
        r"^espace/projets/(?P<pk>[0-9]+)/cadre/territoire/(?P<genre>commune|quartier|zone)/$",
        cadre.territoire_ajouter,
        name="territoire_ajouter",
    ),
    re_path(
        r"^espace/projets/(?P<pk>[0-9]+)/cadre/territoire/(?P<genre>commune|zone)/(?P<element>[0-9AB]+)/retirer/$",
        cadre.territoire_retirer,
        name="territoire_retirer",
    ),
    path("espace/projets/<int:pk>/cadre/agrement/", agrements.agrement, name="agrement"),
    path(
        "espace/projets/<int:pk>/cadre/agrement/soumettre/",
        agrements.agrement_soumettre,
        name="agrement_soumettre",
    ),
    path(
        "espace/projets/<int:pk>/cadre/agrement/completer/",
        agrements.agrement_completer,
        name="agrement_completer",
    ),
    path("espace/projets/<int:pk>/cadre/agrement/<slug:acte>/", agrements.agrement_pas, name="agrement_pas"),
    path("espace/projets/demandes/<int:pk>/", agrements.demande_decision, name="demande_decision"),
    path("espace/projets/demandes/<int:pk>/retirer/", agrements.demande_retirer, name="demande_retirer"),
    re_path(rf"{ELEMENTS}$", elements.elements, name="elements"),
    re_path(rf"{ELEMENTS}remettre/$", elements.element_remettre, name="element_remettre"),
    re_path(rf"{ELEMENTS}(?P<numero>[0-9]+)/$", elements.element, name="element"),
    re_path(
        rf"{ELEMENTS}(?P<numero>[0-9]+)/(?P<geste>monter|descendre|retirer)/$",
        elements.element_geste,
        name="element_geste",
    ),
    path("espace/projets/<int:pk>/cadre/a-ranger/", elements.morceaux, name="morceaux"),
    path("espace/projets/morceaux/<int:pk>/", elements.morceau, name="morceau"),
    re_path(
        r"^espace/projets/morceaux/(?P<pk>[0-9]+)/(?P<geste>ecarter|rouvrir)/$",
        elements.morceau_geste,
        name="morceau_geste",
    ),
    path("espace/projets/<int:pk>/cadre/retroplanning/", retroplanning.retroplanning, name="retroplanning"),
    path(
        "espace/projets/<int:pk>/cadre/retroplanning/agenda.ics",
        retroplanning.retroplanning_fichier,
        name="retroplanning_fichier",
    ),
    re_path(
        r"^espace/projets/(?P<pk>[0-9]+)/cadre/retroplanning/"
        r"(?P<geste>creer|recaler|remettre|adresse|rappeler|ne-plus-rappeler)/$",
        retroplanning.retroplanning_geste,
        name="retroplanning_geste",
    ),
    path("espace/projets/taches/", retroplanning.taches_a_venir, name="taches_a_venir"),
    path("espace/projets/taches/<int:pk>/", retroplanning.tache, name="tache"),
    re_path(
        r"^espace/projets/taches/(?P<pk>[0-9]+)/(?P<geste>faite|a-faire|retirer)/$",
        retroplanning.tache_geste,
        name="tache_geste",
    ),
    path("rappels/<str:jeton>/", retroplanning.rappels, name="rappels"),
    path("agenda/projet/<str:jeton>.ics", retroplanning.agenda_du_projet, name="agenda_du_projet"),
    path("espace/renouvellement/", renouvellement.renouvellement, name="renouvellement"),
    path("espace/renouvellement/<int:pk>/", renouvellement.renouvellement_caf, name="renouvellement_caf"),
    re_path(
        r"^espace/renouvellement/(?P<pk>[0-9]+)/(?P<geste>partir|revenir)/$",
        renouvellement.renouvellement_modele,
        name="renouvellement_modele",
    ),
    path(
        "espace/renouvellement/etapes/<int:pk>/",
        renouvellement.renouvellement_etape,
        name="renouvellement_etape",
    ),
    path(
        "espace/renouvellement/etapes/<int:pk>/retirer/",
        renouvellement.renouvellement_retirer,
        name="renouvellement_retirer",
    ),
    # --- L'arbre --------------------------------------------------------------------------------------
    path("espace/projets/<int:pk>/arbre/", arbre.arbre, name="arbre"),
    path("espace/projets/<int:pk>/arbre/deplacer/", arbre.arbre_deplacer, name="arbre_deplacer"),
    path("espace/projets/<int:pk>/arbre/defaire/", arbre.arbre_defaire, name="arbre_defaire"),
    path("espace/projets/<int:pk>/arbre/refaire/", arbre.arbre_refaire, name="arbre_refaire"),
    path("espace/projets/<int:pk>/arbre/numeros/", numeros.arbre_numeros, name="arbre_numeros"),
    path("espace/projets/<int:pk>/arbre/dessin/", dessin.arbre_dessin, name="arbre_dessin"),
    path(
        "espace/projets/<int:pk>/arbre/dessin.<str:extension>",
        dessin.arbre_dessin_fichier,
        name="arbre_dessin_fichier",
    ),
    path("espace/projets/<int:pk>/tableau/", tableau.tableau, name="tableau"),
    path("espace/projets/<int:pk>/tableau.<str:extension>", tableau.tableau_fichier, name="tableau_fichier"),
    path("espace/projets/<int:pk>/calendrier/", calendrier.calendrier, name="calendrier"),
    path("espace/projets/<int:pk>/arbre/ajouter/<str:genre>/", branches.arbre_ajouter, name="arbre_ajouter"),
    path(
        "espace/projets/<int:pk>/arbre/specifique/<int:cle>/",
        branches.arbre_specifique,
        name="arbre_specifique",
    ),
    path("espace/projets/<int:pk>/arbre/<str:genre>/<int:cle>/", branches.arbre_noeud, name="arbre_noeud"),
    # --- Les fiches actions ---------------------------------------------------------------------------
    path(
        "espace/projets/<int:pk>/fiches/nouvelle/", fiches.fiche_action_nouvelle, name="fiche_action_nouvelle"
    ),
    path("espace/projets/relectures/", fiches_equipe.relectures_attendues, name="relectures_attendues"),
    path(
        "espace/projets/s-inspirer/<slug:code>/",
        fiches_catalogue.s_inspirer_d_une_experience,
        name="s_inspirer_d_une_experience",
    ),
    path(
        "espace/projets/reprises/<int:experience>/",
        fiches_catalogue.reprises_d_une_experience,
        name="reprises_d_une_experience",
    ),
    path("espace/projets/fiches/<int:pk>/", fiches.fiche_action, name="fiche_action"),
    path(
        "espace/projets/fiches/<int:pk>/fiche.<slug:extension>",
        fiches.fiche_action_document,
        name="fiche_action_document",
    ),
    path("espace/projets/fiches/<int:pk>/etat/", fiches.fiche_action_etat, name="fiche_action_etat"),
    path(
        "espace/projets/fiches/<int:pk>/ecrire/",
        fiches_ecriture.fiche_action_ecrire,
        name="fiche_action_ecrire",
    ),
    path(
        "espace/projets/fiches/<int:pk>/ecrire/<slug:cle>/",
        fiches_ecriture.fiche_action_etape,
        name="fiche_action_etape",
    ),
    path(
        "espace/projets/fiches/<int:pk>/histoire/",
        fiches_ecriture.fiche_action_histoire,
        name="fiche_action_histoire",
    ),
    path(
        "espace/projets/fiches/<int:pk>/histoire/<int:sauvegarde>/",
        fiches_ecriture.fiche_action_revenir,
        name="fiche_action_revenir",
    ),
    path(
        "espace/projets/fiches/<int:pk>/etapes/nouvelle/",
        fiches_etapes.fiche_action_etape_nouvelle,
        name="fiche_action_etape_nouvelle",
    ),
    path(
        "espace/projets/fiches/<int:pk>/etapes/<int:etape>/",
        fiches_etapes.fiche_action_etape_modifier,
        name="fiche_action_etape_modifier",
    ),
    path(
        "espace/projets/fiches/<int:pk>/etapes/<int:etape>/cocher/",
        fiches_etapes.fiche_action_etape_cocher,
        name="fiche_action_etape_cocher",
    ),
    path(
        "espace/projets/fiches/<int:pk>/etapes/<int:etape>/oter/",
        fiches_etapes.fiche_action_etape_oter,
        name="fiche_action_etape_oter",
    ),
    path(
        "espace/projets/fiches/<int:pk>/remarques/",
        fiches_equipe.fiche_action_remarquer,
        name="fiche_action_remarquer",
    ),
    path(
        "espace/projets/fiches/<int:pk>/remarques/<int:remarque>/",
        fiches_equipe.fiche_action_remarque,
        name="fiche_action_remarque",
    ),
    path(
        "espace/projets/fiches/<int:pk>/relectures/",
        fiches_equipe.fiche_action_faire_relire,
        name="fiche_action_faire_relire",
    ),
    path(
        "espace/projets/fiches/<int:pk>/relectures/<int:relecture>/",
        fiches_equipe.fiche_action_relecture,
        name="fiche_action_relecture",
    ),
    path(
        "espace/projets/fiches/<int:pk>/essais/",
        fiches_catalogue.fiche_action_essais,
        name="fiche_action_essais",
    ),
    path(
        "espace/projets/fiches/<int:pk>/s-inspirer/<slug:code>/",
        fiches_catalogue.fiche_action_s_inspirer,
        name="fiche_action_s_inspirer",
    ),
    path(
        "espace/projets/fiches/<int:pk>/raconter/",
        fiches_catalogue.fiche_action_raconter,
        name="fiche_action_raconter",
    ),
    # --- Le suivi, les bilans -------------------------------------------------------------------------
    path("espace/projets/en-retard/", suivi.fiches_en_retard, name="fiches_en_retard"),
    path("espace/projets/<int:pk>/suivi/", suivi.suivi, name="suivi"),
    path("espace/projets/<int:pk>/suivi/suivi.<slug:extension>", suivi.suivi_fichier, name="suivi_fichier"),
    path("espace/projets/<int:pk>/suivi/<int:annee>/", bilans.bilans, name="bilans"),
    path("espace/projets/<int:pk>/suivi/<int:annee>/bilan/", bilans.bilan_document, name="bilan_document"),
    path(
        "espace/projets/<int:pk>/suivi/<int:annee>/bilan.<slug:extension>",
        bilans.bilan_fichier,
        name="bilan_fichier",
    ),
    path("espace/projets/fiches/<int:pk>/bilan/<int:annee>/", bilans.bilan, name="bilan"),
    path(
        "espace/projets/fiches/<int:pk>/bilan/<int:annee>/<slug:geste>/",
        bilans.bilan_geste,
        name="bilan_geste",
    ),
    # --- Les indicateurs ------------------------------------------------------------------------------
    path("espace/projets/fiches/<int:pk>/indicateurs/", indicateurs.indicateurs, name="indicateurs"),
    path(
        "espace/projets/fiches/<int:pk>/indicateurs/nouveau/",
        indicateurs.indicateur_nouveau,
        name="indicateur_nouveau",
    ),
    path(
        "espace/projets/fiches/<int:pk>/indicateurs/<int:numero>/remettre/",
        indicateurs.indicateur_remettre,
        name="indicateur_remettre",
    ),
    path("espace/projets/fiches/<int:pk>/valeurs/<int:annee>/", releves.releves, name="releves"),
    path(
        "espace/projets/indicateurs/<int:pk>/valeurs/<int:annee>/calcul/",
        releves.releve_revenir,
        name="releve_revenir",
    ),
    path("espace/projets/indicateurs/<int:pk>/", indicateurs.indicateur, name="indicateur"),
    path(
        "espace/projets/indicateurs/<int:pk>/modifier/",
        indicateurs.indicateur_modifier,
        name="indicateur_modifier",
    ),
    path(
        "espace/projets/indicateurs/<int:pk>/gestes/<slug:geste>/",
        indicateurs.indicateur_geste,
        name="indicateur_geste",
    ),
    # --- Importer un document, sortir le dossier --------------------------------------------------------
    path("espace/projets/importer/", depots.depot_nouveau, name="depot_nouveau"),
    path("espace/projets/importer/<int:pk>/", depots.depot, name="depot"),
    path("espace/projets/importer/<int:pk>/confirmer/", depots.depot_confirmer, name="depot_confirmer"),
    path("espace/projets/importer/<int:pk>/abandonner/", depots.depot_abandonner, name="depot_abandonner"),
    path("espace/projets/importer/<int:pk>/<int:projet>/", depots.depot_cadre, name="depot_cadre"),
    path(
        "espace/projets/importer/<int:pk>/<int:projet>/<slug:partie>/",
        depots.depot_partie,
        name="depot_partie",
    ),
    path("espace/projets/<int:pk>/dossier/", dossier.dossier, name="dossier"),
    path(
        "espace/projets/<int:pk>/dossier/projet.<slug:extension>",
        dossier.dossier_fichier,
        name="dossier_fichier",
    ),
]

for _suite in (diagnostic, gouvernance, budget, chapitres, referentiels, envois, evaluation):
    urlpatterns += _suite.urlpatterns
