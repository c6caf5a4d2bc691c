"""Tout ce qui s'écrit dans un projet, passage par passage, avec l'endroit où il se corrige."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from maillage.projets.champs import CHAMPS, GenreChamp
from maillage.projets.guide import ETAPE_DU_CHAMP
from maillage.projets.lecture import Arbre
from maillage.projets.manques import Place
from maillage.projets.models import (
    Chapitre,
    FicheAction,
    Indicateur,
    Instance,
    ProjetSocial,
    ProjetSpecifique,
)
from maillage.projets.permissions import OUVERTS_A_L_ECRITURE
from maillage.projets.verification.textes_autour import textes_autour

_BALISES = re.compile(r"</?[a-zA-Z][^<>]*>")
_SEPARES = re.compile(r"[^a-z0-9]+")


def a_plat(texte: str) -> str:
    """Sans accents, sans majuscules ni ponctuation : « L’Été » et « l'ete » se valent."""
    sans_accents = unicodedata.normalize("NFKD", texte.replace("œ", "oe").replace("Œ", "Oe"))
    nu = "".join(signe for signe in sans_accents if not unicodedata.combining(signe))
    return " ".join(_SEPARES.sub(" ", nu.casefold()).split())


@dataclass(eq=False)
class Passage:
    """`nom` : ce que la personne lira (« Fiche A-02, contexte »)."""

    texte: str
    place: Place

    @cached_property
    def a_plat(self) -> str:
        return a_plat(self.texte)

    @property
    def lignes(self) -> list[str]:
        return [ligne for ligne in _BALISES.sub("\n", self.texte).split("\n") if ligne.strip()]


def passages(
    projet: ProjetSocial,
    arbre: Arbre,
    *,
    chapitres: list[Chapitre],
    instances: list[Instance],
    specifiques: list[ProjetSpecifique],
    indicateurs: list[Indicateur],
) -> Iterator[Passage]:
    """Chapitres, projets spécifiques, fiches et leurs indicateurs, gouvernance, diagnostic, évaluation."""
    for chapitre in chapitres:
        place = place_du_chapitre(projet, chapitre)
        yield from _si_ecrit(f"{chapitre.titre}\n{chapitre.texte}", place)
    for specifique in specifiques:
        nom = f"Projet spécifique « {specifique.nom} »"
        de_lui = (("pk", projet.pk), ("cle", specifique.pk))
        yield from _si_ecrit(specifique.presentation, Place(nom, "arbre_specifique", de_lui))
    for lue in arbre.fiches:
        for champ in CHAMPS.values():
            if champ.est_texte or champ.genre == GenreChamp.LISTE:
                valeur = getattr(lue.fiche, champ.nom)
                texte = valeur if isinstance(valeur, str) else "\n".join(map(str, valeur))
                yield from _si_ecrit(texte, place_du_champ(lue.fiche, champ.nom, str(lue.numero or lue)))
    noms = {lue.fiche.pk: str(lue.numero or lue) for lue in arbre.fiches}
    for indicateur in indicateurs:
        nom = f"Fiche {noms[indicateur.fiche_id]}, indicateur"
        page = "indicateur_modifier" if projet.etat in OUVERTS_A_L_ECRITURE else "indicateur"
        yield from _si_ecrit(indicateur.libelle, Place(nom, page, (("pk", indicateur.pk),)))
    for instance in instances:
        nom = f"Instance « {instance.nom} »"
        parametres = (("pk", projet.pk), ("instance", instance.pk))
        texte = f"{instance.nom}\n{instance.role}\n{instance.composition}"
        yield from _si_ecrit(texte, Place(nom, "instance", parametres))
    for texte, place in textes_autour(projet):
        yield from _si_ecrit(texte, place)


def _si_ecrit(texte: str, place: Place) -> Iterator[Passage]:
    if texte.strip():
        yield Passage(texte, place)


def place_du_chapitre(projet: ProjetSocial, chapitre: Chapitre) -> Place:
    """Sa page d'écriture ; le plan du dossier quand le projet ne s'écrit plus, ou que le chapitre en est ôté."""
    nom = f"Chapitre « {chapitre.titre or 'sans titre'} »"
    du_projet: tuple[tuple[str, str | int], ...] = (("pk", projet.pk),)
    if projet.etat not in OUVERTS_A_L_ECRITURE or chapitre.est_ote:
        return Place(nom, "dossier", du_projet)
    return Place(nom, "chapitre", (*du_projet, ("repere", chapitre.cle or str(chapitre.pk))))


def place_du_champ(fiche: FicheAction, champ: str, nom: str) -> Place:
    """Le champ lui-même, dans l'étape où il s'écrit ; la fiche, quand le projet ne s'écrit plus."""
    libelle = f"Fiche {nom}, {CHAMPS[champ].libelle.lower()}" if champ in CHAMPS else f"Fiche {nom}"
    if fiche.projet.etat not in OUVERTS_A_L_ECRITURE or champ not in ETAPE_DU_CHAMP:
        return Place(libelle, "fiche_action", (("pk", fiche.pk),))
    etape = ETAPE_DU_CHAMP[champ].cle
    return Place(libelle, "fiche_action_etape", (("pk", fiche.pk), ("cle", etape)), f"id_{champ}")
