"""Repartir du projet d'avant : axes, enjeux, objectifs, projets spécifiques, et les fiches que l'on reconduit."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte
from maillage.projets.choices import EtatFiche, StatutFiche, SuiteProposee
from maillage.projets.indicateurs import IndicateurLu, lire_indicateurs
from maillage.projets.lecture import AxeLu, EnjeuLu, FicheLue, ObjectifLu, lire_arbre
from maillage.projets.models import (
    Axe,
    Enjeu,
    FicheAction,
    Indicateur,
    Objectif,
    ProjetSocial,
    ProjetSpecifique,
    Proposition,
)
from maillage.projets.operations.projets import noter, tenir

NE_SE_RECOPIENT_PAS = {
    *("id", "projet", "axe", "objectif", "rang", "etat", "statut", "annees", "pilote", "suite_de"),
    *("version", "cree_le", "modifie_le", "racontee_par"),
    *("numero_source", "titre_dans_arbre", "objectifs_du_document"),
}
"""D'une fiche reconduite : sa place, son état et son pilote sont à redire ; ce que disait un document, à oublier."""


@dataclass(slots=True)
class Choix:
    """Les numéros de base de ce que l'on garde. Garder une fiche garde ce qui la porte.

    `transformees` : parmi les fiches, celles qui changent. `nouveautes` : les propositions que l'on commence.
    """

    axes: Collection[int]
    enjeux: Collection[int]
    objectifs: Collection[int]
    fiches: Collection[int]
    transformees: Collection[int] = ()
    nouveautes: Collection[int] = ()


@transaction.atomic
def reprendre_l_ossature(projet: ProjetSocial, choix: Choix, *, par: Utilisateur) -> int:
    """Recopie ce qui est choisi du projet d'avant ; rend le nombre de fiches. Refuse si l'arbre n'est pas vide."""
    tenir(projet)
    source = projet.suite_de
    if source is None:
        raise GesteRefuse("Ce projet n’est la suite d’aucun autre. Dites d’abord de quel projet il repart.")
    if projet.axes.exists() or projet.fiches.exists():
        raise GesteRefuse("L’arbre de ce projet est déjà commencé. Ajoutez-y axes et fiches depuis l’arbre.")
    copie = _Copie(projet, source, choix)
    for axe in lire_arbre(source).axes:
        copie.axe(axe)
    copie.commencer_les_nouveautes()
    if not copie.axes and not copie.fiches:
        raise GesteRefuse("Rien n’est coché. Choisissez au moins un axe, un objectif ou une fiche.")
    dites = f"{compte(copie.axes, 'axe')} et {compte(copie.fiches, 'fiche')}"
    phrase = f"{par.get_full_name()} a repris {dites} de « {source} »."
    noter(projet, "reprendre_l_ossature", phrase, par=par)
    return copie.fiches


class _Copie:
    """Descend l'arbre d'avant et n'écrit que les branches gardées. Les projets spécifiques viennent tous."""

    def __init__(self, projet: ProjetSocial, source: ProjetSocial, choix: Choix) -> None:
        self.projet = projet
        self.choix = choix
        self.axes = self.fiches = 0
        self.objectifs: dict[int, Objectif] = {}
        """Celui d'avant → sa copie."""
        gardees = [lue.fiche for lue in lire_arbre(source).fiches if lue.fiche.pk in choix.fiches]
        self.indicateurs = lire_indicateurs(gardees, (), est_dehors=False)
        self.source = source
        self.specifiques: dict[int, ProjetSpecifique] = {}
        """Celui d'avant → le sien ; d'un même nom, celui que le projet a déjà."""
        for ancien in source.specifiques.all():
            self.specifiques[ancien.pk], _ = projet.specifiques.get_or_create(
                nom=ancien.nom,
                defaults=_valeurs(ancien, NE_SE_RECOPIENT_PAS | {"nom"}) | {"rang": ancien.rang},
            )
        self.liens: dict[int, list[ProjetSpecifique]] = defaultdict(list)
        for lien in FicheAction.specifiques.through.objects.filter(ficheaction__projet=source).order_by("pk"):
            self.liens[lien.ficheaction_id].append(self.specifiques[lien.projetspecifique_id])

    def _garde(self, lu: AxeLu | EnjeuLu | ObjectifLu) -> bool:
        match lu:
            case AxeLu():
                dedans = any(map(self._garde, lu.enjeux)) or any(map(self._fiche_gardee, lu.fiches))
                return lu.axe.pk in self.choix.axes or dedans
            case EnjeuLu():
                return lu.enjeu.pk in self.choix.enjeux or any(map(self._garde, lu.objectifs))
            case _:
                return lu.objectif.pk in self.choix.objectifs or any(map(self._fiche_gardee, lu.toutes()))

    def _fiche_gardee(self, lue: FicheLue) -> bool:
        return lue.fiche.pk in self.choix.fiches

    def axe(self, lu: AxeLu) -> None:
        if not self._garde(lu):
            return
        self.axes += 1
        neuf = Axe.objects.create(
            projet=self.projet,
            lettre=lu.axe.lettre,
            titre=lu.axe.titre,
            couleur=lu.axe.couleur,
            est_transversal=lu.axe.est_transversal,
            rang=self.axes,
        )
        for rang, enjeu in enumerate(filter(self._garde, lu.enjeux), start=1):
            suivant = Enjeu.objects.create(axe=neuf, titre=enjeu.enjeu.titre, rang=rang)
            for place, objectif in enumerate(filter(self._garde, enjeu.objectifs), start=1):
                self._objectif(objectif, suivant, None, place)
        self._reconduire(lu.sans_objectif, neuf, None)

    def _objectif(self, lu: ObjectifLu, enjeu: Enjeu, parent: Objectif | None, rang: int) -> None:
        neuf = Objectif.objects.create(enjeu=enjeu, parent=parent, titre=lu.objectif.titre, rang=rang)
        self.objectifs[lu.objectif.pk] = neuf
        for place, operationnel in enumerate(filter(self._garde, lu.operationnels), start=1):
            self._objectif(operationnel, enjeu, neuf, place)
        self._reconduire(lu.fiches, enjeu.axe, neuf)

    def _reconduire(self, lues: list[FicheLue], axe: Axe, objectif: Objectif | None) -> None:
        for rang, lue in enumerate(filter(self._fiche_gardee, lues), start=1):
            fiche = FicheAction.objects.create(
                **_valeurs(lue.fiche, NE_SE_RECOPIENT_PAS),
                projet=self.projet,
                axe=axe,
                objectif=objectif,
                rang=rang,
                etat=EtatFiche.A_ECRIRE,
                statut=self._statut(lue),
                annees=self.projet.annees,
                suite_de=lue.fiche,
            )
            Indicateur.objects.bulk_create(
                Indicateur(**_d_ou_l_on_part(lu), fiche=fiche)
                for lu in self.indicateurs.get(lue.fiche.pk, ())
            )
            fiche.specifiques.set(self.liens[lue.fiche.pk])
            self.fiches += 1

    def _statut(self, lue: FicheLue) -> StatutFiche:
        est_changee = lue.fiche.pk in self.choix.transformees
        return StatutFiche.EVOLUTION if est_changee else StatutFiche.EXISTANTE

    def commencer_les_nouveautes(self) -> None:
        """Sous l'objectif qu'elles disaient s'il est repris ; sinon, à ranger."""
        siennes = Proposition.objects.filter(
            evaluation__projet=self.source, suite=SuiteProposee.COMMENCER, pk__in=self.choix.nouveautes
        )
        for proposition in siennes.order_by("pk"):
            objectif = self.objectifs.get(proposition.objectif_id or 0)
            FicheAction.objects.create(
                projet=self.projet,
                axe=objectif.enjeu.axe if objectif else None,
                objectif=objectif,
                rang=(objectif.fiches.count() if objectif else self.projet.fiches.filter(axe=None).count())
                + 1,
                titre=proposition.titre[:300],
                contexte=proposition.raison,
                statut=StatutFiche.NOUVELLE,
                annees=self.projet.annees,
            )
            self.fiches += 1


def _d_ou_l_on_part(lu: IndicateurLu) -> dict[str, Any]:
    """L'indicateur d'avant ; sa dernière valeur retenue devient la valeur de départ."""
    sans = {"id", "fiche", "version", "cree_le", "modifie_le", "responsable"}
    valeurs = _valeurs(lu.indicateur, sans)
    if connues := [lue for lue in lu.annees if lue.retenue is not None]:
        valeurs |= {"depart": connues[-1].retenue, "depart_annee": connues[-1].annee}
    return valeurs


def _valeurs(objet: models.Model, sans: set[str]) -> dict[str, object]:
    return {c.attname: getattr(objet, c.attname) for c in objet._meta.concrete_fields if c.name not in sans}
