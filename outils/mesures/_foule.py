"""Deux cents autres centres dans la même base : deux millions de passages, un million de présences. Écrits en masse."""

from datetime import timedelta
from typing import Any, Final

CENTRES: Final = 200
PASSAGES: Final = 2_000_000
PRESENCES: Final = 1_000_000
PERSONNES_PAR_CENTRE: Final = 20


def ajouter_la_foule(modele: Any) -> None:
    """Des centres du même département que `modele`, dont les passages recopient les siens, aux mêmes jours."""
    from django.db import connection

    from maillage.territoire.models import Structure

    centres = Structure.objects.bulk_create(
        Structure(nom=f"Centre {rang}", slug=f"centre-de-la-foule-{rang}", departement=modele.departement)
        for rang in range(CENTRES)
    )
    _seances(centres)
    _types(centres)
    premier = centres[0].pk
    with connection.cursor() as curseur:
        _presences(curseur, premier)
        for centre in centres:
            _passages(curseur, modele.pk, centre.pk, PASSAGES // CENTRES)
        _demandes(curseur, premier)
        curseur.execute("ANALYZE")


def _seances(centres: list[Any]) -> None:
    from django.utils import timezone
    from django.utils.crypto import get_random_string

    from maillage.activites.models import Activite, Seance
    from maillage.personnes.models import Personne

    activites = Activite.objects.bulk_create(
        Activite(structure=centre, titre="Atelier", jeton_agenda=get_random_string(32)) for centre in centres
    )
    Personne.objects.bulk_create(
        (
            Personne(structure=centre, prenom="Personne", nom=f"Inventée {rang}", naissance=1980)
            for centre in centres
            for rang in range(PERSONNES_PAR_CENTRE)
        ),
        batch_size=2000,
    )
    maintenant = timezone.now()
    debuts = [
        maintenant - timedelta(hours=31 * rang)
        for rang in range(PRESENCES // CENTRES // PERSONNES_PAR_CENTRE)
    ]
    Seance.objects.bulk_create(
        (
            Seance(activite=une, debut=debut, fin=debut + timedelta(hours=2), etat="tenue")
            for une in activites
            for debut in debuts
        ),
        batch_size=2000,
    )


def _types(centres: list[Any]) -> None:
    from maillage.accueil.models import TypeDeDemande

    TypeDeDemande.objects.bulk_create(TypeDeDemande(structure=un, libelle="Renseignement") for un in centres)


def _presences(curseur: Any, premier: int) -> None:
    """Chaque personne d'un centre, à chacune de ses séances."""
    curseur.execute(
        "INSERT INTO activites_presence (seance_id, personne_id, role, age, cle, notee_le, notee_par_id)"
        " SELECT s.id, p.id, 'participant', 30, NULL, s.fin, NULL FROM activites_activite a"
        " JOIN activites_seance s ON s.activite_id = a.id"
        " JOIN personnes_personne p ON p.structure_id = a.structure_id WHERE a.structure_id >= %s",
        [premier],
    )


def _passages(curseur: Any, de: int, vers: int, combien: int) -> None:
    from maillage.accueil.models import Passage
    from maillage.core.base_de_donnees import est_sqlite

    cle = "lower(hex(randomblob(16)))" if est_sqlite() else "gen_random_uuid()"
    change = {"structure_id": str(vers), "cle": cle} | dict.fromkeys(
        ("site_id", "provenance_id", "note_par_id", "oriente_vers_id"), "NULL"
    )
    champs = [str(champ.column) for champ in Passage._meta.concrete_fields if not champ.primary_key]
    lus = ", ".join(change.get(champ, champ) for champ in champs)
    curseur.execute(
        f"INSERT INTO accueil_passage ({', '.join(champs)})"  # noqa: S608 - des noms de nos champs
        f" SELECT {lus} FROM accueil_passage WHERE structure_id = %s LIMIT %s",
        [de, combien],
    )


def _demandes(curseur: Any, premier: int) -> None:
    curseur.execute(
        "INSERT INTO accueil_demande (passage_id, type_id) SELECT p.id, t.id FROM accueil_passage p"
        " JOIN accueil_typededemande t ON t.structure_id = p.structure_id WHERE p.structure_id >= %s",
        [premier],
    )
