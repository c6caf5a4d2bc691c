"""Ce que les pages de la modération montrent d'une demande : sa place, son attente, qui l'a en main, les notes.

La page d'examen appartient à la pièce qui possède ce qui est jugé ; elle prend ici son contexte (`salle`) et étend
le gabarit `moderation/examen.html`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import F
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.comptes.models import Utilisateur
from maillage.core.emplacements import occupants
from maillage.core.francais import duree
from maillage.moderation.choices import EtatDemande, GenreDemande
from maillage.moderation.delais import limite_du_retard
from maillage.moderation.models import Decision, Demande, Note
from maillage.moderation.permissions import peut_defaire
from maillage.moderation.querysets import DUREE_D_UNE_PRISE, DemandeQuerySet
from maillage.territoire.models import Institution

FENETRE_DES_DELAIS = timedelta(days=30)
REGARDS = (Role.MODERATRICE, Role.ADMINISTRATRICE)


def depuis(moment: datetime) -> str:
    """« 4 jours », jusqu'à maintenant."""
    return duree(timezone.now() - moment)


def est_en_retard(demande: Demande) -> bool:
    return demande.etat == EtatDemande.EN_ATTENTE and demande.deposee_le < limite_du_retard()


def tenue_par_une_autre(demande: Demande, utilisateur: Utilisateur) -> bool:
    """Quelqu'un d'autre l'examine en ce moment."""
    return (
        demande.etat == EtatDemande.EN_ATTENTE
        and demande.prise_par_id not in (None, utilisateur.pk)
        and demande.prise_le is not None
        and demande.prise_le > timezone.now() - DUREE_D_UNE_PRISE
    )


def adresse_d_examen(genre: str, objet_id: int, filtre: str = "") -> str:
    """La page qui examine cet objet, avec le filtre de la file ; vide quand aucune pièce n'en a."""
    for occupant in occupants(f"moderation.{genre}"):
        if adresse := occupant.adresse(objet_id):
            return f"{adresse}?{filtre}" if filtre else adresse
    return ""


def genre_choisi(parametres: Mapping[str, Any]) -> str:
    """Le genre que la file filtre, lu d'une adresse ; vide pour tous."""
    genre = str(parametres.get("genre", ""))
    return genre if genre in GenreDemande.values else ""


def filtre_de(genre: str) -> str:
    """La même chose, à remettre dans une adresse."""
    demande = QueryDict(mutable=True)
    if genre:
        demande["genre"] = genre
    return demande.urlencode()


@dataclass(frozen=True)
class Delais:
    """Ce qui est vraiment tenu, sur les trente derniers jours."""

    reponses: int
    median: str
    """En mots ; vide s'il n'y a eu aucune réponse."""
    a_temps: int
    """Réponses données dans le délai promis."""


def delais(demandes: DemandeQuerySet | None = None) -> Delais:
    """De ces demandes, sinon de toutes. Une décision défaite, ou d'avant un nouvel envoi, ne compte pas."""
    decisions = Decision.objects.filter(annulee_le=None, le__gte=timezone.now() - FENETRE_DES_DELAIS)
    if demandes is not None:
        decisions = decisions.filter(demande__in=demandes.order_by())
    decisions = decisions.filter(le__gte=F("demande__deposee_le"))
    couples = list(decisions.order_by().values_list("demande__deposee_le", "le"))
    attentes = [(le - deposee_le).total_seconds() for deposee_le, le in couples]
    return Delais(
        len(couples),
        duree(timedelta(seconds=median(attentes))) if attentes else "",
        sum(deposee_le >= limite_du_retard(le) for deposee_le, le in couples),
    )


# --- La place dans la file ------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """« Fiche 3 sur 11 », et ses voisines. Rang zéro : la demande n'attend plus."""

    rang: int
    total: int
    quoi: str
    ancienne: datetime | None
    precedente: str
    suivante: str

    @property
    def phrase(self) -> str:
        if not self.rang or self.ancienne is None:
            return ""
        return f"{self.quoi} {self.rang} sur {self.total}, la plus ancienne attend depuis {depuis(self.ancienne)}"


def _file(utilisateur: Utilisateur, genre: str) -> DemandeQuerySet:
    attendent = Demande.objects.visibles_par(utilisateur).en_attente()
    return attendent.filter(genre=genre) if genre else attendent


def place(demande: Demande, utilisateur: Utilisateur, genre: str) -> Place:
    attendent = list(_file(utilisateur, genre).values_list("pk", "genre", "objet_id", "deposee_le"))
    numeros = [pk for pk, *_ in attendent]
    quoi = GenreDemande(genre).label if genre else "Demande"
    ancienne = min((deposee_le for *_, deposee_le in attendent), default=None)
    if demande.pk not in numeros:
        return Place(0, len(attendent), quoi, ancienne, "", "")
    ici = numeros.index(demande.pk)
    filtre = filtre_de(genre)

    def voisine(rang: int) -> str:
        if not 0 <= rang < len(attendent):
            return ""
        _, son_genre, objet_id, _ = attendent[rang]
        return adresse_d_examen(son_genre, objet_id, filtre)

    return Place(ici + 1, len(attendent), quoi, ancienne, voisine(ici - 1), voisine(ici + 1))


def adresse_suivante(demande: Demande, utilisateur: Utilisateur, genre: str) -> str:
    """Où aller une fois celle-ci décidée : la suivante que personne n'a en main, sinon la première, sinon la file."""
    libres = _file(utilisateur, genre).libres_pour(utilisateur).exclude(pk=demande.pk)
    rang = (not demande.est_urgente, demande.deposee_le, demande.pk)
    suite = [
        (son_genre, objet_id, (not urgente, deposee_le, pk) > rang)
        for pk, son_genre, objet_id, urgente, deposee_le in libres.values_list(
            "pk", "genre", "objet_id", "est_urgente", "deposee_le"
        )
    ]
    filtre = filtre_de(genre)
    for son_genre, objet_id, _ in sorted(suite, key=lambda une: not une[2]):
        if adresse := adresse_d_examen(son_genre, objet_id, filtre):
            return adresse
    return reverse("moderation") + (f"?{filtre}" if filtre else "")


# --- La salle -------------------------------------------------------------------------------------


def institutions_de(utilisateur: Utilisateur) -> list[Institution]:
    """Celles pour qui cette personne tient la file : ses notes leur appartiennent."""
    return [
        tenue.institution
        for tenue in utilisateur.appartenances_du_jour
        if tenue.institution is not None and tenue.role in REGARDS
    ]


def main(demande: Demande, utilisateur: Utilisateur, retour: str = "") -> dict[str, Any]:
    """Qui a la demande en main (gabarit `moderation/_main.html`). `retour` : la page où revenir, sans script."""
    est_tenue = tenue_par_une_autre(demande, utilisateur)
    return {
        "demande": demande,
        "attend": demande.etat == EtatDemande.EN_ATTENTE,
        "est_tenue": est_tenue,
        "est_mienne": demande.prise_par_id == utilisateur.pk and not est_tenue,
        "tenue_depuis": depuis(demande.prise_le) if demande.prise_le else "",
        "vient_d_etre_prise": False,
        "retour": retour,
    }


def salle(
    demande: Demande, utilisateur: Utilisateur, parametres: Mapping[str, Any], *, retour: str
) -> dict[str, Any]:
    """Le contexte commun des pages d'examen (gabarit `moderation/examen.html`). `retour` : leur propre adresse."""
    genre = genre_choisi(parametres)
    institutions = institutions_de(utilisateur)
    attend = demande.etat == EtatDemande.EN_ATTENTE
    decision = None if attend else demande.decisions.filter(annulee_le=None).select_related("par").first()
    return main(demande, utilisateur, retour) | {
        "filtre": filtre_de(genre),
        "place": place(demande, utilisateur, genre),
        "est_en_retard": est_en_retard(demande),
        "attente": depuis(demande.deposee_le),
        "decision": decision,
        "peut_defaire": decision is not None and peut_defaire(utilisateur, decision),
        "institutions": institutions,
        "notes": list(
            Note.objects.filter(demande=demande, institution__in=institutions).select_related("par")
        ),
    }
