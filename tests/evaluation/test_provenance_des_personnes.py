"""D'où viennent les personnes, face à la zone de l'agrément ; ce qui en part au diagnostic."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.activites.choices import EtatSeance
from maillage.activites.models import Seance, VenueSansNom
from maillage.evaluation.origines import Origines
from maillage.personnes.choices import EtatPersonne
from maillage.personnes.models import Provenance
from maillage.projets.models import ProjetSocial, TableauDiagnostic
from tests.activites.fabriques import PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory
from tests.projets.fabriques import ZoneFactory, arbre_d_essai

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    projet = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    ZoneFactory(projet=projet, nom="Le Moulin")
    ZoneFactory(projet=projet, nom="Les Tanneries")
    return projet


def venir(projet: ProjetSocial, nom: str, combien: int, *, est_du_territoire: bool = True) -> Seance:
    """Tant de personnes de ce lieu, venues chacune une fois à la même séance."""
    provenance = None
    if nom:
        provenance, _ = Provenance.objects.get_or_create(
            structure=projet.structure, nom=nom, defaults={"est_du_territoire": est_du_territoire}
        )
    seance: Seance = SeanceFactory(activite__structure=projet.structure, etat=EtatSeance.TENUE)
    for _ in range(combien):
        personne = PersonneFactory(structure=projet.structure, provenance=provenance)
        PresenceFactory(seance=seance, personne=personne)
    return seance


def test_un_autre_centre_et_la_caf_n_ont_pas_cette_page(projet: ProjetSocial, client_de: Ouvrir) -> None:
    for qui in ("chloe", "denis", "lea"):
        assert client_de(qui).get(reverse("provenance_des_personnes", args=[projet.pk])).status_code == 404


def test_sans_presence_la_page_dit_quoi_faire(projet: ProjetSocial, client_de: Ouvrir) -> None:
    amina = client_de("amina")
    page = amina.get(reverse("provenance_des_personnes", args=[projet.pk])).content.decode()
    assert "Aucune personne connue encore" in page
    annee = timezone.localdate().year
    poser = amina.post(reverse("provenance_au_diagnostic", args=[projet.pk, annee]), follow=True)
    assert "il n’y a rien à mettre au diagnostic" in poser.content.decode()
    assert not TableauDiagnostic.objects.exists()


def test_chacun_compte_une_fois_et_la_zone_se_reconnait(projet: ProjetSocial, client_de: Ouvrir) -> None:
    seance = venir(projet, "Le  moulin", 14)
    venir(projet, "Autre commune", 12, est_du_territoire=False)
    venir(projet, "", 2)
    revenue = seance.presences.order_by("pk")[0].personne
    PresenceFactory(
        seance=SeanceFactory(activite__structure=projet.structure, etat=EtatSeance.TENUE), personne=revenue
    )
    VenueSansNom.objects.create(seance=seance, nombre=9)
    origines = Origines(projet)
    assert [(une.nom, une.personnes, une.venues) for une in origines.lues] == [
        ("Le  moulin", 14, 15),
        ("Autre commune", 12, 12),
        ("Provenance non dite", 2, 2),
    ]
    assert origines.lues[0].zone == "Le Moulin" and origines.part_de_la_zone == "54\u00a0%"
    assert origines.zones_sans_personne == ["Les Tanneries"]
    page = client_de("bruno").get(reverse("provenance_des_personnes", args=[projet.pk])).content.decode()
    assert "Les Tanneries" in page and "9" in origines.couverture


def test_une_personne_gelee_ne_compte_pas(projet: ProjetSocial) -> None:
    seance = venir(projet, "Le Moulin", 3)
    gelee = seance.presences.order_by("pk")[0].personne
    type(gelee).objects.filter(pk=gelee.pk).update(etat=EtatPersonne.LIMITEE)
    assert Origines(projet).personnes == 2


def test_le_tableau_pose_cache_les_petits_nombres_et_se_remplace(
    projet: ProjetSocial, client_de: Ouvrir
) -> None:
    venir(projet, "Le Moulin", 20)
    venir(projet, "Les Tanneries", 15)
    venir(projet, "Quartier Neuf", 3)
    venir(projet, "Autre commune", 12, est_du_territoire=False)
    amina, annee = client_de("amina"), timezone.localdate().year
    for _ in range(2):
        amina.post(reverse("provenance_au_diagnostic", args=[projet.pk, annee]))
    tableau = TableauDiagnostic.objects.get()
    dits = {ligne["libelle"]: ligne["valeurs"][0]["brut"] for ligne in tableau.lignes}
    assert dits == {
        "Le Moulin": "20",
        "Les Tanneries": "caché",
        "Autre commune": "12",
        "Quartier Neuf": "caché",
    }
    assert "76\u00a0% de la zone" in tableau.titre and (tableau.annee, tableau.releve_le) == (
        annee,
        timezone.localdate(),
    )
    assert "moins de 11" in tableau.source
    assert "20" in amina.get(reverse("diagnostic_chiffres", args=[projet.pk])).content.decode()
