"""Ce que la pièce garde d'une personne : ses inscriptions, ses venues, son bénévolat.

Effacée, une personne reste comptée : ses venues gardent leur jour, leur rôle et le premier âge de sa bande.
"""

from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import Case, F, OuterRef, PositiveSmallIntegerField, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import ExtractYear
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone

from maillage.activites.choices import EtatInscription
from maillage.activites.models import Benevole, Inscription
from maillage.core.conservation import Declaration, Donnee, Preference
from maillage.personnes.choices import DEBUT_DE_BANDE
from maillage.personnes.models import Personne

DUREE: Final = "deux ans après le dernier signe de vie ; ensuite sans nom, pour les comptes"
CONTRAT: Final = "l’inscription"
EQUIPE: Final = "qui anime, l’accueil et la direction"


def _champ(*champs: str, but: str, base: str = CONTRAT, compte_encore: bool = True) -> Donnee:
    return Donnee(
        champs=champs,
        but=but,
        base=base,
        duree=DUREE,
        destinataires=EQUIPE,
        compte_encore=compte_encore,
    )


AU_DEBUT_DE_LA_BANDE: Final = Case(
    *(When(age__gte=debut, then=Value(debut)) for debut in sorted(DEBUT_DE_BANDE.values(), reverse=True)),
    default=F("age"),
    output_field=PositiveSmallIntegerField(),
)


def _debut_de_la_bande(jour: Combinable, personnes: QuerySet[Any], naissance: str) -> Case:
    """Le premier âge de sa bande, ce jour-là ; rien quand l'année de naissance n'est pas connue."""
    age = jour - Subquery(personnes.values(naissance)[:1])
    debuts = sorted(DEBUT_DE_BANDE.values(), reverse=True)
    return Case(
        *(When(GreaterThanOrEqual(age, Value(debut)), then=Value(debut)) for debut in debuts),
        default=None,
        output_field=PositiveSmallIntegerField(),
    )


A_L_INSCRIPTION: Final = _debut_de_la_bande(
    ExtractYear("inscrite_le", tzinfo=UTC), Personne.objects.filter(pk=OuterRef("personne")), "naissance"
)
CE_JOUR_LA: Final = _debut_de_la_bande(
    ExtractYear("jour"), Benevole.objects.filter(pk=OuterRef("benevole")), "personne__naissance"
)

DE_LA_PLACE_A_RIEN: Final = (
    EtatInscription.INSCRITE,
    EtatInscription.PROPOSEE,
    EtatInscription.EN_ATTENTE,
    EtatInscription.DESISTEE,
)


def _sa_place(inscription: Inscription) -> tuple[int, datetime]:
    """Réunir deux fiches ne fait perdre ni une place, ni un rang d'attente."""
    return DE_LA_PLACE_A_RIEN.index(EtatInscription(inscription.etat)), inscription.inscrite_le


DECLARATIONS: Final = (
    Declaration(
        modele="activites.inscription",
        titre="Les inscriptions",
        libelles={"activite": "activité", "inscrite_par": "inscrite par"},
        donnees=(
            _champ(
                *("activite", "etat", "role", "inscrite_le", "inscrite_par"),
                *("proposee_le", "proposee_jusqu_au", "finie_le"),
                but="tenir la liste d’une activité et sa liste d’attente",
            ),
            _champ("age", but="compter par âge, sans l’année de naissance"),
        ),
        apres={"age": A_L_INSCRIPTION},
        preference=Preference(meme=("activite",), rang=_sa_place),
    ),
    Declaration(
        modele="activites.presence",
        titre="Les présences",
        libelles={"seance": "séance", "notee_par": "notée par"},
        donnees=(
            _champ(
                *("seance", "role", "age", "notee_le", "notee_par"),
                but="compter les venues, sans jamais compter deux fois",
            ),
            _champ("cle", but="ne pas noter deux fois le même geste"),
        ),
        apres={"age": AU_DEBUT_DE_LA_BANDE, "cle": None},
    ),
    Declaration(
        modele="activites.benevole",
        titre="Le bénévolat",
        libelles={"structure": "centre"},
        donnees=(
            _champ("structure", "depuis", "jusqu_au", but="accueillir et remercier", base="l’engagement"),
            _champ(
                "missions",
                "disponibilites",
                but="proposer une mission",
                base="l’engagement",
                compte_encore=False,
            ),
        ),
        apres={"missions": "", "disponibilites": ""},
        au_conflit={"jusqu_au": timezone.localdate},
    ),
    Declaration(
        modele="activites.heuresdebenevolat",
        titre="Les heures données",
        libelles={
            "structure": "centre",
            "nombre": "nombre de personnes",
            "activite": "activité",
            "seance": "séance",
            "notees_par": "notées par",
        },
        chemin="benevole__personne",
        donnees=(
            _champ(
                *("structure", "nombre", "activite", "seance", "jour", "heures", "notees_par"),
                but="compter les heures données",
                base="l’engagement",
            ),
            _champ("age", but="compter par âge, sans l’année de naissance", base="l’engagement"),
            _champ("mission", but="dire à quoi", base="l’engagement", compte_encore=False),
        ),
        apres={"mission": "", "age": CE_JOUR_LA},
    ),
    Declaration(
        modele="activites.formationdebenevole",
        titre="Les formations suivies",
        chemin="benevole__personne",
        donnees=(
            _champ("jour", "heures", but="compter les formations", base="l’engagement"),
            _champ("titre", but="dire laquelle", base="l’engagement", compte_encore=False),
        ),
        apres={"titre": "Formation"},
    ),
)
