"""Un document gardé se relit tel qu'il était, et son empreinte dit si deux documents sont le même."""

from dataclasses import replace
from datetime import date

import pytest

from maillage.core.documents.description import (
    Chiffre,
    Chiffres,
    Citation,
    Definition,
    Document,
    Encadre,
    Figure,
    Liste,
    Paragraphe,
    Photo,
    Saut,
    Section,
    Tableau,
)
from maillage.core.documents.garde import CLASSES, de_donnees, empreinte_de, en_donnees
from maillage.core.documents.html import rendre_html
from maillage.core.documents.texte import DescriptionRefusee, Renvoi, gras, lien

DESSIN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="5" height="5"/></svg>'
TABLEAU = Tableau(
    "Les venues", ("Lieu", "Venues"), (("La Fabrique", "12"),), ("gauche", "droite"), ancre="venues"
)
DOCUMENT = Document(
    titre="Le dossier des Deux-Ponts",
    auteur="Centre social des Deux-Ponts",
    date=date(2026, 3, 2),
    blocs=(Definition((("Territoire", "Lavaur-sur-Lys"),)), Photo(b"\xff\xd8", 4, 3, "Le marché")),
    sections=(
        Section(
            "Le diagnostic",
            (
                Paragraphe((gras("Au marché, "), Renvoi("venues"), lien("ici", "https://exemple.fr")), "chapo"),
                Liste(("Un", "Deux"), est_ordonnee=True),
                TABLEAU,
                Figure(DESSIN, "Un carré", "Les venues par lieu", replace(TABLEAU, ancre="")),
                Citation("On ne se connaît plus.", "Une habitante"),
                Encadre("alerte", "À savoir", (Paragraphe("Peu de réponses."),)),
                Chiffres((Chiffre("42", "personnes", "2025"),)),
                Saut(),
            ),
        ),
    ),
)  # fmt: skip


def test_un_genre_inconnu_ne_se_reconstruit_pas() -> None:
    with pytest.raises(DescriptionRefusee, match="Genre inconnu"):
        de_donnees({"genre": "Popen", "args": "ls"})


def test_un_champ_inconnu_est_refuse() -> None:
    with pytest.raises(DescriptionRefusee, match="ne se relit plus"):
        de_donnees(en_donnees(DOCUMENT) | {"couleur": "rouge"})


def test_un_morceau_n_est_pas_un_document() -> None:
    with pytest.raises(DescriptionRefusee, match="pas un document"):
        de_donnees({"genre": "Saut"})


def test_un_document_garde_se_relit_tel_quel() -> None:
    relu = de_donnees(en_donnees(DOCUMENT))
    assert relu == DOCUMENT
    assert rendre_html(relu) == rendre_html(DOCUMENT)


def test_chaque_bloc_d_une_description_peut_se_garder() -> None:
    gardes = str(en_donnees(DOCUMENT))
    assert [nom for nom in CLASSES if f"'{nom}'" not in gardes] == []


def test_l_empreinte_change_des_qu_un_mot_change() -> None:
    donnees = en_donnees(DOCUMENT)
    a_l_envers = dict(reversed(donnees.items()))
    autre = en_donnees(replace(DOCUMENT, sous_titre="Version corrigée"))
    assert empreinte_de(donnees) == empreinte_de(a_l_envers) != empreinte_de(autre)
    assert len(empreinte_de(donnees)) == 64
