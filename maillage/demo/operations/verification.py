"""La démonstration du dossier : pièces jointes, points confiés ou laissés, un référentiel de fédération.

Tout passe par les actes de la pièce. Les pièces sont de petits PDF écrits par nous.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.documents.description import Document, Paragraphe
from maillage.core.documents.pdf import rendre_pdf
from maillage.demo.donnees import lire_objet
from maillage.projets.choices import EtatProjet
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.pieces import controler_le_fichier, deposer_piece
from maillage.projets.operations.referentiels import deposer_referentiel, publier_referentiel
from maillage.projets.operations.verification import (
    confier_un_point,
    laisser_un_point,
    noter_la_verification,
)
from maillage.projets.referentiels import PAR_DEFAUT, lire_referentiel, texte_livre
from maillage.projets.verification import manques
from maillage.territoire.models import Institution, Structure

Donnees = Mapping[str, Any]


def verifier_les_dossiers(structures: Mapping[str, Structure]) -> None:
    """À appeler quand le projet a tout le reste : la vérification relève ce qui manque encore."""
    donnees = lire_objet("verification_deux_ponts")
    siens = ProjetSocial.objects.filter(structure=structures[donnees["structure"]], etat=EtatProjet.EN_COURS)
    projet = siens.order_by("du").last()
    if projet is None:
        return
    par = Utilisateur.objects.get(email="amina.benali@exemple.fr")
    for piece in donnees["pieces"]:
        _joindre(projet, piece, par)
    noter_la_verification(projet, par=par)
    projet.points.update(vu_le=timezone.now() - timedelta(days=donnees["vus_il_y_a"]))
    for ligne, reference in _trouves(projet, donnees["laisses"]):
        laisser_un_point(projet, reference, raison=ligne["raison"], par=par)
    for ligne, reference in _trouves(projet, donnees["confies"]):
        confier_un_point(
            projet,
            reference,
            responsable=Utilisateur.objects.get(email=ligne["a"]),
            echeance=timezone.localdate() + timedelta(days=ligne["dans"]),
            par=par,
        )
    _deposer_le_referentiel(donnees["referentiel"])


def _joindre(projet: ProjetSocial, piece: Donnees, par: Utilisateur) -> None:
    jour = timezone.localdate()
    document = Document(
        titre=piece["nom"],
        auteur=projet.structure.nom,
        date=jour,
        blocs=tuple(map(Paragraphe, piece["paragraphes"])),
        sections=(),
    )
    deposer_piece(
        projet,
        controler_le_fichier(piece["fichier"], rendre_pdf(document)),
        nom=piece["nom"],
        cle=piece["cle"],
        fournie_le=jour - timedelta(days=piece["fournie_il_y_a"]),
        valable_jusqu_au=jour - timedelta(days=piece["perime_il_y_a"]) if "perime_il_y_a" in piece else None,
        par=par,
    )


def _trouves(projet: ProjetSocial, lignes: Iterable[Donnees]) -> Iterator[tuple[Donnees, str]]:
    """Chaque ligne et le point d'aujourd'hui qui dit cela ; celles que rien ne dit plus se passent."""
    points = manques(projet)
    for ligne in lignes:
        for manque in points:
            if ligne["contient"] in manque.phrase:
                yield ligne, manque.reference
                break


def _deposer_le_referentiel(donnees: Donnees) -> None:
    """Le texte que Maillage apporte, et un chapitre de plus : ce qu'une fédération ferait."""
    livre = texte_livre(PAR_DEFAUT)
    ancien = lire_referentiel(livre).version
    coupe = livre.rindex("[[chapitres]]", 0, livre.index(donnees["apres"]))
    texte = livre[:coupe] + donnees["chapitre"] + livre[coupe:]
    texte = texte.replace(f'version = "{ancien}"', f'version = "{donnees["version"]}"', 1)
    par = Utilisateur.objects.get(email=donnees["par"])
    version = deposer_referentiel(
        lire_referentiel(texte),
        texte,
        institution=Institution.objects.get(nom=donnees["institution"]),
        par=par,
    )
    publier_referentiel(version, par=par)
