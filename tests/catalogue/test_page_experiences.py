"""La recherche dans le catalogue : résultats, facettes, correction, adresse, fragments."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client

from maillage.catalogue.choices import FamilleTerme, GenreMoyen, GenrePoint
from maillage.catalogue.models import Moyen
from maillage.catalogue.views.liste import PLAFOND_DU_DOSSIER
from tests.fabriques import (
    DepartementFactory,
    ExperienceFactory,
    PartenaireFactory,
    PointAVerifierFactory,
    StructureFactory,
    TermeFactory,
)

pytestmark = pytest.mark.django_db
Indexer = Callable[[], int]


def page(client: Client, suite: str = "", code: int = 200, **entetes: str) -> str:
    reponse = client.get(f"/experiences/{suite}", headers=entetes)
    assert reponse.status_code == code
    return reponse.content.decode()


def titres(html: str) -> list[str]:
    trouves = re.findall(r'<h3><a href="/experiences/[^"]+">(.*?)</a></h3>', html)
    return [re.sub(r"</?mark>", "", titre) for titre in trouves]


def compte_de(html: str, cle: str, valeur: str) -> int:
    trouve = re.search(rf'id="{cle}-{valeur}".*?<span class="n">(\d+)</span>', html)
    assert trouve, f"{cle}={valeur} n'est pas dans les facettes"
    return int(trouve[1])


# --- Refus ---------------------------------------------------------------------------------------


@pytest.mark.erreur_journalisee
def test_sans_index_la_page_dit_de_revenir_et_ne_tombe_pas(client: Client, indexer: Indexer) -> None:
    reponse = client.get("/experiences/")
    assert (reponse.status_code, reponse["Retry-After"]) == (503, "30")


@pytest.mark.parametrize("etat", ["brouillon", "retiree"])
def test_une_fiche_non_publiee_ne_se_trouve_pas(client: Client, indexer: Indexer, etat: str) -> None:
    ExperienceFactory(titre="Kayak secret", **{etat: True})
    indexer()
    assert titres(page(client, "?q=kayak")) == []
    assert titres(page(client)) == []


def test_une_fiche_retiree_apres_l_indexation_ne_se_montre_plus(client: Client, indexer: Indexer) -> None:
    fiche = ExperienceFactory(titre="Kayak")
    indexer()
    type(fiche).objects.filter(pk=fiche.pk).update(etat="retiree")
    assert "Kayak" not in page(client, "?q=kayak")


@pytest.mark.parametrize(
    "suite",
    [
        "?page=abc",
        "?page=-1",
        "?page=0",
        "?page=%00",
        "?page=1e9",
        "?tri=rien",
        "?q=%00%01%ff",
        "?q=" + "a" * 5000,
        "?q=(((OR AND:*~",
        "?public=" + "x" * 3000,
        "?structure='%22<script>",
        "?" + "&".join(f"mot_cle=v{n}" for n in range(300)),
        "?annee=12&budget=zz&orthographe=zz",
        "?inconnu=1&fiche=2",
        "?departement=%F0%9F%92%A9&region=%ED%A0%80",
    ],
)
def test_une_adresse_absurde_montre_la_liste(client: Client, indexer: Indexer, suite: str) -> None:
    ExperienceFactory()
    indexer()
    assert "<script>" not in page(client, suite).replace("<script src", "").replace("<script type", "")


@pytest.mark.parametrize("numero", ["2", "401", "9999999"])
def test_une_page_au_dela_de_la_derniere_n_existe_pas(client: Client, indexer: Indexer, numero: str) -> None:
    ExperienceFactory()
    indexer()
    page(client, f"?page={numero}", code=404)


def test_la_recherche_ne_s_envoie_pas_en_post(client: Client) -> None:
    assert client.post("/experiences/", {"q": "jardin"}).status_code == 405


def test_un_telephone_non_verifie_n_est_dans_aucun_extrait(client: Client, indexer: Indexer) -> None:
    fiche = ExperienceFactory(resume="Pour le jardin appelez le 04 00 00 00 12.")
    PointAVerifierFactory(
        experience=fiche,
        genre=GenrePoint.TELEPHONE,
        champ="resume",
        debut=26,
        fin=40,
        extrait="04 00 00 00 12",
    )
    indexer()
    html = page(client, "?q=jardin")
    assert "[téléphone masqué]" in html
    assert "04 00 00 00 12" not in html
    assert "04 00 00 00 12" not in page(client)


# --- Chercher ------------------------------------------------------------------------------------


def test_accents_pluriel_et_casse_ne_comptent_pas(client: Client, indexer: Indexer) -> None:
    ExperienceFactory(titre="Un café des aînés")
    ExperienceFactory(titre="Autre chose", resume="", description="")
    indexer()
    for texte in ("cafe", "CAFÉS", "aine", "café aînés"):
        assert titres(page(client, f"?q={texte}")) == ["Un café des aînés"]


def test_une_faute_de_frappe_est_corrigee_et_dite(client: Client, indexer: Indexer) -> None:
    ExperienceFactory(titre="Atelier numérique")
    indexer()
    html = page(client, "?q=numerqiue")
    assert titres(html) == ["Atelier numérique"]
    assert "Nous avons cherché «\xa0numérique\xa0»." in html.replace(" »", "\xa0»").replace("« ", "«\xa0")
    assert "/experiences/?q=numerqiue&amp;orthographe=telle-quelle" in html


def test_on_peut_chercher_quand_meme_ce_qu_on_a_tape(client: Client, indexer: Indexer) -> None:
    ExperienceFactory(titre="Atelier numérique")
    indexer()
    html = page(client, "?q=numerqiue&orthographe=telle-quelle")
    assert "0\xa0expérience" in html
    assert "Orthographe" in html
    assert "Les plus proches" in html


def test_les_mots_trouves_sont_surlignes_et_le_reste_echappe(client: Client, indexer: Indexer) -> None:
    ExperienceFactory(titre="Jardins <b>& haies", resume="Des jardins, <i>des</i> haies.")
    indexer()
    html = page(client, "?q=jardin")
    assert "<mark>Jardins</mark> &lt;b&gt;&amp; haies" in html
    assert "<i>" not in html


def test_sans_resultat_les_plus_proches_sans_les_filtres(client: Client, indexer: Indexer) -> None:
    ExperienceFactory(titre="Jardin du quai")
    ExperienceFactory(titre="Vélo du quai", description="", terminee=True)
    indexer()
    html = page(client, "?q=jardin&statut=terminee")
    assert "Les plus proches" in html
    assert titres(html) == ["Jardin du quai"]
    assert "Retirez un filtre" in html


# --- Filtrer -------------------------------------------------------------------------------------


def test_meme_cle_elargit_autre_cle_restreint(client: Client, indexer: Indexer) -> None:
    seniors = TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Seniors")
    adultes = TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Adultes")
    sante = TermeFactory(libelle="Santé")
    ExperienceFactory(titre="A", termes=[seniors, sante])
    ExperienceFactory(titre="B", termes=[adultes])
    ExperienceFactory(titre="C", termes=[sante])
    indexer()
    assert sorted(titres(page(client, "?public=seniors&public=adultes"))) == ["A", "B"]
    assert titres(page(client, "?public=seniors&public=adultes&mot_cle=sante")) == ["A"]


def test_les_nombres_des_facettes_disent_ce_que_le_clic_donnera(client: Client, indexer: Indexer) -> None:
    seniors = TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Seniors")
    adultes = TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Adultes")
    for rang in range(5):
        ExperienceFactory(termes=[seniors if rang < 3 else adultes], terminee=rang == 0)
    indexer()
    html = page(client, "?statut=en_cours&public=seniors")
    assert (compte_de(html, "public", "seniors"), compte_de(html, "public", "adultes")) == (2, 2)
    assert (compte_de(html, "statut", "en_cours"), compte_de(html, "statut", "terminee")) == (2, 1)
    for adresse, attendus in (("?statut=en_cours&public=adultes", 2), ("?statut=terminee&public=seniors", 1)):
        assert len(titres(page(client, adresse))) == attendus


def test_une_valeur_a_zero_est_grisee_mais_reste_la(client: Client, indexer: Indexer) -> None:
    TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Enfance")
    ExperienceFactory()
    indexer()
    html = page(client)
    assert re.search(r'<label class="coche zero"><input[^>]*id="public-enfance"[^>]*disabled>Enfance', html)


def test_les_douze_facettes_sont_la(client: Client, indexer: Indexer) -> None:
    autre = StructureFactory(nom="Le Rivage", departement=DepartementFactory(autre=True))
    ExperienceFactory(
        structure=autre,
        budget=Decimal(3000),
        partenaires=[PartenaireFactory(nom="Mairie")],
        publie_le=datetime(2025, 5, 5, tzinfo=UTC),
        termes=[
            TermeFactory(famille=famille, libelle=f"Valeur {famille}")
            for famille in ("dimension", "mot_cle", "public", "territoire", "initiative")
        ],
    )
    indexer()
    filtres = {
        "dimension": "valeur-dimension",
        "mot_cle": "valeur-mot_cle",
        "public": "valeur-public",
        "territoire": "valeur-territoire",
        "initiative": "valeur-initiative",
        "partenaire": "mairie",
        "statut": "en_cours",
        "departement": "pas-de-calais",
        "region": "hauts-de-france",
        "structure": "le-rivage",
        "annee": "2025",
        "budget": "1000-a-5000",
    }
    html = page(client, "?" + "&".join(f"{cle}={valeur}" for cle, valeur in filtres.items()))
    assert len(titres(html)) == 1
    for cle, valeur in filtres.items():
        assert compte_de(html, cle, valeur) == 1
    assert html.count("retirer ce filtre") == 12


def test_chaque_puce_mene_a_la_recherche_sans_elle(client: Client, indexer: Indexer) -> None:
    ExperienceFactory(termes=[TermeFactory(libelle="Santé")])
    indexer()
    html = page(client, "?q=jardin&mot_cle=sante&statut=en_cours")
    assert 'href="/experiences/?q=jardin&amp;statut=en_cours"' in html
    assert 'href="/experiences/?q=jardin&amp;mot_cle=sante"' in html
    assert '<a class="bouton discret" href="/experiences/?q=jardin">Tout effacer</a>' in html


def test_les_autres_mots_cles_se_deplient_en_disant_combien(client: Client, indexer: Indexer) -> None:
    ExperienceFactory(termes=[TermeFactory(libelle=f"Mot {n:02}") for n in range(19)])
    indexer()
    assert "<summary>15 autres mots clés</summary>" in page(client)


def test_ce_que_l_on_deplie_est_par_ordre_alphabetique(client: Client, indexer: Indexer) -> None:
    courants = [TermeFactory(libelle=nom) for nom in ("Zèle", "Yoga", "Vélo", "Troc")]
    for nom in ("Orage", "Écran", "Atelier"):
        ExperienceFactory(termes=[*courants, TermeFactory(libelle=nom)])
    indexer()
    facette = page(client).split('id="facette-mot_cle"')[1].split("</fieldset>")[0]
    assert re.findall(r'id="mot_cle-([a-z]+)"', facette)[4:] == ["atelier", "ecran", "orage"]


# --- Ranger, paginer -----------------------------------------------------------------------------


def test_quatre_facons_de_ranger(client: Client, indexer: Indexer) -> None:
    for titre, annee, budget in (("Beta", 2024, 100), ("Alpha", 2023, 900), ("Éclat", 2025, None)):
        ExperienceFactory(titre=titre, publie_le=datetime(annee, 1, 5, tzinfo=UTC), budget=budget)
    indexer()
    assert titres(page(client, "?tri=recentes")) == ["Éclat", "Beta", "Alpha"]
    assert titres(page(client, "?tri=titre")) == ["Alpha", "Beta", "Éclat"]
    assert titres(page(client, "?tri=budget"))[:2] == ["Alpha", "Beta"]
    assert titres(page(client, "?q=alpha")) == ["Alpha"]


def test_vingt_cinq_fiches_par_page_et_pas_deux_fois_la_meme(client: Client, indexer: Indexer) -> None:
    structure = StructureFactory()
    for _ in range(31):
        ExperienceFactory(structure=structure)
    indexer()
    premiere, seconde = titres(page(client, "?tri=titre")), titres(page(client, "?tri=titre&page=2"))
    assert (len(premiere), len(seconde)) == (25, 6)
    assert not set(premiere) & set(seconde)


# --- Ce que la carte montre ----------------------------------------------------------------------


def test_une_carte_dit_le_budget_les_personnes_et_le_lieu(client: Client, indexer: Indexer) -> None:
    fiche = ExperienceFactory(ressources_financieres="2 100 euros", personnes_mobilisees="4 bénévoles")
    for genre, valeur, champ, extrait in (
        (GenreMoyen.MONTANT, 2100, "ressources_financieres", "2 100 euros"),
        (GenreMoyen.BENEVOLES, 4, "personnes_mobilisees", "4 bénévoles"),
    ):
        Moyen.objects.create(
            experience=fiche,
            genre=genre,
            valeur=valeur,
            champ=champ,
            debut=0,
            fin=len(extrait),
            extrait=extrait,
            est_retenu=True,
        )
    indexer()
    html = page(client)
    assert "2\u202f100\xa0€" in html
    assert "4\xa0bénévoles" in html
    assert "Puy-de-Dôme" in html


# --- Fragments, audience, poids ------------------------------------------------------------------


def test_htmx_recoit_le_fragment_de_la_meme_page(client: Client, indexer: Indexer) -> None:
    ExperienceFactory()
    indexer()
    reponse = client.get("/experiences/?q=jardin&tri=&public=", headers={"HX-Request": "true"})
    html = reponse.content.decode()
    assert "<html" not in html
    assert titres(html) == titres(page(client, "?q=jardin"))
    assert reponse["HX-Push-Url"] == "/experiences/?q=jardin"
    assert "HX-Request" in reponse["Vary"]


def test_un_retour_en_arriere_recoit_la_page_entiere(client: Client, indexer: Indexer) -> None:
    indexer()
    html = page(client, "", **{"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in html


def test_un_lecteur_anonyme_ne_recoit_aucun_temoin(client: Client, indexer: Indexer) -> None:
    indexer()
    assert not client.get("/experiences/?q=jardin").cookies


def test_le_plafond_du_dossier_est_annonce_quand_il_coupe(client: Client, indexer: Indexer) -> None:
    structure = StructureFactory()
    ExperienceFactory(structure=structure)
    indexer()
    assert "premières fiches" not in page(client)
    for _ in range(PLAFOND_DU_DOSSIER):
        ExperienceFactory(structure=structure)
    indexer()
    assert f"au plus les {PLAFOND_DU_DOSSIER} premières fiches" in page(client)


@pytest.mark.plafond_de_requetes(12)
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_fiches(client: Client, indexer: Indexer) -> None:
    for rang in range(25):
        ExperienceFactory(termes=[TermeFactory(libelle=f"Mot {rang % 7}")], partenaires=[PartenaireFactory()])
    indexer()
    assert len(titres(page(client, "?q=jardin"))) == 25
