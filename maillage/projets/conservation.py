"""Ce que le projet social garde d'une personne : qui siège, le temps du mandat."""

from typing import Final

from maillage.core.conservation import Declaration, Donnee, Menage

JOURS: Final = 365
"""Après la fin du mandat : le temps d'écrire le bilan de l'année."""

DECLARATIONS: Final = (
    Declaration(
        modele="projets.mandat",
        titre="Les membres des instances",
        chemin="",
        donnees=(
            Donnee(
                champs=("nom", "fonction"),
                but="préparer et noter les réunions d’une instance",
                base="l’intérêt légitime du centre",
                duree="un an après la fin du mandat",
                destinataires="l’équipe du centre",
            ),
        ),
        menage=Menage(depuis="au", jours=JOURS, apres={"nom": "", "fonction": ""}),
    ),
)
