"""Les adresses signées : qui l'a reçue peut s'en servir, personne ne la devine."""

from django.core.signing import BadSignature, Signer
from django.urls import reverse

AVIS = Signer(salt="activites.satisfaction", sep=".")
MOIS = Signer(salt="activites.mois", sep=".")
PLACE = Signer(salt="activites.place", sep=".")


def adresse_signee(nom: str, signataire: Signer, numero: int, suite: str = "") -> str:
    """`suite` : ce qui périme l'adresse quand il change."""
    return reverse(nom, args=[signataire.sign(f"{numero}:{suite}" if suite else str(numero))])


def numero_du_jeton(signataire: Signer, jeton: str) -> tuple[int, str] | None:
    """Le numéro et la suite, ou rien quand l'adresse a été devinée."""
    try:
        numero, _, suite = signataire.unsign(jeton).partition(":")
        return int(numero), suite
    except (BadSignature, ValueError):
        return None
