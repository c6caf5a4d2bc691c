"""Le plan du dossier et ses chapitres : qui y touche, ce qui s'y écrit à plusieurs, ce qui ne se perd pas."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from maillage.core.ecriture import GesteRefuse, empreinte
from maillage.core.models import LigneJournal
from maillage.core.versions import ConflitDeVersion
from maillage.projets.choices import EtatChapitre, EtatProjet
from maillage.projets.models import Chapitre, ProjetSocial, SauvegardeDeChapitre
from maillage.projets.operations.chapitres import (
    ChapitreFerme,
    ChapitreInconnu,
    ajouter_chapitre,
    deplacer_chapitre,
    ecrire_chapitre,
    marquer_relu,
    oter_chapitre,
    rattacher_chapitre,
    regler_chapitre,
    revenir_a_ce_texte,
)
from maillage.projets.plan import lire_le_plan
from maillage.projets.referentiels import referentiel_de
from tests.distribution import Distribution
from tests.projets.fabriques_dossier import TEXTE, dossier_d_essai

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return dossier_d_essai(distribution.deux_ponts)


def adresse(projet: ProjetSocial, repere: str = "budget", nom: str = "chapitre", **suite: object) -> str:
    return reverse(nom, kwargs={"pk": projet.pk, "repere": repere, **suite})


def titres(projet: ProjetSocial) -> list[str]:
    return [place.titre for place in lire_le_plan(projet)]


def ecrire(projet: ProjetSocial, texte: str, par: object, lu: str = "", repere: str = "budget") -> Chapitre:
    ecrit = ecrire_chapitre(projet, repere, {"texte": texte}, {"texte": empreinte(lu)}, par=par)  # type: ignore[arg-type]
    assert not ecrit.conflits
    return ecrit.chapitre


# --- Refus ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("personne", ["chloe", "denis", "lea", "nadia", "omar"])
def test_hors_de_l_equipe_un_dossier_qui_s_ecrit_n_existe_pas(
    client_de: Ouvrir, projet: ProjetSocial, distribution: Distribution, personne: str
) -> None:
    """Pas même à la Caf une fois le projet soumis : elle lit ce qu'on lui a transmis."""
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    client = client_de(personne)
    for etat in (EtatProjet.PREPARATION, EtatProjet.SOUMIS):
        ProjetSocial.objects.update(etat=etat)
        pages = [adresse(projet), adresse(projet, nom="chapitre_histoire")]
        pages += [
            reverse(nom, args=[projet.pk]) for nom in ("dossier_page", "dossier_sigles", "chapitre_nouveau")
        ]
        pages += [reverse("dossier_document", args=[projet.pk, une]) for une in ("pdf", "docx", "html")]
        pages += [reverse("dossier_resume", args=[projet.pk, "pdf"])]
        assert {client.get(page).status_code for page in pages} == {404}
        assert client.post(adresse(projet, nom="chapitre_apercu"), {"texte": "x"}).status_code == 404
        assert client.post(adresse(projet), {"texte": "x", "lu_texte": ""}).status_code == 404
        assert client.post(adresse(projet, nom="chapitre_geste", geste="oter")).status_code == 404
    assert Chapitre.objects.count() == 2


def test_un_chapitre_un_geste_ou_un_format_inconnus_n_existent_pas(
    client_de: Ouvrir, projet: ProjetSocial
) -> None:
    amina = client_de("amina")
    assert amina.get(adresse(projet, "nulle-part")).status_code == 404
    assert amina.get(adresse(projet, "99999")).status_code == 404
    assert amina.post(adresse(projet, nom="chapitre_geste", geste="effacer")).status_code == 404
    assert amina.post(adresse(projet, "nulle-part", "chapitre_geste", geste="oter")).status_code == 404
    assert amina.get(reverse("dossier_document", args=[projet.pk, "odt"])).status_code == 404
    assert amina.get(adresse(projet, nom="chapitre_histoire")).status_code == 404
    assert amina.post(adresse(projet, nom="chapitre_revenir", sauvegarde=1)).status_code == 404


def test_un_projet_soumis_ne_s_ecrit_plus_et_le_texte_deja_la_est_garde(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    ecrire(projet, "Un premier jet.", distribution.amina)
    ProjetSocial.objects.update(etat=EtatProjet.SOUMIS)
    with pytest.raises(ChapitreFerme, match="ne s’écrit plus. Votre texte est gardé"):
        ecrire(projet, "Trop tard.", distribution.amina, "Un premier jet.")
    assert Chapitre.objects.get(cle="budget").texte == "Un premier jet."
    assert SauvegardeDeChapitre.objects.filter(valeur="Trop tard.", est_ecartee=True).exists()
    with pytest.raises(GesteRefuse):
        oter_chapitre(projet, "budget", par=distribution.amina)


def test_un_chapitre_ajoute_sans_place_vient_avant_les_sigles(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    libre = ajouter_chapitre(projet, titre="À nous", apres="", niveau=1, par=distribution.amina)
    plan = [place.chapitre for place in lire_le_plan(projet)]
    assert [un.cle for un in plan[-2:]] == ["", "sigles"] and plan[-2] == libre


def test_on_ne_relit_pas_un_chapitre_vide_et_on_ne_confie_qu_a_l_equipe(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    libre = ajouter_chapitre(projet, titre="À nous", apres="", niveau=1, par=distribution.amina)
    with pytest.raises(GesteRefuse, match="encore vide"):
        marquer_relu(projet, str(libre.pk), par=distribution.amina)
    with pytest.raises(GesteRefuse, match="pas de l’équipe"):
        regler_chapitre(
            projet,
            "budget",
            version_lue=0,
            niveau=1,
            responsable=distribution.chloe,
            par=distribution.amina,
        )
    with pytest.raises(ChapitreInconnu):
        ecrire(projet, "x", distribution.amina, repere="nulle-part")


# --- Le plan ----------------------------------------------------------------------------------------
def test_le_plan_se_lit_sans_rien_ecrire_et_reconnait_les_chapitres_importes(
    client_de: Ouvrir, projet: ProjetSocial
) -> None:
    plan = lire_le_plan(projet)
    assert plan[0].chapitre.texte == TEXTE and plan[0].repere == "preambule"
    assert "Le quartier la nuit" in titres(projet)
    attendus = [un.titre for un in referentiel_de(projet).chapitres if un.cle != "preambule"]
    assert [titre for titre in titres(projet) if titre in attendus] == attendus
    page = client_de("amina").get(reverse("dossier", args=[projet.pk])).content.decode()
    assert "Le quartier la nuit" in page and "il ne paraîtra pas dans le document" in page
    assert Chapitre.objects.count() == 2


def test_ce_qui_manque_a_une_partie_reste_dans_cette_partie(projet: ProjetSocial) -> None:
    """Un projet importé finit par des chapitres à lui : ce que le diagnostic attend ne part pas après eux."""
    Chapitre.objects.filter(projet=projet).delete()
    for rang, titre in enumerate(("Le diagnostic en bref", "Ce que nous avons retenu"), start=1):
        Chapitre.objects.create(projet=projet, rang=rang, niveau=1, titre=titre, texte="Un texte.")
    plan = lire_le_plan(projet)
    lus = [place.repere for place in plan]
    diagnostic = lus.index("diagnostic")
    attendus = [un.cle for un in referentiel_de(projet).chapitres]
    rang = attendus.index("diagnostic")
    siens = [un.cle for un in referentiel_de(projet).chapitres[rang + 1 : rang + 5] if un.niveau == 2]
    assert siens and lus[diagnostic + 1 : diagnostic + 1 + len(siens)] == siens
    assert plan[diagnostic + 1 + len(siens)].titre == "Ce que nous avons retenu"


def test_un_chapitre_se_deplace_avec_ce_qu_il_contient(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    deplacer_chapitre(projet, "diagnostic", "descendre", par=distribution.amina)
    plan = titres(projet)
    ici = plan.index("Le diagnostic partagé")
    assert plan[ici - 1] == "Les orientations et l’arbre des objectifs"
    assert plan[ici + 1 : ici + 5] == [
        "La méthode",
        "Le territoire en chiffres",
        "Les regards des habitants et des partenaires",
        "Les besoins et les enjeux",
    ]
    deplacer_chapitre(
        projet, "besoins", "descendre", par=distribution.amina
    )  # le dernier de sa partie y reste
    assert titres(projet) == plan
    deplacer_chapitre(projet, "diagnostic", "monter", par=distribution.amina)
    assert titres(projet).index("Le diagnostic partagé") == ici - 1


def test_oter_un_chapitre_garde_son_texte_et_le_remettre_le_rend(
    client_de: Ouvrir, projet: ProjetSocial
) -> None:
    amina = client_de("amina")
    page = amina.post(adresse(projet, "preambule", "chapitre_geste", geste="oter"), follow=True)
    assert "Son texte est gardé" in page.content.decode() and "chapitre ôté<" in page.content.decode()
    assert "PRÉAMBULE" not in titres(projet)
    document = amina.get(reverse("dossier_document", args=[projet.pk, "html"])).content.decode()
    assert "Douze réunions" not in document
    amina.post(adresse(projet, "preambule", "chapitre_geste", geste="remettre"))
    assert lire_le_plan(projet)[0].chapitre.texte == TEXTE


def test_un_chapitre_libre_prend_la_place_attendue_ou_la_complete(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    libre = Chapitre.objects.get(titre="Le quartier la nuit")
    rattacher_chapitre(projet, str(libre.pk), "diagnostic_methode", par=distribution.amina)
    assert Chapitre.objects.get(cle="diagnostic_methode").texte == "Un texte à nous."
    autre = ajouter_chapitre(projet, titre="La nuit encore", apres="", niveau=1, par=distribution.amina)
    ecrire(projet, "Trois marches.", distribution.amina, repere=str(autre.pk))
    porteur = rattacher_chapitre(projet, str(autre.pk), "diagnostic_methode", par=distribution.amina)
    assert porteur.texte == "Un texte à nous.\n\n## La nuit encore\n\nTrois marches."
    assert Chapitre.objects.get(pk=autre.pk).est_ote
    with pytest.raises(GesteRefuse, match="Seul un chapitre libre"):
        rattacher_chapitre(projet, "budget", "diagnostic", par=distribution.amina)


def test_un_chapitre_libre_garde_l_histoire_de_celui_dont_il_prend_la_place(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    ecrire(projet, "Trois semaines de travail.", distribution.amina)
    ecrire(projet, "", distribution.bruno, lu="Trois semaines de travail.")
    libre = Chapitre.objects.get(titre="Le quartier la nuit")
    rattacher_chapitre(projet, str(libre.pk), "budget", par=distribution.amina)
    gardees = Chapitre.objects.get(cle="budget").sauvegardes.filter(champ="texte")
    assert "Trois semaines de travail." in gardees.values_list("valeur", flat=True)


def test_ajouter_un_chapitre_le_pose_ou_l_on_veut(client_de: Ouvrir, projet: ProjetSocial) -> None:
    amina = client_de("amina")
    nouveau = reverse("chapitre_nouveau", args=[projet.pk])
    vide = amina.post(nouveau, {"titre": " ", "niveau": "1", "apres": ""})
    assert vide.status_code == 422 and "Donnez un titre au chapitre." in vide.content.decode()
    reponse = amina.post(nouveau, {"titre": "Le jardin", "niveau": "2", "apres": "diagnostic"})
    assert reponse.status_code == 302
    plan = titres(projet)
    assert plan[plan.index("Le jardin") - 1] == "Le diagnostic partagé"


# --- Écrire -----------------------------------------------------------------------------------------
def test_ecrire_pose_le_plan_commence_le_chapitre_et_le_journal_le_dit(
    client_de: Ouvrir, projet: ProjetSocial
) -> None:
    envoi = {
        "titre": "Le budget et les moyens",
        "lu_titre": empreinte("Le budget et les moyens"),
        "texte": "Deux **comptes**.\r\nUn seul budget.",
        "lu_texte": empreinte(""),
    }
    page = client_de("amina").post(adresse(projet), envoi, follow=True).content.decode()
    ecrit = Chapitre.objects.get(cle="budget")
    assert ecrit.texte == "Deux **comptes**.\nUn seul budget." and ecrit.etat == EtatChapitre.COMMENCE
    assert "<strong>comptes</strong>" in page
    assert Chapitre.objects.count() == 1 + len(referentiel_de(projet).chapitres)
    client_de("amina").post(adresse(projet), envoi)
    assert ecrit.sauvegardes.count() == 1


def test_une_page_qui_ne_change_rien_n_ecrit_rien(client_de: Ouvrir, projet: ProjetSocial) -> None:
    envoi = {"titre": "Le budget et les moyens", "lu_titre": "", "texte": "", "lu_texte": empreinte("")}
    reponse = client_de("amina").post(adresse(projet), envoi, headers={"Accept": "application/json"})
    assert reponse.status_code == 200 and Chapitre.objects.count() == 2


def test_deux_personnes_dans_un_chapitre_les_deux_textes_restent(
    client_de: Ouvrir, projet: ProjetSocial, distribution: Distribution
) -> None:
    ecrire(projet, "Le texte d’Amina.", distribution.amina)
    envoi = {"texte": "Celui de Bruno.", "lu_texte": empreinte("")}
    page = client_de("bruno").post(adresse(projet), envoi)
    assert page.status_code == 409
    assert "Le texte d’Amina." in page.content.decode() and "Celui de Bruno." in page.content.decode()
    assert Chapitre.objects.get(cle="budget").texte == "Le texte d’Amina."
    choix = envoi | {"choix_texte": "deux", "vu_texte": empreinte("Le texte d’Amina.")}
    client_de("bruno").post(adresse(projet), choix)
    assert Chapitre.objects.get(cle="budget").texte == "Le texte d’Amina.\n\nCelui de Bruno."


def test_un_titre_vide_ou_un_texte_trop_long_se_disent_et_ne_perdent_rien(
    client_de: Ouvrir, projet: ProjetSocial
) -> None:
    envoi = {"titre": " ", "lu_titre": "", "texte": "Gardé.", "lu_texte": empreinte("")}
    page = client_de("amina").post(adresse(projet), envoi)
    assert page.status_code == 422 and "Donnez un titre au chapitre." in page.content.decode()
    assert Chapitre.objects.get(cle="budget").texte == "Gardé."
    long = {"texte": "x" * 100_001, "lu_texte": empreinte("Gardé.")}
    page = client_de("amina").post(adresse(projet), long)
    assert page.status_code == 422 and "Raccourcissez-le" in page.content.decode()


def test_ecrire_apres_relecture_ramene_a_commence(projet: ProjetSocial, distribution: Distribution) -> None:
    ecrire(projet, "Relu.", distribution.amina)
    marquer_relu(projet, "budget", par=distribution.bruno)
    assert Chapitre.objects.get(cle="budget").etat == EtatChapitre.RELU
    ecrire(projet, "Relu, puis changé.", distribution.amina, "Relu.")
    assert Chapitre.objects.get(cle="budget").etat == EtatChapitre.COMMENCE


def test_revenir_a_un_texte_d_avant(
    client_de: Ouvrir, projet: ProjetSocial, distribution: Distribution
) -> None:
    ecrire(projet, "Le premier.", distribution.amina)
    ecrire(projet, "Le second.", distribution.bruno, "Le premier.")
    premiere = SauvegardeDeChapitre.objects.get(valeur="Le premier.")
    page = client_de("bruno").get(adresse(projet, nom="chapitre_histoire")).content.decode()
    assert "Le premier." in page and "Le second." in page
    client_de("bruno").post(adresse(projet, nom="chapitre_revenir", sauvegarde=premiere.pk))
    assert Chapitre.objects.get(cle="budget").texte == "Le premier."
    revenir_a_ce_texte(premiere, par=distribution.bruno)
    assert LigneJournal.objects.filter(acte="revenir_a_ce_texte").count() == 1


def test_des_reglages_lus_avant_un_changement_sont_refuses(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    chapitre = ecrire(projet, "Un texte.", distribution.amina)
    valeurs = {"niveau": 2, "responsable": distribution.bruno, "par": distribution.amina}
    with pytest.raises(ConflitDeVersion):
        regler_chapitre(projet, "budget", version_lue=chapitre.version - 1, **valeurs)  # type: ignore[arg-type]
    regler_chapitre(projet, "budget", version_lue=chapitre.version, **valeurs)  # type: ignore[arg-type]
    chapitre.refresh_from_db()
    assert (chapitre.niveau, chapitre.responsable) == (2, distribution.bruno)


# --- L'aperçu ---------------------------------------------------------------------------------------
def test_l_apercu_montre_les_mots_envoyes_et_n_enregistre_rien(
    client_de: Ouvrir, projet: ProjetSocial
) -> None:
    envoi = {"titre": "Budget", "texte": "## Les comptes\n\n**Juste**.\n\n[[bloc:sigles]]"}
    page = client_de("amina").post(adresse(projet, nom="chapitre_apercu"), envoi).content.decode()
    assert "<strong>Juste</strong>" in page and "Les comptes</h4>" in page and "Espace de vie sociale" in page
    assert "<html" not in page and Chapitre.objects.count() == 2


def test_l_apercu_d_un_titre_vide_reste_un_apercu(client_de: Ouvrir, projet: ProjetSocial) -> None:
    reponse = client_de("amina").post(adresse(projet, nom="chapitre_apercu"), {"titre": "", "texte": "Oui."})
    assert reponse.status_code == 200 and "Oui." in reponse.content.decode()
