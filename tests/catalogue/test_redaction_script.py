"""Ce que le script reçoit à chaque pause, et les portes d'entrée : Aujourd'hui, la liste publique."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from maillage.catalogue.models import Contribution, Sauvegarde
from maillage.catalogue.operations.contributions import abandonner_contribution
from maillage.catalogue.views.redaction_etapes import ENREGISTREMENTS
from maillage.core.ecriture import empreinte
from tests.catalogue.redaction import LONG, ecrire
from tests.distribution import Distribution
from tests.fabriques import ExperienceFactory, PartenaireFactory

ClientDe = Callable[[str], Client]
JSON = {"Accept": "application/json"}


def pause(
    client: Client, contribution: Contribution, lues: dict[str, Any] | None = None, **champs: Any
) -> Any:
    """Une pause à l'étape « L'essentiel » : toute l'étape part, avec ce qu'on en avait lu."""
    noms = ("titre", "resume", "raison_fin", "depuis_le", "statut")
    envoi = {f"lu_{nom}": empreinte((lues or {}).get(nom, "")) for nom in noms}
    adresse = reverse("contribution_etape", args=[contribution.pk, "essentiel"])
    return client.post(adresse, {**(lues or {}), **envoi, **champs}, headers=JSON)


# --- Refus ------------------------------------------------------------------------------------------
def test_un_conflit_montre_les_deux_textes_et_ne_donne_rien_pour_lu(
    client_de: ClientDe, brouillon: Contribution, distribution: Distribution
) -> None:
    ecrire(brouillon, distribution.bruno, resume="Une table <b>de Bruno</b>.")
    recu = pause(client_de("amina"), brouillon, resume="Une table d’Amina.").json()
    assert recu["a_revoir"] == ["resume"] and "resume" not in recu["lus"] and not recu["controles"]
    avis = recu["avis"]["resume"]
    assert "Bruno Castel a écrit ici" in avis and "d’Amina" in avis
    assert "<b>" not in avis and "&lt;b&gt;" in avis
    assert f'name="vu_resume" value="{empreinte("Une table <b>de Bruno</b>.")}"' in avis
    assert "Bruno écrit aussi" in recu["presence"]


@pytest.mark.parametrize(
    ("choix", "attendu"), [("sien", "De Bruno."), ("mien", "D’Amina."), ("deux", "De Bruno.\n\nD’Amina.")]
)
def test_le_choix_fait_devant_les_deux_textes_s_applique(
    client_de: ClientDe, brouillon: Contribution, distribution: Distribution, choix: str, attendu: str
) -> None:
    ecrire(brouillon, distribution.bruno, resume="De Bruno.")
    amina = client_de("amina")
    pause(amina, brouillon, resume="D’Amina.")
    choisi = {"choix_resume": choix, "vu_resume": empreinte("De Bruno.")}
    recu = pause(amina, brouillon, resume="D’Amina.", **choisi).json()
    assert not recu["a_revoir"] and recu["lus"]["resume"] == empreinte(attendu)
    assert ("resume" in recu["controles"]) == (choix != "mien")
    brouillon.refresh_from_db()
    assert brouillon.contenu["resume"] == attendu


def test_un_choix_fait_devant_un_texte_perime_est_redemande(
    client_de: ClientDe, brouillon: Contribution, distribution: Distribution
) -> None:
    ecrire(brouillon, distribution.bruno, resume="De Bruno.")
    amina = client_de("amina")
    pause(amina, brouillon, resume="D’Amina.")
    ecrire(brouillon, distribution.bruno, resume="De Bruno, revu.")
    choisi = {"choix_resume": "mien", "vu_resume": empreinte("De Bruno.")}
    assert pause(amina, brouillon, resume="D’Amina.", **choisi).json()["a_revoir"] == ["resume"]
    brouillon.refresh_from_db()
    assert brouillon.contenu["resume"] == "De Bruno, revu."


def test_un_brouillon_range_entre_temps_le_dit_et_garde_le_texte(
    client_de: ClientDe, brouillon: Contribution, distribution: Distribution
) -> None:
    abandonner_contribution(brouillon, par=distribution.bruno)
    recu = pause(client_de("amina"), brouillon, resume="Trop tard.").json()
    assert "n’est plus en écriture" in recu["ferme"]
    assert recu["adresse"] == reverse("contribution", args=[brouillon.pk])
    assert Sauvegarde.objects.get().est_ecartee


def test_les_enregistrements_d_un_compte_sont_bornes(
    client_de: ClientDe, brouillon: Contribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)  # le seau ne se remplit pas pendant l'essai
    amina = client_de("amina")
    codes = [pause(amina, brouillon, titre="x").status_code for _ in range(ENREGISTREMENTS.rafale + 5)]
    assert codes[0] == 200 and codes[-1] == 429
    cache.clear()
    assert pause(client_de("chloe"), brouillon, titre="x").status_code == 404


# --- Ce qu'il reçoit --------------------------------------------------------------------------------
def test_une_pause_enregistre_dit_l_heure_les_doutes_et_ce_qui_reste(
    client_de: ClientDe, brouillon: Contribution
) -> None:
    recu = pause(client_de("amina"), brouillon, titre="Une table", resume="Écrire à a@exemple.fr.").json()
    assert recu["dit"].startswith("Enregistré à\u00a0") and recu["titre"] == "Une table"
    assert recu["lus"]["titre"] == empreinte("Une table") and recu["a_revoir"] == []
    assert "a@exemple.fr" in recu["avis"]["resume"] and recu["avis"]["titre"] == ""
    assert "Il manque le récit" in recu["reste"]


def test_ce_qu_une_collegue_a_change_ailleurs_arrive_sans_rien_demander(
    client_de: ClientDe, brouillon: Contribution, distribution: Distribution
) -> None:
    ecrire(brouillon, distribution.bruno, resume="De Bruno.")
    recu = pause(client_de("amina"), brouillon, titre="D’Amina").json()
    assert "De Bruno." in recu["controles"]["resume"] and list(recu["controles"]) == ["resume"]
    brouillon.refresh_from_db()
    assert brouillon.contenu == {"titre": "D’Amina", "resume": "De Bruno."}


def test_veiller_sans_rien_changer_n_ecrit_rien(client_de: ClientDe, brouillon: Contribution) -> None:
    version = brouillon.version
    assert pause(client_de("amina"), brouillon).json()["a_revoir"] == []
    brouillon.refresh_from_db()
    assert brouillon.version == version and not Sauvegarde.objects.exists()


def test_un_champ_absent_de_l_envoi_n_est_pas_vide(
    client_de: ClientDe, brouillon: Contribution, distribution: Distribution
) -> None:
    ecrire(brouillon, distribution.amina, limites=LONG, titre="Un titre")
    adresse = reverse("contribution_etape", args=[brouillon.pk, "effets"])
    client_de("amina").post(adresse, {"impacts": "Des effets.", "lu_impacts": empreinte("")}, headers=JSON)
    brouillon.refresh_from_db()
    assert brouillon.contenu == {"limites": LONG, "titre": "Un titre", "impacts": "Des effets."}


def test_les_partenaires_connus_sont_proposes(client_de: ClientDe, distribution: Distribution) -> None:
    for nom in ("Mairie de Valserre", "Mission locale", "Caf"):
        PartenaireFactory(nom=nom)
    amina = client_de("amina")
    adresse = reverse("contribution_partenaires")
    assert amina.get(adresse, {"q": "mairie"}).json() == [{"libelle": "Mairie de Valserre"}]
    assert amina.get(adresse, {"q": "m"}).json() == []
    assert client_de("denis").get(adresse, {"q": "mairie"}).status_code == 404


# --- Les portes -------------------------------------------------------------------------------------
def test_aujourd_hui_montre_ce_que_l_on_ecrit_et_propose_de_partager(
    client_de: ClientDe, brouillon: Contribution, distribution: Distribution
) -> None:
    ecrire(brouillon, distribution.bruno, titre="Le café des clics")
    page = client_de("amina").get(reverse("experiences_de_mes_structures")).content.decode()
    assert "Le café des clics" in page and reverse("contribution_nouvelle") in page
    assert "Mes fiches" in client_de("amina").get(reverse("espace")).content.decode()
    assert "Mes fiches" not in client_de("denis").get(reverse("espace")).content.decode()
    de_chloe = client_de("chloe").get(reverse("experiences_de_mes_structures")).content.decode()
    assert "Le café des clics" not in de_chloe


def test_la_liste_publique_invite_a_partager(client_de: ClientDe, indexer: Callable[[], int]) -> None:
    ExperienceFactory()
    indexer()
    assert (
        reverse("contribution_nouvelle") in client_de("anonyme").get(reverse("experiences")).content.decode()
    )
