"""Ce qui entoure l'arbre : chapitres, gouvernance, chiffres, tableaux, sigles ; et les passages à ranger."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html as lecteur_html

from maillage.core.ecriture import GesteRefuse
from maillage.projets.choices import EtatMorceau
from maillage.projets.elements import GENRES
from maillage.projets.models import (
    Chapitre,
    ChiffreDiagnostic,
    Instance,
    ProjetSocial,
    Sigle,
    TableauDiagnostic,
)
from maillage.projets.operations.elements import (
    ElementChange,
    ajouter_element,
    corriger_element,
    deplacer_element,
    remettre_element,
    retirer_element,
)
from maillage.projets.operations.morceaux import ecarter_morceau, ranger_morceau, rouvrir_morceau
from maillage.projets.plan import lire_le_plan
from tests.distribution import Distribution
from tests.projets.fabriques import InstanceFactory, MorceauFactory, arbre_d_essai
from tests.projets.fabriques_diagnostic import ChiffreFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
INSTANCES = GENRES["instances"]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts)


def test_un_projet_soumis_ne_s_ecrit_plus(projet: ProjetSocial, distribution: Distribution) -> None:
    ProjetSocial.objects.filter(pk=projet.pk).update(etat="soumis")
    with pytest.raises(GesteRefuse):
        ajouter_element(projet, INSTANCES, {"nom": "Bureau"}, par=distribution.amina)


def test_la_caf_ne_lit_ni_n_ecrit_ce_qui_entoure_l_arbre(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    ProjetSocial.objects.filter(pk=projet.pk).update(etat="en_cours")
    sigle = Sigle.objects.create(projet=projet, sigle="EVS", sens="Espace de vie sociale")
    denis = client_de("denis")
    liste = reverse("elements", args=[projet.pk, "sigles"])
    assert denis.get(liste).status_code == 404
    assert denis.post(liste, {"sigle": "X", "sens": "Intrus"}).status_code == 404
    assert denis.get(reverse("element", args=[projet.pk, "sigles", sigle.pk])).status_code == 404
    assert denis.get(reverse("morceaux", args=[projet.pk])).status_code == 404


def test_un_element_ne_se_corrige_pas_par_un_autre_projet(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    ailleurs = ChiffreFactory(projet=arbre_d_essai(distribution.quatre_vents))
    amina = client_de("amina")
    assert amina.get(reverse("element", args=[projet.pk, "chiffres", ailleurs.pk])).status_code == 404
    retirer = reverse("element_geste", args=[projet.pk, "chiffres", ailleurs.pk, "retirer"])
    assert amina.post(retirer).status_code == 404
    assert ChiffreDiagnostic.objects.filter(pk=ailleurs.pk).exists()


def test_un_chiffre_s_ecrit_comme_on_l_ecrit(projet: ProjetSocial, client_de: Ouvrir) -> None:
    adresse = reverse("elements", args=[projet.pk, "chiffres"])
    amina = client_de("amina")
    refus = amina.post(adresse, {"libelle": "Habitants", "valeur": "beaucoup"})
    assert refus.status_code == 422 and not projet.chiffres.exists()
    amina.post(adresse, {"libelle": "Habitants", "valeur": "12 345,5", "annee": "2022", "source": "Insee"})
    chiffre = ChiffreDiagnostic.objects.get()
    assert (chiffre.valeur, chiffre.annee) == (Decimal("12345.5"), 2022)
    page = amina.get(adresse).content.decode()
    assert "Zone non dite" in page and "Insee" in page


def test_un_chapitre_ne_s_ecrit_que_dans_le_dossier(projet: ProjetSocial, client_de: Ouvrir) -> None:
    chapitre = Chapitre.objects.create(projet=projet, rang=1, titre="Préambule", texte="Avant")
    amina = client_de("amina")
    for ancienne in ("chapitres/", f"chapitres/{chapitre.pk}/", "instances/"):
        assert amina.get(f"/espace/projets/{projet.pk}/cadre/{ancienne}").status_code == 404
    cadre = lecteur_html.fromstring(amina.get(reverse("cadre", args=[projet.pk])).text)
    (autour,) = cadre.xpath("//section[@aria-labelledby='autour']")
    assert autour.xpath(f".//a[@href='{reverse('dossier', args=[projet.pk])}']")
    assert autour.xpath(f".//a[@href='{reverse('gouvernance', args=[projet.pk])}']")
    assert "1\xa0chapitre écrit" in autour.text_content()


def test_ecrire_deux_fois_la_meme_chose_n_est_pas_un_conflit(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    instance = InstanceFactory(projet=projet)
    lue = INSTANCES.empreinte(instance)
    valeurs = {"nom": "Conseil de maison", "role": "", "composition": ""}
    corriger_element(instance, INSTANCES, valeurs, lue=lue, par=distribution.amina)
    corriger_element(instance, INSTANCES, valeurs, lue=lue, par=distribution.amina)
    with pytest.raises(ElementChange):
        corriger_element(instance, INSTANCES, valeurs | {"role": "Décider"}, lue=lue, par=distribution.bruno)


def test_ordonner_retirer_et_remettre_a_sa_place(projet: ProjetSocial, distribution: Distribution) -> None:
    une, deux, trois = (InstanceFactory(projet=projet, nom=nom, rang=1) for nom in ("Un", "Deux", "Trois"))
    deplacer_element(trois, INSTANCES, "monter", par=distribution.amina)

    def noms() -> list[str]:
        return [instance.nom for instance in projet.instances.all()]

    assert noms() == ["Un", "Trois", "Deux"]
    deplacer_element(une, INSTANCES, "monter", par=distribution.amina)
    assert noms() == ["Un", "Trois", "Deux"]
    retirer_element(Instance.objects.get(nom="Trois"), INSTANCES, par=distribution.amina)
    assert noms() == ["Un", "Deux"]
    remettre_element(projet, INSTANCES, par=distribution.bruno)
    assert noms() == ["Un", "Trois", "Deux"]
    with pytest.raises(GesteRefuse):
        remettre_element(projet, INSTANCES, par=distribution.bruno)


def test_une_correction_se_remet_comme_avant(projet: ProjetSocial, distribution: Distribution) -> None:
    instance = InstanceFactory(projet=projet)
    avant = INSTANCES.valeurs(instance)
    for nom in ("Conseil de maison", "Conseil des voisins"):
        lue = INSTANCES.empreinte(instance)
        corriger_element(instance, INSTANCES, avant | {"nom": nom}, lue=lue, par=distribution.amina)
    remettre_element(projet, INSTANCES, par=distribution.bruno)
    assert INSTANCES.valeurs(projet.instances.get()) == avant | {"nom": "Conseil de maison"}
    with pytest.raises(GesteRefuse, match="rien à remettre"):
        remettre_element(projet, INSTANCES, par=distribution.bruno)


def test_une_correction_retouchee_depuis_ne_se_remet_pas(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    instance = InstanceFactory(projet=projet)
    avant = INSTANCES.valeurs(instance)
    lue = INSTANCES.empreinte(instance)
    corriger_element(instance, INSTANCES, avant | {"nom": "Bureau"}, lue=lue, par=distribution.amina)
    projet.instances.update(role="Décider")
    with pytest.raises(GesteRefuse, match="changé depuis"):
        remettre_element(projet, INSTANCES, par=distribution.amina)
    assert (projet.instances.get().nom, projet.instances.get().role) == ("Bureau", "Décider")


# --- Les tableaux du diagnostic ---------------------------------------------------------------------


@pytest.fixture
def tableau(projet: ProjetSocial) -> TableauDiagnostic:
    def valeur(zone: str, brut: str, lue: int | None) -> dict[str, Any]:
        return {"zone": zone, "brut": brut, "valeur": lue, "unite": "%"}

    return TableauDiagnostic.objects.create(
        projet=projet,
        titre="Familles",
        zones=["Les Tilleuls", "La ville"],
        lignes=[
            {
                "libelle": "Un seul parent",
                "valeurs": [valeur("Les Tilleuls", "31 %", 31), valeur("La ville", "24", 24)],
            },
            {
                "libelle": "Sans voiture",
                "valeurs": [valeur("Les Tilleuls", "nc", None), valeur("La ville", "18", 18)],
            },
        ],
    )


def envoi_du_tableau(page: Any, **changes: Any) -> dict[str, Any]:
    """Ce que la page enverrait, avec ces changements."""
    (formulaire,) = lecteur_html.fromstring(page.text).xpath("//form[.//input[@name='lignes_zone']]")
    envoi: dict[str, Any] = dict.fromkeys(("titre", "source"), "")
    for champ in formulaire.xpath(".//input[@name]"):
        nom = champ.get("name")
        if nom.startswith("lignes_"):
            envoi.setdefault(nom, []).append(champ.get("value"))
        else:
            envoi[nom] = champ.get("value") or ""
    return envoi | changes


def test_un_tableau_sans_nom_de_ligne_est_refuse_sans_rien_perdre(
    tableau: TableauDiagnostic, client_de: Ouvrir
) -> None:
    adresse = reverse("element", args=[tableau.projet_id, "tableaux", tableau.pk])
    amina = client_de("amina")
    envoi = envoi_du_tableau(amina.get(adresse))
    envoi["lignes_cellule"][6] = "12 %"  # troisième ligne : elle n'a pas encore de nom
    refus = amina.post(adresse, envoi)
    assert refus.status_code == 422 and "Nommez la ligne où vous avez écrit" in refus.text
    assert 'value="12 %"' in refus.text
    envoi["lignes_zone"] = ["", "", ""]
    assert "Nommez la colonne" in amina.post(adresse, envoi | {"lignes_ligne": list("abcde")}).text
    envoi["lignes_cellule"] = [""] * 15
    assert "au moins une colonne et une ligne" in amina.post(adresse, envoi).text
    avant = TableauDiagnostic.objects.values().get()
    assert avant["lignes"] == tableau.lignes and avant["zones"] == tableau.zones


def test_un_tableau_se_corrige_cellule_par_cellule_et_se_remet(
    tableau: TableauDiagnostic, client_de: Ouvrir
) -> None:
    adresse = reverse("element", args=[tableau.projet_id, "tableaux", tableau.pk])
    amina = client_de("amina")
    assert amina.post(adresse, envoi_du_tableau(amina.get(adresse))).status_code == 302
    tableau.refresh_from_db()
    avant = (tableau.zones, tableau.lignes)
    assert avant[1][0]["valeurs"][1] == {"zone": "La ville", "brut": "24", "valeur": 24, "unite": "%"}
    envoi = envoi_du_tableau(amina.get(adresse), source="Insee, 2021")
    envoi["lignes_zone"] = ["Les Tilleuls", "", "Le département"]  # une colonne vidée, une autre ajoutée
    envoi["lignes_ligne"] = ["Un seul parent", "", "Plus de 60 ans", "", ""]
    envoi["lignes_cellule"] = ["33,5 %", "", "20", "", "", "", "1 200", "", "", *[""] * 6]
    assert amina.post(adresse, envoi | {"rester": "oui"}).url == adresse
    tableau.refresh_from_db()
    assert (tableau.source, tableau.zones) == ("Insee, 2021", ["Les Tilleuls", "Le département"])
    assert tableau.lignes == [
        {
            "libelle": "Un seul parent",
            "valeurs": [
                {"zone": "Les Tilleuls", "brut": "33,5 %", "valeur": 33.5, "unite": "%"},
                {"zone": "Le département", "brut": "20", "valeur": 20, "unite": "%"},
            ],
        },
        {
            "libelle": "Plus de 60 ans",
            "valeurs": [
                {"zone": "Les Tilleuls", "brut": "1 200", "valeur": 1200, "unite": ""},
                {"zone": "Le département", "brut": "", "valeur": None, "unite": ""},
            ],
        },
    ]
    liste = reverse("elements", args=[tableau.projet_id, "tableaux"])
    assert "Remettre comme avant" in amina.get(liste).text
    amina.post(reverse("element_remettre", args=[tableau.projet_id, "tableaux"]))
    tableau.refresh_from_db()
    assert (tableau.zones, tableau.lignes) == avant


def test_deux_personnes_sur_un_tableau_comparent_leurs_cellules(
    tableau: TableauDiagnostic, client_de: Ouvrir
) -> None:
    adresse = reverse("element", args=[tableau.projet_id, "tableaux", tableau.pk])
    amina, bruno = client_de("amina"), client_de("bruno")
    envoi = envoi_du_tableau(amina.get(adresse))
    cellules = envoi["lignes_cellule"]
    bruno.post(adresse, envoi | {"lignes_cellule": ["35 %", *cellules[1:]]})
    conflit = amina.post(adresse, envoi | {"lignes_cellule": ["36 %", *cellules[1:]]})
    assert conflit.status_code == 422
    compare = lecteur_html.fromstring(conflit.text).xpath("string(//*[contains(@class, 'compare')])")
    assert "Les Tilleuls 35" in compare and "Les Tilleuls 36" in compare
    assert amina.post(adresse, envoi_du_tableau(conflit)).status_code == 302
    tableau.refresh_from_db()
    assert tableau.lignes[0]["valeurs"][0]["valeur"] == 36


def test_un_tableau_neuf_s_ajoute_et_la_caf_ne_le_lit_pas_encore(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    liste = reverse("elements", args=[projet.pk, "tableaux"])
    envoi = {
        "titre": "Familles",
        "lignes_zone": ["Ici"],
        "lignes_ligne": ["Un seul parent", ""],
        "lignes_cellule": ["31 %", ""],
    }
    assert client_de("bruno").post(liste, envoi).status_code == 302
    assert "Un seul parent" in client_de("bruno").get(liste).text
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    ProjetSocial.objects.filter(pk=projet.pk).update(etat="en_cours")
    denis = client_de("denis")
    assert denis.get(liste).status_code == 404
    assert denis.post(liste, envoi).status_code == 404


# --- Les passages à ranger --------------------------------------------------------------------------


def test_un_passage_range_ne_se_range_pas_deux_fois(projet: ProjetSocial, distribution: Distribution) -> None:
    morceau = MorceauFactory(projet=projet)
    ranger_morceau(morceau, par=distribution.bruno)
    with pytest.raises(GesteRefuse, match="Rangé"):
        ranger_morceau(morceau, par=distribution.bruno)
    assert [un.texte for un in projet.chapitres.exclude(texte="")] == [morceau.texte]


def test_un_passage_range_entre_dans_l_histoire_du_chapitre(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    (attendu,) = [place for place in lire_le_plan(projet) if place.chapitre.cle == "budget"]
    morceau = MorceauFactory(projet=projet)
    page = client_de("bruno").post(
        reverse("morceau", args=[morceau.pk]), {"ou": f"chapitre:{attendu.repere}"}
    )
    assert page.status_code == 302
    chapitre = projet.chapitres.get(cle="budget")
    assert chapitre.texte == morceau.texte and chapitre.version == 2
    assert [(une.par, une.valeur) for une in chapitre.sauvegardes.all()] == [
        (distribution.bruno, morceau.texte)
    ]


def test_un_passage_va_dans_un_chapitre_et_en_revient(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    chapitre = Chapitre.objects.create(projet=projet, rang=1, titre="Préambule", texte="Un début.")
    morceau = MorceauFactory(projet=projet)
    ranger_morceau(morceau, chapitre=str(chapitre.pk), par=distribution.bruno)
    assert projet.chapitres.get().texte == f"Un début.\n\n{morceau.texte}"
    assert rouvrir_morceau(morceau, par=distribution.bruno) is True
    assert projet.chapitres.get().texte == "Un début." and morceau.etat == EtatMorceau.A_RANGER


def test_un_passage_retouche_reste_ou_il_est(projet: ProjetSocial, distribution: Distribution) -> None:
    morceau = MorceauFactory(projet=projet)
    ranger_morceau(morceau, par=distribution.bruno)
    projet.chapitres.exclude(texte="").update(texte="Réécrit")
    assert rouvrir_morceau(morceau, par=distribution.bruno) is False
    assert projet.chapitres.exclude(texte="").get().texte == "Réécrit"


@pytest.mark.parametrize("champ", ["contexte", "freins"])
def test_un_passage_va_dans_une_fiche_et_en_revient(
    projet: ProjetSocial, distribution: Distribution, champ: str
) -> None:
    fiche = projet.fiches.get(titre="Le prêt de vélos")
    avant = ["Un frein"] if champ == "freins" else "Un contexte"
    projet.fiches.filter(pk=fiche.pk).update(**{champ: avant})
    fiche.refresh_from_db()
    morceau = MorceauFactory(projet=projet, texte="Une chose\nUne autre")
    ranger_morceau(morceau, fiche=fiche, champ=champ, par=distribution.bruno)
    fiche.refresh_from_db()
    voulu = {
        "freins": ["Un frein", "Une chose", "Une autre"],
        "contexte": "Un contexte\n\nUne chose\nUne autre",
    }
    assert getattr(fiche, champ) == voulu[champ]
    assert rouvrir_morceau(morceau, par=distribution.bruno) is True
    fiche.refresh_from_db()
    assert getattr(fiche, champ) == avant


def test_mettre_de_cote_se_defait(projet: ProjetSocial, distribution: Distribution) -> None:
    morceau = MorceauFactory(projet=projet)
    ecarter_morceau(morceau, par=distribution.bruno)
    assert morceau.etat == EtatMorceau.ECARTE
    rouvrir_morceau(morceau, par=distribution.bruno)
    assert morceau.etat == EtatMorceau.A_RANGER


def test_ranger_a_l_ecran_demande_le_champ_de_la_fiche(projet: ProjetSocial, client_de: Ouvrir) -> None:
    morceau = MorceauFactory(projet=projet)
    fiche = projet.fiches.get(titre="Le prêt de vélos")
    adresse = reverse("morceau", args=[morceau.pk])
    bruno = client_de("bruno")
    assert bruno.post(adresse, {"ou": f"fiche:{fiche.pk}"}).status_code == 422
    assert bruno.post(adresse, {"ou": f"fiche:{fiche.pk}", "champ": "contexte"}).status_code == 302
    fiche.refresh_from_db()
    assert fiche.contexte == morceau.texte
    assert client_de("chloe").get(adresse).status_code == 404
