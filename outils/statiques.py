"""Construit `statiques/` : tout ce que le navigateur reçoit, à partir de nos sources et des paquets de npm.

Une feuille de style, deux polices, un fichier d'icônes, un script, htmx et la carte des départements. Ne
refait rien si rien n'a changé. Le dossier est construit à côté, puis échangé en deux renommages.
"""

import fcntl
import hashlib
import os
import re
import shutil
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(RACINE))

from outils import carte, feuille, polices  # noqa: E402

SOURCES = RACINE / "maillage" / "core" / "static_source"
MODULES = RACINE / "node_modules"
STATIQUES = RACINE / "statiques"
ICONE_CITEE = re.compile(r"""(?:\{%\s*icone\s+|\bicone=)["']([a-z0-9-]+)["']""")


class ConstructionImpossible(Exception):
    """Une source manque ou se contredit ; le message dit laquelle et quoi faire."""


def htmx() -> Path:
    """htmx 4, livré par django-htmx. Nos listes ont besoin de sa fusion, que la version 2 n'a pas."""
    import django_htmx

    return Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-4.min.js"


def gabarits() -> list[Path]:
    return sorted((RACINE / "maillage").glob("*/templates/**/*.html"))


def entrees() -> list[Path]:
    """Tout ce dont dépend le résultat."""
    return [
        *sorted(f for f in SOURCES.rglob("*") if f.is_file()),
        *gabarits(),
        RACINE / "package-lock.json",
        *(Path(module.__file__ or "") for module in (carte, feuille, polices)),
        Path(__file__),
        htmx(),
    ]


def empreinte() -> str:
    somme = hashlib.sha256()
    for fichier in entrees():
        somme.update(str(fichier.name).encode())
        somme.update(fichier.read_bytes())
    return somme.hexdigest()


def construire_feuille(fontes: str) -> str:
    """Polices, Pico dans sa couche, puis nos feuilles dans l'ordre de leurs noms : les nôtres gagnent."""
    notres = _nos_feuilles("css")
    pico = (MODULES / "@picocss/pico/css/pico.css").read_text(encoding="utf-8")
    utile = feuille.utile_de_pico(pico, notres + _nos_feuilles("css/espace"))
    return feuille.sans_blancs(f"{fontes}@layer pico{{{utile}}}{notres}")


def construire_feuille_de_l_espace() -> str:
    """Ce que les seules pages de l'espace montrent : un lecteur n'en paie pas le poids."""
    return feuille.sans_blancs(_nos_feuilles("css/espace"))


def _nos_feuilles(dossier: str) -> str:
    return "\n".join(f.read_text(encoding="utf-8") for f in sorted((SOURCES / dossier).glob("*.css")))


def construire_script(dossier: str) -> str:
    """Nos petits scripts, chacun dans son bloc : leurs noms ne se rencontrent pas.

    `js/` sert à toutes les pages, `js/espace/` aux seules pages de l'espace : un lecteur n'en paie pas le poids.
    """
    morceaux = []
    for fichier in sorted((SOURCES / dossier).glob("*.js")):
        lignes = (ligne.strip() for ligne in fichier.read_text(encoding="utf-8").splitlines())
        morceaux.append(
            "{\n" + "\n".join(ligne for ligne in lignes if ligne and not ligne.startswith("//")) + "\n}"
        )
    return "\n".join(morceaux) + "\n"


def icones_citees() -> dict[str, str]:
    """Nom de chaque icône, et un fichier qui la cite. Celles que Python nomme sont dans `icones.txt`."""
    citees: dict[str, str] = {}
    for gabarit in gabarits():
        for nom in ICONE_CITEE.findall(gabarit.read_text(encoding="utf-8")):
            citees.setdefault(nom, gabarit.name)
    for ligne in (SOURCES / "icones.txt").read_text(encoding="utf-8").splitlines():
        if nom := ligne.partition("#")[0].strip():
            citees.setdefault(nom, "icones.txt")
    return citees


def symbole_de_la_marque() -> str:
    return (SOURCES / "images" / "symbole-marque.svg").read_text(encoding="utf-8").strip()


def construire_logo() -> str:
    """Le même dessin, seul et dans ses couleurs : icône de l'onglet, en-tête des documents."""
    couleurs = (
        symbole_de_la_marque().replace("currentColor", "#0B6570").replace("var(--fil,#C2402A)", "#C2402A")
    )
    dessin = re.sub(r"<symbol[^>]*>|</symbol>", "", couleurs)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36">{dessin}</svg>\n'


def construire_icones() -> str:
    """Un fichier de symboles ; les pages les citent par `<use href="icones.svg#nom">`."""
    symboles = [symbole_de_la_marque()]
    for nom, citee_par in sorted(icones_citees().items()):
        fichier = MODULES / "lucide-static/icons" / f"{nom}.svg"
        if not fichier.exists():
            raise ConstructionImpossible(
                f"L'icône « {nom} » ({citee_par}) n'existe pas : voyez node_modules/lucide-static/icons."
            )
        dessin = re.sub(r"<!--.*?-->|</?svg[^>]*>", "", fichier.read_text(encoding="utf-8"), flags=re.DOTALL)
        dessin = re.sub(r"\s+", " ", dessin).replace(" />", "/>").replace("> <", "><").strip()
        symboles.append(f'<symbol id="{nom}" viewBox="0 0 24 24">{dessin}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symboles)}</svg>\n'


def construire() -> None:
    if not (MODULES / "@picocss").is_dir():
        raise ConstructionImpossible("node_modules manque. Tapez : .venv/bin/npm ci --ignore-scripts")
    chantier = STATIQUES.with_name("statiques.chantier")
    shutil.rmtree(chantier, ignore_errors=True)
    chantier.mkdir()
    fontes = polices.construire(MODULES, chantier / "polices")
    textes = {
        "maillage.css": construire_feuille(fontes),
        "espace.css": construire_feuille_de_l_espace(),
        "maillage.js": construire_script("js"),
        "espace.js": construire_script("js/espace"),
        "icones.svg": construire_icones(),
        "logo.svg": construire_logo(),
        "departements.svg": carte.dessin(MODULES),
        ".empreinte": empreinte(),
    }
    for nom, texte in textes.items():
        (chantier / nom).write_text(texte, encoding="utf-8")
    shutil.copyfile(htmx(), chantier / "htmx.js")
    ancien = STATIQUES.with_name("statiques.ancien")
    shutil.rmtree(ancien, ignore_errors=True)
    if STATIQUES.exists():
        STATIQUES.rename(ancien)
    chantier.rename(STATIQUES)
    shutil.rmtree(ancien, ignore_errors=True)


def est_a_jour() -> bool:
    marque = STATIQUES / ".empreinte"
    return marque.exists() and marque.read_text(encoding="utf-8") == empreinte()


def principal() -> int:
    verrou = os.open(SOURCES, os.O_RDONLY)
    try:
        fcntl.flock(verrou, fcntl.LOCK_EX)  # deux lancements : le second attend, puis ne trouve rien à faire
        if not est_a_jour():
            construire()
    except ConstructionImpossible as refus:
        print(refus, file=sys.stderr)
        return 1
    finally:
        os.close(verrou)
    return 0


if __name__ == "__main__":
    sys.exit(principal())
