"""Écrire une fiche, sans script : du menu à l'envoi, et ce que chacun a le droit d'ouvrir."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from maillage.catalogue.choices import EtatContribution, EtatExperience, FamilleTerme, GenreContribution
from maillage.catalogue.models import Contribution, Experience
from maillage.catalogue.operations.contributions import commencer_fiche
from maillage.catalogue.operations.sauvegardes import sauver_champs
from maillage.core.ecriture import empreinte
from maillage.core.models import Courrier
from maillage.moderation.choices import EtatDemande
from maillage.moderation.models import Demande
from tests.distribution import Distribution
from tests.fabriques import AppartenanceFactory, ExperienceFactory, StructureFactory, TermeFactory

ClientDe = Callable[[str], Client]
RECIT = "En septembre, quatre habitantes visitent un autre centre puis essaient. " * 5


def envoi(client: Client, adresse: str, **champs: Any) -> Any:
    """Poste une étape comme le navigateur : les valeurs de la page, celles que l'on change, et ce qu'on a lu."""
    page = client.get(adresse)
    donnees: dict[str, Any] = {}
    for montre in page.context["champs"]:
        donnees[f"lu_{montre.nom}"] = montre.lue
        valeur = montre.champ.value()
        if montre.nom in {"partenaires_action", "financeurs"}:
            donnees[f"{montre.nom}_nom"] = [ligne.nom for ligne in valeur or []]
            donnees[f"{montre.nom}_montant"] = [ligne.montant for ligne in valeur or []]
        elif valeur is not None:
            donnees[montre.nom] = valeur
    return client.post(adresse, {**donnees, **champs})


@pytest.fixture
def brouillon(distribution: Distribution) -> Contribution:
    return commencer_fiche(distribution.deux_ponts, par=distribution.amina)


def etape(contribution: Contribution, cle: str) -> str:
    return reverse("contribution_etape", args=[contribution.pk, cle])


# --- Refus ------------------------------------------------------------------------------------------
def test_un_brouillon_n_existe_pour_personne_hors_de_sa_structure(
    client_de: ClientDe, brouillon: Contribution
) -> None:
    for personne in ("chloe", "omar", "denis", "lea", "nadia"):
        for nom in ("contribution", "contribution_relire", "contribution_histoire"):
            assert client_de(personne).get(reverse(nom, args=[brouillon.pk])).status_code == 404
        assert client_de(personne).post(etape(brouillon, "essentiel"), {}).status_code == 404
    assert brouillon.contenu == {}


def test_une_fiche_sans_titre_ni_recit_ne_part_pas_et_dit_ou_ecrire(
    client_de: ClientDe, brouillon: Contribution
) -> None:
    amina = client_de("amina")
    envoi(amina, etape(brouillon, "essentiel"), resume="Une table au marché.")
    reponse = amina.post(reverse("contribution_relire", args=[brouillon.pk]))
    assert reponse.status_code == 422
    page = reponse.content.decode()
    assert "La fiche n’est pas partie" in page
    assert f"{etape(brouillon, 'essentiel')}#titre" in page
    assert f"{etape(brouillon, 'recit')}#description_experience" in page
    assert not Demande.objects.exists() and not Courrier.objects.exists()


def test_les_mots_a_revoir_doivent_etre_confirmes_avant_l_envoi(
    client_de: ClientDe, brouillon: Contribution
) -> None:
    amina = client_de("amina")
    envoi(amina, etape(brouillon, "essentiel"), titre="Une table", resume="Appelez le 06 12 34 56 78.")
    envoi(amina, etape(brouillon, "recit"), description_experience=RECIT)
    relire = reverse("contribution_relire", args=[brouillon.pk])
    refus = amina.post(relire)
    assert refus.status_code == 422 and "Il reste des mots à revoir" in refus.content.decode()
    assert amina.post(relire, {"confirme": "oui"}).status_code == 302
    brouillon.refresh_from_db()
    assert brouillon.etat == EtatContribution.SOUMISE


@pytest.mark.parametrize(
    ("champ", "ecrit", "raison"),
    [
        ("depuis_le", "bientôt", "Écrivez le mois et l’année"),
        ("depuis_le", "03/2999", "pas encore venu"),
        ("depuis_le", "13/2024", "Écrivez le mois et l’année"),
        ("titre", "x" * 201, "dépasse de 1 la limite de 200 signes"),
        ("resume", "x" * 20_001, "la limite de 20 000 signes"),
        ("statut", "peut-etre", "Sélectionnez un choix valide"),
    ],
)
def test_une_valeur_illisible_est_refusee_a_cote_de_son_champ_et_le_reste_est_enregistre(
    client_de: ClientDe, brouillon: Contribution, champ: str, ecrit: str, raison: str
) -> None:
    autre = "resume" if champ != "resume" else "titre"
    reponse = envoi(
        client_de("amina"), etape(brouillon, "essentiel"), **{champ: ecrit, autre: "Un mot juste."}
    )
    assert reponse.status_code == 422
    assert raison in reponse.content.decode().replace("\u202f", " ").replace("\xa0", " ")
    brouillon.refresh_from_db()
    assert brouillon.contenu == {autre: "Un mot juste."}


def test_un_signe_nul_colle_par_erreur_ne_gene_personne(client_de: ClientDe, brouillon: Contribution) -> None:
    assert envoi(client_de("amina"), etape(brouillon, "essentiel"), titre="a\0b").status_code == 302
    brouillon.refresh_from_db()
    assert brouillon.contenu == {"titre": "ab"}


def test_un_montant_illisible_nomme_sa_ligne(client_de: ClientDe, brouillon: Contribution) -> None:
    donnees = {"financeurs_nom": ["Caf", "Commune"], "financeurs_montant": ["1 200,50 €", "un peu"]}
    reponse = envoi(client_de("amina"), etape(brouillon, "moyens"), **donnees)
    assert reponse.status_code == 422 and "« Commune »" in reponse.content.decode().replace("\xa0", " ")
    donnees["financeurs_montant"] = ["1 200,50 €", "3.000"]
    assert envoi(client_de("amina"), etape(brouillon, "moyens"), **donnees).status_code == 302
    brouillon.refresh_from_db()
    assert brouillon.contenu["financeurs"] == [
        {"nom": "Caf", "montant": "1200.50"},
        {"nom": "Commune", "montant": "3000.00"},
    ]


def test_trop_de_mots_cles_est_refuse_sauf_s_ils_y_etaient_deja(
    client_de: ClientDe, distribution: Distribution
) -> None:
    termes = [TermeFactory(libelle=f"Mot {n}") for n in range(9)]
    fiche = ExperienceFactory(structure=distribution.deux_ponts, termes=termes[:8])
    amina = client_de("amina")
    amina.post(reverse("experience_reviser", args=[fiche.code]))
    revision = Contribution.objects.get()
    slugs = [terme.slug for terme in termes]
    adresse = etape(revision, "public-et-lieu")
    assert envoi(amina, adresse, mots_cles=slugs).status_code == 422
    assert envoi(amina, adresse, mots_cles=slugs[1:8]).status_code == 302
    revision.refresh_from_db()
    assert revision.contenu["mots_cles"] == slugs[1:8]
    assert revision.depart["mots_cles"] == slugs[:8]


def test_un_terme_invente_n_entre_pas(client_de: ClientDe, brouillon: Contribution) -> None:
    reponse = envoi(client_de("amina"), etape(brouillon, "public-et-lieu"), publics=["pirates"])
    assert reponse.status_code == 422
    brouillon.refresh_from_db()
    assert brouillon.contenu == {}


# --- Le parcours ------------------------------------------------------------------------------------
def test_amina_ecrit_une_fiche_de_bout_en_bout_sans_script(
    client_de: ClientDe, distribution: Distribution
) -> None:
    amina = client_de("amina")
    public = TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Seniors")
    assert "Aucune fiche pour l’instant" in amina.get(reverse("contributions")).content.decode()
    reponse = amina.post(reverse("contribution_nouvelle"), {"structure": distribution.deux_ponts.pk})
    contribution = Contribution.objects.get()
    assert reponse.url == etape(contribution, "essentiel")
    suite = envoi(
        amina, reponse.url, titre="Le café des clics", resume="Une table au marché.", depuis_le="mars 2024"
    )
    assert suite.url == etape(contribution, "public-et-lieu")
    suite = envoi(amina, suite.url, publics=[public.slug])
    suite = envoi(amina, suite.url, description_experience=RECIT)
    suite = envoi(amina, suite.url, partenaires_action_nom=["Mairie", " mairie ", ""])
    suite = envoi(amina, suite.url, limites="L’hiver, personne ne s’arrête.")
    assert suite.url == reverse("contribution_pieces", args=[contribution.pk])
    relire = reverse("contribution_relire", args=[contribution.pk])
    assert "Le café des clics" in amina.get(relire).content.decode()
    assert amina.post(relire, {"mot": "Dites-moi si c’est clair."}).status_code == 302
    contribution.refresh_from_db()
    assert contribution.contenu["partenaires_action"] == [{"nom": "Mairie", "montant": ""}]
    assert contribution.contenu["depuis_le"] == "2024-03"
    assert contribution.etat == EtatContribution.SOUMISE and contribution.mot == "Dites-moi si c’est clair."
    demande = Demande.objects.get()
    assert demande.titre == "Le café des clics" and demande.structure == distribution.deux_ponts
    courriel = Courrier.objects.get()
    assert courriel.destinataire == distribution.amina.email
    assert reverse("contribution", args=[contribution.pk]) in courriel.texte
    assert "&#x27;" not in courriel.texte
    page = amina.get(reverse("contribution", args=[contribution.pk])).content.decode()
    assert "Envoyée le" in page and "Reprendre pour la changer" in page
    assert "Le café des clics" in amina.get(reverse("contributions")).content.decode()
    assert not Experience.objects.publiees().exists()


def test_une_revision_laisse_l_ancienne_version_en_ligne(
    client_de: ClientDe, distribution: Distribution
) -> None:
    fiche = ExperienceFactory(structure=distribution.deux_ponts, titre="Le jardin", resume="L’ancien résumé.")
    bruno = client_de("bruno")
    reponse = bruno.post(reverse("experience_reviser", args=[fiche.code]), follow=True)
    assert reponse.status_code == 200
    revision = Contribution.objects.get()
    assert revision.genre == GenreContribution.REVISION
    envoi(bruno, etape(revision, "essentiel"), resume="Le nouveau résumé, bien plus clair.")
    en_ligne = client_de("anonyme").get(reverse("experience", args=[fiche.code, fiche.slug])).content.decode()
    assert "L’ancien résumé." in en_ligne and "nouveau" not in en_ligne
    assert "une révision est" in bruno.get(reverse("contributions")).content.decode()
    bruno.post(reverse("experience_reviser", args=[fiche.code]))
    assert Contribution.objects.count() == 1


def test_reprendre_abandonner_et_rouvrir(client_de: ClientDe, brouillon: Contribution) -> None:
    amina = client_de("amina")
    envoi(amina, etape(brouillon, "essentiel"), titre="Une table", resume="Au marché.")
    envoi(amina, etape(brouillon, "recit"), description_experience=RECIT)
    amina.post(reverse("contribution_relire", args=[brouillon.pk]))
    for geste, etat in (
        ("reprendre", EtatContribution.EN_ECRITURE),
        ("abandonner", EtatContribution.ABANDONNEE),
        ("rouvrir", EtatContribution.EN_ECRITURE),
    ):
        for _ in range(2):  # double clic
            assert amina.post(reverse("contribution_geste", args=[brouillon.pk, geste])).status_code == 302
        brouillon.refresh_from_db()
        assert brouillon.etat == etat
    assert Demande.objects.get().etat == EtatDemande.SANS_OBJET
    assert not Courrier.objects.exists()
    assert amina.post(reverse("contribution_geste", args=[brouillon.pk, "effacer"])).status_code == 404


def test_avec_plusieurs_centres_on_choisit_pour_lequel(
    client_de: ClientDe, distribution: Distribution
) -> None:
    autre = StructureFactory(nom="Centre social du Lac")
    AppartenanceFactory(utilisateur=distribution.bruno, structure=autre)
    bruno = client_de("bruno")
    nouvelle = reverse("contribution_nouvelle")
    assert "Pour quel centre" in bruno.get(nouvelle).content.decode()
    assert bruno.post(nouvelle).status_code == 422
    assert bruno.post(nouvelle, {"structure": distribution.quatre_vents.pk}).status_code == 422
    assert bruno.post(nouvelle, {"structure": autre.pk}).status_code == 302
    assert Experience.objects.get().structure == autre
    assert Experience.objects.get().etat == EtatExperience.BROUILLON


def test_sans_centre_la_page_dit_a_qui_demander(client_de: ClientDe) -> None:
    page = client_de("omar").get(reverse("contribution_nouvelle"))
    assert page.status_code == 200 and "Demandez à la direction" in page.content.decode()
    assert client_de("omar").post(reverse("contribution_nouvelle"), {"structure": "1"}).status_code == 422


# --- Données de personnes ---------------------------------------------------------------------------
def test_un_mot_douteux_est_dit_a_cote_du_champ_et_retire_en_un_geste(
    client_de: ClientDe, brouillon: Contribution
) -> None:
    amina = client_de("amina")
    adresse = etape(brouillon, "essentiel")
    assert envoi(amina, adresse, titre="Table", resume="Appelez le 06 12 34 56 78 demain.").status_code == 302
    page = amina.get(adresse).content.decode()
    assert "<mark>06 12 34 56 78</mark>" in page and 'value="resume|06 12 34 56 78"' in page
    reponse = envoi(amina, adresse, retirer="resume|06 12 34 56 78")
    assert reponse.url == f"{adresse}#resume"
    brouillon.refresh_from_db()
    assert brouillon.contenu["resume"] == "Appelez le demain."


# --- Très proche ------------------------------------------------------------------------------------
@pytest.fixture
def jumelles(distribution: Distribution, indexer: Callable[[], int]) -> tuple[Experience, Experience]:
    ici = ExperienceFactory(structure=distribution.deux_ponts, titre="Le café des clics")
    ailleurs = ExperienceFactory(structure=distribution.quatre_vents, titre="Café des clics")
    ExperienceFactory(structure=distribution.deux_ponts, titre="Un jardin sur le toit", resume="Des tomates.")
    indexer()
    return ici, ailleurs


def test_une_fiche_tres_proche_est_montree_celle_d_ici_d_abord(
    client_de: ClientDe, brouillon: Contribution, jumelles: tuple[Experience, Experience]
) -> None:
    amina = client_de("amina")
    envoi(amina, etape(brouillon, "essentiel"), titre="Le café des clics", resume="Une table au marché.")
    page = amina.get(etape(brouillon, "public-et-lieu"))
    assert [v.pk for v in page.context["voisines"]] == [fiche.pk for fiche in jumelles]
    assert [v.est_d_ici for v in page.context["voisines"]] == [True, False]
    fragment = amina.get(reverse("contribution_proches", args=[brouillon.pk]), headers={"HX-Request": "true"})
    assert "Un jardin" not in fragment.content.decode() and "la réviser" in fragment.content.decode()


def test_dire_que_c_est_autre_chose_est_retenu(
    client_de: ClientDe, brouillon: Contribution, jumelles: tuple[Experience, Experience]
) -> None:
    amina = client_de("amina")
    envoi(amina, etape(brouillon, "essentiel"), titre="Le café des clics", resume="Une table au marché.")
    for jumelle in jumelles:
        amina.post(reverse("contribution_voisine", args=[brouillon.pk, jumelle.pk]), {"reponse": "autre"})
    assert amina.get(etape(brouillon, "essentiel")).context["voisines"] == []


def test_dire_que_c_est_la_meme_ouvre_la_revision_et_range_le_brouillon(
    client_de: ClientDe, brouillon: Contribution, jumelles: tuple[Experience, Experience]
) -> None:
    amina, (ici, ailleurs) = client_de("amina"), jumelles
    envoi(amina, etape(brouillon, "essentiel"), titre="Le café des clics", resume="Une table au marché.")
    meme = {"reponse": "meme"}
    assert (
        amina.post(reverse("contribution_voisine", args=[brouillon.pk, ailleurs.pk]), meme).status_code == 404
    )
    reponse = amina.post(reverse("contribution_voisine", args=[brouillon.pk, ici.pk]), meme)
    revision = ici.contributions.get()
    assert reponse.url == reverse("contribution", args=[revision.pk])
    brouillon.refresh_from_db()
    assert brouillon.etat == EtatContribution.ABANDONNEE
    assert brouillon.contenu["resume"] == "Une table au marché."


def test_le_brouillon_d_une_collegue_est_une_fiche_proche_que_l_on_rejoint(
    client_de: ClientDe, brouillon: Contribution, distribution: Distribution
) -> None:
    lues = {"titre": empreinte("")}
    sauver_champs(brouillon, {"titre": "Le café des clics"}, lues, par=distribution.amina)
    le_mien = commencer_fiche(distribution.deux_ponts, par=distribution.bruno)
    bruno = client_de("bruno")
    envoi(bruno, etape(le_mien, "essentiel"), titre="Le café des clics", resume="Au marché.")
    voisine = bruno.get(etape(le_mien, "essentiel")).context["voisines"][0]
    assert voisine.est_en_ecriture
    reponse = bruno.post(reverse("contribution_voisine", args=[le_mien.pk, voisine.pk]), {"reponse": "meme"})
    assert reponse.url == reverse("contribution", args=[brouillon.pk])
