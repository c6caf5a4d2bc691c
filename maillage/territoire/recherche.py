"""Trouver un lieu ou un centre : par son nom, une ville, un code postal, une rue, sans accents ni majuscules.

Pas d'index à part : l'annuaire entier (4 000 structures en France) tient en mémoire, et se relit dès qu'un acte
a changé une structure.
"""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from itertools import takewhile

from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, Value, When

from maillage.territoire.models import (
    AncienneCommune,
    CodePostal,
    Commune,
    Departement,
    Desserte,
    Site,
    Structure,
)
from maillage.territoire.mots import MOTS_CREUX, mots_de_lieu, mots_utiles, nom_cherche

MOTS_DE_COMMUNE = 7
"""Nombre de mots du plus long nom de commune que l'on reconnaît dans une phrase."""


class Portee(Enum):
    """Où l'on a dû chercher pour répondre, du plus près au plus loin."""

    DIRECTE = "directe"
    COMMUNE = "commune"
    INTERCOMMUNALITE = "intercommunalite"
    DEPARTEMENT = "departement"
    AUCUNE = "aucune"


@dataclass(frozen=True)
class Trouvee:
    """`raison` dit pourquoi elle est là quand son nom ne le montre pas : « rue du Bel Air »."""

    structure_id: int
    raison: str = ""


@dataclass(frozen=True)
class Recherche:
    texte: str
    trouvees: list[Trouvee] = field(default_factory=list)
    portee: Portee = Portee.AUCUNE
    commune: Commune | None = None
    correction: str = ""

    @property
    def raisons(self) -> dict[int, str]:
        return {trouvee.structure_id: trouvee.raison for trouvee in self.trouvees}


def chercher_communes(texte: str, limite: int = 10) -> list[Commune]:
    """Communes d'un code postal ou dont le nom commence ainsi : nom exact, puis les plus peuplées.

    Le nom d'une commune déléguée ou associée mène à la commune d'aujourd'hui.
    """
    nom = nom_cherche(texte)
    if not nom:
        return []
    communes = Commune.objects.select_related("departement")
    if nom.isdigit():
        codes = CodePostal.objects.filter(code__startswith=nom).values("commune")
        return list(communes.filter(pk__in=codes).order_by(*_DU_PLUS_PEUPLE)[:limite])
    anciennes = AncienneCommune.objects.filter(nom_cherche__startswith=nom).values("commune")
    exact = Case(When(nom_cherche=nom, then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(
        communes.filter(Q(nom_cherche__startswith=nom) | Q(pk__in=anciennes))
        .annotate(eloignement=exact)
        .order_by("eloignement", *_DU_PLUS_PEUPLE)[:limite]
    )


def commune_du_departement(nom: str, departement: Departement) -> Commune | None:
    """La commune de ce nom entier dans ce département, sans accents ni casse."""
    nommees = Commune.objects.filter(departement=departement, nom_cherche=nom_cherche(nom))
    return nommees.order_by("pk").first()


def est_le_meme_nom(un: str, autre: str) -> bool:
    """Deux noms que seuls les accents, la casse ou la ponctuation distinguent."""
    return nom_cherche(un) == nom_cherche(autre)


def commune_dans(texte: str) -> Commune | None:
    """Commune nommée dans une phrase : « 12 rue du Bel Air, Montreuil » ou « 93100 Montreuil ».

    Le code postal, s'il est écrit, départage les homonymes ; sinon le nom le plus long, puis la plus peuplée.
    """
    mots = mots_de_lieu(texte)
    par_code = Commune.objects.filter(
        pk__in=CodePostal.objects.filter(code__in=[m for m in mots if _est_code_postal(m)]).values("commune"),
        rattachee_a=None,
    )
    noms = {
        " ".join(mots[debut : debut + longueur])
        for longueur in range(1, MOTS_DE_COMMUNE + 1)
        for debut in range(len(mots) - longueur + 1)
    }
    noms -= MOTS_CREUX
    nommees = {commune.pk: commune.nom_cherche for commune in Commune.objects.filter(nom_cherche__in=noms)}
    for ancienne in AncienneCommune.objects.filter(nom_cherche__in=noms):
        nommees.setdefault(ancienne.commune_id, ancienne.nom_cherche)
    communes = Commune.objects.select_related("departement", "epci", "rattachee_a")
    les_deux = par_code.filter(pk__in=nommees)
    for choix in (les_deux, par_code):
        if commune := communes.filter(pk__in=choix.values("pk")).order_by(*_DU_PLUS_PEUPLE).first():
            return commune
    if not nommees:
        return None
    longueur = max(len(nom) for nom in nommees.values())
    plus_longs = [pk for pk, nom in nommees.items() if len(nom) == longueur]
    return communes.filter(pk__in=plus_longs).order_by(*_DU_PLUS_PEUPLE).first()


def chercher_structures(texte: str, structures: QuerySet[Structure]) -> Recherche:
    """Centres qui répondent à ces mots, parmi `structures`, les plus justes d'abord.

    Tous les mots doivent se retrouver dans le nom, les lieux, l'adresse ou la zone du centre. Sinon, si une
    commune est nommée : ceux qui l'accueillent, puis ceux de l'intercommunalité, puis du département. Sinon,
    le mot le plus proche dans l'annuaire.
    """
    departement = departement_nomme(texte)
    if departement and texte.strip().upper() == departement.code:
        pks = structures.filter(departement=departement).order_by("nom", "pk").values_list("pk", flat=True)
        return Recherche(texte, [Trouvee(pk) for pk in pks], Portee.DIRECTE)
    mots = [mot for mot in mots_utiles(texte) if not _est_numero_de_rue(mot)]
    if not mots:
        return Recherche(texte)
    annuaire, parmi = _annuaire(), set(structures.values_list("pk", flat=True))
    if trouvees := annuaire.ayant_tous(mots, parmi):
        return Recherche(texte, trouvees, Portee.DIRECTE, commune_dans(texte))
    if commune := commune_dans(texte):
        return _autour(texte, commune, structures)
    corriges = annuaire.corriger(mots)
    if corriges != mots and (trouvees := annuaire.ayant_tous(corriges, parmi)):
        return Recherche(texte, trouvees, Portee.DIRECTE, correction=" ".join(corriges))
    return Recherche(texte)


_DU_PLUS_PEUPLE = (F("population").desc(nulls_last=True), "code_insee")


def _est_code_postal(mot: str) -> bool:
    return len(mot) == 5 and mot.isdigit()


def _est_numero_de_rue(mot: str) -> bool:
    return mot in {"bis", "ter", "quater"} or (mot.isdigit() and len(mot) < 5)


@dataclass(frozen=True)
class _Mention:
    """Un mot dans une structure : son poids, et ce qu'il faut citer quand il vient de la zone ou d'un lieu."""

    poids: int
    raison: str = ""


class _Annuaire:
    """Les mots de toutes les structures, et qui les porte. Se lit en trois requêtes, quelle que soit la taille."""

    def __init__(self) -> None:
        self.rangs: dict[int, int] = {}
        self.mentions: dict[str, dict[int, _Mention]] = defaultdict(dict)
        lignes = Structure.objects.order_by("nom", "pk").values_list(
            "pk", "nom", "commune__nom", "code_postal", "adresse", "departement__nom", "gestionnaire__nom"
        )
        for pk, nom, commune, code_postal, adresse, departement, gestionnaire in lignes:
            self.rangs[pk] = len(self.rangs)
            self._ajouter(pk, gestionnaire, 1)
            self._ajouter(pk, departement, 2)
            self._ajouter(pk, adresse, 3)
            self._ajouter(pk, code_postal, 6)
            self._ajouter(pk, commune, 6)
            self._ajouter(pk, nom, 8)
        sites = Site.objects.order_by("pk").values_list(
            "structure_id", "nom", "commune__nom", "code_postal", "adresse"
        )
        for pk, nom, commune, code_postal, adresse in sites:
            self._ajouter(pk, adresse, 3, f"{nom}, {adresse}")
            self._ajouter(pk, nom, 4, nom)
            self._ajouter(pk, code_postal, 5)
            self._ajouter(pk, commune, 5)
        dessertes = Desserte.objects.order_by("pk").values_list(
            "structure_id", "commune__nom", "commune__codes_postaux", "rues", "quartiers"
        )
        for pk, commune, codes_postaux, rues, quartiers in dessertes:
            for lieu in (*rues, *quartiers):
                self._ajouter(pk, lieu, 4, lieu)
            self._ajouter(pk, " ".join(codes_postaux or ()), 3)
            self._ajouter(pk, commune, 4)
        self.vocabulaire = sorted(self.mentions)

    def _ajouter(self, pk: int, texte: str | None, poids: int, raison: str = "") -> None:
        """Un mot garde sa mention la plus lourde : celle du nom, avant celle d'une rue."""
        for mot in mots_de_lieu(texte or ""):
            mentions = self.mentions[mot]
            if pk not in mentions or mentions[pk].poids < poids:
                mentions[pk] = _Mention(poids, raison)

    def ayant_tous(self, mots: list[str], parmi: set[int]) -> list[Trouvee]:
        """Les structures qui portent tous ces mots, en entier ou par leur début, la plus lourde d'abord."""
        par_mot = [self._porteuses(mot) for mot in mots]
        communes = parmi.intersection(*par_mot)
        notes = {pk: sum(porteuses[pk].poids for porteuses in par_mot) for pk in communes}
        return [
            Trouvee(pk, next((p[pk].raison for p in par_mot if p[pk].raison), ""))
            for pk in sorted(communes, key=lambda pk: (-notes[pk], self.rangs[pk]))
        ]

    def _porteuses(self, mot: str) -> dict[int, _Mention]:
        """Un mot entier vaut un peu plus que son seul début ; un nombre ne se complète pas."""
        porteuses = {pk: _Mention(m.poids * 2 + 1, m.raison) for pk, m in self.mentions.get(mot, {}).items()}
        if len(mot) < 3 or mot.isdigit():
            return porteuses
        for long in self._commencant_par(mot):
            for pk, mention in self.mentions[long].items():
                if pk not in porteuses or porteuses[pk].poids < mention.poids * 2:
                    porteuses[pk] = _Mention(mention.poids * 2, mention.raison)
        return porteuses

    def _commencant_par(self, debut: str) -> list[str]:
        premier = bisect_left(self.vocabulaire, debut)
        return list(takewhile(lambda mot: mot.startswith(debut), self.vocabulaire[premier:]))

    def corriger(self, mots: list[str]) -> list[str]:
        """Remplace chaque mot inconnu par le plus proche qui commence par la même lettre."""
        corriges = []
        for mot in mots:
            if mot.isdigit() or len(mot) < 4 or mot in self.mentions:
                corriges.append(mot)
            else:
                corriges += get_close_matches(mot, self._commencant_par(mot[0]), n=1, cutoff=0.8) or [mot]
        return corriges


_garde: tuple[tuple[object, ...], _Annuaire] | None = None


def _annuaire() -> _Annuaire:
    """L'annuaire en mémoire, relu dès qu'une structure, un lieu ou une zone a changé."""
    global _garde
    etat = (
        *Structure.objects.aggregate(n=Count("pk"), dernier=Max("modifie_le")).values(),
        *Site.objects.aggregate(n=Count("pk"), dernier=Max("pk")).values(),
        *Desserte.objects.aggregate(n=Count("pk"), dernier=Max("pk")).values(),
    )
    if _garde is None or _garde[0] != etat:
        _garde = (etat, _Annuaire())
    return _garde[1]


def _autour(texte: str, commune: Commune, structures: QuerySet[Structure]) -> Recherche:
    codes = [commune.pk, *([commune.rattachee_a_id] if commune.rattachee_a_id else [])]
    cercles: list[tuple[Portee, Q]] = [(Portee.COMMUNE, _qui_accueille(commune__in=codes))]
    if commune.epci_id:
        cercles.append((Portee.INTERCOMMUNALITE, _qui_accueille(commune__epci=commune.epci_id)))
    cercles.append((Portee.DEPARTEMENT, Q(departement=commune.departement_id)))
    for portee, condition in cercles:
        pks = structures.filter(condition).order_by("nom", "pk").values_list("pk", flat=True)
        if trouvees := [Trouvee(pk) for pk in dict.fromkeys(pks)]:
            return Recherche(texte, trouvees, portee, commune)
    return Recherche(texte, commune=commune)


def _qui_accueille(**condition: object) -> Q:
    """La structure y a son adresse, un lieu, ou sa zone."""
    return (
        Q(**condition)
        | Q(**{f"sites__{cle}": valeur for cle, valeur in condition.items()})
        | Q(**{f"dessertes__{cle}": valeur for cle, valeur in condition.items()})
    )


def departement_nomme(texte: str) -> Departement | None:
    """Département écrit par son code ou par son nom : « 38 », « 2a », « seine saint denis »."""
    nom = nom_cherche(texte)
    if len(nom) in (2, 3) and nom[:1].isdigit():
        return Departement.objects.filter(code=nom.upper()).first()
    return Departement.objects.filter(slug=nom.replace(" ", "-")).first() if nom else None
