"""Les initiatives d'habitants : qui les voit, leurs états, leurs dates, ce que l'on n'y écrit pas."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.activites.choices import EtatInitiative
from maillage.activites.models import Initiative
from maillage.activites.operations.initiatives import (
    accueillir_initiative,
    defaire_le_suivi,
    modifier_initiative,
    suivre_initiative,
)
from maillage.core.ecriture import GesteRefuse
from maillage.core.models import Changement, LigneJournal
from maillage.core.versions import ConflitDeVersion
from tests.activites.engagement_d_essai import InitiativeFactory
from tests.distribution import Distribution
from tests.fabriques import DepartementFactory
from tests.projets.fabriques import arbre_d_essai

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
E = EtatInitiative
VALEURS = {"titre": "Une fête de la rue", "genre": "projet", "nee_le": "2026-03-02"}


@pytest.fixture
def initiative(distribution: Distribution) -> Initiative:
    neuve: Initiative = InitiativeFactory(structure=distribution.deux_ponts)
    return neuve


def test_une_collegue_d_un_autre_centre_ne_la_trouve_pas(initiative: Initiative, client_de: Ouvrir) -> None:
    for nom in ("initiative", "initiative_modifier"):
        assert client_de("chloe").get(reverse(nom, args=[initiative.pk])).status_code == 404
    assert initiative.titre not in client_de("chloe").get(reverse("initiatives")).content.decode()


def test_un_etat_ne_se_saute_pas(initiative: Initiative, distribution: Distribution) -> None:
    with pytest.raises(GesteRefuse):
        suivre_initiative(initiative, le=date(2026, 2, 1), etat=E.REALISEE, par=distribution.bruno)


def test_un_etat_ne_se_note_pas_d_avance(initiative: Initiative, distribution: Distribution) -> None:
    demain = timezone.localdate() + timedelta(days=1)
    with pytest.raises(GesteRefuse):
        suivre_initiative(initiative, le=demain, etat=E.EN_MONTAGE, par=distribution.bruno)
    suivre_initiative(initiative, le=demain, mot="Rendez-vous à la mairie", par=distribution.bruno)


@pytest.mark.parametrize(
    ("departement", "maintenant", "aujourd_hui"),
    [
        ("988", datetime(2026, 11, 21, 21, 30, tzinfo=UTC), date(2026, 11, 22)),
        ("987", datetime(2027, 1, 1, 0, 30, tzinfo=UTC), date(2026, 12, 31)),
    ],
)
def test_le_jour_d_une_initiative_est_celui_du_centre(
    departement: str,
    maintenant: datetime,
    aujourd_hui: date,
    initiative: Initiative,
    distribution: Distribution,
    client_de: Ouvrir,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    centre = distribution.deux_ponts
    centre.departement = DepartementFactory(code=departement, nom="Outre-mer")
    centre.save()
    monkeypatch.setattr(timezone, "now", lambda: maintenant)
    bruno = client_de("bruno")
    nouvelle = bruno.get(reverse("initiative_nouvelle")).context["form"]
    suite = bruno.get(reverse("initiative", args=[initiative.pk])).context["form"]
    assert nouvelle["nee_le"].value() == suite["le"].value() == aujourd_hui
    demain = aujourd_hui + timedelta(days=1)
    with pytest.raises(GesteRefuse):
        suivre_initiative(initiative, le=demain, etat=E.EN_MONTAGE, par=distribution.bruno)
    suivre_initiative(initiative, le=aujourd_hui, etat=E.EN_MONTAGE, par=distribution.bruno)


def test_rien_ne_s_y_note_avant_sa_naissance(initiative: Initiative, distribution: Distribution) -> None:
    with pytest.raises(GesteRefuse):
        suivre_initiative(initiative, le=date(2026, 1, 11), par=distribution.bruno)


def test_elle_va_de_l_idee_a_la_realisation_et_se_defait(
    initiative: Initiative, distribution: Distribution
) -> None:
    montage = suivre_initiative(initiative, le=date(2026, 2, 1), etat=E.EN_MONTAGE, par=distribution.bruno)
    realisee = suivre_initiative(initiative, le=date(2026, 5, 1), etat=E.REALISEE, par=distribution.bruno)
    initiative.refresh_from_db()
    assert initiative.etat == E.REALISEE
    with pytest.raises(GesteRefuse):
        defaire_le_suivi(montage, par=distribution.bruno)
    defaire_le_suivi(realisee, par=distribution.bruno)
    initiative.refresh_from_db()
    assert initiative.etat == E.EN_MONTAGE


def test_sa_naissance_ne_se_retire_pas(initiative: Initiative, distribution: Distribution) -> None:
    with pytest.raises(GesteRefuse):
        defaire_le_suivi(initiative.suivis.get(), par=distribution.bruno)


def test_sa_naissance_corrigee_sa_premiere_date_la_suit(distribution: Distribution) -> None:
    """Sinon elle serait accompagnée l'année où elle n'était pas née."""
    nee = accueillir_initiative(
        distribution.deux_ponts, {"titre": "Composteur", "nee_le": date(2026, 1, 3)}, par=distribution.bruno
    )
    suivre_initiative(nee, le=date(2026, 2, 1), par=distribution.bruno)
    corrigee = {"nee_le": date(2025, 12, 3)}
    modifier_initiative(nee, corrigee, version_lue=nee.version, par=distribution.bruno)
    assert [un.le for un in nee.suivis.order_by("le")] == [date(2025, 12, 3), date(2026, 2, 1)]


def test_changer_de_fiche_previent_les_deux(initiative: Initiative, distribution: Distribution) -> None:
    une, autre = arbre_d_essai(distribution.deux_ponts, en_cours=True).fiches.all()[:2]
    modifier_initiative(initiative, {"fiche": une}, version_lue=1, par=distribution.bruno)
    Changement.objects.all().delete()
    modifier_initiative(initiative, {"fiche": autre}, version_lue=2, par=distribution.bruno)
    touches = set(Changement.objects.values_list("objet_type", "objet_id"))
    assert touches == {("activites.initiative", initiative.pk), ("projets.ficheaction", une.pk)}
    with pytest.raises(ConflitDeVersion):
        modifier_initiative(initiative, {"titre": "Autre"}, version_lue=2, par=distribution.bruno)


def test_accueillie_elle_a_sa_premiere_date_et_ses_partenaires(distribution: Distribution) -> None:
    champs = {"titre": "Une fête", "nee_le": date(2026, 3, 2)}
    nee = accueillir_initiative(
        distribution.deux_ponts, champs, partenaires=["Ville de Valserre"], par=distribution.bruno
    )
    assert [(un.le, un.etat) for un in nee.suivis.all()] == [(date(2026, 3, 2), E.IDEE)]
    assert [un.nom for un in nee.partenaires.all()] == ["Ville de Valserre"]


# --- Les pages --------------------------------------------------------------------------------------


def test_un_nom_d_habitant_demande_de_relire(distribution: Distribution, client_de: Ouvrir) -> None:
    bruno, page = client_de("bruno"), reverse("initiative_nouvelle")
    envoi = VALEURS | {"portee_par": "Madame Martin et ses voisins"}
    refusee = bruno.post(page, envoi)
    assert refusee.status_code == 422
    assert "Madame Martin" in refusee.content.decode()
    assert 'type="checkbox" name="relu"' in refusee.content.decode()
    assert not Initiative.objects.exists()
    assert bruno.post(page, envoi | {"relu": "on"}).status_code == 302


def test_bruno_accueille_suit_et_retire(distribution: Distribution, client_de: Ouvrir) -> None:
    bruno = client_de("bruno")
    page = bruno.post(reverse("initiative_nouvelle"), VALEURS | {"publics": "familles\nfamilles\naînés"})
    nee = Initiative.objects.get()
    assert page["Location"] == reverse("initiative", args=[nee.pk])
    assert nee.publics == ["familles", "aînés"]
    bruno.post(page["Location"], {"le": "2026-04-01", "etat": E.EN_MONTAGE, "mot": "Réunion avec la mairie"})
    lue = bruno.get(page["Location"]).content.decode()
    assert "En montage" in lue
    assert "Réunion avec la mairie" in lue
    bruno.post(reverse("initiative_defaire", args=[nee.suivis.latest("pk").pk]))
    nee.refresh_from_db()
    assert nee.etat == E.IDEE


def test_deux_personnes_ne_s_ecrasent_pas(initiative: Initiative, client_de: Ouvrir) -> None:
    page = reverse("initiative_modifier", args=[initiative.pk])
    assert client_de("bruno").post(page, VALEURS | {"version": "1"}).status_code == 302
    conflit = client_de("amina").post(page, VALEURS | {"version": "1", "titre": "La fête du canal"})
    assert conflit.status_code == 422
    assert "Une fête de la rue" in conflit.content.decode()


def test_la_liste_montre_celles_qui_bougent(initiative: Initiative, client_de: Ouvrir) -> None:
    InitiativeFactory(structure=initiative.structure, titre="Un banc devant l’école", etat=E.REALISEE)
    bruno = client_de("bruno")
    en_cours = bruno.get(reverse("initiatives")).content.decode()
    assert initiative.titre in en_cours
    assert "Un banc" not in en_cours
    assert "Un banc" in bruno.get(reverse("initiatives"), {"etat": E.REALISEE}).content.decode()


def test_le_journal_ne_dit_que_le_titre(initiative: Initiative, distribution: Distribution) -> None:
    suivre_initiative(initiative, le=date(2026, 2, 1), mot="Le groupe est prêt", par=distribution.bruno)
    ligne = LigneJournal.objects.latest("pk")
    assert "prêt" not in ligne.phrase
    assert ligne.structure_id == initiative.structure_id
