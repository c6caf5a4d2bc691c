"""Noter les réponses d'une année : un nombre, la correction motivée d'un calcul, un degré et des mots."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.ecriture import empreinte
from maillage.core.journal import journaliser
from maillage.core.versions import enregistrer
from maillage.projets.models import FicheAction, Indicateur, Releve

CHAMPS_NOMBRE = ("valeur", "motif")
CHAMPS_MOTS = ("niveau", "mots", "parole", "juge_par", "juge_le")
VIDES: Mapping[str, Any] = {"valeur": None, "juge_le": None}


class ReleveRefuse(ValueError):
    """La réponse ne peut pas être notée ; le message dit pourquoi et quoi faire."""


@dataclass(frozen=True, slots=True)
class Saisie:
    """Ce qu'une personne a tapé pour un indicateur. `lue` : l'empreinte de ce que sa page montrait."""

    indicateur: Indicateur
    lue: str
    champs: Mapping[str, Any]

    @classmethod
    def premiere(cls, indicateur: Indicateur, champs: Mapping[str, Any]) -> "Saisie":
        """Sa page ne montrait encore rien."""
        return cls(indicateur, empreinte_des_champs({}), champs)


@dataclass(frozen=True, slots=True)
class Conflit:
    """Quelqu'un a noté autre chose entre-temps. `le_sien` manque quand il a effacé la réponse."""

    saisie: Saisie
    le_sien: Releve | None


def champs_de(indicateur: Indicateur) -> tuple[str, ...]:
    return CHAMPS_NOMBRE if indicateur.est_quantitatif else CHAMPS_MOTS


@transaction.atomic
def noter_releves(
    fiche: FicheAction, annee: int, saisies: Iterable[Saisie], *, par: Utilisateur
) -> list[Conflit]:
    """Écrit ce qui a changé, efface une réponse vidée, et rend ce que quelqu'un d'autre a changé entre-temps.

    Rejouer le même envoi ne fait rien. Lève `ReleveRefuse` quand le bilan de l'année est clos, ou qu'un calcul
    serait corrigé sans raison.
    """
    fiche = FicheAction.objects.select_for_update(of=("self",)).select_related("projet").get(pk=fiche.pk)
    if fiche.bilans.filter(annee=annee).exclude(clos_le=None).exists():
        raise ReleveRefuse(f"Le bilan de {annee} est clos. Rouvrez-le pour changer ses valeurs.")
    notes = {
        releve.indicateur_id: releve
        for releve in Releve.objects.filter(indicateur__fiche=fiche, annee=annee).order_by("pk")
    }
    conflits = []
    for saisie in saisies:
        note = notes.get(saisie.indicateur.pk)
        actuels = {nom: getattr(note, nom) if note else VIDES.get(nom, "") for nom in saisie.champs}
        if empreinte_des_champs(saisie.champs) in {saisie.lue, empreinte_des_champs(actuels)}:
            continue  # rien de tapé depuis la lecture, ou déjà noté
        if note is None and _est_vide(saisie):
            continue
        if empreinte_des_champs(actuels) != saisie.lue:
            conflits.append(Conflit(saisie, note))
            continue
        _exiger_une_raison(saisie, annee)
        _ecrire(note, saisie, annee, fiche, par=par)
    return conflits


@transaction.atomic
def revenir_au_calcul(indicateur: Indicateur, annee: int, *, par: Utilisateur) -> None:
    """Retire la correction de l'équipe : le calcul est de nouveau retenu ; le journal garde ce qui était écrit. Lève
    `ReleveRefuse` quand le bilan est clos, ou qu'il n'y a pas de calcul où revenir."""
    if not indicateur.valeurs_calculees.filter(annee=annee).exists():
        raise ReleveRefuse(f"Maillage n’a rien compté pour {annee} : cette réponse est la seule.")
    note = Releve.objects.filter(indicateur=indicateur, annee=annee).first()
    if note is not None:
        vue = empreinte_des_champs({nom: getattr(note, nom) for nom in CHAMPS_NOMBRE})
        vides = {nom: VIDES.get(nom, "") for nom in CHAMPS_NOMBRE} | {"valeur": None}
        noter_releves(indicateur.fiche, annee, [Saisie(indicateur, vue, vides)], par=par)


def empreinte_des_champs(champs: Mapping[str, Any]) -> str:
    """La même pour « 12 » et « 12,00 » ; un champ vide compte comme absent : un calcul en ajoute un au formulaire."""
    return empreinte({nom: _dire(valeur) for nom, valeur in champs.items() if valeur not in (None, "")})


def _est_vide(saisie: Saisie) -> bool:
    """Une raison sans nombre ne dit rien."""
    return all(
        valeur == VIDES.get(nom, "")
        for nom, valeur in saisie.champs.items()
        if nom not in {"motif", "juge_le"}
    )


def _exiger_une_raison(saisie: Saisie, annee: int) -> None:
    valeur = saisie.champs.get("valeur")
    if valeur is None or saisie.champs.get("motif"):
        return
    calculee = saisie.indicateur.valeurs_calculees.filter(annee=annee).first()
    if calculee is not None and calculee.valeur != valeur:
        raise ReleveRefuse(
            f"Dites pourquoi vous corrigez le calcul de « {saisie.indicateur} » : les deux nombres restent visibles."
        )


def _ecrire(note: Releve | None, saisie: Saisie, annee: int, fiche: FicheAction, *, par: Utilisateur) -> None:
    indicateur = saisie.indicateur
    avant = {nom: _dire(getattr(note, nom)) for nom in saisie.champs} if note else None
    if _est_vide(saisie) and note is not None:
        acte, fait, ecrit = "effacer_releve", "a effacé", note
    else:
        acte, fait = "noter_releve", "a noté" if note is None else "a changé"
        signature = {"saisi_par": par, "saisi_le": timezone.now()}
        if note is None:
            ecrit = Releve.objects.create(indicateur=indicateur, annee=annee, **saisie.champs, **signature)
        else:
            enregistrer(note, version_lue=note.version, **saisie.champs, **signature)
            ecrit = note
    journaliser(
        ecrit,
        acte,
        f"{par.get_full_name()} {fait} la réponse de {annee} à « {indicateur} ».",
        par=par,
        avant=avant,
        apres={nom: _dire(valeur) for nom, valeur in saisie.champs.items()},
        structure_id=fiche.projet.structure_id,
    )
    noter_changement(indicateur, acte)
    if acte == "effacer_releve":
        ecrit.delete()


def _dire(valeur: Any) -> Any:
    if isinstance(valeur, Decimal | int):
        return f"{valeur:.2f}"
    return valeur if isinstance(valeur, str) or valeur is None else str(valeur)
