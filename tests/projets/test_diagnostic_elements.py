"""Constats, paroles, rencontres, résultats d'enquête : qui les lit, ce qui s'écrit, ce qui ne se retire pas."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from maillage.projets.manques_du_diagnostic import manques_du_diagnostic
from maillage.projets.models import Constat, Parole, ProjetSocial, Rencontre, ResultatEnquete
from tests.distribution import Distribution
from tests.projets.fabriques import arbre_d_essai
from tests.projets.fabriques_diagnostic import (
    ConstatFactory,
    ParoleFactory,
    ResultatFactory,
    ThemeFactory,
    diagnostic_d_essai,
)

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts)


@pytest.mark.parametrize("etat", ["preparation", "soumis", "en_cours"])
def test_la_caf_ne_lit_pas_le_diagnostic_meme_soumis(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir, etat: str
) -> None:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    ProjetSocial.objects.filter(pk=projet.pk).update(etat=etat)
    denis = client_de("denis")
    for nom in (
        "projet",
        "diagnostic",
        "diagnostic_paroles",
        "besoins",
        "diagnostic_chiffres",
        "provenance_des_personnes",
    ):
        assert denis.get(reverse(nom, args=[projet.pk])).status_code == 404, nom


def test_un_projet_soumis_se_lit_et_ne_s_ecrit_plus(projet: ProjetSocial, client_de: Ouvrir) -> None:
    ConstatFactory(projet=projet)
    ProjetSocial.objects.filter(pk=projet.pk).update(etat="soumis")
    amina = client_de("amina")
    page = reverse("diagnostic_constats", args=[projet.pk])
    lue = amina.get(page).content.decode()
    assert "Aucun lieu ouvert le soir." in lue and "Ajouter un constat" not in lue
    assert amina.post(page, {"texte": "Intrus", "nature": "atout"}).status_code == 404
    assert projet.constats.count() == 1


def test_un_constat_sans_case_est_refuse_et_garde_son_texte(projet: ProjetSocial, client_de: Ouvrir) -> None:
    reponse = client_de("amina").post(
        reverse("diagnostic_constats", args=[projet.pk]), {"texte": "Deux maisons ouvertes"}
    )
    assert reponse.status_code == 422
    assert "Choisissez une des quatre cases." in reponse.content.decode()
    assert "Deux maisons ouvertes" in reponse.content.decode() and not Constat.objects.exists()


def test_un_double_envoi_n_ajoute_qu_un_constat(projet: ProjetSocial, client_de: Ouvrir) -> None:
    page, amina = reverse("diagnostic_constats", args=[projet.pk]), client_de("amina")
    for _ in range(2):
        assert amina.post(page, {"texte": "Deux maisons", "nature": "atout"}).status_code == 302
    assert [un.texte for un in projet.constats.all()] == ["Deux maisons"]


def test_une_parole_d_un_autre_projet_ne_se_corrige_pas_ici(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    ailleurs = ParoleFactory(projet=arbre_d_essai(distribution.quatre_vents))
    adresse = reverse("diagnostic_element", args=[projet.pk, "paroles", ailleurs.pk])
    assert client_de("amina").get(adresse).status_code == 404


def test_un_theme_d_un_autre_projet_n_est_pas_un_choix(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    ailleurs = ThemeFactory(projet=arbre_d_essai(distribution.quatre_vents))
    reponse = client_de("amina").post(
        reverse("diagnostic_paroles", args=[projet.pk]), {"texte": "Un mot", "theme_id": ailleurs.pk}
    )
    assert reponse.status_code == 422 and not Parole.objects.filter(projet=projet).exists()


def test_les_paroles_se_lisent_par_theme_et_un_theme_retire_les_garde(
    projet: ProjetSocial, client_de: Ouvrir
) -> None:
    theme, amina = ThemeFactory(projet=projet), client_de("amina")
    amina.post(
        reverse("diagnostic_paroles", args=[projet.pk]),
        {"texte": "Plus de bus", "qui": "une lycéenne", "theme_id": theme.pk, "occasion": ""},
    )
    page = amina.get(reverse("diagnostic_paroles", args=[projet.pk])).content.decode()
    assert "Se déplacer" in page and "Plus de bus" in page and 'data-axe="bleu"' in page
    amina.post(reverse("diagnostic_element_geste", args=[projet.pk, "themes", theme.pk, "retirer"]))
    assert Parole.objects.get().theme is None
    assert "Sans thème" in amina.get(reverse("diagnostic_paroles", args=[projet.pk])).content.decode()


def test_une_rencontre_compte_qui_etait_la_et_se_remet(projet: ProjetSocial, client_de: Ouvrir) -> None:
    amina, page = client_de("amina"), reverse("diagnostic_rencontres", args=[projet.pk])
    envoi = {
        "titre": "Café de la place",
        "genre": "restitution",
        "le": "2024-05-14",
        "presents_habitants": "12",
        "presents_elus": "2",
    }
    refus = amina.post(page, envoi | {"presents_equipe": "beaucoup"})
    assert refus.status_code == 422 and not Rencontre.objects.exists()
    amina.post(page, envoi)
    rencontre = Rencontre.objects.get()
    assert rencontre.affluence == {"habitants": 12, "elus": 2} and rencontre.presents == 14
    lue = amina.get(page).content.decode()
    assert "Habitants\u00a0: 12" in lue and "Restitution" in lue
    amina.post(reverse("diagnostic_element_geste", args=[projet.pk, "rencontres", rencontre.pk, "retirer"]))
    assert not Rencontre.objects.exists()
    amina.post(reverse("diagnostic_element_remettre", args=[projet.pk, "rencontres"]))
    remise = Rencontre.objects.get()
    assert (str(remise.le), remise.affluence) == ("2024-05-14", {"habitants": 12, "elus": 2})


def test_deux_personnes_sur_une_parole_comparent_leurs_textes(
    projet: ProjetSocial, client_de: Ouvrir
) -> None:
    parole = ParoleFactory(projet=projet, texte="Avant")
    adresse = reverse("diagnostic_element", args=[projet.pk, "paroles", parole.pk])
    amina, bruno = client_de("amina"), client_de("bruno")
    lue = amina.get(adresse).context["form"].initial["lue"]
    assert bruno.post(adresse, {"texte": "Le texte de Bruno", "lue": lue}).status_code == 302
    conflit = amina.post(adresse, {"texte": "Le texte d’Amina", "lue": lue})
    page = conflit.content.decode()
    assert conflit.status_code == 422 and "Le texte de Bruno" in page and "Le texte d’Amina" in page


def test_ce_qui_est_une_preuve_ne_se_retire_pas_et_la_page_dit_ou(
    projet: ProjetSocial, client_de: Ouvrir
) -> None:
    diagnostic_d_essai(projet)
    constat = projet.constats.get()
    reponse = client_de("amina").post(
        reverse("diagnostic_element_geste", args=[projet.pk, "constats", constat.pk, "retirer"]), follow=True
    )
    assert "Pouvoir sortir le soir" in reponse.content.decode()
    assert Constat.objects.filter(pk=constat.pk).exists()


def test_un_resultat_croise_veut_ses_colonnes_et_des_effectifs(
    projet: ProjetSocial, client_de: Ouvrir
) -> None:
    amina, page = client_de("amina"), reverse("diagnostic_resultats", args=[projet.pk])
    envoi = {
        "question": "Avez-vous renoncé à une aide ?",
        "lignes_zone": ["Femmes", "Hommes"],
        "lignes_ligne": ["Oui", "Non"],
        "lignes_cellule": ["24", "18", "41", "1 030"],
    }
    refus = amina.post(page, envoi)
    assert refus.status_code == 422 and "dites ce qui les sépare" in refus.content.decode()
    refus = amina.post(
        page, envoi | {"croisement": "par_genre", "lignes_cellule": ["24 %", "18", "41", "30"]}
    )
    assert "n’est pas un effectif" in refus.content.decode()
    amina.post(page, envoi | {"croisement": "par_genre"})
    assert ResultatEnquete.objects.get().lignes[1] == {"libelle": "Non", "valeurs": [41, 1030]}


def test_les_petits_nombres_se_cachent_dedans_a_cinq_dehors_a_onze(
    projet: ProjetSocial, client_de: Ouvrir
) -> None:
    ResultatFactory(
        projet=projet,
        croisement="par_genre",
        colonnes=["Femmes", "Hommes"],
        lignes=[
            {"libelle": "Oui", "valeurs": [40, 9]},
            {"libelle": "Non", "valeurs": [25, 31]},
            {"libelle": "Ne sait pas", "valeurs": [3, 22]},
        ],
    )
    amina, page = client_de("amina"), reverse("diagnostic_resultats", args=[projet.pk])
    dedans = [cases for _, cases in amina.get(page).context["lus"][0].lignes]
    assert dedans[0][1] == "9" and dedans[2][0] == "caché"
    dehors = [cases for _, cases in amina.get(f"{page}?vu=dehors").context["lus"][0].lignes]
    assert dehors[0][1] == "caché" and dehors[2][0] == "caché"
    for rangee in (*dehors, *zip(*dehors, strict=True)):
        assert rangee.count("caché") != 1, "une seule case cachée se retrouve par soustraction"


def test_ce_qui_manque_au_diagnostic_mene_a_une_page(projet: ProjetSocial, client_de: Ouvrir) -> None:
    phrases = {manque.phrase for manque in manques_du_diagnostic(projet)}
    assert {
        "Aucune rencontre n’est notée.",
        "Aucun besoin n’est dit.",
        "Aucun constat n’est écrit.",
    } <= phrases
    amina = client_de("amina")
    for manque in manques_du_diagnostic(projet):
        assert amina.get(reverse(manque.ou, args=[projet.pk])).status_code == 200, manque.phrase
