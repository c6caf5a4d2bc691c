"""Le comptoir : un appui compte un passage, une fois, sans nom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from maillage.accueil.models import Demande, Passage, TypeDeDemande
from maillage.accueil.operations.passages import PassageRefuse, noter_passage, preciser_passage
from maillage.accueil.operations.types import adopter_la_liste_de_depart
from maillage.accueil.temps import aujourd_hui, instant
from maillage.core.models import Changement, LigneJournal
from maillage.territoire.models import Structure
from tests.accueil.fabriques import PassageFactory, TypeDeDemandeFactory, passages
from tests.distribution import Distribution
from tests.fabriques import AppartenanceFactory, PartenaireFactory, SiteFactory

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]
DONNEES = {"Accept": "application/json"}


@pytest.fixture
def centre(distribution: Distribution) -> Structure:
    adopter_la_liste_de_depart(distribution.deux_ponts, par=distribution.amina)
    return distribution.deux_ponts


@pytest.fixture
def demarche(centre: Structure) -> TypeDeDemande:
    return TypeDeDemande.objects.get(structure=centre, libelle="Démarche en ligne")


def envoyer(client: Client, centre: Structure, chemin: str = "", **champs: Any) -> Any:
    return client.post(f"/espace/comptoir/{centre.pk}/passages/{chemin}", champs, headers=DONNEES)


# --- Refus ------------------------------------------------------------------------------------------


def test_le_type_d_un_autre_centre_est_refuse(client_de: ClientDe, centre: Structure) -> None:
    ailleurs = TypeDeDemandeFactory()
    reponse = envoyer(client_de("ines"), centre, cle=uuid4(), types=ailleurs.pk)
    assert reponse.status_code == 422
    assert "n’est pas de ce centre" in reponse.json()["refus"]
    assert not Passage.objects.exists()


def test_un_passage_sans_cle_ni_jeton_est_refuse(
    client_de: ClientDe, centre: Structure, demarche: TypeDeDemande
) -> None:
    assert envoyer(client_de("ines"), centre, types=demarche.pk).status_code == 422


def test_la_cle_d_un_passage_d_ailleurs_ne_dit_rien_et_ne_compte_pas(
    centre: Structure, demarche: TypeDeDemande, distribution: Distribution
) -> None:
    ailleurs = PassageFactory(structure=distribution.quatre_vents)
    with pytest.raises(PassageRefuse):
        noter_passage(centre, cle=ailleurs.cle, types=[demarche], par=distribution.ines)
    assert not ailleurs.demandes.exists()


def test_un_passage_vieux_d_un_mois_se_note_d_apres_le_papier(
    centre: Structure, demarche: TypeDeDemande, distribution: Distribution
) -> None:
    vieux = timezone.now() - timedelta(days=31)
    with pytest.raises(PassageRefuse, match="papier"):
        noter_passage(centre, cle=uuid4(), types=[demarche], par=distribution.ines, le=vieux)


def test_le_passage_d_un_autre_centre_n_existe_pas(client_de: ClientDe, centre: Structure) -> None:
    ailleurs = PassageFactory()
    for suite in ("", "annuler/", "retablir/", "reprendre/"):
        assert envoyer(client_de("ines"), centre, f"{ailleurs.cle}/{suite}", cle=uuid4()).status_code == 404
    ailleurs.refresh_from_db()
    assert ailleurs.annule_le is None


def test_un_partenaire_hors_de_l_annuaire_est_refuse(
    client_de: ClientDe, centre: Structure, demarche: TypeDeDemande
) -> None:
    [passage] = passages(centre, demarche, timezone.now())
    reponse = envoyer(
        client_de("ines"), centre, f"{passage.cle}/", types=demarche.pk, oriente_vers="Le voisin"
    )
    assert reponse.status_code == 422
    assert "annuaire" in reponse.json()["refus"]


def test_retirer_toutes_les_demandes_est_refuse(
    centre: Structure, demarche: TypeDeDemande, distribution: Distribution
) -> None:
    [passage] = passages(centre, demarche, timezone.now())
    with pytest.raises(PassageRefuse, match="annulez-le"):
        preciser_passage(passage, {}, types=[], par=distribution.ines)


# --- Compter ----------------------------------------------------------------------------------------


def test_un_appui_compte_un_passage_et_rend_l_etat(
    client_de: ClientDe, centre: Structure, demarche: TypeDeDemande
) -> None:
    reponse = envoyer(client_de("ines"), centre, cle=uuid4(), types=demarche.pk)
    assert reponse.status_code == 200
    etat = reponse.json()
    assert (etat["passages"], etat["types"]) == (1, {str(demarche.pk): 1})
    assert etat["derniers"][0]["demandes"] == "Démarche en ligne"
    passage = Passage.objects.get()
    assert (passage.nombre, passage.rattrape, passage.canal) == (1, False, "venue")
    assert list(Changement.objects.values_list("objet_type", "acte"))[-1] == (
        "accueil.passage",
        "noter_passage",
    )
    assert LigneJournal.objects.get(acte="noter_passage").structure_id == centre.pk


def test_un_envoi_repete_compte_une_fois(
    client_de: ClientDe, centre: Structure, demarche: TypeDeDemande
) -> None:
    cle, client = uuid4(), client_de("ines")
    for _ in range(3):
        assert envoyer(client, centre, cle=cle, types=demarche.pk).json()["passages"] == 1
    assert (Passage.objects.count(), Demande.objects.count()) == (1, 1)
    assert LigneJournal.objects.filter(acte="noter_passage").count() == 1


def test_sans_script_un_double_envoi_de_la_page_compte_une_fois_par_touche(
    client_de: ClientDe, centre: Structure, demarche: TypeDeDemande
) -> None:
    client, jeton = client_de("ines"), uuid4()
    autre = TypeDeDemande.objects.get(structure=centre, libelle="Rendez-vous")
    for un_type in (demarche, demarche, autre):
        reponse = client.post(
            f"/espace/comptoir/{centre.pk}/passages/", {"jeton": jeton, "types": un_type.pk}
        )
        assert reponse.status_code == 302
    assert sorted(Demande.objects.values_list("type__libelle", flat=True)) == [
        "Démarche en ligne",
        "Rendez-vous",
    ]


def test_l_instant_garde_par_l_appareil_est_celui_du_geste(
    client_de: ClientDe, centre: Structure, demarche: TypeDeDemande
) -> None:
    tantot = timezone.now() - timedelta(hours=2)
    envoyer(
        client_de("ines"), centre, cle=uuid4(), types=demarche.pk, le=tantot.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    )
    assert Passage.objects.get().le == tantot


def test_le_comptoir_dit_l_heure_du_centre(client_de: ClientDe, centre: Structure) -> None:
    recu = client_de("ines").get(
        f"/espace/comptoir/{centre.pk}/etat/", headers={"accept": "application/json"}
    )
    assert recu.json()["fuseau"] == "Europe/Paris"
    assert abs(recu.json()["maintenant"] / 1000 - timezone.now().timestamp()) < 60


def test_une_horloge_en_avance_ne_compte_pas_demain(
    centre: Structure, demarche: TypeDeDemande, distribution: Distribution
) -> None:
    demain = timezone.now() + timedelta(days=1)
    passage = noter_passage(centre, cle=uuid4(), types=[demarche], par=distribution.ines, le=demain)
    assert passage.le <= timezone.now()


def test_plusieurs_personnes_ensemble_font_un_passage(
    client_de: ClientDe, centre: Structure, demarche: TypeDeDemande
) -> None:
    etat = envoyer(client_de("ines"), centre, cle=uuid4(), types=demarche.pk, nombre=4).json()
    assert (etat["passages"], etat["personnes"]) == (1, 4)
    assert "4 personnes" in etat["dont"].replace("\u00a0", " ")


def test_l_appareil_retient_son_lieu(client_de: ClientDe, centre: Structure, demarche: TypeDeDemande) -> None:
    SiteFactory(structure=centre)
    moulin = SiteFactory(structure=centre, nom="Moulin-Vert", est_principal=False)
    client = client_de("ines")
    etat = envoyer(client, centre, cle=uuid4(), types=demarche.pk, site=moulin.pk).json()
    assert etat["passages"] == 1
    page = client.get(f"/espace/comptoir/{centre.pk}/").content.decode()
    assert f'<option value="{moulin.pk}" selected>' in page


def test_le_lieu_d_un_autre_centre_est_refuse(
    client_de: ClientDe, centre: Structure, demarche: TypeDeDemande
) -> None:
    ailleurs = SiteFactory()
    assert (
        envoyer(client_de("ines"), centre, cle=uuid4(), types=demarche.pk, site=ailleurs.pk).status_code
        == 422
    )


# --- Annuler, reprendre, préciser -------------------------------------------------------------------


def test_annule_un_passage_ne_compte_plus_puis_compte_de_nouveau(
    client_de: ClientDe, centre: Structure, demarche: TypeDeDemande
) -> None:
    [passage] = passages(centre, demarche, timezone.now())
    client = client_de("ines")
    assert envoyer(client, centre, f"{passage.cle}/annuler/").json()["passages"] == 0
    assert envoyer(client, centre, f"{passage.cle}/annuler/").json()["types"] == {}
    assert envoyer(client, centre, f"{passage.cle}/retablir/").json()["passages"] == 1
    assert LigneJournal.objects.filter(acte="annuler_passage").count() == 1


def test_reprendre_compte_un_autre_passage_avec_les_memes_demandes(
    client_de: ClientDe, centre: Structure, demarche: TypeDeDemande
) -> None:
    [passage] = passages(centre, demarche, timezone.now(), nombre=2, besoin_de_langue="arabe")
    cle = uuid4()
    for _ in range(2):
        etat = envoyer(client_de("ines"), centre, f"{passage.cle}/reprendre/", cle=cle).json()
    assert (etat["passages"], etat["personnes"]) == (2, 4)
    repris = Passage.objects.get(cle=cle)
    assert (repris.besoin_de_langue, repris.demandes.get().type) == ("arabe", demarche)


def test_preciser_dit_le_canal_l_orientation_et_d_autres_demandes(
    client_de: ClientDe, centre: Structure, demarche: TypeDeDemande
) -> None:
    [passage] = passages(centre, demarche, timezone.now())
    rendez_vous = TypeDeDemande.objects.get(structure=centre, libelle="Rendez-vous")
    pimms = PartenaireFactory(nom="Point d’accès aux droits")
    envoyer(
        client_de("ines"),
        centre,
        f"{passage.cle}/",
        canal="telephone",
        oriente_vers="point d’accès aux droits",
        premiere_visite="oui",
        bande="26_59",
        genre="femmes",
        nombre=1,
        types=[demarche.pk, rendez_vous.pk],
    )
    passage.refresh_from_db()
    assert (passage.canal, passage.suite, passage.oriente_vers) == ("telephone", "oriente", pimms)
    assert (passage.premiere_visite, passage.bande, passage.genre) == (True, "26_59", "femmes")
    assert {demande.type for demande in passage.demandes.all()} == {demarche, rendez_vous}


def test_preciser_garde_le_lieu_du_centre_qui_n_en_a_qu_un(
    client_de: ClientDe, centre: Structure, demarche: TypeDeDemande
) -> None:
    """La page n'en montre alors pas le choix : elle n'envoie pas de lieu."""
    centre.sites.all().delete()
    maison = SiteFactory(structure=centre)
    ines, cle = client_de("ines"), uuid4()
    envoyer(ines, centre, cle=cle, types=demarche.pk, site=maison.pk)
    envoyer(ines, centre, f"{cle}/", canal="telephone", types=demarche.pk, nombre=1)
    passage = Passage.objects.get()
    assert (passage.canal, passage.site) == ("telephone", maison)


def test_repondre_sans_orienter_oublie_le_partenaire(
    centre: Structure, demarche: TypeDeDemande, client_de: ClientDe
) -> None:
    [passage] = passages(centre, demarche, timezone.now(), suite="oriente", oriente_vers=PartenaireFactory())
    envoyer(
        client_de("ines"),
        centre,
        f"{passage.cle}/",
        suite="repondu",
        oriente_vers=passage.oriente_vers.nom,
        types=demarche.pk,
    )
    passage.refresh_from_db()
    assert (passage.suite, passage.oriente_vers) == ("repondu", None)


# --- Voir -------------------------------------------------------------------------------------------


def test_le_jour_du_comptoir_est_celui_du_centre(
    client_de: ClientDe, centre: Structure, demarche: TypeDeDemande
) -> None:
    """Minuit à Paris est encore hier à l'heure universelle."""
    minuit = instant(centre, aujourd_hui(centre))
    passages(centre, demarche, minuit - timedelta(seconds=1), 2)
    passages(centre, demarche, minuit)
    assert client_de("ines").get(f"/espace/comptoir/{centre.pk}/etat/").json()["passages"] == 1


def test_un_comptoir_sans_liste_dit_quoi_faire(client_de: ClientDe, distribution: Distribution) -> None:
    adresse = f"/espace/comptoir/{distribution.deux_ponts.pk}/"
    assert "Prendre la liste de départ" in client_de("amina").get(adresse).content.decode()
    assert "La direction du centre" in client_de("ines").get(adresse).content.decode()


def test_qui_a_plusieurs_centres_choisit_son_comptoir(
    client_de: ClientDe, distribution: Distribution
) -> None:
    AppartenanceFactory(utilisateur=distribution.ines, structure=distribution.quatre_vents)
    page = client_de("ines").get("/espace/comptoir/")
    assert f"/espace/comptoir/{distribution.quatre_vents.pk}/" in page.content.decode()


def test_l_annuaire_propose_des_partenaires(client_de: ClientDe) -> None:
    PartenaireFactory(nom="Mission locale")
    client = client_de("ines")
    assert client.get("/espace/comptoir/partenaires/?q=mission").json() == [{"libelle": "Mission locale"}]
    assert client.get("/espace/comptoir/partenaires/?q=m").json() == []
