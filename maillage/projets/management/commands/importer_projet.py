"""`importer_projet FICHIER [--structure S]… [--periode P]… [--ecrire]` : un document vers un ou plusieurs projets."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from maillage.core.commandes import CommandeMaillage, Refus, UsageFaux
from maillage.core.francais import compte
from maillage.core.journal import SYSTEME
from maillage.projets.importation import DocumentIllisible
from maillage.projets.operations.documents_lus import Lecture, lire_le_document
from maillage.projets.operations.importation import (
    Annees,
    importer_projets,
    nom_de_la_structure,
    periode_dite,
    periode_par_defaut,
)
from maillage.projets.operations.periode_du_lu import PeriodeARevoir
from maillage.territoire.models import Structure


class Command(CommandeMaillage):
    help = "Importe un projet social d'un document Word, HTML ou texte, ou d'un export JSON."
    ecrit = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fichier", type=Path, metavar="FICHIER")
        parser.add_argument(
            "--structure",
            action="append",
            default=[],
            metavar="S",
            help="numéro, adresse ou nom ; à répéter dans l'ordre des projets du document",
        )
        parser.add_argument(
            "--periode",
            action="append",
            default=[],
            metavar="2027-2030",
            help="première et dernière année, à la place de celles du document ; à répéter de même",
        )

    def faire(self, options: dict[str, Any]) -> dict[str, Any]:
        chemin: Path = options["fichier"]
        structures = [_structure(mot) for mot in options["structure"]]
        donnees = [_annees(mot) for mot in options["periode"]]
        try:
            lecture = lire_le_document(chemin.read_bytes(), chemin.name)
        except DocumentIllisible as illisible:
            raise Refus(f"{chemin.name} : {illisible}") from illisible
        for option, dites in (("structure", structures), ("période", donnees)):
            if len(dites) > len(lecture.projets):
                trop = f"{compte(len(dites), option)} pour {compte(len(lecture.projets), 'projet')}"
                nom = option.replace("é", "e")
                raise Refus(f"{trop} dans le document. Donnez --{nom} une fois par projet au plus.")
        periodes = self._periodes(lecture, donnees)
        places: list[tuple[int | None, str]]
        if options["ecrire"]:
            if not lecture.projets:
                raise Refus(f"{chemin.name} : aucun projet social reconnu. Vérifiez le document.")
            try:
                projets = importer_projets(lecture, structures=structures, periodes=periodes, par=SYSTEME)
            except PeriodeARevoir as refus:
                raise Refus(f"{chemin.name} : {refus} Donnez-la avec --periode.") from refus
            places = [(projet.pk, projet.structure.nom) for projet in projets]
        else:
            places = [(None, nom) for nom in _structures_prevues(lecture, structures)]
        return {
            "projets": [_en_nombres(lu, *place) for lu, place in zip(lecture.projets, places, strict=True)],
            "a_ranger": lecture.a_ranger,
            "paragraphes": lecture.paragraphes,
        }

    def _periodes(self, lecture: Lecture, donnees: Sequence[Annees]) -> list[Annees]:
        """Celle qu'on donne, sinon celle du document ; à défaut une supposition, que l'on dit."""
        periodes = list(donnees)
        for lu in lecture.projets[len(donnees) :]:
            dite = periode_dite(lu)
            debut, fin = dite or periode_par_defaut(lecture)
            if dite is None:
                self.dire(
                    f"Le document ne dit pas la période de « {lu['nom']} » : {debut}-{fin} est une supposition. "
                    f"Donnez la bonne avec --periode, ou corrigez-la ensuite dans le cadre du projet."
                )
            periodes.append((debut, fin))
        return periodes

    def raconter(self, resultat: dict[str, Any]) -> Iterator[str]:
        for projet in resultat["projets"]:
            yield (
                f"« {projet['nom']} » ({projet['structure']}) : {compte(projet['axes'], 'axe')}, "
                f"{compte(projet['enjeux'], 'enjeu,enjeux')}, {compte(projet['objectifs'], 'objectif')}, "
                f"{compte(projet['fiches'], 'fiche action')}, {compte(projet['indicateurs'], 'indicateur')}."
            )
        if not resultat["projets"]:
            yield "Aucun projet social reconnu dans ce document."
        paragraphes = resultat["paragraphes"]
        yield (
            f"{compte(paragraphes['lus'], 'paragraphe lu,paragraphes lus')} : {paragraphes['places']} placés, "
            f"{paragraphes['a_ranger']} à ranger, {paragraphes['mise_en_page']} de mise en page."
        )


def _structure(mot: str) -> Structure:
    """La structure de ce numéro, de cette adresse ou de ce nom. Lève `Refus`."""
    if mot.isdecimal() and (trouvee := Structure.objects.filter(pk=int(mot)).first()):
        return trouvee
    trouvees = list(Structure.objects.filter(slug=mot)) or list(Structure.objects.filter(nom__iexact=mot)[:2])
    if not trouvees:
        raise Refus(f"Aucune structure « {mot} ». Donnez son numéro, son adresse ou son nom exact.")
    if len(trouvees) > 1:
        raise Refus(f"Plusieurs structures s'appellent « {mot} ». Donnez le numéro ou l'adresse de la bonne.")
    return trouvees[0]


def _annees(mot: str) -> Annees:
    """« 2027-2030 », ou une seule année. Lève `UsageFaux`."""
    lu = re.fullmatch(r"(20\d\d)(?:\s*[-–/]\s*(20\d\d))?", mot.strip())
    if not lu:
        raise UsageFaux(f"« {mot} » n'est pas une période. Écrivez deux années, comme 2027-2030.")
    return int(lu[1]), int(lu[2] or lu[1])


def _structures_prevues(lecture: Lecture, structures: Sequence[Structure]) -> list[str]:
    donnees = [structure.nom for structure in structures]
    return donnees + [nom_de_la_structure(lu) for lu in lecture.projets[len(donnees) :]]


def _en_nombres(lu: dict[str, Any], pk: int | None, structure: str) -> dict[str, Any]:
    fiches = lu.get("fiches") or []
    listes = ("indicateurs_quantitatifs", "indicateurs_qualitatifs")
    return {
        "id": pk,
        "nom": lu["nom"],
        "structure": structure,
        "axes": len(lu.get("axes") or ()),
        "enjeux": len(lu.get("enjeux") or ()),
        "objectifs": len(lu.get("objectifs") or ()),
        "fiches": len(fiches),
        "indicateurs": sum(len(fiche.get(liste) or ()) for fiche in fiches for liste in listes),
    }
