"""Enregistrer un brouillon, champ par champ, à plusieurs : personne n'écrase personne, rien d'écrit ne se perd.

Une page dit, pour chaque champ, l'empreinte de la valeur qu'elle montrait (`brouillon.empreinte`). Si une autre
personne a changé le champ depuis, il n'est pas écrit : les deux textes sont rendus, et le nouveau est gardé de côté.
Une personne qui n'écrit que par-dessus elle-même (réponse perdue, deuxième fenêtre) n'a rien à choisir.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from maillage.catalogue.brouillon import empreinte, valeurs
from maillage.catalogue.champs import CHAMPS, GenreChamp, Valeur, lire_champ
from maillage.catalogue.models import Contribution, Sauvegarde
from maillage.comptes.models import Utilisateur
from maillage.core.journal import journaliser, type_objet
from maillage.core.models import LigneJournal
from maillage.core.versions import enregistrer

TRANCHE = timedelta(minutes=10)
"""Ce qui s'écrit de suite, par une personne dans un champ, ne fait qu'une sauvegarde."""
PAUSE = timedelta(minutes=30)
"""Au-delà, une personne qui revient commence une autre séance d'écriture."""
LONGUEUR_A_GARDER = 80
"""Un texte de cette longueur, soudain réduit de moitié, reste dans l'histoire : on l'a peut-être effacé par erreur."""
ACTE_D_ECRITURE = "rediger_contribution"


class GesteRefuse(Exception):
    """La contribution n'attend pas ce geste ; le message dit ce qui s'est passé et quoi faire."""


class BrouillonFerme(GesteRefuse):
    """La fiche est partie à la modération, ou n'est plus à écrire. Ce qui vient d'être écrit est gardé de côté."""


@dataclass(frozen=True, slots=True)
class Conflit:
    """Deux textes pour un champ. `qui` est vide quand c'est la fiche en ligne qui a changé."""

    champ: str
    le_mien: Valeur
    le_sien: Valeur
    qui: str
    quand: datetime | None


@dataclass(frozen=True, slots=True)
class Bilan:
    """Ce qu'un enregistrement a fait. `contribution` est relue."""

    contribution: Contribution
    le: datetime
    ecrits: list[str] = field(default_factory=list)
    conflits: dict[str, Conflit] = field(default_factory=dict)


def verrouiller(contribution: Contribution) -> Contribution:
    """La contribution relue, que nul autre n'écrit jusqu'à la fin de la transaction."""
    verrouillee: Contribution = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("experience__structure__departement")
        .get(pk=contribution.pk)
    )
    return verrouillee


def sauver_champs(
    contribution: Contribution, ecrites: Mapping[str, Valeur], lues: Mapping[str, str], *, par: Utilisateur
) -> Bilan:
    """Écrit les champs que cette personne a changés depuis qu'elle les a lus. Rejouer le même envoi ne fait rien.

    `lues` : champ → empreinte de la valeur montrée. Lève `BrouillonFerme`.
    """
    with transaction.atomic():
        contribution = verrouiller(contribution)
        bilan = Bilan(contribution, timezone.now())
        actuelles = valeurs(contribution, ecrites)
        changees = {
            nom: valeur
            for nom, valeur in ecrites.items()
            if empreinte(valeur) not in {lues.get(nom, ""), empreinte(actuelles[nom])}
        }
        dernieres = _dernieres(contribution.sauvegardes.filter(est_ecartee=False), changees)
        for nom in list(changees):
            if lues.get(nom, "") == empreinte(actuelles[nom]):
                continue
            derniere = dernieres.get(nom)
            if derniere is not None and derniere.par_id == par.pk:
                del dernieres[nom]  # par-dessus soi-même, sans l'avoir lu : l'autre texte reste à part
            elif _a_deja_ecrit(contribution, nom, changees[nom], par=par):
                del changees[nom]  # un envoi rejoué : il a compté, et quelqu'un a écrit après
            else:
                qui = derniere.par.get_full_name() if derniere and derniere.par else ""
                bilan.conflits[nom] = Conflit(
                    nom, changees.pop(nom), actuelles[nom], qui, derniere.le if derniere else None
                )
        if contribution.est_ouverte:
            a_part = {nom: conflit.le_mien for nom, conflit in bilan.conflits.items()}
            _ecrire(contribution, changees, dernieres, par=par, le=bilan.le)
            bilan.ecrits.extend(changees)
        else:
            a_part = changees | {nom: conflit.le_mien for nom, conflit in bilan.conflits.items()}
        _garder_a_part(contribution, a_part, par=par, le=bilan.le)
    if not contribution.est_ouverte:
        raise BrouillonFerme(
            "Cette fiche n’est plus en écriture : elle a été envoyée, ou rangée. Votre texte est gardé."
        )
    return bilan


@transaction.atomic
def revenir_a(sauvegarde: Sauvegarde, *, par: Utilisateur) -> Contribution:
    """Remet un texte d'avant, que quelqu'un avait laissé dans ce champ. Lève `GesteRefuse`."""
    contribution = verrouiller(sauvegarde.contribution)
    if not contribution.est_ouverte:
        raise GesteRefuse("Cette fiche n’est plus en écriture. Reprenez-la d’abord.")
    avant = valeurs(contribution, [sauvegarde.champ])[sauvegarde.champ]
    if avant == sauvegarde.valeur:
        return contribution
    _ecrire(contribution, {sauvegarde.champ: sauvegarde.valeur}, {}, par=par, le=timezone.now())
    libelle = CHAMPS[sauvegarde.champ].libelle
    journaliser(
        contribution,
        "revenir_a_une_sauvegarde",
        f"{par.get_full_name()} a repris un texte d’avant pour « {libelle} ».",
        par=par,
        avant={sauvegarde.champ: avant},
        apres={sauvegarde.champ: sauvegarde.valeur},
        structure_id=contribution.experience.structure_id,
    )
    return contribution


def reunir(nom: str, le_sien: Valeur, le_mien: Valeur) -> Valeur:
    """Les deux bout à bout, le sien d'abord ; pour une liste, l'un puis ce que l'autre y ajoute."""
    genre = CHAMPS[nom].genre
    if genre == GenreChamp.TERMES:
        return list(dict.fromkeys([*le_sien, *le_mien]))
    if genre == GenreChamp.PARTENAIRES:
        deja = {ligne["nom"].casefold() for ligne in le_sien}
        return [*le_sien, *(ligne for ligne in le_mien if ligne["nom"].casefold() not in deja)]
    return (" / " if genre == GenreChamp.COURT else "\n\n").join(filter(None, [le_sien, le_mien]))


def peut_se_reunir(nom: str) -> bool:
    """Un mois ou un choix n'ont qu'une valeur : on garde l'une ou l'autre."""
    return CHAMPS[nom].genre not in {GenreChamp.MOIS, GenreChamp.CHOIX}


def _dernieres(sauvegardes: QuerySet[Sauvegarde], champs: Iterable[str]) -> dict[str, Sauvegarde]:
    """La dernière de chaque champ."""
    if not (noms := list(champs)):
        return {}
    numeros = (
        sauvegardes.filter(champ__in=noms).order_by().values("champ").annotate(n=Max("pk")).values_list("n")
    )
    return {une.champ: une for une in Sauvegarde.objects.filter(pk__in=numeros).select_related("par")}


def _a_deja_ecrit(contribution: Contribution, nom: str, valeur: Valeur, *, par: Utilisateur) -> bool:
    siennes = contribution.sauvegardes.filter(champ=nom, par=par, est_ecartee=False)
    derniere = siennes.order_by("-pk").first()
    return derniere is not None and derniere.valeur == valeur


def _ecrire(
    contribution: Contribution,
    changees: Mapping[str, Valeur],
    dernieres: Mapping[str, Sauvegarde],
    *,
    par: Utilisateur,
    le: datetime,
) -> None:
    if not changees:
        return
    if not contribution.sauvegardes.filter(par=par, le__gte=le - PAUSE).exists():
        journaliser_les_seances(contribution, finies_avant=le - PAUSE)
    experience = contribution.experience
    depart = {nom: lire_champ(experience, nom) for nom in changees if nom not in contribution.depart}
    enregistrer(
        contribution,
        version_lue=contribution.version,
        contenu=contribution.contenu | changees,
        depart=contribution.depart | depart,
    )
    contribution.experience = experience  # relire la contribution l'oublie, et elle vient d'être lue
    for nom, valeur in changees.items():
        _garder(dernieres.get(nom), contribution, nom, valeur, par=par, le=le)


def _garder_a_part(
    contribution: Contribution, textes: Mapping[str, Valeur], *, par: Utilisateur, le: datetime
) -> None:
    ecartees = _dernieres(contribution.sauvegardes.filter(est_ecartee=True, par=par), textes)
    for nom, valeur in textes.items():
        _garder(ecartees.get(nom), contribution, nom, valeur, par=par, le=le, est_ecartee=True)


def _garder(
    derniere: Sauvegarde | None,
    contribution: Contribution,
    nom: str,
    valeur: Valeur,
    *,
    par: Utilisateur,
    le: datetime,
    est_ecartee: bool = False,
) -> None:
    """Complète la dernière sauvegarde quand c'en est la suite, sinon en commence une."""
    if derniere and derniere.par_id == par.pk and _est_la_suite(derniere, valeur, le):
        Sauvegarde.objects.filter(pk=derniere.pk).update(valeur=valeur, le=le)
        return
    Sauvegarde.objects.create(
        contribution=contribution,
        champ=nom,
        valeur=valeur,
        par=par,
        commencee_le=le,
        le=le,
        est_ecartee=est_ecartee,
    )


def _est_la_suite(derniere: Sauvegarde, valeur: Valeur, le: datetime) -> bool:
    avant = derniere.valeur
    perd_beaucoup = isinstance(avant, str) and len(avant) > max(LONGUEUR_A_GARDER, 2 * len(valeur))
    return le - derniere.commencee_le < TRANCHE and not perd_beaucoup


# --- Le journal -----------------------------------------------------------------------------------


def journaliser_les_seances(contribution: Contribution, *, finies_avant: datetime | None = None) -> None:
    """Une ligne par personne qui a écrit depuis sa dernière ligne : quels champs, de quoi à quoi.

    `finies_avant` : seulement les personnes qui n'ont plus rien écrit depuis. À appeler dans la transaction de l'acte.
    """
    dites = dict(
        LigneJournal.objects.filter(
            objet_type=type_objet(contribution), objet_id=contribution.pk, acte=ACTE_D_ECRITURE
        )
        .order_by()
        .values_list("acteur_id")
        .annotate(le=Max("fait_le"))
    )
    courantes = dict(contribution.depart)
    avant: dict[int, dict[str, Valeur]] = {}
    apres: dict[int, dict[str, Valeur]] = {}
    qui: dict[int, Utilisateur] = {}
    derniere_frappe: dict[int, datetime] = {}
    for une in contribution.sauvegardes.filter(est_ecartee=False).select_related("par").order_by("pk"):
        if une.par is not None and (une.par_id not in dites or une.le > dites[une.par_id]):
            qui[une.par.pk] = une.par
            derniere_frappe[une.par.pk] = max(une.le, derniere_frappe.get(une.par.pk, une.le))
            avant.setdefault(une.par.pk, {}).setdefault(une.champ, courantes.get(une.champ))
            apres.setdefault(une.par.pk, {})[une.champ] = une.valeur
        courantes[une.champ] = une.valeur
    for numero, personne in qui.items():
        if finies_avant and derniere_frappe[numero] >= finies_avant:
            continue
        libelles = ", ".join(f"« {CHAMPS[nom].libelle} »" for nom in CHAMPS if nom in apres[numero])
        journaliser(
            contribution,
            ACTE_D_ECRITURE,
            f"{personne.get_full_name()} a écrit {libelles}.",
            par=personne,
            avant=avant[numero],
            apres=apres[numero],
            structure_id=contribution.experience.structure_id,
        )
