"""De quoi appeler chaque adresse du diagnostic."""

from typing import Any

from maillage.projets.models import ProjetSocial
from tests.projets.fabriques_diagnostic import diagnostic_d_essai

PAGES = (
    *("diagnostic", "diagnostic_chaine", "diagnostic_apercu"),
    *("diagnostic_chiffres", "diagnostic_grille", "diagnostic_import", "diagnostic_import_confirmer"),
    *("diagnostic_constats", "diagnostic_paroles", "diagnostic_themes", "diagnostic_rencontres"),
    *("diagnostic_resultats", "besoins", "preuves_sans_besoin", "besoin_remettre"),
    "provenance_des_personnes",
)


def adresses_du_diagnostic(projet: ProjetSocial) -> dict[str, dict[str, Any]]:
    besoin = diagnostic_d_essai(projet)
    social, constats = {"pk": projet.pk}, {"pk": projet.pk, "genre": "constats"}
    constat = constats | {"numero": projet.constats.get().pk}
    return {
        **dict.fromkeys(PAGES, social),
        "diagnostic_chiffres_fichier": social | {"extension": "csv"},
        "diagnostic_element": constat,
        "diagnostic_element_geste": constat | {"geste": "monter"},
        "diagnostic_element_remettre": constats,
        "besoin": {"pk": besoin.pk},
        "besoin_geste": {"pk": besoin.pk, "geste": "monter"},
        "preuve_oter": {"pk": besoin.preuves.get().pk},
        "provenance_au_diagnostic": social | {"annee": projet.du.year},
    }
