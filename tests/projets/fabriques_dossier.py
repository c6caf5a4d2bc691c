"""Un dossier d'essai : l'arbre des Deux-Ponts, un chapitre écrit, un chiffre, un sigle, une cible."""

from decimal import Decimal
from typing import Any

from maillage.projets.models import Chapitre, ChiffreDiagnostic, Cible, ProjetSocial, Sigle
from maillage.territoire.models import Structure
from tests.projets.fabriques import IndicateurFactory, InstanceFactory, arbre_d_essai

TEXTE = "Douze réunions d’habitants ont fait ce projet.\n\n## Merci\n- à tous\n- à toutes"


def dossier_d_essai(structure: Structure, **projet: Any) -> ProjetSocial:
    social = arbre_d_essai(structure, **projet)
    Chapitre.objects.create(projet=social, rang=1, titre="PRÉAMBULE", texte=TEXTE, etat="commence")
    Chapitre.objects.create(projet=social, rang=2, titre="Le quartier la nuit", texte="Un texte à nous.")
    ChiffreDiagnostic.objects.create(
        projet=social,
        libelle="Familles monoparentales",
        valeur=Decimal("31.5"),
        unite="%",
        zone="Les Deux-Ponts",
        source="Insee",
        annee=2022,
    )
    Sigle.objects.create(projet=social, sigle="EVS", sens="Espace de vie sociale")
    InstanceFactory(projet=social, nom="Comité d’usagers", role="Propose et relit.")
    fiche = social.fiches.get(titre="Le prêt de vélos")
    indicateur = IndicateurFactory(fiche=fiche, libelle="Vélos prêtés", unite="vélos", depart=Decimal(120))
    Cible.objects.create(indicateur=indicateur, annee=2028, valeur=Decimal(2345))
    return social
