"""L'évaluation du projet des Deux-Ponts à mi-parcours, et le projet d'avant, clos, d'où il est parti.

Ce que le projet d'avant avait compté en dernier est ce dont celui-ci est parti : les nombres viennent de là.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Max

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import empreinte
from maillage.core.models import LigneJournal
from maillage.demo.donnees import lire_objet, lire_projet
from maillage.demo.operations.fiches import matin, remplir_les_fiches
from maillage.projets.choices import GenreEnvoi, MomentEvaluation, SuiteDonnee
from maillage.projets.exportation.evaluation import rapport_d_evaluation
from maillage.projets.lecture_evaluation import evaluation_de, nom_de_la_question, questions_de
from maillage.projets.memoire import APRES_UN_BILAN
from maillage.projets.models import (
    Envoi,
    Evaluation,
    FicheAction,
    GesteDArbre,
    Objectif,
    ProjetSocial,
    SauvegardeDEvaluation,
)
from maillage.projets.operations.agrements import (
    archiver_projet,
    clore_l_evaluation,
    commencer_projet,
    noter_la_decision,
    soumettre_projet,
)
from maillage.projets.operations.ecriture_du_lu import ecrire_projet_lu
from maillage.projets.operations.envois import envoyer
from maillage.projets.operations.evaluation import (
    ecrire_evaluation,
    lire_valeurs,
    proposer_de_commencer,
    retenir_une_lecon,
)
from maillage.projets.operations.projets import modifier_projet
from maillage.projets.operations.suite import prolonger
from maillage.territoire.choices import TypeAgrement
from maillage.territoire.models import Structure

CLE = "deux_ponts"
REGLE = "circulaire_2012"
DERNIERE = 2023
"""L'année du dernier bilan du projet d'avant, et celle du départ de celui-ci."""
COLONNES = (
    *("methode", "nombre_equipe", "nombre_habitants", "nombre_partenaires", "nombre_elus", "synthese"),
)
Donnees = Mapping[str, Any]


def ecrire_l_evaluation(structures: Mapping[str, Structure]) -> None:
    """À appeler quand les projets sont écrits."""
    donnees, ecrit = lire_objet(f"evaluation_{CLE}"), lire_projet(CLE)
    structure = structures[ecrit["structure"]]
    projet: ProjetSocial = structure.projets.get(nom=ecrit["nom"])
    direction = Utilisateur.objects.get(prenom="Amina")
    avant = _projet_d_avant(donnees["avant"], structure, _departs(ecrit), direction)
    _relier(projet, avant, donnees["avant"], direction)
    _mi_parcours(projet, donnees["mi_parcours"], direction)
    SauvegardeDEvaluation.objects.filter(evaluation__projet__structure=structure).delete()


def _derniere_ligne() -> int:
    return LigneJournal.objects.aggregate(derniere=Max("pk"))["derniere"] or 0


def _dater(depuis: int, le: date) -> None:
    LigneJournal.objects.filter(pk__gt=depuis).update(fait_le=matin(le))


# --- Le projet d'avant ------------------------------------------------------------------------------


def _projet_d_avant(
    donnees: Donnees, structure: Structure, departs: Mapping[str, Donnees], par: Utilisateur
) -> ProjetSocial:
    depuis = _derniere_ligne()
    depot = date.fromisoformat(donnees["deposee_le"])
    projet = ecrire_projet_lu(_lu(donnees), structure=structure, par=par)
    lignes = {fiche["titre"]: _remplie(fiche, departs) for fiche in _fiches(donnees)}
    fiches = {fiche.titre: fiche for fiche in projet.fiches.all()}
    remplir_les_fiches(projet, lignes, fiches, depot=depot, par=par)
    soumettre_projet(
        projet, types=[TypeAgrement.ANIMATION_GLOBALE], regle_qui_vaut=REGLE, deposee_le=depot, par=par
    )
    for demande in projet.demandes.order_by("pk"):
        decidee_le = date.fromisoformat(donnees["decidee_le"])
        noter_la_decision(
            demande, est_accordee=True, decidee_le=decidee_le, du=projet.du, au=projet.au, par=par
        )
    commencer_projet(projet, par=par)
    _evaluer_celui_d_avant(projet, donnees, lignes, fiches, par)
    clore_l_evaluation(projet, par=par)
    archiver_projet(projet, par=par)
    GesteDArbre.objects.filter(projet=projet).delete()
    _dater(depuis, projet.au)
    return projet


def _fiches(donnees: Donnees) -> Iterator[dict[str, Any]]:
    for axe in donnees["axes"]:
        for enjeu in axe["enjeux"]:
            for objectif in enjeu["objectifs"]:
                for ordre, fiche in enumerate(objectif["fiches"], start=1):
                    yield fiche | {"axe": axe["lettre"], "objectif": objectif["titre"], "ordre": ordre}


def _lu(donnees: Donnees) -> dict[str, Any]:
    """Dans les mots d'un document lu (`importation`)."""
    enjeux = [(axe["lettre"], enjeu) for axe in donnees["axes"] for enjeu in axe["enjeux"]]
    return {
        **{cle: donnees[cle] for cle in ("nom", "du", "au", "territoire")},
        "garde_les_numeros": False,
        "axes": [{"numero": axe["lettre"], "titre": axe["titre"]} for axe in donnees["axes"]],
        "enjeux": [
            {"numero": rang, "axe": lettre, "titre": enjeu["titre"]}
            for rang, (lettre, enjeu) in enumerate(enjeux, start=1)
        ],
        "objectifs": [
            {"axe": lettre, "enjeu": rang, "titre": objectif["titre"]}
            for rang, (lettre, enjeu) in enumerate(enjeux, start=1)
            for objectif in enjeu["objectifs"]
        ],
        "fiches": [
            {
                **{cle: fiche[cle] for cle in ("titre", "axe", "ordre", "etat")},
                "statut": "AE",
                "objectifs": [fiche["objectif"]],
                "annees": list(range(2020, DERNIERE + 1)),
            }
            for fiche in _fiches(donnees)
        ],
    }


def _departs(ecrit: Donnees) -> dict[str, Donnees]:
    """Titre de la fiche d'aujourd'hui → son premier nombre qui dit d'où l'on est parti."""
    departs: dict[str, Donnees] = {}
    for axe in ecrit["axes"]:
        for enjeu in axe["enjeux"]:
            for objectif in enjeu["objectifs"]:
                for porteur in (objectif, *objectif.get("operationnels", ())):
                    for fiche in porteur.get("fiches", ()):
                        partis = [i for i in fiche["indicateurs"] if i.get("depart_annee") == DERNIERE]
                        if partis:
                            departs[fiche["titre"]] = partis[0]
    return departs


def _remplie(fiche: Donnees, departs: Mapping[str, Donnees]) -> dict[str, Any]:
    """Ce qu'elle avait compté, et le bilan de sa dernière année."""
    ligne: dict[str, Any] = {"bilans": [{"annee": DERNIERE, **fiche["bilan"]}]}
    if depart := departs.get(fiche.get("suivie_par", "")):
        valeur = depart["depart"]
        vise = valeur if fiche["bilan"]["degre"] == "atteint" else round(valeur * 1.25)
        ligne["indicateurs"] = [
            {
                **{cle: depart[cle] for cle in ("liste", "libelle", "unite") if cle in depart},
                "cibles": {str(DERNIERE): vise},
                "releves": [{"annee": DERNIERE, "valeur": valeur}],
            }
        ]
    return ligne


def _evaluer_celui_d_avant(
    projet: ProjetSocial,
    donnees: Donnees,
    lignes: Mapping[str, Donnees],
    fiches: Mapping[str, FicheAction],
    par: Utilisateur,
) -> None:
    dite = donnees["evaluation"]
    ecrits = {nom: dite[nom] for nom in COLONNES} | {"annee": DERNIERE}
    for titre, ligne in lignes.items():
        bilan = ligne["bilans"][0]
        prefixe = f"fiche_{fiches[titre].pk}"
        ecrits |= {
            f"{prefixe}_effet": bilan["a_marche"],
            f"{prefixe}_suite": APRES_UN_BILAN[SuiteDonnee(bilan["suite"])],
            f"{prefixe}_raison": bilan["n_a_pas_marche"],
        }
    _ecrire(projet, MomentEvaluation.FINALE, ecrits, par)
    for lecon in dite["lecons"]:
        retenir_une_lecon(projet, MomentEvaluation.FINALE, **lecon, par=par)


def _relier(projet: ProjetSocial, avant: ProjetSocial, donnees: Donnees, par: Utilisateur) -> None:
    depuis = _derniere_ligne()
    valeurs = {nom: getattr(projet, nom) for nom in ("nom", "du", "au", "territoire")}
    modifier_projet(projet, version_lue=projet.version, **valeurs, suite_de=avant, par=par)
    anciennes = {fiche.titre: fiche for fiche in avant.fiches.all()}
    siennes = {fiche.titre: fiche for fiche in projet.fiches.select_related("projet")}
    for ligne in _fiches(donnees):
        if suivante := siennes.get(ligne.get("suivie_par", "")):
            prolonger(suivante, anciennes[ligne["titre"]], par=par)
    _dater(depuis, avant.au)


# --- À mi-parcours ----------------------------------------------------------------------------------


def _mi_parcours(projet: ProjetSocial, donnees: Donnees, par: Utilisateur) -> None:
    depuis = _derniere_ligne()
    moment = MomentEvaluation.MI_PARCOURS
    ecrits = {nom: donnees[nom] for nom in (*COLONNES, "annee")}
    fiches = {fiche.titre: fiche for fiche in projet.fiches.all()}
    objectifs = {un.titre: un for un in Objectif.objects.filter(enjeu__axe__projet=projet, parent=None)}
    for genre, trouves in (("fiche", fiches), ("objectif", objectifs)):
        for titre, proposee in donnees[f"{genre}s"].items():
            ecrits |= {f"{genre}_{trouves[titre].pk}_{nom}": valeur for nom, valeur in proposee.items()}
    _ecrire(projet, moment, ecrits | _reponses(projet, donnees["reponses"]), par)
    for lecon in donnees["lecons"]:
        fiche = fiches[lecon["fiche"]] if "fiche" in lecon else None
        retenir_une_lecon(projet, moment, **lecon | {"fiche": fiche}, par=par)
    for neuve in donnees["nouveautes"]:
        ou = {"objectif": objectifs[neuve["objectif"]]}
        proposer_de_commencer(projet, moment, **neuve | ou, par=par)
    _dater(depuis, date.fromisoformat(donnees["le"]))
    depuis = _derniere_ligne()
    transmis_le = date.fromisoformat(donnees["transmis_le"])
    envoi = envoyer(
        projet,
        replace(rapport_d_evaluation(projet, moment), date=transmis_le),
        genre=GenreEnvoi.MI_PARCOURS,
        cle=f"demonstration-{moment}",
        mot=donnees["mot"],
        par=par,
    )
    Envoi.objects.filter(pk=envoi.pk).update(envoye_le=matin(transmis_le))
    _dater(depuis, transmis_le)


def _reponses(projet: ProjetSocial, donnees: Mapping[str, str]) -> dict[str, str]:
    """Par clé de question. Le référentiel change sans nous : une question nouvelle attend sa réponse."""
    questions = questions_de(projet, MomentEvaluation.MI_PARCOURS)
    return {nom_de_la_question(une.cle): donnees[une.cle] for une in questions if une.cle in donnees}


def _ecrire(
    projet: ProjetSocial, moment: MomentEvaluation, ecrits: Mapping[str, Any], par: Utilisateur
) -> Evaluation:
    questions = questions_de(projet, moment)
    actuelles = lire_valeurs(evaluation_de(projet, moment), ecrits, questions)
    lues = {nom: empreinte(valeur) for nom, valeur in actuelles.items()}
    return ecrire_evaluation(projet, moment, ecrits, lues, questions=questions, par=par).evaluation
