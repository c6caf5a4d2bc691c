"""De quoi essayer l'examen : une révision et une correction envoyées, et l'état complet d'une fiche."""

from typing import Any

from maillage.catalogue.choices import EtatPoint, FamilleTerme, GenrePiece
from maillage.catalogue.models import Contribution, Experience, PieceJointe
from maillage.catalogue.operations.contenu import ecrire_contenu
from maillage.catalogue.presentation import texte_public
from tests.distribution import Distribution
from tests.fabriques import ContributionFactory, ExperienceFactory, PartenaireFactory, TermeFactory

NUMERO, ADRESSE = "01 99 00 12 34", "paule@essais.exemple"


def relue(contribution: Contribution) -> Contribution:
    """Comme une autre page la lirait."""
    return Contribution.objects.select_related("experience__structure").get(pk=contribution.pk)


def etat_de(experience: Experience) -> dict[str, Any]:
    """Tout ce qu'une fiche porte, sauf sa version et les numéros de ses lignes."""
    ligne = Experience.objects.filter(pk=experience.pk).values().get()
    ligne.pop("version")
    relations = {
        "classements": ("terme_id", "rang"),
        "partenariats": ("partenaire_id", "role", "montant", "rang"),
        "moyens": ("genre", "valeur", "periode", "est_retenu", "champ", "debut", "fin", "extrait"),
        "points": ("genre", "etat", "champ", "debut", "fin", "extrait", "proche_de_id"),
        "pieces": ("pk", "etat", "publiee_le"),
    }
    for relation, champs in relations.items():
        ligne[relation] = sorted(map(str, getattr(experience, relation).values_list(*champs)))
    return ligne


def piece(contribution: Contribution, **valeurs: Any) -> PieceJointe:
    reglages = {
        "code": f"piece{PieceJointe.objects.count()}",
        "genre": GenrePiece.DOCUMENT,
        "nom": "bilan.pdf",
        "chemin": "pieces/x.pdf",
        "type_mime": "application/pdf",
        "taille": 3,
        "sha256": "0" * 64,
    }
    return PieceJointe.objects.create(
        experience=contribution.experience, contribution=contribution, **(reglages | valeurs)
    )


def revision_envoyee(distribution: Distribution) -> Contribution:
    """Cinq changements et une pièce, envoyés par Amina ; la fiche a un point jugé et un budget."""
    experience = ExperienceFactory(
        structure=distribution.deux_ponts,
        titre="Le café des clics",
        limites=f"Appelez le {NUMERO} le matin.",
        ressources_financieres="3 000 euros par an.",
        partenaires=[PartenaireFactory(nom="Carsat", slug="carsat")],
        termes=[TermeFactory()],
    )
    ecrire_contenu(experience, {"limites": experience.limites}, version_lue=experience.version)
    experience.points.update(etat=EtatPoint.ECARTE)
    TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Seniors")
    contribution: Contribution = ContributionFactory(
        experience=experience,
        auteur=distribution.amina,
        contenu={
            "resume": "Une tablette, une heure, un voisin.",
            "ressources_financieres": "Environ 14 000 euros, dont 6 000 de la Carsat.",
            "publics": ["seniors"],
            "partenaires_action": [
                {"nom": "Carsat", "montant": "6000.00"},
                {"nom": "Ville de Lens", "montant": ""},
            ],
            "limites": f"En hiver, Mme Haddad, au {NUMERO}, garde les tablettes.",
        },
        soumise=True,
    )
    piece(contribution)
    return relue(contribution)


def correction_envoyee(distribution: Distribution, texte: str) -> Contribution:
    experience = ExperienceFactory(structure=distribution.deux_ponts)
    limites = f"Appelez le {NUMERO} le matin, ou écrivez à {ADRESSE}. Sinon le {NUMERO} le soir."
    ecrire_contenu(experience, {"limites": limites}, version_lue=experience.version)
    return relue(
        ContributionFactory(
            experience=experience,
            correction=True,
            contenu={"limites": texte},
            depart={"limites": texte_public(Experience.objects.get(), "limites")},
            soumise=True,
        )
    )
