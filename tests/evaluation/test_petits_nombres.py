"""Ce que la Caf lit d'un projet ne dépend d'aucun groupe trop petit : deux mondes qu'elle ne distingue pas."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from maillage.activites.choices import EtatSeance
from maillage.activites.models import Activite, Presence, Satisfaction, Seance
from maillage.core import suivi
from maillage.core.documents.garde import en_donnees
from maillage.core.ecriture import empreinte
from maillage.evaluation.consommateur import ConsommateurCalcul
from maillage.evaluation.operations import recalculer_fiche
from maillage.personnes.models import Personne
from maillage.projets.choices import CACHE, EtatProjet, GenreEnvoi
from maillage.projets.exportation.bilan import bilan_annuel
from maillage.projets.exportation.dossier import document_du_dossier
from maillage.projets.indicateurs import lire_indicateur
from maillage.projets.models import Cible, FicheAction, Indicateur, ProjetSocial, Releve
from maillage.projets.operations.bilans import clore_bilan, ecrire_bilan, rouvrir_bilan
from maillage.projets.operations.envois import envoyer
from maillage.projets.suivi import lire_suivi
from tests.activites.fabriques import ActiviteFactory, SeanceFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

pytestmark = [pytest.mark.django_db, pytest.mark.plafond_de_requetes(200)]
Ouvrir = Callable[[str], Client]
VIDE = empreinte("")
EN_TOUT = 30
PHRASES: dict[str, dict[str, object]] = {
    "Toutes": {"mesures": ["personnes_differentes"], "par": ["genre"]},
    "Femmes": {"mesures": ["personnes_differentes"], "filtres": {"genre": ["femmes"]}},
    "Hommes": {"mesures": ["personnes_differentes", "presences"], "filtres": {"genre": ["hommes"]}},
    "Venues de femmes": {"mesures": ["presences"], "filtres": {"genre": ["femmes"]}},
    "Assiduité des femmes": {"mesures": ["assiduite"], "filtres": {"genre": ["femmes"]}},
    "Contentes": {"mesures": ["satisfaction"]},
    "Évolution": {"mesures": ["evolution"], "base": ["presences"], "filtres": {"genre": ["femmes"]}},
    "Ateliers": {"mesures": ["seances"]},
}


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    centre = distribution.deux_ponts
    distribution.caf.departements.add(centre.departement)
    projet = ProjetSocialFactory(structure=centre, etat=EtatProjet.EN_COURS)
    fiche = FicheActionFactory(projet=projet)
    for libelle, definition in PHRASES.items():
        indicateur = IndicateurFactory(fiche=fiche, libelle=libelle, source="calcul", definition=definition)
        Cible.objects.create(indicateur=indicateur, annee=2025, valeur=40)
    atelier = ActiviteFactory(structure=centre, fiche=fiche, titre="Couture")
    debut = datetime(2025, 3, 10, 14, tzinfo=UTC)
    seance = SeanceFactory(activite=atelier, debut=debut, etat=EtatSeance.TENUE)
    gens = [PersonneFactory(structure=centre, prenom=f"Habitant{rang}") for rang in range(EN_TOUT)]
    Presence.objects.bulk_create([Presence(seance=seance, personne=une) for une in gens])
    return fiche


def un_monde(fiche: FicheAction, femmes: int, distribution: Distribution) -> None:
    """Autant de femmes parmi les trente ; autant d'avis, une correction qui le dit, une année d'avant."""
    pks = list(Personne.objects.order_by("pk").values_list("pk", flat=True))
    Personne.objects.filter(pk__in=pks[:femmes]).update(genre="femmes")
    Personne.objects.filter(pk__in=pks[femmes:]).update(genre="hommes")
    Satisfaction.objects.all().delete()
    seance = Seance.objects.get()
    for rang in range(femmes):
        Satisfaction.objects.create(
            seance=seance, reponse="tres" if rang else "pas", donnee_le=seance.fin, cle=uuid4()
        )
    recalculer_fiche(fiche)
    indicateur = Indicateur.objects.get(libelle="Femmes")
    Releve.objects.update_or_create(
        indicateur=indicateur,
        annee=2025,
        defaults={
            "valeur": femmes + 1,
            "motif": f"Maillage en compte {femmes}",
            "saisi_par": distribution.amina,
        },
    )


def ce_qui_part(fiche: FicheAction) -> str:
    """Les documents que la Caf reçoit, entiers : le bilan de l'année et le dossier."""
    projet = ProjetSocial.objects.get(pk=fiche.projet_id)
    documents = (
        bilan_annuel(lire_suivi(projet, 2025, est_dehors=True)),
        document_du_dossier(projet),
    )
    return json.dumps([en_donnees(document) for document in documents], ensure_ascii=False)


def le_bilan_recu(client: Client, fiche: FicheAction, distribution: Distribution) -> str:
    """Le bilan transmis, tel que Denis le lit."""
    projet = ProjetSocial.objects.get(pk=fiche.projet_id)
    parti = envoyer(
        projet,
        bilan_annuel(lire_suivi(projet, 2025, est_dehors=True)),
        genre=GenreEnvoi.BILAN,
        annee=2025,
        cle=uuid4().hex,
        par=distribution.amina,
    )
    lu = client.get(reverse("envoi", args=[parti.pk])).text
    return lu.replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("est_clos", [False, True], ids=["ouvert", "clos"])
def test_la_caf_ne_distingue_pas_sept_femmes_de_neuf_dans_ce_qu_elle_recoit(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution, est_clos: bool
) -> None:
    textes = {"degre": "atteint", "suite": "poursuivre", "lecon": "Rien"}
    ecrire_bilan(fiche, 2025, textes, dict.fromkeys(textes, VIDE), par=distribution.amina)
    partis, equipe = [], []
    for femmes in (7, 9):
        un_monde(fiche, femmes, distribution)
        if est_clos:
            clore_bilan(fiche, 2025, par=distribution.amina)
        suivi.rattraper(ConsommateurCalcul())
        partis.append(ce_qui_part(fiche))
        equipe.append(client_de("farid").get(reverse("indicateurs", args=[fiche.pk])).content)
        if est_clos:
            rouvrir_bilan(fiche, 2025, par=distribution.amina)
    assert partis[0] == partis[1]
    assert equipe[0] != equipe[1]  # le crible n'est pas aveugle
    assert "moins de 11" in partis[0]
    assert "caché" in partis[0]


def test_la_caf_lit_le_tout_et_ce_qui_ne_compte_personne(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    un_monde(fiche, 7, distribution)
    bilan = le_bilan_recu(client_de("denis"), fiche, distribution)
    assert "<td>Toutes</td>" in bilan or "Toutes" in bilan
    assert ">30<" in bilan and ">1<" in bilan  # une séance n'est personne
    assert bilan.count("moins de 11") == 2
    assert ">7<" not in bilan and ">23<" not in bilan


def test_un_grand_nombre_se_lit_partout(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    un_monde(fiche, 14, distribution)
    Releve.objects.all().delete()
    bilan = le_bilan_recu(client_de("denis"), fiche, distribution)
    for nombre in (">14<", ">16<", ">30<"):
        assert nombre in bilan


def test_une_valeur_que_rien_ne_dit_montrable_se_cache(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    """Une valeur d'avant ces règles, ou que le calcul n'a pas revue."""
    un_monde(fiche, 14, distribution)
    Releve.objects.all().delete()
    indicateur = Indicateur.objects.get(libelle="Femmes")
    indicateur.valeurs_calculees.update(dehors=[], valeur=Decimal(888))
    assert "888" in client_de("farid").get(reverse("indicateurs", args=[fiche.pk])).content.decode()
    assert ">888<" not in le_bilan_recu(client_de("denis"), fiche, distribution)


def test_une_correction_reste_cachee_quand_son_calcul_disparait(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    """L'atelier quitte la fiche : rien ne s'y compte plus, et la correction disait le petit nombre."""
    un_monde(fiche, 7, distribution)
    Activite.objects.update(fiche=None)
    recalculer_fiche(fiche)
    indicateur = Indicateur.objects.get(libelle="Femmes")
    assert not indicateur.valeurs_calculees.exists()
    assert lire_indicateur(indicateur, est_dehors=False).annee(2025).dite == "8 sur\u00a040"
    lue = lire_indicateur(indicateur, est_dehors=True).annee(2025)
    assert (lue.dite, lue.releve) == (CACHE, None)
    assert "Maillage en compte 7" not in ce_qui_part(fiche)


def test_l_annee_d_un_projet_ne_rend_pas_ce_que_cache_l_annee_civile(
    fiche: FicheAction, distribution: Distribution
) -> None:
    """Vingt-trois hommes sur trente, comptés sur l'année du projet, qui est l'année civile."""
    Indicateur.objects.exclude(libelle__in=["Toutes", "Hommes"]).delete()
    Indicateur.objects.filter(libelle="Hommes").update(calendrier="projet")
    pks = list(Personne.objects.order_by("pk").values_list("pk", flat=True))
    Personne.objects.filter(pk__in=pks[7:]).update(genre="hommes")
    recalculer_fiche(fiche)
    lus = lire_indicateur(Indicateur.objects.get(libelle="Hommes"), est_dehors=True)
    assert lus.annee(2025).cachee == CACHE


def test_un_nombre_tape_sans_corriger_aucun_calcul_se_lit_du_dehors(fiche: FicheAction) -> None:
    indicateur = IndicateurFactory(fiche=fiche, libelle="Affiches posées")
    Releve.objects.create(indicateur=indicateur, annee=2025, valeur=5)
    assert lire_indicateur(indicateur, est_dehors=True).annee(2025).dite == "5"
