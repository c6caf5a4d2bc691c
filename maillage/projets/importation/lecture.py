"""Lire un projet social : un fichier → des projets, leurs pièces, et ce qui reste à ranger.

Chaque bloc du document est pris une fois, par le premier qui le reconnaît : mise en page, fiches, arbre, sigles et
tableaux de chiffres, puis chapitres. Ce que personne n'a pris est à ranger. Le compte en découle.
"""

from collections.abc import Iterable
from pathlib import PurePath

from maillage.projets.importation.arbre import chercher_l_arbre
from maillage.projets.importation.arbre_en_tableau import noeuds_des_tableaux
from maillage.projets.importation.assemblage import Assemblage
from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.chapitres import (
    Chapitre,
    lire_les_chapitres,
    niveau_de_titre,
    niveaux_suivis,
)
from maillage.projets.importation.chiffres import lire_les_chiffres
from maillage.projets.importation.couverture import debuts_des_projets, fin_de_la_couverture, lire_l_identite
from maillage.projets.importation.fiches import ChercheurDeFiches, FicheBrute
from maillage.projets.importation.fichier import lire_les_blocs
from maillage.projets.importation.gouvernance import lire_les_instances
from maillage.projets.importation.lexique import formes, parle_de
from maillage.projets.importation.lu import Compte, DocumentLu, Morceau, ProjetLu, SigleLu, TableauLu
from maillage.projets.importation.mise_en_page import (
    Sommaire,
    est_un_signe_de_page,
    est_un_sommaire,
    lignes_repetees,
    lire_le_sommaire,
    pieds_de_page,
)
from maillage.projets.importation.mots import forme
from maillage.projets.importation.noeuds import Arbre
from maillage.projets.importation.retour import est_un_retour, lire_le_retour
from maillage.projets.importation.sigles import est_une_table_de_sigles, lire_la_ligne, lire_la_table
from maillage.projets.importation.tableaux import lire_le_tableau
from maillage.projets.importation.titres import Genre

_CHAMPS_MIN = {Genre.FICHE: 2, Genre.NUMERO: 3}
"""Une fiche en lignes se prouve : deux champs sous « Fiche action n° 3 », trois sous un simple numéro."""


def lire_document(contenu: bytes, nom: str) -> DocumentLu:
    """Tout ce qu'un document Word, HTML ou texte donne. `nom` : celui du fichier.

    Lève `DocumentIllisible`. Un document sans rapport n'est pas une faute : il n'a aucun projet, tout y est à ranger.
    """
    return lire_les_projets(lire_les_blocs(contenu, nom), nom)


def lire_les_projets(blocs: list[Bloc], nom: str) -> DocumentLu:
    if est_un_retour(blocs):
        return lire_le_retour(blocs)
    debuts = debuts_des_projets(blocs) or [0]
    lectures = [
        _Lecture(blocs, debut, fin, PurePath(nom).stem)
        for debut, fin in zip(debuts, [*debuts[1:], len(blocs)], strict=True)
    ]
    avant = list(range(debuts[0]))
    signes = {rang for rang in avant if est_un_signe_de_page(blocs[rang])}
    a_ranger = _morceaux(blocs, [rang for rang in avant if rang not in signes], "")
    compte = [0, len(avant) - len(signes), len(signes)]
    projets = []
    for lecture in lectures:
        projet = lecture.lire()
        projets += [projet] if projet else []
        a_ranger += lecture.a_ranger
        for place, nombre in enumerate(lecture.compte()):
            compte[place] += nombre
    return DocumentLu(
        projets=tuple(projets),
        paragraphes=Compte(lus=sum(compte), places=compte[0], a_ranger=compte[1], mise_en_page=compte[2]),
        a_ranger=tuple(a_ranger),
    )


class _Lecture:
    """La lecture d'un projet : les blocs de `debut` à `fin`."""

    def __init__(self, blocs: list[Bloc], debut: int, fin: int, nom_du_fichier: str) -> None:
        self.blocs = blocs
        self.debut, self.fin = debut, fin
        self.nom_du_fichier = nom_du_fichier
        self.notes = [rang for rang in range(debut, fin) if blocs[rang].est_une_note]
        self.libres = dict.fromkeys(rang for rang in range(debut, fin) if not blocs[rang].est_une_note)
        self.places: set[int] = set()
        self.mise_en_page: set[int] = set()
        self.a_ranger: list[Morceau] = []

    def compte(self) -> tuple[int, int, int]:
        """(placés, à ranger, mise en page)."""
        total = self.fin - self.debut
        return len(self.places), total - len(self.places) - len(self.mise_en_page), len(self.mise_en_page)

    def _prendre(self, rangs: Iterable[int], ou: set[int]) -> None:
        for rang in rangs:
            if rang in self.libres:
                del self.libres[rang]
                ou.add(rang)

    def lire(self) -> ProjetLu | None:
        sommaire = self._ecarter_la_mise_en_page()
        fin = fin_de_la_couverture(self.blocs, self.debut, self.fin)
        couverture = [rang for rang in range(self.debut, fin) if rang in self.libres]
        brutes = self._fiches(sommaire)
        titres = {forme(brute.entete.titre.texte) for brute in brutes if brute.entete.titre}
        arbre = chercher_l_arbre(self.blocs, list(self.libres), sommaire.titres, titres)
        self._prendre(arbre.rangs, self.places)
        if not brutes and not arbre.zones and not debuts_des_projets(self.blocs[self.debut : self.fin]):
            self.a_ranger += _morceaux(self.blocs, sorted([*self.libres, *self.notes]), "")
            return None
        return self._projet(sommaire, couverture, brutes, arbre)

    def _ecarter_la_mise_en_page(self) -> Sommaire:
        sommaire = Sommaire()
        for rang in range(self.debut, self.fin):
            if est_un_sommaire(self.blocs[rang]) and not sommaire.blocs:
                sommaire = lire_le_sommaire(self.blocs, rang, self.fin)
        self._prendre(sorted(sommaire.blocs), self.mise_en_page)
        self._prendre(pieds_de_page(self.blocs, self.libres), self.mise_en_page)
        self._prendre(
            [rang for rang in self.libres if est_un_signe_de_page(self.blocs[rang])], self.mise_en_page
        )
        return sommaire

    def _fiches(self, sommaire: Sommaire) -> list[FicheBrute]:
        """Les fiches prouvées. Leurs blocs sont pris ; ce que leurs tableaux ont d'inconnu est à ranger."""
        arbres = noeuds_des_tableaux(self.blocs, list(self.libres))
        candidats = [rang for rang in self.libres if rang not in arbres]
        trouvees = ChercheurDeFiches(self.blocs, candidats, sommaire.titres).chercher()
        prouvees = [brute for brute in trouvees if _est_prouvee(brute)]
        for brute in prouvees:
            self._prendre(brute.blocs, self.places)
            self.places -= _rangs_inconnus(self.blocs, brute)
        return prouvees

    def _projet(
        self, sommaire: Sommaire, couverture: list[int], brutes: list[FicheBrute], arbre: Arbre
    ) -> ProjetLu:
        textes = "\n".join(self.blocs[rang].texte for rang in range(self.debut, self.fin))
        identite = lire_l_identite(self.blocs, couverture, textes, self.nom_du_fichier)
        couverture = [rang for rang in couverture if rang in self.libres]
        self._prendre(couverture, self.places)
        sigles = self._sigles(sommaire)
        tableaux = self._tableaux()
        familles = self._tableau_des_familles(tableaux)
        self._prendre(lignes_repetees(self.blocs, self.libres), self.mise_en_page)
        chapitres, sans_titre = lire_les_chapitres(self.blocs, list(self.libres), sommaire.titres)
        self.a_ranger += _morceaux(self.blocs, sans_titre, identite.nom)
        self._prendre(self.libres.keys() - set(sans_titre), self.places)
        self._rendre_les_notes(chapitres, identite.nom)
        en_plus = [rang for rang in couverture if not identite.dit(self.blocs[rang].texte)]
        if en_plus:
            chapitres.insert(0, Chapitre(1, "Couverture", self.blocs[en_plus[0]].ligne, en_plus))
        chapitres = niveaux_suivis(chapitres)
        for brute in brutes:
            self.a_ranger += _inconnus(brute, identite.nom)
        assemblage = Assemblage(self.blocs, arbre, brutes)
        self.a_ranger.sort(key=lambda morceau: morceau.ligne_debut)
        return ProjetLu(
            ligne_debut=self.blocs[self.debut].ligne,
            ligne_fin=self.blocs[self.fin - 1].ligne,
            nom=identite.nom,
            structure=identite.nom,
            territoire=identite.territoire,
            quartiers=identite.quartiers,
            qpv=identite.qpv,
            periode=identite.periode,
            axes=tuple(assemblage.axes),
            enjeux=tuple(assemblage.enjeux),
            objectifs=tuple(assemblage.objectifs),
            fiches=tuple(assemblage.fiches),
            gouvernance=tuple(lire_les_instances(self.blocs, chapitres)),
            chiffres_diagnostic=tuple(lire_les_chiffres(self.blocs, chapitres)),
            indicateurs_familles=familles,
            tableaux=tuple(tableau for tableau in tableaux if tableau is not familles),
            sigles=tuple(sigles),
            chapitres=tuple(chapitre.figer(self.blocs) for chapitre in chapitres),
        )

    def _rendre_les_notes(self, chapitres: list[Chapitre], projet: str) -> None:
        """Une note appelée dans un chapitre y suit son paragraphe ; ailleurs (fiche, arbre), elle est à ranger."""
        places = {
            rang: chapitre for chapitre in chapitres for rang in (chapitre.rang_du_titre, *chapitre.rangs)
        }
        for note in self.notes:
            chapitre = places.get(note - 1)
            if chapitre is None:
                self.a_ranger += _morceaux(self.blocs, [note], projet)
                continue
            places[note] = chapitre
            chapitre.rangs.insert(sum(rang < note for rang in chapitre.rangs), note)
            self.places.add(note)

    def _groupes_de_rangs(self) -> list[list[int]]:
        """Les tableaux encore libres."""
        groupes: dict[int, list[int]] = {}
        for rang in self.libres:
            tableau = self.blocs[rang].tableau
            if tableau is not None:
                groupes.setdefault(tableau, []).append(rang)
        return list(groupes.values())

    def _sigles(self, sommaire: Sommaire) -> list[SigleLu]:
        """Une table de sigles se voit à sa forme ; des lignes « SIGLE : sens » seulement sous leur titre."""
        sigles: list[SigleLu] = []
        for groupe in self._groupes_de_rangs():
            table = [self.blocs[rang] for rang in groupe]
            if est_une_table_de_sigles(table):
                sigles += lire_la_table(table)
                self._prendre(groupe, self.places)
        sous_le_titre = False
        for rang in list(self.libres):
            bloc = self.blocs[rang]
            if niveau_de_titre(bloc, sommaire.titres) or bloc.forme in formes("rubriques", "sigles"):
                sous_le_titre = parle_de(bloc.texte, "sigles")
            elif sous_le_titre and (sigle := lire_la_ligne(bloc)):
                sigles.append(sigle)
                self._prendre([rang], self.places)
        return sigles

    def _tableaux(self) -> list[TableauLu]:
        tableaux = []
        for groupe in self._groupes_de_rangs():
            tableau = lire_le_tableau([self.blocs[rang] for rang in groupe])
            if tableau:
                tableaux.append(tableau)
                self._prendre(groupe, self.places)
        return tableaux

    def _tableau_des_familles(self, tableaux: list[TableauLu]) -> TableauLu | None:
        """Celui que son titre dit, sinon celui dont les lignes parlent le plus des familles."""
        par_titre = [tableau for tableau in tableaux if parle_de(tableau.titre, "familles")]
        if par_titre:
            return par_titre[0]
        combien = [
            (sum(parle_de(ligne.libelle, "familles") for ligne in t.lignes), -i)
            for i, t in enumerate(tableaux)
        ]
        meilleur = max(combien, default=(0, 0))
        return tableaux[-meilleur[1]] if meilleur[0] else None


def _est_prouvee(brute: FicheBrute) -> bool:
    if not brute.en_lignes:
        return True
    titre = brute.entete.titre
    champs = brute.champs - {"titre", "axe", "numero"}
    minimum = 3 if titre is None or not titre.numero else _CHAMPS_MIN.get(titre.genre, 3)
    return len(champs) >= minimum


def _rangs_inconnus(blocs: list[Bloc], brute: FicheBrute) -> set[int]:
    """Les blocs d'une fiche dont rien n'a trouvé sa place."""
    connues, inconnues = (
        {
            ligne
            for passage in brute.passages
            if (passage.libelle is None) is est_inconnu
            for ligne in range(passage.debut, passage.fin + 1)
        }
        for est_inconnu in (False, True)
    )
    return {rang for rang in brute.blocs if blocs[rang].ligne in inconnues - connues}


def _inconnus(brute: FicheBrute, projet: str) -> list[Morceau]:
    """Les cellules d'une fiche que rien ne nomme, ou que le lexique ne connaît pas."""
    return [
        Morceau(ligne_debut=passage.debut, ligne_fin=passage.fin, projet=projet, texte=passage.texte)
        for passage in brute.passages
        if passage.libelle is None and passage.texte
    ]


def _morceaux(blocs: list[Bloc], rangs: list[int], projet: str) -> list[Morceau]:
    """Un morceau par suite de blocs voisins."""
    suites: list[list[int]] = []
    for rang in rangs:
        if suites and rang == suites[-1][-1] + 1:
            suites[-1].append(rang)
        else:
            suites.append([rang])
    return [
        Morceau(
            ligne_debut=blocs[suite[0]].ligne,
            ligne_fin=blocs[suite[-1]].ligne,
            projet=projet,
            texte="\n".join(blocs[rang].texte for rang in suite),
        )
        for suite in suites
    ]
