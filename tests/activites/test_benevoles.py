"""Les bénévoles : qui les lit, leurs heures en un geste, leur attestation, et ce que le journal ne dit pas."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from maillage.activites.benevolat import annee_de_benevolat, annees_de_benevolat, attestation
from maillage.activites.models import Benevole, HeuresDeBenevolat, Seance
from maillage.activites.operations.benevoles import (
    engager_benevole,
    modifier_l_engagement,
    noter_des_heures,
    noter_les_heures_de_la_seance,
)
from maillage.activites.operations.seances import changer_seance
from maillage.core.ecriture import GesteRefuse
from maillage.core.models import Changement, LigneJournal
from maillage.personnes.operations import geler_personne
from tests.activites.engagement_d_essai import BenevoleFactory, FormationFactory, HeuresFactory
from tests.activites.fabriques import ActiviteFactory, PresenceFactory, SeanceFactory
from tests.distribution import Distribution
from tests.fabriques import DepartementFactory, StructureFactory
from tests.personnes.fabriques import PersonneFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def benevole(distribution: Distribution) -> Benevole:
    engagee: Benevole = BenevoleFactory(
        personne__structure=distribution.deux_ponts, personne__prenom="Rosa", personne__nom="Marchetti"
    )
    return engagee


@pytest.fixture
def seance(benevole: Benevole, distribution: Distribution) -> Seance:
    """D'une heure et demie, animée par Bruno ; Rosa et une autre personne y aident, une troisième y vient."""
    activite = ActiviteFactory(
        structure=distribution.deux_ponts, titre="Aide aux devoirs", animateurs=[distribution.bruno]
    )
    tenue: Seance = SeanceFactory(activite=activite)
    PresenceFactory(seance=tenue, personne=benevole.personne, role="bénévole")
    PresenceFactory(seance=tenue, role="bénévole")
    PresenceFactory(seance=tenue)
    return tenue


@pytest.mark.parametrize("qui", ["bruno", "chloe", "denis", "lea", "nadia", "omar"])
def test_seuls_la_direction_et_l_accueil_lisent_les_noms(
    qui: str, benevole: Benevole, client_de: Ouvrir
) -> None:
    for adresse in (
        reverse("benevole", args=[benevole.pk]),
        reverse("benevole_attestation", args=[benevole.pk]),
        reverse("benevoles"),
    ):
        page = client_de(qui).get(adresse)
        assert b"Marchetti" not in page.content
    assert client_de("ines").get(reverse("benevole", args=[benevole.pk])).status_code == 200


def test_une_personne_n_a_qu_un_engagement_en_cours(benevole: Benevole, distribution: Distribution) -> None:
    with pytest.raises(ValidationError):
        engager_benevole(benevole.personne, {}, par=distribution.ines)
    modifier_l_engagement(benevole, {"jusqu_au": date(2026, 6, 30)}, version_lue=1, par=distribution.ines)
    engager_benevole(benevole.personne, {}, par=distribution.ines)
    with pytest.raises(GesteRefuse):
        modifier_l_engagement(benevole, {"jusqu_au": None}, version_lue=2, par=distribution.ines)


def test_une_fiche_gelee_ne_s_engage_pas(distribution: Distribution) -> None:
    gelee = PersonneFactory(structure=distribution.deux_ponts, gelee=True)
    with pytest.raises(GesteRefuse):
        engager_benevole(gelee, {}, par=distribution.ines)


def test_un_engagement_ne_finit_pas_avant_de_commencer(
    benevole: Benevole, distribution: Distribution
) -> None:
    with pytest.raises(GesteRefuse):
        modifier_l_engagement(benevole, {"jusqu_au": date(2025, 1, 1)}, version_lue=1, par=distribution.ines)


def test_des_heures_ne_se_notent_ni_demain_ni_par_trente(distribution: Distribution) -> None:
    commun = {"mission": "Buvette", "par": distribution.ines}
    demain = timezone.localdate() + timedelta(days=1)
    with pytest.raises(GesteRefuse):
        noter_des_heures(distribution.deux_ponts, jour=demain, heures=Decimal(2), **commun)
    with pytest.raises(GesteRefuse):
        noter_des_heures(distribution.deux_ponts, jour=date(2026, 3, 2), heures=Decimal(30), **commun)


@pytest.mark.parametrize(
    ("departement", "maintenant", "jour", "demain"),
    [
        ("988", datetime(2026, 11, 21, 21, 30, tzinfo=UTC), date(2026, 11, 22), date(2026, 11, 23)),
        ("987", datetime(2027, 1, 1, 0, 30, tzinfo=UTC), date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_le_jour_des_heures_est_celui_du_centre(
    departement: str,
    maintenant: datetime,
    jour: date,
    demain: date,
    distribution: Distribution,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    centre = StructureFactory(departement=DepartementFactory(code=departement, nom="Outre-mer"))
    commun = {"heures": Decimal(2), "mission": "Marché", "par": distribution.bruno}
    monkeypatch.setattr(timezone, "now", lambda: maintenant)
    assert noter_des_heures(centre, jour=jour, **commun).jour == jour
    assert annees_de_benevolat(centre)[0] == jour.year
    with pytest.raises(GesteRefuse):
        noter_des_heures(centre, jour=demain, **commun)


def test_un_engagement_se_date_et_finit_au_jour_du_centre(
    distribution: Distribution, client_de: Ouvrir, monkeypatch: pytest.MonkeyPatch
) -> None:
    """À Nouméa, le 1er janvier a commencé ; à Paris, c'est le 31 décembre."""
    centre = distribution.deux_ponts
    centre.departement = DepartementFactory(code="988", nom="Nouvelle-Calédonie")
    centre.save()
    lina = PersonneFactory(structure=centre, vue_le=date(2026, 1, 5))
    partie = BenevoleFactory(personne__structure=centre, jusqu_au=date(2026, 12, 31))
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 31, 21, 30, tzinfo=UTC))
    ines = client_de("ines")
    nouvelle = ines.get(reverse("benevole_nouveau"), {"personne": lina.pk})
    assert nouvelle.context["form"]["depuis"].value() == date(2027, 1, 1)
    engager_benevole(lina, {"depuis": date(2027, 1, 1)}, par=distribution.ines)
    lina.refresh_from_db()
    assert lina.vue_le == date(2027, 1, 1)
    liste = ines.get(reverse("benevoles"))
    assert liste.context["annee"] == 2027
    assert [une.personne for une in liste.context["benevoles"]] == [lina]
    assert list(ines.get(reverse("benevoles"), {"anciens": ""}).context["benevoles"]) == [partie]
    assert attestation(partie).date == date(2027, 1, 1)


@pytest.mark.parametrize("annee", ["²", "1999", "20 26"])
def test_une_annee_illisible_montre_la_plus_recente(annee: str, client_de: Ouvrir) -> None:
    page = client_de("bruno").get(reverse("benevolat"), {"annee": annee})
    assert page.context["lue"].annee == timezone.localdate().year


# --- Une séance, en un geste ------------------------------------------------------------------------


def test_la_feuille_sans_benevole_le_dit(distribution: Distribution) -> None:
    with pytest.raises(GesteRefuse):
        noter_les_heures_de_la_seance(SeanceFactory(), par=distribution.bruno)


def test_les_heures_d_une_seance_se_notent_d_un_geste_et_se_refont(
    seance: Seance, benevole: Benevole, distribution: Distribution
) -> None:
    """Rosa est connue ; l'autre personne, sans engagement, compte sans nom."""
    for _ in range(2):
        assert noter_les_heures_de_la_seance(seance, par=distribution.bruno) == Decimal(3)
        lignes = HeuresDeBenevolat.objects.filter(seance=seance).order_by("-benevole")
        assert {(un.benevole_id, un.nombre, un.heures) for un in lignes} == {
            (benevole.pk, 1, Decimal("1.5")),
            (None, 1, Decimal("1.5")),
        }
    seance.presences.filter(personne=benevole.personne).delete()
    assert noter_les_heures_de_la_seance(seance, par=distribution.bruno) == Decimal("1.5")
    assert Changement.objects.filter(objet_type="activites.seance", objet_id=seance.pk).count() == 3


def test_les_heures_d_une_seance_deplacee_changent_de_jour_et_de_duree_avec_elle(
    seance: Seance, benevole: Benevole, distribution: Distribution
) -> None:
    """Passée de mars 2026 à décembre 2025, elle ne laisse aucune heure en 2026."""
    PresenceFactory(seance=seance, role="bénévole")
    noter_les_heures_de_la_seance(seance, par=distribution.bruno)
    changer_seance(
        seance,
        version_lue=seance.version,
        jour=date(2025, 12, 16),
        debut=time(14),
        fin=time(16),
        par=distribution.bruno,
    )
    lignes = HeuresDeBenevolat.objects.filter(seance=seance).order_by("nombre")
    assert [(une.jour, une.nombre, une.heures) for une in lignes] == [
        (date(2025, 12, 16), 1, 2),
        (date(2025, 12, 16), 2, 4),
    ]


def test_la_feuille_n_ayant_plus_de_benevole_ses_heures_se_retirent(
    seance: Seance, distribution: Distribution, client_de: Ouvrir
) -> None:
    noter_les_heures_de_la_seance(seance, par=distribution.bruno)
    seance.presences.filter(role="bénévole").delete()
    client, page = client_de("bruno"), reverse("seance_benevolat", args=[seance.pk])
    assert "Retirer ces heures" in client.get(page).content.decode()
    client.post(page)
    assert not seance.heures_de_benevolat.exists()
    assert "Retirer ces heures" not in client.get(page).content.decode()


def test_bruno_note_les_heures_sans_lire_un_nom(seance: Seance, client_de: Ouvrir) -> None:
    page = reverse("seance_benevolat", args=[seance.pk])
    assert client_de("farid").get(page).status_code == 404
    bruno = client_de("bruno")
    lue = bruno.get(page).content.decode()
    assert "2\xa0bénévoles" in lue
    assert "Rosa" not in lue
    assert bruno.post(page).status_code == 302
    assert HeuresDeBenevolat.objects.filter(seance=seance).count() == 2


def test_le_journal_dit_des_heures_jamais_de_qui(
    seance: Seance, benevole: Benevole, distribution: Distribution
) -> None:
    noter_les_heures_de_la_seance(seance, par=distribution.bruno)
    noter_des_heures(
        distribution.deux_ponts,
        jour=date(2026, 3, 2),
        heures=Decimal(2),
        mission="Buvette",
        benevole=benevole,
        par=distribution.ines,
    )
    textes = [f"{un.phrase}{un.avant}{un.apres}" for un in LigneJournal.objects.all()]
    assert textes and not [texte for texte in textes if "Rosa" in texte or "Marchetti" in texte]


# --- Les totaux -------------------------------------------------------------------------------------


def test_le_total_compte_chaque_personne_une_fois_et_nomme_les_sans_nom(
    benevole: Benevole, distribution: Distribution
) -> None:
    centre = distribution.deux_ponts
    HeuresFactory.create_batch(3, structure=centre, benevole=benevole)
    HeuresFactory(structure=centre, nombre=4, heures=Decimal(12), mission="")
    HeuresFactory(structure=centre, jour=date(2025, 3, 2))
    HeuresFactory(structure=distribution.quatre_vents)
    lue = annee_de_benevolat(centre, 2026)
    assert (lue.heures, lue.connus, lue.sans_nom) == (Decimal(18), 1, 4)
    assert [(un.nom, un.heures) for un in lue.missions] == [("Sans mission dite", 12), ("Buvette", 6)]


def test_l_export_n_a_aucun_nom(benevole: Benevole, distribution: Distribution, client_de: Ouvrir) -> None:
    HeuresFactory(structure=distribution.deux_ponts, benevole=benevole)
    reponse = client_de("bruno").get(reverse("benevolat_fichier", args=[2026, "xlsx"]))
    feuille = load_workbook(BytesIO(b"".join(reponse.streaming_content))).active  # type: ignore[attr-defined]
    assert feuille is not None
    valeurs = [cellule.value for ligne in feuille.iter_rows() for cellule in ligne]
    assert "Buvette" in valeurs
    assert not [valeur for valeur in valeurs if "Marchetti" in str(valeur)]


# --- Les pages --------------------------------------------------------------------------------------


def test_plusieurs_personnes_sans_nom_se_notent_et_s_annulent(
    distribution: Distribution, client_de: Ouvrir
) -> None:
    bruno, page = client_de("bruno"), reverse("benevolat")
    envoi = {"jour": "2026-03-02", "nombre": "6", "heures": "2,5", "mission": "Installer la fête"}
    assert bruno.post(page, envoi | {"heures": "deux"}).status_code == 422
    assert bruno.post(page, envoi | {"mission": "Aider Madame Martin"}).status_code == 422
    bruno.post(page, envoi)
    notees = HeuresDeBenevolat.objects.get()
    assert (notees.nombre, notees.heures, notees.benevole) == (6, Decimal(15), None)
    bruno.post(reverse("heures_retirer", args=[notees.pk]))
    assert not HeuresDeBenevolat.objects.exists()


def test_bruno_ne_retire_pas_les_heures_d_une_personne_nommee(benevole: Benevole, client_de: Ouvrir) -> None:
    notees = HeuresFactory(structure=benevole.structure, benevole=benevole)
    page = reverse("heures_retirer", args=[notees.pk])
    assert client_de("bruno").post(page).status_code == 404
    assert client_de("ines").post(page).status_code == 302


def test_ines_accueille_une_benevole_du_registre(distribution: Distribution, client_de: Ouvrir) -> None:
    personne = PersonneFactory(structure=distribution.deux_ponts, prenom="Zélie", nom="Combette")
    ailleurs = PersonneFactory(structure=distribution.quatre_vents, prenom="Zélie", nom="Combette")
    ines, page = client_de("ines"), reverse("benevole_nouveau")
    trouvees = ines.get(page, {"q": "zelie"}).content.decode()
    assert f"?personne={personne.pk}" in trouvees
    assert f"?personne={ailleurs.pk}" not in trouvees
    assert ines.post(f"{page}?personne={ailleurs.pk}", {"depuis": "2026-01-05"}).status_code == 200
    assert not Benevole.objects.exists()
    ines.post(f"{page}?personne={personne.pk}", {"depuis": "2026-01-05", "missions": "Cuisine"})
    assert Benevole.objects.get().personne == personne


def test_ses_heures_et_sa_formation_se_notent_sur_sa_page(benevole: Benevole, client_de: Ouvrir) -> None:
    ines = client_de("ines")
    for nom, envoi in (
        ("benevole_heures", {"jour": "2026-03-02", "heures": "3", "mission": "Cuisine"}),
        ("benevole_formation", {"jour": "2026-03-02", "heures": "7", "titre": "Premiers secours"}),
    ):
        assert ines.post(reverse(nom, args=[benevole.pk]), {}).status_code == 422
        assert ines.post(reverse(nom, args=[benevole.pk]), envoi).status_code == 302
    lue = ines.get(reverse("benevole", args=[benevole.pk])).content.decode()
    assert "Cuisine" in lue
    assert "Premiers secours" in lue
    ines.post(reverse("formation_retirer", args=[benevole.formations.get().pk]))
    assert not benevole.formations.exists()


def test_l_attestation_est_un_pdf(benevole: Benevole, client_de: Ouvrir) -> None:
    FormationFactory(benevole=benevole)
    HeuresFactory(structure=benevole.structure, benevole=benevole)
    reponse = client_de("amina").get(reverse("benevole_attestation", args=[benevole.pk]))
    assert reponse.content[:5] == b"%PDF-"
    assert "attachment" in reponse["Content-Disposition"]


def test_une_benevole_gelee_ne_se_nomme_qu_a_la_direction(
    benevole: Benevole, distribution: Distribution, client_de: Ouvrir
) -> None:
    geler_personne(benevole.personne, par=distribution.amina)
    ines, amina = client_de("ines"), client_de("amina")
    assert "Marchetti" not in ines.get(reverse("benevoles")).content.decode()
    assert ines.get(reverse("benevole", args=[benevole.pk])).status_code == 404
    assert "Marchetti" in amina.get(reverse("benevoles")).content.decode()
    assert amina.get(reverse("benevole", args=[benevole.pk])).status_code == 200
