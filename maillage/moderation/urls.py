"""Adresses de la pièce."""

from django.urls import path

from maillage.moderation.views import charte, commentaires, file, signalements

urlpatterns = [
    path("signaler/", signalements.signaler_un_contenu, name="signaler"),
    path("signalements/recu/", signalements.recu_sans_numero, name="signalement_recu"),
    path("signalements/<str:numero>/", signalements.signalement, name="signalement"),
    path("moderation/charte/", charte.charte, name="charte_moderation"),
    path("espace/moderation/", file.demandes, name="moderation"),
    path(
        "espace/moderation/commentaires/<int:pk>/",
        commentaires.examiner_commentaire,
        name="examiner_commentaire",
    ),
    path(
        "espace/moderation/commentaires/<int:pk>/defaire/",
        commentaires.defaire_commentaire,
        name="defaire_commentaire",
    ),
    path("espace/moderation/mis-de-cote/", commentaires.mis_de_cote, name="mis_de_cote"),
    path(
        "espace/moderation/mis-de-cote/en-attente/",
        commentaires.mis_de_cote_en_attente,
        name="mis_de_cote_en_attente",
    ),
    path(
        "espace/moderation/signalements/<int:pk>/",
        signalements.examiner_signalement,
        name="examiner_signalement",
    ),
    path(
        "espace/moderation/signalements/<int:pk>/defaire/",
        signalements.defaire_signalement,
        name="defaire_signalement",
    ),
    path("espace/moderation/en-attente/", file.en_attente, name="moderation_en_attente"),
    path("espace/moderation/<int:pk>/prendre/", file.prendre, name="prendre_demande"),
    path("espace/moderation/<int:pk>/rendre/", file.rendre_la_main, name="rendre_demande"),
    path("espace/moderation/<int:pk>/noter/", file.noter_demande, name="noter_demande"),
]
