"""Le découpage administratif : toute la France, une seule fois."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from maillage.core.models import Echeance, LigneJournal
from maillage.territoire.models import AncienneCommune, CodePostal, Commune, Departement, Epci, Region
from maillage.territoire.operations import ReferentielAbsent, charger_territoire, territoire_est_charge
from maillage.territoire.operations.referentiel import DOSSIER

pytestmark = pytest.mark.django_db


@pytest.fixture
def petit_dossier(tmp_path: Path) -> Path:
    """Deux départements, trois communes, un arrondissement, une commune déléguée."""
    contenus = {
        "regions.json": [{"code": "84", "nom": "Auvergne-Rhône-Alpes"}, {"code": "04", "nom": "La Réunion"}],
        "departements.json": [
            {"code": "69", "nom": "Rhône", "region": "84"},
            {"code": "974", "nom": "La Réunion", "region": "04"},
        ],
        "epci.json": [{"code": "200046977", "nom": "Métropole de Lyon", "membres": [{"code": "69123"}]}],
        "communes.json": [
            {
                "code": "69123",
                "nom": "Lyon",
                "type": "commune-actuelle",
                "departement": "69",
                "codesPostaux": ["69001", "69003", "69001"],
                "population": 520774,
            },
            {
                "code": "69383",
                "nom": "Lyon 3e Arrondissement",
                "type": "arrondissement-municipal",
                "commune": "69123",
                "departement": "69",
                "codesPostaux": ["69003"],
            },
            {"code": "97411", "nom": "L'Étang-Salé", "type": "commune-actuelle", "departement": "974"},
            {
                "code": "69999",
                "nom": "Vaise",
                "type": "commune-deleguee",
                "chefLieu": "69123",
                "departement": "69",
            },
        ],
    }
    for nom, contenu in contenus.items():
        (tmp_path / nom).write_text(json.dumps(contenu), encoding="utf-8")
    return tmp_path


def test_un_fichier_absent_est_nomme_et_rien_n_est_ecrit(petit_dossier: Path) -> None:
    (petit_dossier / "epci.json").unlink()
    with pytest.raises(ReferentielAbsent) as refus:
        charger_territoire(petit_dossier)
    assert str(refus.value.filename).endswith("epci.json")
    assert not Region.objects.exists()


def test_un_fichier_abime_n_ecrit_rien(petit_dossier: Path) -> None:
    (petit_dossier / "communes.json").write_text('[{"code": "69123", "type": "commune-actuelle"}]')
    with pytest.raises(KeyError):
        charger_territoire(petit_dossier)
    assert not Region.objects.exists() and not territoire_est_charge(petit_dossier)


def test_le_chargement_range_tout_a_sa_place(petit_dossier: Path) -> None:
    bilan = charger_territoire(petit_dossier)
    assert bilan["communes"] == 2 and bilan["arrondissements"] == 1 and bilan["codes_postaux"] == 2
    lyon = Commune.objects.get(pk="69123")
    assert lyon.epci_id == "200046977" and lyon.departement_id == "69" and lyon.population == 520774
    arrondissement = Commune.objects.get(pk="69383")
    assert arrondissement.rattachee_a == lyon and arrondissement.epci_id == "200046977"
    reunion = Commune.objects.get(pk="97411")
    assert (reunion.nom, reunion.nom_cherche) == ("L’Étang-Salé", "l etang sale")
    assert AncienneCommune.objects.get().commune == lyon
    assert set(CodePostal.objects.filter(code="69003").values_list("commune_id", flat=True)) == {
        "69123",
        "69383",
    }
    assert LigneJournal.objects.filter(acte="charger_territoire").count() == 1


def test_recharger_met_a_jour_sans_doubler_ni_supprimer(petit_dossier: Path) -> None:
    charger_territoire(petit_dossier)
    communes = json.loads((petit_dossier / "communes.json").read_text())
    communes[0]["population"] = 530000
    (petit_dossier / "communes.json").write_text(json.dumps(communes[:2]))
    assert not territoire_est_charge(petit_dossier)
    charger_territoire(petit_dossier)
    assert Commune.objects.count() == 3
    assert Commune.objects.get(pk="69123").population == 530000
    assert not AncienneCommune.objects.exists()
    assert Echeance.objects.filter(nom__startswith="territoire:").count() == 1


def test_une_fois_charge_les_fichiers_peuvent_partir(petit_dossier: Path) -> None:
    charger_territoire(petit_dossier)
    (petit_dossier / "communes.json").unlink()
    assert territoire_est_charge(petit_dossier)


def test_la_vraie_france_y_est_outre_mer_compris(capsys: pytest.CaptureFixture[str]) -> None:
    if not DOSSIER.exists():
        pytest.skip(
            "les fichiers de @etalab/decoupage-administratif ne sont pas installés (bin/test le fait)"
        )
    call_command("charger_territoire", ecrire=True)
    assert Departement.objects.count() == 109 and Epci.objects.count() > 1200
    for code in ("971", "972", "973", "974", "976", "975", "977", "978", "986", "987", "988"):
        assert Commune.objects.filter(departement=code).exists(), code
    assert Commune.objects.get(pk="2A004").nom == "Ajaccio"
    assert Commune.objects.get(pk="75113").rattachee_a_id == "75056"
    assert Commune.objects.get(pk="97611").nom == "Mamoudzou"
    capsys.readouterr()
    call_command("charger_territoire", ecrire=True)
    assert "déjà chargé" in capsys.readouterr().out
