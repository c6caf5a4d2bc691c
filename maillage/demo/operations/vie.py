"""Ce qui se passe dans le réseau de démonstration : des brouillons, une file à lire, ce que disent les lecteurs.

Tout passe par les actes des autres pièces. Seules les dates sont reculées ensuite : une file a un âge.
"""

from datetime import timedelta
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue.brouillon import valeurs
from maillage.catalogue.champs import CHAMPS, GenreChamp, Valeur
from maillage.catalogue.choices import GenreContribution
from maillage.catalogue.models import Contribution, Experience, Terme
from maillage.catalogue.operations.collections import (
    ajouter_a_la_collection,
    creer_collection,
    ecrire_collection,
)
from maillage.catalogue.operations.contributions import (
    commencer_fiche,
    reviser_experience,
    soumettre_contribution,
)
from maillage.catalogue.operations.examen import demander_precision
from maillage.catalogue.operations.lecteurs import dire_utile, proposer_correction
from maillage.catalogue.operations.sauvegardes import sauver_champs
from maillage.comptes.choices import Role
from maillage.comptes.models import Utilisateur
from maillage.core.contenus import Contenu
from maillage.core.ecriture import empreinte
from maillage.core.journal import type_objet
from maillage.core.models import Courrier, LigneJournal
from maillage.demo.donnees import lire
from maillage.moderation.choices import GenreCommentaire, MotifSignalement
from maillage.moderation.models import Commentaire, Decision, Demande, Signalement
from maillage.moderation.operations.commentaires import (
    deposer_commentaire,
    publier_commentaire,
    repondre_au_commentaire,
)
from maillage.moderation.operations.signalements import signaler
from maillage.territoire.models import Structure


def animer(structures: dict[str, Structure]) -> None:
    """À appeler quand les comptes sont ouverts et les fiches publiées."""
    fiches = {fiche.titre: fiche for fiche in Experience.objects.publiees().select_related("structure")}
    personnes = {personne.email: personne for personne in Utilisateur.objects.all()}
    lea = next(personne for personne in personnes.values() if Role.MODERATRICE in personne.roles)
    for ligne in lire("contributions"):
        _contribution(ligne, structures, fiches, personnes, lea)
    for ligne in lire("commentaires"):
        _commentaire(ligne, fiches[ligne["experience"]], personnes, lea)
    for ligne in lire("signalements"):
        _signalement(ligne, fiches[ligne["experience"]])
    for ligne in lire("utilites"):
        for lecteur in range(ligne["nombre"]):
            dire_utile(fiches[ligne["experience"]], f"demo{lecteur}")
    for ligne in lire("collections"):
        _collection(ligne, structures[ligne["structure"]], fiches, personnes[ligne["auteur"]])
    for decision in Decision.objects.select_related("demande"):
        le = min(decision.demande.deposee_le + timedelta(days=1), timezone.now())
        Decision.objects.filter(pk=decision.pk).update(le=le)
    Courrier.objects.all().delete()  # personne n'attend les messages d'une histoire inventée


def _contribution(
    ligne: dict[str, Any],
    structures: dict[str, Structure],
    fiches: dict[str, Experience],
    personnes: dict[str, Utilisateur],
    lea: Utilisateur,
) -> None:
    contenu = {nom: _valeur(nom, valeur) for nom, valeur in ligne["contenu"].items()}
    if ligne["genre"] == GenreContribution.CORRECTION:
        fiche = fiches[ligne["experience"]]
        _vieillir(
            proposer_correction(fiche, contenu, mot=ligne["mot"], nom=ligne["auteur_nom"], par=None), ligne
        )
        return
    auteur = personnes[ligne["auteur"]]
    if ligne["genre"] == GenreContribution.REVISION:
        contribution = reviser_experience(fiches[ligne["experience"]], par=auteur)
    else:
        contribution = commencer_fiche(structures[ligne["structure"]], par=auteur)
    lues = {nom: empreinte(valeur) for nom, valeur in valeurs(contribution).items()}
    contribution = sauver_champs(contribution, contenu, lues, par=auteur).contribution
    if ligne["etat"] != "en_ecriture":
        contribution = soumettre_contribution(contribution, par=auteur, mot=ligne["mot"])
        _vieillir(contribution, ligne)
    if ligne["etat"] == "a_reprendre":
        demander_precision(contribution, par=lea, motif=ligne["motif"])


def _valeur(nom: str, valeur: Valeur) -> Valeur:
    """Nos fiches nomment les termes par leur libellé ; une contribution les garde par leur slug."""
    champ = CHAMPS[nom]
    if champ.genre != GenreChamp.TERMES:
        return valeur
    slugs = dict(Terme.objects.filter(famille=champ.famille).values_list("libelle", "slug"))
    return [slugs[libelle] for libelle in valeur]


def _commentaire(
    ligne: dict[str, Any], fiche: Experience, personnes: dict[str, Utilisateur], lea: Utilisateur
) -> None:
    commentaire = deposer_commentaire(
        _contenu(fiche),
        genre=GenreCommentaire(ligne["genre"]),
        texte=ligne["texte"],
        signature=ligne["signature"],
        lieu=ligne.get("lieu", ""),
        resultat=ligne.get("resultat", ""),
        par=None,
    )
    _vieillir(commentaire, ligne)
    if ligne["etat"] == "publie":
        demande = Demande.objects.get(objet_type=type_objet(commentaire), objet_id=commentaire.pk)
        publier_commentaire(demande, commentaire, par=lea)
        Commentaire.objects.filter(pk=commentaire.pk).update(publie_le=_il_y_a(ligne))
    if ligne["reponse"]:
        repondre_au_commentaire(commentaire, ligne["reponse"], par=personnes[ligne["repondu_par"]])


def _signalement(ligne: dict[str, Any], fiche: Experience) -> None:
    motif = MotifSignalement(ligne["motif"])
    _vieillir(signaler(_contenu(fiche), motif=motif, texte=ligne["texte"], empreinte="demo", par=None), ligne)


def _collection(
    ligne: dict[str, Any], structure: Structure, fiches: dict[str, Experience], auteur: Utilisateur
) -> None:
    collection = creer_collection(ligne["titre"], structure=structure, par=auteur)
    notes = {}
    for element in ligne["elements"]:
        ajoute = ajouter_a_la_collection(collection, fiches[element["experience"]], par=auteur)
        notes[ajoute.pk] = element["note"]
    collection.refresh_from_db()
    ecrire_collection(
        collection,
        version_lue=collection.version,
        titre=ligne["titre"],
        note=ligne["note"],
        est_partagee=ligne["est_partagee"],
        structure=structure,
        notes=notes,
        par=auteur,
    )


def _contenu(fiche: Experience) -> Contenu:
    adresse = reverse("experience", args=[fiche.code, fiche.slug])
    return Contenu(fiche, "la fiche", fiche.titre, adresse, fiche.structure)


def _vieillir(objet: models.Model, ligne: dict[str, Any]) -> None:
    """L'objet et sa demande sont arrivés il y a tant de jours, et leur histoire le dit : elle aussi est inventée."""
    le = _il_y_a(ligne)
    LigneJournal.objects.filter(objet_type=type_objet(objet), objet_id=objet.pk).update(fait_le=le)
    if isinstance(objet, Contribution):
        Contribution.objects.filter(pk=objet.pk).update(soumise_le=le)
    elif isinstance(objet, Commentaire):
        Commentaire.objects.filter(pk=objet.pk).update(depose_le=le)
    elif isinstance(objet, Signalement):
        Signalement.objects.filter(pk=objet.pk).update(recu_le=le)
    Demande.objects.filter(objet_type=type_objet(objet), objet_id=objet.pk).update(deposee_le=le)


def _il_y_a(ligne: dict[str, Any]) -> Any:
    return timezone.now() - timedelta(days=ligne["il_y_a"], hours=3)
