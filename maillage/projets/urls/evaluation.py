"""Les adresses de l'évaluation, de la mémoire, et du projet suivant."""

from django.urls import URLPattern, path, re_path

from maillage.projets.views import evaluation, evaluation_lecons, evaluation_rapport, memoire, suite

ICI = "espace/projets/<int:pk>/evaluation/"
MOMENT = r"^espace/projets/(?P<pk>[0-9]+)/evaluation/(?P<mot>mi-parcours|finale)/"

urlpatterns: list[URLPattern] = [
    path(ICI, evaluation.evaluation, name="evaluation"),
    path(f"{ICI}clore/", evaluation.evaluation_clore, name="evaluation_clore"),
    path(f"{ICI}memoire/", memoire.memoire, name="memoire"),
    path(f"{ICI}memoire.<slug:extension>", memoire.memoire_fichier, name="memoire_fichier"),
    path(f"{ICI}suivant/", suite.projet_suivant, name="projet_suivant"),
    path("espace/projets/fiches/<int:pk>/avant/", suite.fiche_action_avant, name="fiche_action_avant"),
    re_path(rf"{MOMENT}$", evaluation.evaluation_moment, name="evaluation_moment"),
    re_path(rf"{MOMENT}rapport/$", evaluation_rapport.evaluation_rapport, name="evaluation_rapport"),
    re_path(
        rf"{MOMENT}rapport\.(?P<extension>[a-z]+)$",
        evaluation_rapport.evaluation_fichier,
        name="evaluation_fichier",
    ),
    re_path(
        rf"{MOMENT}transmettre/$", evaluation_rapport.evaluation_transmettre, name="evaluation_transmettre"
    ),
    re_path(
        rf"{MOMENT}(?P<genre>lecon|nouveaute)/$",
        evaluation_lecons.evaluation_ajouter,
        name="evaluation_ajouter",
    ),
    re_path(
        rf"{MOMENT}(?P<genre>lecon|nouveaute)/(?P<numero>[0-9]+)/$",
        evaluation_lecons.evaluation_corriger,
        name="evaluation_corriger",
    ),
    re_path(rf"{MOMENT}(?P<cle>[a-z0-9-]+)/$", evaluation.evaluation_etape, name="evaluation_etape"),
]
