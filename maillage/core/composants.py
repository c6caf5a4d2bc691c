"""La planche des composants : chaque forme des pages, vivante, avec des exemples inventés.

Trois pages, ouvertes en modes local et demo seulement. Elles servent à voir une forme avant d'en créer une
autre, et aux tests d'accessibilité, qui les lisent en entier.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from maillage.core.acces import interne
from maillage.core.graphiques import Graphique, Serie
from maillage.core.listes import Demande, Facette, Liste, Tri, Valeur, rendre_liste

COULEURS = [
    # nom, teinte, encre du texte, contraste mesuré
    ("Papier", "#FBF8F3", "#1E2A3A", "encre 13,7"),
    ("Encre", "#1E2A3A", "#FFFFFF", "blanc 14,5"),
    ("Vert", "#0B6570", "#FFFFFF", "blanc 6,8"),
    ("Corail, axe A", "#C2402A", "#FFFFFF", "blanc 5,2"),
    ("Sauge, axe B", "#4C7A57", "#FFFFFF", "blanc 5,0"),
    ("Violet, axe C", "#6B4E9B", "#FFFFFF", "blanc 6,6"),
    ("Bleu, axe T", "#2F5FA8", "#FFFFFF", "blanc 6,3"),
    ("Miel", "#F3B43F", "#1E2A3A", "encre 7,9"),
]
STATUTS = [
    ("En cours", "ok", "circle-play"),
    ("À venir", "info", "clock"),
    ("Bientôt dû", "alerte", "clock"),
    ("En retard", "stop", "clock-alert"),
    ("Terminée", "", "circle-check"),
    ("Nouvelle", "info", "sparkles"),
    ("Évolution", "", "trending-up"),
    ("Existante", "", "equal"),
]
PAR_AN = Graphique(
    titre="Personnes différentes venues aux ateliers, par an",
    repere="Année",
    reperes=["2023", "2024", "2025", "2026"],
    series=[Serie("Personnes différentes", [212, 248, 301, 287])],
    source="Source : feuilles de présence, 4 activités. Année 2026 arrêtée au 20 novembre.",
)
PAR_HEURE = Graphique(
    titre="Passages à l’accueil, aujourd’hui et un vendredi habituel",
    repere="Heure",
    reperes=["9 h", "10 h", "11 h", "12 h", "13 h", "14 h"],
    series=[Serie("Aujourd’hui", [8, 13, 11, 2, 0, 13]), Serie("Un vendredi habituel", [6, 9, 8, 1, 1, 12])],
    source="Source : comptoir d’accueil, vendredi 20 novembre 2026 à 14 h 40.",
)
PAR_MOIS = Graphique(
    titre="Heures de bénévolat, par mois",
    repere="Mois",
    reperes=["janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août"],
    series=[Serie("Heures", [120, 138, 151, 149, 162, 170, None, 64])],
    source="Source : carnets des bénévoles, 2026. Juillet n’a pas été saisi.",
    forme="courbe",
)
DEPARTEMENTS = [
    ("01", "Ain", 12),
    ("2A", "Corse-du-Sud", 3),
    ("23", "Creuse", 0),
    ("26", "Drôme", 41),
    ("34", "Hérault", 64),
    ("38", "Isère", 88),
    ("59", "Nord", 97),
    ("75", "Paris", 35),
    ("971", "Guadeloupe", 9),
    ("974", "La Réunion", 22),
]
EXEMPLES = [
    # titre, dimension, public, statut
    ("Le café des clics : un voisin, une tablette, une heure", "services", "seniors", "en-cours"),
    ("Un bus, deux ordinateurs et le courrier en retard", "services", "seniors", "en-cours"),
    ("Une assemblée de cage d’escalier, tous les deux mois", "citoyennete", "adultes", "en-cours"),
    ("Partir une fois : le premier départ de douze familles", "projets", "familles", "terminee"),
    ("La photo de famille, atelier des grands-parents", "citoyennete", "seniors", "terminee"),
] * 12
FACETTES = (
    (
        "dimension",
        "Dimension",
        1,
        {"services": "Services", "citoyennete": "Citoyenneté", "projets": "Projets"},
    ),
    (
        "public",
        "Public",
        2,
        {"seniors": "Seniors", "adultes": "Adultes", "familles": "Familles", "enfance": "Enfance"},
    ),
    ("statut", "Statut", 3, {"en-cours": "En cours", "terminee": "Terminée"}),
)
TRIS = (Tri("pertinence", "Pertinence"), Tri("titre", "Titre"))


class ExempleForm(forms.Form):
    """Un champ de chaque sorte ; rempli comme quelqu'un qui s'est trompé deux fois."""

    titre = forms.CharField(
        label="Titre de la fiche", help_text="Dites ce que l’on fait, en moins de dix mots."
    )
    fin = forms.CharField(label="Date de fin")
    budget = forms.CharField(label="Budget par an, en euros", required=False)
    public = forms.ChoiceField(label="Public", choices=[("s", "Seniors"), ("f", "Familles")])
    partenaires = forms.MultipleChoiceField(
        label="Partenaires",
        choices=[("c", "Carsat"), ("m", "Mairie")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    decision = forms.ChoiceField(
        label="Décision pour l’an prochain",
        choices=[("r", "Reconduire"), ("a", "Améliorer"), ("s", "Arrêter")],
        widget=forms.RadioSelect,
    )
    pourquoi = forms.CharField(label="Pourquoi ?", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    accord = forms.BooleanField(label="Les habitants cités sont d’accord")

    def clean_fin(self) -> str:
        raise forms.ValidationError(
            "La fin vient avant le début. Choisissez une date après le 1er mars 2025."
        )

    def clean_budget(self) -> str:
        raise forms.ValidationError("Écrivez un nombre, par exemple 14 000.")


def _formulaire() -> ExempleForm:
    return ExempleForm(
        {
            "titre": "Le café des clics au marché",
            "fin": "30/06/2024",
            "budget": "14000 eros",
            "public": "s",
            "partenaires": ["c"],
            "decision": "r",
            "pourquoi": "La demande augmente et la relève est trouvée.",
            "accord": "on",
        }
    )


@interne
@require_GET
def planche(request: HttpRequest) -> HttpResponse:
    adresse = reverse("composants")
    contexte: dict[str, Any] = {
        "couleurs": COULEURS,
        "statuts": STATUTS,
        "form": _formulaire(),
        "graphiques": [PAR_AN, PAR_HEURE, PAR_MOIS],
        "departements": [
            {"code": code, "nom": nom, "nombre": nombre, "url": f"{adresse}#d{code}" if nombre else ""}
            for code, nom, nombre in DEPARTEMENTS
        ],
    }
    return render(request, "core/composants/planche.html", contexte)


@interne
@require_GET
def espace(request: HttpRequest) -> HttpResponse:
    """La forme des pages de l'espace pro, et les états que l'on ne rencontre que de travers."""
    return render(request, "core/composants/planche_espace.html")


@interne
@require_GET
def liste(request: HttpRequest) -> HttpResponse:
    demande = Demande.lire(request, cles=[cle for cle, *_ in FACETTES], tris=TRIS)

    def repond(exemple: tuple[str, ...], sauf: str = "") -> bool:
        return demande.q.lower() in exemple[0].lower() and all(
            cle == sauf or not demande.choix.get(cle) or exemple[rang] in demande.choix[cle]
            for cle, _, rang, _ in FACETTES
        )

    trouves = [exemple for exemple in EXEMPLES if repond(exemple)]
    if demande.tri == "titre":
        trouves.sort()
    facettes = [
        Facette(
            cle,
            libelle,
            [
                Valeur(valeur, mot, sum(e[rang] == valeur and repond(e, sauf=cle) for e in EXEMPLES))
                for valeur, mot in mots.items()
            ],
            visibles=2,
        )
        for cle, libelle, rang, mots in FACETTES
    ]
    page = trouves[demande.depart : demande.depart + demande.par_page]
    suggestions = reverse("composants_suggestions")
    return rendre_liste(
        request,
        "core/composants/planche_liste.html",
        Liste(demande, page, len(trouves), facettes, compte="expérience"),
        {"suggestions": suggestions},
    )


@interne
@require_GET
def suggestions(request: HttpRequest) -> JsonResponse:
    q = request.GET.get("q", "").lower()
    titres = sorted({titre for titre, *_ in EXEMPLES if q and q in titre.lower()})
    return JsonResponse([{"libelle": titre} for titre in titres[:8]], safe=False)
