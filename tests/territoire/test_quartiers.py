"""Les quartiers prioritaires : un fichier officiel, un millésime, rien d'autre."""

import pytest

from maillage.core.journal import SYSTEME
from maillage.core.models import LigneJournal
from maillage.territoire.models import Quartier
from maillage.territoire.operations.quartiers import (
    FichierDeQuartiersRefuse,
    importer_quartiers,
    lire_quartiers,
)
from tests.fabriques import CommuneFactory

pytestmark = pytest.mark.django_db
ENTETE = "code_qp;lib_qp;insee_reg;insee_com;lib_com"


@pytest.fixture(autouse=True)
def communes() -> None:
    CommuneFactory()
    CommuneFactory(code_insee="63032", nom="Beaumont")


def fichier(*lignes: str, entete: str = ENTETE) -> bytes:
    return "\r\n".join([entete, *lignes]).encode()


@pytest.mark.parametrize(
    ("octets", "raison"),
    [
        (b"", "il manque : code_qp, lib_qp, insee_com"),
        (b"\x89PNG\0\0", "pas du texte"),
        (fichier(entete="code_qp;lib_qp"), "il manque : insee_com"),
        (fichier(), "Aucun quartier lisible"),
        (fichier("XX;Nord;84;63113;Clermont"), "Ligne 2 : « XX » n’est pas un code"),
        (fichier("QP063001;Nord;84;63113;"), "QN depuis 2024"),
        (fichier("QN06301N;;84;63113;"), "n’a pas de nom"),
        (fichier("QN06301N;Nord;84;;"), "n’a pas de commune"),
        (fichier("QN06301N;Nord;84;99999;"), "99999 n’existe pas"),
        (fichier("QN06301N"), "n’a pas de nom"),
    ],
)
def test_un_fichier_inutilisable_est_refuse_avec_sa_raison(octets: bytes, raison: str) -> None:
    with pytest.raises(FichierDeQuartiersRefuse) as refus:
        lire_quartiers(octets, 2024)
    assert raison in str(refus.value)


def test_une_ligne_fausse_est_ecartee_et_nommee_sans_perdre_les_autres() -> None:
    lecture = lire_quartiers(fichier("QN06301N;Nord;84;63113;", "", "QN06302M;Sud;84;00000;"), 2024)
    assert [q.code for q in lecture.quartiers] == ["QN06301N"]
    assert [(e.ligne, "00000" in e.motif) for e in lecture.ecartees] == [(4, True)]


@pytest.mark.parametrize(
    "octets",
    [
        fichier("QN06301N;Quartier Nord;84;63113;", "QN06301N;Quartier Nord;84;63032;"),
        fichier("QN06301N;Quartier Nord;84;63113, 63032;"),
        fichier("QN06301N,Quartier Nord,63113 63032", entete="Code QPV,Nom QPV,Code INSEE"),
        "\ufeffcode_qp;lib_qp;insee_com\nQN06301N;Quartier Nord;63113|63032\n".encode(),
    ],
)
def test_un_quartier_sur_deux_communes_se_lit_dans_chaque_forme(octets: bytes) -> None:
    (quartier,) = lire_quartiers(octets, 2024).quartiers
    assert (quartier.nom, quartier.communes) == ("Quartier Nord", ["63113", "63032"])


def test_les_anciennes_lettres_se_lisent_aussi() -> None:
    octets = "code_qp;lib_qp;insee_com\nQP063001;Forêt;63113\n".encode("cp1252")
    assert lire_quartiers(octets, 2015).quartiers[0].nom == "Forêt"


def test_importer_remplace_un_millesime_et_ne_touche_pas_l_autre() -> None:
    anciens = lire_quartiers(fichier("QP063001;Nord;84;63113;"), 2015).quartiers
    importer_quartiers(2015, anciens, par=SYSTEME)
    premiers = lire_quartiers(fichier("QN06301N;Nord;84;63113;", "QN06302I;Sud;84;63113;"), 2024).quartiers
    assert importer_quartiers(2024, premiers, par=SYSTEME) == {"crees": 2, "changes": 0, "retires": 0}
    seconds = lire_quartiers(
        fichier("QN06301N;Grand Nord;84;63032;", "QN06303I;Est;84;63113;"), 2024
    ).quartiers
    assert importer_quartiers(2024, seconds, par=SYSTEME) == {"crees": 1, "changes": 1, "retires": 1}
    assert set(Quartier.objects.values_list("millesime", "code", "nom")) == {
        (2015, "QP063001", "Nord"),
        (2024, "QN06301N", "Grand Nord"),
        (2024, "QN06303I", "Est"),
    }
    assert [c.pk for c in Quartier.objects.get(code="QN06301N").communes.all()] == ["63032"]


def test_importer_deux_fois_ne_change_rien() -> None:
    lus = lire_quartiers(fichier("QN06301N;Nord;84;63113;"), 2024).quartiers
    importer_quartiers(2024, lus, par=SYSTEME)
    assert not any(importer_quartiers(2024, lus, par=SYSTEME).values())
    assert LigneJournal.objects.filter(acte="importer_quartiers").count() == 1
