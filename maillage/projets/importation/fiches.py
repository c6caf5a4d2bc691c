"""Trouver les fiches actions d'un document : leur en-tête, puis leur corps.

Un corps est un tableau dont les cellules sont nommées par des libellés connus, ou une suite de paragraphes sous de tels
libellés. Ce qui le précède de près (axe, numéro, titre, projets cochés) est son en-tête. Un corps sans en-tête
continue la fiche d'avant : c'est un tableau coupé par une page.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from maillage.projets.importation.blocs import Bloc, Cellule, Ligne
from maillage.projets.importation.cellules import Passage
from maillage.projets.importation.grille import Grille, champs_nommes
from maillage.projets.importation.lexique import (
    EN_TETE,
    OBJECTIFS_ET_CHAMPS,
    Libelle,
    libelle_en_tete,
    libelle_entier,
    projet_specifique,
)
from maillage.projets.importation.mots import forme
from maillage.projets.importation.titres import Genre, Titre, lire_un_titre

_EN_TETE_MAX = 10
"""Combien de paragraphes avant un corps peuvent lui servir d'en-tête."""
_TITRE_MAX = 160
_CHAMPS_MIN = 2
"""Un tableau qui ne nomme qu'un champ n'est pas une fiche : il y a un budget, un public, dans bien des tableaux."""


@dataclass
class EnTete:
    axe: Titre | None = None
    titre: Titre | None = None
    projets: list[str] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    blocs: list[int] = field(default_factory=list)

    @property
    def nomme_une_fiche(self) -> bool:
        return self.titre is not None


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
        for groupe in self._groupes():
            if self.blocs[groupe[0]].est_rang:
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
            if partie and self._est_un_titre_de_fiche(rang) and self._a_un_corps(partie):
                yield partie
                partie = []
            partie.append(rang)
        yield partie

    def _est_un_titre_de_fiche(self, rang: int) -> bool:
        pleines = self.blocs[rang].pleines()
        texte = pleines[0][1].texte
        titre = lire_un_titre(texte)
        libelle = libelle_en_tete(texte)
        return (len(pleines) == 1 and titre is not None and titre.genre is Genre.FICHE) or (
            libelle is not None and libelle[0].nom == "titre"
        )

    def _a_un_corps(self, rangs: list[int]) -> bool:
        return len(champs_nommes(self.blocs[rang] for rang in rangs)) >= _CHAMPS_MIN

    def _partie_de_tableau(self, rangs: list[int]) -> None:
        noms = champs_nommes(self.blocs[rang] for rang in rangs)
        interieur, corps = self._entete_interieur(rangs)
        if len(noms) < _CHAMPS_MIN and not (
            self.ouverte and not self._en_tete_en_attente() and (noms or not self.attente)
        ):
            self._hors_fiche(rangs)
            return
        entete = self._lire_l_en_tete()
        continue_ = (
            self.ouverte is not None
            and not entete.nomme_une_fiche
            and not interieur.nomme_une_fiche
            and not (
                noms & self.ouverte.champs
                and len(noms) >= _CHAMPS_MIN
                and {"contexte", "public", "presentation"} & noms & self.ouverte.champs
            )
        )
        if not continue_:
            self._ouvrir(_fusionner(entete, interieur))
        fiche = self.ouverte
        if fiche is None:
            return
        fiche.blocs += rangs
        fiche.passages += fiche.grille.lire([self.blocs[rang] for rang in corps])
        self.attente = []

    def _entete_interieur(self, rangs: list[int]) -> tuple[EnTete, list[int]]:
        """Ce que le tableau dit de la fiche elle-même (axe, numéro, titre sur un rang à eux), et le reste."""
        entete, corps = EnTete(), []
        for rang in rangs:
            pleines = self.blocs[rang].pleines()
            texte = " ".join(ligne.texte for ligne in pleines[0][1].lignes)
            titre = lire_un_titre(texte) if len(pleines) == 1 and libelle_entier(texte) is None else None
            if titre and titre.genre is Genre.AXE and entete.axe is None:
                entete.axe = titre
            elif titre and titre.genre is Genre.FICHE and entete.titre is None:
                entete.titre = titre
            elif projets := _projets_coches(pleines[0][1]) if len(pleines) == 1 else []:
                entete.projets += projets
            else:
                corps.append(rang)
        return entete, corps

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
        """Un tableau d'une fiche par rang, les libellés en tête de colonne."""
        tetes = {
            colonne: libelle
            for colonne, cellule in self.blocs[groupe[0]].pleines()
            if (libelle := libelle_entier(cellule.texte.replace("\n", " ")))
        }
        noms = [libelle.nom for libelle in tetes.values()]
        if (
            len(groupe) < 3
            or len(noms) < 3
            or "titre" not in noms
            or len(set(noms) - EN_TETE - OBJECTIFS_ET_CHAMPS) < _CHAMPS_MIN
        ):
            return False
        if any(len(self.blocs[rang].pleines()) < 2 for rang in groupe):
            return False
        colonne_du_titre = next(colonne for colonne, libelle in tetes.items() if libelle.nom == "titre")
        entete = self._lire_l_en_tete()
        for place, rang in enumerate(groupe[1:]):
            bloc = self.blocs[rang]
            cellules = dict(bloc.pleines())
            if colonne_du_titre in cellules or self.ouverte is None:
                self._ouvrir(
                    EnTete(
                        axe=entete.axe,
                        blocs=[*(entete.blocs if not place else []), *groupe[: 1 if not place else 0]],
                    )
                )
            fiche = self.ouverte
            if fiche is None:
                continue
            fiche.blocs.append(rang)
            for colonne, cellule in cellules.items():
                fiche.passages.append(
                    Passage(tetes.get(colonne), bloc.ligne, bloc.ligne, list(cellule.lignes))
                )
        self.attente = []
        self.ouverte = None
        return True

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
            return bool(libelle.nom not in EN_TETE or suite or libelle.nom != "axe")
        entete = self._lire_l_en_tete()
        return entete.nomme_une_fiche or (libelle.nom == "titre" and bool(suite))

    def _libelle(self, rang: int, libelle: Libelle, suite: str) -> None:
        bloc = self.blocs[rang]
        fiche = self.ouverte
        if fiche is not None and fiche.en_lignes and (libelle.nom in fiche.champs or libelle.nom == "titre"):
            reprise = self._titre_en_fin_de_passage(fiche)
            if reprise or libelle.nom == "titre":
                self.ouverte = None
                self.attente = reprise
        if self.ouverte is None or not self.ouverte.en_lignes:
            self._ouvrir(self._lire_l_en_tete())
            if self.ouverte is not None:
                self.ouverte.en_lignes = True
            self.attente = []
        if self.ouverte is not None:
            self.ouverte.blocs.append(rang)
            lignes = [Ligne(suite)] if suite else []
            self.ouverte.passages.append(Passage(libelle, bloc.ligne, bloc.ligne, lignes))

    def _titre_en_fin_de_passage(self, fiche: FicheBrute) -> list[int]:
        """Quand un libellé revient, la fiche suivante a commencé : son titre est resté à la fin du texte d'avant.

        Le titre est une des trois dernières lignes du dernier passage. Rend les blocs repris à la fiche.
        """
        lignes = fiche.passages[-1].lignes
        for recul in range(1, min(3, len(lignes) - 1, len(fiche.blocs)) + 1):
            bloc = self.blocs[fiche.blocs[-recul]]
            titre = lire_un_titre(bloc.texte)
            if titre and titre.genre in (Genre.NUMERO, Genre.FICHE, Genre.AXE) and not bloc.puce:
                repris = fiche.blocs[-recul:]
                del fiche.blocs[-recul:]
                del lignes[-recul:]
                return repris
        return []

    def _ferme(self, bloc: Bloc) -> bool:
        """Ce paragraphe met-il fin à une fiche écrite en lignes ?"""
        titre = lire_un_titre(bloc.texte)
        if titre and titre.genre in (Genre.AXE, Genre.CHAPITRE):
            return True
        if titre and titre.genre is Genre.FICHE and not bloc.puce:
            return True
        return bool(bloc.niveau) or forme(bloc.texte) in self.titres_du_sommaire

    # --- L'en-tête -----------------------------------------------------------------------------------------
    def _en_tete_en_attente(self) -> bool:
        return self._lire_l_en_tete().nomme_une_fiche

    def _lire_l_en_tete(self) -> EnTete:
        """L'axe, le titre et les projets écrits juste avant un corps."""
        entete = EnTete()
        candidats = self.attente[-_EN_TETE_MAX:]
        sans_titre: list[int] = []
        for rang in reversed(candidats):
            bloc = self.blocs[rang]
            titre = lire_un_titre(bloc.texte)
            projet = projet_specifique(bloc.texte)
            libelle = libelle_en_tete(bloc.texte)
            if projet:
                entete.projets.insert(0, projet)
            elif titre and titre.genre is Genre.AXE and entete.axe is None:
                entete.axe = titre
                entete.blocs.insert(0, rang)
                break
            elif (
                titre
                and titre.genre in (Genre.FICHE, Genre.NUMERO)
                and not bloc.puce
                and entete.titre is None
            ):
                entete.titre = titre
                sans_titre = []
            elif libelle and libelle[1] and entete.titre is None:
                entete.passages.insert(0, Passage(libelle[0], bloc.ligne, bloc.ligne, [Ligne(libelle[1])]))
            elif entete.titre is not None:
                break
            else:
                sans_titre.append(rang)
                continue
            entete.blocs.insert(0, rang)
        if entete.titre is None and sans_titre:
            self._titre_sans_numero(entete, sans_titre)
        return entete

    def _titre_sans_numero(self, entete: EnTete, rangs: list[int]) -> None:
        """Le titre d'une fiche que rien ne numérote : un titre du format, sinon la ligne courte la plus proche."""
        for rang in [*(r for r in rangs if self.blocs[r].niveau), *rangs[:1]]:
            bloc = self.blocs[rang]
            if (
                not bloc.puce
                and len(bloc.texte) <= _TITRE_MAX
                and not bloc.texte.endswith((".", ";", ":", ","))
            ):
                entete.titre = Titre(Genre.FICHE, "", bloc.texte)
                entete.blocs = sorted([*entete.blocs, rang])
                return

    def _ouvrir(self, entete: EnTete) -> None:
        self.ouverte = FicheBrute(
            entete, list(entete.passages), list(entete.blocs), axe_ambiant=self.axe_ambiant
        )
        self.fiches.append(self.ouverte)


def _fusionner(dehors: EnTete, dedans: EnTete) -> EnTete:
    """Le titre du tableau l'emporte sur celui qui le précède, sauf s'il est sans texte."""
    titre = dedans.titre if dedans.titre and dedans.titre.texte else dehors.titre or dedans.titre
    if titre and dedans.titre and not titre.numero:
        titre = Titre(titre.genre, dedans.titre.numero, titre.texte)
    return EnTete(
        dedans.axe or dehors.axe, titre, dehors.projets + dedans.projets, dehors.passages, dehors.blocs
    )


def _projets_coches(cellule: Cellule) -> list[str]:
    """Les projets spécifiques que nomme une cellule qui ne dit rien d'autre."""
    projets = [projet_specifique(ligne.texte) for ligne in cellule.lignes]
    return [projet for projet in projets if projet] if all(projets) else []
