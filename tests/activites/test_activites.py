"""Une activité : l'ouvrir pour une fiche, la modifier à deux, la clore, la copier ; la liste."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from maillage.activites.choices import EtatActivite
from maillage.activites.models import Activite
from maillage.activites.operations.activites import dupliquer_activite
from maillage.projets.models import FicheAction
from tests.activites.fabriques import ActiviteFactory, SeanceFactory
from tests.distribution import Distribution
from tests.projets.fabriques import arbre_d_essai

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    trouvee = arbre_d_essai(distribution.deux_ponts, en_cours=True).fiches.order_by("pk").first()
    assert trouvee is not None
    return trouvee


@pytest.fixture
def activite(distribution: Distribution) -> Activite:
    ouverte: Activite = ActiviteFactory(structure=distribution.deux_ponts, titre="Café des parents")
    return ouverte


def envoi(**valeurs: str) -> dict[str, str]:
    return {"titre": "Aide aux devoirs", "genre": "atelier", "cadre": "aucun"} | valeurs


def test_sans_titre_rien_ne_s_ouvre_et_la_page_dit_quoi_faire(client_de: Ouvrir) -> None:
    reponse = client_de("bruno").post(reverse("activite_nouvelle"), envoi(titre=" "))
    assert reponse.status_code == 422
    assert "Donnez un titre" in reponse.content.decode()
    assert not Activite.objects.exists()


def test_la_fiche_d_un_autre_centre_ne_se_choisit_pas(client_de: Ouvrir, distribution: Distribution) -> None:
    ailleurs = arbre_d_essai(distribution.quatre_vents, en_cours=True).fiches.first()
    assert ailleurs is not None
    client = client_de("bruno")
    assert client.get(f"{reverse('activite_nouvelle')}?fiche={ailleurs.pk}").status_code == 404
    assert client.post(reverse("activite_nouvelle"), envoi(fiche=str(ailleurs.pk))).status_code == 422


def test_une_activite_s_ouvre_depuis_sa_fiche_en_peu_de_champs(
    fiche: FicheAction, client_de: Ouvrir, distribution: Distribution
) -> None:
    page = f"{reverse('activite_nouvelle')}?fiche={fiche.pk}"
    client = client_de("bruno")
    assert f'value="{fiche.pk}" selected' in client.get(page).content.decode()
    client.post(
        page,
        envoi(fiche=str(fiche.pk), animateurs=str(distribution.bruno.pk), publics="collégiens, parents,"),
    )
    ouverte = Activite.objects.get()
    assert ouverte.fiche == fiche
    assert ouverte.publics == ["collégiens", "parents"]
    assert list(ouverte.animateurs.all()) == [distribution.bruno]
    de_la_fiche = client.get(reverse("activites_de_la_fiche", args=[fiche.pk])).content.decode()
    assert "Aide aux devoirs" in de_la_fiche
    assert f"?fiche={fiche.pk}" in de_la_fiche
    assert reverse("activites_de_la_fiche", args=[fiche.pk]) in (
        client.get(reverse("fiche_action", args=[fiche.pk])).content.decode()
    )


def test_deux_personnes_modifient_l_activite_la_seconde_compare(
    activite: Activite, client_de: Ouvrir
) -> None:
    page = reverse("activite_modifier", args=[activite.pk])
    lue = {"version": str(activite.version)}
    assert client_de("bruno").get(page).status_code == 200
    assert client_de("bruno").post(page, envoi(titre="Le café", **lue)).status_code == 302
    reponse = client_de("amina").post(page, envoi(titre="Les parents", **lue))
    assert reponse.status_code == 422
    assert "Le café" in reponse.content.decode()
    activite.refresh_from_db()
    assert activite.titre == "Le café"


def test_clore_se_defait_et_cache_l_activite_du_public(activite: Activite, client_de: Ouvrir) -> None:
    Activite.objects.filter(pk=activite.pk).update(est_publique=True)
    flux = reverse("agenda_de_l_activite", args=[activite.pk])
    client = client_de("bruno")
    assert client.get(flux).status_code == 200
    client.post(reverse("activite_geste", args=[activite.pk, "clore"]))
    activite.refresh_from_db()
    assert activite.etat == EtatActivite.CLOSE
    assert client.get(flux).status_code == 404
    assert "Cette activité est close" in client.get(reverse("activite", args=[activite.pk])).content.decode()
    client.post(reverse("activite_geste", args=[activite.pk, "rouvrir"]))
    assert client.get(flux).status_code == 200


def test_une_copie_reprend_l_activite_sans_ses_seances_ni_son_adresse(
    activite: Activite, distribution: Distribution
) -> None:
    SeanceFactory(activite=activite)
    activite.animateurs.add(distribution.bruno)
    Activite.objects.filter(pk=activite.pk).update(est_publique=True)
    activite.themes.create(titre="Les écrans", etat="valide")
    copie = dupliquer_activite(activite, par=distribution.bruno)
    assert list(copie.animateurs.all()) == [distribution.bruno]
    assert not copie.seances.exists()
    assert not copie.est_publique
    assert copie.jeton_agenda != activite.jeton_agenda
    assert list(copie.themes.values_list("titre", "etat")) == [("Les écrans", "propose")]


def test_l_activite_d_un_autre_centre_n_existe_pas(activite: Activite, client_de: Ouvrir) -> None:
    chloe = client_de("chloe")
    for nom in ("activite", "activite_modifier", "serie_nouvelle", "seance_nouvelle"):
        assert chloe.get(reverse(nom, args=[activite.pk])).status_code == 404
    assert chloe.post(reverse("activite_geste", args=[activite.pk, "clore"])).status_code == 404


def test_la_liste_vide_dit_par_quoi_commencer(client_de: Ouvrir) -> None:
    assert "Commencez par une activité" in client_de("bruno").get(reverse("activites")).content.decode()


def test_la_liste_se_cherche_et_se_filtre(
    activite: Activite, client_de: Ouvrir, distribution: Distribution
) -> None:
    ActiviteFactory(structure=distribution.deux_ponts, titre="Sortie au lac", genre="sortie")
    ActiviteFactory(structure=distribution.quatre_vents, titre="Ailleurs")
    client = client_de("bruno")
    page = client.get(reverse("activites")).content.decode()
    assert "Café des parents" in page
    assert "Ailleurs" not in page
    seule = client.get(f"{reverse('activites')}?genre=sortie&q=LAC").context["liste"]
    assert [une.titre for une in seule.objets] == ["Sortie au lac"]
    aucune = client.get(f"{reverse('activites')}?genre=sortie&q=caf")
    assert "Rien ne répond" in aucune.content.decode()


@pytest.mark.plafond_de_requetes(16)
def test_cent_vingt_activites_se_listent_en_peu_de_questions(
    client_de: Ouvrir, distribution: Distribution
) -> None:
    ActiviteFactory.create_batch(120, structure=distribution.deux_ponts)
    page = client_de("bruno").get(reverse("activites"))
    assert len(page.context["liste"].objets) == 30
    assert len(page.content) < 60_000
