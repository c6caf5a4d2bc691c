"""Le rapport d'évaluation en document : ce qu'il faut retenir en une page, puis prévu, fait, effet, et la suite.

Il se lit au dehors : les petits nombres y sont cachés, et une parole n'y a pas de nom.
"""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from maillage.core.documents.description import (
    Bloc,
    Chiffre,
    Chiffres,
    Citation,
    Definition,
    Document,
    Encadre,
    Liste,
    Paragraphe,
    Saut,
    Section,
    Tableau,
    texte_libre,
)
from maillage.core.documents.texte import Texte, gras
from maillage.core.francais import compte, nombre
from maillage.projets.choices import MomentEvaluation, SuiteProposee
from maillage.projets.evaluation_lue import AxeEvalue, EvaluationLue, FicheEvaluee, ObjectifEvalue
from maillage.projets.exportation.figures import a_droite, figure_de
from maillage.projets.exportation.memoire import blocs_de_la_memoire
from maillage.projets.indicateurs import IndicateurLu
from maillage.projets.lecture_evaluation import lire_evaluation
from maillage.projets.models import ProjetSocial, Proposition

__all__ = ["blocs_de_la_memoire", "document_de_l_evaluation", "rapport_d_evaluation"]

RIEN = "–"
VERDICTS = {True: "Atteinte", False: "Pas atteinte", None: RIEN}


def rapport_d_evaluation(projet: ProjetSocial, moment: str) -> Document:
    """`moment` : de `MomentEvaluation`. Ce qui n'est pas encore écrit est dit tel."""
    return document_de_l_evaluation(lire_evaluation(projet, moment, est_dehors=True))


def document_de_l_evaluation(lue: EvaluationLue) -> Document:
    """`lue` : du dehors."""
    projet = lue.projet
    return Document(
        titre=str(MomentEvaluation(lue.evaluation.moment).label),
        surtitre=projet.structure.nom,
        sous_titre=projet.nom,
        auteur=projet.structure.nom,
        date=timezone.localdate(),
        sections=tuple(_sections(lue)),
        a_couverture=True,
        profondeur_du_sommaire=2,
    )


def _sections(lue: EvaluationLue) -> Iterator[Section]:
    yield Section("Ce qu’il faut retenir", tuple(_a_retenir(lue)))
    yield Section("Comment nous avons évalué", tuple(_methode(lue)))
    yield Section("Prévu et fait, d’ensemble", tuple(_ensemble(lue)))
    for axe in lue.axes:
        yield from _axe(axe, lue.evaluation.annee)
    if lue.questions or lue.reponses:
        yield Section("Les questions de l’évaluation")
        yield from _questions(lue)
    yield Section("Ce que nous avons appris", tuple(_lecons(lue)))
    yield Section("Ce que nous proposons pour la suite", tuple(_suites(lue)))


# --- D'ensemble -------------------------------------------------------------------------------------


def _a_retenir(lue: EvaluationLue) -> Iterator[Bloc]:
    chiffres = [(lue.menees, "fiches menées", len(lue.prevues), "prévues")]
    chiffres += [(lue.etapes_faites, "étapes faites", lue.etapes, "prévues")] if lue.etapes else []
    chiffres += [(lue.cibles_atteintes, "cibles atteintes", lue.jugees, "comparables")] if lue.jugees else []
    yield Chiffres(
        tuple(
            Chiffre(nombre(combien), libelle, f"sur {nombre(base)} {quoi}")
            for combien, libelle, base, quoi in chiffres
        )
    )
    if lue.evaluation.synthese.strip():
        yield from texte_libre(lue.evaluation.synthese)
    else:
        yield Paragraphe("Ce qu’il faut retenir n’est pas encore écrit.", role="note")
    if lue.dites:
        objectifs = [objectif.suite for objectif in lue.objectifs]
        lignes = tuple(
            (str(suite.label), nombre(len(fiches)), nombre(objectifs.count(suite)))
            for suite, fiches in lue.par_suite
        )
        yield Tableau(
            "Ce que nous proposons",
            ("Proposition", "Fiches", "Objectifs"),
            lignes,
            ("gauche", "droite", "droite"),
            a_entetes_de_ligne=True,
        )


def _methode(lue: EvaluationLue) -> Iterator[Bloc]:
    yield Paragraphe(
        f"Ce rapport regarde le projet depuis son début, jusqu’à l’année {lue.evaluation.annee} comprise."
    )
    if lue.evaluation.methode.strip():
        yield from texte_libre(lue.evaluation.methode)
    if participants := lue.participants:
        lignes: tuple[tuple[Texte, ...], ...] = tuple(
            (libelle[:1].upper() + libelle[1:], nombre(combien)) for libelle, combien in participants
        )
        yield Tableau(
            "Qui a participé à l’évaluation",
            ("Qui", "Personnes"),
            lignes,
            ("gauche", "droite"),
            a_entetes_de_ligne=True,
        )
    yield Saut()


def _ensemble(lue: EvaluationLue) -> Iterator[Bloc]:
    lignes = tuple(
        (
            axe.titre,
            nombre(sum(f.etait_prevue for f in axe.fiches)),
            nombre(sum(f.est_menee and f.etait_prevue for f in axe.fiches)),
            _sur(sum(f.etapes_faites for f in axe.fiches), sum(len(f.etapes) for f in axe.fiches)),
            _sur(sum(f.cibles_atteintes for f in axe.fiches), sum(len(f.jugees) for f in axe.fiches)),
        )
        for axe in lue.axes
    )
    if not lignes:
        yield Paragraphe("L’arbre de ce projet est vide.", role="note")
        return
    yield Tableau(
        "Prévu et fait, axe par axe",
        ("Axe", "Fiches prévues", "Menées", "Étapes faites", "Cibles atteintes"),
        lignes,
        ("gauche", "droite", "droite", "droite", "droite"),
        (
            "Une cible est comparable quand on connaît aussi la valeur de la même année ; "
            "on prend la dernière.",
        ),
        a_entetes_de_ligne=True,
        largeurs=(8, 3, 3, 3, 3),
    )
    for graphique in (lue.graphique_des_degres, lue.graphique_des_cibles):
        if graphique is not None:
            yield figure_de(graphique)


def _sur(faits: int, prevus: int) -> str:
    return f"{nombre(faits)} sur {nombre(prevus)}" if prevus else RIEN


# --- Axe par axe ------------------------------------------------------------------------------------


def _axe(axe: AxeEvalue, annee: int) -> Iterator[Section]:
    yield Section(axe.titre, tuple(_fiches_de_l_axe(axe)))
    for enjeu in axe.enjeux:
        for objectif in enjeu.objectifs:
            yield Section(
                objectif.lu.objectif.titre, tuple(_objectif(objectif, enjeu.lu.enjeu.titre)), niveau=2
            )
            for fiche in objectif.fiches:
                yield Section(str(fiche), tuple(_fiche(fiche, annee)), niveau=3)
    if axe.sans_objectif:
        titre = "Fiches sans objectif" if axe.lu else "Fiches sans axe"
        yield Section(titre, niveau=2)
        for fiche in axe.sans_objectif:
            yield Section(str(fiche), tuple(_fiche(fiche, annee)), niveau=3)


def _fiches_de_l_axe(axe: AxeEvalue) -> Iterator[Bloc]:
    if not axe.fiches:
        yield Paragraphe("Aucune fiche dans cet axe.", role="note")
        return
    lignes: tuple[tuple[Texte, ...], ...] = tuple(
        (
            str(fiche),
            str(fiche.fiche.get_etat_display()),
            _sur(fiche.etapes_faites, len(fiche.etapes)),
            _sur(fiche.cibles_atteintes, len(fiche.jugees)),
            fiche.degre_dit or RIEN,
            str(SuiteProposee(fiche.suite).label) if fiche.suite else RIEN,
        )
        for fiche in axe.fiches
    )
    yield Tableau(
        f"{axe.titre}, {compte(len(axe.fiches), 'fiche')}",
        ("Fiche", "État", "Étapes faites", "Cibles atteintes", "Degré", "Proposition"),
        lignes,
        a_entetes_de_ligne=True,
        largeurs=(7, 3, 3, 4, 4, 5),
    )


def _objectif(objectif: ObjectifEvalue, enjeu: str) -> Iterator[Bloc]:
    if enjeu:
        yield Paragraphe(f"Enjeu : {enjeu}", role="note")
    yield from _proposition(objectif.proposition, "Pour cet objectif, nous proposons")
    if objectif.lu.operationnels:
        yield Paragraphe(gras("Objectifs opérationnels"))
        yield Liste(tuple(operationnel.objectif.titre for operationnel in objectif.lu.operationnels))
    if not objectif.fiches:
        yield Paragraphe("Aucune fiche ne porte cet objectif.", role="note")


def _proposition(proposition: Proposition | None, debut: str) -> Iterator[Bloc]:
    if proposition is None or not proposition.suite:
        return
    suite = str(SuiteProposee(proposition.suite).label).lower()
    ton = "stop" if proposition.suite == SuiteProposee.ARRETER else "ok"
    raison = texte_libre(proposition.raison) or (Paragraphe("La raison n’est pas encore dite.", role="note"),)
    yield Encadre("neutre" if ton == "ok" else "alerte", f"{debut} : {suite}", raison)


def _fiche(fiche: FicheEvaluee, jusqu_a: int) -> Iterator[Bloc]:
    """Prévu, fait, effet : toujours dans cet ordre."""
    yield Definition(tuple(_en_bref(fiche)))
    if attendus := fiche.fiche.resultats_attendus:
        yield Paragraphe(gras("Ce que nous en attendions"))
        yield from _avec_des_chapeaux(attendus)
    if fiche.quantitatifs:
        yield _valeurs(fiche, jusqu_a)
    if fiche.proposition is not None and fiche.proposition.effet.strip():
        yield Paragraphe(gras("Ce que cela a changé"))
        yield from texte_libre(fiche.proposition.effet)
    for lue in fiche.reponses:
        yield Paragraphe((gras(f"{lue.indicateur} "), f"{lue.annee} : {lue.dite.lower() or 'sans degré'}."))
        if lue.releve is not None and lue.releve.mots:
            yield from texte_libre(lue.releve.mots)
        if lue.releve is not None and lue.releve.parole:
            yield Citation(lue.releve.parole)
    if bilan := fiche.dernier_bilan:
        for titre, texte in (
            (f"Ce qui a marché en {bilan.annee}", bilan.a_marche),
            (f"Ce qui n’a pas marché en {bilan.annee}", bilan.n_a_pas_marche),
        ):
            if texte:
                yield Paragraphe(gras(titre))
                yield from texte_libre(texte)
    yield from _proposition(fiche.proposition, "Nous proposons")


def _en_bref(fiche: FicheEvaluee) -> Iterator[tuple[str, Texte]]:
    prevues = ", ".join(map(str, fiche.annees)) or "Après cette évaluation"
    yield "Prévue", prevues
    yield "Où elle en est", str(fiche.fiche.get_etat_display())
    if fiche.etapes:
        yield "Étapes faites", _sur(fiche.etapes_faites, len(fiche.etapes))
    if fiche.bilans:
        degres = [
            f"{bilan.annee} : {bilan.get_degre_display().lower()}" for bilan in fiche.bilans if bilan.degre
        ]
        if degres:
            yield "Degré atteint", " ; ".join(degres)


def _avec_des_chapeaux(lignes: Iterable[str]) -> Iterator[Bloc]:
    """Une ligne qui finit par « : » chapeaute celles qui suivent."""
    puces: list[Texte] = []
    for ligne in lignes:
        if not ligne.rstrip().endswith(":"):
            puces.append(ligne)
            continue
        if puces:
            yield Liste(tuple(puces))
            puces = []
        yield Paragraphe(ligne)
    if puces:
        yield Liste(tuple(puces))


def _valeurs(fiche: FicheEvaluee, jusqu_a: int) -> Tableau:
    annees = [annee for annee in fiche.suivie.projet.annees if annee <= jusqu_a]
    lignes = tuple(_ligne(lu, annees, fiche) for lu in fiche.quantitatifs)
    return Tableau(
        f"{fiche} : prévu et fait",
        ("Indicateur", "Départ", *map(str, annees), "Dernière cible", "Verdict"),
        lignes,
        (*a_droite(len(annees) + 2), "gauche"),
        a_entetes_de_ligne=True,
        largeurs=(8, 4, *(3 for _ in annees), 4, 5),
    )


def _ligne(lu: IndicateurLu, annees: list[int], fiche: FicheEvaluee) -> tuple[Texte, ...]:
    unite = f" ({lu.indicateur.unite})" if lu.indicateur.unite else ""
    jugee = next((lue for lue in fiche.jugees if lue.indicateur == lu.indicateur), None)
    visees = [lu.annee(annee) for annee in annees if lu.annee(annee).cible is not None]
    visee = jugee or (visees[-1] if visees else None)
    lues = [lu.annee(annee) for annee in annees]
    return (
        f"{lu.indicateur.libelle}{unite}",
        nombre(lu.indicateur.depart) or RIEN,
        *(lue.cachee or nombre(lue.retenue) or RIEN for lue in lues),
        nombre(visee.cible.valeur) if visee is not None and visee.cible else RIEN,
        VERDICTS[jugee.est_atteinte] if jugee else RIEN,
    )


# --- Réponses, leçons, suites -----------------------------------------------------------------------


def _questions(lue: EvaluationLue) -> Iterator[Section]:
    """Celles du référentiel, puis celles auxquelles on avait répondu et qui n'y sont plus."""
    posees = {question.cle for question in lue.questions}
    couples = [(question.texte, lue.reponse(question)) for question in lue.questions]
    couples += [(une.question, une.texte) for cle, une in lue.reponses.items() if cle not in posees]
    for question, reponse in couples:
        blocs: tuple[Bloc, ...] = texte_libre(reponse)
        yield Section(question, blocs or (Paragraphe("Pas encore de réponse.", role="note"),), niveau=2)


def _lecons(lue: EvaluationLue) -> Iterator[Bloc]:
    lecons = list(lue.evaluation.lecons.all()) if lue.est_commencee else []
    if not lecons:
        yield Paragraphe("Aucune leçon n’est encore retenue.", role="note")
        return
    yield Tableau(
        "Les leçons, et où elles serviront",
        ("Ce que nous avons appris", "Où cela servira"),
        tuple((lecon.texte, lecon.ou_sert or RIEN) for lecon in lecons),
        largeurs=(5, 4),
    )


def _suites(lue: EvaluationLue) -> Iterator[Bloc]:
    if not lue.dites and not lue.nouveautes:
        yield Paragraphe("Aucune proposition n’est encore écrite.", role="note")
        return
    for suite, fiches in lue.par_suite:
        objectifs = [objectif for objectif in lue.objectifs if objectif.suite == suite]
        lignes: list[tuple[Texte, ...]] = [
            (f"Objectif : {objectif.lu.objectif.titre}", _raison(objectif.proposition))
            for objectif in objectifs
        ]
        lignes += [(str(fiche), _raison(fiche.proposition)) for fiche in fiches]
        if lignes:
            yield _tableau_des_suites(str(suite.label), lignes)
    if lue.nouveautes:
        yield _tableau_des_suites(
            str(SuiteProposee.COMMENCER.label),
            [(nouveaute.titre, nouveaute.raison or RIEN) for nouveaute in lue.nouveautes],
        )


def _raison(proposition: Proposition | None) -> str:
    return (proposition.raison if proposition else "") or RIEN


def _tableau_des_suites(titre: str, lignes: list[tuple[Texte, ...]]) -> Tableau:
    return Tableau(titre, ("Quoi", "Pourquoi"), tuple(lignes), a_entetes_de_ligne=True, largeurs=(4, 6))
