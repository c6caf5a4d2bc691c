"""Les expériences qui ressemblent à une autre, et pourquoi : des indices qu'une directrice trouve justes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from maillage.catalogue.choices import EtatPoint, FamilleTerme, GenrePoint
from maillage.catalogue.models import Experience, Terme
from maillage.catalogue.recherche import index, reconstruire, similaires
from maillage.core.recherche.index import IndexIndisponible
from tests.catalogue.fiches_reelles import creer_fiches_reelles, sans_les_sources
from tests.fabriques import ExperienceFactory, PointAVerifierFactory, TermeFactory

pytestmark = pytest.mark.django_db
Indexer = Callable[[], int]
VIDE = {"resume": "", "description": ""}
ESPACE = "\u00a0"


@pytest.fixture
def seniors() -> Terme:
    return TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Seniors")


@pytest.fixture
def sante() -> Terme:
    return TermeFactory(famille=FamilleTerme.MOT_CLE, libelle="Santé")


def creer(titre: str, *termes: Terme, resume: str = "", description: str = "") -> Experience:
    return ExperienceFactory.create(titre=titre, termes=termes, resume=resume, description=description)


def remplir(nombre: int = 12) -> None:
    """Un réseau de fiches sans rapport, pour que rien ne soit commun par manque de fiches."""
    for sujet in ("Escalade", "Poterie", "Informatique", "Échecs", "Apiculture", "Couture", "Escrime", "Astronomie",
                  "Judo", "Parapente", "Marionnettes", "Vannerie")[:nombre]:  # fmt: skip
        creer(sujet)


def titres(fiche: Experience) -> list[str]:
    return [proche.titre for proche in similaires(fiche.pk)]


# --- Refus ----------------------------------------------------------------------------------------


def test_un_index_absent_se_dit(settings: Any, tmp_path: Path) -> None:
    settings.DOSSIER_INDEX = tmp_path
    with pytest.raises(IndexIndisponible):
        similaires(creer("Kayak").pk)


def test_une_fiche_que_l_index_ne_connait_pas_encore_n_en_propose_aucune(indexer: Indexer) -> None:
    creer("Kayak en rivière")
    indexer()
    assert similaires(creer("Kayak en rivière").pk) == []


def test_une_fiche_qui_ne_ressemble_a_rien_n_en_propose_aucune(indexer: Indexer) -> None:
    seule = creer("Kayak")
    creer("Chorale")
    indexer()
    assert similaires(seule.pk) == []


def test_une_fiche_non_publiee_n_est_jamais_proposee(indexer: Indexer) -> None:
    publiee = creer("Kayak en rivière")
    ExperienceFactory(titre="Kayak en rivière", brouillon=True, **VIDE)
    retiree = creer("Kayak en rivière")
    indexer()
    assert titres(publiee) == ["Kayak en rivière"]
    Experience.objects.filter(pk=retiree.pk).update(etat="retiree")  # l'index ne le sait pas encore
    assert similaires(publiee.pk) == []


def test_un_titre_masque_le_reste(indexer: Indexer) -> None:
    une, autre = creer("Kayak en rivière"), creer("Kayak, appelez le 06 12 34 56 78")
    point = PointAVerifierFactory(
        experience=autre, champ="titre", genre=GenrePoint.TELEPHONE, extrait="06 12 34 56 78"
    )
    indexer()
    assert titres(une) == ["Kayak, appelez le [téléphone masqué]"]
    type(point).objects.filter(pk=point.pk).update(etat=EtatPoint.ECARTE)
    reconstruire()
    index()._lu_a = 0.0
    assert titres(une) == ["Kayak, appelez le 06 12 34 56 78"]


def test_des_valeurs_communes_sans_aucun_mot_ne_rapprochent_pas(
    indexer: Indexer, seniors: Terme, sante: Terme
) -> None:
    une = creer("Kayak", seniors, sante)
    creer("Chorale", seniors, sante)
    indexer()
    assert similaires(une.pk) == []


def test_un_public_que_tout_le_monde_coche_n_est_pas_un_indice(indexer: Indexer, seniors: Terme) -> None:
    tous = TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Tous publics")
    une = creer("Kayak", tous, seniors, resume="Au jardin.")
    creer("Chorale", tous, resume="Au jardin.")
    voulue = creer("Judo", tous, seniors, resume="Au jardin.")
    remplir()
    indexer()
    assert titres(une) == [voulue.titre]


@pytest.mark.parametrize("mot", ["rentrée", "accueil", "bénévoles", "seniors", "quatorze", "partenaires"])
def test_un_mot_qui_ne_dit_pas_le_sujet_ne_rapproche_pas(indexer: Indexer, mot: str) -> None:
    une = creer(
        f"Kayak et {mot}" if mot != "rentrée" else "Kayak", resume=f"La {mot}.", description=f"La {mot}."
    )
    creer("Chorale", resume=f"Une {mot}.", description=f"Une {mot}.")
    remplir()
    indexer()
    assert similaires(une.pk) == []


def test_un_mot_d_une_fiche_sur_trois_ne_rapproche_pas(indexer: Indexer) -> None:
    une = creer("Atelier kayak")
    for numero in range(6):
        creer(f"Kayak {numero}")
    for numero in range(6):
        creer(f"Chorale {numero}")
    indexer()
    assert similaires(une.pk) == []


# --- La raison ------------------------------------------------------------------------------------


def test_la_raison_dit_le_public_le_mot_cle_et_les_mots_partages(
    indexer: Indexer, seniors: Terme, sante: Terme
) -> None:
    une = creer("Le jardin qui soigne", seniors, sante, resume="Des abeilles et des ruches.")
    autre = creer("Jardins et ruches", seniors, sante, resume="Des abeilles.")
    remplir()
    indexer()
    (proche,) = similaires(une.pk)
    assert (proche.pk, proche.titre, proche.code, proche.slug) == (
        autre.pk,
        autre.titre,
        autre.code,
        autre.slug,
    )
    assert proche.raison == (
        f"Même public, mot clé «{ESPACE}santé{ESPACE}», mots «{ESPACE}jardin{ESPACE}» et «{ESPACE}ruches{ESPACE}»"
    )


def test_deux_synonymes_du_metier_se_citent_l_un_et_l_autre(indexer: Indexer) -> None:
    une = creer("Balade et flânerie")
    creer("La rando douce")
    creer("Le marché de Noël")
    remplir()
    indexer()
    (proche,) = similaires(une.pk)
    assert proche.titre == "La rando douce"
    assert proche.raison == f"«{ESPACE}balade{ESPACE}» proche de «{ESPACE}rando{ESPACE}»"


def test_une_expression_du_titre_trouve_son_synonyme(indexer: Indexer) -> None:
    une = creer("Activité physique douce")
    creer("Du sport pour tous")
    remplir()
    indexer()
    assert [proche.raison for proche in similaires(une.pk)] == [
        f"«{ESPACE}activité physique{ESPACE}» proche de «{ESPACE}sport{ESPACE}»"
    ]


# --- L'ordre --------------------------------------------------------------------------------------


def test_le_sujet_du_titre_passe_avant_un_mot_du_recit(
    indexer: Indexer, seniors: Terme, sante: Terme
) -> None:
    une = creer("Le potager d’Amina", seniors, sante, resume="On y chante aussi : une chorale.")
    creer("Chorale du jeudi", seniors, sante)
    creer("Un jardin en ville", seniors, sante)
    remplir()
    indexer()
    assert titres(une)[0] == "Un jardin en ville"


def test_on_en_propose_quatre_au_plus(indexer: Indexer) -> None:
    une = creer("Calligraphie du soir")
    for numero in range(5):
        creer(f"Calligraphie {numero}")
    remplir()
    remplir()
    indexer()
    assert len(similaires(une.pk)) == 4


@sans_les_sources
def test_les_promenades_des_fiches_reelles_se_trouvent(indexer: Indexer) -> None:
    """Deux centres marchent ; l'un écrit « ballade », l'autre « rando »."""
    creer_fiches_reelles()
    indexer()
    ballade = Experience.objects.get(titre__istartswith="ballade")
    proches = titres(ballade)
    assert proches[0].startswith("La rando mollo")
    assert not {"La Clik", "Relais info-service"} & set(proches)
