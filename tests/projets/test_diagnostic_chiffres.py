"""Les chiffres : la grille, le fichier vérifié avant d'écrire, l'export qui se relit."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from maillage.core.classeurs import ClasseurIllisible
from maillage.core.petits_nombres import masquer_un_croisement
from maillage.projets.importation.chiffres_en_fichier import lire_les_chiffres
from maillage.projets.models import Besoin, ChiffreDiagnostic, Preuve, ProjetSocial
from maillage.projets.operations.diagnostic.chiffres import Bilan, importer_les_chiffres
from maillage.projets.zones import lire_les_zones
from tests.distribution import Distribution
from tests.projets.fabriques import arbre_d_essai
from tests.projets.fabriques_diagnostic import ChiffreFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
LONG = (
    "Indicateur;Valeur;Unité;Territoire;Source;Millésime\r\n"
    "Familles monoparentales;33,5;%;Le Moulin;Insee;2021\r\n"
    "Familles monoparentales;22;%;Ville;Insee;2021\r\n"
    "Revenu médian;beaucoup;€;Ville;Insee;2021\r\n"
    "Revenu médian;19 800;€;Ville;;deux mille\r\n"
    "Secret;ns;;Ville;Insee;2021\r\n"
)


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts)


def grille(page: Any, **changes: Any) -> dict[str, Any]:
    """Ce que le navigateur renverrait."""
    lue = page.context["grille"]
    envoi: dict[str, Any] = {
        "lue": page.context["lue"],
        "zone": lue.zones,
        **{nom: [getattr(r, nom) for r in lue.rangees] for nom in ("libelle", "unite", "source", "annee")},
        "valeur": [case.valeur for r in lue.rangees for case in r.cases],
        "numero": [case.numero for r in lue.rangees for case in r.cases],
    }
    return envoi | changes


def un_xlsx(rangees: list[list[Any]], formats: dict[int, str]) -> bytes:
    """`formats` : ligne → format de sa deuxième cellule."""
    tampon = io.BytesIO()
    classeur = xlsxwriter.Workbook(tampon, {"in_memory": True})
    feuille = classeur.add_worksheet()
    for ligne, rangee in enumerate(rangees):
        for colonne, valeur in enumerate(rangee):
            style = classeur.add_format({"num_format": formats.get(ligne, "General")})
            feuille.write(ligne, colonne, valeur, style if colonne == 1 else None)
    classeur.close()
    return tampon.getvalue()


def test_un_pourcentage_du_tableur_se_lit_comme_il_s_affiche() -> None:
    rangees = [["Libellé", "Valeur"], ["A", 0.335], ["B", 1], ["C", 12.5], ["D", 0.335], ["E", 1 / 3]]
    formats = {1: "0.0%", 2: "0%", 3: '0.0" %"', 5: "0.00%"}
    lus = lire_les_chiffres("x.xlsx", un_xlsx(rangees, formats))
    assert not lus.fautes
    assert {un["libelle"]: (un["valeur"], un["unite"]) for un in lus.chiffres} == {
        "A": (Decimal("33.5"), "%"),
        "B": (Decimal(100), "%"),
        "C": (Decimal("12.5"), ""),
        "D": (Decimal("0.34"), ""),
        "E": (Decimal("33.33"), "%"),
    }


def test_un_demi_centieme_s_arrondit_comme_au_tableur() -> None:
    lus = lire_les_chiffres("x.csv", "Libellé;Valeur\r\nA;2,345\r\nB;-2,345\r\n".encode())
    assert [un["valeur"] for un in lus.chiffres] == [Decimal("2.35"), Decimal("-2.35")]


def test_un_fichier_sans_unite_n_efface_pas_celle_que_l_on_connait(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    revenu = ChiffreFactory(projet=projet, libelle="Revenu", unite="€", zone="Ville", source="", annee=2021)
    for valeur, bilan in (("19900", Bilan(0, 1, 0)), ("19900", Bilan(0, 0, 1))):
        texte = f"Libellé;Valeur;Lieu;Année\r\nRevenu;{valeur};Ville;2021\r\n"
        lus = lire_les_chiffres("x.csv", texte.encode())
        assert importer_les_chiffres(projet, lus.chiffres, par=distribution.amina) == bilan
    revenu.refresh_from_db()
    assert (revenu.valeur, revenu.unite) == (Decimal(19_900), "€")


def test_la_grille_refuse_ce_qui_n_est_pas_un_nombre_et_ne_perd_rien(
    projet: ProjetSocial, client_de: Ouvrir
) -> None:
    amina, adresse = client_de("amina"), reverse("diagnostic_grille", args=[projet.pk])
    envoi = {
        "lue": amina.get(adresse).context["lue"],
        "zone": ["Le Moulin", "Ville"],
        "libelle": ["Habitants"],
        "unite": ["habitants"],
        "source": [""],
        "annee": ["2021"],
        "valeur": ["1 234", "beaucoup"],
        "numero": ["", ""],
    }
    refus = amina.post(adresse, envoi)
    page = refus.content.decode()
    assert refus.status_code == 422 and not ChiffreDiagnostic.objects.exists()
    assert "Ligne 1, Ville" in page and "beaucoup" in page and "1 234" in page
    assert amina.post(adresse, envoi | {"valeur": ["1 234", "9 000"]}).status_code == 302
    lues = lire_les_zones(projet)
    assert lues.zones == ["Le Moulin", "Ville"]
    assert [dits for _, dits in lues.rangees] == [["1\u202f234", "9\u202f000"]]
    lue = amina.get(reverse("diagnostic_chiffres", args=[projet.pk])).content.decode()
    assert "source non dite, 2021" in lue and "À compléter" in lue and "<svg" in lue


def test_deux_personnes_sur_la_grille_ne_s_ecrasent_pas(projet: ProjetSocial, client_de: Ouvrir) -> None:
    chiffre = ChiffreFactory(projet=projet)
    amina, bruno = client_de("amina"), client_de("bruno")
    adresse = reverse("diagnostic_grille", args=[projet.pk])
    celle_d_amina = grille(amina.get(adresse))
    envoi = grille(bruno.get(adresse))
    envoi["valeur"][0] = "40"
    assert bruno.post(adresse, envoi).status_code == 302
    celle_d_amina["valeur"][0] = "50"
    conflit = amina.post(adresse, celle_d_amina)
    assert conflit.status_code == 422 and "Rien n’est écrasé" in conflit.content.decode()
    chiffre.refresh_from_db()
    assert chiffre.valeur == 40


def test_vider_une_case_retire_son_chiffre_sauf_s_il_est_une_preuve(
    projet: ProjetSocial, client_de: Ouvrir
) -> None:
    cite, libre = ChiffreFactory(projet=projet), ChiffreFactory(projet=projet, zone="Ville")
    besoin = Besoin.objects.create(projet=projet, titre="Être épaulé comme parent")
    Preuve.objects.create(besoin=besoin, chiffre=cite)
    amina, adresse = client_de("amina"), reverse("diagnostic_grille", args=[projet.pk])
    envoi = grille(amina.get(adresse))
    envoi["valeur"] = [""] * len(envoi["valeur"])
    refus = amina.post(adresse, envoi)
    assert refus.status_code == 422 and "Être épaulé comme parent" in refus.content.decode()
    assert ChiffreDiagnostic.objects.count() == 2
    envoi["valeur"][0] = "33"
    assert amina.post(adresse, envoi).status_code == 302
    assert [un.pk for un in ChiffreDiagnostic.objects.all()] == [cite.pk]
    assert not ChiffreDiagnostic.objects.filter(pk=libre.pk).exists()


def test_un_chiffre_cite_ne_se_retire_pas_non_plus_depuis_le_cadre(
    projet: ProjetSocial, client_de: Ouvrir
) -> None:
    cite = ChiffreFactory(projet=projet)
    besoin = Besoin.objects.create(projet=projet, titre="Être épaulé")
    Preuve.objects.create(besoin=besoin, chiffre=cite)
    geste = reverse("element_geste", args=[projet.pk, "chiffres", cite.pk, "retirer"])
    assert "Être épaulé" in client_de("amina").post(geste, follow=True).content.decode()
    assert ChiffreDiagnostic.objects.filter(pk=cite.pk).exists()


@pytest.mark.parametrize(
    ("nom", "contenu", "dit"),
    [
        ("chiffres.pdf", b"%PDF", ".xlsx ou en .csv"),
        ("chiffres.csv", b"Nom;Autre\r\na;b\r\n", "Libellé"),
        ("chiffres.csv", "Libellé;Source\r\na;b\r\n".encode(), "valeur"),
        ("chiffres.xlsx", b"pas un classeur", "ne se lit pas"),
    ],
)
def test_un_fichier_que_l_on_ne_comprend_pas_est_refuse_avec_quoi_faire(
    nom: str, contenu: bytes, dit: str
) -> None:
    with pytest.raises(ClasseurIllisible) as refus:
        lire_les_chiffres(nom, contenu)
    assert dit in str(refus.value)


def test_un_fichier_dit_ses_fautes_par_ligne_et_garde_le_reste() -> None:
    lus = lire_les_chiffres("caf.csv", LONG.encode())
    assert [numero for numero, _ in lus.fautes] == [4, 5] and lus.sans_valeur == 1
    assert [(un["zone"], un["valeur"], un["annee"]) for un in lus.chiffres] == [
        ("Le Moulin", Decimal("33.50"), 2021),
        ("Ville", Decimal("22.00"), 2021),
    ]


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_un_texte_se_lit_comme_un_tableur_l_a_ecrit(encodage: str) -> None:
    texte = "Libellé;Valeur;Unité;Zone\r\nÉlèves au collège;1 250;élèves;Ville\r\n"
    (lu,) = lire_les_chiffres("ville.csv", texte.encode(encodage)).chiffres
    assert (lu["libelle"], lu["unite"]) == ("Élèves au collège", "élèves")


def test_un_classeur_avec_une_colonne_par_lieu_se_lit() -> None:
    tampon = io.BytesIO()
    classeur = xlsxwriter.Workbook(tampon, {"in_memory": True})
    feuille = classeur.add_worksheet()
    feuille.write_row(0, 0, ["Libellé", "Unité", "Année", "Le Moulin", "Ville"])
    feuille.write_row(1, 0, ["Habitants", "habitants", 2021, 2400, 12000.5])
    classeur.close()
    lus = lire_les_chiffres("zones.xlsx", tampon.getvalue())
    assert [(un["zone"], un["valeur"]) for un in lus.chiffres] == [
        ("Le Moulin", Decimal("2400")),
        ("Ville", Decimal("12000.5")),
    ]


def test_importer_montre_d_abord_puis_ecrit_et_deux_fois_ne_double_rien(
    projet: ProjetSocial, client_de: Ouvrir
) -> None:
    ChiffreFactory(projet=projet, libelle="Familles monoparentales", valeur=Decimal(20), zone="Ville")
    amina, adresse = client_de("amina"), reverse("diagnostic_import", args=[projet.pk])
    apercu = amina.post(adresse, {"fichier": SimpleUploadedFile("caf.csv", LONG.encode())})
    page = apercu.content.decode()
    assert "Ligne 4" in page and "Importer 2" in page and ChiffreDiagnostic.objects.count() == 1
    confirmer = reverse("diagnostic_import_confirmer", args=[projet.pk])
    garde = apercu.context["apercu"]["garde"]
    for _ in range(2):
        assert amina.post(confirmer, {"garde": garde}).status_code == 302
    assert ChiffreDiagnostic.objects.count() == 2
    assert ChiffreDiagnostic.objects.get(zone="Ville").valeur == 22


def test_un_apercu_ne_s_importe_que_dans_son_projet(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    autre, amina = arbre_d_essai(distribution.deux_ponts, nom="Un autre projet"), client_de("amina")
    apercu = amina.post(
        reverse("diagnostic_import", args=[projet.pk]),
        {"fichier": SimpleUploadedFile("caf.csv", LONG.encode())},
    )
    garde = apercu.context["apercu"]["garde"]
    for faux in (garde, "n’importe quoi", ""):
        reponse = amina.post(
            reverse("diagnostic_import_confirmer", args=[autre.pk]), {"garde": faux}, follow=True
        )
        assert "Déposez de nouveau le fichier" in reponse.content.decode()
    assert not ChiffreDiagnostic.objects.exists()


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_ce_qui_sort_rentre_sans_rien_changer(
    projet: ProjetSocial, client_de: Ouvrir, extension: str
) -> None:
    ChiffreFactory(projet=projet, valeur=Decimal("33.5"))
    ChiffreFactory(projet=projet, libelle="=1+1", zone="", source="", annee=None, valeur=Decimal(-3))
    amina = client_de("amina")
    sorti = amina.get(reverse("diagnostic_chiffres_fichier", args=[projet.pk, extension]))
    contenu = b"".join(sorti.streaming_content)  # type: ignore[arg-type]
    lus = lire_les_chiffres(f"chiffres.{extension}", contenu)
    assert not lus.fautes
    assert [(un["libelle"].lstrip("'"), un["valeur"], un["annee"]) for un in lus.chiffres] == [
        ("Familles avec un seul parent", Decimal("33.5"), 2021),
        ("=1+1", Decimal(-3), None),
    ]


def test_une_case_cachee_ne_se_retrouve_ni_par_la_ligne_ni_par_la_colonne() -> None:
    montres = masquer_un_croisement([[40, 4, 30], [20, 50, 60], [12, 70, 80]], 11)
    assert montres[0][1] is None
    for rangee in (*montres, *zip(*montres, strict=True)):
        assert rangee.count(None) != 1
    assert masquer_un_croisement([[20, 30], [40, 0]], 11) == [[20, 30], [40, 0]]
