"""« Qui a déjà essayé ? » : les expériences proches d'une fiche que l'on écrit, leur résultat, leurs limites."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from maillage.catalogue.choices import StatutAction
from maillage.catalogue.models import Experience
from maillage.catalogue.presentation import abreger, texte_public
from maillage.catalogue.recherche import (
    FICHES_MAX,
    IndexIndisponible,
    fiches_publiees,
    premiers_ids,
    similaires_au_texte,
)
from maillage.core.ecriture import Valeur
from maillage.core.journal import type_objet
from maillage.core.requete_rejouee import RequeteRejouee
from maillage.moderation.choices import GenreCommentaire, ResultatEssai
from maillage.moderation.models import Commentaire

LONGUEUR: Final = 140
RESULTATS: Final = ("resultat_habitants", "resultat_centre", "resultat_territoire", "impacts")
TONS: Final = {
    ResultatEssai.REUSSI: ("ok", "check"),
    ResultatEssai.EN_PARTIE: ("alerte", "equal"),
    ResultatEssai.ECHOUE: ("stop", "octagon-x"),
    ResultatEssai.TROP_TOT: ("info", "clock"),
}


@dataclass(frozen=True, slots=True)
class Avis:
    """Ce que disent les centres qui ont essayé à leur tour : « 2 centres : Cela a marché »."""

    libelle: str
    ton: str
    icone: str


@dataclass(frozen=True, slots=True)
class Essai:
    """`raison` : les mots qui l'ont fait choisir."""

    experience: Experience
    titre: str
    lieu: str
    raison: str
    resultat: str
    limites: str
    avis: list[Avis]

    @property
    def est_terminee(self) -> bool:
        return self.experience.statut == StatutAction.TERMINEE


def essais_proches(valeurs: Mapping[str, Valeur]) -> list[Essai]:
    """`valeurs` : celles de la fiche. Une recherche qui se prépare n'empêche pas d'écrire : rien, alors."""
    titre = valeurs["titre"]
    resume = "\n".join([valeurs["contexte"], *valeurs["public"]])
    try:
        raisons = {
            proche.pk: proche.raison for proche in similaires_au_texte(titre, resume, valeurs["presentation"])
        }
        if not raisons:  # rien d'assez proche : ce qui répond au titre
            raisons = dict.fromkeys(premiers_ids(titre, FICHES_MAX), "Répond à votre titre")
    except IndexIndisponible:
        return []
    choisies = dict(list(raisons.items())[:FICHES_MAX])
    if not choisies:
        return []
    fiches = fiches_publiees(list(choisies))
    avis = _avis(list(choisies))
    return [_essai(fiches[pk], raison, avis[pk]) for pk, raison in choisies.items() if pk in fiches]


_commentaires = RequeteRejouee(
    lambda *pks: Commentaire.objects.publies().filter(
        objet_type=type_objet(Experience), objet_id__in=pks, genre=GenreCommentaire.ESSAI
    ),
    FICHES_MAX,
)


def _essai(fiche: Experience, raison: str, avis: list[Avis]) -> Essai:
    departement = fiche.structure.departement
    resultats = (texte_public(fiche, champ).strip() for champ in RESULTATS)
    return Essai(
        experience=fiche,
        titre=texte_public(fiche, "titre"),
        lieu=f"{fiche.structure.nom}, {departement.nom}" if departement else fiche.structure.nom,
        raison=raison,
        resultat=_en_bref(next(filter(None, resultats), "")),
        limites=_en_bref(texte_public(fiche, "limites").strip()),
        avis=avis,
    )


def _en_bref(texte: str) -> str:
    """Des phrases entières se lisent seules : « … » ne suit que des mots coupés."""
    court = abreger(texte, LONGUEUR)
    entier = court.removesuffix(" …")
    return entier if entier.endswith((".", "!", "?", "…")) else court


def _avis(pks: list[int]) -> dict[int, list[Avis]]:
    """Par expérience, ce qu'ont donné les essais publiés, les plus nombreux d'abord."""
    par_fiche: dict[int, Counter[str]] = defaultdict(Counter)
    for essai in _commentaires(*pks, *pks[:1] * (FICHES_MAX - len(pks))):
        if essai.resultat:
            par_fiche[essai.objet_id][essai.resultat] += 1
    return defaultdict(
        list,
        {
            pk: [
                Avis(f"{ResultatEssai(resultat).label} ({nombre})", *TONS[ResultatEssai(resultat)])
                for resultat, nombre in comptes.most_common()
            ]
            for pk, comptes in par_fiche.items()
        },
    )
