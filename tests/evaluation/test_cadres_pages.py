"""Les cadres de l'année : qui les ouvre, ce qu'ils disent, et ce qu'ils taisent."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maillage.activites.choices import Cadre, EtatSeance
from maillage.activites.models import (
    Activite,
    Benevole,
    HeuresDeBenevolat,
    Presence,
    Seance,
    VenueSansNom,
)
from maillage.activites.operations.presences import Venues, noter_venues
from maillage.evaluation.cadres.definitions import derniers_cadres
from maillage.evaluation.cadres.remplissage import CadreRempli, RubriqueRemplie
from maillage.personnes.models import Personne
from maillage.territoire.models import Structure
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory, ProvenanceFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
PAGES = ("cadre_rempli", "cadre_document", "cadre_fichier", "cadre_lignes")
MARDI = datetime(2024, 3, 5, 14, tzinfo=UTC)


@pytest.fixture
def centre(distribution: Distribution) -> int:
    """En mars 2024 : un groupe Clas de treize enfants et un Laep de sept venues, deux fois."""
    structure = distribution.deux_ponts
    moulin = ProvenanceFactory(structure=structure, nom="Le Moulin")
    clas = ActiviteFactory(structure=structure, titre="Aide aux devoirs", cadre=Cadre.CLAS)
    laep = ActiviteFactory(structure=structure, titre="Les tout-petits", cadre=Cadre.LAEP)
    enfants = [
        PersonneFactory(
            structure=structure, prenom="Salima", nom=f"Berger {rang}", naissance=2014, provenance=moulin
        )
        for rang in range(13)
    ]
    for semaine in range(2):
        debut = MARDI + timedelta(days=7 * semaine)
        seance = SeanceFactory(activite=clas, debut=debut, etat=EtatSeance.TENUE)
        for enfant in enfants:
            PresenceFactory(seance=seance, personne=enfant, age=10)
        accueil = SeanceFactory(activite=laep, debut=debut, etat=EtatSeance.TENUE)
        VenueSansNom.objects.create(seance=accueil, bande="0_5", nombre=4)
        VenueSansNom.objects.create(seance=accueil, bande="26_59", nombre=3, role="parent")
    return structure.pk


def adresse(page: str, centre: int, sigle: str = "caf", annee: int = 2024, **autres: str) -> str:
    defauts = {"cadre_fichier": {"extension": "xlsx"}, "cadre_lignes": {"rubrique": "presences"}}.get(
        page, {}
    )
    return reverse(page, kwargs={"centre": centre, "sigle": sigle, "annee": annee, **defauts, **autres})


def lire(client: Client, url: str) -> str:
    reponse = client.get(url)
    assert reponse.status_code == 200, url
    return reponse.content.decode().replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("personne", ["denis", "chloe", "lea", "nadia", "omar"])
@pytest.mark.parametrize("page", PAGES)
def test_le_cadre_d_un_centre_n_existe_que_pour_son_equipe(
    client_de: Ouvrir, centre: int, personne: str, page: str
) -> None:
    assert client_de(personne).get(adresse(page, centre)).status_code == 404


@pytest.mark.parametrize(
    ("sigle", "annee", "rubrique"),
    [
        ("reaap", 2024, "presences"),
        ("caf", 2023, "presences"),
        ("caf", 2099, "presences"),
        ("clas", 2024, "ecole"),
    ],
)
def test_ce_qui_ne_se_remplit_pas_n_existe_pas(
    client_de: Ouvrir, centre: int, sigle: str, annee: int, rubrique: str
) -> None:
    url = adresse("cadre_lignes", centre, sigle, annee, rubrique=rubrique)
    assert client_de("amina").get(url).status_code == 404


def test_sans_dispositif_le_cadre_dit_quoi_faire(client_de: Ouvrir, centre: int) -> None:
    Activite.objects.filter(cadre=Cadre.LAEP).update(cadre=Cadre.AUCUN)
    page = lire(client_de("amina"), reverse("cadres_du_centre", args=[centre]))
    assert "Aucune activité n’est marquée Laep." in page
    assert reverse("activites") in page
    assert "Aucune activité n’est marquée Clas." not in page


def test_ce_qui_manque_se_dit_avec_ou_le_noter(client_de: Ouvrir, centre: int) -> None:
    page = lire(client_de("farid"), adresse("cadre_rempli", centre))
    assert "Aucun passage n’est noté pour 2024." in page
    assert f'<a href="{reverse("comptoir")}">Ouvrir le comptoir</a>' in page


def test_chaque_nombre_mene_a_ses_lignes_sans_un_nom(client_de: Ouvrir, centre: int) -> None:
    amina = client_de("amina")
    assert adresse("cadre_lignes", centre) in lire(amina, adresse("cadre_rempli", centre))
    lignes = lire(amina, adresse("cadre_lignes", centre))
    assert "Aide aux devoirs" in lignes and "une personne" in lignes
    assert "Berger" not in lignes and "Salima" not in lignes


@pytest.mark.parametrize("page", PAGES)
def test_un_laep_ne_montre_jamais_un_nom_meme_note_par_erreur(
    client_de: Ouvrir, centre: int, page: str
) -> None:
    """L'activité a pu changer de dispositif après coup."""
    personne = Personne.objects.order_by("pk")[0]
    PresenceFactory(
        seance=Seance.objects.filter(activite__cadre=Cadre.LAEP).earliest("pk"), personne=personne
    )
    reponse = client_de("amina").get(adresse(page, centre, "laep"))
    assert reponse.status_code == 200
    assert "Berger" not in reponse.content.decode(errors="ignore")


def test_le_clas_suit_l_annee_scolaire(client_de: Ouvrir, centre: int) -> None:
    page = lire(client_de("amina"), adresse("cadre_rempli", centre, "clas", 2023))
    assert "Du 1er septembre 2023 au 31 août 2024" in page
    assert "<strong>26</strong>" in page  # treize enfants, deux fois


def test_le_document_tait_ce_que_l_equipe_lit(client_de: Ouvrir, centre: int) -> None:
    """Sept venues de deux séances font quatorze présences : le total se dit, ses six et huit se taisent ensemble."""
    amina = client_de("amina")
    equipe, dehors = (
        lire(amina, adresse(page, centre, "laep")) for page in ("cadre_rempli", "cadre_document")
    )
    assert "<strong>14</strong>" in equipe and ">8<" in equipe and ">6<" in equipe
    assert ">14<" in dehors
    assert ">8<" not in dehors and ">6<" not in dehors


def test_un_petit_total_se_tait_dehors_avec_tout_ce_qui_le_dirait(client_de: Ouvrir, centre: int) -> None:
    Personne.objects.filter(nom__in=[f"Berger {rang}" for rang in range(6)]).update(provenance=None)
    for personne in Personne.objects.order_by("pk")[7:]:
        personne.presences.all().delete()
    dehors = lire(client_de("amina"), adresse("cadre_document", centre))
    assert "moins de 11" in dehors
    assert "7 personnes connues" not in dehors and ">7<" not in dehors


@pytest.mark.parametrize(("extension", "debut"), [("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")])
def test_le_document_se_telecharge(client_de: Ouvrir, centre: int, extension: str, debut: bytes) -> None:
    reponse = client_de("ines").get(adresse("cadre_fichier", centre, extension=extension))
    assert reponse.content.startswith(debut)
    assert f"2024.{extension}" in reponse["Content-Disposition"]


def test_le_tableur_porte_des_nombres(client_de: Ouvrir, centre: int) -> None:
    contenu = client_de("amina").get(adresse("cadre_fichier", centre)).content
    lignes = list(openpyxl.load_workbook(io.BytesIO(contenu)).active.iter_rows(values_only=True))
    presences = [ligne for ligne in lignes if ligne[1] == "Présences" and not ligne[2]]
    assert [(ligne[4], ligne[5]) for ligne in presences] == [("2024", 40)]


def test_un_cadre_deja_compte_se_relit_et_se_recompte_des_que_quelque_chose_est_note(
    distribution: Distribution, centre: int
) -> None:
    def presences() -> str:
        rempli = CadreRempli(derniers_cadres()[0], distribution.deux_ponts, 2024, est_dehors=False)
        rubriques = [une for _, rubriques in rempli.parties for une in rubriques]
        return next(str(une.valeurs[0]) for une in rubriques if une.rubrique.titre == "Présences")

    avant = presences()
    with CaptureQueriesContext(connection) as lues:
        assert presences() == avant
    assert [r["sql"] for r in lues if Presence._meta.db_table in r["sql"]] == []
    seance = Seance.objects.filter(activite__structure=distribution.deux_ponts, debut__year=2024).order_by(
        "pk"
    )[0]
    personne = PersonneFactory(structure=distribution.deux_ponts)
    noter_venues(seance, Venues({personne.pk: "participant"}), par=distribution.amina)
    assert presences() == str(int(avant) + 1)


def test_le_nombre_de_requetes_ne_suit_pas_celui_des_lignes(distribution: Distribution, centre: int) -> None:
    def requetes() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as lues:
            _ = CadreRempli(derniers_cadres()[0], distribution.deux_ponts, 2024, est_dehors=True).parties
        return len(lues)

    avant = requetes()
    for rang in range(5):
        seance = SeanceFactory(
            activite=ActiviteFactory(structure=distribution.deux_ponts, titre=f"Atelier {rang}"),
            debut=MARDI + timedelta(days=rang),
            etat=EtatSeance.TENUE,
        )
        for personne in Personne.objects.all():
            PresenceFactory(seance=seance, personne=personne)
    assert requetes() == avant


# --- Les heures de bénévolat -------------------------------------------------------------------------
def heures_lues(distribution: Distribution) -> RubriqueRemplie:
    """Telles que la Caf les lit, en 2024."""
    rempli = CadreRempli(derniers_cadres()[0], distribution.deux_ponts, 2024, est_dehors=True)
    rubriques = [une for _, siennes in rempli.parties for une in siennes]
    return next(une for une in rubriques if une.rubrique.cle == "heures-benevolat")


def donner_des_heures(structure: Structure, **quoi: Any) -> None:
    HeuresDeBenevolat.objects.create(structure=structure, jour=MARDI.date(), heures=7, **quoi)


def test_les_heures_de_six_benevoles_se_taisent_meme_notees_deux_fois(distribution: Distribution) -> None:
    """Chacun a des heures notées, et vient à une séance : ils restent six."""
    structure = distribution.deux_ponts
    atelier = ActiviteFactory(structure=structure, titre="Couture")
    for _ in range(6):
        personne = PersonneFactory(structure=structure)
        engage = Benevole.objects.create(structure=structure, personne=personne, depuis=MARDI.date())
        donner_des_heures(structure, benevole=engage, activite=atelier)
        seance = SeanceFactory(activite=atelier, debut=MARDI, etat=EtatSeance.TENUE)
        PresenceFactory(seance=seance, personne=personne, role="bénévole")
    lues = heures_lues(distribution)
    assert lues.valeurs[0].dit == "caché"
    assert lues.tableaux == []


def test_les_heures_d_une_activite_se_taisent_quand_six_benevoles_les_font(
    distribution: Distribution,
) -> None:
    """Douze en tout, dont six à la couture, à la fois notés et venus."""
    structure = distribution.deux_ponts
    couture, repas = (ActiviteFactory(structure=structure, titre=mot) for mot in ("Couture", "Repas"))
    for activite, combien in ((couture, 6), (repas, 12)):
        for _ in range(combien):
            personne = PersonneFactory(structure=structure)
            engage = Benevole.objects.create(structure=structure, personne=personne, depuis=MARDI.date())
            donner_des_heures(structure, benevole=engage, activite=activite)
            seance = SeanceFactory(activite=activite, debut=MARDI, etat=EtatSeance.TENUE)
            PresenceFactory(seance=seance, personne=personne, role="bénévole")
    lues = heures_lues(distribution)
    assert lues.valeurs[0].dit == "153"
    assert lues.tableaux == []  # six à la couture ; le repas seul la rendrait


@pytest.mark.parametrize(("nombre", "dit"), [(3, "caché"), (12, "7")])
def test_les_benevoles_sans_nom_d_une_ligne_comptent_pour_leur_nombre(
    distribution: Distribution, nombre: int, dit: str
) -> None:
    seance = SeanceFactory(
        activite=ActiviteFactory(structure=distribution.deux_ponts), debut=MARDI, etat=EtatSeance.TENUE
    )
    donner_des_heures(distribution.deux_ponts, nombre=nombre, seance=seance)
    assert heures_lues(distribution).valeurs[0].dit == dit
