"""Listes à facettes : ce que l'adresse demande, et ce que la page en montre. Rien du métier ici.

Tout l'état est dans l'adresse (`?q=vélo&public=seniors&public=familles&tri=recentes&page=2`) : on la partage,
on revient en arrière, et la page marche sans script. Une vue s'écrit en quatre temps :

    @publique
    def experiences(request):
        demande = Demande.lire(request, cles=("dimension", "public"), tris=TRIS)
        trouvees = chercher(demande.q, demande.choix, demande.tri, demande.depart, demande.par_page)
        liste = Liste(
            demande,
            objets=trouvees.fiches,            # la page demandée, pas plus
            total=trouvees.total,
            facettes=[
                Facette("dimension", "Dimension", [Valeur("services", "Services", 24), …]),
                Facette("public", "Public", […], visibles=6, est_ouverte=False),
            ],
            compte="expérience",               # ou « journal,journaux »
        )
        return rendre_liste(request, "catalogue/experiences.html", liste, {"correction": trouvees.correction})

Le gabarit étend `core/liste/liste.html` et remplit ses blocs : `titre`, `fil`, `titre_page`, `chapo`, `avant`
(avis sous la recherche), `resultat` (un objet, nommé `objet`), `aucun` (ce que l'on propose quand rien ne
répond), `apres` (exports, flux). `liste` est l'objet de ce module ; `suggestions` (facultatif), une adresse
JSON que le script interroge pendant la frappe (`js/suggestions.js`).

Les valeurs choisies gardent leur ordre ; une même clé = OU, des clés différentes = ET (à la vue de le faire).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from maillage.core.francais import INSECABLE, compte, nombre
from maillage.core.saisie import une_ligne

PAR_PAGE = 25
LONGUEUR_MAX = 200
CHOIX_MAX = 50
"""Valeurs gardées par clé : au-delà, l'adresse n'a pas été écrite par une personne."""


@dataclass(frozen=True)
class Tri:
    """Une façon de ranger. La première déclarée est celle par défaut : elle n'apparaît pas dans l'adresse."""

    cle: str
    libelle: str


@dataclass(frozen=True)
class Valeur:
    """Une valeur d'une facette, et combien d'objets la portent parmi ceux qui répondent au reste."""

    cle: str
    libelle: str
    nombre: int


@dataclass(frozen=True)
class Facette:
    """Une façon de trier le grain. `visibles` : combien de valeurs avant le repli « n autres »."""

    cle: str
    libelle: str
    valeurs: Sequence[Valeur]
    visibles: int = 6
    est_ouverte: bool = True
    pluriel: str = ""
    """Ce que l'on déplie : « 15 autres mots clés »."""


@dataclass(frozen=True)
class Demande:
    """Ce que l'adresse demande, nettoyé : texte, choix par clé, tri, page."""

    chemin: str
    q: str
    choix: Mapping[str, tuple[str, ...]]
    tri: str
    page: int
    par_page: int
    tris: tuple[Tri, ...]

    @classmethod
    def lire(
        cls, request: HttpRequest, *, cles: Sequence[str], tris: Sequence[Tri] = (), par_page: int = PAR_PAGE
    ) -> "Demande":
        """Une valeur absurde (page « abc ») vaut son défaut : une adresse abîmée montre la liste."""
        adresse = request.GET
        choix = {}
        for cle in cles:
            valeurs = dict.fromkeys(
                valeur[:LONGUEUR_MAX].replace("\0", "") for valeur in adresse.getlist(cle)
            )
            if gardees := tuple(valeur for valeur in valeurs if valeur)[:CHOIX_MAX]:
                choix[cle] = gardees
        page, tri = adresse.get("page", ""), adresse.get("tri", "")
        return cls(
            chemin=request.path,
            q=une_ligne(adresse.get("q", ""), LONGUEUR_MAX),
            choix=choix,
            tri=tri if any(t.cle == tri for t in tris) else (tris[0].cle if tris else ""),
            page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 8 else 1,
            par_page=par_page,
            tris=tuple(tris),
        )

    @property
    def depart(self) -> int:
        """Nombre d'objets à passer avant la page demandée."""
        return (self.page - 1) * self.par_page

    @property
    def nombre_choix(self) -> int:
        return sum(len(valeurs) for valeurs in self.choix.values())

    def a_choisi(self, cle: str, valeur: str) -> bool:
        return valeur in self.choix.get(cle, ())

    def url(
        self,
        *,
        choix: Mapping[str, Sequence[str]] | None = None,
        tri: str | None = None,
        page: int = 1,
        q: str | None = None,
    ) -> str:
        """Adresse de la même liste, changée. Changer un critère ramène à la première page."""
        tri = self.tri if tri is None else tri
        parametres: list[tuple[str, str]] = []
        if texte := self.q if q is None else q:
            parametres.append(("q", texte))
        for cle, valeurs in (self.choix if choix is None else choix).items():
            parametres += [(cle, valeur) for valeur in valeurs]
        if self.tris and tri != self.tris[0].cle:
            parametres.append(("tri", tri))
        if page > 1:
            parametres.append(("page", str(page)))
        return f"{self.chemin}?{urlencode(parametres)}" if parametres else self.chemin

    def url_avec(self, cle: str, valeur: str) -> str:
        return self.url(choix={**self.choix, cle: (*self.choix.get(cle, ()), valeur)})

    def url_sans(self, cle: str, valeur: str) -> str:
        reste = {c: tuple(v for v in valeurs if (c, v) != (cle, valeur)) for c, valeurs in self.choix.items()}
        return self.url(choix=reste)


@dataclass(frozen=True)
class Case:
    """Une valeur prête à afficher : cochée ou non, impossible si plus rien ne la porte."""

    cle: str
    libelle: str
    nombre: int
    est_choisie: bool

    @property
    def est_vaine(self) -> bool:
        return not self.nombre and not self.est_choisie


@dataclass(frozen=True)
class Groupe:
    """Une facette prête à afficher : ce que l'on voit d'abord, ce qui se déplie."""

    cle: str
    libelle: str
    est_ouvert: bool
    visibles: list[Case]
    autres: list[Case]
    pluriel: str


@dataclass(frozen=True)
class Puce:
    libelle: str
    url_sans: str


@dataclass
class Liste:
    """La page d'une liste. Lève `Http404` quand la page demandée n'existe pas (au-delà de la dernière)."""

    demande: Demande
    objets: Sequence[Any]
    total: int
    facettes: Sequence[Facette] = ()
    compte: str = "résultat"
    page_max: int = field(default=400, kw_only=True)
    """Dernière page que l'on ouvre : au-delà, on affine sa recherche plutôt que de feuilleter."""

    def __post_init__(self) -> None:
        if self.demande.page > max(1, self.nombre_pages):
            raise Http404("Cette page de résultats n’existe pas.")

    @property
    def titre(self) -> str:
        """« 37 expériences »."""
        return compte(self.total, self.compte)

    @property
    def etendue(self) -> str:
        """« 26 à 50 sur 1 240 », quand il y a plus d'une page."""
        if self.nombre_pages < 2:
            return ""
        premier = self.demande.depart + 1
        dernier = min(self.demande.depart + self.demande.par_page, self.total)
        return f"{nombre(premier)} à{INSECABLE}{nombre(dernier)} sur{INSECABLE}{nombre(self.total)}"

    @property
    def nombre_pages(self) -> int:
        return min(-(-self.total // self.demande.par_page), self.page_max)

    @property
    def url(self) -> str:
        """L'adresse propre de cette page : sans champ vide, sans valeur par défaut."""
        return self.demande.url(page=self.demande.page)

    @property
    def url_sans_choix(self) -> str:
        return self.demande.url(choix={})

    @cached_property
    def groupes(self) -> list[Groupe]:
        groupes = []
        for facette in self.facettes:
            if not facette.valeurs:
                continue
            cases = [
                Case(v.cle, v.libelle, v.nombre, self.demande.a_choisi(facette.cle, v.cle))
                for v in facette.valeurs
            ]
            choisies = sum(case.est_choisie for case in cases)
            cases.sort(
                key=lambda case: not case.est_choisie
            )  # tri stable : les choisies d'abord, rien d'autre ne bouge
            coupe = max(facette.visibles, choisies)
            if len(cases) - coupe == 1:  # replier une seule valeur ne fait gagner aucune place
                coupe += 1
            groupes.append(
                Groupe(
                    facette.cle,
                    facette.libelle,
                    facette.est_ouverte or choisies > 0,
                    cases[:coupe],
                    cases[coupe:],
                    facette.pluriel,
                )
            )
        return groupes

    @cached_property
    def puces(self) -> list[Puce]:
        """Un filtre actif par valeur choisie. Une valeur inconnue reste visible, donc retirable."""
        puces = []
        par_cle = {facette.cle: facette for facette in self.facettes}
        for cle, valeurs in self.demande.choix.items():
            facette = par_cle.get(cle)
            libelles = {v.cle: v.libelle for v in facette.valeurs} if facette else {}
            for valeur in valeurs:
                nom = f"{facette.libelle}{INSECABLE}: " if facette else ""
                puces.append(Puce(f"{nom}{libelles.get(valeur, valeur)}", self.demande.url_sans(cle, valeur)))
        return puces

    @property
    def pages(self) -> list[tuple[int, str] | None]:
        """Numéro et adresse de la première page, des voisines, de la dernière ; None = pages sautées."""
        derniere, ici = self.nombre_pages, self.demande.page
        montrees = sorted({1, derniere, *range(max(1, ici - 1), min(derniere, ici + 1) + 1)})
        suite: list[tuple[int, str] | None] = []
        for avant, numero in zip([0, *montrees], montrees, strict=False):
            if numero - avant == 2:
                suite.append((numero - 1, self.demande.url(page=numero - 1)))
            elif numero - avant > 2:
                suite.append(None)
            suite.append((numero, self.demande.url(page=numero)))
        return suite

    @property
    def url_precedente(self) -> str:
        return self.demande.url(page=self.demande.page - 1) if self.demande.page > 1 else ""

    @property
    def url_suivante(self) -> str:
        return self.demande.url(page=self.demande.page + 1) if self.demande.page < self.nombre_pages else ""


def rendre_liste(
    request: HttpRequest, gabarit: str, liste: Liste, contexte: Mapping[str, Any] | None = None
) -> HttpResponse:
    """La page entière, ou le seul fragment `#liste` quand htmx le demande, avec l'adresse à afficher."""
    htmx = getattr(request, "htmx", None)
    est_fragment = htmx is not None and bool(htmx) and not htmx.history_restore_request
    socle = "core/fragment.html" if est_fragment else "core/base.html"
    reponse = render(
        request, gabarit, {"suggestions": "", **(contexte or {}), "liste": liste, "socle": socle}
    )
    patch_vary_headers(reponse, ["HX-Request"])
    if est_fragment:
        reponse.headers["HX-Push-Url"] = liste.url
    return reponse
