"""Le bilan annuel du projet en document : par axe, les valeurs, les degrés, ce que l'on garde."""

from collections.abc import Iterator

from django.utils import timezone

from maillage.core.documents.description import (
    Bloc,
    Chiffre,
    Chiffres,
    Citation,
    Definition,
    Document,
    Encadre,
    Paragraphe,
    Section,
    Tableau,
    texte_libre,
)
from maillage.core.documents.texte import Texte, gras
from maillage.core.francais import compte, nombre
from maillage.projets.choices import DegreAtteinte, SuiteDonnee
from maillage.projets.indicateurs import AnneeLue
from maillage.projets.models import BilanDeFiche
from maillage.projets.suivi import FicheSuivie, Suivi, SuiviDAxe


def bilan_annuel(suivi: Suivi) -> Document:
    """De toutes les fiches de l'année ; un bilan pas encore écrit est dit tel."""
    projet = suivi.projet
    sections: list[Section] = []
    for groupe in suivi.par_axe:
        if groupe.de_l_annee:
            sections += _axe(groupe, suivi.annee)
    return Document(
        titre=f"Bilan {suivi.annee}",
        surtitre=projet.structure.nom,
        sous_titre=projet.nom,
        auteur=projet.structure.nom,
        date=timezone.localdate(),
        blocs=_ensemble(suivi),
        sections=tuple(sections),
        a_couverture=True,
        profondeur_du_sommaire=1,
    )


def _ensemble(suivi: Suivi) -> tuple[Bloc, ...]:
    fiches = suivi.de_l_annee
    ecrits = [suivie.bilan for suivie in fiches if suivie.bilan is not None]
    clos = sum(bilan.clos_le is not None for bilan in ecrits)
    chiffres = Chiffres(
        (
            Chiffre(nombre(len(fiches)), f"fiches actions en {suivi.annee}"),
            Chiffre(nombre(clos), "bilans clos", f"sur {nombre(len(fiches))}"),
        )
    )
    if not ecrits:
        return (chiffres, Paragraphe("Aucun bilan n’est encore écrit pour cette année."))
    degres = tuple(
        (degre.label, nombre(sum(bilan.degre == degre for bilan in ecrits))) for degre in DegreAtteinte
    )
    suites = tuple(
        (suite.label, nombre(sum(bilan.suite == suite for bilan in ecrits))) for suite in SuiteDonnee
    )
    return (
        chiffres,
        Tableau(
            "Ce qui est atteint", ("Degré", "Fiches"), degres, ("gauche", "droite"), a_entetes_de_ligne=True
        ),
        Tableau(
            "Ce que l’on décide", ("Suite", "Fiches"), suites, ("gauche", "droite"), a_entetes_de_ligne=True
        ),
    )


def _axe(groupe: SuiviDAxe, annee: int) -> Iterator[Section]:
    titre = f"Axe {groupe.axe.lettre} : {groupe.axe.titre}" if groupe.axe else "Fiches à ranger"
    fiches = groupe.de_l_annee
    lignes: tuple[tuple[Texte, ...], ...] = tuple(
        (str(suivie.lue), *_en_bref(suivie.bilan), suivie.etat["libelle"]) for suivie in fiches
    )
    tableau = Tableau(
        f"{titre} en {annee}, {compte(len(fiches), 'fiche')}",
        ("Fiche", "Degré atteint", "Suite", "État"),
        lignes,
        largeurs=(9, 4, 4, 3),
        a_entetes_de_ligne=True,
    )
    yield Section(titre, (tableau,))
    for suivie in fiches:
        yield Section(str(suivie.lue), tuple(_fiche(suivie, annee)), niveau=2)


def _en_bref(bilan: BilanDeFiche | None) -> tuple[str, str]:
    if bilan is None:
        return ("Pas encore dit", "Pas encore dite")
    return (bilan.get_degre_display() or "Pas encore dit", bilan.get_suite_display() or "Pas encore dite")


def _fiche(suivie: FicheSuivie, annee: int) -> Iterator[Bloc]:
    bilan = suivie.bilan
    degre, suite = _en_bref(bilan)
    couples = (("Pilote", suivie.pilote), ("Degré atteint", degre), ("Suite", suite))
    yield Definition(tuple((terme, valeur) for terme, valeur in couples if valeur))
    lues = [lu.annee(annee) for lu in suivie.indicateurs]
    if quantitatifs := [lue for lue in lues if lue.indicateur.est_quantitatif]:
        yield _valeurs(quantitatifs, f"{suivie.lue} : les valeurs de {annee}")
    for lue in lues:
        if not lue.indicateur.est_quantitatif:
            yield from _reponse(lue)
    if bilan is None:
        yield Paragraphe(f"Le bilan de {annee} n’est pas encore écrit.", role="note")
        return
    for titre, texte in (
        ("Ce qui a marché", bilan.a_marche),
        ("Ce qui n’a pas marché", bilan.n_a_pas_marche),
    ):
        if texte:
            yield Paragraphe(gras(titre))
            yield from texte_libre(texte)
    if bilan.lecon:
        yield Encadre("neutre", "La leçon", texte_libre(bilan.lecon))


def _valeurs(lues: list[AnneeLue], legende: str) -> Tableau:
    lignes: list[tuple[Texte, ...]] = []
    notes: list[Texte] = []
    for lue in lues:
        unite = f" ({lue.indicateur.unite})" if lue.indicateur.unite else ""
        corrigee = ""
        if lue.est_corrigee and lue.releve is not None:
            corrigee = nombre(lue.releve.valeur)
            notes.append(f"« {lue.indicateur} », corrigée : {lue.releve.motif}")
        if lue.court_encore:
            notes.append(f"« {lue.indicateur} » : {lue.court_encore[0].lower()}{lue.court_encore[1:]}")
        lignes.append(
            (
                f"{lue.indicateur}{unite}",
                nombre(lue.calculee.valeur) if lue.calculee else "–",
                lue.cachee
                or corrigee
                or (nombre(lue.retenue) if lue.calculee is None and lue.retenue is not None else "–"),
                nombre(lue.cible.valeur) if lue.cible else "–",
            )
        )
    return Tableau(
        legende,
        ("Indicateur", "Calculée", "Notée", "Cible"),
        tuple(lignes),
        ("gauche", "droite", "droite", "droite"),
        tuple(notes),
        a_entetes_de_ligne=True,
        largeurs=(10, 3, 3, 3),
    )


def _reponse(lue: AnneeLue) -> Iterator[Bloc]:
    yield Paragraphe((gras(f"{lue.indicateur} "), lue.dite or "Pas encore de réponse"))
    if lue.releve is None:
        return
    if lue.releve.mots:
        yield from texte_libre(lue.releve.mots)
    if lue.releve.parole:
        yield Citation(lue.releve.parole)  # qui en a jugé n'est pas qui l'a dite : aucun nom ne sort
