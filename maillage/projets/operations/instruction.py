"""Ce que la Caf fait d'un envoi : le recevoir, l'annoter, demander des compléments, dire son avis, décider.

Les pas qui changent l'état du projet sont ceux d'`agrements` : une seule règle, que la Caf les fasse ici ou que le
centre note ce qu'elle a répondu ailleurs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import directrices_de
from maillage.core.courrier import poster, reprendre
from maillage.core.documents.description import Document
from maillage.core.documents.garde import empreinte_de, en_donnees
from maillage.core.ecriture import GesteRefuse
from maillage.core.versions import enregistrer
from maillage.projets.choices import EtatDemandeAgrement, GenreEnvoi, PorteeAnnotation
from maillage.projets.models import (
    Annotation,
    Avis,
    DemandeAgrement,
    DemandeDeComplements,
    Envoi,
    Lettre,
    PointACompleter,
    ProjetSocial,
)
from maillage.projets.operations.agrements import (
    dernier_pas,
    noter_la_decision,
    noter_une_demande_de_la_caf,
    revenir_a_l_etat_d_avant,
)
from maillage.projets.operations.projets import noter, tenir
from maillage.territoire.models import Institution


@dataclass(frozen=True, slots=True)
class Reponse:
    """Ce que la Caf répond à une demande. `du` et `au` : seulement si elle est accordée."""

    demande: DemandeAgrement
    est_accordee: bool
    du: date | None = None
    au: date | None = None
    motif: str = ""


# --- Recevoir, annoter ------------------------------------------------------------------------------


@transaction.atomic
def accuser_reception(envoi: Envoi, *, par: Utilisateur) -> None:
    """La Caf dit qu'elle l'a : le centre ne le reprend plus. Le dire deux fois ne change rien."""
    projet = tenir(envoi.projet)
    _recevoir(projet, envoi, par)
    envoi.refresh_from_db()


@transaction.atomic
def annoter(
    envoi: Envoi, texte: str, *, portee: str, ancre: str = "", section: str = "", par: Utilisateur
) -> Annotation:
    """Un mot sur une section, ou sur l'envoi entier. Adressé au centre, il est dit reçu. Le même, dit deux fois, n'en
    fait qu'un."""
    projet = tenir(envoi.projet)
    _recevoir(projet, envoi, par)
    dite = {"texte": texte.strip(), "portee": portee, "ancre": ancre, "ecrite_par": par}
    if deja := envoi.annotations.filter(**dite).first():
        return deja
    annotation = Annotation.objects.create(envoi=envoi, section=section, **dite)
    if portee == PorteeAnnotation.CENTRE:
        ou = f", « {section} »" if section else ""
        phrase = f"{par.get_full_name()} a laissé un mot au centre sur : {envoi}{ou}."
        noter(projet, "annoter", phrase, par=par)
    return annotation


@transaction.atomic
def retirer_annotation(annotation: Annotation, *, par: Utilisateur) -> None:
    """Qui l'a écrite l'efface. Lève `GesteRefuse`."""
    if annotation.ecrite_par_id != par.pk:
        raise GesteRefuse("Seule la personne qui l’a écrite retire une annotation.")
    projet = tenir(annotation.envoi.projet)
    if annotation.portee == PorteeAnnotation.CENTRE:
        phrase = f"{par.get_full_name()} a retiré un mot laissé au centre sur : {annotation.envoi}."
        noter(projet, "retirer_annotation", phrase, par=par, avant={"texte": annotation.texte})
    Annotation.objects.filter(pk=annotation.pk).delete()


# --- Les compléments --------------------------------------------------------------------------------


@transaction.atomic
def demander_des_complements(
    envoi: Envoi, points: Sequence[str], *, mot: str = "", delai: date | None = None, par: Utilisateur
) -> DemandeDeComplements:
    """Le projet se rouvre à l'écriture ; le centre lit chaque point et y répond. Lève `GesteRefuse`."""
    projet = tenir(envoi.projet)
    _exiger_le_dernier(projet, envoi)
    dits = [" ".join(point.split()) for point in points if point.strip()]
    if not dits:
        raise ValidationError({"points": "Écrivez au moins un point à compléter."})
    if delai is not None and delai < timezone.localdate():
        raise ValidationError({"delai": "Ce jour est passé. Donnez au centre le temps de répondre."})
    _recevoir(projet, envoi, par)
    demande = DemandeDeComplements.objects.create(envoi=envoi, mot=mot.strip(), delai=delai, demandee_par=par)
    PointACompleter.objects.bulk_create(
        PointACompleter(demande=demande, rang=rang, texte=texte) for rang, texte in enumerate(dits, start=1)
    )
    noter_une_demande_de_la_caf(projet, mot=" ; ".join(dits), complements=demande, par=par)
    _ecrire_au_centre(projet, "La Caf demande des compléments", "complements", demande, {"demande": demande})
    return demande


def reprendre_les_complements(demande: DemandeDeComplements, *, par: Utilisateur) -> None:
    """La Caf s'est trompée : le projet redevient soumis, tant que le centre n'a pas répondu. Lève `GesteRefuse`."""
    projet = demande.envoi.projet
    pas = dernier_pas(projet)
    if pas is None or (pas.apres or {}).get("complements") != demande.pk:
        raise GesteRefuse("Le dossier a avancé depuis. La demande ne se reprend plus.")
    revenir_a_l_etat_d_avant(projet, par=par)
    demande.refresh_from_db()


@transaction.atomic
def repondre_au_point(point: PointACompleter, reponse: str, *, version_lue: int, par: Utilisateur) -> None:
    """Le centre dit ce qu'il a fait de ce point. Vide, le point attend de nouveau. Lève `ConflitDeVersion`."""
    demande = point.demande
    projet = tenir(demande.envoi.projet)
    if not DemandeDeComplements.objects.get(pk=demande.pk).est_ouverte:
        raise GesteRefuse("Cette demande est close : la version suivante est partie.")
    texte = reponse.strip()
    enregistrer(
        point,
        version_lue=version_lue,
        reponse=texte,
        repondu_le=timezone.now() if texte else None,
        repondu_par=par if texte else None,
    )
    phrase = f"{par.get_full_name()} a répondu au point {point.rang} demandé par la Caf."
    noter(projet, "repondre_au_point", phrase, par=par)


# --- L'avis, la décision ----------------------------------------------------------------------------


@transaction.atomic
def rendre_avis(
    envoi: Envoi,
    *,
    sens: str,
    motif: str,
    criteres: Sequence[dict[str, str]],
    est_montre: bool,
    version_lue: int,
    par: Utilisateur,
) -> Avis:
    """L'avis technique, critère par critère. `version_lue` : 0 s'il n'y en avait pas. Lève `ConflitDeVersion`."""
    projet = tenir(envoi.projet)
    if envoi.genre != GenreEnvoi.DOSSIER:
        raise GesteRefuse("L’avis se rend sur un dossier d’agrément.")
    _recevoir(projet, envoi, par)
    valeurs: dict[str, Any] = {
        "sens": sens,
        "motif": motif.strip(),
        "criteres": list(criteres),
        "est_montre": est_montre,
        "rendu_par": par,
    }
    avis, est_neuf = Avis.objects.get_or_create(envoi=envoi, defaults=valeurs)
    if not est_neuf:
        enregistrer(avis, version_lue=version_lue, **valeurs, rendu_le=timezone.now())
    if est_montre:
        phrase = f"{par.get_full_name()} a rendu un avis {avis.get_sens_display().lower()} sur : {envoi}."
        noter(projet, "rendre_avis", phrase, par=par)
    return avis


@transaction.atomic
def decider(
    envoi: Envoi,
    reponses: Sequence[Reponse],
    *,
    decidee_le: date,
    institution: Institution,
    redaction: Callable[[Lettre], Document],
    commission: str = "",
    mot: str = "",
    par: Utilisateur,
) -> Lettre:
    """Répond à ces demandes d'un coup, et fige la lettre qui le dit. Lève `GesteRefuse` ou `ValidationError`."""
    projet = tenir(envoi.projet)
    _exiger_le_dernier(projet, envoi)
    if not reponses:
        raise ValidationError("Répondez au moins à une demande.")
    _recevoir(projet, envoi, par)
    for reponse in reponses:
        noter_la_decision(
            reponse.demande,
            est_accordee=reponse.est_accordee,
            decidee_le=decidee_le,
            du=reponse.du,
            au=reponse.au,
            motif=reponse.motif,
            commission=commission,
            par=par,
        )
    annee = decidee_le.year
    institution = Institution.objects.select_for_update().get(
        pk=institution.pk
    )  # une seule numérote à la fois
    dernier = Lettre.objects.filter(institution=institution, annee=annee).aggregate(n=Max("numero"))["n"]
    lettre = Lettre.objects.create(
        projet=projet,
        envoi=envoi,
        institution=institution,
        annee=annee,
        numero=(dernier or 0) + 1,
        decidee_le=decidee_le,
        commission=" ".join(commission.split()),
        mot=mot.strip(),
        ecrite_par=par,
    )
    lettre.demandes.set([reponse.demande for reponse in reponses])
    lettre.contenu = en_donnees(redaction(lettre))
    lettre.empreinte = empreinte_de(lettre.contenu)
    lettre.save(update_fields=["contenu", "empreinte"])
    phrase = f"{par.get_full_name()} a écrit la lettre n° {lettre.reference}."
    noter(projet, "decider", phrase, par=par, apres={"lettre": lettre.pk, "empreinte": lettre.empreinte})
    _ecrire_au_centre(projet, "La Caf a répondu à votre demande", "decision", lettre, {"lettre": lettre})
    return lettre


@transaction.atomic
def revenir_sur_la_decision(lettre: Lettre, *, par: Utilisateur) -> None:
    """La Caf s'est trompée : réponses, agréments et lettre sont annulés. Lève `GesteRefuse` si le projet a avancé."""
    projet = tenir(lettre.projet)
    tenue = Lettre.objects.get(pk=lettre.pk)
    if tenue.annulee_le is not None:
        raise GesteRefuse("Cette lettre est déjà annulée.")
    restent = set(tenue.demandes.order_by("pk").values_list("pk", flat=True))
    while restent:
        pas = dernier_pas(projet)
        if pas is None or pas.acte != "noter_la_decision" or not restent & set((pas.apres or {})["demandes"]):
            raise GesteRefuse("Le projet a avancé depuis cette décision : elle ne s’annule plus.")
        revenir_a_l_etat_d_avant(projet, par=par)
        restent -= set((pas.apres or {})["demandes"])
    tenue.annulee_le = timezone.now()
    tenue.save(update_fields=["annulee_le"])
    reprendre(tenue)
    noter(
        projet, "annuler_lettre", f"{par.get_full_name()} a annulé la lettre n° {tenue.reference}.", par=par
    )
    lettre.refresh_from_db()


# --- Communs ----------------------------------------------------------------------------------------


def _recevoir(projet: ProjetSocial, envoi: Envoi, par: Utilisateur) -> None:
    tenu = Envoi.objects.select_for_update().get(pk=envoi.pk)
    if tenu.retire_le is not None:
        raise GesteRefuse("Le centre a repris cet envoi.")
    if tenu.recu_le is None:
        tenu.recu_le, tenu.recu_par = timezone.now(), par
        tenu.save(update_fields=["recu_le", "recu_par"])
        noter(projet, "accuser_reception", f"{par.get_full_name()} a accusé réception : {envoi}.", par=par)


def _exiger_le_dernier(projet: ProjetSocial, envoi: Envoi) -> None:
    """On répond à la dernière version du dossier, jamais à une ancienne."""
    dernier = projet.envois.filter(genre=GenreEnvoi.DOSSIER, retire_le=None).order_by("-numero").first()
    if dernier is None or dernier.pk != envoi.pk:
        raise GesteRefuse("Une version plus récente est arrivée. Relisez-la avant de répondre.")


def lettre_a_annuler(projet: ProjetSocial) -> int | None:
    """Le numéro de celle dont la décision est le dernier pas du projet ; les autres ne s'annulent plus."""
    pas = dernier_pas(projet)
    if pas is None or pas.acte != "noter_la_decision":
        return None
    siennes = projet.lettres.filter(annulee_le=None, demandes__in=(pas.apres or {})["demandes"])
    return siennes.order_by("-pk").values_list("pk", flat=True).first()


def demandes_en_attente(projet: ProjetSocial) -> list[DemandeAgrement]:
    return list(projet.demandes.filter(etat=EtatDemandeAgrement.DEPOSEE).order_by("type", "pk"))


def _ecrire_au_centre(
    projet: ProjetSocial, sujet: str, gabarit: str, objet: Any, contexte: dict[str, Any]
) -> None:
    for directrice in directrices_de(projet.structure):
        poster(
            directrice.email,
            f"{sujet} : {projet.nom}",
            f"projets/courriels/{gabarit}.txt",
            contexte
            | {
                "prenom": directrice.prenom,
                "projet": projet,
                "adresse": reverse("agrement", args=[projet.pk]),
            },
            objet=objet,
        )
