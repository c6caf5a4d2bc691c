"""Effacer une personne : plus rien ne la nomme, les comptes ne bougent pas, une restauration ne la ramène pas."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from maillage.core import conservation
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import date_longue
from maillage.core.journal import SYSTEME, Acteur
from maillage.core.models import Courrier
from maillage.personnes.choices import (
    EtatDemandeDeDroits,
    EtatImportDePersonnes,
    EtatPersonne,
    GenreDemandeDeDroits,
)
from maillage.personnes.models import (
    DemandeDeDroits,
    Effacement,
    Foyer,
    FusionDePersonnes,
    ImportDePersonnes,
    PaireEcartee,
    Personne,
)
from maillage.personnes.noms import nom_cherche
from maillage.personnes.operations.droits import repondre_a_la_demande
from maillage.personnes.operations.imports import abandonner_import_de_personnes
from maillage.personnes.operations.personnes import noter

MEMOIRE: Final = "effacements.jsonl"
"""Hors de la base et des fichiers sauvegardés : une restauration n'y touche pas. Aucun nom, des empreintes à clé."""
SATISFAITES_PAR_L_EFFACEMENT: Final = {GenreDemandeDeDroits.EFFACEMENT, GenreDemandeDeDroits.OPPOSITION}


@transaction.atomic
def effacer_personne(personne: Personne, *, raison: str, par: Acteur) -> None:
    """Vide la fiche et celles qui lui ont été réunies. Sans retour. Lève `GesteRefuse` si elle l'est déjà."""
    tenue = Personne.objects.select_for_update().get(pk=personne.pk)
    if tenue.etat == EtatPersonne.EFFACEE:
        raise GesteRefuse("Cette fiche est déjà effacée.")
    toutes = fiches_de(tenue)
    courriels = {une.courriel for une in toutes if une.courriel}
    for une in toutes:
        _garder_les_publics_partages(une)
        _garder_le_foyer_sans_le_nommer(une)
    familles = [(une.nom, list(Foyer.objects.filter(membres__personne=une))) for une in toutes]
    numeros = [une.pk for une in toutes]
    FusionDePersonnes.objects.filter(Q(gardee__in=numeros) | Q(absorbee__in=numeros)).delete()
    PaireEcartee.objects.filter(Q(une__in=numeros) | Q(autre__in=numeros)).delete()
    ouvertes = list(DemandeDeDroits.objects.filter(personne__in=numeros, etat=EtatDemandeDeDroits.RECUE))
    conservation.effacer(*numeros)
    _repondre_a_leurs_demandes(ouvertes, par=par)  # après : la réponse, qui ne nomme personne, reste
    Courrier.objects.filter(destinataire__in=courriels).delete()
    _renommer_les_foyers(familles)
    for depot in ImportDePersonnes.objects.filter(
        structure=tenue.structure_id, etat=EtatImportDePersonnes.DEPOSE
    ):
        abandonner_import_de_personnes(depot, par=par)  # le classeur attend encore : elle y est peut-être
    for une in toutes:
        trace = Effacement.objects.create(
            structure_id=une.structure_id,
            personne_id_efface=une.pk,
            empreinte=_empreinte(une),
            raison=raison[:40],
        )
        noter(une, "effacer_personne", f"{par.get_full_name()} a effacé une personne du registre.", par=par)
        transaction.on_commit(lambda trace=trace: _retenir([trace]))  # type: ignore[misc]
    personne.refresh_from_db()


def _repondre_a_leurs_demandes(ouvertes: list[DemandeDeDroits], *, par: Acteur) -> None:
    """Sans personne au bout, aucune page ne permettrait plus d'y répondre. Voir, corriger, geler ne se peut plus."""
    for demande in ouvertes:
        jour = date_longue(timezone.localdate(timezone=demande.structure.fuseau))
        faite = demande.genre in SATISFAITES_PAR_L_EFFACEMENT
        etat = EtatDemandeDeDroits.SATISFAITE if faite else EtatDemandeDeDroits.REJETEE
        reponse = f"La fiche a été effacée le {jour} : le centre ne garde plus rien qui nomme cette personne."
        repondre_a_la_demande(demande, etat, reponse, par=par)


def fiches_de(personne: Personne) -> list[Personne]:
    """La sienne, et celles qu'on lui a réunies, de proche en proche."""
    toutes, vues = [personne], {personne.pk}
    for une in toutes:
        for reunie in Personne.objects.filter(fusionnee_dans=une):
            if reunie.pk not in vues:
                vues.add(reunie.pk)
                toutes.append(reunie)
    return toutes


def _garder_les_publics_partages(personne: Personne) -> None:
    """Un mot qu'elle était seule à porter la désignerait encore : il part avec elle. Les autres comptent toujours."""
    if not personne.publics:
        return
    autres = Personne.objects.filter(structure=personne.structure_id).exclude(pk=personne.pk).order_by()
    portes = {mot for mots in autres.values_list("publics", flat=True) for mot in mots}
    gardes = [mot for mot in personne.publics if mot in portes]
    Personne.objects.filter(pk=personne.pk).update(publics=gardes)


def _garder_le_foyer_sans_le_nommer(personne: Personne) -> None:
    """Celui qui la comptait : le premier noté."""
    foyer = Foyer.objects.filter(membres__personne=personne).order_by("pk").first()
    if foyer:
        Personne.objects.filter(pk=personne.pk).update(foyer_garde=foyer.empreinte)


def _renommer_les_foyers(familles: list[tuple[str, list[Foyer]]]) -> None:
    """Un foyer vide disparaît ; un foyer qui portait son nom à elle seule le perd."""
    for nom, foyers in familles:
        for foyer in foyers:
            restants = [membre.personne for membre in foyer.membres.select_related("personne")]
            porte = nom_cherche(nom) and nom_cherche(nom) in nom_cherche(foyer.nom)
            if not restants:
                Foyer.objects.filter(pk=foyer.pk).delete()
            elif porte and not any(nom_cherche(r.nom) == nom_cherche(nom) for r in restants):
                Foyer.objects.filter(pk=foyer.pk).update(nom=f"Foyer {restants[0].nom}".strip())


# --- Une restauration ne ramène personne ---------------------------------------------------------------


def _empreinte(personne: Personne) -> str:
    """À clé, et du moment de sa création : un numéro redonné à une autre personne n'est pas le sien."""
    identite = f"{personne.structure_id}:{personne.pk}:{personne.cree_le.isoformat()}"
    return hmac.new(settings.SECRET_KEY.encode(), identite.encode(), hashlib.sha256).hexdigest()


def _memoire() -> Path:
    return Path(settings.MAILLAGE_DONNEES) / MEMOIRE


def _lire_la_memoire() -> dict[str, dict[str, Any]]:
    if not _memoire().exists():
        return {}
    lignes = _memoire().read_text(encoding="utf-8").splitlines()
    lues = [
        json.loads(ligne) for ligne in lignes if ligne.endswith("}")
    ]  # une coupure peut couper la dernière
    return {une["empreinte"]: une for une in lues}


def _retenir(effacements: list[Effacement]) -> None:
    with _memoire().open("a", encoding="utf-8") as sortie:
        for une in effacements:
            ligne = {"personne": une.personne_id_efface, "empreinte": une.empreinte, "raison": une.raison}
            sortie.write(f"{json.dumps(ligne)}\n")


def retenir_les_effacements() -> None:
    """Avant une restauration : ce que la base sait et que la mémoire n'a pas reçu (une coupure entre les deux)."""
    connus = _lire_la_memoire()
    try:
        oublies = [une for une in Effacement.objects.order_by("pk") if une.empreinte not in connus]
    except DatabaseError:
        return  # base neuve ou abîmée : on restaure justement pour cela, et la mémoire est déjà dehors
    _retenir(oublies)


def rejouer_les_effacements() -> int:
    """Après une restauration : efface à nouveau qui l'était. Rend le nombre de personnes ; se répète sans effet."""
    memoire = _lire_la_memoire()
    numeros = [une["personne"] for une in memoire.values()]
    revenues = Personne.objects.filter(pk__in=numeros).exclude(etat=EtatPersonne.EFFACEE)
    effacees = 0
    for personne in revenues.order_by("pk"):
        if (sienne := memoire.get(_empreinte(personne))) is not None:
            personne.refresh_from_db()
            if personne.etat != EtatPersonne.EFFACEE:  # une fiche réunie part avec la première
                effacer_personne(personne, raison=sienne["raison"], par=SYSTEME)
                effacees += 1
    return effacees
