"""La passation : ce que chaque pièce du dessus transmet quand une personne part.

Une pièce déclare sa classe dans le réglage `PASSATIONS`, par son nom : `comptes` l'appelle sans la connaître.
"""

from typing import Final, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from maillage.comptes.models import Appartenance, Utilisateur
from maillage.comptes.permissions import Organisation
from maillage.territoire.models import Gestionnaire, Structure

TRANSMETTRE: Final = "transmettre"
"""L'acte au journal : il nomme les deux personnes, l'effacement d'un compte l'y retrouve."""


class Passation(Protocol):
    def compter(self, de: Utilisateur, structures: list[int] | None) -> dict[str, int]:
        """Ce qui attend d'être transmis : « brouillon » → 3. `structures=None` : ce qui n'est à aucune."""
        ...

    def transmettre(
        self, de: Utilisateur, a: Utilisateur, structures: list[int] | None, *, par: Utilisateur | None
    ) -> None:
        """Change les auteurs, dans la transaction du départ, et journalise l'acte `TRANSMETTRE`, le numéro de l'un
        en `avant`, de l'autre en `apres`, sous la clé `auteur`."""
        ...


def passations() -> list[Passation]:
    return [import_string(chemin)() for chemin in settings.PASSATIONS]


def structures_du_lieu(organisation: Organisation) -> list[int] | None:
    """Les structures dont le travail se transmet quand on quitte ce lieu ; None pour une institution."""
    if isinstance(organisation, Structure):
        siennes = Structure.objects.filter(remplacee_par=organisation).order_by("pk")
        return [organisation.pk, *siennes.values_list("pk", flat=True)]
    if isinstance(organisation, Gestionnaire):
        return list(organisation.structures.order_by("pk").values_list("pk", flat=True))
    return None


def a_transmettre(appartenance: Appartenance) -> dict[str, int]:
    """Ce que la personne laisserait en partant d'ici, par genre, sans les zéros."""
    structures = structures_du_lieu(appartenance.organisation)
    comptes: dict[str, int] = {}
    for passation in passations():
        comptes |= passation.compter(appartenance.utilisateur, structures)
    return {genre: nombre for genre, nombre in comptes.items() if nombre}


def transmettre(appartenance: Appartenance, *, par: Utilisateur | None) -> None:
    """Donne le travail laissé ici à `passation_a` ; sans effet si personne n'a été choisi."""
    if appartenance.passation_a is None:
        return
    structures = structures_du_lieu(appartenance.organisation)
    for passation in passations():
        passation.transmettre(appartenance.utilisateur, appartenance.passation_a, structures, par=par)
