"""Ce qu'une règle ferait aux séances : la page le montre avant d'enregistrer, l'acte le fait."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from maillage.activites.choices import EtatSeance
from maillage.activites.models import Activite, Seance, Serie
from maillage.activites.recurrence import JourDeSerie, Regle, lundi


@dataclass(slots=True)
class Mouvement:
    """`deplacees` : la séance et son jour nouveau (le même, quand seule l'heure change).

    `gardees` : passées, tenues, annulées, changées à part ou déjà notées, la règle ne les touche pas ; et celles
    qu'elle ôterait avec le mot que l'équipe y a écrit.
    """

    posees: list[date] = field(default_factory=list)
    sautees: list[JourDeSerie] = field(default_factory=list)
    deplacees: list[tuple[Seance, date]] = field(default_factory=list)
    inchangees: list[Seance] = field(default_factory=list)
    retirees: list[Seance] = field(default_factory=list)
    gardees: list[Seance] = field(default_factory=list)

    @property
    def ne_change_rien(self) -> bool:
        return not (self.posees or self.deplacees or self.retirees)


def regle_de(serie: Serie) -> Regle:
    """Celle qui vaut aujourd'hui. Préchargez `activite__structure`."""
    return Regle(
        jour=serie.jour,
        debut=serie.debut,
        fin=serie.fin,
        du=serie.du,
        au=serie.au,
        toutes_les=serie.toutes_les,
        saute_les_vacances=serie.saute_les_vacances,
        saute_les_feries=serie.saute_les_feries,
        zone=serie.zone,
        departement=serie.activite.structure.departement_id or "",
    )


def prevoir(activite: Activite, regle: Regle | None, serie: Serie | None = None) -> Mouvement:
    """Une série nouvelle pose tous ses jours, passés compris. Changée, elle n'agit qu'à partir d'aujourd'hui, et
    déplace une séance dans sa semaine plutôt que de l'ôter pour en poser une autre. Sans règle, elle s'arrête."""
    mouvement = Mouvement()
    mobiles: dict[date, Seance] = {}
    prises: set[date] = set()
    fuseau = activite.structure.fuseau
    maintenant = timezone.now()
    aujourd_hui = maintenant.astimezone(fuseau).date()
    for seance in _siennes(serie):
        semaine = lundi(seance.jour_prevu or seance.jour)
        if _bouge(seance, maintenant):
            mobiles[semaine] = seance
        else:
            mouvement.gardees.append(seance)
            prises.add(semaine)
    for prevu in regle.jours() if regle else ():
        semaine = lundi(prevu.jour)
        if serie is not None and (prevu.jour < aujourd_hui or semaine in prises):
            continue
        if prevu.saute:
            mouvement.sautees.append(prevu)
        elif semaine not in mobiles:
            mouvement.posees.append(prevu.jour)
        else:
            seance = mobiles.pop(semaine)
            instants = {"debut": seance.debut, "fin": seance.fin}
            if regle and instants == regle.instants(prevu.jour, fuseau):
                mouvement.inchangees.append(seance)
            else:
                mouvement.deplacees.append((seance, prevu.jour))
    for seance in mobiles.values():
        (mouvement.gardees if seance.mot else mouvement.retirees).append(seance)
    return mouvement


def _siennes(serie: Serie | None) -> list[Seance]:
    if serie is None:
        return []
    lues = Seance.objects.filter(serie=serie).avec_leur_activite().avec_ce_qui_y_est_note()
    return list(lues.order_by("debut", "pk"))


def _bouge(seance: Seance, maintenant: datetime) -> bool:
    est_notee: bool = seance.est_notee  # type: ignore[attr-defined]  # `avec_ce_qui_y_est_note`
    return (
        seance.etat == EtatSeance.PREVUE
        and not seance.est_changee
        and not est_notee
        and seance.fin > maintenant
    )
