"""Les pièces d'un document déposé, et ce qu'une personne en a décidé : la prendre, la corriger, la mettre de côté."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import TextChoices

from maillage.projets.choices import EtatMorceau
from maillage.projets.models import DepotDeProjet
from maillage.projets.operations.documents_lus import Lecture, morceaux_du_projet

FAMILLES: Final = "indicateurs_familles"
A_RANGER: Final = "a_ranger"
PARTIES: Final[dict[str, tuple[str, ...]]] = {
    "arbre": ("axes", "enjeux", "objectifs"),
    "fiches": ("fiches",),
    "gouvernance": ("gouvernance",),
    "chiffres": ("chiffres_diagnostic", FAMILLES, "tableaux"),
    "textes": ("chapitres", "sigles"),
    "a-ranger": (A_RANGER,),
}
"""Partie de l'assistant → listes de l'objet lu qu'on y relit."""


class Decision(TextChoices):
    """Ce que l'on fait d'une pièce. Sans décision, elle sera prise telle quelle."""

    PRISE = "prise", "Prendre"
    TEXTE = "texte", "En faire un texte du projet"
    ECARTEE = "ecartee", "Mettre de côté"


@dataclass(frozen=True)
class PieceDuDepot:
    """`cle` : « 0.fiches.12 ». `valeur` : comme lue, corrigée s'il y a lieu. `passage` : les mots du document."""

    cle: str
    liste: str
    rang: int
    valeur: dict[str, Any]
    passage: dict[str, Any]
    decision: str
    est_corrigee: bool

    @property
    def nom(self) -> str:
        """Par quoi on la reconnaît : « Axe 1 : Accéder à ses droits », le nom d'une instance ; « Passage » à défaut."""
        noms = (self.valeur.get(champ) for champ in ("titre", "nom", "libelle", "sigle"))
        nom = next((str(nom) for nom in noms if nom), "Passage" if self.liste == A_RANGER else "Sans titre")
        genre = {"axes": "Axe", "enjeux": "Enjeu", "objectifs": "Objectif"}.get(self.liste)
        numero = f" {self.valeur.get('numero')}" if self.valeur.get("numero") else ""
        return f"{genre}{numero} : {nom}" if genre else nom

    @property
    def source(self) -> str:
        """Les mots du document ; vide quand on ne sait plus d'où elle vient."""
        return str(self.passage.get("texte") or "")

    @property
    def lignes(self) -> str:
        debut, fin = self.passage.get("ligne_debut"), self.passage.get("ligne_fin")
        return f"Ligne {debut}" if debut == fin else f"Lignes {debut} à {fin}"


def lecture_du_depot(depot: DepotDeProjet) -> Lecture:
    lu = depot.lu
    return Lecture(lu.get("projets", []), lu.get(A_RANGER, []), lu.get("paragraphes", {}))


def pieces(depot: DepotDeProjet, projet: int, partie: str) -> list[PieceDuDepot]:
    """Les pièces d'une partie, dans l'ordre du document. Lève `IndexError` ou `KeyError`."""
    listes = PARTIES[partie]
    lecture = lecture_du_depot(depot)
    trouvees = [piece for liste in listes for piece in _pieces(depot, lecture, projet, liste)]
    if partie == "arbre":
        axes = [str(axe.get("numero")) for axe in lecture.projets[projet].get("axes") or ()]
        trouvees.sort(key=lambda piece: _place_dans_l_arbre(piece, axes))
    return trouvees


def _place_dans_l_arbre(piece: PieceDuDepot, axes: list[str]) -> tuple[int, int, int]:
    """Chaque enjeu sous son axe, chaque objectif sous son enjeu."""
    valeur, niveau = piece.valeur, PARTIES["arbre"].index(piece.liste)
    axe = str(valeur.get("numero" if niveau == 0 else "axe"))
    enjeu = (0, valeur.get("numero"), valeur.get("enjeu"))[niveau]
    return (axes.index(axe) if axe in axes else len(axes), int(enjeu or 0), niveau)


def _pieces(depot: DepotDeProjet, lecture: Lecture, projet: int, liste: str) -> Iterator[PieceDuDepot]:
    lu = lecture.projets[projet]
    passages = lu.get("passages", {}).get(liste, [])
    for rang, valeur in enumerate(_valeurs(lecture, projet, liste)):
        cle = f"{projet}.{liste}.{rang}"
        choix = depot.choix.get(cle, {})
        passage = passages[rang] if rang < len(passages) else {}
        yield PieceDuDepot(
            cle,
            liste,
            rang,
            valeur | choix.get("valeur", {}),
            valeur if liste == A_RANGER else passage,
            choix.get("decision", ""),
            bool(choix.get("valeur")),
        )


def _valeurs(lecture: Lecture, projet: int, liste: str) -> list[dict[str, Any]]:
    lu = lecture.projets[projet]
    if liste == A_RANGER:
        return [*(lu.get(A_RANGER) or ()), *morceaux_du_projet(lecture, projet)]
    if liste == FAMILLES:
        return [lu[FAMILLES]] if lu.get(FAMILLES) else []
    return list(lu.get(liste) or ())


def est_ecarte(depot: DepotDeProjet, projet: int) -> bool:
    """Le projet entier est mis de côté."""
    return bool(depot.choix.get(f"{projet}.cadre", {}).get("decision") == Decision.ECARTEE)


def cadre(depot: DepotDeProjet, projet: int) -> dict[str, Any]:
    """Nom, période et territoire du projet, corrigés s'il y a lieu. Lève `IndexError`."""
    lu: dict[str, Any] = depot.lu["projets"][projet]
    return lu | depot.choix.get(f"{projet}.cadre", {}).get("valeur", {})


# --- Appliquer les décisions -----------------------------------------------------------------------------
def projets_choisis(depot: DepotDeProjet) -> dict[int, dict[str, Any]]:
    """Rang → objet à écrire : sans les projets ni les pièces mis de côté, corrections faites.

    Les mots d'une pièce mise de côté restent dans le projet, parmi les passages écartés.
    """
    lecture = lecture_du_depot(depot)
    return {
        rang: _projet_choisi(depot, lecture, rang)
        for rang in range(len(lecture.projets))
        if not est_ecarte(depot, rang)
    }


def _projet_choisi(depot: DepotDeProjet, lecture: Lecture, projet: int) -> dict[str, Any]:
    objet = cadre(depot, projet) | {"passages": {}}
    morceaux: list[dict[str, Any]] = []
    for liste in (liste for listes in PARTIES.values() for liste in listes if liste != A_RANGER):
        gardees = []
        for piece in _pieces(depot, lecture, projet, liste):
            if piece.decision != Decision.ECARTEE:
                gardees.append(piece.valeur)
            elif piece.passage:
                morceaux.append(piece.passage | {"etat": EtatMorceau.ECARTE})
        objet[liste] = gardees
    objet[FAMILLES] = objet[FAMILLES][0] if objet[FAMILLES] else None
    for piece in _pieces(depot, lecture, projet, A_RANGER):
        if piece.decision == Decision.TEXTE:
            objet["chapitres"].append({"niveau": 1, "titre": "", "paragraphes": [piece.valeur["texte"]]})
            morceaux.append(piece.valeur | {"etat": EtatMorceau.RANGE})
        elif piece.decision == Decision.ECARTEE:
            morceaux.append(piece.valeur | {"etat": EtatMorceau.ECARTE})
        else:
            morceaux.append(piece.valeur)
    lus = {axe["numero"] for axe in lecture.projets[projet].get("axes") or ()}
    _detacher(objet, lus - {axe["numero"] for axe in objet["axes"]})
    return objet | {A_RANGER: morceaux}


def _detacher(objet: dict[str, Any], axes_ecartes: set[str]) -> None:
    """Sous un axe mis de côté, il ne reste ni enjeu ni objectif, et ses fiches n'ont plus d'axe."""
    for liste in ("enjeux", "objectifs"):
        objet[liste] = [un for un in objet[liste] if un.get("axe") not in axes_ecartes]
    enjeux = {enjeu.get("numero") for enjeu in objet["enjeux"]}
    objet["objectifs"] = [
        un | {"enjeu": un["enjeu"] if un.get("enjeu") in enjeux else None} for un in objet["objectifs"]
    ]
    objet["fiches"] = [
        fiche | {"axe": ""} if fiche.get("axe") in axes_ecartes else fiche for fiche in objet["fiches"]
    ]
