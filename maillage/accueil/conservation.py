"""Ce que l'accueil garde d'une personne : de quoi la rappeler, le temps de la demande."""

from typing import Final

from maillage.core.conservation import Declaration, Donnee, Menage

JOURS: Final = 92
QUI: Final = "l’accueil et la direction"
DUREE: Final = "trois mois après la fin de la demande"

DECLARATIONS: Final = (
    Declaration(
        modele="accueil.demandeasuivre",
        titre="Les demandes à suivre",
        chemin="",
        donnees=(
            Donnee(
                champs=("prenom", "contact"),
                but="rappeler la personne qui a demandé",
                base="l’accord de la personne",
                duree=DUREE,
                destinataires=QUI,
            ),
        ),
        menage=Menage(depuis="close_le", jours=JOURS, apres={"prenom": "", "contact": ""}),
    ),
)
