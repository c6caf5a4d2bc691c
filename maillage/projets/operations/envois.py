"""Transmettre : figer un document, le numéroter, le garder tel qu'il est parti.

Envoyer le dossier dépose aussi ses demandes d'agrément, dans la même transaction.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse

from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import conseillers_de
from maillage.core import fichiers
from maillage.core.courrier import poster
from maillage.core.documents.description import Document
from maillage.core.documents.garde import empreinte_de, en_donnees
from maillage.core.documents.pdf import rendre_pdf
from maillage.core.ecriture import GesteRefuse
from maillage.projets.choices import EtatProjet, GenreEnvoi
from maillage.projets.models import DemandeDeComplements, Envoi, ProjetSocial
from maillage.projets.models.envois import PROJET_ENTIER
from maillage.projets.operations.agrements import retirer_envoi, soumettre_projet
from maillage.projets.operations.projets import noter, tenir

DOSSIER: str = "envois"


def envoyer(
    projet: ProjetSocial,
    document: Document,
    *,
    genre: GenreEnvoi,
    cle: str,
    par: Utilisateur,
    annee: int = PROJET_ENTIER,
    pieces: Sequence[dict[str, Any]] = (),
    vote_le: date | None = None,
    vote_par: str = "",
    mot: str = "",
) -> Envoi:
    """Fige ce document et le transmet sous le numéro suivant. Le même geste (`cle`) deux fois rend le même envoi.

    Le PDF se fait avant la transaction : il dure, et nul n'attend. Lève `GesteRefuse` quand rien n'a changé depuis
    la version d'avant, ou pour le bilan d'un projet encore en préparation.
    """
    if deja := _deja(projet, cle):
        return deja
    valeurs = _valeurs(cle, mot, par, vote_le, vote_par) | {"genre": genre, "annee": annee}
    with _pdf_de(document) as pdf, transaction.atomic():
        tenu = tenir(projet)
        if genre == GenreEnvoi.BILAN and tenu.etat == EtatProjet.PREPARATION:
            raise GesteRefuse("Ce projet se prépare encore. Envoyez d’abord son dossier à la Caf.")
        return pdf.garder(_figer(tenu, document, list(pieces), valeurs | pdf.champs))


def envoyer_le_dossier(
    projet: ProjetSocial,
    document: Document,
    *,
    cle: str,
    par: Utilisateur,
    types: Collection[str],
    regle_qui_vaut: str,
    deposee_le: date,
    pieces: Sequence[dict[str, Any]] = (),
    vote_le: date | None = None,
    vote_par: str = "",
    mot: str = "",
) -> Envoi:
    """Fige le dossier, dépose ses demandes et ferme le projet à l'écriture, en un seul acte.

    Lève `GesteRefuse` ou `ValidationError` : alors rien n'est parti, et rien n'a changé.
    """
    if deja := _deja(projet, cle):
        return deja
    valeurs = _valeurs(cle, mot, par, vote_le, vote_par) | {"genre": GenreEnvoi.DOSSIER}
    with _pdf_de(document) as pdf, transaction.atomic():
        tenu = tenir(projet)
        if deja := _deja(tenu, cle):
            return deja
        envoi = pdf.garder(_figer(tenu, document, list(pieces), valeurs | pdf.champs))
        complements = DemandeDeComplements.objects.filter(
            envoi__projet=tenu, envoi__retire_le=None, reponse=None, retiree_le=None
        )
        complements.update(reponse=envoi)
        soumettre_projet(
            tenu,
            types=types,
            regle_qui_vaut=regle_qui_vaut,
            deposee_le=deposee_le,
            envoi=envoi,
            par=par,
        )
    projet.refresh_from_db()
    return envoi


@transaction.atomic
def reprendre_envoi(envoi: Envoi, *, par: Utilisateur) -> None:
    """Reprend un bilan ou une évaluation que la Caf n'a pas encore reçu. Lève `GesteRefuse`."""
    tenu = tenir(envoi.projet)
    if envoi.genre == GenreEnvoi.DOSSIER:
        raise GesteRefuse("Un dossier se reprend en revenant à l’état d’avant, dans l’onglet Agrément.")
    retirer_envoi(envoi)
    noter(tenu, "reprendre_envoi", f"{par.get_full_name()} a repris : {envoi}.", par=par)
    envoi.refresh_from_db()


# --- Communs ----------------------------------------------------------------------------------------


def _deja(projet: ProjetSocial, cle: str) -> Envoi | None:
    return Envoi.objects.filter(cle=cle, projet=projet).first()


def _valeurs(cle: str, mot: str, par: Utilisateur, vote_le: date | None, vote_par: str) -> dict[str, Any]:
    return {
        "cle": cle,
        "mot": mot.strip(),
        "envoye_par": par,
        "vote_le": vote_le,
        "vote_par": " ".join(vote_par.split()),
    }


class _Pdf:
    """Le fichier écrit avant la transaction : gardé par l'envoi qui le nomme, effacé s'il n'y en a pas."""

    def __init__(self, octets: bytes) -> None:
        self.chemin = fichiers.ranger(DOSSIER, "pdf", octets)
        self.champs = {"pdf": self.chemin, "empreinte_pdf": fichiers.empreinte(octets)}
        self.est_garde = False

    def garder(self, envoi: Envoi) -> Envoi:
        self.est_garde = envoi.pdf == self.chemin
        return envoi


@contextmanager
def _pdf_de(document: Document) -> Iterator[_Pdf]:
    pdf = _Pdf(rendre_pdf(document))
    try:
        yield pdf
    except BaseException:
        pdf.est_garde = False
        raise
    finally:
        if not pdf.est_garde:  # un refus, ou un double clic : l'autre demande a envoyé la première
            fichiers.effacer(pdf.chemin)


def _sans_jour(contenu: dict[str, Any]) -> dict[str, Any]:
    """Ce qu'il dit, hors le jour où il est fait : le lendemain, la même chose reste la même."""
    return {champ: valeur for champ, valeur in contenu.items() if champ not in {"date", "mentions"}}


def _figer(
    tenu: ProjetSocial, document: Document, pieces: list[dict[str, Any]], valeurs: dict[str, Any]
) -> Envoi:
    """Dans la transaction de l'acte, le projet tenu. Le même geste (`cle`) rend le même envoi."""
    if deja := _deja(tenu, valeurs["cle"]):
        return deja
    contenu = en_donnees(document)
    empreinte = empreinte_de({"contenu": contenu, "pieces": pieces})
    versions = tenu.envois.filter(genre=valeurs["genre"], annee=valeurs.get("annee", PROJET_ENTIER))
    derniere = versions.order_by("-numero").first()
    avant = versions.filter(retire_le=None).order_by("-numero").first()
    if avant is not None and avant.pieces == pieces and _sans_jour(avant.contenu) == _sans_jour(contenu):
        raise GesteRefuse(f"Rien n’a changé depuis la version {avant.numero}. Elle est déjà transmise.")
    envoi = Envoi.objects.create(
        projet=tenu,
        contenu=contenu,
        pieces=pieces,
        empreinte=empreinte,
        numero=derniere.numero + 1 if derniere else 1,
        **valeurs,
    )
    par: Utilisateur = valeurs["envoye_par"]
    phrase = f"{par.get_full_name()} a transmis : {envoi}."
    noter(tenu, "envoyer", phrase, par=par, apres={"envoi": envoi.pk, "empreinte": empreinte})
    for conseiller in conseillers_de(tenu.structure):
        poster(
            conseiller.email,
            f"Reçu de {tenu.structure.nom} : {envoi}",
            "projets/courriels/envoi_recu.txt",
            {"prenom": conseiller.prenom, "envoi": envoi, "adresse": reverse("dossier_recu", args=[tenu.pk])},
            objet=envoi,
        )
    return envoi
