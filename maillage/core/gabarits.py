"""Chargement des gabarits : leurs espaces deviennent insécables là où le français en veut une.

Personne n'a à taper d'espaces invisibles dans un gabarit, ni à les relire. C'est fait une fois, au
chargement. Ni les balises ni les valeurs affichées ne sont touchées (pour elles : le filtre `insecables`).
"""

import re

from django.template import Origin
from django.template.loaders import app_directories

from maillage.core.francais import insecables

_BALISE = re.compile(r"(<[^>]*>|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})", re.DOTALL)


def typographier(gabarit: str) -> str:
    return "".join(m if _BALISE.fullmatch(m) else insecables(m) for m in _BALISE.split(gabarit))


class Chargeur(app_directories.Loader):
    """Celui de Django, dossier `templates` de chaque pièce, plus la typographie des pages."""

    def get_contents(self, origin: Origin) -> str:
        contenu: str = super().get_contents(origin)
        return typographier(contenu) if origin.name.endswith(".html") else contenu
