"""Le cadre d'un projet : l'ouvrir, le modifier, dire son territoire."""

import secrets
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import date_longue
from maillage.core.journal import journaliser
from maillage.core.versions import enregistrer
from maillage.projets.choices import GenreZone
from maillage.projets.models import ProjetSocial, Zone
from maillage.territoire.models import Commune, Quartier, Structure

ANNEES_AU_PLUS: Final = 4
"""Un agrément dure de un à quatre ans : le projet qui le porte aussi."""


def nouveau_jeton() -> str:
    """La clé d'un agenda : 192 bits, qui ne se devinent pas."""
    return secrets.token_urlsafe(24)


def valider_la_periode(du: date, au: date) -> None:
    """De un à quatre ans. Lève `ValidationError` sur le champ `au`, avec la date qui convient."""
    if au <= du:
        raise ValidationError({"au": "Le projet finit avant de commencer. Corrigez une des deux dates."})
    if au >= dans(du, ANNEES_AU_PLUS):
        dernier = date_longue(date.fromordinal(dans(du, ANNEES_AU_PLUS).toordinal() - 1))
        raise ValidationError({"au": f"Un projet dure quatre ans au plus : jusqu’au {dernier}."})
    if au.toordinal() + 1 < dans(du, 1).toordinal():
        premier = date_longue(date.fromordinal(dans(du, 1).toordinal() - 1))
        raise ValidationError({"au": f"Un projet dure un an au moins : jusqu’au {premier}."})


def dans(jour: date, annees: int) -> date:
    """Le même jour, des années plus tard ; le 29 février devient le 1er mars."""
    try:
        return jour.replace(year=jour.year + annees)
    except ValueError:
        return date(jour.year + annees, 3, 1)


@transaction.atomic
def ouvrir_projet(
    structure: Structure,
    *,
    nom: str,
    du: date,
    au: date,
    territoire: str = "",
    suite_de: ProjetSocial | None = None,
    par: Utilisateur,
) -> ProjetSocial:
    """Un projet vide, en préparation. Lève `ValidationError` si ses dates ne conviennent pas."""
    valider_la_periode(du, au)
    if suite_de is not None and suite_de.structure_id != structure.pk:
        raise ValidationError({"suite_de": "Le projet d’avant est celui de la même structure."})
    projet = ProjetSocial.objects.create(
        structure=structure,
        nom=" ".join(nom.split()),
        du=du,
        au=au,
        territoire=" ".join(territoire.split()),
        suite_de=suite_de,
        jeton_agenda=nouveau_jeton(),
    )
    if structure.commune:
        projet.communes.add(structure.commune)
    noter(projet, "ouvrir_projet", f"{par.get_full_name()} a ouvert « {projet} ».", par=par)
    return projet


@transaction.atomic
def modifier_projet(projet: ProjetSocial, *, version_lue: int, par: Utilisateur, **valeurs: Any) -> None:
    """Nom, dates, territoire, projet d'avant. Lève `ValidationError` ou `ConflitDeVersion`."""
    ecrit = tenir(projet)
    changees = {champ: valeur for champ, valeur in valeurs.items() if getattr(ecrit, champ) != valeur}
    if {"du", "au"} & set(changees):
        valider_la_periode(valeurs["du"], valeurs["au"])
    if not changees and ecrit.version == version_lue:
        return
    avant = {champ: _dire(getattr(ecrit, champ)) for champ in changees}
    enregistrer(projet, version_lue=version_lue, **changees)
    apres = {champ: _dire(valeur) for champ, valeur in changees.items()}
    phrase = f"{par.get_full_name()} a modifié le cadre du projet."
    noter(projet, "modifier_projet", phrase, par=par, avant=avant, apres=apres)


def tenir(projet: ProjetSocial) -> ProjetSocial:
    """Le projet, verrouillé jusqu'à la fin de la transaction : un seul écrit le cadre à la fois."""
    tenu: ProjetSocial = ProjetSocial.objects.select_for_update().get(pk=projet.pk)
    return tenu


def noter(projet: ProjetSocial, acte: str, phrase: str, *, par: Utilisateur, **details: Any) -> None:
    """Ce que tout acte sur le cadre laisse : une ligne du journal, un changement."""
    journaliser(projet, acte, phrase, par=par, structure_id=projet.structure_id, **details)
    noter_changement(projet, acte)


def _dire(valeur: Any) -> Any:
    return valeur.pk if isinstance(valeur, ProjetSocial) else valeur if valeur is None else str(valeur)


# --- Le territoire ----------------------------------------------------------------------------------


@transaction.atomic
def ajouter_commune(projet: ProjetSocial, commune: Commune, *, par: Utilisateur) -> None:
    tenir(projet)
    if projet.communes.filter(pk=commune.pk).exists():
        return
    projet.communes.add(commune)
    noter(projet, "ajouter_commune", f"{par.get_full_name()} a ajouté {commune} au territoire.", par=par)


@transaction.atomic
def retirer_commune(projet: ProjetSocial, commune: Commune, *, par: Utilisateur) -> None:
    """Retire la commune. Refuse tant qu'un quartier prioritaire n'appartient qu'à elle."""
    tenir(projet)
    if not projet.communes.filter(pk=commune.pk).exists():
        return
    autres = projet.communes.exclude(pk=commune.pk)
    restent = projet.zones.filter(quartier__communes=commune).exclude(quartier__communes__in=autres)
    if nom := restent.values_list("nom", flat=True).order_by("nom", "pk").first():
        raise GesteRefuse(f"« {nom} » est dans {commune}. Retirez d’abord ce quartier.")
    projet.communes.remove(commune)
    noter(projet, "retirer_commune", f"{par.get_full_name()} a retiré {commune} du territoire.", par=par)


@transaction.atomic
def ajouter_quartier(projet: ProjetSocial, quartier: Quartier, *, par: Utilisateur) -> Zone:
    """Un quartier prioritaire officiel : son nom et son millésime viennent du découpage."""
    tenir(projet)
    if deja := projet.zones.filter(quartier=quartier).first():
        return deja
    zone = Zone.objects.create(projet=projet, nom=quartier.nom, genre=GenreZone.QPV, quartier=quartier)
    noter(projet, "ajouter_zone", f"{par.get_full_name()} a ajouté « {zone} » au territoire.", par=par)
    return zone


@transaction.atomic
def ajouter_zone(projet: ProjetSocial, *, nom: str, genre: str, precision: str, par: Utilisateur) -> Zone:
    """Une zone que le centre nomme lui-même."""
    tenir(projet)
    zone = Zone.objects.create(
        projet=projet, nom=" ".join(nom.split()), genre=genre, precision=precision.strip()
    )
    noter(projet, "ajouter_zone", f"{par.get_full_name()} a ajouté « {zone} » au territoire.", par=par)
    return zone


@transaction.atomic
def retirer_zone(zone: Zone, *, par: Utilisateur) -> None:
    tenir(zone.projet)
    avant = {"nom": zone.nom, "genre": zone.genre, "precision": zone.precision, "quartier": zone.quartier_id}
    if zone.projet.zones.filter(pk=zone.pk).delete()[0]:
        phrase = f"{par.get_full_name()} a retiré « {zone} » du territoire."
        noter(zone.projet, "retirer_zone", phrase, par=par, avant=avant)
