"""Les pages d'une fiche action : lire, écrire par étapes, étapes datées, remarques, relectures, histoire."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html as lecteur_html

from maillage.core.documents.html import rendre_html
from maillage.core.ecriture import empreinte
from maillage.core.models import Courrier
from maillage.projets.champs import CHAMPS, lire_champs
from maillage.projets.choices import EtatFiche, EtatProjet
from maillage.projets.documents import document_de_la_fiche
from maillage.projets.guide import ETAPE, ETAPES
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import (
    Etape,
    FicheAction,
    Objectif,
    ProjetSocial,
    Relecture,
    SauvegardeDeFiche,
)
from tests.distribution import Distribution
from tests.projets.fabriques import (
    FicheActionFactory,
    IndicateurFactory,
    ProjetSocialFactory,
    arbre_d_essai,
)

pytestmark = pytest.mark.django_db
ClientDe = Callable[[str], Client]


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    projet = arbre_d_essai(distribution.deux_ponts)
    return FicheAction.objects.get(projet=projet, titre="Le café des clics au marché")


def adresse(fiche: FicheAction, suite: str = "") -> str:
    return f"/espace/projets/fiches/{fiche.pk}/{suite}"


def envoi(fiche: FicheAction, cle: str, **changes: Any) -> dict[str, Any]:
    """Ce que la page de cette étape enverrait, avec ces changements."""
    valeurs = lire_champs(FicheAction.objects.get(pk=fiche.pk), ETAPE[cle].tous)
    lues = {f"lu_{nom}": empreinte(valeur) for nom, valeur in valeurs.items()}
    en_page: dict[str, Any] = {}
    for nom, valeur in valeurs.items():
        genre = CHAMPS[nom].genre
        en_page["partenaires_nom" if genre == "noms" else nom] = (
            "\n".join(valeur) if genre == "liste" else valeur
        )
    return {nom: v for nom, v in (en_page | lues | changes).items() if v is not None}


# --- Refus ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("etat", [EtatProjet.PREPARATION, EtatProjet.SOUMIS, EtatProjet.EN_COURS])
def test_la_caf_ne_lit_aucune_fiche_et_ne_l_ecrit_jamais(
    client_de: ClientDe, distribution: Distribution, fiche: FicheAction, etat: EtatProjet
) -> None:
    distribution.caf.departements.add(distribution.deux_ponts.departement)
    ProjetSocial.objects.filter(pk=fiche.projet_id).update(etat=etat)
    denis = client_de("denis")
    for suite in ("", "fiche.docx", "ecrire/", "ecrire/besoin/", "histoire/", "relectures/", "essais/"):
        assert denis.get(adresse(fiche, suite)).status_code == 404, suite
    assert denis.post(adresse(fiche, "remarques/"), {"texte": "Bonjour"}).status_code == 404


def test_un_projet_parti_se_lit_et_ne_s_ecrit_plus(client_de: ClientDe, fiche: FicheAction) -> None:
    fiche.projet.etat = EtatProjet.SOUMIS
    fiche.projet.save(update_fields=["etat"])
    amina = client_de("amina")
    page = amina.get(adresse(fiche))
    assert page.status_code == 200 and "Ajouter une étape" not in page.text
    assert amina.get(adresse(fiche, "ecrire/besoin/")).status_code == 404


def test_un_titre_vide_est_refuse_et_le_reste_est_enregistre(client_de: ClientDe, fiche: FicheAction) -> None:
    reponse = client_de("amina").post(
        adresse(fiche, "ecrire/besoin/"), envoi(fiche, "besoin", titre=" ", contexte="Un constat.")
    )
    assert reponse.status_code == 422
    assert "Donnez un titre" in reponse.text
    fiche.refresh_from_db()
    assert (fiche.titre, fiche.contexte) == ("Le café des clics au marché", "Un constat.")


def test_deux_textes_se_comparent_et_les_deux_se_gardent_bout_a_bout(
    client_de: ClientDe, fiche: FicheAction
) -> None:
    envoye = envoi(fiche, "public", public="Les voisins\nLes aînés")
    bruno = client_de("bruno")
    bruno.post(adresse(fiche, "ecrire/public/"), envoi(fiche, "public", public="Les jeunes"))
    page = client_de("amina").post(adresse(fiche, "ecrire/public/"), envoye)
    assert page.status_code == 409
    assert "Bruno Castel a écrit ici" in page.text
    vu = lecteur_html.fromstring(page.text).xpath("//input[@name='vu_public']/@value")[0]
    suite = client_de("amina").post(
        adresse(fiche, "ecrire/public/"), envoye | {"choix_public": "deux", "vu_public": vu}
    )
    assert suite.status_code == 302
    fiche.refresh_from_db()
    assert fiche.public == ["Les jeunes", "Les voisins", "Les aînés"]


def test_une_relecture_n_est_ouverte_qu_a_qui_elle_est_demandee(
    client_de: ClientDe, distribution: Distribution, fiche: FicheAction
) -> None:
    relecture = Relecture.objects.create(
        fiche=fiche, demandee_a=distribution.farid, demandee_par=distribution.amina
    )
    assert client_de("bruno").get(adresse(fiche, f"relectures/{relecture.pk}/")).status_code == 404
    assert client_de("farid").get(adresse(fiche, f"relectures/{relecture.pk}/")).status_code == 200


def test_la_meme_relecture_ne_se_demande_pas_deux_fois(
    client_de: ClientDe, distribution: Distribution, fiche: FicheAction
) -> None:
    demande = {"demandee_a": distribution.farid.pk, "mot": ""}
    assert client_de("amina").post(adresse(fiche, "relectures/"), demande).status_code == 302
    encore = client_de("bruno").post(adresse(fiche, "relectures/"), demande)
    assert encore.status_code == 422 and "déjà cette fiche à relire" in encore.text
    assert Courrier.objects.count() == 1


def test_une_etape_finit_apres_son_debut(client_de: ClientDe, fiche: FicheAction) -> None:
    reponse = client_de("amina").post(
        adresse(fiche, "etapes/nouvelle/"), {"titre": "Former", "du": "2026-03-02", "au": "2026-03-01"}
    )
    assert reponse.status_code == 422 and "finit avant de commencer" in reponse.text
    assert not Etape.objects.exists()


# --- Lire, écrire -----------------------------------------------------------------------------------
def test_la_page_dit_la_fiche_entiere_et_le_document_dit_la_meme_chose(
    client_de: ClientDe, distribution: Distribution, fiche: FicheAction
) -> None:
    fiche.contexte, fiche.echeancier = "Un constat.", ["2025 :", "former", "essayer", "2026 :", "ouvrir"]
    fiche.pilote = distribution.farid
    fiche.save()
    IndicateurFactory(fiche=fiche)
    page = client_de("bruno").get(adresse(fiche))
    for mots in (
        "A-02",
        "Un constat.",
        "Farid Haddou",
        "Rendre les démarches plus simples",
        "Nombre de permanences",
    ):
        assert mots in page.text
    assert re.search(r"<strong>2025.:</strong>", page.text)
    for extension, debut in (("pdf", b"%PDF"), ("docx", b"PK")):
        fichier = client_de("bruno").get(adresse(fiche, f"fiche.{extension}"))
        assert fichier.status_code == 200 and fichier.content.startswith(debut)
    assert client_de("bruno").get(adresse(fiche, "fiche.odt")).status_code == 404


@pytest.mark.plafond_de_requetes(45)
def test_chaque_etape_s_ouvre_sans_script_et_mene_a_la_suivante(
    client_de: ClientDe, fiche: FicheAction
) -> None:
    amina = client_de("amina")
    for etape, suivante in zip(ETAPES, ETAPES[1:], strict=False):
        assert amina.get(adresse(fiche, f"ecrire/{etape.cle}/")).status_code == 200
        reponse = amina.post(adresse(fiche, f"ecrire/{etape.cle}/"), envoi(fiche, etape.cle))
        assert reponse.headers["Location"] == adresse(fiche, f"ecrire/{suivante.cle}/")
    assert amina.get(adresse(fiche, "ecrire/relire/")).status_code == 200
    assert not SauvegardeDeFiche.objects.exists()


def test_ecrire_mene_a_la_premiere_etape_ou_il_reste_a_faire(client_de: ClientDe, fiche: FicheAction) -> None:
    FicheAction.objects.filter(pk=fiche.pk).update(contexte="Constat", objectifs_operationnels=["Aider"])
    reponse = client_de("amina").get(adresse(fiche, "ecrire/"))
    assert reponse.headers["Location"] == adresse(fiche, "ecrire/public/")


def test_le_script_recoit_ce_qui_est_enregistre_et_ce_qui_reste(
    client_de: ClientDe, fiche: FicheAction
) -> None:
    reponse = (
        client_de("amina")
        .post(
            adresse(fiche, "ecrire/public/"),
            envoi(fiche, "public", public="Les voisins"),
            headers={"accept": "application/json"},
        )
        .json()
    )
    assert reponse["lus"]["public"] == empreinte(["Les voisins"])
    assert reponse["titre"] == "A-02 Le café des clics au marché"
    assert "Dites pour qui" not in reponse["reste"]


def test_on_change_d_objectif_en_ecrivant_et_le_numero_suit(client_de: ClientDe, fiche: FicheAction) -> None:
    objectif = Objectif.objects.get(titre="Multiplier les occasions de se rencontrer")
    client_de("amina").post(
        adresse(fiche, "ecrire/besoin/"),
        envoi(fiche, "besoin", objectif=str(objectif.pk), autres_objectifs=[]),
    )
    assert "B-02 Le café des clics au marché" in client_de("amina").get(adresse(fiche)).text


def test_une_fiche_nouvelle_s_ecrit_aussitot(client_de: ClientDe, fiche: FicheAction) -> None:
    reponse = client_de("bruno").post(
        f"/espace/projets/{fiche.projet_id}/fiches/nouvelle/", {"titre": "Un jardin", "objectif": ""}
    )
    neuve = FicheAction.objects.get(titre="Un jardin")
    assert reponse.headers["Location"] == adresse(neuve, "ecrire/")


def test_on_revient_a_un_texte_d_avant(client_de: ClientDe, distribution: Distribution) -> None:
    fiche = FicheActionFactory(
        projet=ProjetSocialFactory(structure=distribution.deux_ponts), contexte="D’abord."
    )
    amina = client_de("amina")
    amina.post(adresse(fiche, "ecrire/besoin/"), envoi(fiche, "besoin", contexte="Ensuite."))
    page = amina.get(adresse(fiche, "histoire/?champ=contexte"))
    assert "D’abord." in page.text and "Avant toute écriture" in page.text
    depart = SauvegardeDeFiche.objects.get(par=None)
    amina.post(adresse(fiche, f"histoire/{depart.pk}/"))
    fiche.refresh_from_db()
    assert fiche.contexte == "D’abord."


# --- Étapes, remarques, relectures ------------------------------------------------------------------
def test_une_etape_se_pose_se_coche_se_change_et_s_ote(client_de: ClientDe, fiche: FicheAction) -> None:
    amina = client_de("amina")
    amina.post(adresse(fiche, "etapes/nouvelle/"), {"titre": "Former", "du": "2025-03-03", "au": ""})
    etape = Etape.objects.get()
    assert "En retard" in amina.get(adresse(fiche)).text
    amina.post(adresse(fiche, f"etapes/{etape.pk}/cocher/"), {"faite": "oui"})
    etape.refresh_from_db()
    assert etape.faite_le is not None
    changee = {"titre": "Former six bénévoles", "du": "2025-03-03", "au": "2025-03-05"}
    amina.post(adresse(fiche, f"etapes/{etape.pk}/"), changee | {"version": etape.version})
    conflit = amina.post(
        adresse(fiche, f"etapes/{etape.pk}/"), changee | {"titre": "X", "version": etape.version}
    )
    assert conflit.status_code == 409 and "Former six bénévoles" in conflit.text
    amina.post(adresse(fiche, f"etapes/{etape.pk}/oter/"))
    assert not Etape.objects.exists()


def test_les_etapes_ne_se_lisent_qu_une_fois(client_de: ClientDe, fiche: FicheAction) -> None:
    """L'équipe les a à côté, avec leurs gestes ; le document, dans la fiche."""
    fiche.etapes.create(titre="Former six bénévoles", du=date(2026, 3, 2))
    equipe = lecteur_html.fromstring(client_de("amina").get(adresse(fiche)).text)
    assert len(equipe.xpath("//p[contains(., 'Former six bénévoles')]")) == 1
    assert not equipe.xpath("//*[@id='etapes']")
    arbre = lire_arbre(fiche.projet)
    document = document_de_la_fiche(arbre.par_numero_de_ligne[fiche.pk], arbre, "https://essais.exemple")
    assert "Former six bénévoles" in rendre_html(document)


def test_sans_depart_ni_cible_les_indicateurs_se_lisent_en_liste(
    client_de: ClientDe, fiche: FicheAction
) -> None:
    indicateur = IndicateurFactory(fiche=fiche, libelle="Permanences tenues")
    page = lecteur_html.fromstring(client_de("amina").get(adresse(fiche)).text)
    assert page.xpath("//section[.//*[@id='indicateurs']]//li[contains(., 'Permanences tenues')]")
    assert not page.xpath("//table")
    indicateur.cibles.create(annee=2026, valeur=40)
    page = lecteur_html.fromstring(client_de("amina").get(adresse(fiche)).text)
    assert "40 en 2026" in page.xpath("string(//table)").replace("\xa0", " ")


def test_un_partenaire_du_repertoire_s_ecrit_en_lignes(client_de: ClientDe, fiche: FicheAction) -> None:
    amina = client_de("amina")
    noms = ["Mission locale", "La Poste", " la  poste ", ""]
    amina.post(adresse(fiche, "ecrire/moyens/"), envoi(fiche, "moyens", partenaires_nom=noms))
    assert {un.nom.lower() for un in fiche.partenaires.all()} == {"mission locale", "la poste"}
    page = lecteur_html.fromstring(amina.get(adresse(fiche, "ecrire/moyens/")).text)
    lignes = page.xpath("//ul[@data-lignes='partenaires']//input[@name='partenaires_nom']")
    assert sorted(ligne.get("value").lower() for ligne in lignes) == ["", "", "la poste", "mission locale"]
    assert {ligne.get("list") for ligne in lignes} == {page.xpath("string(//datalist/@id)")}
    assert page.xpath("string(//form/@data-partenaires)") == reverse("contribution_partenaires")


def test_une_remarque_se_laisse_se_resout_et_se_rouvre(client_de: ClientDe, fiche: FicheAction) -> None:
    client_de("bruno").post(adresse(fiche, "remarques/"), {"texte": "Quel lieu ?", "champ": "presentation"})
    amina = client_de("amina")
    assert "Quel lieu ?" in amina.get(adresse(fiche, "ecrire/deroulement/")).text
    assert "Quel lieu ?" not in amina.get(adresse(fiche, "ecrire/moyens/")).text
    remarque = fiche.remarques.get()
    amina.post(adresse(fiche, f"remarques/{remarque.pk}/"), {"resolue": "oui"})
    assert "Quel lieu ?" not in amina.get(adresse(fiche, "ecrire/deroulement/")).text
    amina.post(adresse(fiche, f"remarques/{remarque.pk}/"))
    remarque.refresh_from_db()
    assert (remarque.resolue_le, remarque.resolue_par) == (None, None)


def test_une_relecture_previent_attend_dans_aujourd_hui_et_revient(
    client_de: ClientDe, distribution: Distribution, fiche: FicheAction
) -> None:
    demande = {"demandee_a": distribution.farid.pk, "mot": "Surtout le public."}
    client_de("amina").post(adresse(fiche, "relectures/"), demande)
    courriel = Courrier.objects.get()
    assert courriel.destinataire == distribution.farid.email and "Surtout le public." in courriel.texte
    farid = client_de("farid")
    assert "Le café des clics" in farid.get("/espace/projets/relectures/").text
    assert "Le café des clics" not in client_de("bruno").get("/espace/projets/relectures/").text
    relecture = Relecture.objects.get()
    farid.post(adresse(fiche, f"relectures/{relecture.pk}/"), {"avis": "C’est clair."})
    assert Courrier.objects.filter(
        destinataire=distribution.amina.email, texte__contains="C’est clair."
    ).exists()
    assert "Le café des clics" not in farid.get("/espace/projets/relectures/").text
    assert "C’est clair." in client_de("amina").get(adresse(fiche)).text


def test_la_fiche_avance_par_ses_boutons(client_de: ClientDe, fiche: FicheAction) -> None:
    amina = client_de("amina")
    for etat in (EtatFiche.PRETE, EtatFiche.EN_COURS, EtatFiche.TERMINEE, EtatFiche.EN_COURS):
        assert f'value="{etat}"' in amina.get(adresse(fiche)).text
        amina.post(adresse(fiche, "etat/"), {"etat": etat})
        fiche.refresh_from_db()
        assert fiche.etat == etat
    amina.post(adresse(fiche, "etat/"), {"etat": "inventé"})
    assert "Choisissez l’état de la fiche." in amina.get(adresse(fiche)).text
    fiche.refresh_from_db()
    assert fiche.etat == EtatFiche.EN_COURS
