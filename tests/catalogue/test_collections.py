"""Rassembler des fiches, dire pourquoi, les ranger, les partager : qui lit, qui écrit, et rien ne se perd."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from maillage.catalogue.models import Collection, ElementCollection, Experience
from maillage.catalogue.operations.collections import (
    ELEMENTS_MAX,
    CollectionRefusee,
    ajouter_a_la_collection,
    deplacer_element,
    ecrire_collection,
    remettre_element,
    retirer_element,
)
from maillage.core.models import LigneJournal
from maillage.core.versions import ConflitDeVersion
from tests.collections_d_essai import CollectionFactory
from tests.distribution import Distribution
from tests.fabriques import ExperienceFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def fiches(distribution: Distribution) -> list[Experience]:
    return [
        ExperienceFactory(titre=titre, structure=distribution.quatre_vents)
        for titre in ("Un", "Deux", "Trois")
    ]


@pytest.fixture
def siennes(distribution: Distribution, fiches: list[Experience]) -> Collection:
    """Privée, à Amina elle-même."""
    return CollectionFactory(titre="Les aînés", auteur=distribution.amina, fiches=fiches)


def page(client: Client, collection: Collection) -> Any:
    return client.get(reverse("collection", args=[collection.code]))


def modifier(client: Client, collection: Collection, geste: str = "enregistrer", **envoi: Any) -> Any:
    collection.refresh_from_db()
    champs = {
        "geste": geste,
        "version": collection.version,
        "titre": collection.titre,
        "note": collection.note,
        "structure": collection.structure_id or "moi",
    }
    if collection.est_partagee:
        champs["est_partagee"] = "on"
    return client.post(reverse("collection_modifier", args=[collection.code]), champs | envoi)


def ordre(collection: Collection) -> list[str]:
    return [element.experience.titre for element in collection.elements.avec_leur_fiche()]


# --- Qui lit, qui écrit ---------------------------------------------------------------------------
@pytest.mark.parametrize("personne", ["anonyme", "omar", "bruno", "chloe", "lea", "nadia"])
def test_une_collection_privee_n_existe_pas_pour_les_autres(
    client_de: Ouvrir, siennes: Collection, personne: str
) -> None:
    client = client_de(personne)
    prive = 302 if personne == "anonyme" else 404
    assert page(client, siennes).status_code == 404
    assert client.get(reverse("collection_document", args=[siennes.code, "pdf"])).status_code == 404
    assert client.get(reverse("collection_modifier", args=[siennes.code])).status_code == prive
    assert modifier(client, siennes, titre="Volée").status_code == prive
    assert client.post(reverse("collection_supprimer", args=[siennes.code])).status_code == prive
    siennes.refresh_from_db()
    assert siennes.titre == "Les aînés"


def test_celle_d_une_structure_est_a_ses_collegues_et_a_eux_seuls(
    client_de: Ouvrir, siennes: Collection, distribution: Distribution
) -> None:
    Collection.objects.update(structure=distribution.deux_ponts)
    for personne, attendu in (
        ("bruno", 200),
        ("amina", 200),
        ("chloe", 404),
        ("omar", 404),
        ("anonyme", 404),
    ):
        assert page(client_de(personne), siennes).status_code == attendu
    assert modifier(client_de("bruno"), siennes, titre="Nos aînés").status_code == 302
    siennes.refresh_from_db()
    assert (siennes.titre, siennes.structure, siennes.auteur) == (
        "Nos aînés",
        distribution.deux_ponts,
        distribution.amina,
    )
    # Un collègue ne la fait pas sienne, ni ne la donne à une structure où il n'est pas.
    for structure in ("moi", "", distribution.quatre_vents.pk):
        assert modifier(client_de("bruno"), siennes, structure=structure).status_code == 422


def test_une_collection_partagee_se_lit_sans_compte_et_ne_s_ecrit_pas(
    client_de: Ouvrir, siennes: Collection
) -> None:
    Collection.objects.update(est_partagee=True)
    reponse = page(client_de("anonyme"), siennes)
    assert reponse.status_code == 200
    assert 'content="noindex"' in reponse.content.decode()
    assert "Modifier" not in reponse.content.decode()
    assert "Modifier" in page(client_de("amina"), siennes).content.decode()
    assert modifier(client_de("chloe"), siennes, titre="Volée").status_code == 404


def test_l_element_d_une_autre_collection_ne_se_touche_pas_d_ici(
    client_de: Ouvrir, siennes: Collection, fiches: list[Experience]
) -> None:
    element = CollectionFactory(fiches=fiches).elements.get(experience=fiches[0])
    for geste in ("retirer", "monter", "descendre", "remettre"):
        assert modifier(client_de("amina"), siennes, f"{geste}:{element.pk}").status_code == 404
    element.refresh_from_db()
    assert element.retire_le is None


@pytest.mark.parametrize("geste", ["", "effacer:1", "monter", "monter:a"])
def test_un_geste_inconnu_ne_fait_rien(client_de: Ouvrir, siennes: Collection, geste: str) -> None:
    assert modifier(client_de("amina"), siennes, geste).status_code == 404


# --- Créer, ajouter -------------------------------------------------------------------------------
def test_sans_titre_rien_n_est_cree(client_de: Ouvrir) -> None:
    reponse = client_de("amina").post(reverse("collections"), {"titre": " "})
    assert reponse.status_code == 422
    assert not Collection.objects.exists()


def test_on_commence_par_une_collection_vide(client_de: Ouvrir, distribution: Distribution) -> None:
    client = client_de("amina")
    assert "Aucune collection" in client.get(reverse("collections")).content.decode()
    reponse = client.post(
        reverse("collections"), {"titre": "  Aller  vers ", "structure": distribution.deux_ponts.pk}
    )
    creee = Collection.objects.get()
    assert reponse.headers["Location"] == reverse("collection_modifier", args=[creee.code])
    assert (creee.titre, creee.structure, creee.est_partagee) == (
        "Aller vers",
        distribution.deux_ponts,
        False,
    )
    assert "Aucune fiche encore" in client.get(reponse.headers["Location"]).content.decode()
    assert "Cette collection est vide" in page(client, creee).content.decode()
    assert "Aller vers" in client_de("bruno").get(reverse("collections")).content.decode()


def test_une_personne_sans_structure_n_a_pas_a_choisir(client_de: Ouvrir) -> None:
    client = client_de("omar")
    assert 'name="structure"' not in client.get(reverse("collections")).content.decode()
    client.post(reverse("collections"), {"titre": "La mienne"})
    assert Collection.objects.get().structure is None


def test_une_fiche_s_ajoute_depuis_sa_page_une_seule_fois_et_l_ajout_s_annule(
    client_de: Ouvrir, siennes: Collection
) -> None:
    client, fiche = client_de("amina"), ExperienceFactory(titre="Quatre")
    assert (
        "Ajouter à une collection"
        in client.get(reverse("experience", args=[fiche.code, fiche.slug])).content.decode()
    )
    ajouter = reverse("experience_collections", args=[fiche.code])
    reponse = client.post(ajouter, {"collection": siennes.code})
    element = ElementCollection.objects.get(experience=fiche)
    assert reponse.headers["Location"].endswith(f"#id_e{element.pk}-note")
    assert ordre(siennes) == ["Un", "Deux", "Trois", "Quatre"]
    client.post(ajouter, {"collection": siennes.code})
    assert ordre(siennes) == ["Un", "Deux", "Trois", "Quatre"]
    assert "Elle y est" in client.get(ajouter).content.decode()
    adresse = reverse("collection_modifier", args=[siennes.code])
    client.post(f"{adresse}?geste=retirer:{element.pk}")
    assert ordre(siennes) == ["Un", "Deux", "Trois"]


def test_une_fiche_s_ajoute_dans_une_collection_neuve_mais_pas_dans_celle_d_un_autre(
    client_de: Ouvrir, siennes: Collection
) -> None:
    fiche = ExperienceFactory()
    ajouter = reverse("experience_collections", args=[fiche.code])
    assert client_de("chloe").post(ajouter, {"collection": siennes.code}).status_code == 404
    assert client_de("chloe").post(ajouter, {"titre": ""}).status_code == 422
    client_de("chloe").post(ajouter, {"titre": "À relire", "structure": "moi"})
    assert ordre(Collection.objects.get(titre="À relire")) == [fiche.titre]
    assert len(ordre(siennes)) == 3


def test_une_fiche_hors_ligne_ne_s_ajoute_pas(
    client_de: Ouvrir, siennes: Collection, distribution: Distribution
) -> None:
    for etat in ("brouillon", "retiree"):
        fiche = ExperienceFactory(**{etat: True})
        assert client_de("amina").get(reverse("experience_collections", args=[fiche.code])).status_code == 404
        with pytest.raises(CollectionRefusee):
            ajouter_a_la_collection(siennes, fiche, par=distribution.amina)


def test_une_collection_pleine_le_dit(
    siennes: Collection, distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maillage.catalogue.operations.collections.ELEMENTS_MAX", 3)
    assert ELEMENTS_MAX == 50
    with pytest.raises(CollectionRefusee, match="au plus"):
        ajouter_a_la_collection(siennes, ExperienceFactory(), par=distribution.amina)


# --- Écrire, ranger, ôter -------------------------------------------------------------------------
def test_tout_s_ecrit_d_un_seul_bouton(client_de: Ouvrir, siennes: Collection) -> None:
    un = siennes.elements.get(experience__titre="Un")
    modifier(
        client_de("amina"),
        siennes,
        titre="Aînés",
        note="Pour le conseil.",
        est_partagee="on",
        **{f"e{un.pk}-note": "Simple à reprendre."},
    )
    siennes.refresh_from_db()
    un.refresh_from_db()
    assert (siennes.titre, siennes.note, siennes.est_partagee) == ("Aînés", "Pour le conseil.", True)
    assert un.note == "Simple à reprendre."
    ligne = LigneJournal.objects.get(acte="ecrire_collection")
    assert ligne.avant and ligne.apres and ligne.avant["titre"] == "Les aînés"


def test_enregistrer_sans_rien_changer_n_ecrit_rien(client_de: Ouvrir, siennes: Collection) -> None:
    version = siennes.version
    modifier(client_de("amina"), siennes)
    siennes.refresh_from_db()
    assert siennes.version == version
    assert not LigneJournal.objects.filter(acte="ecrire_collection").exists()


def test_ranger_garde_ce_qui_est_tape_et_ramene_au_bouton(client_de: Ouvrir, siennes: Collection) -> None:
    client = client_de("amina")
    deux = siennes.elements.get(experience__titre="Deux")
    adresse = reverse("collection_modifier", args=[siennes.code])
    reponse = modifier(client, siennes, f"descendre:{deux.pk}", note="En cours d’écriture")
    assert ordre(siennes) == ["Un", "Trois", "Deux"]
    assert reponse.headers["Location"] == f"{adresse}#monter-{deux.pk}"  # en bas : il ne reste que monter
    siennes.refresh_from_db()
    assert siennes.note == "En cours d’écriture"
    assert modifier(client, siennes, f"monter:{deux.pk}").headers["Location"].endswith(f"#monter-{deux.pk}")
    assert (
        modifier(client, siennes, f"monter:{deux.pk}").headers["Location"].endswith(f"#descendre-{deux.pk}")
    )
    assert ordre(siennes) == ["Deux", "Un", "Trois"]


def test_au_bout_de_la_liste_rien_ne_bouge(siennes: Collection, distribution: Distribution) -> None:
    premier = siennes.elements.avec_leur_fiche()[0]
    assert deplacer_element(premier, "monter", par=distribution.amina) == 0
    assert ordre(siennes) == ["Un", "Deux", "Trois"]


def test_oter_s_annule_a_la_meme_place_avec_la_meme_note(
    client_de: Ouvrir, siennes: Collection, distribution: Distribution
) -> None:
    client = client_de("amina")
    deux = siennes.elements.get(experience__titre="Deux")
    reponse = modifier(client, siennes, f"retirer:{deux.pk}", **{f"e{deux.pk}-note": "Écrit juste avant"})
    assert ordre(siennes) == ["Un", "Trois"]
    html = client.get(reponse.headers["Location"]).content.decode()
    assert f"geste=remettre:{deux.pk}" in html
    client.post(f"{reponse.headers['Location']}?geste=remettre:{deux.pk}")
    assert ordre(siennes) == ["Un", "Deux", "Trois"]
    deux.refresh_from_db()
    assert deux.note == "Écrit juste avant"
    retirer_element(deux, par=distribution.amina)
    retirer_element(deux, par=distribution.amina)
    remettre_element(deux, par=distribution.amina)
    remettre_element(deux, par=distribution.amina)
    assert LigneJournal.objects.filter(acte="remettre_element").count() == 2


def test_deux_personnes_la_seconde_voit_le_texte_de_la_premiere_et_garde_le_sien(
    client_de: Ouvrir, siennes: Collection, distribution: Distribution
) -> None:
    Collection.objects.update(structure=distribution.deux_ponts)
    siennes.refresh_from_db()
    lue = siennes.version
    modifier(client_de("bruno"), siennes, titre="Le titre de Bruno", note="Sa note")
    reponse = modifier(client_de("amina"), siennes, titre="Le titre d’Amina", version=lue)
    html = reponse.content.decode()
    assert reponse.status_code == 409
    assert "Le titre de Bruno" in html and "Sa note" in html and "Le titre d’Amina" in html
    siennes.refresh_from_db()
    assert siennes.titre == "Le titre de Bruno"
    assert f'name="version" value="{siennes.version}"' in html
    modifier(client_de("amina"), siennes, titre="Le titre d’Amina")
    siennes.refresh_from_db()
    assert siennes.titre == "Le titre d’Amina"


def test_une_version_ancienne_leve_un_conflit(siennes: Collection, distribution: Distribution) -> None:
    with pytest.raises(ConflitDeVersion):
        ecrire_collection(
            siennes, version_lue=99, titre="X", note="", est_partagee=True, structure=None, notes={},
            par=distribution.amina,
        )  # fmt: skip


def test_supprimer_une_collection_laisse_les_fiches(client_de: Ouvrir, siennes: Collection) -> None:
    client = client_de("amina")
    suite = client.post(reverse("collection_supprimer", args=[siennes.code]), follow=True).content.decode()
    assert "est supprimée" in suite
    assert not Collection.objects.exists()
    assert Experience.objects.publiees().count() == 3
