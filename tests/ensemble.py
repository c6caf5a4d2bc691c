"""Des actes qui partent au même instant, chacun dans son fil et sur sa connexion."""

import threading
from collections.abc import Callable

from django.db import connection


def en_meme_temps(*actes: Callable[[], object]) -> list[object]:
    """Ce que chacun a rendu, ou l'erreur qu'il a levée."""
    rendus: list[object] = [None] * len(actes)
    depart = threading.Barrier(len(actes))

    def jouer(rang: int, acte: Callable[[], object]) -> None:
        try:
            depart.wait()
            rendus[rang] = acte()
        except Exception as erreur:  # noqa: BLE001 - rendue au test, qui la juge
            rendus[rang] = erreur
        finally:
            connection.close()

    fils = [threading.Thread(target=jouer, args=(rang, acte)) for rang, acte in enumerate(actes)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return rendus
