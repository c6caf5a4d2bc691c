"""Ce que les lecteurs laissent : une utilité, une correction, un message au centre."""

from collections.abc import Mapping
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from maillage.catalogue.champs import Valeur, lire_champ
from maillage.catalogue.choices import EtatContribution, GenreContribution
from maillage.catalogue.models import Contribution, Experience, MessageRelaye, Utilite
from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import directrices_de
from maillage.core.anti_spam import drapeaux, texte_net
from maillage.core.changements import noter_changement
from maillage.core.courrier import poster
from maillage.core.journal import SYSTEME, journaliser
from maillage.moderation.choices import GenreDemande
from maillage.moderation.operations import deposer_demande
from maillage.territoire.models import Structure

CORRECTIONS_OUVERTES = 5
"""Par fiche. Au-delà, une modératrice a déjà de quoi faire : la file reste utilisable sous une rafale."""
MESSAGES_PAR_JOUR = 20
"""Par structure : au-delà, ce n'est plus de l'intérêt."""
ASSEZ_DE_DRAPEAUX = 2


# --- C'est utile ----------------------------------------------------------------------------------


@transaction.atomic
def dire_utile(experience: Experience, empreinte: str) -> None:
    """Une fois par jour et par personne ; sans effet la seconde fois. Sans journal : ce n'est qu'un nombre, et
    l'empreinte s'efface le lendemain."""
    _, est_nouvelle = Utilite.objects.get_or_create(
        experience=experience, empreinte=empreinte, jour=timezone.localdate()
    )
    if est_nouvelle:
        Experience.objects.filter(pk=experience.pk).update(nombre_utile=F("nombre_utile") + 1)


@transaction.atomic
def ne_plus_dire_utile(experience: Experience, empreinte: str) -> None:
    """Défait ce que cette personne vient de dire aujourd'hui."""
    siennes = Utilite.objects.filter(experience=experience, empreinte=empreinte, jour=timezone.localdate())
    if siennes.delete()[0]:
        Experience.objects.filter(pk=experience.pk, nombre_utile__gt=0).update(
            nombre_utile=F("nombre_utile") - 1
        )


# --- Proposer une correction ----------------------------------------------------------------------


@transaction.atomic
def proposer_correction(
    experience: Experience,
    valeurs: Mapping[str, Valeur],
    *,
    mot: str = "",
    nom: str = "",
    courriel: str = "",
    par: Utilisateur | None,
) -> Contribution:
    """Envoie à la modération ce qu'un lecteur propose d'écrire dans ces champs. La fiche ne change pas.

    Lève `ValidationError` si la même proposition attend déjà, ou si la fiche en a trop à lire.
    """
    ouvertes = Contribution.objects.soumises().filter(
        experience=experience, genre=GenreContribution.CORRECTION
    )
    if any(ouverte.contenu == valeurs for ouverte in ouvertes):
        raise ValidationError("Cette correction est déjà arrivée : une modératrice va la lire.")
    if par is None and len(ouvertes) >= CORRECTIONS_OUVERTES:
        raise ValidationError(
            "Cette fiche a déjà plusieurs corrections à lire. Gardez votre texte et revenez dans quelques jours."
        )
    contribution = Contribution.objects.create(
        experience=experience,
        genre=GenreContribution.CORRECTION,
        etat=EtatContribution.SOUMISE,
        contenu=dict(valeurs),
        depart={champ: lire_champ(experience, champ) for champ in valeurs},
        auteur=par,
        auteur_nom=nom,
        auteur_courriel=courriel,
        mot=texte_net(mot),
        soumise_le=timezone.now(),
    )
    journaliser(
        contribution,
        "proposer_correction",
        f"{par.get_full_name() if par else 'Un lecteur'} a proposé de corriger « {experience.titre} ».",
        par=par or SYSTEME,
        structure_id=experience.structure_id,
    )
    noter_changement(contribution, "proposer_correction")
    deposer_demande(
        contribution,
        genre=GenreDemande.CORRECTION,
        titre=f"Correction : {experience.titre}",
        structure=experience.structure,
        par=par,
    )
    return contribution


# --- Écrire au centre -----------------------------------------------------------------------------


def adresses_du_centre(structure: Structure) -> list[str]:
    """À qui passe le message : la direction, sinon l'adresse de la structure. Jamais montrées."""
    direction = [directrice.email for directrice in directrices_de(structure)]
    return direction or [adresse for adresse in (structure.courriel,) if adresse]


@transaction.atomic
def ecrire_au_centre(
    experience: Experience, *, titre: str, message: str, nom: str, courriel: str, veut_une_copie: bool
) -> None:
    """Passe un message, une personne à la fois ; la réponse ira droit au lecteur. Le texte n'est pas gardé.

    Lève `ValidationError` si le centre n'a pas d'adresse, a trop reçu aujourd'hui, ou si le texte a tout d'un envoi
    automatique.
    """
    destinataires = adresses_du_centre(experience.structure)
    if not destinataires:
        raise ValidationError("Ce centre n’a pas donné d’adresse où lui écrire.")
    message = texte_net(message)
    louche = drapeaux(message, nom)
    if len(louche) >= ASSEZ_DE_DRAPEAUX:
        raise ValidationError(
            "Ce message ressemble à un envoi automatique. Enlevez-en les liens, et écrivez en français."
        )
    depuis_hier = timezone.now() - timedelta(days=1)
    recents = MessageRelaye.objects.filter(experience__structure=experience.structure, le__gt=depuis_hier)
    if recents.count() >= MESSAGES_PAR_JOUR:
        raise ValidationError("Ce centre a déjà reçu beaucoup de messages aujourd’hui. Revenez demain.")
    relaye = MessageRelaye.objects.create(experience=experience)
    contexte = {
        "message": message,
        "nom": " ".join(nom.split()),
        "courriel": courriel,
        "titre": titre,
        "structure": experience.structure,
        "code": experience.code,
    }
    for destinataire in destinataires:
        poster(
            destinataire,
            f"Une question sur votre fiche « {titre} »",
            "catalogue/lecteurs/courriel_message.txt",
            contexte,
            objet=relaye,
            entetes={"Reply-To": courriel},
        )
    if veut_une_copie and not louche:
        poster(
            courriel,
            f"Copie de votre message à {experience.structure.nom}",
            "catalogue/lecteurs/courriel_copie.txt",
            contexte,
            objet=relaye,
        )
    journaliser(
        relaye,
        "ecrire_au_centre",
        f"Un lecteur a écrit à {experience.structure.nom} au sujet de « {experience.titre} ».",
        par=SYSTEME,
        structure_id=experience.structure_id,
    )
