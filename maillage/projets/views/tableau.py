"""Toutes les fiches d'un projet en un tableau : triées, filtrées, gardées dans un tableur."""

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from maillage.catalogue.exportation.formats import TYPES, ecrire
from maillage.comptes.requete import RequeteConnectee
from maillage.core.documents.telechargement import nom_de_fichier
from maillage.core.listes import Demande, Tri
from maillage.projets.choices import EtatFiche, StatutFiche
from maillage.projets.lecture import FicheLue
from maillage.projets.models import ProjetSocial
from maillage.projets.permissions import peut_ecrire_le_projet
from maillage.projets.views.acces import projet_lu
from maillage.projets.vue_de_l_arbre import VueDeLArbre, nom_du_pilote

SANS: Final = "aucun"
"""La valeur d'un filtre qui garde ce qui manque : « sans pilote »."""
EXTENSIONS: Final = ("xlsx", "csv", "ods")
Ligne = tuple[FicheLue, list[str]]
COLONNES: Final[dict[str, tuple[str, Callable[[FicheLue], Any]]]] = {
    "numero": ("Numéro", lambda lue: 0),  # l'ordre de l'arbre
    "titre": ("Fiche", lambda lue: lue.fiche.titre.casefold()),
    "pilote": ("Pilote", lambda lue: nom_du_pilote(lue.fiche).casefold() or "\uffff"),
    "statut": ("Statut", lambda lue: lue.fiche.statut or "\uffff"),
    "etat": ("État", lambda lue: EtatFiche.values.index(lue.fiche.etat)),
    "annees": ("Années", lambda lue: (min(lue.fiche.annees, default=9999), len(lue.fiche.annees))),
}
TRIS: Final = tuple(
    Tri(f"{signe}{cle}", libelle) for cle, (libelle, _) in COLONNES.items() for signe in ("", "-")
)


class TableauDesFiches:
    """Ce que l'adresse demande, et ce qui y répond."""

    def __init__(self, request: RequeteConnectee, projet: ProjetSocial) -> None:
        self.demande = Demande.lire(
            request, cles=("axe", "statut", "etat", "pilote", "annee", "projet", "retard"), tris=TRIS
        )
        self.vue = VueDeLArbre.lire(projet, q=self.demande.q, specifique=self._choix("projet"))
        self.lues = [lue for lue in self.vue.fiches(self.vue.arbre.fiches) if self._garde(lue)]
        cle = self.demande.tri.removeprefix("-")
        self.lues.sort(key=COLONNES[cle][1])
        if self.demande.tri.startswith("-"):
            self.lues.reverse()

    def _choix(self, cle: str) -> str:
        return next(iter(self.demande.choix.get(cle, ())), "")

    def _garde(self, lue: FicheLue) -> bool:
        fiche = lue.fiche
        portees = {
            "axe": str(lue.axe.pk) if lue.axe else SANS,
            "statut": fiche.statut or SANS,
            "etat": fiche.etat,
            "pilote": nom_du_pilote(fiche) or SANS,
        }
        return (
            all(self._choix(cle) in {"", portee} for cle, portee in portees.items())
            and (not self._choix("annee") or self._choix("annee") in map(str, fiche.annees))
            and (not self._choix("retard") or fiche.pk in self.vue.en_retard)
        )

    @property
    def est_filtre(self) -> bool:
        return bool(self.demande.q or self.demande.nombre_choix)

    @property
    def listes(self) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
        """Clé, libellé, valeur choisie, valeurs possibles : une liste à choisir par façon de trier le grain."""
        arbre = self.vue.arbre
        pilotes = sorted({nom_du_pilote(lue.fiche) for lue in arbre.fiches} - {""})
        possibles: list[tuple[str, str, list[tuple[str, str]]]] = [
            ("axe", "Axe", [*((str(a.axe.pk), str(a.axe)) for a in arbre.axes), (SANS, "À ranger")]),
            ("statut", "Statut", [*_choix_de(StatutFiche), (SANS, "Sans statut")]),
            ("etat", "État", _choix_de(EtatFiche)),
            ("pilote", "Pilote", [*((nom, nom) for nom in pilotes), (SANS, "Sans pilote")]),
            ("annee", "Année", [(str(annee), str(annee)) for annee in self.vue.annees]),
            ("projet", "Projet spécifique", [(str(un.pk), un.nom) for un in self.vue.specifiques]),
            ("retard", "Retard", [("oui", "En retard")]),
        ]
        return [(cle, libelle, self._choix(cle), valeurs) for cle, libelle, valeurs in possibles if valeurs]

    @property
    def entetes(self) -> list[tuple[str, str, str, str]]:
        """Clé, libellé, sens présent (mot de l'ARIA), adresse du tri suivant."""
        entetes = []
        for cle, (libelle, _) in COLONNES.items():
            sens = {cle: "ascending", f"-{cle}": "descending"}.get(self.demande.tri, "")
            suivant = f"-{cle}" if sens == "ascending" else cle
            entetes.append((cle, libelle, sens, self.demande.url(tri=suivant)))
        return entetes

    @property
    def suite(self) -> str:
        """La même demande, pour un fichier."""
        return self.demande.url().partition("?")[2]

    def projets_de(self, lue: FicheLue) -> list[str]:
        return [un.nom for un in self.vue.specifiques if lue.fiche.pk in self.vue.lues_par.get(un.pk, ())]

    @property
    def lignes(self) -> list[Ligne]:
        return [(lue, self.projets_de(lue)) for lue in self.lues]


def _choix_de(choix: Any) -> list[tuple[str, str]]:
    return [(str(valeur), str(libelle)) for valeur, libelle in choix.choices]


@require_GET
def tableau(request: RequeteConnectee, pk: int) -> HttpResponse:
    projet = projet_lu(request, pk)
    contexte = {
        "projet": projet,
        "tableau": TableauDesFiches(request, projet),
        "extensions": EXTENSIONS,
        "peut_ecrire": peut_ecrire_le_projet(request.user, projet),
    }
    return render(request, "projets/arbre/tableau.html", contexte)


@require_GET
def tableau_fichier(request: RequeteConnectee, pk: int, extension: str) -> StreamingHttpResponse:
    """Les mêmes fiches, dans le même ordre, pour un tableur."""
    projet = projet_lu(request, pk)
    if extension not in EXTENSIONS:
        raise Http404("Ce format n'existe pas.")
    fiches = TableauDesFiches(request, projet)
    lignes = [_en_ligne(fiches, lue) for lue in fiches.lues]
    colonnes = tuple(_en_ligne(fiches, None))
    titre = f"Fiches actions : {projet}"
    disposition = content_disposition_header(True, nom_de_fichier(titre, extension)) or "attachment"
    return StreamingHttpResponse(
        ecrire(lignes, colonnes, extension, titre=projet.nom[:31]),
        content_type=TYPES[extension],
        headers={"Content-Disposition": disposition},
    )


def _en_ligne(fiches: TableauDesFiches, lue: FicheLue | None) -> dict[str, Any]:
    """Colonne → valeur ; sans fiche, les seules colonnes."""
    if lue is None:
        return dict.fromkeys(
            ("numero", "fiche", "axe", "objectif", "autres_objectifs", "pilote", "statut", "etat", "annees")
            + ("projets_specifiques", "en_retard")
        )
    fiche = lue.fiche
    return {
        "numero": lue.numero,
        "fiche": fiche.titre,
        "axe": str(lue.axe or ""),
        "objectif": str(lue.objectif or ""),
        "autres_objectifs": [str(objectif) for objectif in lue.autres_objectifs],
        "pilote": nom_du_pilote(fiche),
        "statut": fiche.get_statut_display(),
        "etat": fiche.get_etat_display(),
        "annees": [str(annee) for annee in fiche.annees],
        "projets_specifiques": fiches.projets_de(lue),
        "en_retard": "oui" if fiche.pk in fiches.vue.en_retard else "",
    }
