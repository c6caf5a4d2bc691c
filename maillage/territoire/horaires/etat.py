"""« Ouvert jusqu'à 18 h », « Fermé, ouvre lundi à 14 h » : l'état d'un lieu, à son heure à lui."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from maillage.core.francais import INSECABLE, MOIS

from .affichage import NOMS_JOURS, en_heures
from .calendrier import fuseau, jour_ferie
from .lecture import MINUIT, Horaires, Plage

MIDI = 12 * 60
HORIZON = 60
"""Jours regardés pour trouver la prochaine ouverture."""


@dataclass(frozen=True, slots=True)
class Fermeture:
    """Fermeture annoncée, jours inclus. `moment` : « matin », « après-midi », vide pour la journée."""

    du: date
    au: date
    moment: str = ""


@dataclass(frozen=True, slots=True)
class EtatDuLieu:
    """`est_ouvert` vaut None quand on ne peut pas le dire honnêtement ; la phrase dit pourquoi."""

    est_ouvert: bool | None
    phrase: str


class _Inconnu(Exception):
    """La journée n'est pas calculable ; le message est la phrase à montrer."""


def etat_du_lieu(
    horaires: Horaires,
    maintenant: datetime,
    *,
    code_departement: str = "",
    code_commune: str = "",
    fermetures: Iterable[Fermeture] = (),
) -> EtatDuLieu | None:
    """État au moment donné (un instant avec fuseau). Rien quand aucune ouverture n'est connue.

    Le calendrier des vacances scolaires n'est pas connu ici : quand les horaires en dépendent et que la
    réponse changerait, on le dit au lieu de deviner.
    """
    if all(regle.est_fermee for regle in horaires.regles):
        return None
    lieu = _Lieu(horaires, code_departement, tuple(fermetures))
    local = maintenant.astimezone(fuseau(code_departement, code_commune))
    etat = lieu.etat(local, vacances=False)
    if not horaires.parle_des_vacances:
        return etat
    en_vacances = lieu.etat(local, vacances=True)
    if etat == en_vacances:
        return etat
    if etat.est_ouvert is en_vacances.est_ouvert is not None:
        return EtatDuLieu(etat.est_ouvert, "Ouvert" if etat.est_ouvert else "Fermé")
    return EtatDuLieu(None, "Horaires différents pendant les vacances scolaires")


@dataclass(frozen=True, slots=True)
class _Lieu:
    horaires: Horaires
    departement: str
    fermetures: tuple[Fermeture, ...]

    def etat(self, local: datetime, *, vacances: bool) -> EtatDuLieu:
        jour, minute = local.date(), local.hour * 60 + local.minute
        try:
            plages = self._plages(jour, vacances)
            plages += [
                Plage(p.debut - MINUIT, p.fin - MINUIT)
                for p in self._plages(jour - timedelta(days=1), vacances)
                if p.fin > MINUIT
            ]
            ouvertes = [p for p in plages if p.debut <= minute < p.fin]
        except _Inconnu as inconnu:
            return EtatDuLieu(None, str(inconnu))
        if ouvertes:
            fin = self._fin_continue(jour, max(p.fin for p in ouvertes), vacances)
            if fin is None:
                return EtatDuLieu(True, f"Ouvert 24{INSECABLE}h sur 24")
            return EtatDuLieu(True, f"Ouvert jusqu’à {en_heures(fin)}")
        return EtatDuLieu(False, self._fermeture(jour, minute, vacances))

    def _plages(self, jour: date, vacances: bool) -> list[Plage]:
        """Plages de ce jour, jours fériés et fermetures déduits. Lève `_Inconnu`."""
        ferie = jour_ferie(jour, self.departement)
        journee = self.horaires.journee(jour, ferie=bool(ferie), vacances=vacances)
        plages = list(journee.plages)
        for fermeture in self.fermetures:
            if fermeture.du <= jour <= fermeture.au:
                plages = _retirer(plages, fermeture.moment)
        if plages and ferie and not self.horaires.parle_des_feries:
            raise _Inconnu("Jour férié : appelez avant de venir")
        if journee.precision and (plages or not journee.plages):
            raise _Inconnu(journee.precision[:1].upper() + journee.precision[1:])
        return plages

    def _fin_continue(self, jour: date, fin: int, vacances: bool) -> int | None:
        """Fin réelle quand la plage touche la suivante à minuit ; None si cela ne finit pas de la semaine."""
        for ecart in range(1, 8):
            if fin < MINUIT * ecart:
                return fin
            try:
                suite = [p for p in self._plages(jour + timedelta(ecart), vacances) if p.debut == 0]
            except _Inconnu:
                return fin
            if fin > MINUIT * ecart or not suite:
                return fin
            fin = MINUIT * ecart + max(p.fin for p in suite)
        return None

    def _fermeture(self, jour: date, minute: int, vacances: bool) -> str:
        for ecart in range(HORIZON):
            suivant = jour + timedelta(days=ecart)
            try:
                debuts = [p.debut for p in self._plages(suivant, vacances) if ecart or p.debut > minute]
            except _Inconnu:
                return "Fermé"
            if debuts:
                return f"Fermé, ouvre {_quand(suivant, ecart)}à {en_heures(min(debuts))}"
        return "Fermé"


def _retirer(plages: list[Plage], moment: str) -> list[Plage]:
    """Plages qui restent après une fermeture d'une demi-journée, de part et d'autre de midi."""
    mot = moment.strip().lower().replace("-", " ")
    if not mot or mot in {"journée", "toute la journée"}:
        return []
    if "après midi" in mot or "apres midi" in mot:
        return [Plage(p.debut, min(p.fin, MIDI)) for p in plages if p.debut < MIDI]
    if "matin" in mot:
        return [Plage(max(p.debut, MIDI), p.fin) for p in plages if p.fin > MIDI]
    raise _Inconnu("Horaires modifiés aujourd’hui")


def _quand(jour: date, ecart: int) -> str:
    if ecart == 0:
        return ""
    if ecart == 1:
        return "demain "
    if ecart < 7:
        return f"{NOMS_JOURS[jour.weekday()]} "
    numero = "1er" if jour.day == 1 else str(jour.day)
    return f"le {numero} {MOIS[jour.month - 1]} "
