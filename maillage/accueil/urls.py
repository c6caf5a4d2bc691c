"""Les adresses de la pièce."""

from django.urls import path

from maillage.accueil.views import aujourdhui, chiffres, comptoir, journees, passages, suivi, types

CENTRE = "espace/comptoir/<int:centre>/"

urlpatterns = [
    path("espace/comptoir/", comptoir.comptoir, name="comptoir"),
    path("espace/comptoir/partenaires/", comptoir.comptoir_partenaires, name="comptoir_partenaires"),
    path(CENTRE, comptoir.comptoir_centre, name="comptoir_centre"),
    path(f"{CENTRE}etat/", comptoir.comptoir_etat, name="comptoir_etat"),
    path(f"{CENTRE}passages/", passages.passage_noter, name="passage_noter"),
    path(f"{CENTRE}passages/<uuid:cle>/", passages.passage, name="passage"),
    path(f"{CENTRE}passages/<uuid:cle>/<str:geste>/", passages.passage_geste, name="passage_geste"),
    path(f"{CENTRE}jour/", journees.comptoir_jour, name="comptoir_jour"),
    path(f"{CENTRE}rattraper/", journees.comptoir_rattraper, name="comptoir_rattraper"),
    path(f"{CENTRE}chiffres/", chiffres.comptoir_chiffres, name="comptoir_chiffres"),
    path(
        f"{CENTRE}chiffres.<str:extension>",
        chiffres.comptoir_chiffres_fichier,
        name="comptoir_chiffres_fichier",
    ),
    path(f"{CENTRE}demandes/", types.types_de_demande, name="types_de_demande"),
    path(f"{CENTRE}demandes/depart/", types.types_de_depart, name="types_de_depart"),
    path(f"{CENTRE}demandes/<int:pk>/", types.type_de_demande, name="type_de_demande"),
    path(f"{CENTRE}demandes/<int:pk>/<str:geste>/", types.type_geste, name="type_geste"),
    path(f"{CENTRE}a-suivre/", suivi.demandes_a_suivre, name="demandes_a_suivre"),
    path(f"{CENTRE}a-suivre/nouvelle/", suivi.demande_a_suivre_nouvelle, name="demande_a_suivre_nouvelle"),
    path(f"{CENTRE}a-suivre/<int:pk>/", suivi.demande_a_suivre, name="demande_a_suivre"),
    path(
        f"{CENTRE}a-suivre/<int:pk>/<str:geste>/", suivi.demande_a_suivre_geste, name="demande_a_suivre_geste"
    ),
    path("espace/passages-du-jour/", aujourdhui.passages_aujourdhui, name="passages_aujourdhui"),
    path("espace/a-suivre/", suivi.demandes_du_jour, name="demandes_du_jour"),
]
