"""La feuille à signer : une ligne par personne attendue, des lignes vides pour les autres."""

from django.utils import timezone

from maillage.activites.feuille import Feuille
from maillage.activites.satisfaction import code_de_l_avis
from maillage.core.documents.description import Document, Figure, Paragraphe, Tableau
from maillage.core.francais import date_longue

LIGNES_VIDES = 10
CODE_ALLONGE = 4.5
"""Une page est large de 17 cm : le code en fait un peu moins de 4 de côté."""


def document_a_signer(feuille: Feuille) -> Document:
    """Le nom court suffit : la feuille passe de main en main."""
    seance = feuille.seance
    activite = seance.activite
    lignes = [(ligne.nom, ligne.mot_du_role, "") for ligne in feuille.lignes] + [("", "", "")] * LIGNES_VIDES
    quand = f"{date_longue(seance.jour)}, {seance.horaire}"
    return Document(
        titre=f"Feuille de présence : {activite.titre}",
        sous_titre=", ".join(filter(None, (quand, seance.ou))),
        auteur=activite.structure.nom,
        date=timezone.now().astimezone(seance.fuseau).date(),
        blocs=(
            Tableau(
                legende="Présences",
                entetes=("Nom", "Rôle", "Signature"),
                lignes=tuple(lignes),
                largeurs=(4, 3, 5),
                a_entetes_de_ligne=True,
            ),
            Paragraphe("Nombre de personnes venues sans inscription : …………", role="note"),
            Paragraphe(
                "Ce relevé sert à compter les présences et à rendre compte de l’action. "
                "Il reste au centre ; chacun peut demander à voir ou à corriger ce qui le concerne.",
                role="note",
            ),
            Figure(
                svg=code_de_l_avis(seance, allonge=CODE_ALLONGE),
                alt="Un code carré à scanner avec un téléphone, pour donner son avis sans nom.",
                legende="En sortant : comment c’était ? Scannez, un geste suffit, aucun nom n’est demandé.",
            ),
        ),
        sections=(),
    )
