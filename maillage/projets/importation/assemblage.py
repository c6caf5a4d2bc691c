"""Rapprocher l'arbre et les fiches : qui sert quel objectif, sous quel numéro, avec quel titre."""

import re
from collections.abc import Iterable

from maillage.projets.importation.arbre import code_de_statut, titre_sans_renvoi
from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.cellules import Passage, ranger
from maillage.projets.importation.fiches import FicheBrute
from maillage.projets.importation.lexique import EN_TETE
from maillage.projets.importation.lu import AxeLu, EnjeuLu, FicheLue, ObjectifLu
from maillage.projets.importation.mots import forme
from maillage.projets.importation.noeuds import Arbre, Noeud, Sorte
from maillage.projets.importation.titres import Genre, lire_un_titre


class _Objectif:
    """Un objectif pendant qu'on lit l'arbre."""

    def __init__(self, titre: str, axe: str, enjeu: int | None, ligne: int) -> None:
        self.titre, self.axe, self.enjeu = titre, axe, enjeu
        self.debut = self.fin = ligne
        self.actions: list[Noeud] = []
        self.renvois: list[str] = []
        self.operationnels: list[str] = []

    def figer(self, fiches: Iterable[str]) -> ObjectifLu:
        return ObjectifLu(
            ligne_debut=self.debut,
            ligne_fin=self.fin,
            titre=self.titre,
            enjeu=self.enjeu,
            axe=self.axe,
            fiches=tuple(fiches),
            renvois=tuple(self.renvois),
            operationnels=tuple(self.operationnels),
        )


class Assemblage:
    """Les axes, enjeux, objectifs et fiches d'un projet, rapprochés."""

    def __init__(self, blocs: list[Bloc], arbre: Arbre, brutes: list[FicheBrute]) -> None:
        self.blocs = blocs
        self.arbre = arbre
        self.brutes = brutes
        self._axes: dict[str, AxeLu] = {}
        self.enjeux: list[EnjeuLu] = []
        self._objectifs: list[_Objectif] = []
        self.actions: dict[tuple[str, str], list[tuple[Noeud, _Objectif | None]]] = {}
        for zone in arbre.zones:
            self._lire_la_zone(zone.axe, zone.noeuds)
        self.identites = self._identites()
        self.fiches = [self._fiche(rang, brute) for rang, brute in enumerate(brutes)]

    # --- L'arbre -------------------------------------------------------------------------------------------
    def _lire_la_zone(self, axe: Noeud, noeuds: list[Noeud]) -> None:
        ligne = self.blocs[axe.rang].ligne
        fin = self.blocs[noeuds[-1].rang].ligne if noeuds else ligne
        if axe.numero or axe.texte:
            self._axes[axe.numero] = AxeLu(
                ligne_debut=ligne, ligne_fin=fin, numero=axe.numero, titre=axe.texte
            )
        enjeu: int | None = None
        objectif: _Objectif | None = None
        for noeud in noeuds:
            ligne = self.blocs[noeud.rang].ligne
            if noeud.sorte is Sorte.ENJEU:
                enjeu = int(noeud.numero) if noeud.numero.isdecimal() else len(self.enjeux) + 1
                objectif = None
                self.enjeux.append(
                    EnjeuLu(
                        ligne_debut=ligne, ligne_fin=ligne, numero=enjeu, axe=axe.numero, titre=noeud.texte
                    )
                )
            elif noeud.sorte in (Sorte.OBJECTIF, Sorte.NUE):
                objectif = _Objectif(noeud.texte, axe.numero, enjeu, ligne)
                self._objectifs.append(objectif)
            elif noeud.sorte is Sorte.OPERATIONNEL and objectif:
                objectif.operationnels.append(noeud.texte)
            elif noeud.sorte is Sorte.OPERATIONNEL:
                objectif = _Objectif(noeud.texte, axe.numero, enjeu, ligne)
                self._objectifs.append(objectif)
            elif noeud.sorte is Sorte.RENVOI and objectif:
                objectif.renvois.append(noeud.texte)
            elif noeud.sorte is Sorte.ACTION:
                if objectif:
                    objectif.actions.append(noeud)
                    objectif.fin = ligne
                self.actions.setdefault((axe.numero, cle(noeud.numero) or forme(noeud.texte)), []).append(
                    (noeud, objectif)
                )

    @property
    def axes(self) -> list[AxeLu]:
        return list(self._axes.values())

    @property
    def objectifs(self) -> list[ObjectifLu]:
        """Les objectifs de l'arbre ; les fiches y ont le numéro qu'elles portent dans le document."""
        numeros = {(fiche.axe, cle(fiche.numero)): fiche.numero for fiche in self.fiches}
        par_titre = {(fiche.axe, forme(fiche.titre)): fiche.numero for fiche in self.fiches}
        return [
            objectif.figer(
                numeros.get((objectif.axe, cle(noeud.numero)))
                or par_titre.get((objectif.axe, forme(noeud.texte)))
                or noeud.numero
                for noeud in objectif.actions
            )
            for objectif in self._objectifs
        ]

    # --- Les fiches ----------------------------------------------------------------------------------------
    def _identites(self) -> list[tuple[str, str, str]]:
        """(axe, numéro, titre) de chaque fiche, telle qu'elle se nomme."""
        identites: list[list[str]] = []
        courant = ""
        for brute in self.brutes:
            titre = brute.entete.titre
            axe = brute.entete.axe
            numero = (titre.numero if titre else "") or _valeur(brute, "numero")
            texte = (titre.texte if titre else "") or _valeur(brute, "titre")
            interieur = lire_un_titre(texte)
            if interieur and interieur.genre in (Genre.FICHE, Genre.NUMERO) and not numero:
                numero, texte = interieur.numero, interieur.texte or texte
            nom_d_axe = axe.numero if axe else self._axe_nomme(_valeur(brute, "axe"))
            if axe and axe.texte and axe.numero not in self._axes:
                ligne = self.blocs[brute.blocs[0]].ligne
                self._axes[axe.numero] = AxeLu(
                    ligne_debut=ligne, ligne_fin=ligne, numero=axe.numero, titre=axe.texte
                )
            courant = nom_d_axe or courant
            identites.append([nom_d_axe, numero, texte])
        self._completer_les_axes(identites)
        return [(axe, numero, titre) for axe, numero, titre in identites]

    def _axe_nomme(self, valeur: str) -> str:
        """L'axe que nomme une cellule « Axe » : par son numéro, ou par son titre."""
        if not valeur:
            return ""
        titre = lire_un_titre(valeur) or lire_un_titre(f"Axe {valeur}")
        if titre and titre.genre is Genre.AXE:
            if titre.numero not in self._axes and titre.texte:
                self._axes[titre.numero] = AxeLu(
                    ligne_debut=0, ligne_fin=0, numero=titre.numero, titre=titre.texte
                )
            return titre.numero
        return next((axe.numero for axe in self._axes.values() if forme(axe.titre) == forme(valeur)), "")

    def _completer_les_axes(self, identites: list[list[str]]) -> None:
        """Une fiche sans axe prend celui de l'arbre, de ses sœurs (même début de numéro), ou de la précédente."""
        par_titre = {
            forme(titre_sans_renvoi(noeud.texte)): axe
            for (axe, _), places in self.actions.items()
            for noeud, _ in places
        }
        par_prefixe = {_prefixe(numero): axe for axe, numero, _ in identites if axe and _prefixe(numero)}
        precedent = ""
        for identite in identites:
            axe, numero, titre = identite
            identite[0] = precedent = (
                axe
                or par_titre.get(forme(titre), "")
                or par_prefixe.get(_prefixe(numero), "")
                or _axe_du_numero(numero, self._axes)
                or precedent
            )

    def _fiche(self, rang: int, brute: FicheBrute) -> FicheLue:
        axe, numero, titre = self.identites[rang]
        places = self.actions.get((axe, cle(numero))) if numero else None
        places = places or self.actions.get((axe, forme(titre))) or self._par_titre(axe, titre)
        objectifs = [objectif for _, objectif in places if objectif]
        lignes = [self.blocs[bloc].ligne for bloc in brute.blocs]
        return FicheLue(
            ligne_debut=lignes[0],
            ligne_fin=lignes[-1],
            axe=axe,
            numero=numero,
            ordre=rang + 1,
            titre=titre,
            titre_dans_arbre=titre_sans_renvoi(places[0][0].texte) if places else None,
            statut=next(
                (code for noeud, _ in places if (code := code_de_statut(noeud.statut, self.arbre.codes))),
                None,
            ),
            annees=tuple(sorted({annee for noeud, _ in places for annee in noeud.annees})),
            enjeux=tuple(
                dict.fromkeys(objectif.enjeu for objectif in objectifs if objectif.enjeu is not None)
            ),
            objectifs=tuple(dict.fromkeys(objectif.titre for objectif in objectifs)),
            cellules=tuple(ranger(passage for passage in brute.passages if not _nomme(passage))),
            projets_specifiques=tuple(brute.entete.projets) or tuple(_liste(brute, "projets_specifiques")),
            autres=tuple(
                (passage.libelle.nom, passage.texte)
                for passage in brute.passages
                if passage.libelle
                and passage.libelle.nom in ("pilote", "lieu", "statut", "enjeu")
                and passage.lignes
            ),
        )

    def _par_titre(self, axe: str, titre: str) -> list[tuple[Noeud, _Objectif | None]]:
        cherche = forme(titre)
        return [
            (noeud, objectif)
            for (autre, _), places in self.actions.items()
            for noeud, objectif in places
            if autre == axe and cherche and forme(titre_sans_renvoi(noeud.texte)) == cherche
        ]


def cle(numero: str) -> str:
    """« 01 », « 1 » et « 1. » sont le même numéro."""
    return ".".join(partie.lstrip("0") or "0" for partie in re.findall(r"[0-9A-Za-z]+", numero)).upper()


def _prefixe(numero: str) -> str:
    parties = cle(numero).split(".")
    return ".".join(parties[:-1])


def _axe_du_numero(numero: str, axes: dict[str, AxeLu]) -> str:
    """« 2.3 » est la fiche 3 de l'axe 2, « B4 » la fiche 4 de l'axe B, si cet axe existe."""
    parties = re.findall(r"\d+|[A-Za-z]+", numero)
    return next((partie.upper() for partie in reversed(parties[:-1]) if partie.upper() in axes), "")


def _nomme(passage: Passage) -> bool:
    return passage.libelle is not None and passage.libelle.nom in EN_TETE


def _valeur(brute: FicheBrute, nom: str) -> str:
    return next(iter(_liste(brute, nom)), "")


def _liste(brute: FicheBrute, nom: str) -> list[str]:
    return [
        ligne.texte
        for passage in brute.passages
        if passage.libelle and passage.libelle.nom == nom
        for ligne in passage.lignes
    ]
