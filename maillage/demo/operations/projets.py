"""Les projets sociaux de la démonstration : leur cadre, leur arbre, leur vie avec la Caf.

L'arbre entre comme celui d'un document importé ; le reste, par les actes d'une équipe. Les dates sont reculées
ensuite : un projet a une histoire. `dans` compte les jours depuis aujourd'hui : il y a toujours une suite à faire.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from maillage.comptes.choices import Role
from maillage.comptes.models import Appartenance, Utilisateur
from maillage.core.models import LigneJournal
from maillage.demo.donnees import PROJETS, lire_projet
from maillage.demo.operations.fiches import jour, matin, remplir_les_fiches
from maillage.projets.choices import EtatProjet, StatutFiche
from maillage.projets.models import FicheAction, GesteDArbre, ProjetSocial, Tache
from maillage.projets.operations.agrements import commencer_projet, noter_la_decision, soumettre_projet
from maillage.projets.operations.arbre import rattacher
from maillage.projets.operations.ecriture_du_lu import ecrire_projet_lu
from maillage.projets.operations.projets import ajouter_commune, ajouter_zone
from maillage.projets.operations.retroplanning import (
    ajouter_tache,
    cocher_tache,
    creer_le_retroplanning,
)
from maillage.projets.operations.specifiques import ecrire_specifique
from maillage.territoire.models import Commune, Structure

STATUTS = {StatutFiche.EVOLUTION: "E", StatutFiche.NOUVELLE: "NA", StatutFiche.EXISTANTE: "AE"}
COMMENCE, SUITE_PREPAREE = 90, 30
"""Il y a tant de jours : le projet en préparation a commencé, on a posé le rétroplanning."""
Donnees = Mapping[str, Any]


def ecrire_les_projets(structures: Mapping[str, Structure]) -> None:
    """À appeler quand les comptes sont ouverts et les expériences publiées."""
    for cle in PROJETS:
        donnees = lire_projet(cle)
        _ecrire(donnees, structures[donnees["structure"]])


def _ecrire(donnees: Donnees, structure: Structure) -> None:
    par = _direction(structure)
    derniere = LigneJournal.objects.aggregate(derniere=Max("pk"))["derniere"] or 0
    projet = ecrire_projet_lu(_lu(donnees), structure=structure, par=par)
    _dire_le_territoire(projet, donnees, par)
    _presenter_les_specifiques(projet, donnees, par)
    fiches = {fiche.titre: fiche for fiche in projet.fiches.all()}
    _rattacher(projet, donnees, fiches, par)
    depot = _premier_jour(donnees)
    dites = {fiche["titre"]: fiche for fiche in _fiches(donnees)}
    remplir_les_fiches(projet, dites, fiches, depot=depot, par=par)
    _vivre(projet, donnees, par)
    for tache in donnees["taches"]:
        _tache(projet, tache, par)
    if projet.etat == EtatProjet.EN_COURS:
        _preparer_la_suite(projet, par)
    GesteDArbre.objects.filter(projet=projet).delete()  # une histoire inventée ne se défait pas
    _dater(LigneJournal.objects.filter(pk__gt=derniere), projet, donnees)


def _dater(lignes: QuerySet[LigneJournal], projet: ProjetSocial, donnees: Donnees) -> None:
    """Tout s'est écrit avant le dépôt, sauf ce qui a son jour."""
    lignes.update(fait_le=matin(_premier_jour(donnees)))
    decidees = [demande["decidee_le"] for demande in donnees.get("demandes", ()) if "decidee_le" in demande]
    if decidees:
        lignes.filter(acte="noter_la_decision").update(fait_le=matin(date.fromisoformat(max(decidees))))
    lignes.filter(acte="commencer_projet").update(fait_le=matin(projet.du))
    lignes.filter(acte__contains="retroplanning").update(fait_le=matin(_il_y_a(SUITE_PREPAREE)))
    lignes.filter(acte__endswith="_tache").update(fait_le=matin(_il_y_a(SUITE_PREPAREE)))


def _il_y_a(jours: int) -> date:
    return timezone.localdate() - timedelta(days=jours)


def _direction(structure: Structure) -> Utilisateur:
    """La direction du centre ; sans compte, l'administratrice a saisi le dossier pour elle."""
    tenues = Appartenance.objects.en_cours().select_related("utilisateur")
    direction = tenues.filter(structure=structure, role=Role.DIRECTRICE).first()
    tenue = direction or tenues.get(role=Role.ADMINISTRATRICE)
    return tenue.utilisateur


def _premier_jour(donnees: Donnees) -> date:
    """Le jour du dépôt ; en préparation, il y a trois mois."""
    deposees = [date.fromisoformat(demande["deposee_le"]) for demande in donnees.get("demandes", ())]
    return min(deposees, default=_il_y_a(COMMENCE))


# --- L'arbre ---------------------------------------------------------------------------------------


def _lu(donnees: Donnees) -> dict[str, Any]:
    """Nos données dans les mots d'un document lu (`importation`)."""
    enjeux = [(axe["lettre"], enjeu) for axe in donnees["axes"] for enjeu in axe["enjeux"]]
    return {
        **{cle: donnees[cle] for cle in ("nom", "du", "au", "territoire", "sigles", "chapitres")},
        "garde_les_numeros": False,
        "gouvernance": donnees["instances"],
        "chiffres_diagnostic": donnees["chiffres"],
        "axes": [{"numero": axe["lettre"], "titre": axe["titre"]} for axe in donnees["axes"]],
        "enjeux": [
            {"numero": numero, "axe": lettre, "titre": enjeu["titre"]}
            for numero, (lettre, enjeu) in enumerate(enjeux, start=1)
        ],
        "objectifs": [
            {
                "axe": lettre,
                "enjeu": numero,
                "titre": objectif["titre"],
                "operationnels": [dessous["titre"] for dessous in objectif.get("operationnels", ())],
            }
            for numero, (lettre, enjeu) in enumerate(enjeux, start=1)
            for objectif in enjeu["objectifs"]
        ],
        "fiches": [_fiche_lue(fiche) for fiche in _fiches(donnees)],
    }


def _fiches(donnees: Donnees) -> Iterator[dict[str, Any]]:
    """Chaque fiche, avec son axe, son objectif et sa place."""
    for axe in donnees["axes"]:
        for enjeu in axe["enjeux"]:
            for objectif in enjeu["objectifs"]:
                for porteur in (objectif, *objectif.get("operationnels", ())):
                    for ordre, fiche in enumerate(porteur.get("fiches", ()), start=1):
                        yield {**fiche, "axe": axe["lettre"], "objectif": porteur["titre"], "ordre": ordre}
    yield from donnees["a_ranger"]


def _fiche_lue(fiche: Donnees) -> dict[str, Any]:
    return {
        **fiche,
        "statut": STATUTS.get(fiche["statut"], ""),
        "objectifs": [fiche["objectif"]] if "objectif" in fiche else [],
        "partenaires": fiche.get("partenaires_existants", []),
        "projets_specifiques": fiche.get("specifiques", []),
        "pilote": fiche.get("pilote_nom", ""),
    }


def _rattacher(
    projet: ProjetSocial, donnees: Donnees, fiches: Mapping[str, FicheAction], par: Utilisateur
) -> None:
    objectifs = {
        objectif.titre: objectif
        for axe in projet.axes.all()
        for enjeu in axe.enjeux.all()
        for objectif in enjeu.objectifs.all()
    }
    for fiche in _fiches(donnees):
        if autres := fiche.get("sert_aussi"):
            rattacher(fiches[fiche["titre"]], [objectifs[titre] for titre in autres], par=par)


# --- Le cadre --------------------------------------------------------------------------------------


def _dire_le_territoire(projet: ProjetSocial, donnees: Donnees, par: Utilisateur) -> None:
    for commune in Commune.objects.filter(pk__in=donnees["communes"]).order_by("pk"):
        ajouter_commune(projet, commune, par=par)
    for zone in donnees["zones"]:
        ajouter_zone(projet, **{"precision": ""} | zone, par=par)


def _presenter_les_specifiques(projet: ProjetSocial, donnees: Donnees, par: Utilisateur) -> None:
    presentes = {specifique.nom: specifique for specifique in projet.specifiques.all()}
    for ligne in donnees["specifiques"]:
        specifique = presentes[ligne["nom"]]
        ecrire_specifique(
            specifique,
            version_lue=specifique.version,
            **ligne,
            fiches=list(specifique.fiches.order_by("pk")),
            par=par,
        )


def _tache(projet: ProjetSocial, ligne: Donnees, par: Utilisateur) -> None:
    tache = ajouter_tache(
        projet,
        titre=ligne["titre"],
        detail=ligne.get("detail", ""),
        echeance=jour(ligne, "echeance", "dans"),
        responsable=Utilisateur.objects.get(email=ligne["responsable"]),
        par=par,
    )
    if ligne.get("faite"):
        _faire(tache, par)


def _preparer_la_suite(projet: ProjetSocial, par: Utilisateur) -> None:
    """Le renouvellement, à rebours : ce qui est passé est fait, sauf la dernière tâche."""
    creer_le_retroplanning(projet, par=par)
    nees = projet.taches.exclude(mois_avant=None).order_by("echeance", "pk")
    nees.update(responsable=par)
    for tache in list(nees.filter(echeance__lt=timezone.localdate()))[:-1]:
        _faire(tache, par)


def _faire(tache: Tache, par: Utilisateur) -> None:
    cocher_tache(tache, est_faite=True, par=par)
    Tache.objects.filter(pk=tache.pk).update(faite_le=matin(tache.echeance))


def _vivre(projet: ProjetSocial, donnees: Donnees, par: Utilisateur) -> None:
    """L'envoi à la Caf, sa réponse, le premier jour : jusqu'à l'état que disent les données."""
    if donnees["etat"] == EtatProjet.PREPARATION:
        return
    demandes = {ligne["type"]: ligne for ligne in donnees["demandes"]}
    soumettre_projet(
        projet,
        types=demandes,
        regle_qui_vaut=donnees["regle"],
        deposee_le=_premier_jour(donnees),
        par=par,
    )
    if donnees["etat"] == EtatProjet.SOUMIS:
        return
    for demande in projet.demandes.order_by("pk"):
        decidee_le = date.fromisoformat(demandes[demande.type]["decidee_le"])
        noter_la_decision(
            demande, est_accordee=True, decidee_le=decidee_le, du=projet.du, au=projet.au, par=par
        )
    commencer_projet(projet, par=par)
