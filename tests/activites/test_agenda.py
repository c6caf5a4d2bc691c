"""L'agenda public et ses flux : ce que le centre montre, rien d'autre ; jamais qui vient."""

import json
import re
from collections.abc import Callable
from datetime import UTC, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from maillage.activites.models import Activite, Seance
from maillage.activites.operations.activites import changer_l_adresse_de_l_agenda
from maillage.activites.operations.seances import annuler_seance
from maillage.territoire.models import Structure
from tests.activites.fabriques import ActiviteFactory, InscriptionFactory, SeanceFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def activite(distribution: Distribution) -> Activite:
    ouverte: Activite = ActiviteFactory(
        structure=distribution.deux_ponts,
        titre="Matinée jeux",
        est_publique=True,
        publics=["familles"],
        animateurs=[distribution.bruno],
    )
    return ouverte


@pytest.fixture
def seance(activite: Activite) -> Seance:
    posee: Seance = SeanceFactory(activite=activite, debut=timezone.now() + timedelta(days=2), mot="Clé 4B")
    return posee


def evenements(contenu: bytes) -> list[dict[str, str]]:
    return [
        {str(cle): str(valeur) for cle, valeur in un.items()}
        for un in Calendar.from_ical(contenu).walk("VEVENT")
    ]


def test_une_activite_qui_n_est_pas_publique_n_est_nulle_part(
    seance: Seance, activite: Activite, client_de: Ouvrir
) -> None:
    Activite.objects.filter(pk=activite.pk).update(est_publique=False)
    anonyme = client_de("anonyme")
    assert "Matinée jeux" not in anonyme.get(reverse("agenda")).content.decode()
    assert anonyme.get(reverse("agenda_de_l_activite", args=[activite.pk])).status_code == 404
    assert anonyme.get(reverse("agenda_de_la_seance", args=[seance.pk])).status_code == 404
    flux = anonyme.get(reverse("agenda_du_centre", args=[activite.structure.slug]))
    assert evenements(flux.content) == []
    page = anonyme.get(reverse("centre", args=[activite.structure.slug])).content.decode()
    assert "Matinée jeux" not in page


def test_l_agenda_et_la_page_du_centre_disent_ou_et_quand_jamais_qui(
    seance: Seance, activite: Activite, client_de: Ouvrir
) -> None:
    inscription = InscriptionFactory(activite=activite)
    anonyme = client_de("anonyme")
    for adresse in (reverse("agenda"), reverse("centre", args=[activite.structure.slug])):
        page = anonyme.get(adresse).content.decode()
        assert "Matinée jeux" in page
        assert "familles" in page
        for secret in ("Clé 4B", "Bruno", "Castel", str(inscription.personne)):
            assert secret not in page
    flux = anonyme.get(reverse("agenda_du_centre", args=[activite.structure.slug])).content.decode()
    assert "SUMMARY:Matinée jeux" in flux
    assert not re.search("Clé 4B|Bruno|Castel", flux)


def test_on_choisit_un_centre_une_ville_une_date(
    seance: Seance, distribution: Distribution, client_de: Ouvrir
) -> None:
    ailleurs = ActiviteFactory(structure=distribution.quatre_vents, titre="Fête du quai", est_publique=True)
    SeanceFactory(activite=ailleurs, debut=timezone.now() + timedelta(days=3))
    anonyme, page = client_de("anonyme"), reverse("agenda")
    tout = anonyme.get(page).content.decode()
    assert "Matinée jeux" in tout
    assert "Fête du quai" in tout
    la = anonyme.get(page, {"centre": distribution.quatre_vents.slug}).content.decode()
    assert "Fête du quai" in la
    assert "Matinée jeux" not in la
    ville = distribution.deux_ponts.commune_id or ""
    ici = anonyme.get(page, {"commune": ville}).content.decode()
    assert "Matinée jeux" in ici
    assert "Fête du quai" not in ici
    plus_tard = anonyme.get(page, {"le": str(timezone.localdate() + timedelta(days=20))}).content.decode()
    assert "Rien n’est annoncé" in plus_tard


def test_une_adresse_abimee_montre_tout_l_agenda(seance: Seance, client_de: Ouvrir) -> None:
    abimee = {"centre": "\0x", "commune": "9" * 40, "le": "demain"}
    reponse = client_de("anonyme").get(reverse("agenda"), abimee)
    assert reponse.status_code == 200
    assert "Matinée jeux" in reponse.content.decode()


def test_les_moteurs_lisent_des_evenements(seance: Seance, client_de: Ouvrir) -> None:
    page = client_de("anonyme").get(reverse("agenda")).content.decode()
    trouve = re.search(r'<script type="application/ld\+json">(.+?)</script>', page)
    assert trouve
    (evenement,) = json.loads(trouve[1])["@graph"]
    assert evenement["@type"] == "Event"
    assert evenement["startDate"] == seance.debut_local.isoformat()
    assert evenement["organizer"]["name"] == seance.activite.structure.nom


def test_le_flux_dit_l_instant_et_l_annulation(
    seance: Seance, activite: Activite, distribution: Distribution, client_de: Ouvrir
) -> None:
    annuler_seance(seance, raison="Chauffage en panne", par=distribution.bruno)
    flux = client_de("anonyme").get(reverse("agenda_de_l_activite", args=[activite.pk]))
    (evenement,) = Calendar.from_ical(flux.content).walk("VEVENT")
    assert evenement.decoded("dtstart").astimezone(UTC) == seance.debut.replace(microsecond=0)
    assert evenement["status"] == "CANCELLED"
    assert "Chauffage" not in flux.content.decode()


def test_l_agenda_de_l_equipe_s_ouvre_par_son_adresse_secrete_et_se_referme(
    seance: Seance, activite: Activite, distribution: Distribution, client_de: Ouvrir
) -> None:
    Activite.objects.filter(pk=activite.pk).update(est_publique=False)
    anonyme = client_de("anonyme")
    ancienne = reverse("agenda_de_l_activite_prive", args=[activite.jeton_agenda])
    reponse = anonyme.get(ancienne)
    assert len(evenements(reponse.content)) == 1
    assert reponse["X-Robots-Tag"] == "noindex"
    changer_l_adresse_de_l_agenda(activite, par=distribution.bruno)
    assert anonyme.get(ancienne).status_code == 404


def test_un_centre_ferme_quitte_l_agenda(seance: Seance, activite: Activite, client_de: Ouvrir) -> None:
    Structure.objects.filter(pk=activite.structure_id).update(etat="fermee")
    assert "Matinée jeux" not in client_de("anonyme").get(reverse("agenda")).content.decode()


@pytest.mark.plafond_de_requetes(14)
def test_cent_seances_de_tous_les_centres_restent_une_page_legere(
    seance: Seance, activite: Activite, client_de: Ouvrir
) -> None:
    Seance.objects.bulk_create(
        Seance(
            activite=activite,
            debut=seance.debut + timedelta(hours=rang),
            fin=seance.fin + timedelta(hours=rang),
        )
        for rang in range(150)
    )
    page = client_de("anonyme").get(reverse("agenda"))
    assert page.context["nombre"] == 120
    assert page.context["il_en_reste"]


def test_on_choisit_un_age_un_prix_un_acces(
    seance: Seance, activite: Activite, distribution: Distribution, client_de: Ouvrir
) -> None:
    Activite.objects.filter(pk=activite.pk).update(age_min=3, age_max=6, prix=0, est_accessible=True)
    sans_age = ActiviteFactory(
        structure=distribution.deux_ponts, titre="Repas partagé", est_publique=True, prix="2.50"
    )
    SeanceFactory(activite=sans_age, debut=seance.debut)
    anonyme, page = client_de("anonyme"), reverse("agenda")
    flux = reverse("agenda_du_centre", args=[activite.structure.slug])
    tous = {"Matinée jeux", "Repas partagé"}
    for adresse, attendus in {
        "": tous,
        "age=4": tous,
        "age=7": {"Repas partagé"},
        "age=vieux": tous,
        "gratuit=1": {"Matinée jeux"},
        "accessible=1": {"Matinée jeux"},
        "age=7&gratuit=1": set(),
    }.items():
        lue = anonyme.get(f"{page}?{adresse}").content.decode()
        assert {titre for titre in tous if f"<strong>{titre}</strong>" in lue} == attendus, adresse
        assert {un["SUMMARY"] for un in evenements(anonyme.get(f"{flux}?{adresse}").content)} == attendus


def test_chaque_seance_dit_l_age_le_prix_et_l_acces(
    seance: Seance, activite: Activite, client_de: Ouvrir
) -> None:
    anonyme, page = client_de("anonyme"), reverse("agenda")
    assert "gratuit" not in anonyme.get(page).content.decode().partition("<section")[2]
    Activite.objects.filter(pk=activite.pk).update(age_min=3, age_max=6, prix="2.5", est_accessible=True)
    lue = " ".join(anonyme.get(page).content.decode().replace("\N{NO-BREAK SPACE}", " ").split())
    assert "familles, de 3 à 6 ans · 2,50 €" in lue.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "accessible en fauteuil" in lue.partition("<section")[2]


def test_le_flux_d_un_lieu_laisse_les_autres(
    seance: Seance, activite: Activite, distribution: Distribution, client_de: Ouvrir
) -> None:
    structure = distribution.deux_ponts
    ici, la = (structure.sites.create(nom=nom) for nom in ("Maison du pont", "Antenne"))
    Activite.objects.filter(pk=activite.pk).update(site=ici)
    SeanceFactory(activite=activite, debut=seance.debut + timedelta(days=1), site=la)
    anonyme, flux = client_de("anonyme"), reverse("agenda_du_centre", args=[structure.slug])
    assert len(evenements(anonyme.get(flux).content)) == 2
    (une,) = evenements(anonyme.get(flux, {"lieu": la.pk}).content)
    assert une["LOCATION"].startswith("Antenne")
    page = anonyme.get(reverse("agenda"), {"centre": structure.slug, "lieu": la.pk}).content.decode()
    assert f"{flux}?lieu={la.pk}" in page
