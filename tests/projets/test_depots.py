"""L'assistant d'import : déposer, relire pièce par pièce, confirmer ou abandonner."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from maillage.core import fichiers
from maillage.core.models import LigneJournal
from maillage.projets.choices import EtatDepot, EtatMorceau
from maillage.projets.models import DepotDeProjet, Enjeu, FicheAction, ProjetSocial
from maillage.projets.operations import depots
from maillage.projets.operations.depots import DejaFini, confirmer_depot, lire_depot, noter_les_choix
from tests.distribution import Distribution, distribuer
from tests.projets.depots_d_essai import PAGE, deposer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fichiers_a_part(settings: Any, tmp_path: Path) -> None:
    stockage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": stockage}


@pytest.fixture
def distribution() -> Distribution:
    return distribuer()


@pytest.fixture
def amina(distribution: Distribution) -> Client:
    return connectee(distribution.amina)


@pytest.fixture
def depot(distribution: Distribution) -> DepotDeProjet:
    return deposer(distribution.deux_ponts, distribution.amina)


def connectee(personne: Any) -> Client:
    client = Client()
    client.force_login(personne)
    return client


def envoyer(client: Client, contenu: bytes, nom: str = "projet.html", structure: Any = None) -> Any:
    donnees: dict[str, Any] = {"fichier": SimpleUploadedFile(nom, contenu)}
    if structure is not None:
        donnees["structure"] = structure.pk
    return client.post(reverse("depot_nouveau"), donnees)


def partie(depot: DepotDeProjet, nom: str, page: int = 1) -> str:
    return f"{reverse('depot_partie', args=[depot.pk, 0, nom])}?page={page}"


def remplir(client: Client, adresse: str, **changes: str) -> dict[str, str]:
    """Ce que la page enverrait, avec ces valeurs à la place (« fiches.0.titre » → sans le numéro du projet)."""
    donnees: dict[str, str] = {}
    for form in client.get(adresse).context["formulaires"]:
        for champ in form:
            valeur = champ.value()
            donnees[champ.html_name] = "" if valeur is None else str(valeur)
    for cle, valeur in changes.items():
        nom = f"0.{cle.replace('__', '.', 1).replace('__', '-')}"
        assert nom in donnees, sorted(donnees)
        donnees[nom] = valeur
    return donnees


# --- Les refus ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("prenom", ["bruno", "ines", "omar", "denis", "lea"])
def test_qui_ne_dirige_pas_de_centre_ne_trouve_pas_la_page(
    distribution: Distribution, depot: DepotDeProjet, prenom: str
) -> None:
    client = connectee(distribution.personne(prenom))
    assert client.get(reverse("depot_nouveau")).status_code == 404
    assert client.get(reverse("depot", args=[depot.pk])).status_code == 404
    assert envoyer(client, PAGE.encode(), structure=distribution.deux_ponts).status_code == 404


def test_la_directrice_d_un_autre_centre_ne_lit_ni_ne_tranche(
    distribution: Distribution, depot: DepotDeProjet
) -> None:
    chloe = connectee(distribution.chloe)
    for nom, arguments in (("depot", ()), ("depot_cadre", (0,)), ("depot_partie", (0, "fiches"))):
        assert chloe.get(reverse(nom, args=[depot.pk, *arguments])).status_code == 404
    for nom in ("depot_confirmer", "depot_abandonner"):
        assert chloe.post(reverse(nom, args=[depot.pk])).status_code == 404
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.DEPOSE


def test_on_ne_depose_pas_pour_le_centre_d_une_autre(distribution: Distribution, amina: Client) -> None:
    reponse = envoyer(amina, PAGE.encode(), structure=distribution.quatre_vents)
    assert reponse.status_code == 422
    assert not DepotDeProjet.objects.exists()


@pytest.mark.parametrize(
    ("nom", "contenu", "mots"),
    [
        ("projet.pdf", b"%PDF-1.7", "Ce format n’est pas lu"),
        ("projet.txt", b"%PDF-1.7", "un PDF"),
        ("projet.txt", b"\xff\xd8\xff\xe0image", "une image"),
        ("projet.docx", b"PK\x03\x04abime", ""),
        ("projet.txt", "Compte rendu du conseil d’administration.".encode(), "Aucun projet social reconnu"),
        ("projet.txt", "é".encode("cp1252") * 9, "UTF-8"),
        ("projet.json", b"{", "JSON lisible"),
        ("projet.json", b'{"nom": "P", "fiches": ["une"]}', "forme attendue"),
        ("projet.json", b'[{"nom": "P"}]', "manque"),
    ],
)
def test_un_document_illisible_est_refuse_par_une_phrase_et_n_est_pas_garde(
    distribution: Distribution, amina: Client, tmp_path: Path, nom: str, contenu: bytes, mots: str
) -> None:
    reponse = envoyer(amina, contenu, nom, distribution.deux_ponts)
    assert reponse.status_code == 422
    assert mots in reponse.context["form"].errors["fichier"][0]
    assert not DepotDeProjet.objects.exists()
    assert not list(tmp_path.rglob("*.*"))


@pytest.mark.parametrize("octets", [2_000, 2_000_000], ids=["découvert en lisant", "annoncé"])
def test_un_fichier_trop_lourd_est_refuse_pendant_l_envoi(amina: Client, settings: Any, octets: int) -> None:
    settings.TAILLE_MAX_FICHIER = 1000
    reponse = envoyer(amina, b"a" * octets)
    assert reponse.status_code == 422
    assert "20\u00a0Mo" in reponse.content.decode()
    assert not DepotDeProjet.objects.exists()


def test_un_projet_ou_une_partie_qui_n_existe_pas_est_introuvable(
    amina: Client, depot: DepotDeProjet
) -> None:
    assert amina.get(reverse("depot_partie", args=[depot.pk, 4, "fiches"])).status_code == 404
    assert amina.get(reverse("depot_partie", args=[depot.pk, 0, "recettes"])).status_code == 404
    assert amina.get(reverse("depot_cadre", args=[depot.pk, 1])).status_code == 404


def test_un_titre_vide_n_est_pas_note(amina: Client, depot: DepotDeProjet) -> None:
    adresse = partie(depot, "fiches")
    reponse = amina.post(adresse, remplir(amina, adresse, fiches__0__titre=""))
    assert reponse.status_code == 422
    depot.refresh_from_db()
    assert depot.choix == {}


# --- Déposer et lire ---------------------------------------------------------------------------------
def test_un_petit_document_se_lit_tout_de_suite(distribution: Distribution, amina: Client) -> None:
    reponse = envoyer(amina, PAGE.encode(), structure=distribution.deux_ponts)
    assert reponse.status_code == 302
    vu = amina.get(reponse.url).content.decode()
    for mots in ("Centre social des Deux-Ponts", "De 2025 à 2028", "3\u00a0fiches actions", "Tout accepter"):
        assert mots in vu, mots
    assert not ProjetSocial.objects.exists()


def test_un_long_document_attend_le_travailleur(
    distribution: Distribution, amina: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depots, "LECTURE_IMMEDIATE_MAX", 10)
    adresse = envoyer(amina, PAGE.encode(), structure=distribution.deux_ponts).url
    assert "Lecture en cours" in amina.get(adresse).content.decode()
    depot = DepotDeProjet.objects.get()
    assert amina.post(reverse("depot_confirmer", args=[depot.pk])).url == adresse
    lire_depot(depot.pk)
    lire_depot(depot.pk)
    assert "3\u00a0fiches actions" in amina.get(adresse).content.decode()


def test_un_long_document_illisible_dit_pourquoi_et_s_abandonne(
    distribution: Distribution, amina: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depots, "LECTURE_IMMEDIATE_MAX", 10)
    adresse = envoyer(amina, b"Compte rendu sans rapport.", "cr.txt", distribution.deux_ponts).url
    depot = DepotDeProjet.objects.get()
    lire_depot(depot.pk)
    vu = amina.get(adresse).content.decode()
    assert "Aucun projet social reconnu" in vu
    assert "depot_confirmer" not in vu
    amina.post(reverse("depot_abandonner", args=[depot.pk]))
    depot.refresh_from_db()
    assert depot.etat == EtatDepot.ABANDONNE


# --- Relire ------------------------------------------------------------------------------------------
def test_les_cellules_se_lisent_a_cote_du_passage(amina: Client, depot: DepotDeProjet) -> None:
    vu = amina.get(partie(depot, "fiches")).content.decode()
    assert "Fiche 1 sur 3" in vu
    assert vu.count("Beaucoup de voisins n’osent plus") == 2


@pytest.mark.parametrize("nom", ["arbre", "fiches", "gouvernance", "chiffres", "textes", "a-ranger"])
def test_chaque_partie_s_ouvre_meme_vide(amina: Client, depot: DepotDeProjet, nom: str) -> None:
    assert amina.get(partie(depot, nom)).status_code == 200


def test_une_correction_et_une_mise_de_cote_se_gardent_et_se_retrouvent(
    amina: Client, depot: DepotDeProjet
) -> None:
    adresse = partie(depot, "fiches")
    reponse = amina.post(adresse, remplir(amina, adresse, fiches__0__titre="Le café des écrans"))
    assert reponse.url == partie(depot, "fiches", 2)
    suivante = partie(depot, "fiches", 2)
    amina.post(suivante, remplir(amina, suivante, fiches__1__decision="ecartee"))
    vu = amina.get(adresse).content.decode()
    assert "Le café des écrans" in vu
    assert "Corrigé" in vu
    sommaire = amina.get(reverse("depot", args=[depot.pk])).content.decode()
    assert "1\u00a0correction" in sommaire
    assert "1 de côté" in sommaire


def test_confirmer_cree_le_projet_tel_que_relu_et_efface_le_fichier(
    amina: Client, depot: DepotDeProjet, django_capture_on_commit_callbacks: Any
) -> None:
    chemin = depot.chemin
    fiche, indicateurs = partie(depot, "fiches"), "Nombre de cafés\nNombre de voisins"
    amina.post(
        fiche,
        remplir(
            amina,
            fiche,
            fiches__0__titre="Le café des écrans",
            fiches__0__indicateurs_quantitatifs=indicateurs,
        ),
    )
    deuxieme = partie(depot, "fiches", 2)
    amina.post(deuxieme, remplir(amina, deuxieme, fiches__1__decision="ecartee"))
    cadre = {"nom": "Projet des Deux-Ponts", "debut": "2026", "fin": "2029", "territoire": "La Plaine"}
    amina.post(reverse("depot_cadre", args=[depot.pk, 0]), cadre)
    with django_capture_on_commit_callbacks(execute=True):
        reponse = amina.post(reverse("depot_confirmer", args=[depot.pk]))
    projet = ProjetSocial.objects.get()
    assert reponse.url == reverse("projet", args=[projet.pk])
    assert (projet.nom, projet.du.year, projet.au.year) == ("Projet des Deux-Ponts", 2026, 2029)
    assert set(projet.fiches.values_list("titre", flat=True)) == {"Le café des écrans", "La fête des paliers"}
    cafe = projet.fiches.get(titre="Le café des écrans")
    assert [un.libelle for un in cafe.indicateurs.filter(liste="quantitative")] == indicateurs.split("\n")
    assert "Une permanence le mardi." in projet.morceaux.get(etat=EtatMorceau.ECARTE).texte
    depot.refresh_from_db()
    assert (depot.etat, depot.chemin, depot.lu, depot.choix) == (EtatDepot.IMPORTE, "", {}, {})
    with pytest.raises(FileNotFoundError):
        fichiers.lire(chemin)
    assert str(projet) in amina.get(reverse("depot", args=[depot.pk])).content.decode()


def test_les_deux_partenariats_se_relisent_et_se_corrigent_chacun_a_sa_place(
    distribution: Distribution, amina: Client
) -> None:
    dits = {"existant": "Le bailleur", "potentiel": "Le lycée"}
    separes = "".join(f"<tr><th>Partenariat {mot}</th><td>{qui}</td></tr>" for mot, qui in dits.items())
    page = PAGE.replace("<tr><th>Contexte</th><td>Beaucoup", f"{separes}<tr><th>Contexte</th><td>Beaucoup")
    depot = deposer(distribution.deux_ponts, distribution.amina, page)
    fiche = partie(depot, "fiches")
    donnees = remplir(amina, fiche, fiches__0__partenaires_potentiels="Le lycée\nLe collège")
    assert donnees["0.fiches.0-partenaires"] == "Le bailleur"
    amina.post(fiche, donnees)
    assert remplir(amina, fiche)["0.fiches.0-partenaires_potentiels"] == "Le lycée\nLe collège"
    (projet,) = confirmer_depot(depot, par=distribution.amina)
    cafe = projet.fiches.get(titre="Le café des clics")
    assert cafe.partenaires_existants == ["Le bailleur"]
    assert cafe.partenaires_potentiels == ["Le lycée", "Le collège"]


def test_tout_accepter_dans_une_partie_laisse_ce_qui_etait_tranche(
    amina: Client, depot: DepotDeProjet
) -> None:
    arbre = partie(depot, "arbre")
    amina.post(
        partie(depot, "fiches", 2), remplir(amina, partie(depot, "fiches", 2), fiches__1__decision="ecartee")
    )
    amina.post(partie(depot, "fiches"), {"geste": "tout"})
    amina.post(arbre, {"geste": "tout"})
    depot.refresh_from_db()
    assert depot.choix["0.fiches.1"]["decision"] == "ecartee"
    assert depot.choix["0.fiches.0"]["decision"] == depot.choix["0.axes.0"]["decision"] == "prise"


def test_sous_un_axe_mis_de_cote_les_fiches_sont_a_ranger(
    distribution: Distribution, amina: Client, depot: DepotDeProjet
) -> None:
    adresse = partie(depot, "arbre")
    amina.post(adresse, remplir(amina, adresse, axes__0__decision="ecartee"))
    confirmer_depot(depot, par=distribution.amina)
    projet = ProjetSocial.objects.get()
    assert [axe.lettre for axe in projet.axes.all()] == ["2"]
    assert Enjeu.objects.filter(axe__projet=projet).count() == 1
    assert FicheAction.objects.filter(projet=projet, axe=None).count() == 2


def test_un_projet_mis_de_cote_en_entier_ne_laisse_rien_a_importer(
    amina: Client, depot: DepotDeProjet
) -> None:
    adresse = reverse("depot_cadre", args=[depot.pk, 0])
    amina.post(adresse, {"geste": "ecartee"})
    reponse = amina.post(reverse("depot_confirmer", args=[depot.pk]), follow=True)
    assert "Tous les projets sont mis de côté" in reponse.content.decode()
    assert not ProjetSocial.objects.exists()
    amina.post(adresse, {"nom": "Repris", "debut": "2025", "fin": "2025", "territoire": ""})
    amina.post(reverse("depot_confirmer", args=[depot.pk]))
    assert ProjetSocial.objects.get().nom == "Repris"


def test_une_periode_a_l_envers_est_refusee(amina: Client, depot: DepotDeProjet) -> None:
    adresse = reverse("depot_cadre", args=[depot.pk, 0])
    reponse = amina.post(adresse, {"nom": "P", "debut": "2028", "fin": "2025", "territoire": ""})
    assert reponse.status_code == 422
    assert "vient avant la première" in reponse.content.decode()


def test_sans_periode_dite_le_depot_la_demande_et_n_importe_rien(
    distribution: Distribution, amina: Client
) -> None:
    depot = deposer(distribution.deux_ponts, distribution.amina, PAGE.replace(" 2025-2028", ""))
    page = reverse("depot", args=[depot.pk])
    assert "Le document ne dit pas la période" in amina.get(page).content.decode()
    cadre = reverse("depot_cadre", args=[depot.pk, 0])
    form = amina.get(cadre).context["form"]
    assert (form["debut"].value(), form["fin"].value()) == (None, None)
    reponse = amina.post(reverse("depot_confirmer", args=[depot.pk]))
    assert reponse.url == cadre
    assert "rien n’est perdu" in amina.get(cadre).content.decode()
    assert not ProjetSocial.objects.exists()
    amina.post(cadre, {"nom": "Les Deux-Ponts", "debut": "2027", "fin": "2030", "territoire": ""})
    assert "Le document ne dit pas la période" not in amina.get(page).content.decode()
    amina.post(reverse("depot_confirmer", args=[depot.pk]))
    projet = ProjetSocial.objects.get()
    assert (projet.du.year, projet.au.year) == (2027, 2030)


def test_plus_de_quatre_ans_est_refuse_a_la_confirmation_et_le_depot_reste(
    distribution: Distribution, amina: Client
) -> None:
    depot = deposer(distribution.deux_ponts, distribution.amina, PAGE.replace("2025-2028", "2025-2030"))
    noter_les_choix(depot, {"0.fiches.0": {"decision": "ecartee"}}, par=distribution.amina)
    reponse = amina.post(reverse("depot_confirmer", args=[depot.pk]), follow=True)
    vu = " ".join(reponse.content.decode().split())
    assert "quatre ans au plus : jusqu’au 31 décembre 2028" in vu
    assert not ProjetSocial.objects.exists()
    depot.refresh_from_db()
    assert (depot.etat, depot.choix) == (EtatDepot.DEPOSE, {"0.fiches.0": {"decision": "ecartee"}})
    assert depot.chemin
    cadre = reverse("depot_cadre", args=[depot.pk, 0])
    saisie = {"nom": "P", "debut": "2025", "fin": "2030", "territoire": ""}
    assert amina.post(cadre, saisie).status_code == 422
    assert amina.post(cadre, saisie | {"fin": "2028"}).status_code == 302
    amina.post(reverse("depot_confirmer", args=[depot.pk]))
    assert ProjetSocial.objects.get().au.year == 2028


# --- Finir -------------------------------------------------------------------------------------------
def test_abandonner_efface_le_fichier_et_ce_qu_on_y_a_lu(
    amina: Client, depot: DepotDeProjet, django_capture_on_commit_callbacks: Any
) -> None:
    chemin = depot.chemin
    with django_capture_on_commit_callbacks(execute=True):
        assert amina.post(reverse("depot_abandonner", args=[depot.pk])).url == reverse("depot_nouveau")
    depot.refresh_from_db()
    assert (depot.etat, depot.lu) == (EtatDepot.ABANDONNE, {})
    with pytest.raises(FileNotFoundError):
        fichiers.lire(chemin)
    assert "Rien n’a été importé" in amina.get(reverse("depot", args=[depot.pk])).content.decode()


def test_un_depot_fini_ne_se_finit_pas_deux_fois(
    distribution: Distribution, amina: Client, depot: DepotDeProjet
) -> None:
    confirmer_depot(depot, par=distribution.amina)
    for nom in ("depot_confirmer", "depot_abandonner"):
        assert amina.post(reverse(nom, args=[depot.pk])).url == reverse("depot", args=[depot.pk])
    with pytest.raises(DejaFini):
        noter_les_choix(depot, {"0.fiches.0": {"decision": "ecartee"}}, par=distribution.amina)
    assert ProjetSocial.objects.count() == 1


def test_chaque_acte_laisse_sa_ligne(distribution: Distribution, depot: DepotDeProjet) -> None:
    noter_les_choix(depot, {"0.fiches.0": {"decision": "prise"}}, par=distribution.amina)
    confirmer_depot(depot, par=distribution.amina)
    actes = set(
        LigneJournal.objects.filter(structure_id=distribution.deux_ponts.pk).values_list("acte", flat=True)
    )
    assert {"deposer_projet", "noter_les_choix", "confirmer_depot", "ecrire_projet_lu"} <= actes
