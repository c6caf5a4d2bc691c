"""Typst à l'œuvre, dans un processus à lui, le temps d'un document : sa mémoire s'en va avec lui.

Typst garde ce qu'il a composé pour aller plus vite la fois d'après : 150 Mo par grand dossier, jamais rendus. Ce
fichier se lance seul, sans Django : il lit sa commande en JSON sur l'entrée et rend, sur la sortie, une ligne de JSON
puis les octets.
"""

import json
import sys
from typing import Any


def composer(commande: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """`essais` : les façons de mettre en page, de la plus large à la plus serrée ; une seule si rien n'est voulu."""
    import typst

    polices = typst.Fonts(include_system_fonts=False, font_paths=[commande["polices"]])

    def ouvrir(entrees: dict[str, str]) -> typst.Compiler:
        return typst.Compiler(
            input=commande["source"].encode(), root=commande["racine"], font_paths=polices, sys_inputs=entrees
        )

    try:
        compilateurs = [ouvrir(entrees) for entrees in commande["essais"]]
        choisi = compilateurs[0]
        if tient_en := commande["tient_en"]:
            comptes = [(un, int(un.query("<pages>", field="value", one=True))) for un in compilateurs]
            voulus = (un for cible in (tient_en, tient_en + 1) for un, pages in comptes if pages <= cible)
            choisi = next(voulus, choisi)
        rendus, avertissements = choisi.compile_with_warnings(**commande["rendu"])
    except typst.TypstError as refus:
        return {"refus": str(refus.diagnostic)}, []
    pages = [page for page in (rendus if isinstance(rendus, list) else [rendus]) if page is not None]
    dits = [str(avertissement.diagnostic) for avertissement in avertissements]
    return {"avertissements": dits, "tailles": [len(page) for page in pages]}, pages


if __name__ == "__main__":
    entete, pages = composer(json.load(sys.stdin.buffer))
    sys.stdout.buffer.write(json.dumps(entete).encode() + b"\n" + b"".join(pages))
