"""Un témoin par porte du quotidien : ouverte seule, elle laisse faire à quelqu'un ce qu'il ne fait pas (R18, F2).

Les portes se trouvent seules (`portes.py`) : une porte nouvelle de ces pièces échoue tant qu'elle n'a pas le
sien. Un témoin est un geste précis, d'une personne que la porte arrête : sa collègue d'abord, l'étrangère ensuite.
"""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from maillage.accueil.models import DemandeASuivre
from maillage.activites.choices import EtatSeance
from maillage.activites.models import Activite, HeuresDeBenevolat, Inscription
from maillage.evaluation.operations import recalculer_fiche
from maillage.personnes.choices import EtatPersonne
from maillage.personnes.models import Personne
from maillage.personnes.operations import deposer_personnes
from maillage.projets.choices import EtatProjet
from maillage.projets.models import Indicateur
from maillage.territoire.models import Structure
from tests.accueil.fabriques import DemandeASuivreFactory
from tests.activites.engagement_d_essai import BenevoleFactory, HeuresFactory, InitiativeFactory
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.architecture.portes import Porte
from tests.architecture.temoins import Ouvrir, Temoin, Temoins, ferme_puis_ouvre, lit, montre
from tests.distribution import Distribution
from tests.personnes.fabriques import FoyerFactory, MembreDeFoyerFactory, PersonneFactory
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

TEMOINS = Temoins("personnes", "accueil", "activites", "evaluation")


def activite_de_bruno(troupe: Distribution) -> Activite:
    une: Activite = ActiviteFactory(structure=troupe.deux_ponts, animateurs=[troupe.bruno])
    return une


def nombre_calcule(troupe: Distribution) -> Indicateur:
    """Deux présences, l'une à l'activité de Bruno, l'autre ailleurs, dans un projet que la Caf lit."""
    centre: Structure = troupe.deux_ponts
    troupe.caf.departements.add(centre.departement)
    fiche = FicheActionFactory(projet=ProjetSocialFactory(structure=centre, etat=EtatProjet.EN_COURS))
    for animateurs, prenom in (([troupe.bruno], "Salima"), ([], "Zoé")):
        seance = SeanceFactory(
            activite=ActiviteFactory(structure=centre, fiche=fiche, animateurs=animateurs),
            debut=datetime(2026, 3, 10, 14, tzinfo=UTC),
            etat=EtatSeance.TENUE,
        )
        PresenceFactory(seance=seance, personne=PersonneFactory(structure=centre, prenom=prenom))
    compte: Indicateur = IndicateurFactory(
        fiche=fiche, source="calcul", definition={"mesures": ["presences"]}
    )
    recalculer_fiche(fiche)
    return compte


# --- Le comptoir ------------------------------------------------------------------------------------


@TEMOINS.de("accueil.permissions.peut_tenir_le_comptoir")
def denis_ouvre_un_comptoir(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("denis"), "comptoir_partenaires")


@TEMOINS.de("accueil.permissions.peut_regler_le_comptoir")
def ines_regle_la_liste_des_demandes(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("ines"), "types_de_demande", troupe.deux_ponts.pk)


@TEMOINS.de("accueil.permissions.peut_suivre_des_demandes")
def bruno_ouvre_les_demandes_du_jour(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("bruno"), "demandes_du_jour")


@TEMOINS.de("accueil.permissions.peut_suivre_les_demandes_de")
def bruno_note_une_demande_a_suivre(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("bruno"), "demande_a_suivre_nouvelle", troupe.deux_ponts.pk)


@TEMOINS.de("DemandeASuivreQuerySet.suivies_par")
def amina_lit_une_demande_des_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    suivie: DemandeASuivre = DemandeASuivreFactory(structure=troupe.quatre_vents)
    return montre(ouvrir("amina"), suivie.objet, "demandes_du_jour")


# --- Les activités ----------------------------------------------------------------------------------


@TEMOINS.de("activites.permissions.peut_tenir_des_activites")
def denis_ouvre_les_activites(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("denis"), "activites")


@TEMOINS.de("activites.permissions.peut_voir_les_noms")
def farid_lit_les_inscriptions_de_bruno(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("farid"), "inscriptions", activite_de_bruno(troupe).pk)


@TEMOINS.de("activites.permissions.peut_faire_la_feuille")
def farid_ouvre_la_feuille_de_bruno(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("farid"), "feuille", SeanceFactory(activite=activite_de_bruno(troupe)).pk)


@TEMOINS.de("activites.permissions.peut_lire_le_registre_de")
def bruno_cherche_au_registre_depuis_sa_feuille(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    seance = SeanceFactory(activite=activite_de_bruno(troupe))
    return montre(ouvrir("bruno"), "Chercher au registre", "feuille", seance.pk, ajouter="1")


@TEMOINS.de("activites.permissions.peut_exporter_les_presences")
def ines_sort_les_presences_dans_un_classeur(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    adresse = reverse("presences_fichier", args=[activite_de_bruno(troupe).pk])
    reponse = ouvrir("ines").post(adresse, {"raison": "Pour la Caf."})
    return "spreadsheet" in reponse.headers.get("Content-Type", "")


@TEMOINS.de("ActiviteQuerySet.de_l_equipe")
def amina_lit_une_activite_des_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("amina"), "activite", ActiviteFactory(structure=troupe.quatre_vents).pk)


@TEMOINS.de("SeanceQuerySet.de_l_equipe")
def amina_lit_une_seance_des_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("amina"), "seance", SeanceFactory(activite__structure=troupe.quatre_vents).pk)


@TEMOINS.de("ActiviteQuerySet.publiees")
def un_passant_lit_l_agenda_d_une_activite_qui_n_est_pas_publique(
    ouvrir: Ouvrir, troupe: Distribution
) -> bool:
    return lit(ouvrir("anonyme"), "agenda_de_l_activite", activite_de_bruno(troupe).pk)


@TEMOINS.de("SeanceQuerySet.publiees")
def un_passant_lit_une_seance_qui_n_est_pas_publique(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    seance = SeanceFactory(activite=activite_de_bruno(troupe))
    return lit(ouvrir("anonyme"), "agenda_de_la_seance", seance.pk)


# --- L'engagement -----------------------------------------------------------------------------------


@TEMOINS.de("InitiativeQuerySet.de_l_equipe")
def amina_lit_une_initiative_des_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("amina"), "initiative", InitiativeFactory(structure=troupe.quatre_vents).pk)


@TEMOINS.de("BenevoleQuerySet.du_registre")
def amina_lit_un_benevole_des_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("amina"), "benevole", BenevoleFactory(personne__structure=troupe.quatre_vents).pk)


@TEMOINS.de("HeuresQuerySet.de_l_equipe")
def amina_retire_des_heures_aux_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    heures = HeuresFactory(structure=troupe.quatre_vents)
    ouvrir("amina").post(reverse("heures_retirer", args=[heures.pk]))
    return not HeuresDeBenevolat.objects.filter(pk=heures.pk).exists()


# --- Les nombres ------------------------------------------------------------------------------------


@TEMOINS.de("evaluation.permissions.peut_nommer")
def farid_ouvre_les_noms_sans_rien_animer(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("farid"), "indicateur_noms", nombre_calcule(troupe).pk)


@TEMOINS.de("evaluation.permissions.peut_exporter_les_noms")
def bruno_sort_les_noms_de_son_activite(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    """Il les lit à l'écran ; un fichier est un acte de la direction."""
    adresse = reverse("indicateur_noms_fichier", args=[nombre_calcule(troupe).pk, "csv"])
    return ouvrir("bruno").post(adresse, {"raison": "vérifier le bilan"}).status_code == 200


@TEMOINS.de("evaluation.permissions.peut_exporter_les_noms")
def ines_sort_les_noms_dans_un_tableur(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    adresse = reverse("indicateur_noms_fichier", args=[nombre_calcule(troupe).pk, "csv"])
    reponse = ouvrir("ines").post(adresse, {"raison": "Pour la Caf."})
    return "csv" in reponse.headers.get("Content-Type", "")


@TEMOINS.de("evaluation.permissions.peut_lire_un_bilan")
def denis_cherche_le_bilan_d_un_centre(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("denis"), "bilans_des_centres")


@TEMOINS.de("evaluation.permissions.activites_nommees")
def bruno_lit_un_nom_d_une_activite_qu_il_n_anime_pas(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return montre(ouvrir("bruno"), "Zoé", "indicateur_noms", nombre_calcule(troupe).pk)


# --- Les personnes ----------------------------------------------------------------------------------


@TEMOINS.de("personnes.permissions.peut_tenir_le_registre")
def bruno_ouvre_les_benevoles(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("bruno"), "benevoles")


@TEMOINS.de("personnes.permissions.peut_lire_la_personne")
def ines_lit_une_fiche_gelee(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("ines"), "personne", PersonneFactory(structure=troupe.deux_ponts, gelee=True).pk)


@TEMOINS.de("personnes.permissions.qui_se_nomme")
def ines_lit_une_gelee_dans_son_foyer(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    foyer = FoyerFactory(structure=troupe.deux_ponts)
    gelee = PersonneFactory(structure=troupe.deux_ponts, prenom="Salima", gelee=True)
    MembreDeFoyerFactory(foyer=foyer, personne=gelee)
    return montre(ouvrir("ines"), "Salima", "foyer", foyer.pk)


@TEMOINS.de("personnes.permissions.peut_repondre_a_la_personne")
def ines_efface_une_personne(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    une: Personne = PersonneFactory(structure=troupe.deux_ponts)
    ouvrir("ines").post(reverse("personne_effacer", args=[une.pk]), {"nom": str(une)})
    une.refresh_from_db()
    return une.etat == EtatPersonne.EFFACEE


@TEMOINS.de("personnes.permissions.peut_regler_les_personnes")
def ines_voit_les_reglages_du_registre(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return montre(ouvrir("ines"), reverse("personnes_reglages"), "personnes")


@TEMOINS.de("PersonneQuerySet.du_registre")
def bruno_inscrit_quelqu_un_par_son_numero(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    activite, une = activite_de_bruno(troupe), PersonneFactory(structure=troupe.deux_ponts)
    ouvrir("bruno").post(reverse("inscriptions", args=[activite.pk]), {"personne": une.pk})
    return Inscription.objects.filter(personne=une).exists()


@TEMOINS.de("FoyerQuerySet.du_registre")
def amina_lit_un_foyer_des_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    return lit(ouvrir("amina"), "foyer", FoyerFactory(structure=troupe.quatre_vents).pk)


@TEMOINS.de("ImportDePersonnesQuerySet.du_registre")
def amina_lit_un_import_des_quatre_vents(ouvrir: Ouvrir, troupe: Distribution) -> bool:
    recu = "Prénom;Nom\nAdam;Bo\n".encode()
    depot = deposer_personnes("un.csv", recu, structure=troupe.quatre_vents, par=troupe.chloe)
    return lit(ouvrir("amina"), "personnes_import_lu", depot.pk)


# --- La preuve --------------------------------------------------------------------------------------


def test_chaque_porte_du_quotidien_a_son_temoin() -> None:
    assert set(TEMOINS.portes()) == set(TEMOINS.gestes)


@pytest.mark.erreur_journalisee
@pytest.mark.django_db
@pytest.mark.parametrize(("porte", "geste"), TEMOINS.cas())
def test_chaque_porte_du_quotidien_ferme_puis_ouvre(
    porte: Porte,
    geste: Temoin,
    client_de: Ouvrir,
    distribution: Distribution,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ferme_puis_ouvre(porte, geste, client_de, distribution, monkeypatch)
