"""Ce que le projet d'avant a appris, dans le dossier de celui-ci ; et la mémoire d'un projet dans un tableur."""

from collections.abc import Iterable, Iterator
from typing import Any

from maillage.catalogue.exportation.formats import ecrire
from maillage.core.documents.description import (
    Bloc,
    Chiffre,
    Chiffres,
    Paragraphe,
    Tableau,
    texte_libre,
)
from maillage.core.documents.texte import Texte, gras
from maillage.core.francais import date_longue, nombre
from maillage.projets.memoire import (
    DEVENIRS,
    Memoire,
    NombreRetenu,
    Souvenir,
    lire_memoire,
)
from maillage.projets.models import ProjetSocial

RIEN = "–"
LECONS_MONTREES = 12


def blocs_de_la_memoire(projet: ProjetSocial) -> tuple[Bloc, ...]:
    """Rien quand le projet n'en suit aucun. Les petits nombres y sont cachés : la Caf le lit."""
    if projet.suite_de is None:
        return ()
    memoire = lire_memoire(projet.suite_de, est_dehors=True)
    return tuple(_blocs(memoire)) if memoire.souvenirs else ()


def _blocs(memoire: Memoire) -> Iterator[Bloc]:
    avant = memoire.projet
    yield Paragraphe(
        f"« {avant.nom} » allait du {date_longue(avant.du)} au {date_longue(avant.au)}. "
        "Voici ce qu’il a tenté, ce que nous en gardons, et pourquoi."
    )
    yield Chiffres(
        (
            Chiffre(nombre(len(memoire.souvenirs)), "actions tentées"),
            *(Chiffre(nombre(len(siens)), dit.lower()) for _, dit, siens in memoire.par_devenir),
        )
    )
    if memoire.evaluation is not None and memoire.evaluation.synthese.strip():
        yield Paragraphe(gras("Ce que l’évaluation en retient"))
        yield from texte_libre(memoire.evaluation.synthese)
    for _, libelle, siens in memoire.par_devenir:
        yield Tableau(
            libelle,
            ("Action", "Ce qu’elle a donné", "Pourquoi"),
            tuple((str(s.lue), _resultat(s), s.raison or RIEN) for s in siens),
            a_entetes_de_ligne=True,
            largeurs=(4, 5, 5),
        )
    if apprises := _apprises(memoire):
        yield Tableau(
            "Ce que nous avons appris",
            ("Leçon", "D’où elle vient"),
            apprises,
            largeurs=(7, 4),
        )


def _resultat(souvenir: Souvenir) -> str:
    """Ce que cela a changé, à défaut le premier nombre."""
    if souvenir.effet:
        return souvenir.effet
    return en_mots(souvenir.nombres[0]) if souvenir.nombres else RIEN


def en_mots(retenu: NombreRetenu) -> str:
    """« Courriers écrits : 412 au départ, 467 en 2025 (cible 450) »."""
    dit = f"{retenu.libelle} : "
    if retenu.depart:
        dit += f"{retenu.depart} au départ, "
    dit += f"{retenu.arrivee} en {retenu.annee}"
    return f"{dit} (cible {retenu.cible})" if retenu.cible else dit


def _apprises(memoire: Memoire) -> tuple[tuple[Texte, ...], ...]:
    """Celles que l'évaluation a retenues ; s'il n'y en a pas, la dernière de chaque fiche."""
    retenues: list[tuple[Texte, ...]] = [
        (lecon.texte, lecon.fiche.titre if lecon.fiche else "L’évaluation") for lecon in memoire.lecons
    ]
    if not retenues:
        retenues = [(s.apprises[0].texte, str(s.lue)) for s in memoire.souvenirs if s.apprises]
    return tuple(retenues[:LECONS_MONTREES])


def exporter_memoire(souvenirs: Iterable[Souvenir], format: str) -> Iterator[bytes]:
    """Une ligne par action. Lève `ValueError` pour un format inconnu."""
    lignes = [_en_ligne(souvenir) for souvenir in souvenirs]
    return ecrire(lignes, list(lignes[0]) if lignes else ["Action"], format, titre="Mémoire")


def _en_ligne(souvenir: Souvenir) -> dict[str, Any]:
    return {
        "Numéro": souvenir.lue.numero,
        "Action": souvenir.fiche.titre,
        "Axe": str(souvenir.lue.axe or ""),
        "Ce qu’elle est devenue": DEVENIRS[souvenir.devenir][0],
        "Pourquoi": souvenir.raison,
        "Ce qu’elle a donné": souvenir.effet,
        "Nombres": [en_mots(retenu) for retenu in souvenir.nombres],
        "Leçons": [apprise.texte for apprise in souvenir.apprises],
    }
