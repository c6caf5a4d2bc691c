"""Les actes sur une structure et ses lieux."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify

from maillage.core.changements import noter_changement
from maillage.core.journal import Acteur, journaliser
from maillage.core.versions import enregistrer
from maillage.territoire.choices import EtatStructure, TypeAgrement
from maillage.territoire.models import (
    Agrement,
    Commune,
    Departement,
    Desserte,
    FermetureExceptionnelle,
    Site,
    Structure,
)
from maillage.territoire.operations.vie_des_structures import tenir_la_gestion


@transaction.atomic
def creer_structure(
    *,
    nom: str,
    departement: Departement | None,
    par: Acteur,
    etat: str = EtatStructure.ACTIVE,
    **valeurs: Any,
) -> Structure:
    """Crée une structure et lui donne son adresse de page. Lève `ValidationError`."""
    structure = Structure(nom=nom.strip(), departement=departement, etat=etat, **valeurs)
    structure.slug = _slug_libre(structure)
    structure.full_clean()
    structure.save(force_insert=True)
    tenir_la_gestion(structure)
    return _acte(structure, "creer_structure", f"« {structure} » est entrée dans l’annuaire.", par=par)


@transaction.atomic
def modifier_structure(structure: Structure, *, version_lue: int, par: Acteur, **valeurs: Any) -> Structure:
    """Corrige la fiche. L'adresse de la page ne change pas. Lève `ConflitDeVersion` ou `ValidationError`."""
    avant = {champ: _lisible(getattr(structure, champ)) for champ in valeurs}
    for champ, valeur in valeurs.items():
        setattr(structure, champ, valeur)
    structure.full_clean()
    enregistrer(structure, version_lue=version_lue, **valeurs)
    if "gestionnaire" in valeurs:
        tenir_la_gestion(structure)
    apres = {champ: _lisible(valeur) for champ, valeur in valeurs.items()}
    phrase = f"La fiche de « {structure} » a été corrigée."
    return _acte(structure, "modifier_structure", phrase, par=par, avant=avant, apres=apres)


@transaction.atomic
def ajouter_site(structure: Structure, *, nom: str, par: Acteur, **valeurs: Any) -> Site:
    """Ajoute un lieu. Le premier est le principal. Lève `ValidationError` (horaires illisibles compris)."""
    valeurs.setdefault("est_principal", not structure.sites.exists())
    site = Site(structure=structure, nom=nom.strip(), **valeurs)
    site.full_clean()
    site.save(force_insert=True)
    _un_seul_principal(site)
    _acte(structure, "ajouter_site", f"Lieu ajouté à « {structure} » : {site}.", par=par)
    return site


@transaction.atomic
def modifier_site(site: Site, *, par: Acteur, **valeurs: Any) -> Site:
    """Corrige un lieu. Lève `ValidationError`."""
    avant = {champ: _lisible(getattr(site, champ)) for champ in valeurs}
    for champ, valeur in valeurs.items():
        setattr(site, champ, valeur)
    site.full_clean()
    site.save(update_fields=list(valeurs))
    _un_seul_principal(site)
    apres = {champ: _lisible(valeur) for champ, valeur in valeurs.items()}
    phrase = f"Lieu corrigé : {site} ({site.structure})."
    _acte(site.structure, "modifier_site", phrase, par=par, avant=avant, apres=apres)
    return site


@transaction.atomic
def annoncer_fermeture(
    site: Site,
    *,
    du: date,
    au: date,
    par: Acteur,
    precision: str = "",
    motif: str = "",
    reouverture: str = "",
) -> FermetureExceptionnelle:
    """Annonce une fermeture, jours inclus. Lève `ValidationError` quand elle finit avant de commencer."""
    fermeture = FermetureExceptionnelle(
        site=site, du=du, au=au, precision=precision, motif=motif, reouverture=reouverture
    )
    fermeture.full_clean()
    fermeture.save(force_insert=True)
    phrase = f"Fermeture annoncée du {du:%d/%m/%Y} au {au:%d/%m/%Y} : {site} ({site.structure})."
    _acte(site.structure, "annoncer_fermeture", phrase, par=par)
    return fermeture


@transaction.atomic
def retirer_fermeture(fermeture: FermetureExceptionnelle, *, par: Acteur) -> None:
    site = fermeture.site
    phrase = f"Fermeture retirée : {site} ({site.structure}), du {fermeture.du:%d/%m/%Y}."
    fermeture.delete()
    _acte(site.structure, "retirer_fermeture", phrase, par=par)


@transaction.atomic
def definir_desserte(
    structure: Structure,
    *,
    commune: Commune,
    par: Acteur,
    rues: Iterable[str] = (),
    quartiers: Iterable[str] = (),
) -> Desserte:
    """Dit qui la structure accueille dans cette commune : tout le monde, ou des rues et des quartiers."""
    desserte, _ = Desserte.objects.update_or_create(
        structure=structure,
        commune=commune,
        defaults={"rues": _propres(rues), "quartiers": _propres(quartiers)},
    )
    _acte(structure, "definir_desserte", f"Zone de « {structure} » précisée : {commune}.", par=par)
    return desserte


@transaction.atomic
def enregistrer_agrement(
    structure: Structure, *, type: TypeAgrement, du: date, au: date, par: Acteur
) -> Agrement:
    """Enregistre une décision de la Caf. Lève `ValidationError` quand les dates sont inversées."""
    agrement = Agrement(structure=structure, type=type, du=du, au=au)
    agrement.full_clean()
    agrement.save(force_insert=True)
    phrase = f"Agrément de « {structure} » enregistré, du {du:%d/%m/%Y} au {au:%d/%m/%Y}."
    _acte(structure, "enregistrer_agrement", phrase, par=par)
    return agrement


@transaction.atomic
def effacer_agrement(agrement: Agrement, *, par: Acteur) -> None:
    """Efface une décision notée par erreur. Le journal la garde."""
    structure = agrement.structure
    avant = {"type": agrement.type, "du": str(agrement.du), "au": str(agrement.au)}
    agrement.delete()
    phrase = f"Agrément de « {structure} » effacé : il avait été noté par erreur."
    _acte(structure, "effacer_agrement", phrase, par=par, avant=avant)


def _acte(structure: Structure, acte: str, phrase: str, *, par: Acteur, **details: Any) -> Structure:
    """Ce que tout acte sur une structure laisse : date, journal, changement pour la recherche."""
    if acte not in {"creer_structure", "modifier_structure"}:
        Structure.objects.filter(pk=structure.pk).update(modifie_le=timezone.now())
    journaliser(structure, acte, phrase, par=par, structure_id=structure.pk, **details)
    noter_changement(structure, acte)
    return structure


def _un_seul_principal(site: Site) -> None:
    if site.est_principal:
        site.structure.sites.exclude(pk=site.pk).update(est_principal=False)


def _slug_libre(structure: Structure) -> str:
    """« centre-social-des-deux-ponts », puis avec la commune ou le département, puis un numéro."""
    lieu = structure.commune or structure.departement
    court = slugify(structure.nom)[:90].strip("-") or "structure"
    long = f"{court}-{slugify(str(lieu))[:20]}".strip("-") if lieu else court
    pris = set(Structure.objects.filter(slug__startswith=court).values_list("slug", flat=True))
    for slug in (court, long):
        if slug not in pris:
            return slug
    numero = 2
    while f"{long}-{numero}" in pris:
        numero += 1
    return f"{long}-{numero}"


def _lisible(valeur: Any) -> Any:
    if isinstance(valeur, models.Model):
        return valeur.pk
    return valeur if isinstance(valeur, list) else str(valeur)


def _propres(textes: Iterable[str]) -> list[str]:
    return [texte.strip() for texte in textes if texte.strip()]
