"""Les chiffres de l'accueil : passages, personnes, demandes, à l'heure du centre."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from maillage.accueil.lecture import Chiffres, lire_chiffres
from maillage.accueil.models import Demande, Passage, TypeDeDemande
from maillage.accueil.temps import Periode, instant
from maillage.core.base_de_donnees import morceau_local
from maillage.territoire.models import Structure
from tests.accueil.fabriques import PassageFactory, TypeDeDemandeFactory, passages
from tests.distribution import Distribution
from tests.fabriques import SiteFactory

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]
MARDI = date(2026, 3, 24)


@pytest.fixture
def centre(distribution: Distribution) -> Structure:
    return distribution.deux_ponts


@pytest.fixture
def cafe(centre: Structure) -> TypeDeDemande:
    return TypeDeDemandeFactory(structure=centre, libelle="Café")


def non_nuls(chiffres: Chiffres, titre: str) -> dict[str, tuple[int, int]]:
    return {
        ligne.libelle: (ligne.ici, ligne.avant)
        for ligne in chiffres.tableau(titre)
        if ligne.ici or ligne.avant
    }


def test_un_autre_centre_et_un_passage_annule_ne_comptent_pas(
    centre: Structure, cafe: TypeDeDemande, distribution: Distribution
) -> None:
    quand = instant(centre, MARDI, time(10))
    passages(centre, cafe, quand, annule_le=quand)
    passages(distribution.quatre_vents, TypeDeDemandeFactory(structure=distribution.quatre_vents), quand)
    chiffres = lire_chiffres(centre, Periode.autour("jour", MARDI))
    assert (chiffres.passages, chiffres.personnes, chiffres.demandes) == ((0, 0), (0, 0), (0, 0))


def test_passages_personnes_et_demandes_sont_trois_nombres(centre: Structure, cafe: TypeDeDemande) -> None:
    [seul, a_trois] = passages(centre, cafe, instant(centre, MARDI, time(10)), 2)
    Passage.objects.filter(pk=a_trois.pk).update(nombre=3)
    Demande.objects.create(passage=seul, type=TypeDeDemandeFactory(structure=centre, libelle="Papiers"))
    passages(centre, cafe, instant(centre, MARDI - timedelta(days=7), time(10)))
    chiffres = lire_chiffres(centre, Periode.autour("jour", MARDI))
    assert (chiffres.passages, chiffres.personnes, chiffres.demandes) == ((2, 1), (4, 1), (3, 1))
    assert non_nuls(chiffres, "Demandes par type") == {"Café": (2, 1), "Papiers": (1, 0)}


def test_l_heure_est_celle_du_centre_de_part_et_d_autre_du_changement_d_heure(
    centre: Structure, cafe: TypeDeDemande
) -> None:
    """Le 29 mars 2026, à 2 h, il fut 3 h : 9 h du samedi et 9 h du lundi ne sont pas la même heure universelle."""
    for jour in (date(2026, 3, 28), date(2026, 3, 30)):
        passages(centre, cafe, instant(centre, jour, time(9)))
    chiffres = lire_chiffres(centre, Periode.autour("mois", MARDI))
    assert non_nuls(chiffres, "Passages par heure") == {"9\u00a0h": (2, 0)}
    assert non_nuls(chiffres, "Passages par jour") == {"28": (1, 0), "30": (1, 0)}
    assert non_nuls(chiffres, "Passages par jour de la semaine") == {"lun.": (1, 0), "sam.": (1, 0)}


@pytest.mark.parametrize("lieu", ["Europe/Paris", "America/Cayenne", "Pacific/Marquesas", "Indian/Reunion"])
def test_chaque_morceau_local_est_celui_que_python_lit(lieu: str, centre: Structure) -> None:
    fuseau = ZoneInfo(lieu)
    debut = datetime(2025, 12, 31, 20, 17, tzinfo=UTC)
    instants = [debut + timedelta(hours=rang * 37) for rang in range(240)]
    for moment in instants:
        PassageFactory(structure=centre, le=moment)
    lus = {"heure": "hour", "jour": "day", "mois": "month"}
    for morceau in (*lus, "jour_de_semaine"):
        extrait = morceau_local(morceau, "le", fuseau, instants[0], instants[-1] + timedelta(hours=1))
        for passage in Passage.objects.annotate(morceau=extrait):
            local = passage.le.astimezone(fuseau)
            voulu = local.isoweekday() if morceau == "jour_de_semaine" else getattr(local, lus[morceau])
            assert passage.morceau == voulu, (morceau, local)


def test_un_lieu_se_lit_seul(centre: Structure, cafe: TypeDeDemande) -> None:
    moulin = SiteFactory(structure=centre, nom="Moulin-Vert")
    quand = instant(centre, MARDI, time(10))
    passages(centre, cafe, quand, 2)
    passages(centre, cafe, quand, 3, site=moulin)
    assert lire_chiffres(centre, Periode.autour("semaine", MARDI), moulin).passages == (3, 0)


def test_fevrier_montre_le_29_de_l_annee_d_avant(centre: Structure, cafe: TypeDeDemande) -> None:
    passages(centre, cafe, instant(centre, date(2028, 2, 29), time(10)), 7)
    chiffres = lire_chiffres(centre, Periode.autour("mois", date(2029, 2, 3)))
    assert chiffres.passages == (0, 7)
    assert non_nuls(chiffres, "Passages par jour") == {"29": (0, 7)}


def test_une_annee_se_compare_a_celle_d_avant(centre: Structure, cafe: TypeDeDemande) -> None:
    passages(centre, cafe, instant(centre, date(2026, 12, 31), time(23, 59)))
    passages(centre, cafe, instant(centre, date(2025, 1, 1)), 2)
    chiffres = lire_chiffres(centre, Periode.autour("annee", MARDI))
    assert non_nuls(chiffres, "Passages par mois") == {"décembre": (1, 0), "janvier": (0, 2)}


@pytest.mark.parametrize("suite", ["?pas=siecle", "?le=hier", "?le=0001-01-01", "?le=9999-12-31", "?site=x"])
def test_une_adresse_abimee_montre_la_semaine(suite: str, client_de: ClientDe, centre: Structure) -> None:
    assert client_de("ines").get(f"/espace/comptoir/{centre.pk}/chiffres/{suite}").status_code == 200


def test_le_fichier_dit_ce_que_la_page_montre(
    client_de: ClientDe, centre: Structure, cafe: TypeDeDemande
) -> None:
    passages(centre, cafe, instant(centre, MARDI, time(10)), 4)
    adresse = f"/espace/comptoir/{centre.pk}/chiffres"
    assert client_de("ines").get(f"{adresse}.pdf").status_code == 404
    reponse = client_de("ines").get(f"{adresse}.csv?pas=semaine&le={MARDI}")
    texte = b"".join(reponse.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lignes = list(csv.reader(io.StringIO(texte), delimiter=";"))
    assert ["Ensemble", "Passages", "4", "0"] in lignes
    assert ["Demandes par type", "Café", "4", "0"] in lignes
    xlsx = client_de("ines").get(f"{adresse}.xlsx?pas=annee&le={MARDI}")
    assert b"".join(xlsx.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
