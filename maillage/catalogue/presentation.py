"""Ce que chacun lit d'une expérience : textes masqués tant qu'il le faut, moyens en mots, accroche.

Page, documents, flux, exports et extraits de recherche passent par ici : ce qui est masqué l'est partout.
Les fonctions lisent `ses_points`, `ses_moyens`, `ses_classements` et `ses_partenariats` (`lecture.lire`, ou
`.completes()` pour plusieurs fiches).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from maillage.catalogue.choices import EtatPoint, FamilleTerme, GenreMoyen, GenrePoint, RolePartenaire
from maillage.catalogue.models import Experience, Moyen, Partenariat, Terme
from maillage.core.documents.description import Liste, Paragraphe, texte_libre
from maillage.core.francais import INSECABLE, euros, nombre

MASQUES = {
    GenrePoint.TELEPHONE.value: "[téléphone masqué]",
    GenrePoint.COURRIEL.value: "[courriel masqué]",
    GenrePoint.NIR.value: "[numéro masqué]",
    GenrePoint.IBAN.value: "[compte bancaire masqué]",
}
"""Un numéro ou une adresse peut être celui d'une personne : caché tant qu'on n'a pas écarté le doute."""

LONGUEUR_ACCROCHE = 420
LONGUEUR_PRECISION = 120
"""Au-delà, la précision sur l'initiative ne tient plus en tête de fiche : elle ouvre le récit."""
LONGUEUR_MOTS = 120


@dataclass(frozen=True, slots=True)
class Passage:
    """Quelques mots d'un texte ; `est_lu` : ceux où un nombre a été reconnu."""

    texte: str
    est_lu: bool = False


@dataclass(frozen=True, slots=True)
class Partie:
    """Un morceau titré de la fiche, ses paragraphes et ses listes. `marque` : son icône ou son ton."""

    titre: str
    blocs: tuple[Paragraphe | Liste, ...]
    marque: str = ""


@dataclass(frozen=True, slots=True)
class LigneMoyen:
    """Un moyen de l'action : ce qui a été lu, et les mots du centre (en passages) dont cela vient."""

    cle: str
    libelle: str
    icone: str
    lu: str
    mots: tuple[Passage, ...]

    @property
    def apercu(self) -> tuple[Passage, ...]:
        """Quand il y en a trop pour la vue d'ensemble : les mots autour du premier nombre lu, sinon rien."""
        if sum(len(passage.texte) for passage in self.mots) <= LONGUEUR_MOTS * 2:
            return ()
        rang = next((rang for rang, passage in enumerate(self.mots) if passage.est_lu), 0)
        avant, ici, apres = self.mots[:rang], self.mots[rang], self.mots[rang + 1 :]
        debut = " ".join("".join(passage.texte for passage in avant).split())
        suite = " ".join("".join(passage.texte for passage in apres).split())
        if len(debut) > LONGUEUR_MOTS // 2:
            debut = "… " + debut[-LONGUEUR_MOTS // 2 :].partition(" ")[2]
        milieu = Passage(abreger(" ".join(ici.texte.split()), LONGUEUR_MOTS), ici.est_lu)
        fin = abreger(suite, LONGUEUR_MOTS // 2) if ici.est_lu else ""
        return tuple(
            passage for passage in (Passage(f"{debut} "), milieu, Passage(f" {fin}")) if passage.texte.strip()
        )


Repere = tuple[int, int, str | None]
"""Début, fin, et le masque à montrer à la place ; sans masque, un nombre lu."""


def texte_public(experience: Experience, champ: str) -> str:
    """Le texte d'un champ tel que chacun le lit : téléphones et courriels non vérifiés y sont masqués."""
    masques = places_masquees(experience, champ)
    return "".join(passage.texte for passage in _decouper(getattr(experience, champ), masques))


def passages(experience: Experience, champ: str) -> tuple[Passage, ...]:
    """Le même texte, découpé : les mots où un nombre retenu a été reconnu y sont repérés."""
    texte: str = getattr(experience, champ)
    masques = places_masquees(experience, champ)
    # Un nombre qui touche un masque n'est pas repéré : dans le doute, on cache.
    lus: list[Repere] = [
        (moyen.debut, moyen.fin, None)
        for moyen in experience.ses_moyens
        if moyen.est_retenu and moyen.champ == champ and texte[moyen.debut : moyen.fin] == moyen.extrait
        if not any(debut < moyen.fin and moyen.debut < fin for debut, fin, _ in masques)
    ]
    return _decouper(texte, [*masques, *lus])


def _decouper(texte: str, reperes: Sequence[Repere]) -> tuple[Passage, ...]:
    resultat: list[Passage] = []
    curseur = 0
    for debut, fin, masque in sorted(reperes, key=lambda repere: (repere[0], repere[2] is None)):
        if debut < curseur:
            continue
        resultat.append(Passage(texte[curseur:debut]))
        resultat.append(Passage(texte[debut:fin], est_lu=True) if masque is None else Passage(masque))
        curseur = fin
    resultat.append(Passage(texte[curseur:]))
    return tuple(passage for passage in resultat if passage.texte)


def places_masquees(experience: Experience, champ: str) -> list[tuple[int, int, str]]:
    """(début, fin, masque) de ce qui est caché. Si le texte a changé depuis le repérage, l'extrait l'est partout."""
    texte: str = getattr(experience, champ)
    places: list[tuple[int, int, str]] = []
    for point in experience.ses_points:
        if point.etat == EtatPoint.ECARTE or point.champ != champ or point.genre not in MASQUES:
            continue
        masque = MASQUES[point.genre]
        if point.debut is not None and texte[point.debut : point.fin] == point.extrait:
            places.append((point.debut, point.fin or point.debut, masque))
        elif point.extrait:
            places += [(t.start(), t.end(), masque) for t in re.finditer(re.escape(point.extrait), texte)]
    return places


# --- Carte d'identité -----------------------------------------------------------------------------


def termes(experience: Experience, famille: FamilleTerme) -> list[Terme]:
    """Termes d'une famille, dans l'ordre de la fiche."""
    return [c.terme for c in experience.ses_classements if c.terme.famille == famille]


def partenariats(experience: Experience, role: RolePartenaire) -> list[Partenariat]:
    return [lien for lien in experience.ses_partenariats if lien.role == role]


def accroche(experience: Experience, longueur: int = LONGUEUR_ACCROCHE) -> str:
    """Le début du résumé (à défaut, d'une description), coupé à la fin d'une phrase quand c'est possible."""
    for champ in ("resume", "description_experience", "description"):
        if texte := texte_public(experience, champ).strip():
            return abreger(texte, longueur)
    return ""


_FIN_DE_PHRASE = re.compile(r"[.!?…](?=\s+[^\W\d_a-zà-ÿ«\"(]|\s*$)|\n")


def abreger(texte: str, longueur: int) -> str:
    """Les premières phrases entières, sinon les premiers mots, suivis de « … » s'il en manque."""
    if len(texte) <= longueur:
        return texte
    debut = texte[:longueur]
    phrases = [trouve.end() for trouve in _FIN_DE_PHRASE.finditer(debut) if trouve.end() > longueur // 3]
    coupe = debut[: phrases[-1]] if phrases else debut.rsplit(" ", 1)[0]
    return coupe.strip().rstrip(",;:") + " …"


def identite(experience: Experience) -> list[tuple[str, str]]:
    """Ce qui se dit en quelques mots, en tête de fiche ; ce qui est vide n'est pas montré."""

    def noms(famille: FamilleTerme) -> str:
        return ", ".join(terme.libelle for terme in termes(experience, famille))

    precision = texte_public(experience, "initiative_precision").strip()
    couples = (
        ("Public", noms(FamilleTerme.PUBLIC)),
        ("Territoire", noms(FamilleTerme.TERRITOIRE)),
        ("À l’initiative", noms(FamilleTerme.INITIATIVE)),
        ("Précision", precision if len(precision) <= LONGUEUR_PRECISION else ""),
        ("Thèmes", noms(FamilleTerme.THEME)),
    )
    return [(libelle, valeur) for libelle, valeur in couples if valeur]


# --- Parties du texte -----------------------------------------------------------------------------


def parties(experience: Experience, *champs: tuple[str, str, str]) -> list[Partie]:
    """(champ, titre, marque) → les parties qui ont un texte."""
    return [
        Partie(titre, texte_libre(texte), marque)
        for champ, titre, marque in champs
        if (texte := texte_public(experience, champ).strip())
    ]


def recit(experience: Experience) -> list[Partie]:
    """Comment cela s'est passé, le résumé mis à part."""
    precision = texte_public(experience, "initiative_precision").strip()
    longue = (("initiative_precision", "Qui en a eu l’initiative", ""),)
    return parties(
        experience,
        *(longue if len(precision) > LONGUEUR_PRECISION else ()),
        ("elements_diagnostic", "Au départ", ""),
        ("description", "Dans l’ensemble", ""),
        ("description_experience", "Objectifs, acteurs et étapes", ""),
        ("raison_fin", "Pourquoi l’action s’est terminée", ""),
    )


def resultats(experience: Experience) -> list[Partie]:
    """Ce que cela a changé, et pour qui."""
    return parties(
        experience,
        ("resultat_territoire", "Pour le territoire", "map"),
        ("resultat_centre", "Pour le centre", "house"),
        ("resultat_habitants", "Pour les habitants", "heart-handshake"),
        ("impacts", "Effets positifs", "sprout"),
    )


def suites(experience: Experience) -> list[Partie]:
    return parties(
        experience, ("limites", "Les limites", "alerte"), ("perspectives", "Les perspectives", "ok")
    )


# --- Moyens ---------------------------------------------------------------------------------------

_NOMS = {
    GenreMoyen.PROFESSIONNELS.value: ("professionnel", "professionnels"),
    GenreMoyen.BENEVOLES.value: ("bénévole", "bénévoles"),
    GenreMoyen.HABITANTS.value: ("habitant", "habitants"),
    GenreMoyen.TEMPS_PLEIN.value: ("équivalent temps plein", "équivalents temps plein"),
    GenreMoyen.PERSONNES.value: ("personne", "personnes"),
}


def moyen_en_mots(moyen: Moyen) -> str:
    """« environ 14 000 € par an », « 9 bénévoles »."""
    if moyen.genre == GenreMoyen.MONTANT:
        mots = f"{euros(moyen.valeur)} {moyen.periode}".strip()
    else:
        mots = f"{nombre(moyen.valeur)}{INSECABLE}{_NOMS[moyen.genre][moyen.valeur >= 2]}"
    return f"environ {mots}" if moyen.est_approximatif else mots


def _retenus(experience: Experience, *genres: GenreMoyen) -> str:
    retenus = [moyen for moyen in experience.ses_moyens if moyen.est_retenu]
    return ", ".join(moyen_en_mots(m) for genre in genres for m in retenus if m.genre == genre)


def budget_en_mots(experience: Experience) -> str:
    """Le montant retenu, vide si aucun n'a été lu."""
    if lu := _retenus(experience, GenreMoyen.MONTANT):
        return lu
    return euros(experience.budget) if experience.budget is not None else ""


def personnes_en_mots(experience: Experience) -> str:
    """« 2 professionnels, 9 bénévoles », vide si rien n'a été lu."""
    return _retenus(
        experience,
        GenreMoyen.PROFESSIONNELS,
        GenreMoyen.TEMPS_PLEIN,
        GenreMoyen.BENEVOLES,
        GenreMoyen.HABITANTS,
        GenreMoyen.PERSONNES,
    )


def lignes_de_moyens(experience: Experience) -> list[LigneMoyen]:
    """Argent puis personnes ; une ligne sans mots ni nombre n'est pas montrée."""
    argent = passages(experience, "ressources_financieres")
    personnes = passages(experience, "personnes_mobilisees")
    lignes = (
        LigneMoyen("argent", "Argent", "coins", budget_en_mots(experience), argent),
        LigneMoyen("personnes", "Personnes", "users", personnes_en_mots(experience), personnes),
    )
    return [ligne for ligne in lignes if ligne.lu or ligne.mots]
