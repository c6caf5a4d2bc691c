"""De quoi appeler chaque adresse du dossier qui s'écrit."""

from typing import Any

from maillage.comptes.models import Utilisateur
from maillage.projets.models import Chapitre, ProjetSocial


def adresses_du_dossier(projet: ProjetSocial, auteur: Utilisateur) -> dict[str, dict[str, Any]]:
    chapitre = Chapitre.objects.create(
        projet=projet, rang=1, titre="Un chapitre à nous", texte="Quelques mots."
    )
    texte = chapitre.sauvegardes.create(champ="texte", valeur="Les mots d’avant.", par=auteur)
    social = {"pk": projet.pk}
    ici = social | {"repere": str(chapitre.pk)}
    return {
        **dict.fromkeys(("dossier_page", "dossier_reprendre", "dossier_sigles", "chapitre_nouveau"), social),
        **dict.fromkeys(("dossier_document", "dossier_resume"), social | {"extension": "docx"}),
        **dict.fromkeys(("chapitre", "chapitre_apercu", "chapitre_reglages", "chapitre_histoire"), ici),
        "chapitre_rattacher": ici,
        "chapitre_revenir": ici | {"sauvegarde": texte.pk},
        "chapitre_geste": ici | {"geste": "monter"},
    }
