"""Le dossier d'agrément en document : celui que l'on relit, que l'on envoie et que l'on garde."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.safestring import SafeString

from maillage.core.base_de_donnees import instantane
from maillage.core.documents.description import Document, Section
from maillage.core.documents.ecriture_legere import Piece, en_sections, lire
from maillage.core.documents.html import rendre_html
from maillage.core.francais import date_longue
from maillage.projets.exportation.blocs import faire
from maillage.projets.jetons import blocs_poses, lire_jeton, nom_du_bloc
from maillage.projets.matiere import Matiere
from maillage.projets.models import ProjetSocial
from maillage.projets.plan import Place, enfants, numeroter


def document_du_dossier(projet: ProjetSocial) -> Document:
    """Tout est lu au même instant : renommer un axe pendant ce temps donne l'avant ou l'après, jamais un mélange.

    Un chapitre vide n'y est pas. Un bloc n'y est qu'une fois : là où un texte le pose, sinon à sa place attendue.
    """
    with instantane():
        lu = ProjetSocial.objects.select_related("structure").get(pk=projet.pk)
        return composer_le_dossier(Matiere(lu))


def composer_le_dossier(matiere: Matiere) -> Document:
    projet = matiere.projet
    return Document(
        titre=projet.nom,
        surtitre="Dossier d’agrément",
        sous_titre=projet.structure.nom,
        signature=f"Du {date_longue(projet.du)} au {date_longue(projet.au)}",
        auteur=projet.structure.nom,
        date=timezone.localdate(),
        sections=tuple(_sections(matiere)),
        a_couverture=True,
        profondeur_du_sommaire=2,
        a_titres_courants=True,
    )


@dataclass(eq=False)
class _Rempli:
    """Un chapitre et ses pièces : le texte, puis ce qui se pose tout seul."""

    place: Place
    pieces: tuple[Piece, ...]
    suites: list["_Rempli"] = field(default_factory=list)

    @property
    def est_vide(self) -> bool:
        return not self.pieces and all(suite.est_vide for suite in self.suites)


def _sections(matiere: Matiere) -> list[Section]:
    poses = blocs_poses(place.chapitre.texte for place in matiere.plan)
    attendus = {nom for place in matiere.plan for nom in place.blocs}
    if "fiches" in poses | attendus:
        matiere.ancres |= {f"fiche-{lue.fiche.pk}" for lue in matiere.arbre.fiches}
    remplis = [_Rempli(place, _pieces(matiere, place, poses)) for place in matiere.plan]
    sections: list[Section] = []
    for rempli, numero in _numerotes(_en_arbre(remplis)):
        _ecrire(sections, rempli, numero)
    return sections


def _en_arbre(remplis: Iterable[_Rempli]) -> list[_Rempli]:
    racines: list[_Rempli] = []
    branche: list[_Rempli] = []
    for rempli in remplis:
        while branche and branche[-1].place.niveau >= rempli.place.niveau:
            branche.pop()
        (branche[-1].suites if branche else racines).append(rempli)
        branche.append(rempli)
    return racines


def _numerotes(remplis: list[_Rempli], devant: str = "") -> Iterable[tuple[_Rempli, str]]:
    """Ceux qui ont de quoi se lire, avec leur numéro ; leurs suites après eux."""
    for rang, rempli in enumerate((un for un in remplis if not un.est_vide), start=1):
        yield rempli, f"{devant}{rang}"
        yield from _numerotes(rempli.suites, f"{devant}{rang}.")


def _ecrire(sections: list[Section], rempli: _Rempli, numero: str) -> None:
    niveau = numero.count(".") + 1
    avant, suites = en_sections(rempli.pieces, niveau, niveau)
    titre = f"{numero}. {rempli.place.titre or 'Sans titre'}"
    sections.append(Section(titre, avant, niveau=niveau, ancre=f"chapitre-{numero.replace('.', '-')}"))
    sections += suites


def _pieces(matiere: Matiere, place: Place, poses: set[str]) -> tuple[Piece, ...]:
    texte = lire(
        place.chapitre.texte,
        jeton=lambda jeton: lire_jeton(jeton, matiere),
        bloc=lambda jeton: _poser(matiere, jeton),
    )
    vivants = [piece for nom in place.blocs if nom not in poses for piece in _une_fois(matiere, nom)]
    return (*texte, *vivants)


def _poser(matiere: Matiere, jeton: str) -> tuple[Piece, ...] | None:
    nom = nom_du_bloc(jeton)
    return _une_fois(matiere, nom) if nom else None


def _une_fois(matiere: Matiere, nom: str) -> tuple[Piece, ...]:
    if nom in matiere.poses:
        return ()
    matiere.poses.add(nom)
    return faire(nom, matiere)


# --- Un chapitre seul -------------------------------------------------------------------------------


def apercu_du_chapitre(
    matiere: Matiere, place: Place, *, titre: str, texte: str, niveau: int = 3
) -> SafeString:
    """Le chapitre tel qu'il sera, avec les mots que l'on écrit ; rien n'est enregistré.

    `niveau` : celui des titres de la page qui l'accueille.
    """
    place.chapitre.titre, place.chapitre.texte = titre, texte
    poses = blocs_poses(autre.chapitre.texte for autre in matiere.plan if autre is not place)
    poses |= blocs_poses([texte])
    if "fiches" in place.blocs and "fiches" not in poses or "fiches" in blocs_poses([texte]):
        matiere.ancres = {f"fiche-{lue.fiche.pk}" for lue in matiere.arbre.fiches}
    avant, suites = en_sections(_pieces(matiere, place, poses), 1, 1)
    principal = Section(place.dit or "Sans titre", avant)
    document = Document(
        titre=titre or "Sans titre",
        auteur=matiere.projet.structure.nom,
        date=timezone.localdate(),
        sections=(principal, *suites),
    )
    return rendre_html(document, niveau=niveau - 1, a_titre=False)


def places_qui_paraissent(matiere: Matiere) -> set[Place]:
    """Celles qui ont de quoi se lire, elles ou ce qu'elles contiennent. Leur donne les numéros du document."""
    plan = matiere.plan
    poses = blocs_poses(place.chapitre.texte for place in plan)

    def a_de_quoi(place: Place) -> bool:
        siens = {nom for nom in place.blocs if nom not in poses} | blocs_poses([place.chapitre.texte])
        return not place.est_vide or bool(siens & matiere.remplis)

    pleines = {place for place in plan if a_de_quoi(place)}
    paraissent = {place for place in plan if place in pleines or pleines.intersection(enfants(plan, place))}
    for place in plan:
        place.numero = ""
    numeroter([place for place in plan if place in paraissent])
    return paraissent
