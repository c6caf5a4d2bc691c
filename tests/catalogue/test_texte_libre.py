"""Une note libre se relit pendant la frappe, et une fois à l'envoi ; elle n'est jamais bloquée."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from maillage.accueil.forms.suivi import CloreForm
from maillage.activites.forms.benevoles import EngagementForm, HeuresForm
from maillage.activites.forms.initiatives import SuiviForm
from maillage.activites.forms.seances import RaisonForm
from maillage.activites.forms.themes import AjustementForm
from maillage.catalogue.texte_libre import TexteLibreForm
from maillage.core.models import LigneJournal

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]
NOTES = [CloreForm, EngagementForm, HeuresForm, SuiviForm, RaisonForm, AjustementForm]


def test_sans_compte_on_ne_fait_relire_aucun_texte(client: Client) -> None:
    assert client.post(reverse("prudence"), {"texte": "06 12 34 56 78"}).status_code == 302


@pytest.mark.parametrize(
    ("texte", "mot", "dit"),
    [
        ("Rappeler au 06 12 34 56 78", "06 12 34 56 78", "Un numéro de téléphone."),
        ("Sécu : 1 85 05 78 006 084", "1 85 05 78 006 084", "Un numéro de sécurité sociale."),
        ("virement FR76 3000 6000 0112 3456 7890 189", "FR76 3000", "Un numéro de compte bancaire."),
        ("La dame dépressive du 3", "dépressive", "la santé d’une personne."),
        ("la famille, catholique", "catholique", "la religion d’une personne."),
        ("cet abruti", "abruti", "Ce mot peut blesser."),
    ],
)
def test_les_mots_a_relire_se_disent_pendant_la_frappe(
    texte: str, mot: str, dit: str, client_de: ClientDe
) -> None:
    page = (
        client_de("bruno").post(reverse("prudence"), {"texte": texte}).content.decode().replace("\u00a0", " ")
    )
    assert mot in page and dit in page and "La personne peut demander à lire ce texte" in page
    assert "fiche" not in page, "le conseil d'une fiche publiée ne vaut pas pour une note"


def test_un_texte_sans_rien_a_dire_ne_dit_rien_et_n_ecrit_rien(client_de: ClientDe) -> None:
    client = client_de("bruno")
    avant = LigneJournal.objects.count()
    assert not client.post(reverse("prudence"), {"texte": "Prévoir du papier et des feutres"}).content.strip()
    assert not client.post(reverse("prudence"), {}).content.strip()
    assert client.get(reverse("prudence")).status_code == 405
    assert LigneJournal.objects.count() == avant


@pytest.mark.parametrize("formulaire", NOTES)
def test_chaque_note_du_quotidien_est_gardee(formulaire: type[TexteLibreForm]) -> None:
    """Le champ dit où demander, et la case pour passer outre suit le texte."""
    champs = formulaire.base_fields
    assert formulaire.libres and set(formulaire.libres) <= set(champs) and "relu" in champs


def test_le_champ_dit_ou_se_relire_et_la_case_suit_le_texte() -> None:
    form = CloreForm({"etat": "fait", "issue": "Vu avec la dame dépressive"})
    assert not form.is_valid() and f'data-prudence="{reverse("prudence")}"' in str(form["issue"])
    assert list(form.fields)[-2:] == ["issue", "relu"] and 'type="checkbox"' in str(form["relu"])
    assert CloreForm({"etat": "fait", "issue": "Vu avec la dame dépressive", "relu": "on"}).is_valid()
