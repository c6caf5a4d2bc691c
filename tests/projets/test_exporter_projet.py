"""Un projet lu s'écrit, s'exporte, et se relit sans rien perdre."""

import json
from pathlib import Path
from typing import Any

import pytest

from maillage.core.journal import SYSTEME
from maillage.projets.exportation.objet import objet_du_projet
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.ecriture_du_lu import ecrire_projet_lu
from tests.fabriques import StructureFactory

pytestmark = pytest.mark.django_db
VERITES = Path(__file__).resolve().parents[3] / "shared" / "verites"


def ecrire(lu: dict[str, Any]) -> ProjetSocial:
    return ecrire_projet_lu(lu, structure=StructureFactory(), par=SYSTEME)


def echange(lu: dict[str, Any], cles: Any) -> dict[str, Any]:
    """Les seules clés communes, sans les identifiants, qui ne se comparent pas."""
    objet = {cle: lu[cle] for cle in cles if cle != "id"}
    modele = {cle for fiche in objet["fiches"] for cle in fiche} - {"id"}
    return objet | {
        "fiches": [{cle: fiche[cle] for cle in modele if cle in fiche} for fiche in objet["fiches"]]
    }


def test_la_verite_du_sud_importee_puis_exportee_est_egale() -> None:
    chemin = VERITES / "projet-sud.json"
    if not chemin.exists():
        pytest.skip("../shared/verites n'est pas là")
    verite = json.loads(chemin.read_text(encoding="utf-8"))
    objet = objet_du_projet(ecrire(verite))
    for cle in verite:
        if cle in {"id", "fiches"}:
            continue
        assert objet[cle] == verite[cle], cle
    for rendue, vraie in zip(objet["fiches"], verite["fiches"], strict=True):
        assert {cle: rendue[cle] for cle in vraie if cle != "id"} == {
            cle: valeur for cle, valeur in vraie.items() if cle != "id"
        }
