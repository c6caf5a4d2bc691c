"""F39 : pages du catalogue, recherches, horaires, PDF et images déformés au hasard ; ni plantage, ni seconde perdue."""

import io
import random
import time
from collections.abc import Callable

from outils.epreuves import Epreuve
from outils.epreuves._compte import brancher
from outils.epreuves._pages import ecrire_page
from outils.installation import installation_jetable

ATTENDU = "aucun plantage, moins d'une seconde de calcul par document"
FAUTES_MONTREES = 10


def eprouver(courte: bool) -> Epreuve:
    duree = 3.0 if courte else 600.0
    fautes: list[str] = []
    bilans = []
    with installation_jetable() as installation:
        brancher(installation)
        graine = ecrire_page(installation.dossier / "page.txt", 6).read_bytes()
        for nom, (lire, depart) in _lecteurs(graine).items():
            essais, plus_lent = 0, 0.0
            hasard = random.Random(f"39 {nom}")
            fin = time.monotonic() + duree
            while time.monotonic() < fin:
                octets = _deformer(depart, hasard)
                debut = time.process_time()
                if faute := lire(octets):
                    fautes.append(f"{nom} : {faute} sur {octets[:60]!r}")
                calcul = time.process_time() - debut
                plus_lent = max(plus_lent, calcul)
                if calcul > 1:
                    fautes.append(f"{nom} : {calcul:.1f} s sur {len(octets)} octets")
                essais += 1
            bilans.append(f"{nom} {essais} ({plus_lent * 1000:.0f} ms au plus)")
    return Epreuve("F39 documents déformés", ", ".join(bilans), fautes[:FAUTES_MONTREES], ATTENDU)


def _lecteurs(page: bytes) -> dict[str, tuple[Callable[[bytes], str], bytes]]:
    """Par lecteur : la fonction, et un document sain d'où partir. Elle rend la faute, ou rien."""
    from PIL import Image

    from maillage.catalogue.importation.lecture import DocumentIllisible, lire_octets
    from maillage.catalogue.importation.moyens import lire_moyens
    from maillage.catalogue.importation.vigilance import reperer
    from maillage.core.images import ImageRefusee, reecrire
    from maillage.core.pdf_recus import PdfRefuse, verifier_pdf
    from maillage.core.recherche.analyse import analyser
    from maillage.territoire.horaires import HorairesIllisibles, lire

    image = io.BytesIO()
    Image.new("RGB", (64, 48), "#336699").save(image, "JPEG")
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF"
    return {
        "pages du catalogue": (_sauf(lambda o: lire_octets(o, "x.txt"), DocumentIllisible), page),
        "moyens": (_sauf(lambda o: lire_moyens({"description": _texte(o)})), page[:3000]),
        "données de personnes": (_sauf(lambda o: reperer({"description": _texte(o)})), page[:3000]),
        "horaires": (
            _sauf(lambda o: lire(_texte(o)), HorairesIllisibles),
            b"Mo-Fr 09:00-12:00,14:00-18:00; PH off",
        ),
        "recherches": (_sauf(lambda o: analyser(_texte(o))), "l’accès au jardin partagé".encode()),
        "PDF": (_sauf(verifier_pdf, PdfRefuse), pdf),
        "images": (_sauf(reecrire, ImageRefusee), image.getvalue()),
    }


def _sauf(lire: Callable[[bytes], object], *permises: type[Exception]) -> Callable[[bytes], str]:
    def essayer(octets: bytes) -> str:
        try:
            lire(octets)
        except permises:
            return ""
        except Exception as faute:  # noqa: BLE001 - tout ce qui n'est pas un refus prévu est une faute à montrer
            return f"{type(faute).__name__} {str(faute)[:80]}"
        return ""

    return essayer


def _texte(octets: bytes) -> str:
    return octets.decode(errors="replace")


def _deformer(sain: bytes, hasard: random.Random) -> bytes:
    """Quelques coups : octets changés, morceaux retirés, répétés ou déplacés."""
    octets = bytearray(sain)
    for _ in range(hasard.randint(1, 6)):
        debut = hasard.randrange(len(octets) or 1)
        morceau = octets[debut : debut + hasard.randint(1, 200)]
        coup = hasard.randrange(5)
        if coup == 0 and octets:
            octets[debut % len(octets)] = hasard.randrange(256)
        elif coup == 1:
            del octets[debut : debut + len(morceau)]
        elif coup == 2:
            octets[debut:debut] = morceau * hasard.randint(1, 50)
        elif coup == 3:
            octets[debut:debut] = hasard.randbytes(hasard.randint(1, 40))
        else:
            octets[debut:debut] = hasard.choice(
                ("é", "\x00", "\u202e", "👩‍👩‍👧", "9" * 50, "\n\n", "«")
            ).encode()
    return bytes(octets[:400_000])
