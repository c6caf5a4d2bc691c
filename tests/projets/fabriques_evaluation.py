"""Un projet évalué : deux années de bilans, des nombres, une proposition par fiche."""

from typing import Any

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import empreinte
from maillage.projets.choices import MomentEvaluation
from maillage.projets.lecture_evaluation import evaluation_de
from maillage.projets.models import BilanDeFiche, Cible, FicheAction, ProjetSocial, Releve
from maillage.projets.operations.evaluation import ecrire_evaluation, lire_valeurs, retenir_une_lecon
from maillage.territoire.models import Structure
from tests.projets.fabriques import IndicateurFactory, arbre_d_essai

SUITES = {
    "Permanences d’écrivain public": ("continuer", "La demande ne baisse pas"),
    "Le café des clics au marché": ("transformer", "L’hiver vide la table"),
    "Le prêt de vélos": ("arreter", "La commune fait de même"),
}


def ecrire(projet: ProjetSocial, moment: MomentEvaluation, par: Utilisateur, **champs: Any) -> None:
    """Comme une personne seule qui vient de lire la page."""
    lues = lire_valeurs(evaluation_de(projet, moment), champs)
    ecrire_evaluation(
        projet, moment, champs, {nom: empreinte(valeur) for nom, valeur in lues.items()}, par=par
    )


def projet_evalue_d_essai(
    structure: Structure,
    par: Utilisateur,
    moment: MomentEvaluation = MomentEvaluation.MI_PARCOURS,
    **projet: Any,
) -> ProjetSocial:
    social = arbre_d_essai(structure, en_cours=True, **projet)
    fiches: dict[str, FicheAction] = {fiche.titre: fiche for fiche in social.fiches.all()}
    clics = fiches["Le café des clics au marché"]
    nombre = IndicateurFactory(fiche=clics, libelle="Personnes revenues", unite="personnes", depart=12)
    for annee, cible, valeur in ((2025, 40, 36), (2026, 40, 47)):
        Cible.objects.create(indicateur=nombre, annee=annee, valeur=cible)
        Releve.objects.create(indicateur=nombre, annee=annee, valeur=valeur)
    mots = IndicateurFactory(fiche=clics, liste="qualitative", libelle="Refont-ils seuls ?")
    Releve.objects.create(
        indicateur=mots, annee=2025, niveau="plutot_oui", parole="Je l’ai refait.", juge_par="Mme Perez"
    )
    BilanDeFiche.objects.create(fiche=clics, annee=2025, degre="en_partie", lecon="Un toit d’abord")
    champs: dict[str, Any] = {"methode": "Deux soirées", "nombre_habitants": 14, "synthese": "Cela tient."}
    for titre, (suite, raison) in SUITES.items():
        champs |= {f"fiche_{fiches[titre].pk}_suite": suite, f"fiche_{fiches[titre].pk}_raison": raison}
    champs[f"fiche_{clics.pk}_effet"] = "On revient seul."
    ecrire(social, moment, par, **champs)
    retenir_une_lecon(social, moment, texte="Aller vers", ou_sert="Partout", fiche=clics, par=par)
    return social
