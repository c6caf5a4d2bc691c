"""Le catalogue : ce que des centres ont fait, et qu'ils partagent.

À ne pas confondre avec la fiche action d'un projet social, qui dit ce qu'un centre va faire.
"""

from maillage.catalogue.models.collection import Collection, ElementCollection
from maillage.catalogue.models.contribution import Contribution, Fusion, PieceJointe, Sauvegarde
from maillage.catalogue.models.experience import (
    BlocSource,
    Classement,
    Experience,
    Moyen,
    Partenariat,
    PointAVerifier,
    Terme,
)
from maillage.catalogue.models.lecteurs import Alerte, MessageRelaye, Utilite
from maillage.catalogue.models.tenue import Importation, Synonyme

__all__ = [
    "Alerte",
    "BlocSource",
    "Classement",
    "Collection",
    "Contribution",
    "ElementCollection",
    "Experience",
    "Fusion",
    "Importation",
    "MessageRelaye",
    "Moyen",
    "Partenariat",
    "PieceJointe",
    "PointAVerifier",
    "Sauvegarde",
    "Synonyme",
    "Terme",
    "Utilite",
]
