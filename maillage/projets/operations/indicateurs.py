"""Écrire les indicateurs d'une fiche : ajouter, modifier, ranger, supprimer sans rien perdre."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from django.core import serializers
from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.journal import journaliser, type_objet
from maillage.core.models import LigneJournal
from maillage.core.versions import enregistrer
from maillage.projets.choices import EtatProjet, ListeIndicateur, SourceIndicateur
from maillage.projets.models import Cible, FicheAction, Indicateur, ProjetSocial, Releve, ValeurCalculee

Sens = Literal["monter", "descendre"]
ACTE_DE_SUPPRESSION = "supprimer_indicateur"
APRES_L_ENVOI = {EtatProjet.AGREE, EtatProjet.EN_COURS}
Champs = Mapping[str, Any]
Cibles = Mapping[int, Decimal | None]


class IndicateurRefuse(ValueError):
    """L'indicateur ne peut pas changer ainsi ; le message dit pourquoi et quoi faire."""


def cibles_figees(indicateur: Indicateur) -> dict[int, Decimal]:
    """Année → cible partie avec le dossier : elle ne bouge plus. Une année sans cible peut encore en recevoir une."""
    projet: ProjetSocial = indicateur.fiche.projet
    if projet.etat not in APRES_L_ENVOI:
        return {}
    envoi = projet.demandes.aggregate(le=Max("deposee_le"))["le"]
    if envoi is None:
        return {}
    return {
        cible.annee: cible.valeur
        for cible in indicateur.cibles.all()
        if timezone.localdate(cible.posee_le) <= envoi
    }


@transaction.atomic
def ajouter_indicateur(
    fiche: FicheAction, champs: Champs, cibles: Cibles | None = None, *, par: Utilisateur
) -> Indicateur:
    """À la fin de sa liste."""
    fiche = _verrouiller(fiche)
    siens = fiche.indicateurs.filter(liste=champs.get("liste", ListeIndicateur.QUANTITATIVE))
    rang = (siens.aggregate(dernier=Max("rang"))["dernier"] or 0) + 1
    indicateur: Indicateur = Indicateur.objects.create(fiche=fiche, rang=rang, **champs)
    _poser_les_cibles(indicateur, cibles or {})
    _noter(indicateur, "ajouter_indicateur", "a ajouté", par=par)
    return indicateur


@transaction.atomic
def modifier_indicateur(
    indicateur: Indicateur,
    champs: Champs,
    cibles: Cibles | None = None,
    *,
    version_lue: int,
    par: Utilisateur,
) -> None:
    """Change ces champs-là, et les cibles données. Lève `ConflitDeVersion`."""
    avant = {nom: getattr(indicateur, nom) for nom in champs} | {"cibles": _cibles_dites(indicateur)}
    enregistrer(indicateur, version_lue=version_lue, **champs)
    _poser_les_cibles(indicateur, cibles or {})
    apres = dict(champs) | {"cibles": _cibles_dites(indicateur)}
    _noter(indicateur, "modifier_indicateur", "a modifié", par=par, avant=avant, apres=apres)


@transaction.atomic
def definir_indicateur(
    indicateur: Indicateur,
    definition: Mapping[str, Any],
    *,
    calendrier: str = "",
    version_lue: int,
    par: Utilisateur,
) -> None:
    """Ce que Maillage comptera, dans les mots d'`evaluation` ; vide, l'équipe saisit. Lève `ConflitDeVersion`.

    Sans `calendrier`, celui de l'indicateur reste.
    """
    apres = {"definition": dict(definition), "calendrier": calendrier or indicateur.calendrier}
    avant = {nom: getattr(indicateur, nom) for nom in apres}
    source = SourceIndicateur.CALCUL if definition else SourceIndicateur.SAISIE
    enregistrer(indicateur, version_lue=version_lue, source=source, **apres)
    _noter(indicateur, "definir_indicateur", "a dit ce que compte", par=par, avant=avant, apres=apres)


@transaction.atomic
def deplacer_indicateur(indicateur: Indicateur, sens: Sens, *, par: Utilisateur) -> int:
    """L'échange avec son voisin de liste. Rend sa nouvelle place, 0 en tête."""
    fiche = _verrouiller(indicateur.fiche)
    siens = list(fiche.indicateurs.filter(liste=indicateur.liste).order_by("rang", "pk"))
    place = siens.index(indicateur)
    visee = min(max(place + (-1 if sens == "monter" else 1), 0), len(siens) - 1)
    if visee != place:
        siens.insert(visee, siens.pop(place))
        _ranger(siens)
        _noter(indicateur, "deplacer_indicateur", "a déplacé", par=par)
    return visee


@transaction.atomic
def changer_de_liste(indicateur: Indicateur, *, par: Utilisateur) -> Indicateur:
    """Quantitatif ↔ qualitatif, à la fin de l'autre liste. Lève `IndicateurRefuse` s'il a déjà une réponse.

    Ses cibles restent en base : revenir les retrouve.
    """
    fiche = _verrouiller(indicateur.fiche)
    if indicateur.releves.exists():
        raise IndicateurRefuse(
            "Cet indicateur a déjà des réponses notées. Gardez-le ainsi, et ajoutez-en un autre à côté."
        )
    autre = (
        ListeIndicateur.QUALITATIVE
        if indicateur.liste == ListeIndicateur.QUANTITATIVE
        else ListeIndicateur.QUANTITATIVE
    )
    dernier = fiche.indicateurs.filter(liste=autre).aggregate(dernier=Max("rang"))["dernier"] or 0
    avant = {"liste": indicateur.liste}
    indicateur.refresh_from_db()
    enregistrer(indicateur, version_lue=indicateur.version, liste=autre, rang=dernier + 1)
    _noter(
        indicateur, "changer_de_liste", "a changé de liste", par=par, avant=avant, apres={"liste": str(autre)}
    )
    return indicateur


@transaction.atomic
def supprimer_indicateur(indicateur: Indicateur, *, par: Utilisateur) -> None:
    """L'ôte avec ses cibles et ses valeurs ; le journal garde de quoi tout remettre (`remettre_indicateur`)."""
    _verrouiller(indicateur.fiche)
    lies: list[Model] = [indicateur]
    for modele in (Cible, ValeurCalculee, Releve):
        lies += modele._default_manager.filter(indicateur=indicateur).order_by("pk")
    gardes = json.loads(serializers.serialize("json", lies))
    _noter(indicateur, ACTE_DE_SUPPRESSION, "a supprimé", par=par, avant={"lignes": gardes})
    indicateur.releves.all().delete()
    indicateur.delete()


@transaction.atomic
def remettre_indicateur(fiche: FicheAction, numero: int, *, par: Utilisateur) -> Indicateur:
    """Remet un indicateur supprimé, avec ses cibles et ses valeurs. `numero` : sa clé d'avant.

    Lève `IndicateurRefuse` s'il n'a pas été supprimé de cette fiche.
    """
    _verrouiller(fiche)
    ligne = (
        LigneJournal.objects.filter(
            objet_type=type_objet(Indicateur), objet_id=numero, acte=ACTE_DE_SUPPRESSION
        )
        .order_by("-pk")
        .first()
    )
    lignes = (ligne.avant or {}).get("lignes", []) if ligne else []
    est_d_ici = bool(lignes) and lignes[0]["fields"]["fiche"] == fiche.pk
    if not est_d_ici or Indicateur.objects.filter(pk=numero).exists():
        raise IndicateurRefuse("Cet indicateur n’est plus à remettre : rechargez la page pour le revoir.")
    for objet in serializers.deserialize("python", lignes):
        objet.save()
    remis: Indicateur = Indicateur.objects.get(pk=numero)
    _noter(remis, "remettre_indicateur", "a remis", par=par)
    return remis


def _verrouiller(fiche: FicheAction) -> FicheAction:
    """La fiche relue, dont nul autre ne change les indicateurs jusqu'à la fin de la transaction."""
    verrouillee: FicheAction = (
        FicheAction.objects.select_for_update(of=("self",)).select_related("projet").get(pk=fiche.pk)
    )
    return verrouillee


def _ranger(siens: list[Indicateur]) -> None:
    for rang, un in enumerate(siens, start=1):
        un.rang = rang
    Indicateur.objects.bulk_update(siens, ["rang"])


def _poser_les_cibles(indicateur: Indicateur, cibles: Cibles) -> None:
    """Année → valeur ; None retire. Une cible partie avec le dossier reste ce qu'elle est."""
    figees = cibles_figees(indicateur)
    posees = {cible.annee: cible.valeur for cible in indicateur.cibles.all()}
    for annee, valeur in cibles.items():
        if annee in figees or posees.get(annee) == valeur:
            continue
        if valeur is None:
            indicateur.cibles.filter(annee=annee).delete()
        else:
            indicateur.cibles.update_or_create(
                annee=annee, defaults={"valeur": valeur, "posee_le": timezone.now()}
            )


def _cibles_dites(indicateur: Indicateur) -> dict[str, str]:
    return {str(cible.annee): str(cible.valeur) for cible in indicateur.cibles.order_by("annee")}


def _dire(valeur: Any) -> Any:
    """Telle que le journal la garde."""
    if isinstance(valeur, Utilisateur):
        return valeur.get_full_name()
    return str(valeur) if isinstance(valeur, Decimal) else valeur


def _noter(indicateur: Indicateur, acte: str, fait: str, *, par: Utilisateur, **details: Any) -> None:
    dits = {
        quand: {nom: _dire(valeur) for nom, valeur in champs.items()} for quand, champs in details.items()
    }
    journaliser(
        indicateur,
        acte,
        f"{par.get_full_name()} {fait} l’indicateur « {indicateur.libelle} ».",
        par=par,
        structure_id=indicateur.fiche.projet.structure_id,
        **dits,
    )
    noter_changement(indicateur, acte)
