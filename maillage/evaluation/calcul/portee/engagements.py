"""Ce que les habitants et les partenaires portent : bénévolat, partenaires, initiatives."""

from collections.abc import Iterable
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, ExtractYear

from maillage.activites.choices import RoleDePresence
from maillage.activites.models import HeuresDeBenevolat, Initiative, Intervention, Presence, SuiviDInitiative
from maillage.evaluation.calcul.centre import cle
from maillage.evaluation.calcul.portee.bornes import Lignes, age_alors
from maillage.evaluation.calcul.portee.venues import Venues
from maillage.evaluation.choices import Filtre
from maillage.personnes.choices import BORNES_D_AGE, TrancheAge
from maillage.projets.models import FicheAction


class Engagements(Venues):
    @property
    def heures(self) -> Lignes:
        """Notées pour elles-mêmes. Sans activité, elles ne sont que du centre."""
        du_perimetre = Q(activite__in=sorted(self._activites)) | Q(
            seance__activite__in=sorted(self._activites)
        )
        if self.est_du_centre and not self.valeurs(Filtre.INSTANCE):
            du_perimetre |= Q(activite=None, seance=None)
        avec_leur_age = HeuresDeBenevolat.objects.alias(
            age_alors=age_alors(ExtractYear("jour"), "benevole__personne__naissance")
        )
        lues = avec_leur_age.filter(
            du_perimetre,
            self._des_gens("age_alors", "benevole__personne__"),
            structure=self.centre.structure,
            jour__gte=self.periode.du,
            jour__lte=self.periode.au,
        ).exclude(benevole__personne__in=self.centre.gelees)
        if genres := self.valeurs(Filtre.GENRE_SEANCE):
            lues = lues.filter(
                Q(seance__genre__in=genres)
                | Q(seance__genre="", seance__activite__genre__in=genres)
                | Q(seance=None, activite__genre__in=genres)
            )
        if publics := self.valeurs(Filtre.PUBLIC):
            siennes = sorted(self.centre.activites_pour(publics))
            connues = sorted(self.centre.personnes_pour(publics))
            lues = lues.filter(
                Q(activite__in=siennes) | Q(seance__activite__in=siennes) | Q(benevole__personne__in=connues)
            )
        return lues.order_by("jour", "pk")

    @property
    def presences_benevoles(self) -> Lignes:
        """Celles dont les heures n'ont pas été notées à part : la durée de la séance les dit.

        La ligne sans nom d'une séance vaut pour autant de ses bénévoles, les premiers notés : seuls ceux ajoutés
        depuis restent à compter. Une définition qui écarte cette ligne compte chacun d'eux.
        """
        notees = HeuresDeBenevolat.objects.filter(
            seance=OuterRef("seance"), benevole__personne=OuterRef("personne")
        )
        lues = self.presences.filter(~Exists(notees))
        if not self._seances_dites_sans_nom:
            return lues
        sans_nom = self.heures.filter(seance=OuterRef("seance"), benevole=None).values("nombre")[:1]
        avant = Presence.objects.filter(
            ~Exists(notees), seance=OuterRef("seance"), role=RoleDePresence.BENEVOLE, pk__lte=OuterRef("pk")
        )
        rang = avant.order_by().values("seance").annotate(n=Count("pk")).values("n")
        apres_la_ligne = Q(rang__gt=Coalesce(Subquery(sans_nom), 0))
        ailleurs = ~Q(seance__in=self._seances_dites_sans_nom)
        return lues.alias(rang=Subquery(rang)).filter(ailleurs | apres_la_ligne)

    @cached_property
    def _seances_dites_sans_nom(self) -> list[int]:
        """Un rang ne se cherche que là : le chercher à chaque présence prenait la moitié du bilan d'un centre."""
        lignes = self.heures.filter(benevole=None, seance__isnull=False).order_by()
        return sorted(lignes.values_list("seance", flat=True).distinct())

    @property
    def interventions(self) -> Lignes:
        lues = Intervention.objects.filter(self._de_la_seance("seance__"), partenaire__isnull=False)
        if types := self.valeurs(Filtre.TYPE_PARTENAIRE):
            lues = lues.filter(partenaire__in=sorted(self.centre.partenaires_de(types)))
        return lues.order_by("seance__debut", "pk")

    @property
    def partenaires_des_fiches(self) -> Lignes:
        """Rattachés à l'action, sans date : ils valent pour chaque année prévue. Un genre de séance ou une instance
        demande une présence : ils n'en sont pas."""
        fiches = FicheAction.objects.filter(projet__structure=self.centre.structure)
        if self.fiche is not None:
            du_projet = {"projet": self.fiche.projet_id} if self.est_du_centre else {"pk": self.fiche.pk}
            fiches = fiches.filter(**du_projet)
        prevues = [
            une.pk
            for une in fiches.select_related("projet").order_by("pk")
            if self.periode.annee in une.annees_prevues
        ]
        lies = FicheAction.partenaires.through.objects.filter(ficheaction__in=prevues)
        if types := self.valeurs(Filtre.TYPE_PARTENAIRE):
            lies = lies.filter(partenaire__in=sorted(self.centre.partenaires_de(types)))
        if self.valeurs(Filtre.GENRE_SEANCE) or self.valeurs(Filtre.INSTANCE):
            lies = lies.none()
        return lies

    @property
    def initiatives_du_perimetre(self) -> Lignes:
        lues = Initiative.objects.filter(structure=self.centre.structure)
        return (lues if self.est_du_centre else lues.filter(fiche=self.fiche)).order_by("nee_le", "pk")

    @property
    def initiatives(self) -> Lignes:
        """Accompagnées dans la période : nées, ou suivies à une date. `etat_alors` : leur état à la fin."""
        suivis = SuiviDInitiative.objects.filter(initiative=OuterRef("pk"))
        etat = (
            suivis.filter(le__lte=self.periode.au).exclude(etat="").order_by("-le", "-pk").values("etat")[:1]
        )
        de_la_periode = {"le__gte": self.periode.du, "le__lte": self.periode.au}
        lues = self.initiatives_du_perimetre.filter(
            Q(nee_le__gte=self.periode.du, nee_le__lte=self.periode.au)
            | Exists(suivis.filter(**de_la_periode))
        )
        if ages := self.valeurs(Filtre.AGE):
            lues = lues.filter(age__in=_tranches_dans(ages))
        if publics := self.valeurs(Filtre.PUBLIC):
            lues = lues.filter(pk__in=self.initiatives_qui("publics", publics))
        if instances := self.valeurs(Filtre.INSTANCE):
            lues = lues.filter(pk__in=self.initiatives_qui("instance", instances))
        if quartiers := self.valeurs(Filtre.QUARTIER):
            lues = lues.filter(provenance__in=sorted(self.centre.provenances_de(quartiers)))
        if types := self.valeurs(Filtre.TYPE_PARTENAIRE):
            lies = Initiative.partenaires.through.objects.filter(
                initiative=OuterRef("pk"), partenaire__in=sorted(self.centre.partenaires_de(types))
            )
            lues = lues.filter(Exists(lies))
        return lues.annotate(etat_alors=Subquery(etat))

    def initiatives_qui(self, champ: str, mots: Iterable[str]) -> list[int]:
        voulus = {cle(mot) for mot in mots}
        lues = self.initiatives_du_perimetre.values_list("pk", champ)
        return [
            pk
            for pk, dits in lues
            if voulus & {cle(dit) for dit in (dits if isinstance(dits, list) else [dits]) if dit}
        ]


def _tranches_dans(ages: Iterable[str]) -> list[str]:
    """Les tranches contenues dans l'une de celles-ci : des adolescents sont des jeunes."""
    voulues = [BORNES_D_AGE[TrancheAge(age)] for age in ages]
    return [
        str(tranche)
        for tranche, (bas, haut) in BORNES_D_AGE.items()
        if any(
            bas >= minimum and (maximum is None or (haut is not None and haut <= maximum))
            for minimum, maximum in voulues
        )
    ]
