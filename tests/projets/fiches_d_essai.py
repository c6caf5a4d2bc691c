"""Une fiche action, ses étapes, ses remarques et sa relecture, pour appeler chacune de ses adresses."""

from datetime import date
from typing import Any

from maillage.catalogue.models import Experience
from maillage.comptes.models import Utilisateur
from maillage.projets.models import Etape, FicheAction, ProjetSocial, Relecture, Remarque, SauvegardeDeFiche

SIMPLES = (
    "",
    "_etat",
    "_ecrire",
    "_histoire",
    "_etape_nouvelle",
    "_remarquer",
    "_faire_relire",
    "_essais",
    "_raconter",
)


def adresses_des_fiches(
    projet: ProjetSocial, experience: Experience, directrice: Utilisateur, collegue: Utilisateur
) -> dict[str, dict[str, Any]]:
    """Par nom d'adresse, les paramètres de son chemin. La relecture est demandée à la directrice."""
    fiche = FicheAction.objects.filter(projet=projet).order_by("pk")[0]
    ici = {"pk": fiche.pk}
    etape = {"etape": Etape.objects.create(fiche=fiche, titre="Former", du=date(2025, 3, 3)).pk}
    texte = SauvegardeDeFiche.objects.create(fiche=fiche, champ="contexte", valeur="Avant.", par=collegue)
    remarque = Remarque.objects.create(fiche=fiche, texte="À dater.", auteur=collegue)
    relecture = Relecture.objects.create(fiche=fiche, demandee_a=directrice, demandee_par=collegue)
    return {
        **{f"fiche_action{nom}": ici for nom in SIMPLES},
        **{f"fiche_action_etape_{geste}": ici | etape for geste in ("modifier", "cocher", "oter")},
        "fiche_action_document": ici | {"extension": "docx"},
        "fiche_action_nouvelle": {"pk": projet.pk},
        "fiche_action_etape": ici | {"cle": "besoin"},
        "fiche_action_revenir": ici | {"sauvegarde": texte.pk},
        "fiche_action_remarque": ici | {"remarque": remarque.pk},
        "fiche_action_relecture": ici | {"relecture": relecture.pk},
        "fiche_action_s_inspirer": ici | {"code": experience.code},
        "s_inspirer_d_une_experience": {"code": experience.code},
        "reprises_d_une_experience": {"experience": experience.pk},
    }
