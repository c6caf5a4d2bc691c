"""Tenir la liste des synonymes : qui le peut, ce qui est refusé, ce qui change dans la recherche."""

from collections.abc import Callable

import pytest
from django.test import Client

from maillage.catalogue.models import Synonyme
from maillage.core.models import Changement, LigneJournal
from tests.fabriques import ExperienceFactory, SynonymeFactory

pytestmark = pytest.mark.django_db
LISTE = "/espace/synonymes/"
ClientDe = Callable[[str], Client]
Indexer = Callable[[], int]


def html(client: Client, adresse: str) -> str:
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    return reponse.content.decode()


# --- Refus ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suite", ["", "nouveau/", "{pk}/", "{pk}/supprimer/"])
@pytest.mark.parametrize("personne", ["amina", "denis", "omar"])
def test_qui_ne_modere_pas_ne_voit_ni_ne_change_rien(client_de: ClientDe, personne: str, suite: str) -> None:
    groupe = SynonymeFactory()
    adresse = LISTE + suite.format(pk=groupe.pk)
    client = client_de(personne)
    avant = Synonyme.objects.count()
    assert client.post(adresse, {"termes": "a1\nb2"}).status_code in {404, 405}
    assert client.get(adresse).status_code in {404, 405}
    groupe.refresh_from_db()
    assert (Synonyme.objects.count(), groupe.termes) == (avant, "potager\njardin")


@pytest.mark.parametrize(
    ("termes", "message"),
    [
        ("", "deux termes différents"),
        ("jardin", "au moins deux termes"),
        ("jardin\nJardins", "au moins deux termes"),
        ("jardin\navec les", "aucun mot que l’on cherche"),
        ("jardin\n" + "deux trois quatre cinq six sept huit", "trop long"),
        ("~jardin\npotager", "premier terme"),
        ("\n".join(f"mot{n}" for n in range(41)), "40 termes au plus"),
    ],
)
def test_un_groupe_dont_la_recherche_ne_ferait_rien_est_refuse(
    client_de: ClientDe, termes: str, message: str
) -> None:
    avant = Synonyme.objects.count()
    reponse = client_de("lea").post(f"{LISTE}nouveau/", {"termes": termes})
    assert reponse.status_code == 200
    assert message in reponse.content.decode()
    assert Synonyme.objects.count() == avant


def test_supprimer_ne_se_fait_pas_par_un_lien(client_de: ClientDe) -> None:
    groupe = SynonymeFactory()
    assert client_de("lea").get(f"{LISTE}{groupe.pk}/supprimer/").status_code == 405


# --- Actes ----------------------------------------------------------------------------------------


def test_ajouter_un_groupe_nettoie_les_termes_et_le_dit_au_journal(client_de: ClientDe) -> None:
    reponse = client_de("lea").post(
        f"{LISTE}nouveau/", {"termes": "  guinguette \r\n\r\n~  bal   populaire\r\nGuinguettes"}, follow=True
    )
    assert "« guinguette » est enregistré" in reponse.content.decode().replace("\u00a0", " ")
    groupe = Synonyme.objects.latest("pk")
    assert (groupe.termes, groupe.est_oriente) == ("guinguette\n~bal populaire", False)
    ligne = LigneJournal.objects.latest("pk")
    assert ligne.phrase == "Léa Roussel a ajouté le groupe de synonymes « guinguette »."
    assert ligne.apres == {"termes": ["guinguette", "~bal populaire"], "est_oriente": False}
    assert Changement.objects.latest("pk").objet_type == "catalogue.synonyme"


def test_modifier_garde_l_avant_et_l_apres(client_de: ClientDe) -> None:
    groupe = SynonymeFactory()
    client_de("lea").post(f"{LISTE}{groupe.pk}/", {"termes": "CLAS\nécole", "est_oriente": "on"})
    groupe.refresh_from_db()
    assert (groupe.termes, groupe.est_oriente) == ("CLAS\nécole", True)
    ligne = LigneJournal.objects.latest("pk")
    assert ligne.avant == {"termes": ["potager", "jardin"], "est_oriente": False}


def test_enregistrer_sans_rien_changer_n_ecrit_rien_au_journal(client_de: ClientDe) -> None:
    groupe = SynonymeFactory()
    client_de("lea").post(f"{LISTE}{groupe.pk}/", {"termes": groupe.termes})
    assert not LigneJournal.objects.exists()


def test_supprimer_retire_le_groupe_et_le_journal_garde_son_contenu(client_de: ClientDe) -> None:
    groupe = SynonymeFactory()
    client_de("lea").post(f"{LISTE}{groupe.pk}/supprimer/")
    assert not Synonyme.objects.filter(pk=groupe.pk).exists()
    assert LigneJournal.objects.latest("pk").avant == {"termes": ["potager", "jardin"], "est_oriente": False}


# --- Pages ----------------------------------------------------------------------------------------


def test_la_liste_trouve_un_groupe_sans_accent_ni_pluriel(client_de: ClientDe) -> None:
    SynonymeFactory(termes="guinguette\nthé dansant")
    client = client_de("lea")
    assert "guinguette" in html(client, f"{LISTE}?mots=THE+dansants")
    assert "Aucun groupe ne dit cela" in html(client, f"{LISTE}?mots=introuvable")


def test_l_essai_montre_comment_la_recherche_se_lit_et_ce_qu_elle_donne(
    client_de: ClientDe, indexer: Indexer
) -> None:
    ExperienceFactory(titre="Accompagnement à la scolarité <du soir>")
    indexer()
    rendu = html(client_de("lea"), f"{LISTE}?essai=aide+aux+devoirs")
    assert "trouve aussi" in rendu and "soutien scolaire" in rendu
    assert "1 expérience" in rendu.replace("\u00a0", " ")
    assert "Accompagnement à la scolarité &lt;du soir&gt;" in rendu


def test_essayer_un_groupe_montre_avant_et_apres_sans_enregistrer(
    client_de: ClientDe, indexer: Indexer
) -> None:
    ExperienceFactory(titre="La guinguette")
    indexer()
    avant = Synonyme.objects.count()
    reponse = client_de("lea").post(
        f"{LISTE}nouveau/", {"termes": "trucmuche\nguinguette", "essai": "trucmuche", "geste": "essayer"}
    )
    rendu = reponse.content.decode().replace("\u00a0", " ")
    assert rendu.index("0 expérience") < rendu.index("1 expérience") < rendu.index("La guinguette</a>")
    assert Synonyme.objects.count() == avant


def test_l_essai_d_un_index_qui_se_prepare_le_dit(client_de: ClientDe, indexer: Indexer) -> None:
    assert "La recherche se prépare" in html(client_de("lea"), f"{LISTE}?essai=jardin")
