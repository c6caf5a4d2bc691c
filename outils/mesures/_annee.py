"""Un an de quotidien inventé pour un centre de deux lieux, tiré d'une graine : les mêmes lignes à chaque fois.

Les mots (publics, instances, types de demande, de partenaire) sont ceux que les définitions de ses indicateurs
emploient : un centre parle comme son projet. Écrit les lignes sans leurs opérations : c'est une mesure, pas un usage.
"""

import random
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Tailles:
    """Celles de l'épreuve ; un essai en prend de petites."""

    passages: int = 18_000
    activites: int = 120
    seances: int = 2_400
    presences: int = 30_000
    personnes: int = 600
    initiatives: int = 80
    partenaires: int = 40
    benevoles: int = 45


def simuler(projet: Any, *, rentree: int, tailles: Tailles | None = None, graine: int = 5) -> None:
    """Une année scolaire, de septembre `rentree` à août suivant : elle touche deux années civiles."""
    from maillage.core.base_de_donnees import actualiser_les_statistiques

    _Annee(projet, rentree, tailles or Tailles(), random.Random(graine)).remplir()
    actualiser_les_statistiques()


class _Annee:
    def __init__(self, projet: Any, rentree: int, tailles: Tailles, hasard: random.Random) -> None:
        self.projet, self.structure, self.tailles, self.hasard = projet, projet.structure, tailles, hasard
        self.du = date(rentree, 9, 1)
        self.jours = (date(rentree + 1, 8, 31) - self.du).days
        self.fiches = list(projet.fiches.order_by("pk"))
        self.mots = {fiche.pk: _mots(fiche) for fiche in self.fiches}

    def remplir(self) -> None:
        self._lieux()
        self._gens()
        self._activites()
        self._seances()
        self._venues()
        self._partenaires()
        self._benevolat()
        self._initiatives()
        self._comptoir()

    # --- Tirer au sort ---------------------------------------------------------------------------------
    def _jour(self) -> date:
        return self.du + timedelta(days=self.hasard.randint(0, self.jours))

    def _instant(self, heure: tuple[int, int] = (8, 20)) -> datetime:
        jour = self._jour()
        return datetime(
            jour.year,
            jour.month,
            jour.day,
            self.hasard.randint(*heure),
            self.hasard.choice((0, 15, 30, 45)),
            tzinfo=PARIS,
        )

    def _cle(self) -> uuid.UUID:
        return uuid.UUID(int=self.hasard.getrandbits(128))

    def _tous(self, filtre: str) -> list[str]:
        return sorted({mot for mots in self.mots.values() for mot in mots.get(filtre, ())})

    # --- Les gens et les lieux -------------------------------------------------------------------------
    def _lieux(self) -> None:
        from maillage.personnes.models import Provenance
        from maillage.territoire.models import Site

        self.sites = Site.objects.bulk_create(
            [Site(structure=self.structure, nom=nom) for nom in ("Lieu d’en haut", "Lieu d’en bas")]
        )
        noms = [*self._tous("quartier"), "Le Moulin", "Les Tilleuls", "Autre commune"]
        self.provenances = Provenance.objects.bulk_create(
            Provenance(structure=self.structure, nom=nom, est_du_territoire=nom != "Autre commune", rang=rang)
            for rang, nom in enumerate(dict.fromkeys(noms))
            if nom != "territoire du centre"
        )

    def _gens(self) -> None:
        from maillage.personnes.models import Foyer, MembreDeFoyer, Personne

        publics = self._tous("public")
        self.personnes = Personne.objects.bulk_create(
            Personne(
                structure=self.structure,
                prenom="Personne",
                nom=f"Inventée {rang}",
                genre=self.hasard.choice(("femmes", "femmes", "hommes", "")),
                naissance=self.hasard.choice((None, *range(1935, 2024))),
                provenance=self.hasard.choice((None, *self.provenances)),
                publics=[self.hasard.choice(publics)] if publics and self.hasard.random() < 0.2 else [],
            )
            for rang in range(self.tailles.personnes)
        )
        foyers = Foyer.objects.bulk_create(
            Foyer(structure=self.structure, nom=f"Foyer {rang}")
            for rang in range(self.tailles.personnes // 3)
        )
        liens = {
            (self.hasard.choice(foyers).pk, personne.pk)
            for personne in self.personnes
            for _ in range(self.hasard.choice((0, 1, 1, 1, 2)))
        }
        MembreDeFoyer.objects.bulk_create(
            MembreDeFoyer(foyer_id=foyer, personne_id=personne) for foyer, personne in sorted(liens)
        )

    # --- Activités, séances, présences -----------------------------------------------------------------
    def _activites(self) -> None:
        from maillage.activites.choices import GenreSeance
        from maillage.activites.models import Activite

        # Chaque fiche a les siennes ; une partie du centre n'est d'aucune.
        places = [*self.fiches, *self.fiches, None, None, None]
        self.activites = []
        for rang in range(self.tailles.activites):
            fiche = places[rang % len(places)]
            mots = self.mots.get(fiche.pk, {}) if fiche else {}
            genres = mots.get("genre_seance") or GenreSeance.values
            self.activites.append(
                Activite(
                    structure=self.structure,
                    fiche=fiche,
                    titre=f"Activité {rang}",
                    genre=self.hasard.choice(sorted(genres)),
                    site=self.hasard.choice((None, *self.sites)),
                    publics=sorted({*mots.get("public", ()), *(mots.get("age", ()) if rang % 2 else ())}),
                    instance=next(iter(sorted(mots.get("instance", ()))), ""),
                    jeton_agenda=f"{self.hasard.getrandbits(120):032x}",
                )
            )
        Activite.objects.bulk_create(self.activites)

    def _seances(self) -> None:
        from maillage.activites.choices import GenreSeance
        from maillage.activites.models import Seance

        self.seances = []
        for rang in range(self.tailles.seances):
            debut = self._instant((8, 23))
            self.seances.append(
                Seance(
                    activite=self.activites[rang % len(self.activites)],
                    debut=debut,
                    fin=debut + timedelta(minutes=self.hasard.choice((60, 90, 120))),
                    genre=self.hasard.choice(GenreSeance.values) if self.hasard.random() < 0.15 else "",
                    site=self.hasard.choice((None, None, *self.sites)),
                    etat=self.hasard.choices(("tenue", "annulee", "prevue"), (90, 7, 3))[0],
                )
            )
        Seance.objects.bulk_create(self.seances, batch_size=500)

    def _venues(self) -> None:
        from maillage.activites.choices import ReponseSatisfaction, RoleDePresence
        from maillage.activites.models import Inscription, Presence, Satisfaction, VenueSansNom
        from maillage.personnes.choices import BandeAge

        roles = (["participant"] * 6) + RoleDePresence.values
        habitues = {
            activite.pk: self.hasard.sample(self.personnes, min(len(self.personnes), 30))
            for activite in self.activites
        }
        presences: list[Any] = []
        vues: set[tuple[int, int]] = set()
        while len(presences) < self.tailles.presences:
            seance = self.hasard.choice(self.seances)
            personne = self.hasard.choice(habitues[seance.activite_id])
            if (seance.pk, personne.pk) in vues:
                continue
            vues.add((seance.pk, personne.pk))
            age = None if personne.naissance is None else max(0, seance.debut.year - personne.naissance)
            presences.append(
                Presence(seance=seance, personne=personne, role=self.hasard.choice(roles), age=age)
            )
        Presence.objects.bulk_create(presences, batch_size=1000)
        self.presences = presences
        VenueSansNom.objects.bulk_create(
            VenueSansNom(
                seance=seance,
                bande=bande,
                genre=self.hasard.choice(("femmes", "hommes", "")),
                role=self.hasard.choice(("participant", "parent")),
                nombre=self.hasard.randint(0, 6),
            )
            for seance in self.seances
            for bande in self.hasard.sample((*BandeAge.values, ""), self.hasard.choice((0, 0, 1, 2)))
        )
        Satisfaction.objects.bulk_create(
            Satisfaction(
                seance=seance, reponse=self.hasard.choice(ReponseSatisfaction.values), cle=self._cle()
            )
            for seance in self.seances
            for _ in range(self.hasard.choice((0, 0, 1, 3)))
        )
        Inscription.objects.bulk_create(
            Inscription(
                activite_id=activite,
                personne=personne,
                etat=self.hasard.choices(("inscrite", "en_attente", "desistee"), (8, 1, 1))[0],
                role=self.hasard.choice(roles),
                inscrite_le=self._instant(),
                finie_le=self._jour() if self.hasard.random() < 0.1 else None,
            )
            for activite, gens in habitues.items()
            for personne in gens[:8]
        )

    # --- Partenaires, bénévolat, initiatives -----------------------------------------------------------
    def _partenaires(self) -> None:
        from maillage.activites.models import Intervention, PartenaireDuCentre
        from maillage.projets.models import FicheAction
        from maillage.territoire.models import Partenaire

        genres = [*self._tous("type_partenaire"), "association", "service public"]
        self.partenaires = [
            Partenaire.objects.create(
                nom=f"Partenaire inventé {self.structure.pk}-{rang}",
                slug=f"partenaire-invente-{self.structure.pk}-{rang}",
            )
            for rang in range(self.tailles.partenaires)
        ]
        PartenaireDuCentre.objects.bulk_create(
            PartenaireDuCentre(
                structure=self.structure, partenaire=partenaire, genres=[genres[rang % len(genres)]]
            )
            for rang, partenaire in enumerate(self.partenaires)
        )
        Intervention.objects.bulk_create(
            Intervention(seance=seance, partenaire=partenaire)
            for seance in self.seances
            if self.hasard.random() < 0.2
            for partenaire in self.hasard.sample(self.partenaires, self.hasard.randint(1, 2))
        )
        lien = FicheAction.partenaires.through
        lien.objects.bulk_create(
            lien(ficheaction_id=fiche.pk, partenaire_id=partenaire.pk)
            for fiche in self.fiches
            for partenaire in self.hasard.sample(self.partenaires, self.hasard.randint(0, 3))
        )

    def _benevolat(self) -> None:
        from maillage.activites.models import Benevole, HeuresDeBenevolat

        gens = self.hasard.sample(self.personnes, min(self.tailles.benevoles, len(self.personnes)))
        benevoles = Benevole.objects.bulk_create(
            Benevole(structure=self.structure, personne=personne) for personne in gens
        )
        heures = [
            HeuresDeBenevolat(
                structure=self.structure,
                benevole=self.hasard.choice((None, *benevoles)),
                nombre=1,
                activite=self.hasard.choice((None, *self.activites)),
                jour=self._jour(),
                heures=Decimal(self.hasard.randint(2, 16)) / 2,
            )
            for _ in range(self.tailles.benevoles * 12)
        ]
        # Des heures aussi notées à la séance même : sa durée ne compte alors pas en plus.
        par_personne = {une.personne_id: une for une in benevoles}
        for presence in self.presences[:: max(1, len(self.presences) // 500)]:
            if presence.role == "bénévole" and (benevole := par_personne.get(presence.personne_id)):
                heures.append(
                    HeuresDeBenevolat(
                        structure=self.structure,
                        benevole=benevole,
                        seance=presence.seance,
                        jour=presence.seance.debut.date(),
                        heures=Decimal("1.5"),
                    )
                )
        HeuresDeBenevolat.objects.bulk_create(heures)

    def _initiatives(self) -> None:
        from maillage.activites.choices import EtatInitiative
        from maillage.activites.models import Initiative, SuiviDInitiative

        for rang in range(self.tailles.initiatives):
            fiche = self.fiches[rang % len(self.fiches)]
            mots = self.mots[fiche.pk]
            une = Initiative.objects.create(
                structure=self.structure,
                fiche=fiche,
                titre=f"Initiative {rang}",
                publics=sorted(mots.get("public", ())),
                instance=next(iter(sorted(mots.get("instance", ()))), ""),
                age=self.hasard.choice(("", "jeunes", "adolescents", "adultes")),
                provenance=self.hasard.choice((None, *self.provenances)),
                nee_le=self._jour(),
            )
            une.partenaires.set(self.hasard.sample(self.partenaires, self.hasard.randint(0, 2)))
            SuiviDInitiative.objects.bulk_create(
                SuiviDInitiative(
                    initiative=une,
                    le=une.nee_le + timedelta(days=self.hasard.randint(1, 200)),
                    etat=self.hasard.choice(("", *EtatInitiative.values)),
                )
                for _ in range(self.hasard.randint(0, 3))
            )

    # --- Le comptoir -----------------------------------------------------------------------------------
    def _comptoir(self) -> None:
        from maillage.accueil.choices import Canal
        from maillage.accueil.models import Demande, Passage, TypeDeDemande
        from maillage.personnes.choices import BandeAge

        types = [
            TypeDeDemande(structure=self.structure, libelle=mot, fiche=fiche)
            for fiche in self.fiches
            for mot in sorted(self.mots[fiche.pk].get("type_demande", ()))
        ]
        du_comptoir = [fiche for fiche in self.fiches if self.mots[fiche.pk].get("comptoir")]
        for rang, mot in enumerate(("Renseignement", "Imprimer", "S’inscrire", "Voir quelqu’un", "Un café")):
            fiche = du_comptoir[rang % len(du_comptoir)] if du_comptoir else None
            types.append(TypeDeDemande(structure=self.structure, libelle=mot, fiche=fiche))
        for rang, fiche in enumerate(du_comptoir):
            types.append(TypeDeDemande(structure=self.structure, libelle=f"Demande {rang}", fiche=fiche))
        uniques = list({un.libelle: un for un in types}.values())
        TypeDeDemande.objects.bulk_create(uniques)
        passages = Passage.objects.bulk_create(
            [
                Passage(
                    structure=self.structure,
                    site=self.hasard.choice(self.sites),
                    le=self._instant(),
                    cle=self._cle(),
                    nombre=self.hasard.choice((1, 1, 1, 2, 4)),
                    canal=self.hasard.choice(Canal.values),
                    bande=self.hasard.choice(("", "", *BandeAge.values)),
                    genre=self.hasard.choice(("", "femmes", "hommes")),
                    provenance=self.hasard.choice((None, *self.provenances)),
                    annule_le=self._instant() if self.hasard.random() < 0.02 else None,
                )
                for _ in range(self.tailles.passages)
            ],
            batch_size=1000,
        )
        Demande.objects.bulk_create(
            [
                Demande(passage=passage, type=un)
                for passage in passages
                for un in self.hasard.sample(uniques, self.hasard.choice((1, 1, 1, 2)))
            ],
            batch_size=2000,
        )


def _mots(fiche: Any) -> dict[str, set[str]]:
    """Filtre → les mots que les indicateurs de cette fiche emploient."""
    mots: dict[str, set[str]] = {}
    for indicateur in fiche.indicateurs.order_by("pk"):
        definition = indicateur.definition or {}
        for filtre, valeurs in definition.get("filtres", {}).items():
            mots.setdefault(filtre, set()).update([valeurs] if isinstance(valeurs, str) else valeurs)
        comptees = {*definition.get("mesures", []), *definition.get("base", [])}
        if comptees & {"passages", "demandes_par_type"}:
            mots["comptoir"] = {"oui"}
    return mots
