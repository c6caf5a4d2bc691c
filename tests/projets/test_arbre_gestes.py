"""Ranger l'arbre : rien ne se perd, tout se défait, et deux personnes ne s'effacent pas l'une l'autre."""

from typing import Any

import pytest

from maillage.core.models import LigneJournal
from maillage.core.versions import ConflitDeVersion
from maillage.projets.choices import EtatProjet, MomentEvaluation
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import Axe, Enjeu, Evaluation, FicheAction, Objectif, ProjetSocial, Rattachement
from maillage.projets.operations.arbre import (
    ajouter_axe,
    ajouter_enjeu,
    ajouter_objectif,
    decaler,
    deplacer,
    ecrire_axe,
    oter,
    rattacher,
    renommer,
)
from maillage.projets.operations.gestes import ArbreRefuse, defaire_geste, photographier, refaire_geste
from maillage.projets.operations.numerotation import numeroter
from maillage.projets.operations.specifiques import (
    ajouter_specifique,
    ecrire_specifique,
    mettre_dans_les_projets,
    oter_specifique,
)
from tests.distribution import Distribution
from tests.projets.fabriques import AxeFactory, FicheActionFactory, ObjectifFactory, arbre_d_essai

pytestmark = [pytest.mark.django_db, pytest.mark.aussi_sur_postgresql]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts)


def _fiches(projet: ProjetSocial) -> list[str]:
    return [str(lue) for lue in lire_arbre(projet).fiches]


def _fiche(projet: ProjetSocial, titre: str) -> FicheAction:
    return FicheAction.objects.get(projet=projet, titre__contains=titre)


def _objectif(projet: ProjetSocial, titre: str) -> Objectif:
    return Objectif.objects.get(enjeu__axe__projet=projet, titre__contains=titre)


# --- Ce qui est refusé -----------------------------------------------------------------------------


def test_l_arbre_d_un_projet_soumis_ne_change_plus(projet: ProjetSocial, distribution: Distribution) -> None:
    ProjetSocial.objects.filter(pk=projet.pk).update(etat=EtatProjet.SOUMIS)
    with pytest.raises(ArbreRefuse, match="Soumis"):
        deplacer(_fiche(projet, "vélos"), _objectif(projet, "démarches"), par=distribution.bruno)


def test_une_fiche_ne_va_pas_sous_un_enjeu_ni_dans_un_autre_projet(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    fiche = _fiche(projet, "vélos")
    for ailleurs in (Enjeu.objects.get(titre__contains="travail"), ObjectifFactory()):
        with pytest.raises(ArbreRefuse):
            deplacer(fiche, ailleurs, par=distribution.bruno)
    assert "A-03 Le prêt de vélos" in _fiches(projet)


def test_un_objectif_qui_en_porte_d_autres_reste_general(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    general, autre = _objectif(projet, "démarches"), _objectif(projet, "souffler")
    dedans = ajouter_objectif(general, "Ouvrir le samedi", par=distribution.bruno)
    for bouge, sous in ((general, autre), (general, general), (autre, dedans)):
        with pytest.raises(ArbreRefuse):
            deplacer(bouge, sous, par=distribution.bruno)


def test_une_branche_qui_a_des_fiches_ne_part_pas_sans_dire_ou_elles_vont(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    axe = projet.axes.get(lettre="A")
    for vers in (None, axe, _objectif(projet, "démarches")):
        with pytest.raises(ArbreRefuse):
            oter(axe, vers, par=distribution.bruno)
    assert len(_fiches(projet)) == 6


def test_deux_axes_n_ont_pas_la_meme_lettre(projet: ProjetSocial, distribution: Distribution) -> None:
    axe = projet.axes.get(lettre="B")
    neuf: dict[str, Any] = {"titre": "T", "lettre": "A", "couleur": "bleu", "est_transversal": True}
    with pytest.raises(ArbreRefuse, match="lettre"):
        ajouter_axe(projet, **neuf, par=distribution.bruno)
    with pytest.raises(ArbreRefuse, match="lettre"):
        ecrire_axe(axe, version_lue=axe.version, **neuf, par=distribution.bruno)


def test_renommer_ce_qu_une_autre_vient_de_renommer_previent(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    lu = _objectif(projet, "démarches")
    renommer(_objectif(projet, "démarches"), "Simplifier", version_lue=lu.version, par=distribution.ines)
    with pytest.raises(ConflitDeVersion):
        renommer(lu, "Autre chose", version_lue=lu.version, par=distribution.bruno)
    assert _objectif(projet, "Simplifier")


def test_un_geste_ne_se_defait_plus_quand_une_autre_a_touche_a_la_meme_chose(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    fiche = _fiche(projet, "vélos")
    deplacer(fiche, _objectif(projet, "rencontrer"), par=distribution.bruno)
    deplacer(fiche, _objectif(projet, "travail"), par=distribution.ines)
    avant = photographier(projet)
    with pytest.raises(ArbreRefuse, match="changé la même chose"):
        defaire_geste(projet, par=distribution.bruno)
    assert photographier(projet) == avant


def test_un_ajout_ne_se_defait_plus_quand_une_autre_y_a_range_une_fiche(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    objectif = ajouter_objectif(projet.axes.get(lettre="B"), "Habiter mieux", par=distribution.bruno)
    deplacer(_fiche(projet, "vélos"), objectif, par=distribution.ines)
    with pytest.raises(ArbreRefuse):
        defaire_geste(projet, par=distribution.bruno)
    assert "B-02 Le prêt de vélos" in _fiches(projet)


# --- Ce qui se range -------------------------------------------------------------------------------


def test_une_fiche_deplacee_prend_le_numero_de_sa_place(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    deplacer(_fiche(projet, "vélos"), _objectif(projet, "rencontrer"), 1, par=distribution.bruno)
    assert _fiches(projet)[3:5] == ["B-01 Le prêt de vélos", "B-02 La fête des paliers"]
    deplacer(_fiche(projet, "idée"), projet.axes.get(lettre="A"), par=distribution.bruno)
    assert "A-04 Une idée d’habitants, à ranger" in _fiches(projet)


def test_une_fiche_rangee_ou_elle_etait_citee_n_y_est_plus_deux_fois(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    deplacer(_fiche(projet, "clics"), _objectif(projet, "rencontrer"), par=distribution.bruno)
    assert not Rattachement.objects.filter(fiche__projet=projet).exists()


def test_un_enjeu_emporte_ses_objectifs_et_ses_fiches(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    deplacer(
        Enjeu.objects.get(titre__contains="renonce"), projet.axes.get(lettre="B"), 1, par=distribution.bruno
    )
    assert _fiches(projet)[:4] == [
        "A-01 Rendez-vous emploi du mardi",
        "B-01 Permanences d’écrivain public",
        "B-02 Le café des clics au marché",
        "B-03 Le prêt de vélos",
    ]
    assert set(FicheAction.objects.filter(axe__lettre="B").values_list("objectif__enjeu__axe__lettre")) == {
        ("B",)
    }


def test_d_un_cran_on_passe_chez_le_voisin_et_au_bout_rien_ne_bouge(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    velos = _fiche(projet, "vélos")
    decaler(velos, -1, par=distribution.bruno)
    assert _fiche(projet, "vélos").objectif == _objectif(projet, "démarches")
    assert _fiches(projet)[2] == "A-03 Le prêt de vélos"
    decaler(_fiche(projet, "vélos"), -1, par=distribution.bruno)
    assert _fiches(projet)[1] == "A-02 Le prêt de vélos"
    lignes = LigneJournal.objects.count()
    decaler(projet.axes.get(lettre="A"), -1, par=distribution.bruno)
    assert LigneJournal.objects.count() == lignes
    decaler(projet.axes.get(lettre="A"), 1, par=distribution.bruno)
    assert [axe.axe.lettre for axe in lire_arbre(projet).axes] == ["B", "A"]


def test_oter_un_axe_range_ses_fiches_ou_l_on_a_dit(projet: ProjetSocial, distribution: Distribution) -> None:
    oter(projet.axes.get(lettre="A"), _objectif(projet, "rencontrer"), par=distribution.bruno)
    assert len(_fiches(projet)) == 6
    assert [lue.numero for lue in lire_arbre(projet).fiches] == ["B-01", "B-02", "B-03", "B-04", "B-05", ""]


# --- Tout se défait, exactement --------------------------------------------------------------------


def _gestes(projet: ProjetSocial, par: Any) -> list[Any]:
    axe, autre = projet.axes.get(lettre="A"), projet.axes.get(lettre="B")
    enjeu, clics = Enjeu.objects.get(titre__contains="travail"), _fiche(projet, "clics")
    familles = ajouter_specifique(projet, genre="familles", nom="Familles", presentation="", par=par)
    ecrit = {"genre": "familles", "nom": "Volet familles", "presentation": "P", "fiches": [clics]}
    return [
        lambda: ajouter_axe(
            projet, titre="Accueillir", lettre="T", couleur="bleu", est_transversal=True, par=par
        ),
        lambda: ajouter_enjeu(autre, "Habiter", par=par),
        lambda: ajouter_objectif(axe, "Sans enjeu nommé", par=par),
        lambda: ajouter_objectif(_objectif(projet, "démarches"), "Le samedi", par=par),
        lambda: ecrire_axe(
            axe, version_lue=1, titre="Les droits", lettre="D", couleur="miel", est_transversal=False, par=par
        ),
        lambda: renommer(clics, "Le café des voisins", version_lue=1, par=par),
        lambda: deplacer(enjeu, autre, 1, par=par),
        lambda: deplacer(_objectif(projet, "souffler"), _objectif(projet, "démarches"), par=par),
        lambda: rattacher(clics, [_objectif(projet, "rencontrer"), _objectif(projet, "souffler")], par=par),
        lambda: oter(axe, autre, par=par),
        lambda: oter(_objectif(projet, "rencontrer"), projet, par=par),
        lambda: numeroter(projet, "4.{axe}.{rang}", par=par),
        lambda: mettre_dans_les_projets(clics, [familles], par=par),
        lambda: ecrire_specifique(familles, version_lue=1, **ecrit, par=par),
        lambda: oter_specifique(familles, par=par),
    ]


@pytest.mark.parametrize("rang", range(15))
def test_chaque_geste_se_defait_et_se_refait_exactement(
    projet: ProjetSocial, distribution: Distribution, rang: int
) -> None:
    acte = _gestes(projet, distribution.bruno)[rang]
    avant = photographier(projet)
    acte()
    apres = photographier(projet)
    assert apres != avant
    assert defaire_geste(projet, par=distribution.bruno)
    assert photographier(projet) == avant
    assert refaire_geste(projet, par=distribution.bruno)
    assert photographier(projet) == apres


@pytest.mark.parametrize("est_partie", [False, True])
def test_un_objectif_revenu_retrouve_ce_que_l_evaluation_en_propose(
    projet: ProjetSocial, distribution: Distribution, est_partie: bool
) -> None:
    """Partie entre-temps, la proposition n'empêche pas l'objectif de revenir, et ne revient pas."""
    objectif = Objectif.objects.filter(enjeu__axe__projet=projet, parent=None).order_by("pk")[0]
    evaluation = Evaluation.objects.create(projet=projet, moment=MomentEvaluation.FINALE, annee=2026)
    proposition = evaluation.propositions.create(objectif=objectif, titre=objectif.titre, suite="continuer")
    numero = objectif.pk
    oter(objectif, objectif.enjeu.axe, par=distribution.amina)
    proposition.refresh_from_db()
    assert proposition.objectif_id is None
    if est_partie:
        proposition.delete()
    for defaire_ou_refaire, revenu in ((defaire_geste, True), (refaire_geste, False), (defaire_geste, True)):
        defaire_ou_refaire(projet, par=distribution.amina)
        assert Objectif.objects.filter(pk=numero).exists() == revenu
    assert list(evaluation.propositions.values_list("objectif_id", flat=True)) == (
        [] if est_partie else [numero]
    )


def test_on_ne_defait_que_ses_gestes_du_dernier_au_premier(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    depart = photographier(projet)
    decaler(_fiche(projet, "vélos"), -1, par=distribution.bruno)
    decaler(_fiche(projet, "emploi"), 1, par=distribution.bruno)
    assert defaire_geste(projet, par=distribution.ines) is None
    defaire_geste(projet, par=distribution.bruno)
    defaire_geste(projet, par=distribution.bruno)
    assert photographier(projet) == depart
    assert defaire_geste(projet, par=distribution.bruno) is None
    refaire_geste(projet, par=distribution.bruno)
    deplacer(_fiche(projet, "paliers"), projet, par=distribution.bruno)
    assert refaire_geste(projet, par=distribution.bruno) is None


def test_un_geste_laisse_sa_phrase_au_journal_de_la_structure(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    renommer(_fiche(projet, "vélos"), "Le vélo pour tous", version_lue=1, par=distribution.bruno)
    ligne = LigneJournal.objects.latest("pk")
    assert (ligne.acte, ligne.structure_id) == ("renommer", distribution.deux_ponts.pk)
    assert ligne.phrase == "Bruno Castel a renommé « Le prêt de vélos » en « Le vélo pour tous »."
    cle = f"fiche:{_fiche(projet, 'vélo pour').pk}"
    assert (ligne.avant, ligne.apres) == (
        {cle: {"titre": "Le prêt de vélos"}},
        {cle: {"titre": "Le vélo pour tous"}},
    )


def test_deplacer_parmi_soixante_deux_fiches_demande_peu_a_la_base(
    projet: ProjetSocial, distribution: Distribution, django_assert_max_num_queries: Any
) -> None:
    objectif = _objectif(projet, "souffler")
    for rang in range(56):
        FicheActionFactory(objectif=objectif, rang=rang + 2, titre=f"Fiche {rang}")
    AxeFactory(projet=projet, lettre="Z", rang=9)
    fiche = _fiche(projet, "Fiche 55")
    with django_assert_max_num_queries(40):
        deplacer(fiche, _objectif(projet, "rencontrer"), 1, par=distribution.bruno)
    assert Axe.objects.get(lettre="Z").rang == 9
