"""Ce qui se contredit : anciens noms, numéros faux, sigles, dates hors du projet, fiches en double."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any, Final

from maillage.core.francais import compte
from maillage.projets.choices import GenreManque
from maillage.projets.manques import Manque, Place
from maillage.projets.models import FicheAction, GesteDArbre, SauvegardeDeFiche
from maillage.projets.verification.lecture import Lecture
from maillage.projets.verification.renvois import citations_mortes, renvois_faux
from maillage.projets.verification.sigles import sigles_a_revoir
from maillage.projets.verification.textes import a_plat, place_du_champ

_ANNEE: Final = re.compile(r"\b(20\d\d)\b")
LONGUEUR_D_UN_NOM: Final = 12
"""Signes : plus court, un ancien nom se confondrait avec des mots de tous les jours."""
MEME_TITRE: Final = 0.8


def a_accorder(lecture: Lecture) -> Iterator[Manque]:
    yield from citations_mortes(lecture)
    yield from renvois_faux(lecture)
    yield from _anciens_noms(lecture)
    yield from _titres_des_fiches(lecture)
    yield from _dates(lecture)
    yield from sigles_a_revoir(lecture)


def _coherence(phrase: str, ou: str, cle: str, places: Iterable[Place]) -> Manque:
    return Manque(phrase, ou, genre=GenreManque.COHERENCE, cle=cle, places=tuple(places))


# --- Anciens noms ------------------------------------------------------------------------------------


def _anciens_noms(lecture: Lecture) -> Iterator[Manque]:
    """Un axe, un objectif ou une fiche a changé de nom ; un texte dit encore l'ancien."""
    actuels = _titres_actuels(lecture)
    presents = {a_plat(titre) for titre in actuels.values()}
    for cle, ancien in _noms_d_avant(lecture):
        nu, neuf = a_plat(ancien), actuels.get(cle, "")
        if not neuf or len(nu) < LONGUEUR_D_UN_NOM or " " not in nu or nu in presents or nu in a_plat(neuf):
            continue
        ou = [
            passage.place
            for passage in lecture.passages
            if nu in passage.a_plat and not _est_son_titre(passage.place, cle)
        ]
        if ou:
            yield _coherence(
                f"« {ancien} » s’appelle maintenant « {neuf} », et un texte dit encore l’ancien nom.",
                "arbre",
                f"ancien_nom {cle} {nu}",
                ou,
            )


def _titres_actuels(lecture: Lecture) -> dict[str, str]:
    arbre = lecture.arbre
    objectifs = [un.objectif for lu in arbre.objectifs for un in (lu, *lu.operationnels)]
    return {
        **{f"axe:{axe.axe.pk}": axe.axe.titre for axe in arbre.axes},
        **{f"enjeu:{lu.enjeu.pk}": lu.enjeu.titre for lu in arbre.enjeux},
        **{f"objectif:{objectif.pk}": objectif.titre for objectif in objectifs},
        **{f"fiche:{lue.fiche.pk}": lue.fiche.titre for lue in arbre.fiches},
    }


def _noms_d_avant(lecture: Lecture) -> Iterator[tuple[str, str]]:
    """(« axe:12 », ancien titre), d'après les gestes sur l'arbre et l'histoire des fiches, une fois chacun."""
    vus: set[tuple[str, str]] = set()
    gestes = GesteDArbre.objects.filter(projet=lecture.projet.pk, ligne__acte__in=("renommer", "ecrire_axe"))
    sauvegardes = SauvegardeDeFiche.objects.filter(
        fiche__projet=lecture.projet.pk, champ="titre", est_ecartee=False
    )
    trouves = [
        (cle, str(valeurs["titre"]))
        for avant in gestes.order_by("pk").values_list("ligne__avant", flat=True)
        for cle, valeurs in (avant or {}).items()
        if "titre" in valeurs
    ]
    trouves += [
        (f"fiche:{fiche}", str(valeur))
        for fiche, valeur in sauvegardes.order_by("pk").values_list("fiche_id", "valeur")
    ]
    for paire in trouves:
        if paire not in vus:
            vus.add(paire)
            yield paire


def _est_son_titre(place: Place, cle: str) -> bool:
    """Le titre de la fiche elle-même, tel que l'étape l'écrit, n'est pas une citation."""
    return place.ancre == "id_titre" and cle == f"fiche:{dict(place.parametres).get('pk')}"


def _titres_des_fiches(lecture: Lecture) -> Iterator[Manque]:
    """Le document importé nommait l'action autrement dans l'arbre ; deux fiches portent le même titre ou numéro."""
    ecarts = [
        lue
        for lue in lecture.arbre.fiches
        if lue.fiche.titre_dans_arbre
        and SequenceMatcher(None, a_plat(lue.fiche.titre_dans_arbre), a_plat(lue.fiche.titre)).ratio()
        < MEME_TITRE
    ]
    if ecarts:
        yield _coherence(
            f"{compte(len(ecarts), 'fiche')} : le titre n’est pas celui de l’arbre du document.",
            "arbre",
            "titres_dans_l_arbre",
            (
                _fiche(
                    lue.fiche,
                    f"{lue.numero} : « {lue.fiche.titre} » ; l’arbre dit « {lue.fiche.titre_dans_arbre} »",
                )
                for lue in ecarts
            ),
        )
    for sujet, mots in (("titre", "le même titre"), ("numero", "le même numéro")):
        par_forme: dict[str, list[Any]] = defaultdict(list)
        for lue in lecture.arbre.fiches:
            forme = a_plat(lue.fiche.titre) if sujet == "titre" else lue.numero
            if forme:
                par_forme[forme].append(lue)
        for forme, lues in par_forme.items():
            if len(lues) > 1:
                dit = lues[0].fiche.titre if sujet == "titre" else forme
                yield _coherence(
                    f"{compte(len(lues), 'fiche')} ont {mots} : « {dit} ».",
                    "arbre",
                    f"meme_{sujet} {forme}",
                    (_fiche(lue.fiche, str(lue)) for lue in lues),
                )


def _fiche(fiche: FicheAction, nom: str) -> Place:
    return Place(nom, "fiche_action", (("pk", fiche.pk),))


# --- Dates -------------------------------------------------------------------------------------------


def _dates(lecture: Lecture) -> Iterator[Manque]:
    """Une étape, une cible, une année ou un échéancier hors de la période du projet."""
    projet, lues = lecture.projet, lecture.arbre.par_numero_de_ligne
    dehors: dict[str, list[Place]] = {"etapes": [], "annees": [], "echeancier": [], "cibles": []}
    for etape in lecture.etapes:
        if etape.du < projet.du or (etape.au or etape.du) > projet.au:
            dehors["etapes"].append(
                _fiche(lues[etape.fiche_id].fiche, f"Fiche {lues[etape.fiche_id]} : {etape}")
            )
    for lue in lecture.arbre.fiches:
        autres = sorted(set(lue.fiche.annees) - set(projet.annees))
        if autres:
            nom = f"{lue} : {', '.join(map(str, autres))}"
            dehors["annees"].append(place_du_champ(lue.fiche, "annees", nom))
        citees = {int(annee) for ligne in lue.fiche.echeancier for annee in _ANNEE.findall(str(ligne))}
        if autres := sorted(citees - set(projet.annees)):
            nom = f"{lue} : {', '.join(map(str, autres))}"
            dehors["echeancier"].append(place_du_champ(lue.fiche, "echeancier", nom))
    for indicateur in lecture.indicateurs:
        autres = sorted({cible.annee for cible in indicateur.cibles.all()} - set(projet.annees))
        if autres:
            nom = f"Fiche {lues[indicateur.fiche_id]} : {', '.join(map(str, autres))}"
            dehors["cibles"].append(Place(nom, "indicateur", (("pk", indicateur.pk),)))
    periode = f"de {projet.du.year} à {projet.au.year}"
    for cle, mots in (
        ("etapes", "étape"),
        ("annees", "fiche"),
        ("echeancier", "échéancier"),
        ("cibles", "cible"),
    ):
        if places := dehors[cle]:
            suite = "a lieu" if cle == "annees" else "tombe"
            suite = {"a lieu": "ont lieu", "tombe": "tombent"}[suite] if len(places) > 1 else suite
            yield _coherence(
                f"{compte(len(places), mots)} {suite} hors du projet, qui va {periode}.",
                "calendrier",
                f"hors_periode {cle}",
                places,
            )
