"""La Caf du territoire ne lit que ce qui lui est transmis : ni brouillon, ni habitant, par aucune page ni fichier.

Le monde du canari, mais Denis y conseille le centre étranger : chaque adresse, avec chaque objet de ce centre.
"""

from typing import Any

import pytest

from tests.architecture.canari import JETON, Monde
from tests.architecture.parcours import Visiteuse, appels

TRANSMIS = {
    *("projets.envoi", "projets.annotation", "projets.demandedecomplements", "projets.pointacompleter"),
    *("projets.avis", "projets.lettre", "projets.demandeagrement"),
}
"""Ce qui est figé, ce qu'elle a écrit elle-même, et les demandes qu'on lui fait."""
SIGNATURES = {("comptes.utilisateur", "prenom"), ("comptes.utilisateur", "nom")}
"""Qui a transmis, annoté, répondu : des professionnels, jamais un habitant."""


@pytest.mark.plafond_de_requetes(200)
@pytest.mark.parametrize("methode", ["GET", "POST"])
def test_la_caf_du_territoire_ne_lit_que_ce_qui_lui_est_transmis(
    methode: str, monde: Monde, usuelles: dict[str, dict[str, Any]]
) -> None:
    monde.distribution.caf.departements.set([monde.distribution.quatre_vents.departement])
    visiteuse = Visiteuse("denis", monde)
    lus: dict[str, str] = {}
    for appel in appels(methode, monde, usuelles):
        page = visiteuse.appeler(appel)
        for jeton in JETON.findall(page):
            if (origine := monde.jetons.get(jeton.lower())) and origine not in SIGNATURES:
                lus.setdefault(origine[0], str(appel))
    assert {modele: ou for modele, ou in lus.items() if modele not in TRANSMIS} == {}
    assert not [faute for faute in visiteuse.fautes if "→ 5" in faute]
    if methode == "GET":
        assert {"projets.envoi", "projets.annotation", "projets.lettre"} <= set(lus), "l'épreuve a des yeux"


@pytest.mark.plafond_de_requetes(200)
def test_sans_acces_un_cofinanceur_ne_lit_rien_du_tout(
    monde: Monde, usuelles: dict[str, dict[str, Any]]
) -> None:
    """Denis, devenu représentant d'une ville à qui personne n'a rien donné."""
    d = monde.distribution
    d.caf.genre = "collectivite"
    d.caf.save(update_fields=["genre"])
    d.denis.appartenances.update(role="ville")
    d.caf.departements.set([d.quatre_vents.departement])
    visiteuse = Visiteuse("denis", monde)
    for appel in appels("GET", monde, usuelles):
        visiteuse.appeler(appel)
    assert visiteuse.fautes == []
