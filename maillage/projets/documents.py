"""La fiche action en document : la page, le PDF et le Word se font de cette seule description."""

from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils import timezone

from maillage.core.documents.description import (
    Bloc,
    Definition,
    Document,
    Liste,
    Paragraphe,
    Section,
    Tableau,
    texte_libre,
)
from maillage.core.documents.texte import Texte, gras, lien
from maillage.core.francais import date_longue, nombre
from maillage.projets.champs import CHAMPS, GenreChamp, lire_champ
from maillage.projets.citations import en_liens
from maillage.projets.indicateurs import IndicateurLu, indicateurs_de
from maillage.projets.lecture import Arbre, FicheLue
from maillage.projets.models import Etape, FicheAction

PARTIES: Final = (
    ("contexte", "Le contexte"),
    ("objectifs_operationnels", "Les objectifs opérationnels"),
    ("public", "Le public"),
    ("attention_particuliere", "Une attention particulière"),
    ("presentation", "Le déroulement"),
    ("echeancier", "L’échéancier"),
    ("moyens_humains", "Les moyens humains"),
    ("moyens_materiels", "Les moyens matériels et financiers"),
    ("partenaires_existants", "Le partenariat existant"),
    ("partenaires_potentiels", "Le partenariat à construire"),
    ("preuve_participation", "La participation des habitants"),
    ("resultats_attendus", "Les résultats attendus"),
    ("freins", "Les freins à lever"),
)
"""Champ, titre de la partie. Une partie vide ne se montre pas."""
LONGUEUR_D_UNE_PAGE: Final = 3_000
"""Caractères ; au-delà, la fiche prend une seconde page."""


def document_de_la_fiche(lue: FicheLue, arbre: Arbre, site: str, *, avec_etapes: bool = True) -> Document:
    """`site` : le début des adresses, sans barre finale. `arbre` : celui du projet, pour les citations.

    `avec_etapes` : faux pour la page de l'équipe, qui montre à côté les étapes et ce qu'on peut en faire.
    """
    fiche = lue.fiche
    return Document(
        titre=str(lue),
        surtitre=f"Fiche action · {lue.axe}" if lue.axe else "Fiche action",
        sous_titre=f"{arbre.projet.nom}, {arbre.projet.structure.nom}",
        signature=f"Fiche mise à jour le {date_longue(fiche.modifie_le)}",
        auteur=arbre.projet.structure.nom,
        date=timezone.localdate(fiche.modifie_le),
        blocs=(Definition(tuple(_identite(lue, site))),),
        sections=tuple(_sections(fiche, arbre, site, avec_etapes)),
        titres_en_marge=1,
        tient_en=1 if _longueur(fiche) < LONGUEUR_D_UNE_PAGE else 2,
    )


def pilote_de(fiche: FicheAction) -> str:
    """Le compte qui pilote, à défaut le nom écrit."""
    return fiche.pilote.get_full_name() if fiche.pilote else fiche.pilote_nom


def _longueur(fiche: FicheAction) -> int:
    return sum(len(str(lire_champ(fiche, nom))) for nom, _ in PARTIES)


def _identite(lue: FicheLue, site: str) -> Iterator[tuple[str, Texte]]:
    fiche = lue.fiche
    couples: tuple[tuple[str, Texte], ...] = (
        ("État", fiche.get_etat_display()),
        ("Objectif général", lue.objectif.titre if lue.objectif else "À ranger"),
        ("Sert aussi", " ; ".join(objectif.titre for objectif in lue.autres_objectifs)),
        ("Par rapport au projet d’avant", fiche.get_statut_display()),
        ("Années", ", ".join(str(annee) for annee in fiche.annees)),
        ("Pilote", pilote_de(fiche)),
        ("Équipe", ", ".join(une.get_full_name() for une in fiche.equipe.all())),
        ("Partenaires", ", ".join(un.nom for un in fiche.partenaires.all())),
        ("Participation des habitants", fiche.get_degre_participation_display()),
        ("Projets spécifiques", ", ".join(un.nom for un in fiche.specifiques.all())),
        ("Inspirée de", _experience(fiche, site)),
    )
    yield from (couple for couple in couples if couple[1])


def _experience(fiche: FicheAction, site: str) -> Texte:
    if fiche.inspiree_de is None:
        return ""
    experience = fiche.inspiree_de
    adresse = site + reverse("experience_courte", args=[experience.code])
    return (lien(experience.titre, adresse), f", {experience.structure.nom}")


def _sections(fiche: FicheAction, arbre: Arbre, site: str, avec_etapes: bool) -> Iterator[Section]:
    for nom, titre in PARTIES:
        if blocs := _partie(fiche, nom, arbre, site):
            yield Section(titre, blocs, ancre=nom.replace("_", "-"))
        if nom == "echeancier" and avec_etapes and (etapes := list(fiche.etapes.all())):
            yield Section("Les étapes", (Liste(tuple(_etape(une) for une in etapes)),), ancre="etapes")
        if nom == "resultats_attendus" and (indicateurs := indicateurs_de(fiche, est_dehors=True)):
            yield Section("Les indicateurs", (_dire_les_indicateurs(indicateurs),), ancre="indicateurs")


def _partie(fiche: FicheAction, nom: str, arbre: Arbre, site: str) -> tuple[Bloc, ...]:
    valeur = lire_champ(fiche, nom)
    if CHAMPS[nom].genre == GenreChamp.LISTE:
        return tuple(_liste([en_liens(ligne, arbre, site) for ligne in valeur]))
    blocs: list[Bloc] = []
    for bloc in texte_libre(valeur):
        if isinstance(bloc, Liste):
            blocs.append(Liste(tuple(en_liens(str(element), arbre, site) for element in bloc.elements)))
        else:
            blocs.append(Paragraphe(en_liens(str(bloc.texte), arbre, site)))
    return tuple(blocs)


def _liste(lignes: list[Texte]) -> Iterator[Bloc]:
    """Une ligne qui finit par « : » chapeaute celles qui suivent ; une liste d'un seul élément est une phrase."""
    courants: list[Texte] = []

    def vider() -> Iterator[Bloc]:
        if len(courants) == 1:
            yield Paragraphe(courants[0])
        elif courants:
            yield Liste(tuple(courants))
        courants.clear()

    for ligne in lignes:
        if isinstance(ligne, str) and ligne.endswith(":"):
            yield from vider()
            yield Paragraphe(gras(ligne))
        else:
            courants.append(ligne)
    yield from vider()


def _etape(etape: Etape) -> Texte:
    fin = f" au {date_longue(etape.au)}" if etape.au and etape.au != etape.du else ""
    quand = f"du {date_longue(etape.du)}{fin}" if fin else f"le {date_longue(etape.du)}"
    faite = f" Faite le {date_longue(timezone.localdate(etape.faite_le))}." if etape.faite_le else ""
    return (gras(etape.titre), f", {quand}.{faite}")


def _dire_les_indicateurs(indicateurs: list[IndicateurLu]) -> Bloc:
    """En tableau dès qu'un départ ou une cible est dit ; sinon deux colonnes seraient vides."""
    if not any(_depart(lu) or _cibles(lu) for lu in indicateurs):
        return Liste(tuple(lu.indicateur.libelle for lu in indicateurs))
    return Tableau(
        legende="Comment on saura que cela marche",
        entetes=("Indicateur", "Départ", "Cible"),
        lignes=tuple((lu.indicateur.libelle, _depart(lu), _cibles(lu)) for lu in indicateurs),
        largeurs=(6, 2, 3),
        a_entetes_de_ligne=True,
    )


def _depart(lu: IndicateurLu) -> str:
    depart = lu.indicateur.depart
    return "" if depart is None else f"{nombre(depart)} {lu.indicateur.unite}".strip()


def _cibles(lu: IndicateurLu) -> str:
    """« 40 en 2025, 45 en 2026 »."""
    visees = ((annee.annee, annee.cible) for annee in lu.annees)
    return ", ".join(f"{nombre(cible.valeur)} en {annee}" for annee, cible in visees if cible)
