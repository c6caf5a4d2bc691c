"""Lire un projet social d'un document Word, HTML ou texte. Pur : ni modèle, ni base, rien n'est écrit.

`fichier` (et `texte`, `balises`, `word`) donne les mêmes blocs quel que soit le format ; `lecture` les distribue ;
`lexique` tient les libellés, qui sont des données. `lu` décrit ce qui en sort, `forme_json` l'écrit.
"""

from maillage.projets.importation.erreurs import DocumentIllisible
from maillage.projets.importation.forme_json import en_json
from maillage.projets.importation.lecture import lire_document
from maillage.projets.importation.lu import DocumentLu, ProjetLu

__all__ = ["DocumentIllisible", "DocumentLu", "ProjetLu", "en_json", "lire_document"]
