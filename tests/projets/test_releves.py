"""Noter les réponses d'une année : vite, sans rien écraser, et sans cacher ce que Maillage a compté."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.models import LigneJournal
from maillage.projets.models import BilanDeFiche, FicheAction, Indicateur, Releve, ValeurCalculee
from maillage.projets.operations.releves import (
    ReleveRefuse,
    Saisie,
    empreinte_des_champs,
    noter_releves,
)
from tests.distribution import Distribution
from tests.projets.fabriques import IndicateurFactory, arbre_d_essai

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    projet = arbre_d_essai(distribution.deux_ponts, en_cours=True)
    trouvee: FicheAction = projet.fiches.get(titre="Le café des clics au marché")
    return trouvee


@pytest.fixture
def nombre(fiche: FicheAction) -> Indicateur:
    return IndicateurFactory(fiche=fiche)


@pytest.fixture
def question(fiche: FicheAction) -> Indicateur:
    return IndicateurFactory(fiche=fiche, liste="qualitative", libelle="Les gens refont-ils le geste seuls ?")


def lu_dans(page: str, indicateur: Indicateur) -> str:
    """L'empreinte de ce que la page montrait."""
    (trouve,) = re.findall(rf'name="lu_i{indicateur.pk}" value="([0-9a-f]+)"', page)
    return str(trouve)


RIEN = empreinte_des_champs({})
"""Une page ouverte quand rien n'était noté."""


def envoyer(client: Client, fiche: FicheAction, *saisies: tuple[Indicateur, dict[str, Any]]) -> Any:
    champs = {}
    for indicateur, dits in saisies:
        dits = {"lu": RIEN} | dits
        champs[f"lu_i{indicateur.pk}"] = dits.pop("lu")
        champs |= {f"i{indicateur.pk}-{nom}": valeur for nom, valeur in dits.items()}
    return client.post(reverse("releves", args=[fiche.pk, 2025]), champs)


# --- Refus ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("dits", "message"),
    [
        ({"valeur": "soixante"}, "Donnez un nombre, par exemple 60."),
        ({"valeur": "1,234"}, "Deux chiffres au plus"),
    ],
)
def test_une_valeur_qui_ne_se_lit_pas_n_enregistre_rien_et_reste_a_l_ecran(
    client_de: Ouvrir,
    fiche: FicheAction,
    nombre: Indicateur,
    question: Indicateur,
    dits: dict[str, str],
    message: str,
) -> None:
    reponse = envoyer(client_de("bruno"), fiche, (nombre, dits), (question, {"niveau": "oui"}))
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert message in page and dits["valeur"] in page
    assert not Releve.objects.exists()


def test_une_annee_hors_du_projet_n_existe_pas(client_de: Ouvrir, fiche: FicheAction) -> None:
    assert client_de("bruno").get(reverse("releves", args=[fiche.pk, 1999])).status_code == 404


def test_corriger_un_calcul_demande_une_raison(
    client_de: Ouvrir, fiche: FicheAction, nombre: Indicateur, distribution: Distribution
) -> None:
    ValeurCalculee.objects.create(indicateur=nombre, annee=2025, valeur=36)
    reponse = envoyer(client_de("bruno"), fiche, (nombre, {"valeur": "40"}))
    assert reponse.status_code == 422
    assert "Dites pourquoi vous corrigez" in reponse.content.decode()
    with pytest.raises(ReleveRefuse):
        saisie = Saisie.premiere(nombre, {"valeur": Decimal(40), "motif": ""})
        noter_releves(fiche, 2025, [saisie], par=distribution.bruno)
    envoyer(client_de("bruno"), fiche, (nombre, {"valeur": "40", "motif": "Quatre séances sans cahier"}))
    assert Releve.objects.get().motif == "Quatre séances sans cahier"
    assert ValeurCalculee.objects.get().valeur == 36


def revenir(client: Client, indicateur: Indicateur, annee: int = 2025) -> Any:
    return client.post(reverse("releve_revenir", args=[indicateur.pk, annee]), follow=True)


def corriger(nombre: Indicateur, par: Utilisateur) -> None:
    ValeurCalculee.objects.create(indicateur=nombre, annee=2025, valeur=36)
    motif = "Quatre séances sans cahier"
    Releve.objects.create(indicateur=nombre, annee=2025, valeur=40, motif=motif, saisi_par=par)


@pytest.mark.parametrize("personne", ["chloe", "denis", "lea", "nadia", "omar"])
def test_une_etrangere_ne_retire_aucune_correction(
    client_de: Ouvrir, nombre: Indicateur, distribution: Distribution, personne: str
) -> None:
    corriger(nombre, distribution.bruno)
    assert revenir(client_de(personne), nombre).status_code == 404
    assert Releve.objects.get().valeur == 40


def test_sans_calcul_ou_le_bilan_clos_la_reponse_reste(
    client_de: Ouvrir, nombre: Indicateur, distribution: Distribution
) -> None:
    Releve.objects.create(indicateur=nombre, annee=2026, valeur=5, saisi_par=distribution.bruno)
    assert "est la seule" in revenir(client_de("bruno"), nombre, 2026).content.decode()
    corriger(nombre, distribution.bruno)
    BilanDeFiche.objects.create(fiche=nombre.fiche, annee=2025, clos_le=timezone.now())
    assert "est clos" in revenir(client_de("bruno"), nombre).content.decode()
    assert Releve.objects.count() == 2


def test_retirer_la_correction_remet_le_calcul_et_le_journal_garde_ce_qui_etait_dit(
    client_de: Ouvrir, nombre: Indicateur, distribution: Distribution
) -> None:
    corriger(nombre, distribution.bruno)
    page = client_de("bruno").get(reverse("bilan", args=[nombre.fiche_id, 2025])).content.decode()
    assert "Revenir au nombre compté" in page
    page = revenir(client_de("bruno"), nombre).content.decode()
    assert not Releve.objects.exists()
    assert "Revenir au nombre compté" not in page
    avant = LigneJournal.objects.get(acte="effacer_releve").avant
    assert avant is not None and avant["motif"] == "Quatre séances sans cahier"


def test_un_bilan_clos_fige_les_valeurs_de_son_annee_et_d_elle_seule(
    client_de: Ouvrir, fiche: FicheAction, nombre: Indicateur
) -> None:
    BilanDeFiche.objects.create(fiche=fiche, annee=2025, clos_le=timezone.now())
    reponse = envoyer(client_de("bruno"), fiche, (nombre, {"valeur": "40"}))
    assert reponse.status_code == 302
    assert not Releve.objects.exists()
    assert "est clos" in client_de("bruno").get(reverse("releves", args=[fiche.pk, 2025])).content.decode()
    client_de("bruno").post(
        reverse("releves", args=[fiche.pk, 2026]),
        {f"lu_i{nombre.pk}": RIEN, f"i{nombre.pk}-valeur": "4"},
    )
    assert Releve.objects.get().annee == 2026


# --- Noter ----------------------------------------------------------------------------------------
def test_toute_une_annee_s_enregistre_d_un_coup(
    client_de: Ouvrir,
    fiche: FicheAction,
    nombre: Indicateur,
    question: Indicateur,
    distribution: Distribution,
) -> None:
    reponse = envoyer(
        client_de("bruno"),
        fiche,
        (nombre, {"valeur": "1 234,5"}),
        (
            question,
            {
                "niveau": "plutot_oui",
                "mots": "Onze sur seize.",
                "parole": "Je n’appelle plus ma fille.",
                "juge_par": "Farid et quatre parents",
                "juge_le": "2025-06-30",
            },
        ),
    )
    assert reponse.status_code == 302
    note = Releve.objects.get(indicateur=nombre)
    assert (note.valeur, note.saisi_par) == (Decimal("1234.5"), distribution.bruno)
    juge = Releve.objects.get(indicateur=question)
    assert (juge.niveau, juge.juge_par, str(juge.juge_le)) == (
        "plutot_oui",
        "Farid et quatre parents",
        "2025-06-30",
    )
    page = client_de("amina").get(reverse("indicateur", args=[question.pk])).content.decode()
    assert "Je n’appelle plus ma fille." in page and "30\u00a0juin 2025" in page
    assert (
        LigneJournal.objects.filter(acte="noter_releve", structure_id=distribution.deux_ponts.pk).count() == 2
    )


def test_rejouer_le_meme_envoi_ne_fait_rien_et_vider_efface(
    client_de: Ouvrir, fiche: FicheAction, nombre: Indicateur
) -> None:
    for _ in range(2):
        assert envoyer(client_de("bruno"), fiche, (nombre, {"valeur": "12"})).status_code == 302
    assert LigneJournal.objects.filter(acte="noter_releve").count() == 1
    lu = lu_dans(client_de("bruno").get(reverse("releves", args=[fiche.pk, 2025])).text, nombre)
    envoyer(client_de("bruno"), fiche, (nombre, {"valeur": "", "lu": lu}))
    assert not Releve.objects.exists()
    assert LigneJournal.objects.get(acte="effacer_releve").avant == {"valeur": "12.00"}


def test_deux_personnes_notent_la_meme_annee_la_seconde_voit_les_deux_et_le_reste_est_enregistre(
    client_de: Ouvrir, fiche: FicheAction, nombre: Indicateur, question: Indicateur
) -> None:
    envoyer(client_de("amina"), fiche, (nombre, {"valeur": "12"}))
    reponse = envoyer(client_de("bruno"), fiche, (nombre, {"valeur": "15"}), (question, {"niveau": "oui"}))
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert re.search(r"Amina Benali vient de noter «\s12\s»", page)
    assert 'value="15"' in page
    assert Releve.objects.get(indicateur=nombre).valeur == 12
    assert Releve.objects.get(indicateur=question).niveau == "oui"
    envoyer(client_de("bruno"), fiche, (nombre, {"valeur": "15", "lu": lu_dans(page, nombre)}))
    assert Releve.objects.get(indicateur=nombre).valeur == 15


def test_une_page_ancienne_ne_touche_pas_un_indicateur_qu_elle_ne_montrait_pas(
    client_de: Ouvrir, fiche: FicheAction, nombre: Indicateur, question: Indicateur
) -> None:
    envoyer(client_de("amina"), fiche, (question, {"niveau": "oui"}))
    envoyer(client_de("bruno"), fiche, (nombre, {"valeur": "15"}))
    assert Releve.objects.get(indicateur=question).niveau == "oui"


# --- À chaque pause (le script) -------------------------------------------------------------------
def pause(client: Client, fiche: FicheAction, **champs: str) -> dict[str, Any]:
    reponse = client.post(
        reverse("releves", args=[fiche.pk, 2025]), champs, headers={"Accept": "application/json"}
    )
    assert reponse.status_code == 200
    return dict(reponse.json())


def test_a_chaque_pause_ce_qui_se_lit_est_note_et_le_reste_est_a_revoir(
    client_de: Ouvrir, fiche: FicheAction, nombre: Indicateur, question: Indicateur
) -> None:
    n, q = f"i{nombre.pk}", f"i{question.pk}"
    champs = {f"lu_{n}": RIEN, f"lu_{q}": RIEN}
    bruno = client_de("bruno")
    recu = pause(bruno, fiche, **champs, **{f"{n}-valeur": "beaucoup", f"{q}-niveau": "oui"})
    assert recu["a_revoir"] == [n] and "Donnez un nombre" in recu["avis"][n]
    assert "1\xa0valeur" in recu["reste"], "la colonne de côté suit"
    assert Releve.objects.get().niveau == "oui" and set(recu["lus"]) == {q}
    champs[f"lu_{q}"] = recu["lus"][q]
    recu = pause(bruno, fiche, **champs, **{f"{n}-valeur": "12,0", f"{q}-niveau": "oui"})
    assert recu["a_revoir"] == [] and recu["controles"] == {} and recu["avis"][n] == ""
    assert Releve.objects.get(indicateur=nombre).valeur == 12
    assert LigneJournal.objects.filter(acte="noter_releve").count() == 2


def test_une_page_qui_veille_recoit_ce_qu_une_autre_note_sans_l_ecraser(
    client_de: Ouvrir, fiche: FicheAction, nombre: Indicateur
) -> None:
    n = f"i{nombre.pk}"
    envoyer(client_de("amina"), fiche, (nombre, {"valeur": "12"}))
    recu = pause(client_de("bruno"), fiche, **{f"lu_{n}": RIEN, f"{n}-valeur": ""})
    assert 'value="12"' in recu["controles"][n] and recu["a_revoir"] == []
    assert Releve.objects.get().valeur == 12
    assert (
        pause(client_de("bruno"), fiche, **{f"lu_{n}": recu["lus"][n], f"{n}-valeur": "12"})["controles"]
        == {}
    )


@pytest.mark.parametrize(("garde", "valeur"), [("sien", 12), ("mien", 15)])
def test_sous_deux_reponses_la_personne_choisit(
    client_de: Ouvrir, fiche: FicheAction, nombre: Indicateur, garde: str, valeur: int
) -> None:
    n = f"i{nombre.pk}"
    envoyer(client_de("amina"), fiche, (nombre, {"valeur": "12"}))
    bruno = client_de("bruno")
    champs = {f"lu_{n}": RIEN, f"{n}-valeur": "15"}
    for _ in range(2):  # une autre pause ne choisit pas à sa place
        recu = pause(bruno, fiche, **champs)
        assert recu["a_revoir"] == [n] and "Amina Benali vient de noter" in recu["avis"][n]
        assert recu["lus"] == {} and Releve.objects.get().valeur == 12
    (vu,) = re.findall(rf'name="vu_{n}" value="([0-9a-f]+)"', recu["avis"][n])
    recu = pause(bruno, fiche, **champs, **{f"vu_{n}": vu, f"choix_{n}": garde})
    assert recu["a_revoir"] == [] and recu["avis"][n] == ""
    assert Releve.objects.get().valeur == valeur and (n in recu["controles"]) == (garde == "sien")


def test_un_bilan_clos_entre_temps_le_dit_au_script(
    client_de: Ouvrir, fiche: FicheAction, nombre: Indicateur
) -> None:
    BilanDeFiche.objects.create(fiche=fiche, annee=2025, clos_le=timezone.now())
    n = f"i{nombre.pk}"
    recu = pause(client_de("bruno"), fiche, **{f"lu_{n}": RIEN, f"{n}-valeur": "4"})
    assert "est clos" in recu["ferme"] and not Releve.objects.exists()
