"""Le projet en classeur : une feuille pour les fiches, une pour les indicateurs, une pour l'arbre."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from maillage.catalogue.exportation.formats import cellule
from maillage.projets.exportation.document import STATUTS
from maillage.projets.exportation.objet import objet_du_document
from maillage.projets.importation.grammaire import RUBRIQUES
from maillage.projets.lecture import ObjectifLu, lire_arbre
from maillage.projets.models import Indicateur, ProjetSocial
from maillage.projets.operations.fiches_du_lu import fiche_separee

LARGEURS = (10, 14, 44)
LARGEUR_COURANTE = 36


def classeur_du_projet(projet: ProjetSocial) -> bytes:
    """Un fichier xlsx. Un texte qui commence comme une formule n'est qu'un texte."""
    tampon = io.BytesIO()
    classeur = xlsxwriter.Workbook(
        tampon, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    _feuille(classeur, "Fiches", *_fiches(projet))
    _feuille(classeur, "Indicateurs", *_indicateurs(projet))
    _feuille(classeur, "Arbre", *_arbre(projet))
    classeur.close()
    return tampon.getvalue()


Table = tuple[Sequence[str], Iterable[Sequence[Any]]]


def _feuille(
    classeur: xlsxwriter.Workbook, nom: str, entetes: Sequence[str], lignes: Iterable[Sequence[Any]]
) -> None:
    feuille = classeur.add_worksheet(nom)
    titre = classeur.add_format({"bold": True, "bottom": 1, "valign": "top"})
    courant = classeur.add_format({"text_wrap": True, "valign": "top"})
    feuille.freeze_panes(1, 0)
    for colonne, entete in enumerate(entetes):
        largeur = LARGEURS[colonne] if colonne < len(LARGEURS) else LARGEUR_COURANTE
        feuille.set_column(colonne, colonne, largeur)
        feuille.write_string(0, colonne, entete, titre)
    derniere = 0
    for derniere, ligne in enumerate(lignes, start=1):
        for colonne, valeur in enumerate(ligne):
            ecrite = cellule("\n".join(valeur) if isinstance(valeur, list) else valeur)
            if isinstance(ecrite, str):
                feuille.write_string(derniere, colonne, ecrite, courant)
            else:
                feuille.write_number(derniere, colonne, ecrite, courant)
    feuille.autofilter(0, 0, derniere, len(entetes) - 1)


def _fiches(projet: ProjetSocial) -> Table:
    rubriques = {cle: libelle for cle, libelle in RUBRIQUES.items() if cle != "axe"}
    entetes = ["Axe", "Numéro", "Titre", *rubriques.values()]

    def ligne(fiche: dict[str, Any]) -> list[Any]:
        dite = fiche | {
            "statut": STATUTS.get(fiche["statut"], ""),
            "annees": ", ".join(map(str, fiche["annees"])),
        }
        return [fiche["axe"], fiche["numero_affiche"], fiche["titre"], *(dite[cle] for cle in rubriques)]

    return entetes, map(ligne, map(fiche_separee, objet_du_document(projet, lire_arbre(projet))["fiches"]))


def _indicateurs(projet: ProjetSocial) -> Table:
    entetes = ["Axe", "Fiche", "Titre de la fiche", "Indicateur", "Liste", "Source", "Unité", "Départ"]
    entetes += [f"Cible {annee}" for annee in projet.annees]
    par_fiche: dict[int, list[Indicateur]] = {}
    indicateurs = Indicateur.objects.filter(fiche__projet=projet).order_by("liste", "rang", "pk")
    for un in indicateurs.prefetch_related("cibles"):
        par_fiche.setdefault(un.fiche_id, []).append(un)

    def lignes() -> Iterable[list[Any]]:
        for lue in lire_arbre(projet).fiches:
            debut = [lue.axe.lettre if lue.axe else "", lue.numero, lue.fiche.titre]
            for un in par_fiche.get(lue.fiche.pk, ()):
                cibles = {cible.annee: cible.valeur for cible in un.cibles.all()}
                corps = [un.libelle, un.get_liste_display(), un.get_source_display(), un.unite, un.depart]
                yield [*debut, *corps, *(cibles.get(annee) for annee in projet.annees)]

    return entetes, lignes()


def _arbre(projet: ProjetSocial) -> Table:
    entetes = ["Axe", "Fiche", "Titre de la fiche", "Titre de l’axe", "Enjeu", "Objectif général"]
    entetes += ["Objectif opérationnel", "Rangée ici"]
    arbre = lire_arbre(projet)

    def sous(objectif: ObjectifLu) -> Iterable[list[Any]]:
        for lue in objectif.fiches:
            yield [lue.numero, lue.fiche.titre, "oui"]
        for lue in objectif.citees:
            yield [lue.numero, lue.fiche.titre, "non, rappelée"]
        if not objectif.fiches and not objectif.citees and not objectif.operationnels:
            yield ["", "", ""]

    def lignes() -> Iterable[list[Any]]:
        for axe in arbre.axes:
            for enjeu in axe.enjeux:
                for objectif in enjeu.objectifs:
                    for un in (objectif, *objectif.operationnels):
                        dessous = "" if un is objectif else un.objectif.titre
                        for numero, titre, place in sous(un):
                            yield [
                                axe.axe.lettre,
                                numero,
                                titre,
                                axe.axe.titre,
                                enjeu.enjeu.titre,
                                objectif.objectif.titre,
                                dessous,
                                place,
                            ]
            for lue in axe.sans_objectif:
                yield [axe.axe.lettre, lue.numero, lue.fiche.titre, axe.axe.titre, "", "", "", "oui"]
        for lue in arbre.a_ranger:
            yield ["", lue.numero, lue.fiche.titre, "", "", "", "", "à ranger"]

    return entetes, lignes()
