"""Le courrier de la démonstration : les messages que Django écrit dans un dossier au lieu de les envoyer."""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import nh3
from django.conf import settings
from django.utils import timezone

SEPARATEUR = b"\n" + b"-" * 79 + b"\n"  # écrit par django.core.mail.backends.filebased
PLUS_RECENTS = 200
FIN_DE_LIGNE_HTML = re.compile(r"(?i)<br\s*/?>|</(?:p|div|li|h[1-6]|tr)>")


@dataclass(frozen=True)
class Courriel:
    identifiant: str
    objet: str
    expediteur: str
    destinataires: str
    envoye_le: datetime
    texte: str


def courriels() -> list[Courriel]:
    """Les derniers messages, le plus récent d'abord."""
    fichiers = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), reverse=True)[:PLUS_RECENTS]
    trouves = [courriel for fichier in fichiers for courriel in _messages(fichier)]
    return sorted(trouves, key=lambda courriel: (courriel.envoye_le, courriel.identifiant), reverse=True)


def trouver(identifiant: str) -> Courriel | None:
    """L'identifiant est cherché dans la liste : il ne devient jamais un chemin."""
    return next((courriel for courriel in courriels() if courriel.identifiant == identifiant), None)


def _messages(fichier: Path) -> list[Courriel]:
    """Un fichier par envoi groupé, un ou plusieurs messages dedans."""
    morceaux = [morceau for morceau in fichier.read_bytes().split(SEPARATEUR) if morceau.strip()]
    return [_lire(morceau, f"{fichier.stem}-{rang}", fichier) for rang, morceau in enumerate(morceaux, 1)]


def _lire(octets: bytes, identifiant: str, fichier: Path) -> Courriel:
    message = message_from_bytes(octets.lstrip(), _class=EmailMessage, policy=policy.default)
    return Courriel(
        identifiant=identifiant,
        objet=str(message["Subject"] or "Sans objet"),
        expediteur=str(message["From"] or ""),
        destinataires=str(message["To"] or ""),
        envoye_le=_moment(message) or datetime.fromtimestamp(fichier.stat().st_mtime, UTC),
        texte=_texte(message),
    )


def _moment(message: EmailMessage) -> datetime | None:
    """Django date ses messages « -0000 » : l'heure est universelle, mais sans fuseau une fois lue."""
    moment: datetime | None = getattr(message["Date"], "datetime", None)
    return moment.replace(tzinfo=UTC) if moment and timezone.is_naive(moment) else moment


def _texte(message: EmailMessage) -> str:
    """Le texte du message ; d'un message qui n'a que du HTML, on ne garde que les mots."""
    partie = message.get_body(preferencelist=("plain", "html"))
    if partie is None:
        return ""
    contenu: str = partie.get_content()
    if partie.get_content_subtype() == "html":
        mots = nh3.clean(
            FIN_DE_LIGNE_HTML.sub("\n", contenu), tags=set(), clean_content_tags={"script", "style"}
        )
        contenu = html.unescape(mots)
    return contenu.strip()
