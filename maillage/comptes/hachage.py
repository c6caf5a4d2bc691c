"""Hacher un mot de passe : Argon2id, quelques-uns à la fois, après avoir normalisé l'écriture.

Un hachage prend un cœur et 46 Mio. Sans plafond, une poignée d'essais occuperait la machine entière et gèlerait
le catalogue (ADR 0013).
"""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

EN_MEME_TEMPS = 2
PATIENCE = 0.03  # secondes


class TropDeHachages(Exception):
    """Ce processus en fait déjà assez ; on recommencera dans un instant."""


_places = BoundedSemaphore(EN_MEME_TEMPS)


@contextmanager
def une_place() -> Iterator[None]:
    """Lève `TropDeHachages` si aucune place ne se libère tout de suite."""
    if not _places.acquire(timeout=PATIENCE):
        raise TropDeHachages
    try:
        yield
    finally:
        _places.release()


class Argon2Mesure(Argon2PasswordHasher):
    """Une passe, 46 Mio, un seul cœur : ce que l'OWASP recommande, sans prendre toute la machine.

    Un é saisi sur un Mac (e + accent) et sur un PC (é) est le même mot de passe : NFKC, comme le veut le NIST.
    """

    time_cost = 1
    memory_cost = 46 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with une_place():
            return super().encode(unicodedata.normalize("NFKC", password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        with une_place():
            return super().verify(unicodedata.normalize("NFKC", password), encoded)
