"""Ce que le catalogue donne à chercher : `chercher`, `suggerer`, `similaires`, et l'index tenu à jour.

L'écriture ne se fait que par le consommateur des changements (`ConsommateurRecherche`) et `reconstruire`.
"""

from maillage.catalogue.recherche.consommateur import ConsommateurRecherche, rattraper_index
from maillage.catalogue.recherche.documents import CLES, tranche_de_budget
from maillage.catalogue.recherche.fiches import FICHES_MAX, fiches_publiees
from maillage.catalogue.recherche.installation import dictionnaire, groupes, index, reconstruire
from maillage.catalogue.recherche.page import (
    Trouvees,
    chercher,
    premiers_ids,
    suggerer,
    tous_les_ids,
    trier_les_filtres,
)
from maillage.catalogue.recherche.ressemblance import Similaire, similaires, similaires_au_texte
from maillage.core.recherche.index import IndexIndisponible, IndexOccupe

__all__ = [
    "CLES",
    "FICHES_MAX",
    "ConsommateurRecherche",
    "IndexIndisponible",
    "IndexOccupe",
    "Similaire",
    "Trouvees",
    "chercher",
    "dictionnaire",
    "fiches_publiees",
    "groupes",
    "index",
    "rattraper_index",
    "reconstruire",
    "similaires",
    "similaires_au_texte",
    "suggerer",
    "premiers_ids",
    "tous_les_ids",
    "tranche_de_budget",
    "trier_les_filtres",
]
