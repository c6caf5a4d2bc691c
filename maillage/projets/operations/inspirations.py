"""Le pont avec le catalogue : s'inspirer d'une expérience, raconter une fiche finie."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import transaction

from maillage.catalogue.models import Contribution, Experience
from maillage.catalogue.operations.contributions import commencer_fiche
from maillage.catalogue.operations.sauvegardes import sauver_champs
from maillage.catalogue.presentation import texte_public
from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse, Valeur, empreinte
from maillage.core.versions import enregistrer
from maillage.projets.champs import CHAMPS, GenreChamp, elements, lire_champ, lire_champs
from maillage.projets.choices import EtatFiche
from maillage.projets.citations import en_clair
from maillage.projets.indicateurs import indicateurs_de
from maillage.projets.lecture import Arbre, lire_arbre
from maillage.projets.models import FicheAction, ProjetSocial
from maillage.projets.operations.fiches import (
    commencer_fiche_action,
    exiger_ouverte,
    noter,
    sauver_fiche,
    verrouiller,
)

REPRISES: Final = {
    "contexte": ("elements_diagnostic",),
    "presentation": ("description", "description_experience"),
    "moyens_humains": ("personnes_mobilisees",),
    "moyens_materiels": ("ressources_financieres",),
    "resultats_attendus": ("resultat_habitants", "resultat_centre", "resultat_territoire", "impacts"),
    "freins": ("limites",),
}
"""Champ de la fiche → champs de l'expérience qui le disent, dans l'ordre."""
RACONTABLES: Final = {EtatFiche.EN_COURS, EtatFiche.TERMINEE, EtatFiche.ARRETEE}


def a_reprendre(experience: Experience) -> dict[str, str]:
    """Ce que l'on peut recopier d'une expérience, champ par champ, tel que chacun le lit. Sans les vides."""
    textes = {
        nom: "\n".join(filter(None, (texte_public(experience, source).strip() for source in sources)))
        for nom, sources in REPRISES.items()
    }
    return {nom: texte for nom, texte in textes.items() if texte}


@transaction.atomic
def s_inspirer(
    fiche: FicheAction, experience: Experience, champs: Iterable[str], *, par: Utilisateur
) -> FicheAction:
    """Recopie ces champs, à la suite de ce qui est écrit et en disant d'où ils viennent ; garde la source.

    Recommencer ne recopie pas deux fois. Lève `FicheFermee`.
    """
    fiche = verrouiller(fiche)
    exiger_ouverte(fiche)
    textes = a_reprendre(experience)
    choisis = [nom for nom in champs if nom in textes]
    actuelles = lire_champs(fiche, choisis)
    ecrites = {nom: _a_la_suite(nom, actuelles[nom], textes[nom], experience) for nom in choisis}
    lues = {nom: empreinte(valeur) for nom, valeur in actuelles.items()}
    fiche = sauver_fiche(fiche, ecrites, lues, par=par).fiche
    if fiche.inspiree_de_id != experience.pk:
        enregistrer(fiche, version_lue=fiche.version, inspiree_de=experience)
    noter(
        fiche,
        "s_inspirer",
        f"a repris de « {experience.titre} » de quoi écrire « {fiche} ».",
        par=par,
        apres={"experience": experience.code, "champs": choisis},
    )
    return fiche


@transaction.atomic
def commencer_en_s_inspirant(
    projet: ProjetSocial, titre: str, experience: Experience, champs: Iterable[str], *, par: Utilisateur
) -> FicheAction:
    """Une fiche neuve, à ranger. Lève `FicheFermee`."""
    return s_inspirer(commencer_fiche_action(projet, titre, par=par), experience, champs, par=par)


def _a_la_suite(nom: str, ecrit: Valeur, texte: str, experience: Experience) -> Valeur:
    source = f"D’après « {experience.titre} », {experience.structure.nom} :"
    if CHAMPS[nom].genre == GenreChamp.LISTE:
        repris = [source, *elements(texte.split("\n"))]
        return ecrit if source in ecrit else [*ecrit, *repris]
    return ecrit if source in ecrit else "\n\n".join(filter(None, [ecrit, f"{source}\n{texte}"]))


# --- Raconter -------------------------------------------------------------------------------------


@transaction.atomic
def raconter_fiche(fiche: FicheAction, *, par: Utilisateur) -> Contribution:
    """Le brouillon d'une expérience, prérempli des mots de la fiche. Déjà fait : le même. Lève `GesteRefuse`."""
    fiche = verrouiller(fiche)
    if deja := contribution_de(fiche):
        return deja
    if fiche.etat not in RACONTABLES:
        raise GesteRefuse("L’action n’a pas commencé : il n’y a encore rien à raconter.")
    contribution = commencer_fiche(fiche.projet.structure, par=par)
    ecrites = _en_experience(fiche, lire_arbre(fiche.projet))
    vides = {nom: empreinte([] if isinstance(valeur, list) else "") for nom, valeur in ecrites.items()}
    contribution = sauver_champs(contribution, ecrites, vides, par=par).contribution
    enregistrer(fiche, version_lue=fiche.version, racontee_par=contribution.experience)
    noter(fiche, "raconter_fiche", f"a commencé à raconter « {fiche} » pour le catalogue.", par=par)
    return contribution


def contribution_de(fiche: FicheAction) -> Contribution | None:
    """Le brouillon qui raconte cette fiche, tant qu'il n'est pas publié."""
    if fiche.racontee_par_id is None:
        return None
    contribution: Contribution | None = (
        Contribution.objects.filter(experience=fiche.racontee_par_id).order_by("-pk").first()
    )
    return contribution


def _en_experience(fiche: FicheAction, arbre: Arbre) -> dict[str, Any]:
    """Champ de l'expérience → valeur, dans les formes du catalogue. Sans les vides."""

    def texte(*noms: str) -> str:
        return "\n\n".join(filter(None, (_en_texte(fiche, nom, arbre) for nom in noms)))

    ecrites: Mapping[str, Any] = {
        "titre": fiche.titre,
        "statut": "en_cours" if fiche.etat == EtatFiche.EN_COURS else "terminee",
        "elements_diagnostic": texte("contexte"),
        "description": texte("presentation", "public", "attention_particuliere"),
        "personnes_mobilisees": texte("moyens_humains"),
        "ressources_financieres": texte("moyens_materiels"),
        "partenaires_action": [{"nom": un.nom, "montant": ""} for un in fiche.partenaires.all()],
        "resultat_habitants": "\n".join([*_bilans(fiche, "a_marche"), *_constats(fiche)]),
        "limites": "\n".join(_bilans(fiche, "n_a_pas_marche")),
        "perspectives": "\n".join(_bilans(fiche, "lecon")),
    }
    return {nom: valeur for nom, valeur in ecrites.items() if valeur}


def _en_texte(fiche: FicheAction, nom: str, arbre: Arbre) -> str:
    valeur = lire_champ(fiche, nom)
    lignes = "\n".join(f"- {ligne}" for ligne in valeur) if isinstance(valeur, list) else valeur
    return en_clair(lignes, arbre)


def _bilans(fiche: FicheAction, nom: str) -> list[str]:
    """Année par année, ce que les bilans en disent."""
    bilans = fiche.bilans.order_by("annee")
    return [f"{bilan.annee} : {texte}" for bilan in bilans if (texte := getattr(bilan, nom).strip())]


def _constats(fiche: FicheAction) -> Iterable[str]:
    """La dernière valeur de chaque indicateur, telle qu'on la lit du dehors : une expérience se publie."""
    return [
        f"{lu.indicateur.libelle} : {derniere.dite} en {derniere.annee}."
        for lu in indicateurs_de(fiche, est_dehors=True)
        if (derniere := lu.derniere) and derniere.dite
    ]
