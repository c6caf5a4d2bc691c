"""Réduire chaque ligne d'une page à un signe.

Les libellés ont le leur dans `lexique`. S'y ajoutent : A « Actions », p « Partenaires d'action: »,
f « Partenaires financiers: », v une valeur « - … », - un tiret seul, b un blanc, t tout autre texte.
"""

import unicodedata

from maillage.catalogue.importation import lexique


def forme(ligne: str) -> str:
    """Forme sous laquelle un libellé se reconnaît : espaces, apostrophes et accents composés mis d'accord."""
    return unicodedata.normalize("NFC", " ".join(ligne.replace("’", "'").split()))


_FORMES = {
    lexique.DEBUT_DE_FICHE: "A",
    lexique.PARTENAIRES_ACTION: "p",
    lexique.PARTENAIRES_FINANCIERS: "f",
    **{f"- {libelle.texte}": libelle.signe for libelle in (*lexique.ORDRE_V2, *lexique.ORDRE_V1)},
}
_LONGUEUR_MAX = max(map(len, _FORMES)) + 10
_DEBUTS_SANS_TIRET = ("Actions", "Partenaires")


def signe_de(ligne: str) -> str:
    """La lettre qui représente cette ligne."""
    exact = _FORMES.get(ligne)
    if exact:
        return exact
    net = ligne.strip()
    if not net:
        return "b"
    if net[0] != "-":
        if len(net) < 30 and net.startswith(_DEBUTS_SANS_TIRET):
            return _FORMES.get(forme(net).replace(" :", ":"), "t")
        return "t"
    if net == "-":
        return "-"
    if not net[1].isspace():
        return "t"
    if len(net) <= _LONGUEUR_MAX:
        connue = forme(net)
        if connue.startswith(f"- {lexique.DEBUT_IMPACTS}"):
            return lexique.IMPACTS.signe
        return _FORMES.get(connue) or _FORMES.get(f"{connue}.") or "v"
    return "v"
