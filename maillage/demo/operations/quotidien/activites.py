"""Les activités d'un centre inventé, leurs séances passées et à venir, et qui y est venu."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.crypto import get_random_string

from maillage.activites.calendrier_scolaire import zone_de
from maillage.activites.choices import (
    EtatInscription,
    EtatSeance,
    EtatTheme,
    ReponseSatisfaction,
    RoleDePresence,
)
from maillage.activites.models import (
    Activite,
    HeuresDeBenevolat,
    Inscription,
    Intervention,
    Presence,
    Satisfaction,
    Seance,
    Serie,
    Theme,
    VenueSansNom,
)
from maillage.activites.recurrence import Regle
from maillage.catalogue.operations.contenu import partenaires_nommes
from maillage.core.changements import noter_changements
from maillage.demo.operations.quotidien.centre import Centre, Donnees
from maillage.personnes.choices import BandeAge, Genre
from maillage.personnes.models import Personne

A_VENIR: Final = timedelta(days=45)
"""Les séances déjà posées devant soi."""
SANS_FEUILLE: Final = timedelta(days=6)
"""Assez près, une feuille sur cinq n'est pas encore faite : il reste de quoi travailler."""
GROS_LOTS: Final = 1000
BANDES: Final[dict[str, tuple[str, ...]]] = {
    "aines": (BandeAge.DE_60_A_74, BandeAge.DE_75),
    "jeunes": (BandeAge.DE_12_A_17, BandeAge.DE_18_A_25),
    "tout_petits": (BandeAge.DE_0_A_5, BandeAge.DE_26_A_59),
    "familles": (BandeAge.DE_6_A_11, BandeAge.DE_26_A_59),
}
ADULTES: Final = (BandeAge.DE_26_A_59, BandeAge.DE_60_A_74)
R = RoleDePresence


class Programme:
    """Ce que l'on écrit en lots : une année entière en quelques requêtes."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.hasard = centre.hasard
        self.benevoles: list[Personne] = []
        self.presences: list[Presence] = []
        self.venues: list[VenueSansNom] = []
        self.interventions: list[Intervention] = []
        self.satisfactions: list[Satisfaction] = []
        self.donnees_par_les_benevoles: list[tuple[Personne, Seance]] = []

    def ecrire(self) -> None:
        for ligne in self.centre.donnees["activites"]:
            self._une_activite(ligne)
        Presence.objects.bulk_create(self.presences, batch_size=GROS_LOTS)
        VenueSansNom.objects.bulk_create(self.venues, batch_size=GROS_LOTS)
        Intervention.objects.bulk_create(self.interventions, batch_size=GROS_LOTS)
        Satisfaction.objects.bulk_create(self.satisfactions, batch_size=GROS_LOTS)

    def noter_les_heures(self, engagements: dict[int, Any]) -> None:
        """Chaque bénévole présent, la durée de la séance."""
        HeuresDeBenevolat.objects.bulk_create(
            (
                HeuresDeBenevolat(
                    structure=self.centre.structure,
                    benevole=engagements[personne.pk],
                    activite=seance.activite,
                    seance=seance,
                    jour=seance.debut.date(),
                    heures=Decimal((seance.fin - seance.debut).seconds) / 3600,
                    mission=seance.activite.titre,
                    notees_par=seance.feuille_close_par,
                )
                for personne, seance in self.donnees_par_les_benevoles
            ),
            batch_size=GROS_LOTS,
        )

    # --- Une activité et ses séances ----------------------------------------------------------------

    def _une_activite(self, ligne: Donnees) -> None:
        activite = self._activite(ligne)
        themes = self._themes(activite, ligne)
        seances = [*self._des_series(activite, ligne), *self._des_dates(activite, ligne)]
        seances.sort(key=lambda seance: seance.debut)
        anime_par = self.centre.utilisateurs[ligne["animateurs"][0]]
        sans_feuille = timezone.now() - SANS_FEUILLE
        for rang, seance in enumerate(seances):
            if themes:
                seance.theme = themes[rang * len(themes) // len(seances)]
            if seance.fin < timezone.now() and (seance.debut < sans_feuille or self.hasard.random() < 0.8):
                seance.etat = EtatSeance.TENUE
                seance.feuille_close_le, seance.feuille_close_par = seance.fin, anime_par
        Seance.objects.bulk_create(seances, batch_size=GROS_LOTS)
        tenues = [seance for seance in seances if seance.etat == EtatSeance.TENUE]
        self._remplir(activite, ligne, tenues)
        self._inscrire(activite, ligne)
        noter_changements(tenues or [activite], "noter_venues")

    def _activite(self, ligne: Donnees) -> Activite:
        activite = Activite.objects.create(
            structure=self.centre.structure,
            fiche=self.centre.fiche(ligne),
            titre=ligne["titre"],
            genre=ligne["genre"],
            cadre=ligne.get("cadre", "aucun"),
            site=self.centre.sites[ligne["site"]] if "site" in ligne else None,
            lieu=ligne["lieu"],
            publics=ligne.get("publics", []),
            age_min=ligne.get("age_min"),
            age_max=ligne.get("age_max"),
            prix=ligne.get("prix"),
            est_accessible=ligne.get("accessible", False),
            instance=ligne.get("instance", ""),
            accueil_libre=ligne.get("libre", False),
            capacite=ligne.get("capacite"),
            est_publique=ligne.get("publique", False),
            jeton_agenda=get_random_string(32),
        )
        activite.animateurs.set(self.centre.utilisateurs[courriel] for courriel in ligne["animateurs"])
        return activite

    def _themes(self, activite: Activite, ligne: Donnees) -> list[Theme]:
        """Les derniers restent proposés : le groupe n'en a pas encore parlé."""
        titres = ligne.get("themes", [])
        themes = [
            Theme(
                activite=activite,
                rang=rang,
                titre=titre,
                etat=EtatTheme.VALIDE if rang < len(titres) else EtatTheme.PROPOSE,
            )
            for rang, titre in enumerate(titres, start=1)
        ]
        return Theme.objects.bulk_create(themes)

    def _des_series(self, activite: Activite, ligne: Donnees) -> Iterator[Seance]:
        centre = self.centre
        departement = centre.structure.departement_id or ""
        for une in ligne.get("series", ()):
            regle = Regle(
                jour=une["jour"],
                debut=time.fromisoformat(une["debut"]),
                fin=time.fromisoformat(une["fin"]),
                du=centre.rentree if ligne.get("depuis_la_rentree") else centre.premier_jour,
                au=centre.aujourd_hui + A_VENIR,
                toutes_les=une.get("toutes_les", 1),
                saute_les_vacances=not ligne.get("vacances", False),
                zone=zone_de(departement),
                departement=departement,
            )
            serie = Serie.objects.create(activite=activite, **regle.valeurs)
            for un in regle.jours():
                if not un.saute:
                    yield Seance(activite=activite, serie=serie, **regle.instants(un.jour, centre.fuseau))

    def _des_dates(self, activite: Activite, ligne: Donnees) -> Iterator[Seance]:
        for une in ligne.get("dates", ()):
            jour = date.fromisoformat(f"{self.centre.premier_jour.year}-{une['jour']}")
            debut, fin = (self.centre.instant(jour, time.fromisoformat(une[nom])) for nom in ("debut", "fin"))
            yield Seance(activite=activite, debut=debut, fin=fin)

    # --- Qui vient ----------------------------------------------------------------------------------

    def _remplir(self, activite: Activite, ligne: Donnees, tenues: list[Seance]) -> None:
        a_tour = cycle(self._partenaires(ligne, "partenaires_a_tour") or [None])
        presents = self._partenaires(ligne, "partenaires")
        aidants = self._aidants(ligne)
        for rang, seance in enumerate(tenues):
            venus = self._venus(ligne, rang)
            aides = self.centre.venus(aidants, ligne.get("benevoles", 0))
            self._noter(seance, ligne, venus, aides)
            self._compter_sans_nom(seance, ligne)
            invites = presents or [next(a_tour) for _ in range(9)]
            self.interventions += [
                Intervention(seance=seance, partenaire=partenaire) for partenaire in invites if partenaire
            ]
            if self.hasard.random() < 0.2:
                self._demander_si_c_etait_bien(seance, len(venus))

    def _partenaires(self, ligne: Donnees, nom: str) -> list[Any]:
        return list(partenaires_nommes(ligne.get(nom, ())).values())

    def _aidants(self, ligne: Donnees) -> list[Personne]:
        """Un petit groupe fidèle, ou autant que la fiche en dit."""
        voulus = ligne.get("tous_les_benevoles", ligne.get("benevoles", 0) + 2)
        return self.hasard.sample(self.benevoles, min(voulus, len(self.benevoles)))

    def _venus(self, ligne: Donnees, rang: int) -> list[tuple[Personne, str]]:
        role = ligne.get("role", R.PARTICIPANT)
        combien = self.centre.autour_de(ligne["presents"])
        if ligne["public"] == "familles":
            return self._familles_venues(ligne, combien)
        cercle = self.centre.cercles[ligne["public"]][: ligne.get("cercle", 40)]
        if ligne.get("tournee"):  # on sonne à chaque porte, dans l'ordre
            debut = rang * ligne["presents"]
            tour = [cercle[(debut + pas) % len(cercle)] for pas in range(ligne["presents"])]
            return [(personne, role) for personne in tour]
        return [(personne, role) for personne in self.centre.venus(cercle, combien)]

    def _familles_venues(self, ligne: Donnees, combien: int) -> list[tuple[Personne, str]]:
        """Des foyers : un parent au moins, et les enfants. Les premiers organisent, s'il en faut."""
        foyers = self.centre.foyers[: ligne["cercle"]]
        organisent = {foyer[0].pk for foyer in foyers[: ligne.get("organisateurs", 0)]}
        annee = self.centre.premier_jour.year
        venus: list[tuple[Personne, str]] = []
        tires = sorted(
            enumerate(foyers), key=lambda un: self.hasard.random() ** (1 + un[0] / 25), reverse=True
        )
        for _, foyer in tires[:combien]:
            for rang, personne in enumerate(foyer):
                est_parent = annee - (personne.naissance or 0) > 20
                if est_parent and rang and self.hasard.random() < 0.5:
                    continue
                role = R.HABITANT_ORGANISATEUR if personne.pk in organisent else R.PARTICIPANT
                venus.append((personne, R.PARENT if est_parent and role == R.PARTICIPANT else role))
        return venus

    def _noter(
        self, seance: Seance, ligne: Donnees, venus: list[tuple[Personne, str]], aides: list[Personne]
    ) -> None:
        deja = {personne.pk for personne, _ in venus}
        aides = [personne for personne in aides if personne.pk not in deja]
        self.donnees_par_les_benevoles += [(personne, seance) for personne in aides]
        self.presences += [
            Presence(
                seance=seance,
                personne=personne,
                role=role,
                age=seance.debut.year - personne.naissance if personne.naissance else None,
                notee_le=seance.fin,
                notee_par=seance.feuille_close_par,
            )
            for personne, role in [*venus, *((personne, R.BENEVOLE) for personne in aides)]
        ]

    def _compter_sans_nom(self, seance: Seance, ligne: Donnees) -> None:
        combien = self.centre.autour_de(ligne.get("sans_nom", 0))
        cases: dict[tuple[str, str], int] = {}
        for _ in range(combien):
            case = (
                self.hasard.choice(BANDES.get(ligne.get("sans_nom_de", ligne["public"]), ADULTES)),
                self.hasard.choice(Genre.values),
            )
            cases[case] = cases.get(case, 0) + 1
        self.venues += [
            VenueSansNom(
                seance=seance,
                bande=bande,
                genre=genre,
                role=ligne.get("role", R.PARTICIPANT),
                nombre=nombre,
            )
            for (bande, genre), nombre in cases.items()
        ]

    def _demander_si_c_etait_bien(self, seance: Seance, venus: int) -> None:
        for _ in range(min(12, venus)):
            self.satisfactions.append(
                Satisfaction(
                    seance=seance,
                    reponse=self.hasard.choices(ReponseSatisfaction.values, (55, 33, 9, 3))[0],
                    cle=UUID(int=self.hasard.getrandbits(128)),
                    donnee_le=seance.fin,
                )
            )

    def _inscrire(self, activite: Activite, ligne: Donnees) -> None:
        """Les plus assidus d'abord ; au-delà des places, la liste d'attente."""
        cercle = self.centre.cercles[ligne["public"]] if ligne["public"] != "familles" else []
        inscrits = cercle[: ligne.get("inscrits", 0)]
        depuis = self.centre.instant(self.centre.rentree, time(10))
        Inscription.objects.bulk_create(
            Inscription(
                activite=activite,
                personne=personne,
                etat=EtatInscription.INSCRITE if rang < ligne["capacite"] else EtatInscription.EN_ATTENTE,
                inscrite_le=depuis + timedelta(minutes=7 * rang),
                inscrite_par=self.centre.accueil,
            )
            for rang, personne in enumerate(inscrits)
        )
