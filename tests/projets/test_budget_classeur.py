"""Le classeur du budget relu cellule par cellule, les pages, ce que le dossier en porte."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from maillage.core.classeurs import ClasseurIllisible
from maillage.core.documents.html import rendre_html
from maillage.core.documents.pdf import rendre_pdf
from maillage.projets.choices import GenreEnvoi, PorteeBudget
from maillage.projets.comptes import CHARGE
from maillage.projets.exportation.budget import blocs_du_budget, blocs_du_financement, document_de_l_annee
from maillage.projets.exportation.classeur_du_budget import classeur_du_budget, repere_de
from maillage.projets.exportation.dossier import document_du_dossier
from maillage.projets.importation.budget import lire_le_classeur
from maillage.projets.lecture_du_budget import Montants, lire_annee, lire_annees
from maillage.projets.manques_du_budget import manques_du_budget
from maillage.projets.models import Budget, Financement, ProjetSocial
from maillage.projets.operations.budget import (
    ajouter_financement,
    ecrire_budget,
    modifier_financement,
    retirer_financement,
)
from maillage.projets.operations.envois import envoyer
from tests.distribution import Distribution
from tests.projets.fabriques import arbre_d_essai
from tests.projets.fabriques_gouvernance import FinancementFactory, voulu

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
ANNEE = 2026


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts, en_cours=True)


# --- Le classeur ------------------------------------------------------------------------------------


def _remplir(projet: ProjetSocial, distribution: Distribution) -> None:
    fiche = projet.fiches.order_by("pk")[0]
    ecrire_budget(
        projet,
        ANNEE,
        voulu({"60": "1250.55", "74": "1250.55"}, heures_prevues="12.25", taux_horaire="11.88"),
        par=distribution.amina,
    )
    ecrire_budget(
        projet, ANNEE, voulu({"62": "999999.99"}, PorteeBudget.FICHE, fiche), par=distribution.amina
    )
    ajouter_financement(
        projet, ANNEE, nom="=Ville", objet="+Vacances", demande=Decimal("0.07"), par=distribution.amina
    )


def _relire(projet: ProjetSocial, octets: bytes, annee: int = ANNEE) -> Any:
    lue = lire_annee(projet, annee)
    return lire_le_classeur(
        octets,
        annee,
        reperes={repere_de(lu) for lu in lue.tous},
        comptes={un.compte for un in lue.plan.comptes if not un.benevolat},
        calcules={un.compte for un in lue.plan.comptes if un.benevolat},
    )


def test_un_classeur_telecharge_puis_depose_ne_change_rien(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    _remplir(projet, distribution)
    octets = classeur_du_budget(lire_annee(projet, ANNEE))
    relu = _relire(projet, octets)
    assert relu.fautes == []
    assert relu.budgets["centre"].montants["60"] == (Decimal("1250.55"), None)
    assert relu.financements[0]["nom"] == "=Ville" and relu.financements[0]["demande"] == Decimal("0.07")
    feuille = openpyxl.load_workbook(io.BytesIO(octets))[f"Financement {ANNEE}"]
    assert feuille["A2"].data_type == "s", "un nom qui commence comme une formule n'est qu'un texte"
    page = client_de("amina").post(
        reverse("budget_importer", args=[projet.pk, ANNEE]), {"fichier": _depot(octets)}
    )
    assert "rien à écrire" in page.content.decode()


def _depot(octets: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("budget.xlsx", octets)


def _changer(octets: bytes, **cellules: Any) -> bytes:
    classeur = openpyxl.load_workbook(io.BytesIO(octets))
    for adresse, valeur in cellules.items():
        classeur[f"Budget {ANNEE}"][adresse] = valeur
    tampon = io.BytesIO()
    classeur.save(tampon)
    return tampon.getvalue()


def test_chaque_cellule_fautive_est_nommee_et_rien_ne_s_ecrit(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    _remplir(projet, distribution)
    octets = _changer(
        classeur_du_budget(lire_annee(projet, ANNEE)),
        E2="douze",
        F3="=1+1",
        E4=-5,
        E5=1.234,
        C6="99",
        A7="fiche 999999",
    )
    fautes = dict(_relire(projet, octets).fautes)
    attendues = {"E2": "pas un nombre", "F3": "formule", "E4": "sans signe", "E5": "Deux chiffres"}
    attendues |= {"C6": "plan de comptes", "A7": "n’est pas de cette année"}
    for cellule, mot in attendues.items():
        assert mot in fautes[f"Budget {ANNEE}, {cellule}"]
    page = client_de("amina").post(
        reverse("budget_importer", args=[projet.pk, ANNEE]), {"fichier": _depot(octets)}
    )
    assert page.status_code == 422 and "E2" in page.content.decode()
    assert "accord" not in page.content.decode()
    assert lire_annee(projet, ANNEE).centre.montants["60"].prevu == Decimal("1250.55")


def test_un_classeur_d_une_autre_annee_ou_abime_est_refuse(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    with pytest.raises(ClasseurIllisible, match="Téléchargez celui de 2027"):
        _relire(projet, classeur_du_budget(lire_annee(projet, ANNEE)), 2027)
    with pytest.raises(ClasseurIllisible, match="ne se lit pas"):
        _relire(projet, b"PK pas un classeur")


def test_un_classeur_aux_feuilles_vides_ne_passe_pas_pour_identique(projet: ProjetSocial) -> None:
    classeur = openpyxl.load_workbook(io.BytesIO(classeur_du_budget(lire_annee(projet, ANNEE))))
    for feuille in classeur.worksheets:
        feuille.delete_rows(2, feuille.max_row)
    tampon = io.BytesIO()
    classeur.save(tampon)
    with pytest.raises(ClasseurIllisible, match="sont vides"):
        _relire(projet, tampon.getvalue())


def test_amina_depose_lit_ce_qui_change_puis_ecrit(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    _remplir(projet, distribution)
    octets = _changer(classeur_du_budget(lire_annee(projet, ANNEE)), E2=1300.5, F2="1 299,99 €")
    amina = client_de("amina")
    reponse = amina.post(reverse("budget_importer", args=[projet.pk, ANNEE]), {"fichier": _depot(octets)})
    page = reponse.content.decode()
    assert reponse.status_code == 200 and "1\u202f250,55" in page and "1\u202f300,50" in page
    assert lire_annee(projet, ANNEE).centre.montants["60"].prevu == Decimal("1250.55"), (
        "rien n'est écrit encore"
    )
    confirmer = reverse("budget_importer_confirmer", args=[projet.pk, ANNEE])
    accord = {"accord": reponse.context["accord"]}
    assert amina.post(confirmer, accord).status_code == 302
    assert lire_annee(projet, ANNEE).centre.montants["60"] == Montants(Decimal("1300.50"), Decimal("1299.99"))
    version = Budget.objects.get(portee="centre").version
    amina.post(confirmer, accord)
    assert Budget.objects.get(portee="centre").version == version, "deux clics n'écrivent qu'une fois"
    assert Financement.objects.count() == 1


def test_un_accord_retouche_ou_depasse_n_ecrit_rien(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    _remplir(projet, distribution)
    amina = client_de("amina")
    octets = _changer(classeur_du_budget(lire_annee(projet, ANNEE)), E2=1)
    reponse = amina.post(reverse("budget_importer", args=[projet.pk, ANNEE]), {"fichier": _depot(octets)})
    ecrire_budget(projet, ANNEE, voulu({"60": "7"}, version=1), par=distribution.amina)
    confirmer = reverse("budget_importer_confirmer", args=[projet.pk, ANNEE])
    for accord in (reponse.context["accord"] + "x", reponse.context["accord"], ""):
        amina.post(confirmer, {"accord": accord})
        assert lire_annee(projet, ANNEE).centre.montants["60"].prevu == 7


def test_un_financeur_ecrit_en_minuscules_dans_le_classeur_n_en_fait_pas_deux(
    projet: ProjetSocial, client_de: Ouvrir
) -> None:
    FinancementFactory(projet=projet, annee=ANNEE, nom="Ville de Thiers", objet="", demande=Decimal(1000))
    octets = classeur_du_budget(lire_annee(projet, ANNEE))
    classeur = openpyxl.load_workbook(io.BytesIO(octets))
    feuille = classeur[f"Financement {ANNEE}"]
    feuille["A2"], feuille["C2"] = "Ville de thiers", 1200
    tampon = io.BytesIO()
    classeur.save(tampon)
    amina, adresse = client_de("amina"), reverse("budget_importer", args=[projet.pk, ANNEE])
    page = amina.post(adresse, {"fichier": _depot(tampon.getvalue())})
    assert [(un.quoi, un.avant) for un in page.context["changements"]] == [("demandé", "1\u202f000\xa0€")]
    confirmer = reverse("budget_importer_confirmer", args=[projet.pk, ANNEE])
    amina.post(confirmer, {"accord": page.context["accord"]})
    seul = projet.financements.get()
    assert (seul.nom, seul.demande) == ("Ville de Thiers", 1200)


@pytest.mark.parametrize("geste", ["corriger", "retirer"])
def test_un_financement_change_entre_temps_n_est_pas_ecrase(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir, geste: str
) -> None:
    _remplir(projet, distribution)
    amina, financement = client_de("amina"), Financement.objects.get()
    classeur = openpyxl.load_workbook(io.BytesIO(classeur_du_budget(lire_annee(projet, ANNEE))))
    classeur[f"Financement {ANNEE}"]["D2"] = 4321
    tampon = io.BytesIO()
    classeur.save(tampon)
    depot = {"fichier": _depot(tampon.getvalue())}
    page = amina.post(reverse("budget_importer", args=[projet.pk, ANNEE]), depot)
    if geste == "corriger":
        modifier_financement(
            financement, version_lue=financement.version, recu=Decimal("50"), par=distribution.amina
        )
    else:
        retirer_financement(financement, par=distribution.amina)
    confirmer = reverse("budget_importer_confirmer", args=[projet.pk, ANNEE])
    reponse = amina.post(confirmer, {"accord": page.context["accord"]}, follow=True)
    assert "déposez de nouveau le classeur" in reponse.content.decode()
    assert not Financement.objects.filter(accorde=4321).exists()


# --- Les pages, le dossier --------------------------------------------------------------------------


def test_une_case_mal_ecrite_garde_toute_la_grille(projet: ProjetSocial, client_de: Ouvrir) -> None:
    grille = reverse("budget_grille", args=[projet.pk, ANNEE, "centre"])
    reponse = client_de("amina").post(grille, {"version": 0, "p60": "mille", "p61": "1 250,5", "r62": "-3"})
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "mille" in page and "1 250,5" in page
    assert "sans signe" in page and not Budget.objects.exists()


def test_plus_de_dix_millions_d_heures_se_refusent_a_la_page_et_au_classeur(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    adresse = reverse("budget_grille", args=[projet.pk, ANNEE, "centre"])
    refus = client_de("amina").post(adresse, {"version": "0", "heures_prevues": "10 000 000"})
    assert refus.status_code == 422 and "9\u202f999\u202f999" in refus.text
    _remplir(projet, distribution)
    classeur = openpyxl.load_workbook(io.BytesIO(classeur_du_budget(lire_annee(projet, ANNEE))))
    classeur[f"Bénévolat {ANNEE}"]["D2"] = 10_000_000
    tampon = io.BytesIO()
    classeur.save(tampon)
    ((cellule, phrase),) = _relire(projet, tampon.getvalue()).fautes
    assert cellule == f"Bénévolat {ANNEE}, D2" and "9\u202f999\u202f999" in phrase


def test_un_conflit_montre_les_deux_montants(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    grille = reverse("budget_grille", args=[projet.pk, ANNEE, "centre"])
    ecrire_budget(projet, ANNEE, voulu({"60": "111"}), par=distribution.amina)
    reponse = client_de("amina").post(grille, {"version": 0, "p60": "222"})
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "111" in page and "222" in page
    assert client_de("amina").post(grille, {"version": 1, "p60": "222"}).status_code == 302
    assert lire_annee(projet, ANNEE).centre.montants["60"].prevu == 222


def test_le_dossier_porte_le_budget_et_le_financement(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    vides = lire_annees(projet, projet.annees)
    assert blocs_du_budget(vides) == () and blocs_du_financement(vides) == ()
    _remplir(projet, distribution)
    ecrites = lire_annees(projet, projet.annees)
    assert len(blocs_du_budget(ecrites)) >= 4 and len(blocs_du_financement(ecrites)) == 2
    document = document_de_l_annee(lire_annee(projet, ANNEE))
    page = rendre_html(document)
    assert "1\u202f250,55\xa0€" in page and "999\u202f999,99\xa0€" in page
    assert rendre_pdf(document).startswith(b"%PDF")


@pytest.mark.parametrize("etat", ["preparation", "soumis", "en_cours"])
def test_la_caf_ne_lit_du_budget_que_ce_que_le_dossier_transmis_en_dit(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir, etat: str
) -> None:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    _remplir(projet, distribution)
    ProjetSocial.objects.filter(pk=projet.pk).update(etat=etat)
    denis = client_de("denis")
    assert denis.get(reverse("budget", args=[projet.pk])).status_code == 404
    for nom in ("budget_annee", "budget_classeur"):
        assert denis.get(reverse(nom, args=[projet.pk, ANNEE])).status_code == 404, nom
    envoi = envoyer(
        projet, document_du_dossier(projet), genre=GenreEnvoi.DOSSIER, cle="a" * 32, par=distribution.amina
    )
    assert "1\u202f250,55" in denis.get(reverse("envoi", args=[envoi.pk])).text


def test_les_manques_du_budget_disent_le_desequilibre_et_le_financeur_muet(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    assert [manque.phrase for manque in manques_du_budget(projet)] == ["Le budget du centre n’est pas écrit."]
    ecrire_budget(projet, ANNEE, voulu({"60": "100", "74": "90"}), par=distribution.amina)
    FinancementFactory(projet=projet, demande=Decimal(80))
    phrases = " ".join(manque.phrase for manque in manques_du_budget(projet))
    assert "Il manque 10\xa0€ de produits" in phrases
    assert "1\xa0financeur sans réponse" in phrases and "10\xa0€ d’écart" in phrases


def test_un_compte_retire_du_plan_garde_ses_montants(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    ecrire_budget(projet, ANNEE, voulu({"699": "5", "60": "5"}), par=distribution.amina)
    centre = lire_annee(projet, ANNEE).centre
    assert centre.total(CHARGE).prevu == 10
    assert any(rangee.compte.libelle == "Compte retiré du plan" for rangee in centre.rangees(CHARGE))
