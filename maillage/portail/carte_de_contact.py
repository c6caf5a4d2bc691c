"""Carte de contact d'un centre, au format vCard 3.0 : celui que tous les téléphones lisent."""

from django.conf import settings
from django.urls import reverse

from maillage.territoire.models import Structure

LARGEUR = 75
"""Octets par ligne (RFC 2426) : au-delà, la ligne est pliée."""


def carte_de_contact(structure: Structure) -> str:
    lignes = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"FN:{_echapper(structure.nom)}",
        f"ORG:{_echapper(structure.nom)}",
        "KIND:org",
    ]
    if numero := structure.telephone_international or structure.telephone:
        lignes.append(f"TEL;TYPE=WORK,VOICE:{_echapper(numero)}")
    if structure.courriel:
        lignes.append(f"EMAIL;TYPE=INTERNET:{_echapper(structure.courriel)}")
    if structure.adresse or structure.commune:
        parties = [
            "",
            "",
            structure.adresse,
            str(structure.commune or ""),
            "",
            structure.code_postal,
            "France",
        ]
        lignes.append("ADR;TYPE=WORK:" + ";".join(_echapper(partie) for partie in parties))
    lignes.append(f"URL:{settings.MAILLAGE_URL}{reverse('centre', args=[structure.slug])}")
    lignes.append("END:VCARD")
    return "".join(_plier(ligne) + "\r\n" for ligne in lignes)


def _echapper(texte: str) -> str:
    for signe in ("\\", ";", ","):
        texte = texte.replace(signe, f"\\{signe}")
    return texte.replace("\r\n", "\n").replace("\n", "\\n")


def _plier(ligne: str) -> str:
    """Coupe tous les 75 octets sans couper une lettre ; la suite commence par une espace."""
    morceaux, courant = [], ""
    for lettre in ligne:
        if len((courant + lettre).encode()) > LARGEUR:
            morceaux.append(courant)
            courant = " "
        courant += lettre
    return "\r\n".join([*morceaux, courant])
