"""Les montants d'un texte, et celui qui dit ce que l'action a coûté.

Un montant est retenu comme budget quand c'est sûr, dans cet ordre :
1. un total annoncé : « TOTAL CHARGES », « Budget global », « coût de… », « 23 335 € de charges » (les charges
   l'emportent sur les recettes) ;
2. des charges et des produits détaillés dont les sommes sont égales ;
3. le montant qui ouvre le texte ;
4. le seul montant du texte, sauf si c'est une aide ou un tarif.
Sinon rien n'est retenu.
"""

import re
from decimal import Decimal

from maillage.catalogue.choices import GenreMoyen
from maillage.catalogue.importation.nombres import (
    ESPACES,
    NOMBRE,
    MoyenLu,
    debut_de_l_approximation,
    lire_nombre,
)

MONTANT_MAX = Decimal(10) ** 9
"""Aucune action de quartier ne coûte un milliard : au-delà, c'est un numéro."""

_E = rf"[{ESPACES}]*"
_MONNAIE = rf"(?P<multiple>{_E}(?:k(?=€|euros?)|millions?{_E}d['’]))?{_E}(?:€|(?:euros?|eros?|eur)\b)"
_PERIODE = (
    rf"(?:{_E}(?:/|par){_E}(?P<periode>an|année|mois|semaine|jour|heure|séance|atelier|personne|enfant|participant|"
    rf"famille|habitant|adhérent)s?\b|{_E}(?P<annuel>annuels?)\b"
    rf"|{_E}(?P<unitaire>(?:du|le|la|de\s+l['’]|l['’])\s*(?:km|kilomètre|heure|repas|séance|unité|billet|place))\b)?"
)
_MONTANT = re.compile(
    rf"(?P<nombre>{NOMBRE})"
    rf"(?:(?:{_E}(?:€|euros?))?{_E}(?:à|et|-|–){_E}(?P<haut>{NOMBRE}))?"
    rf"{_MONNAIE}{_PERIODE}(?P<apres>{_E}environ\b)?",
    re.IGNORECASE,
)
_NOMBRE_SEUL = re.compile(rf"\s*(?:environ\s*)?(?P<nombre>{NOMBRE})\s*[.;]?\s*", re.IGNORECASE)
_TOTAL_SANS_MONNAIE = re.compile(
    rf"\b(?:total|budget(?:\s+global|\s+total)?)\s*[:=]\s*(?P<nombre>{NOMBRE})(?!{_E}(?:€|eur|k€|%|\w))",
    re.IGNORECASE,
)
_SEUIL_SANS_MONNAIE = 50
"""« 55000 » seul dans le champ est un montant ; « 3 » seul n'en est pas un."""

# Ce qui précède le montant, dans sa phrase, et le désigne.
_LIEN = (
    r"(?:[:=]|\b(?:de|à|est|soit|atteint|environ|représent\w+|s['’]élèv\w+|à\s+hauteur\s+de))?"
    r"\s*(?:d['’])?\s*$"
)
_CHARGES = r"(?:charges|dépenses)"
_ANNONCES = (
    re.compile(rf"\btotal\s+(?:des\s+|de\s+)?{_CHARGES}(?:\s+[\w'’]+){{0,3}}\s*{_LIEN}", re.IGNORECASE),
    re.compile(
        r"\b(?:budget|coût|cout)\b[^€\n.(]{0,140}(?<=[\s:=])(?:[:=]|de|à|est|soit|environ|d['’]environ)\s*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:budget|coût|cout)(?:\s+(?:global|total|annuel|prévisionnel|estimé))*\s*[:=]?\s*$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_CHARGES}\b[^€\n.(:=]{{0,80}}\b(?:représent\w+|élèv\w+\s+à|sont\s+de|soit|de)\s*$",
        re.IGNORECASE,
    ),
    re.compile(rf"\btotal\s*(?:général|global)?\s*{_LIEN}", re.IGNORECASE),
    re.compile(
        rf"\btotal\s+(?:des\s+|de\s+)?(?:produits|recettes|ressources|financements)\s*{_LIEN}", re.IGNORECASE
    ),
)
"""Du plus sûr au moins sûr. Cherchées dans les `_PORTEE` caractères qui précèdent le montant."""
_PORTEE = 160
_MOT_D_ANNONCE = re.compile("total|budget|co[uû]t|charges|dépenses", re.IGNORECASE)
_SUITE_CHARGES = re.compile(rf"\s*(?:de|en)\s+{_CHARGES}\b|\s+de\s+budget\b", re.IGNORECASE)
_AIDE_OU_TARIF = re.compile(
    r"\b(?:subventions?|partic\w*pations?|aides?|dons?|cotisations?|adhésions?|tarifs?|prix|financ\w+|"
    r"autofinancement|bourses?|chaque|produits|recettes|dont)\b[^€\n]{0,80}$",
    re.IGNORECASE,
)
_RUBRIQUE_CHARGES = re.compile(rf"^\W*{_CHARGES}\s*:?\s*$", re.IGNORECASE | re.MULTILINE)
_RUBRIQUE_PRODUITS = re.compile(
    r"^\W*(?:produits|recettes|financements)\s*:?\s*$", re.IGNORECASE | re.MULTILINE
)


def lire_montants(texte: str, champ: str) -> list[MoyenLu]:
    """Tous les montants où une monnaie est écrite. Aucun n'est retenu."""
    return [lu for trouve in _MONTANT.finditer(texte) if (lu := _montant(trouve, champ))]


def lire_ressources(texte: str, champ: str) -> list[MoyenLu]:
    """Les montants du champ « ressources financières », dont au plus un retenu comme budget."""
    if not texte:
        return []
    seul = _NOMBRE_SEUL.fullmatch(texte)
    if seul:
        valeur = lire_nombre(seul["nombre"])
        if not _SEUIL_SANS_MONNAIE <= valeur < MONTANT_MAX:
            return []
        return [_lu(texte, champ, valeur, *seul.span("nombre")).retenu()]
    montants = lire_montants(texte, champ)
    for total in _TOTAL_SANS_MONNAIE.finditer(texte):
        valeur = lire_nombre(total["nombre"])
        if _SEUIL_SANS_MONNAIE <= valeur < MONTANT_MAX:
            montants.append(_lu(texte, champ, valeur, *total.span("nombre")))
    montants.sort(key=lambda lu: lu.debut)
    choisi = _budget(texte, montants)
    if choisi is None:
        somme = _somme_equilibree(texte, champ, montants)
        return [*montants, somme.retenu()] if somme else montants
    return [lu.retenu() if lu is choisi else lu for lu in montants]


def _montant(trouve: re.Match[str], champ: str) -> MoyenLu | None:
    valeur = lire_nombre(trouve["nombre"])
    multiple = (trouve["multiple"] or "").strip().lower()
    if multiple:
        valeur *= 1000 if multiple == "k" else 1_000_000
    if not 0 < valeur < MONTANT_MAX:
        return None
    periode = "par an" if trouve["annuel"] else ""
    if trouve["periode"]:
        periode = "par an" if trouve["periode"].lower() == "année" else f"par {trouve['periode'].lower()}"
    elif trouve["unitaire"]:
        periode = " ".join(trouve["unitaire"].split())[:30]
    est_approximatif = bool(trouve["apres"] or trouve["haut"])
    debut, fin = trouve.span()
    return _lu(trouve.string, champ, valeur, debut, fin, periode=periode, est_approximatif=est_approximatif)


def _lu(
    texte: str,
    champ: str,
    valeur: Decimal,
    debut: int,
    fin: int,
    *,
    periode: str = "",
    est_approximatif: bool = False,
) -> MoyenLu:
    environ = debut_de_l_approximation(texte, debut)
    if environ is not None:
        debut, est_approximatif = environ, True
    return MoyenLu(GenreMoyen.MONTANT, valeur, champ, debut, fin, texte[debut:fin], periode, est_approximatif)


def _budget(texte: str, montants: list[MoyenLu]) -> MoyenLu | None:
    candidats = [lu for lu in montants if lu.periode in ("", "par an")]
    if not candidats:
        return None
    for lu in candidats:
        if _SUITE_CHARGES.match(texte, lu.fin):
            return lu
    if _MOT_D_ANNONCE.search(texte):
        for annonce in _ANNONCES:
            for lu in candidats:
                if annonce.search(texte[max(0, lu.debut - _PORTEE) : lu.debut]):
                    return lu
    premier = candidats[0]
    if not texte[: premier.debut].strip(f"{ESPACES}\n-–•*:"):
        return premier
    if len(montants) == 1 and not _AIDE_OU_TARIF.search(
        texte[max(0, premier.debut - _PORTEE) : premier.debut]
    ):
        return premier
    return None


def _somme_equilibree(texte: str, champ: str, montants: list[MoyenLu]) -> MoyenLu | None:
    """Charges et produits détaillés sans total : si les deux sommes sont égales, c'est le budget."""
    charges, produits = _RUBRIQUE_CHARGES.search(texte), _RUBRIQUE_PRODUITS.search(texte)
    if not charges or not produits or charges.start() > produits.start():
        return None
    depenses = [lu for lu in montants if charges.end() <= lu.debut < produits.start() and not lu.periode]
    recettes = [lu for lu in montants if lu.debut >= produits.end() and not lu.periode]
    somme = sum((lu.valeur for lu in depenses), Decimal())
    if len(depenses) < 2 or somme != sum((lu.valeur for lu in recettes), Decimal()):
        return None
    return _lu(texte, champ, somme, depenses[0].debut, depenses[-1].fin)
