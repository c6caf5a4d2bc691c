"""La commande `charger_demo`, que `bin/demo` appelle à chaque démarrage."""

import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils.timezone import localdate
from pytest_django import DjangoDbBlocker, Settings

from maillage.catalogue.choices import RolePartenaire
from maillage.catalogue.conseils import conseils
from maillage.catalogue.models import (
    BlocSource,
    Collection,
    Contribution,
    Experience,
    PointAVerifier,
    Terme,
)
from maillage.comptes.models import Appartenance, Utilisateur
from maillage.core.commandes import Refus
from maillage.core.models import Courrier
from maillage.demo.distribution import comptes
from maillage.demo.operations import charger_reseau, reseau_est_a_charger
from maillage.moderation.models import Commentaire, Demande
from maillage.projets.choices import EtatProjet
from maillage.projets.lecture import lire_arbre
from maillage.projets.lecture_evaluation import lire_evaluation
from maillage.projets.memoire import lire_memoire
from maillage.projets.models import Etape, GesteDArbre, Indicateur, ProjetSocial, Releve
from maillage.territoire.choices import EtatStructure
from maillage.territoire.models import Agrement, Partenaire, Structure
from maillage.territoire.operations.referentiel import DOSSIER
from maillage.territoire.recherche import chercher_structures
from tests.demo.test_donnees import IMPARFAITES

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("charger_demo"),  # le réseau se charge une fois, pas une fois par ouvrier
    pytest.mark.skipif(not DOSSIER.is_dir(), reason="référentiel des communes absent (npm ci)"),
]


@pytest.fixture(scope="module")
def reseau(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Le réseau chargé une fois pour ce module, défait à la fin."""
    with django_db_blocker.unblock(), transaction.atomic():
        assert charger_reseau()
        yield
        transaction.set_rollback(True)


def _commande(*options: str) -> dict[str, Any]:
    sortie = StringIO()
    call_command("charger_demo", "--json", *options, stdout=sortie)
    resultat: dict[str, Any] = json.loads(sortie.getvalue())
    return resultat


def test_hors_demonstration_la_commande_refuse_et_n_ecrit_rien(settings: Settings) -> None:
    assert not settings.EN_DEMO
    with pytest.raises(Refus, match="MAILLAGE_MODE=demo"):
        _commande("--ecrire")
    assert reseau_est_a_charger() and not Structure.objects.exists()


def test_sans_ecrire_la_commande_dit_ce_qu_elle_ferait(en_demo: Path) -> None:
    assert _commande()["est_nouveau"]
    assert not Structure.objects.exists()


def test_le_reseau_entier_est_la(reseau: None) -> None:
    assert Structure.objects.count() == 12
    assert Utilisateur.objects.count() == len(comptes()) == 9
    assert Appartenance.objects.en_cours().count() == 9
    assert Experience.objects.publiees().count() == 46
    # chacun a le sien : qui travaille dans un centre lit des noms d'habitants
    assert Authenticator.objects.values("user").distinct().count() == len(comptes())


def test_les_fiches_passent_l_import_sans_rien_a_verifier(reseau: None) -> None:
    """Aucun terme inventé par une faute de frappe, aucune donnée de personne, aucun doublon."""
    assert not PointAVerifier.objects.exists()
    assert not Terme.objects.filter(est_a_verifier=True).exists()
    assert not BlocSource.objects.exists(), "une fiche de démonstration ne vient d'aucun fichier"
    assert Structure.objects.filter(etat=EtatStructure.ACTIVE).count() == 12
    assert Partenaire.objects.get(slug="carsat").nom_source == "CARSAT"


def test_le_cafe_des_clics_dit_ses_moyens(reseau: None) -> None:
    fiche = Experience.objects.get(slug="le-cafe-des-clics-un-voisin-une-tablette-une-heure")
    assert fiche.structure.nom == "Centre social du Vieux-Chêne"
    assert fiche.budget == 14_000
    assert fiche.depuis_le == date(2023, 3, 1)
    assert fiche.publie_le == fiche.modifie_le
    assert localdate(fiche.publie_le) == date(2026, 11, 18)
    lus = {(m.genre, m.valeur, m.periode) for m in fiche.moyens.filter(est_retenu=True)}
    assert lus == {("montant", 14_000, "par an"), ("professionnels", 2, ""), ("benevoles", 9, "")}
    financeurs = fiche.partenariats.filter(role=RolePartenaire.FINANCEUR)
    assert {(lien.partenaire.nom, lien.montant) for lien in financeurs} == {("Carsat", 6_000), ("Caf", None)}


def test_seules_les_fiches_imparfaites_recoivent_des_conseils(reseau: None) -> None:
    conseillees = {fiche.titre for fiche in Experience.objects.publiees().completes() if conseils(fiche)}
    assert conseillees == IMPARFAITES


def test_la_rue_mene_au_bon_centre(reseau: None) -> None:
    for rue, nom in [
        ("rue du Lavoir, Bourgoin-Jallieu", "Maison de quartier Les Lavandières"),
        ("quai du Canal Bourgoin-Jallieu", "Centre social des Deux-Ponts"),
    ]:
        recherche = chercher_structures(rue, Structure.objects.all())
        assert Structure.objects.get(pk=recherche.trouvees[0].structure_id).nom == nom


def test_une_seconde_fois_garde_ce_que_les_gens_ont_change(reseau: None, en_demo: Path) -> None:
    centre = Structure.objects.get(nom="Centre social des Deux-Ponts")
    centre.accroche = "Changée par Amina"
    centre.save()
    resultat = _commande("--ecrire")
    assert not resultat["est_nouveau"]
    assert Structure.objects.count() == 12 and ProjetSocial.objects.count() == 4
    centre.refresh_from_db()
    assert centre.accroche == "Changée par Amina"


def test_la_commande_rend_de_quoi_entrer(reseau: None, en_demo: Path, client: Client) -> None:
    lignes = _commande("--ecrire")["comptes"]
    assert all(set(ligne) == {"personne", "courriel", "mot_de_passe", "secret"} for ligne in lignes)
    amina = next(ligne for ligne in lignes if ligne["personne"].startswith("Amina"))
    reponse = client.post(
        "/compte/connexion/", {"login": amina["courriel"], "password": amina["mot_de_passe"]}
    )
    assert reponse.status_code == 302
    assert reponse["Location"] == "/compte/connexion/second-facteur/", "le code du moment se lit sur /demo/"


def test_la_federation_a_une_file_a_lire_et_le_reste_monte_au_national(reseau: None) -> None:
    lea, nadia, denis = (Utilisateur.objects.get(prenom=prenom) for prenom in ("Léa", "Nadia", "Denis"))
    attendent = Demande.objects.en_attente()
    assert attendent.visibles_par(lea).count() == 7
    assert not attendent.visibles_par(denis).exists(), "Denis conseille ; il ne modère pas"
    montees = set(attendent.values_list("titre", flat=True)) - set(
        attendent.visibles_par(lea).values_list("titre", flat=True)
    )
    assert montees == {"La veille de la rentrée, on essaie le trajet"}
    assert montees <= set(attendent.visibles_par(nadia).values_list("titre", flat=True))


def test_un_brouillon_attend_dans_chaque_etat(reseau: None) -> None:
    etats = set(Contribution.objects.values_list("etat", flat=True))
    assert etats == {"en_ecriture", "soumise", "a_reprendre"}
    assert not Courrier.objects.exists(), "aucun message d'une histoire inventée n'attend de partir"


def test_ce_que_disent_les_lecteurs_se_lit_et_se_repond(reseau: None) -> None:
    publies = Commentaire.objects.publies()
    assert publies.filter(genre="essai").count() == 2
    assert publies.exclude(reponse="").get().repondu_par == Utilisateur.objects.get(prenom="Amina")
    assert Commentaire.objects.filter(etat="retenu").count() == 2
    partagee = Collection.objects.get(est_partagee=True)
    assert all(element.note for element in partagee.elements.all())


def _projet(cle: str) -> ProjetSocial:
    """Celui d'aujourd'hui : le projet d'avant des Deux-Ponts est archivé."""
    projet: ProjetSocial = ProjetSocial.objects.exclude(etat="archive").get(structure__nom__contains=cle)
    return projet


@pytest.mark.parametrize(
    ("prenoms", "lus"),
    [
        (("Amina", "Bruno", "Inès", "Farid"), {"Deux-Ponts"}),
        (("Chloé",), {"Quatre-Vents"}),
        (("Denis", "Léa", "Nadia"), set()),
    ],
)
def test_chacun_lit_les_projets_qui_le_regardent(
    reseau: None, prenoms: tuple[str, ...], lus: set[str]
) -> None:
    for personne in Utilisateur.objects.filter(prenom__in=prenoms):
        visibles = ProjetSocial.objects.de_l_equipe(personne)
        d_aujourd_hui = visibles.exclude(etat="archive")
        assert {projet.pk for projet in d_aujourd_hui} == {_projet(nom).pk for nom in lus}, personne


def test_l_arbre_des_deux_ponts_est_entier_et_chaque_fiche_a_son_numero(reseau: None) -> None:
    arbre = lire_arbre(_projet("Deux-Ponts"))
    assert [axe.axe.lettre for axe in arbre.axes] == ["A", "B", "C", "T"]
    assert [axe.axe.est_transversal for axe in arbre.axes] == [False, False, False, True]
    assert (len(arbre.enjeux), len(arbre.objectifs), len(arbre.fiches)) == (9, 21, 42)
    assert [lue.fiche.titre for lue in arbre.a_ranger] == ["Une cabane à livres au Moulin-Vert"]
    numeros = {lue.fiche.titre: lue.numero for lue in arbre.fiches}
    assert numeros["Le café des clics au marché"] == "A-02"
    assert sum(bool(lue.autres_objectifs) for lue in arbre.fiches) >= 5
    assert sum(lue.fiche.inspiree_de_id is not None for lue in arbre.fiches) >= 5


def test_les_projets_vivent_avec_la_caf(reseau: None) -> None:
    etats = {nom: _projet(nom).etat for nom in ("Deux-Ponts", "Quatre-Vents", "Lavandières")}
    assert etats == {
        "Deux-Ponts": EtatProjet.EN_COURS,
        "Quatre-Vents": EtatProjet.PREPARATION,
        "Lavandières": EtatProjet.SOUMIS,
    }
    poses = Agrement.objects.filter(demande__projet=_projet("Deux-Ponts"))
    assert poses.count() == 2 and all(agrement.demande.decidee_le for agrement in poses)
    a_faire = _projet("Deux-Ponts").taches.filter(faite_le=None)
    assert a_faire.filter(echeance__lt=localdate()).exists()
    assert a_faire.filter(echeance__gte=localdate()).exists()


def test_le_suivi_a_un_passe_un_retard_et_une_suite(reseau: None) -> None:
    etapes = Etape.objects.filter(fiche__projet=_projet("Deux-Ponts"))
    assert etapes.exclude(faite_le=None).count() > 30
    retards = [etape for etape in etapes if etape.est_en_retard]
    assert 3 <= len(retards) <= 10
    assert etapes.filter(du__gt=localdate()).count() >= 10
    releves = Releve.objects.filter(indicateur__fiche__projet=_projet("Deux-Ponts"))
    assert {2024, 2025} <= set(releves.values_list("annee", flat=True))
    assert all(localdate(releve.saisi_le) <= localdate() for releve in releves)
    calcules = Indicateur.objects.exclude(definition={})
    assert calcules.count() >= 30 and set(calcules.values_list("source", flat=True)) == {"calcul"}


def test_une_histoire_inventee_ne_se_defait_pas_et_n_ecrit_a_personne(reseau: None) -> None:
    assert not GesteDArbre.objects.exists()
    assert not Courrier.objects.exists()


def test_les_deux_ponts_ont_evalue_a_mi_parcours_et_savent_d_ou_ils_partent(reseau: None) -> None:
    projet = _projet("Deux-Ponts")
    lue = lire_evaluation(projet, "mi_parcours", est_dehors=False)
    assert lue.dites == lue.a_dire and lue.evaluation.lecons.count() == 5 and len(lue.nouveautes) == 2
    assert projet.envois.get(genre="mi_parcours").numero == 1
    avant = projet.suite_de
    assert avant is not None and (avant.etat, avant.suites.get()) == ("archive", projet)
    assert projet.fiches.exclude(suite_de=None).count() == 23
    courriers = projet.fiches.get(titre="Permanences d’écrivain public").suite_de
    assert courriers is not None
    assert courriers.indicateurs.get().releves.get().valeur == 412, "ce dont le projet d’après est parti"
    devenirs = {cle: len(siens) for cle, _, siens in lire_memoire(avant, est_dehors=False).par_devenir}
    assert devenirs["arreter"] == 3 and devenirs["terminer"] == 1
