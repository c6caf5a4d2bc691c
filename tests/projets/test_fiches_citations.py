"""Citer une fiche dans une autre : le numéro et le titre sont toujours ceux du jour."""

import pytest

from maillage.core.documents.html import rendre_html
from maillage.projets.citations import a_ecrire, citables, en_clair, ranger
from maillage.projets.documents import document_de_la_fiche
from maillage.projets.exportation.objet import objet_du_projet
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import FicheAction, Objectif, ProjetSocial
from maillage.projets.operations.arbre import deplacer, renommer
from tests.distribution import Distribution
from tests.documents import LECTURES, serre
from tests.projets.fabriques import arbre_d_essai

pytestmark = pytest.mark.django_db


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts)


def _fiche(projet: ProjetSocial, titre: str) -> FicheAction:
    return FicheAction.objects.get(projet=projet, titre=titre)


def test_une_fiche_d_un_autre_projet_n_est_pas_citee(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    autre = FicheAction.objects.filter(projet=arbre_d_essai(distribution.quatre_vents)).order_by("pk")[0]
    assert en_clair(f"Voir [[fiche:{autre.pk}]].", lire_arbre(projet)) == "Voir (n’est plus dans le projet)."


def test_ce_qui_n_est_pas_une_citation_reste_tel_quel(projet: ProjetSocial) -> None:
    for texte in ("Un [[crochet]] double", "[[fiche:]]", "[[fiche:12", "[fiche:12]"):
        assert ranger(texte) == texte
        assert en_clair(texte, lire_arbre(projet)) == texte


def test_on_ecrit_avec_le_titre_et_l_on_garde_un_jeton(projet: ProjetSocial) -> None:
    velos = _fiche(projet, "Le prêt de vélos")
    ecrit = a_ecrire(f"Voir [[fiche:{velos.pk}]].", lire_arbre(projet))
    assert ecrit == f"Voir [[fiche {velos.pk} : A-03 Le prêt de vélos]]."
    assert ranger(ecrit) == f"Voir [[fiche:{velos.pk}]]."
    assert ranger(ecrit.replace("A-03", "n’importe quoi")) == f"Voir [[fiche:{velos.pk}]]."


def test_un_titre_a_crochets_ne_casse_pas_sa_citation(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    velos = _fiche(projet, "Le prêt de vélos")
    renommer(velos, "Le prêt [essai] ]] de vélos", version_lue=velos.version, par=distribution.amina)
    ecrit = a_ecrire(f"[[fiche:{velos.pk}]] !", lire_arbre(projet))
    assert ranger(ecrit) == f"[[fiche:{velos.pk}]] !"


def test_une_citation_suit_la_fiche_deplacee_et_renommee(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    clics = _fiche(projet, "Le café des clics au marché")
    velos = _fiche(projet, "Le prêt de vélos")
    objectif = Objectif.objects.get(enjeu__axe__projet=projet, titre="Préparer un retour au travail")
    clics.contexte = f"Avec [[fiche:{velos.pk}]], pour [[objectif:{objectif.pk}]]."
    clics.save(update_fields=["contexte"])
    assert "A-03 Le prêt de vélos" in en_clair(clics.contexte, lire_arbre(projet))
    deplacer(
        velos, Objectif.objects.get(titre="Multiplier les occasions de se rencontrer"), par=distribution.amina
    )
    velos.refresh_from_db()
    renommer(velos, "Des vélos pour tous", version_lue=velos.version, par=distribution.amina)
    arbre = lire_arbre(projet)
    lue = arbre.par_numero_de_ligne[clics.pk]
    document = document_de_la_fiche(lue, arbre, "https://maillage.test")
    attendu = "Avec B-02 Des vélos pour tous, pour"
    assert f"/espace/projets/fiches/{velos.pk}/" in rendre_html(document)
    assert attendu in en_clair(clics.contexte, arbre)
    (exportee,) = [une for une in objet_du_projet(projet)["fiches"] if une["titre"] == clics.titre]
    assert attendu in exportee["contexte"]
    assert all(serre(attendu) in lire(document) for lire in LECTURES)


def test_le_menu_propose_les_autres_fiches_et_les_objectifs(projet: ProjetSocial) -> None:
    clics = _fiche(projet, "Le café des clics au marché")
    groupes = dict(citables(lire_arbre(projet), clics.pk))
    assert [citable.libelle for citable in groupes["Fiches"]][:2] == [
        "A-01 Permanences d’écrivain public",
        "A-03 Le prêt de vélos",
    ]
    assert len(groupes["Objectifs"]) == 4
