"""Inscrire par un nom que le centre connaît déjà : la page demande si c'est elle, et ne crée rien d'elle-même."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from maillage.activites.models import Activite
from maillage.activites.operations.inscriptions import inscrire_nouvelle_personne
from maillage.personnes.models import PaireEcartee, Personne
from maillage.personnes.operations import NomDejaConnu
from tests.activites.fabriques import ActiviteFactory, SeanceFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory

ClientDe = Callable[[str], Client]
LINA = {"prenom": "lina", "nom": "BRAHIMI", "role": "bénévole"}


@pytest.fixture
def activite(distribution: Distribution) -> Activite:
    une: Activite = ActiviteFactory(structure=distribution.deux_ponts, animateurs=[distribution.bruno])
    return une


@pytest.fixture
def lina(activite: Activite) -> Personne:
    une: Personne = PersonneFactory(
        structure=activite.structure, prenom="Lina", nom="Brahimi", naissance=1987
    )
    return une


@pytest.mark.parametrize("qui", ["ines", "bruno"])
def test_un_nom_deja_connu_se_demande_et_c_est_elle(
    qui: str, client_de: ClientDe, activite: Activite, lina: Personne
) -> None:
    client, adresse = client_de(qui), reverse("inscriptions", args=[activite.pk])
    page = client.post(adresse, LINA)
    assert "Est-ce la même personne" in page.content.decode().replace("\u00a0", " ")
    assert page.context["connues"] == [lina]
    assert not activite.inscriptions.exists() and Personne.objects.count() == 1
    client.post(adresse, LINA | {"elle": str(lina.pk)})
    inscription = activite.inscriptions.get()
    assert (inscription.personne, inscription.role) == (lina, "bénévole")
    assert Personne.objects.count() == 1


@pytest.mark.parametrize("qui", ["ines", "bruno"])
def test_une_autre_personne_du_meme_nom_a_sa_fiche_et_une_seule(
    qui: str, client_de: ClientDe, activite: Activite, lina: Personne
) -> None:
    """Envoyée deux fois, la réponse trouve la seconde fois la fiche de la première. Qui n'a lu que le nom ne décide pas
    que ce n'est pas un doublon."""
    client, adresse = client_de(qui), reverse("inscriptions", args=[activite.pk])
    page = client.post(adresse, LINA)
    reponse = LINA | {"autre_que": page.context["autre_que"]}
    client.post(adresse, reponse)
    autre = activite.inscriptions.get().personne
    assert autre != lina
    redite = client.post(adresse, reponse)
    assert set(redite.context["connues"]) == {lina, autre}
    assert Personne.objects.count() == 2 and activite.inscriptions.count() == 1
    assert PaireEcartee.objects.filter(une=lina, autre=autre).exists() is (qui == "ines")


def test_une_reponse_qui_ne_dit_pas_tous_les_homonymes_redemande(
    client_de: ClientDe, activite: Activite, lina: Personne
) -> None:
    PersonneFactory(structure=activite.structure, prenom="Lina", nom="Brahimi", naissance=2015)
    page = client_de("ines").post(
        reverse("inscriptions", args=[activite.pk]), LINA | {"autre_que": str(lina.pk)}
    )
    assert len(page.context["connues"]) == 2 and Personne.objects.count() == 2


def test_un_nom_envoye_deux_fois_n_inscrit_qu_une_personne(client_de: ClientDe, activite: Activite) -> None:
    client, adresse = client_de("ines"), reverse("inscriptions", args=[activite.pk])
    client.post(adresse, LINA)
    page = client.post(adresse, LINA).content.decode()
    assert "Déjà sur cette liste" in page
    assert Personne.objects.count() == activite.inscriptions.count() == 1
    refus = client.post(adresse, LINA | {"elle": str(Personne.objects.get().pk)}, follow=True)
    assert "déjà inscrite" in refus.content.decode()


def test_qui_anime_ne_lit_qu_un_nom_ecrit_en_entier(
    client_de: ClientDe, activite: Activite, lina: Personne
) -> None:
    adresse, a_une_faute_pres = reverse("inscriptions", args=[activite.pk]), LINA | {"nom": "Brahimy"}
    page = client_de("ines").post(adresse, a_une_faute_pres)
    assert page.context["connues"] == [lina]
    assert reverse("personne", args=[lina.pk]) in page.content.decode() and "1987" in page.content.decode()
    bruno = client_de("bruno")
    assert bruno.post(adresse, a_une_faute_pres | {"elle": str(lina.pk)}).status_code == 404
    page_de_bruno = bruno.post(adresse, LINA).content.decode()
    assert reverse("personne", args=[lina.pk]) not in page_de_bruno and "1987" not in page_de_bruno
    assert bruno.post(adresse, a_une_faute_pres).status_code == 302
    assert lina.inscriptions.count() == 0


@pytest.mark.parametrize("ailleurs", [True, False])
def test_ni_une_fiche_gelee_ni_une_d_un_autre_centre_ne_se_devine(
    ailleurs: bool, client_de: ClientDe, activite: Activite, distribution: Distribution
) -> None:
    centre = distribution.quatre_vents if ailleurs else activite.structure
    autre = PersonneFactory(structure=centre, prenom="Lina", nom="Brahimi", gelee=not ailleurs)
    adresse = reverse("inscriptions", args=[activite.pk])
    assert client_de("ines").post(adresse, LINA | {"elle": str(autre.pk)}).status_code == 404
    assert client_de("ines").post(adresse, LINA).status_code == 302
    assert activite.inscriptions.get().personne != autre


@pytest.mark.parametrize("page", ["inscriptions", "feuille_ajouter"])
def test_un_nom_sans_une_lettre_est_refuse_en_francais(
    page: str, client_de: ClientDe, activite: Activite
) -> None:
    objet = activite if page == "inscriptions" else SeanceFactory(activite=activite)
    refus = client_de("ines").post(reverse(page, args=[objet.pk]), {"prenom": "[]", "nom": "…"}, follow=True)
    assert refus.status_code == 200 and "Écrivez au moins un prénom" in refus.content.decode()
    assert not Personne.objects.exists()


def test_l_acte_ne_note_pas_un_nom_connu_sans_qu_on_l_ait_dit(
    activite: Activite, lina: Personne, distribution: Distribution
) -> None:
    with pytest.raises(NomDejaConnu) as doute:
        inscrire_nouvelle_personne(activite, "Brahimi", "Lina", par=distribution.bruno)
    assert doute.value.connues == [lina]
    inscrire_nouvelle_personne(activite, "Brahimi", "Lina", autre_que={lina.pk}, par=distribution.bruno)
    assert activite.inscriptions.count() == 1


def test_un_nom_avec_un_signe_nul_s_inscrit_sans_lui(client_de: ClientDe, activite: Activite) -> None:
    """PostgreSQL refuse ce signe dans un texte."""
    client_de("ines").post(reverse("inscriptions", args=[activite.pk]), {"prenom": "Li\0na", "nom": "Roy\0"})
    assert activite.inscriptions.get().personne.prenom == "Lina"
