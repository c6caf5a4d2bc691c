"""Écrire une fiche action à plusieurs : rien n'est écrasé, rien d'écrit ne se perd, rien n'est fait deux fois."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse, empreinte
from maillage.core.models import LigneJournal
from maillage.projets.champs import CHAMPS, lire_champs
from maillage.projets.choices import EtatFiche, EtatProjet
from maillage.projets.models import FicheAction, Objectif, SauvegardeDeFiche
from maillage.projets.operations.fiches import (
    Bilan,
    FicheFermee,
    changer_l_etat,
    commencer_fiche_action,
    revenir_au_texte,
    sauver_fiche,
)
from maillage.territoire.models import Partenaire
from tests.distribution import Distribution, distribuer
from tests.ensemble import en_meme_temps
from tests.projets.fabriques import (
    FicheActionFactory,
    ProjetSocialFactory,
    ProjetSpecifiqueFactory,
    arbre_d_essai,
)


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    return _fiche(distribution)


def _fiche(equipe: Distribution) -> FicheAction:
    projet = arbre_d_essai(equipe.deux_ponts)
    return FicheAction.objects.get(projet=projet, titre="Le café des clics au marché")


def ecrire(fiche: FicheAction, par: Utilisateur, lues: dict[str, Any] | None = None, **ecrites: Any) -> Bilan:
    """Écrit ces champs comme si l'on avait lu les valeurs du moment, ou celles de `lues`."""
    actuelles = lire_champs(FicheAction.objects.get(pk=fiche.pk), ecrites) | (lues or {})
    return sauver_fiche(fiche, ecrites, {nom: empreinte(v) for nom, v in actuelles.items()}, par=par)


# --- Refus ------------------------------------------------------------------------------------------
def test_un_champ_change_par_une_autre_n_est_pas_ecrase(
    fiche: FicheAction, distribution: Distribution
) -> None:
    ecrire(fiche, distribution.bruno, contexte="Le texte de Bruno.")
    bilan = ecrire(
        fiche, distribution.amina, {"contexte": ""}, contexte="Le texte d’Amina.", freins=["L’hiver"]
    )
    conflit = bilan.conflits["contexte"]
    assert (conflit.le_mien, conflit.le_sien, conflit.qui) == (
        "Le texte d’Amina.",
        "Le texte de Bruno.",
        "Bruno Castel",
    )
    assert bilan.ecrits == ["freins"]
    fiche.refresh_from_db()
    assert (fiche.contexte, fiche.freins) == ("Le texte de Bruno.", ["L’hiver"])
    ecartee = SauvegardeDeFiche.objects.get(est_ecartee=True)
    assert (ecartee.valeur, ecartee.par) == ("Le texte d’Amina.", distribution.amina)


def test_un_projet_parti_a_la_caf_ne_s_ecrit_plus_et_le_texte_est_garde(
    fiche: FicheAction, distribution: Distribution
) -> None:
    fiche.projet.etat = EtatProjet.SOUMIS
    fiche.projet.save(update_fields=["etat"])
    with pytest.raises(FicheFermee):
        ecrire(fiche, distribution.amina, contexte="Trop tard.")
    fiche.refresh_from_db()
    assert fiche.contexte == ""
    assert SauvegardeDeFiche.objects.get().valeur == "Trop tard."


def test_une_fiche_a_ecrire_ne_se_termine_pas(fiche: FicheAction, distribution: Distribution) -> None:
    with pytest.raises(GesteRefuse, match="À écrire"):
        changer_l_etat(fiche, EtatFiche.TERMINEE, par=distribution.amina)


def test_une_fiche_ne_se_range_pas_dans_l_arbre_d_un_autre(
    fiche: FicheAction, distribution: Distribution
) -> None:
    ailleurs = Objectif.objects.filter(enjeu__axe__projet=arbre_d_essai(distribution.quatre_vents)).order_by(
        "pk"
    )[0]
    ecrire(fiche, distribution.amina, objectif=str(ailleurs.pk))
    fiche.refresh_from_db()
    assert fiche.objectif_id != ailleurs.pk


# --- Ce qui s'écrit ---------------------------------------------------------------------------------
def test_tous_les_champs_s_ecrivent_et_se_relisent(fiche: FicheAction, distribution: Distribution) -> None:
    specifique = ProjetSpecifiqueFactory(projet=fiche.projet)
    objectifs = list(Objectif.objects.filter(enjeu__axe__projet=fiche.projet).order_by("pk"))
    valeurs: dict[str, Any] = {
        nom: ["Une ligne", "Une autre"] if champ.genre == "liste" else f"Mots de {nom}"
        for nom, champ in CHAMPS.items()
    } | {
        "objectif": str(objectifs[2].pk),
        "autres_objectifs": [str(objectifs[0].pk)],
        "statut": "existante",
        "specifiques": [str(specifique.pk)],
        "degre_participation": "coconstruction",
        "annees": ["2026", "2027"],
        "pilote": str(distribution.farid.pk),
        "equipe": [str(pk) for pk in sorted([distribution.bruno.pk, distribution.ines.pk])],
        "partenaires": ["La Poste", "Maison de l’emploi"],
    }
    bilan = ecrire(fiche, distribution.amina, **valeurs)
    assert set(bilan.ecrits) == set(CHAMPS)
    relue = FicheAction.objects.get(pk=fiche.pk)
    assert lire_champs(relue) == valeurs
    assert relue.axe == objectifs[2].enjeu.axe
    assert Partenaire.objects.filter(nom="La Poste").count() == 1


def test_rejouer_le_meme_envoi_ne_change_rien(fiche: FicheAction, distribution: Distribution) -> None:
    for _ in range(2):
        ecrire(fiche, distribution.amina, {"contexte": ""}, contexte="Une fois.")
    assert SauvegardeDeFiche.objects.count() == 1
    fiche.refresh_from_db()
    assert fiche.version == 2


def test_le_texte_du_document_importe_reste_a_reprendre(distribution: Distribution) -> None:
    importee = FicheActionFactory(
        projet=ProjetSocialFactory(structure=distribution.deux_ponts), contexte="Le texte du document."
    )
    ecrire(importee, distribution.amina, contexte="Réécrit.")
    depart = SauvegardeDeFiche.objects.get(par=None)
    assert depart.valeur == "Le texte du document."
    revenir_au_texte(depart, par=distribution.bruno)
    importee.refresh_from_db()
    assert importee.contexte == "Le texte du document."
    assert "repris un texte d’avant" in LigneJournal.objects.get(acte="revenir_au_texte").phrase


def test_qui_a_ecrit_quoi_est_au_journal_quand_la_fiche_est_prete(
    fiche: FicheAction, distribution: Distribution
) -> None:
    ecrire(fiche, distribution.bruno, contexte="Constat.")
    changer_l_etat(fiche, EtatFiche.PRETE, par=distribution.amina)
    ligne = LigneJournal.objects.get(acte="ecrire_fiche_action")
    assert (ligne.phrase, ligne.apres) == ("Bruno Castel a écrit « Contexte ».", {"contexte": "Constat."})


def test_une_fiche_commencee_prend_les_annees_du_projet_et_sa_place(distribution: Distribution) -> None:
    projet = arbre_d_essai(distribution.deux_ponts)
    objectif = Objectif.objects.filter(enjeu__axe__projet=projet).order_by("pk")[0]
    neuve = commencer_fiche_action(projet, "Un jardin", sous=objectif, par=distribution.amina)
    neuve.refresh_from_db()
    assert (neuve.objectif, neuve.axe, neuve.annees) == (objectif, objectif.enjeu.axe, projet.annees)


# --- Au même instant --------------------------------------------------------------------------------
@pytest.fixture
def equipe(transactional_db: None) -> Iterator[Distribution]:
    yield distribuer()


@pytest.mark.aussi_sur_postgresql
def test_huit_envois_ensemble_ne_perdent_pas_un_mot(equipe: Distribution) -> None:
    """Tous écrivent le même champ, en n'ayant lu que le vide : un seul texte est écrit, tous sont gardés."""
    fiche = _fiche(equipe)
    personnes = [equipe.amina, equipe.bruno, equipe.ines, equipe.farid] * 2
    textes = [f"Texte {rang} de {personne.prenom}." for rang, personne in enumerate(personnes)]

    def acte(rang: int) -> Callable[[], object]:
        return lambda: sauver_fiche(
            fiche, {"contexte": textes[rang]}, {"contexte": empreinte("")}, par=personnes[rang]
        )

    rendus = en_meme_temps(*(acte(rang) for rang in range(8)))
    assert all(isinstance(rendu, Bilan) for rendu in rendus), rendus
    fiche.refresh_from_db()
    assert fiche.contexte in textes
    ecrits = [rendu for rendu in rendus if isinstance(rendu, Bilan) and rendu.ecrits]
    conflits = [rendu for rendu in rendus if isinstance(rendu, Bilan) and rendu.conflits]
    assert len(ecrits) + len(conflits) == 8
    assert len({personnes[rendus.index(rendu)] for rendu in ecrits}) == 1


@pytest.mark.aussi_sur_postgresql
def test_quatre_champs_ecrits_ensemble_sont_tous_la(equipe: Distribution) -> None:
    fiche = _fiche(equipe)
    noms = ("contexte", "presentation", "attention_particuliere", "preuve_participation")

    def acte(nom: str, par: Utilisateur) -> Callable[[], object]:
        return lambda: sauver_fiche(fiche, {nom: f"De {par.prenom}"}, {nom: empreinte("")}, par=par)

    personnes = (equipe.amina, equipe.bruno, equipe.ines, equipe.farid)
    en_meme_temps(*(acte(nom, par) for nom, par in zip(noms, personnes, strict=True)))
    relue = FicheAction.objects.get(pk=fiche.pk)
    assert [getattr(relue, nom) for nom in noms] == [f"De {par.prenom}" for par in personnes]
