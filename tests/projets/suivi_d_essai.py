"""De quoi appeler chaque adresse du suivi, des indicateurs et des bilans."""

from typing import Any

from maillage.projets.models import ProjetSocial
from tests.projets.fabriques import IndicateurFactory

DU_PROJET = ("bilans", "bilan_document")
DE_LA_FICHE = ("indicateurs", "indicateur_nouveau")
DE_L_INDICATEUR = ("indicateur", "indicateur_modifier")


def adresses_du_suivi(projet: ProjetSocial) -> dict[str, dict[str, Any]]:
    fiche = projet.fiches.order_by("pk")[0]
    social, annee = {"pk": projet.pk}, {"annee": projet.du.year}
    sa_fiche, indicateur = {"pk": fiche.pk}, {"pk": IndicateurFactory(fiche=fiche).pk}
    return {
        "suivi": social,
        "suivi_fichier": social | {"extension": "csv"},
        **dict.fromkeys(DU_PROJET, social | annee),
        "bilan_fichier": social | annee | {"extension": "docx"},
        "bilan": sa_fiche | annee,
        "bilan_geste": sa_fiche | annee | {"geste": "clore"},
        "releves": sa_fiche | annee,
        **dict.fromkeys(DE_LA_FICHE, sa_fiche),
        "indicateur_remettre": sa_fiche | {"numero": indicateur["pk"]},
        **dict.fromkeys(DE_L_INDICATEUR, indicateur),
        "indicateur_geste": indicateur | {"geste": "monter"},
        "releve_revenir": indicateur | annee,
    }
