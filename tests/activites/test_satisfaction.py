"""L'avis en sortant : un geste, le jour même, sans nom, et un partage qui ne trahit personne."""

import io
import re
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import qrcode
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from maillage.activites.choices import EtatSeance, ReponseSatisfaction
from maillage.activites.jetons import AVIS
from maillage.activites.models import Satisfaction, Seance
from maillage.activites.operations.satisfaction import donner_satisfaction
from maillage.activites.satisfaction import avis_de
from maillage.core.ecriture import GesteRefuse
from maillage.core.qr import dessiner_le_code
from tests.activites.fabriques import ActiviteFactory, SeanceFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def seance(distribution: Distribution) -> Seance:
    une: Seance = SeanceFactory(
        activite=ActiviteFactory(structure=distribution.deux_ponts, animateurs=[distribution.bruno])
    )
    return une


def adresse(seance: Seance) -> str:
    return reverse("avis_de_sortie", args=[AVIS.sign(str(seance.pk))])


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (datetime(2026, 6, 19, 23, 59, tzinfo=PARIS), 410),
        (datetime(2026, 6, 20, 0, 0, tzinfo=PARIS), 200),
        (datetime(2026, 6, 20, 23, 59, tzinfo=PARIS), 200),
        (datetime(2026, 6, 21, 1, 10, tzinfo=PARIS), 200),  # on sort d'une soirée finie à minuit quinze
        (datetime(2026, 6, 21, 1, 20, tzinfo=PARIS), 410),
    ],
)
def test_la_page_s_ouvre_le_jour_meme_et_jusqu_a_la_sortie(
    moment: datetime, code: int, seance: Seance, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Seance.objects.filter(pk=seance.pk).update(
        debut=datetime(2026, 6, 20, 21, tzinfo=PARIS), fin=datetime(2026, 6, 21, 0, 15, tzinfo=PARIS)
    )
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    reponse = client.post(adresse(seance), {"reponse": "tres", "cle": str(uuid4())})
    assert reponse.status_code == code
    assert Satisfaction.objects.exists() is (code == 200)


def test_annulee_la_page_est_fermee(seance: Seance, client: Client) -> None:
    Seance.objects.filter(pk=seance.pk).update(etat=EtatSeance.ANNULEE)
    reponse = client.post(adresse(seance), {"reponse": "tres", "cle": str(uuid4())})
    assert reponse.status_code == 410 and not Satisfaction.objects.exists()


@pytest.mark.parametrize(
    "donnees", [{}, {"reponse": "roi", "cle": str(uuid4())}, {"reponse": "tres", "cle": "x"}]
)
def test_un_geste_mal_forme_n_existe_pas(donnees: dict[str, str], seance: Seance, client: Client) -> None:
    assert client.post(adresse(seance), donnees).status_code == 404
    assert not Satisfaction.objects.exists()


def test_une_seance_annulee_ne_recoit_pas_d_avis(seance: Seance) -> None:
    seance.etat = EtatSeance.ANNULEE
    with pytest.raises(GesteRefuse, match="annulée"):
        donner_satisfaction(seance, ReponseSatisfaction.TRES, cle=uuid4())


def test_le_meme_geste_ne_compte_qu_une_fois(seance: Seance, client: Client) -> None:
    geste = {"reponse": "plutot", "cle": str(uuid4())}
    for _ in range(2):
        assert "Merci" in client.post(adresse(seance), geste).content.decode()
    assert Satisfaction.objects.get().reponse == ReponseSatisfaction.PLUTOT


def test_le_debit_est_limite(seance: Seance, client: Client) -> None:
    codes = {client.get(adresse(seance)).status_code for _ in range(70)}
    assert codes == {200, 429}


def test_un_partage_ne_se_montre_qu_a_partir_de_cinq(
    seance: Seance, client_de: ClientDe, distribution: Distribution
) -> None:
    for nombre in range(1, 6):
        donner_satisfaction(
            seance, ReponseSatisfaction.TRES if nombre > 1 else ReponseSatisfaction.PAS, cle=uuid4()
        )
        assert bool(avis_de(seance).parts) is (nombre >= 5)
    page = client_de("bruno").get(reverse("feuille", args=[seance.pk])).content.decode()
    assert "5\u00a0avis sans nom" in page and dict(avis_de(seance).parts) == {
        "Très content": "80",
        "Plutôt content": "0",
        "Plutôt déçu": "0",
        "Déçu": "20",
    }


# --- Le code à scanner ------------------------------------------------------------------------------


def test_le_code_se_montre_a_l_equipe_seule_et_jamais_pour_une_seance_annulee(
    client_de: ClientDe, seance: Seance
) -> None:
    affiche = reverse("avis_affiche", args=[seance.pk])
    assert client_de("chloe").get(affiche).status_code == 404
    page = client_de("farid").get(affiche).content.decode()
    assert f"{settings.MAILLAGE_URL}{adresse(seance)}" in page and 'class="code-carre"' in page
    assert affiche in client_de("bruno").get(reverse("seance", args=[seance.pk])).content.decode()
    Seance.objects.filter(pk=seance.pk).update(etat=EtatSeance.ANNULEE)
    assert client_de("farid").get(affiche).status_code == 404


def test_le_code_s_imprime_avec_la_feuille_a_signer(client_de: ClientDe, seance: Seance) -> None:
    pdf = client_de("bruno").get(reverse("feuille_a_signer", args=[seance.pk])).content
    texte = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "Scannez, un geste suffit" in texte


def test_le_trace_est_celui_du_code(seance: Seance) -> None:
    """Chaque carré noir du tracé, relu, redonne la grille du code ; la marge blanche reste vide."""
    voulu = "https://maillage.example/avis/1.abc/"
    svg = dessiner_le_code(voulu, dit="Où il mène", allonge=3)
    noirs = {(int(x), int(y)) for x, y in re.findall(r"M([0-9]+) ([0-9]+)h1v1h-1z", svg)}
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(voulu)
    code.make()
    grille = code.get_matrix()
    assert noirs == {(x + 4, y + 4) for y, ligne in enumerate(grille) for x, noir in enumerate(ligne) if noir}
    cote = len(grille) + 8
    assert f'viewBox="0 0 {cote * 3} {cote}"' in svg
