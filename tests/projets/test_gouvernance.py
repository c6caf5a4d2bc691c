"""La gouvernance : collèges, mandats, réunions, décisions, preuves ; et ce que le dehors en lit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.core.conservation import faire_le_menage
from maillage.core.ecriture import GesteRefuse
from maillage.core.models import LigneJournal
from maillage.core.versions import ConflitDeVersion
from maillage.projets.choices import EtatReunion, GenreInstance, GenrePreuve
from maillage.projets.elements import GENRES
from maillage.projets.instances import absences_de_suite, genre_d_apres, lire_gouvernance
from maillage.projets.models import Decision, Instance, Mandat, ProjetSocial
from maillage.projets.operations.elements import retirer_element
from maillage.projets.operations.gouvernance import (
    ajouter_decision,
    ajouter_preuve,
    changer_l_etat_de_la_reunion,
    cocher_decision,
    finir_mandat,
    modifier_reunion,
    noter_les_presences,
    ouvrir_mandat,
    poser_reunion,
    regler_les_colleges,
    retirer_mandat,
    retirer_reunion,
)
from maillage.projets.participation import lire_participation
from tests.distribution import Distribution
from tests.projets.fabriques import InstanceFactory, arbre_d_essai
from tests.projets.fabriques_gouvernance import (
    CollegeFactory,
    DecisionFactory,
    PreuveFactory,
    ReunionFactory,
    il_y_a,
)

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts, en_cours=True)


@pytest.fixture
def copil(projet: ProjetSocial) -> Instance:
    instance: Instance = InstanceFactory(projet=projet, nom="Comité de pilotage", composition="")
    return instance


def _mandat(instance: Instance, par: Any, **valeurs: Any) -> Mandat:
    defaut = {"genre": "habitants", "nom": "Fatou", "du": il_y_a(30), "au": il_y_a(-300)}
    return ouvrir_mandat(instance, **defaut | valeurs, par=par)


# --- Les refus d'abord ------------------------------------------------------------------------------


def test_un_projet_archive_ne_tient_plus_de_reunion(copil: Instance, distribution: Distribution) -> None:
    ProjetSocial.objects.filter(pk=copil.projet_id).update(etat="archive")
    with pytest.raises(GesteRefuse, match="ne change plus"):
        poser_reunion(copil, le=il_y_a(0), par=distribution.amina)


def test_pendant_que_la_caf_lit_une_instance_se_reunit_mais_ne_change_pas(
    copil: Instance, distribution: Distribution
) -> None:
    ProjetSocial.objects.filter(pk=copil.projet_id).update(etat="soumis")
    assert poser_reunion(copil, le=il_y_a(0), par=distribution.amina).pk
    with pytest.raises(GesteRefuse):
        regler_les_colleges(copil, {"habitants": 4}, par=distribution.amina)


@pytest.mark.parametrize("nom", ["fatou@exemple.fr", "Fatou 06 12 34 56 78", "0612345678"])
def test_un_mandat_ne_garde_pas_de_coordonnees(copil: Instance, distribution: Distribution, nom: str) -> None:
    with pytest.raises(ValidationError, match="Pas de coordonnées"):
        _mandat(copil, distribution.amina, nom=nom)
    assert not Mandat.objects.exists()


def test_un_mandat_ne_finit_pas_avant_de_commencer(copil: Instance, distribution: Distribution) -> None:
    with pytest.raises(ValidationError):
        _mandat(copil, distribution.amina, du=il_y_a(1), au=il_y_a(2))


def test_un_college_qui_a_des_membres_ne_s_ote_pas(copil: Instance, distribution: Distribution) -> None:
    _mandat(copil, distribution.amina)
    with pytest.raises(GesteRefuse, match="encore des membres"):
        regler_les_colleges(copil, {"elus": 2}, par=distribution.amina)
    assert copil.colleges.get().genre == "habitants"


def test_une_instance_qui_s_est_reunie_ne_se_retire_pas(copil: Instance, distribution: Distribution) -> None:
    ReunionFactory(instance=copil)
    with pytest.raises(GesteRefuse, match="sert encore : réunion"):
        retirer_element(copil, GENRES["instances"], par=distribution.amina)
    assert Instance.objects.filter(pk=copil.pk).exists()


def test_un_membre_note_dans_une_reunion_ne_se_retire_pas(
    copil: Instance, distribution: Distribution
) -> None:
    mandat = _mandat(copil, distribution.amina)
    reunion = ReunionFactory(instance=copil)
    noter_les_presences(reunion, {mandat.pk: "present"}, {}, version_lue=1, par=distribution.amina)
    with pytest.raises(GesteRefuse, match="Mettez plutôt fin"):
        retirer_mandat(mandat, par=distribution.amina)


def test_on_ne_note_pas_une_reunion_qui_n_a_pas_eu_lieu(copil: Instance, distribution: Distribution) -> None:
    reunion = ReunionFactory(instance=copil, a_venir=True)
    with pytest.raises(GesteRefuse, match="pas encore eu lieu"):
        noter_les_presences(reunion, {}, {"habitants": 3}, version_lue=1, par=distribution.amina)
    with pytest.raises(GesteRefuse, match="pas encore eu lieu"):
        changer_l_etat_de_la_reunion(reunion, EtatReunion.TENUE, par=distribution.amina)


def test_une_reunion_tenue_ne_se_repousse_pas_dans_l_avenir(
    projet: ProjetSocial, copil: Instance, distribution: Distribution, client_de: Ouvrir
) -> None:
    tenue = ReunionFactory(instance=copil, le=il_y_a(3))
    noter_les_presences(tenue, {}, {"habitants": 5}, version_lue=tenue.version, par=distribution.amina)
    donnees = {"version": tenue.version, "heure": "", "lieu": "", "ordre_du_jour": ""}
    adresse = reverse("reunion_modifier", args=[projet.pk, tenue.pk])
    refus = client_de("amina").post(adresse, donnees | {"le": f"{il_y_a(-30)}"})
    assert refus.status_code == 422 and "a eu lieu" in refus.text
    assert client_de("amina").post(adresse, donnees | {"le": f"{il_y_a(4)}"}).status_code == 302
    tenue.refresh_from_db()
    assert tenue.le == il_y_a(4), "un jour mal noté se corrige"


def test_une_instance_ne_se_reunit_pas_deux_fois_au_meme_moment(
    copil: Instance, distribution: Distribution
) -> None:
    une, autre = (ReunionFactory(instance=copil, le=il_y_a(jours)) for jours in (3, 4))
    with pytest.raises(GesteRefuse, match="se réunit déjà"):
        poser_reunion(copil, le=une.le, heure=une.heure, par=distribution.amina)
    with pytest.raises(GesteRefuse, match="se réunit déjà"):
        modifier_reunion(autre, version_lue=autre.version, le=une.le, heure=une.heure, par=distribution.amina)
    modifier_reunion(
        autre,
        version_lue=autre.version,
        le=autre.le,
        heure=autre.heure,
        lieu="Salle 2",
        par=distribution.amina,
    )


def test_on_ne_note_pas_les_presences_d_une_reunion_annulee(
    copil: Instance, distribution: Distribution
) -> None:
    annulee = ReunionFactory(instance=copil, le=il_y_a(3))
    changer_l_etat_de_la_reunion(annulee, EtatReunion.ANNULEE, par=distribution.amina)
    noter = {"version_lue": annulee.version, "par": distribution.amina}
    with pytest.raises(GesteRefuse, match="comme prévue"):
        noter_les_presences(annulee, {}, {"habitants": 5}, **noter)
    annulee.refresh_from_db()
    assert annulee.etat == EtatReunion.ANNULEE and not annulee.sans_mandat.exists()


def test_une_reunion_qui_porte_quelque_chose_ne_se_retire_pas(
    copil: Instance, distribution: Distribution
) -> None:
    decision = DecisionFactory(reunion__instance=copil)
    with pytest.raises(GesteRefuse, match="Annulez-la plutôt"):
        retirer_reunion(decision.reunion, par=distribution.amina)


def test_une_preuve_ne_se_date_pas_de_demain(projet: ProjetSocial, distribution: Distribution) -> None:
    fiche = projet.fiches.order_by("pk")[0]
    with pytest.raises(ValidationError):
        ajouter_preuve(
            fiche,
            genre=GenrePreuve.RENCONTRE,
            le=il_y_a(-1),
            texte="Un repas",
            habitants=4,
            par=distribution.amina,
        )


# --- Compter ----------------------------------------------------------------------------------------


def test_les_memes_presences_deux_fois_n_ecrivent_qu_une_fois(
    copil: Instance, distribution: Distribution
) -> None:
    mandat = _mandat(copil, distribution.amina)
    reunion = ReunionFactory(instance=copil)
    envoi: dict[str, Any] = {"version_lue": 1, "par": distribution.amina}
    noter_les_presences(reunion, {mandat.pk: "present"}, {"elus": 2}, **envoi)
    noter_les_presences(reunion, {mandat.pk: "present"}, {"elus": 2}, **envoi)
    assert reunion.venues.count() == 1 and reunion.etat == EtatReunion.TENUE
    with pytest.raises(ConflitDeVersion):
        noter_les_presences(reunion, {mandat.pk: "absent"}, {}, **envoi)


def test_la_part_des_habitants_se_compte_par_instance_par_annee_et_pour_l_ensemble(
    projet: ProjetSocial, copil: Instance, distribution: Distribution
) -> None:
    omar = _mandat(copil, distribution.amina, nom="Omar")
    elue = _mandat(copil, distribution.amina, genre="elus", nom="Adjointe")
    reunion = ReunionFactory(instance=copil)
    noter_les_presences(
        reunion,
        {omar.pk: "present", elue.pk: "excuse"},
        {"habitants": 2, "caf": 1},
        version_lue=1,
        par=distribution.amina,
    )
    ancienne = ReunionFactory(instance=InstanceFactory(projet=projet), le=il_y_a(800))
    noter_les_presences(ancienne, {}, {"equipe": 4}, version_lue=1, par=distribution.amina)
    lue = lire_gouvernance(projet)
    du_copil = next(une for une in lue.instances if une.instance == copil)
    assert (du_copil.part.habitants, du_copil.part.tous, str(du_copil.part)) == (3, 4, "75\xa0%")
    assert (lue.part.habitants, lue.part.tous) == (3, 8)
    assert str(lue.part_de(il_y_a(800).year)) == "0\xa0%"
    assert du_copil.tenues[0].excuses == 1
    assert du_copil.tenues[0].en_mots == "3\xa0habitants, 1\xa0représentant de la Caf"


def test_la_parite_voulue_se_lit_dans_les_sieges(projet: ProjetSocial, copil: Instance) -> None:
    CollegeFactory(instance=copil, sieges=4)
    autres = CollegeFactory(instance=copil, genre="elus", sieges=5)
    assert not _lue(projet, copil).est_paritaire
    autres.sieges = 4
    autres.save()
    assert _lue(projet, copil).est_paritaire


def test_la_parite_ne_se_juge_pas_sans_siege(
    projet: ProjetSocial, copil: Instance, client_de: Ouvrir
) -> None:
    Instance.objects.filter(pk=copil.pk).update(veut_la_parite=True)
    amina = client_de("amina")
    pages = [
        reverse("gouvernance", args=[projet.pk]),
        reverse("instance", args=[projet.pk, copil.pk]),
    ]
    assert not any("pas tenue" in amina.get(page).content.decode() for page in pages)
    CollegeFactory(instance=copil, genre="elus", sieges=5)
    assert all("pas tenue" in amina.get(page).content.decode() for page in pages)


def _lue(projet: ProjetSocial, instance: Instance) -> Any:
    return next(une for une in lire_gouvernance(projet).instances if une.instance == instance)


def test_les_absences_de_suite_se_comptent_en_remontant(copil: Instance, distribution: Distribution) -> None:
    mandat = _mandat(copil, distribution.amina, du=il_y_a(500))
    for jours, venue in ((90, "present"), (60, "absent"), (30, "excuse")):
        reunion = ReunionFactory(instance=copil, le=il_y_a(jours))
        noter_les_presences(reunion, {mandat.pk: venue}, {}, version_lue=1, par=distribution.amina)
    assert absences_de_suite([mandat], ReunionFactory(instance=copil, le=il_y_a(0))) == {mandat.pk: 2}


def test_le_genre_d_une_instance_importee_se_lit_dans_son_nom() -> None:
    noms = ["COPIL", "Comité technique", "Conseil d’administration", "Réunion d’équipe"]
    genres = [GenreInstance.PILOTAGE, GenreInstance.TECHNIQUE, GenreInstance.CONSEIL, GenreInstance.AUTRE]
    assert [genre_d_apres(nom) for nom in noms] == genres


# --- Les mandats et leur nom ------------------------------------------------------------------------


def test_le_meme_mandat_envoye_deux_fois_n_en_fait_qu_un(copil: Instance, distribution: Distribution) -> None:
    assert _mandat(copil, distribution.amina) == _mandat(copil, distribution.amina)


def test_un_mandat_fini_le_jour_meme_reste_dans_les_reunions_passees(
    copil: Instance, distribution: Distribution
) -> None:
    mandat = _mandat(copil, distribution.amina)
    finir_mandat(mandat, par=distribution.amina)
    assert mandat.au == timezone.localdate() and mandat.est_en_cours


def test_le_nom_s_efface_un_an_apres_la_fin_du_mandat_et_les_comptes_ne_bougent_pas(
    projet: ProjetSocial, copil: Instance, distribution: Distribution
) -> None:
    mandat = _mandat(
        copil, distribution.amina, nom="Gisèle", fonction="préside", du=il_y_a(900), au=il_y_a(500)
    )
    reunion = ReunionFactory(instance=copil, le=il_y_a(600))
    noter_les_presences(reunion, {mandat.pk: "present"}, {}, version_lue=1, par=distribution.amina)
    faire_le_menage(mandat.au + timedelta(days=364))
    mandat.refresh_from_db()
    assert mandat.nom == "Gisèle"
    faire_le_menage(mandat.au + timedelta(days=367))
    mandat.refresh_from_db()
    assert (mandat.nom, mandat.fonction, str(mandat)) == ("", "", "Nom effacé")
    assert lire_gouvernance(projet).part.habitants == 1


def test_le_journal_ne_nomme_jamais_un_membre(copil: Instance, distribution: Distribution) -> None:
    mandat = _mandat(copil, distribution.amina, nom="Gisèle")
    noter_les_presences(
        ReunionFactory(instance=copil), {mandat.pk: "present"}, {}, version_lue=1, par=distribution.amina
    )
    retenues = LigneJournal.objects.all().order_by("pk")
    assert len(retenues) >= 2
    assert not any("Gisèle" in f"{une.phrase}{une.avant}{une.apres}" for une in retenues)


# --- Les décisions, la participation ----------------------------------------------------------------


def test_une_decision_se_coche_et_se_decoche(copil: Instance, distribution: Distribution) -> None:
    reunion = ReunionFactory(instance=copil, tenue=True)
    decision = ajouter_decision(
        reunion, texte="Ouvrir le mercredi.", qui="Direction", pour_le=il_y_a(2), par=distribution.amina
    )
    assert ajouter_decision(reunion, texte="Ouvrir le mercredi.", par=distribution.amina) == decision
    assert decision.est_en_retard
    cocher_decision(decision, est_faite=True, par=distribution.amina)
    assert decision.faite_le == timezone.localdate() and not decision.est_en_retard
    cocher_decision(decision, est_faite=False, par=distribution.amina)
    assert Decision.objects.get().faite_le is None


def test_une_fiche_se_prouve_par_un_fait_par_une_decision_ou_par_son_texte(
    projet: ProjetSocial, copil: Instance
) -> None:
    une, deux, trois, quatre = list(projet.fiches.order_by("pk"))[:4]
    for fiche in (une, deux, trois, quatre):
        fiche.degre_participation = "codecision"
        fiche.preuve_participation = "Un jury d’habitants choisit." if fiche == une else ""
        fiche.save()
    PreuveFactory(fiche=deux)
    DecisionFactory(reunion__instance=copil, fiche=trois)
    DecisionFactory(reunion=ReunionFactory(instance=copil, etat="annulee"), fiche=quatre)
    lue = lire_participation(projet)
    assert {participee.lue.fiche for participee in lue.prouvees} == {une, deux, trois}
    assert [participee.lue.fiche for participee in lue.sans_preuve] == [quatre]
    assert len(lue.sans_degre) == 2
