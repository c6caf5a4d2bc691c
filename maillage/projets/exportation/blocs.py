"""Les blocs vivants du dossier : ce qui se pose dans un chapitre, tiré des données du jour.

`BLOCS` : nom → fonction(matiere). Elle rend des blocs, et des sections dont le niveau est relatif au chapitre ; rien
quand il n'y a rien à dire. Aucun n'écrit le nom d'un habitant ; les petits nombres sont cachés.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from maillage.core.documents.description import (
    Alignement,
    Bloc,
    Definition,
    Figure,
    Liste,
    Paragraphe,
    Saut,
    Section,
    Tableau,
    texte_libre,
)
from maillage.core.documents.ecriture_legere import Piece
from maillage.core.documents.texte import Bout, Morceau, Texte, gras
from maillage.core.francais import compte, date_longue
from maillage.projets.champs import CHAMPS, GenreChamp, lire_champ
from maillage.projets.choices import GenreZone
from maillage.projets.citations import JETON
from maillage.projets.dessin import decrire, dessiner
from maillage.projets.documents import PARTIES, pilote_de
from maillage.projets.exportation.budget import blocs_du_budget, blocs_du_financement
from maillage.projets.exportation.diagnostic import (
    blocs_des_besoins,
    blocs_des_chiffres,
    blocs_des_constats,
    blocs_des_enquetes,
    blocs_des_paroles,
    blocs_des_rencontres,
)
from maillage.projets.exportation.document import tableau_des_sigles
from maillage.projets.exportation.gouvernance import blocs_de_la_participation, blocs_des_instances
from maillage.projets.exportation.memoire import blocs_de_la_memoire
from maillage.projets.indicateurs import IndicateurLu
from maillage.projets.jetons import cible_de, depart_de, lire_jeton
from maillage.projets.lecture import Arbre, AxeLu, FicheLue, ObjectifLu
from maillage.projets.lecture_du_budget import AnneeDeBudget
from maillage.projets.matiere import Matiere
from maillage.projets.models import ProjetSocial

FaireUnBloc = Callable[[Matiere], tuple[Piece, ...]]
ANNEE_PREVUE: Final = "●"
PLACE_D_UNE_FICHE: Final = 100
"""En millimètres : ce qu'il lui faut au bas d'une page pour y commencer."""


def du_projet(fonction: Callable[[ProjetSocial], tuple[Piece, ...]]) -> FaireUnBloc:
    """Un bloc qui ne lit que le projet."""
    return lambda matiere: fonction(matiere.projet)


def de_l_arbre(fonction: Callable[[ProjetSocial, Arbre], tuple[Piece, ...]]) -> FaireUnBloc:
    """Un bloc qui lit le projet et son arbre, déjà lu."""
    return lambda matiere: fonction(matiere.projet, matiere.arbre)


def du_budget(fonction: Callable[[list[AnneeDeBudget]], tuple[Piece, ...]]) -> FaireUnBloc:
    return lambda matiere: fonction(matiere.budget)


# --- Le cadre ---------------------------------------------------------------------------------------


def cadre(matiere: Matiere) -> tuple[Piece, ...]:
    projet = matiere.projet
    zones = list(projet.zones.all())
    couples = (
        ("Structure", projet.structure.nom),
        ("Période", f"du {date_longue(projet.du)} au {date_longue(projet.au)}"),
        ("Territoire", projet.territoire),
        ("Communes", ", ".join(commune.nom for commune in projet.communes.order_by("nom", "pk"))),
        ("Quartiers et secteurs", ", ".join(z.nom for z in zones if z.genre != GenreZone.QPV)),
        ("Quartiers prioritaires", ", ".join(z.nom for z in zones if z.genre == GenreZone.QPV)),
        ("Le projet en nombres", _en_nombres(matiere)),
    )
    return (Definition(tuple(couple for couple in couples if couple[1])),)


def _en_nombres(matiere: Matiere) -> str:
    comptes = matiere.comptes
    dits = (
        ("axes", "axe"),
        ("objectifs", "objectif général,objectifs généraux"),
        ("fiches", "fiche action,fiches actions"),
    )
    return ", ".join(compte(comptes[nom], mots) for nom, mots in dits if comptes[nom])


# --- L'arbre ----------------------------------------------------------------------------------------


def arbre(matiere: Matiere) -> tuple[Piece, ...]:
    """La vue d'ensemble, puis un axe par dessin, chacun avec son tableau."""
    axes = matiere.arbre.axes
    if not axes:
        return ()
    ensemble = Tableau(
        legende="Les axes du projet",
        entetes=("Axe", "Enjeux", "Objectifs généraux", "Fiches actions"),
        lignes=tuple(
            (
                str(lu.axe),
                str(sum(1 for enjeu in lu.enjeux if enjeu.numero)),
                str(sum(len(enjeu.objectifs) for enjeu in lu.enjeux)),
                str(len(lu.fiches)),
            )
            for lu in axes
        ),
        alignements=("gauche", "droite", "droite", "droite"),
        largeurs=(6, 2, 3, 2),
        a_entetes_de_ligne=True,
    )
    return (ensemble, *(_dessin_de_l_axe(matiere, lu) for lu in axes))


def titre_de_l_axe(lu: AxeLu) -> str:
    return f"Axe {lu.axe.lettre} : {lu.axe.titre}"


def _dessin_de_l_axe(matiere: Matiere, lu: AxeLu) -> Section:
    titre = titre_de_l_axe(lu)
    lignes = tuple(_lignes_de_l_axe(matiere, lu))
    if not lignes:
        return Section(titre, (Paragraphe("Cet axe n’a pas encore d’objectif."),))
    tableau = Tableau(
        legende=f"L’axe {lu.axe.lettre}, objectif par objectif",
        entetes=("Enjeu", "Objectif", "Fiches actions"),
        lignes=lignes,
        largeurs=(3, 4, 5),
    )
    figure = Figure(
        svg=dessiner(matiere.arbre, [lu], avec_l_axe=False),
        alt=f"Arbre dessiné. {decrire([lu])} Le tableau qui suit dit la même chose.",
        legende=f"L’arbre de l’axe {lu.axe.lettre}",
        tableau=tableau,
        est_haute=True,
    )
    return Section(titre, (figure,))


def _lignes_de_l_axe(matiere: Matiere, lu: AxeLu) -> Iterator[tuple[Texte, ...]]:
    for enjeu in lu.enjeux:
        dit = f"Enjeu {enjeu.numero}. {enjeu.enjeu.titre}" if enjeu.numero else "–"
        for general in enjeu.objectifs:
            yield dit, general.objectif.titre, _les_fiches(matiere, general)
            for dessous in general.operationnels:
                yield dit, f"◦ {dessous.objectif.titre}", _les_fiches(matiere, dessous)
    if lu.sans_objectif:
        yield "–", "Sans objectif nommé", _en_lignes(matiere, lu.sans_objectif)


def _les_fiches(matiere: Matiere, lu: ObjectifLu) -> Texte:
    return _en_lignes(matiere, [*lu.fiches, *lu.citees])


def _en_lignes(matiere: Matiere, fiches: Iterable[FicheLue]) -> Texte:
    morceaux: list[Morceau] = []
    for lue in fiches:
        morceaux += [*(["\n"] if morceaux else []), _vers_la_fiche(matiere, lue)]
    return tuple(morceaux) or "–"


def _vers_la_fiche(matiere: Matiere, lue: FicheLue) -> Morceau:
    ancre = f"fiche-{lue.fiche.pk}"
    return Bout(str(lue), ancre=ancre) if ancre in matiere.ancres else str(lue)


# --- Les projets spécifiques ------------------------------------------------------------------------


def specifiques(matiere: Matiere) -> tuple[Piece, ...]:
    sections = []
    for un in matiere.specifiques:
        siennes = [
            lue
            for lue in matiere.arbre.fiches
            if un.nom in matiere.specifiques_par_fiche.get(lue.fiche.pk, ())
        ]
        blocs: list[Bloc] = list(texte_libre(un.presentation))
        if siennes:
            blocs.append(Paragraphe(gras("Ses fiches actions :")))
            blocs.append(Liste(tuple(_vers_la_fiche(matiere, lue) for lue in siennes)))
        if blocs:
            sections.append(Section(un.nom, tuple(blocs)))
    return tuple(sections)


# --- Les fiches -------------------------------------------------------------------------------------


def fiches(matiere: Matiere) -> tuple[Piece, ...]:
    """Axe par axe ; celles qui n'ont pas d'axe à la fin. Une fiche commence où il lui reste de quoi se lire."""
    pieces: list[Piece] = []
    for axe in matiere.arbre.axes:
        if axe.fiches:
            sommaire = Liste(tuple(_vers_la_fiche(matiere, lue) for lue in axe.fiches))
            pieces.append(Section(titre_de_l_axe(axe), (sommaire, Saut(PLACE_D_UNE_FICHE))))
            pieces += [_fiche(matiere, lue) for lue in axe.fiches]
    if matiere.arbre.a_ranger:
        pieces.append(Section("Fiches sans axe"))
        pieces += [_fiche(matiere, lue) for lue in matiere.arbre.a_ranger]
    return tuple(pieces)


def _fiche(matiere: Matiere, lue: FicheLue) -> Section:
    fiche = lue.fiche
    lignes = [(titre, texte) for nom, titre in PARTIES if (texte := _partie(matiere, lue, nom))]
    blocs: list[Bloc] = [Definition(tuple(_identite(matiere, lue)))]
    if lignes:
        blocs.append(
            Tableau(
                legende="Ce que prévoit l’action",
                entetes=("Rubrique", "Ce qui est prévu"),
                lignes=tuple(lignes),
                largeurs=(2, 7),
                a_entetes_de_ligne=True,
            )
        )
    if indicateurs_lus := matiere.indicateurs.get(fiche.pk):
        blocs.append(_tableau_d_indicateurs("Comment on saura que cela marche", indicateurs_lus))
    return Section(
        str(lue) if lue.numero else fiche.titre,
        (*blocs, Saut(PLACE_D_UNE_FICHE)),
        niveau=2,
        ancre=f"fiche-{fiche.pk}",
    )


def _identite(matiere: Matiere, lue: FicheLue) -> Iterator[tuple[str, Texte]]:
    fiche = lue.fiche
    couples = (
        ("Objectif général", lue.objectif.titre if lue.objectif else "À ranger"),
        ("Sert aussi", " ; ".join(objectif.titre for objectif in lue.autres_objectifs)),
        ("Par rapport au projet d’avant", fiche.get_statut_display()),
        ("Années", ", ".join(map(str, fiche.annees))),
        ("Pilote", pilote_de(fiche)),
        ("Participation des habitants", fiche.get_degre_participation_display()),
        ("Projets spécifiques", ", ".join(matiere.specifiques_par_fiche.get(fiche.pk, ()))),
    )
    yield from (couple for couple in couples if couple[1])


def _partie(matiere: Matiere, lue: FicheLue, nom: str) -> Texte:
    valeur = lire_champ(lue.fiche, nom)
    if CHAMPS[nom].genre == GenreChamp.LISTE:
        puce = "• " if len(valeur) > 1 else ""
        valeur = "\n".join(
            ligne if ligne.endswith(":") else f"{puce}{' '.join(ligne.split())}" for ligne in valeur
        )
    return _avec_citations(matiere, re.sub(r"\n{2,}", "\n", str(valeur or "").strip()))


def _avec_citations(matiere: Matiere, texte: str) -> Texte:
    morceaux: list[Morceau] = []
    curseur = 0
    for trouve in JETON.finditer(texte):
        lu = lire_jeton(trouve[0], matiere)
        if lu is None:
            continue
        morceaux.append(texte[curseur : trouve.start()])
        morceaux += lu if isinstance(lu, tuple) else [lu]
        curseur = trouve.end()
    return (*morceaux, texte[curseur:]) if morceaux else texte


# --- Le suivi à venir -------------------------------------------------------------------------------


def indicateurs(matiere: Matiere) -> tuple[Piece, ...]:
    """Axe par axe, ceux dont on sait d'où l'on part ou ce que l'on vise. Les autres se lisent dans leur fiche."""
    total = matiere.comptes["indicateurs"]
    if not total:
        return ()
    pieces: list[Piece] = []
    groupes = [(titre_de_l_axe(axe), axe.fiches) for axe in matiere.arbre.axes]
    for titre, siennes in [*groupes, ("Fiches sans axe", matiere.arbre.a_ranger)]:
        lignes = [
            (_vers_la_fiche(matiere, lue), lu.indicateur.libelle, depart_de(lu) or "–", cible_de(lu) or "–")
            for lue in siennes
            for lu in matiere.indicateurs.get(lue.fiche.pk, ())
            if depart_de(lu) or cible_de(lu)
        ]
        if lignes:
            pieces.append(
                Tableau(
                    legende=f"Indicateurs, {titre[0].lower()}{titre[1:]}",
                    entetes=("Fiche", "Indicateur", "Départ", "Visé"),
                    lignes=tuple(lignes),
                    largeurs=(4, 5, 2, 4),
                )
            )
    dits = sum(len(piece.lignes) for piece in pieces if isinstance(piece, Tableau))
    return (Paragraphe(_dire_combien(total, dits)), *pieces)


def _dire_combien(total: int, dits: int) -> str:
    debut = f"Les fiches actions disent {compte(total, 'indicateur')}."
    if not dits:
        return f"{debut} Chacun se lit dans sa fiche."
    if dits == total:
        return f"{debut} Tous ont un départ ou un but chiffré."
    return f"{debut} Voici ceux qui ont un départ ou un but chiffré ; les autres se lisent dans leur fiche."


def _tableau_d_indicateurs(legende: str, lus: list[IndicateurLu]) -> Bloc:
    if not any(depart_de(lu) or cible_de(lu) for lu in lus):
        return Tableau(
            legende=legende,
            entetes=("Indicateurs",),
            lignes=tuple((lu.indicateur.libelle,) for lu in lus),
            largeurs=(1,),
        )
    return Tableau(
        legende=legende,
        entetes=("Indicateur", "Départ", "Visé"),
        lignes=tuple((lu.indicateur.libelle, depart_de(lu) or "–", cible_de(lu) or "–") for lu in lus),
        largeurs=(5, 2, 4),
        a_entetes_de_ligne=True,
    )


def calendrier(matiere: Matiere) -> tuple[Piece, ...]:
    """Les années de chaque fiche, sur toute la durée du projet."""
    annees = matiere.projet.annees
    lignes = [
        (
            _vers_la_fiche(matiere, lue),
            *(ANNEE_PREVUE if annee in lue.fiche.annees else "" for annee in annees),
        )
        for lue in matiere.arbre.fiches
        if lue.fiche.annees
    ]
    if not lignes:
        return ()
    centre: Alignement = "centre"
    return (
        Tableau(
            legende=f"Le calendrier, de {annees[0]} à {annees[-1]}",
            entetes=("Fiche", *map(str, annees)),
            lignes=tuple(lignes),
            alignements=("gauche", *(centre for _ in annees)),
            largeurs=(8, *(1 for _ in annees)),
            notes=(f"{ANNEE_PREVUE} : l’action se tient cette année-là.",),
            a_entetes_de_ligne=True,
        ),
    )


def sigles(matiere: Matiere) -> tuple[Piece, ...]:
    if not matiere.sigles:
        return ()
    return (tableau_des_sigles({"sigle": un.sigle, "sens": un.sens} for un in matiere.sigles),)


BLOCS: Final[dict[str, FaireUnBloc]] = {
    "cadre": cadre,
    "memoire": du_projet(blocs_de_la_memoire),
    "rencontres": du_projet(blocs_des_rencontres),
    "chiffres": du_projet(blocs_des_chiffres),
    "constats": du_projet(blocs_des_constats),
    "paroles": du_projet(blocs_des_paroles),
    "enquetes": du_projet(blocs_des_enquetes),
    "besoins": de_l_arbre(blocs_des_besoins),
    "arbre": arbre,
    "specifiques": specifiques,
    "fiches": fiches,
    "indicateurs": indicateurs,
    "calendrier": calendrier,
    "instances": du_projet(blocs_des_instances),
    "participation": de_l_arbre(blocs_de_la_participation),
    "budget": du_budget(blocs_du_budget),
    "financement": du_budget(blocs_du_financement),
    "sigles": sigles,
}


def faire(nom: str, matiere: Matiere) -> tuple[Piece, ...]:
    """Rien pour un nom inconnu."""
    fonction = BLOCS.get(nom)
    return fonction(matiere) if fonction else ()
