"""Les demandes à suivre : au registre seul, derrière le second facteur, et le journal ne nomme personne."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accueil.models import DemandeASuivre, Passage
from maillage.accueil.operations.passages import noter_passage
from maillage.comptes.nominatif import NOMINATIF_VU
from maillage.core.conservation import faire_le_menage
from maillage.core.models import LigneJournal
from tests.accueil.fabriques import DemandeASuivreFactory, PassageFactory, TypeDeDemandeFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]


@pytest.fixture
def adresse(distribution: Distribution) -> str:
    return f"/espace/comptoir/{distribution.deux_ponts.pk}/a-suivre/"


@pytest.fixture
def suivie(distribution: Distribution) -> DemandeASuivre:
    return DemandeASuivreFactory(structure=distribution.deux_ponts, prenom="Mona", contact="06 00 00 00 00")


@pytest.mark.parametrize("personne", ["bruno", "chloe", "denis", "lea", "omar"])
def test_qui_ne_tient_pas_le_registre_ne_lit_aucun_prenom(
    personne: str, client_de: ClientDe, adresse: str, suivie: DemandeASuivre
) -> None:
    for suite in ("", "nouvelle/", f"{suivie.pk}/"):
        reponse = client_de(personne).get(adresse + suite)
        assert reponse.status_code in {302, 404}
        assert "Mona" not in reponse.content.decode()


def test_apres_une_pause_le_code_est_redemande(
    client_de: ClientDe, adresse: str, suivie: DemandeASuivre
) -> None:
    client = client_de("ines")
    assert client.get(adresse).status_code == 200
    session = client.session
    session[NOMINATIF_VU] = int(timezone.now().timestamp()) - 31 * 60
    session["account_authentication_methods"] = []
    session.save()
    reponse = client.get(adresse)
    assert reponse.status_code == 302 and "Mona" not in reponse.content.decode()


def test_la_demande_d_un_autre_centre_n_existe_pas(client_de: ClientDe, adresse: str) -> None:
    ailleurs = DemandeASuivreFactory()
    assert client_de("ines").get(f"{adresse}{ailleurs.pk}/").status_code == 404
    assert client_de("ines").post(f"{adresse}{ailleurs.pk}/clore/", {"etat": "fait"}).status_code == 404


def test_une_personne_d_ailleurs_ne_peut_pas_s_en_occuper(
    client_de: ClientDe, adresse: str, distribution: Distribution
) -> None:
    envoi = {"objet": "Rappeler", "a_faire_avant": "2026-12-01", "responsable": distribution.chloe.pk}
    assert client_de("ines").post(f"{adresse}nouvelle/", envoi).status_code == 422


def test_un_objet_qui_dit_la_sante_demande_a_etre_relu(client_de: ClientDe, adresse: str) -> None:
    envoi = {"objet": "Rappeler la dame dépressive", "a_faire_avant": "2026-12-01"}
    reponse = client_de("ines").post(f"{adresse}nouvelle/", envoi)
    assert reponse.status_code == 422 and "dépressive" in reponse.content.decode()
    assert client_de("ines").post(f"{adresse}nouvelle/", envoi | {"relu": "on"}).status_code == 302


def test_une_demande_se_note_se_clot_et_se_rouvre_sans_nom_au_journal(
    client_de: ClientDe, adresse: str, distribution: Distribution
) -> None:
    client = client_de("ines")
    envoi = {"objet": "Retrouver un dossier", "a_faire_avant": "2026-12-01", "prenom": "Mona"}
    client.post(f"{adresse}nouvelle/", envoi | {"responsable": distribution.bruno.pk})
    suivie = DemandeASuivre.objects.get()
    assert (suivie.structure, suivie.responsable) == (distribution.deux_ponts, distribution.bruno)
    assert client.post(f"{adresse}{suivie.pk}/clore/", {"etat": "fait", "version": 1}).status_code == 422
    client.post(f"{adresse}{suivie.pk}/clore/", {"etat": "fait", "issue": "Dossier trouvé", "version": 1})
    suivie.refresh_from_db()
    assert (suivie.etat, suivie.issue) == ("fait", "Dossier trouvé") and suivie.close_le
    client.post(f"{adresse}{suivie.pk}/rouvrir/")
    suivie.refresh_from_db()
    assert (suivie.etat, suivie.close_le) == ("ouvert", None)
    lignes = LigneJournal.objects.filter(objet_type="accueil.demandeasuivre")
    assert lignes.count() == 3
    assert not any("Mona" in f"{ligne.phrase}{ligne.avant}{ligne.apres}" for ligne in lignes)


def test_une_demande_se_modifie_et_deux_personnes_ne_s_ecrasent_pas(
    client_de: ClientDe, adresse: str, suivie: DemandeASuivre
) -> None:
    page, envoi = f"{adresse}{suivie.pk}/", {"objet": "Rappeler jeudi", "a_faire_avant": "2026-12-03"}
    assert client_de("ines").post(page, envoi | {"version": suivie.version}).status_code == 302
    tard = client_de("amina").post(
        page, envoi | {"objet": "Autre chose", "version": suivie.version}, follow=True
    )
    suivie.refresh_from_db()
    assert suivie.objet == "Rappeler jeudi"
    assert "changé" in tard.content.decode()


def test_aujourd_hui_rappelle_ce_qui_est_du_sans_prenom(
    client_de: ClientDe, suivie: DemandeASuivre, distribution: Distribution
) -> None:
    DemandeASuivreFactory(
        structure=distribution.deux_ponts,
        objet="Plus tard",
        a_faire_avant=timezone.localdate() + timedelta(2),
    )
    page = client_de("ines").get("/espace/a-suivre/").content.decode()
    assert suivie.objet in page
    assert "Mona" not in page and "Plus tard" not in page


def test_trois_mois_apres_la_fin_prenom_et_contact_sont_effaces(suivie: DemandeASuivre) -> None:
    fin = timezone.now()
    DemandeASuivre.objects.filter(pk=suivie.pk).update(etat="fait", close_le=fin)
    faire_le_menage((fin + timedelta(days=91)).date())
    suivie.refresh_from_db()
    assert suivie.prenom == "Mona"
    faire_le_menage((fin + timedelta(days=94)).date())
    suivie.refresh_from_db()
    assert (suivie.prenom, suivie.contact, suivie.objet) == ("", "", "Retrouver le numéro d’allocataire")


def test_une_demande_se_suit_depuis_le_dernier_passage_et_ramene_au_comptoir(
    client_de: ClientDe, adresse: str, distribution: Distribution
) -> None:
    passage = passer(distribution)
    client = client_de("ines")
    comptoir = reverse("comptoir_centre", args=[distribution.deux_ponts.pk])
    nouvelle = f"{adresse}nouvelle/?passage={passage.cle}"
    assert nouvelle in client.get(comptoir).content.decode()
    page = client.get(nouvelle).content.decode()
    assert 'value="Papiers : "' in page and f'value="{passage.cle}"' in page and f'href="{comptoir}"' in page
    envoi = {"objet": "Papiers : rappeler la mairie", "a_faire_avant": "2026-12-01", "passage": passage.cle}
    reponse = client.post(f"{adresse}nouvelle/", envoi)
    assert reponse.status_code == 302 and reponse["Location"] == comptoir
    suivie = DemandeASuivre.objects.get()
    assert suivie.passage == passage
    # De l'un à l'autre, et retour ; changer la demande ne touche pas à son passage.
    du_passage = reverse("passage", args=[distribution.deux_ponts.pk, passage.cle])
    assert f"{adresse}{suivie.pk}/" in client.get(du_passage).content.decode()
    assert du_passage in client.get(f"{adresse}{suivie.pk}/").content.decode()
    client.post(f"{adresse}{suivie.pk}/", envoi | {"passage": "", "version": suivie.version})
    suivie.refresh_from_db()
    assert suivie.passage == passage


def test_qui_ne_suit_pas_les_demandes_n_en_voit_pas_depuis_le_passage(
    client_de: ClientDe, distribution: Distribution
) -> None:
    passage = passer(distribution, par="bruno")
    DemandeASuivreFactory(structure=distribution.deux_ponts, passage=passage, objet="Rappeler la mairie")
    client = client_de("bruno")
    for page in (
        reverse("comptoir_centre", args=[distribution.deux_ponts.pk]),
        reverse("passage", args=[distribution.deux_ponts.pk, passage.cle]),
    ):
        lue = client.get(page).content.decode()
        assert "a-suivre" not in lue and "Rappeler la mairie" not in lue


@pytest.mark.parametrize("cle", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_un_passage_inconnu_ou_d_ailleurs_ne_se_rattache_pas(
    cle: str, client_de: ClientDe, adresse: str, distribution: Distribution
) -> None:
    client = client_de("ines")
    assert client.get(f"{adresse}nouvelle/", {"passage": cle}).status_code == 200
    ailleurs = PassageFactory(structure=distribution.quatre_vents)
    envoi = {"objet": "Rappeler la mairie", "a_faire_avant": "2026-12-01", "passage": ailleurs.cle}
    assert client.post(f"{adresse}nouvelle/", envoi).status_code == 422
    assert not DemandeASuivre.objects.exists()


def passer(distribution: Distribution, par: str = "ines") -> Passage:
    return noter_passage(
        distribution.deux_ponts,
        cle=uuid4(),
        types=[TypeDeDemandeFactory(structure=distribution.deux_ponts, libelle="Papiers")],
        par=getattr(distribution, par),
    )
