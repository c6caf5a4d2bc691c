"""Proposer une correction sans compte : champ par champ, en partant du texte qu'on lit."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue.choices import (
    EtatContribution,
    FamilleTerme,
    GenreContribution,
    GenrePoint,
    RolePartenaire,
)
from maillage.catalogue.models import Contribution, Experience, Partenariat
from maillage.catalogue.operations.conservation import effacer_les_auteurs_de_corrections
from maillage.catalogue.operations.lecteurs import CORRECTIONS_OUVERTES
from maillage.moderation.models import Demande
from tests.distribution import Distribution
from tests.fabriques import ExperienceFactory, PartenaireFactory, PointAVerifierFactory, TermeFactory
from tests.lecteurs import envoyer

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]
NUMERO = "04 00 00 00 12"


@pytest.fixture
def fiche(distribution: Distribution) -> Experience:
    fiche: Experience = ExperienceFactory(
        structure=distribution.deux_ponts,
        titre="Le jardin des voisins",
        limites=f"L’eau manque.\r\nAppelez le {NUMERO}.",
        termes=[TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Seniors")],
    )
    PointAVerifierFactory(
        experience=fiche, genre=GenrePoint.TELEPHONE, champ="limites", debut=26, fin=40, extrait=NUMERO
    )
    return fiche


def corriger(fiche: Experience, *champs: str) -> str:
    suite = "&".join(f"champ={champ}" for champ in champs)
    return reverse("experience_corriger", args=[fiche.code]) + (f"?{suite}" if suite else "")


def test_rien_de_change_est_dit_et_rien_n_est_ecrit(client: Client, fiche: Experience) -> None:
    reponse = envoyer(client, corriger(fiche, "titre"), c_titre=" Le jardin des voisins ")
    assert "Vous n’avez rien changé" in reponse.content.decode()
    assert not Contribution.objects.exists()


def test_le_texte_est_prerempli_masque_et_ne_compte_pas_comme_change(
    client: Client, fiche: Experience
) -> None:
    html = client.get(corriger(fiche, "limites")).content.decode()
    assert "[téléphone masqué]" in html and NUMERO not in html
    reponse = envoyer(
        client, corriger(fiche, "limites"), c_limites="L’eau manque.\r\nAppelez le [téléphone masqué]."
    )
    assert "Vous n’avez rien changé" in reponse.content.decode()


def test_la_correction_attend_la_moderation_et_la_fiche_ne_change_pas(
    client: Client, fiche: Experience
) -> None:
    reponse = envoyer(
        client,
        corriger(fiche, "titre", "resume"),
        c_titre="Le jardin des voisines",
        c_resume=fiche.resume,
        mot="Elles l’ont renommé.",
        nom="Omar",
        courriel="omar@essais.exemple",
    )
    assert reponse["Location"] == reverse("experience_merci", args=[fiche.code, "correction"])
    correction = Contribution.objects.get()
    assert (correction.genre, correction.etat) == (GenreContribution.CORRECTION, EtatContribution.SOUMISE)
    assert correction.contenu == {"titre": "Le jardin des voisines"}
    assert correction.depart == {"titre": "Le jardin des voisins"}
    assert (correction.auteur_nom, correction.auteur_courriel) == ("Omar", "omar@essais.exemple")
    assert Demande.objects.get().genre == "correction"
    html = client.get(reverse("experience", args=[fiche.code, fiche.slug])).content.decode()
    assert "voisines" not in html and "omar@" not in html


def test_on_corrige_aussi_des_termes_des_partenaires_un_mois(client: Client, fiche: Experience) -> None:
    Partenariat.objects.create(
        experience=fiche,
        partenaire=PartenaireFactory(nom="Carsat"),
        role=RolePartenaire.FINANCEUR,
        montant=Decimal(6000),
    )
    TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Familles")
    adresse = corriger(fiche, "publics", "financeurs", "depuis_le")
    assert "Carsat : 6\u202f000" in client.get(adresse).content.decode()
    envoyer(
        client,
        adresse,
        c_publics=["seniors", "familles"],
        c_financeurs="Carsat : 7 500,50 €\nVille de Brive",
        c_depuis_le="03/2024",
    )
    assert Contribution.objects.get().contenu == {
        "depuis_le": "2024-03",
        "publics": ["seniors", "familles"],
        "financeurs": [
            {"nom": "Carsat", "montant": "7500.50"},
            {"nom": "Ville de Brive", "montant": ""},
        ],
    }


def test_on_choisit_d_abord_ce_que_l_on_corrige(client: Client, fiche: Experience) -> None:
    html = client.get(corriger(fiche)).content.decode()
    assert "Seniors" in html and NUMERO not in html and html.index("Titre") < html.index("Ce qui manque")
    assert "Aucun champ n’est coché" in client.get(corriger(fiche) + "?etape=champs").content.decode()
    assert "Aucun champ" not in client.get(corriger(fiche, "titre")).content.decode()


def test_un_champ_invente_ne_se_corrige_pas(client: Client, fiche: Experience) -> None:
    envoyer(client, corriger(fiche, "etat", "structure"), c_etat="retiree", etat="retiree")
    envoyer(client, corriger(fiche, "titre"), c_titre="Autre titre", c_etat="retiree", structure="1")
    assert Contribution.objects.get().contenu == {"titre": "Autre titre"}


def test_la_meme_correction_ne_se_recoit_qu_une_fois(client: Client, fiche: Experience) -> None:
    for _ in range(2):
        reponse = envoyer(client, corriger(fiche, "titre"), c_titre="Le jardin des voisines")
    assert "déjà arrivée" in reponse.content.decode() and Contribution.objects.count() == 1


def test_une_rafale_de_corrections_ne_noie_pas_la_file(fiche: Experience) -> None:
    for rang in range(CORRECTIONS_OUVERTES + 5):
        reponse = envoyer(
            Client(), corriger(fiche, "titre"), depuis=f"203.0.113.{rang}", c_titre=f"Titre {rang}"
        )
    assert Demande.objects.count() == CORRECTIONS_OUVERTES
    assert "déjà plusieurs corrections" in reponse.content.decode()
    assert f"Titre {rang}" in reponse.content.decode()


def test_une_personne_connectee_ne_redit_pas_son_nom(client_de: ClientDe, fiche: Experience) -> None:
    chloe = client_de("chloe")
    assert 'name="nom"' not in chloe.get(corriger(fiche, "titre")).content.decode()
    envoyer(chloe, corriger(fiche, "titre"), c_titre="Le jardin des voisines")
    assert str(Contribution.objects.get().auteur) == "Chloé Vasseur"


def test_un_an_apres_le_nom_et_le_courriel_s_effacent(client: Client, fiche: Experience) -> None:
    envoyer(client, corriger(fiche, "titre"), c_titre="Neuf", nom="Omar", courriel="omar@essais.exemple")
    assert effacer_les_auteurs_de_corrections() == 0
    Contribution.objects.update(soumise_le=timezone.now() - timedelta(days=366))
    assert effacer_les_auteurs_de_corrections() == 1
    correction = Contribution.objects.get()
    assert (correction.auteur_nom, correction.auteur_courriel) == ("", "")
