"""Noter une personne, la corriger, la retrouver."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from maillage.core.ecriture import GesteRefuse
from maillage.core.models import LigneJournal
from maillage.core.versions import ConflitDeVersion
from maillage.personnes.choices import ChampDePersonne
from maillage.personnes.models import Personne
from maillage.personnes.operations import corriger_personne, noter_personne, noter_un_signe_de_vie
from maillage.personnes.recherche import chercher_personnes
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory, ProvenanceFactory, ouvrir_les_champs


def test_un_champ_que_la_direction_n_a_pas_ouvert_est_refuse(distribution: Distribution) -> None:
    with pytest.raises(ValidationError, match="Téléphone"):
        noter_personne(
            distribution.deux_ponts, {"prenom": "Adam", "telephone": "0600000000"}, par=distribution.ines
        )
    assert not Personne.objects.exists()


@pytest.mark.parametrize(
    "champs",
    [{"prenom": " ", "nom": "—"}, {"prenom": "Adam", "naissance": 12}, {"prenom": "Adam", "naissance": 2999}],
)
def test_une_personne_sans_nom_ou_nee_hors_du_temps_est_refusee(
    distribution: Distribution, champs: dict[str, object]
) -> None:
    ouvrir_les_champs(distribution.deux_ponts)
    with pytest.raises(ValidationError):
        noter_personne(distribution.deux_ponts, champs, par=distribution.ines)


def test_un_lieu_d_un_autre_centre_est_refuse(distribution: Distribution) -> None:
    ouvrir_les_champs(distribution.deux_ponts)
    ailleurs = ProvenanceFactory(structure=distribution.quatre_vents)
    with pytest.raises(ValidationError):
        noter_personne(
            distribution.deux_ponts, {"prenom": "Adam", "provenance": ailleurs}, par=distribution.ines
        )


def test_une_personne_se_note_sans_que_le_journal_la_nomme(distribution: Distribution) -> None:
    ouvrir_les_champs(distribution.deux_ponts, ChampDePersonne.NAISSANCE)
    personne = noter_personne(
        distribution.deux_ponts,
        {"prenom": "Éloïse", "nom": "Le Goff", "naissance": 1987},
        par=distribution.ines,
    )
    corriger_personne(personne, {"nom": "Le Guen"}, version_lue=1, par=distribution.ines)
    assert personne.nom_cherche == "eloise le guen"
    ecrit = " ".join(f"{x.phrase} {x.avant} {x.apres}" for x in LigneJournal.objects.all())
    assert "a corrigé une fiche : nom." in ecrit
    assert not any(mot in ecrit for mot in ("Éloïse", "Goff", "Guen", "1987"))


def test_deux_corrections_ne_s_ecrasent_pas_et_une_fiche_gelee_ne_se_corrige_pas(
    distribution: Distribution,
) -> None:
    personne = PersonneFactory(structure=distribution.deux_ponts)
    corriger_personne(personne, {"nom": "Un"}, version_lue=1, par=distribution.ines)
    with pytest.raises(ConflitDeVersion):
        corriger_personne(personne, {"nom": "Deux"}, version_lue=1, par=distribution.amina)
    gelee = PersonneFactory(structure=distribution.deux_ponts, gelee=True)
    with pytest.raises(GesteRefuse):
        corriger_personne(gelee, {"nom": "Trois"}, version_lue=1, par=distribution.amina)


def test_un_signe_de_vie_n_avance_que_vers_l_avenir(distribution: Distribution) -> None:
    personne = PersonneFactory(structure=distribution.deux_ponts, vue_le=date(2026, 5, 1))
    noter_un_signe_de_vie([personne], date(2026, 4, 1))
    personne.refresh_from_db()
    assert personne.vue_le == date(2026, 5, 1)
    noter_un_signe_de_vie([personne], date(2026, 6, 1))
    personne.refresh_from_db()
    assert personne.vue_le == date(2026, 6, 1)


@pytest.mark.parametrize("q", ["eloise", "ÉLOÏSE", "le goff", "goff elo", "eloize", "legof"])
def test_on_la_retrouve_sans_accents_par_morceaux_et_avec_une_faute(
    distribution: Distribution, q: str
) -> None:
    voulue = PersonneFactory(structure=distribution.deux_ponts, prenom="Éloïse", nom="Le Goff")
    PersonneFactory(structure=distribution.deux_ponts, prenom="Karim", nom="Saïdi")
    assert chercher_personnes(Personne.objects.presentes(), q) == [voulue]


def test_ni_gelee_ni_ailleurs_ne_se_propose(distribution: Distribution) -> None:
    PersonneFactory(structure=distribution.deux_ponts, prenom="Éloïse", gelee=True)
    PersonneFactory(structure=distribution.quatre_vents, prenom="Éloïse")
    siennes = Personne.objects.du_registre(distribution.ines).presentes()
    assert chercher_personnes(siennes, "eloise") == []
