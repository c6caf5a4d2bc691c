"""Un petit index d'essai, commun aux tests de la recherche."""

from collections.abc import Callable, Iterable

from maillage.core.recherche.index import Document, Marquage, Question, Reponse, Schema
from maillage.core.recherche.moteur import IndexTantivy

SCHEMA = Schema(
    nom="essai",
    champs={"titre": 3, "texte": 1},
    valeurs={"public": 2},
    facettes=("public", "lieu"),
    titre="titre",
    tris=("recentes",),
    marquage=Marquage(champs={"titre": 6, "texte": 1}, facettes=("public",), sans_sujet=("rencontre",)),
)
TOUS = ("public",)
Ouvrir = Callable[..., IndexTantivy]


def document(
    id: int,
    titre: str,
    texte: str = "",
    *,
    public: Iterable[str] = (),
    lieu: str = "",
    le: int = 0,
    visibilites: Iterable[str] = TOUS,
) -> Document:
    return Document(
        id=id,
        textes={"titre": titre, "texte": texte},
        valeurs={"public": list(public)},
        facettes={"public": list(public), "lieu": [lieu] if lieu else []},
        tris={"recentes": le},
        visibilites=list(visibilites),
    )


def chercher(index: IndexTantivy, texte: str, **reste: object) -> Reponse:
    return index.chercher(Question(texte, TOUS, **reste))  # type: ignore[arg-type]
