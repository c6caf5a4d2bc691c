"""Ce qu'une Caf a reçu : ses dossiers par échéance, et un dossier tel qu'elle l'a devant elle."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from maillage.projets.choices import EtatDemandeAgrement, EtatProjet, GenreEnvoi
from maillage.projets.models import DemandeDeComplements, Envoi, ProjetSocial
from maillage.projets.referentiels import Critere, referentiel_de
from maillage.projets.regles import regle
from maillage.territoire.models import Agrement

DECIDES: Final = {
    EtatProjet.AGREE,
    EtatProjet.REFUSE,
    EtatProjet.EN_COURS,
    EtatProjet.EVALUE,
    EtatProjet.ARCHIVE,
}
SITUATIONS: Final = {
    "a_lire": "À lire",
    "a_repondre": "À instruire",
    "a_completer": "À compléter par le centre",
    "decides": "Décidés",
    "repris": "Repris par le centre",
}
TONS: Final = {
    "a_lire": ("alerte", "mail-open"),
    "a_repondre": ("", "clock"),
    "a_completer": ("alerte", "message-circle"),
    "decides": ("ok", "circle-check"),
    "repris": ("", "archive"),
}


@dataclass
class DossierRecu:
    """Un projet, par ce qu'il a transmis : rien de ce qui s'écrit encore n'est ici."""

    projet: ProjetSocial
    envois: list[Envoi]

    @cached_property
    def versions(self) -> list[Envoi]:
        """Celles du dossier, la plus récente d'abord."""
        versions = [envoi for envoi in self.envois if envoi.genre == GenreEnvoi.DOSSIER]
        return sorted(versions, key=lambda envoi: -envoi.numero)

    @property
    def nom(self) -> str:
        """Celui du dernier envoi."""
        return (self.dernier or self.envois[0]).nom_du_projet

    @property
    def suites(self) -> list[Envoi]:
        """Bilans et évaluations."""
        return [envoi for envoi in self.envois if envoi.genre != GenreEnvoi.DOSSIER]

    @property
    def dernier(self) -> Envoi | None:
        return self.versions[0] if self.versions else None

    @cached_property
    def complements(self) -> list[DemandeDeComplements]:
        demandes = [une for envoi in self.versions for une in envoi.complements.all() if not une.retiree_le]
        return sorted(demandes, key=lambda une: une.demandee_le, reverse=True)

    @property
    def complement_ouvert(self) -> DemandeDeComplements | None:
        return next((une for une in self.complements if une.est_ouverte), None)

    @property
    def a_lire(self) -> list[Envoi]:
        """Ce dont la réception n'est pas accusée, le plus ancien d'abord."""
        return [envoi for envoi in reversed(self.envois) if envoi.recu_le is None]

    @property
    def situation(self) -> str:
        if self.a_lire:
            return "a_lire"
        if self.projet.etat == EtatProjet.SOUMIS:
            return "a_repondre"
        if self.projet.etat == EtatProjet.A_COMPLETER:
            return "a_completer"
        return "decides" if self.projet.etat in DECIDES else "repris"

    @property
    def situation_dite(self) -> tuple[str, str, str]:
        """Le mot, son ton, son signe ; une fois décidé, ce qui l'est."""
        if self.situation == "decides":
            if any(demande.etat == EtatDemandeAgrement.ACCORDEE for demande in self.demandes):
                return "Accordé", "ok", "circle-check"
            if any(demande.etat == EtatDemandeAgrement.REFUSEE for demande in self.demandes):
                return "Refusé", "stop", "octagon-x"
            return "Décidé", *TONS["decides"]
        return SITUATIONS[self.situation], *TONS[self.situation]

    @cached_property
    def demandes(self) -> list[Any]:
        return [une for une in self.projet.demandes.all() if une.etat != EtatDemandeAgrement.RETIREE]

    @property
    def agrements_demandes(self) -> str:
        return ", ".join(sorted({str(demande.get_type_display()) for demande in self.demandes}))

    @property
    def fin_d_agrement(self) -> date | None:
        """La fin de l'agrément d'aujourd'hui, posé par un projet d'avant ; à défaut, rien."""
        siens = {demande.agrement_id for demande in self.demandes}
        fins = [une.au for une in self.projet.structure.agrements.all() if une.pk not in siens]
        return max((fin for fin in fins if fin <= self.projet.au), default=None)

    @property
    def echeance(self) -> tuple[date, str]:
        """La prochaine date qui compte, et son nom : d'un agrément ou d'un envoi, jamais du projet qui s'écrit."""
        ouvert = self.complement_ouvert
        if ouvert is not None and ouvert.delai is not None:
            return ouvert.delai, "réponse du centre attendue"
        if self.projet.etat in DECIDES:
            accordes = [demande.agrement.au for demande in self.demandes if demande.agrement]
            if accordes:
                return max(accordes), "fin de l’agrément"
        fin = self.fin_d_agrement
        if fin is not None:
            return fin, "fin de l’agrément en cours"
        transmis_le = timezone.localtime((self.dernier or self.envois[0]).envoye_le).date()
        return transmis_le, "transmis, sans agrément en cours"


def criteres_de(projet: ProjetSocial) -> list[Critere]:
    """Ce que la Caf regarde : ceux du référentiel ; s'il n'en cite aucun, ceux de la règle de ses demandes. Les deux
    disent la même circulaire : jamais l'un après l'autre."""
    if cites := referentiel_de(projet).criteres:
        return list(cites)
    cles = projet.demandes.order_by("-deposee_le", "-pk").values_list("regle", flat=True)
    suivie = next((trouvee for cle in cles if (trouvee := regle(cle))), None)
    if suivie is None:
        return []
    return [
        Critere(f"{suivie.cle}_{rang}", texte, suivie.source)
        for rang, texte in enumerate(suivie.criteres, start=1)
    ]


def dossiers_recus(projets: QuerySet[ProjetSocial]) -> list[DossierRecu]:
    """Par échéance, la plus proche d'abord ; les décidés après ce qui attend. Six requêtes."""
    envois = (
        Envoi.objects.filter(retire_le=None)
        .sans_contenu()
        .select_related("recu_par", "envoye_par")
        .prefetch_related(
            Prefetch(
                "complements",
                DemandeDeComplements.objects.prefetch_related("points").select_related("reponse"),
            )
        )
        .order_by("-envoye_le", "-pk")
    )
    lus = projets.select_related("structure__departement").prefetch_related(
        Prefetch("envois", envois),
        "demandes__agrement",
        Prefetch("structure__agrements", Agrement.objects.order_by("pk")),
    )
    recus = [DossierRecu(projet, siens) for projet in lus if (siens := list(projet.envois.all()))]
    return sorted(recus, key=lambda un: (un.situation == "decides", un.echeance[0], un.projet.pk))


def dossier_recu(projets: QuerySet[ProjetSocial], pk: int) -> DossierRecu | None:
    return next(iter(dossiers_recus(projets.filter(pk=pk))), None)
