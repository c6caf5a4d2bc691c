"""La page de la feuille : qui la lit, ce qu'elle montre, ce qu'elle écrit sans script et avec."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import lxml.html
import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from maillage.activites.choices import Cadre, EtatInscription, RoleDePresence
from maillage.activites.feuille import noms_courts
from maillage.activites.models import Activite, Seance
from maillage.activites.operations.presences import Venues, noter_venues
from maillage.personnes.models import Personne
from tests.activites.fabriques import ActiviteFactory, InscriptionFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]


@pytest.fixture
def seance(distribution: Distribution) -> Seance:
    activite = ActiviteFactory(structure=distribution.deux_ponts, animateurs=[distribution.bruno])
    for prenom, nom in (("Émilie", "Vasseur"), ("Adam", "Bert"), ("Adam", "Bonnet")):
        InscriptionFactory(activite=activite, personne__prenom=prenom, personne__nom=nom)
    une: Seance = SeanceFactory(activite=activite)
    return une


def lue(client: Client, seance: Seance, suite: str = "") -> str:
    reponse = client.get(reverse("feuille", args=[seance.pk]) + suite)
    assert reponse.status_code == 200
    return reponse.content.decode()


def caches(page: str) -> dict[str, str]:
    """Les champs cachés du formulaire, tels que le navigateur les renvoie."""
    formulaire = page[page.index('id="feuille"') :]
    return dict(
        re.findall(r'<input type="hidden" name="(lus|lues|role_sans_nom)" value="([^"]*)">', formulaire)
    )


# --- Qui la lit -------------------------------------------------------------------------------------


@pytest.mark.parametrize("personne", ["chloe", "denis", "lea", "nadia", "farid"])
@pytest.mark.parametrize("nom", ["feuille", "feuille_a_signer"])
def test_qui_n_anime_pas_n_a_pas_la_feuille(
    nom: str, personne: str, client_de: ClientDe, seance: Seance
) -> None:
    assert client_de(personne).get(reverse(nom, args=[seance.pk])).status_code == 404


def test_sans_second_facteur_on_va_le_relier(
    client_de: ClientDe, seance: Seance, distribution: Distribution
) -> None:
    client = client_de("bruno")
    Authenticator.objects.filter(user=distribution.bruno).delete()
    reponse = client.get(reverse("feuille", args=[seance.pk]))
    assert reponse.status_code == 302 and "second-facteur/activer" in reponse["Location"]


def test_qui_anime_ne_cherche_pas_dans_le_registre(
    client_de: ClientDe, seance: Seance, distribution: Distribution
) -> None:
    PersonneFactory(
        structure=distribution.deux_ponts, prenom="Zélie", nom="Quentin", nom_cherche="zelie quentin"
    )
    assert "Zélie" not in lue(client_de("bruno"), seance, "?q=Zelie")
    assert "Zélie Quentin" in lue(client_de("ines"), seance, "?q=Zelie")


def test_qui_anime_n_ajoute_pas_par_un_numero_du_registre(
    client_de: ClientDe, seance: Seance, distribution: Distribution
) -> None:
    une = PersonneFactory(structure=distribution.deux_ponts)
    adresse = reverse("feuille_ajouter", args=[seance.pk])
    assert client_de("bruno").post(adresse, {"personne": une.pk}).status_code == 404
    assert client_de("ines").post(adresse, {"personne": une.pk}).status_code == 302
    assert seance.presences.get().personne == une


# --- Ce qu'elle montre ------------------------------------------------------------------------------


def test_les_noms_sont_courts_et_se_distinguent(client_de: ClientDe, seance: Seance) -> None:
    page = lue(client_de("bruno"), seance)
    assert re.findall(r'name="p"[^>]*>([^<]+)<', page) == ["Adam Be.", "Adam Bo.", "Émilie V."]
    assert "Vasseur" not in page.partition("<main")[2]
    assert "3\u00a0inscrits" in page


def test_deux_homonymes_gardent_leur_nom_entier() -> None:
    jumeaux = [Personne(pk=1, prenom="Adam", nom="Bert"), Personne(pk=2, prenom="Adam", nom="Bert")]
    assert noms_courts(jumeaux) == {1: "Adam Bert", 2: "Adam Bert"}


def test_une_premiere_fois_se_voit_sauf_a_la_premiere_seance(client_de: ClientDe, seance: Seance) -> None:
    assert "1re fois" not in lue(client_de("bruno"), seance)
    avant = SeanceFactory(activite=seance.activite, debut=seance.debut - timedelta(days=7))
    PresenceFactory(seance=avant, personne=Personne.objects.get(nom="Bert"))
    page = lue(client_de("bruno"), seance)
    assert re.findall(r'name="p"[^>]*>([^<]+)<', page)[:2] == ["Adam Be.", "Adam Bo. · 1re fois"]


def test_un_habitue_sans_inscription_est_propose(client_de: ClientDe, seance: Seance) -> None:
    avant = SeanceFactory(activite=seance.activite, debut=seance.debut - timedelta(days=7))
    PresenceFactory(seance=avant, personne__prenom="Yvette", personne__nom="Lopez")
    assert "Yvette L." in lue(client_de("bruno"), seance)


def test_qui_attend_une_place_n_est_pas_sur_la_feuille(client_de: ClientDe, seance: Seance) -> None:
    seance.activite.inscriptions.filter(personne__nom="Bert").update(etat=EtatInscription.EN_ATTENTE)
    assert "Adam Bert" not in lue(client_de("bruno"), seance)
    assert re.findall(r'name="p"[^>]*>([^<]+)<', lue(client_de("bruno"), seance)) == ["Adam B.", "Émilie V."]


def test_un_laep_n_a_que_la_grille(client_de: ClientDe, seance: Seance) -> None:
    Activite.objects.filter(pk=seance.activite_id).update(cadre=Cadre.LAEP)
    page = lue(client_de("bruno"), seance)
    assert 'name="p"' not in page and "Ajouter un nom" not in page and 'name="n_0_5.femmes"' in page
    assert client_de("bruno").get(reverse("feuille_a_signer", args=[seance.pk])).status_code == 404


def test_deux_cents_personnes_tiennent_dans_une_page_legere(client_de: ClientDe, seance: Seance) -> None:
    """Noethysweb : 935 Ko et 3 200 éléments. Le temps se mesure à part (`bin/mesures presences`)."""
    for rang in range(197):
        InscriptionFactory(
            activite=seance.activite,
            personne__prenom=f"Maximilien {rang}",
            personne__nom="De la Rochefontaine",
        )
    page = lue(client_de("ines"), seance)
    assert page.count('name="p"') == 200
    assert len(page.encode()) <= 80_000 and len(lxml.html.fromstring(page).xpath("//*")) <= 900


# --- Sans script ------------------------------------------------------------------------------------


def test_sans_script_un_formulaire_n_ecrase_pas_ce_qu_une_collegue_vient_de_cocher(
    client_de: ClientDe, seance: Seance, distribution: Distribution
) -> None:
    bert, bonnet, vasseur = (Personne.objects.get(nom=nom) for nom in ("Bert", "Bonnet", "Vasseur"))
    noter_venues(seance, Venues({vasseur.pk: "participant"}), par=distribution.bruno)
    montre = caches(lue(client_de("bruno"), seance))
    noter_venues(seance, Venues({bonnet.pk: "participant"}), par=distribution.amina)
    client_de("bruno").post(
        reverse("feuille", args=[seance.pk]),
        montre | {"p": [bert.pk], "n_6_11.hommes": "2", "geste": "enregistrer"},
    )
    assert set(seance.presences.values_list("personne", flat=True)) == {bert.pk, bonnet.pk}
    assert seance.venues_sans_nom.get().nombre == 2


def test_sans_script_tous_presents_puis_un_role_puis_la_fin(client_de: ClientDe, seance: Seance) -> None:
    client, adresse = client_de("bruno"), reverse("feuille", args=[seance.pk])
    client.post(adresse, caches(lue(client, seance)) | {"geste": "tous"})
    assert seance.presences.count() == 3
    premiere = seance.presences.order_by("pk")[0]
    page = lue(client, seance)
    client.post(adresse, caches(page) | {"p": caches(page)["lus"].split(","), "role": premiere.personne_id})
    premiere.refresh_from_db()
    assert premiere.role == RoleDePresence.PARENT
    page = lue(client, seance)
    client.post(adresse, caches(page) | {"p": caches(page)["lus"].split(","), "geste": "terminer"})
    assert "Rouvrir pour corriger" in lue(client, seance)
    client.post(reverse("feuille_geste", args=[seance.pk, "rouvrir"]))
    assert "Terminer" in lue(client, seance)


def test_les_roles_sans_nom_ont_chacun_leur_grille(client_de: ClientDe, seance: Seance) -> None:
    client = client_de("bruno")
    montre = caches(lue(client, seance, "?role_sans_nom=parent"))
    client.post(reverse("feuille", args=[seance.pk]), montre | {"n_.femmes": "4"})
    assert seance.venues_sans_nom.get().role == "parent"
    assert 'name="n_.femmes" value="0"' in lue(client, seance)
    assert 'name="n_.femmes" value="4"' in lue(client, seance, "?role_sans_nom=parent")


# --- Avec le script : un envoi par geste ------------------------------------------------------------


def test_un_geste_rend_les_nombres_et_ce_que_les_autres_ont_note(
    client_de: ClientDe, seance: Seance, distribution: Distribution
) -> None:
    bert, bonnet = Personne.objects.get(nom="Bert"), Personne.objects.get(nom="Bonnet")
    noter_venues(seance, Venues({bonnet.pk: "bénévole"}), par=distribution.amina)
    envoi = {"envoi": str(uuid4()), "p": f"{bert.pk}:participant", "s": "18_25.femmes.participant:2"}
    for _ in range(2):
        recu = client_de("bruno").post(reverse("feuille_noter", args=[seance.pk]), envoi).json()
    assert recu["roles"] == {str(bert.pk): "participant", str(bonnet.pk): "bénévole"}
    assert (recu["presents"], recu["dont"]) == ("2\u00a0présents", "dont 1\u00a0bénévole")
    assert recu["sans_nom"] == "+ 2 sans nom" and recu["dit"].startswith("Enregistré à ")


@pytest.mark.parametrize("envoi", ["", "pas-une-cle"])
def test_un_envoi_sans_cle_est_incompris(envoi: str, client_de: ClientDe, seance: Seance) -> None:
    adresse = reverse("feuille_noter", args=[seance.pk])
    assert client_de("bruno").post(adresse, {"envoi": envoi}).status_code == 400


def test_un_envoi_illisible_ne_compte_que_ce_qui_se_lit(client_de: ClientDe, seance: Seance) -> None:
    bert = Personne.objects.get(nom="Bert")
    fautes = ["", ":", "x:participant", f"{bert.pk}:roi", "9" * 30 + ":participant", f"{bert.pk}:participant"]
    cases = [
        "",
        "a.b.c:1",
        "6_11.femmes.participant:x",
        "6_11.femmes.participant:--1",
        "6_11.femmes.participant:1",
    ]
    reponse = client_de("bruno").post(
        reverse("feuille_noter", args=[seance.pk]), {"envoi": str(uuid4()), "p": fautes, "s": cases}
    )
    assert reponse.status_code == 200 and reponse.json()["presents"] == "1\u00a0présent"
    assert seance.venues_sans_nom.get().nombre == 1


def test_une_feuille_terminee_le_dit_a_l_appareil_qui_gardait_un_geste(
    client_de: ClientDe, seance: Seance, distribution: Distribution
) -> None:
    client = client_de("bruno")
    client.post(reverse("feuille", args=[seance.pk]), {"geste": "terminer", "role_sans_nom": "participant"})
    reponse = client.post(reverse("feuille_noter", args=[seance.pk]), {"envoi": str(uuid4())})
    assert reponse.status_code == 409 and "Rouvrez-la" in reponse.json()["refus"]


# --- Ajouter un nom, le mot, la feuille à signer ----------------------------------------------------


def test_un_homonyme_se_demande(client_de: ClientDe, seance: Seance) -> None:
    client, adresse = client_de("bruno"), reverse("feuille_ajouter", args=[seance.pk])
    Personne.objects.filter(nom="Bert").update(nom_cherche="adam bert")
    saisie = {"prenom": "adam", "nom": "BERT"}
    page = client.post(adresse, saisie)
    assert "Est-ce la même personne" in page.content.decode().replace("\u00a0", " ")
    assert not seance.presences.exists()
    (adam,) = page.context["connues"]
    client.post(adresse, saisie | {"elle": str(adam.pk)})
    assert seance.presences.get().personne == adam
    client.post(adresse, saisie | {"autre_que": page.context["autre_que"]})
    assert seance.presences.count() == 2


def test_de_deux_homonymes_c_est_celle_que_l_on_designe(client_de: ClientDe, seance: Seance) -> None:
    centre = seance.activite.structure
    _, seconde = PersonneFactory.create_batch(2, structure=centre, prenom="Lina", nom="Brahimi")
    client, adresse = client_de("bruno"), reverse("feuille_ajouter", args=[seance.pk])
    saisie = {"prenom": "Li\0na", "nom": "Brahimi"}
    assert len(client.post(adresse, saisie).context["connues"]) == 2
    client.post(adresse, saisie | {"elle": str(seconde.pk)})
    assert seance.presences.get().personne == seconde
    ailleurs = PersonneFactory(structure=centre, prenom="Adam", nom="Zola")
    assert client.post(adresse, saisie | {"elle": str(ailleurs.pk)}).status_code == 404


def test_un_nom_a_moitie_ecrit_est_refuse(client_de: ClientDe, seance: Seance) -> None:
    reponse = client_de("bruno").post(
        reverse("feuille_ajouter", args=[seance.pk]), {"prenom": "Lina"}, follow=True
    )
    assert "Écrivez le prénom et le nom" in reponse.content.decode()


def test_un_mot_imprudent_revient_avec_son_texte(client_de: ClientDe, seance: Seance) -> None:
    client, adresse = client_de("bruno"), reverse("feuille_mot", args=[seance.pk])
    reponse = client.post(adresse, {"mot": "Adam est fatigué.", "lu": ""})
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "prénom de l’activité" in page and "Adam est fatigué." in page
    client.post(adresse, {"mot": "Un enfant est fatigué.", "lu": ""})
    seance.refresh_from_db()
    assert seance.mot == "Un enfant est fatigué."


def test_la_feuille_a_signer_a_une_ligne_par_inscrit_et_des_lignes_vides(
    client_de: ClientDe, seance: Seance
) -> None:
    reponse = client_de("bruno").get(reverse("feuille_a_signer", args=[seance.pk]))
    assert reponse["Content-Type"] == "application/pdf"
    texte = "".join(page.extract_text() for page in PdfReader(io.BytesIO(reponse.content)).pages)
    assert "Adam Be." in texte and "Signature" in texte and "Vasseur" not in texte
