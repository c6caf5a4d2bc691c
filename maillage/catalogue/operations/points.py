"""Actes sur les points à vérifier : masquer pour de bon, afficher, ou y revenir."""

from django.db import transaction

from maillage.catalogue.choices import EtatPoint, GenrePoint
from maillage.catalogue.models import PointAVerifier
from maillage.core.changements import noter_changement
from maillage.core.journal import Acteur, journaliser

_PHRASES = {
    EtatPoint.TRAITE: "a confirmé un point : {genre} (la donnée reste masquée).",
    EtatPoint.ECARTE: "a écarté un point : {genre} (rien à masquer).",
    EtatPoint.A_VERIFIER: "a remis un point à vérifier : {genre}.",
}


def traiter_point(point: PointAVerifier, *, par: Acteur) -> None:
    """Confirme : le téléphone ou le courriel reste masqué pour tous les lecteurs."""
    _passer(point, EtatPoint.TRAITE, par=par)


def ecarter_point(point: PointAVerifier, *, par: Acteur) -> None:
    """Écarte : ce n'est pas une donnée de personne (un standard, une adresse publique), le texte s'affiche."""
    _passer(point, EtatPoint.ECARTE, par=par)


def rouvrir_point(point: PointAVerifier, *, par: Acteur) -> None:
    """Revient sur une décision : le point redevient à vérifier, donc masqué."""
    _passer(point, EtatPoint.A_VERIFIER, par=par)


def _passer(point: PointAVerifier, etat: EtatPoint, *, par: Acteur) -> None:
    if point.etat == etat:
        return  # double clic, retour arrière : l'acte est déjà fait
    with transaction.atomic():
        avant = point.etat
        point.etat = etat
        point.save(update_fields=["etat"])
        journaliser(
            point.experience,
            f"point_{etat}",
            f"{par.get_full_name()} {_PHRASES[etat].format(genre=GenrePoint(point.genre).label.lower())}",
            par=par,
            avant={"etat": avant, "champ": point.champ},
            apres={"etat": etat, "champ": point.champ},
        )
        noter_changement(point.experience, f"point_{etat}")
