"""Le pont entre une fiche action et le catalogue : qui a essayé, s'en inspirer, raconter."""

from collections.abc import Callable

import pytest
from django.test import Client

from maillage.catalogue.models import Contribution
from maillage.moderation.choices import EtatCommentaire, GenreCommentaire, ResultatEssai
from maillage.moderation.models import Commentaire
from maillage.projets.champs import lire_champs
from maillage.projets.choices import EtatFiche
from maillage.projets.essais import essais_proches
from maillage.projets.models import BilanDeFiche, FicheAction
from tests.distribution import Distribution
from tests.fabriques import ExperienceFactory
from tests.projets.fabriques import FicheActionFactory, ProjetSocialFactory, arbre_d_essai

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    projet = arbre_d_essai(distribution.deux_ponts)
    return FicheAction.objects.get(projet=projet, titre="Le café des clics au marché")


def adresse(fiche: FicheAction, suite: str = "") -> str:
    return f"/espace/projets/fiches/{fiche.pk}/{suite}"


# --- Refus ------------------------------------------------------------------------------------------
def test_sans_index_on_ecrit_quand_meme(
    client_de: ClientDe, fiche: FicheAction, indexer: Callable[[], int]
) -> None:
    assert essais_proches(lire_champs(fiche)) == []
    assert client_de("amina").get(adresse(fiche, "ecrire/besoin/")).status_code == 200


def test_une_experience_retiree_ne_se_propose_ni_ne_se_reprend(
    client_de: ClientDe, fiche: FicheAction, indexer: Callable[[], int]
) -> None:
    retiree = ExperienceFactory(titre="Le café des clics", retiree=True)
    indexer()
    assert essais_proches(lire_champs(fiche)) == []
    assert client_de("amina").get(adresse(fiche, f"s-inspirer/{retiree.code}/")).status_code == 404


def test_une_action_pas_commencee_ne_se_raconte_pas(client_de: ClientDe, fiche: FicheAction) -> None:
    client_de("amina").post(adresse(fiche, "raconter/"))
    assert not Contribution.objects.exists()


def test_la_fiche_d_une_autre_ne_se_complete_pas(
    client_de: ClientDe, distribution: Distribution, fiche: FicheAction
) -> None:
    experience = ExperienceFactory()
    ailleurs = FicheActionFactory(projet=ProjetSocialFactory(structure=distribution.quatre_vents))
    reponse = client_de("amina").post(
        f"/espace/projets/s-inspirer/{experience.code}/",
        {"vers": f"fiche-{ailleurs.pk}", "champs": ["contexte"]},
    )
    assert reponse.status_code == 422
    ailleurs.refresh_from_db()
    assert ailleurs.inspiree_de is None


# --- Qui a déjà essayé ? ----------------------------------------------------------------------------
def test_une_action_proche_se_propose_avec_resultat_limites_et_essais(
    client_de: ClientDe, fiche: FicheAction, indexer: Callable[[], int]
) -> None:
    proche = ExperienceFactory(
        titre="Un café des clics au marché",
        resume="Une table au marché.",
        resultat_habitants="86 personnes sont venues.",
        limites="L’hiver, personne ne s’arrête.",
    )
    ExperienceFactory(titre="Un jardin sur le toit", resume="Des tomates.", description="Des tomates.")
    for resultat in (ResultatEssai.REUSSI, ResultatEssai.REUSSI, ResultatEssai.ECHOUE):
        Commentaire.objects.create(
            objet_type="catalogue.experience",
            objet_id=proche.pk,
            genre=GenreCommentaire.ESSAI,
            etat=EtatCommentaire.PUBLIE,
            texte="Essayé.",
            resultat=resultat,
        )
    indexer()
    (essai,) = essais_proches(lire_champs(fiche))
    assert (essai.experience, essai.resultat) == (proche, "86 personnes sont venues.")
    assert [avis.libelle for avis in essai.avis] == ["Cela a marché (2)", "Cela n’a pas marché (1)"]
    fragment = client_de("amina").get(adresse(fiche, "essais/"), headers={"HX-Request": "true"})
    assert "L’hiver, personne ne s’arrête." in fragment.text and "<main" not in fragment.text
    assert "<main" in client_de("amina").get(adresse(fiche, "essais/")).text


# --- S'en inspirer ----------------------------------------------------------------------------------
def test_on_ne_recopie_que_ce_que_l_on_choisit_et_la_fiche_dit_d_ou_cela_vient(
    client_de: ClientDe, fiche: FicheAction
) -> None:
    experience = ExperienceFactory(
        titre="La table du jeudi", description="Une table.", description_experience="", limites="L’hiver."
    )
    FicheAction.objects.filter(pk=fiche.pk).update(presentation="Nos mots.")
    amina = client_de("amina")
    assert "Déroulement" not in amina.get(adresse(fiche, f"s-inspirer/{experience.code}/")).text
    envoye = {"vers": f"fiche-{fiche.pk}", "champs": ["presentation"]}
    for _ in range(2):  # un double clic ne recopie pas deux fois
        assert amina.post(adresse(fiche, f"s-inspirer/{experience.code}/"), envoye).status_code == 302
    fiche.refresh_from_db()
    source = f"D’après « La table du jeudi », {experience.structure.nom} :"
    assert fiche.presentation == f"Nos mots.\n\n{source}\nUne table."
    assert (fiche.inspiree_de, fiche.freins) == (experience, [])
    assert "La table du jeudi" in amina.get(adresse(fiche)).text


def test_depuis_une_experience_on_commence_une_fiche_et_l_experience_le_montre(
    client_de: ClientDe, distribution: Distribution, fiche: FicheAction
) -> None:
    experience = ExperienceFactory(titre="La table du jeudi", limites="L’hiver.\nLe vent.")
    amina = client_de("amina")
    page = f"/espace/projets/s-inspirer/{experience.code}/"
    assert amina.get(page).status_code == 200
    amina.post(page, {"vers": f"projet-{fiche.projet_id}", "champs": ["freins"]})
    neuve = FicheAction.objects.get(titre="La table du jeudi")
    assert neuve.freins[1:] == ["L’hiver.", "Le vent."]
    reprises = f"/espace/projets/reprises/{experience.pk}/"
    assert adresse(neuve) in amina.get(reprises).text
    chez_chloe = client_de("chloe").get(reprises).text
    assert "1\u00a0centre" in chez_chloe and adresse(neuve) not in chez_chloe


# --- Raconter ---------------------------------------------------------------------------------------
def test_une_fiche_finie_devient_un_brouillon_d_experience_prerempli(
    client_de: ClientDe, fiche: FicheAction
) -> None:
    velos = FicheAction.objects.get(projet=fiche.projet, titre="Le prêt de vélos")
    FicheAction.objects.filter(pk=fiche.pk).update(
        etat=EtatFiche.TERMINEE,
        contexte=f"Comme [[fiche:{velos.pk}]].",
        presentation="Une table.",
        public=["Les voisins"],
        moyens_humains=["Une animatrice", "Six bénévoles"],
    )
    BilanDeFiche.objects.create(
        fiche=fiche, annee=2025, a_marche="86 venues.", n_a_pas_marche="L’hiver.", lecon="Changer de lieu."
    )
    amina = client_de("amina")
    reponse = amina.post(adresse(fiche, "raconter/"))
    contribution = Contribution.objects.get()
    assert reponse.headers["Location"] == f"/espace/contributions/{contribution.pk}/"
    contenu = contribution.contenu
    assert contenu["titre"] == "Le café des clics au marché"
    assert contenu["elements_diagnostic"] == "Comme A-03 Le prêt de vélos."
    assert contenu["personnes_mobilisees"] == "- Une animatrice\n- Six bénévoles"
    assert (contenu["resultat_habitants"], contenu["limites"]) == ("2025 : 86 venues.", "2025 : L’hiver.")
    amina.post(adresse(fiche, "raconter/"))
    assert Contribution.objects.count() == 1
    fiche.refresh_from_db()
    assert fiche.racontee_par == contribution.experience
    assert f"/espace/contributions/{contribution.pk}/" in amina.get(adresse(fiche)).text
