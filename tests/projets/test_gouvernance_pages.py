"""La gouvernance : ce que le dehors en lit, et les pages où on la tient."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from maillage.core.documents.docx import rendre_docx
from maillage.core.documents.html import rendre_html
from maillage.core.documents.pdf import rendre_pdf
from maillage.projets.choices import GenreEnvoi
from maillage.projets.exportation.dossier import document_du_dossier
from maillage.projets.exportation.gouvernance import (
    blocs_de_la_participation,
    blocs_des_instances,
    compte_rendu_de,
    document_de_la_gouvernance,
    invitation_a,
)
from maillage.projets.manques_de_la_gouvernance import manques_de_la_gouvernance
from maillage.projets.models import Instance, Mandat, ProjetSocial, Reunion
from maillage.projets.operations.envois import envoyer
from maillage.projets.operations.gouvernance import (
    ajouter_decision,
    ecrire_le_compte_rendu,
    noter_les_presences,
    ouvrir_mandat,
    regler_les_colleges,
)
from tests.distribution import Distribution
from tests.projets.fabriques import InstanceFactory, arbre_d_essai
from tests.projets.fabriques_gouvernance import (
    DecisionFactory,
    ReunionFactory,
    il_y_a,
)

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts, en_cours=True)


@pytest.fixture
def copil(projet: ProjetSocial) -> Instance:
    instance: Instance = InstanceFactory(projet=projet, nom="Comité de pilotage", composition="")
    return instance


def _mandat(instance: Instance, par: Any, **valeurs: Any) -> Mandat:
    defaut = {"genre": "habitants", "nom": "Fatou", "du": il_y_a(30), "au": il_y_a(-300)}
    return ouvrir_mandat(instance, **defaut | valeurs, par=par)


# --- Ce que le dehors lit ---------------------------------------------------------------------------


def test_le_dossier_dit_des_nombres_et_jamais_un_nom(
    projet: ProjetSocial, copil: Instance, distribution: Distribution
) -> None:
    regler_les_colleges(copil, {"habitants": 3, "elus": 1}, par=distribution.amina)
    mandat = _mandat(copil, distribution.amina, nom="Gisèle", fonction="Présidente Gisèle")
    noter_les_presences(
        ReunionFactory(instance=copil),
        {mandat.pk: "present"},
        {"elus": 1},
        version_lue=1,
        par=distribution.amina,
    )
    fiche = projet.fiches.order_by("pk")[0]
    fiche.degre_participation = "codecision"
    fiche.save()
    texte = rendre_html(document_de_la_gouvernance(projet))
    assert "Gisèle" not in texte
    assert "3\xa0habitants" in texte and "50\xa0%" in texte
    assert blocs_des_instances(projet) and blocs_de_la_participation(projet)


def test_sans_instance_ni_degre_les_blocs_sont_vides(distribution: Distribution) -> None:
    projet = arbre_d_essai(distribution.quatre_vents)
    assert blocs_des_instances(projet) == () and blocs_de_la_participation(projet) == ()


def test_la_caf_lit_les_instances_dans_le_dossier_transmis_sans_un_nom_et_rien_d_autre(
    projet: ProjetSocial, copil: Instance, distribution: Distribution, client_de: Ouvrir
) -> None:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    _mandat(copil, distribution.amina, nom="Gisèle")
    reunion = ReunionFactory(instance=copil, compte_rendu="Ce qui se dit entre nous.")
    denis = client_de("denis")
    assert denis.get(reverse("gouvernance", args=[projet.pk])).status_code == 404
    assert denis.get(reverse("gouvernance_fichier", args=[projet.pk, "pdf"])).status_code == 404
    envoi = envoyer(
        projet, document_du_dossier(projet), genre=GenreEnvoi.DOSSIER, cle="a" * 32, par=distribution.amina
    )
    page = denis.get(reverse("envoi", args=[envoi.pk])).text
    assert "Comité de pilotage" in page
    assert "Gisèle" not in page and "Ce qui se dit entre nous." not in page
    for nom, numero in (("instance", copil.pk), ("reunion", reunion.pk), ("reunion_document", reunion.pk)):
        assert denis.get(reverse(nom, args=[projet.pk, numero])).status_code == 404
    assert denis.get(reverse("participation", args=[projet.pk])).status_code == 404


def test_les_instances_se_rangent_et_le_bout_ne_bouge_pas(
    projet: ProjetSocial, copil: Instance, distribution: Distribution, client_de: Ouvrir
) -> None:
    autre = InstanceFactory(projet=projet, nom="Comité d’usagers", rang=2)
    bruno = client_de("bruno")
    for _ in range(2):
        monter = reverse("instance_deplacer", args=[projet.pk, autre.pk, "monter"])
        assert bruno.post(monter).url == reverse("gouvernance", args=[projet.pk])
    assert list(projet.instances.values_list("nom", flat=True))[0] == "Comité d’usagers"
    assert client_de("chloe").post(monter).status_code == 404


def test_le_compte_rendu_se_lit_en_page_en_pdf_et_en_word(
    copil: Instance, distribution: Distribution
) -> None:
    reunion = ReunionFactory(instance=copil, tenue=True, ordre_du_jour="- Un point\n- Un autre")
    ecrire_le_compte_rendu(reunion, "Les fiches avancent.", version_lue=1, par=distribution.amina)
    ajouter_decision(reunion, texte="Ouvrir le mercredi.", qui="Direction", par=distribution.amina)
    document = compte_rendu_de(reunion)
    page = rendre_html(document)
    assert all(mot in page for mot in ("Les fiches avancent.", "Ouvrir le mercredi.", "Un autre"))
    assert rendre_pdf(document).startswith(b"%PDF") and rendre_docx(document).startswith(b"PK")


def test_l_invitation_dit_le_jour_le_lieu_et_l_ordre_du_jour(copil: Instance) -> None:
    reunion = ReunionFactory(instance=copil, a_venir=True, lieu="Salle du bas", ordre_du_jour="- Le bilan")
    texte = invitation_a(reunion)
    assert "Salle du bas" in texte and "- Le bilan" in texte and "Comité de pilotage" in texte


def test_les_manques_disent_ce_qui_reste_a_faire(
    projet: ProjetSocial, copil: Instance, distribution: Distribution
) -> None:
    ReunionFactory(instance=copil)
    ReunionFactory(instance=copil, tenue=True, le=il_y_a(40))
    DecisionFactory(reunion__instance=copil, pour_le=il_y_a(3))
    phrases = " ".join(manque.phrase for manque in manques_de_la_gouvernance(projet))
    assert "sans collège" in phrases and "qui était là" in phrases
    assert "sans compte rendu" in phrases and "en retard" in phrases
    assert {manque.ou for manque in manques_de_la_gouvernance(projet)} <= {"gouvernance", "participation"}


# --- Les pages --------------------------------------------------------------------------------------


def test_amina_pose_une_reunion_et_note_qui_est_venu(
    projet: ProjetSocial, copil: Instance, distribution: Distribution, client_de: Ouvrir
) -> None:
    amina = client_de("amina")
    nouvelle = reverse("reunion_nouvelle", args=[projet.pk, copil.pk])
    refuse = amina.post(nouvelle, {"le": "demain", "ordre_du_jour": "- Mon ordre du jour"})
    assert refuse.status_code == 422 and "- Mon ordre du jour" in refuse.content.decode()
    envoi = {"le": str(il_y_a(0)), "heure": "14:30", "ordre_du_jour": "- Le bilan"}
    assert amina.post(nouvelle, envoi).status_code == 302
    assert amina.post(nouvelle, envoi).status_code == 422, "la même réunion ne se pose pas deux fois"
    reunion = Reunion.objects.get()
    mandat = _mandat(copil, distribution.amina)
    feuille = reverse("reunion_presences", args=[projet.pk, reunion.pk])
    vide = amina.post(feuille, {"version": reunion.version})
    assert vide.status_code == 422 and "au moins une personne" in vide.content.decode()
    note = {"version": reunion.version, f"m{mandat.pk}": "present", "autres_elus": "2"}
    assert amina.post(feuille, note).status_code == 302
    page = amina.get(reverse("reunion", args=[projet.pk, reunion.pk])).content.decode()
    assert "33\xa0%" in page and "Tenue" in page


def test_deux_personnes_ecrivent_le_compte_rendu_et_rien_ne_se_perd(
    projet: ProjetSocial, copil: Instance, client_de: Ouvrir
) -> None:
    reunion = ReunionFactory(instance=copil, tenue=True)
    adresse = reverse("reunion_compte_rendu", args=[projet.pk, reunion.pk])
    assert (
        client_de("amina").post(adresse, {"version": 1, "compte_rendu": "Le texte d’Amina."}).status_code
        == 302
    )
    reponse = client_de("bruno").post(adresse, {"version": 1, "compte_rendu": "Le texte de Bruno."})
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert "Le texte d’Amina." in page and "Le texte de Bruno." in page
    reunion.refresh_from_db()
    assert reunion.compte_rendu == "Le texte d’Amina."


def test_l_instance_d_un_autre_projet_n_est_pas_ici(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    ailleurs = InstanceFactory(projet=arbre_d_essai(distribution.quatre_vents))
    reunion = ReunionFactory(instance=ailleurs)
    amina = client_de("amina")
    assert amina.get(reverse("instance", args=[projet.pk, ailleurs.pk])).status_code == 404
    assert amina.get(reverse("reunion", args=[projet.pk, reunion.pk])).status_code == 404
    assert client_de("chloe").get(reverse("gouvernance", args=[projet.pk])).status_code == 404


def test_chaque_page_de_la_gouvernance_s_ouvre_pour_bruno(projet: ProjetSocial, client_de: Ouvrir) -> None:
    from tests.projets.gouvernance_d_essai import adresses_de_la_gouvernance

    bruno = client_de("bruno")
    gestes = {"instance_remettre", "instance_retirer", "mandat_geste", "reunion_geste", "decision_geste"}
    gestes |= {
        "instance_deplacer",
        "financement_retirer",
        "preuve_retirer",
        "budget_copier",
        "budget_somme",
        "budget_importer_confirmer",
    }
    direction = {
        "budget_importer",
        "financement_nouveau",
        "financement",
        "financement_retirer",
        "heures_benevoles",
    }
    for nom, parametres in adresses_de_la_gouvernance(projet).items():
        if nom not in gestes:
            attendu = 404 if nom in direction else 200
            assert bruno.get(reverse(nom, kwargs=parametres)).status_code == attendu, nom
