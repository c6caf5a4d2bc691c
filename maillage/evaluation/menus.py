"""La phrase en menus : ses morceaux, chacun avec les seuls choix qui ont un sens, et la définition qu'on y lit.

Un menu dont la définition tient plusieurs valeurs (« jeunes ou adultes ») les offre ensemble, jointes par « | ».
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from maillage.activites.choices import GenreSeance, RoleDePresence
from maillage.evaluation.choices import Filtre, Mesure, Perimetre, Ventilation
from maillage.evaluation.definitions import ACCEPTE, SANS_BASE, VALEURS, Definition, lire_definition
from maillage.evaluation.phrases import ANNEES, et, ou
from maillage.projets.choices import Calendrier

MESURES_MAX: Final = 4
FOIS: Final = (1, 2, 3, 5, 10)
_JOINT: Final = "|"
_SEPARE: Final = ";"
_ARTICLES: Final = {
    Mesure.ASSIDUITE: "l’",
    Mesure.SATISFACTION: "la ",
    Mesure.REPARTITION: "la ",
    Mesure.EVOLUTION: "l’",
    Mesure.MANUEL: "un ",
}
TOUS: Final = {
    Filtre.GENRE: "femmes et hommes",
    Filtre.AGE: "de tous âges",
    Filtre.ROLE: "dans tous les rôles",
    Filtre.GENRE_SEANCE: "aux séances",
}
_LIBELLES: Final = {
    Filtre.GENRE: "Femmes ou hommes",
    Filtre.AGE: "Quel âge",
    Filtre.ROLE: "Venus comme quoi",
    Filtre.GENRE_SEANCE: "À quelles séances",
}
_TEXTES: Final = {
    Filtre.PUBLIC: ("Public", "familles monoparentales"),
    Filtre.QUARTIER: ("Quartier où l’on habite", "Les Peupliers"),
    Filtre.TYPE_DEMANDE: ("Type de demande", "logement ; énergie"),
    Filtre.TYPE_PARTENAIRE: ("Type de partenaire", "écoles"),
    Filtre.INSTANCE: ("Instance", "comité d’usagers"),
    Filtre.AUTRE: ("Autre précision", "le samedi matin"),
}


@dataclass(frozen=True, slots=True)
class Menu:
    """`avant` : les mots de la phrase qui amènent le menu."""

    nom: str
    libelle: str
    choix: tuple[tuple[str, str], ...]
    valeur: str
    avant: str = ""


@dataclass(frozen=True, slots=True)
class Texte:
    """Un filtre dans les mots du centre, tapé au clavier ; plusieurs valeurs se séparent d'un point-virgule."""

    nom: str
    libelle: str
    exemple: str
    valeur: str


def menus(definition: Definition) -> list[Menu]:
    premiere, *autres = _menus_des_mesures(definition)
    return [premiere, *_menus_des_filtres(definition), *_menus_de_la_fin(definition), *autres]


def textes(definition: Definition) -> list[Texte]:
    return [
        Texte(filtre.value, libelle, exemple, f" {_SEPARE} ".join(definition.valeurs(filtre)))
        for filtre, (libelle, exemple) in _TEXTES.items()
        if _a_un_sens(filtre, definition)
    ]


def lire_menus(envoi: Mapping[str, str]) -> Definition:
    """La définition choisie, sans ce qui n'a plus de sens avec les nouvelles mesures. Lève `DefinitionInvalide`."""
    mesures = dict.fromkeys(envoi[nom] for nom in _noms_de_mesures() if envoi.get(nom))
    base = [envoi["base"]] if envoi.get("base") else [Mesure.PERSONNES_DIFFERENTES.value]
    evolue = Mesure.EVOLUTION in mesures
    par = _separer(envoi.get("par", ""), _JOINT)
    if Mesure.REPARTITION in mesures and not par:
        par = [Ventilation.AGE.value]
    fois = envoi.get("au_moins", "")
    comptees = [mesure for mesure in mesures if mesure != Mesure.EVOLUTION] + (base if evolue else [])
    permises = [ACCEPTE[Mesure(mesure)] for mesure in comptees if mesure in Mesure.values]
    filtres = {
        filtre.value: valeurs
        for filtre in Filtre
        if (valeurs := _valeurs(filtre, envoi.get(filtre.value, "")))
        and any(filtre in permise.filtres for permise in permises)
    }
    return lire_definition(
        {
            "mesures": list(mesures),
            "filtres": filtres,
            "par": [une for une in par if any(une in permise.par for permise in permises)],
            "base": base if evolue else [],
            "au_moins": int(fois) if _est_un_nombre(fois) and any(p.au_moins for p in permises) else 1,
            "perimetre": envoi.get("perimetre") or Perimetre.FICHE.value,
        },
        envoi.get("calendrier") or Calendrier.CIVILE.value,
    )


def _noms_de_mesures() -> list[str]:
    return [f"mesure_{rang}" for rang in range(1, MESURES_MAX + 1)]


def _est_un_nombre(texte: str) -> bool:
    return texte.isascii() and texte.isdigit() and len(texte) < 3


def _separer(texte: str, signe: str) -> list[str]:
    return list(dict.fromkeys(mot.strip() for mot in texte.split(signe) if mot.strip()))


def _valeurs(filtre: Filtre, texte: str) -> list[str]:
    if filtre is Filtre.AUTRE:
        return [texte.strip()] if texte.strip() else []
    return _separer(texte, _JOINT if filtre in VALEURS else _SEPARE)


def _a_un_sens(filtre: Filtre, definition: Definition) -> bool:
    return any(filtre in ACCEPTE[mesure].filtres for mesure in definition.comptees)


def _menus_des_mesures(definition: Definition) -> Iterator[Menu]:
    """« On suit » la première, « et aussi » les autres ; toujours une place libre, tant qu'il en reste."""
    for rang, nom in enumerate(_noms_de_mesures()[: len(definition.mesures) + 1]):
        choisie = definition.mesures[rang] if rang < len(definition.mesures) else None
        choix = [(m.value, _nommer(m)) for m in Mesure if m is choisie or m not in definition.mesures]
        valeur = choisie.value if choisie else ""
        if rang == 0:
            yield Menu(nom, "Ce que l’on suit", tuple(choix), valeur, "On suit")
        else:
            yield Menu(nom, f"Et aussi, {rang}", (("", "rien d’autre"), *choix), valeur, "et aussi")


def _nommer(mesure: Mesure) -> str:
    """« les séances », « l’assiduité »."""
    return f"{_ARTICLES.get(mesure, 'les ')}{mesure.label}"


def _menus_des_filtres(definition: Definition) -> Iterator[Menu]:
    if definition.base:
        suivies = tuple((m.value, _nommer(m)) for m in Mesure if m not in SANS_BASE)
        yield Menu("base", "L’évolution de quoi", suivies, definition.base[0].value, "pour")
    for filtre in (Filtre.GENRE, Filtre.AGE):
        yield from _menu_du_filtre(filtre, definition)
    if any(ACCEPTE[mesure].au_moins for mesure in definition.comptees):
        fois = sorted({*FOIS, definition.au_moins})
        choix = tuple((str(nombre), f"au moins {nombre} fois") for nombre in fois)
        yield Menu("au_moins", "Combien de fois", choix, str(definition.au_moins), "venus")
    for filtre in (Filtre.ROLE, Filtre.GENRE_SEANCE):
        yield from _menu_du_filtre(filtre, definition)


def _menu_du_filtre(filtre: Filtre, definition: Definition) -> Iterator[Menu]:
    if not _a_un_sens(filtre, definition):
        return
    choix = [("", TOUS[filtre]), *((valeur, _dire(filtre, [valeur])) for valeur in VALEURS[filtre].values)]
    retenues = definition.valeurs(filtre)
    if len(retenues) > 1:
        choix.append((_JOINT.join(retenues), _dire(filtre, retenues)))
    yield Menu(filtre.value, _LIBELLES[filtre], tuple(choix), _JOINT.join(retenues))


def _dire(filtre: Filtre, valeurs: Iterable[str]) -> str:
    """Le morceau de phrase : « aux ateliers ou sorties », « comme parents »."""
    if filtre is Filtre.GENRE_SEANCE:
        return f"aux {ou(GenreSeance(valeur).label for valeur in valeurs)}"
    if filtre is Filtre.ROLE:
        return f"comme {ou(RoleDePresence(valeur).label for valeur in valeurs)}"
    return ou(VALEURS[filtre](valeur).label for valeur in valeurs)


def _menus_de_la_fin(definition: Definition) -> Iterator[Menu]:
    perimetres = ((Perimetre.FICHE.value, "de cette action"), (Perimetre.CENTRE.value, "de tout le centre"))
    yield Menu("perimetre", "Où", perimetres, definition.perimetre.value)
    permises = [v for v in Ventilation if any(v in ACCEPTE[mesure].par for mesure in definition.comptees)]
    if permises:
        rien = () if Mesure.REPARTITION in definition.mesures else (("", "sans détail"),)
        choix = [*rien, *((v.value, str(v.label)) for v in permises)]
        if len(definition.par) > 1:
            choix.append((_JOINT.join(definition.par), et(v.label for v in definition.par)))
        yield Menu("par", "Avec quel détail", tuple(choix), _JOINT.join(definition.par))
    annees = tuple((calendrier.value, dit) for calendrier, dit in ANNEES.items())
    yield Menu("calendrier", "Sur quelle durée", annees, definition.calendrier.value)
