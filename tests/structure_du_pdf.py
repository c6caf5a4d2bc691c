"""Un PDF lu par sa structure, comme le lit un lecteur d'écran : ce qui lui manque, en phrases."""

import io
from collections.abc import Iterator
from typing import Any

import pypdf

NIVEAUX = {f"/H{niveau}": niveau for niveau in range(1, 7)}


def elements_du_pdf(lecteur: pypdf.PdfReader) -> list[Any]:
    """Les éléments de structure, dans l'ordre de lecture."""
    racine = lecteur.trailer["/Root"].get("/StructTreeRoot")
    return list(_descendre(racine["/K"])) if racine else []


def fautes_du_pdf(octets: bytes) -> list[str]:
    lecteur = pypdf.PdfReader(io.BytesIO(octets))
    elements = elements_du_pdf(lecteur)
    return [
        *_fautes_du_cadre(lecteur, elements),
        *_fautes_des_titres(elements),
        *_fautes_des_signets(lecteur, elements),
        *_fautes_des_figures(elements),
        *_fautes_des_tableaux(elements),
    ]


def _descendre(noeud: Any) -> Iterator[Any]:
    objet = noeud.get_object()
    if isinstance(objet, list):
        for enfant in objet:
            yield from _descendre(enfant)
    elif isinstance(objet, dict):
        if "/S" in objet:
            yield objet
        if "/K" in objet:
            yield from _descendre(objet["/K"])


def _fautes_du_cadre(lecteur: pypdf.PdfReader, elements: list[Any]) -> Iterator[str]:
    racine = lecteur.trailer["/Root"]
    if not str(racine.get("/Lang", "")).lower().startswith("fr"):
        yield "la langue n'est pas dite"
    if not (lecteur.metadata and lecteur.metadata.title):
        yield "le titre manque"
    if not racine.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "la fenêtre ne montre pas le titre"
    if not elements:
        yield "aucune structure"
    if "pdfuaid:part" not in (racine["/Metadata"].get_data().decode() if "/Metadata" in racine else ""):
        yield "ne se dit pas PDF/UA"
    for rang, page in enumerate(lecteur.pages, start=1):
        if page.get("/Tabs") != "/S":
            yield f"page {rang} : le clavier ne suit pas l'ordre de lecture"


def _fautes_des_titres(elements: list[Any]) -> Iterator[str]:
    precedent = 0
    for element in elements:
        niveau = NIVEAUX.get(element["/S"])
        if niveau is None:
            continue
        if niveau > precedent + 1:
            yield f"un titre de niveau {niveau} suit un niveau {precedent}"
        precedent = niveau
    if not precedent:
        yield "aucun titre"


def _fautes_des_signets(lecteur: pypdf.PdfReader, elements: list[Any]) -> Iterator[str]:
    titres = sum(element["/S"] in NIVEAUX for element in elements)
    signets = list(_a_plat(lecteur.outline))
    if len(signets) != titres:
        yield f"{len(signets)} signets pour {titres} titres"
    for signet in signets:
        if not str(signet.title).strip():
            yield "un signet sans nom"
        elif lecteur.get_destination_page_number(signet) is None:
            yield f"le signet « {signet.title} » ne mène nulle part"


def _a_plat(signets: list[Any]) -> Iterator[Any]:
    for signet in signets:
        if isinstance(signet, list):
            yield from _a_plat(signet)
        else:
            yield signet


def _fautes_des_figures(elements: list[Any]) -> Iterator[str]:
    for element in elements:
        if element["/S"] == "/Figure" and not str(element.get("/Alt", "")).strip():
            yield "une figure sans texte de remplacement"


def _fautes_des_tableaux(elements: list[Any]) -> Iterator[str]:
    for element in elements:
        if element["/S"] != "/Table":
            continue
        rangees = [un for un in _descendre(element["/K"]) if un["/S"] == "/TR"]
        cellules = [[un["/S"] for un in _descendre(rangee["/K"])] for rangee in rangees]
        tetes = [un for un in cellules[0] if un in {"/TH", "/TD"}] if cellules else []
        if not tetes or set(tetes) != {"/TH"}:
            yield "un tableau sans titres de colonnes"
        largeurs = {sum(un in {"/TH", "/TD"} for un in rangee) for rangee in cellules}
        if len(largeurs) > 1:
            yield f"un tableau de largeurs {sorted(largeurs)}"
