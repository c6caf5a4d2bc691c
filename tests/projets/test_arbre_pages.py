"""La page de l'arbre, celle de chaque branche, les numéros, le tableau, le dessin : refus d'abord."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree
from openpyxl import load_workbook
from pypdf import PdfReader

from maillage.core.documents.dessin import verifier_svg
from maillage.projets.choices import EtatFiche, EtatProjet
from maillage.projets.dessin import dessiner
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import (
    Axe,
    BilanDeFiche,
    Enjeu,
    Etape,
    FicheAction,
    Objectif,
    ProjetSocial,
    ProjetSpecifique,
    Releve,
)
from maillage.projets.suivi import lire_suivi
from maillage.projets.vue_de_l_arbre import VueDeLArbre
from tests.distribution import Distribution
from tests.projets.arbres_d_essai import grand_arbre
from tests.projets.fabriques import (
    FicheActionFactory,
    IndicateurFactory,
    ObjectifFactory,
    ProjetSocialFactory,
    ProjetSpecifiqueFactory,
    arbre_d_essai,
)

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts)


def _page(client: Client, nom: str, *arguments: Any, **demande: str) -> str:
    reponse = client.get(reverse(nom, args=arguments), demande)
    assert reponse.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", reponse.content.decode()).split())


def _fiche(titre: str) -> FicheAction:
    return FicheAction.objects.get(titre__contains=titre)


# --- Ce qui est refusé -----------------------------------------------------------------------------


def test_une_branche_d_un_autre_projet_n_existe_pas_ici(
    projet: ProjetSocial, client_de: ClientDe, distribution: Distribution
) -> None:
    ailleurs = ObjectifFactory(enjeu__axe__projet__structure=distribution.deux_ponts)
    bruno = client_de("bruno")
    assert bruno.get(reverse("arbre_noeud", args=[projet.pk, "objectif", ailleurs.pk])).status_code == 404
    for noeud, sous in (
        (f"objectif-{ailleurs.pk}", "projet"),
        (f"fiche-{_fiche('vélos').pk}", f"objectif-{ailleurs.pk}"),
        ("fiche-²", "projet"),
        ("projet-1", "projet"),
        (f"fiche-{_fiche('vélos').pk}", f"fiche-{_fiche('clics').pk}"),
    ):
        reponse = bruno.post(reverse("arbre_deplacer", args=[projet.pk]), {"noeud": noeud, "sous": sous})
        assert reponse.status_code == 404


def test_un_projet_soumis_se_lit_et_ne_s_ecrit_plus(projet: ProjetSocial, client_de: ClientDe) -> None:
    ProjetSocial.objects.update(etat=EtatProjet.SOUMIS)
    bruno = client_de("bruno")
    page = bruno.get(reverse("arbre", args=[projet.pk])).content.decode()
    assert "Le prêt de vélos" in page
    assert "data-deplacer" not in page
    assert 'class="ranger"' not in page
    assert bruno.get(reverse("arbre_ajouter", args=[projet.pk, "axe"])).status_code == 404


def test_une_branche_qui_a_des_fiches_demande_ou_elles_vont(
    projet: ProjetSocial, client_de: ClientDe
) -> None:
    objectif = Objectif.objects.get(titre__contains="démarches")
    adresse = reverse("arbre_noeud", args=[projet.pk, "objectif", objectif.pk])
    bruno = client_de("bruno")
    assert bruno.post(adresse, {"geste": "oter"}).status_code == 422
    assert bruno.post(adresse, {"geste": "oter", "vers-sous": f"objectif-{objectif.pk}"}).status_code == 422
    assert bruno.post(adresse, {"geste": "oter", "vers-sous": "projet"}).status_code == 302
    assert _fiche("clics").objectif is None


def test_un_titre_change_par_une_autre_ne_s_ecrase_pas(projet: ProjetSocial, client_de: ClientDe) -> None:
    objectif = Objectif.objects.get(titre__contains="démarches")
    adresse = reverse("arbre_noeud", args=[projet.pk, "objectif", objectif.pk])
    for titre, attendu in (("Le sien", 302), ("Le mien", 422)):
        envoi = {"geste": "nommer", "titre": titre, "version": "1"}
        assert client_de("bruno").post(adresse, envoi).status_code == attendu
    objectif.refresh_from_db()
    assert objectif.titre == "Le sien"


def test_une_lettre_prise_et_un_modele_sans_rang_sont_dits_au_champ(
    projet: ProjetSocial, client_de: ClientDe
) -> None:
    envoi = {"titre": "Un autre", "lettre": "a", "couleur": "bleu"}
    bruno = client_de("bruno")
    reponse = bruno.post(reverse("arbre_ajouter", args=[projet.pk, "axe"]), envoi)
    assert reponse.status_code == 422
    assert "déjà cette lettre" in reponse.content.decode()
    reponse = bruno.post(reverse("arbre_numeros", args=[projet.pk]), {"modele": "{axe}"})
    assert reponse.status_code == 422
    assert "Ajoutez {rang}" in reponse.content.decode()


# --- L'arbre ---------------------------------------------------------------------------------------


def test_l_arbre_de_soixante_deux_fiches_tient_en_douze_requetes_et_soixante_kilos(
    distribution: Distribution, client_de: ClientDe, django_assert_max_num_queries: Any
) -> None:
    projet = grand_arbre(distribution.deux_ponts)
    bruno = client_de("bruno")
    adresse = reverse("arbre", args=[projet.pk])
    bruno.get(adresse)
    with django_assert_max_num_queries(12):
        page = bruno.get(adresse).content
    assert page.count(b'<li id="fiche-') == 62
    assert len(page) <= 60 * 1024


def test_l_arbre_dit_chaque_fiche_sa_place_ses_annees_et_ses_retards(
    projet: ProjetSocial, client_de: ClientDe, distribution: Distribution
) -> None:
    velos = _fiche("vélos")
    velos.etat, velos.pilote = EtatFiche.EN_COURS, distribution.bruno
    velos.save()
    page = _page(client_de("ines"), "arbre", projet.pk)
    assert "2 axes, 3 enjeux, 4 objectifs, 6 fiches actions" in page
    assert "A-03 Le prêt de vélos Bruno Castel Existante En retard 25 26 27 28" in page
    brute = client_de("ines").get(reverse("arbre", args=[projet.pk])).content.decode()
    assert 'aria-label="faite en 2025, 2026"' in brute
    assert (
        "A Faire valoir ses droits 4 fiches, 4 en retard" in page
    )  # 2025 est passé, elles n'ont pas commencé
    assert "sert aussi cet objectif" in page
    assert "À ranger 1 fiche" in page


def test_l_arbre_et_le_suivi_disent_les_memes_retards(
    projet: ProjetSocial, distribution: Distribution, django_assert_num_queries: Any
) -> None:
    ecrites = FicheAction.objects.filter(projet=projet).exclude(titre__contains="idée")
    ecrites.update(etat=EtatFiche.EN_COURS)
    BilanDeFiche.objects.create(fiche=_fiche("vélos"), annee=2025)
    chiffre = IndicateurFactory(fiche=_fiche("clics"))
    Releve.objects.create(indicateur=chiffre, annee=2025, valeur=3, saisi_par=distribution.bruno)
    mots = IndicateurFactory(fiche=_fiche("paliers"), liste="qualitative")
    Releve.objects.create(indicateur=mots, annee=2025, niveau="oui", saisi_par=distribution.bruno)
    muet = IndicateurFactory(fiche=_fiche("emploi"), liste="qualitative")
    Releve.objects.create(indicateur=muet, annee=2025, mots="Rien encore.", saisi_par=distribution.bruno)
    Etape.objects.create(fiche=_fiche("paliers"), titre="Inviter", du=date(2026, 1, 1))
    with django_assert_num_queries(6):
        vue = VueDeLArbre.lire(projet)
    attendus = {suivie.fiche.pk for suivie in lire_suivi(projet, est_dehors=False).en_retard}
    assert vue.en_retard == attendus
    assert 0 < len(attendus) < 6


def test_on_cherche_dans_l_arbre_sans_accents_et_par_projet_specifique(
    projet: ProjetSocial, client_de: ClientDe
) -> None:
    familles = ProjetSpecifiqueFactory(projet=projet)
    familles.fiches.set([_fiche("paliers")])
    ines = client_de("ines")
    for demande in ({"q": "PALIERS fete"}, {"projet": str(familles.pk)}):
        page = _page(ines, "arbre", projet.pk, **demande)
        assert "La fête des paliers" in page
        assert "Le prêt de vélos" not in page
    assert "Aucune fiche ne répond" in _page(ines, "arbre", projet.pk, q="zèbre")


def test_un_arbre_vide_dit_par_quoi_commencer(distribution: Distribution, client_de: ClientDe) -> None:
    vide = ProjetSocialFactory(structure=distribution.deux_ponts)
    for nom in ("arbre", "tableau", "calendrier", "arbre_dessin"):
        _page(client_de("bruno"), nom, vide.pk)
    assert "Ajouter un premier axe" in _page(client_de("bruno"), "arbre", vide.pk)


def test_sans_script_on_ajoute_range_rattache_et_defait(projet: ProjetSocial, client_de: ClientDe) -> None:
    bruno = client_de("bruno")

    def ajouter(genre: str, **champs: str) -> None:
        reponse = bruno.post(reverse("arbre_ajouter", args=[projet.pk, genre]), champs)
        assert reponse.status_code == 302, reponse.content.decode()

    ajouter("axe", titre="Accueillir", lettre="t", couleur="bleu", est_transversal="on")
    axe = Axe.objects.get(lettre="T")
    ajouter("enjeu", sous=f"axe-{axe.pk}", titre="Recevoir chacun")
    ajouter("objectif", sous=f"enjeu-{Enjeu.objects.latest('pk').pk}", titre="Comprendre les demandes")
    general = Objectif.objects.latest("pk")
    ajouter("objectif", sous=f"objectif-{general.pk}", titre="Les compter")
    FicheActionFactory(objectif=Objectif.objects.latest("pk"), titre="Un accueil commun")
    assert "T-01 Un accueil commun" in map(str, lire_arbre(projet).fiches)

    velos = reverse("arbre_noeud", args=[projet.pk, "fiche", _fiche("vélos").pk])
    bruno.post(velos, {"geste": "deplacer", "place-sous": f"objectif-{general.pk}", "place-place": "1"})
    bruno.post(
        velos, {"geste": "rattacher", "objectifs": [Objectif.objects.get(titre__contains="travail").pk]}
    )
    assert "T-01 Le prêt de vélos" in map(str, lire_arbre(projet).fiches)
    assert _fiche("vélos").rattachements.count() == 1
    for _ in range(2):
        bruno.post(reverse("arbre_defaire", args=[projet.pk]))
    assert "A-03 Le prêt de vélos" in map(str, lire_arbre(projet).fiches)
    bruno.post(reverse("arbre_refaire", args=[projet.pk]))
    assert "T-01 Le prêt de vélos" in map(str, lire_arbre(projet).fiches)


def test_un_projet_specifique_se_cree_se_remplit_et_se_supprime(
    projet: ProjetSocial, client_de: ClientDe
) -> None:
    bruno = client_de("bruno")
    envoi: dict[str, Any] = {"genre": "familles", "nom": "Projet familles", "presentation": ""}
    bruno.post(reverse("arbre_ajouter", args=[projet.pk, "specifique"]), envoi)
    cree = ProjetSpecifique.objects.get()
    adresse = reverse("arbre_specifique", args=[projet.pk, cree.pk])
    bruno.post(adresse, envoi | {"geste": "ecrire", "version": "1", "fiches": [_fiche("paliers").pk]})
    assert list(cree.fiches.all()) == [_fiche("paliers")]
    bruno.post(adresse, {"geste": "oter"})
    assert not ProjetSpecifique.objects.exists()


def test_renumeroter_montre_l_ancien_et_le_nouveau_puis_se_defait(
    projet: ProjetSocial, client_de: ClientDe
) -> None:
    ProjetSocial.objects.update(garde_les_numeros=True)
    FicheAction.objects.filter(titre__contains="vélos").update(numero_source="07")
    bruno = client_de("bruno")
    page = _page(bruno, "arbre_numeros", projet.pk, modele="4.{axe}.{rang}")
    assert "A-07 4.A.3 Le prêt de vélos" in page
    assert "5 numéros changent" in page
    assert "A-07 Le prêt de vélos" in map(str, lire_arbre(ProjetSocial.objects.get()).fiches)
    bruno.post(reverse("arbre_numeros", args=[projet.pk]), {"modele": "4.{axe}.{rang}"})
    assert "4.A.3 Le prêt de vélos" in map(str, lire_arbre(ProjetSocial.objects.get()).fiches)
    bruno.post(reverse("arbre_defaire", args=[projet.pk]))
    assert "A-07 Le prêt de vélos" in map(str, lire_arbre(ProjetSocial.objects.get()).fiches)


# --- Le tableau ------------------------------------------------------------------------------------


def test_le_tableau_se_filtre_se_trie_et_se_garde_tel_qu_il_est(
    projet: ProjetSocial, client_de: ClientDe, distribution: Distribution
) -> None:
    FicheAction.objects.filter(titre__contains="vélos").update(pilote=distribution.bruno, annees=[2028])
    ines = client_de("ines")
    assert "1 fiche sur 6" in _page(ines, "tableau", projet.pk, pilote="Bruno Castel")
    assert "1 fiche sur 6" in _page(ines, "tableau", projet.pk, annee="2028")
    assert "1 fiche sur 6" in _page(ines, "tableau", projet.pk, axe="aucun")
    assert "Aucune fiche ne répond" in _page(ines, "tableau", projet.pk, etat="terminee")
    adresse = reverse("tableau_fichier", args=[projet.pk, "xlsx"])
    reponse = ines.get(adresse, {"statut": "evolution", "tri": "-titre"})
    feuille = load_workbook(BytesIO(b"".join(reponse.streaming_content))).active
    assert feuille is not None
    assert [ligne[1] for ligne in feuille.iter_rows(min_row=2, values_only=True)] == [
        "Rendez-vous emploi du mardi",
        "Permanences d’écrivain public",
        "La fête des paliers",
    ]


# --- Le dessin -------------------------------------------------------------------------------------


def test_le_dessin_porte_chaque_fiche_sans_que_deux_boites_se_recouvrent(
    distribution: Distribution,
) -> None:
    arbre = lire_arbre(grand_arbre(distribution.deux_ponts))
    svg = dessiner(arbre)
    verifier_svg(svg)
    racine = etree.fromstring(svg.encode())
    dit = " ".join(" ".join(texte.itertext()) for texte in racine.iter("{*}text"))
    assert all(lue.numero in dit for lue in arbre.fiches if lue.numero)
    assert "Axe A Faire valoir ses droits : 3\xa0objectifs" in racine.findtext("{*}desc", "")
    colonnes: dict[str, list[tuple[float, float]]] = {}
    for boite in racine.iter("{*}rect"):
        haut = float(boite.get("y", "0"))
        colonnes.setdefault(boite.get("x", ""), []).append((haut, haut + float(boite.get("height", "0"))))
    for boites in colonnes.values():
        boites.sort()
        assert all(bas <= haut for (_, bas), (haut, _) in zip(boites, boites[1:], strict=False))


def test_le_pdf_a_un_axe_par_page_et_dit_ce_qu_il_montre(
    distribution: Distribution, client_de: ClientDe
) -> None:
    projet = grand_arbre(distribution.deux_ponts)
    reponse = client_de("ines").get(reverse("arbre_dessin_fichier", args=[projet.pk, "pdf"]))
    pages = PdfReader(BytesIO(reponse.content)).pages
    assert len(pages) == 3
    assert "A-01" in pages[1].extract_text()
    assert "B-01" in pages[2].extract_text()
