"""Dire la décision : à l'auteur, avec la raison et comment la contester ; au centre, quand un lecteur le corrige.

Ces courriels attendent dix minutes : une décision défaite les reprend (`core.courrier.reprendre`).
"""

from collections.abc import Collection, Iterable

from maillage.catalogue.champs import CHAMPS
from maillage.catalogue.choices import GenreContribution
from maillage.catalogue.models import Contribution
from maillage.comptes.models import Appartenance
from maillage.core.courrier import poster
from maillage.moderation.choices import Geste
from maillage.moderation.models import DELAI_POUR_DEFAIRE, Decision

SUJETS = {
    Geste.ACCEPTER: "Votre fiche est publiée : {titre}",
    Geste.DEMANDER: "Une précision sur votre fiche : {titre}",
    Geste.REFUSER: "Votre fiche n’est pas publiée : {titre}",
}
SUJETS_DES_CHANGEMENTS = {
    Geste.ACCEPTER: "Vos changements sont en ligne : {titre}",
    Geste.DEMANDER: "Une précision sur vos changements : {titre}",
    Geste.REFUSER: "Vos changements ne sont pas publiés : {titre}",
}


def annoncer_decision(
    decision: Decision, contribution: Contribution, *, prises: Collection[str] = ()
) -> None:
    """Un courriel à chaque personne concernée. `prises` : les champs acceptés. Dans la transaction de l'acte."""
    laissees = [CHAMPS[nom].libelle for nom in CHAMPS if nom in contribution.contenu and nom not in prises]
    est_nouvelle = contribution.genre == GenreContribution.NOUVELLE
    sujets = SUJETS if est_nouvelle else SUJETS_DES_CHANGEMENTS
    experience = contribution.experience
    contexte = {
        "geste": decision.geste,
        "motif": decision.motif,
        "contribution": contribution,
        "fiche": experience,
        "titre": experience.titre or contribution.titre,
        "prises": [CHAMPS[nom].libelle for nom in prises],
        "laissees": laissees,
        "est_nouvelle": est_nouvelle,
        "est_correction": contribution.genre == GenreContribution.CORRECTION,
    }
    envois = [
        (courriel, nom, sujets[Geste(decision.geste)], "catalogue/courriels/decision.txt")
        for courriel, nom in _auteurs(contribution)
    ]
    if contexte["est_correction"] and decision.geste == Geste.ACCEPTER:
        gabarit = "catalogue/courriels/fiche_corrigee.txt"
        sujet = "Un lecteur a corrigé votre fiche : {titre}"
        envois += [(courriel, nom, sujet, gabarit) for courriel, nom in _direction(contribution)]
    for courriel, nom, sujet, gabarit in envois:
        poster(
            courriel,
            sujet.format(titre=contexte["titre"]),
            gabarit,
            contexte | {"nom": nom},
            objet=decision,
            dans=DELAI_POUR_DEFAIRE,
        )


def _auteurs(contribution: Contribution) -> Iterable[tuple[str, str]]:
    """Qui a écrit, compte ou lecteur. Un compte fermé ne reçoit plus rien ; un lecteur discret non plus."""
    if contribution.auteur is not None:
        return (
            [(contribution.auteur.email, contribution.auteur.prenom)] if contribution.auteur.is_active else []
        )
    return [(contribution.auteur_courriel, contribution.auteur_nom)] if contribution.auteur_courriel else []


def _direction(contribution: Contribution) -> Iterable[tuple[str, str]]:
    structure = contribution.experience.structure_id
    tenues = Appartenance.objects.de_direction().filter(structure=structure)
    return sorted(set(tenues.values_list("utilisateur__email", "utilisateur__prenom")))
