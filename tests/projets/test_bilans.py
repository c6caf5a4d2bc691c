"""Le bilan d'une fiche : écrit à plusieurs, clos et rouvert ; et le bilan annuel du projet en document."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document as LireWord

from maillage.core.ecriture import GesteRefuse, empreinte
from maillage.core.models import LigneJournal
from maillage.projets.choices import EtatProjet
from maillage.projets.models import BilanDeFiche, Cible, FicheAction, ProjetSocial, Releve, ValeurCalculee
from maillage.projets.operations.bilans import (
    MOTIF_DE_CLOTURE,
    BilanClos,
    clore_bilan,
    ecrire_bilan,
    rouvrir_bilan,
)
from maillage.projets.operations.releves import Saisie, empreinte_des_champs, noter_releves
from tests.distribution import Distribution
from tests.projets.fabriques import IndicateurFactory, arbre_d_essai

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
VIDE = empreinte("")


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    projet = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    trouvee: FicheAction = projet.fiches.get(titre="Le café des clics au marché")
    return trouvee


def adresse(fiche: FicheAction, annee: int = 2025) -> str:
    return reverse("bilan", args=[fiche.pk, annee])


def geste(fiche: FicheAction, nom: str) -> str:
    return reverse("bilan_geste", args=[fiche.pk, 2025, nom])


def envoi(lus: dict[str, str] | None = None, **textes: str) -> dict[str, str]:
    """Ce que la page envoie : chaque champ, et l'empreinte de ce qu'elle en montrait."""
    champs = {"degre": "", "a_marche": "", "n_a_pas_marche": "", "suite": "", "lecon": ""} | textes
    return champs | {f"lu_{nom}": empreinte((lus or {}).get(nom, "")) for nom in champs}


# --- Refus ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("personne", ["chloe", "lea", "nadia", "omar"])
def test_une_etrangere_ne_lit_ni_n_ecrit_aucun_bilan(
    client_de: Ouvrir, fiche: FicheAction, personne: str
) -> None:
    client = client_de(personne)
    projet = fiche.projet_id
    for page in (
        adresse(fiche),
        reverse("bilans", args=[projet, 2025]),
        reverse("bilan_document", args=[projet, 2025]),
        reverse("bilan_fichier", args=[projet, 2025, "docx"]),
    ):
        assert client.get(page).status_code == 404, page
    assert client.post(adresse(fiche), envoi(lecon="Volée")).status_code == 404
    assert client.post(geste(fiche, "clore")).status_code == 404
    assert not BilanDeFiche.objects.exists()


def test_la_caf_ne_lit_pas_un_bilan_qui_s_ecrit(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    ecrire_bilan(fiche, 2025, {"lecon": "Tenir le mardi."}, {"lecon": VIDE}, par=distribution.amina)
    assert client_de("denis").get(adresse(fiche)).status_code == 404
    assert client_de("denis").post(adresse(fiche), envoi(lecon="Autre")).status_code == 404
    assert BilanDeFiche.objects.get().lecon == "Tenir le mardi."


def test_une_annee_hors_du_projet_et_un_geste_inconnu_n_existent_pas(
    client_de: Ouvrir, fiche: FicheAction
) -> None:
    amina = client_de("amina")
    assert amina.get(adresse(fiche, 1999)).status_code == 404
    assert amina.get(reverse("bilans", args=[fiche.projet_id, 1999])).status_code == 404
    assert amina.post(geste(fiche, "effacer")).status_code == 404
    assert amina.get(reverse("bilan_fichier", args=[fiche.projet_id, 2025, "odt"])).status_code == 404


def test_clore_demande_le_degre_et_la_suite(client_de: Ouvrir, fiche: FicheAction) -> None:
    client_de("amina").post(adresse(fiche), envoi(degre="atteint"))
    page = client_de("amina").post(geste(fiche, "clore"), follow=True).content.decode()
    assert "dites le degré atteint et ce que vous décidez" in page
    assert BilanDeFiche.objects.get().clos_le is None


def test_un_degre_inconnu_est_refuse(client_de: Ouvrir, fiche: FicheAction) -> None:
    assert client_de("amina").post(adresse(fiche), envoi(degre="parfait")).status_code == 422
    assert not BilanDeFiche.objects.exists()


def test_dans_un_bilan_clos_le_texte_arrive_trop_tard_est_garde_a_part(
    fiche: FicheAction, distribution: Distribution
) -> None:
    choix = {"degre": "atteint", "suite": "reconduire"}
    ecrire_bilan(fiche, 2025, choix, dict.fromkeys(choix, VIDE), par=distribution.amina)
    clore_bilan(fiche, 2025, par=distribution.amina)
    with pytest.raises(BilanClos):
        ecrire_bilan(fiche, 2025, {"lecon": "Trop tard"}, {"lecon": VIDE}, par=distribution.bruno)
    bilan = BilanDeFiche.objects.get()
    assert bilan.lecon == ""
    assert bilan.sauvegardes.get(est_ecartee=True).valeur == "Trop tard"
    with pytest.raises(GesteRefuse):
        clore_bilan(fiche, 2025, par=distribution.amina)
    rouvrir_bilan(fiche, 2025, par=distribution.amina)
    with pytest.raises(GesteRefuse):
        rouvrir_bilan(fiche, 2025, par=distribution.amina)


# --- Écrire ---------------------------------------------------------------------------------------
def test_lire_un_bilan_n_en_cree_pas_un(client_de: Ouvrir, fiche: FicheAction) -> None:
    assert client_de("bruno").get(adresse(fiche)).status_code == 200
    client_de("bruno").post(adresse(fiche), envoi())
    assert not BilanDeFiche.objects.exists()


def test_le_bilan_s_enregistre_et_mene_a_la_fiche_suivante(client_de: Ouvrir, fiche: FicheAction) -> None:
    textes = {"degre": "en_partie", "a_marche": "Le mardi", "suite": "ameliorer", "lecon": "Deux tables"}
    reponse = client_de("bruno").post(adresse(fiche), envoi(**textes))
    suivante = fiche.projet.fiches.get(titre="Le prêt de vélos")
    assert (reponse.status_code, reponse.url) == (302, adresse(suivante))
    bilan = BilanDeFiche.objects.get()
    assert {nom: getattr(bilan, nom) for nom in textes} == textes
    page = client_de("amina").get(adresse(fiche)).content.decode()
    assert "Deux tables" in page and "Fiche 2 sur 6" in page


def test_le_script_recoit_ce_qui_est_enregistre_et_ce_qui_reste(
    client_de: Ouvrir, fiche: FicheAction
) -> None:
    reponse = client_de("bruno").post(
        adresse(fiche), envoi(degre="atteint"), headers={"Accept": "application/json"}
    )
    recu = reponse.json()
    assert recu["dit"].startswith("Enregistré à") and recu["a_revoir"] == []
    assert recu["lus"]["degre"] == empreinte("atteint")
    assert "la suite" in recu["reste"] and "le degré atteint" not in recu["reste"]
    assert recu["titre"] == "A-02 Le café des clics au marché"


def test_deux_personnes_dans_deux_champs_ne_se_genent_pas_dans_le_meme_elles_choisissent(
    client_de: Ouvrir, fiche: FicheAction
) -> None:
    client_de("amina").post(adresse(fiche), envoi(a_marche="Le texte d’Amina"))
    client_de("bruno").post(adresse(fiche), envoi(lecon="La leçon de Bruno"))
    bilan = BilanDeFiche.objects.get()
    assert (bilan.a_marche, bilan.lecon) == ("Le texte d’Amina", "La leçon de Bruno")
    reponse = client_de("bruno").post(adresse(fiche), envoi(a_marche="Le texte de Bruno"))
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "Amina Benali a écrit ici" in page and "Le texte de Bruno" in page
    bilan.refresh_from_db()
    assert bilan.a_marche == "Le texte d’Amina"
    choix = {"choix_a_marche": "deux", "vu_a_marche": empreinte("Le texte d’Amina")}
    client_de("bruno").post(
        adresse(fiche), envoi(a_marche="Le texte de Bruno", lus={"lecon": "La leçon de Bruno"}) | choix
    )
    bilan.refresh_from_db()
    assert bilan.a_marche == "Le texte d’Amina\n\nLe texte de Bruno"


def test_une_seance_d_ecriture_ne_fait_qu_une_ligne_au_journal(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    client_de("bruno").post(adresse(fiche), envoi(a_marche="Le"))
    client_de("bruno").post(adresse(fiche), envoi(a_marche="Le mardi", degre="atteint", suite="reconduire"))
    clore_bilan(fiche, 2025, par=distribution.amina)
    assert LigneJournal.objects.get(acte="ecrire_bilan").apres["a_marche"] == "Le mardi"
    assert LigneJournal.objects.get(acte="clore_bilan").structure_id == distribution.deux_ponts.pk


# --- Clore ----------------------------------------------------------------------------------------
def test_clore_fige_textes_et_valeurs_et_retient_le_calcul(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    calcule = IndicateurFactory(fiche=fiche, source="calcul")
    ValeurCalculee.objects.create(indicateur=calcule, annee=2025, valeur=36)
    client_de("amina").post(adresse(fiche), envoi(degre="atteint", suite="reconduire"))
    page = client_de("amina").post(geste(fiche, "clore"), follow=True).content.decode()
    assert "Le bilan de 2025 est clos." in page and geste(fiche, "rouvrir") in page
    assert "<textarea" not in page
    ValeurCalculee.objects.update(valeur=99)
    releve = Releve.objects.get()
    assert (releve.valeur, releve.motif) == (36, "Valeur calculée, retenue à la clôture du bilan.")
    client_de("amina").post(geste(fiche, "rouvrir"))
    saisie = Saisie.premiere(calcule, {"valeur": 40, "motif": "Recompté"})
    assert noter_releves(fiche, 2025, [saisie], par=distribution.bruno) == []
    assert Releve.objects.get().valeur == 40


def test_rouvrir_rend_au_calcul_ce_que_la_cloture_avait_retenu(
    fiche: FicheAction, distribution: Distribution
) -> None:
    """Rouvrir puis clore de nouveau fige ce que Maillage compte alors, pas ce qu'il comptait la première fois."""
    calcule = IndicateurFactory(fiche=fiche, source="calcul")
    ValeurCalculee.objects.create(indicateur=calcule, annee=2025, valeur=36)
    choix = {"degre": "atteint", "suite": "reconduire"}
    ecrire_bilan(fiche, 2025, choix, dict.fromkeys(choix, VIDE), par=distribution.amina)
    clore_bilan(fiche, 2025, par=distribution.amina)
    rouvrir_bilan(fiche, 2025, par=distribution.amina)
    assert not Releve.objects.exists()
    ValeurCalculee.objects.update(valeur=41)
    clore_bilan(fiche, 2025, par=distribution.amina)
    assert Releve.objects.get().valeur == 41


def test_rouvrir_garde_ce_que_l_equipe_a_dit(fiche: FicheAction, distribution: Distribution) -> None:
    """Une correction, même laissée sous la raison de la clôture ; un nombre lu d'un fichier, sans calcul où revenir."""
    corrige, lu = IndicateurFactory(fiche=fiche, source="calcul"), IndicateurFactory(fiche=fiche)
    ValeurCalculee.objects.create(indicateur=corrige, annee=2025, valeur=36)
    Releve.objects.create(indicateur=lu, annee=2025, valeur=12, motif=MOTIF_DE_CLOTURE)
    retenu = Releve.objects.create(indicateur=corrige, annee=2025, valeur=36, motif=MOTIF_DE_CLOTURE)
    vus = {"valeur": retenu.valeur, "motif": retenu.motif}
    saisie = Saisie(corrige, empreinte_des_champs(vus), {"valeur": 40, "motif": MOTIF_DE_CLOTURE})
    assert noter_releves(fiche, 2025, [saisie], par=distribution.bruno) == []
    choix = {"degre": "atteint", "suite": "reconduire"}
    ecrire_bilan(fiche, 2025, choix, dict.fromkeys(choix, VIDE), par=distribution.amina)
    clore_bilan(fiche, 2025, par=distribution.amina)
    rouvrir_bilan(fiche, 2025, par=distribution.amina)
    assert sorted(Releve.objects.values_list("valeur", flat=True)) == [12, 40]


@pytest.mark.parametrize(
    ("jour", "retenues"), [(date(2026, 1, 15), ["civile"]), (date(2026, 9, 1), ["civile", "scolaire"])]
)
def test_clore_laisse_finir_l_annee_scolaire(
    fiche: FicheAction,
    distribution: Distribution,
    monkeypatch: pytest.MonkeyPatch,
    jour: date,
    retenues: list[str],
) -> None:
    """En janvier 2026, le bilan de 2025 se clôt ; l'année scolaire 2025-2026 a encore sept mois."""
    monkeypatch.setattr(timezone, "localdate", lambda *_, **__: jour)
    for calendrier in ("civile", "scolaire"):
        calcule = IndicateurFactory(fiche=fiche, source="calcul", calendrier=calendrier)
        ValeurCalculee.objects.create(indicateur=calcule, annee=2025, valeur=36)
    choix = {"degre": "atteint", "suite": "reconduire"}
    ecrire_bilan(fiche, 2025, choix, dict.fromkeys(choix, VIDE), par=distribution.amina)
    clore_bilan(fiche, 2025, par=distribution.amina)
    assert sorted(Releve.objects.values_list("indicateur__calendrier", flat=True)) == retenues


@pytest.mark.parametrize(
    ("annee", "jour", "dite", "restent"),
    [
        (2025, date(2026, 3, 15), "L’année scolaire court encore", "1 valeur, "),
        (2026, date(2026, 3, 15), "L’année scolaire commence le 1er septembre 2026", "1 valeur, "),
        (2025, date(2026, 9, 1), "", "2 valeurs, "),
    ],
)
def test_une_annee_scolaire_qui_court_ne_manque_pas_encore(
    client_de: Ouvrir,
    fiche: FicheAction,
    monkeypatch: pytest.MonkeyPatch,
    annee: int,
    jour: date,
    dite: str,
    restent: str,
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_, **__: jour)
    IndicateurFactory(fiche=fiche)
    scolaire = IndicateurFactory(fiche=fiche, source="calcul", calendrier="scolaire")
    amina = client_de("amina")

    def lire(page: str) -> str:
        return amina.get(page).content.decode().replace("\u00a0", " ")

    bilan, bilans = adresse(fiche, annee), reverse("bilans", args=[fiche.projet_id, annee])
    assert f"Pour cette fiche : {restent}" in lire(bilan)
    assert f"Il reste {restent}" in lire(bilans)
    for page, avec in ((lire(bilan), f"{dite} : sa valeur viendra"), (lire(bilans), f" · {dite}</p>")):
        assert avec in page if dite else "L’année scolaire" not in page
    ValeurCalculee.objects.create(indicateur=scolaire, annee=annee, valeur=36)
    page = lire(bilan)
    assert "Calculée : <strong>36</strong>" in page and "sa valeur viendra" not in page
    assert f" · {dite}</p>" in page if dite else "L’année scolaire" not in page
    document = lire(reverse("bilan_document", args=[fiche.projet_id, annee]))
    assert ("» : l’année scolaire" in document) == bool(dite)


# --- L'année --------------------------------------------------------------------------------------
def test_le_bilan_en_deux_heures_dit_ce_qui_reste_a_chaque_fiche(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    IndicateurFactory(fiche=fiche)
    premiere = fiche.projet.fiches.get(titre="Permanences d’écrivain public")
    choix = {"degre": "atteint", "suite": "reconduire", "lecon": "Rien"}
    ecrire_bilan(premiere, 2025, choix, dict.fromkeys(choix, VIDE), par=distribution.amina)
    clore_bilan(premiere, 2025, par=distribution.amina)
    page = client_de("amina").get(reverse("bilans", args=[fiche.projet_id, 2025])).content.decode()
    assert "1\u00a0bilan clos sur 6" in page
    assert "Il reste 1\u00a0valeur, le degré atteint, la suite et la leçon" in page
    assert f'<a class="bouton" href="{adresse(fiche)}">' in page and "Continuer" in page
    assert (
        "Aucune fiche"
        in client_de("amina").get(reverse("bilans", args=[fiche.projet_id, 2028])).content.decode()
    )


def test_le_bilan_annuel_se_lit_en_page_en_pdf_et_en_word(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    nombre = IndicateurFactory(fiche=fiche, libelle="Cafés tenus", unite="cafés")
    Cible.objects.create(indicateur=nombre, annee=2025, valeur=40)
    ValeurCalculee.objects.create(
        indicateur=nombre, annee=2025, valeur=36, dehors=[{"mot": "", "detail": True}]
    )
    question = IndicateurFactory(fiche=fiche, liste="qualitative", libelle="Les gens reviennent-ils ?")
    Releve.objects.create(
        indicateur=nombre, annee=2025, valeur=38, motif="Deux oublis", saisi_par=distribution.bruno
    )
    Releve.objects.create(
        indicateur=question,
        annee=2025,
        niveau="oui",
        parole="J’ai mes habitudes.",
        saisi_par=distribution.bruno,
    )
    textes = {"degre": "en_partie", "suite": "ameliorer", "lecon": "Ouvrir une seconde table."}
    ecrire_bilan(fiche, 2025, textes, dict.fromkeys(textes, VIDE), par=distribution.amina)
    page = client_de("bruno").get(reverse("bilan_document", args=[fiche.projet_id, 2025])).content.decode()
    word = client_de("amina").get(reverse("bilan_fichier", args=[fiche.projet_id, 2025, "docx"]))
    lu = LireWord(io.BytesIO(word.content))
    ecrit = "\n".join(
        [paragraphe.text for paragraphe in lu.paragraphs]
        + [cellule.text for tableau in lu.tables for ligne in tableau.rows for cellule in ligne.cells]
    )
    for mot in (
        "Axe A",
        "Cafés tenus",
        "38",
        "36",
        "40",
        "Deux oublis",
        "habitudes",
        "seconde table",
        "Améliorer",
    ):
        assert mot in page, mot
        assert mot in ecrit, mot
    pdf = client_de("amina").get(reverse("bilan_fichier", args=[fiche.projet_id, 2025, "pdf"]))
    assert pdf.content.startswith(b"%PDF") and "Bilan 2025.pdf" in pdf.headers["Content-Disposition"]


def test_un_projet_evalue_garde_ses_bilans_en_lecture(client_de: Ouvrir, fiche: FicheAction) -> None:
    client_de("amina").post(adresse(fiche), envoi(lecon="Gardée"))
    ProjetSocial.objects.update(etat=EtatProjet.EVALUE)
    page: Any = client_de("amina").get(adresse(fiche))
    assert "Gardée" in page.content.decode() and "Clore ce bilan" not in page.content.decode()
    assert client_de("amina").post(adresse(fiche), envoi(lecon="Changée")).status_code == 404
