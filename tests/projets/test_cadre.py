"""Ouvrir un projet, en changer le cadre, dire son territoire, repartir du projet d'avant."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import ConflitDeVersion
from maillage.projets.choices import EtatFiche, EtatProjet, StatutFiche
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.ossature import Choix, reprendre_l_ossature
from maillage.projets.operations.projets import (
    ajouter_commune,
    ajouter_quartier,
    modifier_projet,
    ouvrir_projet,
    retirer_commune,
    valider_la_periode,
)
from maillage.projets.territoire import quartiers_a_proposer
from maillage.territoire.models import Quartier
from tests.distribution import Distribution
from tests.fabriques import CommuneFactory
from tests.projets.fabriques import (
    IndicateurFactory,
    ProjetSocialFactory,
    ProjetSpecifiqueFactory,
    arbre_d_essai,
)

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.mark.parametrize(
    ("du", "au", "phrase"),
    [
        (date(2027, 1, 1), date(2026, 1, 1), "avant de commencer"),
        (date(2027, 1, 1), date(2031, 1, 1), "jusqu’au 31\xa0décembre 2030"),
        (date(2027, 1, 1), date(2027, 12, 30), "un an au moins"),
        (date(2024, 2, 29), date(2028, 3, 1), "quatre ans au plus"),
    ],
)
def test_une_periode_de_plus_de_quatre_ans_ou_de_moins_d_un_an_est_refusee(
    du: date, au: date, phrase: str
) -> None:
    with pytest.raises(ValidationError) as refus:
        valider_la_periode(du, au)
    assert phrase in refus.value.message_dict["au"][0]


@pytest.mark.parametrize(
    ("du", "au"),
    [(date(2027, 1, 1), date(2030, 12, 31)), (date(2027, 10, 1), date(2028, 9, 30))],
)
def test_de_un_a_quatre_ans_convient(du: date, au: date) -> None:
    valider_la_periode(du, au)


@pytest.mark.parametrize("prenom", ["bruno", "omar", "denis", "lea", "nadia"])
def test_seule_une_direction_ouvre_un_projet(client_de: Ouvrir, prenom: str) -> None:
    assert client_de(prenom).get(reverse("projet_nouveau")).status_code == 404


def test_la_directrice_ouvre_un_projet(distribution: Distribution, client_de: Ouvrir) -> None:
    donnees = {"structure": distribution.deux_ponts.pk, "nom": "Projet social 2027-2030"}
    reponse = client_de("amina").post(
        reverse("projet_nouveau"), donnees | {"du": "2027-01-01", "au": "2030-12-31"}
    )
    projet = ProjetSocial.objects.get()
    assert reponse.status_code == 302 and reponse["Location"] == reverse("projet", args=[projet.pk])
    assert projet.etat == EtatProjet.PREPARATION and len(projet.jeton_agenda) >= 32


def test_la_directrice_n_ouvre_pas_un_projet_chez_une_autre(
    distribution: Distribution, client_de: Ouvrir
) -> None:
    donnees = {"structure": distribution.quatre_vents.pk, "nom": "Intrus"}
    reponse = client_de("amina").post(
        reverse("projet_nouveau"), donnees | {"du": "2027-01-01", "au": "2030-12-31"}
    )
    assert reponse.status_code == 422 and not ProjetSocial.objects.exists()


def test_cinq_ans_sont_refuses_avec_la_date_qui_convient(
    distribution: Distribution, client_de: Ouvrir
) -> None:
    donnees = {"structure": distribution.deux_ponts.pk, "nom": "Trop long"}
    reponse = client_de("amina").post(
        reverse("projet_nouveau"), donnees | {"du": "2027-01-01", "au": "2031-12-31"}
    )
    assert reponse.status_code == 422
    assert "quatre ans au plus" in reponse.content.decode()


def test_un_projet_soumis_ne_change_plus_de_dates(distribution: Distribution, client_de: Ouvrir) -> None:
    projet = ProjetSocialFactory(structure=distribution.deux_ponts, soumis=True)
    assert client_de("amina").get(reverse("projet_modifier", args=[projet.pk])).status_code == 404


def test_deux_directrices_ne_s_ecrasent_pas(distribution: Distribution) -> None:
    projet = ProjetSocialFactory(structure=distribution.deux_ponts)
    lue = ProjetSocial.objects.get(pk=projet.pk)
    commun = {"du": projet.du, "au": projet.au, "territoire": "", "suite_de": None}
    modifier_projet(projet, version_lue=1, nom="Premier nom", par=distribution.amina, **commun)
    with pytest.raises(ConflitDeVersion):
        modifier_projet(lue, version_lue=1, nom="Second nom", par=distribution.amina, **commun)
    projet.refresh_from_db()
    assert projet.nom == "Premier nom"


def test_le_conflit_montre_les_deux_textes_et_se_regle(distribution: Distribution, client_de: Ouvrir) -> None:
    projet = ProjetSocialFactory(structure=distribution.deux_ponts, nom="Nom de Farid")
    ProjetSocial.objects.filter(pk=projet.pk).update(version=2)
    adresse = reverse("projet_modifier", args=[projet.pk])
    donnees: dict[str, Any] = {"nom": "Mon nom", "du": "2025-01-01", "au": "2028-12-31", "version": 1}
    page = client_de("amina").post(adresse, donnees)
    assert page.status_code == 422
    assert "Nom de Farid" in page.content.decode() and "Mon nom" in page.content.decode()
    assert 'name="version" value="2"' in page.content.decode()
    assert client_de("amina").post(adresse, donnees | {"version": 2}).status_code == 302
    projet.refresh_from_db()
    assert projet.nom == "Mon nom"


def test_seuls_les_quartiers_du_dernier_millesime_se_proposent(distribution: Distribution) -> None:
    projet = ProjetSocialFactory(structure=distribution.deux_ponts)
    commune = CommuneFactory()
    for millesime in (2015, 2024):
        quartier = Quartier.objects.create(code="QP1", nom=f"Bel-Air {millesime}", millesime=millesime)
        quartier.communes.add(commune)
    assert quartiers_a_proposer(projet) == []
    ajouter_commune(projet, commune, par=distribution.amina)
    assert [q.millesime for q in quartiers_a_proposer(projet)] == [2024]
    ajouter_quartier(projet, quartier, par=distribution.amina)
    assert quartiers_a_proposer(projet) == []
    with pytest.raises(GesteRefuse, match="Retirez d’abord ce quartier"):
        retirer_commune(projet, commune, par=distribution.amina)


def test_le_territoire_s_ecrit_sans_script(distribution: Distribution, client_de: Ouvrir) -> None:
    projet = ProjetSocialFactory(structure=distribution.deux_ponts)
    commune = CommuneFactory(code_insee="63999", nom="Valserre")
    amina = client_de("amina")
    page = amina.get(reverse("projet_territoire", args=[projet.pk]), {"q": "vals"})
    assert 'Ajouter<span class="invisible"> Valserre' in page.content.decode()
    amina.post(reverse("territoire_ajouter", args=[projet.pk, "commune"]), {"commune": commune.pk})
    zone = {"nom": "Hameau du Moulin", "genre": "secteur", "precision": "Au-delà du pont"}
    amina.post(reverse("territoire_ajouter", args=[projet.pk, "zone"]), zone)
    cadre = amina.get(reverse("cadre", args=[projet.pk])).content.decode()
    assert "Valserre" in cadre and "Hameau du Moulin" in cadre
    amina.post(reverse("territoire_retirer", args=[projet.pk, "zone", str(projet.zones.get().pk)]))
    assert not projet.zones.exists()


def test_repartir_du_projet_d_avant_ne_prend_que_ce_qui_est_coche(distribution: Distribution) -> None:
    ancien = arbre_d_essai(distribution.deux_ponts)
    gardee = ancien.fiches.get(titre="La fête des paliers")
    ancien.fiches.filter(pk=gardee.pk).update(contexte="Un quartier neuf", pilote=distribution.bruno)
    IndicateurFactory(fiche=gardee)
    neuf = ouvrir_projet(
        distribution.deux_ponts,
        nom="Suite",
        du=date(2029, 1, 1),
        au=date(2032, 12, 31),
        suite_de=ancien,
        par=distribution.amina,
    )
    droits = ancien.axes.get(lettre="A")
    choix = Choix(axes=[droits.pk], enjeux=[], objectifs=[], fiches=[gardee.pk])
    assert reprendre_l_ossature(neuf, choix, par=distribution.amina) == 1
    arbre = lire_arbre(neuf)
    assert [axe.axe.lettre for axe in arbre.axes] == ["A", "B"]
    assert arbre.axes[0].enjeux == []
    (lue,) = arbre.fiches
    assert lue.numero == "B-01" and lue.objectif is not None
    assert (lue.fiche.contexte, lue.fiche.pilote, lue.fiche.statut) == (
        "Un quartier neuf",
        None,
        StatutFiche.EXISTANTE,
    )
    assert lue.fiche.etat == EtatFiche.A_ECRIRE and lue.fiche.annees == neuf.annees
    assert lue.fiche.indicateurs.count() == 1
    assert gardee.pk != lue.fiche.pk and ancien.fiches.count() == 6
    with pytest.raises(GesteRefuse, match="déjà commencé"):
        reprendre_l_ossature(neuf, choix, par=distribution.amina)


def test_les_projets_specifiques_viennent_avec_leurs_fiches(distribution: Distribution) -> None:
    ancien = arbre_d_essai(distribution.deux_ponts)
    familles = ProjetSpecifiqueFactory(projet=ancien, presentation="Aider les parents")
    jeunesse = ProjetSpecifiqueFactory(projet=ancien, nom="Projet jeunesse", genre="jeunesse", rang=2)
    gardee, laissee = ancien.fiches.exclude(axe=None).order_by("pk")[:2]
    gardee.specifiques.set([familles, jeunesse])
    laissee.specifiques.set([familles])
    neuf = ProjetSocialFactory(structure=distribution.deux_ponts, suite_de=ancien)
    deja = ProjetSpecifiqueFactory(projet=neuf, nom="Projet jeunesse", presentation="Celui d’ici")
    choix = Choix(axes=[], enjeux=[], objectifs=[], fiches=[gardee.pk])
    reprendre_l_ossature(neuf, choix, par=distribution.amina)
    repris = {un.nom: un for un in neuf.specifiques.all()}
    assert set(repris) == {"Projet familles", "Projet jeunesse"}
    assert repris["Projet jeunesse"] == deja and repris["Projet familles"].presentation == "Aider les parents"
    assert set(neuf.fiches.get().specifiques.all()) == set(repris.values())
    assert set(familles.fiches.all()) == {gardee, laissee}, "ceux d'avant restent à leurs fiches"


def test_un_projet_n_est_pas_la_suite_de_celui_d_une_autre(distribution: Distribution) -> None:
    ailleurs = ProjetSocialFactory(structure=distribution.quatre_vents)
    with pytest.raises(ValidationError):
        ouvrir_projet(
            distribution.deux_ponts,
            nom="Suite",
            du=date(2029, 1, 1),
            au=date(2032, 12, 31),
            suite_de=ailleurs,
            par=distribution.amina,
        )
