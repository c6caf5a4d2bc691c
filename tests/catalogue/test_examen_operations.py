"""Accepter, demander, refuser, se raviser : rien n'est écrit à moitié, et défaire remet tout comme avant."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from maillage.catalogue.choices import (
    EtatContribution,
    EtatExperience,
    EtatPiece,
    EtatPoint,
    FamilleTerme,
    GenrePoint,
)
from maillage.catalogue.models import Contribution, Experience, PieceJointe, PointAVerifier, Sauvegarde
from maillage.catalogue.operations.contenu import ecrire_contenu
from maillage.catalogue.operations.examen import (
    accepter_contribution,
    defaire_decision,
    demander_precision,
    demasquer_donnees,
    masquer_donnees,
    refuser_contribution,
)
from maillage.catalogue.presentation import texte_public
from maillage.core.models import Changement, Courrier, LigneJournal
from maillage.core.versions import ConflitDeVersion, enregistrer
from maillage.moderation.choices import EtatDemande
from maillage.moderation.models import Decision, Demande
from maillage.moderation.operations import DejaEnMain, GesteImpossible, prendre_en_main
from tests.catalogue.examen_d_essai import (
    ADRESSE,
    NUMERO,
    correction_envoyee,
    etat_de,
    piece,
    relue,
    revision_envoyee,
)
from tests.distribution import Distribution
from tests.fabriques import ContributionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision(distribution: Distribution) -> Contribution:
    return revision_envoyee(distribution)


# --- Refus -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("etat", [e for e in EtatContribution if e != EtatContribution.SOUMISE])
def test_on_n_examine_que_ce_qui_est_envoye(
    distribution: Distribution, revision: Contribution, etat: EtatContribution
) -> None:
    Contribution.objects.update(etat=etat)
    contribution = relue(revision)
    avant = etat_de(contribution.experience)
    for acte in (
        lambda: accepter_contribution(contribution, ["resume"], par=distribution.lea),
        lambda: demander_precision(contribution, par=distribution.lea, motif="Quel public ?"),
        lambda: refuser_contribution(contribution, par=distribution.lea, motif="Hors sujet"),
    ):
        with pytest.raises(GesteImpossible):
            acte()
    assert etat_de(contribution.experience) == avant
    assert not Decision.objects.exists() and not Courrier.objects.exists()


def test_ne_rien_prendre_n_est_pas_accepter(distribution: Distribution, revision: Contribution) -> None:
    with pytest.raises(GesteImpossible, match="au moins un changement"):
        accepter_contribution(revision, ["champ_invente"], par=distribution.lea, pieces=[])
    assert Demande.objects.get().etat == EtatDemande.EN_ATTENTE
    assert relue(revision).etat == EtatContribution.SOUMISE


def test_une_fiche_ne_se_publie_pas_sans_titre(distribution: Distribution) -> None:
    contribution = relue(ContributionFactory(nouvelle=True, soumise=True))
    with pytest.raises(GesteImpossible, match="son titre"):
        accepter_contribution(contribution, ["resume"], par=distribution.lea)
    assert Experience.objects.get().etat == EtatExperience.BROUILLON


def test_on_ne_change_pas_une_fiche_retiree(distribution: Distribution, revision: Contribution) -> None:
    Experience.objects.update(etat=EtatExperience.RETIREE)
    with pytest.raises(GesteImpossible, match="plus en ligne"):
        accepter_contribution(relue(revision), ["resume"], par=distribution.lea)


def test_un_lecteur_ne_recoit_pas_de_question_a_laquelle_il_ne_peut_repondre(
    distribution: Distribution,
) -> None:
    contribution = relue(ContributionFactory(correction=True, soumise=True))
    with pytest.raises(GesteImpossible, match="ne peut pas reprendre"):
        demander_precision(contribution, par=distribution.lea, motif="Pourquoi ?")


def test_une_collegue_l_examine_rien_n_est_ecrit(distribution: Distribution, revision: Contribution) -> None:
    prendre_en_main(Demande.objects.get(), par=distribution.nadia)
    avant = etat_de(revision.experience)
    with pytest.raises(DejaEnMain):
        accepter_contribution(revision, ["resume"], par=distribution.lea)
    assert etat_de(revision.experience) == avant


@pytest.mark.parametrize("quoi", ["la fiche", "la contribution"])
def test_si_l_une_a_change_depuis_la_lecture_rien_n_est_ecrase(
    distribution: Distribution, revision: Contribution, quoi: str
) -> None:
    lue, de_la_fiche = revision.version, revision.experience.version
    if quoi == "la fiche":
        ecrire_contenu(revision.experience, {"resume": "Déjà changé."}, version_lue=de_la_fiche)
    else:
        enregistrer(revision, version_lue=lue, contenu={"resume": "Un autre texte."})
    avant = etat_de(revision.experience)
    with pytest.raises(ConflitDeVersion):
        accepter_contribution(
            relue(revision),
            ["resume"],
            par=distribution.lea,
            version_lue=lue,
            version_de_la_fiche=de_la_fiche,
        )
    assert etat_de(revision.experience) == avant
    assert Demande.objects.get().etat == EtatDemande.EN_ATTENTE
    assert not Decision.objects.exists() and not Courrier.objects.exists()


# --- Accepter ----------------------------------------------------------------------------------------
def test_seuls_les_champs_pris_sont_ecrits(distribution: Distribution, revision: Contribution) -> None:
    experience = revision.experience
    limites = experience.limites
    accepter_contribution(
        revision,
        ["ressources_financieres", "partenaires_action"],
        par=distribution.lea,
        motif="Résumé : non.",
    )
    experience = Experience.objects.get()
    assert experience.budget == 14000
    assert experience.limites == limites
    assert experience.resume.startswith("Des voisins")
    liens = experience.partenariats.values_list("partenaire__nom", "montant")
    assert list(liens) == [("Carsat", 6000), ("Ville de Lens", None)]
    assert not experience.classements.filter(terme__famille=FamilleTerme.PUBLIC).exists()
    assert (relue(revision).etat, Demande.objects.get().etat) == ("acceptee", "acceptee")
    assert PieceJointe.objects.get().etat == EtatPiece.PUBLIEE
    ligne = LigneJournal.objects.get(acte="accepter_contribution")
    assert ligne.phrase == "Léa Roussel a accepté 2\u00a0changements dans « Le café des clics »."
    assert Changement.objects.filter(objet_type="catalogue.experience", acte="accepter_contribution").exists()


def test_une_fiche_nouvelle_est_publiee_avec_son_adresse(distribution: Distribution) -> None:
    contribution = relue(ContributionFactory(nouvelle=True, soumise=True))
    decision = accepter_contribution(contribution, ["titre", "resume"], par=distribution.lea)
    experience = Experience.objects.get()
    assert (experience.etat, experience.publie_le) == (EtatExperience.PUBLIEE, decision.le)
    assert (experience.titre, experience.slug) == ("Le café des clics", "le-cafe-des-clics")


def test_une_piece_laissee_attend_encore(distribution: Distribution, revision: Contribution) -> None:
    seconde = piece(revision, nom="tract.pdf")
    accepter_contribution(revision, ["resume"], par=distribution.lea, pieces=[seconde.pk])
    etats = dict(PieceJointe.objects.values_list("nom", "etat"))
    assert etats == {"bilan.pdf": EtatPiece.EN_ATTENTE, "tract.pdf": EtatPiece.PUBLIEE}


def test_un_numero_nouveau_accepte_reste_masque_et_a_verifier(
    distribution: Distribution, revision: Contribution
) -> None:
    autre = "01 99 00 99 99"
    enregistrer(revision, version_lue=revision.version, contenu={"limites": f"Ou bien le {autre}."})
    accepter_contribution(relue(revision), ["limites"], par=distribution.lea)
    experience = Experience.objects.get()
    assert autre in experience.limites and autre not in texte_public(experience, "limites")
    assert experience.points.get(champ="limites").etat == EtatPoint.A_VERIFIER


# --- La correction d'un lecteur ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("propose", "ecrit"),
    [
        (
            "Appelez le [téléphone masqué] le midi, ou écrivez à [courriel masqué]. "
            "Sinon le [téléphone masqué] le soir.",
            f"Appelez le {NUMERO} le midi, ou écrivez à {ADRESSE}. Sinon le {NUMERO} le soir.",
        ),
        ("Écrivez à [courriel masqué].", f"Écrivez à {ADRESSE}."),
        ("N’appelez plus.", "N’appelez plus."),
        ("Sinon le [téléphone masqué] le soir.", f"Sinon le {NUMERO} le soir."),
    ],
)
def test_la_donnee_masquee_revient_a_sa_place(distribution: Distribution, propose: str, ecrit: str) -> None:
    accepter_contribution(correction_envoyee(distribution, propose), ["limites"], par=distribution.lea)
    experience = Experience.objects.get()
    assert experience.limites == ecrit
    assert NUMERO not in texte_public(experience, "limites")


def test_un_centre_qui_ecrit_un_masque_garde_ses_mots(distribution: Distribution) -> None:
    lecteur = correction_envoyee(distribution, "Écrivez à [courriel masqué].")
    Contribution.objects.update(genre="revision", auteur=distribution.amina)
    accepter_contribution(relue(lecteur), ["limites"], par=distribution.lea)
    assert Experience.objects.get().limites == "Écrivez à [courriel masqué]."


# --- Masquer -----------------------------------------------------------------------------------------
def test_masquer_ne_cache_que_ce_qui_est_nouveau_et_garde_le_texte_envoye(
    distribution: Distribution, revision: Contribution
) -> None:
    envoye = revision.contenu["limites"]
    assert masquer_donnees(revision, "limites", par=distribution.lea) == 1
    attendu = (
        f"En hiver, [nom masqué], au {NUMERO}, garde les tablettes."  # le numéro est déjà en ligne, jugé
    )
    assert relue(revision).contenu["limites"] == attendu
    assert Sauvegarde.objects.get().valeur == envoye
    demasquer_donnees(relue(revision), "limites", par=distribution.nadia)
    assert relue(revision).contenu["limites"] == attendu
    demasquer_donnees(relue(revision), "limites", par=distribution.lea)
    assert relue(revision).contenu["limites"] == envoye


def test_rien_a_masquer_ne_change_rien(distribution: Distribution, revision: Contribution) -> None:
    version = revision.version
    assert masquer_donnees(revision, "resume", par=distribution.lea) == 0
    assert relue(revision).version == version


# --- Défaire -----------------------------------------------------------------------------------------
def test_defaire_une_acceptation_remet_la_fiche_au_caractere_pres(
    distribution: Distribution, revision: Contribution
) -> None:
    avant = etat_de(revision.experience)
    proposee = relue(revision)
    decision = accepter_contribution(revision, list(revision.contenu), par=distribution.lea)
    assert etat_de(Experience.objects.get()) != avant
    defaire_decision(Decision.objects.get(pk=decision.pk), par=distribution.lea)
    assert etat_de(Experience.objects.get()) == avant
    apres = relue(revision)
    assert (apres.etat, apres.contenu, apres.decidee_le) == ("soumise", proposee.contenu, None)
    assert Demande.objects.get().etat == EtatDemande.EN_ATTENTE
    assert not Courrier.objects.exists()


def test_defaire_une_publication_rend_un_brouillon_vide_que_rien_ne_montre(
    distribution: Distribution, client: Any
) -> None:
    contribution = relue(ContributionFactory(nouvelle=True, soumise=True))
    avant = etat_de(contribution.experience)
    decision = accepter_contribution(contribution, ["titre", "resume"], par=distribution.lea)
    defaire_decision(decision, par=distribution.lea)
    assert etat_de(Experience.objects.get()) == avant
    assert not Experience.objects.publiees().exists()


@pytest.mark.parametrize("geste", ["demander", "refuser"])
def test_defaire_une_question_ou_un_refus(
    distribution: Distribution, revision: Contribution, geste: str
) -> None:
    acte: Callable[..., Decision] = demander_precision if geste == "demander" else refuser_contribution
    defaire_decision(acte(revision, par=distribution.lea, motif="Le budget ?"), par=distribution.lea)
    assert relue(revision).etat == EtatContribution.SOUMISE
    assert not Courrier.objects.exists()


def test_on_peut_accepter_defaire_et_refuser_puis_accepter(
    distribution: Distribution, revision: Contribution
) -> None:
    defaire_decision(accepter_contribution(revision, ["resume"], par=distribution.lea), par=distribution.lea)
    refus = refuser_contribution(relue(revision), par=distribution.lea, motif="Non.")
    defaire_decision(refus, par=distribution.lea)
    accepter_contribution(relue(revision), ["resume"], par=distribution.lea)
    assert Experience.objects.get().resume == "Une tablette, une heure, un voisin."


def test_on_ne_defait_pas_par_dessus_un_changement_qui_a_suivi(
    distribution: Distribution, revision: Contribution
) -> None:
    decision = accepter_contribution(revision, ["resume"], par=distribution.lea)
    experience = Experience.objects.get()
    ecrire_contenu(experience, {"limites": "Changé depuis."}, version_lue=experience.version)
    avant = etat_de(experience)
    with pytest.raises(GesteImpossible, match="a changé depuis cette décision"):
        defaire_decision(decision, par=distribution.lea)
    assert etat_de(Experience.objects.get()) == avant
    assert Demande.objects.get().etat == EtatDemande.ACCEPTEE
    assert Courrier.objects.count() == 1


@pytest.mark.parametrize("geste", ["demander", "refuser"])
def test_on_ne_defait_pas_quand_le_centre_a_repris_la_plume(
    distribution: Distribution, revision: Contribution, geste: str
) -> None:
    acte: Callable[..., Decision] = demander_precision if geste == "demander" else refuser_contribution
    decision = acte(revision, par=distribution.lea, motif="Le budget ?")
    if geste == "demander":
        enregistrer(relue(revision), version_lue=relue(revision).version, contenu={"resume": "Repris."})
    else:
        ContributionFactory(experience=revision.experience)
    with pytest.raises(GesteImpossible):
        defaire_decision(decision, par=distribution.lea)
    etats = (relue(revision).etat, Demande.objects.get(pk=decision.demande_id).etat)
    assert etats == (("a_reprendre", "precision") if geste == "demander" else ("refusee", "refusee"))


def test_ce_qui_permet_de_defaire_se_garde_en_json(
    distribution: Distribution, revision: Contribution
) -> None:
    decision = accepter_contribution(revision, list(revision.contenu), par=distribution.lea)
    assert json.loads(json.dumps(decision.avant)) == Decision.objects.get().avant
    assert PointAVerifier.objects.filter(genre=GenrePoint.PERSONNE).count() == 1
