"""Rappeler aux modératrices ce qui attend depuis plus longtemps que promis, une fois par jour ouvré."""

from django.db import transaction
from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.comptes.models import Utilisateur
from maillage.core.courrier import poster
from maillage.core.francais import compte, duree
from maillage.moderation.delais import est_ouvre
from maillage.moderation.models import Demande


@transaction.atomic
def rappeler_les_retards() -> int:
    """Un courriel par modératrice qui a des retards sur son territoire ; rend leur nombre.

    L'administration n'est dérangée que pour ce que personne d'autre ne peut juger. Rien un jour chômé, ni deux fois
    le même jour : la tâche peut se répéter.
    """
    maintenant = timezone.now()
    minuit = timezone.localtime(maintenant).replace(hour=0, minute=0, second=0, microsecond=0)
    a_rappeler = set(
        Demande.objects.en_retard().exclude(rappelee_le__gte=minuit).order_by().values_list("pk", flat=True)
    )
    if not a_rappeler or not est_ouvre(maintenant):
        return 0
    orphelines = set(a_rappeler)
    envois = 0
    for role in (Role.MODERATRICE, Role.ADMINISTRATRICE):
        for personne in _personnes(role):
            retards = Demande.objects.visibles_par(personne).en_retard()
            siens = dict(retards.order_by().values_list("pk", "deposee_le"))
            nouveaux = (a_rappeler if role == Role.MODERATRICE else orphelines) & set(siens)
            if nouveaux:
                plus_ancienne = min(siens[pk] for pk in nouveaux)
                _rappeler(personne, len(nouveaux), duree(maintenant - plus_ancienne))
                envois += 1
            if role == Role.MODERATRICE:
                orphelines -= set(siens)
    Demande.objects.filter(pk__in=a_rappeler).update(rappelee_le=maintenant)
    return envois


def _personnes(role: Role) -> list[Utilisateur]:
    """Qui tient ce rôle aujourd'hui. Une administratrice qui modère aussi n'est rappelée qu'une fois."""
    ouverts = Utilisateur.objects.filter(is_active=True, appartenances__role=role).distinct().order_by("pk")
    return [
        personne
        for personne in ouverts
        if role in personne.roles
        and not (role == Role.ADMINISTRATRICE and Role.MODERATRICE in personne.roles)
    ]


def _rappeler(personne: Utilisateur, nombre: int, attente: str) -> None:
    poster(
        personne.email,
        f"{compte(nombre, 'demande')} en retard à la modération",
        "moderation/courriel_rappel.txt",
        {"personne": personne, "nombre": nombre, "attente": attente},
    )
