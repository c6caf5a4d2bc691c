"""« Qui a déjà essayé ? » : les expériences proches d'une fiche que l'on écrit, leur résultat, leurs limites."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from maillage.catalogue.choices import StatutAction
from maillage.catalogue.models import Experience, PointAVerifier
from maillage.catalogue.presentation import abreger, texte_public
from maillage.catalogue.recherche import IndexIndisponible, premiers_ids, similaires_au_texte
from maillage.core.ecriture import Valeur
from maillage.core.journal import type_objet
from maillage.core.requete_rejouee import RequeteRejouee
from maillage.moderation.choices import GenreCommentaire, ResultatEssai
from maillage.moderation.models import Commentaire

ESSAIS_MAX: Final = 4
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
            raisons = dict.fromkeys(premiers_ids(titre, ESSAIS_MAX), "Répond à votre titre")
    except IndexIndisponible:
        return []
    choisies = dict(list(raisons.items())[:ESSAIS_MAX])
    if not choisies:
        return []
    cles = [*choisies, *list(choisies)[:1] * (ESSAIS_MAX - len(choisies))]
    fiches = _lire(cles)
    avis = _avis(cles)
    return [_essai(fiches[pk], raison, avis[pk]) for pk, raison in choisies.items() if pk in fiches]


# Rejouées : à chaque pause de l'écriture, la même lecture de quatre fiches.
_fiches = RequeteRejouee(
    lambda *pks: (
        Experience.objects.publiees().filter(pk__in=pks).select_related("structure__departement").order_by()
    ),
    ESSAIS_MAX,
)
_points = RequeteRejouee(
    lambda *pks: PointAVerifier.objects.filter(experience__pk__in=pks).order_by("pk"), ESSAIS_MAX
)
_commentaires = RequeteRejouee(
    lambda *pks: Commentaire.objects.publies().filter(
        objet_type=type_objet(Experience), objet_id__in=pks, genre=GenreCommentaire.ESSAI
    ),
    ESSAIS_MAX,
)


def _lire(cles: list[int]) -> dict[int, Experience]:
    """Les fiches publiées, leur structure et leurs points à vérifier, qui les masquent."""
    fiches = {fiche.pk: fiche for fiche in _fiches(*cles)}
    for fiche in fiches.values():
        fiche.ses_points = []
    for point in _points(*cles):
        if point.experience_id in fiches:
            fiches[point.experience_id].ses_points.append(point)
    return fiches


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
    for essai in _commentaires(*pks):
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
