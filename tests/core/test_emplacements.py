"""Les emplacements : une pièce du dessus se montre sans être importée."""

import pytest

from maillage.core import emplacements


@pytest.fixture(autouse=True)
def emplacements_vides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emplacements, "_occupants", emplacements.defaultdict(list))


def test_un_emplacement_libre_ne_montre_rien() -> None:
    assert emplacements.occupants("experience.apres_resultats") == []


def test_une_adresse_absente_de_cette_installation_ne_donne_rien() -> None:
    emplacements.occuper("experience.apres_resultats", "page_qui_n_existe_pas", "Repris par")
    assert emplacements.occupants("experience.apres_resultats")[0].adresse(3) is None


def test_un_occupant_declare_deux_fois_n_apparait_qu_une_fois() -> None:
    for _ in range(2):
        emplacements.occuper("espace", "healthz", "État")
    occupant = emplacements.occupants("espace")
    assert [(o.libelle, o.adresse()) for o in occupant] == [("État", "/healthz")]


def test_un_occupant_reserve_ne_se_montre_qu_a_qui_peut_l_ouvrir() -> None:
    emplacements.occuper("espace", "healthz", "État", droit=lambda personne: personne == "Léa")
    assert emplacements.occupants("espace", "Amina") == []
    assert [o.libelle for o in emplacements.occupants("espace", "Léa")] == ["État"]
