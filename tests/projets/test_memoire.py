"""La mémoire d'un projet, et le projet suivant qui s'ouvre avec elle."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.core.documents.description import Chiffres, Document, Section
from maillage.core.documents.html import rendre_html
from maillage.core.ecriture import GesteRefuse
from maillage.projets.choices import CACHE, EtatFiche, EtatProjet, MomentEvaluation, StatutFiche
from maillage.projets.exportation.evaluation import blocs_de_la_memoire
from maillage.projets.memoire import lire_memoire
from maillage.projets.models import BilanDeFiche, FicheAction, ProjetSocial, Releve, ValeurCalculee
from maillage.projets.operations.evaluation import proposer_de_commencer
from maillage.projets.operations.ossature import Choix, reprendre_l_ossature
from maillage.projets.operations.suite import ouvrir_la_suite, prolonger
from tests.distribution import Distribution
from tests.projets.fabriques import IndicateurFactory, InstanceFactory, ProjetSocialFactory, ZoneFactory
from tests.projets.fabriques_evaluation import ecrire, projet_evalue_d_essai

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
MI, FINALE = MomentEvaluation.MI_PARCOURS, MomentEvaluation.FINALE


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    """Dans sa dernière année."""
    aujourd_hui = timezone.localdate()
    return projet_evalue_d_essai(
        distribution.deux_ponts,
        distribution.amina,
        du=date(2025, 1, 1),
        au=aujourd_hui + timedelta(days=200),
    )


def fiche_de(projet: ProjetSocial, titre: str) -> FicheAction:
    trouvee: FicheAction = projet.fiches.get(titre=titre)
    return trouvee


def ouvrir(projet: ProjetSocial, par: Any) -> ProjetSocial:
    du = projet.au + timedelta(days=1)
    suite = ouvrir_la_suite(
        projet,
        nom="La suite",
        du=du,
        au=date(du.year + 3, 12, 31),
        reprendre=["territoire", "instances", "sigles"],
        par=par,
    )
    return suite.projet


# --- Refus ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("personne", ["bruno", "chloe", "denis", "lea"])
def test_seule_la_direction_ouvre_la_suite(client_de: Ouvrir, projet: ProjetSocial, personne: str) -> None:
    ici = reverse("projet_suivant", args=[projet.pk])
    assert client_de(personne).get(ici).status_code == 404
    assert client_de(personne).post(ici, {"nom": "Volé"}).status_code == 404
    assert ProjetSocial.objects.count() == 1


def test_la_suite_ne_s_ouvre_pas_au_milieu_du_projet(client_de: Ouvrir, distribution: Distribution) -> None:
    loin = ProjetSocialFactory(
        structure=distribution.deux_ponts, en_cours=True, au=timezone.localdate() + timedelta(days=700)
    )
    assert client_de("amina").get(reverse("projet_suivant", args=[loin.pk])).status_code == 404
    page = client_de("amina").get(reverse("evaluation", args=[loin.pk])).content.decode()
    assert "Ouvrir le projet suivant" not in page


def test_des_dates_qui_ne_vont_pas_sont_dites_sans_rien_perdre(
    client_de: Ouvrir, projet: ProjetSocial
) -> None:
    ici = reverse("projet_suivant", args=[projet.pk])
    reponse = client_de("amina").post(ici, {"nom": "Trop long", "du": "2027-01-01", "au": "2036-12-31"})
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "quatre ans au plus" in page and "Trop long" in page
    assert not projet.suites.exists()


def test_une_fiche_ne_prolonge_que_celle_du_projet_d_avant(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    suite = ouvrir(projet, distribution.amina)
    neuve = FicheAction.objects.create(projet=suite, titre="Neuve")
    ailleurs = FicheAction.objects.create(projet=suite, titre="Sœur")
    with pytest.raises(GesteRefuse, match="projet d’avant"):
        prolonger(neuve, ailleurs, par=distribution.amina)
    avant = fiche_de(projet, "Le prêt de vélos")
    prolonger(neuve, avant, par=distribution.amina)
    neuve.refresh_from_db()
    assert neuve.suite_de == avant


# --- La mémoire -----------------------------------------------------------------------------------
def test_la_memoire_dit_ce_que_chaque_action_est_devenue_et_pourquoi(projet: ProjetSocial) -> None:
    FicheAction.objects.filter(titre="La fête des paliers").update(etat=EtatFiche.TERMINEE)
    emploi = fiche_de(projet, "Rendez-vous emploi du mardi")
    BilanDeFiche.objects.create(fiche=emploi, annee=2025, suite="arreter", n_a_pas_marche="Personne")
    memoire = lire_memoire(projet, est_dehors=False)
    devenirs = {s.fiche.titre: (s.devenir, s.raison) for s in memoire.souvenirs}
    assert devenirs["Permanences d’écrivain public"] == ("continuer", "La demande ne baisse pas")
    assert devenirs["Le café des clics au marché"][0] == "transformer"
    assert devenirs["Le prêt de vélos"] == ("arreter", "La commune fait de même")
    assert devenirs["La fête des paliers"][0] == "terminer"
    assert devenirs["Rendez-vous emploi du mardi"] == ("arreter", "Personne")
    assert devenirs["Une idée d’habitants, à ranger"][0] == "pas_dit"
    (clics,) = [s for s in memoire.souvenirs if s.fiche.titre.startswith("Le café")]
    assert [apprise.texte for apprise in clics.apprises] == ["Aller vers", "Un toit d’abord"]
    (nombre,) = clics.nombres
    assert (nombre.depart, nombre.arrivee, nombre.annee, nombre.cible) == ("12", "47", 2026, "40")


def test_on_y_cherche_un_mot_et_l_on_y_filtre(client_de: Ouvrir, projet: ProjetSocial) -> None:
    ici = reverse("memoire", args=[projet.pk])
    page = client_de("bruno").get(ici, {"q": "toit"}).content.decode()
    assert "Le café des clics au marché" in page and "Le prêt de vélos" not in page
    page = client_de("bruno").get(ici, {"devenir": "arreter"}).content.decode()
    assert "Le prêt de vélos" in page and "Le café des clics au marché" not in page
    page = client_de("bruno").get(ici, {"annee": "2026"}).content.decode()
    assert "Le café des clics au marché" in page and "Le prêt de vélos" not in page
    fichier = b"".join(client_de("bruno").get(reverse("memoire_fichier", args=[projet.pk, "csv"])))
    assert "L’hiver vide la table" in fichier.decode()


def test_l_evaluation_finale_l_emporte_sur_celle_du_milieu(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    velos = fiche_de(projet, "Le prêt de vélos")
    nom = f"fiche_{velos.pk}_suite"
    ecrire(projet, FINALE, distribution.amina, **{nom: "continuer"})
    (souvenir,) = [s for s in lire_memoire(projet, est_dehors=False).souvenirs if s.fiche == velos]
    assert souvenir.devenir == "continuer"


# --- Ouvrir la suite ------------------------------------------------------------------------------
def test_le_projet_suivant_s_ouvre_a_la_suite_avec_son_cadre(
    client_de: Ouvrir, projet: ProjetSocial, distribution: Distribution
) -> None:
    ZoneFactory(projet=projet, nom="Les Tanneries")
    InstanceFactory(projet=projet, nom="Comité d’usagers")
    ici = reverse("projet_suivant", args=[projet.pk])
    du = projet.au + timedelta(days=1)
    page = client_de("amina").get(ici).content.decode()
    assert f'value="{du.isoformat()}"' in page
    valeurs = {"nom": "La suite", "du": du, "au": date(du.year + 3, 12, 31), "territoire": "on"}
    reponse = client_de("amina").post(ici, valeurs)
    suite = projet.suites.get()
    assert reponse.url == reverse("projet_ossature", args=[suite.pk])
    assert (suite.etat, suite.nom) == (EtatProjet.PREPARATION, "La suite")
    assert [zone.nom for zone in suite.zones.all()] == ["Les Tanneries"]
    assert not suite.instances.exists(), "décoché"
    arbre_vide = client_de("amina").get(reverse("arbre", args=[suite.pk])).content.decode()
    assert reponse.url in arbre_vide, "l’arbre vide propose de reprendre le projet d’avant"
    client_de("amina").post(ici, valeurs)
    assert projet.suites.count() == 1, "ouvrir deux fois rend le même"


def test_l_ossature_est_cochee_d_apres_les_propositions(
    client_de: Ouvrir, projet: ProjetSocial, distribution: Distribution
) -> None:
    demarches = fiche_de(projet, "Le café des clics au marché").objectif
    neuve = proposer_de_commencer(
        projet, MI, titre="Un abri au marché", raison="L’hiver", objectif=demarches, par=distribution.amina
    )
    suite = ouvrir(projet, distribution.amina)
    page = client_de("amina").get(reverse("projet_ossature", args=[suite.pk])).content.decode()
    velos, clics = fiche_de(projet, "Le prêt de vélos"), fiche_de(projet, "Le café des clics au marché")
    assert f'name="fiche" value="{clics.pk}" checked' in page
    assert f'name="fiche" value="{velos.pk}">' in page, "ce qui s’arrête est décoché"
    assert "La commune fait de même" in page, "avec sa raison en face"
    assert '<option value="evolution" selected>' in page
    client_de("amina").post(
        reverse("projet_ossature", args=[suite.pk]),
        {
            "fiche": [clics.pk],
            "objectif": [clics.objectif_id],
            f"statut_{clics.pk}": "evolution",
            "nouveaute": [neuve.pk],
        },
    )
    reprise = fiche_de(suite, "Le café des clics au marché")
    assert (reprise.statut, reprise.suite_de, reprise.etat) == (
        StatutFiche.EVOLUTION,
        clics,
        EtatFiche.A_ECRIRE,
    )
    abri = fiche_de(suite, "Un abri au marché")
    assert (abri.statut, abri.contexte, abri.objectif) == (StatutFiche.NOUVELLE, "L’hiver", reprise.objectif)


def test_la_derniere_valeur_d_avant_est_le_depart_d_apres(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    clics = fiche_de(projet, "Le café des clics au marché")
    calcule = IndicateurFactory(fiche=clics, libelle="Séances", source="calcul", rang=2)
    ValeurCalculee.objects.create(indicateur=calcule, annee=2025, valeur=31)
    Releve.objects.create(indicateur=calcule, annee=2025, valeur=33, motif="Recompté")
    jamais = IndicateurFactory(fiche=clics, libelle="Jamais noté", depart=5, depart_annee=2024, rang=3)
    suite = ouvrir(projet, distribution.amina)
    choix = Choix(axes=[], enjeux=[], objectifs=[], fiches=[clics.pk])
    reprendre_l_ossature(suite, choix, par=distribution.amina)
    departs = {
        un.libelle: (un.depart, un.depart_annee)
        for un in suite.fiches.get().indicateurs.filter(liste="quantitative")
    }
    assert departs["Personnes revenues"] == (47, 2026)
    assert departs["Séances"] == (33, 2025), "la valeur retenue, pas le calcul"
    assert departs[jamais.libelle] == (5, 2024)


def test_en_ecrivant_une_fiche_reprise_on_voit_ce_que_l_ancienne_a_donne(
    client_de: Ouvrir, projet: ProjetSocial, distribution: Distribution
) -> None:
    suite = ouvrir(projet, distribution.amina)
    clics = fiche_de(projet, "Le café des clics au marché")
    choix = Choix(axes=[], enjeux=[], objectifs=[], fiches=[clics.pk])
    reprendre_l_ossature(suite, choix, par=distribution.amina)
    reprise = suite.fiches.get()
    page = client_de("bruno").get(reverse("fiche_action_ecrire", args=[reprise.pk]), follow=True)
    texte = page.content.decode()
    for dit in ("Ce que l’ancienne a donné", "On revient seul.", "Un toit d’abord", "<strong>47</strong>"):
        assert dit in texte, dit


def test_on_dit_quelle_fiche_d_avant_une_fiche_prolonge(
    client_de: Ouvrir, projet: ProjetSocial, distribution: Distribution
) -> None:
    suite = ouvrir(projet, distribution.amina)
    neuve = FicheAction.objects.create(projet=suite, titre="Le café d’hiver", annees=suite.annees)
    ici = reverse("fiche_action_avant", args=[neuve.pk])
    bruno = client_de("bruno")
    assert ici in bruno.get(reverse("fiche_action", args=[neuve.pk])).content.decode()
    assert client_de("chloe").get(ici).status_code == 404
    ailleurs = bruno.post(ici, {"suite_de": neuve.pk})
    assert ailleurs.status_code == 422, "seulement une fiche du projet d’avant"
    clics = fiche_de(projet, "Le café des clics au marché")
    bruno.post(ici, {"suite_de": clics.pk})
    page = bruno.get(reverse("fiche_action", args=[neuve.pk])).content.decode()
    assert "Ce que l’ancienne a donné" in page and ici not in page


# --- Dans le dossier ------------------------------------------------------------------------------
def test_le_dossier_dit_ce_que_le_projet_d_avant_a_appris_sans_petit_nombre(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    fete = fiche_de(projet, "La fête des paliers")
    compte = IndicateurFactory(fiche=fete, source="calcul", libelle="Voisines aidées")
    ValeurCalculee.objects.create(indicateur=compte, annee=2025, valeur=7)
    assert blocs_de_la_memoire(projet) == (), "il n’est la suite d’aucun autre"
    suite = ouvrir(projet, distribution.amina)
    blocs = blocs_de_la_memoire(suite)
    assert isinstance(blocs[1], Chiffres) and blocs[1].chiffres[0].valeur == "6"
    document = Document("Mémoire", "Nous", date(2026, 1, 1), (Section("Avant", blocs),))
    page = rendre_html(document)
    for dit in ("Le prêt de vélos", "La commune fait de même", "Aller vers", f"{CACHE} en 2025"):
        assert dit in page, dit
    assert "7 en 2025" not in page
