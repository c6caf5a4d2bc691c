"""Examiner une contribution : l'accepter champ par champ, demander une précision, refuser, et se raviser.

Chaque acte est une transaction : la demande est décidée, la fiche écrite, l'auteur prévenu, ou rien de tout cela.
L'auteur n'est prévenu que dix minutes après : jusque-là, `defaire_decision` remet tout comme avant.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from maillage.catalogue.champs import CHAMPS, lire_champ
from maillage.catalogue.choices import EtatContribution, EtatExperience, GenreContribution
from maillage.catalogue.models import Contribution, Experience, PointAVerifier, Sauvegarde
from maillage.catalogue.operations.annonces import annoncer_decision
from maillage.catalogue.operations.contenu import ecrire_contenu
from maillage.catalogue.operations.pieces import depublier_pieces, publier_pieces
from maillage.catalogue.presentation import MASQUES
from maillage.catalogue.propositions import donnees_nouvelles, propositions
from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.courrier import reprendre
from maillage.core.francais import compte
from maillage.core.journal import journaliser
from maillage.core.versions import ConflitDeVersion, enregistrer
from maillage.moderation.choices import Geste
from maillage.moderation.models import Decision, Demande
from maillage.moderation.operations import GesteImpossible, annuler_decision, decider

MASQUE_DE_NOM = "[nom masqué]"
_ETAT_APRES = {
    Geste.ACCEPTER: EtatContribution.ACCEPTEE,
    Geste.DEMANDER: EtatContribution.A_REPRENDRE,
    Geste.REFUSER: EtatContribution.REFUSEE,
}
_POINT = ("genre", "etat", "champ", "debut", "fin", "extrait", "proche_de_id")


@transaction.atomic
def accepter_contribution(
    contribution: Contribution,
    champs: Collection[str],
    *,
    par: Utilisateur,
    motif: str = "",
    pieces: Collection[int] | None = None,
    version_lue: int | None = None,
    version_de_la_fiche: int | None = None,
) -> Decision:
    """Écrit dans la fiche les champs pris, et eux seuls ; une fiche nouvelle est alors publiée.

    `motif` : pourquoi le reste n'est pas pris. `pieces` : numéros des pièces prises, sinon toutes. Les versions sont
    celles que la modératrice a lues. Lève `GesteImpossible`, ou `ConflitDeVersion` quand l'une a changé depuis.
    """
    experience = contribution.experience
    prises = [p for p in propositions(contribution) if p.nom in champs]
    _exiger_publiable(contribution, {p.nom for p in prises})
    avant = {"fiche": _etat_de(experience, [p.nom for p in prises])}
    decision = _decider(
        contribution, Geste.ACCEPTER, par=par, motif=motif, avant=avant, version_lue=version_lue
    )
    etat: dict[str, Any] = {}
    if contribution.genre == GenreContribution.NOUVELLE:
        etat = {"etat": EtatExperience.PUBLIEE, "publie_le": decision.le}
    version = experience.version if version_de_la_fiche is None else version_de_la_fiche
    ecrire_contenu(experience, {p.nom: p.proposee for p in prises}, version_lue=version, **etat)
    publiees = publier_pieces(contribution, par=par, numeros=pieces)
    if not prises and not publiees:
        raise GesteImpossible("Prenez au moins un changement ou une pièce, ou refusez avec la raison.")
    _noter(contribution, "accepter_contribution", _acceptation(contribution, len(prises)), par=par)
    annoncer_decision(decision, contribution, prises=[p.nom for p in prises])
    return decision


@transaction.atomic
def demander_precision(
    contribution: Contribution, *, par: Utilisateur, motif: str, version_lue: int | None = None
) -> Decision:
    """La rend à son auteur, avec une question. Un lecteur sans compte ne pourrait pas la reprendre."""
    if contribution.genre == GenreContribution.CORRECTION:
        raise GesteImpossible(
            "Un lecteur ne peut pas reprendre sa correction : acceptez-en une partie, ou refusez."
        )
    decision = _decider(contribution, Geste.DEMANDER, par=par, motif=motif, version_lue=version_lue)
    _noter(contribution, "demander_precision", "a demandé une précision sur « {titre} ».", par=par)
    annoncer_decision(decision, contribution)
    return decision


@transaction.atomic
def refuser_contribution(
    contribution: Contribution, *, par: Utilisateur, motif: str, version_lue: int | None = None
) -> Decision:
    """La refuse, avec la raison. La fiche en ligne ne change pas."""
    decision = _decider(contribution, Geste.REFUSER, par=par, motif=motif, version_lue=version_lue)
    _noter(contribution, "refuser_contribution", "a refusé ce qui était proposé pour « {titre} ».", par=par)
    annoncer_decision(decision, contribution)
    return decision


@transaction.atomic
def defaire_decision(decision: Decision, *, par: Utilisateur) -> Contribution:
    """Remet la contribution, la fiche et ses pièces exactement comme avant. Aucun courriel n'est parti.

    Lève `GesteImpossible` quand l'auteur est prévenu, ou quand quelque chose a suivi.
    """
    annuler_decision(decision, par=par)
    contribution = Contribution.objects.select_related("experience__structure").get(
        pk=decision.demande.objet_id
    )
    redactions = contribution.experience.contributions.redactions_en_cours().exclude(pk=contribution.pk)
    if contribution.genre != GenreContribution.CORRECTION and redactions.exists():
        raise GesteImpossible("Le centre a déjà repris l’écriture de cette fiche. La décision reste.")
    fiche = decision.avant.get("fiche")
    try:
        version_apres = decision.avant["version"] + 1
        enregistrer(contribution, version_lue=version_apres, etat=EtatContribution.SOUMISE, decidee_le=None)
        if fiche:
            _remettre(contribution.experience, fiche)
    except ConflitDeVersion as conflit:
        raise GesteImpossible("La fiche ou le texte a changé depuis cette décision. Elle reste.") from conflit
    if fiche:
        depublier_pieces(contribution, par=par)
    reprendre(decision)
    _noter(contribution, "defaire_decision", "a défait sa décision sur « {titre} ».", par=par)
    return contribution


@transaction.atomic
def masquer_donnees(
    contribution: Contribution, nom: str, *, par: Utilisateur, version_lue: int | None = None
) -> int:
    """Masque dans un champ proposé les données de personnes nouvelles ; rend leur nombre. Le texte envoyé est gardé."""
    avant: str = contribution.contenu[nom]
    texte = avant
    donnees = donnees_nouvelles(contribution.experience, nom, avant)
    for donnee in reversed(donnees):
        masque = MASQUES.get(donnee.genre, MASQUE_DE_NOM)
        texte = texte[: donnee.debut] + masque + texte[donnee.fin :]
    if donnees:
        Sauvegarde.objects.create(contribution=contribution, champ=nom, valeur=avant, par=par)
        _ecrire(contribution, nom, texte, version_lue=version_lue)
        phrase = f"a masqué {compte(len(donnees), 'donnée')} dans « {CHAMPS[nom].libelle} »."
        _noter(contribution, "masquer_donnees", phrase, par=par)
    return len(donnees)


@transaction.atomic
def demasquer_donnees(contribution: Contribution, nom: str, *, par: Utilisateur) -> None:
    """Rend au champ le texte d'avant le masque que cette personne y a mis. Sans effet si elle n'y a rien masqué."""
    gardee = contribution.sauvegardes.filter(champ=nom, par=par).first()
    if gardee and gardee.valeur != contribution.contenu.get(nom):
        _ecrire(contribution, nom, gardee.valeur, version_lue=None)
        _noter(contribution, "demasquer_donnees", f"a remis le texte de « {CHAMPS[nom].libelle} ».", par=par)


def _ecrire(contribution: Contribution, nom: str, valeur: Any, *, version_lue: int | None) -> None:
    enregistrer(
        contribution,
        version_lue=contribution.version if version_lue is None else version_lue,
        contenu={**contribution.contenu, nom: valeur},
    )


def _exiger_publiable(contribution: Contribution, pris: set[str]) -> None:
    experience = contribution.experience
    if contribution.genre == GenreContribution.NOUVELLE:
        if "titre" not in pris:
            raise GesteImpossible("Une fiche se publie avec son titre. Prenez-le, ou demandez une précision.")
    elif experience.etat != EtatExperience.PUBLIEE:
        raise GesteImpossible("Cette fiche n’est plus en ligne : il n’y a rien à y changer.")


def _decider(
    contribution: Contribution,
    geste: Geste,
    *,
    par: Utilisateur,
    motif: str,
    version_lue: int | None,
    avant: Mapping[str, Any] | None = None,
) -> Decision:
    """Décide la demande et la contribution ensemble. Lève `GesteImpossible` ou `ConflitDeVersion`."""
    demande = Demande.objects.sur(contribution).ouvertes().first()
    if demande is None or contribution.etat != EtatContribution.SOUMISE:
        raise GesteImpossible("Cette contribution n’attend plus la modération. Rien n’a été changé.")
    version = contribution.version if version_lue is None else version_lue
    decision = decider(demande, geste, par=par, motif=motif, avant={"version": version, **(avant or {})})
    enregistrer(contribution, version_lue=version, etat=_ETAT_APRES[geste], decidee_le=decision.le)
    return decision


def _etat_de(experience: Experience, champs: Collection[str]) -> dict[str, Any]:
    """De quoi remettre la fiche : les champs qui vont changer et ce que les écrire emporte."""
    points = experience.points.filter(champ__in=champs)
    return {
        "version": experience.version,
        "etat": experience.etat,
        "slug": experience.slug,
        "publie_le": experience.publie_le.isoformat() if experience.publie_le else None,
        "modifie_le": experience.modifie_le.isoformat(),
        "valeurs": {nom: lire_champ(experience, nom) for nom in champs},
        "points": list(points.order_by("pk").values(*_POINT)),
    }


def _remettre(experience: Experience, avant: Mapping[str, Any]) -> None:
    publie_le = datetime.fromisoformat(avant["publie_le"]) if avant["publie_le"] else None
    ecrire_contenu(
        experience,
        avant["valeurs"],
        version_lue=avant["version"] + 1,
        etat=avant["etat"],
        publie_le=publie_le,
    )
    # Ce que l'écriture recalcule ne se recalcule pas toujours pareil : un jugement, une adresse, une date.
    experience.points.filter(champ__in=avant["valeurs"]).delete()
    PointAVerifier.objects.bulk_create(
        PointAVerifier(experience=experience, **point) for point in avant["points"]
    )
    Experience.objects.filter(pk=experience.pk).update(
        slug=avant["slug"], modifie_le=datetime.fromisoformat(avant["modifie_le"])
    )
    experience.refresh_from_db()


def _acceptation(contribution: Contribution, prises: int) -> str:
    if contribution.genre == GenreContribution.NOUVELLE:
        return "a publié « {titre} »."
    return f"a accepté {compte(prises, 'changement')} dans « {{titre}} »."


def _noter(contribution: Contribution, acte: str, phrase: str, *, par: Utilisateur) -> None:
    """L'histoire de la fiche se lit sur la fiche ; l'index la suit."""
    experience = contribution.experience
    titre = experience.titre or contribution.titre
    journaliser(experience, acte, f"{par.get_full_name()} {phrase.replace('{titre}', titre)}", par=par)
    noter_changement(experience, acte)
    noter_changement(contribution, acte)
