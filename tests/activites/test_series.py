"""Une série : ses jours, ce qu'elle saute, ce qui bouge quand la règle change, et le retour."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.activites.calendrier_scolaire import annees_inconnues, calendrier, vacances_le, zone_de
from maillage.activites.choices import EtatTheme
from maillage.activites.models import Activite, Seance, Serie, Theme
from maillage.activites.operations.activites import clore_activite
from maillage.activites.operations.seances import annuler_seance, changer_seance, rendre_a_la_serie
from maillage.activites.operations.series import (
    changer_serie,
    defaire_la_regle,
    poser_serie,
    retirer_serie,
)
from maillage.activites.operations.themes import placer_les_themes
from maillage.activites.recurrence import Regle
from maillage.core.ecriture import GesteRefuse
from maillage.core.models import Changement
from maillage.core.versions import ConflitDeVersion
from tests.activites.fabriques import ActiviteFactory, PresenceFactory
from tests.distribution import Distribution
from tests.fabriques import DepartementFactory, StructureFactory

Ouvrir = Callable[[str], Client]


def regle(**valeurs: Any) -> Regle:
    """Chaque mardi de 14 h à 16 h, de septembre 2026 à juillet 2027, en zone A."""
    base: dict[str, Any] = {
        "jour": 1,
        "debut": time(14),
        "fin": time(16),
        "du": date(2026, 9, 1),
        "au": date(2027, 7, 2),
        "zone": "A",
        "departement": "38",
    }
    return Regle(**(base | valeurs))


# --- Le calendrier et la règle, sans base ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("departement", "zone"),
    [("38", "A"), ("13", "B"), ("75", "C"), ("2A", "Corse"), ("974", "La Réunion"), ("988", "")],
)
def test_chaque_departement_a_sa_zone_scolaire(departement: str, zone: str) -> None:
    assert zone_de(departement) == zone


@pytest.mark.parametrize(
    ("jour", "zone", "attendu"),
    [
        (date(2026, 10, 16), "A", ""),
        (date(2026, 10, 17), "A", "vacances de la Toussaint"),
        (date(2026, 11, 1), "A", "vacances de la Toussaint"),
        (date(2026, 11, 2), "A", ""),
        (date(2027, 2, 13), "A", "vacances d’hiver"),
        (date(2027, 2, 13), "C", "vacances d’hiver"),
        (date(2027, 2, 13), "B", ""),
        (date(2027, 5, 7), "B", "pont de l’Ascension"),
        (date(2025, 4, 12), "Corse", "vacances de printemps"),
        (date(2027, 8, 31), "C", "vacances d’été"),
    ],
)
def test_les_vacances_se_lisent_au_jour_pres(jour: date, zone: str, attendu: str) -> None:
    assert vacances_le(jour, zone) == attendu


def test_les_periodes_de_vacances_d_une_zone_ne_se_chevauchent_pas() -> None:
    for zones in calendrier().annees.values():
        for periodes in zones.values():
            assert all(une.du <= une.au for une in periodes)
            assert all(une.au < suivante.du for une, suivante in zip(periodes, periodes[1:], strict=False))


def test_une_annee_inconnue_est_dite_et_rien_n_est_devine() -> None:
    assert annees_inconnues("A", date(2027, 6, 1), date(2028, 3, 1)) == ["2027-2028"]
    assert annees_inconnues("Corse", date(2026, 9, 1), date(2026, 12, 1)) == ["2026-2027"]
    assert annees_inconnues("La Réunion", date(2026, 9, 1), date(2026, 9, 2)) == ["2026-2027"]
    assert vacances_le(date(2027, 12, 27), "A") == ""


def test_une_serie_saute_les_vacances_et_les_jours_feries_en_le_disant() -> None:
    jours = regle(jour=3).jours()  # le jeudi
    sautes = {un.jour: un.saute for un in jours if un.saute}
    assert sautes[date(2027, 5, 6)] == "jour férié, Ascension"
    assert sautes[date(2026, 12, 24)] == "vacances de Noël"
    assert len(sautes) == 9
    assert len(jours) == 44


def test_l_alsace_et_l_outre_mer_ont_leurs_jours_feries() -> None:
    vendredi_saint = {"jour": 4, "du": date(2027, 3, 26), "au": date(2027, 3, 26), "zone": "B"}
    assert regle(**vendredi_saint, departement="67").jours()[0].saute == "jour férié, Vendredi saint"
    assert regle(**vendredi_saint, departement="54").jours()[0].saute == ""
    abolition = {"jour": 3, "du": date(2026, 5, 28), "au": date(2026, 5, 28), "zone": "Guadeloupe"}
    assert regle(**abolition | {"jour": 2, "du": date(2026, 5, 27)}, departement="971").jours()[0].saute


def test_une_semaine_sur_deux_part_du_premier_jour() -> None:
    une_sur_deux = regle(du=date(2026, 9, 2), au=date(2026, 10, 10), toutes_les=2)
    assert [un.jour for un in une_sur_deux.jours()] == [
        date(2026, 9, 8),
        date(2026, 9, 22),
        date(2026, 10, 6),
    ]


def test_l_heure_de_la_pendule_ne_change_pas_avec_l_heure_d_ete() -> None:
    paris = StructureFactory.build(departement_id="38").fuseau
    hiver = regle().instants(date(2027, 3, 23), paris)["debut"]
    ete = regle().instants(date(2027, 3, 30), paris)["debut"]
    assert (hiver.astimezone(UTC).hour, ete.astimezone(UTC).hour) == (13, 12)
    assert (hiver.hour, ete.hour) == (14, 14)


# --- Poser, changer, revenir -----------------------------------------------------------------------------


@pytest.fixture
def activite(distribution: Distribution) -> Activite:
    ouverte: Activite = ActiviteFactory(structure=distribution.deux_ponts, titre="Aide aux devoirs")
    return ouverte


def a_venir(**valeurs: Any) -> Regle:
    """Dix semaines à partir de la prochaine, sans rien sauter."""
    lundi = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())
    libre = {"saute_les_vacances": False, "saute_les_feries": False, "zone": ""}
    return regle(**(libre | {"du": lundi, "au": lundi + timedelta(days=69)} | valeurs))


@pytest.fixture
def serie(activite: Activite, distribution: Distribution) -> Serie:
    return poser_serie(activite, a_venir(), par=distribution.bruno)


def jours_de(activite: Activite) -> list[date]:
    return [
        une.jour for une in Seance.objects.filter(activite=activite).avec_leur_activite().order_by("debut")
    ]


@pytest.mark.django_db
def test_une_activite_close_ne_recoit_pas_de_serie(activite: Activite, distribution: Distribution) -> None:
    clore_activite(activite, par=distribution.bruno)
    with pytest.raises(GesteRefuse, match="close"):
        poser_serie(activite, regle(), par=distribution.bruno)
    assert not activite.seances.exists()


@pytest.mark.django_db
def test_une_regle_qui_ne_donne_aucun_jour_est_refusee(
    activite: Activite, distribution: Distribution
) -> None:
    with pytest.raises(GesteRefuse, match="aucune séance"):
        poser_serie(activite, regle(du=date(2026, 12, 20), au=date(2026, 12, 31)), par=distribution.bruno)


@pytest.mark.django_db
def test_une_annee_de_mardis_est_posee_en_une_fois(activite: Activite, distribution: Distribution) -> None:
    poser_serie(activite, regle(), par=distribution.bruno)
    posees = jours_de(activite)
    assert len(posees) == 36
    assert date(2026, 10, 20) not in posees
    assert all(jour.weekday() == 1 for jour in posees)
    assert Changement.objects.filter(objet_type="activites.seance", acte="poser_serie").count() == 36


@pytest.mark.django_db
def test_a_la_reunion_les_seances_sont_a_l_heure_de_la_reunion(distribution: Distribution) -> None:
    ile = StructureFactory(departement=DepartementFactory(code="974", nom="La Réunion"))
    ailleurs = ActiviteFactory(structure=ile)
    poser_serie(ailleurs, a_venir(departement="974"), par=distribution.nadia)
    premiere = Seance.objects.filter(activite=ailleurs).avec_leur_activite().order_by("debut")[0]
    assert premiere.debut.astimezone(UTC).time() == time(10)
    assert premiere.horaire == "de 14\xa0h à 16\xa0h"


@pytest.mark.django_db
def test_changer_de_jour_deplace_les_seances_sans_les_refaire(
    serie: Serie, activite: Activite, distribution: Distribution
) -> None:
    avant = set(activite.seances.values_list("pk", flat=True))
    mouvement = changer_serie(serie, a_venir(jour=3), version_lue=serie.version, par=distribution.bruno)
    assert (len(mouvement.deplacees), len(mouvement.posees), len(mouvement.retirees)) == (10, 0, 0)
    assert set(activite.seances.values_list("pk", flat=True)) == avant
    assert all(jour.weekday() == 3 for jour in jours_de(activite))


@pytest.mark.django_db
def test_ce_qui_est_annule_change_a_part_ou_note_ne_bouge_pas(
    serie: Serie, activite: Activite, distribution: Distribution
) -> None:
    une, deux, trois = Seance.objects.filter(serie=serie).avec_leur_activite().order_by("debut")[:3]
    annuler_seance(une, raison="Salle prise", par=distribution.bruno)
    changer_seance(
        deux,
        version_lue=deux.version,
        jour=deux.jour + timedelta(days=3),
        debut=time(9),
        fin=time(10),
        par=distribution.bruno,
    )
    PresenceFactory(seance=trois)
    gardes = {une.pk: une.debut, trois.pk: trois.debut}
    mouvement = changer_serie(serie, a_venir(jour=2), version_lue=serie.version, par=distribution.bruno)
    assert {seance.pk for seance in mouvement.gardees} == {une.pk, deux.pk, trois.pk}
    assert len(mouvement.deplacees) == 7
    assert not mouvement.posees, "une séance gardée tient sa semaine : rien n'y est posé de nouveau"
    assert dict(Seance.objects.filter(pk__in=gardes).values_list("pk", "debut")) == gardes


@pytest.mark.django_db
def test_une_serie_raccourcie_retire_la_fin_puis_la_regle_d_avant_la_rend(
    serie: Serie, activite: Activite, distribution: Distribution
) -> None:
    tous = jours_de(activite)
    courte = a_venir(au=a_venir().du + timedelta(days=20))
    mouvement = changer_serie(serie, courte, version_lue=serie.version, par=distribution.bruno)
    assert len(mouvement.retirees) == 7
    assert jours_de(activite) == tous[:3]
    defaire_la_regle(serie, par=distribution.bruno)
    assert jours_de(activite) == tous
    with pytest.raises(GesteRefuse):
        defaire_la_regle(serie, par=distribution.bruno)


@pytest.mark.django_db
def test_une_serie_raccourcie_garde_les_mots_et_le_retour_rend_les_themes(
    serie: Serie, activite: Activite, distribution: Distribution
) -> None:
    for rang in range(1, 11):
        Theme.objects.create(activite=activite, titre=f"Thème {rang}", rang=rang, etat=EtatTheme.VALIDE)
    placer_les_themes(activite, par=distribution.bruno)
    derniere = activite.seances.order_by("-debut")[0]
    Seance.objects.filter(pk=derniere.pk).update(mot="Apporter les craies")
    avant = list(activite.seances.order_by("debut").values_list("debut", "theme__titre", "mot"))
    courte = a_venir(au=a_venir().du + timedelta(days=20))
    mouvement = changer_serie(serie, courte, version_lue=serie.version, par=distribution.bruno)
    assert [une.pk for une in mouvement.gardees] == [derniere.pk]
    assert len(mouvement.retirees) == 6
    defaire_la_regle(serie, par=distribution.bruno)
    assert list(activite.seances.order_by("debut").values_list("debut", "theme__titre", "mot")) == avant


@pytest.mark.django_db
def test_la_seance_de_ce_matin_n_est_plus_a_venir(
    activite: Activite, distribution: Distribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 3, 8, tzinfo=UTC))
    serie = poser_serie(activite, regle(debut=time(9), fin=time(11)), par=distribution.bruno)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 17, 14, tzinfo=UTC))
    retirer_serie(serie, par=distribution.bruno)
    assert jours_de(activite)[-1] == date(2026, 11, 17)


@pytest.mark.django_db
def test_suivre_de_nouveau_la_serie_prend_le_jour_de_sa_regle_d_aujourd_hui(
    serie: Serie, activite: Activite, distribution: Distribution
) -> None:
    seances = Seance.objects.filter(serie=serie).avec_leur_activite().order_by("debut")
    une, derniere = seances[3], seances[9]
    for seance in (une, derniere):
        heures = {"debut": time(9), "fin": time(10)}
        changer_seance(seance, version_lue=seance.version, jour=seance.jour, **heures, par=distribution.bruno)
    courte = a_venir(jour=3, au=a_venir().au - timedelta(days=7))
    changer_serie(serie, courte, version_lue=serie.version, par=distribution.bruno)
    rendre_a_la_serie(seances.get(pk=une.pk), par=distribution.bruno)
    rendue = seances.get(pk=une.pk)
    assert (rendue.jour.weekday(), rendue.jour_prevu) == (3, rendue.jour)
    with pytest.raises(GesteRefuse, match="cette semaine-là"):
        rendre_a_la_serie(seances.get(pk=derniere.pk), par=distribution.bruno)


@pytest.mark.django_db
def test_deux_personnes_sur_une_serie_la_seconde_est_prevenue(
    serie: Serie, activite: Activite, distribution: Distribution
) -> None:
    lue = serie.version
    changer_serie(serie, a_venir(jour=2), version_lue=lue, par=distribution.bruno)
    with pytest.raises(ConflitDeVersion):
        changer_serie(serie, a_venir(jour=4), version_lue=lue, par=distribution.amina)
    assert {jour.weekday() for jour in jours_de(activite)} == {2}


@pytest.mark.django_db
def test_retirer_une_serie_garde_ce_qui_est_note(
    serie: Serie, activite: Activite, distribution: Distribution
) -> None:
    notee = activite.seances.order_by("debut")[0]
    PresenceFactory(seance=notee)
    retirer_serie(serie, par=distribution.bruno)
    assert list(activite.seances.values_list("pk", "serie")) == [(notee.pk, None)]


# --- Les pages -----------------------------------------------------------------------------------------


ENVOI = {
    "jour": "1",
    "debut": "14:00",
    "fin": "16:00",
    "du": "2026-09-01",
    "au": "2027-07-02",
    "toutes_les": "1",
    "saute_les_vacances": "on",
    "saute_les_feries": "on",
    "zone": "A",
}


@pytest.mark.django_db
def test_les_dates_se_montrent_avant_de_s_enregistrer(activite: Activite, client_de: Ouvrir) -> None:
    page = reverse("serie_nouvelle", args=[activite.pk])
    client = client_de("bruno")
    apercu = client.post(page, ENVOI)
    texte = apercu.content.decode()
    assert "vacances de la Toussaint" in texte
    assert "36" in texte
    assert not activite.seances.exists()
    vue = apercu.context["empreinte"]
    changee = client.post(page, ENVOI | {"vue": vue, "jour": "2"})
    assert changee.status_code == 200, "une autre règle que celle montrée se montre d'abord"
    assert not activite.seances.exists()
    assert client.post(page, ENVOI | {"vue": vue}).status_code == 302
    assert activite.seances.count() == 36


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changee", "dit"),
    [
        ({"fin": "13:00"}, "finit avant de commencer"),
        ({"au": "2026-01-01"}, "La série finit avant"),
        ({"au": "2029-07-01"}, "deux ans au plus"),
        ({"zone": ""}, "Choisissez la zone"),
        ({"du": "hier"}, "31/12/2026"),
    ],
)
def test_une_regle_impossible_est_expliquee(
    activite: Activite, client_de: Ouvrir, changee: dict[str, str], dit: str
) -> None:
    reponse = client_de("bruno").post(reverse("serie_nouvelle", args=[activite.pk]), ENVOI | changee)
    assert reponse.status_code == 422
    assert dit in reponse.content.decode()


@pytest.mark.django_db
def test_une_annee_que_l_on_ne_connait_pas_se_lit_dans_l_apercu(
    activite: Activite, client_de: Ouvrir
) -> None:
    page = reverse("serie_nouvelle", args=[activite.pk])
    texte = client_de("bruno").post(page, ENVOI | {"du": "2027-05-01", "au": "2028-01-31"}).content.decode()
    assert "les vacances de 2027-2028" in texte


@pytest.mark.django_db
def test_changer_la_regle_montre_puis_annule_d_un_bouton(
    serie: Serie, activite: Activite, client_de: Ouvrir
) -> None:
    page = reverse("serie", args=[serie.pk])
    envoi = ENVOI | {
        "jour": "3",
        "du": str(serie.du),
        "au": str(serie.au),
        "version": str(serie.version),
        "zone": "",
    }
    del envoi["saute_les_vacances"], envoi["saute_les_feries"]
    client = client_de("bruno")
    apercu = client.post(page, envoi)
    assert "10\xa0séances déplacées" in apercu.content.decode()
    assert client.post(page, envoi | {"vue": apercu.context["empreinte"]}).status_code == 302
    assert {jour.weekday() for jour in jours_de(activite)} == {3}
    assert "Revenir à la règle d’avant" in client.get(page).content.decode()
    client.post(reverse("serie_geste", args=[serie.pk, "defaire"]))
    assert {jour.weekday() for jour in jours_de(activite)} == {1}


@pytest.mark.django_db
def test_la_serie_d_un_autre_centre_n_existe_pas(serie: Serie, client_de: Ouvrir) -> None:
    chloe = client_de("chloe")
    assert chloe.get(reverse("serie", args=[serie.pk])).status_code == 404
    assert chloe.post(reverse("serie_geste", args=[serie.pk, "retirer"])).status_code == 404
    assert Serie.objects.filter(pk=serie.pk).exists()
