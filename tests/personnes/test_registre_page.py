"""Le registre : qui l'ouvre, ce qu'il montre, ce qu'un geste en fait."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from maillage.comptes.nominatif import NOMINATIF_VU
from maillage.personnes.choices import ChampDePersonne, EtatPersonne
from maillage.personnes.models import Consultation, PaireEcartee, Personne
from maillage.personnes.urls import urlpatterns
from tests.distribution import Distribution
from tests.personnes.adresses import adresses_des_personnes
from tests.personnes.fabriques import PersonneFactory, ouvrir_les_champs

ClientDe = Callable[[str], Client]
SANS_NOM = {
    "personnes_reglages",
    "champ_regler",
    "duree_fixer",
    "provenance_retirer",
    "personnes_traitements",
}

LUES = {
    **dict.fromkeys(("personnes", "personne_nouvelle", "personne", "personne_corriger"), False),
    **dict.fromkeys(("personne_droits", "personne_archive", "personne_archive_json", "foyer"), False),
    **dict.fromkeys(("personnes_doublons", "personne_reunir", "personnes_import"), False),
    **dict.fromkeys(("personnes_import_lu", "personnes_import_fautes", "personnes_traitements"), False),
    **dict.fromkeys(("personnes_reglages", "champ_regler", "personnes_conservation"), True),
}
"""Page → à la direction seule."""


@pytest.mark.parametrize("prenom", ["bruno", "farid", "chloe", "denis", "lea", "nadia", "omar"])
def test_personne_d_autre_que_l_accueil_et_la_direction_n_ouvre_une_fiche(
    distribution: Distribution, client_de: ClientDe, prenom: str
) -> None:
    personne = PersonneFactory(structure=distribution.deux_ponts)
    client = client_de(prenom)
    for nom in ("personne", "personne_corriger", "personne_droits", "personne_archive_json"):
        assert client.get(reverse(nom, args=[personne.pk])).status_code in {302, 404}, nom
    assert not Consultation.objects.exists()


def test_chaque_page_qui_nomme_demande_le_second_facteur() -> None:
    nues = {u.name for u in urlpatterns if not getattr(u.callback, "est_nominative", False)}
    assert nues == SANS_NOM


def test_sans_telephone_relie_ou_apres_une_pause_la_page_se_referme(
    distribution: Distribution, client_de: ClientDe
) -> None:
    ines = client_de("ines")
    assert ines.get(reverse("personnes")).status_code == 200
    session = ines.session
    session[NOMINATIF_VU] = 0
    session.save()
    assert reverse("account_reauthenticate") in ines.get(reverse("personnes"))["Location"]
    Authenticator.objects.filter(user=distribution.ines).delete()
    assert reverse("mfa_activate_totp") in ines.get(reverse("personnes"))["Location"]


def test_ines_note_une_personne_puis_la_retrouve_et_sa_lecture_se_note(
    distribution: Distribution, client_de: ClientDe
) -> None:
    ouvrir_les_champs(distribution.deux_ponts, ChampDePersonne.NAISSANCE)
    ines = client_de("ines")
    page = ines.get(reverse("personne_nouvelle")).content.decode()
    assert "Sert à compter par âge" in page and "Téléphone" not in page and "Cnil" in page
    vide = ines.post(reverse("personne_nouvelle"), {"prenom": "", "nom": "", "telephone": "06"})
    assert vide.status_code == 422 and "au moins un prénom" in vide.content.decode()
    ines.post(reverse("personne_nouvelle"), {"prenom": "Éloïse", "nom": "Le Goff", "naissance": "1987"})
    personne = Personne.objects.get()
    assert personne.structure == distribution.deux_ponts and personne.telephone == ""
    liste = ines.get(reverse("personnes"), {"q": "eloize"}).content.decode()
    assert reverse("personne", args=[personne.pk]) in liste
    for _ in range(2):
        assert "1987" in ines.get(reverse("personne", args=[personne.pk])).content.decode()
    assert Consultation.objects.get().par == distribution.ines, "une fois par heure"


def test_une_fiche_qui_lui_ressemble_se_montre_avant_d_en_noter_une_autre(
    distribution: Distribution, client_de: ClientDe
) -> None:
    centre = distribution.deux_ponts
    lina = PersonneFactory(structure=centre, prenom="Lina", nom="Brahimi")
    PersonneFactory(structure=distribution.quatre_vents, prenom="Lina", nom="Brahimi")
    PersonneFactory(structure=centre, prenom="Lina", nom="Brahimi", etat=EtatPersonne.LIMITEE)
    ines, adresse, saisie = (
        client_de("ines"),
        reverse("personne_nouvelle"),
        {"prenom": "Lina", "nom": "Brahim"},
    )
    page = ines.post(adresse, saisie)
    assert [une.autre for une in page.context["connues"]] == [lina]
    assert (
        reverse("personne", args=[lina.pk]) in page.content.decode()
        and 'value="Brahim"' in page.content.decode()
    )
    assert Personne.objects.filter(structure=centre).count() == 2, "rien n'est noté d'office"
    lu = re.search(r'name="autre_que" value="([\d,]+)"', page.content.decode())
    assert lu is not None
    loin = ines.post(adresse, {"prenom": "Ada", "nom": "Bou", "autre_que": lu[1]})
    assert loin.status_code == 302, "le nom changé, la question ne se pose plus"
    assert not PaireEcartee.objects.exists()
    ines.post(adresse, saisie | {"autre_que": lu[1]})
    neuve = Personne.objects.get(nom="Brahim")
    paire = PaireEcartee.objects.get()
    assert {paire.une, paire.autre} == {lina, neuve}, "la page des doublons ne la demandera plus"


def test_un_pere_et_son_fils_du_meme_nom_se_notent_sans_question(
    distribution: Distribution, client_de: ClientDe
) -> None:
    ouvrir_les_champs(distribution.deux_ponts, ChampDePersonne.NAISSANCE)
    PersonneFactory(structure=distribution.deux_ponts, prenom="Jean", nom="Roy", naissance=1960)
    client_de("ines").post(
        reverse("personne_nouvelle"), {"prenom": "Jean", "nom": "Roy", "naissance": "1990"}
    )
    assert Personne.objects.filter(nom="Roy").count() == 2


@pytest.mark.parametrize(
    "page", ["personne_archive", "personne_archive_json", "personne_corriger", "personne_droits"]
)
def test_lire_ce_que_le_centre_sait_par_une_autre_page_se_note_aussi(
    page: str, distribution: Distribution, client_de: ClientDe
) -> None:
    personne = PersonneFactory(structure=distribution.deux_ponts)
    client_de("ines").get(reverse(page, args=[personne.pk]))
    assert Consultation.objects.get().personne == personne


def test_deux_corrections_en_meme_temps_montrent_les_deux(
    distribution: Distribution, client_de: ClientDe
) -> None:
    personne = PersonneFactory(structure=distribution.deux_ponts, prenom="Adam", nom="Bo")
    adresse = reverse("personne_corriger", args=[personne.pk])
    client_de("amina").post(adresse, {"prenom": "Adam", "nom": "Beau", "version": "1"})
    reponse = client_de("ines").post(adresse, {"prenom": "Adam", "nom": "Bot", "version": "1"})
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "Beau" in page and 'value="Bot"' in page


def test_chaque_page_s_ouvre_a_qui_la_table_l_ouvre(distribution: Distribution, client_de: ClientDe) -> None:
    parametres = adresses_des_personnes(distribution)
    for prenom in ("ines", "amina"):
        client = client_de(prenom)
        for nom, directrice_seule in LUES.items():
            voulu = 404 if directrice_seule and prenom == "ines" else 200
            recu = client.get(reverse(nom, kwargs=parametres.get(nom, {}))).status_code
            assert recu == voulu, (nom, prenom)
