"""Trouver un lieu ou un centre : par son nom, une ville, un code postal, une rue, sans accents ni majuscules.

Pas d'index à part : l'annuaire entier (4 000 structures) se lit et se compare en quelques dizaines de
millisecondes, et la réponse est toujours juste (mesure : `docs/mesures.md`).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from functools import lru_cache

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

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
_plies = lru_cache(maxsize=100_000)(lambda texte: tuple(mots_de_lieu(texte)))


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
    fiches = _fiches(structures)
    if trouvees := _ayant_tous(fiches, mots):
        return Recherche(texte, trouvees, Portee.DIRECTE, commune_dans(texte))
    if commune := commune_dans(texte):
        return _autour(texte, commune, structures)
    corriges = _corriger(mots, fiches)
    if corriges != mots and (trouvees := _ayant_tous(fiches, corriges)):
        return Recherche(texte, trouvees, Portee.DIRECTE, correction=" ".join(corriges))
    return Recherche(texte)


_DU_PLUS_PEUPLE = (F("population").desc(nulls_last=True), "code_insee")


def _est_code_postal(mot: str) -> bool:
    return len(mot) == 5 and mot.isdigit()


def _est_numero_de_rue(mot: str) -> bool:
    return mot in {"bis", "ter", "quater"} or (mot.isdigit() and len(mot) < 5)


@dataclass
class _Fiche:
    """Mots d'une structure, leur poids, et ce qu'il faut citer quand le mot vient de la zone ou d'un lieu."""

    pk: int
    poids: dict[str, int] = field(default_factory=dict)
    raisons: dict[str, str] = field(default_factory=dict)

    def ajouter(self, texte: str | None, poids: int, raison: str = "") -> None:
        for mot in _plies(texte or ""):
            if self.poids.get(mot, 0) < poids:
                self.poids[mot] = poids
                if raison:
                    self.raisons[mot] = raison
                else:
                    self.raisons.pop(mot, None)


def _fiches(structures: QuerySet[Structure]) -> list[_Fiche]:
    """Trois lectures, quel que soit le nombre de structures."""
    fiches: dict[int, _Fiche] = {}
    lignes = structures.order_by("nom", "pk").values_list(
        "pk", "nom", "commune__nom", "code_postal", "adresse", "departement__nom", "gestionnaire__nom"
    )
    for pk, nom, commune, code_postal, adresse, departement, gestionnaire in lignes:
        fiche = fiches[pk] = _Fiche(pk)
        fiche.ajouter(gestionnaire, 1)
        fiche.ajouter(departement, 2)
        fiche.ajouter(adresse, 3)
        fiche.ajouter(code_postal, 6)
        fiche.ajouter(commune, 6)
        fiche.ajouter(nom, 8)
    sites = Site.objects.order_by("pk").values_list(
        "structure_id", "nom", "commune__nom", "code_postal", "adresse"
    )
    for pk, nom, commune, code_postal, adresse in sites:
        if fiche := fiches.get(pk):  # type: ignore[assignment]
            fiche.ajouter(adresse, 3, f"{nom}, {adresse}")
            fiche.ajouter(nom, 4, nom)
            fiche.ajouter(code_postal, 5)
            fiche.ajouter(commune, 5)
    dessertes = Desserte.objects.order_by("pk").values_list(
        "structure_id", "commune__nom", "commune__codes_postaux", "rues", "quartiers"
    )
    for pk, commune, codes_postaux, rues, quartiers in dessertes:
        if fiche := fiches.get(pk):  # type: ignore[assignment]
            for lieu in (*rues, *quartiers):
                fiche.ajouter(lieu, 4, lieu)
            fiche.ajouter(" ".join(codes_postaux), 3)
            fiche.ajouter(commune, 4)
    return list(fiches.values())


def _ayant_tous(fiches: Iterable[_Fiche], mots: list[str]) -> list[Trouvee]:
    notes: list[tuple[int, int, Trouvee]] = []
    for rang, fiche in enumerate(fiches):
        note, raison = 0, ""
        for mot in mots:
            exact = fiche.poids.get(mot)
            if exact is None and len(mot) >= 3 and not mot.isdigit():
                debuts = [m for m in fiche.poids if m.startswith(mot)]
                trouve = max(debuts, key=fiche.poids.__getitem__, default="")
            else:
                trouve = mot if exact else ""
            if not trouve:
                break
            note += fiche.poids[trouve] * 2 + (trouve == mot)
            raison = raison or fiche.raisons.get(trouve, "")
        else:
            notes.append((-note, rang, Trouvee(fiche.pk, raison)))
    return [trouvee for _, _, trouvee in sorted(notes, key=lambda n: n[:2])]


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


def _corriger(mots: list[str], fiches: list[_Fiche]) -> list[str]:
    """Remplace chaque mot inconnu de l'annuaire par le plus proche (une ou deux lettres)."""
    par_initiale: dict[str, set[str]] = defaultdict(set)
    for fiche in fiches:
        for mot in fiche.poids:
            par_initiale[mot[0]].add(mot)
    corriges = []
    for mot in mots:
        candidats = par_initiale[mot[0]]
        if mot.isdigit() or len(mot) < 4 or mot in candidats:
            corriges.append(mot)
        else:
            corriges += get_close_matches(mot, sorted(candidats), n=1, cutoff=0.8) or [mot]
    return corriges


def departement_nomme(texte: str) -> Departement | None:
    """Département écrit par son code ou par son nom : « 38 », « 2a », « seine saint denis »."""
    nom = nom_cherche(texte)
    if len(nom) in (2, 3) and nom[:1].isdigit():
        return Departement.objects.filter(code=nom.upper()).first()
    return Departement.objects.filter(slug=nom.replace(" ", "-")).first() if nom else None
