"""Le plan du dossier et ses chapitres : poser, ajouter, ordonner, ôter, confier, relire ; et les écrire à plusieurs.

Un chapitre se désigne par son repère : sa clé du référentiel, ou son numéro en base. Le premier geste pose le plan.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core import ecriture
from maillage.core.changements import noter_changement
from maillage.core.ecriture import PAUSE, Conflit, GesteRefuse
from maillage.core.versions import enregistrer
from maillage.projets.choices import EtatChapitre
from maillage.projets.equipe import equipe_du_projet
from maillage.projets.models import Chapitre, ProjetSocial, SauvegardeDeChapitre
from maillage.projets.operations.elements import tenir_ouvert
from maillage.projets.operations.projets import noter, tenir
from maillage.projets.permissions import OUVERTS_A_L_ECRITURE
from maillage.projets.plan import NIVEAU_MAX, Place, composer, etat_selon_le_texte
from maillage.projets.referentiels import referentiel_de

ANNEXE: Final = ("sigles",)
CHAMPS: Final = {"titre": "Le titre", "texte": "Le texte"}
ACTE_D_ECRITURE: Final = "ecrire_chapitre"
Sens = Literal["monter", "descendre"]


class ChapitreFerme(GesteRefuse):
    """Le projet ne s'écrit plus. Ce qui vient d'être écrit est gardé de côté."""


class ChapitreInconnu(GesteRefuse):
    """Aucun chapitre de ce projet ne porte ce repère."""


@dataclass(frozen=True, slots=True)
class ChapitreEcrit:
    """Ce qu'un enregistrement a fait. `chapitre` est relu."""

    chapitre: Chapitre
    le: datetime
    conflits: dict[str, Conflit] = field(default_factory=dict)


def valeurs(chapitre: Chapitre) -> dict[str, str]:
    return {nom: getattr(chapitre, nom) for nom in CHAMPS}


def place_de(places: list[Place], repere: str) -> Place:
    """Lève `ChapitreInconnu`."""
    for place in places:
        if repere in {place.chapitre.cle or "-", str(place.chapitre.pk or "-")}:
            return place
    raise ChapitreInconnu("Ce chapitre n’est plus dans le dossier. Revenez au plan.")


# --- Le plan ----------------------------------------------------------------------------------------


@contextmanager
def _plan_tenu(projet: ProjetSocial) -> Iterator[tuple[ProjetSocial, list[Place]]]:
    """Le plan posé en base, que nul autre ne change jusqu'à la fin de la transaction. Lève `GesteRefuse`."""
    with transaction.atomic():
        tenu = tenir_ouvert(projet)
        yield tenu, _poser(tenu)


def _poser(tenu: ProjetSocial) -> list[Place]:
    places = _composer(tenu)
    _ranger(places)
    return places


def _composer(tenu: ProjetSocial) -> list[Place]:
    """Tout le plan, chapitres ôtés compris."""
    return composer(tenu, tenu.chapitres.select_related("responsable"), referentiel_de(tenu).chapitres)


def _ranger(places: list[Place]) -> None:
    """Chacun reçoit son rang ; ceux qui n'étaient pas en base y entrent."""
    for rang, place in enumerate(places, start=1):
        chapitre = place.chapitre
        chapitre.rang = rang
        if chapitre._state.adding:
            chapitre.save(force_insert=True)
    ecrits = [place.chapitre for place in places]
    Chapitre.objects.bulk_update(ecrits, ["rang", "cle"])


def ajouter_chapitre(
    projet: ProjetSocial, *, titre: str, apres: str, niveau: int, par: Utilisateur
) -> Chapitre:
    """Un chapitre libre, après celui de ce repère et ce qu'il contient ; sans repère, à la fin, avant les sigles."""
    with _plan_tenu(projet) as (tenu, places):
        rang = _avant_les_annexes(places)
        if apres:
            precedent = place_de(places, apres)
            rang = _fin_de_la_branche(places, places.index(precedent), niveau)
        chapitre = Chapitre(
            projet=tenu, titre=" ".join(titre.split()), niveau=min(max(niveau, 1), NIVEAU_MAX)
        )
        places.insert(rang, Place(chapitre))
        _ranger(places)
        _noter(tenu, "ajouter_chapitre", "a ajouté", chapitre, par)
    return chapitre


def deplacer_chapitre(projet: ProjetSocial, repere: str, sens: Sens, *, par: Utilisateur) -> None:
    """Avec ce qu'il contient, de l'autre côté de son voisin de même niveau. Sans effet au bout."""
    with _plan_tenu(projet) as (tenu, places):
        place = place_de(places, repere)
        debut = places.index(place)
        fin = _fin_de_la_branche(places, debut, place.chapitre.niveau)
        if sens == "monter":
            voisin = _voisin_d_avant(places, debut)
            if voisin is None:
                return
            places[voisin:fin] = places[debut:fin] + places[voisin:debut]
        else:
            if fin == len(places) or places[fin].chapitre.niveau < place.chapitre.niveau:
                return
            loin = _fin_de_la_branche(places, fin, place.chapitre.niveau)
            places[debut:loin] = places[fin:loin] + places[debut:fin]
        _ranger(places)
        _noter(tenu, "deplacer_chapitre", "a déplacé", place.chapitre, par)


def _avant_les_annexes(places: list[Place]) -> int:
    """Ce qui ne fait qu'aider à lire ferme le dossier : rien ne s'écrit après."""
    rang = len(places)
    while rang and places[rang - 1].blocs == ANNEXE and places[rang - 1].est_vide:
        rang -= 1
    return rang


def _fin_de_la_branche(places: list[Place], debut: int, niveau: int) -> int:
    fin = debut + 1
    while fin < len(places) and places[fin].chapitre.niveau > niveau:
        fin += 1
    return fin


def _voisin_d_avant(places: list[Place], debut: int) -> int | None:
    niveau = places[debut].chapitre.niveau
    for rang in range(debut - 1, -1, -1):
        if places[rang].chapitre.niveau < niveau:
            return None
        if places[rang].chapitre.niveau == niveau:
            return rang
    return None


def oter_chapitre(projet: ProjetSocial, repere: str, *, par: Utilisateur) -> None:
    """Il sort du plan ; son texte reste, on peut le remettre."""
    _marquer(projet, repere, "oter_chapitre", "a ôté du plan", est_ote=True, par=par)


def remettre_chapitre(projet: ProjetSocial, repere: str, *, par: Utilisateur) -> None:
    _marquer(projet, repere, "remettre_chapitre", "a remis au plan", est_ote=False, par=par)


def marquer_relu(projet: ProjetSocial, repere: str, *, par: Utilisateur) -> None:
    """Lève `GesteRefuse` tant qu'il n'y a rien à relire."""
    with _plan_tenu(projet) as (tenu, places):
        place = place_de(places, repere)
        if not place.chapitre.texte.strip() and not place.blocs:
            raise GesteRefuse("Ce chapitre est encore vide : il n’y a rien à relire.")
        _changer(tenu, place.chapitre, "relire_chapitre", "a relu", par, etat=EtatChapitre.RELU)


def marquer_a_relire(projet: ProjetSocial, repere: str, *, par: Utilisateur) -> None:
    with _plan_tenu(projet) as (tenu, places):
        chapitre = place_de(places, repere).chapitre
        _changer(tenu, chapitre, "reprendre_chapitre", "reprend", par, etat=etat_selon_le_texte(chapitre))


def _marquer(
    projet: ProjetSocial, repere: str, acte: str, verbe: str, *, est_ote: bool, par: Utilisateur
) -> None:
    with _plan_tenu(projet) as (tenu, places):
        chapitre = place_de(places, repere).chapitre
        if chapitre.est_ote != est_ote:
            _changer(tenu, chapitre, acte, verbe, par, est_ote=est_ote)


def regler_chapitre(
    projet: ProjetSocial,
    repere: str,
    *,
    version_lue: int,
    niveau: int,
    responsable: Utilisateur | None,
    par: Utilisateur,
) -> None:
    """Sa place dans le plan, et qui l'écrit. Lève `ConflitDeVersion`, ou `GesteRefuse`."""
    with _plan_tenu(projet) as (tenu, places):
        chapitre = place_de(places, repere).chapitre
        if responsable is not None and responsable not in equipe_du_projet(tenu):
            raise GesteRefuse("Cette personne n’est pas de l’équipe. Choisissez-en une autre.")
        niveau = min(max(niveau, 1), NIVEAU_MAX)
        if (chapitre.niveau, chapitre.responsable) != (niveau, responsable):
            _changer(
                tenu,
                chapitre,
                "regler_chapitre",
                "a réglé",
                par,
                version_lue=version_lue or chapitre.version,
                niveau=niveau,
                responsable=responsable,
            )


def rattacher_chapitre(projet: ProjetSocial, repere: str, cle: str, *, par: Utilisateur) -> Chapitre:
    """Un chapitre libre devient celui que le référentiel attend. Si celui-ci porte déjà un texte, le libre y entre
    comme une partie : aucun mot n'est perdu. Rend le chapitre qui porte le texte. Lève `GesteRefuse`."""
    with _plan_tenu(projet) as (tenu, places):
        place, voulue = place_de(places, repere), place_de(places, cle)
        libre, attendu = place.chapitre, voulue.chapitre
        if libre.cle or attendu.cle != cle:
            raise GesteRefuse("Seul un chapitre libre se rattache au plan attendu.")
        if attendu.texte.strip():
            morceaux = (attendu.texte, f"## {libre.titre}" if libre.titre else "", libre.texte)
            reuni = "\n\n".join(filter(None, morceaux))
            etat = EtatChapitre.COMMENCE
            _changer(
                tenu, attendu, "rattacher_chapitre", "a complété", par, texte=reuni, etat=etat, est_ote=False
            )
            enregistrer(libre, version_lue=libre.version, est_ote=True)
            return attendu
        # Vide, il laisse sa clé et sa place au chapitre libre, qui garde son texte et son histoire.
        debut = places.index(place)
        branche = places[debut : _fin_de_la_branche(places, debut, libre.niveau)]
        reste = [autre for autre in places if autre not in branche]
        ou = reste.index(voulue) if voulue in reste else debut
        attendu.sauvegardes.update(chapitre=libre)  # ce qu'on y avait écrit puis effacé se relit encore
        attendu.delete()
        places = [autre for autre in (*reste[:ou], *branche, *reste[ou:]) if autre is not voulue]
        niveau = attendu.niveau
        _changer(
            tenu,
            libre,
            "rattacher_chapitre",
            "a rattaché au plan",
            par,
            cle=cle,
            niveau=niveau,
            est_ote=False,
        )
        _ranger(places)
    return libre


def _changer(
    projet: ProjetSocial,
    chapitre: Chapitre,
    acte: str,
    verbe: str,
    par: Utilisateur,
    *,
    version_lue: int = 0,
    **changees: Any,
) -> None:
    avant = {nom: _dire(getattr(chapitre, nom)) for nom in changees}
    enregistrer(chapitre, version_lue=version_lue or chapitre.version, **changees)
    apres = {nom: _dire(valeur) for nom, valeur in changees.items()}
    _noter(projet, acte, verbe, chapitre, par, avant=avant, apres=apres)


def _dire(valeur: Any) -> Any:
    return valeur.pk if isinstance(valeur, Utilisateur) else valeur


def _noter(
    projet: ProjetSocial, acte: str, verbe: str, chapitre: Chapitre, par: Utilisateur, **details: Any
) -> None:
    phrase = f"{par.get_full_name()} {verbe} le chapitre « {chapitre.titre or 'sans titre'} »."
    noter(projet, acte, phrase, par=par, **details)


# --- Le texte ---------------------------------------------------------------------------------------


def ecrire_chapitre(
    projet: ProjetSocial,
    repere: str,
    ecrits: Mapping[str, str],
    lus: Mapping[str, str],
    *,
    par: Utilisateur,
) -> ChapitreEcrit:
    """Écrit ce que cette personne a changé depuis qu'elle l'a lu. Rejouer le même envoi ne fait rien.

    `lus` : champ → empreinte de la valeur montrée. Lève `ChapitreFerme`, ou `ChapitreInconnu`.
    """
    le = timezone.now()
    with transaction.atomic():
        tenu = tenir(projet)
        est_ouvert = tenu.etat in OUVERTS_A_L_ECRITURE
        places = _composer(tenu)
        chapitre = place_de(places, repere).chapitre
        if chapitre._state.adding:
            if not est_ouvert or valeurs(chapitre) == {**valeurs(chapitre), **ecrits}:
                return ChapitreEcrit(chapitre, le)  # le plan se pose quand quelque chose s'écrit
            _ranger(places)
        tri = ecriture.trier(chapitre.sauvegardes, valeurs(chapitre), ecrits, lus, par=par)
        a_part = tri.a_part
        if not est_ouvert:
            a_part |= tri.changees
        elif tri.changees:
            if ecriture.commence_une_seance(chapitre.sauvegardes, par=par, le=le):
                _journaliser_les_seances(chapitre, finies_avant=le - PAUSE)
            chapitre.texte = tri.changees.get("texte", chapitre.texte)
            etat = etat_selon_le_texte(chapitre)
            enregistrer(chapitre, version_lue=chapitre.version, **tri.changees, etat=etat)
            ecriture.garder(chapitre.sauvegardes, tri.changees, tri.dernieres, par=par, le=le)
            noter_changement(tenu, ACTE_D_ECRITURE)
        ecriture.garder_a_part(chapitre.sauvegardes, a_part, par=par, le=le)
    if not est_ouvert:
        raise ChapitreFerme(
            f"Le projet est maintenant « {tenu.get_etat_display()} » : il ne s’écrit plus. Votre texte est gardé."
        )
    return ChapitreEcrit(chapitre, le, tri.conflits)


@transaction.atomic
def revenir_a_ce_texte(sauvegarde: SauvegardeDeChapitre, *, par: Utilisateur) -> None:
    """Remet un texte d'avant ; celui qu'il remplace reste dans l'histoire. Lève `GesteRefuse`."""
    chapitre = sauvegarde.chapitre
    tenu = tenir_ouvert(chapitre.projet)
    chapitre.refresh_from_db()
    if valeurs(chapitre)[sauvegarde.champ] == sauvegarde.valeur:
        return
    le = timezone.now()
    setattr(chapitre, sauvegarde.champ, sauvegarde.valeur)
    changees = {sauvegarde.champ: sauvegarde.valeur}
    enregistrer(chapitre, version_lue=chapitre.version, **changees, etat=etat_selon_le_texte(chapitre))
    chapitre.sauvegardes.create(
        champ=sauvegarde.champ, valeur=sauvegarde.valeur, par=par, commencee_le=le, le=le
    )
    _noter(tenu, "revenir_a_ce_texte", "est revenu à un texte d’avant dans", chapitre, par)


def _journaliser_les_seances(chapitre: Chapitre, *, finies_avant: datetime | None = None) -> None:
    ecriture.journaliser_les_seances(
        chapitre,
        chapitre.sauvegardes,
        acte=ACTE_D_ECRITURE,
        libelles=CHAMPS,
        depart=dict.fromkeys(CHAMPS, ""),
        structure_id=chapitre.projet.structure_id,
        finies_avant=finies_avant,
    )
