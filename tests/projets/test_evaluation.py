"""L'évaluation d'un projet : qui l'écrit, ce qui s'y compte, ce qui s'y propose ; écrite à plusieurs."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.core.ecriture import empreinte
from maillage.core.models import LigneJournal
from maillage.projets.choices import EtatProjet, MomentEvaluation, SuiteProposee
from maillage.projets.lecture_evaluation import lire_evaluation, nom_de_la_question
from maillage.projets.models import (
    BilanDeFiche,
    Cible,
    Etape,
    Evaluation,
    FicheAction,
    LeconRetenue,
    ProjetSocial,
    Proposition,
    Releve,
)
from maillage.projets.operations.evaluation import (
    EvaluationFermee,
    ecrire_evaluation,
    proposer_de_commencer,
    retenir_une_lecon,
)
from maillage.projets.referentiels import Question
from tests.distribution import Distribution
from tests.projets.fabriques import IndicateurFactory, arbre_d_essai

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
MI = MomentEvaluation.MI_PARCOURS
VIDE = empreinte("")


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    return arbre_d_essai(distribution.deux_ponts, en_cours=True)


@pytest.fixture
def fiche(projet: ProjetSocial) -> FicheAction:
    trouvee: FicheAction = projet.fiches.get(titre="Le café des clics au marché")
    return trouvee


def etape(projet: ProjetSocial, cle: str) -> str:
    return reverse("evaluation_etape", args=[projet.pk, "mi-parcours", cle])


def axe_de(fiche: FicheAction) -> str:
    return f"axe-{fiche.axe_id}"


def envoi(ecrits: dict[str, str], lus: dict[str, str] | None = None) -> dict[str, str]:
    """Ce que la page envoie : chaque champ, et l'empreinte de ce qu'elle en montrait."""
    return ecrits | {f"lu_{nom}": empreinte((lus or {}).get(nom, "")) for nom in ecrits}


# --- Refus ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("personne", ["chloe", "lea", "nadia", "omar", "denis"])
def test_hors_de_l_equipe_personne_ne_lit_ni_n_ecrit_l_evaluation(
    client_de: Ouvrir, projet: ProjetSocial, fiche: FicheAction, personne: str
) -> None:
    client = client_de(personne)
    pages = [
        reverse("evaluation", args=[projet.pk]),
        reverse("memoire", args=[projet.pk]),
        reverse("evaluation_rapport", args=[projet.pk, "mi-parcours"]),
        reverse("evaluation_fichier", args=[projet.pk, "mi-parcours", "pdf"]),
        etape(projet, "methode"),
    ]
    assert [client.get(page).status_code for page in pages] == [404] * len(pages)
    ecrits = envoi({f"fiche_{fiche.pk}_raison": "Volée"})
    assert client.post(etape(projet, axe_de(fiche)), ecrits).status_code == 404
    assert not Evaluation.objects.exists()


def test_un_moment_une_etape_et_un_format_inconnus_n_existent_pas(
    client_de: Ouvrir, projet: ProjetSocial
) -> None:
    amina = client_de("amina")
    assert amina.get(etape(projet, "axe-999")).status_code == 404
    assert amina.get(f"/espace/projets/{projet.pk}/evaluation/annuelle/").status_code == 404
    rapport = reverse("evaluation_fichier", args=[projet.pk, "mi-parcours", "odt"])
    assert amina.get(rapport).status_code == 404


def test_avant_le_premier_jour_rien_ne_s_evalue(client_de: Ouvrir, distribution: Distribution) -> None:
    projet = arbre_d_essai(distribution.deux_ponts)
    page = client_de("amina").get(reverse("evaluation", args=[projet.pk])).content.decode()
    assert "Le projet n’a pas encore commencé" in page
    assert client_de("amina").get(etape(projet, "methode")).status_code == 404


def test_une_evaluation_close_ne_s_ecrit_plus_et_le_texte_est_garde_a_part(
    client_de: Ouvrir, projet: ProjetSocial, distribution: Distribution
) -> None:
    ecrire_evaluation(projet, MI, {"methode": "À trois"}, {"methode": VIDE}, par=distribution.amina)
    assert client_de("bruno").post(reverse("evaluation_clore", args=[projet.pk])).status_code == 404
    client_de("amina").post(reverse("evaluation_clore", args=[projet.pk]))
    projet.refresh_from_db()
    assert projet.etat == EtatProjet.EVALUE
    with pytest.raises(EvaluationFermee):
        ecrire_evaluation(projet, MI, {"synthese": "Trop tard"}, {"synthese": VIDE}, par=distribution.bruno)
    evaluation = Evaluation.objects.get()
    assert evaluation.synthese == ""
    assert evaluation.sauvegardes.get(est_ecartee=True).valeur == "Trop tard"
    assert (
        client_de("bruno").post(etape(projet, "synthese"), envoi({"synthese": "Encore"})).status_code == 302
    )


def test_un_nombre_de_personnes_qui_n_en_est_pas_un_est_refuse_sans_rien_perdre(
    client_de: Ouvrir, projet: ProjetSocial
) -> None:
    ecrits = {"annee": "2026", "methode": "Trois soirées", "nombre_habitants": "beaucoup"}
    reponse = client_de("amina").post(etape(projet, "methode"), envoi(ecrits))
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert "Écrivez un nombre entier" in page and "beaucoup" in page
    assert Evaluation.objects.get().methode == "Trois soirées"


# --- Ce qui s'y compte ----------------------------------------------------------------------------
def test_prevu_et_fait_viennent_des_fiches(projet: ProjetSocial, fiche: FicheAction) -> None:
    FicheAction.objects.filter(pk=fiche.pk).update(etat="en_cours")
    Etape.objects.create(fiche=fiche, titre="Former", du=date(2025, 2, 1), faite_le=timezone.now())
    Etape.objects.create(fiche=fiche, titre="Ouvrir", du=date(2025, 9, 1))
    Etape.objects.create(fiche=fiche, titre="Plus tard", du=date(2028, 1, 1))
    bas, haut = IndicateurFactory(fiche=fiche), IndicateurFactory(fiche=fiche, libelle="Attente", depart=90)
    for indicateur, cible, valeur in ((bas, 40, 36), (haut, 60, 50)):
        Cible.objects.create(indicateur=indicateur, annee=2025, valeur=cible)
        Releve.objects.create(indicateur=indicateur, annee=2025, valeur=valeur)
    BilanDeFiche.objects.create(fiche=fiche, annee=2025, degre="en_partie", lecon="Deux tables")
    lue = lire_evaluation(projet, MI, est_dehors=False)
    (evaluee,) = [une for une in lue.fiches if une.fiche == fiche]
    assert (len(evaluee.etapes), evaluee.etapes_faites) == (2, 1)
    assert (len(evaluee.jugees), evaluee.cibles_atteintes) == (2, 1), (
        "une cible sous le départ se passe en bas"
    )
    assert evaluee.degre_dit == "Atteint en partie"
    assert (len(lue.prevues), lue.menees, lue.etapes_faites, lue.etapes) == (6, 1, 1, 2)
    degres, cibles = lue.graphique_des_degres, lue.graphique_des_cibles
    assert degres is not None and [s.valeurs for s in degres.series] == [[0, 1, 0, 0]]
    assert cibles is not None and [list(s.valeurs) for s in cibles.series] == [[2], [1]]


def test_chaque_fiche_est_comptee_une_fois_meme_citee_deux_fois(projet: ProjetSocial) -> None:
    lue = lire_evaluation(projet, MI, est_dehors=False)
    assert sorted(une.fiche.pk for une in lue.fiches) == sorted(projet.fiches.values_list("pk", flat=True))
    assert lue.axes[-1].titre == "Fiches à ranger"


def test_lire_une_etape_n_en_cree_pas(client_de: Ouvrir, projet: ProjetSocial) -> None:
    assert client_de("bruno").get(etape(projet, "methode")).status_code == 200
    client_de("bruno").post(etape(projet, "synthese"), envoi({"synthese": ""}))
    assert not Evaluation.objects.exists()


# --- Écrire à plusieurs ---------------------------------------------------------------------------
def test_une_fiche_recoit_son_effet_sa_proposition_et_sa_raison(
    client_de: Ouvrir, projet: ProjetSocial, fiche: FicheAction
) -> None:
    ici = f"fiche_{fiche.pk}"
    ecrits = {f"{ici}_effet": "On revient seul", f"{ici}_suite": "transformer", f"{ici}_raison": "L’hiver"}
    reponse = client_de("bruno").post(etape(projet, axe_de(fiche)), envoi(ecrits))
    suivant = projet.axes.get(lettre="B")
    assert (reponse.status_code, reponse.url) == (302, etape(projet, f"axe-{suivant.pk}"))
    proposition = Proposition.objects.get()
    assert (proposition.fiche, proposition.suite) == (fiche, SuiteProposee.TRANSFORMER)
    assert (proposition.effet, proposition.raison) == ("On revient seul", "L’hiver")
    page = client_de("amina").get(etape(projet, axe_de(fiche))).content.decode()
    assert "On revient seul" in page and "Bruno" in page, "sa présence se dit"


def test_un_objectif_recoit_sa_proposition(
    client_de: Ouvrir, projet: ProjetSocial, fiche: FicheAction
) -> None:
    ici = f"objectif_{fiche.objectif_id}"
    client_de("amina").post(etape(projet, axe_de(fiche)), envoi({f"{ici}_suite": "arreter"}))
    assert Proposition.objects.get().objectif == fiche.objectif
    lue = lire_evaluation(projet, MI, est_dehors=False)
    assert lue.dites == 1 and ("Axe A : 6 à proposer", axe_de(fiche)) in lue.reste


def test_la_fiche_d_un_autre_projet_ne_se_touche_pas(
    client_de: Ouvrir, projet: ProjetSocial, fiche: FicheAction, distribution: Distribution
) -> None:
    autre = arbre_d_essai(distribution.quatre_vents, en_cours=True).fiches.order_by("pk")[0]
    client_de("amina").post(etape(projet, axe_de(fiche)), envoi({f"fiche_{autre.pk}_raison": "Ailleurs"}))
    assert not Proposition.objects.exists()


def test_deux_personnes_dans_le_meme_champ_choisissent(
    client_de: Ouvrir, projet: ProjetSocial, fiche: FicheAction
) -> None:
    nom = f"fiche_{fiche.pk}_raison"
    adresse = etape(projet, axe_de(fiche))
    client_de("amina").post(adresse, envoi({nom: "L’hiver"}))
    reponse = client_de("bruno").post(adresse, envoi({nom: "La pluie"}))
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "Amina Benali a écrit ici" in page and "La pluie" in page
    assert Proposition.objects.get().raison == "L’hiver"
    choix = {f"choix_{nom}": "deux", f"vu_{nom}": empreinte("L’hiver")}
    client_de("bruno").post(adresse, envoi({nom: "La pluie"}) | choix)
    assert Proposition.objects.get().raison == "L’hiver\n\nLa pluie"


def test_le_script_recoit_ce_qui_est_enregistre_et_ce_qui_reste(
    client_de: Ouvrir, projet: ProjetSocial
) -> None:
    recu = (
        client_de("bruno")
        .post(
            etape(projet, "synthese"),
            envoi({"synthese": "On tient."}),
            headers={"Accept": "application/json"},
        )
        .json()
    )
    assert recu["dit"].startswith("Enregistré à") and recu["a_revoir"] == []
    assert recu["lus"]["synthese"] == empreinte("On tient.")
    assert "Écrire ce qu’il faut retenir" not in recu["reste"]


def test_une_seance_d_ecriture_dit_de_quelle_fiche_elle_parle(
    projet: ProjetSocial, fiche: FicheAction, distribution: Distribution, client_de: Ouvrir
) -> None:
    nom = f"fiche_{fiche.pk}_raison"
    ecrire_evaluation(projet, MI, {nom: "L’hiver"}, {nom: VIDE}, par=distribution.bruno)
    evaluation = Evaluation.objects.get()
    evaluation.sauvegardes.update(le=timezone.now() - timedelta(hours=2))
    ecrire_evaluation(projet, MI, {"synthese": "Voilà"}, {"synthese": VIDE}, par=distribution.amina)
    ligne = LigneJournal.objects.get(acte="ecrire_evaluation")
    assert "Pourquoi (Le café des clics au marché)" in ligne.phrase
    assert ligne.structure_id == distribution.deux_ponts.pk


@pytest.mark.parametrize(
    "cle", ["efficacite", "Une clé très longue, avec des accents et des espaces, de trop"]
)
def test_une_question_se_repond_quelle_que_soit_sa_cle(
    projet: ProjetSocial, distribution: Distribution, cle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(cle, "mi_parcours", "Les objectifs sont-ils tenus ?")
    nom = nom_de_la_question(cle)
    assert len(nom) <= 40
    monkeypatch.setattr("maillage.projets.lecture_evaluation.questions_de", lambda *_: (question,))
    ecrire_evaluation(
        projet, MI, {nom: "Presque tous."}, {nom: VIDE}, questions=[question], par=distribution.amina
    )
    lue = lire_evaluation(projet, MI, est_dehors=False)
    assert lue.reponse(question) == "Presque tous." and lue.repondues == 1
    assert Evaluation.objects.get().reponses.get().question == question.texte


# --- Leçons et suites -----------------------------------------------------------------------------
def test_une_lecon_d_un_bilan_se_retient_d_un_bouton_une_seule_fois(
    client_de: Ouvrir, projet: ProjetSocial, fiche: FicheAction
) -> None:
    BilanDeFiche.objects.create(fiche=fiche, annee=2025, lecon="Un toit d’abord")
    amina = client_de("amina")
    assert "Un toit d’abord" in amina.get(etape(projet, "suite")).content.decode()
    ajout = reverse("evaluation_ajouter", args=[projet.pk, "mi-parcours", "lecon"])
    for _ in range(2):
        amina.post(ajout, {"texte": "Un toit d’abord", "fiche": fiche.pk})
    lecon = LeconRetenue.objects.get()
    assert (lecon.texte, lecon.fiche) == ("Un toit d’abord", fiche)


def test_une_lecon_se_corrige_et_montre_un_conflit(
    client_de: Ouvrir, projet: ProjetSocial, distribution: Distribution
) -> None:
    lecon = retenir_une_lecon(projet, MI, texte="Aller vers", par=distribution.amina)
    ici = reverse("evaluation_corriger", args=[projet.pk, "mi-parcours", "lecon", lecon.pk])
    amina = client_de("amina")
    assert amina.post(ici, {"texte": "Aller vers les gens", "version": lecon.version}).status_code == 302
    reponse = client_de("bruno").post(ici, {"texte": "Sonner", "version": lecon.version})
    assert reponse.status_code == 422 and "Aller vers les gens" in reponse.content.decode()
    lecon.refresh_from_db()
    assert lecon.texte == "Aller vers les gens"
    amina.post(ici, {"oter": "oui"})
    assert not LeconRetenue.objects.exists()


def test_une_lecon_vide_est_refusee(client_de: Ouvrir, projet: ProjetSocial) -> None:
    ajout = reverse("evaluation_ajouter", args=[projet.pk, "mi-parcours", "lecon"])
    reponse = client_de("amina").post(ajout, {"texte": " "})
    assert reponse.status_code == 422 and "Écrivez la leçon." in reponse.content.decode()


def test_on_propose_de_commencer_sous_un_objectif(
    client_de: Ouvrir, projet: ProjetSocial, fiche: FicheAction
) -> None:
    ajout = reverse("evaluation_ajouter", args=[projet.pk, "mi-parcours", "nouveaute"])
    dite = {"titre": "Un abri au marché", "objectif": fiche.objectif_id, "raison": "L’hiver"}
    client_de("amina").post(ajout, dite)
    neuve = Proposition.objects.get()
    assert (neuve.suite, neuve.objectif, neuve.fiche) == (SuiteProposee.COMMENCER, fiche.objectif, None)
    ici = reverse("evaluation_corriger", args=[projet.pk, "mi-parcours", "nouveaute", neuve.pk])
    client_de("bruno").post(ici, {"titre": "Un préau", "raison": "", "version": neuve.version})
    neuve.refresh_from_db()
    assert (neuve.titre, neuve.objectif) == ("Un préau", None)


def test_une_fiche_effacee_de_l_arbre_laisse_sa_proposition(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    ecartee = projet.fiches.get(axe=None)
    nom = f"fiche_{ecartee.pk}_raison"
    ecrire_evaluation(projet, MI, {nom: "Personne n’en veut"}, {nom: VIDE}, par=distribution.amina)
    ecartee.delete()
    (restee,) = lire_evaluation(projet, MI, est_dehors=False).sans_place
    assert (restee.titre, restee.raison) == ("Une idée d’habitants, à ranger", "Personne n’en veut")


def test_l_onglet_dit_l_avancement(
    client_de: Ouvrir, projet: ProjetSocial, distribution: Distribution
) -> None:
    page: Any = client_de("amina").get(reverse("evaluation", args=[projet.pk])).content.decode()
    assert page.count("À faire") == 2
    proposer_de_commencer(projet, MI, titre="Un abri", par=distribution.amina)
    retenir_une_lecon(projet, MI, texte="Aller vers", par=distribution.amina)
    page = client_de("amina").get(reverse("evaluation", args=[projet.pk])).content.decode()
    _, sur = lire_evaluation(projet, MI, est_dehors=False).avancement
    assert "Commencée" in page and f"1 sur {sur}" in page
