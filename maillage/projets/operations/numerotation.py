"""Le modèle des numéros d'un projet, et ce qu'il donnerait à chaque fiche."""

from maillage.comptes.models import Utilisateur
from maillage.projets.models import ProjetSocial
from maillage.projets.numerotation import valider_modele
from maillage.projets.operations.gestes import geste


def numeroter(projet: ProjetSocial, modele: str, *, par: Utilisateur) -> None:
    """Chaque fiche prend le numéro de sa place ; celui du document importé n'est plus montré. Se défait.

    Lève `ValidationError` quand le modèle ne distinguerait pas deux fiches.
    """
    valider_modele(modele)
    with geste(projet, "numeroter", f"a renuméroté les fiches selon « {modele} »", par=par):
        projet.modele_de_numero, projet.garde_les_numeros = modele, False
        projet.save(update_fields=["modele_de_numero", "garde_les_numeros"])
