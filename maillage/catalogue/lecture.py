"""Lire une fiche pour la montrer seule, en sept requêtes rejouées : cinq fois plus vite que `.completes()`."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from maillage.catalogue.models import (
    BlocSource,
    Classement,
    Experience,
    Moyen,
    Partenariat,
    PieceJointe,
    PointAVerifier,
)
from maillage.catalogue.querysets import ExperienceQuerySet
from maillage.core.journal import type_objet
from maillage.core.requete_rejouee import RequeteRejouee
from maillage.moderation.models import Commentaire

_lisibles_par_tous = RequeteRejouee(
    lambda code: _avec_sa_structure(Experience.objects.visibles_par(AnonymousUser())).filter(code=code)
)
_classements = RequeteRejouee(lambda pk: Classement.objects.filter(experience_id=pk).select_related("terme"))
_partenariats = RequeteRejouee(
    lambda pk: Partenariat.objects.filter(experience_id=pk).select_related("partenaire")
)
_moyens = RequeteRejouee(lambda pk: Moyen.objects.filter(experience_id=pk))
_points = RequeteRejouee(lambda pk: PointAVerifier.objects.filter(experience_id=pk))
_sources = RequeteRejouee(lambda pk: BlocSource.objects.filter(experience_id=pk).defer("bloc"))
_pieces = RequeteRejouee(lambda pk: PieceJointe.objects.publiees().filter(experience_id=pk))


_commentaires = RequeteRejouee(
    lambda pk: Commentaire.objects.publies().filter(objet_type=type_objet(Experience), objet_id=pk)
)


def commentaires_publies(experience: Experience) -> list[Commentaire]:
    """Ce que des lecteurs en ont écrit, essais compris, du plus ancien au plus récent."""
    return _commentaires(experience.pk)


def lire(code: str, utilisateur: Any) -> Experience | None:
    """La fiche que cette personne peut lire, sa structure, et tout ce qu'une page ou un document en montre.

    Ce qu'un anonyme peut lire, chacun le peut : sa requête est rejouée. Le reste demande qui lit.
    """
    trouvees = _lisibles_par_tous(code)
    if not trouvees and utilisateur.is_authenticated:
        visibles = Experience.objects.visibles_par(utilisateur)
        trouvees = list(_avec_sa_structure(visibles).filter(code=code))
    for experience in trouvees:
        experience.ses_classements = _classements(experience.pk)
        experience.ses_partenariats = _partenariats(experience.pk)
        experience.ses_moyens = _moyens(experience.pk)
        experience.ses_points = _points(experience.pk)
        experience.ses_sources = _sources(experience.pk)
        experience.ses_pieces = _pieces(experience.pk)
    return trouvees[0] if trouvees else None


def _avec_sa_structure(experiences: ExperienceQuerySet) -> QuerySet[Experience]:
    return experiences.select_related("structure__departement").order_by()
