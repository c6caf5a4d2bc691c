"""Les thèmes d'une suite d'ateliers : proposer, décider avec le groupe, ajuster, ranger, placer."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from maillage.activites.choices import EtatSeance, EtatTheme
from maillage.activites.models import Activite, Seance, Theme
from maillage.activites.operations.journal import noter, tenir
from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import enregistrer


@transaction.atomic
def proposer_theme(activite: Activite, *, titre: str, par: Utilisateur) -> Theme:
    """Le dernier de la suite."""
    tenir(activite)
    rang = (activite.themes.aggregate(dernier=Max("rang"))["dernier"] or 0) + 1
    theme = Theme.objects.create(activite=activite, titre=" ".join(titre.split()), rang=rang)
    noter(activite, "proposer_theme", f"a proposé le thème « {theme} »", par=par)
    return theme


@transaction.atomic
def ajuster_theme(theme: Theme, *, titre: str, ajustement: str, par: Utilisateur) -> None:
    """Le titre, et ce que le groupe a changé."""
    tenir(theme.activite)
    theme.titre, theme.ajustement = " ".join(titre.split()), " ".join(ajustement.split())
    theme.save(update_fields=["titre", "ajustement"])
    noter(theme.activite, "ajuster_theme", f"a ajusté le thème « {theme} »", par=par)


@transaction.atomic
def decider_theme(theme: Theme, etat: EtatTheme, *, par: Utilisateur) -> None:
    """Validé ou écarté avec le groupe, ou proposé de nouveau. Écarté, il quitte les séances à venir.

    Lève `GesteRefuse` s'il était déjà décidé autrement.
    """
    tenir(theme.activite)
    theme.refresh_from_db()
    if theme.etat == etat:
        return
    if EtatTheme.PROPOSE not in {theme.etat, etat}:
        raise GesteRefuse("Ce thème est déjà décidé. Remettez-le d’abord parmi les propositions.")
    theme.etat = etat
    theme.save(update_fields=["etat"])
    touchees: list[Seance] = []
    if etat == EtatTheme.ECARTE:
        for seance in theme.seances.filter(etat=EtatSeance.PREVUE, debut__gt=timezone.now()):
            enregistrer(seance, version_lue=seance.version, theme=None)
            touchees.append(seance)
    fait = {EtatTheme.VALIDE: "a validé", EtatTheme.ECARTE: "a écarté"}.get(etat, "a remis en discussion")
    noter(theme.activite, "decider_theme", f"{fait} le thème « {theme} »", par=par, seances=touchees)


@transaction.atomic
def ranger_theme(theme: Theme, *, pas: int, par: Utilisateur) -> None:
    """Le monte (`pas` = -1) ou le descend (1) d'un rang ; au bout, il ne bouge pas."""
    tenir(theme.activite)
    suite = list(theme.activite.themes.all())
    place = next(rang for rang, un in enumerate(suite) if un.pk == theme.pk)
    voulue = min(max(place + pas, 0), len(suite) - 1)
    if voulue == place:
        return
    suite.insert(voulue, suite.pop(place))
    for rang, un in enumerate(suite, start=1):
        un.rang = rang
    Theme.objects.bulk_update(suite, ["rang"])
    noter(theme.activite, "ranger_theme", f"a déplacé le thème « {theme} »", par=par)


@transaction.atomic
def placer_les_themes(activite: Activite, *, par: Utilisateur) -> int:
    """Un thème validé par séance à venir qui n'en a pas, dans l'ordre ; rend le nombre placé."""
    tenir(activite)
    libres = activite.seances.filter(etat=EtatSeance.PREVUE, debut__gt=timezone.now(), theme=None)
    a_placer = activite.themes.filter(etat=EtatTheme.VALIDE, seances=None)
    touchees: list[Seance] = []
    for seance, theme in zip(libres.order_by("debut", "pk"), a_placer, strict=False):
        enregistrer(seance, version_lue=seance.version, theme=theme)
        touchees.append(seance)
    if touchees:
        noter(activite, "placer_les_themes", "a placé les thèmes", par=par, seances=touchees)
    return len(touchees)
