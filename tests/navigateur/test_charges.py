"""Ce qu'une personne mal intentionnée écrirait, dans chaque champ texte de chaque modèle, lu dans un navigateur (F11).

Engendré : `canari.py` remplit chaque modèle, le centre publie tout, et chaque adresse de la table est ouverte par
qui peut la lire. Ni dialogue, ni refus de la politique de sécurité, ni demande à un tiers : `conftest.py` y veille.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Dialog

from tests.architecture.canari import PREMIER, Monde, modele, peupler
from tests.architecture.objets import adresses_d_essai
from tests.distribution import Distribution
from tests.navigateur.conftest import aller
from tests.navigateur.pages import pages_de

GESTES = ("onerror", "onload", "onfocus", "onclick", "onmouseover", "ontoggle", "onanimationstart", "onbegin")
BALISES = ("img src=x", "svg", "input autofocus", "details open", "body", "iframe", "video src=x", "marquee")
CHARGES = [f"<{balise} {geste}=alert(1)>" for balise in BALISES for geste in GESTES] + [
    f"{debut}{coeur}{fin}"
    for debut in ("", "'>", '">', "</textarea>", "</title>", "</script>", "-->", "javascript:", "{{", "`")
    for coeur in ("<script>alert(1)</script>", "<ScRiPt src=//mechant.exemple>", "alert(1)", "${alert(1)}")
    for fin in ("", "<!--", "//", "'\"")
]
LECTRICES = ("nadia", "chloe", "amina", "anonyme")


@pytest.fixture
def piegee(
    distribution: Distribution, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> Monde:
    """Le monde de B où chaque texte est une charge, et où tout ce qui peut être public l'est."""
    settings.DOSSIER_FICHIERS = tmp_path / "fichiers"
    rang = iter(range(10_000))

    def charge(jeton: str, champ: Any, _rang: int) -> Any:
        longueur = champ.max_length or 100_000
        if champ.unique or type(champ).__name__ in {"EmailField", "SlugField", "URLField"}:
            return f"{jeton}-{_rang}@essais.exemple" if "mail" in type(champ).__name__.lower() else jeton
        if longueur > 20_000:
            return "\n".join(CHARGES)
        debut = next(rang) * 7
        return "".join(CHARGES[(debut + n) % len(CHARGES)] for n in range(4))[:longueur]

    monkeypatch.setattr("tests.architecture.canari._texte", charge)
    monde = peupler(distribution)
    b = {"pk__gte": PREMIER}
    modele("catalogue.experience")._base_manager.filter(**b, etat="brouillon").update(
        etat="publiee", publie_le="2026-01-01T09:00Z"
    )
    modele("moderation.commentaire")._base_manager.filter(**b).update(
        etat="publie", publie_le="2026-01-01T09:00Z"
    )
    modele("catalogue.collection")._base_manager.filter(**b).update(est_partagee=True)
    return monde


@pytest.mark.django_db(transaction=True)
@pytest.mark.plafond_de_requetes(400)
def test_aucune_charge_ne_s_execute_sur_aucune_page(
    contexte: BrowserContext,
    piegee: Monde,
    entrer: Callable[[str], None],
    indexer: Callable[[], int],
) -> None:
    assert len(set(CHARGES)) >= 200
    usuelles = adresses_d_essai(piegee.distribution)
    indexer()
    dialogues: list[str] = []
    ouvertes = 0
    for lectrice in LECTRICES:
        contexte.clear_cookies()
        entrer(lectrice)
        page = contexte.new_page()
        page.on("dialog", lambda dialogue: _fermer(dialogue, dialogues))
        for nom, parametres, suite in pages_de(lectrice, usuelles):
            for adresse in _adresses(nom, parametres, suite):
                ouvertes += aller(page, adresse) is not None
        page.close()
    assert dialogues == []
    assert ouvertes > 40


def _fermer(dialogue: Dialog, dialogues: list[str]) -> None:
    dialogues.append(f"{dialogue.page.url if dialogue.page else ''} : {dialogue.message}")
    dialogue.dismiss()


def _adresses(nom: str, parametres: dict[str, Any], suite: str) -> list[str]:
    adresses = [reverse(nom, kwargs=parametres) + suite]
    for cle, valeur in (("pk", PREMIER), ("code", "b0b0b0b1")):
        if cle in parametres and nom != "departement":
            adresses.append(reverse(nom, kwargs={**parametres, cle: valeur}))
    return adresses
