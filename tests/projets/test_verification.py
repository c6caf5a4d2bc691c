"""La vérification avant l'envoi : ce qui manque, ce qui se contredit, ce que l'on en décide."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.core.ecriture import GesteRefuse
from maillage.projets.choices import EtatProjet, GenreManque, MomentEvaluation
from maillage.projets.lecture import lire_arbre
from maillage.projets.manques import Manque
from maillage.projets.models import (
    Besoin,
    Chapitre,
    Etape,
    Evaluation,
    FicheAction,
    Objectif,
    PointDeVerification,
    ProjetSocial,
    Sigle,
    Tache,
)
from maillage.projets.operations.arbre import renommer
from maillage.projets.operations.verification import (
    confier_un_point,
    laisser_un_point,
    noter_la_verification,
    noter_toutes_les_verifications,
    reprendre_un_point,
)
from maillage.projets.verification import manques
from maillage.projets.verification.lecture import Lecture
from maillage.projets.verification.suivi import ORDRE, verifier
from tests.distribution import Distribution
from tests.projets.fabriques import IndicateurFactory, InstanceFactory, ProjetSocialFactory, arbre_d_essai
from tests.projets.fabriques_diagnostic import BesoinFactory, diagnostic_d_essai
from tests.projets.fabriques_verification import PieceDuDossierFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts)


def _ecrire(projet: ProjetSocial, texte: str, titre: str = "Préambule") -> Chapitre:
    return Chapitre.objects.create(projet=projet, rang=1, titre=titre, texte=texte)


def _trouve(projet: ProjetSocial, contient: str) -> Manque:
    trouves = [un for un in manques(projet) if contient in un.phrase]
    assert len(trouves) == 1, [un.phrase for un in manques(projet)]
    return trouves[0]


def _accords(projet: ProjetSocial) -> list[str]:
    return [un.phrase for un in manques(projet) if un.genre == GenreManque.COHERENCE]


# --- À qui -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("personne", ["chloe", "denis", "lea", "nadia", "omar"])
def test_la_verification_n_est_qu_a_l_equipe(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir, personne: str
) -> None:
    """La Caf lit un projet en cours ; pas ce qui lui manque."""
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    ProjetSocial.objects.filter(pk=projet.pk).update(etat=EtatProjet.EN_COURS)
    client = client_de(personne)
    assert client.get(reverse("verification", args=[projet.pk])).status_code == 404
    assert client.post(reverse("verification_noter", args=[projet.pk])).status_code == 404
    assert not PointDeVerification.objects.exists()


def test_un_projet_soumis_se_verifie_mais_ne_se_decide_plus(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    ProjetSocial.objects.filter(pk=projet.pk).update(etat=EtatProjet.SOUMIS)
    amina, reference = client_de("amina"), manques(projet)[0].reference
    page = amina.get(reverse("verification", args=[projet.pk])).content.decode()
    assert "Vérifier avant d’envoyer" in page and "S’en occuper" not in page
    assert amina.get(reverse("verification_point", args=[projet.pk, reference])).status_code == 404
    with pytest.raises(GesteRefuse):
        laisser_un_point(projet, reference, raison="Non.", par=distribution.amina)


# --- Ce qui manque -----------------------------------------------------------------------------------


def test_un_point_dit_combien_et_mene_a_chaque_endroit(projet: ProjetSocial) -> None:
    point = _trouve(projet, "sans pilote")
    assert point.phrase == "6\xa0fiches sans pilote."
    assert len(point.places) == 6
    fiche = projet.fiches.get(titre="Le prêt de vélos")
    assert f"/espace/projets/fiches/{fiche.pk}/ecrire/moyens/#id_pilote" in [
        un.adresse for un in point.places
    ]


def test_un_indicateur_sans_depart_ni_cible_ni_source_se_dit_par_fiche(projet: ProjetSocial) -> None:
    IndicateurFactory.create_batch(2, fiche=projet.fiches.get(titre="Le prêt de vélos"))
    point = _trouve(projet, "sans valeur de départ")
    assert point.phrase.startswith("2\xa0indicateurs")
    assert [un.nom for un in point.places] == ["Fiche A-03 Le prêt de vélos (2\xa0indicateurs)"]
    assert _trouve(projet, "sans cible") and _trouve(projet, "d’où viendra la réponse")


def test_une_piece_jointe_ne_manque_plus_et_une_piece_perimee_se_dit(projet: ProjetSocial) -> None:
    assert _trouve(projet, "Statuts du gestionnaire")
    hier = timezone.localdate() - timedelta(days=1)
    piece = PieceDuDossierFactory(projet=projet, cle="statuts", nom="Nos statuts", valable_jusqu_au=hier)
    assert not [un for un in manques(projet) if "Statuts du gestionnaire" in un.phrase]
    assert reverse("piece_modifier", args=[piece.pk]) == _trouve(projet, "« Nos statuts »").adresse(projet)


def test_une_piece_n_est_jamais_dite_obligatoire(projet: ProjetSocial) -> None:
    pieces = [un.phrase for un in manques(projet) if un.ou == "pieces_du_dossier"]
    assert len(pieces) == 8
    assert all(phrase.startswith("Pièce souvent demandée") for phrase in pieces)


# --- Ce qui se contredit -----------------------------------------------------------------------------


def test_un_projet_sans_faute_n_a_rien_a_accorder(projet: ProjetSocial) -> None:
    _ecrire(projet, "L’axe A répond au besoin dit par le comité. La fiche A-02 en est le cœur (Axe A - 02).")
    assert _accords(projet) == []


def test_un_numero_faux_a_cote_du_titre_est_releve_avec_le_bon(projet: ProjetSocial) -> None:
    chapitre = _ecrire(projet, "- Le prêt de vélos (AXE A - Faire valoir ses droits - 07)\n\nEt la suite.")
    point = _trouve(projet, "Le prêt de vélos")
    assert point.phrase.endswith("c’est la fiche A-03.")
    assert point.adresse(projet) == reverse(
        "chapitre", kwargs={"pk": projet.pk, "repere": chapitre.cle or str(chapitre.pk)}
    )


def test_le_diagnostic_et_l_evaluation_se_verifient_comme_les_chapitres(projet: ProjetSocial) -> None:
    """Un sigle muet, et une fiche citée par un faux numéro, là où ils sont écrits."""
    besoin = diagnostic_d_essai(projet)
    textes = {
        "constats": "Le CLSM ne se réunit plus.",
        "paroles": "La MDPH, c’est loin.",
        "rencontres": "Le CESER est venu.",
        "resultats": "Allez-vous au PIJ ?",
    }
    for genre, texte in textes.items():
        champ = {"rencontres": "retenu", "resultats": "question"}.get(genre, "texte")
        getattr(projet, genre).update(**{champ: texte})
    Besoin.objects.filter(pk=besoin.pk).update(precision="Le prêt de vélos (AXE A - 07) n’y suffit pas.")
    Evaluation.objects.create(
        projet=projet, moment=MomentEvaluation.MI_PARCOURS, annee=2026, synthese="La CTG s’achève."
    )
    muets = _trouve(projet, "jamais développé")
    lus = {place.nom.split(" : ")[0]: place.adresse for place in muets.places}
    assert {"CLSM", "MDPH", "CESER", "PIJ", "CTG"} <= lus.keys()
    assert lus["CTG"] == reverse("evaluation_moment", args=[projet.pk, "mi-parcours"])
    constat = projet.constats.get()
    assert lus["CLSM"] == reverse("diagnostic_element", args=[projet.pk, "constats", constat.pk])
    assert _trouve(projet, "Le prêt de vélos").adresse(projet) == reverse("besoin", args=[besoin.pk])
    ProjetSocial.objects.filter(pk=projet.pk).update(etat="soumis")
    relu = ProjetSocial.objects.get(pk=projet.pk)
    soumis = {un.nom.split(" : ")[0]: un.adresse for un in _trouve(relu, "jamais développé").places}
    assert soumis["CLSM"] == reverse("diagnostic_constats", args=[projet.pk])


def test_un_renvoi_vers_une_fiche_ou_un_axe_absent_est_releve(projet: ProjetSocial) -> None:
    _ecrire(projet, "Voir l’action (cf. Axe B - 09) et l’autre (Axe F - 02).")
    assert [phrase.split(" cite ")[1] for phrase in _accords(projet)] == [
        "une fiche qui n’existe pas.",
        "un axe qui n’existe pas.",
    ]


def test_un_ancien_nom_dans_un_texte_est_releve(projet: ProjetSocial, distribution: Distribution) -> None:
    objectif = Objectif.objects.get(titre="Rendre les démarches plus simples")
    renommer(objectif, "Faciliter chaque papier", version_lue=objectif.version, par=distribution.amina)
    assert _accords(projet) == []
    _ecrire(projet, "Nous voulons « rendre les démarches plus simples » pour tous.")
    assert "s’appelle maintenant « Faciliter chaque papier »" in _accords(projet)[0]


def test_un_axe_nomme_autrement_est_releve_mais_pas_une_phrase_sur_lui(projet: ProjetSocial) -> None:
    _ecrire(projet, "AXE A - Favoriser la valeur des droits\n\nAxe B : Le comité en parle chaque mois")
    assert _accords(projet) == [
        "L’axe A est nommé « Favoriser la valeur des droits » ; son titre est « Faire valoir ses droits »."
    ]


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Le comité de pilotage (COFIL) se réunit.", "ne serait-ce pas COPIL ?"),
        ("Avec la PMI, chaque mois.", "1\xa0sigle jamais développé : PMI."),
        (
            "Le fonds de participation (FPH). Le fonds des habitants pour le hameau, FPH (Fête pour les hameaux).",
            "",
        ),
    ],
)
def test_un_sigle_mal_ecrit_ou_jamais_developpe_est_releve(
    projet: ProjetSocial, texte: str, attendu: str
) -> None:
    _ecrire(projet, texte)
    phrases = _accords(projet)
    assert (attendu in phrases[0]) if attendu else all("FPH" not in un for un in phrases if "jamais" in un)


def test_un_sigle_developpe_de_deux_facons_est_releve(projet: ProjetSocial) -> None:
    Sigle.objects.create(projet=projet, sigle="PMI", sens="protection maternelle et infantile")
    _ecrire(projet, "La PMI (Permanence mobile d’information) vient le mardi.")
    assert _trouve(projet, "de deux façons").genre == GenreManque.COHERENCE


def test_un_titre_en_capitales_ou_un_chiffre_romain_n_est_pas_un_sigle(projet: ProjetSocial) -> None:
    _ecrire(projet, "LE MOT DE LA PRÉSIDENTE DU CENTRE\n\nPartie III, chapitre IV.")
    assert _accords(projet) == []


def test_une_date_hors_du_projet_est_relevee(projet: ProjetSocial) -> None:
    fiche = projet.fiches.get(titre="Le prêt de vélos")
    Etape.objects.create(fiche=fiche, titre="Acheter", du=date(2024, 11, 3))
    FicheAction.objects.filter(pk=fiche.pk).update(echeancier=["2031 :", "un bilan"])
    assert len(_accords(projet)) == 2
    assert all("de 2025 à 2028" in phrase for phrase in _accords(projet))


def test_une_citation_morte_est_relevee(projet: ProjetSocial) -> None:
    _ecrire(projet, "Comme dit dans [[fiche:999999]].")
    assert _accords(projet) == ["Chapitre « Préambule » : cite une fiche qui n’est plus dans le projet."]


def test_le_nombre_de_requetes_ne_suit_pas_la_taille_du_projet(projet: ProjetSocial) -> None:
    def compter(combien: int) -> int:
        for rang in range(combien):
            _ecrire(projet, f"Un texte {rang}.", titre=f"Chapitre {combien}-{rang}")
            IndicateurFactory(fiche=projet.fiches.order_by("pk")[rang % 5])
            InstanceFactory(projet=projet)
            BesoinFactory(projet=projet)
        with CaptureQueriesContext(connection) as lues:
            manques(projet)
        return len(lues)

    assert compter(11) == compter(1) < 40


# --- Décider -----------------------------------------------------------------------------------------


def test_confier_un_point_en_fait_une_tache_et_la_change(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    page = reverse("verification_point", args=[projet.pk, _trouve(projet, "sans pilote").reference])
    amina = client_de("amina")
    envoi = {"geste": "confier", "responsable": distribution.bruno.pk, "echeance": "2026-12-01"}
    assert amina.post(page, envoi | {"responsable": distribution.chloe.pk}).status_code == 422
    amina.post(page, envoi)
    amina.post(page, envoi | {"echeance": "2026-12-15"})
    tache = Tache.objects.get(projet=projet)
    assert (tache.titre, tache.responsable, tache.echeance) == (
        "6 fiches sans pilote.",
        distribution.bruno,
        date(2026, 12, 15),
    )
    assert "Bruno, pour le 15 décembre 2026" in " ".join(
        amina.get(reverse("verification", args=[projet.pk])).content.decode().replace("\xa0", " ").split()
    )


def test_un_point_regle_clot_sa_tache(projet: ProjetSocial, distribution: Distribution) -> None:
    noter_la_verification(projet)
    point = _trouve(projet, "sans pilote")
    dans = timezone.localdate() + timedelta(days=3)
    tache = confier_un_point(
        projet, point.reference, responsable=distribution.bruno, echeance=dans, par=distribution.amina
    )
    projet.fiches.update(pilote_nom="Jeanne")
    assert noter_la_verification(projet) == (0, 1)
    tache.refresh_from_db()
    assert tache.faite_le is not None
    assert noter_la_verification(projet) == (0, 0)
    with pytest.raises(GesteRefuse, match="déjà réglé"):
        laisser_un_point(projet, point.reference, raison="Trop tard.", par=distribution.amina)


def test_un_point_laisse_revient_quand_il_change(projet: ProjetSocial, distribution: Distribution) -> None:
    reference = _trouve(projet, "sans pilote").reference
    with pytest.raises(GesteRefuse, match="pourquoi"):
        laisser_un_point(projet, reference, raison="  ", par=distribution.amina)
    laisser_un_point(projet, reference, raison="On nomme en janvier.", par=distribution.amina)
    assert _verifie(projet, reference).est_laissee
    fiche = projet.fiches.order_by("pk").first()
    assert fiche is not None
    FicheAction.objects.filter(pk=fiche.pk).update(pilote_nom="Jeanne")
    revenue = _verifie(projet, reference)
    assert not revenue.est_laissee and revenue.est_revenue


def test_on_reprend_un_point_laisse(projet: ProjetSocial, distribution: Distribution) -> None:
    reference = _trouve(projet, "sans pilote").reference
    laisser_un_point(projet, reference, raison="Plus tard.", par=distribution.amina)
    reprendre_un_point(projet, reference, par=distribution.bruno)
    ligne = _verifie(projet, reference)
    assert not ligne.est_laissee and ligne.point is not None and ligne.point.raison == ""


def test_chaque_nuit_date_les_points_des_projets_ouverts_seulement(distribution: Distribution) -> None:
    ouvert = arbre_d_essai(distribution.deux_ponts)
    clos = arbre_d_essai(distribution.deux_ponts, etat=EtatProjet.ARCHIVE)
    assert noter_toutes_les_verifications() == 1
    assert ouvert.points.exists() and not clos.points.exists()


def _verifie(projet: ProjetSocial, reference: str):  # type: ignore[no-untyped-def]
    ligne = verifier(Lecture(projet, lire_arbre(projet))).ligne(reference)
    assert ligne is not None
    return ligne


# --- Les critères ------------------------------------------------------------------------------------


def test_chaque_critere_montre_ce_qui_y_repond_et_sa_source(projet: ProjetSocial, client_de: Ouvrir) -> None:
    InstanceFactory(projet=projet)
    page = (
        client_de("bruno")
        .get(reverse("verification", args=[projet.pk]))
        .content.decode()
        .replace("\xa0", " ")
    )
    assert "1 instance : Comité d’usagers." in page
    assert "Circulaires Cnaf 2012-013 et 2016-005" in page
    assert "Rien encore n’y répond" in page
    assert "ne sont pas connus mot à mot" in page


# --- Les rubriques ------------------------------------------------------------------------------------


@pytest.mark.parametrize("est_nu", [True, False], ids=["projet nu", "arbre et diagnostic"])
def test_chaque_manque_a_sa_rubrique_et_elles_se_lisent_dans_l_ordre(
    distribution: Distribution, est_nu: bool
) -> None:
    centre = distribution.deux_ponts
    projet = ProjetSocialFactory(structure=centre) if est_nu else arbre_d_essai(centre)
    if not est_nu:
        diagnostic_d_essai(projet)
        InstanceFactory(projet=projet)
    ((_, _, rangees), *_) = verifier(Lecture(projet, lire_arbre(projet))).parties()
    rubriques = [rubrique for rubrique, _ in rangees]
    assert rubriques == sorted(rubriques, key=ORDRE.index)
    assert "Autres" not in rubriques and "Diagnostic" in rubriques
