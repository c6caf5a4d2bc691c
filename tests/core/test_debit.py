"""Les limites de débit : refuser avec le délai, sans garder d'adresse."""

from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from maillage.core import debit as module
from maillage.core.debit import Debit, adresse_du_client, cle_anonyme, limiter


@pytest.fixture
def horloge(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    instant = [1_000_000.0]
    monkeypatch.setattr(module.time, "time", lambda: instant[0])
    return instant


def demande(adresse: str = "203.0.113.7", **entetes: str) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=adresse, **entetes)


def test_au_dela_de_la_rafale_on_attend(horloge: list[float]) -> None:
    debit = Debit("essai", par_minute=6, rafale=3)
    assert [debit.prendre("a") for _ in range(4)] == [0, 0, 0, 10]


def test_un_refus_ne_coute_rien_de_plus(horloge: list[float]) -> None:
    debit = Debit("essai", par_minute=6, rafale=1)
    debit.prendre("a")
    assert [debit.prendre("a") for _ in range(5)] == [10] * 5
    horloge[0] += 10
    assert debit.prendre("a") == 0


def test_le_seau_se_remplit_sans_depasser_la_rafale(horloge: list[float]) -> None:
    debit = Debit("essai", par_minute=60, rafale=2)
    horloge[0] += 3600
    assert [debit.prendre("a") for _ in range(3)] == [0, 0, 1]


def test_chacun_a_son_seau_et_chaque_limite_la_sienne(horloge: list[float]) -> None:
    un, autre = Debit("un", 6, 1), Debit("autre", 6, 1)
    assert [un.prendre("a"), un.prendre("b"), autre.prendre("a")] == [0, 0, 0]


@pytest.mark.parametrize(
    ("mandataires", "relais", "attendu"),
    [
        (0, "198.51.100.1", "203.0.113.7"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.1, 198.51.100.1, 192.0.2.9", "198.51.100.1"),
        (2, "198.51.100.1", "203.0.113.7"),
        (1, "", "203.0.113.7"),
    ],
)
def test_ce_qu_un_client_ecrit_lui_meme_n_est_pas_cru(
    settings: Any, mandataires: int, relais: str, attendu: str
) -> None:
    settings.MANDATAIRES_DE_CONFIANCE = mandataires
    entetes = {"HTTP_X_FORWARDED_FOR": relais} if relais else {}
    assert adresse_du_client(demande(**entetes)) == attendu


def test_l_adresse_n_est_jamais_gardee_et_la_cle_change_chaque_jour(monkeypatch: pytest.MonkeyPatch) -> None:
    aujourd_hui = cle_anonyme(demande())
    assert "203.0.113" not in aujourd_hui and len(aujourd_hui) == 32
    jour = module.timezone.localdate()
    monkeypatch.setattr(module.timezone, "localdate", lambda: jour.replace(year=jour.year + 1))
    assert cle_anonyme(demande()) != aujourd_hui


def test_en_ipv6_un_foyer_compte_pour_un() -> None:
    assert cle_anonyme(demande("2001:db8::1")) == cle_anonyme(demande("2001:db8::ffff"))
    assert cle_anonyme(demande("2001:db8::1")) != cle_anonyme(demande("2001:db8:0:1::1"))
    assert cle_anonyme(demande("")) != cle_anonyme(demande("2001:db8::1"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "type_de_contenu"), [("text/html", "text/html"), ("application/json", "json")]
)
def test_le_refus_dit_quand_recommencer(horloge: list[float], accept: str, type_de_contenu: str) -> None:
    @limiter(Debit("vue", par_minute=1, rafale=1))
    def vue(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    cache.clear()
    premiere = vue(demande(HTTP_ACCEPT=accept))
    seconde = vue(demande(HTTP_ACCEPT=accept))
    assert (premiere.status_code, seconde.status_code) == (200, 429)
    assert seconde.headers["Retry-After"] == "60"
    assert type_de_contenu in seconde.headers["Content-Type"]
