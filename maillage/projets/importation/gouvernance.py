"""Les instances : ce que le chapitre « gouvernance » dit de chacune, son rôle et sa composition."""

import re
from collections.abc import Iterator

from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.chapitres import Chapitre
from maillage.projets.importation.lexique import motif, parle_de, variantes
from maillage.projets.importation.lu import InstanceLue
from maillage.projets.importation.mots import forme, plier

_SUJET = re.compile(
    r"^(?:Le|La|Les|L['’]|Un|Une|Des)?\s*(?P<nom>[^.:;()]{3,110}?)\s*(?:\((?P<sigle>[A-Z][\w-]{1,12})\))?\s*"
    r"(?::|–|—|(?=\s(?:a|ont|est|sont|vise|visent|se|sera|seront|constitue|constituent|assure|assurent|réunit|réunissent|"
    r"permet|suscite|définit|valide|veille|regroupe|rassemble|comprend|participe)\b))\s*(?P<suite>.*)$",
    re.DOTALL,
)
_PHRASE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý«])")
_NOM_MAX = 90


def lire_les_instances(blocs: list[Bloc], chapitres: list[Chapitre]) -> list[InstanceLue]:
    """Les instances que nomment les paragraphes des chapitres de gouvernance, chacune une fois."""
    instances: dict[str, InstanceLue] = {}
    for rang in _paragraphes(chapitres):
        bloc = blocs[rang]
        instance = _instance(bloc)
        if instance:
            instances.setdefault(forme(instance.nom), instance)
    return list(instances.values())


def _paragraphes(chapitres: list[Chapitre]) -> Iterator[int]:
    niveau = 0
    for chapitre in chapitres:
        if niveau and chapitre.niveau <= niveau:
            niveau = 0
        if not niveau and parle_de(chapitre.titre, "gouvernance"):
            niveau = chapitre.niveau
        if niveau:
            yield from chapitre.rangs


def _instance(bloc: Bloc) -> InstanceLue | None:
    """Un paragraphe qui commence par le nom d'une instance, ou un rang de tableau dont c'est la première cellule."""
    if bloc.est_rang:
        textes = [cellule.texte.replace("\n", " ") for _, cellule in bloc.pleines()]
        if len(textes) < 2 or not _est_une_instance(textes[0]):
            return None
        return _figer(bloc, textes[0], textes[1], textes[2] if len(textes) > 2 else "")
    sujet = _sujet(bloc.texte)
    if sujet is None:
        return None
    nom, suite = sujet
    phrases = _PHRASE.split(suite)
    compose = [
        phrase for phrase in phrases if re.search(rf"\b{motif('instances', 'composition')}\b", forme(phrase))
    ]
    reste = [phrase for phrase in phrases if phrase not in compose]
    return _figer(bloc, nom, _role(" ".join(reste) or suite), " ".join(compose))


def _sujet(texte: str) -> tuple[str, str] | None:
    """Le nom de l'instance par lequel ce paragraphe commence, jusqu'à son verbe, et la suite."""
    noms = motif("instances", "noms").replace(r"\ ", "[ '’-]+")
    connu = re.match(rf"(?:le |la |les |l['’]|un |une )?(?P<nom>{noms})\b", plier(texte))
    if not connu:
        return None
    entier = _SUJET.match(texte)
    if entier and len(entier["nom"]) <= _NOM_MAX:
        return entier["nom"], entier["suite"].strip()
    return texte[connu.start("nom") : connu.end("nom")], texte[connu.end("nom") :].strip()


def _role(texte: str) -> str:
    """« vise à suivre le projet » → « Suivre le projet »."""
    debut = next(
        (mots for mots in variantes("instances", "role") if texte.lower().startswith(f"{mots} ")), ""
    )
    net = texte[len(debut) :].strip()
    return net[:1].upper() + net[1:]


def _est_une_instance(nom: str) -> bool:
    return (
        len(nom) <= _NOM_MAX
        and re.match(rf"(?:le |la |les |l |un |une )?{motif('instances', 'noms')}\b", forme(nom)) is not None
    )


def _figer(bloc: Bloc, nom: str, role: str, composition: str) -> InstanceLue:
    net = nom.strip(" -–—:")
    return InstanceLue(
        ligne_debut=bloc.ligne,
        ligne_fin=bloc.ligne,
        nom=net[:1].upper() + net[1:],
        role=role,
        composition=composition,
    )
