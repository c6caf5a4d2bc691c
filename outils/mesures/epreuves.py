"""Les longues épreuves : le dernier résultat daté de chacune (l'histoire est dans `docs/epreuves.md`)."""

from outils.epreuves.__main__ import PAGE
from outils.mesures import Mesure


def mesurer() -> list[Mesure]:
    dernieres: dict[str, Mesure] = {}
    for ligne in PAGE.read_text(encoding="utf-8").splitlines():
        cellules = [cellule.strip() for cellule in ligne.strip("|").split("|")]
        if len(cellules) != 6 or not cellules[0][:1].isdigit():
            continue
        jour, nom, attendu, essaye, tenue, duree = cellules
        dernieres[nom] = Mesure(
            nom, attendu or "aucune faute", tenue, f"le {jour}, {essaye}, en {duree}", tenue == "oui"
        )
    return list(dernieres.values())
