"""Ce qui manque à un projet avant de l'envoyer : des avertissements, que l'on lit, et qui n'empêchent rien."""

from dataclasses import dataclass

from maillage.core.francais import compte
from maillage.projets.choices import EtatFiche, EtatMorceau
from maillage.projets.lecture import Arbre
from maillage.projets.models import ProjetSocial
from maillage.projets.regles import rappels_de


@dataclass(frozen=True, slots=True)
class Manque:
    """`ou` : le nom de la page où l'on y remédie."""

    phrase: str
    ou: str
    source: str = ""


def manques(projet: ProjetSocial, arbre: Arbre) -> list[Manque]:
    """Dans l'ordre où l'on écrit un projet : territoire, arbre, fiches, restes."""
    fiches = [lue.fiche for lue in arbre.fiches]
    sans_pilote = sum(1 for fiche in fiches if not fiche.pilote_id and not fiche.pilote_nom)
    a_ecrire = sum(1 for fiche in fiches if fiche.etat == EtatFiche.A_ECRIRE)
    vides = [axe.axe for axe in arbre.axes if not axe.fiches]
    sans_indicateur = projet.fiches.filter(indicateurs=None).count()
    morceaux = projet.morceaux.filter(etat=EtatMorceau.A_RANGER).count()
    trouves = []

    def noter(combien: int, phrase: str, ou: str) -> None:
        if combien:
            trouves.append(Manque(phrase, ou))

    noter(not projet.communes.exists(), "Aucune commune n’est dite dans le territoire.", "cadre")
    noter(not arbre.axes, "L’arbre n’a pas encore d’axe.", "arbre")
    noter(len(vides), f"Sans aucune fiche : {', '.join(f'axe {axe.lettre}' for axe in vides)}.", "arbre")
    noter(len(arbre.a_ranger), f"{compte(len(arbre.a_ranger), 'fiche')} sans axe.", "arbre")
    noter(a_ecrire, f"{compte(a_ecrire, 'fiche')} encore à écrire.", "tableau")
    noter(sans_pilote, f"{compte(sans_pilote, 'fiche')} sans pilote.", "tableau")
    noter(sans_indicateur, f"{compte(sans_indicateur, 'fiche')} sans indicateur.", "tableau")
    noter(morceaux, f"{compte(morceaux, 'passage')} du document à ranger.", "morceaux")
    return trouves + [Manque(rappel.texte, "arbre", rappel.source) for rappel in rappels_de(projet)]
