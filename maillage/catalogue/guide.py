"""Écrire une fiche pas à pas : les étapes, et pour chaque champ une aide et un exemple.

Ce qui fait une bonne fiche est dit une seule fois, dans `conseils.ATTENTES`. Les exemples sont inventés.
"""

from dataclasses import dataclass

from maillage.catalogue.champs import CHAMPS, Champ
from maillage.catalogue.conseils import ATTENTES, Attente


@dataclass(frozen=True, slots=True)
class Etape:
    """Sans champ : une page à part."""

    cle: str
    titre: str
    question: str
    chapo: str
    champs: tuple[str, ...] = ()


PIECES, RELIRE = "pieces", "relire"
ETAPES = (
    Etape(
        "essentiel",
        "L’essentiel",
        "De quoi s’agit-il ?",
        "Un titre et deux phrases : c’est ce que les autres centres lisent d’abord.",
        ("titre", "resume", "statut", "raison_fin", "depuis_le"),
    ),
    Etape(
        "public-et-lieu",
        "Pour qui et où",
        "Pour qui, où, et qui l’a voulu ?",
        "Ces choix font trouver votre fiche par un centre qui cherche.",
        ("dimensions", "mots_cles", "publics", "territoires", "initiatives", "initiative_precision"),
    ),
    Etape(
        "recit",
        "Ce qui s’est passé",
        "Comment cela s’est-il passé ?",
        "Racontez comme à une collègue d’un autre centre, qui voudrait essayer.",
        ("elements_diagnostic", "description_experience", "description"),
    ),
    Etape(
        "moyens",
        "Moyens et partenaires",
        "Avec quels moyens, et avec qui ?",
        "Des ordres de grandeur suffisent : ils disent si l’on peut faire pareil ailleurs.",
        ("ressources_financieres", "personnes_mobilisees", "partenaires_action", "financeurs"),
    ),
    Etape(
        "effets",
        "Ce que cela a changé",
        "Qu’est-ce que cela a changé ?",
        "Un fait observé vaut mieux qu’un grand mot. Dites aussi ce qui n’a pas marché.",
        (
            "resultat_habitants",
            "resultat_centre",
            "resultat_territoire",
            "impacts",
            "limites",
            "perspectives",
        ),
    ),
    Etape(
        PIECES,
        "Images et documents",
        "Des images, des documents ?",
        "Une photo ou une affiche aide à comprendre. Vous pouvez passer cette étape.",
    ),
    Etape(RELIRE, "Relire et envoyer", "Relire, puis envoyer", "Voici votre fiche telle que chacun la lira."),
)
ETAPE: dict[str, Etape] = {etape.cle: etape for etape in ETAPES}
ETAPE_DU_CHAMP: dict[str, Etape] = {champ: etape for etape in ETAPES for champ in etape.champs}
OBLIGATOIRES = (("titre",), ("resume",), ("description_experience", "description"))
"""Sans eux, une fiche ne s'envoie pas ; un seul champ de chaque groupe suffit."""


def numero(etape: Etape) -> int:
    return ETAPES.index(etape) + 1


def suivante(etape: Etape) -> Etape:
    """Celle d'après ; après la dernière, elle-même."""
    return ETAPES[min(numero(etape), len(ETAPES) - 1)]


def precedente(etape: Etape) -> Etape | None:
    rang = ETAPES.index(etape)
    return ETAPES[rang - 1] if rang else None


@dataclass(frozen=True, slots=True)
class Aide:
    aide: str
    exemple: str = ""


AIDES: dict[str, Aide] = {
    "titre": Aide(
        "Ce que l’on fait, avec qui ou pour qui, en une dizaine de mots.",
        "Le marché du jeudi devient un lieu d’accès aux droits",
    ),
    "resume": Aide(
        "Qui fait quoi, où, pour qui. Deux ou trois phrases.",
        "Chaque jeudi, deux bénévoles formés tiennent une table au marché. Ils aident à remplir un papier ou à "
        "joindre un service. En un an, 140 habitants se sont arrêtés.",
    ),
    "statut": Aide("Une action finie intéresse aussi : on apprend de la façon dont elle s’arrête."),
    "raison_fin": Aide(
        "Pour une action terminée : ce qui l’a fait s’arrêter.",
        "La salle prêtée par la commune n’était plus libre, et la relève n’était pas trouvée.",
    ),
    "depuis_le": Aide("Le mois où l’action a commencé, même à peu près. Par exemple 09/2024."),
    "dimensions": Aide("De quoi l’action relève surtout. Une à trois réponses."),
    "mots_cles": Aide("Les sujets que l’on chercherait pour la trouver. Six au plus."),
    "publics": Aide("Ceux à qui l’action s’adresse vraiment."),
    "territoires": Aide("Jusqu’où l’action va chercher ses participants."),
    "initiatives": Aide("Qui a eu l’idée et a fait le premier pas."),
    "initiative_precision": Aide(
        "Si « Autre », ou pour raconter d’où vient l’idée.",
        "Trois mères rencontrées à la sortie de l’école.",
    ),
    "elements_diagnostic": Aide(
        "Ce que vous aviez vu ou entendu, avec un chiffre si vous en avez un.",
        "À l’accueil, une demande sur trois portait sur une démarche en ligne.",
    ),
    "description_experience": Aide(
        "Le départ, les étapes, le rôle de chacun, ce que vous avez changé en route.",
        "En septembre, quatre habitantes visitent un autre centre. En novembre, elles essaient une table, une heure, "
        "avec une animatrice. Dès janvier elles tiennent seules ; l’animatrice passe en fin de matinée.",
    ),
    "description": Aide(
        "Comment l’action se déroule aujourd’hui, une fois lancée.",
        "Le jeudi de 9 h à 12 h, hors vacances. Une table, deux chaises, une affiche, un carnet de relais.",
    ),
    "ressources_financieres": Aide(
        "Un montant, sa durée, et d’où il vient. Même approximatif.",
        "2 400 € par an : 1 500 € de la commune pour l’impression, le reste sur l’animation collective.",
    ),
    "personnes_mobilisees": Aide(
        "Un nombre par rôle.", "1 animatrice deux heures par semaine, 6 bénévoles qui se relaient."
    ),
    "partenaires_action": Aide("Ceux qui agissent avec vous. Un nom par ligne."),
    "financeurs": Aide("Ceux qui paient, et combien par an si vous le savez."),
    "resultat_habitants": Aide(
        "Ce qui a changé pour les habitants, avec un nombre ou une parole.",
        "86 personnes sont venues plus de deux fois. « Je viens maintenant pour aider les autres. »",
    ),
    "resultat_centre": Aide(
        "Ce que le centre y a gagné ou appris.",
        "Deux bénévoles sont entrés au conseil ; l’accueil oriente mieux vers les services.",
    ),
    "resultat_territoire": Aide(
        "Ce qui a bougé autour : voisins, services, commune.",
        "La commune a ouvert un point d’accueil le mercredi, tenu avec nous.",
    ),
    "impacts": Aide(
        "Les autres effets, attendus ou non.", "Des commerçants gardent le carnet de relais à la caisse."
    ),
    "limites": Aide(
        "Ce qui n’a pas marché, ce qui reste fragile.",
        "En hiver, presque personne ne s’arrête ; tout repose sur deux bénévoles.",
    ),
    "perspectives": Aide(
        "Ce que vous ferez ensuite, ou pourquoi vous arrêtez.",
        "Former quatre nouveaux bénévoles au printemps, essayer une table à la gare.",
    ),
}


def attente_du_champ(nom: str) -> Attente | None:
    """Ce qu'une bonne fiche dit à cet endroit, quand on l'attend là."""
    return next((attente for attente in ATTENTES if nom in attente.champs), None)


def champs_de(etape: Etape) -> list[Champ]:
    return [CHAMPS[nom] for nom in etape.champs]
