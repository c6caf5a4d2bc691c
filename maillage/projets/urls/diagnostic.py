"""Les adresses du diagnostic : zones, chiffres, constats, paroles, rencontres, besoins."""

from django.urls import URLPattern, path, re_path

from maillage.projets.diagnostic import GENRES_DU_DIAGNOSTIC
from maillage.projets.views.diagnostic import besoins, chiffres, elements, pages

RACINE = "espace/projets/<int:pk>/diagnostic/"
DE_GENRE = rf"^espace/projets/(?P<pk>[0-9]+)/diagnostic/(?P<genre>{'|'.join(GENRES_DU_DIAGNOSTIC)})/"

urlpatterns: list[URLPattern] = [
    path(RACINE, pages.diagnostic, name="diagnostic"),
    path(f"{RACINE}chaine/", pages.diagnostic_chaine, name="diagnostic_chaine"),
    path(f"{RACINE}apercu/", pages.diagnostic_apercu, name="diagnostic_apercu"),
    # --- Les chiffres ---------------------------------------------------------------------------------
    path(f"{RACINE}chiffres/", chiffres.diagnostic_chiffres, name="diagnostic_chiffres"),
    path(f"{RACINE}chiffres/ecrire/", chiffres.diagnostic_grille, name="diagnostic_grille"),
    path(f"{RACINE}chiffres/importer/", chiffres.diagnostic_import, name="diagnostic_import"),
    path(
        f"{RACINE}chiffres/importer/confirmer/",
        chiffres.diagnostic_import_confirmer,
        name="diagnostic_import_confirmer",
    ),
    re_path(
        r"^espace/projets/(?P<pk>[0-9]+)/diagnostic/chiffres\.(?P<extension>csv|xlsx)$",
        chiffres.diagnostic_chiffres_fichier,
        name="diagnostic_chiffres_fichier",
    ),
    # --- Constats, paroles, thèmes, rencontres, résultats ---------------------------------------------
    *(
        path(
            f"{RACINE}{genre}/",
            elements.diagnostic_elements,
            {"genre": genre},
            name=f"diagnostic_{genre}",
        )
        for genre in GENRES_DU_DIAGNOSTIC
    ),
    re_path(
        rf"{DE_GENRE}remettre/$", elements.diagnostic_element_remettre, name="diagnostic_element_remettre"
    ),
    re_path(rf"{DE_GENRE}(?P<numero>[0-9]+)/$", elements.diagnostic_element, name="diagnostic_element"),
    re_path(
        rf"{DE_GENRE}(?P<numero>[0-9]+)/(?P<geste>monter|descendre|retirer)/$",
        elements.diagnostic_element_geste,
        name="diagnostic_element_geste",
    ),
    # --- Les besoins ----------------------------------------------------------------------------------
    path(f"{RACINE}besoins/", besoins.besoins, name="besoins"),
    path(f"{RACINE}besoins/preuves/", besoins.preuves_sans_besoin, name="preuves_sans_besoin"),
    path(f"{RACINE}besoins/remettre/", besoins.besoin_remettre, name="besoin_remettre"),
    path("espace/projets/besoins/<int:pk>/", besoins.besoin, name="besoin"),
    re_path(
        r"^espace/projets/besoins/(?P<pk>[0-9]+)/(?P<geste>monter|descendre|retirer|delier)/$",
        besoins.besoin_geste,
        name="besoin_geste",
    ),
    path("espace/projets/preuves/<int:pk>/oter/", besoins.preuve_oter, name="preuve_oter"),
]
