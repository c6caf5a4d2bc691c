"""Ce que les pages d'une liste et d'une feuille lisent d'un nom écrit, et la question d'un nom déjà connu."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from maillage.activites.operations.noms import deja_connues
from maillage.comptes.requete import RequeteConnectee
from maillage.core.saisie import numero_ecrit, numeros_ecrits, une_ligne
from maillage.personnes.models import Personne
from maillage.territoire.models import Structure


@dataclass(frozen=True, slots=True)
class NomEcrit:
    """`elle` : la fiche que la réponse désigne ; `autre_que` : celles qu'elle écarte."""

    prenom: str
    nom: str
    elle: int | None
    autre_que: set[int]


def nom_ecrit(request: RequeteConnectee) -> NomEcrit:
    recu = request.POST
    return NomEcrit(
        prenom=une_ligne(recu.get("prenom", ""), 80),
        nom=une_ligne(recu.get("nom", ""), 80),
        elle=numero_ecrit(recu.get("elle", "")),
        autre_que=numeros_ecrits(recu.get("autre_que", "")),
    )


def celle_du_nom(structure: Structure, ecrit: NomEcrit, *, par: Any) -> Personne:
    """La fiche désignée, parmi celles que ce nom fait connaître à `par`. Lève `Http404`."""
    for une in deja_connues(structure, ecrit.prenom, ecrit.nom, par=par):
        if une.pk == ecrit.elle:
            return une
    raise Http404("Cette personne ne porte pas ce nom.")


def question_du_nom(connues: Sequence[Personne], *, retour: str) -> dict[str, Any]:
    """Ce que montre `activites/_nom_connu.html` ; `retour` : l'adresse d'où l'on écrivait ce nom."""
    autre_que = ",".join(str(une.pk) for une in connues)
    return {"connues": connues, "autre_que": autre_que, "retour": retour}
