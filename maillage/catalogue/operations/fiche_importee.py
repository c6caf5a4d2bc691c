"""Une fiche née d'un bloc : ses lignes, prêtes à être écrites toutes ensemble avec celles du lot."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import slugify

from maillage.catalogue.choices import EtatExperience, GenrePoint, RolePartenaire, StatutAction
from maillage.catalogue.importation.bloc import Bloc, textes
from maillage.catalogue.importation.fusion import (
    SANS_TITRE,
    cle_de_valeur,
    contenu,
    empreinte_de_bloc,
    empreinte_de_fiche,
)
from maillage.catalogue.importation.moyens import MoyenLu, budget, lire_moyens
from maillage.catalogue.importation.vigilance import EXTRAIT_MAX, reperer
from maillage.catalogue.models import (
    BlocSource,
    Classement,
    Experience,
    Moyen,
    Partenariat,
    PointAVerifier,
    Terme,
)
from maillage.catalogue.operations.rattachement import valeurs_classees
from maillage.territoire.models import Partenaire, Structure

STATUTS = {"En cours": StatutAction.EN_COURS, "Terminée": StatutAction.TERMINEE}
LETTRES_DU_CODE = "0123456789abcdefghjkmnpqrstvwxyz"
"""Ni « i », ni « l », ni « o », ni « u » : un code se recopie d'un papier."""
LONGUEUR_DU_CODE = 6
SLUG_MAX = 120
PAGES_DE_LA_FICHE = frozenset("commenter contacter corriger essayer utile".split())
"""Sous l'adresse d'une fiche : un titre d'un seul de ces mots n'y prend pas la place de la page."""


def slug_de(titre: str) -> str:
    """La fin lisible de l'adresse d'une fiche."""
    slug = slugify(titre)[:SLUG_MAX].strip("-") or "experience"
    return f"{slug}-experience" if slug in PAGES_DE_LA_FICHE else slug


class Candidat:
    """Un bloc en cours d'import, avec ses empreintes et, s'il devient une fiche, ce qu'on y a lu."""

    __slots__ = ("bloc", "de_bloc", "de_fiche", "moyens", "textes")

    def __init__(self, bloc: Bloc) -> None:
        self.bloc = bloc
        self.de_bloc = empreinte_de_bloc(bloc)
        self.de_fiche = empreinte_de_fiche(bloc)
        self.textes = textes(bloc)
        self.moyens: list[MoyenLu] = []

    @property
    def titre(self) -> str:
        return self.bloc.titre or SANS_TITRE

    def codes(self) -> Iterator[str]:
        """Les codes possibles de la fiche, du préféré au suivant. Les mêmes d'une installation à l'autre."""
        tirage = int(self.de_fiche, 16)
        while tirage:
            tirage, reste = divmod(tirage, 32**LONGUEUR_DU_CODE)
            lettres = []
            for _ in range(LONGUEUR_DU_CODE):
                reste, rang = divmod(reste, 32)
                lettres.append(LETTRES_DU_CODE[rang])
            yield "".join(lettres)

    def experience(self, structure: Structure, code: str, *, publie_le: datetime) -> Experience:
        self.moyens = lire_moyens(self.textes)
        return Experience(
            code=code,
            slug=slug_de(self.titre),
            etat=EtatExperience.PUBLIEE,
            structure=structure,
            titre=self.titre,
            statut=STATUTS.get(self.bloc.statut, ""),
            fichiers_associes=self.bloc.fichiers_associes or [],
            depuis_le=self.bloc.depuis_le,
            budget=budget(self.moyens),
            empreinte=self.de_fiche,
            publie_le=self.bloc.publie_le or publie_le,
            modifie_le=self.bloc.publie_le or publie_le,
            **self.textes,
        )

    # -- Les lignes d'une fiche créée -----------------------------------------------------------
    def classements(self, fiche: Experience, termes: Mapping[tuple[str, str], Terme]) -> list[Classement]:
        uniques = dict.fromkeys(termes[paire].pk for paire in valeurs_classees(self.bloc))
        return [Classement(experience=fiche, terme_id=terme, rang=rang) for rang, terme in enumerate(uniques)]

    def financements(self, fiche: Experience, partenaires: Mapping[str, Partenaire]) -> list[Partenariat]:
        return [
            Partenariat(
                experience=fiche,
                partenaire=partenaires[cle_de_valeur(nom)],
                role=RolePartenaire.FINANCEUR,
                montant=montant,
                rang=rang,
            )
            for rang, (nom, montant) in enumerate(self.bloc.financeurs.items())
        ]

    def nombres(self, fiche: Experience) -> list[Moyen]:
        return [moyen(lu, fiche) for lu in self.moyens]

    def donnees_de_personnes(self) -> list["AVerifier"]:
        reperages = reperer({"titre": self.titre, **self.textes}, self.bloc.structure_nom)
        return [AVerifier(r.genre, r.extrait, r.champ, r.debut, r.fin) for r in reperages]

    # -- La ligne de tout bloc écrit ------------------------------------------------------------
    def source(self, fiche_id: int) -> BlocSource:
        return BlocSource(
            experience_id=fiche_id,
            fichier_source=self.bloc.fichier_source,
            position=self.bloc.position,
            ligne=self.bloc.ligne,
            bloc=contenu(self.bloc),
            empreinte=self.de_bloc,
        )


def moyen(lu: MoyenLu, fiche: Experience) -> Moyen:
    """La ligne d'un nombre lu dans un texte de la fiche."""
    return Moyen(
        experience=fiche,
        genre=lu.genre,
        valeur=lu.valeur,
        periode=lu.periode,
        est_approximatif=lu.est_approximatif,
        est_retenu=lu.est_retenu,
        champ=lu.champ,
        debut=lu.debut,
        fin=lu.fin,
        extrait=lu.extrait,
    )


@dataclass(frozen=True, slots=True)
class AVerifier:
    """Ce qu'une modératrice devra regarder, avant d'être rattaché à une fiche."""

    genre: GenrePoint
    extrait: str
    champ: str = ""
    debut: int | None = None
    fin: int | None = None
    proche_de: int | None = None

    def point(self, fiche: Experience) -> PointAVerifier:
        return PointAVerifier(
            experience=fiche,
            genre=self.genre,
            champ=self.champ,
            debut=self.debut,
            fin=self.fin,
            extrait=self.extrait[:EXTRAIT_MAX],
            proche_de_id=self.proche_de,
        )
