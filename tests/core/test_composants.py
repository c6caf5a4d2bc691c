"""Les composants : ce qu'ils disent, ce qu'ils relient, et ce que les gabarits ne font jamais."""

import importlib
import re
from pathlib import Path
from types import ModuleType

import pytest
from django import forms
from django.conf import LazySettings
from django.contrib.staticfiles import finders
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from maillage.core import graphiques, urls
from maillage.core.graphiques import Graphique, Serie
from maillage.navigation import NAVIGATION_PRO

RACINE = Path(__file__).resolve().parents[2]
JETONS = dict(
    re.findall(
        r"--([\w-]+): (#[0-9A-Fa-f]{3,6});",
        (RACINE / "maillage/core/static_source/css/01_jetons.css").read_text(encoding="utf-8"),
    )
)


def rendre(gabarit: str, **contexte: object) -> str:
    return Template(gabarit).render(Context(contexte))


# --- Ce que les gabarits ne font jamais --------------------------------------------------------------


@pytest.mark.parametrize("nom", [lien.icone for lien in NAVIGATION_PRO])
def test_chaque_icone_du_menu_est_dans_le_fichier_d_icones(nom: str) -> None:
    chemin = finders.find("icones.svg")
    assert isinstance(chemin, str)
    assert f'<symbol id="{nom}"' in Path(chemin).read_text(encoding="utf-8")


# --- Couleurs ----------------------------------------------------------------------------------------


def luminance(couleur: str) -> float:
    hexa = couleur.lstrip("#")
    hexa = "".join(c * 2 for c in hexa) if len(hexa) == 3 else hexa
    canaux = [int(hexa[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    lineaires = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux]
    return 0.2126 * lineaires[0] + 0.7152 * lineaires[1] + 0.0722 * lineaires[2]


def contraste(une: str, autre: str) -> float:
    haute, basse = sorted((luminance(une), luminance(autre)), reverse=True)
    return (haute + 0.05) / (basse + 0.05)


FONDS_PALES = ("vert-pale", "corail-pale", "miel-pale", "sauge-pale", "violet-pale", "bleu-pale")


@pytest.mark.parametrize(
    ("texte", "fond"),
    [
        *(("encre", fond) for fond in ("papier", "papier-2", "carte", "miel", *FONDS_PALES)),
        *(("douce", fond) for fond in ("papier", "papier-2", "carte")),
        *(("vert", fond) for fond in ("papier", "carte", "vert-pale")),
        *(("carte", fond) for fond in ("vert", "vert-fonce", "encre", "corail", "sauge", "violet", "bleu")),
        ("vert-fonce", "vert-pale"),
        ("corail", "papier"),
        ("corail", "carte"),
    ],
)
def test_chaque_texte_se_lit_sur_son_fond(texte: str, fond: str) -> None:
    assert contraste(JETONS[texte], JETONS[fond]) >= 4.5


def test_les_graphiques_ont_les_couleurs_de_la_feuille_de_style() -> None:
    for nom in ("encre", "filet", "vert", "miel", "ambre"):
        assert getattr(graphiques, nom.upper()) == JETONS[nom]


# --- Formes ------------------------------------------------------------------------------------------


class EssaiForm(forms.Form):
    titre = forms.CharField(label="Titre", help_text="Dix mots.")
    note = forms.CharField(label="Note", required=False)
    choix = forms.ChoiceField(label="Choix", choices=[("a", "A")], widget=forms.RadioSelect)
    accord = forms.BooleanField(label="D’accord")


def test_un_champ_en_faute_est_relie_a_son_aide_et_a_son_erreur() -> None:
    champ = rendre("{% champ form.titre %}", form=EssaiForm({}))
    (relie,) = re.findall(r'aria-describedby="([^"]*)"', champ)
    assert relie.split() == ["id_titre_helptext", "id_titre_error"]
    for identifiant in relie.split():
        assert f'id="{identifiant}"' in champ
    assert 'aria-invalid="true"' in champ
    assert '<label for="id_titre">' in champ


def test_un_champ_facultatif_le_dit() -> None:
    assert "(facultatif)" in rendre("{% champ form.note %}", form=EssaiForm())
    assert "(facultatif)" not in rendre("{% champ form.titre %}", form=EssaiForm())


def test_un_groupe_de_choix_a_sa_legende() -> None:
    champ = rendre("{% champ form.choix %}", form=EssaiForm())
    assert champ.index("<fieldset") < champ.index("<legend>Choix") < champ.index('type="radio"')


def test_les_erreurs_en_tete_menent_aux_champs() -> None:
    tete = rendre("{% erreurs form %}", form=EssaiForm({}))
    assert 'role="alert"' in tete
    assert 'href="#id_titre"' in tete
    assert 'href="#id_accord"' in tete
    assert rendre("{% erreurs form %}", form=EssaiForm()).strip() == ""


def test_un_texte_saisi_ne_devient_jamais_une_balise() -> None:
    rendu = rendre(
        "{% statut t %}{% puce t %}{% puce t url=t %}{% chiffre t t source=t %}{% fil t t t %}"
        "{% vide t %}{% endvide %}",
        t='"><script>',
    )
    assert "<script>" not in rendu


def test_un_ton_inconnu_est_une_faute_de_gabarit() -> None:
    with pytest.raises(KeyError):
        rendre('{% statut "En cours" ton="rouge" %}')
    with pytest.raises(TemplateSyntaxError):
        rendre("{% statut %}")


def test_un_menu_ne_montre_que_les_pages_qui_existent() -> None:
    rendu = rendre(
        '{% liens_existants "composants" "Planche" "page_absente" "Absente" as l %}'
        "{% for x in l %}{{ x.libelle }}{% endfor %}"
    )
    assert rendu == "Planche"


@pytest.mark.parametrize(
    ("chemin", "debut"),
    [
        ("/agenda/", ("/", "Accueil")),
        ("/espace/cadres/", ("/espace/", "Aujourd’hui")),
        ("/compte/", ("/espace/", "Aujourd’hui")),
    ],
)
def test_le_fil_part_de_la_maison_ou_de_la_journee(
    rf: RequestFactory, chemin: str, debut: tuple[str, str]
) -> None:
    rendu = rendre('{% fil "Mes pages" "/pages/" "Ici" %}', request=rf.get(chemin))
    assert re.findall(r'href="([^"]+)">([^<]+)', rendu) == [debut, ("/pages/", "Mes pages")]


def test_la_carte_et_sa_liste_disent_la_meme_chose() -> None:
    departements = [
        {"code": "38", "nom": "Isère", "nombre": 1240, "url": "/38/"},
        {"code": "23", "nom": "Creuse", "nombre": 0, "url": ""},
        {"code": "974", "nom": "La Réunion", "nombre": 9, "url": "/974/"},
    ]
    carte = rendre("{% carte_departements d %}", d=departements)
    dessin, _, reste = carte.partition("</svg>")
    tuiles, _, liste = reste.partition("<details>")
    assert "#d38" in dessin
    assert "Isère (38)\u00a0: 1\u202f240\u00a0expériences" in dessin
    assert "#d974" not in dessin, "l'outre-mer n'est pas dans le dessin"
    assert "La Réunion <b>9</b>" in tuiles
    assert [nom in liste for nom in ("Isère (38)", "Creuse (23)", "La Réunion (974)")] == [True, True, True]
    assert liste.count("<a ") == 2


# --- Graphiques --------------------------------------------------------------------------------------


def dessiner(**change: object) -> Graphique:
    parametres: dict[str, object] = {
        "titre": "Présences",
        "repere": "Année",
        "reperes": ["2024", "2025", "2026"],
        "series": [Serie("Présences", [10, None, 40])],
        "source": "Source",
    }
    return Graphique(**{**parametres, **change})  # type: ignore[arg-type]


def test_un_graphique_se_lit_sans_le_voir() -> None:
    rendu = rendre("{% graphique g %}", g=dessiner())
    assert 'aria-label="10 en 2024, pas de donnée en 2025, 40 en 2026"' in rendu
    assert rendu.count("<tr>") == 4
    assert '<td class="nb">–</td>' in rendu


def test_une_barre_part_de_zero_et_un_manque_n_a_pas_de_barre() -> None:
    hauteurs = [float(h) for h in re.findall(r'<rect[^>]* height="([\d.]+)"', dessiner().svg)]
    assert len(hauteurs) == 2
    assert hauteurs[1] == pytest.approx(hauteurs[0] * 4, abs=0.2)


def test_un_manque_coupe_la_courbe() -> None:
    assert (
        len(re.findall(r"M\d", re.findall(r' d="(M[^"]*)"/><circle', dessiner(forme="courbe").svg)[0])) == 2
    )


def test_un_graphique_tout_a_zero_se_dessine() -> None:
    assert "<svg" in dessiner(reperes=["2026"], series=[Serie("Présences", [0])]).svg


def test_un_graphique_sans_repere_est_refuse() -> None:
    with pytest.raises(ValueError, match="état vide"):
        dessiner(reperes=[], series=[Serie("Présences", [])])


def test_trois_series_demandent_un_tableau_pas_un_graphique() -> None:
    with pytest.raises(ValueError, match="une ou deux séries"):
        dessiner(series=[Serie("a", [1, 2, 3])] * 3)
    with pytest.raises(ValueError, match="une valeur par repère"):
        dessiner(series=[Serie("a", [1])])


# --- Pages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("adresse", ["/composants/", "/composants/espace/", "/composants/liste/"])
def test_la_planche_s_ouvre_sans_compte_hors_production(client: Client, adresse: str) -> None:
    assert client.get(adresse).status_code == 200


def test_la_planche_n_existe_pas_en_production(settings: LazySettings) -> None:
    def noms(module: ModuleType) -> set[str]:
        return {str(chemin.name) for chemin in importlib.reload(module).urlpatterns}

    try:
        settings.EN_PRODUCTION = True
        assert not [nom for nom in noms(urls) if nom.startswith("composants")]
    finally:
        settings.EN_PRODUCTION = False
        assert "composants" in noms(urls)


@pytest.mark.parametrize("code", [500, 503])
def test_une_page_de_panne_se_rend_sans_base_ni_contexte(code: int) -> None:
    page = render_to_string(f"core/{code}.html", {"numero": "abc123", "est_plein": False})
    assert "abc123" in page
    assert "{%" not in page


@pytest.mark.parametrize("code", [400, 403, 404, 429])
def test_une_page_d_erreur_dit_quoi_faire_et_son_numero(client: Client, code: int) -> None:
    requete = client.get("/composants/").wsgi_request
    page = render_to_string(
        f"core/{code}.html", {"numero": "abc123", "attente": "2 minutes"}, request=requete
    )
    assert "abc123" in page
    assert re.search(r'<p class="rang">\s*<a class="bouton', page)
