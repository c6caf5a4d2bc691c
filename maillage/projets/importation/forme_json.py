"""Un projet lu, écrit avec les clés du contrat d'échange (`exporter_projet --format json`)."""

import re
from typing import Any

from maillage.projets.importation.lu import (
    CHAMPS,
    CHAMPS_DE_TEXTE,
    DITS_A_PART,
    FicheLue,
    ProjetLu,
    TableauLu,
)
from maillage.projets.importation.mots import forme


def en_json(projet: ProjetLu) -> dict[str, Any]:
    """L'objet d'échange. `tableaux` et `chapitres` sont à nous ; les autres clés sont celles du contrat."""
    identifiant = re.sub(r"\W+", "-", forme(projet.nom))
    return {
        "id": identifiant,
        "nom": projet.nom,
        "structure": projet.structure,
        "territoire": projet.territoire,
        "quartiers": list(projet.quartiers),
        "qpv": list(projet.qpv),
        "periode": {"debut": projet.periode.debut, "fin": projet.periode.fin} if projet.periode else None,
        **{nom: jour.isoformat() for nom, jour in (("du", projet.du), ("au", projet.au)) if jour},
        "axes": [{"numero": axe.numero, "titre": axe.titre} for axe in projet.axes],
        "enjeux": [
            {"numero": enjeu.numero, "axe": enjeu.axe, "titre": enjeu.titre} for enjeu in projet.enjeux
        ],
        "objectifs": [
            {
                "titre": objectif.titre,
                "enjeu": objectif.enjeu,
                "axe": objectif.axe,
                "fiches": list(objectif.fiches),
                "renvois": list(objectif.renvois),
                "operationnels": [
                    {"titre": un.titre, "fiches": list(un.fiches)} if un.fiches else un.titre
                    for un in objectif.operationnels
                ],
            }
            for objectif in projet.objectifs
        ],
        "fiches": [_fiche(fiche, identifiant) for fiche in projet.fiches],
        "gouvernance": [
            {"nom": instance.nom, "role": instance.role, "composition": instance.composition}
            for instance in projet.gouvernance
        ],
        "chiffres_diagnostic": [
            {
                "libelle": chiffre.libelle,
                "valeur": chiffre.valeur,
                "unite": chiffre.unite,
                "zone": chiffre.zone,
                "source": chiffre.source,
                "annee": chiffre.annee,
            }
            for chiffre in projet.chiffres_diagnostic
        ],
        "indicateurs_familles": _tableau(projet.indicateurs_familles),
        "tableaux": [{"titre": tableau.titre, **(_tableau(tableau) or {})} for tableau in projet.tableaux],
        "sigles": [{"sigle": sigle.sigle, "sens": sigle.sens} for sigle in projet.sigles],
        "chapitres": [
            {
                "niveau": chapitre.niveau,
                "titre": chapitre.titre,
                "paragraphes": [
                    {"texte": paragraphe.texte, "puce": paragraphe.puce}
                    for paragraphe in chapitre.paragraphes
                ],
            }
            for chapitre in projet.chapitres
        ],
    }


def _fiche(fiche: FicheLue, identifiant: str) -> dict[str, Any]:
    return {
        "id": "-".join(partie for partie in (identifiant, fiche.axe, fiche.numero) if partie),
        "axe": fiche.axe,
        "numero": fiche.numero,
        "ordre": fiche.ordre,
        "titre": fiche.titre,
        "titre_dans_arbre": fiche.titre_dans_arbre,
        "statut": fiche.statut,
        "annees": list(fiche.annees),
        "enjeux": list(fiche.enjeux),
        "objectifs": list(fiche.objectifs),
        **{
            champ: fiche.texte(champ)
            if champ in CHAMPS_DE_TEXTE
            else fiche.elements(champ) + fiche.elements(DITS_A_PART.get(champ, ""))
            for champ in CHAMPS
        },
        "attention_particuliere": "\n".join(fiche.elements("attention_particuliere")),
        "partenaires_potentiels": fiche.elements("partenaires_potentiels"),
        "projets_specifiques": list(fiche.projets_specifiques),
        "autres": [{"libelle": libelle, "texte": texte} for libelle, texte in fiche.autres],
    }


def _tableau(tableau: TableauLu | None) -> dict[str, Any] | None:
    if tableau is None:
        return None
    return {
        "zones": list(tableau.zones),
        "source": tableau.source,
        "lignes": [
            {
                "libelle": ligne.libelle,
                "valeurs": [
                    {"zone": valeur.zone, "brut": valeur.brut, "valeur": valeur.valeur, "unite": valeur.unite}
                    for valeur in ligne.valeurs
                ],
            }
            for ligne in tableau.lignes
        ],
    }
