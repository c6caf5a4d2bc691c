"""Les expériences qui ressemblent à une autre, et la raison en mots.

Mieux vaut deux proches justes que quatre douteux : il faut au moins trois indices, dont un mot.
"""

from dataclasses import dataclass
from typing import Final

from maillage.catalogue.choices import FamilleTerme
from maillage.catalogue.models import Experience
from maillage.catalogue.recherche.documents import TOUT_LE_MONDE
from maillage.catalogue.recherche.installation import index
from maillage.core.recherche.index import Document, MotCommun, Ressemblant
from maillage.core.requete_rejouee import RequeteRejouee

NOMBRE: Final = 4
MOTS_MONTRES: Final = 2
FORCE_D_UN_MOT: Final = 0.03
"""Au-dessous, un mot commun ne prouve rien, et ne se cite pas."""
FORCE_D_UN_SUJET: Final = 0.13
"""Au-dessus, c'est le sujet des deux fiches : il vaut deux indices."""
INDICES_MINIMAUX: Final = 3
"""Un mot des deux titres les vaut à lui seul : deux centres ont nommé leur action de même."""
NOTE_MINIMALE: Final = 0.13
NOTE_D_UN_ATOUT: Final = 0.04
"""Même mot clé, même public, même sujet dans les deux titres."""
TROP_LARGE: Final = frozenset({"tous-publics"})
"""Une valeur qui ne choisit personne, même rare, ne rapproche personne."""


@dataclass(frozen=True, slots=True)
class Similaire:
    """Ce qu'un lien vers une fiche proche montre : de quoi l'écrire, et pourquoi elle est là."""

    pk: int
    titre: str
    code: str
    slug: str
    raison: str


def similaires(pk: int) -> list[Similaire]:
    """Les fiches publiées les plus proches de la fiche `pk`, quatre au plus. Lève `IndexIndisponible`."""
    return _choisir(index().ressemblants(pk, (TOUT_LE_MONDE,)))


def similaires_au_texte(titre: str, resume: str = "", recit: str = "") -> list[Similaire]:
    """Celles qui ressemblent à ce que l'on écrit. Lève `IndexIndisponible`."""
    ecrit = Document(0, {"titre": titre, "resume": resume, "recit": recit}, {}, {})
    return _choisir(index().ressemblants_a(ecrit, (TOUT_LE_MONDE,)))


def _choisir(ressemblants: list[Ressemblant]) -> list[Similaire]:
    proches = sorted(filter(_est_proche, ressemblants), key=lambda proche: (-_note(proche), proche.id))[
        :NOMBRE
    ]
    return [
        Similaire(
            proche.id, proche.garde["titre"], proche.garde["code"], proche.garde["slug"], _raison(proche)
        )
        for proche in _encore_publies(proches)
    ]


def _encore_publies(proches: list[Ressemblant]) -> list[Ressemblant]:
    """L'index suit à une seconde près, et s'arrête avec le travailleur : une fiche retirée ne se montre plus."""
    if not proches:
        return []
    ids = [proche.id for proche in proches]
    publies = {fiche.pk for fiche in _publiees(*ids, *ids[:1] * (NOMBRE - len(ids)))}
    return [proche for proche in proches if proche.id in publies]


_publiees = RequeteRejouee(
    lambda *pks: Experience.objects.publiees().filter(pk__in=pks).only("pk").order_by(), NOMBRE
)


def _est_proche(proche: Ressemblant) -> bool:
    des_mots = sum(map(_indices, _mots_forts(proche)))
    return (
        bool(des_mots) and des_mots + _valeurs(proche) >= INDICES_MINIMAUX and _note(proche) >= NOTE_MINIMALE
    )


def _indices(mot: MotCommun) -> int:
    if mot.est_titre:
        return INDICES_MINIMAUX
    return 2 if mot.force >= FORCE_D_UN_SUJET else 1


def _note(proche: Ressemblant) -> float:
    meme_titre = any(mot.est_titre for mot in _mots_forts(proche))
    return proche.note + NOTE_D_UN_ATOUT * (_valeurs(proche) + meme_titre)


def _valeurs(proche: Ressemblant) -> int:
    """Même mot clé, même public : un indice chacun."""
    return bool(proche.valeurs[FamilleTerme.MOT_CLE]) + bool(_publics(proche))


def _mots_forts(proche: Ressemblant) -> list[MotCommun]:
    return [mot for mot in proche.mots if mot.force >= FORCE_D_UN_MOT]


def _publics(proche: Ressemblant) -> list[str]:
    return [slug for slug in proche.valeurs[FamilleTerme.PUBLIC] if slug not in TROP_LARGE]


# --- La raison ------------------------------------------------------------------------------------


def _raison(proche: Ressemblant) -> str:
    """« Même public, mot clé « santé », mots « nature » et « sportive », « balade » proche de « rando » »."""
    cites = _mots_forts(proche)[:MOTS_MONTRES]
    memes = [mot.ici for mot in cites if mot.ici == mot.ailleurs]
    libelles: dict[str, str] = proche.garde["mots_cles"]
    raisons = [
        "même public" if _publics(proche) else "",
        *(
            f"mot clé {_citer(_minuscule(libelles[slug]))}"
            for slug in proche.valeurs[FamilleTerme.MOT_CLE][:1]
        ),
        f"{'mots' if len(memes) > 1 else 'mot'} {' et '.join(map(_citer, memes))}" if memes else "",
        *(f"{_citer(mot.ici)} proche de {_citer(mot.ailleurs)}" for mot in cites if mot.ici != mot.ailleurs),
    ]
    phrase = ", ".join(filter(None, raisons))
    return phrase[:1].upper() + phrase[1:]


def _citer(mot: str) -> str:
    return f"«\u00a0{mot}\u00a0»"


def _minuscule(libelle: str) -> str:
    return libelle[:1].lower() + libelle[1:]
