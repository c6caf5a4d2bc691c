"""Ce que les centres de la démonstration ont transmis à leur Caf, et ce qu'elle en a dit.

Les projets ont déjà leur histoire (`projets`) ; ici, on reprend leurs pas avec la Caf, et on les refait avec ce qui
est transmis : le document figé, les compléments, l'avis, la lettre. À appeler en dernier, quand le projet est entier.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from django.db.models import Max

from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance, Utilisateur
from maillage.core.documents.description import Document
from maillage.core.ecriture import empreinte
from maillage.core.francais import date_longue
from maillage.core.models import Courrier, LigneJournal
from maillage.demo.donnees import lire_objet
from maillage.demo.operations.fiches import matin
from maillage.projets.choices import EtatProjet, GenreEnvoi
from maillage.projets.dossiers_recus import criteres_de
from maillage.projets.exportation.bilan import bilan_annuel
from maillage.projets.exportation.dossier import document_du_dossier
from maillage.projets.exportation.lettre import document_de_la_lettre
from maillage.projets.models import (
    Avis,
    Chapitre,
    DemandeAgrement,
    DemandeDeComplements,
    Envoi,
    Lettre,
    Partage,
    PointACompleter,
    ProjetSocial,
)
from maillage.projets.operations.agrements import ACTES_DU_CYCLE, commencer_projet, revenir_a_l_etat_d_avant
from maillage.projets.operations.chapitres import ajouter_chapitre, ecrire_chapitre
from maillage.projets.operations.envois import envoyer, envoyer_le_dossier
from maillage.projets.operations.instruction import (
    Reponse,
    accuser_reception,
    annoter,
    decider,
    demander_des_complements,
    rendre_avis,
    repondre_au_point,
)
from maillage.projets.operations.partages import partager
from maillage.projets.operations.pieces import pieces_a_envoyer
from maillage.projets.suivi import lire_suivi
from maillage.territoire.models import Institution, Structure

Donnees = Mapping[str, Any]


def transmettre_les_dossiers(structures: Mapping[str, Structure]) -> None:
    denis = _conseiller("Caf de l’Isère")
    entier = ProjetSocial.objects.filter(structure=structures["deux-ponts"], etat=EtatProjet.EN_COURS).first()
    if entier is not None:
        _instruire(entier, lire_objet("envois_deux_ponts"), denis)
    for soumis in ProjetSocial.objects.filter(structure=structures["lavandieres"], etat=EtatProjet.SOUMIS):
        _deposer(soumis)
    Courrier.objects.all().delete()  # une histoire inventée n'écrit à personne


def _conseiller(caf: str) -> Utilisateur:
    tenues = Appartenance.objects.en_cours().select_related("utilisateur")
    return tenues.get(institution__nom=caf, role=Role.CONSEILLER_CAF).utilisateur


def _direction(projet: ProjetSocial) -> Utilisateur:
    tenues = Appartenance.objects.en_cours().select_related("utilisateur")
    direction = tenues.filter(structure=projet.structure, role=Role.DIRECTRICE).first()
    return (direction or tenues.get(role=Role.ADMINISTRATRICE)).utilisateur


def _deposer(projet: ProjetSocial) -> None:
    """Un dossier que la Caf n'a pas encore ouvert."""
    par = _direction(projet)
    demandes = list(projet.demandes.order_by("pk"))
    types, regle, depot = [un.type for un in demandes], demandes[0].regle, demandes[0].deposee_le
    with _le(depot):
        _rembobiner(projet, par)
        envoi = envoyer_le_dossier(
            projet,
            _du_jour(document_du_dossier(projet), depot),
            cle=uuid4().hex,
            types=types,
            regle_qui_vaut=regle,
            deposee_le=depot,
            pieces=pieces_a_envoyer(projet),
            vote_le=depot,
            vote_par="Conseil municipal",
            par=par,
        )
    _dater(envoi, envoye_le=depot)


def _instruire(projet: ProjetSocial, donnees: Donnees, denis: Utilisateur) -> None:
    """Version 1, compléments, version 2, avis, décision, bilans : quatre ans avec sa Caf."""
    amina = _direction(projet)
    demandes = list(projet.demandes.order_by("pk"))
    regle, decidee_le = demandes[0].regle, demandes[0].decidee_le
    types = [demande.type for demande in demandes]
    premiere, seconde = donnees["versions"]
    with _le(_jour(premiere["le"])):
        _rembobiner(projet, amina)

    def envoyer_une_version(version: Donnees) -> Envoi:
        jour = _jour(version["le"])
        with _le(jour):
            envoi = envoyer_le_dossier(
                projet,
                _du_jour(document_du_dossier(projet), jour),
                cle=uuid4().hex,
                types=types,
                regle_qui_vaut=regle,
                deposee_le=jour,
                pieces=pieces_a_envoyer(projet),
                vote_le=_jour(donnees["vote"]["le"]),
                vote_par=donnees["vote"]["par"],
                mot=version["mot"],
                par=amina,
            )
        return _recevoir(envoi, version, denis)

    v1 = envoyer_une_version(premiere)
    _demander(projet, v1, donnees, amina, denis)
    v2 = envoyer_une_version(seconde)
    _rendre_l_avis(projet, v2, donnees["avis"], denis)
    if decidee_le is not None:
        _decider(projet, v2, donnees["decision"], decidee_le, denis)
    with _le(projet.du):
        commencer_projet(projet, par=amina)
    for bilan in donnees["bilans"]:
        _transmettre_un_bilan(projet, bilan, amina, denis)
    _partager(projet, v2, donnees["partage"], amina)


def _demander(
    projet: ProjetSocial, v1: Envoi, donnees: Donnees, amina: Utilisateur, denis: Utilisateur
) -> None:
    dite = donnees["complements"]
    jour, depart = _jour(dite["le"]), _jour(donnees["versions"][1]["le"])
    with _le(jour):
        for mot in donnees["annotations"]:
            annotation = annoter(v1, mot["texte"], portee=mot["portee"], par=denis)
            _dater(annotation, ecrite_le=jour)
        demande = demander_des_complements(
            v1, [point["texte"] for point in dite["points"]], mot=dite["mot"], par=denis
        )
    DemandeDeComplements.objects.filter(pk=demande.pk).update(
        demandee_le=matin(jour), delai=_jour(dite["delai"])
    )
    projet.refresh_from_db()
    with _le(depart):
        _ajouter_un_chapitre(projet, donnees["chapitre"], amina)
        _completer(projet, donnees["complete"], amina)
        for point, dit in zip(demande.points.order_by("rang"), dite["points"], strict=True):
            repondre_au_point(point, dit["reponse"], version_lue=point.version, par=amina)
    PointACompleter.objects.filter(demande=demande).update(repondu_le=matin(depart))


def _ajouter_un_chapitre(projet: ProjetSocial, dit: Donnees, amina: Utilisateur) -> None:
    chapitre = ajouter_chapitre(
        projet, titre=dit["titre"], apres=dit["apres"], niveau=dit["niveau"], par=amina
    )
    _ecrire(chapitre, dit["texte"], amina)


def _completer(projet: ProjetSocial, dit: Donnees, amina: Utilisateur) -> None:
    """Une phrase de plus à la fin d'un chapitre."""
    chapitre = projet.chapitres.filter(titre=dit["titre"]).first()
    if chapitre is not None:
        _ecrire(chapitre, f"{chapitre.texte} {dit['phrase']}".strip(), amina)


def _ecrire(chapitre: Chapitre, texte: str, amina: Utilisateur) -> None:
    lus = {"texte": empreinte(chapitre.texte)}
    ecrire_chapitre(chapitre.projet, str(chapitre.pk), {"texte": texte}, lus, par=amina)


def _rendre_l_avis(projet: ProjetSocial, v2: Envoi, dit: Donnees, denis: Utilisateur) -> None:
    jour = _jour(dit["le"])
    criteres = [
        {"cle": critere.cle, "texte": critere.texte, "appreciation": "satisfait", "mot": ""}
        for critere in criteres_de(projet)
    ]
    with _le(jour):
        avis = rendre_avis(
            v2,
            sens=dit["sens"],
            motif=dit["motif"],
            criteres=criteres,
            est_montre=True,
            version_lue=0,
            par=denis,
        )
    Avis.objects.filter(pk=avis.pk).update(rendu_le=matin(jour))


def _decider(projet: ProjetSocial, v2: Envoi, dite: Donnees, jour: date, denis: Utilisateur) -> None:
    def rediger(lettre: Lettre) -> Document:
        lettre.ecrite_le = matin(jour)
        return document_de_la_lettre(lettre)

    with _le(jour):
        lettre = decider(
            v2,
            [
                Reponse(demande, est_accordee=True, du=projet.du, au=projet.au)
                for demande in projet.demandes.filter(etat="deposee").order_by("pk")
            ],
            decidee_le=jour,
            institution=Institution.objects.get(nom="Caf de l’Isère"),
            redaction=rediger,
            commission=dite["commission"],
            mot=dite["mot"],
            par=denis,
        )
    _dater(lettre, ecrite_le=jour)
    projet.refresh_from_db()


def _transmettre_un_bilan(
    projet: ProjetSocial, bilan: Donnees, amina: Utilisateur, denis: Utilisateur
) -> None:
    jour = _jour(bilan["le"])
    document = bilan_annuel(lire_suivi(projet, bilan["annee"], est_dehors=True))
    with _le(jour):
        envoi = envoyer(
            projet,
            _du_jour(document, jour),
            genre=GenreEnvoi.BILAN,
            annee=bilan["annee"],
            cle=uuid4().hex,
            mot=bilan["mot"],
            par=amina,
        )
    _recevoir(envoi, bilan, denis)


def _partager(projet: ProjetSocial, envoi: Envoi, dit: Donnees, amina: Utilisateur) -> None:
    jour = _jour(dit["le"])
    with _le(jour):
        partager(projet, [envoi], Institution.objects.get(nom=dit["institution"]), par=amina)
    Partage.objects.filter(envoi=envoi).update(ouvert_le=matin(jour))


# --- Le temps d'une histoire inventée --------------------------------------------------------------------


def _rembobiner(projet: ProjetSocial, par: Utilisateur) -> None:
    """Revient au jour d'avant le dépôt ; le journal oublie ces pas, qui vont être refaits."""
    while projet.etat != EtatProjet.PREPARATION:
        revenir_a_l_etat_d_avant(projet, par=par)
    DemandeAgrement.objects.filter(projet=projet).delete()
    pas = LigneJournal.objects.filter(objet_type="projets.projetsocial", objet_id=projet.pk)
    pas.filter(acte__in=ACTES_DU_CYCLE).delete()


class _le:
    """Ce qui s'écrit ici s'est passé ce jour-là."""

    def __init__(self, jour: date) -> None:
        self.jour = jour

    def __enter__(self) -> None:
        self.derniere = LigneJournal.objects.aggregate(derniere=Max("pk"))["derniere"] or 0

    def __exit__(self, *faute: object) -> None:
        if faute[0] is None:
            LigneJournal.objects.filter(pk__gt=self.derniere).update(fait_le=matin(self.jour))


def _recevoir(envoi: Envoi, dit: Donnees, denis: Utilisateur) -> Envoi:
    _dater(envoi, envoye_le=_jour(dit["le"]))
    if recu_le := dit.get("recu_le"):
        with _le(_jour(recu_le)):
            accuser_reception(envoi, par=denis)
        _dater(envoi, recu_le=_jour(recu_le))
    envoi.refresh_from_db()
    return envoi


def _dater(objet: Any, **jours: date) -> None:
    type(objet)._default_manager.filter(pk=objet.pk).update(
        **{champ: matin(jour) for champ, jour in jours.items()}
    )


def _du_jour(document: Document, jour: date) -> Document:
    """Daté de ce jour-là, et non de celui du chargement."""
    return replace(document, date=jour, mentions=(f"Document figé le {date_longue(jour)}.",))


_jour: Callable[[str], date] = date.fromisoformat
