"""Trouver les fiches actions d'un document : leur en-tête, puis leur corps.

Un corps est un tableau dont les cellules sont nommées par des libellés connus, ou une suite de paragraphes sous de tels
libellés. Ce qui le précède de près (axe, numéro, titre, projets cochés) est son en-tête. Un corps sans en-tête
continue la fiche d'avant : c'est un tableau coupé par une page.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from maillage.projets.importation.blocs import Bloc, Ligne
from maillage.projets.importation.cellules import Passage
from maillage.projets.importation.entetes import (
    EnTete,
    est_un_titre_de_fiche,
    fusionner,
    lire_avant,
    lire_dedans,
)
from maillage.projets.importation.fiches_balisees import FicheBalisee, lire_une_fiche_balisee
from maillage.projets.importation.grille import Grille, champs_nommes
from maillage.projets.importation.lexique import (
    EN_TETE,
    OBJECTIFS_ET_CHAMPS,
    Libelle,
    formes,
    libelle_en_tete,
    libelle_entier,
)
from maillage.projets.importation.titres import Genre, Titre, lire_un_titre

_OUVRENT_UNE_FICHE = {"contexte", "public", "presentation", "objectifs", "objectifs_operationnels"}
_CHAMPS_MIN = 2
"""Un tableau qui ne nomme qu'un champ n'est pas une fiche : il y a un budget, un public, dans bien des tableaux."""


@dataclass
class FicheBrute:
    """Une fiche telle que trouvée, avant d'être rapprochée de l'arbre."""

    entete: EnTete
    passages: list[Passage] = field(default_factory=list)
    blocs: list[int] = field(default_factory=list)
    grille: Grille = field(default_factory=Grille)
    en_lignes: bool = False
    axe_ambiant: Titre | None = None
    """Le dernier titre d'axe écrit plus haut dans le document."""

    @property
    def champs(self) -> set[str]:
        return {passage.libelle.nom for passage in self.passages if passage.libelle}


class ChercheurDeFiches:
    """Parcourt les blocs libres d'un projet, une fois, dans l'ordre."""

    def __init__(self, blocs: list[Bloc], rangs: list[int], titres_du_sommaire: dict[str, int]) -> None:
        self.blocs = blocs
        self.rangs = rangs
        self.titres_du_sommaire = titres_du_sommaire
        self.fiches: list[FicheBrute] = []
        self.attente: list[int] = []
        """Les paragraphes vus depuis le dernier corps : l'en-tête de la fiche suivante est parmi eux."""
        self.ouverte: FicheBrute | None = None
        self.axe_ambiant: Titre | None = None

    def chercher(self) -> list[FicheBrute]:
        lus: set[int] = set()
        places = {rang: place for place, rang in enumerate(self.rangs)}
        for groupe in self._groupes():
            if groupe[0] in lus:
                continue
            balisee = lire_une_fiche_balisee(
                self.blocs, self.rangs, places[groupe[0]], self.titres_du_sommaire
            )
            if balisee:
                lus.update(balisee.rangs)
                self._balisee(balisee)
            elif self.blocs[groupe[0]].est_rang:
                self._tableau(groupe)
            else:
                self._paragraphe(groupe[0])
        return self.fiches

    def _groupes(self) -> Iterator[list[int]]:
        """Les rangs d'un même tableau ensemble, chaque paragraphe seul."""
        groupe: list[int] = []
        for rang in self.rangs:
            bloc = self.blocs[rang]
            if groupe and bloc.est_rang and bloc.tableau == self.blocs[groupe[-1]].tableau:
                groupe.append(rang)
                continue
            if groupe:
                yield groupe
            groupe = [rang]
        if groupe:
            yield groupe

    def _balisee(self, balisee: FicheBalisee) -> None:
        """Rien n'est en attente après elle : son titre dit où elle finit."""
        fiche = self._ouvrir(EnTete(titre=balisee.titre))
        fiche.passages, fiche.blocs = balisee.passages, balisee.rangs
        self.ouverte, self.attente = None, []

    # --- Les tableaux --------------------------------------------------------------------------------------
    def _tableau(self, groupe: list[int]) -> None:
        if self._en_liste(groupe):
            return
        for partie in self._parties(groupe):
            self._partie_de_tableau(partie)

    def _parties(self, groupe: list[int]) -> Iterator[list[int]]:
        """Un tableau qui contient plusieurs fiches se coupe à chaque titre de fiche."""
        partie: list[int] = []
        for rang in groupe:
            if partie and est_un_titre_de_fiche(self.blocs[rang]) and self._a_un_corps(partie):
                yield partie
                partie = []
            partie.append(rang)
        yield partie

    def _a_un_corps(self, rangs: list[int]) -> bool:
        return len(champs_nommes(self.blocs[rang] for rang in rangs)) >= _CHAMPS_MIN

    def _partie_de_tableau(self, rangs: list[int]) -> None:
        noms = champs_nommes(self.blocs[rang] for rang in rangs)
        if len(noms) >= _CHAMPS_MIN and self.ouverte is not None and self.ouverte.en_lignes:
            self._reprendre_le_titre(self.ouverte)
        interieur, corps = lire_dedans(self.blocs, rangs)
        entete = lire_avant(self.blocs, self.attente)
        if not self._est_un_corps(noms, entete):
            self._hors_fiche(rangs)
            return
        fiche = self.ouverte
        if fiche is None or not self._continue(fiche, noms, entete, interieur):
            fiche = self._ouvrir(fusionner(entete, interieur))
        fiche.blocs += rangs
        fiche.passages += fiche.grille.lire([self.blocs[rang] for rang in corps])
        self.attente = []

    def _est_un_corps(self, noms: set[str], entete: EnTete) -> bool:
        """Assez de champs nommés ; ou la suite d'une fiche ouverte, même sans libellé si rien ne l'en sépare."""
        if len(noms) >= _CHAMPS_MIN:
            return True
        suite = self.ouverte is not None and (not entete.nomme_une_fiche or entete.est_devine)
        return suite and bool(noms or not self.attente)

    @staticmethod
    def _continue(ouverte: FicheBrute, noms: set[str], dehors: EnTete, dedans: EnTete) -> bool:
        """Est-ce la suite de la fiche ouverte ? Un champ déjà rempli en annonce une autre, sauf sans titre du tout."""
        if dedans.nomme_une_fiche:
            return False
        deja = noms & ouverte.champs
        if dehors.nomme_une_fiche:
            return dehors.est_devine and not deja
        return len(noms) < _CHAMPS_MIN or not deja & _OUVRENT_UNE_FICHE

    def _hors_fiche(self, rangs: list[int]) -> None:
        if self.ouverte is not None and self.ouverte.en_lignes and self.ouverte.passages:
            self.ouverte.blocs += rangs
            self.ouverte.passages[-1].lignes += [
                Ligne(
                    " — ".join(cellule.texte.replace("\n", " ") for _, cellule in self.blocs[rang].pleines())
                )
                for rang in rangs
            ]
            return
        self.ouverte = None
        self.attente = []

    def _en_liste(self, groupe: list[int]) -> bool:
        """Lit un tableau d'une fiche par rang, les libellés en tête de colonne. Rien si ce n'en est pas un."""
        tetes = self._colonnes_d_une_liste(groupe)
        if not tetes:
            return False
        entete = lire_avant(self.blocs, self.attente)
        pris = [*entete.blocs, groupe[0]]
        fiche: FicheBrute | None = None
        for rang in groupe[1:]:
            bloc = self.blocs[rang]
            cellules = dict(bloc.pleines())
            if fiche is None or any(
                tetes[colonne].nom == "titre" for colonne in cellules if colonne in tetes
            ):
                fiche = self._ouvrir(EnTete(axe=entete.axe, blocs=pris))
                pris = []
            fiche.blocs.append(rang)
            fiche.passages += [
                Passage(tetes.get(colonne), bloc.ligne, bloc.ligne, list(cellule.lignes))
                for colonne, cellule in cellules.items()
            ]
        self.ouverte = None
        self.attente = []
        return True

    def _colonnes_d_une_liste(self, groupe: list[int]) -> dict[int, Libelle]:
        """Colonne → libellé, si la première ligne nomme l'action et au moins deux champs de son corps."""
        tetes = {
            colonne: libelle
            for colonne, cellule in self.blocs[groupe[0]].pleines()
            if (libelle := libelle_entier(cellule.texte.replace("\n", " ")))
        }
        noms = {libelle.nom for libelle in tetes.values()}
        est_une_liste = (
            len(groupe) > 2
            and "titre" in noms
            and len(noms - EN_TETE - OBJECTIFS_ET_CHAMPS) >= _CHAMPS_MIN
            and all(len(self.blocs[rang].pleines()) > 1 for rang in groupe)
        )
        return tetes if est_une_liste else {}

    # --- Les paragraphes -----------------------------------------------------------------------------------
    def _paragraphe(self, rang: int) -> None:
        bloc = self.blocs[rang]
        titre = lire_un_titre(bloc.texte)
        if titre and titre.genre is Genre.AXE:
            self.axe_ambiant = titre
        trouve = None if bloc.puce else libelle_en_tete(bloc.texte)
        if trouve and self._peut_nommer(trouve[0], trouve[1]):
            self._libelle(rang, *trouve)
            return
        fiche = self.ouverte
        if fiche is not None and fiche.en_lignes and not self._ferme(bloc):
            fiche.blocs.append(rang)
            fiche.passages[-1].lignes.append(Ligne(bloc.texte, bloc.puce))
            fiche.passages[-1].fin = bloc.ligne
            return
        if fiche is not None and fiche.en_lignes:
            self.ouverte = None
            self.attente = []
        self.attente.append(rang)

    def _peut_nommer(self, libelle: Libelle, suite: str) -> bool:
        """Un libellé hors d'un tableau ne compte que dans une fiche en lignes, ou juste sous un titre de fiche."""
        if self.ouverte is not None and self.ouverte.en_lignes:
            return libelle.nom != "axe" or bool(suite)
        entete = lire_avant(self.blocs, self.attente)
        return entete.nomme_une_fiche or (libelle.nom == "titre" and bool(suite))

    def _libelle(self, rang: int, libelle: Libelle, suite: str) -> None:
        bloc = self.blocs[rang]
        fiche = self.ouverte if self.ouverte is not None and self.ouverte.en_lignes else None
        if fiche is not None and libelle.nom == "titre":
            fiche = self.ouverte = None
        elif fiche is not None and libelle.nom in fiche.champs and self._reprendre_le_titre(fiche):
            fiche = None
        if fiche is None:
            fiche = self._ouvrir(lire_avant(self.blocs, self.attente))
            fiche.en_lignes = True
            self.attente = []
        fiche.blocs.append(rang)
        fiche.passages.append(Passage(libelle, bloc.ligne, bloc.ligne, [Ligne(suite)] if suite else []))

    def _reprendre_le_titre(self, fiche: FicheBrute) -> bool:
        """Quand un libellé revient, la fiche suivante a commencé : son titre est resté à la fin du texte d'avant.

        S'il est une des trois dernières lignes du dernier passage, la fiche le rend et se ferme.
        """
        lignes = fiche.passages[-1].lignes
        for recul in range(1, min(3, len(lignes) - 1, len(fiche.blocs)) + 1):
            bloc = self.blocs[fiche.blocs[-recul]]
            titre = lire_un_titre(bloc.texte)
            if titre and titre.genre in (Genre.NUMERO, Genre.FICHE, Genre.AXE) and not bloc.puce:
                self.attente = fiche.blocs[-recul:]
                del fiche.blocs[-recul:]
                del lignes[-recul:]
                self.ouverte = None
                return True
        return False

    def _ferme(self, bloc: Bloc) -> bool:
        """Ce paragraphe met-il fin à une fiche écrite en lignes ?"""
        titre = lire_un_titre(bloc.texte)
        if titre and titre.genre in (Genre.AXE, Genre.CHAPITRE):
            return True
        if titre and titre.genre is Genre.FICHE and not bloc.puce:
            return True
        return (
            bool(bloc.niveau)
            or bloc.forme in self.titres_du_sommaire
            or bloc.forme in formes("titres", "fiche")
        )

    def _ouvrir(self, entete: EnTete) -> FicheBrute:
        fiche = FicheBrute(entete, list(entete.passages), list(entete.blocs), axe_ambiant=self.axe_ambiant)
        self.fiches.append(fiche)
        self.ouverte = fiche
        return fiche
