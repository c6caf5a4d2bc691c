"""Adresses du portail : publiques, sauf le dépôt des quartiers prioritaires."""

from django.urls import include, path, re_path

from maillage.portail.api import adresses
from maillage.portail.views import (
    accueil,
    centre,
    centres,
    documentation,
    donnees,
    pages,
    plan,
    quartiers,
    statistiques,
)

urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("centres/", centres.centres, name="centres"),
    path("centres/<slug:slug>/", centre.centre, name="centre"),
    path("centres/<slug:slug>/contact.vcf", centre.centre_contact, name="centre_contact"),
    path("departements/", centres.aller_au_departement, name="aller_au_departement"),
    re_path(r"^departements/(?P<code>[0-9][0-9abAB][0-9]?)/$", centres.departement, name="departement"),
    path("accessibilite/", pages.accessibilite, name="accessibilite"),
    path("donnees-personnelles/", pages.donnees_personnelles, name="donnees_personnelles"),
    path("mentions-legales/", pages.mentions_legales, name="mentions_legales"),
    path("code-source/", pages.code_source, name="code_source"),
    path("statistiques/", statistiques.statistiques, name="statistiques"),
    path("statistiques/audience.csv", statistiques.statistiques_csv, name="statistiques_csv"),
    path("plan-du-site/", plan.plan_du_site, name="plan_du_site"),
    path("sitemap.xml", plan.sitemap, name="sitemap"),
    path("sitemap-<slug:nom>.xml", plan.sitemap_fichier, name="sitemap_fichier"),
    path("donnees/", donnees.donnees, name="donnees"),
    path("donnees/<slug:version>/<str:nom>", donnees.donnees_fichier, name="donnees_fichier"),
    path("api/", documentation.documentation, name="api"),
    path("api/v1/", include((adresses(), "api-v1"))),
    path("espace/quartiers/", quartiers.quartiers, name="quartiers"),
    path("espace/quartiers/confirmer/", quartiers.quartiers_confirmer, name="quartiers_confirmer"),
    path("robots.txt", plan.robots, name="robots"),
]
