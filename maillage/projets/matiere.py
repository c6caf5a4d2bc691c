"""Ce qu'un dossier raconte, lu une fois : l'arbre, le plan, les chiffres, les indicateurs vus du dehors."""

from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from django.db.models import BooleanField, Exists, ExpressionWrapper, Model, OuterRef, Q
from django.db.models.expressions import Combinable

from maillage.projets.indicateurs import IndicateurLu, lire_indicateurs
from maillage.projets.lecture import Arbre, lire_arbre
from maillage.projets.lecture_du_budget import AnneeDeBudget, lire_annees
from maillage.projets.models import (
    Axe,
    Besoin,
    Budget,
    ChiffreDiagnostic,
    Constat,
    FicheAction,
    Financement,
    Indicateur,
    Instance,
    Parole,
    ProjetSocial,
    ProjetSpecifique,
    Rencontre,
    ResultatEnquete,
    Sigle,
    TableauDiagnostic,
)
from maillage.projets.plan import Place, lire_le_plan


class Matiere:
    """Rien n'y est lu avant qu'on le demande, et jamais deux fois. Le dossier est lu par la Caf : les petits nombres
    y sont cachés, toujours."""

    def __init__(self, projet: ProjetSocial) -> None:
        self.projet = projet
        self.poses: set[str] = set()
        """Les blocs déjà dans le document : aucun n'y est deux fois."""
        self.ancres: set[str] = set()
        """Les parties du document où un renvoi peut mener."""

    @cached_property
    def arbre(self) -> Arbre:
        return lire_arbre(self.projet)

    @cached_property
    def plan(self) -> list[Place]:
        return lire_le_plan(self.projet)

    @cached_property
    def chiffres(self) -> list[ChiffreDiagnostic]:
        return list(self.projet.chiffres.order_by("rang", "pk"))

    @cached_property
    def tableaux(self) -> list[TableauDiagnostic]:
        return list(self.projet.tableaux.order_by("rang", "pk"))

    @cached_property
    def instances(self) -> list[Instance]:
        return list(self.projet.instances.order_by("rang", "pk"))

    @cached_property
    def sigles(self) -> list[Sigle]:
        return list(self.projet.sigles.order_by("sigle", "pk"))

    @cached_property
    def specifiques(self) -> list[ProjetSpecifique]:
        return list(self.projet.specifiques.order_by("rang", "pk"))

    @cached_property
    def specifiques_par_fiche(self) -> Mapping[int, list[str]]:
        liens = self.projet.fiches.exclude(specifiques=None).order_by("specifiques__rang", "specifiques__pk")
        trouves: dict[int, list[str]] = {}
        for fiche, nom in liens.values_list("pk", "specifiques__nom"):
            trouves.setdefault(fiche, []).append(nom)
        return trouves

    @cached_property
    def indicateurs(self) -> Mapping[int, list[IndicateurLu]]:
        """Par fiche."""
        fiches = [lue.fiche for lue in self.arbre.fiches]
        return lire_indicateurs(fiches, self.projet.annees, est_dehors=True)

    @cached_property
    def indicateurs_par_cle(self) -> Mapping[int, IndicateurLu]:
        return {lu.indicateur.pk: lu for lus in self.indicateurs.values() for lu in lus}

    @cached_property
    def noms_d_indicateurs(self) -> Mapping[int, str]:
        lus = Indicateur.objects.filter(fiche__projet=self.projet).order_by(
            "fiche__rang", "liste", "rang", "pk"
        )
        return dict(lus.values_list("pk", "libelle"))

    @cached_property
    def budget(self) -> list[AnneeDeBudget]:
        return lire_annees(self.projet, self.projet.annees, self.arbre)

    @cached_property
    def remplis(self) -> frozenset[str]:
        """Les blocs qui ont aujourd'hui de quoi se remplir, sans en construire aucun : une requête."""
        questions = _a_de_quoi(self.projet.annees)
        lus = ProjetSocial.objects.filter(pk=self.projet.pk).order_by()
        dits = lus.values_list(*questions.values())[0]
        return frozenset(
            {"cadre", *(nom for nom, est_rempli in zip(questions, dits, strict=True) if est_rempli)}
        )

    @cached_property
    def comptes(self) -> Counter[str]:
        return Counter(
            axes=len(self.arbre.axes),
            objectifs=len(self.arbre.objectifs),
            fiches=len(self.arbre.fiches),
            indicateurs=len(self.noms_d_indicateurs),
        )


def _a_de_quoi(annees: list[int]) -> dict[str, Combinable]:
    """Bloc → y a-t-il de quoi le remplir ? Dit la même chose que `exportation.blocs`, qui le construit."""

    def un(modele: type[Model], *conditions: Q, projet: str = "projet") -> Exists:
        return Exists(modele._default_manager.filter(*conditions, **{projet: OuterRef("pk")}))

    chiffre = Q(lignes__prevu__isnull=False) | Q(lignes__reel__isnull=False)
    benevole = Q(heures_prevues__isnull=False) | Q(heures_reelles__isnull=False)
    return {
        "memoire": un(FicheAction, projet="projet__suites"),
        "rencontres": un(Rencontre),
        "chiffres": ExpressionWrapper(
            Q(un(ChiffreDiagnostic)) | Q(un(TableauDiagnostic, ~Q(zones=[]))), BooleanField()
        ),
        "constats": un(Constat),
        "paroles": un(Parole),
        "enquetes": un(ResultatEnquete, ~Q(lignes=[])),
        "besoins": un(Besoin),
        "arbre": un(Axe),
        "specifiques": un(ProjetSpecifique, ~Q(presentation="") | Q(fiches__isnull=False)),
        "fiches": un(FicheAction),
        "indicateurs": un(Indicateur, projet="fiche__projet"),
        "calendrier": un(FicheAction, ~Q(annees=[])),
        "instances": un(Instance),
        "participation": un(FicheAction, ~Q(degre_participation="")),
        "budget": un(Budget, Q(annee__in=annees), chiffre | benevole & Q(taux_horaire__isnull=False)),
        "financement": un(Financement, Q(annee__in=annees)),
        "sigles": un(Sigle),
    }
