"""De quoi appeler chaque adresse de l'accueil."""

from typing import Any

from django.utils import timezone

from maillage.territoire.models import Structure
from tests.accueil.fabriques import DemandeASuivreFactory, TypeDeDemandeFactory, passages

DU_CENTRE = (
    *("comptoir_centre", "comptoir_etat", "passage_noter", "comptoir_jour", "comptoir_rattraper"),
    *("comptoir_chiffres", "types_de_demande", "types_de_depart"),
    *("demandes_a_suivre", "demande_a_suivre_nouvelle"),
)


def adresses_de_l_accueil(structure: Structure) -> dict[str, dict[str, Any]]:
    centre = {"centre": structure.pk}
    un_type = TypeDeDemandeFactory(structure=structure, libelle="Renseignement")
    [passage] = passages(structure, un_type, timezone.now())
    celui_ci, type_ = centre | {"cle": passage.cle}, centre | {"pk": un_type.pk}
    suivie = centre | {"pk": DemandeASuivreFactory(structure=structure).pk}
    return {
        **dict.fromkeys(DU_CENTRE, centre),
        "passage": celui_ci,
        "passage_geste": celui_ci | {"geste": "annuler"},
        "comptoir_chiffres_fichier": centre | {"extension": "csv"},
        "type_de_demande": type_,
        "type_geste": type_ | {"geste": "monter"},
        "demande_a_suivre": suivie,
        "demande_a_suivre_geste": suivie | {"geste": "clore"},
    }
