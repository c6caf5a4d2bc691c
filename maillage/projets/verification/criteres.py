"""Les critères de la Caf, et ce qui y répond dans le dossier. On montre des faits ; on ne note pas."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef

from maillage.core.francais import compte
from maillage.projets.choices import DegreParticipation
from maillage.projets.manques import Place
from maillage.projets.models import Preuve
from maillage.projets.referentiels import Critere
from maillage.projets.verification.lecture import Lecture

PARTICIPER: Final = {
    DegreParticipation.CONCERTATION,
    DegreParticipation.COCONSTRUCTION,
    DegreParticipation.CODECISION,
}
"""Où les habitants pèsent sur l'action ; informer et consulter ne suffisent pas."""


@dataclass(frozen=True, slots=True)
class Reponse:
    phrase: str
    place: Place


@dataclass(frozen=True, slots=True)
class CritereLu:
    critere: Critere
    reponses: tuple[Reponse, ...]


def criteres_et_reponses(lecture: Lecture) -> list[CritereLu]:
    return [
        CritereLu(
            critere,
            tuple(
                reponse
                for bloc in critere.blocs
                if bloc in REPONSES and (reponse := REPONSES[bloc](lecture)) is not None
            ),
        )
        for critere in lecture.referentiel.criteres
    ]


def _place(lecture: Lecture, nom: str, page: str) -> Place:
    return Place(nom, page, (("pk", lecture.projet.pk),))


def _instances(lecture: Lecture) -> Reponse | None:
    if not lecture.instances:
        return None
    noms = ", ".join(instance.nom for instance in lecture.instances[:4])
    suite = " …" if len(lecture.instances) > 4 else ""
    phrase = f"{compte(len(lecture.instances), 'instance')} : {noms}{suite}."
    return Reponse(phrase, _place(lecture, "La gouvernance", "gouvernance"))


def _participation(lecture: Lecture) -> Reponse | None:
    pesent = sum(lue.fiche.degre_participation in PARTICIPER for lue in lecture.arbre.fiches)
    if not pesent:
        return None
    total = compte(len(lecture.arbre.fiches), "fiche")
    phrase = f"Dans {compte(pesent, 'fiche')} sur {total}, les habitants débattent, font ou décident."
    return Reponse(phrase, _place(lecture, "Le tableau des fiches", "tableau"))


def _arbre(lecture: Lecture) -> Reponse | None:
    arbre = lecture.arbre
    if not arbre.objectifs:
        return None
    axes, objectifs = compte(len(arbre.axes), "axe"), compte(len(arbre.objectifs), "objectif")
    servis = sum(any(un.fiches or un.citees for un in (lu, *lu.operationnels)) for lu in arbre.objectifs)
    phrase = f"{axes} et {objectifs} ; {compte(servis, 'objectif')} avec au moins une fiche."
    return Reponse(phrase, _place(lecture, "L’arbre", "arbre"))


def _fiches(lecture: Lecture) -> Reponse | None:
    fiches = lecture.arbre.fiches
    if not fiches:
        return None
    publics = sum(bool(lue.fiche.public) for lue in fiches)
    attentives = sum(bool(lue.fiche.attention_particuliere.strip()) for lue in fiches)
    phrase = (
        f"{compte(len(fiches), 'fiche')} : public dit dans {publics}, attention à qui resterait à l’écart dans "
        f"{attentives}."
    )
    return Reponse(phrase, _place(lecture, "Le tableau des fiches", "tableau"))


def _chiffres(lecture: Lecture) -> Reponse | None:
    projet = lecture.projet
    chiffres, tableaux = projet.chiffres.count(), projet.tableaux.count()
    if not chiffres and not tableaux:
        return None
    dits = [
        compte(nombre, mot)
        for nombre, mot in ((chiffres, "chiffre"), (tableaux, "tableau,tableaux"))
        if nombre
    ]
    phrase = f"{' et '.join(dits)} dans le diagnostic."
    return Reponse(phrase, Place("Les chiffres", "diagnostic_chiffres", (("pk", projet.pk),)))


def _cadre(lecture: Lecture) -> Reponse | None:
    dits = [
        chapitre
        for chapitre in lecture.chapitres
        if any(
            mot in f"{chapitre.titre} {chapitre.texte}".casefold() for mot in ("accueil", "accessib", "tarif")
        )
    ]
    if not dits:
        return None
    phrase = (
        f"{compte(len(dits), 'chapitre')} parlent de l’accueil, de l’accès ou des tarifs."
        if len(dits) > 1
        else (f"Le chapitre « {dits[0].titre} » parle de l’accueil, de l’accès ou des tarifs.")
    )
    return Reponse(phrase, _place(lecture, "Les chapitres", "dossier"))


def _besoins(lecture: Lecture) -> Reponse | None:
    a_une_preuve = Exists(Preuve.objects.filter(besoin=OuterRef("pk")))
    dits = list(lecture.projet.besoins.order_by().values_list(a_une_preuve, flat=True))
    besoins, prouves = len(dits), sum(dits)
    if not besoins:
        return None
    phrase = f"{compte(besoins, 'besoin')}, dont {prouves} avec au moins une preuve."
    return Reponse(phrase, _place(lecture, "Les besoins", "diagnostic"))


def _rencontres(lecture: Lecture) -> Reponse | None:
    rencontres = lecture.projet.rencontres.count()
    if not rencontres:
        return None
    phrase = f"{compte(rencontres, 'rencontre')} avec les habitants et les partenaires."
    return Reponse(phrase, _place(lecture, "Les rencontres", "diagnostic"))


def _budget(lecture: Lecture) -> Reponse | None:
    annees = len({budget.annee for budget in lecture.projet.budgets.order_by("pk")})
    if not annees:
        return None
    return Reponse(f"Un budget pour {compte(annees, 'année')}.", _place(lecture, "Le budget", "budget"))


REPONSES: Final[dict[str, Callable[[Lecture], Reponse | None]]] = {
    "instances": _instances,
    "participation": _participation,
    "arbre": _arbre,
    "fiches": _fiches,
    "chiffres": _chiffres,
    "cadre": _cadre,
    "besoins": _besoins,
    "rencontres": _rencontres,
    "budget": _budget,
}
"""Bloc du référentiel → le fait qui en vient."""
