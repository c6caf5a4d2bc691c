"""La page d'examen : ce qui change et lui seul, rien d'exécutable, personne d'autre que qui peut juger."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue.choices import EtatContribution
from maillage.catalogue.models import Contribution, Experience
from maillage.catalogue.operations.contenu import ecrire_contenu
from maillage.core.versions import enregistrer
from maillage.moderation.choices import EtatDemande
from maillage.moderation.models import Decision, Demande
from maillage.moderation.operations import prendre_en_main
from tests.distribution import Distribution
from tests.fabriques import (
    AppartenanceFactory,
    ContributionFactory,
    ExperienceFactory,
    TermeFactory,
)

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def troupe(distribution: Distribution) -> Distribution:
    distribution.federation.departements.add(distribution.deux_ponts.departement_id)
    return distribution


@pytest.fixture
def revision(troupe: Distribution) -> Contribution:
    experience = ExperienceFactory(
        structure=troupe.deux_ponts,
        titre="Le café des clics",
        personnes_mobilisees="Deux salariées et une équipe de quatre bénévoles.",
        ressources_financieres="14000 eros",
        perspectives="Continuer.",
    )
    contribution: Contribution = ContributionFactory(
        experience=experience,
        auteur=troupe.amina,
        contenu={
            "personnes_mobilisees": "Deux salariées et une équipe de neuf bénévoles.",
            "ressources_financieres": "Environ 14 500 euros.",
            "limites": "Mme Haddad, au 06 12 34 56 78, garde les tablettes.",
            "perspectives": "Continuer.",
        },
        soumise=True,
    )
    return contribution


def adresse(contribution: Contribution) -> str:
    return reverse("examiner_contribution", args=[contribution.pk])


def lire(client: Client, contribution: Contribution, suite: str = "") -> str:
    reponse = client.get(adresse(contribution) + suite)
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def versions(texte: str) -> dict[str, str]:
    """Ce que la page a montré : les deux numéros qu'elle renvoie."""
    return dict(re.findall(r'name="(version\w*)" value="(\d+)"', texte))


def poster(client: Client, contribution: Contribution, geste: str, suite: str = "", **donnees: Any) -> Any:
    lues = versions(lire(client, contribution))
    return client.post(adresse(contribution) + suite, {"geste": geste, **lues, **donnees})


# --- Refus -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("prenom", ["amina", "bruno", "chloe", "denis", "omar"])
def test_qui_ne_modere_pas_ne_voit_ni_ne_decide(
    client_de: Ouvrir, revision: Contribution, prenom: str
) -> None:
    client = client_de(prenom)
    for chemin in (adresse(revision), adresse(revision) + "defaire/", adresse(revision) + "masquer/limites/"):
        assert client.post(chemin, {"geste": "accepter", "champs": "limites"}).status_code in (404, 405)
    assert client.get(adresse(revision)).status_code == 404
    assert Demande.objects.get().etat == EtatDemande.EN_ATTENTE


def test_lea_ne_juge_ni_un_autre_departement_ni_la_structure_ou_elle_travaille(
    client_de: Ouvrir, troupe: Distribution, revision: Contribution
) -> None:
    ailleurs = ContributionFactory(experience__structure=troupe.quatre_vents, soumise=True)
    assert client_de("lea").get(adresse(ailleurs)).status_code == 404
    AppartenanceFactory(utilisateur=troupe.lea, structure=troupe.deux_ponts)
    assert client_de("lea").get(adresse(revision)).status_code == 404
    assert client_de("lea").post(adresse(revision), {"geste": "accepter"}).status_code == 404


def test_un_brouillon_jamais_envoye_n_existe_pas_pour_la_moderation(
    client_de: Ouvrir, troupe: Distribution
) -> None:
    brouillon = ContributionFactory(experience__structure=troupe.deux_ponts)
    for prenom in ("lea", "nadia"):
        assert client_de(prenom).get(adresse(brouillon)).status_code == 404


def test_un_formulaire_sans_version_ou_au_champ_invente_ne_decide_rien(
    client_de: Ouvrir, revision: Contribution
) -> None:
    client = client_de("lea")
    for donnees in ({"geste": "accepter", "champs": "limites"}, {"geste": "effacer"}, {}):
        reponse = client.post(adresse(revision), donnees)
        assert reponse.status_code == 422
        assert "n’est plus à jour" in reponse.content.decode()
    assert poster(client, revision, "accepter", champs=["structure", "etat"]).status_code == 422
    assert not Decision.objects.exists()


def test_refuser_sans_raison_garde_la_page_et_dit_quoi_faire(
    client_de: Ouvrir, revision: Contribution
) -> None:
    reponse = poster(client_de("lea"), revision, "refuser", motif="  ")
    assert reponse.status_code == 422
    assert "Dites la raison" in reponse.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize("quoi", ["la fiche", "la contribution"])
def test_un_conflit_le_dit_et_n_ecrase_rien(client_de: Ouvrir, revision: Contribution, quoi: str) -> None:
    client = client_de("lea")
    lues = versions(lire(client, revision))
    if quoi == "la fiche":
        fiche = revision.experience
        ecrire_contenu(fiche, {"limites": "Écrit entre-temps."}, version_lue=fiche.version)
    else:
        relue = Contribution.objects.get()
        enregistrer(relue, version_lue=relue.version, contenu={"limites": "Écrit entre-temps."})
    reponse = client.post(adresse(revision), {"geste": "accepter", "champs": "limites", **lues})
    texte = reponse.content.decode()
    assert reponse.status_code == 409
    assert "a changé pendant que vous la lisiez" in texte and "Écrit entre-temps." in texte
    assert "Mme Haddad" not in Experience.objects.get().limites
    assert Demande.objects.get().etat == EtatDemande.EN_ATTENTE


def test_ce_qu_une_collegue_examine_se_lit_sans_se_decider(
    client_de: Ouvrir, troupe: Distribution, revision: Contribution
) -> None:
    lues = versions(lire(client_de("lea"), revision))
    prendre_en_main(Demande.objects.get(), par=troupe.nadia)
    texte = lire(client_de("lea"), revision)
    assert "Nadia Keller examine cette demande" in texte and 'id="decision"' not in texte
    reponse = client_de("lea").post(adresse(revision), {"geste": "accepter", "champs": "limites", **lues})
    assert reponse.status_code == 422 and "Nadia Keller examine" in reponse.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "attaque",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</del></p><iframe>", "{{ 7|add:7 }}"],
)
def test_un_texte_propose_n_est_jamais_du_html(client_de: Ouvrir, troupe: Distribution, attaque: str) -> None:
    contribution = ContributionFactory(
        experience=ExperienceFactory(structure=troupe.deux_ponts, limites="Rien.", titre=f"T {attaque}"),
        contenu={"limites": f"Rien {attaque}.", "partenaires_action": [{"nom": attaque, "montant": ""}]},
        mot=attaque,
        soumise=True,
    )
    texte = lire(client_de("lea"), contribution)
    assert "<script>alert" not in texte and "<img src=x" not in texte and "<iframe>" not in texte
    if attaque.startswith("{{"):
        assert attaque in texte and "T 14" not in texte


# --- Ce qu'elle montre -------------------------------------------------------------------------------
def test_seuls_les_champs_qui_changent_mot_a_mot(client_de: Ouvrir, revision: Contribution) -> None:
    texte = lire(client_de("lea"), revision)
    assert "3 champs changent, 21 restent pareils" in texte
    assert '<del><span class="invisible">ôté : </span>quatre</del>' in texte
    assert '<ins><span class="invisible">ajouté : </span>neuf</ins>' in texte
    assert 'id="champ-perspectives"' not in texte
    assert "Champ vide" in texte


def test_la_page_dit_ce_qu_il_faut_regarder(client_de: Ouvrir, revision: Contribution) -> None:
    texte = lire(client_de("lea"), revision)
    assert "Un nom et un téléphone</strong>" in texte and "Masquer les deux" in texte
    coche = re.search(r'<input[^>]*value="limites"[^>]*>', texte)
    assert coche and "checked" not in coche[0]
    assert "Montant lu :</strong> 14 500 €" in texte
    fiche = revision.experience
    ecrire_contenu(fiche, {"personnes_mobilisees": "Trois personnes."}, version_lue=fiche.version)
    assert "a changé en ligne</strong>" in lire(client_de("lea"), revision)


def test_une_donnee_deja_en_ligne_n_est_pas_signalee_de_nouveau(
    client_de: Ouvrir, revision: Contribution
) -> None:
    fiche = revision.experience
    ecrire_contenu(
        fiche, {"limites": "Mme Haddad, au 06 12 34 56 78, tient la clé."}, version_lue=fiche.version
    )
    texte = lire(client_de("lea"), revision)
    assert "Masquer les deux" not in texte and "Ce champ attend" not in texte


def test_masquer_puis_remettre(client_de: Ouvrir, revision: Contribution) -> None:
    client = client_de("lea")
    chemin = reverse("masquer_donnees", args=[revision.pk, "limites"])
    assert client.post(chemin)["Location"] == adresse(revision)
    texte = lire(client, revision)
    assert (
        "[nom masqué], au [téléphone masqué], garde" in texte and "Haddad" not in texte.split("Histoire")[0]
    )
    assert "Remettre le texte envoyé" in texte
    client.post(chemin, {"geste": "remettre"})
    assert "Mme Haddad" in lire(client, revision)
    assert client.post(reverse("masquer_donnees", args=[revision.pk, "perdu"])).status_code == 404


def test_une_fiche_nouvelle_se_lit_sans_colonne_vide_et_dit_ses_doubles(
    client_de: Ouvrir, troupe: Distribution
) -> None:
    ExperienceFactory(
        structure=troupe.deux_ponts, titre="Le café des clics", resume="Une tablette, une heure, un voisin."
    )
    nouvelle = ContributionFactory(nouvelle=True, experience__structure=troupe.deux_ponts, soumise=True)
    texte = lire(client_de("lea"), nouvelle)
    assert "Fiche nouvelle : 2 champs remplis" in texte and "En ligne</p>" not in texte
    assert "Peut-être un doublon</strong> de « Le café des clics »" in texte


def test_les_termes_et_les_partenaires_se_lisent_en_mots(client_de: Ouvrir, troupe: Distribution) -> None:
    TermeFactory(famille="public", libelle="Seniors")
    contribution = ContributionFactory(
        experience__structure=troupe.deux_ponts,
        contenu={
            "publics": ["seniors"],
            "financeurs": [{"nom": "Carsat", "montant": "6000.00"}],
            "depuis_le": "2026-03",
        },
        soumise=True,
    )
    texte = lire(client_de("lea"), contribution)
    assert "Seniors</ins>" in texte and "Carsat, 6 000 €</ins>" in texte and "03/2026" in texte


def test_la_place_dans_la_file_et_ses_voisines(client_de: Ouvrir, troupe: Distribution) -> None:
    envoyees = [
        ContributionFactory(
            experience__structure=troupe.deux_ponts,
            soumise=True,
            soumise__deposee_le=timezone.now() - timedelta(days=4 - rang),
        )
        for rang in range(3)
    ]
    ContributionFactory(experience__structure=troupe.quatre_vents, soumise=True)
    texte = lire(client_de("lea"), envoyees[1])
    assert "Demande 2 sur 3, la plus ancienne attend depuis 4 jours" in texte
    assert f'href="{adresse(envoyees[0])}" rel="prev"' in texte
    assert f'href="{adresse(envoyees[2])}" rel="next"' in texte
    texte = lire(client_de("lea"), envoyees[2], "?genre=fiche")
    assert "Fiche 3 sur 3" in texte and 'rel="next"' not in texte
    assert f'href="{adresse(envoyees[1])}?genre=fiche" rel="prev"' in texte


# --- Décider -----------------------------------------------------------------------------------------
def test_accepter_deux_changements_sur_trois_et_passer_a_la_suivante(
    client_de: Ouvrir, troupe: Distribution, revision: Contribution
) -> None:
    suivante = ContributionFactory(experience__structure=troupe.deux_ponts, soumise=True)
    reponse = poster(
        client_de("lea"),
        revision,
        "accepter",
        "?genre=fiche",
        champs=["personnes_mobilisees", "ressources_financieres"],
        **{"pourquoi-limites": "Une personne est citée ou reconnaissable."},
    )
    assert reponse["Location"] == f"{adresse(suivante)}?genre=fiche"
    assert Decision.objects.get().motif == "Limites : Une personne est citée ou reconnaissable."
    fiche = Experience.objects.get(pk=revision.experience_id)
    assert (fiche.budget, fiche.limites) == (14500, "")


def test_une_raison_inventee_de_laisser_un_champ_est_remplacee(
    client_de: Ouvrir, revision: Contribution
) -> None:
    poster(
        client_de("lea"), revision, "accepter", champs="limites", **{"pourquoi-personnes_mobilisees": "<b>"}
    )
    assert (
        Decision.objects.get().motif.splitlines()[1]
        == "Personnes mobilisées : Le texte en ligne convient mieux."
    )


@pytest.mark.parametrize(("geste", "etat"), [("demander", "a_reprendre"), ("refuser", "refusee")])
def test_la_raison_frequente_et_les_mots_ajoutes_vont_ensemble(
    client_de: Ouvrir, revision: Contribution, geste: str, etat: str
) -> None:
    reponse = poster(client_de("lea"), revision, geste, raison="Le budget ?", motif="Merci d’avance.")
    assert reponse["Location"] == reverse("moderation")
    assert Decision.objects.get().motif == "Le budget ?\nMerci d’avance."
    assert Contribution.objects.get().etat == etat


def test_la_suivante_n_est_pas_celle_qu_une_collegue_examine(
    client_de: Ouvrir, troupe: Distribution, revision: Contribution
) -> None:
    prise, libre = (
        ContributionFactory(experience__structure=troupe.deux_ponts, soumise=True) for _ in range(2)
    )
    prendre_en_main(Demande.objects.sur(prise).get(), par=troupe.nadia)
    reponse = poster(client_de("lea"), revision, "refuser", motif="Non.")
    assert reponse["Location"] == adresse(libre)


def test_une_decision_se_lit_et_se_defait_par_qui_l_a_prise_dix_minutes(
    client_de: Ouvrir, revision: Contribution
) -> None:
    poster(client_de("lea"), revision, "refuser", motif="Hors sujet.")
    texte = lire(client_de("lea"), revision)
    assert "Refusée</strong> par Léa Roussel" in texte and "Hors sujet." in texte and "Défaire" in texte
    assert "Défaire cette décision" not in lire(client_de("nadia"), revision)
    defaire = reverse("defaire_examen", args=[revision.pk])
    client_de("nadia").post(defaire)
    assert Contribution.objects.get().etat == EtatContribution.REFUSEE
    assert client_de("lea").post(defaire)["Location"] == adresse(revision)
    assert Contribution.objects.get().etat == EtatContribution.SOUMISE
    assert client_de("lea").get(defaire).status_code == 405
    poster(client_de("lea"), revision, "refuser", motif="Hors sujet.")
    Decision.objects.update(le=timezone.now() - timedelta(minutes=11))
    client_de("lea").post(defaire)
    assert Contribution.objects.get().etat == EtatContribution.REFUSEE


def test_deux_moderatrices_en_meme_temps_la_seconde_apprend_que_c_est_fait(
    client_de: Ouvrir, revision: Contribution
) -> None:
    lues = versions(lire(client_de("nadia"), revision))
    poster(client_de("lea"), revision, "refuser", motif="Non.")
    reponse = client_de("nadia").post(adresse(revision), {"geste": "accepter", "champs": "limites", **lues})
    assert reponse.status_code == 422
    assert "vient d’être traitée" in reponse.content.decode()
    assert Decision.objects.count() == 1


def test_la_page_reste_sobre_en_questions(
    client_de: Ouvrir, revision: Contribution, django_assert_max_num_queries: Any
) -> None:
    client = client_de("lea")
    lire(client, revision)
    with django_assert_max_num_queries(40):
        lire(client, revision)
