"""La page d'un centre : où et quand venir, qui appeler, ce qu'il a fait."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from maillage.core.journal import SYSTEME
from maillage.territoire.choices import TypeAgrement
from maillage.territoire.models import Structure
from maillage.territoire.operations import annoncer_fermeture, definir_desserte, enregistrer_agrement
from tests.fabriques import CommuneFactory, ExperienceFactory, SiteFactory, StructureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre() -> Structure:
    structure: Structure = StructureFactory(nom="La Ruche", slug="la-ruche", decrite=True)
    SiteFactory(structure=structure, accessibilite=["Entrée de plain-pied"], latitude=45.78, longitude=3.08)
    return structure


def lire(client: Client, slug: str = "la-ruche") -> str:
    return client.get(f"/centres/{slug}/").content.decode()


def test_une_adresse_inconnue_n_existe_pas(client: Client) -> None:
    assert client.get("/centres/personne/").status_code == 404
    assert client.get("/centres/personne/contact.vcf").status_code == 404


def test_un_brouillon_du_centre_n_y_parait_pas(client: Client, centre: Structure) -> None:
    ExperienceFactory(structure=centre, brouillon=True, titre="Pas encore")
    assert "Pas encore" not in lire(client)


def test_un_texte_du_centre_ne_devient_jamais_du_code(client: Client, centre: Structure) -> None:
    Structure.objects.filter(pk=centre.pk).update(accroche="</script><script>alert(1)</script>")
    page = lire(client)
    assert "<script>alert" not in page and "</script><script" not in page


def test_adresse_telephone_horaires_acces_et_plan(client: Client, centre: Structure) -> None:
    page = lire(client).replace("\u00a0", " ")
    assert "3, rue des Tilleuls" in page and "tel:+33400000000" in page
    assert "Lundi au vendredi" in page and "9 h – 12 h, 14 h – 18 h" in page
    assert "Entrée de plain-pied" in page
    assert "openstreetmap.org/?mlat=45.780000&amp;mlon=3.080000" in page


def test_sans_coordonnees_le_plan_se_cherche_par_l_adresse(client: Client, centre: Structure) -> None:
    centre.sites.update(latitude=None, longitude=None)
    assert "openstreetmap.org/search?query=3%2C%20rue%20des%20Tilleuls" in lire(client)


def test_des_horaires_illisibles_ne_cassent_pas_la_page(client: Client, centre: Structure) -> None:
    centre.sites.update(horaires="quand on veut")
    assert "Horaires non connus" in lire(client)


def test_une_fermeture_proche_est_annoncee_et_une_passee_se_tait(client: Client, centre: Structure) -> None:
    site, demain = centre.sites.get(), timezone.localdate() + timedelta(days=1)
    hier, loin = demain - timedelta(days=3), demain + timedelta(days=60)
    annoncer_fermeture(site, du=demain, au=demain, motif="Bilan de l’équipe.", par=SYSTEME)
    annoncer_fermeture(site, du=hier, au=hier, motif="Déjà passé.", par=SYSTEME)
    annoncer_fermeture(site, du=loin, au=loin, motif="Dans deux mois.", par=SYSTEME)
    page = lire(client)
    assert "Bilan de l’équipe." in page
    assert "Déjà passé." not in page and "Dans deux mois." not in page


def test_la_zone_l_agrement_et_le_gestionnaire(client: Client, centre: Structure) -> None:
    aujourd_hui = timezone.localdate()
    definir_desserte(centre, commune=CommuneFactory(), rues=["rue du Port"], par=SYSTEME)
    enregistrer_agrement(
        centre,
        type=TypeAgrement.ANIMATION_GLOBALE,
        du=aujourd_hui - timedelta(days=30),
        au=aujourd_hui + timedelta(days=300),
        par=SYSTEME,
    )
    enregistrer_agrement(
        centre,
        type=TypeAgrement.ANIMATION_FAMILLES,
        du=aujourd_hui - timedelta(days=900),
        au=aujourd_hui - timedelta(days=1),
        par=SYSTEME,
    )
    page = lire(client)
    assert "rue du Port" in page and "Animation globale" in page and centre.gestionnaire.nom in page
    assert "Animation collective familles" not in page


def test_une_structure_importee_a_une_page_digne(client: Client) -> None:
    structure = StructureFactory(nom="Centre importé", slug="importe", a_completer=True, departement=None)
    ExperienceFactory(structure=structure, titre="Une lessive à plusieurs")
    page = lire(client, "importe")
    assert "Cette page est à compléter" in page and "Une lessive à plusieurs" in page
    assert "Où et quand venir" not in page and "Ajouter à mes contacts" not in page


def test_une_structure_fermee_garde_sa_page(client: Client) -> None:
    StructureFactory(slug="ferme", fermee=True)
    assert "Cette structure a fermé" in lire(client, "ferme")


def test_les_moteurs_lisent_le_centre(client: Client, centre: Structure) -> None:
    page = lire(client)
    trouve = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert trouve
    donnees = json.loads(trouve[1])
    assert donnees["@type"] == ["CommunityCenter", "NGO"]
    assert donnees["telephone"] == "+33400000000"
    lieu = donnees["location"][0]
    assert lieu["geo"]["latitude"] == 45.78
    assert {"@type": "OpeningHoursSpecification", "opens": "09:00", "closes": "12:00"}.items() <= lieu[
        "openingHoursSpecification"
    ][0].items()
    assert lieu["openingHoursSpecification"][0]["dayOfWeek"][0] == "Monday"


def test_la_carte_de_contact_se_lit_partout(client: Client, centre: Structure) -> None:
    Structure.objects.filter(pk=centre.pk).update(nom="La Ruche; l’atelier, " + "très " * 20 + "long")
    reponse = client.get("/centres/la-ruche/contact.vcf")
    lignes = reponse.content.decode().split("\r\n")
    assert lignes[0] == "BEGIN:VCARD" and lignes[-2:] == ["END:VCARD", ""]
    assert all(len(ligne.encode()) <= 75 for ligne in lignes)
    deplie = reponse.content.decode().replace("\r\n ", "")
    assert "FN:La Ruche\\; l’atelier\\, très" in deplie and "TEL;TYPE=WORK,VOICE:+33400000000" in deplie


@pytest.mark.plafond_de_requetes(16)
def test_la_page_coute_un_nombre_fixe_de_requetes(client: Client, centre: Structure) -> None:
    SiteFactory.create_batch(6, structure=centre, est_principal=False)
    ExperienceFactory.create_batch(8, structure=centre)
    page = lire(client)
    assert "8\u00a0expériences" in page
