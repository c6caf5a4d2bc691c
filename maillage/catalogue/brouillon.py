"""Une fiche telle qu'elle s'écrit : ses valeurs du moment, son aperçu, ce qu'il reste à faire.

Rien n'est écrit ici. Les valeurs du moment sont celles de la contribution, à défaut celles de la fiche en ligne.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from maillage.catalogue.champs import CHAMPS, GenreChamp, Valeur, lire_champ
from maillage.catalogue.choices import TEXTES, RolePartenaire
from maillage.catalogue.conseils import ATTENTES, conseils
from maillage.catalogue.guide import ETAPE_DU_CHAMP, ETAPES, OBLIGATOIRES, Etape
from maillage.catalogue.importation.moyens import budget, lire_moyens
from maillage.catalogue.models import Classement, Contribution, Experience, Moyen, Partenariat, Terme
from maillage.territoire.models import Partenaire

AUTRES_ATTENTES = (
    ("titre", "Il manque le titre.", "Dites ce que l’on fait, en une dizaine de mots."),
    ("statut", "Il manque l’état de l’action.", "Dites si elle continue ou si elle est terminée."),
    ("dimensions", "Il manque la dimension.", "Cochez de quoi l’action relève surtout."),
    ("mots_cles", "Il manque les mots clés.", "Cochez les sujets que l’on chercherait pour la trouver."),
    ("publics", "Il manque le public.", "Cochez ceux à qui l’action s’adresse."),
)
"""Ce que les conseils, faits pour le lecteur d'une fiche publiée, ne disent pas."""


def valeurs(contribution: Contribution, champs: Iterable[str] = CHAMPS) -> dict[str, Valeur]:
    """La valeur de chaque champ, ou de ceux-là seulement, dans leur ordre."""
    contenu = contribution.contenu
    return {
        nom: contenu[nom] if nom in contenu else lire_champ(contribution.experience, nom) for nom in champs
    }


def apercu(contribution: Contribution) -> Experience:
    """La fiche telle qu'elle serait, en mémoire : ce qui montre une fiche publiée sait la montrer."""
    ecrites = valeurs(contribution)
    fiche = copy(contribution.experience)
    for nom, champ in CHAMPS.items():
        if champ.genre == GenreChamp.MOIS:
            fiche.depuis_le = date.fromisoformat(f"{ecrites[nom]}-01") if ecrites[nom] else None
        elif champ.genre not in {GenreChamp.TERMES, GenreChamp.PARTENAIRES}:
            setattr(fiche, nom, ecrites[nom])
    lus = lire_moyens({nom: ecrites[nom] for nom in TEXTES})
    fiche.budget = budget(lus)
    fiche.ses_moyens = cast(list[Moyen], lus)  # les mêmes attributs, pas encore en base
    fiche.ses_points = []
    fiche.ses_classements = _classements(fiche, ecrites)
    fiche.ses_partenariats = [
        Partenariat(
            experience=fiche,
            partenaire=Partenaire(nom=ligne["nom"]),
            role=champ.role or RolePartenaire.ACTION,
            montant=Decimal(ligne["montant"]) if ligne.get("montant") else None,
        )
        for nom, champ in CHAMPS.items()
        if champ.genre == GenreChamp.PARTENAIRES
        for ligne in ecrites[nom]
    ]
    return fiche


def _classements(fiche: Experience, ecrites: dict[str, Valeur]) -> list[Classement]:
    choisis = [
        (champ.famille, slug)
        for nom, champ in CHAMPS.items()
        if champ.genre == GenreChamp.TERMES
        for slug in ecrites[nom]
    ]
    connus = {
        (terme.famille, terme.slug): terme
        for terme in Terme.objects.filter(slug__in={slug for _, slug in choisis})
    }
    return [Classement(experience=fiche, terme=connus[paire]) for paire in choisis if paire in connus]


# --- Ce qu'il reste à faire -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tache:
    """Ce qui manque, où l'écrire, et si la fiche peut partir sans."""

    champ: str
    etape: Etape
    constat: str
    aide: str
    est_obligatoire: bool


@dataclass(frozen=True, slots=True)
class Avancement:
    """Où en est une fiche. `finies` : les clés des étapes où rien d'attendu ne manque."""

    taches: tuple[Tache, ...]
    finies: frozenset[str]
    faits: int
    total: int

    @property
    def obligatoires(self) -> list[Tache]:
        return [tache for tache in self.taches if tache.est_obligatoire]

    @property
    def etape_suivante(self) -> Etape:
        """La première où il reste à faire, sinon la relecture."""
        return next((e for e in ETAPES if e.champs and e.cle not in self.finies), ETAPES[-1])


def avancement(fiche: Experience, ecrites: dict[str, Valeur]) -> Avancement:
    """`fiche` : l'aperçu de la contribution dont viennent ces valeurs."""
    manques = [(nom, constat, aide) for nom, constat, aide in AUTRES_ATTENTES if not ecrites[nom]]
    manques += [(conseil.champ, conseil.constat, conseil.aide) for conseil in conseils(fiche)]
    vides = {groupe[0] for groupe in OBLIGATOIRES if not any(ecrites[nom].strip() for nom in groupe)}
    rang = list(CHAMPS)
    taches = tuple(
        Tache(nom, ETAPE_DU_CHAMP[nom], constat, aide, nom in vides)
        for nom, constat, aide in sorted(manques, key=lambda manque: rang.index(manque[0]))
    )
    total = len(ATTENTES) + len(AUTRES_ATTENTES)
    a_faire = {tache.etape.cle for tache in taches}
    finies = frozenset(etape.cle for etape in ETAPES if etape.champs and etape.cle not in a_faire)
    return Avancement(taches, finies, total - len(taches), total)


def ce_qui_manque(contribution: Contribution) -> list[str]:
    """Les champs sans lesquels la fiche ne part pas."""
    ecrites = valeurs(contribution)
    return [groupe[0] for groupe in OBLIGATOIRES if not any(ecrites[nom].strip() for nom in groupe)]
