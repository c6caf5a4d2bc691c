"""Un prénom et un nom écrits sur une liste ou une feuille : quelqu'un de connu, ou une personne de plus."""

from collections.abc import Container
from typing import Any

from maillage.activites.permissions import peut_lire_le_registre_de
from maillage.personnes.models import Personne
from maillage.personnes.operations import noter_une_autre_personne
from maillage.personnes.recherche import homonymes
from maillage.personnes.ressemblances import ressemblances_avec
from maillage.territoire.models import Structure


def deja_connues(structure: Structure, prenom: str, nom: str, *, par: Any) -> list[Personne]:
    """Les fiches de ce nom que `par` peut lire : qui tient le registre, aussi les noms à une faute près ; qui anime, le
    seul nom qu'elle vient d'écrire en entier."""
    presentes = Personne.objects.filter(structure=structure).presentes()
    if peut_lire_le_registre_de(par, structure.pk):
        return [r.autre for r in ressemblances_avec({"prenom": prenom, "nom": nom}, presentes)]
    return homonymes(presentes, prenom, nom)


def noter_un_nom(
    structure: Structure, prenom: str, nom: str, *, autre_que: Container[int], par: Any
) -> Personne:
    """Une personne de plus. `autre_que` : les fiches de ce nom dont il est dit qu'elle est une autre. Lève
    `NomDejaConnu`, et `ValidationError` quand ce n'est pas un nom."""
    connues = deja_connues(structure, prenom, nom, par=par)
    champs = {"prenom": prenom, "nom": nom}
    return noter_une_autre_personne(structure, champs, connues=connues, autre_que=autre_que, par=par)
