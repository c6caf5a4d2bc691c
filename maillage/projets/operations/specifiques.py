"""Les projets spécifiques (familles, jeunesse, accueil) : une lecture en travers de l'arbre."""

from collections.abc import Sequence

from django.db.models import Max

from maillage.comptes.models import Utilisateur
from maillage.core.versions import enregistrer
from maillage.projets.choices import GenreProjetSpecifique
from maillage.projets.models import FicheAction, ProjetSocial, ProjetSpecifique
from maillage.projets.operations.gestes import ArbreRefuse, geste


def ajouter_specifique(
    projet: ProjetSocial, *, genre: GenreProjetSpecifique | str, nom: str, presentation: str, par: Utilisateur
) -> ProjetSpecifique:
    """Lève `ArbreRefuse` quand le nom est déjà pris."""
    with geste(projet, "ajouter_specifique", f"a ajouté le projet spécifique « {nom} »", par=par):
        _nom_libre(projet, nom)
        rang = 1 + (projet.specifiques.aggregate(dernier=Max("rang"))["dernier"] or 0)
        return ProjetSpecifique.objects.create(
            projet=projet, genre=genre, nom=nom, presentation=presentation, rang=rang
        )


def ecrire_specifique(
    specifique: ProjetSpecifique,
    *,
    version_lue: int,
    genre: GenreProjetSpecifique | str,
    nom: str,
    presentation: str,
    fiches: Sequence[FicheAction],
    par: Utilisateur,
) -> None:
    """Son nom, sa présentation et les fiches qu'il réunit. Lève `ConflitDeVersion`."""
    with geste(specifique.projet, "ecrire_specifique", f"a modifié le projet spécifique « {nom} »", par=par):
        _nom_libre(specifique.projet, nom, sauf=specifique.pk)
        enregistrer(specifique, version_lue=version_lue, genre=genre, nom=nom, presentation=presentation)
        specifique.fiches.set(fiches)


def oter_specifique(specifique: ProjetSpecifique, *, par: Utilisateur) -> None:
    """Ses fiches restent à leur place dans l'arbre."""
    with geste(
        specifique.projet, "oter_specifique", f"a supprimé le projet spécifique « {specifique} »", par=par
    ):
        specifique.delete()


def mettre_dans_les_projets(
    fiche: FicheAction, specifiques: Sequence[ProjetSpecifique], *, par: Utilisateur
) -> None:
    with geste(fiche.projet, "mettre_dans_les_projets", f"a choisi les projets de « {fiche} »", par=par):
        fiche.specifiques.set(specifiques)


def _nom_libre(projet: ProjetSocial, nom: str, sauf: int | None = None) -> None:
    pris = projet.specifiques.filter(nom=nom).values_list("pk", flat=True)
    if set(pris) - {sauf}:
        raise ArbreRefuse("Un autre projet spécifique porte déjà ce nom. Choisissez-en un autre.")
