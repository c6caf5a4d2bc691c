"""Un fichier de chiffres, de l'aperçu à l'écriture : ce que la page a montré voyage signé, sans rien garder ici."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.core import signing

from maillage.projets.importation.chiffres_en_fichier import ChiffresLus, lire_les_chiffres
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.diagnostic.chiffres import CHAMPS

DUREE: Final = 24 * 3600


def lire_le_fichier(nom: str, contenu: bytes) -> ChiffresLus:
    """Lève `ClasseurIllisible`."""
    return lire_les_chiffres(nom, contenu)


def garder_les_chiffres(projet: ProjetSocial, chiffres: Sequence[dict[str, Any]]) -> str:
    lignes = [[str(un[c]) if c == "valeur" else un[c] for c in CHAMPS] for un in chiffres]
    return signing.dumps(lignes, salt=_sel(projet), compress=True)


def chiffres_gardes(projet: ProjetSocial, garde: str) -> list[dict[str, Any]]:
    """Lève `signing.BadSignature` : aperçu trop vieux, ou d'un autre projet."""
    lignes = signing.loads(garde, salt=_sel(projet), max_age=DUREE)
    lus = [dict(zip(CHAMPS, ligne, strict=True)) for ligne in lignes]
    return [un | {"valeur": Decimal(un["valeur"])} for un in lus]


def _sel(projet: ProjetSocial) -> str:
    return f"projets.chiffres.{projet.pk}"
