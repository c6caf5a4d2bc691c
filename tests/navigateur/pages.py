"""Les pages que la table d'accès ouvre à une personne : celles que le navigateur dessine, pas les fichiers."""

from typing import Any

from django.urls import reverse

from tests.architecture.test_acces import attendu, table

# Rendues par le navigateur lui-même (arbre JSON ou XML, texte brut), ou enregistrées.
NON_DESSINEES = {"healthz", "readyz", "robots", "sitemap", "sitemap_fichier", "composants_suggestions"}
FICHIERS = (
    ".csv",
    ".atom",
    ".xml",
    ".json",
    ".txt",
    ".pdf",
    ".docx",
    ".ods",
    ".xlsx",
    ".vcf",
    "/suggestions",
)


def pages_de(personne: str, usuelles: dict[str, dict[str, Any]]) -> list[tuple[str, dict[str, Any], str]]:
    """(nom, paramètres, suite) de chaque page, dans l'ordre de la table."""
    trouvees = []
    for nom, ligne in table().items():
        est_lue = ligne.get("methode", "GET") == "GET" and attendu(nom, personne) == 200
        if not est_lue or nom in NON_DESSINEES or nom.startswith(("api", "piece")):
            continue
        parametres = usuelles.get(nom, {})
        if not reverse(nom, kwargs=parametres).endswith(FICHIERS):
            trouvees.append((nom, parametres, ligne.get("suite", "")))
    return trouvees
