"""Décrire ce qu'on regardera : unité, départ, cibles ; ranger, changer de liste, supprimer et remettre."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.core.models import LigneJournal
from maillage.core.versions import ConflitDeVersion
from maillage.projets.choices import EtatProjet, ListeIndicateur
from maillage.projets.indicateurs import indicateurs_de, lire_indicateur
from maillage.projets.models import (
    Cible,
    DemandeAgrement,
    FicheAction,
    Indicateur,
    ProjetSocial,
    Releve,
    ValeurCalculee,
)
from maillage.projets.operations.indicateurs import (
    IndicateurRefuse,
    ajouter_indicateur,
    changer_de_liste,
    definir_indicateur,
    deplacer_indicateur,
    modifier_indicateur,
    remettre_indicateur,
    supprimer_indicateur,
)
from tests.distribution import Distribution
from tests.projets.fabriques import IndicateurFactory, arbre_d_essai

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]

DESCRIPTION = {"frequence": "annuelle", "calendrier": "civile", "methode": "", "responsable": ""}


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    trouvee: FicheAction = arbre_d_essai(distribution.deux_ponts, en_cours=True).fiches.get(
        titre="Le café des clics au marché"
    )
    return trouvee


def envoyer(client: Client, fiche: FicheAction, **champs: Any) -> Any:
    adresse = reverse("indicateur_nouveau", args=[fiche.pk])
    return client.post(adresse, {**DESCRIPTION, "libelle": "Nombre de cafés", **champs})


# --- Refus ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("personne", ["chloe", "lea", "nadia", "omar"])
def test_une_etrangere_ne_lit_ni_n_ecrit_aucun_indicateur(
    client_de: Ouvrir, fiche: FicheAction, personne: str
) -> None:
    indicateur = IndicateurFactory(fiche=fiche)
    client = client_de(personne)
    for nom, arguments in (
        ("indicateurs", [fiche.pk]),
        ("indicateur", [indicateur.pk]),
        ("indicateur_modifier", [indicateur.pk]),
        ("indicateur_nouveau", [fiche.pk]),
        ("releves", [fiche.pk, 2025]),
    ):
        assert client.get(reverse(nom, args=arguments)).status_code == 404, nom
    assert client.post(reverse("indicateur_geste", args=[indicateur.pk, "supprimer"])).status_code == 404
    assert envoyer(client, fiche).status_code == 404
    assert Indicateur.objects.get().libelle == indicateur.libelle


def test_la_caf_ne_lit_aucun_indicateur(client_de: Ouvrir, fiche: FicheAction) -> None:
    indicateur = IndicateurFactory(fiche=fiche)
    denis = client_de("denis")
    for page in ("indicateur", "indicateur_modifier"):
        assert denis.get(reverse(page, args=[indicateur.pk])).status_code == 404
    assert envoyer(denis, fiche).status_code == 404


@pytest.mark.parametrize("etat", [EtatProjet.SOUMIS, EtatProjet.EVALUE])
def test_dans_un_projet_qui_ne_s_ecrit_plus_l_equipe_lit_seulement(
    client_de: Ouvrir, fiche: FicheAction, etat: EtatProjet
) -> None:
    ProjetSocial.objects.update(etat=etat)
    assert envoyer(client_de("amina"), fiche).status_code == 404
    assert client_de("amina").get(reverse("indicateurs", args=[fiche.pk])).status_code == 200
    assert not Indicateur.objects.exists()


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"libelle": ""}, "Dites ce que vous regarderez"),
        ({"cible_2026": "soixante"}, "Donnez un nombre, par exemple 60."),
        ({"cible_2026": "12,345"}, "Deux chiffres au plus après la virgule"),
        ({"cible_2026": "9999999999"}, "changez d’unité"),
        ({"depart": "12"}, "Dites de quelle année est la valeur de départ"),
        ({"depart": "12", "depart_annee": "24"}, "en quatre chiffres"),
    ],
)
def test_ce_qui_ne_se_lit_pas_est_refuse_avec_un_exemple_et_garde(
    client_de: Ouvrir, fiche: FicheAction, champs: dict[str, str], message: str
) -> None:
    reponse = envoyer(client_de("bruno"), fiche, **champs)
    assert reponse.status_code == 422
    assert message in reponse.content.decode()
    assert not Indicateur.objects.exists()


def test_un_indicateur_qui_a_une_reponse_ne_change_pas_de_liste(
    distribution: Distribution, fiche: FicheAction
) -> None:
    indicateur = IndicateurFactory(fiche=fiche)
    Releve.objects.create(indicateur=indicateur, annee=2025, valeur=3, saisi_par=distribution.bruno)
    with pytest.raises(IndicateurRefuse, match="ajoutez-en un autre"):
        changer_de_liste(indicateur, par=distribution.bruno)


def test_on_ne_remet_que_ce_qui_a_ete_supprime_de_cette_fiche(
    distribution: Distribution, fiche: FicheAction
) -> None:
    ailleurs = IndicateurFactory(fiche=arbre_d_essai(distribution.quatre_vents).fiches.first())
    numero = ailleurs.pk
    supprimer_indicateur(ailleurs, par=distribution.chloe)
    for absent in (numero, 123_456):
        with pytest.raises(IndicateurRefuse):
            remettre_indicateur(fiche, absent, par=distribution.amina)
    assert not Indicateur.objects.exists()


# --- Écrire ---------------------------------------------------------------------------------------
def test_un_nombre_s_ecrit_comme_en_francais(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    reponse = envoyer(
        client_de("bruno"),
        fiche,
        unite="personnes",
        depart="1 200",
        depart_annee="2024",
        cible_2025="1 234,5",
        cible_2026="1\u202f300",
        cible_2027="12 %",
        responsable=distribution.farid.pk,
    )
    assert reponse.status_code == 302
    indicateur = Indicateur.objects.get()
    assert (indicateur.depart, indicateur.depart_annee) == (Decimal(1200), 2024)
    assert indicateur.responsable == distribution.farid
    cibles = dict(Cible.objects.values_list("annee", "valeur"))
    assert cibles == {2025: Decimal("1234.5"), 2026: Decimal(1300), 2027: Decimal(12)}
    page = client_de("bruno").get(reponse.url).content.decode()
    assert "1\u202f234,5" in page
    ligne = LigneJournal.objects.get(acte="ajouter_indicateur")
    assert ligne.structure_id == distribution.deux_ponts.pk


def test_une_question_a_juger_n_a_ni_unite_ni_cible(client_de: Ouvrir, fiche: FicheAction) -> None:
    adresse = reverse("indicateur_nouveau", args=[fiche.pk]) + "?liste=qualitative"
    page = client_de("bruno").get(adresse).content.decode()
    assert "Cible" not in page and "Unité" not in page
    client_de("bruno").post(adresse, {**DESCRIPTION, "libelle": "Les gens refont-ils le geste seuls ?"})
    assert Indicateur.objects.get().liste == ListeIndicateur.QUALITATIVE


def test_seule_une_personne_de_l_equipe_peut_le_suivre(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    assert envoyer(client_de("bruno"), fiche, responsable=distribution.chloe.pk).status_code == 422


def test_deux_personnes_modifient_le_meme_indicateur_la_seconde_voit_et_choisit(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    indicateur = IndicateurFactory(fiche=fiche)
    lue = indicateur.version
    adresse = reverse("indicateur_modifier", args=[indicateur.pk])
    modifier_indicateur(indicateur, {"libelle": "Le texte d’Amina"}, version_lue=lue, par=distribution.amina)
    envoi = {**DESCRIPTION, "libelle": "Le texte de Bruno", "version": lue}
    reponse = client_de("bruno").post(adresse, envoi)
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "Le texte d’Amina" in page and "Le texte de Bruno" in page
    indicateur.refresh_from_db()
    assert indicateur.libelle == "Le texte d’Amina"
    client_de("bruno").post(adresse, envoi | {"version": indicateur.version})
    indicateur.refresh_from_db()
    assert indicateur.libelle == "Le texte de Bruno"
    with pytest.raises(ConflitDeVersion):
        definir_indicateur(indicateur, {"mesure": "x"}, version_lue=lue, par=distribution.amina)


def test_une_cible_partie_avec_le_dossier_ne_change_plus_une_annee_vide_se_complete(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    indicateur = IndicateurFactory(fiche=fiche)
    Cible.objects.create(
        indicateur=indicateur, annee=2025, valeur=30, posee_le=timezone.now() - timedelta(days=90)
    )
    DemandeAgrement.objects.create(
        projet=fiche.projet,
        type="animation_globale",
        regle="2012",
        deposee_le=timezone.localdate() - timedelta(days=30),
    )
    adresse = reverse("indicateur_modifier", args=[indicateur.pk])
    envoi = {**DESCRIPTION, "libelle": "Cafés", "cible_2025": "5", "cible_2026": "45", "version": 1}
    assert "Partie avec le dossier" in client_de("bruno").get(adresse).content.decode()
    assert client_de("bruno").post(adresse, envoi).status_code == 302
    assert dict(Cible.objects.values_list("annee", "valeur")) == {2025: 30, 2026: 45}
    # Une cible posée depuis se corrige encore ; et toutes, quand la Caf demande à compléter.
    client_de("bruno").post(adresse, envoi | {"cible_2026": "50", "version": 2})
    assert Cible.objects.get(annee=2026).valeur == 50
    ProjetSocial.objects.update(etat=EtatProjet.A_COMPLETER)
    client_de("bruno").post(adresse, envoi | {"version": 3})
    assert Cible.objects.get(annee=2025).valeur == 5


def test_les_indicateurs_se_rangent_et_gardent_leur_ordre(
    distribution: Distribution, fiche: FicheAction
) -> None:
    un, deux, trois = (
        ajouter_indicateur(fiche, {"libelle": nom}, par=distribution.bruno) for nom in ("Un", "Deux", "Trois")
    )
    question = {"libelle": "Question", "liste": ListeIndicateur.QUALITATIVE}
    ajouter_indicateur(fiche, question, par=distribution.bruno)
    assert deplacer_indicateur(trois, "monter", par=distribution.bruno) == 1
    assert deplacer_indicateur(un, "monter", par=distribution.bruno) == 0
    deplacer_indicateur(deux, "descendre", par=distribution.bruno)
    assert [str(lu.indicateur) for lu in indicateurs_de(fiche, est_dehors=False)] == [
        "Un",
        "Trois",
        "Deux",
        "Question",
    ]


def test_supprimer_se_defait_avec_cibles_et_valeurs(
    client_de: Ouvrir, distribution: Distribution, fiche: FicheAction
) -> None:
    indicateur = IndicateurFactory(fiche=fiche)
    Cible.objects.create(indicateur=indicateur, annee=2025, valeur=Decimal("12.5"))
    Releve.objects.create(indicateur=indicateur, annee=2025, valeur=7, saisi_par=distribution.bruno)
    ValeurCalculee.objects.create(indicateur=indicateur, annee=2025, valeur=6)
    client = client_de("bruno")
    page = client.post(reverse("indicateur_geste", args=[indicateur.pk, "supprimer"]), follow=True)
    remettre = reverse("indicateur_remettre", args=[fiche.pk, indicateur.pk])
    assert remettre in page.content.decode()
    assert not Indicateur.objects.exists() and not Releve.objects.exists()
    client.post(remettre)
    remis = lire_indicateur(Indicateur.objects.get(pk=indicateur.pk), est_dehors=False).annee(2025)
    assert remis.cible and remis.cible.valeur == Decimal("12.5")
    assert remis.retenue == 7 and remis.est_corrigee
    assert "de nouveau là" in client.get(reverse("indicateurs", args=[fiche.pk])).content.decode()
    assert "n’est plus à remettre" in client.post(remettre, follow=True).content.decode()


def test_changer_de_liste_se_defait(client_de: Ouvrir, fiche: FicheAction) -> None:
    indicateur = IndicateurFactory(fiche=fiche)
    adresse = reverse("indicateur_geste", args=[indicateur.pk, "changer-de-liste"])
    page = client_de("bruno").post(adresse, follow=True).content.decode()
    assert "indicateur qualitatif" in page and adresse in page
    client_de("bruno").post(adresse)
    indicateur.refresh_from_db()
    assert indicateur.est_quantitatif


# --- Lire -----------------------------------------------------------------------------------------
def test_les_trois_valeurs_sont_cote_a_cote_et_la_corrigee_est_retenue(
    client_de: Ouvrir, distribution: Distribution, fiche: FicheAction
) -> None:
    indicateur = IndicateurFactory(fiche=fiche, source="calcul", definition={"mesure": "x"})
    Cible.objects.create(indicateur=indicateur, annee=2025, valeur=40)
    ValeurCalculee.objects.create(indicateur=indicateur, annee=2025, valeur=36)
    lue = lire_indicateur(indicateur, est_dehors=False).annee(2025)
    assert (lue.retenue, lue.est_atteinte, lue.dite) == (36, False, "36 sur\u00a040")
    Releve.objects.create(
        indicateur=indicateur,
        annee=2025,
        valeur=41,
        motif="Deux cahiers oubliés",
        saisi_par=distribution.bruno,
    )
    lue = lire_indicateur(indicateur, est_dehors=False).annee(2025)
    assert (lue.retenue, lue.est_atteinte, lue.est_corrigee) == (41, True, True)
    page = client_de("amina").get(reverse("indicateur", args=[indicateur.pk])).content.decode()
    for mot in ("36", "41", "40", "Deux cahiers oubliés", "pas encore", '<svg class="courbe"'):
        assert mot in page, mot


def test_une_cible_sous_le_depart_est_un_nombre_a_faire_baisser(fiche: FicheAction) -> None:
    indicateur = IndicateurFactory(fiche=fiche, depart=80, depart_annee=2024)
    Cible.objects.create(indicateur=indicateur, annee=2025, valeur=50)
    ValeurCalculee.objects.create(indicateur=indicateur, annee=2025, valeur=45)
    assert lire_indicateur(indicateur, est_dehors=False).annee(2025).est_atteinte is True


def test_la_liste_d_une_fiche_se_lit_en_quatre_requetes(
    fiche: FicheAction, django_assert_num_queries: Any
) -> None:
    for rang in range(6):
        indicateur = IndicateurFactory(fiche=fiche, rang=rang)
        Cible.objects.create(indicateur=indicateur, annee=2025, valeur=4)
    fiche = FicheAction.objects.select_related("projet").get(pk=fiche.pk)
    with django_assert_num_queries(4):
        assert len(indicateurs_de(fiche, est_dehors=False)) == 6
    assert fiche.projet.du == date(2025, 1, 1)
