"""Réunir deux fiches de la même action : ce qui suit, ce qui mène où, et tout remettre comme avant."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.catalogue.choices import EtatExperience, EtatPoint, FamilleTerme, GenrePoint, RolePartenaire
from maillage.catalogue.models import (
    BlocSource,
    Classement,
    Experience,
    Fusion,
    Partenariat,
    PieceJointe,
    PointAVerifier,
    Utilite,
)
from maillage.catalogue.operations.fusions import FusionImpossible, defaire_fusion, fusionner
from maillage.catalogue.recherche import ConsommateurRecherche, chercher
from maillage.core.models import LigneJournal
from maillage.core.suivi import rattraper
from maillage.core.versions import ConflitDeVersion
from maillage.moderation.models import Commentaire
from tests.catalogue.page_source import bloc
from tests.catalogue.test_import import comptes, importer
from tests.catalogue.test_lecture import PARTAGE, avec_les_vraies_pages
from tests.distribution import Distribution
from tests.fabriques import (
    ContributionFactory,
    DepartementFactory,
    ExperienceFactory,
    PartenaireFactory,
    PointAVerifierFactory,
    TermeFactory,
)
from tests.fichiers_d_essai import photo, piece_publiee

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
TOUT: tuple[type[models.Model], ...] = (
    *(Experience, Partenariat, Classement, BlocSource, PieceJointe),
    *(Utilite, PointAVerifier, Commentaire),
)


@pytest.fixture(autouse=True)
def dossier(settings: Any, tmp_path: Path) -> Path:
    stockage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": stockage}
    return tmp_path


@pytest.fixture
def paire(distribution: Distribution) -> tuple[Experience, Experience]:
    """La gardée et le doublon, qui partagent un partenaire et un terme, et ont chacun le leur."""
    commun, mairie, caf = (
        PartenaireFactory(nom="Lycée"),
        PartenaireFactory(nom="Mairie"),
        PartenaireFactory(nom="Caf"),
    )
    jardin, cuisine = TermeFactory(), TermeFactory(libelle="Cuisine")
    quartier, commune = (
        TermeFactory(famille=FamilleTerme.TERRITOIRE, libelle=mot) for mot in ("Un quartier", "Une commune")
    )
    gardee = ExperienceFactory(
        structure=distribution.deux_ponts,
        titre="Le potager",
        partenaires=[commun, mairie],
        termes=[jardin, quartier],
    )
    doublon = ExperienceFactory(
        structure=distribution.deux_ponts,
        titre="Le potager partagé",
        partenaires=[commun, caf],
        termes=[jardin, cuisine, commune],
    )
    for fiche, montant in ((gardee, None), (doublon, Decimal(500))):
        Partenariat.objects.create(
            experience=fiche, partenaire=mairie, role=RolePartenaire.FINANCEUR, montant=montant, rang=5
        )
        BlocSource.objects.create(
            experience=fiche, fichier_source="a.txt", position=fiche.pk, ligne=1, empreinte="0",
            bloc={"titre": fiche.titre, "partenaires_action": []},
        )  # fmt: skip
        piece_publiee(
            ContributionFactory(experience=fiche, auteur=distribution.amina), contenu=photo(100 + fiche.pk)
        )
        fiche.contributions.update(etat="acceptee")
        Utilite.objects.create(experience=fiche, empreinte="la même")
        Utilite.objects.create(experience=fiche, empreinte=f"autre {fiche.pk}")
        Utilite.objects.create(experience=fiche, jour=timezone.localdate() - timedelta(days=9))
        Experience.objects.filter(pk=fiche.pk).update(nombre_utile=3)
        Commentaire.objects.create(
            objet_type="catalogue.experience", objet_id=fiche.pk, structure=fiche.structure, genre="commentaire",
            etat="publie", texte="Bravo", signature="Omar", objet_titre=fiche.titre, adresse="/",
        )  # fmt: skip
    PointAVerifierFactory(
        experience=doublon, genre=GenrePoint.DOUBLON, champ="", debut=None, fin=None, proche_de=gardee
    )
    gardee.refresh_from_db()
    doublon.refresh_from_db()
    return gardee, doublon


def contenu() -> dict[str, list[dict[str, Any]]]:
    """Toutes les lignes, sans les numéros de version ni les dates de modification, qui avancent toujours."""
    return {
        modele.__name__: [
            {cle: valeur for cle, valeur in ligne.items() if cle not in {"version", "modifie_le"}}
            for ligne in modele._default_manager.order_by("pk").values()
        ]
        for modele in TOUT
    }


def page(client: Client, fiche: Experience) -> str:
    return client.get(reverse("experience", args=[fiche.code, fiche.slug])).content.decode()


# --- Refus ----------------------------------------------------------------------------------------
def test_une_fiche_ne_se_reunit_ni_a_elle_meme_ni_a_une_fiche_hors_ligne(distribution: Distribution) -> None:
    en_ligne, brouillon, retiree = (
        ExperienceFactory(),
        ExperienceFactory(brouillon=True),
        ExperienceFactory(retiree=True),
    )
    for gardee, doublon in ((en_ligne, en_ligne), (en_ligne, brouillon), (retiree, en_ligne)):
        with pytest.raises(FusionImpossible):
            fusionner(gardee, doublon, par=distribution.lea)
    assert not Fusion.objects.exists()


def test_ce_qui_attend_la_moderation_se_decide_avant(
    paire: tuple[Experience, Experience], distribution: Distribution
) -> None:
    ContributionFactory(experience=paire[1], auteur=distribution.amina, soumise=True)
    with pytest.raises(FusionImpossible, match="attendent la modération"):
        fusionner(*paire, par=distribution.lea)


def test_une_fiche_changee_depuis_la_comparaison_n_est_pas_reunie(
    paire: tuple[Experience, Experience], distribution: Distribution
) -> None:
    avant = contenu()
    with pytest.raises(ConflitDeVersion):
        fusionner(*paire, par=distribution.lea, versions=(paire[0].version, paire[1].version + 1))
    assert contenu() == avant


# --- Réunir ---------------------------------------------------------------------------------------
def test_la_gardee_recoit_ce_que_le_doublon_a_de_plus(
    paire: tuple[Experience, Experience], distribution: Distribution
) -> None:
    gardee, doublon = paire
    fusionner(gardee, doublon, par=distribution.lea)
    assert [
        (p.partenaire.nom, p.role, p.montant) for p in gardee.partenariats.select_related("partenaire")
    ] == [
        ("Lycée", "action", None),
        ("Mairie", "action", None),
        ("Mairie", "financeur", Decimal(500)),
        ("Caf", "action", None),
    ]
    # Une fiche n'a qu'un territoire : celui de la gardée reste seul.
    assert [c.terme.libelle for c in gardee.classements.select_related("terme")] == [
        "Jardin partagé",
        "Un quartier",
        "Cuisine",
    ]
    assert gardee.sources.count() == 2
    assert gardee.pieces.publiees().count() == 2
    assert Commentaire.objects.sur(gardee).count() == 2
    assert gardee.utilites.count() == 5
    assert gardee.nombre_utile == 6
    doublon.refresh_from_db()
    assert (doublon.etat, doublon.fusionnee_dans) == (EtatExperience.RETIREE, gardee)
    assert (gardee.titre, doublon.titre) == ("Le potager", "Le potager partagé")
    assert PointAVerifier.objects.get().etat == EtatPoint.TRAITE
    phrases = set(LigneJournal.objects.filter(acte="fusionner").values_list("phrase", flat=True))
    assert phrases == {"Léa Roussel a réuni « Le potager partagé » à « Le potager »."}


def test_l_adresse_le_code_et_les_documents_du_doublon_menent_a_la_gardee(
    client: Client, paire: tuple[Experience, Experience], distribution: Distribution
) -> None:
    gardee, doublon = paire
    image = doublon.pieces.get()
    ancienne_image = reverse("piece", args=[doublon.code, image.code])
    fusionner(gardee, doublon, par=distribution.lea)
    la_gardee = reverse("experience", args=[gardee.code, gardee.slug])
    for adresse in (
        reverse("experience", args=[doublon.code, doublon.slug]),
        reverse("experience_courte", args=[doublon.code]),
    ):
        reponse = client.get(adresse)
        assert (reponse.status_code, reponse.headers["Location"]) == (301, la_gardee)
    document = client.get(reverse("experience_document", args=[doublon.code, "docx"]))
    assert "Le potager.docx" in document.headers["Content-Disposition"]
    assert client.get(ancienne_image, follow=True).status_code == 200


def test_une_fusion_de_fusion_mene_encore_a_la_bonne_fiche(
    client: Client, paire: tuple[Experience, Experience], distribution: Distribution
) -> None:
    gardee, doublon = paire
    derniere = ExperienceFactory(structure=distribution.deux_ponts)
    premiere = fusionner(gardee, doublon, par=distribution.lea)
    seconde = fusionner(derniere, gardee, par=distribution.lea)
    suite = client.get(reverse("experience_courte", args=[doublon.code])).headers["Location"]
    assert suite == reverse("experience", args=[derniere.code, derniere.slug])
    premiere.refresh_from_db()
    with pytest.raises(FusionImpossible, match="Une autre fusion a suivi"):
        defaire_fusion(premiere, par=distribution.lea)
    defaire_fusion(seconde, par=distribution.lea)
    defaire_fusion(Fusion.objects.get(pk=premiere.pk), par=distribution.lea)
    doublon.refresh_from_db()
    assert doublon.est_publiee


def test_defaire_remet_exactement_l_etat_d_avant(
    paire: tuple[Experience, Experience], distribution: Distribution
) -> None:
    avant = contenu()
    fusion = fusionner(*paire, par=distribution.lea)
    assert contenu() != avant
    defaire_fusion(Fusion.objects.get(pk=fusion.pk), par=distribution.lea)
    assert contenu() == avant
    with pytest.raises(FusionImpossible, match="déjà défaite"):
        defaire_fusion(fusion, par=distribution.lea)


def test_la_recherche_ne_trouve_que_la_gardee_puis_les_deux(
    paire: tuple[Experience, Experience], distribution: Distribution, indexer: Callable[[], int]
) -> None:
    indexer()

    def trouvees() -> set[int]:
        rattraper(ConsommateurRecherche())
        return {fiche.pk for fiche in chercher("potager", nombre=10).fiches}

    assert trouvees() == {fiche.pk for fiche in paire}
    fusion = fusionner(*paire, par=distribution.lea)
    assert trouvees() == {paire[0].pk}
    assert chercher("", {"partenaire": ["caf"]}, nombre=10).total == 1
    defaire_fusion(fusion, par=distribution.lea)
    assert trouvees() == {fiche.pk for fiche in paire}


# --- L'import et l'export après une fusion --------------------------------------------------------
def test_un_bloc_nouveau_du_doublon_enrichit_la_fiche_gardee(distribution: Distribution) -> None:
    importer(bloc(), bloc(titre="Autre chose"))
    doublon, gardee = Experience.objects.order_by("pk")
    fusionner(gardee, doublon, par=distribution.lea)
    nouveau = bloc(partenaires_action=["Un nouveau partenaire"])
    assert comptes(importer(nouveau, fichier="b.txt")) == {"lues": 1, "fusionnees": 1}
    assert gardee.partenariats.filter(partenaire__nom="Un nouveau partenaire").exists()
    assert BlocSource.objects.get(fichier_source="b.txt").experience_id == gardee.pk
    assert comptes(importer(nouveau, fichier="b.txt")) == {"lues": 1, "inchangees": 1}


def exporter(*options: str) -> list[dict[str, Any]]:
    sortie = io.StringIO()
    call_command("exporter_catalogue", "--format", "json", "--sortie", "-", "--json", *options, stdout=sortie)
    return list(json.loads(sortie.getvalue()))


@avec_les_vraies_pages
def test_les_deux_pages_reelles_restent_inchangees_et_rendues_en_entier(distribution: Distribution) -> None:
    verite = json.loads((PARTAGE / "verites" / "catalogue.json").read_text())
    pages = [str(PARTAGE / "sources" / nom) for nom in dict.fromkeys(f["fichier_source"] for f in verite)]

    def importer_les_pages() -> dict[str, Any]:
        sortie = io.StringIO()
        call_command("importer_catalogue", *pages, "--ecrire", "--json", stdout=sortie)
        return dict(json.loads(sortie.getvalue()))

    assert importer_les_pages()["creees"] == 48
    rendus = exporter("--par", "bloc")
    gardee, doublon = Experience.objects.order_by("pk")[:2]
    fusion = fusionner(gardee, doublon, par=distribution.lea)
    bilan = importer_les_pages()
    assert (bilan["inchangees"], bilan["creees"], bilan["fusionnees"]) == (50, 0, 0)
    assert exporter("--par", "bloc") == rendus
    fiches = exporter()
    assert len(fiches) == 47
    assert sum(len(fiche["sources"]) for fiche in fiches) == 50
    defaire_fusion(fusion, par=distribution.lea)
    assert importer_les_pages()["inchangees"] == 50
    assert len(exporter()) == 48


def test_l_export_decrit_la_gardee_par_son_propre_bloc(
    paire: tuple[Experience, Experience], distribution: Distribution
) -> None:
    gardee, doublon = paire
    BlocSource.objects.filter(experience=doublon).update(position=0)
    fusionner(gardee, doublon, par=distribution.lea)
    (ligne,) = (une for une in exporter() if une["code"] == gardee.code)
    assert ligne["position"] == gardee.pk
    assert {source["position"] for source in ligne["sources"]} == {0, gardee.pk}


# --- Les pages ------------------------------------------------------------------------------------
@pytest.mark.parametrize("personne", ["amina", "chloe", "denis", "omar"])
def test_seules_les_moderatrices_comparent(
    client_de: Ouvrir, paire: tuple[Experience, Experience], personne: str
) -> None:
    client = client_de(personne)
    adresse = reverse("doublon", args=[fiche.code for fiche in paire])
    assert client.get(reverse("doublons")).status_code == 404
    assert client.get(adresse).status_code == 404
    assert client.post(adresse, {"gardee": paire[0].code}).status_code == 404
    assert not Fusion.objects.exists()


def test_une_moderatrice_ne_compare_que_ce_qu_elle_peut_juger(
    client_de: Ouvrir, paire: tuple[Experience, Experience], distribution: Distribution
) -> None:
    distribution.federation.departements.set([DepartementFactory()])
    paire[1].structure = distribution.quatre_vents
    paire[1].save()
    client = client_de("lea")
    assert client.get(reverse("doublon", args=[fiche.code for fiche in paire])).status_code == 404
    assert "Comparer" not in client.get(reverse("doublons")).content.decode()
    fusion = fusionner(*paire, par=distribution.nadia)
    assert client.post(reverse("fusion_defaire", args=[fusion.pk])).status_code == 404


def test_une_fiche_ne_se_compare_pas_a_elle_meme_ni_a_une_fiche_retiree(
    client_de: Ouvrir, paire: tuple[Experience, Experience]
) -> None:
    client, une = client_de("lea"), paire[0].code
    retiree = ExperienceFactory(retiree=True, structure=paire[0].structure)
    for autre in (une, retiree.code, "inconnue"):
        assert client.get(reverse("doublon", args=[une, autre])).status_code == 404


def test_la_liste_mene_a_la_comparaison_puis_dit_qu_il_n_y_a_plus_rien(
    client_de: Ouvrir, paire: tuple[Experience, Experience]
) -> None:
    gardee, doublon = paire
    client = client_de("lea")
    comparer = reverse("doublon", args=[doublon.code, gardee.code])
    for adresse in (reverse("doublons"), reverse("points")):
        assert f'href="{comparer}"' in client.get(adresse).content.decode()
    html = client.get(comparer, {"gardee": gardee.code}).content.decode()
    assert "Partenaires" in html and "Caf" in html
    assert "Cuisine" in html and "Une commune." not in html
    assert f"Ce que «\u00a0{gardee.titre}\u00a0» recevra" in html
    suite = client.post(
        comparer,
        {"gardee": gardee.code, "version_gardee": gardee.version, "version_reunie": doublon.version},
        follow=True,
    ).content.decode()
    assert "Son ancienne adresse y mène" in suite
    assert "Aucun doublon à comparer" in suite
    fusion = Fusion.objects.get()
    assert suite.count(reverse("fusion_defaire", args=[fusion.pk])) == 2
    encore = client.post(reverse("fusion_defaire", args=[fusion.pk]), follow=True).content.decode()
    assert "de nouveau une fiche à part" in encore
    assert "1\u00a0paire à comparer" in encore


def test_on_propose_de_garder_la_plus_remplie(
    client_de: Ouvrir, paire: tuple[Experience, Experience]
) -> None:
    Experience.objects.filter(pk=paire[1].pk).update(limites="Beaucoup à dire. " * 30)
    html = client_de("lea").get(reverse("doublon", args=[fiche.code for fiche in paire])).content.decode()
    assert f"Ce que «\u00a0{paire[1].titre}\u00a0» recevra" in html


@pytest.mark.parametrize(
    "versions", [{}, {"version_gardee": "a"}, {"version_gardee": "1", "version_reunie": "99"}]
)
def test_une_comparaison_perimee_ne_reunit_rien_et_le_dit(
    client_de: Ouvrir, paire: tuple[Experience, Experience], versions: dict[str, str]
) -> None:
    adresse = reverse("doublon", args=[fiche.code for fiche in paire])
    reponse = client_de("lea").post(adresse, {"gardee": paire[0].code} | versions, follow=True)
    assert "vient de changer" in reponse.content.decode()
    assert not Fusion.objects.exists()
