"""Un objet de chaque genre, pour appeler chaque adresse de la table d'accès."""

from typing import Any

from django.utils import timezone

from maillage.catalogue.models import Sauvegarde
from maillage.catalogue.operations.fusions import fusionner
from maillage.catalogue.recherche import reconstruire
from maillage.moderation.models import Demande
from maillage.projets.operations.retroplanning import jeton_des_rappels
from tests.accueil.accueil_d_essai import adresses_de_l_accueil
from tests.activites.activites_d_essai import adresses_des_activites
from tests.activites.engagement_d_essai import adresses_de_l_engagement
from tests.activites.presences_d_essai import adresses_des_presences
from tests.collections_d_essai import CollectionFactory
from tests.distribution import Distribution
from tests.fabriques import (
    ContributionFactory,
    ExperienceFactory,
    ImportationFactory,
    InvitationFactory,
    PointAVerifierFactory,
    SynonymeFactory,
)
from tests.fichiers_d_essai import piece_publiee
from tests.lecteurs import adresses_des_lecteurs
from tests.personnes.adresses import adresses_des_personnes
from tests.projets.arbres_d_essai import adresses_de_l_arbre
from tests.projets.depots_d_essai import adresses_du_depot
from tests.projets.diagnostic_d_essai import adresses_du_diagnostic
from tests.projets.dossier_d_essai import adresses_du_dossier
from tests.projets.envois_d_essai import adresses_des_envois
from tests.projets.evaluation_d_essai import adresses_de_l_evaluation
from tests.projets.fabriques import (
    DemandeAgrementFactory,
    EtapeRetroplanningFactory,
    IndicateurFactory,
    MorceauFactory,
    TacheFactory,
    ZoneFactory,
    arbre_d_essai,
)
from tests.projets.fabriques_diagnostic import ChiffreFactory
from tests.projets.fiches_d_essai import adresses_des_fiches
from tests.projets.gouvernance_d_essai import adresses_de_la_gouvernance
from tests.projets.suivi_d_essai import adresses_du_suivi
from tests.projets.verification_d_essai import adresses_de_la_verification

STRUCTURES = (
    *("structure_tenue", "structure_modifier", "structure_fermer", "structure_fusionner"),
    *("structure_gestionnaire", "structure_gestionnaire_defaire", "structure_rouvrir"),
)
PROJET = (
    *("projet", "cadre", "projet_modifier", "projet_ossature", "projet_territoire"),
    *("agrement", "agrement_soumettre", "agrement_completer", "morceaux"),
    *("retroplanning", "retroplanning_fichier"),
)
MESURES = (
    *("indicateur_definition", "indicateur_phrase", "indicateur_modeles"),
    *("indicateur_nombre", "indicateur_lignes", "indicateur_noms"),
)

CADRES_REMPLIS = ("cadre_rempli", "cadre_document")
BILAN_DU_CENTRE = ("bilan_du_centre", "bilan_du_centre_lignes", "bilan_du_centre_fichier")


def adresses_d_essai(distribution: Distribution) -> dict[str, dict[str, Any]]:
    """Par nom d'adresse, les paramètres de son chemin."""
    experience = ExperienceFactory(structure=distribution.deux_ponts)
    point = PointAVerifierFactory(experience=experience)
    reconstruire()
    synonyme = SynonymeFactory()
    importation = {"pk": ImportationFactory(deposee_par=distribution.lea).pk}
    centre = {"slug": distribution.deux_ponts.slug}
    brouillon = ContributionFactory(experience=experience, auteur=distribution.amina)
    image = piece_publiee(brouillon)
    texte = Sauvegarde.objects.create(
        contribution=brouillon, champ="limites", valeur="L’hiver.", par=distribution.amina
    )
    soumise = ContributionFactory(
        experience__structure=distribution.deux_ponts, auteur=distribution.amina, soumise=True
    )
    demande = {"pk": Demande.objects.sur(soumise).get().pk}
    lieu = {"genre": "structure", "pk": distribution.deux_ponts.pk}
    membre = {"pk": distribution.bruno.appartenances.get().pk}
    invitation = {"pk": InvitationFactory(structure=distribution.deux_ponts).pk}
    jumelle, reunie = ExperienceFactory.create_batch(2, structure=distribution.deux_ponts)
    partagee = CollectionFactory(est_partagee=True, fiches=[experience])
    privee = CollectionFactory(auteur=distribution.amina)
    projet = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    social = {"pk": projet.pk}
    zone = ZoneFactory(projet=projet)
    chiffres = social | {"genre": "chiffres"}
    chiffre = {"numero": ChiffreFactory(projet=projet).pk}
    morceau = {"pk": MorceauFactory(projet=projet).pk}
    tache = {"pk": TacheFactory(projet=projet).pk}
    caf = {"pk": distribution.caf.pk}
    etape = {"pk": EtapeRetroplanningFactory(institution=distribution.caf).pk}
    demande_d_agrement = {"pk": DemandeAgrementFactory(projet=projet).pk}
    mesure = IndicateurFactory(
        fiche=projet.fiches.order_by("pk").first(), source="calcul", definition={"mesures": ["seances"]}
    )
    fusion = fusionner(jumelle, reunie, par=distribution.lea)
    return {
        "accepter_invitation": {"jeton": "inconnu"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "fausse-cle"},
        "agir_sur_un_point": {"pk": point.pk, "geste": "ecarter"},
        "api-v1:experience": {"code": experience.code},
        "api-v1:structure": centre,
        "centre": centre,
        "centre_contact": centre,
        "contribution": {"pk": brouillon.pk},
        "contribution_etape": {"pk": brouillon.pk, "cle": "essentiel"},
        "contribution_geste": {"pk": brouillon.pk, "geste": "reprendre"},
        "contribution_histoire": {"pk": brouillon.pk},
        "contribution_pieces": {"pk": brouillon.pk},
        "contribution_proches": {"pk": brouillon.pk},
        "contribution_relire": {"pk": brouillon.pk},
        "contribution_revenir": {"pk": brouillon.pk, "sauvegarde": texte.pk},
        "contribution_voisine": {"pk": brouillon.pk, "autre": experience.pk},
        "departement": {"code": "63"},
        "donnees_fichier": {"version": "2026-01-01", "nom": "absent.csv"},
        "experience": {"code": experience.code, "slug": experience.slug},
        **adresses_des_lecteurs(experience),
        "experience_courte": {"code": experience.code},
        "examiner_contribution": {"pk": soumise.pk},
        "defaire_examen": {"pk": soumise.pk},
        "masquer_donnees": {"pk": soumise.pk, "champ": "resume"},
        **dict.fromkeys(("prendre_demande", "rendre_demande", "noter_demande"), demande),
        "experience_reviser": {"code": experience.code},
        "experience_document": {"code": experience.code, "extension": "docx"},
        "experiences_fichier": {"extension": "docx"},
        "equipe_lieu": lieu,
        "inviter_ici": lieu,
        **{nom: {"pk": distribution.deux_ponts.pk} for nom in STRUCTURES},
        "invitation_annuler": invitation,
        "invitation_renvoyer": invitation,
        **dict.fromkeys(("membre", "membre_role", "membre_depart", "membre_reste"), membre),
        **dict.fromkeys(("membre_sessions", "membre_second_facteur", "membre_rouvrir"), membre),
        "importation": importation,
        "importation_abandonner": importation,
        "importation_confirmer": importation,
        "collection": {"code": partagee.code},
        "collection_document": {"code": partagee.code, "extension": "docx"},
        "collection_modifier": {"code": privee.code},
        "collection_supprimer": {"code": privee.code},
        "experience_collections": {"code": experience.code},
        "doublon": {"une": experience.code, "autre": jumelle.code},
        "fusion_defaire": {"pk": fusion.pk},
        "experience_retirer": {"code": experience.code},
        "experience_remettre": {"code": experience.code},
        **dict.fromkeys(PROJET, social),
        **adresses_de_la_verification(projet, distribution),
        **dict.fromkeys(MESURES, {"pk": mesure.pk}),
        **cadres_de_l_annee(distribution.deux_ponts.pk),
        **dict.fromkeys(
            ("indicateur_lignes_fichier", "indicateur_noms_fichier"), {"pk": mesure.pk, "extension": "csv"}
        ),
        **dict.fromkeys(BILAN_DU_CENTRE, {"centre": distribution.deux_ponts.pk}),
        **dict.fromkeys(("fiche_modeles", "fiche_phrases", "fiche_nombres"), {"pk": mesure.fiche_id}),
        **adresses_de_l_arbre(projet),
        **adresses_de_l_accueil(distribution.deux_ponts),
        **adresses_des_activites(distribution.deux_ponts, mesure.fiche),
        **adresses_de_l_engagement(distribution),
        **adresses_du_suivi(projet),
        **adresses_des_envois(projet),
        **adresses_du_diagnostic(projet),
        **adresses_de_l_evaluation(distribution.deux_ponts, distribution.amina),
        **adresses_de_la_gouvernance(projet),
        **adresses_des_personnes(distribution),
        **adresses_des_presences(distribution.deux_ponts, distribution.bruno),
        **adresses_du_depot(projet, distribution.deux_ponts, distribution.amina),
        **adresses_du_dossier(projet, distribution.amina),
        **adresses_des_fiches(projet, experience, distribution.amina, distribution.bruno),
        "territoire_ajouter": social | {"genre": "quartier"},
        "territoire_retirer": social | {"genre": "zone", "element": str(zone.pk)},
        **dict.fromkeys(("elements", "element_remettre"), chiffres),
        "element": chiffres | chiffre,
        "element_geste": chiffres | chiffre | {"geste": "monter"},
        "morceau": morceau,
        "morceau_geste": morceau | {"geste": "ecarter"},
        "retroplanning_geste": social | {"geste": "recaler"},
        "tache": tache,
        "tache_geste": tache | {"geste": "faite"},
        "rappels": {"jeton": jeton_des_rappels(distribution.bruno)},
        "agenda_du_projet": {"jeton": projet.jeton_agenda},
        "renouvellement_caf": caf,
        "renouvellement_modele": caf | {"geste": "partir"},
        **dict.fromkeys(("renouvellement_etape", "renouvellement_retirer"), etape),
        "agrement_pas": social | {"acte": "revenir"},
        **dict.fromkeys(("demande_decision", "demande_retirer"), demande_d_agrement),
        "piece": {"code": experience.code, "code_piece": image.code},
        "piece_vignette": {"code": experience.code, "code_piece": image.code},
        "sitemap_fichier": {"nom": "pages"},
        "synonyme": {"pk": synonyme.pk},
        "synonyme_supprimer": {"pk": synonyme.pk},
    }


def cadres_de_l_annee(centre: int) -> dict[str, dict[str, Any]]:
    """L'année qui court est toujours offerte."""
    un_cadre = {"centre": centre, "sigle": "caf", "annee": timezone.localdate().year}
    return {
        "cadres_du_centre": {"centre": centre},
        **dict.fromkeys(CADRES_REMPLIS, un_cadre),
        "cadre_lignes": un_cadre | {"rubrique": "presences"},
        "cadre_fichier": un_cadre | {"extension": "xlsx"},
    }
