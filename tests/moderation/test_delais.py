"""Deux jours ouvrés : ce qui est promis, compté sans les jours chômés."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from maillage.moderation.delais import limite_du_retard

PARIS = ZoneInfo("Europe/Paris")


def a(jour: str, heure: str = "10:00") -> datetime:
    return datetime.fromisoformat(f"{jour}T{heure}").replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("deposee", "maintenant", "est_en_retard"),
    [
        # 16 novembre 2026 : un lundi
        (a("2026-11-16"), a("2026-11-18", "09:59"), False),
        (a("2026-11-16"), a("2026-11-18", "10:01"), True),
        # le vendredi soir, le samedi et le dimanche ne comptent pas
        (a("2026-11-13"), a("2026-11-16", "23:00"), False),
        (a("2026-11-13"), a("2026-11-17", "10:01"), True),
        (a("2026-11-12", "15:00"), a("2026-11-15", "22:00"), False),
        (a("2026-11-11", "23:00"), a("2026-11-14", "00:30"), True),
        # ce qui arrive un dimanche compte du lundi matin
        (a("2026-11-15"), a("2026-11-17", "23:59"), False),
        (a("2026-11-15"), a("2026-11-18", "00:01"), True),
        # 1er mai 2026, un vendredi, est férié
        (a("2026-04-30"), a("2026-05-04", "10:01"), False),
        (a("2026-04-30"), a("2026-05-05", "10:01"), True),
        # le changement d'heure du 25 octobre 2026 n'ajoute pas une heure
        (a("2026-10-23"), a("2026-10-27", "09:59"), False),
        (a("2026-10-23"), a("2026-10-27", "10:01"), True),
    ],
)
def test_en_retard_apres_deux_jours_ouvres(
    deposee: datetime, maintenant: datetime, est_en_retard: bool
) -> None:
    assert (deposee < limite_du_retard(maintenant)) is est_en_retard
