"""Remplir les centres dont on raconte chaque jour."""

from collections.abc import Mapping

from django.db.models import Max

from maillage.comptes.models import Utilisateur
from maillage.core.base_de_donnees import actualiser_les_statistiques
from maillage.core.models import LigneJournal
from maillage.demo.donnees import QUOTIDIENS, lire_objet
from maillage.demo.operations.quotidien.activites import Programme
from maillage.demo.operations.quotidien.centre import Centre
from maillage.demo.operations.quotidien.comptoir import tenir_le_comptoir
from maillage.demo.operations.quotidien.engagement import choisir_les_benevoles, engager, porter
from maillage.demo.operations.quotidien.habitants import peupler
from maillage.territoire.models import Structure


def charger_le_quotidien(structures: Mapping[str, Structure]) -> None:
    """À appeler quand les comptes sont ouverts et les projets sociaux écrits."""
    utilisateurs = {personne.email: personne for personne in Utilisateur.objects.all()}
    for cle in QUOTIDIENS:
        donnees = lire_objet(f"quotidien_{cle}")
        _remplir(Centre(structures[donnees["structure"]], donnees, utilisateurs))
    actualiser_les_statistiques()


def _remplir(centre: Centre) -> None:
    derniere = LigneJournal.objects.aggregate(derniere=Max("pk"))["derniere"] or 0
    peupler(centre)
    programme = Programme(centre)
    programme.benevoles = choisir_les_benevoles(centre)
    programme.ecrire()
    programme.noter_les_heures(engager(centre, programme.benevoles))
    porter(centre)
    tenir_le_comptoir(centre)
    LigneJournal.objects.filter(pk__gt=derniere).delete()  # un an de gestes inventés n'apprend rien à relire
