"""La gouvernance en document : les instances, la part des habitants, la participation ; et un compte rendu.

Ce que le dehors lit ne nomme personne : des collèges et des nombres.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from django.utils import timezone

from maillage.core.documents.description import (
    Bloc,
    Definition,
    Document,
    Liste,
    Paragraphe,
    Section,
    Tableau,
    texte_libre,
)
from maillage.core.francais import compte, date_longue, heure, nombre
from maillage.core.graphiques import Graphique, Serie
from maillage.projets.exportation.figures import figure_de
from maillage.projets.importation.grammaire import ENTETES_DES_INSTANCES, LEGENDE_DES_INSTANCES
from maillage.projets.instances import Gouvernance, InstanceLue, ReunionLue, lire_gouvernance
from maillage.projets.lecture import Arbre
from maillage.projets.models import ProjetSocial, Reunion
from maillage.projets.participation import Participation, lire_participation

SOURCE: Final = "Feuilles de présence des réunions tenues, comptées par Maillage."
ECHELLE: Final = "De l’information à la codécision, la part des habitants grandit."


# --- Les instances ------------------------------------------------------------------------------------


def blocs_des_instances(projet: ProjetSocial) -> tuple[Bloc, ...]:
    """Les instances, qui y siège, combien de fois elles se réunissent, la part des habitants. Aucun nom."""
    lue = lire_gouvernance(projet)
    if not lue.instances:
        return ()
    return tuple(_blocs_des_instances(lue))


def tableau_des_instances(instances: Iterable[tuple[str, str, str]]) -> Tableau:
    """(nom, rôle, qui y siège) : le même tableau dans le dossier et dans le document qui se relit."""
    return Tableau(
        legende=LEGENDE_DES_INSTANCES,
        entetes=ENTETES_DES_INSTANCES,
        lignes=tuple(instances),
        largeurs=(3, 5, 4),
        a_entetes_de_ligne=True,
    )


def _blocs_des_instances(lue: Gouvernance) -> Iterator[Bloc]:
    yield tableau_des_instances(
        (une.instance.nom, une.instance.role, une.en_mots or une.instance.composition)
        for une in lue.instances
    )
    avec_sieges = [une for une in lue.instances if une.sieges.tous]
    if avec_sieges:
        yield Tableau(
            legende="Les sièges, et la part des habitants",
            entetes=("Instance", "Sièges", "Dont habitants", "Part", "Parité voulue"),
            lignes=tuple(
                (
                    une.instance.nom,
                    nombre(une.sieges.tous),
                    nombre(une.sieges.habitants),
                    str(une.sieges),
                    _parite(une),
                )
                for une in avec_sieges
            ),
            alignements=("gauche", "droite", "droite", "droite", "gauche"),
            largeurs=(5, 2, 2, 2, 3),
            a_entetes_de_ligne=True,
        )
    tenues = [une for une in lue.instances if une.tenues]
    if not tenues:
        return
    yield Tableau(
        legende="Les réunions tenues, et qui y était",
        entetes=("Instance", "Réunions", "Présences", "Dont habitants", "Part"),
        lignes=(
            *(_ligne_des_reunions(une.instance.nom, une.tenues, str(une.part)) for une in tenues),
            _ligne_des_reunions("Ensemble", [r for une in tenues for r in une.tenues], str(lue.part)),
        ),
        alignements=("gauche", "droite", "droite", "droite", "droite"),
        largeurs=(5, 2, 2, 2, 2),
        notes=("Une personne venue à deux réunions compte deux présences.",),
        a_entetes_de_ligne=True,
    )
    if graphique := graphique_des_habitants(lue):
        yield figure_de(graphique)


def _parite(une: InstanceLue) -> str:
    if not une.instance.veut_la_parite:
        return "Non"
    return "Oui, tenue" if une.est_paritaire else "Oui, pas encore tenue"


def _ligne_des_reunions(nom: str, tenues: list[ReunionLue], part: str) -> tuple[str, ...]:
    tous = sum(lue.part.tous for lue in tenues)
    habitants = sum(lue.part.habitants for lue in tenues)
    return (nom, nombre(len(tenues)), nombre(tous), nombre(habitants), part)


def graphique_des_habitants(lue: Gouvernance) -> Graphique | None:
    """La part des habitants parmi les présences, année par année. Rien tant qu'aucune réunion n'est notée."""
    annees = [annee for annee in lue.annees if lue.part_de(annee).tous]
    if not annees:
        return None
    return Graphique(
        titre="La part des habitants parmi les présences, en %",
        repere="Année",
        reperes=[str(annee) for annee in annees],
        series=[Serie("Habitants", [lue.part_de(annee).pour_cent for annee in annees])],
        source=SOURCE,
    )


# --- La participation ---------------------------------------------------------------------------------


def blocs_de_la_participation(projet: ProjetSocial, arbre: Arbre | None = None) -> tuple[Bloc, ...]:
    """L'échelle, et pour chaque fiche son degré et ce qui le montre. Des faits et des nombres, aucun nom."""
    lue = lire_participation(projet, arbre)
    if not lue.fiches:
        return ()
    return tuple(_blocs_de_la_participation(lue))


def _blocs_de_la_participation(lue: Participation) -> Iterator[Bloc]:
    if graphique := graphique_de_la_participation(lue):
        yield figure_de(graphique)
    fiches = [(degre, une) for degre in lue.degres for une in degre.fiches]
    yield Tableau(
        legende="Le degré de participation de chaque fiche, et ce qui le montre",
        entetes=("Fiche", "Degré", "Ce qui le montre"),
        lignes=tuple(
            (str(une.lue), degre.libelle, _preuve(une.texte, len(une.preuves), len(une.decisions)))
            for degre, une in fiches
        ),
        largeurs=(5, 3, 6),
        a_entetes_de_ligne=True,
    )


def _preuve(texte: str, preuves: int, decisions: int) -> str:
    faits = [
        *([compte(preuves, "fait daté,faits datés")] if preuves else []),
        *([f"{compte(decisions, 'décision')} en réunion"] if decisions else []),
    ]
    return "\n".join(filter(None, (texte, ", ".join(faits)))) or "Rien encore"


def graphique_de_la_participation(lue: Participation) -> Graphique | None:
    """Les fiches à chaque degré, et celles dont une preuve est notée."""
    if not lue.fiches:
        return None
    return Graphique(
        titre="Les fiches à chaque degré de participation",
        repere="Degré",
        reperes=[degre.libelle for degre in lue.degres],
        series=[
            Serie("Fiches", [len(degre.fiches) for degre in lue.degres]),
            Serie("Avec une preuve", [len(degre.prouvees) for degre in lue.degres]),
        ],
        source=ECHELLE,
    )


# --- Les documents ------------------------------------------------------------------------------------


def document_de_la_gouvernance(projet: ProjetSocial) -> Document:
    parties = (
        ("Les instances", blocs_des_instances(projet), "Aucune instance n’est encore décrite."),
        (
            "La participation des habitants",
            blocs_de_la_participation(projet),
            "Aucune fiche ne dit encore son degré de participation.",
        ),
    )
    return Document(
        titre=f"La gouvernance, {projet.nom}",
        sous_titre=projet.structure.nom,
        auteur=projet.structure.nom,
        date=timezone.localdate(),
        sections=tuple(Section(titre, blocs or (Paragraphe(vide),)) for titre, blocs, vide in parties),
    )


def compte_rendu_de(reunion: Reunion) -> Document:
    """Le compte rendu que l'on donne : qui était là en nombres, ce qui s'est dit, ce qui est décidé."""
    instance = reunion.instance
    lue = next(une for une in lire_gouvernance(instance.projet).reunions if une.reunion.pk == reunion.pk)
    return Document(
        titre=f"{instance.nom}, {date_longue(reunion.le)}",
        surtitre="Compte rendu" if lue.est_tenue else "Ordre du jour",
        sous_titre=instance.projet.structure.nom,
        auteur=instance.projet.structure.nom,
        date=reunion.le,
        blocs=(_identite(lue),),
        sections=tuple(_sections(lue)),
    )


def _identite(lue: ReunionLue) -> Definition:
    reunion = lue.reunion
    excuses = compte(lue.excuses, "personne excusée,personnes excusées") if lue.excuses else ""
    couples = (
        ("Jour", f"{date_longue(reunion.le)}{', ' + heure(reunion.heure) if reunion.heure else ''}"),
        ("Lieu", reunion.lieu),
        ("Étaient là", lue.en_mots),
        ("Excusés", excuses),
        ("Part des habitants", f"{lue.part} ({lue.part.detail})" if lue.part.tous else ""),
    )
    return Definition(tuple(couple for couple in couples if couple[1]))


def _sections(lue: ReunionLue) -> Iterator[Section]:
    reunion = lue.reunion
    if reunion.ordre_du_jour.strip():
        yield Section("L’ordre du jour", texte_libre(reunion.ordre_du_jour))
    if reunion.compte_rendu.strip():
        yield Section("Ce qui s’est dit", texte_libre(reunion.compte_rendu))
    if lue.decisions:
        tableau = Tableau(
            legende=f"Les décisions du {date_longue(reunion.le)}",
            entetes=("Ce qui est décidé", "Qui le fait", "Pour le"),
            lignes=tuple(
                (une.texte, une.qui or "–", date_longue(une.pour_le) or "–") for une in lue.decisions
            ),
            largeurs=(6, 3, 3),
            a_entetes_de_ligne=True,
        )
        yield Section("Ce qui est décidé", (tableau,))
    if not (reunion.ordre_du_jour.strip() or reunion.compte_rendu.strip() or lue.decisions):
        yield Section("À écrire", (Liste(("Cette réunion n’a encore ni ordre du jour ni compte rendu.",)),))


def invitation_a(reunion: Reunion) -> str:
    """Le texte à copier dans un message ou une affiche : Maillage n'écrit à personne."""
    quand = f"le {date_longue(reunion.le)}{' à ' + heure(reunion.heure) if reunion.heure else ''}"
    ou = f", {reunion.lieu}" if reunion.lieu else ""
    lignes = ["Bonjour,", f"« {reunion.instance.nom} » se réunit {quand}{ou}."]
    if ordre := reunion.ordre_du_jour.strip():
        lignes.append(f"Nous parlerons de :\n{ordre}")
    lignes.append("Dites-nous si vous venez. À bientôt !")
    return "\n\n".join(lignes)
