"""Numéros de téléphone français, outre-mer compris, écrits pour les machines (E.164)."""

import re

_INDICATIFS = {
    "262": ("0262", "0263", "0269", "0639", "0692", "0693"),
    "508": ("0508",),
    "590": ("0590", "0690", "0691"),
    "594": ("0594", "0694"),
    "596": ("0596", "0696", "0697"),
}


def telephone_international(numero: str) -> str:
    """« 04 00 00 00 00 » donne « +33400000000 » ; rien quand le numéro n'est pas reconnu.

    Numéros courts (« 3949 ») et services spéciaux (08) ne sont pas reconnus : ils n'ont pas d'écriture
    internationale sûre.
    """
    if numero.strip().startswith("+"):
        chiffres = re.sub(r"\D", "", numero)
        return f"+{chiffres}" if 8 <= len(chiffres) <= 15 else ""
    chiffres = re.sub(r"[\s.\-/]", "", numero)
    if not re.fullmatch(r"0[1-79]\d{8}", chiffres):
        return ""
    for indicatif, debuts in _INDICATIFS.items():
        if chiffres.startswith(debuts):
            return f"+{indicatif}{chiffres[1:]}"
    return f"+33{chiffres[1:]}"
