"""Relire un document sorti de Maillage (page ou Word) : ses parties sont connues, rien n'y est à deviner.

Le document a pu être retouché entre-temps : ce qui n'y est plus à sa place est à ranger.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.chapitres import Chapitre, niveaux_suivis
from maillage.projets.importation.grammaire import (
    A_RANGER,
    ARBRE,
    CHIFFRES,
    DITES_A_PART,
    ENTETES_DES_CHIFFRES,
    ENTETES_DES_INSTANCES,
    ENTETES_DES_PASSAGES,
    ENTETES_DES_SIGLES,
    FICHES,
    FICHES_DE_L_AXE,
    FICHES_SANS_AXE,
    GOUVERNANCE,
    INTITULE,
    LEGENDES,
    MENTION,
    PARTIES,
    QPV,
    QUARTIERS,
    RUBRIQUES,
    SANS_TITRE,
    SIGLES,
    STRUCTURE,
    TABLEAU_FAMILLES,
    TERRITOIRE,
    TRANSVERSAL,
)
from maillage.projets.importation.lexique import statut
from maillage.projets.importation.lu import (
    AxeLu,
    ChiffreLu,
    Compte,
    DocumentLu,
    EnjeuLu,
    FicheLue,
    InstanceLue,
    Morceau,
    ObjectifLu,
    OperationnelLu,
    Periode,
    ProjetLu,
    SigleLu,
    TableauLu,
)
from maillage.projets.importation.mise_en_page import est_un_sommaire
from maillage.projets.importation.retour_cellules import (
    DATES,
    ajout_de,
    avec_son_titre,
    cellule_de,
    chiffre_de,
    cite,
    couples_de,
    date_ecrite,
    entetes_de,
    passage_de,
    tete_de,
    texte_de,
    zones_de,
)
from maillage.projets.importation.tableaux import lire_le_tableau

_CLES = {libelle: cle for cle, libelle in RUBRIQUES.items()}
_AXE = re.compile(r"^Axe (\S+) : (.*)$")
_SECTIONS = {ARBRE: _AXE, FICHES: re.compile(rf"{FICHES_DE_L_AXE} .|{FICHES_SANS_AXE}$")}
_ENJEU = re.compile(r"^Enjeu (\d+) : ?(.*)$")
_OBJECTIF = re.compile(r"^Objectif (général|opérationnel) : ?(.*)$")
_CITEE = re.compile(r"^Fiche (.+?) : ")
_FICHE = re.compile(r"^Fiche action ?(.*?) : ")


def est_un_retour(blocs: list[Bloc]) -> bool:
    return any(bloc.texte.startswith(MENTION) for bloc in blocs) and any(map(est_un_sommaire, blocs))


def lire_le_retour(blocs: list[Bloc]) -> DocumentLu:
    """Le projet du document ; ce qui y restait à ranger, et ce qu'on y a ajouté sans que l'on sache où le mettre."""
    retour = _Retour(blocs)
    projet = retour.lire()
    a_ranger = [
        retour.passages.get(r) or ajout_de(blocs[r], projet.nom)
        for r in range(len(blocs))
        if r not in retour.places and r not in retour.mise_en_page
    ]
    compte = (len(retour.places), len(a_ranger), len(retour.mise_en_page))
    return DocumentLu(
        projets=(projet,),
        paragraphes=Compte(lus=sum(compte), places=compte[0], a_ranger=compte[1], mise_en_page=compte[2]),
        a_ranger=tuple(a_ranger),
    )


@dataclass
class _Section:
    """Un titre et ce qui le suit. `niveau` 1 : une partie du document."""

    titre: str
    niveau: int
    rang: int
    rangs: list[int] = field(default_factory=list)


class _Retour:
    def __init__(self, blocs: list[Bloc]) -> None:
        self.blocs = blocs
        self.places: set[int] = set()
        self.mise_en_page = {rang for rang, bloc in enumerate(blocs) if bloc.texte.startswith(MENTION)}
        self.notes = {rang for rang, bloc in enumerate(blocs) if bloc.est_une_note}
        sommaire = next(rang for rang, bloc in enumerate(blocs) if est_un_sommaire(bloc))
        titres = [rang for rang in range(sommaire + 1, len(blocs)) if blocs[rang].niveau]
        self.debut = titres[0] if titres else len(blocs)
        self.mise_en_page |= set(range(sommaire, self.debut))
        self.couverture = range(sommaire)
        self.sections = list(self._lire_les_sections(titres))
        self.axes: list[AxeLu] = []
        self.enjeux: list[EnjeuLu] = []
        self.objectifs: list[ObjectifLu] = []
        self.passages: dict[int, Morceau] = {}
        self.titres_cites: dict[tuple[str, str], str] = {}
        """(axe, numéro) d'une fiche → son titre dans l'arbre."""

    def lire(self) -> ProjetLu:
        parties = self._parties()
        textes = [
            section
            for section in self.sections
            if not any(section in siennes for siennes in parties.values())
        ]
        self._lire_l_arbre(parties[ARBRE][1:])
        fiches = tuple(self._fiches(parties[FICHES][1:]))
        chiffres, tableaux = self._chiffres(parties[CHIFFRES])
        familles = [tableau for tableau in tableaux if tableau.titre == TABLEAU_FAMILLES]
        identite = self._identite()
        self._lire_les_passages(parties[A_RANGER], identite.nom)
        return replace(
            identite,
            axes=tuple(self.axes),
            enjeux=tuple(self.enjeux),
            objectifs=tuple(self.objectifs),
            fiches=fiches,
            gouvernance=tuple(self._instances(parties[GOUVERNANCE])),
            chiffres_diagnostic=tuple(chiffres),
            indicateurs_familles=familles[0] if familles else None,
            tableaux=tuple(tableau for tableau in tableaux if tableau not in familles[:1]),
            sigles=tuple(self._sigles(parties[SIGLES])),
            chapitres=tuple(chapitre.figer(self.blocs) for chapitre in self._chapitres(textes)),
        )

    # --- Le plan ---------------------------------------------------------------------------------------------
    def _lire_les_sections(self, titres: list[int]) -> Iterator[_Section]:
        base = min((self.blocs[rang].niveau for rang in titres), default=1)
        for debut, fin in zip(titres, [*titres[1:], len(self.blocs)], strict=True):
            rangs = [rang for rang in range(debut + 1, fin) if rang not in self.mise_en_page | self.notes]
            yield _Section(self.blocs[debut].texte, self.blocs[debut].niveau - base + 1, debut, rangs)

    def _parties(self) -> dict[str, list[_Section]]:
        """Titre d'une partie → ses sections ; un texte du projet peut porter le même titre, mais plus haut."""
        parties: dict[str, list[_Section]] = {titre: [] for titre in PARTIES}
        restent = list(PARTIES)
        fin = len(self.sections)
        for place in reversed(range(len(self.sections))):
            section = self.sections[place]
            if section.niveau > 1:
                continue
            if section.titre in restent and self._est_la_notre(place):
                restent = restent[: restent.index(section.titre)]
                parties[section.titre] = self.sections[place:fin]
                self.places.add(section.rang)
            fin = place
        return parties

    def _est_la_notre(self, place: int) -> bool:
        """L'arbre et les fiches ont leurs sections, les autres parties un tableau."""
        forme = _SECTIONS.get(self.sections[place].titre)
        if forme:
            return any(
                un.niveau == 2 and forme.match(un.titre) for un in self.sections[place + 1 : place + 2]
            )
        return any(self.blocs[rang].est_rang for rang in self.sections[place].rangs)

    # --- La couverture et les textes -----------------------------------------------------------------------------
    def _identite(self) -> ProjetLu:
        """Surtitre, titre, structure, dates ; puis les couples qui la décrivent. Ce qu'on y a ajouté est à ranger."""
        textes = [self.blocs[rang].texte for rang in self.couverture]
        titre = next((rang for rang in self.couverture if self.blocs[rang].niveau), 0)
        signature = next((place for place, texte in enumerate(textes) if DATES.match(texte)), titre)
        dates = DATES.match(textes[signature]) if textes else None
        du, au = (
            (date_ecrite(*dates.groups()[:3]), date_ecrite(*dates.groups()[3:])) if dates else (None, None)
        )
        decrit, ajoute = couples_de(textes[signature + 1 :])
        ajoute += textes[titre + 2 : signature]
        self.places |= {rang for rang in self.couverture if textes[rang] not in ajoute}
        return ProjetLu(
            ligne_debut=self.blocs[0].ligne,
            ligne_fin=self.blocs[-1].ligne,
            nom=textes[titre] if textes else "",
            structure=decrit.get(STRUCTURE, ""),
            territoire=decrit.get(TERRITOIRE, ""),
            quartiers=zones_de(decrit.get(QUARTIERS, "")),
            qpv=zones_de(decrit.get(QPV, "")),
            periode=Periode(debut=du.year, fin=au.year) if du and au else None,
            du=du,
            au=au,
        )

    def _chapitres(self, sections: list[_Section]) -> list[Chapitre]:
        for section in sections:
            for note in sorted(self.notes):
                if note - 1 in (section.rang, *section.rangs):
                    section.rangs = sorted([*section.rangs, note])
            self.places |= {section.rang, *section.rangs}
        return niveaux_suivis(
            Chapitre(
                section.niveau,
                "" if section.titre == SANS_TITRE else section.titre,
                self.blocs[section.rang].ligne,
                section.rangs,
            )
            for section in sections
        )

    # --- L'arbre -------------------------------------------------------------------------------------------------
    def _lire_l_arbre(self, sections: list[_Section]) -> None:
        for section in sections:
            axe = _AXE.match(section.titre)
            if not axe:
                continue
            self.places.add(section.rang)
            ligne = self.blocs[section.rang].ligne
            numero = "T" if axe[1] == TRANSVERSAL else axe[1]
            self.axes.append(AxeLu(ligne_debut=ligne, ligne_fin=ligne, numero=numero, titre=axe[2]))
            self._lire_un_axe(numero, section.rangs)

    def _lire_un_axe(self, axe: str, rangs: list[int]) -> None:
        enjeu: int | None = None
        debut = len(self.objectifs)
        for rang in rangs:
            ligne, texte = self.blocs[rang].ligne, self.blocs[rang].texte
            objectif = _OBJECTIF.match(texte)
            if trouve := _ENJEU.match(texte):
                enjeu = int(trouve[1])
                self.enjeux.append(
                    EnjeuLu(ligne_debut=ligne, ligne_fin=ligne, numero=enjeu, axe=axe, titre=trouve[2])
                )
            elif objectif and objectif[1] == "général":
                self.objectifs.append(
                    ObjectifLu(ligne_debut=ligne, ligne_fin=ligne, titre=objectif[2], enjeu=enjeu, axe=axe)
                )
            elif len(self.objectifs) == debut:  # un mot ajouté avant tout objectif
                continue
            elif objectif:
                self._ajouter(operationnels=(OperationnelLu(titre=objectif[2]),))
            elif self.blocs[rang].puce and (trouve := _CITEE.match(texte)):
                self._citer(trouve[1])
                self.titres_cites[axe, trouve[1]] = texte[trouve.end() :]
            else:
                self._ajouter(renvois=(texte,))
            self.places.add(rang)

    def _ajouter(self, **listes: tuple[object, ...]) -> None:
        """Au dernier objectif, à la fin de ces listes."""
        objectif = self.objectifs[-1]
        allongees = {nom: getattr(objectif, nom) + ajoutes for nom, ajoutes in listes.items()}
        self.objectifs[-1] = replace(objectif, **allongees)

    def _citer(self, numero: str) -> None:
        """Sous l'objectif opérationnel qui précède, s'il y en a un."""
        *avant, dernier = self.objectifs[-1].operationnels or (None,)
        if dernier is None:
            self._ajouter(fiches=(numero,))
        else:
            complete = replace(dernier, fiches=(*dernier.fiches, numero))
            self.objectifs[-1] = replace(self.objectifs[-1], operationnels=(*avant, complete))

    # --- Les fiches ----------------------------------------------------------------------------------------------
    def _fiches(self, sections: list[_Section]) -> Iterator[FicheLue]:
        axe, ordre = "", 0
        for section in sections:
            titre = _FICHE.match(section.titre)
            if titre:
                ordre += 1
                yield self._fiche(section, axe, titre[1], ordre)
            elif section.niveau == 2:
                axe = section.titre.removeprefix(FICHES_DE_L_AXE).strip()
                axe = "" if section.titre == FICHES_SANS_AXE else axe
            else:
                continue
            self.places.add(section.rang)

    def _fiche(self, section: _Section, axe: str, numero: str, ordre: int) -> FicheLue:
        rangs = self._rangs_de_tableau(section)
        dites = {cle: rang for rang in rangs if (cle := _CLES.get(tete_de(self.blocs[rang])))}
        intitule = next((rang for rang in rangs if tete_de(self.blocs[rang]) == INTITULE), None)
        self.places |= set(dites.values())
        titre = section.titre.partition(" : ")[2]
        if intitule is not None:
            self.places.add(intitule)
            titre = texte_de(self.blocs[intitule], 1)
        citants = [un for un in self.objectifs if un.axe == axe and cite(un, numero)]
        dits = self._dit(dites, "objectifs_generaux").split("\n")
        citants.sort(key=lambda un: dits.index(un.titre) if un.titre in dits else len(dits))
        return FicheLue(
            ligne_debut=self.blocs[section.rang].ligne,
            ligne_fin=self.blocs[([section.rang, *section.rangs])[-1]].ligne,
            axe=axe,
            numero=numero,
            ordre=ordre,
            titre=titre,
            titre_dans_arbre=self.titres_cites.get((axe, numero)),
            statut=statut(self._dit(dites, "statut")),
            annees=tuple(map(int, re.findall(r"\d{4}", self._dit(dites, "annees")))),
            enjeux=tuple(sorted({un.enjeu for un in citants if un.enjeu is not None})),
            objectifs=tuple(un.titre for un in citants),
            cellules=tuple(
                cellule_de(cle, self.blocs[rang]) for cle, rang in dites.items() if cle not in DITES_A_PART
            ),
            projets_specifiques=tuple(filter(None, self._dit(dites, "projets_specifiques").split("\n"))),
            autres=(("pilote", self._dit(dites, "pilote")),) if "pilote" in dites else (),
        )

    def _dit(self, dites: dict[str, int], cle: str) -> str:
        return texte_de(self.blocs[dites[cle]], 1) if cle in dites else ""

    # --- Le reste ------------------------------------------------------------------------------------------------
    def _chiffres(self, sections: list[_Section]) -> tuple[list[ChiffreLu], list[TableauLu]]:
        chiffres: list[ChiffreLu] = []
        tableaux: list[TableauLu] = []
        for section in sections:
            for titre, rangs in self._tableaux(section):
                tete, *lignes = (self.blocs[rang] for rang in rangs)
                if entetes_de(tete) == ENTETES_DES_CHIFFRES:
                    lus = {rang: chiffre_de(self.blocs[rang]) for rang in rangs[1:]}
                    chiffres += [chiffre for chiffre in lus.values() if chiffre]
                    self.places |= {rangs[0], *(rang for rang, chiffre in lus.items() if chiffre)}
                elif tableau := lire_le_tableau([tete, *lignes]):
                    tableaux.append(avec_son_titre(tableau, titre, texte_de(tete, 0)))
                    self.places |= set(rangs)
        return chiffres, tableaux

    def _instances(self, sections: list[_Section]) -> Iterator[InstanceLue]:
        for bloc, (nom, role, composition) in self._lignes_du_tableau(sections, ENTETES_DES_INSTANCES):
            yield InstanceLue(
                ligne_debut=bloc.ligne, ligne_fin=bloc.ligne, nom=nom, role=role, composition=composition
            )

    def _sigles(self, sections: list[_Section]) -> Iterator[SigleLu]:
        for bloc, (sigle, sens) in self._lignes_du_tableau(sections, ENTETES_DES_SIGLES):
            yield SigleLu(ligne_debut=bloc.ligne, ligne_fin=bloc.ligne, sigle=sigle, sens=sens)

    def _lire_les_passages(self, sections: list[_Section], projet: str) -> None:
        for rang in (rang for section in sections for rang in self._rangs_de_tableau(section)):
            if entetes_de(self.blocs[rang]) == ENTETES_DES_PASSAGES:
                self.mise_en_page.add(rang)
            else:
                self.passages[rang] = passage_de(self.blocs[rang], projet)

    def _lignes_du_tableau(
        self, sections: list[_Section], entetes: tuple[str, ...]
    ) -> Iterator[tuple[Bloc, list[str]]]:
        for section in sections:
            for rang in self._rangs_de_tableau(section):
                bloc = self.blocs[rang]
                self.places.add(rang)
                if entetes_de(bloc) != entetes:
                    yield bloc, [texte_de(bloc, colonne) for colonne in range(len(entetes))]

    def _rangs_de_tableau(self, section: _Section) -> list[int]:
        return [rang for _, rangs in self._tableaux(section) for rang in rangs]

    def _tableaux(self, section: _Section) -> Iterator[tuple[str, list[int]]]:
        """(légende, rangs) de chaque tableau d'une section. La légende est la ligne qui le précède."""
        rangs: list[int] = []
        legende = ""
        for place, rang in enumerate(section.rangs):
            bloc = self.blocs[rang]
            if not bloc.est_rang:
                tete = next((self.blocs[un] for un in section.rangs[place + 1 : place + 2]), None)
                if tete and (bloc.texte in LEGENDES or tete_de(tete).startswith(bloc.texte)):
                    legende = bloc.texte
                    self.mise_en_page.add(rang)
                continue
            rangs.append(rang)
            fin = section.rangs[place + 1 : place + 2]
            if not fin or self.blocs[fin[0]].tableau != bloc.tableau:
                yield legende, rangs
                rangs, legende = [], ""
