"""Le dossier de la démonstration : les chapitres que l'équipe des Deux-Ponts a écrits, confiés et relus."""

import re
from collections.abc import Mapping
from typing import Any

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import empreinte
from maillage.demo.donnees import lire_objet
from maillage.projets.choices import EtatProjet
from maillage.projets.equipe import equipe_du_projet
from maillage.projets.models import ProjetSocial
from maillage.projets.operations.chapitres import (
    ecrire_chapitre,
    marquer_relu,
    place_de,
    rattacher_chapitre,
    regler_chapitre,
)
from maillage.projets.plan import lire_le_plan
from maillage.territoire.models import Structure

_NOMMEE = re.compile(r"\[\[(chiffre|axe):([^\]]+)\]\]")


def ecrire_le_dossier(structure: Structure) -> None:
    """À appeler quand le projet en cours de ce centre est écrit."""
    projet = ProjetSocial.objects.get(structure=structure, etat=EtatProjet.EN_COURS)
    donnees = lire_objet("dossier_deux_ponts")
    equipe = {une.prenom: une for une in equipe_du_projet(projet)}
    par = equipe[donnees["par"]]
    for titre, cle in donnees["rattachements"].items():
        if libre := projet.chapitres.filter(titre=titre, cle="").first():
            rattacher_chapitre(projet, str(libre.pk), cle, par=par)
    for cle, dit in donnees["chapitres"].items():
        _ecrire(projet, cle, dit, equipe[dit["responsable"]])
    for cle in donnees["relus"]:
        marquer_relu(projet, cle, par=par)


def _ecrire(projet: ProjetSocial, cle: str, dit: Mapping[str, Any], qui: Utilisateur) -> None:
    chapitre = place_de(lire_le_plan(projet), cle).chapitre
    texte = _avec_les_cles(projet, dit["texte"])
    ecrire_chapitre(projet, cle, {"texte": texte}, {"texte": empreinte(chapitre.texte)}, par=qui)
    regler_chapitre(projet, cle, version_lue=0, niveau=chapitre.niveau, responsable=qui, par=qui)


def _avec_les_cles(projet: ProjetSocial, texte: str) -> str:
    """Nos données citent par le nom ; la base, par la clé."""

    def citer(trouve: re.Match[str]) -> str:
        genre, nom = trouve[1], trouve[2]
        if genre == "axe":
            return f"[[axe:{projet.axes.get(lettre=nom).pk}]]"
        return f"[[chiffre:{projet.chiffres.filter(libelle=nom).order_by('rang', 'pk')[0].pk}]]"

    return _NOMMEE.sub(citer, texte)
