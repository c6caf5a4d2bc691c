"""Deux fiches de la même personne : proposées avec la raison, réunies, séparées exactement."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import serializers
from django.test import Client
from django.urls import reverse

from maillage.activites.choices import EtatInscription
from maillage.activites.models import Benevole, Inscription, Presence
from maillage.core.ecriture import GesteRefuse
from maillage.personnes.choices import ChampDePersonne, EtatPersonne, ObjetDeConsentement
from maillage.personnes.models import Consentement, MembreDeFoyer, PaireEcartee, Personne
from maillage.personnes.operations import (
    ecarter_la_paire,
    effacer_personne,
    noter_accord,
    quitter_le_foyer,
    reunir_personnes,
    separer_personnes,
)
from maillage.personnes.ressemblances import doublons_parmi
from tests.activites.fabriques import ActiviteFactory, SeanceFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import (
    MembreDeFoyerFactory,
    PersonneFactory,
    ProvenanceFactory,
    ouvrir_les_champs,
)

SUIVIS = (Personne, Presence, Inscription, Benevole, MembreDeFoyer, Consentement)


def photographie() -> list[Any]:
    """Chaque ligne des modèles suivis, sans le moment de sa dernière écriture."""
    return sorted(
        (
            json.dumps(ligne, sort_keys=True)
            for modele in SUIVIS
            for ligne in json.loads(serializers.serialize("json", modele._default_manager.order_by("pk")))
        ),
    )


def paires(*personnes: Personne) -> set[frozenset[int]]:
    return {frozenset((r.une.pk, r.autre.pk)) for r in doublons_parmi(personnes)}


def test_ni_un_pere_et_son_fils_ni_un_telephone_de_famille_ne_se_proposent(
    distribution: Distribution,
) -> None:
    centre = distribution.deux_ponts
    pere = PersonneFactory(structure=centre, prenom="Paul", nom="Morel", naissance=1970)
    fils = PersonneFactory(structure=centre, prenom="Paul", nom="Morel", naissance=2001)
    mere = PersonneFactory(structure=centre, prenom="Salima", nom="Morel", telephone="06 12 34 56 78")
    fille = PersonneFactory(structure=centre, prenom="Inaya", nom="Morel", telephone="0612345678")
    assert paires(pere, fils, mere, fille) == set()


def test_une_faute_un_ordre_inverse_un_telephone_se_proposent_avec_leur_raison(
    distribution: Distribution,
) -> None:
    centre = distribution.deux_ponts
    une = PersonneFactory(structure=centre, prenom="Éloïse", nom="Le Goff", naissance=1987)
    faute = PersonneFactory(structure=centre, prenom="Eloise", nom="Le Gof")
    inverse = PersonneFactory(structure=centre, prenom="Le Goff", nom="Eloïse", naissance=1987)
    epouse = PersonneFactory(structure=centre, prenom="Nour", nom="Aziz", telephone="+33 6 12 34 56 78")
    fille = PersonneFactory(structure=centre, prenom="Nour", nom="Daoud", telephone="0612345678")
    attendues = {(une, faute), (une, inverse), (faute, inverse), (epouse, fille)}
    assert paires(une, faute, inverse, epouse, fille) == {frozenset((a.pk, b.pk)) for a, b in attendues}
    raisons = {frozenset((r.une.pk, r.autre.pk)): r.raisons for r in doublons_parmi([une, inverse])}
    assert raisons[frozenset((une.pk, inverse.pk))] == ("même nom", "même année de naissance, 1987")


def test_la_page_dit_qu_elle_ne_montre_que_les_plus_sures(
    distribution: Distribution, client_de: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    PersonneFactory.create_batch(3, structure=distribution.deux_ponts, prenom="Ada", nom="Bo")
    ines, adresse = client_de("ines"), reverse("personnes_doublons")
    assert "plus sûres" not in ines.get(adresse).content.decode()
    monkeypatch.setattr("maillage.personnes.views.doublons.AU_PLUS", 2)
    page = ines.get(adresse)
    assert len(page.context["paires"]) == 2
    assert "les 2 plus sûres" in page.content.decode()


def test_ni_deux_centres_ni_une_fiche_gelee_ne_se_reunissent(distribution: Distribution) -> None:
    ici = PersonneFactory(structure=distribution.deux_ponts)
    ailleurs = PersonneFactory(structure=distribution.quatre_vents)
    gelee = PersonneFactory(structure=distribution.deux_ponts, gelee=True)
    for autre in (ailleurs, gelee, ici):
        with pytest.raises(GesteRefuse):
            reunir_personnes(ici, autre, par=distribution.ines)


def test_reunir_deplace_tout_sans_compter_deux_fois_et_separer_rend_tout(
    distribution: Distribution,
) -> None:
    centre, par = distribution.deux_ponts, distribution.ines
    gardee = PersonneFactory(structure=centre, prenom="Ada", nom="Bo", vue_le=date(2025, 1, 1))
    absorbee = PersonneFactory(
        structure=centre, prenom="Ada", nom="Bot", telephone="0612345678", vue_le=date(2026, 1, 1)
    )
    activite, seule = ActiviteFactory.create_batch(2, structure=centre)
    debut = datetime(2026, 5, 4, 12, tzinfo=UTC)
    seances = [SeanceFactory(activite=activite, debut=debut + timedelta(days=j)) for j in (0, 7)]
    Presence.objects.create(seance=seances[0], personne=gardee, age=30)
    for seance in seances:
        Presence.objects.create(seance=seance, personne=absorbee, age=30)
    Inscription.objects.create(activite=activite, personne=gardee)
    Inscription.objects.create(activite=activite, personne=absorbee)
    Inscription.objects.create(activite=seule, personne=absorbee)
    for une in (gardee, absorbee):
        Benevole.objects.create(structure=centre, personne=une, missions="Accueil")
        noter_accord(une, ObjetDeConsentement.PHOTO, par=par)
    MembreDeFoyerFactory(personne=absorbee, foyer__structure=centre)
    avant, ecriture = photographie(), Personne.objects.get(pk=gardee.pk)

    fusion = reunir_personnes(gardee, absorbee, par=par)
    gardee.refresh_from_db()
    absorbee.refresh_from_db()
    assert (gardee.telephone, gardee.vue_le) == ("0612345678", date(2026, 1, 1))
    assert (absorbee.etat, absorbee.fusionnee_dans) == (EtatPersonne.FUSIONNEE, gardee)
    assert gardee.presences.count() == 2 and not absorbee.presences.exists()
    assert gardee.inscriptions.count() == 2 and not absorbee.inscriptions.exists()
    assert gardee.engagements.filter(jusqu_au=None).count() == 1
    assert gardee.engagements.count() == 2
    assert gardee.foyers.count() == 1 and gardee.consentements.count() == 1
    with pytest.raises(GesteRefuse):
        reunir_personnes(gardee, absorbee, par=par)

    separer_personnes(fusion, par=par)
    # Ni un signe de vie ni un numéro d'écriture ne se reprennent.
    Personne.objects.filter(pk=gardee.pk).update(
        vue_le=date(2025, 1, 1), version=ecriture.version, modifie_le=ecriture.modifie_le
    )
    assert photographie() == avant
    with pytest.raises(GesteRefuse):
        separer_personnes(fusion, par=par)


def test_ce_que_la_fiche_gardee_a_recu_puis_corrige_reste_a_elle(distribution: Distribution) -> None:
    centre, par = distribution.deux_ponts, distribution.ines
    gardee = PersonneFactory(structure=centre)
    absorbee = PersonneFactory(structure=centre, telephone="0612345678")
    fusion = reunir_personnes(gardee, absorbee, par=par)
    Personne.objects.filter(pk=gardee.pk).update(telephone="0700000000")
    separer_personnes(fusion, par=par)
    gardee.refresh_from_db()
    assert gardee.telephone == "0700000000"


def test_le_quartier_et_les_publics_suivent_la_personne_et_reviennent(distribution: Distribution) -> None:
    centre, par = distribution.deux_ponts, distribution.ines
    lieu, autre_lieu = ProvenanceFactory.create_batch(2, structure=centre)
    gardee = PersonneFactory(structure=centre)
    absorbee = PersonneFactory(structure=centre, provenance=lieu, publics=["parents"])
    fusion = reunir_personnes(gardee, absorbee, par=par)
    gardee.refresh_from_db()
    assert (gardee.provenance, gardee.publics) == (lieu, ["parents"])
    separer_personnes(fusion, par=par)
    for une in (gardee, absorbee):
        une.refresh_from_db()
    assert (gardee.provenance, gardee.publics) == (None, [])
    assert (absorbee.provenance, absorbee.publics) == (lieu, ["parents"])
    Personne.objects.filter(pk=gardee.pk).update(provenance=autre_lieu, publics=["jeunes"])
    reunir_personnes(gardee, absorbee, par=par)
    gardee.refresh_from_db()
    assert (gardee.provenance, gardee.publics) == (autre_lieu, ["jeunes"])


@pytest.mark.django_db(transaction=True)
def test_separer_passe_sur_le_foyer_commun_qui_a_disparu(distribution: Distribution) -> None:
    gardee, absorbee = PersonneFactory.create_batch(2, structure=distribution.deux_ponts)
    commun = MembreDeFoyerFactory(personne=gardee)
    MembreDeFoyerFactory(foyer=commun.foyer, personne=absorbee)
    sien = MembreDeFoyerFactory(personne=absorbee)
    fusion = reunir_personnes(gardee, absorbee, par=distribution.ines)
    quitter_le_foyer(commun, par=distribution.ines)
    separer_personnes(fusion, par=distribution.ines)
    fusion.refresh_from_db()
    assert fusion.defaite_le
    assert [membre.foyer for membre in absorbee.foyers.all()] == [sien.foyer]


def test_trois_fiches_reunies_se_separent_de_la_derniere_a_la_premiere(
    distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    """Les deux fiches réunies étaient à la même séance : celle d'Ada Bot partie la première, la venue d'Ada Bou se
    perdrait."""
    centre, par = distribution.deux_ponts, distribution.ines
    gardee, premiere, seconde = (
        PersonneFactory(structure=centre, prenom="Ada", nom=nom) for nom in ("Bo", "Bot", "Bou")
    )
    activite = ActiviteFactory(structure=centre)
    seance = SeanceFactory(activite=activite)
    for rang, une in enumerate((premiere, seconde)):
        Presence.objects.create(seance=seance, personne=une)
        Benevole.objects.create(structure=centre, personne=une, missions="Accueil")
        etat = [EtatInscription.EN_ATTENTE, EtatInscription.INSCRITE][rang]
        Inscription.objects.create(activite=activite, personne=une, etat=etat)
    avant, ecriture = photographie(), Personne.objects.get(pk=gardee.pk)
    reunie = reunir_personnes(gardee, premiere, par=par)
    derniere = reunir_personnes(gardee, seconde, par=par)

    with pytest.raises(GesteRefuse, match="séparez d’abord « Ada Bou »"):
        separer_personnes(reunie, par=par)
    assert (gardee.presences.count(), gardee.inscriptions.get().etat) == (1, EtatInscription.INSCRITE)

    ines, adresse = client_de("ines"), reverse("personne", args=[gardee.pk])
    separer = [reverse("personnes_separer", args=[gardee.pk, une.pk]) for une in (reunie, derniere)]
    page = ines.get(adresse).content.decode()
    assert separer[1] in page and separer[0] not in page
    ines.post(separer[1])
    assert separer[0] in ines.get(adresse).content.decode()
    ines.post(separer[0])
    Personne.objects.filter(pk=gardee.pk).update(version=ecriture.version, modifie_le=ecriture.modifie_le)
    assert photographie() == avant


def test_un_formulaire_ouvert_avant_la_reunion_n_efface_pas_ce_qui_vient_d_arriver(
    distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    centre = distribution.deux_ponts
    ouvrir_les_champs(centre, ChampDePersonne.TELEPHONE)
    gardee = PersonneFactory(structure=centre)
    absorbee = PersonneFactory(structure=centre, telephone="0612345678")
    reunir_personnes(gardee, absorbee, par=distribution.amina)
    perime = {"prenom": "Adah", "nom": gardee.nom, "telephone": "", "version": gardee.version}
    reponse = client_de("ines").post(reverse("personne_corriger", args=[gardee.pk]), perime)
    assert reponse.status_code == 422
    gardee.refresh_from_db()
    assert gardee.telephone == "0612345678"


def test_ines_compare_reunit_puis_separe(
    distribution: Distribution, client_de: Callable[[str], Client]
) -> None:
    centre = distribution.deux_ponts
    une = PersonneFactory(structure=centre, prenom="Ada", nom="Bo")
    autre = PersonneFactory(structure=centre, prenom="Ada", nom="Bo")
    ines = client_de("ines")
    page = ines.get(reverse("personnes_doublons")).content.decode()
    adresse = reverse("personne_reunir", args=[une.pk, autre.pk])
    assert adresse in page and "même nom" in page
    assert ines.post(adresse)["Location"] == reverse("personne", args=[une.pk])
    fusion = une.fusions_recues.get()
    assert "Séparer" in ines.get(reverse("personne", args=[une.pk])).content.decode()
    ines.post(reverse("personnes_separer", args=[une.pk, fusion.pk]))
    autre.refresh_from_db()
    assert autre.etat == EtatPersonne.ACTIVE


# --- Ce ne sont pas des doublons ----------------------------------------------------------------------


@pytest.fixture
def jumeaux(distribution: Distribution) -> list[Personne]:
    """Deux homonymes, et une troisième fiche du même nom."""
    return [
        PersonneFactory(structure=distribution.deux_ponts, prenom="Adam", nom="Belkacem") for _ in range(3)
    ]


@pytest.mark.parametrize("personne", ["bruno", "chloe", "denis", "lea"])
def test_qui_ne_tient_pas_le_registre_n_ecarte_rien(
    personne: str, jumeaux: list[Personne], client_de: Callable[[str], Client]
) -> None:
    adresse = reverse("paire_geste", args=[jumeaux[0].pk, jumeaux[1].pk, "ecarter"])
    assert client_de(personne).post(adresse).status_code == 404
    assert not PaireEcartee.objects.exists()


def test_deux_fiches_de_deux_centres_ne_sont_pas_une_paire(distribution: Distribution) -> None:
    une, autre = PersonneFactory(structure=distribution.deux_ponts), PersonneFactory()
    for seconde in (autre, une):
        with pytest.raises(GesteRefuse):
            ecarter_la_paire(une, seconde, par=distribution.ines)


def test_une_paire_ecartee_ne_revient_pas_et_se_remet(
    jumeaux: list[Personne], client_de: Callable[[str], Client]
) -> None:
    client, page = client_de("ines"), reverse("personnes_doublons")
    une, autre, troisieme = jumeaux

    def proposees() -> set[frozenset[int]]:
        return {frozenset((r.une.pk, r.autre.pk)) for r in client.get(page).context["paires"]}

    assert len(proposees()) == 3
    for _ in range(2):  # dite deux fois, et dans l'autre sens
        client.post(reverse("paire_geste", args=[autre.pk, une.pk, "ecarter"]))
    assert PaireEcartee.objects.get().une == une
    assert proposees() == {frozenset((une.pk, troisieme.pk)), frozenset((autre.pk, troisieme.pk))}
    assert "1 paire écartée" in client.get(page).content.decode().replace("\u00a0", " ")
    client.post(reverse("paire_geste", args=[une.pk, autre.pk, "remettre"]))
    assert len(proposees()) == 3


def test_une_personne_effacee_emporte_ses_paires(jumeaux: list[Personne], distribution: Distribution) -> None:
    ecarter_la_paire(jumeaux[0], jumeaux[1], par=distribution.ines)
    effacer_personne(jumeaux[1], raison="à sa demande", par=distribution.amina)
    assert not PaireEcartee.objects.exists()
