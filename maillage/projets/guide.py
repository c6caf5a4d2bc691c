"""Écrire une fiche action pas à pas : les étapes, ce qu'on attend, et pour chaque champ une aide et un exemple.

Les exemples sont inventés.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from maillage.core.ecriture import Valeur
from maillage.projets.champs import CHAMPS, GenreChamp


@dataclass(frozen=True, slots=True)
class Etape:
    """`champs` se montrent d'abord ; `plus`, à un pli. Sans champ : une page à part."""

    cle: str
    titre: str
    question: str
    chapo: str
    champs: tuple[str, ...] = ()
    plus: tuple[str, ...] = ()

    @property
    def tous(self) -> tuple[str, ...]:
        return self.champs + self.plus


PREUVE, RELIRE = "preuve", "relire"
ETAPES: Final = (
    Etape(
        "besoin",
        "Le besoin",
        "Quel besoin, et pour aller où ?",
        "Ce que vous avez vu ou entendu, et ce que l’action doit changer.",
        ("titre", "contexte", "objectif", "objectifs_operationnels"),
        ("autres_objectifs", "statut", "specifiques"),
    ),
    Etape(
        "public",
        "Le public",
        "Pour qui, et avec qui ?",
        "Qui doit venir, qui risque de ne pas venir, et quelle part les habitants y prennent.",
        ("public", "degre_participation"),
        ("attention_particuliere", "preuve_participation"),
    ),
    Etape(
        "deroulement",
        "Le déroulement",
        "Comment cela se passera-t-il ?",
        "Ce que l’on fera, quand, et ce qui pourrait gêner.",
        ("presentation", "annees"),
        ("echeancier", "freins"),
    ),
    Etape(
        "moyens",
        "Les moyens",
        "Avec qui et avec quoi ?",
        "Une personne pilote, une équipe, des partenaires. Des ordres de grandeur suffisent.",
        ("pilote", "moyens_humains", "moyens_materiels", "partenaires_existants"),
        ("pilote_nom", "equipe", "partenaires", "partenaires_potentiels"),
    ),
    Etape(
        PREUVE,
        "La preuve",
        "Comment saurez-vous que cela marche ?",
        "Dites ce que vous espérez voir. Deux ou trois indicateurs suffisent.",
        ("resultats_attendus",),
    ),
    Etape(RELIRE, "Relire", "Relire la fiche", "La voici telle qu’on la lira dans le dossier."),
)
ETAPE: Final[dict[str, Etape]] = {etape.cle: etape for etape in ETAPES}
ETAPE_DU_CHAMP: Final[dict[str, Etape]] = {nom: etape for etape in ETAPES for nom in etape.tous}


def suivante(etape: Etape) -> Etape:
    return ETAPES[min(ETAPES.index(etape) + 1, len(ETAPES) - 1)]


def precedente(etape: Etape) -> Etape | None:
    rang = ETAPES.index(etape)
    return ETAPES[rang - 1] if rang else None


def numero(etape: Etape) -> int:
    return ETAPES.index(etape) + 1


# --- Ce qu'il reste à faire -----------------------------------------------------------------------

ATTENTES: Final = (
    (("contexte",), "Dites d’où vient le besoin."),
    (("objectif",), "Rattachez la fiche à un objectif."),
    (("objectifs_operationnels",), "Écrivez au moins un objectif opérationnel."),
    (("public",), "Dites pour qui."),
    (("degre_participation",), "Dites la part que prennent les habitants."),
    (("presentation",), "Présentez l’action."),
    (("annees",), "Cochez les années."),
    (("pilote", "pilote_nom"), "Nommez qui pilote."),
    (("moyens_humains", "moyens_materiels"), "Dites avec quels moyens."),
    (("resultats_attendus",), "Dites ce que vous espérez voir."),
)
"""Un seul champ de chaque groupe suffit."""
A_UN_INDICATEUR: Final = "Posez au moins un indicateur."


@dataclass(frozen=True, slots=True)
class Attente:
    champ: str
    etape: Etape
    constat: str


@dataclass(frozen=True, slots=True)
class Avancement:
    """`finies` : les clés des étapes où rien d'attendu ne manque."""

    attentes: tuple[Attente, ...]
    finies: frozenset[str]
    total: int

    @property
    def faits(self) -> int:
        return self.total - len(self.attentes)

    @property
    def etape_suivante(self) -> Etape:
        """La première où il reste à faire, sinon la relecture."""
        return next((e for e in ETAPES if e.champs and e.cle not in self.finies), ETAPE[RELIRE])


def avancement(valeurs: Mapping[str, Valeur], indicateurs: int) -> Avancement:
    """Où en est une fiche. `indicateurs` : combien elle en a."""
    manques = [
        Attente(groupe[0], ETAPE_DU_CHAMP[groupe[0]], constat)
        for groupe, constat in ATTENTES
        if not any(valeurs[nom] for nom in groupe)
    ]
    if not indicateurs:
        manques.append(Attente("indicateurs", ETAPE[PREUVE], A_UN_INDICATEUR))
    a_faire = {attente.etape.cle for attente in manques}
    finies = frozenset(etape.cle for etape in ETAPES if etape.champs and etape.cle not in a_faire)
    return Avancement(tuple(manques), finies, len(ATTENTES) + 1)


# --- Aides ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Aide:
    aide: str
    exemple: str = ""


AIDES: Final[dict[str, Aide]] = {
    "titre": Aide("Ce que l’on fera, en une dizaine de mots.", "Le café des clics au marché"),
    "objectif": Aide("Celui sous lequel la fiche se range dans l’arbre. Son numéro suit."),
    "autres_objectifs": Aide("Les autres objectifs que l’action sert."),
    "contexte": Aide(
        "Ce que vous avez vu, entendu ou compté.",
        "À l’accueil, une demande sur trois porte sur une démarche en ligne. « J’attends que mon petit-fils "
        "ait le temps. »",
    ),
    "objectifs_operationnels": Aide(
        "Ce que l’action doit obtenir. Une ligne par objectif.",
        "Tenir une table d’aide au marché chaque jeudi\nFormer six bénévoles à l’écoute",
    ),
    "statut": Aide("L’action prolonge-t-elle quelque chose ?"),
    "specifiques": Aide("Les projets en travers de l’arbre dont la fiche fait partie."),
    "public": Aide(
        "À qui l’action s’adresse. Une ligne par public.",
        "Les habitants de plus de 60 ans\nLes familles qui viennent d’arriver",
    ),
    "attention_particuliere": Aide(
        "Qui pourrait rester à l’écart, et ce que vous ferez pour elles et eux.",
        "Les personnes qui lisent peu le français : des affiches en images, une bénévole qui parle arabe.",
    ),
    "degre_participation": Aide(
        "Informer n’est pas encore faire participer. Dites où vous en êtes vraiment."
    ),
    "preuve_participation": Aide(
        "Un fait que l’on peut vérifier : une réunion, une proposition retenue, des bénévoles.",
        "Quatre habitantes ont choisi le jour et le lieu ; elles tiennent la caisse.",
    ),
    "presentation": Aide(
        "Ce qui se passera, du point de vue de quelqu’un qui vient.",
        "Le jeudi de 9 h à 12 h, au marché : une table, deux bénévoles, une tablette. On aide à remplir un papier "
        "ou à joindre un service ; on note les questions qui reviennent.",
    ),
    "annees": Aide("Les années où l’action a lieu."),
    "echeancier": Aide(
        "Une ligne par moment. Une ligne qui finit par « : » ouvre une année.",
        "2025 :\nformer les bénévoles\ntrois mois d’essai\n2026 :\nouvrir une deuxième table",
    ),
    "freins": Aide("Ce qui peut gêner, une ligne par frein.", "L’hiver, personne ne s’arrête"),
    "pilote": Aide("Qui conduit l’action."),
    "pilote_nom": Aide("Si la personne n’a pas de compte ici."),
    "equipe": Aide("Qui y travaille aussi."),
    "moyens_humains": Aide(
        "Une ligne par moyen.", "Une animatrice, deux heures par semaine\nSix bénévoles qui se relaient"
    ),
    "moyens_materiels": Aide(
        "Matériel, lieux, argent. Une ligne par moyen.", "Deux tablettes\n1 500 € par an"
    ),
    "partenaires": Aide("Commencez un nom : ceux que Maillage connaît sont proposés."),
    "partenaires_existants": Aide("Avec qui vous travaillez déjà, et ce qu’ils font. Une ligne chacun."),
    "partenaires_potentiels": Aide("Avec qui vous aimeriez travailler. Une ligne chacun."),
    "resultats_attendus": Aide(
        "Ce que l’on verra si cela marche. Une ligne par résultat.",
        "Les habitués font seuls leur déclaration\nDeux bénévoles entrent au conseil",
    ),
}
PEUT_CITER: Final = frozenset(
    nom for nom, champ in CHAMPS.items() if champ.genre in {GenreChamp.LONG, GenreChamp.LISTE}
)
