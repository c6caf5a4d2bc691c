"""Le quotidien qui remplit les indicateurs : un an simulé d'un centre de deux lieux, sur un vrai projet social."""

import json
import time
from typing import Any, Final

from outils.epreuves._compte import brancher
from outils.installation import RACINE, Installation, installation_jetable
from outils.mesures import Mesure, nombre

PARTAGE: Final = RACINE.parent / "shared"
DOCUMENT: Final = PARTAGE / "sources" / "clermont-ferrand-projets-sociaux-extrait.txt"
VERITE: Final = PARTAGE / "verites" / "indicateurs-sud.json"
RENTREE: Final = 2023
"""Le projet va de 2021 à 2024 : l'année scolaire touche 2023 et 2024."""
HORS_DU_QUOTIDIEN: Final = {
    "manuel",
    "statistiques_web",
    "conventions",
    "entretiens",
    "accompagnements",
    "orientations",
    "prescriptions",
    "resultats_accompagnement",
}
PART_MINIMALE: Final = 0.95
RECALCUL_MAXIMAL_S: Final = 5.0


def mesurer(**variables: str) -> list[Mesure]:
    """`variables` : celles de l'installation, `DATABASE_URL` par exemple."""
    if not DOCUMENT.exists():
        return []
    with installation_jetable(**variables) as installation:
        installation.commande("charger_territoire", "--ecrire")
        brancher(installation)
        installation.publier_statiques()
        return _mesurer(installation)


def _mesurer(installation: Installation) -> list[Mesure]:
    from django.core.management import call_command

    from outils.mesures._annee import simuler
    from outils.mesures._fraicheur import mesurer_la_fraicheur
    from outils.mesures._pages import mesurer_les_pages

    projet = _projet_importe()
    accepter_tout(projet)
    simuler(projet, rentree=RENTREE)
    debut = time.perf_counter()
    call_command("recalculer", ecrire=True, json=True)
    duree = time.perf_counter() - debut
    return [
        *_rien_a_retaper(projet),
        _recomptes(projet),
        _temps(duree, projet),
        *mesurer_la_fraicheur(installation, projet),
        *mesurer_les_pages(projet, RENTREE + 1),
    ]


def _projet_importe() -> Any:
    from maillage.core.journal import SYSTEME
    from maillage.projets.operations.documents_lus import lire_le_document
    from maillage.projets.operations.importation import importer_projets, periode_dite

    lecture = lire_le_document(DOCUMENT.read_bytes(), DOCUMENT.name)
    periodes = [periode_dite(lu) or (2023, 2026) for lu in lecture.projets]
    projets = importer_projets(lecture, structures=[], periodes=periodes, par=SYSTEME)
    return max(projets, key=lambda projet: projet.fiches.count())


def accepter_tout(projet: Any) -> None:
    """Chaque proposition telle quelle, comme une personne qui accepte tout sans relire."""
    from maillage.core.journal import SYSTEME
    from maillage.evaluation.lecture import Compte
    from maillage.evaluation.operations import accepter_les_phrases
    from maillage.projets.models import Indicateur

    siens = Indicateur.objects.filter(fiche__projet=projet).select_related("fiche").order_by("pk")
    comptes = [Compte(indicateur) for indicateur in siens]
    definitions = {lu.indicateur: lu.comprise.definition for lu in comptes if lu.comprise}
    versions = {indicateur.pk: indicateur.version for indicateur in definitions}
    par: Any = SYSTEME
    accepter_les_phrases(definitions, versions, par=par)


def _rien_a_retaper(projet: Any) -> list[Mesure]:
    from maillage.projets.choices import ListeIndicateur
    from maillage.projets.models import Indicateur

    siens = Indicateur.objects.filter(fiche__projet=projet, liste=ListeIndicateur.QUANTITATIVE)
    remplis = [
        (_nu(indicateur.libelle), _valant(indicateur))
        for indicateur in siens.filter(valeurs_calculees__isnull=False).distinct().order_by("pk")
    ]
    verites = [
        v
        for v in json.loads(VERITE.read_text(encoding="utf-8"))["indicateurs"]
        if v["liste"] == "quantitative"
    ]
    vises = [verite for verite in verites if any(not une & HORS_DU_QUOTIDIEN for une in _acceptees(verite))]
    vides = [verite for verite in vises if not _est_rempli(verite, remplis)]
    part = 1 - len(vides) / len(vises)
    en_tout = sum(_est_rempli(verite, remplis) for verite in verites)
    return [
        Mesure(
            "rien à retaper : les quantitatifs que le quotidien sait compter",
            f"≥ {nombre(PART_MINIMALE * 100, 0)} %",
            f"{nombre(part * 100, 1)} %",
            f"{len(vises) - len(vides)} sur {len(vises)} reçoivent une valeur, propositions acceptées sans relire",
            part >= PART_MINIMALE,
        ),
        Mesure(
            "rien à retaper : tous les quantitatifs du projet",
            "—",
            f"{nombre(100 * en_tout / len(verites), 1)} %",
            f"{en_tout} sur {len(verites)} ; les autres disent en mots ce qui manque",
        ),
    ]


def _acceptees(verite: Any) -> list[set[str]]:
    return [{*mesures} for mesures in verite.get("acceptees", [verite["mesures"]])]


def _valant(indicateur: Any) -> set[str]:
    """Les mesures qui ont une valeur une de ses années : la sienne, et celles qui se lisent à côté."""
    details = indicateur.valeurs_calculees.order_by("pk").values_list("detail", flat=True)
    return {une["mesure"] for detail in details for une in detail if une["valeur"] is not None}


def _est_rempli(verite: Any, remplis: list[tuple[str, set[str]]]) -> bool:
    """Le document a parfois collé deux indicateurs en une ligne : sa phrase doit alors compter aussi celui-ci."""
    texte = _nu(verite["texte"])
    for libelle, mesures in remplis:
        if libelle == texte:
            return True
        if (texte in libelle or texte.startswith(libelle)) and any(
            une <= mesures for une in _acceptees(verite)
        ):
            return True
    return False


def _nu(texte: str) -> str:
    return "".join(lettre for lettre in texte.casefold() if lettre.isalnum())


def ecarts(projet: Any, annees: tuple[int, ...]) -> tuple[int, list[str]]:
    """Combien de valeurs recomptées en Python nu, et celles qui diffèrent. Années civiles seulement."""
    from maillage.evaluation.calcul import calculer, periode
    from maillage.evaluation.lecture import Compte
    from maillage.projets.models import Indicateur
    from outils.mesures._recompte import Recompte

    recompte = Recompte(projet.structure)
    siens = (
        Indicateur.objects.filter(fiche__projet=projet).exclude(definition={}).select_related("fiche__projet")
    )
    combien, faux = 0, []
    gardees = {
        (une.indicateur_id, une.annee): une.valeur
        for indicateur in siens
        for une in indicateur.valeurs_calculees.order_by("pk")
    }
    for indicateur in siens.order_by("pk"):
        definition = Compte(indicateur).enregistree.definition  # type: ignore[union-attr]
        for annee in annees:
            quand = periode(definition.calendrier, annee, projet)
            for rang, calculee in enumerate(calculer(definition, indicateur.fiche, quand)):
                if calculee.mesure.value in HORS_DU_QUOTIDIEN:
                    continue
                attendue = recompte.valeur(indicateur, indicateur.fiche, annee, calculee.mesure.value)
                combien += 1
                if calculee.decompte.valeur != attendue or (
                    rang == 0 and gardees.get((indicateur.pk, annee)) != attendue
                ):
                    trouvee = calculee.decompte.valeur
                    faux.append(f"{indicateur.pk} {annee} {indicateur.definition} {trouvee} ≠ {attendue}")
    return combien, faux


def _recomptes(projet: Any) -> Mesure:
    combien, faux = ecarts(projet, (RENTREE, RENTREE + 1))
    for un in faux[:20]:
        print(un)
    return Mesure(
        "valeurs recomptées en Python nu, sur les mêmes lignes",
        "toutes égales",
        f"{combien - len(faux)} sur {combien}",
        "18 000 passages, 2 400 séances, 30 000 présences, 600 personnes ; deux années civiles",
        not faux,
    )


def _temps(duree: float, projet: Any) -> Mesure:
    fiches = projet.fiches.count()
    return Mesure(
        "recompter toutes les années d'un centre",
        f"≤ {nombre(RECALCUL_MAXIMAL_S, 0)} s",
        f"{nombre(duree, 1)} s",
        f"{fiches} fiches et le bilan du centre, quatre années",
        duree <= RECALCUL_MAXIMAL_S,
    )
