"""Ce qu'un bloc lu devient : une fiche nouvelle, un partenaire de plus, une répétition, ou rien.

La même action est rangée sous plusieurs partenaires, parfois deux fois sur une page. Deux blocs sont la même
fiche quand titre, structure, département et tous les textes sont égaux. Aux partenaires nouveaux, ils
fusionnent ; aux mêmes partenaires, le second répète. Un bloc déjà importé du même fichier, à la même place,
ne change rien.
"""

import hashlib
import json
from collections.abc import Iterable
from enum import StrEnum

from django.utils.text import slugify

from maillage.catalogue.importation.bloc import Bloc, textes
from maillage.core.recherche.analyse import replier

SEPARATEUR = "\x1f"
TITRE_MAX = 500
NOM_MAX = 200
VALEUR_MAX = 120
SANS_TITRE = "Sans titre"


class Sort(StrEnum):
    """Ce que devient un bloc."""

    CREEE = "creees"
    FUSIONNEE = "fusionnees"
    REPETEE = "repetees"
    INCHANGEE = "inchangees"


def motif_de_rejet(bloc: Bloc) -> str | None:
    """Pourquoi un bloc bien lu ne peut pas devenir une fiche, ou rien."""
    if not bloc.structure_nom:
        return "Le nom de la structure manque. Ajoutez-le dans le fichier."
    for nom, valeurs, longueur in (
        ("titre", [bloc.titre], TITRE_MAX),
        ("nom de la structure", [bloc.structure_nom], NOM_MAX),
        ("nom d'un partenaire", [*bloc.partenaires_action, *bloc.financeurs], NOM_MAX),
        ("mot d'une liste", [*bloc.mots_cles, *bloc.publics, *bloc.themes, *bloc.dimensions], VALEUR_MAX),
        ("mot d'une liste", [*bloc.initiatives, bloc.territoire], VALEUR_MAX),
    ):
        if any(len(valeur) > longueur for valeur in valeurs):
            return f"Le {nom} dépasse {longueur} caractères. Raccourcissez-le dans le fichier."
    return None


def empreinte_de_fiche(bloc: Bloc) -> str:
    """Égale pour deux blocs qui racontent la même action, quels que soient leurs partenaires."""
    return _empreinte([bloc.titre, bloc.structure_nom, bloc.departement, *textes(bloc).values()])


def empreinte_de_bloc(bloc: Bloc) -> str:
    """Tout le bloc, partenaires compris, mais ni son fichier ni sa place."""
    return _empreinte([json.dumps(contenu(bloc), ensure_ascii=False, sort_keys=True)])


def contenu(bloc: Bloc) -> dict[str, object]:
    """Le bloc tel qu'il est gardé comme preuve : les clés de l'échange, et celles de l'ancienne fiche."""
    garde = bloc.en_dict()
    del garde["fichier_source"], garde["position"]
    if bloc.version == 1:
        garde |= {cle: getattr(bloc, cle) for cle in ("version", "themes", "elements_diagnostic", "impacts")}
    if bloc.financeurs:
        garde["financeurs"] = list(bloc.financeurs)
    return garde


def cle_de_structure(nom: str, departement: str) -> str:
    """Égale pour « CENTRE SOCIAL LA SOURCE » et « Centre social La Source » du même département."""
    return _empreinte([" ".join(replier(nom).split()), " ".join(replier(departement).split())])


def cle_de_valeur(graphie: str) -> str:
    """Égale pour « CARSAT » et « Carsat » : deux graphies d'un même mot."""
    return slugify(graphie)[:VALEUR_MAX] or _empreinte([graphie])[:12]


def _empreinte(morceaux: Iterable[str]) -> str:
    return hashlib.blake2b(SEPARATEUR.join(morceaux).encode(), digest_size=32).hexdigest()


class Registre:
    """Ce qu'on sait des fiches et des blocs déjà là ; `decider` y ajoute ce qu'il décide."""

    def __init__(self) -> None:
        self._partenaires: dict[str, set[str]] = {}
        self._blocs: set[tuple[str, int, str]] = set()

    def connait_la_fiche(self, empreinte: str, partenaires: Iterable[str]) -> None:
        self._partenaires.setdefault(empreinte, set()).update(partenaires)

    def connait_le_bloc(self, fichier: str, position: int, empreinte: str) -> None:
        self._blocs.add((fichier, position, empreinte))

    def decider(self, bloc: Bloc, de_fiche: str, de_bloc: str) -> Sort:
        """`de_fiche` et `de_bloc` : les deux empreintes du bloc."""
        place = (bloc.fichier_source, bloc.position, de_bloc)
        if place in self._blocs:
            return Sort.INCHANGEE
        self._blocs.add(place)
        connus = self._partenaires.get(de_fiche)
        nouveaux = {cle_de_valeur(partenaire) for partenaire in bloc.partenaires_action}
        if connus is None:
            self._partenaires[de_fiche] = nouveaux
            return Sort.CREEE
        if nouveaux <= connus:
            return Sort.REPETEE
        connus |= nouveaux
        return Sort.FUSIONNEE
