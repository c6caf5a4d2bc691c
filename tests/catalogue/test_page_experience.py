"""La page d'une expérience, son adresse courte et ce que lisent les moteurs."""

import json
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from maillage.catalogue.choices import FamilleTerme, GenreMoyen, GenrePoint, RolePartenaire
from maillage.catalogue.models import Experience, Moyen, Partenariat
from maillage.core import emplacements
from tests.fabriques import ExperienceFactory, PartenaireFactory, PointAVerifierFactory, TermeFactory

pytestmark = pytest.mark.django_db


def adresse(fiche: Experience, slug: str = "") -> str:
    return reverse("experience", args=[fiche.code, slug or fiche.slug])


def page(client: Client, fiche: Experience) -> str:
    reponse = client.get(adresse(fiche))
    assert reponse.status_code == 200
    return reponse.content.decode()


@pytest.mark.parametrize("etat", ["brouillon"])
def test_une_fiche_jamais_publiee_n_existe_pas(client: Client, etat: str) -> None:
    fiche = ExperienceFactory(**{etat: True})
    assert client.get(adresse(fiche)).status_code == 404
    assert client.get(f"/e/{fiche.code}").status_code == 404


def test_un_code_inconnu_n_existe_pas(client: Client) -> None:
    assert client.get("/experiences/jamais/rien/").status_code == 404
    assert client.get("/e/jamais").status_code == 404


def test_une_fiche_retiree_repond_410_et_ne_montre_rien_d_elle(client: Client) -> None:
    fiche = ExperienceFactory(retiree=True, titre="Un titre à oublier")
    for lieu in (adresse(fiche), f"/e/{fiche.code}"):
        reponse = client.get(lieu)
        assert reponse.status_code == 410
        assert "Cette fiche a été retirée" in reponse.content.decode()
        assert "Un titre à oublier" not in reponse.content.decode()


@pytest.mark.parametrize("methode", ["post", "put", "delete"])
def test_la_fiche_ne_s_ecrit_pas_a_son_adresse(client: Client, methode: str) -> None:
    assert getattr(client, methode)(adresse(ExperienceFactory())).status_code == 405


def test_un_titre_ancien_mene_a_l_adresse_actuelle(client: Client) -> None:
    fiche = ExperienceFactory()
    reponse = client.get(adresse(fiche, "un-vieux-titre"))
    assert (reponse.status_code, reponse["Location"]) == (301, adresse(fiche))


def test_l_adresse_courte_mene_a_la_fiche_meme_recopiee_en_capitales(client: Client) -> None:
    fiche = ExperienceFactory(code="ab3k7m")
    reponse = client.get("/e/AB3K7M")
    assert (reponse.status_code, reponse["Location"]) == (301, adresse(fiche))


def test_un_texte_de_centre_n_est_jamais_du_html(client: Client) -> None:
    fiche = ExperienceFactory(
        titre="<script>alert(1)</script>", resume="</script><img src=x onerror=alert(1)>"
    )
    html = page(client, fiche)
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_un_telephone_non_verifie_n_apparait_nulle_part_dans_la_page(client: Client) -> None:
    numero = "04 00 00 00 12"
    fiche = ExperienceFactory(resume=f"Appelez le {numero}.", personnes_mobilisees=f"voir {numero}")
    for champ, debut in (("resume", 11), ("personnes_mobilisees", 5)):
        PointAVerifierFactory(
            experience=fiche,
            genre=GenrePoint.TELEPHONE,
            champ=champ,
            debut=debut,
            fin=debut + len(numero),
            extrait=numero,
        )
    html = page(client, fiche)
    assert numero not in html
    assert html.count("[téléphone masqué]") >= 3  # chapeau, description pour les moteurs, mots du centre


def test_la_fiche_dit_qui_agit_qui_finance_et_combien(client: Client) -> None:
    fiche = ExperienceFactory()
    mairie, caisse = PartenaireFactory(nom="Mairie"), PartenaireFactory(nom="Caisse de retraite")
    Partenariat.objects.create(experience=fiche, partenaire=mairie, role=RolePartenaire.ACTION)
    Partenariat.objects.create(
        experience=fiche, partenaire=caisse, role=RolePartenaire.FINANCEUR, montant=Decimal(6000)
    )
    html = page(client, fiche)
    avec, finance = html.index("<dt>Avec</dt>"), html.index("<dt>Financé par</dt>")
    assert avec < html.index("Mairie") < finance < html.index("Caisse de retraite")
    assert "(6\u202f000\xa0€)" in html


def test_les_nombres_lus_sont_a_cote_des_mots_du_centre(client: Client) -> None:
    fiche = ExperienceFactory(ressources_financieres="Environ 14 000 euros.")
    Moyen.objects.create(
        experience=fiche,
        genre=GenreMoyen.MONTANT,
        valeur=Decimal(14000),
        periode="par an",
        champ="ressources_financieres",
        debut=8,
        fin=20,
        extrait="14 000 euros",
        est_retenu=True,
    )
    html = page(client, fiche)
    assert '<dd class="lu">14\u202f000\xa0€ par an</dd>' in html
    assert "<mark>14 000 euros</mark>" in html


def test_un_texte_libre_devient_paragraphes_et_listes(client: Client) -> None:
    fiche = ExperienceFactory(limites="Deux soucis :\n- l’eau manque\n- les bras aussi\nOn continue.")
    html = page(client, fiche)
    assert "<ul><li>l’eau manque</li><li>les bras aussi</li></ul>" in html
    assert "<p>On continue.</p>" in html


def test_un_long_resume_se_lit_en_entier_plus_bas(client: Client) -> None:
    phrase = "Chaque samedi, des voisins se retrouvent au jardin pour semer et parler. "
    court, long = ExperienceFactory(resume=phrase), ExperienceFactory(resume=phrase * 10 + "Fin du résumé.")
    assert "Le résumé en entier" not in page(client, court)
    assert "Fin du résumé." in page(client, long)


def test_une_action_terminee_dit_pourquoi(client: Client) -> None:
    html = page(client, ExperienceFactory(terminee=True))
    assert "Pourquoi l’action s’est terminée" in html
    assert "Le terrain a été repris." in html


def test_la_fiche_donne_ses_conseils_en_mots_et_jamais_de_note(client: Client) -> None:
    html = page(client, ExperienceFactory())
    assert "Il manque les limites." in html
    assert not re.search(r"\d+\s*(%|/\s*(10|20|100))\s*<", html)


def test_les_moteurs_lisent_la_fiche_sans_sortir_de_leur_balise(client: Client) -> None:
    fiche = ExperienceFactory(
        titre="</script><b>& co",
        termes=[TermeFactory(), TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Seniors")],
    )
    html = page(client, fiche)
    trouve = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert trouve
    donnees = json.loads(trouve[1])
    assert donnees["headline"] == "</script><b>& co"
    assert donnees["keywords"] == ["Jardin partagé"]
    assert donnees["url"].endswith(adresse(fiche))
    assert f'<link rel="canonical" href="{donnees["url"]}">' in html


def test_la_page_propose_de_partager_l_adresse_courte(client: Client) -> None:
    fiche = ExperienceFactory(titre="Thé & contes")
    html = page(client, fiche)
    assert "mailto:?subject=Th%C3%A9%20%26%20contes" in html
    assert f"/e/{fiche.code}" in html


def test_une_piece_du_dessus_se_montre_dans_la_fiche(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    occupant = emplacements.Occupant("experience_courte", "Déjà essayé ailleurs")
    monkeypatch.setitem(emplacements._occupants, "experience.apres_resultats", [occupant])
    fiche = ExperienceFactory()
    assert "Déjà essayé ailleurs" in page(client, fiche)


def test_un_lecteur_anonyme_ne_recoit_aucun_temoin(client: Client) -> None:
    reponse = client.get(adresse(ExperienceFactory()))
    assert not reponse.cookies


@pytest.mark.plafond_de_requetes(11)  # neuf, et les synonymes relus au plus une fois par seconde
def test_la_fiche_la_plus_pleine_tient_en_onze_requetes(client: Client, indexer: Callable[[], int]) -> None:
    mots_cles = [TermeFactory(libelle=f"Mot {n}") for n in range(6)]
    for _ in range(3):
        ExperienceFactory(termes=mots_cles)
    fiche = ExperienceFactory(
        termes=mots_cles,
        partenaires=[PartenaireFactory() for _ in range(6)],
    )
    for _ in range(5):
        PointAVerifierFactory(experience=fiche)
    indexer()
    raison = "Mot clé «\u00a0mot 0\u00a0», mots «\u00a0jardin\u00a0» et «\u00a0saison\u00a0»"
    assert raison in page(client, fiche)
