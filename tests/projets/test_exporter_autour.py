"""Rien de ce qui est écrit ne se perd : l'export JSON porte aussi ce qui entoure l'arbre, et se relit."""

import json
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from maillage.core.journal import SYSTEME
from maillage.projets.choices import MomentEvaluation
from maillage.projets.exportation import exporter
from maillage.projets.exportation.objet import objet_du_projet
from maillage.projets.importation import DocumentIllisible
from maillage.projets.models import (
    Besoin,
    LigneDeBudget,
    PresenceEnReunion,
    PresentsSansMandat,
    Preuve,
    ProjetSocial,
)
from maillage.projets.operations.documents_lus import lire_le_document
from maillage.projets.operations.ecriture_du_lu import ecrire_projet_lu
from tests.distribution import Distribution
from tests.fabriques import StructureFactory
from tests.projets.fabriques import InstanceFactory, ZoneFactory
from tests.projets.fabriques_diagnostic import ConstatFactory, diagnostic_d_essai
from tests.projets.fabriques_evaluation import projet_evalue_d_essai
from tests.projets.fabriques_gouvernance import (
    BudgetFactory,
    CollegeFactory,
    DecisionFactory,
    FinancementFactory,
    MandatFactory,
    PreuveFactory,
    ReunionFactory,
)

pytestmark = pytest.mark.django_db
AUTOUR = (
    *("communes", "zones", "constats", "themes", "paroles", "rencontres", "resultats", "besoins"),
    *("instances", "participation", "budgets", "financements", "evaluations", "tableaux"),
)


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    """Tout y est écrit, du diagnostic à l'évaluation."""
    social = projet_evalue_d_essai(distribution.deux_ponts, distribution.amina, MomentEvaluation.MI_PARCOURS)
    ZoneFactory(projet=social, genre="secteur", precision="Trois rues, côté gare")
    besoin = diagnostic_d_essai(social)
    chiffre, tableau = social.chiffres.get(), social.tableaux.get()
    Preuve.objects.create(besoin=besoin, chiffre=chiffre)
    Preuve.objects.create(besoin=besoin, tableau=tableau)
    Preuve.objects.create(besoin=besoin, parole=social.paroles.get())
    Preuve.objects.create(besoin=besoin, nombre="312 passages après 18 h", source="Accueil, 2025")
    fiche = social.fiches.get(titre="Le prêt de vélos")
    fiche.degre_participation, fiche.preuve_participation = "codecision", "Ils tiennent l’atelier."
    fiche.save(update_fields=["degre_participation", "preuve_participation"])
    siege = InstanceFactory(projet=social, nom="Comité de pilotage", veut_la_parite=True)
    membre = MandatFactory(college=CollegeFactory(instance=siege), nom="Gisèle", fonction="Présidente")
    reunion = ReunionFactory(
        instance=siege, tenue=True, heure=time(18, 30), compte_rendu="On ouvre plus tard."
    )
    PresenceEnReunion.objects.create(reunion=reunion, mandat=membre, venue="present")
    PresentsSansMandat.objects.create(reunion=reunion, genre="elus", nombre=2)
    DecisionFactory(reunion=reunion, fiche=fiche, pour_le=date(2026, 12, 1))
    PreuveFactory(fiche=fiche)
    budget = BudgetFactory(
        projet=social,
        portee="fiche",
        fiche=fiche,
        heures_prevues=Decimal("12.50"),
        taux_horaire=Decimal("12"),
    )
    LigneDeBudget.objects.create(budget=budget, compte="60", prevu=Decimal("1234.56"))
    FinancementFactory(projet=social, accorde=Decimal("9000.05"))
    return social


def relire(contenu: bytes) -> ProjetSocial:
    (lu,) = lire_le_document(contenu, "projet.json").projets
    return ecrire_projet_lu(lu, structure=StructureFactory(), par=SYSTEME)


def autour(objet: dict[str, Any]) -> dict[str, Any]:
    """Ce qui entoure l'arbre ; une fiche y est dite par son titre, son `id` change d'un projet à l'autre."""
    titres = {fiche["id"]: fiche["titre"] for fiche in objet["fiches"]}
    texte = json.dumps({cle: objet[cle] for cle in AUTOUR}, ensure_ascii=False)
    for identifiant, titre in sorted(titres.items(), reverse=True):
        texte = texte.replace(f'"fiche": "{identifiant}"', f'"fiche": "{titre}"')
    relu: dict[str, Any] = json.loads(texte)
    return relu


# --- Les refus --------------------------------------------------------------------------------------
@pytest.mark.parametrize("cle", [cle for cle in AUTOUR if cle != "communes"])
def test_une_liste_qui_n_en_est_pas_une_est_refusee_par_son_nom(cle: str) -> None:
    contenu = json.dumps({"nom": "Projet", "fiches": [], cle: ["x"]}).encode()
    with pytest.raises(DocumentIllisible, match=f"« {cle} »"):
        lire_le_document(contenu, "projet.json")


def test_des_valeurs_de_travers_n_arretent_rien_et_un_texte_sans_place_est_a_ranger() -> None:
    faux: dict[str, Any] = {
        "nom": "Projet",
        "du": "2027-01-01",
        "au": "2030-12-31",
        "fiches": [{"titre": "Le bus", "id": "b"}],
        "gouvernance": [{"nom": "Comité"}],
        "constats": [{"texte": "Un vide", "nature": "inconnue"}],
        "resultats": [{"question": "Q", "colonnes": 3, "lignes": [{"valeurs": "abc"}]}],
        "besoins": [
            {"titre": "Sortir", "enjeux": 4, "preuves": [{"genre": "chiffre", "rang": 9, "texte": "42"}]}
        ],
        "instances": [{"nom": "Comité", "reunions": [{"le": "hier", "compte_rendu": "Ce qui fut dit"}]}],
        "budgets": [{"annee": 2027, "portee": "fiche", "fiche": ["b"]}, {"annee": "x"}],
        "financements": [{"annee": 2027, "nom": "Ville", "demande": "-3"}],
        "evaluations": [{"moment": "demain"}],
    }
    projet = relire(json.dumps(faux).encode())
    assert [un.texte for un in projet.constats.all()] == ["Un vide"]
    assert [une.nombre for une in projet.besoins.get().preuves.all()] == ["42"]
    assert "Ce qui fut dit" in projet.morceaux.get().texte
    assert projet.financements.get().demande is None
    assert not projet.budgets.exists() and not projet.evaluations.exists()


# --- Aller et retour --------------------------------------------------------------------------------
def test_tout_ce_qui_entoure_l_arbre_sort_et_revient(projet: ProjetSocial) -> None:
    objet = objet_du_projet(projet)
    vides = [cle for cle in AUTOUR if not objet[cle] and cle != "communes"]
    assert vides == []
    relu = relire(exporter(projet, "json"))
    assert autour(objet_du_projet(relu)) == autour(objet)
    assert relu.budgets.get().lignes.get().prevu == Decimal("1234.56")
    assert relu.fiches.get(titre="Le prêt de vélos").degre_participation == "codecision"
    preuves = Besoin.objects.get(projet=relu).preuves.order_by("pk")
    assert [str(une.montre or une.nombre) for une in preuves][-1] == "312 passages après 18 h"
    assert all(une.montre.projet_id == relu.pk for une in preuves if une.montre)


def test_le_nom_d_un_membre_ne_sort_pas_mais_il_se_compte_encore(projet: ProjetSocial) -> None:
    contenu = exporter(projet, "json")
    assert "Gisèle" not in contenu.decode() and "Présidente" in contenu.decode()
    relu = relire(contenu)
    venue = PresenceEnReunion.objects.get(reunion__instance__projet=relu)
    assert (venue.mandat.nom, venue.venue) == ("", "present")


def test_une_preuve_mise_de_cote_laisse_ses_mots(projet: ProjetSocial) -> None:
    ConstatFactory(projet=projet, texte="Un autre constat", rang=0)
    objet = objet_du_projet(projet)
    objet["constats"] = [un for un in objet["constats"] if un["texte"] == "Un autre constat"]
    relu = relire(json.dumps(objet).encode())
    nombres = Preuve.objects.filter(besoin__projet=relu).exclude(nombre="").order_by("pk")
    assert [une.nombre for une in nombres] == ["Aucun lieu ouvert le soir.", "312 passages après 18 h"]


def test_bruno_telecharge_le_projet_entier_et_denis_rien(
    projet: ProjetSocial, distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    adresse = reverse("dossier_fichier", args=[projet.pk, "json"])
    assert client_de("denis").get(adresse).status_code == 404
    recu = client_de("bruno").get(adresse)
    assert recu.status_code == 200 and recu.json()["besoins"][0]["titre"] == "Pouvoir sortir le soir"


def test_le_nombre_de_requetes_de_l_export_ne_suit_pas_la_taille(
    projet: ProjetSocial, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        diagnostic_d_essai(projet)
        siege = InstanceFactory(projet=projet)
        DecisionFactory(reunion=ReunionFactory(instance=siege, tenue=True))
    with django_assert_max_num_queries(42):
        objet_du_projet(projet)
