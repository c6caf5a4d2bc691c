"""Ce qui n'est pas encore écrit, dans l'ordre où l'on écrit un projet. Un point par sujet, et tous ses endroits."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from maillage.core.francais import compte, date_longue
from maillage.projets.choices import EtatFiche, EtatMorceau
from maillage.projets.guide import ATTENTES
from maillage.projets.lecture import FicheLue, ObjectifLu
from maillage.projets.manques import Manque, Place
from maillage.projets.models import Indicateur
from maillage.projets.regles import rappels_de
from maillage.projets.verification.lecture import Lecture
from maillage.projets.verification.textes import a_plat, place_du_champ, place_du_chapitre

SUJETS: Final = {
    "contexte": "sans besoin ni contexte",
    "objectif": "sans objectif",
    "objectifs_operationnels": "sans objectif opérationnel",
    "public": "sans public",
    "degre_participation": "sans part des habitants",
    "presentation": "sans présentation",
    "annees": "sans année",
    "pilote": "sans pilote",
    "moyens_humains": "sans moyens",
    "resultats_attendus": "sans résultat attendu",
}
"""Premier champ de chaque attente du guide (`guide.ATTENTES`) → ce qu'on en dit."""


def a_completer(lecture: Lecture) -> Iterator[Manque]:
    yield from _territoire(lecture)
    yield from _chapitres(lecture)
    yield from _arbre(lecture)
    yield from _fiches(lecture)
    yield from _indicateurs(lecture)
    yield from _gouvernance(lecture)
    yield from _pieces(lecture)
    yield from _reste(lecture)


def _territoire(lecture: Lecture) -> Iterator[Manque]:
    if not lecture.projet.communes.exists():
        yield Manque("Aucune commune n’est dite dans le territoire.", "projet_territoire", cle="communes")


def _chapitres(lecture: Lecture) -> Iterator[Manque]:
    """Un chapitre vide ne compte pas quand ceux qu'il chapeaute sont écrits."""
    chapitres = lecture.chapitres
    vides = [
        chapitre
        for rang, chapitre in enumerate(chapitres)
        if not chapitre.texte.strip()
        and not (rang + 1 < len(chapitres) and chapitres[rang + 1].niveau > chapitre.niveau)
    ]
    yield from _un(
        (place_du_chapitre(lecture.projet, un) for un in vides),
        "{} sans texte.",
        "chapitre",
        "dossier",
        "chapitres_vides",
    )
    ecrits = {a_plat(chapitre.titre) for chapitre in chapitres}
    for attendu in lecture.referentiel.chapitres:
        if (
            not attendu.blocs
            and not _est_un_chapeau(lecture, attendu.cle)
            and a_plat(attendu.titre) not in ecrits
        ):
            yield Manque(
                f"Le chapitre « {attendu.titre} » n’est pas écrit.", "dossier", cle=f"chapitre {attendu.cle}"
            )


def _est_un_chapeau(lecture: Lecture, cle: str) -> bool:
    """Un chapitre attendu qui en ouvre d'autres se passe de texte."""
    attendus = lecture.referentiel.chapitres
    rang = next(place for place, un in enumerate(attendus) if un.cle == cle)
    return rang + 1 < len(attendus) and attendus[rang + 1].niveau > attendus[rang].niveau


def _arbre(lecture: Lecture) -> Iterator[Manque]:
    arbre, projet = lecture.arbre, lecture.projet
    if not arbre.axes:
        yield Manque("L’arbre n’a pas encore d’axe.", "arbre", cle="axes")

    def noeud(genre: str, pk: int, nom: str) -> Place:
        return Place(nom, "arbre", (("pk", projet.pk),), f"{genre}-{pk}")

    vides = [axe.axe for axe in arbre.axes if not axe.fiches]
    if vides:
        lettres = ", ".join(f"axe {axe.lettre}" for axe in vides)
        places = tuple(noeud("axe", axe.pk, f"Axe {axe}") for axe in vides)
        yield Manque(f"Sans aucune fiche : {lettres}.", "arbre", cle="axes_vides", places=places)
    yield from _un(
        (
            noeud("enjeu", lu.enjeu.pk, f"Enjeu « {lu.enjeu} »")
            for lu in arbre.enjeux
            if not lu.objectifs and lu.enjeu.titre
        ),
        "{} sans objectif.",
        "enjeu,enjeux",
        "arbre",
        "enjeux_sans_objectif",
    )
    yield from _un(
        (
            noeud("objectif", lu.objectif.pk, f"Objectif « {lu.objectif} »")
            for lu in arbre.objectifs
            if not _est_servi(lu)
        ),
        "{} sans aucune fiche.",
        "objectif",
        "arbre",
        "objectifs_sans_fiche",
    )
    yield from _un(
        (Place(f"Fiche « {lue.fiche} »", "fiche_action", (("pk", lue.fiche.pk),)) for lue in arbre.a_ranger),
        "{} sans axe.",
        "fiche",
        "arbre",
        "fiches_sans_axe",
    )


def _est_servi(lu: ObjectifLu) -> bool:
    return any(un.fiches or un.citees for un in (lu, *lu.operationnels))


def _fiches(lecture: Lecture) -> Iterator[Manque]:
    fiches = lecture.arbre.fiches
    a_ecrire = {lue.fiche.pk for lue in fiches if lue.fiche.etat == EtatFiche.A_ECRIRE}
    yield from _un(
        (
            Place(f"Fiche {lue}", "fiche_action", (("pk", lue.fiche.pk),))
            for lue in fiches
            if lue.fiche.pk in a_ecrire
        ),
        "{} encore à écrire.",
        "fiche",
        "tableau",
        "fiches_a_ecrire",
    )
    for groupe, _ in ATTENTES:
        sujet = groupe[0]
        manquent = [lue for lue in fiches if not any(_est_dit(lue, champ) for champ in groupe)]
        if sujet == "objectif":
            manquent = [lue for lue in manquent if lue.axe is not None]
        places = tuple(place_du_champ(lue.fiche, sujet, str(lue)) for lue in manquent)
        yield from _un(places, f"{{}} {SUJETS[sujet]}.", "fiche", "tableau", f"fiches_sans_{sujet}")
    avec = {indicateur.fiche_id for indicateur in lecture.indicateurs}
    yield from _un(
        (
            Place(f"Fiche {lue}", "indicateurs", (("pk", lue.fiche.pk),))
            for lue in fiches
            if lue.fiche.pk not in avec
        ),
        "{} sans indicateur.",
        "fiche",
        "tableau",
        "fiches_sans_indicateur",
    )


def _est_dit(lue: FicheLue, champ: str) -> bool:
    return bool(getattr(lue.fiche, f"{champ}_id" if champ in {"objectif", "pilote"} else champ))


def _indicateurs(lecture: Lecture) -> Iterator[Manque]:
    """Ce qu'il faut pour juger d'un nombre : d'où l'on part, où l'on va, d'où il vient."""
    quantitatifs = [un for un in lecture.indicateurs if un.est_quantitatif]
    saisis = [un for un in lecture.indicateurs if un.source == "saisie"]
    for cle, phrase, manquent in (
        ("depart", "{} sans valeur de départ.", [un for un in quantitatifs if un.depart is None]),
        ("cible", "{} sans cible.", [un for un in quantitatifs if not un.cibles.all()]),
        (
            "methode",
            "{} sans source : d’où viendra la réponse ?",
            [un for un in saisis if not un.methode.strip()],
        ),
    ):
        if manquent:
            yield Manque(
                phrase.format(compte(len(manquent), "indicateur")),
                "tableau",
                cle=f"indicateurs_sans_{cle}",
                places=tuple(_par_fiche(lecture, manquent)),
            )


def _par_fiche(lecture: Lecture, indicateurs: Iterable[Indicateur]) -> Iterator[Place]:
    """Un seul endroit par fiche : « A-02 Le café (3 indicateurs) »."""
    nombres = Counter(un.fiche_id for un in indicateurs)
    for pk, combien in nombres.items():
        lue = lecture.arbre.par_numero_de_ligne[pk]
        yield Place(f"Fiche {lue} ({compte(combien, 'indicateur')})", "indicateurs", (("pk", pk),))


def _gouvernance(lecture: Lecture) -> Iterator[Manque]:
    if not lecture.instances:
        yield Manque("Aucune instance : qui décide, et qui débat ?", "gouvernance", cle="instances")


def _pieces(lecture: Lecture) -> Iterator[Manque]:
    """« Souvent demandée » n'est pas une règle : chaque Caf dit les siennes."""
    fournies = {piece.cle for piece in lecture.pieces}
    for attendue in lecture.referentiel.pieces:
        if attendue.cle not in fournies:
            yield Manque(
                f"Pièce souvent demandée, pas encore jointe : {attendue.nom}.",
                "pieces_du_dossier",
                cle=f"piece {attendue.cle}",
                places=(
                    Place(
                        attendue.nom,
                        "piece_deposer",
                        (("pk", lecture.projet.pk), ("cle", attendue.cle)),
                    ),
                ),
            )
    for piece in lecture.pieces:
        if piece.est_perimee:
            yield Manque(
                f"La pièce « {piece} » n’est plus valable depuis le {date_longue(piece.valable_jusqu_au)}.",
                "pieces_du_dossier",
                cle=f"piece_perimee {piece.pk}",
                places=(Place(piece.nom, "piece_modifier", (("pk", piece.pk),)),),
            )


def _reste(lecture: Lecture) -> Iterator[Manque]:
    morceaux = lecture.projet.morceaux.filter(etat=EtatMorceau.A_RANGER).count()
    if morceaux:
        phrase = f"{compte(morceaux, 'passage')} du document à ranger."
        yield Manque(phrase, "morceaux", cle="morceaux")
    for rappel in rappels_de(lecture.projet):
        yield Manque(rappel.texte, "arbre", rappel.source, cle=f"rappel {rappel.specifique}")


def _un(places: Iterable[Place], phrase: str, mot: str, ou: str, cle: str) -> Iterator[Manque]:
    """« 3 fiches sans pilote. », une fois pour tous ces endroits ; rien s'il n'y en a pas."""
    trouvees = tuple(places)
    if trouvees:
        yield Manque(phrase.format(compte(len(trouvees), mot)), ou, cle=cle, places=trouvees)
