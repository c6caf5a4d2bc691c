"""Le projet en document : sommaire, textes, chiffres, arbre, fiches, gouvernance, sigles.

Les titres et les libellés sont ceux que l'importation reconnaît : un projet sorti en Word ou en HTML se relit.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.utils import timezone

from maillage.core.documents.description import (
    Bloc,
    Definition,
    Document,
    Liste,
    Paragraphe,
    Saut,
    Section,
    Tableau,
    texte_libre,
)
from maillage.core.documents.texte import Texte, gras
from maillage.core.francais import date_longue, nombre
from maillage.projets.choices import StatutFiche
from maillage.projets.exportation.objet import CODES, objet_du_projet
from maillage.projets.models import ProjetSocial

STATUTS: Final = {code: StatutFiche(valeur).label for valeur, code in CODES.items()}
RUBRIQUES: Final = (
    ("Axe", "axe"),
    ("Statut de l’action", "statut"),
    ("Objectifs généraux", "objectifs_generaux"),
    ("Contexte", "contexte"),
    ("Objectifs opérationnels", "objectifs_operationnels"),
    ("Public cible", "public"),
    ("Présentation de l’action", "presentation"),
    ("Échéancier", "echeancier"),
    ("Moyens humains", "moyens_humains"),
    ("Moyens matériels et financiers", "moyens_materiels"),
    ("Partenaires", "partenaires"),
    ("Résultats attendus", "resultats_attendus"),
    ("Indicateurs quantitatifs", "indicateurs_quantitatifs"),
    ("Indicateurs qualitatifs", "indicateurs_qualitatifs"),
    ("Freins à lever", "freins"),
    ("Projets spécifiques", "projets_specifiques"),
    ("Pilote", "pilote"),
)
"""Libellé de la cellule, clé de l'objet. Une cellule vide ne se montre pas."""


def document_du_projet(projet: ProjetSocial) -> Document:
    objet = objet_du_projet(projet)
    return Document(
        titre=projet.nom,
        surtitre=f"Projet social {objet['periode']['debut']}-{objet['periode']['fin']}",
        sous_titre=projet.structure.nom,
        auteur=projet.structure.nom,
        date=timezone.localdate(projet.modifie_le),
        sections=tuple(_sections(projet, objet)),
        a_couverture=True,
        profondeur_du_sommaire=2,
    )


def _sections(projet: ProjetSocial, objet: dict[str, Any]) -> Iterator[Section]:
    yield Section("Le cadre du projet", (_cadre(projet, objet),))
    yield from _chapitres(projet)
    yield from _diagnostic(objet)
    if objet["axes"]:
        yield Section("L’arbre du projet")
        yield from _arbre(objet)
    if objet["fiches"]:
        yield Section("Les fiches actions", (Saut(),))
        yield from (_fiche(fiche) for fiche in objet["fiches"])
    if objet["gouvernance"]:
        yield Section("La gouvernance", (_gouvernance(objet["gouvernance"]),))
    if objet["sigles"]:
        yield Section("Les sigles", (_sigles(objet["sigles"]),))


def _cadre(projet: ProjetSocial, objet: dict[str, Any]) -> Definition:
    couples: tuple[tuple[str, Texte], ...] = (
        ("Centre social", projet.structure.nom),
        ("Période", f"du {date_longue(projet.du)} au {date_longue(projet.au)}"),
        ("Territoire", objet["territoire"]),
        ("Quartiers", ", ".join(objet["quartiers"])),
        ("Quartiers prioritaires (QPV)", ", ".join(objet["qpv"])),
    )
    return Definition(tuple(couple for couple in couples if couple[1]))


def _chapitres(projet: ProjetSocial) -> Iterator[Section]:
    """Un chapitre ne descend que d'un niveau à la fois, et pas plus bas que le quatrième."""
    niveau = 0
    for chapitre in projet.chapitres.order_by("rang", "pk"):
        niveau = min(chapitre.niveau, niveau + 1, 4)
        yield Section(chapitre.titre or "Sans titre", texte_libre(chapitre.texte), niveau=niveau)


def _diagnostic(objet: dict[str, Any]) -> Iterator[Section]:
    familles = objet["indicateurs_familles"]
    tableaux = [{"titre": "Indicateurs familles", **familles}] if familles else []
    blocs: list[Bloc] = [_tableau_par_zone(un) for un in (*tableaux, *objet["tableaux"]) if un["zones"]]
    if objet["chiffres_diagnostic"]:
        blocs.insert(0, _chiffres(objet["chiffres_diagnostic"]))
    if blocs:
        yield Section("Les chiffres du diagnostic", tuple(blocs))


def _chiffres(chiffres: Iterable[dict[str, Any]]) -> Tableau:
    return Tableau(
        legende="Chiffres du diagnostic",
        entetes=("Chiffre", "Valeur", "Zone", "Source", "Année"),
        lignes=tuple(
            (
                un["libelle"],
                f"{nombre(un['valeur'])} {un['unite']}".strip(),
                un["zone"],
                un["source"],
                str(un["annee"] or ""),
            )
            for un in chiffres
        ),
        alignements=("gauche", "droite", "gauche", "gauche", "droite"),
        largeurs=(5, 3, 4, 5, 2),
        a_entetes_de_ligne=True,
    )


def _tableau_par_zone(tableau: dict[str, Any]) -> Tableau:
    zones = tuple(tableau["zones"])

    def cellules(ligne: dict[str, Any]) -> tuple[str, ...]:
        par_zone = {valeur["zone"]: str(valeur["brut"]) for valeur in ligne["valeurs"]}
        return (ligne["libelle"], *(par_zone.get(zone, "") for zone in zones))

    return Tableau(
        legende=tableau["titre"],
        entetes=("Indicateur", *zones),
        lignes=tuple(map(cellules, tableau["lignes"])),
        notes=(f"Source : {tableau['source']}",) if tableau["source"] else (),
        a_entetes_de_ligne=True,
    )


def _arbre(objet: dict[str, Any]) -> Iterator[Section]:
    titres = {
        (fiche["axe"], fiche["numero"]): fiche["titre_dans_arbre"] or fiche["titre"]
        for fiche in objet["fiches"]
    }
    for axe in objet["axes"]:
        yield Section(f"Axe {axe['numero']} : {axe['titre']}", niveau=2)
        siens = [objectif for objectif in objet["objectifs"] if objectif["axe"] == axe["numero"]]
        sans_enjeu = [objectif for objectif in siens if objectif["enjeu"] is None]
        if sans_enjeu:
            yield Section("Objectifs de l’axe", _objectifs(sans_enjeu, titres), niveau=3)
        for enjeu in objet["enjeux"]:
            if enjeu["axe"] == axe["numero"]:
                les_siens = [objectif for objectif in siens if objectif["enjeu"] == enjeu["numero"]]
                titre = f"Enjeu {enjeu['numero']} : {enjeu['titre']}"
                yield Section(titre, _objectifs(les_siens, titres), niveau=3)


def _objectifs(objectifs: Iterable[dict[str, Any]], titres: dict[tuple[str, str], str]) -> tuple[Bloc, ...]:
    blocs: list[Bloc] = []
    for objectif in objectifs:
        blocs.append(Paragraphe(gras(f"Objectif général : {objectif['titre']}")))
        blocs += _citees(objectif["axe"], objectif["fiches"], titres)
        for dessous in objectif.get("operationnels", ()):
            blocs.append(Paragraphe(f"Objectif opérationnel : {dessous['titre']}"))
            blocs += _citees(objectif["axe"], dessous["fiches"], titres)
    return tuple(blocs)


def _citees(axe: str, numeros: Sequence[str], titres: dict[tuple[str, str], str]) -> list[Bloc]:
    if not numeros:
        return []
    return [Liste(tuple(f"Fiche {numero} : {titres.get((axe, numero), '')}" for numero in numeros))]


def _fiche(fiche: dict[str, Any]) -> Section:
    numero = fiche["numero_affiche"] or fiche["numero"]
    nom = f"Fiche action {numero}".strip()
    lignes = tuple((libelle, texte) for libelle, cle in RUBRIQUES if (texte := _cellule(cle, fiche[cle])))
    tableau = Tableau(
        legende=nom,
        entetes=("Rubrique", "Contenu"),
        lignes=lignes,
        largeurs=(2, 7),
        a_entetes_de_ligne=True,
    )
    return Section(f"{nom} : {fiche['titre']}", (tableau, Saut()), niveau=2)


def _cellule(cle: str, valeur: Any) -> str:
    if cle == "statut":
        return STATUTS.get(valeur, "")
    if isinstance(valeur, list):
        return "\n".join(f"• {element}" for element in valeur)
    return str(valeur or "")


def _gouvernance(instances: Iterable[dict[str, Any]]) -> Tableau:
    return Tableau(
        legende="Instances de gouvernance",
        entetes=("Instance", "Rôle", "Composition"),
        lignes=tuple((un["nom"], un["role"], un["composition"]) for un in instances),
        a_entetes_de_ligne=True,
    )


def _sigles(sigles: Iterable[dict[str, Any]]) -> Tableau:
    return Tableau(
        legende="Sigles",
        entetes=("Sigle", "Signification"),
        lignes=tuple((un["sigle"], un["sens"]) for un in sigles),
        largeurs=(1, 4),
        a_entetes_de_ligne=True,
    )
