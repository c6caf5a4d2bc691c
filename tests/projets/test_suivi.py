"""Le suivi : l'état de chaque fiche, ses retards, les comptes par axe, les filtres, l'export."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.projets.choices import EtatFiche
from maillage.projets.models import BilanDeFiche, Etape, FicheAction, ProjetSocial, Releve
from maillage.projets.suivi import lire_suivi
from tests.distribution import Distribution
from tests.projets.fabriques import IndicateurFactory, arbre_d_essai

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture(autouse=True)
def le_20_novembre_2026(monkeypatch: pytest.MonkeyPatch) -> None:
    vrai = timezone.localdate
    monkeypatch.setattr(
        timezone, "localdate", lambda *moment: vrai(*moment) if moment else date(2026, 11, 20)
    )


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    """En cours depuis 2025, ses fiches sont commencées et prévues pour 2026 et 2027."""
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    cree = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    FicheAction.objects.filter(projet=cree).update(etat=EtatFiche.EN_COURS, annees=[2026, 2027])
    return cree


def la_fiche(projet: ProjetSocial, titre: str = "Le prêt de vélos") -> FicheAction:
    fiche: FicheAction = projet.fiches.get(titre=titre)
    return fiche


def retards(projet: ProjetSocial, titre: str = "Le prêt de vélos") -> list[str]:
    suivi = lire_suivi(ProjetSocial.objects.get(pk=projet.pk), est_dehors=False)
    return next(une.retards for une in suivi.fiches if une.fiche.titre == titre)


# --- Refus ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("personne", ["chloe", "lea", "nadia", "omar"])
def test_le_suivi_d_un_autre_centre_n_existe_pas(
    client_de: Ouvrir, projet: ProjetSocial, personne: str
) -> None:
    client = client_de(personne)
    assert client.get(reverse("suivi", args=[projet.pk])).status_code == 404
    assert client.get(reverse("suivi_fichier", args=[projet.pk, "csv"])).status_code == 404


def test_un_format_inconnu_n_existe_pas(client_de: Ouvrir, projet: ProjetSocial) -> None:
    assert client_de("amina").get(reverse("suivi_fichier", args=[projet.pk, "exe"])).status_code == 404


# --- Les retards ----------------------------------------------------------------------------------
def test_une_fiche_a_l_heure_n_a_aucun_retard(projet: ProjetSocial) -> None:
    Etape.objects.create(fiche=la_fiche(projet), titre="Ouvrir", du=date(2026, 12, 1))
    Etape.objects.create(
        fiche=la_fiche(projet), titre="Préparer", du=date(2026, 1, 5), faite_le=timezone.now()
    )
    assert retards(projet) == []


def test_une_etape_passee_et_pas_faite_est_un_retard_sauf_d_une_fiche_arretee(projet: ProjetSocial) -> None:
    Etape.objects.create(fiche=la_fiche(projet), titre="Acheter les vélos", du=date(2026, 3, 1))
    assert retards(projet) == ["« Acheter les vélos » devait finir le 1er\u00a0mars 2026"]
    projet.fiches.update(etat=EtatFiche.ARRETEE)
    assert retards(projet) == []


def test_une_annee_scolaire_qui_court_encore_n_est_pas_un_retard(
    projet: ProjetSocial, monkeypatch: pytest.MonkeyPatch
) -> None:
    projet.fiches.update(annees=[2025, 2026])
    IndicateurFactory(fiche=la_fiche(projet), calendrier="scolaire")
    monkeypatch.setattr(timezone, "localdate", lambda *_, **__: date(2026, 8, 31))
    assert retards(projet) == []
    monkeypatch.setattr(timezone, "localdate", lambda *_, **__: date(2026, 9, 1))
    assert retards(projet) == ["Ni valeur ni bilan pour 2025"]


def test_une_annee_finie_sans_valeur_ni_bilan_est_un_retard(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    projet.fiches.update(annees=[2025, 2026])
    assert retards(projet) == ["Ni valeur ni bilan pour 2025"]
    indicateur = IndicateurFactory(fiche=la_fiche(projet))
    releve = Releve.objects.create(indicateur=indicateur, annee=2025, valeur=0, saisi_par=distribution.bruno)
    assert retards(projet) == []
    releve.delete()
    BilanDeFiche.objects.create(fiche=la_fiche(projet), annee=2025)
    assert retards(projet) == []


def test_une_fiche_encore_a_ecrire_quand_le_projet_a_commence_est_un_retard(projet: ProjetSocial) -> None:
    projet.fiches.update(etat=EtatFiche.A_ECRIRE)
    assert retards(projet) == ["À écrire, alors que le projet a commencé le 1er\u00a0janvier 2025"]
    ProjetSocial.objects.update(du=date(2027, 1, 1))
    assert retards(projet) == []


# --- La page --------------------------------------------------------------------------------------
def test_la_page_compte_par_axe_et_dit_les_bilans_de_l_annee(client_de: Ouvrir, projet: ProjetSocial) -> None:
    Etape.objects.create(fiche=la_fiche(projet), titre="Acheter les vélos", du=date(2026, 3, 1))
    BilanDeFiche.objects.create(fiche=la_fiche(projet), annee=2026, clos_le=timezone.now())
    suivi = lire_suivi(projet, est_dehors=False)
    assert [(str(g.axe or "À ranger"), len(g.fiches), g.en_retard, g.clos) for g in suivi.par_axe] == [
        ("A Faire valoir ses droits", 4, 1, 1),
        ("B Vivre ensemble", 1, 0, 0),
        ("À ranger", 1, 0, 0),
    ]
    page = client_de("bruno").get(reverse("suivi", args=[projet.pk])).content.decode()
    assert "sur 6 en 2026" in page and "Acheter les vélos" in page and "Bilan clos" in page


def test_les_filtres_se_combinent_et_gardent_des_nombres_vrais(
    client_de: Ouvrir, projet: ProjetSocial, distribution: Distribution
) -> None:
    Etape.objects.create(fiche=la_fiche(projet), titre="Acheter les vélos", du=date(2026, 3, 1))
    la_fete = la_fiche(projet, "La fête des paliers")
    FicheAction.objects.filter(pk=la_fete.pk).update(pilote=distribution.farid, etat=EtatFiche.TERMINEE)
    axe = projet.axes.get(lettre="A").pk

    def titres(parametres: str) -> set[str]:
        page = client_de("amina").get(reverse("suivi", args=[projet.pk]) + parametres)
        return {une.fiche.titre for une in page.context["liste"].objets}

    assert titres("?retard=oui") == {"Le prêt de vélos"}
    assert titres(f"?axe={axe}&etat=terminee") == set()
    assert titres(f"?pilote={distribution.farid.pk}") == {"La fête des paliers"}
    assert titres("?axe=sans") == {"Une idée d’habitants, à ranger"}
    assert titres("?q=VÉLOS") == {"Le prêt de vélos"}
    page = client_de("amina").get(reverse("suivi", args=[projet.pk]) + "?retard=oui")
    etats = next(f for f in page.context["liste"].facettes if f.cle == "etat")
    assert {v.cle: v.nombre for v in etats.valeurs} == {"en_cours": 1, "terminee": 0}


def test_un_projet_sans_fiche_dit_par_quoi_commencer(client_de: Ouvrir, projet: ProjetSocial) -> None:
    projet.fiches.all().delete()
    assert (
        "Aucune fiche à suivre" in client_de("amina").get(reverse("suivi", args=[projet.pk])).content.decode()
    )


@pytest.mark.plafond_de_requetes(25)
def test_soixante_fiches_ne_coutent_pas_plus_de_requetes(client_de: Ouvrir, projet: ProjetSocial) -> None:
    modele = la_fiche(projet)
    for rang in range(60):
        fiche = FicheAction.objects.create(
            projet=projet, axe=modele.axe, objectif=modele.objectif, rang=rang + 10, titre=f"Fiche {rang}"
        )
        IndicateurFactory(fiche=fiche)
    assert client_de("amina").get(reverse("suivi", args=[projet.pk])).status_code == 200


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_l_export_rend_les_fiches_montrees(client_de: Ouvrir, projet: ProjetSocial, extension: str) -> None:
    Etape.objects.create(fiche=la_fiche(projet), titre="Acheter les vélos", du=date(2026, 3, 1))
    adresse = reverse("suivi_fichier", args=[projet.pk, extension]) + "?retard=oui"
    contenu = client_de("amina").get(adresse).getvalue()
    if extension == "xlsx":
        assert contenu.startswith(b"PK")
        return
    (ligne,) = csv.DictReader(io.StringIO(contenu.decode("utf-8-sig")), delimiter=";")
    assert (ligne["Numéro"], ligne["Fiche"], ligne["État"]) == ("A-03", "Le prêt de vélos", "En cours")
    assert "Acheter les vélos" in ligne["En retard"]


# --- Aujourd'hui ----------------------------------------------------------------------------------
def test_aujourd_hui_montre_les_fiches_en_retard_que_je_pilote_et_elles_seules(
    client_de: Ouvrir, projet: ProjetSocial, distribution: Distribution
) -> None:
    projet.fiches.update(annees=[2025])
    FicheAction.objects.filter(titre="Le prêt de vélos").update(pilote=distribution.farid)
    adresse = reverse("fiches_en_retard")
    page: Any = client_de("farid").get(adresse, HTTP_HX_REQUEST="true").content.decode()
    assert "Le prêt de vélos" in page and "La fête des paliers" not in page and "<html" not in page
    assert "Rien n’est en retard" in client_de("amina").get(adresse).content.decode()
    assert client_de("denis").get(adresse).status_code == 404
    assert adresse in client_de("farid").get("/espace/").content.decode()


# --- L'état d'une fiche ---------------------------------------------------------------------------
def test_changer_l_etat_d_une_fiche_se_defait_et_ne_saute_pas_d_etape(
    client_de: Ouvrir, projet: ProjetSocial
) -> None:
    fiche = la_fiche(projet)
    adresse = reverse("fiche_action_etat", args=[fiche.pk])
    page = client_de("bruno").post(adresse, {"etat": "terminee"}, follow=True).content.decode()
    assert f'action="{adresse}?etat=en_cours"' in page
    client_de("bruno").post(f"{adresse}?etat=en_cours")
    fiche.refresh_from_db()
    assert fiche.etat == EtatFiche.EN_COURS
    client_de("bruno").post(adresse, {"etat": "a_ecrire"})
    fiche.refresh_from_db()
    assert fiche.etat == EtatFiche.EN_COURS
