"""Les comptes en mots : ce que fait un rôle, ce que quelqu'un laisse, la table des droits."""

from maillage.comptes.choices import Role
from maillage.comptes.permissions import DONS
from maillage.core.francais import compte

CE_QUE_FAIT = {
    Role.CONTRIBUTEUR: "écrit les fiches du centre, anime des activités",
    Role.ACCUEIL: "tient l’accueil, le registre des personnes et les inscriptions",
    Role.DIRECTRICE: "écrit aussi, et tient l’équipe",
    Role.MODERATRICE: "relit et publie les fiches de son territoire",
    Role.CONSEILLER_CAF: "lit les dossiers de son territoire",
    Role.VILLE: "lit ce qui concerne sa ville",
    Role.ADMINISTRATRICE: "tient toute la plateforme",
}


def table_des_dons() -> list[tuple[str, str, str]]:
    """Qui, où, quels rôles : la table qui décide, dans les mots de qui la lit."""
    return [
        (don.role.label, don.lieu.value, ", ".join(role.label.lower() for role in don.donne)) for don in DONS
    ]


def en_mots(laisse: dict[str, int]) -> str:
    """« 3 brouillons et 1 collection » ; rien quand il n'y a rien."""
    morceaux = [compte(nombre, genre) for genre, nombre in laisse.items()]
    return " et ".join([", ".join(morceaux[:-1]), morceaux[-1]] if len(morceaux) > 1 else morceaux)
