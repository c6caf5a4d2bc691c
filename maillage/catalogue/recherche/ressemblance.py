"""Les expériences qui ressemblent à une autre, et la raison en mots."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from maillage.catalogue.choices import FamilleTerme
from maillage.catalogue.models import Experience
from maillage.catalogue.recherche.documents import TOUT_LE_MONDE
from maillage.catalogue.recherche.installation import index
from maillage.core.recherche.analyse import analyser, analyser_en_place, composer

NOMBRE: Final = 4
MOTS_MONTRES: Final = 2
LONGUEUR_MIN: Final = 5
"""Un mot court (« pied », « lien ») ne dit rien d'une ressemblance."""
TEXTES_PARLANTS: Final = ("titre", "resume", "description_experience", "description")
FAMILLES_PARLANTES: Final = {
    FamilleTerme.PUBLIC: "même public",
    FamilleTerme.MOT_CLE: "même mot clé",
}
TROP_LARGE: Final = frozenset({"tous-publics"})
"""Une valeur que tout le monde coche ne rapproche personne."""


@dataclass(frozen=True, slots=True)
class Similaire:
    fiche: Experience
    raison: str


def similaires(fiche: Experience, nombre: int = NOMBRE) -> list[Similaire]:
    """Les fiches publiées les plus proches par les mots rares et par les listes, sans la fiche elle-même."""
    mots = Counter(analyser(" ".join(getattr(fiche, champ) for champ in TEXTES_PARLANTS)))
    mots.update(dict.fromkeys(analyser(fiche.titre), 2))
    slugs = {
        str(famille): [slug for slug in _slugs(fiche, famille) if slug not in TROP_LARGE]
        for famille in FAMILLES_PARLANTES
    }
    ids = index().ressemblants(fiche.pk, mots, slugs, (TOUT_LE_MONDE,), nombre)
    trouvees = Experience.objects.publiees().en_liste().in_bulk(ids)
    return [
        Similaire(trouvees[pk], raison)
        for pk in ids
        if pk in trouvees and (raison := _raison(fiche, trouvees[pk]))
    ]


def _slugs(fiche: Experience, famille: FamilleTerme) -> list[str]:
    return [lien.terme.slug for lien in fiche.classements.all() if lien.terme.famille == famille]


def _raison(fiche: Experience, autre: Experience) -> str:
    """« Même public, même mot clé, mots « démarche » et « bénévole » »."""
    raisons = []
    for famille, phrase in FAMILLES_PARLANTES.items():
        if set(_slugs(fiche, famille)) & set(_slugs(autre, famille)) - TROP_LARGE:
            raisons.append(phrase)
    communs = _mots_communs(fiche, autre)
    if communs:
        cites = " et ".join(f"«\u00a0{mot}\u00a0»" for mot in communs)
        raisons.append(f"{'mots' if len(communs) > 1 else 'mot'} {cites}")
    phrase = ", ".join(raisons)
    return phrase[:1].upper() + phrase[1:]


def _mots_communs(fiche: Experience, autre: Experience) -> list[str]:
    """Les mots les plus rares que les deux fiches emploient, écrits comme dans la première."""
    ecrits = _ecritures(getattr(fiche, champ) for champ in TEXTES_PARLANTS)
    partages = ecrits.keys() & _ecritures(getattr(autre, champ) for champ in TEXTES_PARLANTS).keys()
    rares = sorted(partages, key=lambda terme: (index().frequence(terme), terme))
    return [ecrits[terme] for terme in rares[:MOTS_MONTRES]]


def _ecritures(textes: Iterable[str]) -> dict[str, str]:
    """Terme → le mot le plus court qui l'écrit : « bénévole » plutôt que « bénévolement »."""
    ecrits: dict[str, str] = {}
    for texte in map(composer, textes):
        for terme in analyser_en_place(texte):
            mot = texte[terme.debut : terme.fin].lower()
            if len(mot) >= LONGUEUR_MIN and mot.isalpha():
                ecrits[terme.terme] = min(ecrits.get(terme.terme, mot), mot, key=len)
    return ecrits
