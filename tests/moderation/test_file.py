"""La file : à chacune son territoire, les urgences d'abord, en peu de questions même quand elle déborde."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.core.models import LigneJournal
from maillage.moderation.choices import EtatDemande, GenreDemande, Geste
from maillage.moderation.models import Decision, Demande, Note
from maillage.moderation.operations import decider, noter, prendre_en_main
from maillage.territoire.models import Structure
from tests.distribution import Distribution
from tests.fabriques import (
    AppartenanceFactory,
    ContributionFactory,
    DemandeFactory,
    ExperienceFactory,
    StructureFactory,
)

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
FILE = "/espace/moderation/"


@pytest.fixture
def troupe(distribution: Distribution) -> Distribution:
    """Léa et la Caf tiennent le Puy-de-Dôme ; Iris modère pour la Caf."""
    for institution in (distribution.federation, distribution.caf):
        institution.departements.add(distribution.deux_ponts.departement_id)
    return distribution


def envoyee(structure: Structure, titre: str = "Le café des clics", **demande: Any) -> Demande:
    experience = ExperienceFactory(structure=structure, titre=titre)
    contribution = ContributionFactory(
        experience=experience, soumise=True, **{f"soumise__{cle}": valeur for cle, valeur in demande.items()}
    )
    trouvee: Demande = Demande.objects.sur(contribution).get()
    return trouvee


def page(client: Client, suite: str = "") -> str:
    reponse = client.get(FILE + suite)
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


# --- Refus -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("prenom", ["amina", "bruno", "chloe", "denis", "omar"])
def test_qui_ne_modere_pas_ne_trouve_ni_la_file_ni_le_menu(
    client_de: Ouvrir, troupe: Distribution, prenom: str
) -> None:
    demande = envoyee(troupe.deux_ponts)
    client = client_de(prenom)
    assert client.get(FILE).status_code == 404
    assert client.get(reverse("moderation_en_attente")).status_code == 404
    for nom in ("prendre_demande", "rendre_demande", "noter_demande"):
        assert client.post(reverse(nom, args=[demande.pk])).status_code == 404
    assert FILE not in client.get("/espace/").content.decode()
    assert Demande.objects.get().prise_par is None


def test_lea_ne_voit_pas_un_autre_departement_et_ne_peut_rien_y_prendre(
    client_de: Ouvrir, troupe: Distribution
) -> None:
    ailleurs = envoyee(troupe.quatre_vents, titre="Une fiche du Pas-de-Calais")
    assert "Pas-de-Calais" not in page(client_de("lea"))
    assert client_de("lea").post(reverse("prendre_demande", args=[ailleurs.pk])).status_code == 404
    assert "Une fiche du Pas-de-Calais" in page(client_de("nadia"))


def test_une_lecture_ne_prend_rien_en_main(client_de: Ouvrir, troupe: Distribution) -> None:
    demande = envoyee(troupe.deux_ponts)
    client_de("lea").get(FILE)
    client_de("lea").get(reverse("examiner_contribution", args=[demande.objet_id]))
    assert client_de("lea").get(reverse("prendre_demande", args=[demande.pk])).status_code == 405
    assert Demande.objects.get().prise_par is None


def test_un_retour_vers_un_autre_site_ramene_a_la_file(client_de: Ouvrir, troupe: Distribution) -> None:
    demande = envoyee(troupe.deux_ponts)
    for retour in ("https://ailleurs.example/", "//ailleurs.example", ""):
        reponse = client_de("lea").post(reverse("prendre_demande", args=[demande.pk]), {"retour": retour})
        assert reponse["Location"] == FILE


# --- Ce qu'elle montre -------------------------------------------------------------------------------
def test_une_file_vide_dit_ce_qui_y_viendra(client_de: Ouvrir, troupe: Distribution) -> None:
    assert "La file est vide" in page(client_de("lea"))


def test_les_urgences_puis_les_plus_anciennes_avec_leur_attente(
    client_de: Ouvrir, troupe: Distribution
) -> None:
    maintenant = timezone.now()
    envoyee(troupe.deux_ponts, "Ancienne", deposee_le=maintenant - timedelta(days=12))
    envoyee(troupe.deux_ponts, "Récente", deposee_le=maintenant - timedelta(minutes=3, seconds=5))
    envoyee(troupe.deux_ponts, "Urgente", est_urgente=True)
    texte = page(client_de("lea"))
    places = [texte.index(f"<strong>{titre}</strong>") for titre in ("Urgente", "Ancienne", "Récente")]
    assert places == sorted(places)
    assert "Attend depuis 12 jours" in texte and "Attend depuis 3 minutes" in texte
    assert "1 demande en retard." in texte
    assert "La plus ancienne attend depuis 12 jours." in texte


def test_on_filtre_par_genre_et_par_etat_et_le_filtre_suit(client_de: Ouvrir, troupe: Distribution) -> None:
    fiche = envoyee(troupe.deux_ponts, "Une fiche")
    ContributionFactory(
        experience__structure=troupe.deux_ponts, experience__titre="Corrigée", correction=True, soumise=True
    )
    chez_l_auteur = envoyee(troupe.deux_ponts, "À préciser")
    decider(chez_l_auteur, Geste.DEMANDER, par=troupe.lea, motif="Quel public ?")
    texte = page(client_de("lea"), "?genre=correction")
    assert "Corrigée" in texte and "Une fiche" not in texte
    assert "?genre=correction&amp;etat=auteur" in texte
    texte = page(client_de("lea"), "?genre=fiche")
    assert f'{reverse("examiner_contribution", args=[fiche.objet_id])}?genre=fiche"' in texte
    texte = page(client_de("lea"), "?etat=auteur")
    assert "À préciser" in texte and "Une fiche" not in texte and "Demandée par Léa" in texte
    assert "Aucune demande ne répond à ce choix" in page(client_de("lea"), "?genre=signalement")
    assert "Une fiche" in page(client_de("lea"), "?genre=inventé&etat=inventé&page=99")


def test_les_decisions_se_retrouvent_et_donnent_le_delai_median(
    client_de: Ouvrir, troupe: Distribution
) -> None:
    maintenant = timezone.now()
    for jours, titre in ((1, "A"), (3, "B"), (5, "C")):
        demande = envoyee(troupe.deux_ponts, titre, deposee_le=maintenant - timedelta(days=jours))
        decider(demande, Geste.REFUSER, par=troupe.lea, motif="Non.")
    vieille = envoyee(troupe.deux_ponts, "D", deposee_le=maintenant - timedelta(days=90))
    decider(vieille, Geste.ACCEPTER, par=troupe.lea)
    Decision.objects.filter(demande=vieille).update(le=maintenant - timedelta(days=40))
    ailleurs = envoyee(troupe.quatre_vents, "E", deposee_le=maintenant - timedelta(days=20))
    decider(ailleurs, Geste.ACCEPTER, par=troupe.nadia)
    texte = page(client_de("lea"), "?etat=decidees")
    assert "Délai médian des 30 derniers jours : 3 jours." in texte
    assert "Refusée par Léa" in texte and "<strong>D</strong>" in texte


def test_on_voit_qui_examine_et_depuis_quand(client_de: Ouvrir, troupe: Distribution) -> None:
    demande = envoyee(troupe.deux_ponts)
    prendre_en_main(demande, par=troupe.nadia)
    Demande.objects.update(prise_le=timezone.now() - timedelta(minutes=3, seconds=2))
    assert "par Nadia depuis 3 minutes" in page(client_de("lea"))
    Demande.objects.update(prise_le=timezone.now() - timedelta(minutes=21))
    assert "par Nadia" not in page(client_de("lea"))


def test_un_titre_hostile_reste_du_texte(client_de: Ouvrir, troupe: Distribution) -> None:
    envoyee(troupe.deux_ponts, titre='<script>alert(1)</script> "><img src=x>')
    assert "<script>alert" not in page(client_de("lea"))


# --- Budget ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("suite", ["", "?etat=decidees", "?genre=fiche&page=3"])
def test_cinq_cents_demandes_tiennent_en_douze_questions_et_soixante_kilo_octets(
    client_de: Ouvrir, troupe: Distribution, suite: str
) -> None:
    structures = [StructureFactory(nom=f"Centre social n° {n}") for n in range(20)]
    modele = envoyee(
        structures[0], titre="Une fiche au titre assez long pour tenir sur deux lignes du téléphone"
    )
    valeurs = {
        champ.attname: getattr(modele, champ.attname)
        for champ in Demande._meta.fields
        if not champ.primary_key
    }
    etat = EtatDemande.REFUSEE if "decidees" in suite else EtatDemande.EN_ATTENTE
    Demande.objects.bulk_create(
        Demande(**(valeurs | {"etat": etat, "objet_id": 1000 + n, "structure_id": structures[n % 20].pk}))
        for n in range(500)
    )
    if etat == EtatDemande.REFUSEE:
        Decision.objects.bulk_create(
            Decision(demande=d, geste=Geste.REFUSER, motif="Non.", par=troupe.lea)
            for d in Demande.objects.filter(etat=etat)
        )
    # Le cas le plus coûteux : des modératrices travaillent aussi dans des structures.
    AppartenanceFactory(utilisateur=troupe.lea, structure=troupe.quatre_vents)
    client = client_de("lea")
    client.get(FILE)
    with CaptureQueriesContext(
        connection,
    ) as questions:
        reponse = client.get(FILE + suite)
    assert len(questions) <= 12, "\n".join(q["sql"][:200] for q in questions)
    assert len(reponse.content) <= 60_000
    assert "Page" in reponse.content.decode()


# --- Prendre, rendre, noter --------------------------------------------------------------------------
def test_prendre_en_main_rend_un_fragment_qui_le_dit(client_de: Ouvrir, troupe: Distribution) -> None:
    demande = envoyee(troupe.deux_ponts)
    adresse = reverse("prendre_demande", args=[demande.pk])
    fragment = client_de("lea").post(adresse, headers={"HX-Request": "true"}).content.decode()
    assert "Vous l’examinez" in fragment and "<html" not in fragment
    fragment = client_de("nadia").post(adresse, headers={"HX-Request": "true"}).content.decode()
    assert "Léa Roussel examine cette demande" in fragment
    client_de("nadia").post(reverse("rendre_demande", args=[demande.pk]))
    assert Demande.objects.get().prise_par == troupe.lea
    client_de("lea").post(reverse("rendre_demande", args=[demande.pk]))
    assert Demande.objects.get().prise_par is None


def test_une_note_n_est_lue_que_par_son_institution(client_de: Ouvrir, troupe: Distribution) -> None:
    """La fédération et la Caf jugent la même fiche : chacune garde ses notes."""
    demande = envoyee(troupe.deux_ponts)
    noter(demande, "Note de la Caf", institution=troupe.caf, par=troupe.denis)
    examen = reverse("examiner_contribution", args=[demande.objet_id])
    reponse = client_de("lea").post(
        reverse("noter_demande", args=[demande.pk]), {"texte": "Note de la fédération", "retour": examen}
    )
    assert reponse["Location"] == examen
    assert Note.objects.get(texte="Note de la fédération").institution == troupe.federation
    texte = client_de("lea").get(examen).content.decode()
    assert "Note de la fédération" in texte and "Note de la Caf" not in texte


def test_on_ne_note_ni_a_vide_ni_pour_une_autre_institution(client_de: Ouvrir, troupe: Distribution) -> None:
    demande = envoyee(troupe.deux_ponts)
    adresse = reverse("noter_demande", args=[demande.pk])
    assert client_de("lea").post(adresse, {"texte": "  "}).status_code == 302
    reponse = client_de("lea").post(adresse, {"texte": "Chut", "institution": str(troupe.caf.pk)})
    assert reponse.status_code == 404
    assert not Note.objects.exists() and not LigneJournal.objects.filter(acte="noter").exists()


# --- Aujourd'hui -------------------------------------------------------------------------------------
def test_aujourd_hui_dit_combien_attendent_et_depuis_quand(client_de: Ouvrir, troupe: Distribution) -> None:
    adresse = reverse("moderation_en_attente")
    assert "Rien n’attend votre regard" in client_de("lea").get(adresse).content.decode()
    for jours in (2, 9):
        envoyee(troupe.deux_ponts, deposee_le=timezone.now() - timedelta(days=jours))
    DemandeFactory(genre=GenreDemande.SIGNALEMENT, structure=troupe.deux_ponts)
    texte = client_de("lea").get(adresse).content.decode().replace("\u00a0", " ")
    assert "2 fiches</a> attendent, la plus ancienne depuis 9 jours." in texte
    assert "1 signalement</a> attend depuis moins d’une minute." in texte
    assert adresse in client_de("lea").get("/espace/").content.decode()
