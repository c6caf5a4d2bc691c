"""Un témoin par porte du projet social : ouverte seule, elle laisse faire à quelqu'un ce qu'il ne fait pas (R18, F2).

La collègue d'abord : la direction décide, l'équipe écrit tant que le projet est ouvert. Puis le centre voisin, la Caf
et les cofinanceurs, qui ne lisent que ce qu'on leur a transmis.
"""

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.projets.choices import EtatProjet, MomentEvaluation, PorteeAnnotation
from maillage.projets.models import FicheAction, ProjetSocial
from tests.architecture.portes import Porte
from tests.architecture.temoins import Ouvrir, Temoin, Temoins, ferme_puis_ouvre, lit, montre
from tests.distribution import Distribution
from tests.fabriques import AppartenanceFactory, InstitutionFactory
from tests.projets.depots_d_essai import deposer
from tests.projets.fabriques import (
    DemandeAgrementFactory,
    FicheActionFactory,
    IndicateurFactory,
    InstanceFactory,
    ProjetSocialFactory,
    TacheFactory,
)
from tests.projets.fabriques_envois import (
    AnnotationFactory,
    AvisFactory,
    EnvoiFactory,
    LettreFactory,
    PartageFactory,
    donner_un_territoire,
    representant,
)
from tests.projets.fabriques_evaluation import projet_evalue_d_essai
from tests.projets.fabriques_verification import PieceDuDossierFactory, VersionDeReferentielFactory

TEMOINS = Temoins("projets")


def projet_des_deux_ponts(troupe: Distribution, etat: EtatProjet = EtatProjet.EN_COURS) -> ProjetSocial:
    un: ProjetSocial = ProjetSocialFactory(structure=troupe.deux_ponts, etat=etat)
    return un


def projet_des_quatre_vents(troupe: Distribution) -> ProjetSocial:
    un: ProjetSocial = ProjetSocialFactory(structure=troupe.quatre_vents, soumis=True)
    return un


def fiche_du_projet(projet: ProjetSocial) -> FicheAction:
    une: FicheAction = FicheActionFactory(projet=projet, annees=projet.annees)
    return une


# --- La collègue : la direction décide ----------------------------------------------------------------


@TEMOINS.de("projets.permissions.peut_ouvrir_un_projet")
def ines_ouvre_un_projet(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("ines"), "projet_nouveau")


@TEMOINS.de("projets.permissions.peut_conduire_le_projet")
def ines_retire_une_demande_d_agrement(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    demande = DemandeAgrementFactory(projet=projet_des_deux_ponts(troupe, EtatProjet.PREPARATION))
    return lit(ouvrir("ines"), "demande_decision", demande.pk)


@TEMOINS.de("projets.permissions.peut_modifier_le_cadre")
def ines_change_les_dates(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("ines"), "projet_modifier", projet_des_deux_ponts(troupe).pk)


@TEMOINS.de("projets.permissions.peut_modifier_le_cadre")
def amina_change_les_dates_de_ce_que_la_caf_juge(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("amina"), "projet_modifier", projet_des_deux_ponts(troupe, EtatProjet.SOUMIS).pk)


@TEMOINS.de("projets.permissions.peut_transmettre_l_evaluation")
def ines_transmet_l_evaluation(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    projet = projet_evalue_d_essai(troupe.deux_ponts, troupe.amina)
    return lit(ouvrir("ines"), "evaluation_transmettre", projet.pk, "mi-parcours")


@TEMOINS.de("projets.permissions.peut_ouvrir_la_suite")
def ines_ouvre_le_projet_suivant(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("ines"), "projet_suivant", projet_des_deux_ponts(troupe, EtatProjet.EVALUE).pk)


@TEMOINS.de("projets.permissions.peut_tenir_le_budget")
def ines_ajoute_un_financeur(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    projet = projet_des_deux_ponts(troupe)
    return lit(ouvrir("ines"), "financement_nouveau", projet.pk, projet.annees[0])


# --- L'équipe, tant que le projet est ouvert ------------------------------------------------------------


@TEMOINS.de("projets.permissions.peut_ecrire_le_projet")
def amina_ajoute_une_fiche_a_ce_que_la_caf_juge(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    projet = projet_des_deux_ponts(troupe, EtatProjet.SOUMIS)
    return lit(ouvrir("amina"), "fiche_action_nouvelle", projet.pk)


@TEMOINS.de("projets.permissions.peut_ecrire_la_fiche")
def bruno_ecrit_une_fiche_que_la_caf_juge(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    fiche = fiche_du_projet(projet_des_deux_ponts(troupe, EtatProjet.SOUMIS))
    return lit(ouvrir("bruno"), "fiche_action_etape", fiche.pk, "besoin")


@TEMOINS.de("projets.permissions.peut_evaluer_le_projet")
def amina_ecrit_une_evaluation_close(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    projet = projet_evalue_d_essai(troupe.deux_ponts, troupe.amina, MomentEvaluation.FINALE)
    ProjetSocial.objects.filter(pk=projet.pk).update(etat=EtatProjet.EVALUE)
    return lit(ouvrir("amina"), "evaluation_etape", projet.pk, "finale", "methode")


@TEMOINS.de("projets.permissions.peut_tenir_la_gouvernance")
def amina_note_une_reunion_dans_un_projet_archive(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    instance = InstanceFactory(projet=projet_des_deux_ponts(troupe, EtatProjet.ARCHIVE))
    return lit(ouvrir("amina"), "reunion_nouvelle", instance.projet.pk, instance.pk)


@TEMOINS.de("projets.permissions.peut_tenir_le_budget_d_une_fiche")
def bruno_ecrit_le_budget_d_une_fiche_archivee(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    projet = projet_des_deux_ponts(troupe, EtatProjet.ARCHIVE)
    adresse = reverse("budget_fiche", args=[projet.pk, projet.annees[0], fiche_du_projet(projet).pk])
    return ouvrir("bruno").post(adresse).status_code != 404


@TEMOINS.de("TacheQuerySet.a_venir_pour")
def bruno_lit_les_taches_d_amina_parmi_les_siennes(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    tache = TacheFactory(projet=projet_des_deux_ponts(troupe), responsable=troupe.amina)
    return montre(ouvrir("bruno"), tache.titre, "taches_a_venir")


# --- Le centre voisin ----------------------------------------------------------------------------------


@TEMOINS.de("projets.permissions.peut_tenir_des_projets")
def denis_ouvre_les_projets(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("denis"), "projets")


@TEMOINS.de("ProjetSocialQuerySet.de_l_equipe")
def amina_lit_le_projet_des_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("amina"), "projet", projet_des_quatre_vents(troupe).pk)


@TEMOINS.de("FicheActionQuerySet.de_l_equipe")
def amina_lit_une_fiche_des_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("amina"), "fiche_action", fiche_du_projet(projet_des_quatre_vents(troupe)).pk)


@TEMOINS.de("IndicateurQuerySet.de_l_equipe")
def amina_lit_un_indicateur_des_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    fiche = fiche_du_projet(projet_des_quatre_vents(troupe))
    return lit(ouvrir("amina"), "indicateur", IndicateurFactory(fiche=fiche).pk)


@TEMOINS.de("TacheQuerySet.de_l_equipe")
def amina_lit_une_tache_des_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    tache = TacheFactory(projet=projet_des_quatre_vents(troupe))
    return montre(ouvrir("amina"), tache.titre, "taches_a_venir")


@TEMOINS.de("DepotQuerySet.de_la_direction")
def amina_lit_un_depot_des_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("amina"), "depot", deposer(troupe.quatre_vents, troupe.chloe).pk)


@TEMOINS.de("PieceDuDossierQuerySet.de_l_equipe")
def amina_lit_une_piece_des_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    piece = PieceDuDossierFactory(projet=projet_des_quatre_vents(troupe))
    return lit(ouvrir("amina"), "piece_fichier", piece.pk)


@TEMOINS.de("EnvoiQuerySet.visibles_par")
def amina_lit_un_envoi_des_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("amina"), "envoi", EnvoiFactory(projet=projet_des_quatre_vents(troupe)).pk)


# --- La Caf et les cofinanceurs -------------------------------------------------------------------------


@TEMOINS.de("projets.permissions.peut_lire_des_dossiers")
def amina_ouvre_les_dossiers_de_la_caf(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("amina"), "dossiers_recus")


@TEMOINS.de("projets.permissions.peut_lire_des_partages")
def amina_ouvre_les_dossiers_de_la_ville(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("amina"), "dossiers_partages")


@TEMOINS.de("projets.permissions.peut_instruire")
def la_ville_annote_ce_qu_on_lui_donne_a_lire(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    ville = InstitutionFactory(nom="Ville de Riom", genre="collectivite")
    representant(troupe, ville)
    envoi = EnvoiFactory(projet=projet_des_deux_ponts(troupe, EtatProjet.SOUMIS))
    PartageFactory(envoi=envoi, institution=ville)
    return montre(ouvrir("lea"), reverse("envoi_annoter", args=[envoi.pk]), "envoi", envoi.pk)


@TEMOINS.de("projets.querysets.structures_instruites")
def denis_demande_des_complements_au_centre_ou_il_travaille(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    AppartenanceFactory(utilisateur=troupe.denis, role="contributeur", structure=troupe.deux_ponts)
    donner_un_territoire(troupe)
    envoi = EnvoiFactory(projet=projet_des_deux_ponts(troupe, EtatProjet.SOUMIS))
    return lit(ouvrir("denis"), "dossier_complements", envoi.pk)


@TEMOINS.de("EnvoiQuerySet.pour_la_caf")
def denis_demande_des_complements_sur_un_envoi_repris(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    donner_un_territoire(troupe)
    envoi = EnvoiFactory(projet=projet_des_deux_ponts(troupe, EtatProjet.SOUMIS), retire_le=timezone.now())
    return lit(ouvrir("denis"), "dossier_complements", envoi.pk)


@TEMOINS.de("ProjetSocialQuerySet.transmis_a")
def denis_recoit_le_dossier_d_un_autre_territoire(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    donner_un_territoire(troupe)
    projet = EnvoiFactory(projet=projet_des_quatre_vents(troupe)).projet
    return montre(ouvrir("denis"), reverse("dossier_recu", args=[projet.pk]), "dossiers_recus")


@TEMOINS.de("EnvoiQuerySet.partages_avec")
def la_ville_lit_ce_que_l_on_donne_a_une_autre(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    representant(troupe, InstitutionFactory(nom="Ville de Riom", genre="collectivite"))
    partage = PartageFactory(envoi__projet=projet_des_deux_ponts(troupe, EtatProjet.SOUMIS))
    return montre(ouvrir("lea"), f"/espace/envois/{partage.envoi.pk}/", "dossiers_partages")


@TEMOINS.de("AnnotationQuerySet.de_l_equipe")
def amina_lit_ce_que_les_conseillers_se_disent(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    envoi = EnvoiFactory(projet=projet_des_deux_ponts(troupe, EtatProjet.SOUMIS))
    annotation = AnnotationFactory(envoi=envoi, portee=PorteeAnnotation.CAF)
    return montre(ouvrir("amina"), annotation.texte, "agrement", envoi.projet.pk)


@TEMOINS.de("AvisQuerySet.de_l_equipe")
def amina_lit_un_avis_que_la_caf_garde(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    envoi = EnvoiFactory(projet=projet_des_deux_ponts(troupe, EtatProjet.SOUMIS))
    avis = AvisFactory(envoi=envoi, est_montre=False, motif="Le budget reste fragile.")
    return montre(ouvrir("amina"), avis.motif, "agrement", envoi.projet.pk)


@TEMOINS.de("LettreQuerySet.de_l_equipe")
def amina_lit_une_lettre_annulee(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    envoi = EnvoiFactory(projet=projet_des_deux_ponts(troupe, EtatProjet.SOUMIS))
    return lit(
        ouvrir("amina"), "lettre", LettreFactory(envoi=envoi, numero=envoi.pk, annulee_le=timezone.now()).pk
    )


@TEMOINS.de("DuDossierQuerySet.de_l_equipe")
def amina_lit_une_lettre_des_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    envoi = EnvoiFactory(projet=projet_des_quatre_vents(troupe))
    lettre = LettreFactory(envoi=envoi, numero=envoi.pk)
    return lit(ouvrir("amina"), "lettre", lettre.pk)


# --- Ce qui règle les projets des autres ---------------------------------------------------------------


@TEMOINS.de("projets.permissions.peut_regler_des_etapes")
def amina_ouvre_les_etapes_du_renouvellement(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("amina"), "renouvellement")


@TEMOINS.de("projets.permissions.cafs_a_regler")
def denis_regle_les_etapes_d_une_autre_caf(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(
        ouvrir("denis"),
        "renouvellement_caf",
        InstitutionFactory(nom="Caf de la Haute-Vallée", genre="caf").pk,
    )


@TEMOINS.de("projets.permissions.peut_tenir_des_referentiels")
@TEMOINS.de("projets.querysets.federations_de")
def amina_ouvre_les_referentiels(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("amina"), "referentiels")


@TEMOINS.de("VersionDeReferentielQuerySet.tenues_par")
def lea_lit_le_referentiel_d_une_autre_federation(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    version = VersionDeReferentielFactory(institution=InstitutionFactory(nom="Fédération voisine"))
    return montre(ouvrir("lea"), reverse("referentiel_version", args=[version.pk]), "referentiels")


# --- La preuve ------------------------------------------------------------------------------------------


def test_chaque_porte_des_projets_a_son_temoin() -> None:
    assert set(TEMOINS.portes()) == set(TEMOINS.gestes)


@pytest.mark.erreur_journalisee
@pytest.mark.django_db
@pytest.mark.parametrize(("porte", "geste"), TEMOINS.cas())
def test_chaque_porte_des_projets_ferme_puis_ouvre(
    porte: Porte,
    geste: Temoin,
    client_de: Ouvrir,
    distribution: Distribution,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ferme_puis_ouvre(porte, geste, client_de, distribution, monkeypatch)
