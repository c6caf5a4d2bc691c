"""Une personne devant un vrai serveur : témoins, formulaires avec leur jeton, réponses jamais cachées."""

import base64
import hmac
import http.client
import http.cookiejar
import re
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CONNEXION = "/compte/connexion/"


@dataclass(frozen=True)
class Reponse:
    code: int
    texte: str
    entetes: dict[str, str]
    adresse: str


class _SansSuivre(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass
class Visiteur:
    """`origine` : l'adresse qu'un mandataire de confiance annoncerait pour elle."""

    serveur: str
    origine: str = ""
    suit: bool = True
    temoins: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def __post_init__(self) -> None:
        suite = [] if self.suit else [_SansSuivre()]
        temoins = urllib.request.HTTPCookieProcessor(self.temoins)
        self._fenetre = urllib.request.build_opener(temoins, *suite)

    def demander(
        self,
        page: str,
        corps: dict[str, str] | None = None,
        delai: float = 60,
        entetes: dict[str, str] | None = None,
    ) -> Reponse:
        """Lève `OSError` quand le serveur ne répond pas ; toute réponse, même 500, est rendue."""
        nommes = dict(entetes or {})
        if self.origine:
            nommes["X-Forwarded-For"] = self.origine
        donnees = urllib.parse.urlencode(corps).encode() if corps is not None else None
        demande = urllib.request.Request(self.serveur + page, donnees, nommes)  # noqa: S310 - serveur local
        try:
            recue = self._fenetre.open(demande, timeout=delai)
        except urllib.error.HTTPError as refus:
            recue = refus
        with recue:
            try:
                texte = recue.read().decode(errors="replace")
            except http.client.HTTPException as coupee:  # le serveur est mort au milieu de sa réponse
                raise ConnectionError(str(coupee)) from coupee
            return Reponse(recue.status, texte, {k.lower(): v for k, v in recue.headers.items()}, recue.url)

    def envoyer(self, page: str, champs: dict[str, str], entetes: dict[str, str] | None = None) -> Reponse:
        """Ouvre la page, prend le jeton de son formulaire, envoie."""
        caches = champs_caches(self.demander(page).texte)
        return self.demander(page, caches | champs, entetes=entetes)

    def entrer(self, compte: Mapping[str, str]) -> Reponse:
        """`compte` : une ligne de `charger_demo`. Son second facteur est donné, comme son téléphone le ferait."""
        seconde_etape = self.envoyer(
            CONNEXION, {"login": compte["courriel"], "password": compte["mot_de_passe"]}
        )
        if not compte["secret"]:
            return seconde_etape
        champs = champs_caches(seconde_etape.texte) | {"code": code_du_moment(compte["secret"])}
        return self.demander(seconde_etape.adresse.removeprefix(self.serveur), champs)


def code_du_moment(secret: str) -> str:
    """Les six chiffres de la RFC 6238, sans l'application éprouvée : c'est le téléphone qui les calcule."""
    tirage = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    place = tirage[-1] & 15
    return str(int.from_bytes(tirage[place : place + 4]) & 0x7FFFFFFF)[-6:].zfill(6)


def champs_caches(page: str) -> dict[str, str]:
    """Ce qu'un navigateur renvoie sans que personne le tape."""
    champs = {}
    for balise in re.findall(r"<input\b[^>]*>", page):
        attributs = dict(re.findall(r'([\w-]+)="([^"]*)"', balise))
        if attributs.get("type") == "hidden" and "name" in attributs:
            champs[attributs["name"]] = attributs.get("value", "")
    return champs
