"""Rapprocher l'arbre et les fiches : qui sert quel objectif, sous quel numéro, avec quel titre."""

import re
from collections import Counter
from dataclasses import dataclass

from maillage.projets.importation.arbre import code_de_statut
from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.cellules import Passage, ranger
from maillage.projets.importation.etages import Etages, Place
from maillage.projets.importation.fiches import FicheBrute
from maillage.projets.importation.lexique import EN_TETE
from maillage.projets.importation.lu import AxeLu, EnjeuLu, FicheLue, ObjectifLu, OperationnelLu
from maillage.projets.importation.mots import forme
from maillage.projets.importation.noeuds import Arbre
from maillage.projets.importation.puces_perdues import recouper_les_fiches
from maillage.projets.importation.titres import Genre, lire_un_titre

_DITS_AILLEURS = ("pilote", "lieu", "statut", "enjeu")
"""Ce qu'une fiche dit d'elle-même, et qui n'est ni une cellule ni une place dans l'arbre."""


@dataclass
class _Identite:
    """Comment une fiche se nomme. `nom_d_axe` : l'axe comme la fiche l'écrit."""

    axe: str
    numero: str
    titre: str
    nom_d_axe: str = ""


class Assemblage:
    """Les axes, enjeux, objectifs et fiches d'un projet, rapprochés."""

    def __init__(self, blocs: list[Bloc], arbre: Arbre, brutes: list[FicheBrute]) -> None:
        self.blocs = blocs
        self.codes = arbre.codes
        self.etages = Etages(blocs, arbre)
        self.brutes = brutes
        self.identites = [self._identite(brute) for brute in brutes]
        self._completer_les_axes()
        self.places = [self._places(identite) for identite in self.identites]
        for identite, places in zip(self.identites, self.places, strict=True):
            identite.numero = identite.numero or next((place.noeud.numero for place in places), "")
        self._ajouter_les_fiches_sans_page()
        _numeroter(self.identites)
        self.fiches = recouper_les_fiches(self._fiche(rang) for rang in range(len(self.identites)))

    @property
    def axes(self) -> list[AxeLu]:
        return list(self.etages.axes.values())

    @property
    def enjeux(self) -> list[EnjeuLu]:
        return self.etages.enjeux

    @property
    def objectifs(self) -> list[ObjectifLu]:
        """Les objectifs de l'arbre ; les fiches y ont le numéro qu'elles portent sur leur page."""
        numeros = {
            place: identite.numero
            for identite, places in zip(self.identites, self.places, strict=True)
            for place in places
        }
        return [
            ObjectifLu(
                ligne_debut=objectif.debut,
                ligne_fin=objectif.fin,
                titre=objectif.titre,
                enjeu=objectif.enjeu,
                axe=objectif.axe,
                fiches=tuple(numeros.get(place, place.noeud.numero) for place in objectif.places),
                renvois=tuple(objectif.renvois),
                operationnels=tuple(OperationnelLu(titre=titre) for titre in objectif.operationnels),
            )
            for objectif in self.etages.objectifs
        ]

    # --- Comment chaque fiche se nomme -----------------------------------------------------------------------
    def _identite(self, brute: FicheBrute) -> _Identite:
        titre, axe = brute.entete.titre, brute.entete.axe
        numero = (titre.numero if titre else "") or _valeur(brute, "numero")
        texte = titre.texte if titre else ""
        if not texte or not numero or brute.entete.est_devine:
            texte = _valeur(brute, "titre") or texte
        interieur = lire_un_titre(texte)
        if interieur and interieur.genre in (Genre.FICHE, Genre.NUMERO) and not numero:
            numero, texte = interieur.numero, interieur.texte or texte
        ligne = self.blocs[brute.blocs[0]].ligne
        if axe:
            self.etages.nommer_un_axe(axe.numero, axe.texte, ligne)
            return _Identite(axe.numero, numero, texte, axe.texte)
        valeur = _valeur(brute, "axe")
        dit = lire_un_titre(valeur)
        return _Identite(self._axe_nomme(valeur, ligne), numero, texte, dit.texte if dit else valeur)

    def _axe_nomme(self, valeur: str, ligne: int) -> str:
        """L'axe que nomme une cellule « Axe » : par son numéro, ou par son titre."""
        titre = (lire_un_titre(valeur) or lire_un_titre(f"Axe {valeur}")) if valeur else None
        if titre and titre.genre is Genre.AXE:
            self.etages.nommer_un_axe(titre.numero, titre.texte, ligne)
            return titre.numero
        return next((axe.numero for axe in self.axes if forme(axe.titre) == forme(valeur)), "")

    def _completer_les_axes(self) -> None:
        """Une fiche sans axe prend celui de l'arbre, de ses sœurs (même début de numéro), ou du titre d'axe d'avant."""
        par_titre = {place.forme: place.axe for place in self.etages.places}
        combien = Counter({(place.axe, cle(place.noeud.numero)) for place in self.etages.places})
        numeros = Counter(numero for _, numero in combien)
        par_numero = {numero: axe for axe, numero in combien if numero and numeros[numero] == 1}
        par_prefixe = {
            _prefixe(identite.numero): identite.axe
            for identite in self.identites
            if identite.axe and _prefixe(identite.numero)
        }
        precedent = ""
        for identite, brute in zip(self.identites, self.brutes, strict=True):
            ambiant = brute.axe_ambiant
            identite.axe = precedent = (
                identite.axe
                or par_titre.get(forme(identite.titre), "")
                or par_numero.get(cle(identite.numero), "")
                or par_prefixe.get(_prefixe(identite.numero), "")
                or _axe_du_numero(identite.numero, self.etages.axes)
                or (ambiant.numero if ambiant else "")
                or precedent
            )
            if ambiant and identite.axe == ambiant.numero:
                self.etages.nommer_un_axe(ambiant.numero, ambiant.texte, self.blocs[brute.blocs[0]].ligne)

    # --- Les fiches et l'arbre -------------------------------------------------------------------------------
    def _places(self, identite: _Identite) -> list[Place]:
        """Où l'arbre cite cette fiche : par son numéro, sinon par son titre, sinon par la fin de son numéro."""
        de_l_axe = [place for place in self.etages.places if place.axe == identite.axe]
        cherche, titre = cle(identite.numero), forme(identite.titre)
        par_numero = [place for place in de_l_axe if cherche and cle(place.noeud.numero) == cherche]
        par_titre = [place for place in de_l_axe if titre and place.forme == titre]
        if len({place.forme for place in par_numero}) > 1 and par_titre:
            return par_titre  # un numéro qui recommence sous chaque objectif ne suffit pas
        fin = cherche.rpartition(".")[2]
        return (
            par_numero
            or par_titre
            or [place for place in de_l_axe if fin and fin != cherche and cle(place.noeud.numero) == fin]
        )

    def _ajouter_les_fiches_sans_page(self) -> None:
        """Une fiche que l'arbre cite et que le document ne détaille pas est une fiche qui reste à écrire."""
        placees = {place for places in self.places for place in places}
        seules: dict[tuple[str, str], list[Place]] = {}
        for place in self.etages.places:
            if place not in placees:
                seules.setdefault((place.axe, place.forme), []).append(place)
        for places in seules.values():
            self.identites.append(_Identite(places[0].axe, places[0].noeud.numero, places[0].titre))
            self.places.append(places)

    def _fiche(self, rang: int) -> FicheLue:
        identite, places = self.identites[rang], self.places[rang]
        brute = self.brutes[rang] if rang < len(self.brutes) else None
        rangs = brute.blocs if brute else [place.noeud.rang for place in places]
        objectifs = [place.objectif for place in places if place.objectif]
        statuts = (code_de_statut(place.noeud.statut, self.codes) for place in places)
        return FicheLue(
            ligne_debut=self.blocs[rangs[0]].ligne,
            ligne_fin=self.blocs[rangs[-1]].ligne,
            axe=identite.axe,
            numero=identite.numero,
            ordre=rang + 1,
            titre=identite.titre,
            titre_dans_arbre=places[0].titre if places else None,
            statut=next((statut for statut in statuts if statut), None),
            annees=tuple(sorted({annee for place in places for annee in place.noeud.annees})),
            enjeux=tuple(dict.fromkeys(place.enjeu for place in places if place.enjeu is not None)),
            objectifs=tuple(dict.fromkeys(objectif.titre for objectif in objectifs)),
            cellules=tuple(ranger(p for p in brute.passages if not _nomme(p))) if brute else (),
            projets_specifiques=_projets(brute) if brute else (),
            autres=(*self._autre_axe(identite), *(_autres(brute) if brute else ())),
        )

    def _autre_axe(self, identite: _Identite) -> list[tuple[str, str]]:
        """L'axe tel que la fiche l'écrit, quand ce n'est pas le titre de l'arbre."""
        axe = self.etages.axes.get(identite.axe)
        differe = axe and identite.nom_d_axe and forme(identite.nom_d_axe) != forme(axe.titre)
        return [("axe", identite.nom_d_axe)] if differe else []


def cle(numero: str) -> str:
    """« 01 », « 1 » et « 1. » sont le même numéro."""
    return ".".join(partie.lstrip("0") or "0" for partie in re.findall(r"[0-9A-Za-z]+", numero)).upper()


def _numeroter(identites: list[_Identite]) -> None:
    """Une fiche sans numéro prend le premier libre de son axe : il faut pouvoir la désigner."""
    for identite in identites:
        if not identite.numero:
            pris = {cle(autre.numero) for autre in identites if autre.axe == identite.axe}
            identite.numero = next(str(n) for n in range(1, len(identites) + 1) if str(n) not in pris)


def _prefixe(numero: str) -> str:
    return cle(numero).rpartition(".")[0]


def _axe_du_numero(numero: str, axes: dict[str, AxeLu]) -> str:
    """« 2.3 » est la fiche 3 de l'axe 2, « B4 » la fiche 4 de l'axe B, si cet axe existe."""
    parties = re.findall(r"\d+|[A-Za-z]+", numero)
    return next((partie.upper() for partie in reversed(parties[:-1]) if partie.upper() in axes), "")


def _nomme(passage: Passage) -> bool:
    return passage.libelle is not None and passage.libelle.nom in EN_TETE


def _projets(brute: FicheBrute) -> tuple[str, ...]:
    return tuple(brute.entete.projets) or tuple(_liste(brute, "projets_specifiques"))


def _autres(brute: FicheBrute) -> list[tuple[str, str]]:
    return [
        (passage.libelle.nom, passage.texte)
        for passage in brute.passages
        if passage.libelle and passage.libelle.nom in _DITS_AILLEURS and passage.lignes
    ]


def _valeur(brute: FicheBrute, nom: str) -> str:
    return next(iter(_liste(brute, nom)), "")


def _liste(brute: FicheBrute, nom: str) -> list[str]:
    return [
        ligne.texte
        for passage in brute.passages
        if passage.libelle and passage.libelle.nom == nom
        for ligne in passage.lignes
    ]
