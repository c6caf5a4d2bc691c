"""Le projet en document : sommaire, textes, chiffres, arbre, fiches, gouvernance, sigles, passages à ranger.

Les titres et les libellés sont ceux de `importation.grammaire` : un projet sorti en Word ou en HTML se relit.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from maillage.core.documents.description import (
    Bloc,
    Definition,
    Document,
    Liste,
    Paragraphe,
    Saut,
    Section,
    Tableau,
    texte_libre,
)
from maillage.core.documents.texte import Texte, gras
from maillage.core.francais import date_longue, nombre
from maillage.projets.choices import EtatMorceau, StatutFiche
from maillage.projets.exportation.gouvernance import tableau_des_instances
from maillage.projets.exportation.objet import CODES, objet_du_document
from maillage.projets.importation import grammaire as mots
from maillage.projets.importation.chapitres import NIVEAU_MAX
from maillage.projets.jetons import en_clair
from maillage.projets.lecture import lire_arbre
from maillage.projets.matiere import Matiere
from maillage.projets.models import ProjetSocial
from maillage.projets.operations import arbre_du_lu
from maillage.projets.operations.fiches_du_lu import fiche_separee

_SOUS_LISTE = re.compile(r"(?m)^((?:  )+)- ")
STATUTS: Final = {code: StatutFiche(valeur).label for valeur, code in CODES.items()}


def document_du_projet(projet: ProjetSocial) -> Document:
    objet = objet_du_document(projet, lire_arbre(projet))
    return Document(
        titre=projet.nom,
        surtitre=f"Projet social {objet['periode']['debut']}-{objet['periode']['fin']}",
        sous_titre=projet.structure.nom,
        signature=f"Du {date_longue(projet.du)} au {date_longue(projet.au)}",
        auteur=projet.structure.nom,
        date=timezone.localdate(),
        blocs=(_cadre(projet, objet),),
        sections=tuple(_sections(projet, objet)),
        mentions=(f"{mots.MENTION} le {date_longue(timezone.localdate())}",),
        a_couverture=True,
        profondeur_du_sommaire=3,
    )


def _sections(projet: ProjetSocial, objet: dict[str, Any]) -> Iterator[Section]:
    yield from _chapitres(projet)
    yield from _diagnostic(objet)
    if objet["axes"]:
        yield Section(mots.ARBRE)
        yield from _arbre(objet)
    if objet["fiches"]:
        yield from _fiches(objet)
    if objet["gouvernance"]:
        instances = ((un["nom"], un["role"], un["composition"]) for un in objet["gouvernance"])
        yield Section(mots.GOUVERNANCE, (tableau_des_instances(instances),))
    if objet["sigles"]:
        yield Section(mots.SIGLES, (tableau_des_sigles(objet["sigles"]),))
    if passages := [un for un in objet["a_ranger"] if un["etat"] == EtatMorceau.A_RANGER]:
        yield Section(mots.A_RANGER, (_passages(passages),))


def _cadre(projet: ProjetSocial, objet: dict[str, Any]) -> Definition:
    couples: tuple[tuple[str, Texte], ...] = (
        (mots.STRUCTURE, projet.structure.nom),
        (mots.TERRITOIRE, objet["territoire"]),
        (mots.QUARTIERS, mots.ENTRE_DEUX_ZONES.join(objet["quartiers"])),
        (mots.QPV, mots.ENTRE_DEUX_ZONES.join(objet["qpv"])),
    )
    return Definition(tuple(couple for couple in couples if couple[1]))


def _chapitres(projet: ProjetSocial) -> Iterator[Section]:
    """Un chapitre ne descend que d'un niveau à la fois."""
    niveau, matiere = 0, Matiere(projet)
    for chapitre in (
        projet.chapitres.filter(est_ote=False).exclude(~Q(cle=""), texte="").order_by("rang", "pk")
    ):
        niveau = min(chapitre.niveau, niveau + 1, NIVEAU_MAX)
        texte = en_clair(chapitre.texte, matiere)
        texte = _SOUS_LISTE.sub(lambda retrait: "- " + _sous_puces(retrait[1]), texte)
        yield Section(chapitre.titre or mots.SANS_TITRE, texte_libre(texte), niveau=niveau)


def _sous_puces(retrait: str) -> str:
    """Un signe par étage de liste : un document n'a pas d'autre façon de montrer une sous-liste."""
    return "◦ " * (len(retrait) // 2)


def _diagnostic(objet: dict[str, Any]) -> Iterator[Section]:
    familles = objet["indicateurs_familles"]
    tableaux = [{"titre": mots.TABLEAU_FAMILLES, **familles}] if familles else []
    blocs: list[Bloc] = [tableau_par_zone(un) for un in (*tableaux, *objet["tableaux"]) if un["zones"]]
    if objet["chiffres_diagnostic"]:
        blocs.insert(0, tableau_des_chiffres(objet["chiffres_diagnostic"]))
    if blocs:
        yield Section(mots.CHIFFRES, tuple(blocs))


def tableau_des_chiffres(chiffres: Iterable[dict[str, Any]]) -> Tableau:
    return Tableau(
        legende=mots.LEGENDE_DES_CHIFFRES,
        entetes=mots.ENTETES_DES_CHIFFRES,
        lignes=tuple(
            (
                un["libelle"],
                f"{nombre(un['valeur'])} {un['unite']}".strip(),
                un["zone"],
                un["source"],
                str(un["annee"] or ""),
            )
            for un in chiffres
        ),
        alignements=("gauche", "droite", "gauche", "gauche", "droite"),
        largeurs=(5, 3, 4, 5, 2),
        a_entetes_de_ligne=True,
    )


def tableau_par_zone(tableau: dict[str, Any]) -> Tableau:
    zones, titre = tuple(tableau["zones"]), tableau["titre"] or "Chiffres par zone"

    def cellules(ligne: dict[str, Any]) -> tuple[str, ...]:
        par_zone = {valeur["zone"]: str(valeur["brut"]) for valeur in ligne["valeurs"]}
        return (ligne["libelle"], *(par_zone.get(zone, "") for zone in zones))

    return Tableau(
        legende=titre,
        entetes=(f"{titre} ({tableau['source']})" if tableau["source"] else titre, *zones),
        lignes=tuple(map(cellules, tableau["lignes"])),
        a_entetes_de_ligne=True,
    )


def _arbre(objet: dict[str, Any]) -> Iterator[Section]:
    titres = {
        (fiche["axe"], fiche["numero"]): fiche["titre_dans_arbre"] or fiche["titre"]
        for fiche in objet["fiches"]
    }
    for axe in objet["axes"]:
        siens = [objectif for objectif in objet["objectifs"] if objectif["axe"] == axe["numero"]]
        blocs = list(_objectifs((un for un in siens if un["enjeu"] is None), titres))
        for enjeu in objet["enjeux"]:
            if enjeu["axe"] == axe["numero"]:
                blocs.append(Paragraphe(gras(f"Enjeu {enjeu['numero']} : {enjeu['titre']}")))
                blocs += _objectifs((un for un in siens if un["enjeu"] == enjeu["numero"]), titres)
        yield Section(titre_de_l_axe(axe), tuple(blocs), niveau=2)


def _objectifs(objectifs: Iterable[dict[str, Any]], titres: dict[tuple[str, str], str]) -> tuple[Bloc, ...]:
    blocs: list[Bloc] = []
    for objectif in objectifs:
        blocs.append(Paragraphe(f"Objectif général : {objectif['titre']}"))
        blocs += _citees(objectif["axe"], objectif["fiches"], titres, objectif.get("renvois", ()))
        for dessous in objectif.get("operationnels", ()):
            blocs.append(Paragraphe(f"Objectif opérationnel : {dessous['titre']}"))
            blocs += _citees(objectif["axe"], dessous["fiches"], titres)
    return tuple(blocs)


def _citees(
    axe: str, numeros: Sequence[str], titres: dict[tuple[str, str], str], renvois: Sequence[str] = ()
) -> list[Bloc]:
    fiches = [f"Fiche {numero} : {titres.get((axe, numero), '')}" for numero in numeros]
    return [*([Liste(tuple(fiches))] if fiches else []), *map(Paragraphe, renvois)]


def _fiches(objet: dict[str, Any]) -> Iterator[Section]:
    """Axe par axe ; celles qui n'en ont pas à la fin."""
    yield Section(mots.FICHES)
    axes = {axe["numero"]: titre_de_l_axe(axe) for axe in objet["axes"]}
    for numero, axe in {**axes, "": ""}.items():
        siennes = [fiche for fiche in objet["fiches"] if fiche["axe"] == numero]
        if siennes:
            nom = f"{mots.FICHES_DE_L_AXE} {numero}" if numero else mots.FICHES_SANS_AXE
            yield Section(nom, (Saut(),), niveau=2)
            yield from (_fiche(fiche, axe) for fiche in siennes)


def titre_de_l_axe(axe: dict[str, Any]) -> str:
    """« Axe 1 : Accéder à ses droits », « Axe transversal : Accueillir »."""
    numero = mots.TRANSVERSAL if axe["numero"] == arbre_du_lu.TRANSVERSAL else axe["numero"]
    return f"Axe {numero} : {axe['titre']}"


def _fiche(fiche: dict[str, Any], axe: str) -> Section:
    nom = f"Fiche action {fiche['numero']}".strip()
    dite = fiche_separee(fiche) | {"axe": axe, "annees": ", ".join(map(str, fiche["annees"]))}
    textes = {libelle: _cellule(cle, dite[cle]) for cle, libelle in mots.RUBRIQUES.items()}
    lignes = tuple((libelle, texte) for libelle, texte in textes.items() if texte)
    tableau = Tableau(
        legende=mots.LEGENDE_DE_FICHE,
        entetes=(mots.INTITULE, fiche["titre"]),
        lignes=lignes,
        largeurs=(2, 7),
        a_entetes_de_ligne=True,
    )
    return Section(f"{nom} : {fiche['titre']}", (tableau, Saut()), niveau=3)


def _cellule(cle: str, valeur: Any) -> str:
    if cle == "statut":
        return STATUTS.get(valeur, "")
    if isinstance(valeur, list):
        return "\n".join(f"• {' '.join(element.split())}" for element in valeur)
    return _SOUS_LISTE.sub(lambda retrait: _sous_puces(retrait[1]), str(valeur or ""))


def tableau_des_sigles(sigles: Iterable[dict[str, Any]]) -> Tableau:
    return Tableau(
        legende=mots.LEGENDE_DES_SIGLES,
        entetes=mots.ENTETES_DES_SIGLES,
        lignes=tuple((un["sigle"], un["sens"]) for un in sigles),
        largeurs=(1, 4),
        a_entetes_de_ligne=True,
    )


def _passages(passages: Iterable[dict[str, Any]]) -> Tableau:
    """Ce que personne n'a encore rangé, et les lignes du document d'origine où c'était (« 4 », « 4 à 6 »)."""

    def lignes(un: dict[str, Any]) -> str:
        bornes = dict.fromkeys(str(un[borne]) for borne in ("ligne_debut", "ligne_fin") if un[borne])
        return mots.ENTRE_DEUX_LIGNES.join(bornes)

    return Tableau(
        legende=mots.LEGENDE_DES_PASSAGES,
        entetes=mots.ENTETES_DES_PASSAGES,
        lignes=tuple(
            (lignes(un), _SOUS_LISTE.sub(lambda retrait: _sous_puces(retrait[1]), un["texte"]))
            for un in passages
        ),
        largeurs=(1, 6),
        a_entetes_de_ligne=True,
    )
