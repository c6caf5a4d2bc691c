"""Les actes sur les personnes."""

from maillage.personnes.operations.accords import noter_accord, retirer_accord
from maillage.personnes.operations.conservation import (
    appliquer_la_conservation,
    fixer_la_duree,
    noter_le_visa,
)
from maillage.personnes.operations.doublons import (
    NomDejaConnu,
    ecarter_la_paire,
    fiches_gardees,
    noter_une_autre_personne,
    remettre_la_paire,
    reunir_personnes,
    separer_personnes,
)
from maillage.personnes.operations.droits import (
    degeler_personne,
    geler_personne,
    noter_une_consultation,
    recevoir_demande_de_droits,
    repondre_a_la_demande,
)
from maillage.personnes.operations.effacement import (
    effacer_personne,
    fiches_de,
    rejouer_les_effacements,
    retenir_les_effacements,
)
from maillage.personnes.operations.foyers import fonder_foyer, joindre_au_foyer, quitter_le_foyer
from maillage.personnes.operations.imports import (
    abandonner_import_de_personnes,
    choisir_les_colonnes,
    confirmer_import_de_personnes,
    deposer_personnes,
    lire_l_import,
)
from maillage.personnes.operations.personnes import (
    champs_notes,
    corriger_personne,
    noter_personne,
    noter_personnes,
    noter_un_signe_de_vie,
)
from maillage.personnes.operations.reglages import (
    fermer_champ,
    fiches_qui_portent,
    noter_provenance,
    ouvrir_champ,
    retirer_provenance,
)

__all__ = [
    "NomDejaConnu",
    "abandonner_import_de_personnes",
    "appliquer_la_conservation",
    "champs_notes",
    "choisir_les_colonnes",
    "confirmer_import_de_personnes",
    "corriger_personne",
    "degeler_personne",
    "deposer_personnes",
    "ecarter_la_paire",
    "effacer_personne",
    "fermer_champ",
    "fixer_la_duree",
    "fiches_de",
    "fiches_gardees",
    "fiches_qui_portent",
    "fonder_foyer",
    "geler_personne",
    "joindre_au_foyer",
    "lire_l_import",
    "noter_accord",
    "noter_le_visa",
    "noter_personne",
    "noter_une_autre_personne",
    "noter_personnes",
    "noter_provenance",
    "noter_un_signe_de_vie",
    "noter_une_consultation",
    "ouvrir_champ",
    "quitter_le_foyer",
    "recevoir_demande_de_droits",
    "rejouer_les_effacements",
    "repondre_a_la_demande",
    "retenir_les_effacements",
    "retirer_accord",
    "retirer_provenance",
    "remettre_la_paire",
    "reunir_personnes",
    "separer_personnes",
]
