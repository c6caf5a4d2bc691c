"""Ce que veut dire chaque champ des fichiers publiés."""

from maillage.catalogue.exportation import COLONNES_EXPERIENCE
from maillage.catalogue.models import Experience
from maillage.portail.donnees_ouvertes.annuaire import CHAMPS

_EXPERIENCES = {
    "fichier_source": "Page du catalogue national dont vient la fiche ; vide si elle est née ici.",
    "position": "Rang du bloc dans cette page, à partir de 1.",
    "structure_brute": "Structure et département, tels que la source les écrit.",
    "structure_nom": "Nom de la structure.",
    "departement": "Département de la structure.",
    "fichiers_associes": "Noms des fichiers joints dans la source (non repris).",
    "statut": "En cours ou Terminée.",
    "dimensions": "Dimensions du catalogue national, dans la graphie de la source.",
    "mots_cles": "Mots clés, dans la graphie de la source.",
    "initiatives": "Qui est à l’initiative.",
    "publics": "Publics visés.",
    "territoire": "Étendue : un quartier, une commune…",
    "partenaires_action": "Partenaires qui agissent.",
    "raison_fin": "Pourquoi l’action s’est terminée ; nul si la source n’en parle pas.",
    "initiative_precision": "Précision sur l’initiative ; nul si la source n’en parle pas.",
    "id": "Numéro dans cette installation.",
    "code": "Code court et définitif, celui de l’adresse.",
    "adresse": "Page à lire.",
    "region": "Région de la structure.",
    "themes": "Thèmes ajoutés ici.",
    "financeurs": "Qui finance, et combien en euros quand c’est écrit.",
    "budget": "Montant reconnu dans le texte, en euros.",
    "moyens": "Nombres reconnus, avec les mots dont ils viennent.",
    "publie_le": "Date de publication.",
    "modifie_le": "Dernière correction.",
    "sources": "Blocs réunis dans cette fiche, et leurs partenaires.",
}


def _definition(nom: str) -> str:
    """Les textes du centre portent le nom de leur champ."""
    if nom in _EXPERIENCES:
        return _EXPERIENCES[nom]
    champ = Experience._meta.get_field(nom)
    return f"Texte du centre : {getattr(champ, 'verbose_name', nom)}."


DICTIONNAIRES = (
    ("experiences", "Les expériences", tuple((nom, _definition(nom)) for nom in COLONNES_EXPERIENCE)),
    ("centres", "L’annuaire des centres", tuple(CHAMPS.items())),
)
