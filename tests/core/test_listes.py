"""La mécanique des listes à facettes : lire l'adresse, écrire les adresses, montrer la page."""

from typing import Any

import pytest
from django.http import Http404
from django.test import Client, RequestFactory

from maillage.core.listes import CHOIX_MAX, Demande, Facette, Liste, Tri, Valeur

TRIS = (Tri("pertinence", "Pertinence"), Tri("recentes", "Plus récentes"))
CLES = ("public", "dimension")


def lire(adresse: str = "/e/") -> Demande:
    return Demande.lire(RequestFactory().get(adresse), cles=CLES, tris=TRIS)


def liste(adresse: str = "/e/", total: int = 60, **plus: Any) -> Liste:
    facettes = [
        Facette(
            "public",
            "Public",
            [
                Valeur("enfance", "Enfance", 0),
                Valeur("seniors", "Seniors", 37),
                Valeur("adultes", "Adultes", 19),
            ],
            visibles=1,
            est_ouverte=False,
        )
    ]
    return Liste(lire(adresse), objets=[], total=total, facettes=facettes, compte="expérience", **plus)


@pytest.mark.parametrize("page", ["abc", "-3", "0", "", "²", "99999999999999999999", "1.5"])
def test_une_page_absurde_vaut_la_premiere(page: str) -> None:
    assert lire(f"/e/?page={page}").page == 1


def test_une_cle_inconnue_et_un_tri_inconnu_sont_ignores() -> None:
    demande = lire("/e/?couleur=bleu&tri=hasard")
    assert demande.choix == {}
    assert demande.tri == "pertinence"
    assert demande.url() == "/e/"


def test_une_adresse_enorme_est_ramenee_a_une_demande_raisonnable() -> None:
    demande = lire(
        "/e/?q=" + "a" * 5000 + "".join(f"&public=p{n}" for n in range(500)) + "&dimension=%00&public=p1"
    )
    assert len(demande.q) == 200
    assert len(demande.choix["public"]) == CHOIX_MAX
    assert "dimension" not in demande.choix


def test_l_adresse_d_une_demande_se_relit_a_l_identique() -> None:
    adresse = "/e/?q=vélo+fou&public=seniors&public=familles&dimension=services&tri=recentes&page=3"
    demande = lire(adresse)
    assert demande.depart == 50
    assert lire(demande.url(page=demande.page)) == demande


def test_changer_un_critere_ramene_a_la_premiere_page_et_garde_le_reste() -> None:
    demande = lire("/e/?q=a&public=seniors&public=familles&tri=recentes&page=3")
    assert demande.url_sans("public", "seniors") == "/e/?q=a&public=familles&tri=recentes"
    assert demande.url_avec("dimension", "services") == (
        "/e/?q=a&public=seniors&public=familles&dimension=services&tri=recentes"
    )


def test_une_page_au_dela_de_la_derniere_n_existe_pas() -> None:
    with pytest.raises(Http404):
        liste("/e/?page=4", total=60)
    with pytest.raises(Http404):
        liste("/e/?page=3", total=1000, page_max=2)
    assert liste("/e/?page=3", total=60).etendue == "51 à\u00a060 sur\u00a060"
    assert liste("/e/", total=0).titre == "0\u00a0expérience"


def test_une_valeur_choisie_est_visible_et_ouvre_sa_facette() -> None:
    (groupe,) = liste("/e/?public=adultes").groupes
    assert groupe.est_ouvert
    assert [case.cle for case in groupe.visibles] == ["adultes"]
    assert [case.cle for case in groupe.autres] == ["enfance", "seniors"]
    assert [case.est_vaine for case in groupe.autres] == [True, False]


def test_une_valeur_choisie_devenue_vaine_reste_decochable() -> None:
    (groupe,) = liste("/e/?public=enfance").groupes
    assert groupe.visibles[0].cle == "enfance"
    assert not groupe.visibles[0].est_vaine


def test_une_facette_sans_valeur_ne_s_affiche_pas() -> None:
    assert Liste(lire(), [], 0, [Facette("public", "Public", [])]).groupes == []


def test_chaque_filtre_actif_se_retire_meme_inconnu() -> None:
    puces = liste("/e/?public=seniors&public=martiens&dimension=services").puces
    assert [(p.libelle, p.url_sans) for p in puces] == [
        ("Public\u00a0: Seniors", "/e/?public=martiens&dimension=services"),
        ("Public\u00a0: martiens", "/e/?public=seniors&dimension=services"),
        ("services", "/e/?public=seniors&public=martiens"),
    ]


@pytest.mark.parametrize(
    ("page", "total", "montrees"),
    [
        (1, 25, [1]),
        (1, 60, [1, 2, 3]),
        (1, 1000, [1, 2, None, 40]),
        (3, 1000, [1, 2, 3, 4, None, 40]),
        (20, 1000, [1, None, 19, 20, 21, None, 40]),
        (38, 1000, [1, None, 37, 38, 39, 40]),
    ],
)
def test_les_pages_montrees_sont_les_voisines_et_les_bouts(
    page: int, total: int, montrees: list[int | None]
) -> None:
    pages = liste(f"/e/?page={page}", total=total).pages
    assert [p and p[0] for p in pages] == montrees


def test_htmx_recoit_le_fragment_et_l_adresse_propre(client: Client) -> None:
    reponse = client.get("/composants/liste/?q=&public=seniors&tri=", headers={"HX-Request": "true"})
    assert reponse.headers["HX-Push-Url"] == "/composants/liste/?public=seniors"
    assert "HX-Request" in reponse.headers["Vary"]
    assert b"<header" not in reponse.content
    assert b'id="liste"' in reponse.content


@pytest.mark.parametrize("entetes", [{}, {"HX-Request": "true", "HX-History-Restore-Request": "true"}])
def test_sans_htmx_ou_au_retour_en_arriere_la_page_est_entiere(
    client: Client, entetes: dict[str, str]
) -> None:
    reponse = client.get("/composants/liste/?public=seniors", headers=entetes)
    assert b"<header" in reponse.content
    assert "HX-Request" in reponse.headers["Vary"]


def test_le_texte_cherche_est_rendu_sans_s_executer(client: Client) -> None:
    reponse = client.get("/composants/liste/", {"q": '"><script>x</script>', "public": "<b>"})
    assert b"<script>x" not in reponse.content
    assert b"<b>" not in reponse.content


def test_aucun_resultat_propose_de_retirer_un_filtre(client: Client) -> None:
    page = client.get("/composants/liste/?q=zzz&public=seniors").content.decode()
    assert "Retirez un filtre pour élargir" in page
    assert 'href="/composants/liste/?q=zzz"' in page
