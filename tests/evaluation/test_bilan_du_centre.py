"""Le bilan du centre : ce que comptent ses cellules, ce qui les change, qui les lit. Années passées : sans horloge."""

import random
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from maillage.accueil.models import Passage
from maillage.activites.choices import EtatSeance
from maillage.activites.models import HeuresDeBenevolat, Initiative, Presence, Seance, VenueSansNom
from maillage.core import suivi
from maillage.core.changements import noter_changement
from maillage.evaluation.calcul import Centre
from maillage.evaluation.choices import Decoupe, Grandeur
from maillage.evaluation.consommateur_du_centre import ConsommateurDuCentre
from maillage.evaluation.models import AnneeDuCentre, Cellule
from maillage.evaluation.operations import recalculer_centre
from maillage.evaluation.tableau.lecture import Bilan
from maillage.projets.choices import EtatProjet
from maillage.projets.models import Cible, ValeurCalculee
from maillage.territoire.models import Site, Structure
from tests.accueil.fabriques import PassageFactory
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.fabriques import StructureFactory
from tests.personnes.fabriques import PersonneFactory
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
PAGES = ("bilan_du_centre", "bilan_du_centre_lignes", "bilan_du_centre_fichier")
MARS = datetime(2024, 3, 12, 14, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def cellule(centre: Structure, grandeur: Grandeur, annee: int = 2024, **quoi: Any) -> Decimal:
    voulue = {"site": None, "decoupe": Decoupe.ENSEMBLE, "part": 0} | quoi
    une = Cellule.objects.filter(
        annee__structure=centre, annee__annee=annee, grandeur=grandeur, **voulue
    ).first()
    return une.valeur if une else Decimal(0)


def suivre(objet: Any, acte: str = "changer") -> None:
    with transaction.atomic():
        noter_changement(objet, acte)
    suivi.rattraper(ConsommateurDuCentre())


def lire(client: Client, page: str, centre: Structure, **demande: Any) -> str:
    reponse = client.get(reverse(page, args=[centre.pk]), demande)
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture
def centre(distribution: Distribution) -> Structure:
    """Deux lieux, deux ateliers de mars 2024, trois passages dont un de 2023."""
    centre = distribution.deux_ponts
    haut = Site.objects.create(structure=centre, nom="Lieu d’en haut")
    Site.objects.create(structure=centre, nom="Lieu d’en bas")
    atelier = ActiviteFactory(structure=centre, titre="Couture", site=haut)
    adam = PersonneFactory(structure=centre, prenom="Adam", nom="Berger")
    for jours in (0, 7):
        seance = SeanceFactory(activite=atelier, debut=MARS + timedelta(days=jours), etat=EtatSeance.TENUE)
        PresenceFactory(seance=seance, personne=adam)
    VenueSansNom.objects.create(seance=seance, nombre=14)
    for le in (MARS, MARS + timedelta(days=40), MARS - timedelta(days=300)):
        PassageFactory(structure=centre, le=le, site=haut)
    recalculer_centre(Centre(centre))
    return centre


# --- Qui lit ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("personne", ["chloe", "denis", "lea", "nadia", "omar"])
@pytest.mark.parametrize("page", PAGES)
def test_le_bilan_d_une_autre_equipe_n_existe_pas(
    client_de: Ouvrir, centre: Structure, personne: str, page: str
) -> None:
    adresse = reverse(page, args=[centre.pk])
    assert client_de(personne).get(adresse, {"quoi": "presences"}).status_code == 404


def test_des_lignes_sans_dire_lesquelles_n_existent_pas(client_de: Ouvrir, centre: Structure) -> None:
    adresse = reverse("bilan_du_centre_lignes", args=[centre.pk])
    for quoi in ("", "salaires"):
        assert client_de("amina").get(adresse, {"quoi": quoi, "annee": 2024}).status_code == 404


def test_le_bilan_et_ses_lignes_ne_nomment_personne(client_de: Ouvrir, centre: Structure) -> None:
    bruno = client_de("bruno")
    lignes = lire(bruno, "bilan_du_centre_lignes", centre, quoi="presences", annee=2024, mois=3)
    assert "une personne" in lignes
    assert "14 venues sans nom" in lignes
    for page in (lignes, lire(bruno, "bilan_du_centre", centre, annee=2024)):
        assert "Berger" not in page
        assert "Adam" not in page


# --- Ce que la page dit -------------------------------------------------------------------------------
def test_l_annee_se_lit_avec_celle_d_avant_et_ses_mois_vides(client_de: Ouvrir, centre: Structure) -> None:
    page = lire(client_de("bruno"), "bilan_du_centre", centre, annee=2024)
    assert "2023 : 1" in page
    assert "1 personne connue ; 14 présences sans nom, non dédoublonnées." in page
    for mois in ("Janvier", "Juillet", "Août", "Décembre"):
        assert f'<th scope="row">{mois}</th>' in page


def test_chaque_nombre_mene_a_autant_de_lignes(client_de: Ouvrir, centre: Structure) -> None:
    amina = client_de("amina")
    haut = Site.objects.get(nom="Lieu d’en haut").pk
    page = lire(amina, "bilan_du_centre", centre, annee=2024)
    assert f"annee=2024&amp;quoi=passages&amp;site={haut}" in page
    assert "2 lignes" in lire(amina, "bilan_du_centre_lignes", centre, annee=2024, quoi="passages", site=haut)
    assert "1 ligne" in lire(amina, "bilan_du_centre_lignes", centre, annee=2024, quoi="passages", mois=4)
    assert "Rien n’est compté" in lire(
        amina, "bilan_du_centre_lignes", centre, annee=2024, quoi="passages", mois=8
    )


def test_la_page_ne_compte_rien(client_de: Ouvrir, centre: Structure) -> None:
    """Elle lit ses cellules : aucune table du quotidien."""
    client = client_de("amina")
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        lire(client, "bilan_du_centre", centre, annee=2024)
    for table in (Passage, Seance, Presence, VenueSansNom, HeuresDeBenevolat, Initiative):
        lues = [r["sql"] for r in requetes if f'"{table._meta.db_table}"' in r["sql"]]
        assert lues == []


def test_ce_qui_est_deja_ecrit_se_relit_sans_ses_cellules_et_suit_tout_changement(
    client_de: Ouvrir, centre: Structure
) -> None:
    client = client_de("amina")
    page = lire(client, "bilan_du_centre", centre, annee=2024)
    assert "Lieu d’en haut" in page
    with CaptureQueriesContext(connection) as requetes:
        assert lire(client, "bilan_du_centre", centre, annee=2024) == page
    assert [r["sql"] for r in requetes if Cellule._meta.db_table in r["sql"]] == []

    suivre(PassageFactory(structure=centre, le=MARS), "noter_passage")
    change = lire(client, "bilan_du_centre", centre, annee=2024)
    assert re.search(r"quoi=passages&amp;mois=3\">2<", change)
    assert re.search(r"quoi=passages&amp;mois=3\">1<", page)

    Site.objects.filter(nom="Lieu d’en haut").update(nom="La Maison haute")
    renomme = lire(client, "bilan_du_centre", centre, annee=2024)
    assert "La Maison haute" in renomme
    assert "Lieu d’en haut" not in renomme


def test_chaque_chiffre_ne_se_lit_qu_une_fois(client_de: Ouvrir, centre: Structure) -> None:
    page = lire(client_de("amina"), "bilan_du_centre", centre, annee=2024)
    lus = {
        span: re.sub(r"<[^>]+>", "", b) for b, span in re.findall(r"<b>(.*?)</b><span>([^<]+)</span>", page)
    }
    assert (lus["présences"], lus["séances"], lus["initiatives d’habitants"]) == ("16", "2", "0")


def test_l_annee_d_avant_recomptee_change_aussi_la_page(client_de: Ouvrir, centre: Structure) -> None:
    client = client_de("amina")
    assert "2023 : 1" in lire(client, "bilan_du_centre", centre, annee=2024)
    suivre(PassageFactory(structure=centre, le=MARS - timedelta(days=300)), "noter_passage")
    assert "2023 : 2" in lire(client, "bilan_du_centre", centre, annee=2024)


def test_un_centre_sans_rien_de_note_le_dit(client_de: Ouvrir, distribution: Distribution) -> None:
    assert "Rien n’est encore noté cette année" in lire(
        client_de("amina"), "bilan_du_centre", distribution.deux_ponts
    )


def test_une_fiche_loin_de_sa_cible_se_voit(client_de: Ouvrir, centre: Structure) -> None:
    fiche = FicheActionFactory(projet=ProjetSocialFactory(structure=centre, etat=EtatProjet.EN_COURS))
    for libelle, valeur in (("Sorties faites", 6), ("Repas partagés", 9)):
        indicateur = IndicateurFactory(fiche=fiche, libelle=libelle, definition={"mesures": ["seances"]})
        Cible.objects.create(indicateur=indicateur, annee=2024, valeur=10)
        ValeurCalculee.objects.create(indicateur=indicateur, annee=2024, valeur=valeur)
    page = lire(client_de("amina"), "bilan_du_centre", centre, annee=2024)
    assert "Sorties faites" in page
    assert "Repas partagés" not in page


def test_une_cible_de_zero_ne_tait_pas_les_autres_retards(client_de: Ouvrir, centre: Structure) -> None:
    fiche = FicheActionFactory(projet=ProjetSocialFactory(structure=centre, etat=EtatProjet.EN_COURS))
    for libelle, mesure, valeur, cible in (
        ("Fréquentation", "evolution", -20, 0),
        ("Sorties", "seances", 2, 10),
    ):
        definition = {"mesures": [mesure], "base": ["presences"] if mesure == "evolution" else []}
        indicateur = IndicateurFactory(fiche=fiche, libelle=libelle, definition=definition)
        Cible.objects.create(indicateur=indicateur, annee=2024, valeur=cible)
        ValeurCalculee.objects.create(indicateur=indicateur, annee=2024, valeur=valeur)
    page = lire(client_de("amina"), "bilan_du_centre", centre, annee=2024)
    assert "Fréquentation" in page
    assert "Sorties" in page


@pytest.mark.parametrize(
    ("jour", "valeur", "attendue"),
    [(date(2026, 11, 30), 12, None), (date(2026, 11, 30), 5, 10), (date(2027, 8, 31), 12, 40)],
)
def test_une_annee_scolaire_s_attend_depuis_la_rentree(
    centre: Structure, jour: date, valeur: int, attendue: int | None
) -> None:
    """Quarante séances visées : trois mois après la rentrée, dix sont attendues."""
    fiche = FicheActionFactory(projet=ProjetSocialFactory(structure=centre, etat=EtatProjet.EN_COURS))
    indicateur = IndicateurFactory(fiche=fiche, calendrier="scolaire", definition={"mesures": ["seances"]})
    Cible.objects.create(indicateur=indicateur, annee=2026, valeur=40)
    ValeurCalculee.objects.create(indicateur=indicateur, annee=2026, valeur=valeur)
    AnneeDuCentre.objects.get_or_create(structure=centre, annee=2026)
    loin = Bilan(centre, jour, 2026, None).loin
    assert [round(ecart.attendue) for ecart in loin] == ([] if attendue is None else [attendue])


def test_le_tableur_porte_les_nombres_de_la_page(client_de: Ouvrir, centre: Structure) -> None:
    reponse = client_de("amina").get(reverse("bilan_du_centre_fichier", args=[centre.pk]), {"annee": 2024})
    feuille = load_workbook(BytesIO(b"".join(reponse.streaming_content))).worksheets[0]  # type: ignore[attr-defined]
    lignes = {ligne[:3]: ligne[3:] for ligne in feuille.iter_rows(values_only=True)}
    assert lignes[("présences", "Tout le centre", "Toute l’année")] == (16, 0)
    assert lignes[("passages à l’accueil", "Lieu d’en haut", "Toute l’année")] == (2, 1)
    assert lignes[("présences", "Tout le centre", "juillet")] == (0, 0)


def test_le_tableur_ne_dit_pas_zero_benevole_d_un_lieu(client_de: Ouvrir, centre: Structure) -> None:
    """Un bénévole, une initiative n'ont pas de lieu : rien n'y est compté, ce n'est pas zéro."""
    reponse = client_de("amina").get(reverse("bilan_du_centre_fichier", args=[centre.pk]), {"annee": 2024})
    feuille = load_workbook(BytesIO(b"".join(reponse.streaming_content))).worksheets[0]  # type: ignore[attr-defined]
    lieux = {(quoi, lieu) for quoi, lieu, *_ in feuille.iter_rows(values_only=True)}
    assert {lieu for quoi, lieu in lieux if quoi in {"bénévoles", "initiatives"}} == {"Tout le centre"}
    assert ("séances", "Lieu d’en bas") in lieux


# --- Ce qui le change ---------------------------------------------------------------------------------
def test_un_passage_recompte_son_annee_et_laisse_les_autres(centre: Structure) -> None:
    avant = AnneeDuCentre.objects.get(structure=centre, annee=2023).calculee_le
    passage = PassageFactory(structure=centre, le=MARS)
    suivre(passage, "noter_passage")
    assert cellule(centre, Grandeur.PASSAGES) == 3
    assert AnneeDuCentre.objects.get(structure=centre, annee=2023).calculee_le == avant


def test_une_seance_deplacee_quitte_son_annee(centre: Structure) -> None:
    seance = Seance.objects.filter(activite__structure=centre).order_by("debut")[0]
    Seance.objects.filter(pk=seance.pk).update(
        debut=seance.debut.replace(year=2023), fin=seance.fin.replace(year=2023)
    )
    suivre(seance, "changer_seance")
    assert cellule(centre, Grandeur.SEANCES, 2024) == 1
    assert cellule(centre, Grandeur.SEANCES, 2023) == 1


def test_une_annee_videe_redevient_zero(centre: Structure) -> None:
    Presence.objects.filter(seance__activite__structure=centre).delete()
    VenueSansNom.objects.filter(seance__activite__structure=centre).delete()
    activite = centre.activites.get()
    Seance.objects.filter(activite=activite).delete()
    suivre(activite, "retirer_serie")
    assert cellule(centre, Grandeur.PRESENCES) == cellule(centre, Grandeur.HEURES_D_ACTIVITE) == 0
    assert cellule(centre, Grandeur.PASSAGES) == 2


def test_un_calcul_plus_ancien_n_ecrase_pas_un_plus_recent(
    centre: Structure, monkeypatch: pytest.MonkeyPatch
) -> None:
    AnneeDuCentre.objects.filter(structure=centre, annee=2024).update(vus={"passages": 50})
    PassageFactory(structure=centre, le=MARS)
    monkeypatch.setattr("maillage.evaluation.operations.tableau.derniere_position", lambda: 49)
    recalculer_centre(Centre(centre), [2024])
    assert cellule(centre, Grandeur.PASSAGES) == 2


def test_une_installation_mise_a_jour_se_remplit_au_demarrage(centre: Structure) -> None:
    AnneeDuCentre.objects.all().delete()
    ConsommateurDuCentre().preparer()
    assert cellule(centre, Grandeur.PASSAGES) == 2


# --- Le même compte, refait autrement -----------------------------------------------------------------
def test_chaque_cellule_est_celle_qu_on_recompte_a_la_main() -> None:
    centre = StructureFactory()
    hasard = random.Random(9)
    sites = [Site.objects.create(structure=centre, nom=nom) for nom in ("Haut", "Bas")]
    gens = [PersonneFactory(structure=centre) for _ in range(12)]
    ateliers = [ActiviteFactory(structure=centre, site=site) for site in (*sites, None)]
    attendues: dict[tuple[str, int | None, str, int], Any] = defaultdict(int)
    vus: dict[tuple[int | None, str, int], set[int]] = defaultdict(set)

    def ajouter(grandeur: Grandeur, site: Site | None, instant: datetime, nombre: Any) -> None:
        mois = instant.astimezone(PARIS).month
        for lieu in {None, site.pk if site else None}:
            attendues[grandeur.value, lieu, "ensemble", 0] += nombre
            attendues[grandeur.value, lieu, "mois", mois] += nombre

    def un_instant() -> datetime:
        """Souvent au bord d'un mois, d'une année : l'heure du centre y compte."""
        bord = datetime(2024, hasard.randint(1, 12), 1, tzinfo=PARIS)
        return bord + timedelta(minutes=hasard.choice((-40, -10, 10, 700, 20_000)))

    for _ in range(40):
        atelier = hasard.choice(ateliers)
        debut, site = un_instant(), hasard.choice((None, *sites))
        seance = SeanceFactory(activite=atelier, debut=debut, site=site, etat=EtatSeance.TENUE)
        venus = hasard.sample(gens, hasard.randint(0, 5))
        sans_nom = hasard.randint(0, 4)
        for personne in venus:
            PresenceFactory(seance=seance, personne=personne)
        if sans_nom:
            VenueSansNom.objects.create(seance=seance, nombre=sans_nom)
        if debut.astimezone(PARIS).year != 2024:
            continue
        lieu = site or atelier.site
        ajouter(Grandeur.SEANCES, lieu, debut, 1)
        ajouter(Grandeur.PRESENCES, lieu, debut, len(venus) + sans_nom)
        ajouter(Grandeur.HEURES_D_ACTIVITE, lieu, debut, Decimal("1.5"))
        for ou in {None, lieu.pk if lieu else None}:
            vus[ou, "ensemble", 0] |= {un.pk for un in venus}
            vus[ou, "mois", debut.astimezone(PARIS).month] |= {un.pk for un in venus}
    for _ in range(60):
        le, site = un_instant(), hasard.choice((None, *sites))
        PassageFactory(structure=centre, le=le, site=site, nombre=hasard.randint(1, 3))
        local = le.astimezone(PARIS)
        if local.year == 2024:
            ajouter(Grandeur.PASSAGES, site, le, 1)
            for ou in {None, site.pk if site else None}:
                attendues["passages", ou, "heure", local.hour] += 1
                attendues["passages", ou, "jour", local.isoweekday()] += 1
    for _ in range(10):
        jour, heures = date(2024, hasard.randint(1, 12), 28), Decimal(hasard.randint(1, 8)) / 2
        atelier = hasard.choice((None, *ateliers))
        HeuresDeBenevolat.objects.create(structure=centre, jour=jour, heures=heures, activite=atelier)
        midi = datetime(2024, jour.month, 28, 12, tzinfo=PARIS)
        ajouter(Grandeur.HEURES_BENEVOLAT, atelier.site if atelier else None, midi, heures)
    Initiative.objects.create(structure=centre, titre="Un composteur", nee_le=date(2024, 5, 2))
    attendues["initiatives", None, "ensemble", 0] = 1
    attendues |= {("personnes_differentes", *cle): len(qui) for cle, qui in vus.items()}

    recalculer_centre(Centre(centre))

    gardees = {
        (une.grandeur, une.site_id, une.decoupe, une.part): une.valeur
        for une in Cellule.objects.filter(annee__structure=centre, annee__annee=2024).order_by("pk")
    }
    assert gardees == {cle: nombre for cle, nombre in attendues.items() if nombre}
