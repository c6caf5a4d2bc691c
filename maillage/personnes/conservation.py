"""Ce que la pièce garde d'une personne : pourquoi, combien de temps, qui le lit, ce qui en reste."""

from typing import Final

from maillage.core.conservation import PERSONNELLE_DE_MINEUR, Declaration, Donnee
from maillage.personnes.choices import EtatPersonne

PREAVIS: Final = 30
"""Jours entre l'annonce et l'effacement."""
DUREE: Final = "deux ans après le dernier signe de vie"
EQUIPE: Final = "l’accueil et la direction"
CONTRAT: Final = "l’adhésion ou l’inscription"
INTERET: Final = "l’intérêt légitime du centre"
ACCORD: Final = "l’accord de la personne"
LOI: Final = "une obligation légale"


def _champ(
    *champs: str, but: str, base: str = CONTRAT, duree: str = DUREE, qui: str = EQUIPE, **options: object
) -> Donnee:
    return Donnee(champs=champs, but=but, base=base, duree=duree, destinataires=qui, **options)  # type: ignore[arg-type]


FICHE: Final = (
    _champ("prenom", but="reconnaître la personne", qui="l’accueil, la direction, qui anime"),
    _champ("nom", but="reconnaître la personne", qui="l’accueil, la direction, qui anime"),
    _champ("genre", but="compter les femmes et les hommes", base=INTERET, compte_encore=True),
    _champ("naissance", but="compter par âge, respecter l’âge d’une activité", base=CONTRAT),
    _champ("telephone", but="prévenir d’un changement"),
    _champ("courriel", but="prévenir d’un changement"),
    _champ("adresse", but="joindre la famille par courrier"),
    _champ("provenance", but="savoir quels quartiers viennent", base=INTERET, compte_encore=True),
    _champ("publics", but="compter les publics accueillis", base=INTERET, compte_encore=True),
    _champ("quotient", but="appliquer le bon tarif ; la tranche, jamais le montant"),
    _champ("adhesion", but="savoir si l’adhésion est à jour"),
    _champ(
        "autorises",
        but="ne remettre un enfant qu’à qui peut venir le chercher",
        duree="la saison, au plus deux ans après le dernier signe de vie",
        niveau=PERSONNELLE_DE_MINEUR,
    ),
)
TENUE: Final = (
    _champ("etat", "vue_le", but="appliquer les durées et les demandes", base=LOI, compte_encore=True),
    _champ("nom_cherche", but="retrouver la fiche sans accents"),
    _champ("fusionnee_dans", but="ne garder qu’une fiche par personne", base=INTERET, compte_encore=True),
    _champ(
        "foyer_garde", but="compter sa famille une fois, sans dire laquelle", base=INTERET, compte_encore=True
    ),
)
VIDEE: Final = {
    "etat": EtatPersonne.EFFACEE,
    **dict.fromkeys(("prenom", "nom", "nom_cherche", "telephone", "courriel"), ""),
    **dict.fromkeys(("adresse", "quotient", "autorises"), ""),
    "naissance": None,
    "adhesion": None,
}

DECLARATIONS: Final = (
    Declaration(
        modele="personnes.personne",
        titre="La fiche",
        chemin="pk",
        donnees=FICHE + TENUE,
        apres=VIDEE,
        libelles={"nom_cherche": "nom sans accents", "fusionnee_dans": "réunie à la fiche"},
    ),
    Declaration(
        modele="personnes.membredefoyer",
        titre="Les foyers",
        donnees=(_champ("foyer", "lien", but="savoir qui vit ensemble et qui est responsable"),),
    ),
    Declaration(
        modele="personnes.consentement",
        titre="Les accords",
        libelles={"recueilli_par": "recueilli par"},
        donnees=(
            _champ(
                *(
                    "objet",
                    "precision",
                    "donne_le",
                    "donne_par",
                    "recueilli_par",
                    "notice",
                    "fin_le",
                    "retire_le",
                ),
                but="prouver un accord et respecter son retrait",
                base=ACCORD,
            ),
        ),
    ),
    Declaration(
        modele="personnes.demandededroits",
        titre="Les demandes de droits",
        donnees=(
            _champ(
                *("genre", "etat", "recue_le", "echeance", "reponse", "close_le", "close_par"),
                but="répondre dans le mois, et le prouver",
                base=LOI,
                duree="cinq ans ; sans nom dès l’effacement",
                compte_encore=True,
            ),
        ),
        apres={"personne": None, "reponse": ""},
    ),
    Declaration(
        modele="personnes.consultation",
        titre="Qui a ouvert la fiche",
        libelles={"par": "qui", "le": "quand"},
        donnees=(_champ("par", "le", "motif", but="savoir qui a regardé", base=LOI, duree="douze mois"),),
    ),
    Declaration(
        modele="personnes.avisdeconservation",
        titre="L’avis d’effacement",
        donnees=(
            _champ(
                *("annonce_le", "efface_le", "visa_demande", "visa_donne_le"),
                but="annoncer l’effacement trente jours avant",
                base=LOI,
            ),
        ),
    ),
)

RETENIR: Final = "maillage.personnes.operations.retenir_les_effacements"
REJOUER: Final = "maillage.personnes.operations.rejouer_les_effacements"


def champ_de_la_fiche(nom: str) -> Donnee:
    """Le but et la durée que la page montre à côté du champ."""
    return next(donnee for donnee in FICHE if nom in donnee.champs)
