"""Le résumé : quatre pages au plus, pour les élus, les partenaires et les habitants."""

from collections.abc import Iterator
from typing import Final

from django.utils import timezone

from maillage.core.base_de_donnees import instantane
from maillage.core.documents.description import (
    Bloc,
    Chiffre,
    Chiffres,
    Definition,
    Document,
    Figure,
    Liste,
    Paragraphe,
    Section,
    Tableau,
)
from maillage.core.documents.ecriture_legere import lire
from maillage.core.documents.texte import Morceau, Texte, bouts, gras
from maillage.core.francais import date_longue, nombre
from maillage.projets.dessin import decrire, dessiner
from maillage.projets.exportation.blocs import titre_de_l_axe
from maillage.projets.jetons import lire_jeton
from maillage.projets.lecture import AxeLu
from maillage.projets.matiere import Matiere
from maillage.projets.models import ProjetSocial

PAGES: Final = 4
SIGNES_DU_CHAPEAU: Final = 900
SIGNES_D_UNE_PHRASE: Final = 40
"""En dessous, ce n'est qu'un intertitre."""
CHIFFRES_AU_PLUS: Final = 8
INSTANCES_AU_PLUS: Final = 6
SIGNES_D_UNE_INSTANCE: Final = 160
FICHES_EN_LISTE: Final = 24
"""Au-delà, les fiches de chaque axe se suivent sur la même ligne."""


def resume_du_projet(projet: ProjetSocial) -> Document:
    with instantane():
        lu = ProjetSocial.objects.select_related("structure").get(pk=projet.pk)
        return _composer(Matiere(lu))


def _composer(matiere: Matiere) -> Document:
    projet = matiere.projet
    return Document(
        titre=projet.nom,
        surtitre="Le projet social en quatre pages",
        sous_titre=projet.structure.nom,
        signature=f"Du {date_longue(projet.du)} au {date_longue(projet.au)}",
        auteur=projet.structure.nom,
        date=timezone.localdate(),
        blocs=tuple(_tete(matiere)),
        sections=tuple(_sections(matiere)),
        tient_en=PAGES,
    )


def _tete(matiere: Matiere) -> Iterator[Bloc]:
    projet, comptes = matiere.projet, matiere.comptes
    communes = ", ".join(commune.nom for commune in projet.communes.order_by("nom", "pk"))
    lieux = tuple(un for un in (("Territoire", projet.territoire), ("Communes", communes)) if un[1])
    if lieux:
        yield Definition(lieux)
    mots = (("axes", "axes"), ("objectifs", "objectifs généraux"), ("fiches", "fiches actions"))
    dits = tuple(Chiffre(nombre(comptes[nom]), mot) for nom, mot in mots if comptes[nom])
    if dits:
        yield Chiffres(dits)
    if chapeau := _chapeau(matiere):
        yield Paragraphe(chapeau)


def _chapeau(matiere: Matiere) -> Texte:
    """Le premier paragraphe écrit du dossier, s'il n'est pas trop long ; sinon ses premières phrases."""
    for place in matiere.plan:
        for piece in lire(place.chapitre.texte, jeton=lambda jeton: lire_jeton(jeton, matiere)):
            if isinstance(piece, Paragraphe) and len(mots := _mots(piece.texte)) > SIGNES_D_UNE_PHRASE:
                return _court(mots, SIGNES_DU_CHAPEAU)
    return ""


def _mots(texte: Texte) -> str:
    return " ".join("".join(bout.texte for bout in bouts(texte)).split())


def _court(texte: str, signes: int) -> str:
    """Coupé à la fin d'une phrase quand il y en a une, sinon d'un mot."""
    if len(texte) <= signes:
        return texte
    debut = texte[:signes]
    phrase = max(debut.rfind(". "), debut.rfind(" ! "), debut.rfind(" ? "))
    return debut[: phrase + 1] if phrase > signes // 3 else debut.rsplit(" ", 1)[0] + "…"


def _sections(matiere: Matiere) -> Iterator[Section]:
    axes = matiere.arbre.axes
    if matiere.chiffres:
        yield Section("Le territoire en quelques chiffres", (_chiffres(matiere),))
    if matiere.instances:
        yield Section("Qui décide et comment l’on participe", (_instances(matiere),))
    if axes:
        figure = Figure(
            svg=dessiner(matiere.arbre, avec_les_fiches=False),
            alt=f"Arbre dessiné, sans ses fiches. {decrire(axes)} Les axes qui suivent disent la même chose.",
            legende="L’arbre des objectifs",
            est_haute=True,
        )
        yield Section("Ce que nous voulons", (figure,))
        yield Section("Ce que nous allons faire")
        yield from (_axe(matiere, lu) for lu in axes)


def _chiffres(matiere: Matiere) -> Tableau:
    return Tableau(
        legende="Chiffres du diagnostic",
        entetes=("Ce que l’on compte", "Valeur", "Où", "Année"),
        lignes=tuple(
            (un.libelle, f"{nombre(un.valeur)} {un.unite}".strip(), un.zone, str(un.annee or ""))
            for un in matiere.chiffres[:CHIFFRES_AU_PLUS]
        ),
        alignements=("gauche", "droite", "gauche", "droite"),
        largeurs=(6, 3, 4, 2),
        a_entetes_de_ligne=True,
    )


def _axe(matiere: Matiere, lu: AxeLu) -> Section:
    blocs: list[Bloc] = []
    objectifs = [general.objectif.titre for enjeu in lu.enjeux for general in enjeu.objectifs]
    if objectifs:
        blocs.append(Liste(tuple(objectifs)))
    if lu.fiches:
        titres = [str(lue) for lue in lu.fiches]
        if matiere.comptes["fiches"] <= FICHES_EN_LISTE:
            blocs += [Paragraphe(gras("Les actions :")), Liste(tuple(titres))]
        else:
            morceaux: tuple[Morceau, ...] = (gras("Les actions : "), " ; ".join(titres) + ".")
            blocs.append(Paragraphe(morceaux))
    return Section(titre_de_l_axe(lu), tuple(blocs), niveau=2)


def _instances(matiere: Matiere) -> Tableau:
    return Tableau(
        legende="Les instances du projet",
        entetes=("Instance", "Ce qu’elle fait"),
        lignes=tuple(
            (un.nom, _court(" ".join((un.role or un.composition).split()), SIGNES_D_UNE_INSTANCE))
            for un in matiere.instances[:INSTANCES_AU_PLUS]
        ),
        largeurs=(3, 7),
        a_entetes_de_ligne=True,
    )
