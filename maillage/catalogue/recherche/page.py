"""Une page de résultats : les fiches, les facettes en mots, la correction, l'extrait surligné."""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.text import slugify

from maillage.catalogue.choices import StatutAction
from maillage.catalogue.models import Experience, Terme
from maillage.catalogue.presentation import texte_public
from maillage.catalogue.recherche.documents import CLES, FAMILLES, SANS_BUDGET, TOUT_LE_MONDE, TRANCHES
from maillage.catalogue.recherche.installation import index
from maillage.core.listes import Valeur
from maillage.core.recherche.analyse import composer
from maillage.core.recherche.index import Correction, Question, Reponse
from maillage.core.recherche.surlignage import LONGUEUR_EXTRAIT, surligner, zones_trouvees
from maillage.core.recherche.synonymes import Dictionnaire
from maillage.territoire.models import Departement, Partenaire, Region, Structure

RELIRE_S: Final = 60.0
LISTES_FERMEES: Final = (*FAMILLES, "statut", "budget")
"""Facettes montrées en entier, zéros compris ; les autres ne montrent que ce qui répond."""
VALEURS_PAR_FACETTE: Final = 40
ASSEZ_DE_MOTS: Final = 3
"""Mots différents dans un extrait : au-delà, un meilleur passage ne se voit pas."""
LOT_D_IDS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Trouvees:
    """Ce que la recherche rend à une page ou à une commande."""

    fiches: list[Experience]
    total: int
    facettes: dict[str, list[Valeur]]
    correction: Correction | None
    ignores: tuple[str, ...]
    proches: list[Experience]
    """Quand rien ne répond : les plus proches, sans les filtres."""
    notes: dict[int, float]
    expressions: frozenset[tuple[str, ...]]

    def surligner(self, texte: str) -> SafeString:
        """Le texte entier, échappé, les mots trouvés entre <mark>."""
        return surligner(texte, self.expressions)

    def extrait(self, textes: Iterable[str], longueur: int = LONGUEUR_EXTRAIT) -> SafeString:
        """Le passage le plus parlant du texte qui montre le plus de mots cherchés ; à égalité, le premier."""
        choisi, valeur = "", -1
        for texte in filter(str.strip, textes):
            zones = zones_trouvees(composer(texte), self.expressions)
            vus = len({texte[debut:fin].casefold() for debut, fin in zones})
            if vus > valeur:
                choisi, valeur = texte, vus
            if valeur >= ASSEZ_DE_MOTS:
                break
        return surligner(choisi, self.expressions, longueur)


def chercher(
    texte: str,
    choix: Mapping[str, Collection[str]] | None = None,
    *,
    tri: str = "",
    depart: int = 0,
    nombre: int = 25,
    corrige: bool = True,
    facettes: Sequence[str] = CLES,
    valeurs_par_facette: int | None = VALEURS_PAR_FACETTE,
    dictionnaire: Dictionnaire | None = None,
) -> Trouvees:
    """Cherche parmi les fiches publiées. `choix` : clés et slugs (même clé = OU, autres clés = ET).

    `tri` : rien (pertinence), « recentes », « titre » ou « budget ». `corrige` : réparer les fautes de frappe.
    `dictionnaire` : un autre que celui de la base, pour l'essayer.
    Lève `IndexIndisponible` quand l’index se prépare.
    """
    question = Question(
        texte,
        visibilites=(TOUT_LE_MONDE,),
        filtres=choix or {},
        facettes=facettes,
        tri=tri,
        depart=depart,
        nombre=nombre,
        corrige=corrige,
    )
    reponse = index().chercher(question, dictionnaire)
    fiches = _fiches([*reponse.ids, *reponse.proches])
    return Trouvees(
        fiches=[fiches[pk] for pk in reponse.ids if pk in fiches],
        total=reponse.total,
        facettes=_en_mots(reponse, choix or {}, valeurs_par_facette),
        correction=reponse.correction,
        ignores=reponse.ignores,
        proches=[fiches[pk] for pk in reponse.proches if pk in fiches],
        notes=dict(zip(reponse.ids, reponse.scores, strict=True)),
        expressions=reponse.termes,
    )


def premiers_ids(texte: str, nombre: int) -> list[int]:
    """Identifiants des fiches qui répondent le mieux, sans les lire ni réparer les fautes. Lève `IndexIndisponible`."""
    question = Question(texte, visibilites=(TOUT_LE_MONDE,), nombre=nombre, corrige=False)
    return list(index().chercher(question).ids)


def tous_les_ids(
    texte: str,
    choix: Mapping[str, Collection[str]] | None = None,
    tri: str = "",
    corrige: bool = True,
) -> Iterator[int]:
    """Identifiants de tous les résultats, dans l'ordre de la page : pour les exports."""
    depart = 0
    while True:
        question = Question(
            texte,
            visibilites=(TOUT_LE_MONDE,),
            filtres=choix or {},
            tri=tri,
            depart=depart,
            nombre=LOT_D_IDS,
            corrige=corrige,
        )
        ids = index().chercher(question).ids
        yield from ids
        if len(ids) < LOT_D_IDS:
            return
        depart += LOT_D_IDS


def suggerer(debut: str, nombre: int = 8) -> list[str]:
    """Ce que l'on propose pendant la frappe : valeurs du métier, titres de fiches, mots, sans répétition."""
    trouvees = index().suggerer(debut, (TOUT_LE_MONDE,), nombre)
    fiches = Experience.objects.publiees().en_liste().in_bulk(trouvees.ids) if trouvees.ids else {}
    par_id = {pk: texte_public(fiche, "titre") for pk, fiche in fiches.items()}
    tapes = debut.split()
    mots = [" ".join([*tapes[:-1], mot]) for mot in trouvees.mots]
    propositions = [*trouvees.valeurs[:3], *mots[:4], *(par_id[pk] for pk in trouvees.ids if pk in par_id)]
    return list({proposition.casefold(): proposition for proposition in propositions}.values())[:nombre]


def trier_les_filtres(bruts: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Filtres tapés à la main (libellé ou slug, sans casse ni accents) → slugs. Lève `KeyError` : clé fausse.

    Une valeur inconnue est gardée : elle ne trouve rien, ce qui est la bonne réponse.
    """
    choix: dict[str, list[str]] = {}
    for cle, valeur in bruts:
        if cle not in CLES:
            raise KeyError(cle)
        ecrite = slugify(valeur.replace("’", " ").replace("'", " "))
        choix.setdefault(cle, []).append(_libelles.par_ecriture(cle).get(ecrite, valeur))
    return choix


def _fiches(ids: list[int]) -> dict[int, Experience]:
    return Experience.objects.publiees().completes().in_bulk(ids) if ids else {}


def _en_mots(
    reponse: Reponse, choix: Mapping[str, Collection[str]], limite: int | None
) -> dict[str, list[Valeur]]:
    return {
        cle: _valeurs(cle, comptes, choix.get(cle, ()), limite) for cle, comptes in reponse.facettes.items()
    }


def _valeurs(
    cle: str, comptes: dict[str, int], choisies: Collection[str], limite: int | None
) -> list[Valeur]:
    """Listes fermées dans leur ordre ; les autres, les plus nombreuses d'abord. Un choix reste montré."""
    libelles = _libelles.de(cle, comptes)
    if cle in LISTES_FERMEES:
        return [Valeur(slug, libelle, comptes.get(slug, 0)) for slug, libelle in libelles.items()]
    if cle == "annee":
        return [Valeur(annee, annee, comptes[annee]) for annee in sorted(comptes, reverse=True)]
    valeurs = [Valeur(slug, libelles.get(slug, slug), nombre) for slug, nombre in comptes.items()]
    valeurs.sort(key=lambda valeur: (-valeur.nombre, slugify(valeur.libelle)))
    gardees = valeurs[:limite]
    gardees += [valeur for valeur in valeurs[len(gardees) :] if valeur.cle in choisies]
    absentes = [slug for slug in choisies if slug not in comptes and slug in libelles]
    return gardees + [Valeur(slug, libelles[slug], 0) for slug in absentes]


class _Libelles:
    """Libellés des valeurs de facettes, gardés une minute ; relus dès qu'une valeur est inconnue."""

    def __init__(self) -> None:
        self._verrou = Lock()
        self._par_cle: dict[str, dict[str, str]] = {}
        self._codes: dict[str, str] = {}
        self._lu_a = float("-inf")

    def de(self, cle: str, voulues: Iterable[str] = ()) -> dict[str, str]:
        with self._verrou:
            age = time.monotonic() - self._lu_a
            connues = self._par_cle.get(cle, {})
            if age >= RELIRE_S or (age >= 1.0 and cle != "annee" and not connues.keys() >= set(voulues)):
                self._relire()
            return self._par_cle.get(cle, {})

    def par_ecriture(self, cle: str) -> dict[str, str]:
        """Toutes les façons d'écrire une valeur (repliées) → son slug."""
        libelles = self.de(cle)
        ecritures = {
            slugify(libelle.replace("’", " ").replace("'", " ")): slug for slug, libelle in libelles.items()
        }
        ecritures |= {slugify(slug): slug for slug in libelles}
        return ecritures | (
            {slugify(code): slug for code, slug in self._codes.items()} if cle == "departement" else {}
        )

    def _relire(self) -> None:
        par_cle: dict[str, dict[str, str]] = {famille: {} for famille in FAMILLES}
        for famille, slug, libelle in Terme.objects.filter(famille__in=FAMILLES).values_list(
            "famille", "slug", "libelle"
        ):
            par_cle[famille][slug] = libelle
        par_cle["statut"] = dict(StatutAction.choices)
        par_cle["budget"] = {cle: libelle for cle, libelle, _ in TRANCHES} | dict([SANS_BUDGET])
        for cle, modele in (("region", Region), ("structure", Structure), ("partenaire", Partenaire)):
            par_cle[cle] = dict(_slugs_et_noms(modele))
        departements = Departement.objects.values_list("code", "slug", "nom")
        par_cle["departement"] = {slug: nom for _, slug, nom in departements}
        self._codes = {code: slug for code, slug, _ in departements}
        self._par_cle, self._lu_a = par_cle, time.monotonic()


def _slugs_et_noms(modele: Any) -> Iterable[tuple[str, str]]:
    return modele.objects.values_list("slug", "nom").order_by()


_libelles = _Libelles()


def libelles_de(cle: str, voulues: Iterable[str] = ()) -> dict[str, str]:
    """Slug → libellé, pour les valeurs d'une facette."""
    return _libelles.de(cle, voulues)
