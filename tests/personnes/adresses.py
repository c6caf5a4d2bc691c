"""Un objet de chaque genre, pour la table d'accès."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from maillage.personnes.choices import GenreDemandeDeDroits, ObjetDeConsentement
from maillage.personnes.models import AvisDeConservation
from maillage.personnes.operations import (
    deposer_personnes,
    noter_accord,
    recevoir_demande_de_droits,
    reunir_personnes,
)
from tests.distribution import Distribution
from tests.personnes.fabriques import FoyerFactory, MembreDeFoyerFactory, PersonneFactory, ProvenanceFactory


def adresses_des_personnes(distribution: Distribution) -> dict[str, dict[str, Any]]:
    centre, par = distribution.deux_ponts, distribution.amina
    une, autre, jumelle = PersonneFactory.create_batch(3, structure=centre)
    fiche = {"pk": une.pk}
    foyer = FoyerFactory(structure=centre)
    membre = MembreDeFoyerFactory(foyer=foyer, personne=une)
    accord = noter_accord(une, ObjetDeConsentement.PHOTO, par=par)
    demande = recevoir_demande_de_droits(
        une, GenreDemandeDeDroits.ACCES, recue_le=timezone.localdate(), par=par
    )
    avis = AvisDeConservation.objects.create(
        personne=une, efface_le=timezone.localdate() + timedelta(days=30), visa_demande=True
    )
    depot = {
        "pk": deposer_personnes("un.csv", "Prénom;Nom\nAdam;Bo\n".encode(), structure=centre, par=par).pk
    }
    fusion = reunir_personnes(une, jumelle, par=par)
    seules = ("personne", "personne_corriger", "personne_droits", "personne_archive", "personne_archive_json")
    gestes = ("personne_geler", "personne_effacer", "accord_noter", "foyer_nouveau")
    return {
        **dict.fromkeys((*seules, *gestes), fiche),
        "accord_retirer": fiche | {"accord": accord.pk},
        "demande_de_droits_repondre": {"pk": demande.pk},
        "foyer": {"pk": foyer.pk},
        "foyer_quitter": {"pk": foyer.pk, "membre": membre.pk},
        "personne_reunir": fiche | {"autre": autre.pk},
        "paire_geste": fiche | {"autre": autre.pk, "geste": "ecarter"},
        "duree_fixer": {"jours": 365},
        "personnes_separer": fiche | {"fusion": fusion.pk},
        **dict.fromkeys(("personnes_import_lu", "personnes_import_fautes", "personnes_import_finir"), depot),
        "champ_regler": {"champ": "telephone"},
        "provenance_retirer": {"pk": ProvenanceFactory(structure=centre).pk},
        "avis_viser": {"pk": avis.pk},
    }
