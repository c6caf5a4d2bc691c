"""Écrire dans une fiche des valeurs acceptées, et ce qui en découle : moyens lus, données de personnes, adresse."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from maillage.catalogue.champs import CHAMPS, Champ, GenreChamp, Valeur
from maillage.catalogue.choices import TEXTES, GenrePoint, RolePartenaire
from maillage.catalogue.importation.fusion import cle_de_valeur
from maillage.catalogue.importation.moyens import budget, lire_moyens
from maillage.catalogue.importation.vigilance import reperer
from maillage.catalogue.models import Classement, Experience, Moyen, Partenariat, PointAVerifier, Terme
from maillage.catalogue.operations.fiche_importee import (
    LETTRES_DU_CODE,
    LONGUEUR_DU_CODE,
    AVerifier,
    moyen,
    slug_de,
)
from maillage.core.changements import noter_changements
from maillage.core.versions import enregistrer
from maillage.territoire.models import Partenaire

DE_PERSONNE = (
    GenrePoint.TELEPHONE,
    GenrePoint.COURRIEL,
    GenrePoint.NIR,
    GenrePoint.IBAN,
    GenrePoint.PERSONNE,
)


def code_libre() -> str:
    """Un code court jamais donné, que l'on recopie d'un papier sans se tromper."""
    while True:
        code = "".join(secrets.choice(LETTRES_DU_CODE) for _ in range(LONGUEUR_DU_CODE))
        if not Experience.objects.filter(code=code).exists():
            return code


def ecrire_contenu(
    experience: Experience, valeurs: Mapping[str, Valeur], *, version_lue: int, **etat: Any
) -> None:
    """Écrit ces champs (formes de `catalogue.champs`) et `etat`, des attributs de la fiche, d'un seul coup.

    À appeler dans la transaction de l'acte, qui journalise et note le changement. Lève `ConflitDeVersion`, ou
    `ValidationError` quand une valeur n'a pas la bonne forme.
    """
    simples = {nom: _attribut(CHAMPS[nom], valeur) for nom, valeur in valeurs.items() if not _est_liste(nom)}
    if "titre" in simples:
        simples["slug"] = slug_de(simples["titre"])
    textes = {nom: simples.get(nom, getattr(experience, nom)) for nom in TEXTES}
    lus = lire_moyens(textes)
    enregistrer(experience, version_lue=version_lue, **simples, budget=budget(lus), **etat)
    for nom, valeur in valeurs.items():
        champ = CHAMPS[nom]
        if champ.genre == GenreChamp.TERMES:
            _classer(experience, champ, valeur)
        elif champ.genre == GenreChamp.PARTENAIRES:
            _associer(experience, champ, valeur)
    experience.moyens.all().delete()
    Moyen.objects.bulk_create(moyen(lu, experience) for lu in lus)
    _reperer_les_personnes(experience, [nom for nom in ("titre", *TEXTES) if nom in valeurs])


def _est_liste(nom: str) -> bool:
    return CHAMPS[nom].genre in {GenreChamp.TERMES, GenreChamp.PARTENAIRES}


def _attribut(champ: Champ, valeur: Valeur) -> Any:
    if not isinstance(valeur, str):
        raise ValidationError(f"« {champ.libelle} » n’a pas la forme attendue.")
    if champ.genre == GenreChamp.MOIS:
        try:
            return date.fromisoformat(f"{valeur}-01") if valeur else None
        except ValueError:
            raise ValidationError("Écrivez le mois comme 03/2026.") from None
    return valeur


def _classer(experience: Experience, champ: Champ, slugs: list[str]) -> None:
    termes = {t.slug: t for t in Terme.objects.filter(famille=champ.famille, slug__in=slugs)}
    experience.classements.filter(terme__famille=champ.famille).delete()
    Classement.objects.bulk_create(
        Classement(experience=experience, terme=termes[slug], rang=rang)
        for rang, slug in enumerate(dict.fromkeys(slugs))
        if slug in termes
    )


def partenaires_nommes(noms: Iterable[str]) -> dict[str, Partenaire]:
    """Clé du nom → partenaire, dans l'ordre. Un inconnu est créé : son nom suffit. Dans la transaction de l'acte."""
    voulus = {cle_de_valeur(nom): nom.strip() for nom in noms if nom.strip()}
    connus = {un.slug: un for un in Partenaire.objects.filter(slug__in=voulus)}
    nouveaux = [Partenaire(nom=nom, slug=cle) for cle, nom in voulus.items() if cle not in connus]
    Partenaire.objects.bulk_create(nouveaux)
    noter_changements(nouveaux, "creer_partenaire")
    connus |= {nouveau.slug: nouveau for nouveau in nouveaux}
    return {cle: connus[cle] for cle in voulus}


def _associer(experience: Experience, champ: Champ, lignes: list[dict[str, str]]) -> None:
    voulus = {cle_de_valeur(ligne["nom"]): ligne for ligne in lignes if ligne["nom"].strip()}
    connus = partenaires_nommes(ligne["nom"] for ligne in voulus.values())
    experience.partenariats.filter(role=champ.role).delete()
    Partenariat.objects.bulk_create(
        Partenariat(
            experience=experience,
            partenaire=connus[cle],
            role=champ.role or RolePartenaire.ACTION,
            montant=Decimal(ligne["montant"]) if ligne.get("montant") else None,
            rang=rang,
        )
        for rang, (cle, ligne) in enumerate(voulus.items())
    )


def _reperer_les_personnes(experience: Experience, champs: list[str]) -> None:
    """Un point déjà jugé le reste quand les mêmes mots sont encore dans le champ."""
    anciens = experience.points.filter(champ__in=champs, genre__in=DE_PERSONNE)
    juges = {(p.genre, p.champ, p.extrait): p.etat for p in anciens}
    anciens.delete()
    textes = {nom: getattr(experience, nom) for nom in champs}
    points = []
    for reperage in reperer(textes, experience.structure.nom):
        point = AVerifier(
            reperage.genre, reperage.extrait, reperage.champ, reperage.debut, reperage.fin
        ).point(experience)
        point.etat = juges.get((point.genre, point.champ, point.extrait), point.etat)
        points.append(point)
    PointAVerifier.objects.bulk_create(points)
