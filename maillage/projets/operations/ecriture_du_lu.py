"""Écrire en base un projet lu d'un document : tout, ou rien.

L'objet reçu a les clés de l'export JSON (`exportation.objet`). Un texte trop long pour sa place y est coupé, et
gardé en entier parmi les passages à ranger : rien ne se perd.
"""

import secrets
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from maillage.core.changements import noter_changement, noter_changements
from maillage.core.francais import compte
from maillage.core.journal import Acteur, journaliser
from maillage.projets.choices import EtatChapitre, EtatMorceau, GenreProjetSpecifique, GenreZone
from maillage.projets.importation.grammaire import TABLEAU_FAMILLES
from maillage.projets.instances import genre_d_apres
from maillage.projets.models import (
    Chapitre,
    ChiffreDiagnostic,
    FicheAction,
    Instance,
    Morceau,
    ProjetSocial,
    ProjetSpecifique,
    Sigle,
    TableauDiagnostic,
    Zone,
)
from maillage.projets.operations.arbre_du_lu import ArbreDuLu
from maillage.projets.operations.diagnostic_du_lu import ecrire_le_diagnostic
from maillage.projets.operations.fiches_du_lu import ecrire_les_fiches
from maillage.projets.operations.periode_du_lu import dates_du_lu
from maillage.projets.operations.textes_du_lu import Textes, texte_du_chapitre
from maillage.projets.operations.valeurs_du_lu import entier, jour
from maillage.projets.operations.vie_du_lu import ecrire_la_vie
from maillage.territoire.models import Structure

MOTS_DU_GENRE = (
    ("famil", GenreProjetSpecifique.FAMILLES),
    ("jeun", GenreProjetSpecifique.JEUNESSE),
    ("accueil", GenreProjetSpecifique.ACCUEIL),
)


@transaction.atomic
def ecrire_projet_lu(lu: Mapping[str, Any], *, structure: Structure, par: Acteur) -> ProjetSocial:
    """Crée le projet, son arbre, ses fiches et ce qui les entoure, comme le document les dit.

    Lève `PeriodeARevoir` quand il n'y a pas de période, ou qu'elle n'est pas celle d'un projet.
    """
    textes = Textes()
    projet = _creer_le_projet(lu, textes, structure)
    specifiques = _ecrire_les_specifiques(projet, lu, textes)
    arbre = ArbreDuLu(projet, lu, textes)
    arbre.ecrire()
    fiches = ecrire_les_fiches(projet, lu, arbre, specifiques, textes)
    _ecrire_le_dossier(projet, lu, textes)
    ecrire_le_diagnostic(projet, lu, arbre.enjeux, textes)
    lues = zip(lu.get("fiches") or (), fiches, strict=True)
    ecrire_la_vie(projet, lu, {str(une["id"]): fiche for une, fiche in lues if une.get("id")}, textes)
    _ecrire_les_morceaux(projet, lu, textes)
    _noter(projet, fiches, par)
    return projet


def _creer_le_projet(lu: Mapping[str, Any], textes: Textes, structure: Structure) -> ProjetSocial:
    du, au = dates_du_lu(lu)
    annees = f"{du.year}-{au.year}" if au.year > du.year else str(du.year)
    projet = ProjetSocial(
        structure=structure,
        nom=textes.court(lu.get("nom"), 200) or f"Projet social {annees}",
        du=du,
        au=au,
        territoire=textes.court(lu.get("territoire"), 200),
        garde_les_numeros=bool(lu.get("garde_les_numeros", True)),
        jeton_agenda=secrets.token_urlsafe(24),
    )
    if modele := lu.get("modele_de_numero"):
        projet.modele_de_numero = textes.court(modele, 40)
    projet.save(force_insert=True)
    zones = [
        Zone(projet=projet, nom=textes.court(nom, 200), genre=genre)
        for cle, genre in (("quartiers", GenreZone.QUARTIER), ("qpv", GenreZone.QPV))
        for nom in lu.get(cle) or ()
    ]
    Zone.objects.bulk_create(zones)
    return projet


def _ecrire_les_specifiques(
    projet: ProjetSocial, lu: Mapping[str, Any], textes: Textes
) -> dict[str, ProjetSpecifique]:
    """Les projets spécifiques que nomment les fiches, par nom."""
    fiches = lu.get("fiches") or ()
    courts = {
        nom: textes.court(nom, 200) for fiche in fiches for nom in fiche.get("projets_specifiques") or ()
    }
    uniques = ProjetSpecifique.objects.bulk_create(
        ProjetSpecifique(projet=projet, genre=_genre(court), nom=court, rang=rang)
        for rang, court in enumerate(dict.fromkeys(courts.values()), start=1)
    )
    par_court = {specifique.nom: specifique for specifique in uniques}
    return {nom: par_court[court] for nom, court in courts.items()}


def _genre(nom: str) -> GenreProjetSpecifique:
    mots = nom.casefold()
    return next((genre for mot, genre in MOTS_DU_GENRE if mot in mots), GenreProjetSpecifique.AUTRE)


def _ecrire_le_dossier(projet: ProjetSocial, lu: Mapping[str, Any], textes: Textes) -> None:
    Instance.objects.bulk_create(
        Instance(
            projet=projet,
            nom=textes.court(un.get("nom"), 300),
            genre=genre_d_apres(textes.long(un.get("nom"))),
            role=textes.long(un.get("role")),
            composition=textes.long(un.get("composition")),
            rang=rang,
        )
        for rang, un in _numerotes(lu, "gouvernance")
    )
    ChiffreDiagnostic.objects.bulk_create(
        ChiffreDiagnostic(
            projet=projet,
            libelle=textes.court(un.get("libelle"), 300),
            valeur=Decimal(str(un["valeur"])),
            unite=textes.court(un.get("unite"), 60),
            zone=textes.court(un.get("zone"), 200),
            source=textes.court(un.get("source"), 300),
            annee=un.get("annee"),
            rang=rang,
        )
        for rang, un in _numerotes(lu, "chiffres_diagnostic")
        if un.get("valeur") is not None
    )
    familles = lu.get("indicateurs_familles")
    tableaux = [{**familles, "titre": TABLEAU_FAMILLES}] if familles else []
    TableauDiagnostic.objects.bulk_create(
        TableauDiagnostic(
            projet=projet,
            titre=textes.court(un.get("titre"), 300) or "Tableau",
            zones=list(un.get("zones") or ()),
            source=textes.court(un.get("source"), 300),
            lignes=list(un.get("lignes") or ()),
            annee=entier(un.get("annee")),
            releve_le=jour(un.get("releve_le")),
            cle=textes.court(un.get("cle"), 40),
            rang=rang,
        )
        for rang, un in enumerate([*tableaux, *(lu.get("tableaux") or ())], start=1)
    )
    Sigle.objects.bulk_create(
        Sigle(projet=projet, sigle=textes.court(un.get("sigle"), 40), sens=textes.court(un.get("sens"), 300))
        for _, un in _numerotes(lu, "sigles")
    )
    Chapitre.objects.bulk_create(
        Chapitre(
            projet=projet,
            rang=rang,
            niveau=min(int(un.get("niveau") or 1), 6),
            titre=textes.court(un.get("titre"), 500),
            texte=(texte := texte_du_chapitre(un.get("paragraphes") or (), textes)),
            etat=EtatChapitre.COMMENCE if texte else EtatChapitre.A_ECRIRE,
        )
        for rang, un in _numerotes(lu, "chapitres")
    )


def _numerotes(lu: Mapping[str, Any], cle: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
    return enumerate(lu.get(cle) or (), start=1)


def _ecrire_les_morceaux(projet: ProjetSocial, lu: Mapping[str, Any], textes: Textes) -> None:
    """Ce que personne n'a su placer, ce qu'une personne a mis de côté, et les textes coupés."""
    morceaux = [
        Morceau(
            projet=projet,
            ligne_debut=int(un.get("ligne_debut") or 0),
            ligne_fin=int(un.get("ligne_fin") or 0),
            texte=textes.long(un.get("texte")),
            etat=un.get("etat") if un.get("etat") in EtatMorceau.values else EtatMorceau.A_RANGER,
        )
        for un in lu.get("a_ranger") or ()
    ]
    entiers = [Morceau(projet=projet, ligne_debut=0, ligne_fin=0, texte=texte) for texte in textes.a_garder]
    Morceau.objects.bulk_create([*morceaux, *entiers])


def _noter(projet: ProjetSocial, fiches: list[FicheAction], par: Acteur) -> None:
    journaliser(
        projet,
        "ecrire_projet_lu",
        f"« {projet} » est entré depuis un document, avec {compte(len(fiches), 'fiche action')}.",
        par=par,
        structure_id=projet.structure_id,
    )
    noter_changement(projet, "ecrire_projet_lu")
    noter_changements(fiches, "ecrire_projet_lu")
