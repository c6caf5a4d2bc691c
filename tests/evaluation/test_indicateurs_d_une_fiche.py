"""Les indicateurs d'une fiche : en ajouter un de la bibliothèque, accepter d'un coup les phrases comprises."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from maillage.evaluation.bibliotheque import modeles
from maillage.projets.choices import Calendrier, ListeIndicateur, SourceIndicateur
from maillage.projets.models import FicheAction, Indicateur
from tests.distribution import Distribution
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    return FicheActionFactory(projet=ProjetSocialFactory(structure=distribution.deux_ponts))


def adresse(fiche: FicheAction, page: str) -> str:
    return reverse(f"fiche_{page}", args=[fiche.pk])


def ajouter(client: Client, fiche: FicheAction, modele: object) -> Any:
    return client.post(adresse(fiche, "modeles"), {"modele": modele})


def accepter(client: Client, *indicateurs: Indicateur) -> Any:
    envoi = {f"version_{indicateur.pk}": indicateur.version for indicateur in indicateurs}
    coches = [indicateur.pk for indicateur in indicateurs]
    return client.post(adresse(indicateurs[0].fiche, "phrases"), envoi | {"indicateur": coches})


# --- Les refus ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("personne", ["chloe", "denis", "lea", "nadia"])
@pytest.mark.parametrize("page", ["modeles", "phrases"])
def test_la_fiche_d_un_autre_centre_n_existe_pas(
    client_de: Ouvrir, fiche: FicheAction, personne: str, page: str
) -> None:
    client = client_de(personne)
    assert client.get(adresse(fiche, page)).status_code == 404
    assert client.post(adresse(fiche, page), {"modele": 1}).status_code == 404
    assert not fiche.indicateurs.exists()


@pytest.mark.parametrize("modele", ["", "0", "x", "9999"])
def test_un_modele_invente_n_ajoute_rien(client_de: Ouvrir, fiche: FicheAction, modele: str) -> None:
    assert ajouter(client_de("farid"), fiche, modele).status_code == 404
    assert not fiche.indicateurs.exists()


def test_l_indicateur_d_une_autre_fiche_ne_s_accepte_pas_d_ici(client_de: Ouvrir, fiche: FicheAction) -> None:
    ailleurs = IndicateurFactory()
    client_de("farid").post(
        adresse(fiche, "phrases"), {"indicateur": ailleurs.pk, f"version_{ailleurs.pk}": ailleurs.version}
    )
    ailleurs.refresh_from_db()
    assert ailleurs.definition == {}


def test_un_indicateur_change_entre_temps_garde_ce_que_l_autre_a_ecrit(
    client_de: Ouvrir, fiche: FicheAction
) -> None:
    touche, intact = (
        IndicateurFactory(fiche=fiche, libelle="Nombre de sorties"),
        IndicateurFactory(fiche=fiche, libelle="Nombre de réunions"),
    )
    Indicateur.objects.filter(pk=touche.pk).update(version=touche.version + 1)
    farid = client_de("farid")
    reponse = accepter(farid, touche, intact)
    assert reponse.url == adresse(fiche, "phrases")
    assert "vient de changer. Relisez sa phrase." in farid.get(reponse.url).content.decode()
    touche.refresh_from_db()
    intact.refresh_from_db()
    assert (touche.definition, intact.source) == ({}, SourceIndicateur.CALCUL)


# --- La bibliothèque ---------------------------------------------------------------------------------------
def test_un_modele_arrive_avec_son_unite_sa_phrase_et_son_annee(
    client_de: Ouvrir, fiche: FicheAction
) -> None:
    modele = next(un for un in modeles() if un.definition and un.definition.calendrier == Calendrier.SCOLAIRE)
    assert modele.definition
    ajouter(client_de("farid"), fiche, modele.cle)
    ajoute = fiche.indicateurs.get()
    assert (ajoute.libelle, ajoute.unite, ajoute.source) == (
        modele.libelle,
        modele.unite,
        SourceIndicateur.CALCUL,
    )
    assert (ajoute.definition, ajoute.calendrier) == (modele.definition.en_json(), Calendrier.SCOLAIRE)


def test_un_jugement_arrive_avec_sa_methode(client_de: Ouvrir, fiche: FicheAction) -> None:
    modele = next(un for un in modeles() if not un.definition)
    ajouter(client_de("farid"), fiche, modele.cle)
    ajoute = fiche.indicateurs.get()
    assert (ajoute.liste, ajoute.methode) == (ListeIndicateur.QUALITATIVE, modele.methode)
    assert (ajoute.source, ajoute.definition) == (SourceIndicateur.SAISIE, {})


def test_la_bibliotheque_d_une_fiche_montre_aussi_les_jugements(
    client_de: Ouvrir, fiche: FicheAction
) -> None:
    page = client_de("farid").get(adresse(fiche, "modeles")).content.decode()
    assert page.count('name="modele"') == len(modeles())
    assert "L’isolement recule" in page


def test_la_liste_des_indicateurs_mene_aux_modeles_et_aux_phrases(
    client_de: Ouvrir, fiche: FicheAction
) -> None:
    IndicateurFactory(fiche=fiche)
    page = client_de("farid").get(reverse("indicateurs", args=[fiche.pk])).content.decode()
    assert adresse(fiche, "modeles") in page and adresse(fiche, "phrases") in page


# --- Les phrases comprises -----------------------------------------------------------------------------------
def test_on_accepte_d_un_coup_ce_qui_est_bien_compris(client_de: Ouvrir, fiche: FicheAction) -> None:
    sorties = IndicateurFactory(fiche=fiche, libelle="Nombre de sorties")
    jeunes = IndicateurFactory(fiche=fiche, libelle="Nombre de jeunes accompagnés")
    farid = client_de("farid")
    page = farid.get(adresse(fiche, "phrases")).content.decode()
    assert "Nombre de sorties qui ont eu lieu dans cette action, par année civile." in page
    assert not re.search(r"<input[^>]* checked", page), "la personne coche elle-même"
    accepter(farid, sorties)
    sorties.refresh_from_db()
    jeunes.refresh_from_db()
    assert sorties.definition == {"mesures": ["seances"], "filtres": {"genre_seance": ["sortie"]}}
    assert jeunes.definition == {}
    assert "Nombre de sorties" not in farid.get(adresse(fiche, "phrases")).content.decode()


def test_ce_qui_ne_se_compte_pas_est_dit_a_part(client_de: Ouvrir, fiche: FicheAction) -> None:
    IndicateurFactory(fiche=fiche, libelle="Nombre de brouettes")
    IndicateurFactory(fiche=fiche, libelle="Ambiance", liste=ListeIndicateur.QUALITATIVE)
    page = client_de("farid").get(adresse(fiche, "phrases")).content.decode()
    assert "Rien de plus à compter" in page
    assert "l’équipe le tape" in page and "C’est un jugement" in page
