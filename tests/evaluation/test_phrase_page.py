"""Composer la phrase d'un indicateur : les menus, sans et avec un script, et qui peut quoi."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from maillage.core.models import Changement, LigneJournal
from maillage.projets.choices import Calendrier, ListeIndicateur, SourceIndicateur
from maillage.projets.models import Indicateur
from tests.distribution import Distribution
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
SENIORS = {"mesure_1": "personnes_differentes", "age": "seniors", "au_moins": "3", "calendrier": "scolaire"}
DITE = (
    "Nombre de personnes différentes de 60\xa0ans et plus venues au moins 3 fois aux séances de cette action, "
    "par année scolaire."
)


@pytest.fixture
def indicateur(distribution: Distribution) -> Indicateur:
    projet = ProjetSocialFactory(structure=distribution.deux_ponts)
    fiche = FicheActionFactory(projet=projet)
    return IndicateurFactory(fiche=fiche, libelle="Nombre de jeunes venus aux ateliers")


def adresse(indicateur: Indicateur, page: str = "phrase") -> str:
    return reverse(f"indicateur_{page}", args=[indicateur.pk])


def lire(client: Client, indicateur: Indicateur, page: str = "phrase", suite: str = "") -> str:
    reponse = client.get(adresse(indicateur, page) + suite)
    assert reponse.status_code == 200
    return reponse.content.decode()


def envoyer(client: Client, indicateur: Indicateur, geste: str, **envoi: Any) -> Any:
    champs = {"version": indicateur.version, "geste": geste} | (envoi or SENIORS)
    return client.post(adresse(indicateur), champs)


def choisis(page: str) -> dict[str, str]:
    """Nom d'un menu → sa valeur."""
    menus = re.findall(r'<select id="(\w+)".*?</select>', page)
    return {
        nom: re.search(rf'<select id="{nom}".*?value="([^"]*)" selected', page)[1]  # type: ignore[index]
        for nom in menus
    }


# --- Qui peut quoi --------------------------------------------------------------------------------------
@pytest.mark.parametrize("personne", ["omar", "chloe", "denis", "lea", "nadia"])
@pytest.mark.parametrize("page", ["phrase", "modeles", "definition"])
def test_un_indicateur_d_un_autre_centre_n_existe_pas(
    client_de: Ouvrir, indicateur: Indicateur, personne: str, page: str
) -> None:
    assert client_de(personne).get(adresse(indicateur, page)).status_code in {302, 404}


def test_un_projet_soumis_se_lit_et_ne_s_ecrit_plus(client_de: Ouvrir, indicateur: Indicateur) -> None:
    projet = indicateur.fiche.projet
    projet.etat = "soumis"
    projet.save()
    farid = client_de("farid")
    assert farid.get(adresse(indicateur)).status_code == 404
    assert envoyer(farid, indicateur, "enregistrer").status_code == 404
    assert "Le dire en une phrase" not in lire(farid, indicateur, "definition")


# --- Les refus ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "envoi",
    [
        {"mesure_1": "licornes"},
        {"mesure_1": "presences", "age": "mille ans"},
        {"mesure_1": "presences", "quartier": "x" * 121},
        {"mesure_1": "seances", "calendrier": "lunaire"},
        {"mesure_1": "familles", "au_moins": "0"},
        {"mesure_1": ""},
    ],
)
def test_un_choix_invente_est_refuse_sans_rien_ecrire(
    client_de: Ouvrir, indicateur: Indicateur, envoi: dict[str, str]
) -> None:
    reponse = envoyer(client_de("farid"), indicateur, "enregistrer", **envoi)
    assert reponse.status_code == 422
    assert "ne peut pas se compter" in reponse.content.decode()
    indicateur.refresh_from_db()
    assert indicateur.definition == {}


def test_deux_personnes_ne_s_ecrasent_pas(client_de: Ouvrir, indicateur: Indicateur) -> None:
    envoyer(client_de("amina"), indicateur, "enregistrer", mesure_1="seances")
    reponse = envoyer(client_de("farid"), indicateur, "enregistrer")
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "Nombre de séances qui ont eu lieu dans cette action" in page and DITE in page
    indicateur.refresh_from_db()
    assert indicateur.definition == {"mesures": ["seances"]}
    assert envoyer(client_de("farid"), indicateur, "enregistrer").status_code == 302


# --- Composer ------------------------------------------------------------------------------------------------
def test_les_menus_sont_remplis_d_apres_le_libelle(client_de: Ouvrir, indicateur: Indicateur) -> None:
    page = lire(client_de("farid"), indicateur)
    assert "Les menus sont remplis d’après le libellé" in page
    choix = choisis(page)
    assert (choix["mesure_1"], choix["age"], choix["genre_seance"]) == (
        "personnes_differentes",
        "jeunes",
        "atelier",
    )


def test_voir_dit_la_phrase_sans_rien_ecrire(client_de: Ouvrir, indicateur: Indicateur) -> None:
    reponse = envoyer(client_de("farid"), indicateur, "voir")
    assert DITE in reponse.content.decode()
    indicateur.refresh_from_db()
    assert indicateur.definition == {}


def test_avec_un_script_seule_la_phrase_est_rendue(client_de: Ouvrir, indicateur: Indicateur) -> None:
    reponse = client_de("farid").post(adresse(indicateur), SENIORS, headers={"HX-Request": "true"})
    fragment = reponse.content.decode()
    assert fragment.startswith('<form id="phrase"') and DITE in fragment and "<h1" not in fragment


def test_un_menu_qui_n_a_plus_de_sens_disparait_avec_sa_valeur(
    client_de: Ouvrir, indicateur: Indicateur
) -> None:
    page = envoyer(
        client_de("farid"), indicateur, "voir", **SENIORS | {"mesure_1": "seances"}
    ).content.decode()
    assert {"age", "au_moins", "role"}.isdisjoint(choisis(page))
    assert "Nombre de séances qui ont eu lieu dans cette action, par année scolaire." in page


def test_enregistrer_pose_la_definition_le_calcul_et_le_calendrier(
    client_de: Ouvrir, indicateur: Indicateur, distribution: Distribution
) -> None:
    assert envoyer(client_de("farid"), indicateur, "enregistrer").status_code == 302
    indicateur.refresh_from_db()
    assert indicateur.source == SourceIndicateur.CALCUL
    assert indicateur.calendrier == Calendrier.SCOLAIRE
    assert indicateur.definition == {
        "mesures": ["personnes_differentes"],
        "filtres": {"age": ["seniors"]},
        "au_moins": 3,
    }
    ligne = LigneJournal.objects.get(acte="definir_indicateur")
    assert ligne.acteur_id == distribution.farid.pk
    assert Changement.objects.filter(acte="definir_indicateur", objet_id=indicateur.pk).exists()
    assert DITE in lire(client_de("farid"), indicateur, "definition")


def test_ce_qui_est_enregistre_se_relit_dans_les_menus(client_de: Ouvrir, indicateur: Indicateur) -> None:
    farid = client_de("farid")
    envoi = SENIORS | {
        "age": "jeunes|seniors",
        "quartier": "Les Peupliers ; La Plaine",
        "mesure_2": "presences",
    }
    envoyer(farid, indicateur, "enregistrer", **envoi)
    page = lire(farid, indicateur)
    assert choisis(page).items() >= (envoi.items() - {("quartier", envoi["quartier"])})
    assert 'value="Les Peupliers ; La Plaine"' in page and "<details open>" in page
    assert "D’après le libellé, nous avons compris" in page


def test_un_nombre_a_taper_reste_une_saisie(client_de: Ouvrir, indicateur: Indicateur) -> None:
    farid = client_de("farid")
    envoyer(farid, indicateur, "enregistrer")
    indicateur.refresh_from_db()
    envoyer(farid, indicateur, "enregistrer", mesure_1="manuel")
    indicateur.refresh_from_db()
    assert (indicateur.source, indicateur.definition) == (SourceIndicateur.SAISIE, {})


def test_on_peut_revenir_a_la_saisie(client_de: Ouvrir, indicateur: Indicateur) -> None:
    farid = client_de("farid")
    envoyer(farid, indicateur, "enregistrer")
    indicateur.refresh_from_db()
    envoyer(farid, indicateur, "saisir", **SENIORS)
    indicateur.refresh_from_db()
    assert (indicateur.source, indicateur.definition) == (SourceIndicateur.SAISIE, {})


def test_une_definition_d_une_autre_version_n_est_pas_une_panne(
    client_de: Ouvrir, indicateur: Indicateur
) -> None:
    indicateur.definition = {"mesures": ["oubliee"]}
    indicateur.save()
    assert choisis(lire(client_de("farid"), indicateur))["mesure_1"] == "personnes_differentes"


def test_un_jugement_est_dit_comme_tel(client_de: Ouvrir, indicateur: Indicateur) -> None:
    indicateur.libelle, indicateur.liste = "Ambiance des séances", ListeIndicateur.QUALITATIVE
    indicateur.save()
    farid = client_de("farid")
    assert "Ce libellé porte un jugement" in lire(farid, indicateur)
    assert "rien ne se compte" in lire(farid, indicateur, "definition")


# --- La bibliothèque ---------------------------------------------------------------------------------------
def test_on_cherche_un_modele_et_on_en_part(client_de: Ouvrir, indicateur: Indicateur) -> None:
    farid = client_de("farid")
    page = lire(farid, indicateur, "modeles", "?q=heures+benevolat")
    assert "1\xa0modèle" in page and "Nombre d’heures de bénévolat" in page
    suite = re.search(r"\?modele=\d+", page)
    assert suite and choisis(lire(farid, indicateur, suite=suite[0]))["mesure_1"] == "heures_benevolat"


def test_une_recherche_vaine_dit_quoi_essayer(client_de: Ouvrir, indicateur: Indicateur) -> None:
    assert "Aucun modèle avec ces mots" in lire(client_de("farid"), indicateur, "modeles", "?q=hippodrome")


def test_un_theme_ne_montre_que_les_siens(client_de: Ouvrir, indicateur: Indicateur) -> None:
    page = lire(client_de("farid"), indicateur, "modeles", "?theme=benevolat")
    assert "<h2>Bénévolat</h2>" in page and page.count("<h2>") == 1


@pytest.mark.parametrize("suite", ["?modele=0", "?modele=x", "?modele=99999", "?depart=ailleurs"])
def test_un_depart_invente_est_ignore(client_de: Ouvrir, indicateur: Indicateur, suite: str) -> None:
    assert choisis(lire(client_de("farid"), indicateur, suite=suite))["age"] == "jeunes"


def test_la_page_de_l_indicateur_montre_la_phrase(client_de: Ouvrir, indicateur: Indicateur) -> None:
    page = client_de("farid").get(reverse("indicateur", args=[indicateur.pk])).content.decode()
    assert adresse(indicateur, "definition") in page
