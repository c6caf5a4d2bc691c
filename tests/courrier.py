"""Le courrier des tests : le facteur passe, puis on lit ce qui est parti."""

import re

from django.core import mail
from django.core.mail import EmailMessage

from maillage.core.courrier import envoyer_ce_qui_attend


def courriels(a: str = "") -> list[EmailMessage]:
    """Ce qui est parti, facteur passé ; `a` : pour cette adresse seulement."""
    envoyer_ce_qui_attend()
    return [courriel for courriel in mail.outbox if not a or courriel.to == [a]]


def chemin_du_dernier(a: str = "") -> str:
    """Le chemin du premier lien du dernier courriel."""
    trouve = re.search(r"https?://[^/\s]+(/\S+)", str(courriels(a)[-1].body))
    assert trouve
    return trouve[1]
