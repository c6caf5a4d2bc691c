"""Ce qu'une page montre de l'arbre : les fiches cherchées, ce qui est ouvert, les comptes, les retards."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from maillage.core.francais import compte
from maillage.projets.choices import EtatFiche, StatutFiche
from maillage.projets.lecture import Arbre, AxeLu, EnjeuLu, FicheLue, ObjectifLu, lire_arbre
from maillage.projets.models import FicheAction, ProjetSocial, ProjetSpecifique
from maillage.projets.temps import Annee, annees_de, avec_les_retards, est_en_retard


def sans_accents(texte: str) -> str:
    decompose = unicodedata.normalize("NFKD", texte.casefold())
    return "".join(signe for signe in decompose if not unicodedata.combining(signe))


def adresse_de_la_fiche(fiche: FicheAction) -> str:
    return reverse("fiche_action", args=[fiche.pk])


@dataclass
class VueDeLArbre:
    """`q` et `specifique` ne gardent que les fiches qui répondent ; les branches vides disparaissent alors."""

    arbre: Arbre
    q: str = ""
    specifique: ProjetSpecifique | None = None
    tout_est_ouvert: bool = False
    specifiques: list[ProjetSpecifique] = field(default_factory=list)
    lues_par: dict[int, set[int]] = field(default_factory=dict)
    """Projet spécifique → ses fiches."""
    en_retard: set[int] = field(default_factory=set)
    aujourd_hui: date = field(default_factory=timezone.localdate)

    def __post_init__(self) -> None:
        projet = self.arbre.projet
        dites = {annee for lue in self.arbre.fiches for annee in lue.fiche.annees}
        # une année finie où rien ne s'est fait ne dit rien ; une année à venir sans fiche, si
        self.annees = [a for a in projet.annees if a in dites or a >= self.aujourd_hui.year]
        self.en_retard = {lue.fiche.pk for lue in self.arbre.fiches if est_en_retard(lue.fiche, projet)}
        gardees = self.arbre.fiches
        if self.specifique is not None:
            retenues = self.lues_par.get(self.specifique.pk, set())
            gardees = [lue for lue in gardees if lue.fiche.pk in retenues]
        if mots := sans_accents(self.q).split():
            gardees = [lue for lue in gardees if all(mot in self._texte(lue) for mot in mots)]
        self.gardees = {lue.fiche.pk for lue in gardees}

    @classmethod
    def lire(
        cls, projet: ProjetSocial, *, q: str = "", specifique: str = "", ouvrir: bool = False
    ) -> "VueDeLArbre":
        """Six requêtes. Un projet spécifique inconnu ne filtre rien."""
        un_par_fiche = ProjetSpecifique.objects.filter(projet=projet).annotate(fiche_lue=F("fiches"))
        specifiques: dict[int, ProjetSpecifique] = {}
        lues_par: dict[int, set[int]] = {}
        for un in un_par_fiche.order_by("rang", "pk"):
            specifiques.setdefault(un.pk, un)
            if un.fiche_lue is not None:
                lues_par.setdefault(un.pk, set()).add(un.fiche_lue)
        choisi = next((un for un in specifiques.values() if str(un.pk) == specifique), None)
        arbre = lire_arbre(projet, avec_les_retards(projet))
        return cls(arbre, q, choisi, ouvrir, list(specifiques.values()), lues_par)

    @property
    def est_filtree(self) -> bool:
        return bool(self.q or self.specifique)

    @property
    def lectures(self) -> list[tuple[ProjetSpecifique, int]]:
        return [(un, len(self.lues_par.get(un.pk, ()))) for un in self.specifiques]

    @property
    def resume(self) -> str:
        """« 4 axes, 9 enjeux, 21 objectifs, 47 fiches actions »."""
        arbre = self.arbre
        enjeux = sum(bool(enjeu.enjeu.titre) for enjeu in arbre.enjeux)
        comptes = [
            compte(len(arbre.axes), "axe"),
            *([compte(enjeux, "enjeu,enjeux")] if enjeux else []),
            compte(len(arbre.objectifs), "objectif"),
            compte(len(arbre.fiches), "fiche action"),
        ]
        return ", ".join(comptes)

    # --- Ce que montre chaque branche ---

    def axes(self) -> list[tuple[AxeLu, bool, str]]:
        """Chaque axe, s'il est ouvert, et ce qu'il compte. Le premier l'est d'abord."""
        montres = [axe for axe in self.arbre.axes if not self.est_filtree or self.fiches(axe.fiches)]
        return [
            (
                axe,
                self.tout_est_ouvert or self.est_filtree or rang == 0,
                self._compte(axe.fiches, avec_retard=True),
            )
            for rang, axe in enumerate(montres)
        ]

    def enjeux(self, axe: AxeLu) -> list[tuple[EnjeuLu, str]]:
        return [
            (enjeu, compte(len(enjeu.objectifs), "objectif"))
            for enjeu in axe.enjeux
            if (enjeu.enjeu.titre and not self.est_filtree) or self.objectifs(enjeu.objectifs)
        ]

    def objectifs(self, objectifs: Iterable[ObjectifLu]) -> list[tuple[ObjectifLu, str]]:
        return [
            (lu, self._compte(list(lu.toutes())))
            for lu in objectifs
            if not self.est_filtree or self.fiches(lu.toutes()) or self.fiches(lu.citees)
        ]

    def fiches(self, lues: Iterable[FicheLue]) -> list[FicheLue]:
        return [lue for lue in lues if lue.fiche.pk in self.gardees]

    def annees_de(self, lue: FicheLue) -> list[tuple[int, Annee]]:
        return annees_de(lue.fiche, self.annees, self.aujourd_hui)

    def _compte(self, lues: list[FicheLue], avec_retard: bool = False) -> str:
        montrees = self.fiches(lues)
        retards = sum(lue.fiche.pk in self.en_retard for lue in montrees)
        suite = ""
        if avec_retard and montrees:
            suite = f", {retards} en retard" if retards else ", à jour"
        return compte(len(montrees), "fiche") + suite

    def _texte(self, lue: FicheLue) -> str:
        fiche = lue.fiche
        mots = (lue.numero, fiche.titre, nom_du_pilote(fiche), fiche.get_statut_display())
        return sans_accents(" ".join(map(str, mots)))


def nom_du_pilote(fiche: FicheAction) -> str:
    return fiche.pilote.get_full_name() if fiche.pilote else fiche.pilote_nom


SIGNES = {
    StatutFiche.EVOLUTION: ("", "trending-up"),
    StatutFiche.NOUVELLE: ("info", "sparkles"),
    StatutFiche.EXISTANTE: ("", "equal"),
}
SIGNES_D_ETAT = {
    EtatFiche.A_ECRIRE: ("alerte", "pencil"),
    EtatFiche.PRETE: ("info", "circle-check"),
    EtatFiche.EN_COURS: ("ok", "circle-play"),
    EtatFiche.TERMINEE: ("", "circle-check"),
    EtatFiche.ARRETEE: ("", "circle-stop"),
}
