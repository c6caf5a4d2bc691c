"""Les places et l'attente : ce qui est refusé, l'ordre, le délai, le retour en arrière."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.activites.choices import Cadre, EtatActivite, EtatInscription, RoleDePresence
from maillage.activites.models import Activite, Inscription
from maillage.activites.operations.activites import modifier_activite
from maillage.activites.operations.inscriptions import (
    InscriptionRefusee,
    accepter_place,
    adresse_de_la_place,
    desister,
    inscrire_nouvelle_personne,
    inscrire_personne,
    proposer_place,
    remettre_inscription,
    reprendre_place,
    tenir_les_places,
)
from maillage.core.models import Courrier, LigneJournal
from maillage.personnes.choices import ChampDePersonne, EtatPersonne
from maillage.personnes.models import ChampOuvert
from maillage.personnes.operations import effacer_personne, geler_personne
from tests.activites.fabriques import ActiviteFactory, InscriptionFactory
from tests.distribution import Distribution, distribuer
from tests.personnes.fabriques import PersonneFactory

ClientDe = Callable[[str], Client]
INSCRITE, ATTENTE, PROPOSEE = EtatInscription.INSCRITE, EtatInscription.EN_ATTENTE, EtatInscription.PROPOSEE


@pytest.fixture
def activite(distribution: Distribution) -> Activite:
    """Une place."""
    une: Activite = ActiviteFactory(
        structure=distribution.deux_ponts, capacite=1, animateurs=[distribution.bruno]
    )
    return une


@pytest.fixture
def trois(activite: Activite, distribution: Distribution) -> list[Inscription]:
    """Une inscrite, deux qui attendent."""
    return [
        inscrire_personne(activite, PersonneFactory(structure=activite.structure), par=distribution.ines)
        for _ in range(3)
    ]


def etats(*inscriptions: Inscription) -> list[str]:
    for une in inscriptions:
        une.refresh_from_db()
    return [une.etat for une in inscriptions]


# --- Ce qui est refusé ------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("champs", "mot"), [({"cadre": Cadre.LAEP}, "sans nom"), ({"etat": EtatActivite.CLOSE}, "close")]
)
def test_une_activite_sans_nom_ou_close_n_inscrit_pas(
    champs: dict[str, str], mot: str, activite: Activite, distribution: Distribution
) -> None:
    Activite.objects.filter(pk=activite.pk).update(**champs)
    activite.refresh_from_db()
    with pytest.raises(InscriptionRefusee, match=mot):
        inscrire_nouvelle_personne(activite, "Lina", "Brahimi", par=distribution.ines)
    assert not activite.structure.personnes.filter(prenom="Lina").exists()


@pytest.mark.django_db
def test_une_personne_effacee_ou_d_ailleurs_ne_s_inscrit_pas(
    activite: Activite, distribution: Distribution
) -> None:
    effacee = PersonneFactory(structure=activite.structure, etat=EtatPersonne.EFFACEE)
    for une in (effacee, PersonneFactory(structure=distribution.quatre_vents)):
        with pytest.raises(InscriptionRefusee, match="registre"):
            inscrire_personne(activite, une, par=distribution.ines)


@pytest.mark.django_db
def test_une_personne_inscrite_ne_l_est_pas_deux_fois(
    trois: list[Inscription], distribution: Distribution
) -> None:
    for une in trois:
        with pytest.raises(InscriptionRefusee, match="déjà"):
            inscrire_personne(une.activite, une.personne, par=distribution.ines)


@pytest.mark.django_db
def test_une_place_ne_se_propose_pas_quand_il_n_y_en_a_pas(
    trois: list[Inscription], distribution: Distribution
) -> None:
    with pytest.raises(InscriptionRefusee, match="Aucune place"):
        proposer_place(trois[1], par=distribution.ines)
    with pytest.raises(InscriptionRefusee, match="plus proposée"):
        accepter_place(trois[1], par=distribution.ines)


@pytest.mark.django_db
@pytest.mark.parametrize("personne", ["chloe", "denis", "lea", "farid"])
def test_qui_n_anime_pas_ne_lit_pas_les_inscriptions(
    personne: str, client_de: ClientDe, trois: list[Inscription]
) -> None:
    client = client_de(personne)
    assert client.get(reverse("inscriptions", args=[trois[0].activite_id])).status_code == 404
    assert client.post(reverse("inscription_geste", args=[trois[0].pk, "desister"])).status_code == 404
    assert etats(trois[0]) == [INSCRITE]


# --- Les places -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_une_benevole_ne_prend_pas_de_place(trois: list[Inscription], distribution: Distribution) -> None:
    activite = trois[0].activite
    aide = PersonneFactory(structure=activite.structure)
    inscrite = inscrire_personne(activite, aide, role=RoleDePresence.BENEVOLE, par=distribution.ines)
    assert etats(*trois, inscrite) == [INSCRITE, ATTENTE, ATTENTE, INSCRITE]


@pytest.mark.django_db
def test_une_place_liberee_va_a_la_premiere_qui_attend(
    trois: list[Inscription], distribution: Distribution
) -> None:
    assert desister(trois[0], par=distribution.ines) == trois[1]
    assert etats(*trois) == ["desistee", PROPOSEE, ATTENTE]
    nouvelle = PersonneFactory(structure=trois[0].activite.structure)
    assert inscrire_personne(trois[0].activite, nouvelle, par=distribution.ines).etat == ATTENTE
    accepter_place(trois[1], par=distribution.ines)
    accepter_place(trois[1], par=distribution.ines)
    assert etats(*trois) == ["desistee", INSCRITE, ATTENTE]


@pytest.mark.django_db
def test_le_delai_passe_la_place_va_a_la_suivante_et_revient_en_fin_d_attente(
    trois: list[Inscription], distribution: Distribution
) -> None:
    desister(trois[0], par=distribution.ines)
    assert tenir_les_places() == 0
    Inscription.objects.filter(pk=trois[1].pk).update(proposee_jusqu_au=timezone.now() - timedelta(minutes=1))
    assert tenir_les_places() == 1
    assert etats(*trois) == ["desistee", ATTENTE, PROPOSEE]
    reprendre_place(trois[2], par=distribution.ines)
    assert etats(*trois) == ["desistee", PROPOSEE, ATTENTE]


@pytest.mark.django_db
def test_defaire_un_desistement_rend_la_place_qui_n_etait_que_proposee(
    trois: list[Inscription], distribution: Distribution
) -> None:
    desister(trois[0], par=distribution.ines)
    assert remettre_inscription(trois[0], par=distribution.ines) == trois[0]
    assert etats(*trois) == [INSCRITE, ATTENTE, ATTENTE]
    assert trois[1].inscrite_le < trois[2].inscrite_le
    desister(trois[0], par=distribution.ines)
    accepter_place(trois[1], par=distribution.ines)
    remettre_inscription(trois[0], par=distribution.ines)  # la place est prise : elle attend, la première
    assert etats(*trois) == [ATTENTE, INSCRITE, ATTENTE]
    assert desister(trois[1], par=distribution.ines) == trois[0]


@pytest.mark.django_db
def test_defaire_le_desistement_de_qui_attendait_ne_prend_la_place_de_personne(
    trois: list[Inscription], distribution: Distribution
) -> None:
    desister(trois[0], par=distribution.ines)
    desister(trois[2], par=distribution.ines)
    remettre_inscription(trois[2], par=distribution.ines)
    assert etats(*trois) == ["desistee", PROPOSEE, ATTENTE]


@pytest.mark.django_db
def test_revenir_apres_avoir_tenu_une_place_ouvre_une_ligne_et_garde_la_premiere(
    activite: Activite, distribution: Distribution
) -> None:
    premiere = InscriptionFactory(activite=activite, inscrite_le=timezone.now() - timedelta(days=90))
    desister(premiere, par=distribution.ines)
    seconde = inscrire_personne(activite, premiere.personne, par=distribution.ines)
    assert etats(premiere, seconde) == ["desistee", INSCRITE]
    assert premiere.inscrite_le.date() < premiere.finie_le and seconde.finie_le is None
    with pytest.raises(InscriptionRefusee, match="déjà"):
        remettre_inscription(premiere, par=distribution.ines)  # un « Défaire » resté à l'écran


@pytest.mark.django_db
def test_qui_attendait_ou_fut_inscrite_par_erreur_n_a_tenu_aucune_place(
    trois: list[Inscription], distribution: Distribution
) -> None:
    Inscription.objects.filter(etat=ATTENTE).update(inscrite_le=timezone.now() - timedelta(days=90))
    for une in (trois[2], trois[0]):
        desister(une, par=distribution.ines)
        assert etats(une) == ["desistee"] and une.finie_le is None
        assert inscrire_personne(une.activite, une.personne, par=distribution.ines).pk == une.pk


@pytest.mark.django_db
def test_la_place_prise_entre_temps_ne_fait_pas_oublier_le_temps_ou_elle_la_tenait(
    trois: list[Inscription], distribution: Distribution
) -> None:
    Inscription.objects.filter(pk=trois[0].pk).update(inscrite_le=timezone.now() - timedelta(days=90))
    desister(trois[0], par=distribution.ines)
    accepter_place(trois[1], par=distribution.ines)
    retour = remettre_inscription(trois[0], par=distribution.ines)
    assert desister(trois[1], par=distribution.ines) == retour, "elle attend la première"
    accepter_place(retour, par=distribution.ines)
    assert etats(retour, trois[0]) == [INSCRITE, "desistee"]
    assert trois[0].inscrite_le.date() < trois[0].finie_le <= retour.inscrite_le.date()


@pytest.mark.django_db
def test_le_journal_ne_dit_pas_qui(activite: Activite, distribution: Distribution) -> None:
    une = inscrire_nouvelle_personne(activite, "Zélie", "Quentinvaux", par=distribution.ines)
    desister(une, par=distribution.ines)
    lignes = str(list(LigneJournal.objects.filter(structure_id=activite.structure_id).values()))
    assert "a noté un désistement" in lignes and "Zélie" not in lignes and "Quentinvaux" not in lignes


# --- Ce qui se propose tout seul --------------------------------------------------------------------


@pytest.mark.django_db
def test_une_place_de_plus_se_propose_aussitot_dans_l_ordre(
    trois: list[Inscription], distribution: Distribution, client_de: ClientDe
) -> None:
    activite = trois[0].activite
    for capacite, attendus in ((2, [INSCRITE, PROPOSEE, ATTENTE]), (3, [INSCRITE, PROPOSEE, PROPOSEE])):
        activite.refresh_from_db()
        modifier_activite(
            activite,
            version_lue=activite.version,
            animateurs=[distribution.bruno],
            capacite=capacite,
            par=distribution.bruno,
        )
        assert etats(*trois) == attendus


@pytest.mark.django_db
def test_la_place_d_une_personne_effacee_se_propose_dans_la_journee(
    trois: list[Inscription], distribution: Distribution
) -> None:
    effacer_personne(trois[0].personne, raison="à sa demande", par=distribution.amina)
    tenir_les_places()
    assert etats(*trois[1:]) == [PROPOSEE, ATTENTE]


@pytest.mark.django_db
def test_qui_a_laisse_sa_place_n_est_plus_relance_chaque_jour(
    trois: list[Inscription], distribution: Distribution
) -> None:
    desister(trois[2], par=distribution.ines)
    desister(trois[0], par=distribution.ines)
    reprendre_place(trois[1], par=distribution.ines)
    for _ in range(3):
        tenir_les_places()
    assert etats(trois[1]) == [ATTENTE]
    proposer_place(trois[1], par=distribution.ines)
    assert etats(trois[1]) == [PROPOSEE]


@pytest.mark.django_db
def test_aujourd_hui_dit_a_qui_anime_qu_une_place_attend_sans_nommer(
    trois: list[Inscription], distribution: Distribution, client_de: ClientDe
) -> None:
    page = reverse("places_aujourdhui")
    assert "Réponse attendue" not in client_de("bruno").get(page).content.decode()
    desister(trois[0], par=distribution.ines)
    for personne in ("bruno", "ines", "amina"):
        lue = client_de(personne).get(page).content.decode()
        assert "Une place s’est libérée" in lue and trois[0].activite.titre in lue
        assert not any(une.personne.nom in lue for une in trois)
    for personne in ("farid", "chloe"):
        assert trois[0].activite.titre not in client_de(personne).get(page).content.decode()
    assert client_de("denis").get(page).status_code == 404
    reponse = client_de("bruno").get(reverse("inscriptions", args=[trois[0].activite_id]))
    assert "Accepte" in reponse.content.decode() and "Refuse" in reponse.content.decode()


# --- Le courriel ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_le_courriel_ne_part_que_si_le_centre_note_les_adresses(
    trois: list[Inscription], distribution: Distribution
) -> None:
    personne = trois[1].personne
    type(personne).objects.filter(pk=personne.pk).update(courriel="lina@exemple.fr")
    desister(trois[0], par=distribution.ines)
    assert not Courrier.objects.exists()
    remettre_inscription(trois[0], par=distribution.ines)
    ChampOuvert.objects.create(structure=distribution.deux_ponts, champ=ChampDePersonne.COURRIEL)
    desister(trois[0], par=distribution.ines)
    courrier = Courrier.objects.get()
    trois[1].refresh_from_db()
    assert adresse_de_la_place(trois[1]) in courrier.texte and courrier.a_envoyer_le > timezone.now()
    remettre_inscription(trois[0], par=distribution.ines)
    assert not Courrier.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reponse", "etat", "titre"), [("oui", INSCRITE, "à vous"), ("non", ATTENTE, "noté")]
)
def test_la_personne_repond_sans_compte_par_l_adresse_recue(
    reponse: str, etat: str, titre: str, trois: list[Inscription], distribution: Distribution, client: Client
) -> None:
    desister(trois[0], par=distribution.ines)
    trois[1].refresh_from_db()
    adresse = adresse_de_la_place(trois[1])
    page = client.get(adresse).content.decode()
    assert "Une place s’est libérée" in page and trois[1].personne.nom not in page
    assert titre in client.post(adresse, {"reponse": reponse}).content.decode()
    assert etats(trois[1]) == [etat]
    client.post(adresse, {"reponse": "oui"})
    assert etats(trois[1]) == [etat], "une réponse ne se donne qu'une fois"


@pytest.mark.django_db
@pytest.mark.parametrize("jeton", ["1", "1.faux", "x.y.z"])
def test_une_adresse_devinee_n_existe_pas(jeton: str, client: Client) -> None:
    assert client.get(reverse("place_proposee", args=[jeton])).status_code == 404
    assert client.get(reverse("avis_de_sortie", args=[jeton])).status_code == 404


# --- Ensemble ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_cinquante_inscriptions_ensemble_pour_une_place() -> None:
    troupe = distribuer()
    activite = ActiviteFactory(structure=troupe.deux_ponts, capacite=1)
    personnes = PersonneFactory.create_batch(50, structure=troupe.deux_ponts)

    def inscrire(personne: object) -> int:
        try:
            return inscrire_personne(activite, personne, par=troupe.ines).pk  # type: ignore[arg-type]
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as fils:
        arrivees = list(fils.map(inscrire, personnes))
    toutes = list(activite.inscriptions.order_by("inscrite_le", "pk"))
    assert [une.etat for une in toutes] == [INSCRITE] + [ATTENTE] * 49
    assert sorted(arrivees) == sorted(une.pk for une in toutes)
    assert [une.pk for une in toutes] == sorted(arrivees), "l'attente est dans l'ordre d'arrivée"


@pytest.mark.django_db(transaction=True)
def test_dix_desistements_ensemble_proposent_dix_places_dans_l_ordre() -> None:
    troupe = distribuer()
    activite = ActiviteFactory(structure=troupe.deux_ponts, capacite=10)
    toutes = [
        inscrire_personne(activite, personne, par=troupe.ines)
        for personne in PersonneFactory.create_batch(25, structure=troupe.deux_ponts)
    ]

    def partir(inscription: Inscription) -> None:
        try:
            desister(inscription, par=troupe.ines)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as fils:
        list(fils.map(partir, toutes[:10]))
    assert etats(*toutes) == ["desistee"] * 10 + [PROPOSEE] * 10 + [ATTENTE] * 5


def test_une_inscrite_gelee_garde_sa_place_et_ne_se_nomme_qu_a_la_direction(
    activite: Activite, distribution: Distribution, client_de: ClientDe
) -> None:
    gelee = PersonneFactory(structure=activite.structure, prenom="Zoulikha")
    inscrire_personne(activite, gelee, par=distribution.ines)
    geler_personne(gelee, par=distribution.amina)
    adresse = reverse("inscriptions", args=[activite.pk])
    for prenom in ("ines", "bruno"):
        page = client_de(prenom).get(adresse)
        assert "Zoulikha" not in page.content.decode()
        assert page.context["libres"] == 0
    assert "Zoulikha" in client_de("amina").get(adresse).content.decode()


def test_qui_est_gelee_ou_effacee_en_attente_ne_barre_la_route_a_personne(
    activite: Activite, trois: list[Inscription], distribution: Distribution
) -> None:
    geler_personne(trois[1].personne, par=distribution.amina)
    effacer_personne(trois[2].personne, raison="demande", par=distribution.amina)
    Activite.objects.filter(pk=activite.pk).update(capacite=5)
    nouvelle = PersonneFactory(structure=activite.structure)
    assert inscrire_personne(activite, nouvelle, par=distribution.ines).etat == INSCRITE
