"""Le dossier du grand projet : le PDF, le Word, l'aperçu d'un chapitre, la mémoire qu'ils demandent."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from outils.installation import Installation, installation_jetable
from outils.mesures import Mesure, mediane, nombre

RACINE = Path(__file__).resolve().parents[2]
SOURCE = RACINE.parent / "shared" / "sources" / "clermont-ferrand-projets-sociaux-extrait.txt"
TOURS = 5
PDF_MAXIMAL, DOCX_MAXIMAL, APERCU_MAXIMAL, PSS_MAXIMAL = 1.5, 3.0, 0.300, 400


def mesurer() -> list[Mesure]:
    if not SOURCE.exists():
        return []
    with installation_jetable() as installation:
        installation.commande("charger_territoire", "--ecrire")
        installation.commande("importer_projet", str(SOURCE), "--ecrire")
        releves = [_dans_un_processus(installation) for _ in range(TOURS)]
    combien = releves[0]
    detail = f"{combien['fiches']} fiches, {combien['pages']} pages ; médiane de {TOURS} processus neufs"

    def dire(nom: str, cle: str, plafond: float, unite: str, facteur: int, decimales: int) -> Mesure:
        releve = mediane([releve[cle] for releve in releves])
        return Mesure(
            nom,
            f"≤ {nombre(plafond * facteur, decimales)} {unite}",
            f"{nombre(releve * facteur, decimales)} {unite}",
            detail,
            releve <= plafond,
        )

    return [
        dire("PDF du dossier, lecture comprise", "pdf", PDF_MAXIMAL, "s", 1, 2),
        dire("Word du dossier, lecture comprise", "docx", DOCX_MAXIMAL, "s", 1, 2),
        dire("aperçu du plus gros chapitre", "apercu", APERCU_MAXIMAL, "ms", 1000, 0),
        dire(
            "mémoire (PSS), composeur de PDF à son plus haut compris",
            "pss",
            PSS_MAXIMAL,
            "Mo",
            1,
            0,
        ),
    ]


def _dans_un_processus(installation: Installation) -> dict[str, Any]:
    """Un processus neuf par tour, et sa mémoire avec."""
    sortie = subprocess.run(
        [sys.executable, "-m", "outils.mesures.dossier"],
        cwd=RACINE,
        env={**os.environ, **installation.environnement, "DJANGO_SETTINGS_MODULE": "maillage.settings"},
        check=True,
        capture_output=True,
        text=True,
    )
    releve: dict[str, Any] = json.loads(sortie.stdout.splitlines()[-1])
    return releve


def _relever() -> dict[str, Any]:
    import datetime
    import io

    import django

    django.setup()
    import pypdf
    from django.db.models import Count

    from maillage.core.documents.description import Document, Section
    from maillage.core.documents.docx import rendre_docx
    from maillage.core.documents.pdf import rendre_pdf
    from maillage.projets.exportation.dossier import apercu_du_chapitre, document_du_dossier
    from maillage.projets.matiere import Matiere
    from maillage.projets.models import ProjetSocial

    projet = ProjetSocial.objects.annotate(nombre=Count("fiches")).order_by("-nombre", "pk")[0]
    # Un serveur a déjà ouvert ses polices et lu sa base.
    rendre_pdf(Document("Avant", "Maillage", datetime.date(2026, 1, 1), (Section("Avant"),)))
    apercus = []
    for place in Matiere(projet).plan:
        debut = time.perf_counter()
        matiere = Matiere(projet)
        ici = next(une for une in matiere.plan if une.repere == place.repere)
        apercu_du_chapitre(matiere, ici, titre=place.chapitre.titre, texte=place.chapitre.texte)
        apercus.append(time.perf_counter() - debut)
    debut = time.perf_counter()
    pdf = rendre_pdf(document_du_dossier(projet))
    milieu = time.perf_counter()
    rendre_docx(document_du_dossier(projet))
    fin = time.perf_counter()
    return {
        "pdf": milieu - debut,
        "docx": fin - milieu,
        "apercu": max(apercus),
        "pss": _pss() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "pages": len(pypdf.PdfReader(io.BytesIO(pdf)).pages),
        "fiches": projet.fiches.count(),
    }


def _pss() -> float:
    """En mégaoctets, la part de mémoire qui revient à ce processus."""
    lignes = Path("/proc/self/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return next(int(ligne.split()[1]) for ligne in lignes if ligne.startswith("Pss:")) / 1024


if __name__ == "__main__":
    print(json.dumps(_relever()))
