"""Le code carré d'une adresse, que l'appareil photo d'un téléphone lit : un seul tracé, net à toute taille."""

from typing import Final

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString

MARGE: Final = 4
"""Modules blancs autour du code ; en dessous, des lecteurs ne le trouvent pas (ISO/IEC 18004)."""


def dessiner_le_code(adresse: str, *, dit: str, allonge: float = 1) -> SafeString:
    """`dit` : où mène le code. `allonge` : combien de fois plus large que haut, le code à gauche ; une figure de
    document prend toute la largeur de la page."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=MARGE)
    code.add_data(adresse)
    code.make()
    modules = code.get_matrix()
    trace = "".join(
        f"M{x} {y}h1v1h-1z" for y, ligne in enumerate(modules) for x, est_noir in enumerate(ligne) if est_noir
    )
    return format_html(
        '<svg class="code-carre" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<path fill="#fff" d="M0 0h{}v{}H0z"/><path fill="#000" shape-rendering="crispEdges" d="{}"/></svg>',
        *(f"{len(modules) * allonge:g}", len(modules), dit, len(modules), len(modules), trace),
    )
