"""Les textes du diagnostic et de l'évaluation, lus d'un seul coup, avec l'endroit où chacun se corrige."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from maillage.projets.choices import MomentEvaluation
from maillage.projets.manques import Place
from maillage.projets.models import (
    Besoin,
    Constat,
    Evaluation,
    LeconRetenue,
    Parole,
    ProjetSocial,
    Proposition,
    Rencontre,
    ReponseDEvaluation,
    ResultatEnquete,
)
from maillage.projets.permissions import OUVERTS_A_L_ECRITURE

_COURT: Final = 50
_DU_PROJET: Final[dict[str, tuple[Any, str, tuple[str, ...]]]] = {
    "constats": (Constat, "Constat", ("texte",)),
    "paroles": (Parole, "Parole", ("texte", "qui")),
    "rencontres": (Rencontre, "Rencontre", ("titre", "retenu")),
    "resultats": (ResultatEnquete, "Résultat d’enquête", ("question",)),
    "besoins": (Besoin, "Besoin", ("titre", "precision")),
}
"""Genre → (modèle, comment on le nomme, ses textes)."""
_DE_L_EVALUATION: Final[dict[str, tuple[Any, tuple[str, ...]]]] = {
    "reponses": (ReponseDEvaluation, ("texte",)),
    "propositions": (Proposition, ("effet", "raison")),
    "lecons": (LeconRetenue, ("texte", "ou_sert")),
}


class Ligne(NamedTuple):
    genre: str
    cle: int
    texte: str
    moment: str
    """Celui de l'évaluation ; vide ailleurs."""


def textes_autour(projet: ProjetSocial) -> Iterator[tuple[str, Place]]:
    requetes = [
        _lire(modele.objects.filter(projet=projet), genre, champs)
        for genre, (modele, _, champs) in _DU_PROJET.items()
    ]
    evaluations = Evaluation.objects.filter(projet=projet)
    requetes.append(_lire(evaluations, "evaluations", ("methode", "synthese"), "moment"))
    requetes += [
        _lire(modele.objects.filter(evaluation__projet=projet), genre, champs, "evaluation__moment")
        for genre, (modele, champs) in _DE_L_EVALUATION.items()
    ]
    premiere, *suivantes = requetes
    for lue in premiere.union(*suivantes, all=True).order_by("sorte", "numero"):
        ligne = Ligne(*lue)
        yield ligne.texte, _place(projet, ligne)


def _lire(
    elements: QuerySet[Any, Any], genre: str, champs: tuple[str, ...], moment: str = ""
) -> QuerySet[Any, Any]:
    textes = [Cast(champ, TextField()) for champ in champs]
    reunis = [un for texte in textes for un in (texte, Value("\n"))]
    return (
        elements.annotate(
            sorte=Value(genre, output_field=CharField()),
            numero=F("pk"),
            dit=Concat(*reunis, output_field=TextField()),
            quand=Cast(moment, CharField()) if moment else Value("", output_field=CharField()),
        )
        .order_by()
        .values_list("sorte", "numero", "dit", "quand")
    )


def _place(projet: ProjetSocial, ligne: Ligne) -> Place:
    """La page où le texte s'écrit ; la liste où il se lit, quand le projet ne s'écrit plus."""
    du_projet: tuple[tuple[str, str | int], ...] = (("pk", projet.pk),)
    if ligne.moment:
        nom = MomentEvaluation(ligne.moment).label
        return Place(nom, "evaluation_moment", (*du_projet, ("mot", ligne.moment.replace("_", "-"))))
    debut = " ".join(ligne.texte.split())
    court = debut if len(debut) <= _COURT else f"{debut[:_COURT].rstrip()}…"
    nom = f"{_DU_PROJET[ligne.genre][1]} « {court} »"
    if ligne.genre == "besoins":
        return Place(nom, "besoin", (("pk", ligne.cle),))
    if projet.etat not in OUVERTS_A_L_ECRITURE:
        return Place(nom, f"diagnostic_{ligne.genre}", du_projet)
    return Place(nom, "diagnostic_element", (*du_projet, ("genre", ligne.genre), ("numero", ligne.cle)))
