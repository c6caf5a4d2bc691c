"""Les foyers : qui vit avec qui. Un enfant peut être de deux foyers ; chacun ne montre que les siens."""

from django.db import IntegrityError, transaction

from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changements
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import journaliser
from maillage.personnes.choices import LienDeFoyer
from maillage.personnes.models import Foyer, MembreDeFoyer, Personne


@transaction.atomic
def fonder_foyer(personne: Personne, nom: str, lien: LienDeFoyer, *, par: Utilisateur) -> Foyer:
    """Un foyer, avec sa première personne. Sans nom donné, il prend le sien."""
    foyer = Foyer.objects.create(structure=personne.structure, nom=nom or f"Foyer {personne.nom}".strip())
    MembreDeFoyer.objects.create(foyer=foyer, personne=personne, lien=lien)
    _noter(foyer, personne, "fonder_foyer", "a noté un foyer", par)
    return foyer


@transaction.atomic
def joindre_au_foyer(foyer: Foyer, personne: Personne, lien: LienDeFoyer, *, par: Utilisateur) -> None:
    """Lève `GesteRefuse` : la personne y est déjà, ou elle est d'un autre centre."""
    if personne.structure_id != foyer.structure_id:
        raise GesteRefuse("Cette personne est connue d’un autre centre.")
    try:
        with transaction.atomic():
            MembreDeFoyer.objects.create(foyer=foyer, personne=personne, lien=lien)
    except IntegrityError as refus:
        raise GesteRefuse("Cette personne est déjà dans ce foyer.") from refus
    _noter(foyer, personne, "joindre_au_foyer", "a ajouté une personne à un foyer", par)


@transaction.atomic
def quitter_le_foyer(membre: MembreDeFoyer, *, par: Utilisateur) -> None:
    """Le foyer que tout le monde a quitté disparaît."""
    foyer = membre.foyer
    membre.delete()
    _noter(foyer, membre.personne, "quitter_le_foyer", "a retiré une personne d’un foyer", par)
    if not foyer.membres.exists():
        foyer.delete()


def _noter(foyer: Foyer, personne: Personne, acte: str, fait: str, par: Utilisateur) -> None:
    """La personne a changé aussi : un foyer que tous ont quitté ne mène plus à ses venues."""
    journaliser(foyer, acte, f"{par.get_full_name()} {fait}.", par=par)
    noter_changements([foyer, personne], acte)
