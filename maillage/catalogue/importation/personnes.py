"""Les personnes qui ont fait l'action : professionnels, bénévoles, habitants, équivalents temps plein.

Un nombre est lu avec le mot qui le suit. Les nombres d'un même genre s'ajoutent (« 3 salariés + 1
intervenant »), sauf les détails : entre parenthèses, après « dont » ou « soit ». Quand une partie n'est pas
chiffrée (« les salariés du centre »), le total est inconnu et rien n'est retenu pour ce genre.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from maillage.catalogue.choices import GenreMoyen
from maillage.catalogue.importation.nombres import (
    EN_AINE,
    EN_LETTRES,
    ESPACES,
    NOMBRE,
    MoyenLu,
    debut_de_l_approximation,
    est_a_une_faute,
    lire_nombre,
    sans_accents,
)

NOMBRE_MAX = Decimal(1_000_000)

_MOTS = {
    GenreMoyen.PROFESSIONNELS: (
        "professionnel professionnelle salarie salariee animateur animatrice intervenant intervenante "
        "coordinateur coordinatrice coordonnateur coordonnatrice referent referente educateur educatrice "
        "directeur directrice mediateur mediatrice conseiller conseillere agent formateur formatrice "
        "travailleur cesf psychologue technicien technicienne charge chargee enseignant enseignante prof "
        "professeur professeure infirmier infirmiere secretaire encadrant encadrante moniteur monitrice "
        "responsable vacataire assistante"
    ),
    GenreMoyen.BENEVOLES: "benevole administrateur administratrice",
    GenreMoyen.HABITANTS: (
        "habitant habitante jeune adolescent adolescente ado enfant adulte senior parent participant "
        "participante beneficiaire usager usagere adherent adherente femme homme fille garcon retraite "
        "retraitee eleve collegien collegienne lyceen lyceenne locataire maman papa"
    ),
    GenreMoyen.PERSONNES: "personne",
}
_GENRES = {mot: genre for genre, mots in _MOTS.items() for mot in mots.split()}
_SANS_FAUTE = frozenset({"salaire", "salaires"})
"""Mots justes qu'une faute de frappe ferait passer pour un autre."""

_LETTRES = "|".join(sorted(EN_LETTRES, key=len, reverse=True))
_AINE = "|".join(EN_AINE)
_MENTION = re.compile(
    rf"(?:\bune\s+(?:petite\s+|bonne\s+)?(?P<aine>{_AINE})\s+(?:de\s+|d['’]\s*)"
    rf"|(?P<bas>{NOMBRE})\s*(?:et|à|-|–|ou)\s*(?P<haut>{NOMBRE})[{ESPACES}]+"
    rf"|(?P<nombre>{NOMBRE})[{ESPACES}]*"
    rf"|\b(?P<lettres>{_LETTRES})\s+"
    rf"|\b(?P<defini>l[ea]\s+|l['’])"
    rf"|\b(?P<tous>les|nos|leurs)\s+|\b(?P<flou>des|de\s+nombreux|de\s+nombreuses|plusieurs|quelques)\s+)"
    rf"(?:(?:autres|futurs|anciens)\s+)?(?P<mot>[^\W\d_]+)(?=(?P<suite>[{ESPACES}]+[^\W\d_]+)?)",
    re.IGNORECASE,
)
_LIBELLE = re.compile(
    rf"\b(?P<mot>[^\W\d_]+)(?:\(s\))?[{ESPACES}]*[:=][{ESPACES}]*(?P<nombre>{NOMBRE})"
    rf"(?![{ESPACES}]*(?:[^\W_]|[%€])|[.,]\d|-)"
)
_TEMPS_PLEIN = re.compile(
    rf"(?P<nombre>\d(?<![\w.,].)\d*(?:[.,]\d+)?)[{ESPACES}]*(?:ETP\b|(?:équivalents?\s+)?temps\s+pleins?\b)",
    re.IGNORECASE,
)
_NOMBRE_SEUL = re.compile(rf"\W*(?:environ\W*)?(?P<nombre>{NOMBRE})\W*", re.IGNORECASE)
_BENEVOLAT = re.compile(r"\bbénévol\w*\s*:?\s*$", re.IGNORECASE)
_ACCUEILLIES = re.compile(
    r"^[^.\n;]{0,60}\b(?:accompagn|bénéfici|reçu|touché|particip|accueilli|inscri|âgée|isolée)", re.IGNORECASE
)
_DETAIL = re.compile(r"\b(?:dont|soit|parmi)\b", re.IGNORECASE)
_PARENTHESE = re.compile(r"\([^()]*\)")
_SALARIES_EN_INSERTION = re.compile(r"(?:salari|travaill|personne)\w*\s+en\s+insertion\b", re.IGNORECASE)
_ELUS = ("municip", "departement", "region", "citoyen")


@dataclass(frozen=True, slots=True)
class _Mention:
    """`valeur` absente : des personnes dites sans être comptées. `est_defini` : « le directeur »."""

    genre: GenreMoyen
    debut: int
    fin: int
    valeur: Decimal | None
    est_approximatif: bool = False
    est_defini: bool = False


@lru_cache(maxsize=4096)
def _genre(mot: str) -> GenreMoyen | None:
    """Le genre que dit un mot, au pluriel ou avec une faute de frappe."""
    if mot in _SANS_FAUTE:
        return None
    for forme in (mot, mot.removesuffix("s"), mot.removesuffix("es"), mot.replace("·", "")):
        if forme in _GENRES:
            return _GENRES[forme]
    if len(mot) < 7:
        return None
    singulier = mot.removesuffix("s")
    for connu, genre in _GENRES.items():
        if len(connu) >= 7 and (est_a_une_faute(singulier, connu) or est_a_une_faute(mot, f"{connu}s")):
            return genre
    return None


def lire_personnes(texte: str, champ: str) -> list[MoyenLu]:
    """Les nombres de personnes d'un champ ; ceux dont le total est sûr sont retenus, un par genre."""
    if not texte:
        return []

    def lu(genre: GenreMoyen, valeur: Decimal, debut: int, fin: int, est_approximatif: bool) -> MoyenLu:
        return MoyenLu(genre, valeur, champ, debut, fin, texte[debut:fin], est_approximatif=est_approximatif)

    seul = _NOMBRE_SEUL.fullmatch(texte)
    if seul:
        valeur = lire_nombre(seul["nombre"])
        if not 0 < valeur < NOMBRE_MAX or valeur % 1:
            return []
        environ = debut_de_l_approximation(texte, seul.start("nombre"))
        debut = seul.start("nombre") if environ is None else environ
        return [lu(GenreMoyen.PERSONNES, valeur, debut, seul.end("nombre"), environ is not None).retenu()]

    lus: list[MoyenLu] = []
    totaux: dict[GenreMoyen, MoyenLu] = {}
    mentions = _mentions(texte)
    for genre in _MOTS:
        comptees = _sans_details(texte, [m for m in mentions if m.genre == genre])
        du_genre = [lu(genre, m.valeur, m.debut, m.fin, m.est_approximatif) for m in comptees if m.valeur]
        lus += du_genre
        if len(du_genre) != len(comptees) or not du_genre:
            continue
        if len(du_genre) == 1:
            totaux[genre] = du_genre[0]
        elif genre != GenreMoyen.PERSONNES:
            somme = sum((un.valeur for un in du_genre), Decimal())
            bords = min(un.debut for un in du_genre), max(un.fin for un in du_genre)
            totaux[genre] = lu(genre, somme, *bords, any(un.est_approximatif for un in du_genre))
            lus.append(totaux[genre])
    for trouve in _TEMPS_PLEIN.finditer(texte):
        lus.append(lu(GenreMoyen.TEMPS_PLEIN, lire_nombre(trouve["nombre"]), *trouve.span(), False))
    temps_pleins = [un for un in lus if un.genre == GenreMoyen.TEMPS_PLEIN]
    if len(temps_pleins) == 1:
        totaux[GenreMoyen.TEMPS_PLEIN] = temps_pleins[0]
    if _est_un_tout(totaux, mentions):
        del totaux[GenreMoyen.PERSONNES]
    retenus = list(totaux.values())
    return sorted(
        (un.retenu() if any(un is total for total in retenus) else un for un in lus), key=lambda un: un.debut
    )


def _est_un_tout(totaux: dict[GenreMoyen, MoyenLu], mentions: list[_Mention]) -> bool:
    """« 32 personnes » suivi de leur détail : le détail est plus utile, et les deux ne s'ajoutent pas."""
    if GenreMoyen.PERSONNES not in totaux:
        return False
    metiers = (GenreMoyen.PROFESSIONNELS, GenreMoyen.BENEVOLES)
    if any(mention.genre in metiers for mention in mentions):
        return True
    habitants = totaux.get(GenreMoyen.HABITANTS)
    return habitants is not None and habitants.valeur <= totaux[GenreMoyen.PERSONNES].valeur


def _mentions(texte: str) -> list[_Mention]:
    """Tout ce qui dit des personnes, compté ou non, dans l'ordre du texte."""
    mentions = []
    for trouve in _MENTION.finditer(texte):
        genre = _genre(sans_accents(trouve["mot"]))
        if genre is None:
            continue
        fin = trouve.end("mot")
        suite = sans_accents((trouve["suite"] or "").strip())
        if genre != GenreMoyen.BENEVOLES and suite.startswith("benevole"):
            genre, fin = GenreMoyen.BENEVOLES, trouve.end("suite")
        elif suite.startswith(_ELUS) or _SALARIES_EN_INSERTION.match(texte, trouve.start("mot")):
            continue
        elif genre == GenreMoyen.PERSONNES:
            if trouve["flou"]:
                continue
            if _BENEVOLAT.search(texte, 0, trouve.start()):
                genre = GenreMoyen.BENEVOLES
            elif _ACCUEILLIES.match(texte[fin : fin + 80]):
                genre = GenreMoyen.HABITANTS
        valeur = _valeur(trouve)
        if valeur is not None and not 0 < valeur < NOMBRE_MAX:
            continue
        if (trouve["defini"] or trouve["tous"]) and genre not in (
            GenreMoyen.PROFESSIONNELS,
            GenreMoyen.BENEVOLES,
        ):
            continue
        est_defini = bool(trouve["defini"] or trouve["tous"])
        environ = debut_de_l_approximation(texte, trouve.start())
        est_approximatif = environ is not None or bool(trouve["aine"] or trouve["haut"])
        debut = trouve.start() if environ is None else environ
        mentions.append(_Mention(genre, debut, fin, valeur, est_approximatif, est_defini))
    for trouve in _LIBELLE.finditer(texte):
        genre = _genre(sans_accents(trouve["mot"]))
        valeur = lire_nombre(trouve["nombre"])
        if genre not in (None, GenreMoyen.PERSONNES) and 0 < valeur < NOMBRE_MAX and not valeur % 1:
            mentions.append(_Mention(genre, *trouve.span(), valeur))
    return sorted(mentions, key=lambda mention: mention.debut)


def _valeur(trouve: re.Match[str]) -> Decimal | None:
    if trouve["defini"]:
        return Decimal(1)
    if trouve["tous"] or trouve["flou"]:
        return None
    if trouve["aine"]:
        return Decimal(EN_AINE[trouve["aine"].lower()])
    if trouve["lettres"]:
        return Decimal(EN_LETTRES[trouve["lettres"].lower()])
    return lire_nombre(trouve["bas"] or trouve["nombre"])


def _sans_details(texte: str, mentions: list[_Mention]) -> list[_Mention]:
    """Les mentions d'un genre qui s'ajoutent : sans le détail d'une autre, ni le rappel d'une comptée."""
    if len(mentions) < 2:
        return mentions
    dehors = [m for m in mentions if not _est_entre_parentheses(texte, m)]
    gardees = dehors or mentions
    detail = _DETAIL.search(texte)
    if detail:
        avant = [m for m in gardees if m.debut < detail.start()]
        gardees = avant or gardees
    comptees: list[_Mention] = []
    for mention in gardees:
        deja = any(not m.est_defini for m in comptees)
        if not (mention.est_defini and deja and _une_phrase_les_separe(texte, comptees[-1], mention)):
            comptees.append(mention)
    return comptees


def _est_entre_parentheses(texte: str, mention: _Mention) -> bool:
    return any(p.start() < mention.debut < p.end() for p in _PARENTHESE.finditer(texte))


def _une_phrase_les_separe(texte: str, avant: _Mention, apres: _Mention) -> bool:
    return any(fin in texte[avant.fin : apres.debut] for fin in (".", "\n"))
