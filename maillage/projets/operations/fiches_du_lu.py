"""Les fiches d'un projet lu, leurs objectifs, leurs indicateurs."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from maillage.projets.choices import DegreParticipation, EtatFiche, ListeIndicateur, StatutFiche
from maillage.projets.importation.lu import DITS_A_PART
from maillage.projets.importation.mots import forme
from maillage.projets.models import (
    FicheAction,
    Indicateur,
    ProjetSocial,
    ProjetSpecifique,
    Rattachement,
)
from maillage.projets.operations.arbre_du_lu import ArbreDuLu, Place
from maillage.projets.operations.textes_du_lu import Textes
from maillage.projets.operations.valeurs_du_lu import parmi

CODES_DE_STATUT = {"E": StatutFiche.EVOLUTION, "NA": StatutFiche.NOUVELLE, "AE": StatutFiche.EXISTANTE}
"""Les codes de l'export JSON, qui sont ceux des documents des centres."""

LISTES = (
    "objectifs_operationnels",
    "echeancier",
    "moyens_humains",
    "moyens_materiels",
    "resultats_attendus",
    "freins",
)
LISTES_D_INDICATEURS = {
    "indicateurs_quantitatifs": ListeIndicateur.QUANTITATIVE,
    "indicateurs_qualitatifs": ListeIndicateur.QUALITATIVE,
}
_PILOTE = re.compile(r"\b(?:pilote|référente?|responsable|porteu[rs]e?)\b", re.IGNORECASE)
_RENVOI = re.compile(r"\s*\(\s*(?:cf|voir|vu)\b[^()]*\)\s*$", re.IGNORECASE)
_ANNEES = re.compile(r"\b(20\d\d)(?:\s*(?:-|–|à|/)\s*(20\d\d))?\b")
_DES = re.compile(r"\b(?:dès|depuis|à partir de|à compter de)\s+(?:\w+\s+)?(20\d\d)\b", re.IGNORECASE)


def ecrire_les_fiches(
    projet: ProjetSocial,
    lu: Mapping[str, Any],
    arbre: ArbreDuLu,
    specifiques: Mapping[str, ProjetSpecifique],
    textes: Textes,
) -> list[FicheAction]:
    """À appeler dans la transaction de l'acte, l'arbre écrit."""
    lues = list(lu.get("fiches") or ())
    places = [arbre.places(une) for une in lues]
    fiches = FicheAction.objects.bulk_create(
        _fiche(projet, une, ses_places, arbre, textes) for une, ses_places in zip(lues, places, strict=True)
    )
    Rattachement.objects.bulk_create(
        Rattachement(fiche=fiche, objectif=place.objectif, rang=place.rang)
        for fiche, ses_places in zip(fiches, places, strict=True)
        for place in _autres(ses_places)
    )
    _garder_le_reste(lues, textes)
    arbre.garder_les_citations_perdues(lues)
    _rappeler(fiches, arbre, textes)
    Indicateur.objects.bulk_create(
        Indicateur(fiche=fiche, liste=liste, rang=rang, libelle=libelle)
        for fiche, une in zip(fiches, lues, strict=True)
        for cle, liste in LISTES_D_INDICATEURS.items()
        for rang, libelle in enumerate(textes.liste(une.get(cle)), start=1)
    )
    liens = FicheAction.specifiques.through
    liens.objects.bulk_create(
        liens(ficheaction_id=fiche.pk, projetspecifique_id=pk)
        for fiche, une in zip(fiches, lues, strict=True)
        for pk in dict.fromkeys(specifiques[nom].pk for nom in une.get("projets_specifiques") or ())
    )
    return fiches


def _rappeler(fiches: list[FicheAction], arbre: ArbreDuLu, textes: Textes) -> None:
    """« (cf. axe 3) » sous un objectif : la fiche d'un autre axe sert aussi celui-ci. On la trouve par son titre."""
    par_titre = {forme(titre): fiche for fiche in fiches for titre in (fiche.titre_dans_arbre, fiche.titre)}
    liens = []
    for rang, (objectif, renvoi) in enumerate(arbre.rappels(), start=1):
        fiche = par_titre.get(forme(_RENVOI.sub("", renvoi)))
        if fiche is None or fiche.objectif_id == objectif.pk:
            textes.a_garder.append(f"Renvoi sous l’objectif « {objectif.titre} » : {renvoi}")
        else:
            liens.append(Rattachement(fiche=fiche, objectif=objectif, rang=rang, est_un_renvoi=True))
    Rattachement.objects.bulk_create(liens, ignore_conflicts=True)


def _autres(places: list[Place]) -> list[Place]:
    """Les objectifs servis au-delà du premier, chacun une fois."""
    vus = {places[0].objectif.pk} if places else set()
    autres = []
    for place in places[1:]:
        if place.objectif.pk not in vus:
            vus.add(place.objectif.pk)
            autres.append(place)
    return autres


def _fiche(
    projet: ProjetSocial, lu: Mapping[str, Any], places: list[Place], arbre: ArbreDuLu, textes: Textes
) -> FicheAction:
    objectif = places[0].objectif if places else None
    fiche = FicheAction(
        projet=projet,
        axe=objectif.enjeu.axe if objectif else arbre.axe(lu.get("axe")),
        objectif=objectif,
        rang=places[0].rang if places else int(lu.get("ordre") or 1),
        titre=textes.court(lu.get("titre") or lu.get("titre_dans_arbre"), 300) or "Fiche sans titre",
        statut=CODES_DE_STATUT.get(str(lu.get("statut") or "").upper(), ""),
        contexte=textes.long(lu.get("contexte")),
        presentation=textes.long(lu.get("presentation")),
        numero_source=textes.court(lu.get("numero"), 20),
        titre_dans_arbre=textes.court(lu.get("titre_dans_arbre"), 300),
        objectifs_du_document=textes.liste(lu.get("objectifs_generaux")),
        pilote_nom=textes.court(lu.get("pilote") or _pilote(lu, textes), 120),
        **{champ: textes.liste(lu.get(champ)) for champ in LISTES},
    )
    dite = fiche_separee(lu)
    fiche.attention_particuliere = textes.long(dite["attention_particuliere"])
    fiche.public = textes.liste(dite["public"])
    fiche.partenaires_potentiels = textes.liste(dite["partenaires_potentiels"])
    fiche.partenaires_existants = textes.liste(dite["partenaires"])
    fiche.degre_participation = parmi(lu.get("degre_participation"), DegreParticipation)
    fiche.preuve_participation = textes.long(lu.get("preuve_participation"))
    fiche.annees = lu.get("annees") or annees_de(fiche.echeancier, projet.annees)
    fiche.etat = _etat(lu, fiche)
    return fiche


def _pilote(lu: Mapping[str, Any], textes: Textes) -> str:
    """Le premier pilote que la fiche dit en plus de ses cellules."""
    return next((texte for libelle, texte in _dits_en_plus(lu, textes) if _PILOTE.search(libelle)), "")


def _garder_le_reste(lues: Sequence[Mapping[str, Any]], textes: Textes) -> None:
    """Ce que des fiches disent en plus est gardé à ranger ; ce que plusieurs disent pareil, une seule fois."""
    fiches_par_texte: dict[tuple[str, str], list[str]] = defaultdict(list)
    for lu in lues:
        pilote = _pilote(lu, textes)
        for libelle, texte in _dits_en_plus(lu, textes):
            if texte != pilote:
                fiches_par_texte[libelle, texte].append(f"« {lu.get('titre')} »")
    for (libelle, texte), titres in fiches_par_texte.items():
        mot = "Fiche" if len(titres) == 1 else "Fiches"
        textes.a_garder.append(f"{mot} {', '.join(titres)}, {libelle} : {texte}")


def _dits_en_plus(lu: Mapping[str, Any], textes: Textes) -> list[tuple[str, str]]:
    """(libellé, texte) de chaque cellule que la fiche n'a pas."""
    lus = ((textes.long(a.get("libelle")), textes.long(a.get("texte"))) for a in lu.get("autres") or ())
    return [(libelle, texte) for libelle, texte in lus if texte]


def fiche_separee(fiche: Mapping[str, Any]) -> dict[str, Any]:
    """La fiche de l'objet d'échange, où « public » et « partenaires » ne répètent plus ce qu'elle dit à part."""
    textes = Textes()
    separee = dict(fiche) | {"attention_particuliere": textes.long(fiche.get("attention_particuliere"))}
    separee["partenaires_potentiels"] = textes.liste(fiche.get("partenaires_potentiels"))
    for champ, a_part in DITS_A_PART.items():
        dit = separee[a_part]
        separee[champ] = _sans_la_fin(
            textes.liste(fiche.get(champ)), dit if isinstance(dit, list) else dit.splitlines()
        )
    return separee


def _sans_la_fin(elements: list[str], fin: list[str]) -> list[str]:
    return elements[: -len(fin)] if fin and elements[-len(fin) :] == fin else elements


def _etat(lu: Mapping[str, Any], fiche: FicheAction) -> str:
    """Une fiche dont le document dit ce qu'on fera est écrite."""
    if lu.get("etat") in EtatFiche.values:
        return str(lu["etat"])
    return EtatFiche.PRETE if fiche.presentation or fiche.objectifs_operationnels else EtatFiche.A_ECRIRE


def annees_de(echeancier: list[str], du_projet: list[int]) -> list[int]:
    """Les années du projet que l'échéancier nomme ; « dès 2022 » vaut jusqu'à la fin."""
    dites: set[int] = set()
    for ligne in echeancier:
        dites |= {annee for debut in _DES.findall(ligne) for annee in du_projet if annee >= int(debut)}
        for debut, fin in _ANNEES.findall(ligne):
            dites |= set(range(int(debut), int(fin or debut) + 1))
    return [annee for annee in du_projet if annee in dites]
