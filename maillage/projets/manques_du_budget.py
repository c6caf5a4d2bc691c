"""Ce qui manque au budget avant d'envoyer : des avertissements, qui n'empêchent rien."""

from maillage.core.francais import compte, euros
from maillage.projets.lecture import Arbre
from maillage.projets.lecture_du_budget import lire_annees
from maillage.projets.manques import Manque
from maillage.projets.models import ProjetSocial


def manques_du_budget(projet: ProjetSocial, arbre: Arbre | None = None) -> list[Manque]:
    """Année par année : l'équilibre du prévu, la somme des fiches, le plan de financement."""
    annees = lire_annees(projet, projet.annees, arbre)
    ecrites = [lue for lue in annees if lue.centre.est_ecrit("prevu")]
    if not ecrites:
        return [Manque("Le budget du centre n’est pas écrit.", "budget")]
    trouves = []
    for lue in ecrites:
        annee = lue.annee
        phrases = [une.phrase for une in lue.centre.equilibres if une.colonne == "prevu" and not une.est_bon]
        trouves += [f"Budget {annee} du centre. {phrase}" for phrase in phrases]
        desequilibrees = [
            une for une in lue.parties if une.est_ecrit("prevu") and not une.est_equilibre("prevu")
        ]
        if desequilibrees:
            combien = compte(len(desequilibrees), "fiche ou fonction,fiches ou fonctions")
            trouves.append(f"Budget {annee} : {combien} à équilibrer.")
        if ecarts := lue.ecarts():
            combien = compte(len(ecarts), "compte")
            trouves.append(f"Budget {annee} : {combien} où fiches et fonctions ne font pas le centre.")
        if lue.a_des_parties and lue.fiches_sans_budget:
            trouves.append(f"Budget {annee} : {compte(len(lue.fiches_sans_budget), 'fiche')} sans budget.")
        if lue.ecart_du_financement:
            ecart = euros(abs(lue.ecart_du_financement))
            trouves.append(
                f"Budget {annee} : {ecart} d’écart entre les subventions et le plan de financement."
            )
        if lue.sans_reponse:
            trouves.append(
                f"Financement {annee} : {compte(len(lue.sans_reponse), 'financeur')} sans réponse."
            )
    if not any(lue.financements for lue in annees):
        trouves.append("Aucun financeur n’est écrit.")
    return [Manque(phrase, "budget") for phrase in trouves]
