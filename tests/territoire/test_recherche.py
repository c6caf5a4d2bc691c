"""Trouver un centre par son nom, sa ville, son code postal ou sa rue."""

import pytest

from maillage.territoire.models import AncienneCommune, CodePostal, Commune, Desserte, Epci, Structure
from maillage.territoire.mots import nom_cherche
from maillage.territoire.recherche import (
    Portee,
    Recherche,
    chercher_communes,
    chercher_structures,
    commune_dans,
    departement_nomme,
)
from tests.fabriques import CommuneFactory, DepartementFactory, SiteFactory, StructureFactory

pytestmark = pytest.mark.django_db


def commune(code: str, nom: str, *codes_postaux: str, **valeurs: object) -> Commune:
    creee: Commune = CommuneFactory(
        code_insee=code, nom=nom, nom_cherche=nom_cherche(nom), codes_postaux=list(codes_postaux), **valeurs
    )
    CodePostal.objects.bulk_create([CodePostal(code=postal, commune=creee) for postal in codes_postaux])
    return creee


@pytest.fixture
def annuaire() -> dict[str, Structure]:
    """Grand Air (deux lieux, des rues), L'Étoile (toute une commune), La Ruche (ailleurs)."""
    epci = Epci.objects.create(siren="200000001", nom="CC du Val")
    ville = commune("63001", "Montval", "63100", epci=epci, population=20000)
    village = commune("63002", "Saint-Étienne-du-Val", "63110", epci=epci, population=900)
    commune("63003", "L’Hay-sous-Val", "63120", epci=epci, population=300)
    commune("63004", "Lointain", "63990", population=200)
    commune("62001", "Montval", "62100", departement=DepartementFactory(autre=True), population=500)
    grand_air = StructureFactory(nom="Centre social Grand Air", slug="grand-air", commune=ville)
    SiteFactory(structure=grand_air, nom="Espace 40", adresse="40, rue du Bel-Air", commune=ville)
    SiteFactory(structure=grand_air, nom="Antenne Pêche", est_principal=False, adresse="12, av. Doumer")
    Desserte.objects.create(
        structure=grand_air, commune=ville, rues=["boulevard de l’Église"], quartiers=["Les Grands Pêchers"]
    )
    etoile = StructureFactory(nom="L’Étoile", slug="etoile", commune=village, code_postal="63110")
    Desserte.objects.create(structure=etoile, commune=village)
    ruche = StructureFactory(nom="La Ruche", slug="ruche", departement=DepartementFactory(autre=True))
    return {"grand_air": grand_air, "etoile": etoile, "ruche": ruche}


def chercher(texte: str) -> Recherche:
    return chercher_structures(texte, Structure.objects.ouvertes())


def slugs(texte: str) -> list[str]:
    par_pk = dict(Structure.objects.values_list("pk", "slug"))
    return [par_pk[trouvee.structure_id] for trouvee in chercher(texte).trouvees]


@pytest.mark.parametrize("texte", ["", "   ", "12 bis", "zzzz", "!!!"])
def test_rien_a_chercher_ne_trouve_rien(annuaire: object, texte: str) -> None:
    assert chercher(texte).portee is Portee.AUCUNE


def test_une_structure_fermee_ne_se_trouve_plus(annuaire: object) -> None:
    Structure.objects.filter(slug="ruche").update(etat="fermee")
    assert slugs("la ruche") == []


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("grand air", ["grand-air"]),
        ("GRAND-AIR", ["grand-air"]),
        ("centre social grand air", ["grand-air"]),
        ("letoile", []),
        ("l'etoile", ["etoile"]),
        ("étoi", ["etoile"]),
        ("montval", ["grand-air"]),
        ("63110", ["etoile"]),
        ("st etienne", ["etoile"]),
        ("40 rue du bel air", ["grand-air"]),
        ("17 bis rue du bel air, Montval", ["grand-air"]),
        ("avenue Doumer", ["grand-air"]),
        ("bd de l'eglise", ["grand-air"]),
        ("grands pechers", ["grand-air"]),
        ("puy de dome", ["grand-air", "etoile"]),
        ("pas-de-calais", ["ruche"]),
    ],
)
def test_trouver_par_nom_ville_code_postal_rue_ou_quartier(
    annuaire: object, texte: str, attendu: list[str]
) -> None:
    assert slugs(texte) == attendu


def test_la_rue_trouvee_est_citee(annuaire: dict[str, Structure]) -> None:
    assert chercher("boulevard de l'eglise").trouvees[0].raison == "boulevard de l’Église"
    assert chercher("espace 40").trouvees[0].raison == "Espace 40"
    assert chercher("grand air").trouvees[0].raison == ""
    assert chercher("avenue doumer").trouvees[0].raison == "Antenne Pêche, 12, av. Doumer"


def test_une_rue_inconnue_donne_les_centres_de_la_commune(annuaire: object) -> None:
    recherche = chercher("3 rue des Lilas 63100 Montval")
    assert recherche.portee is Portee.COMMUNE and recherche.commune is not None
    assert slugs("3 rue des Lilas 63100 Montval") == ["grand-air"]


def test_sans_centre_dans_la_commune_on_cherche_autour(annuaire: object) -> None:
    proche = chercher("rue verte, L'Haÿ-sous-Val")
    assert proche.portee is Portee.INTERCOMMUNALITE
    assert len(proche.trouvees) == 2
    assert chercher("Lointain").portee is Portee.DEPARTEMENT


def test_une_faute_de_frappe_est_reparee_et_dite(annuaire: object) -> None:
    recherche = chercher("gran ayr ruhce")
    assert recherche.portee is Portee.AUCUNE
    recherche = chercher("la ruhce")
    assert recherche.correction == "ruche" and len(recherche.trouvees) == 1


def test_le_code_postal_departage_deux_communes_du_meme_nom(annuaire: object) -> None:
    lues = [commune_dans(texte) for texte in ("Montval", "62100 Montval", "63100")]
    assert [lue.pk if lue else None for lue in lues] == ["63001", "62001", "63001"]
    assert commune_dans("rue de la paix") is None


def test_le_nom_d_une_commune_deleguee_mene_a_la_commune(annuaire: object) -> None:
    AncienneCommune.objects.create(nom="Vieux-Bourg", nom_cherche="vieux bourg", commune_id="63001")
    assert [c.pk for c in chercher_communes("vieux b")] == ["63001"]
    trouvee = commune_dans("place du vieux bourg")
    assert trouvee is not None and trouvee.pk == "63001"


def test_les_communes_se_proposent_la_plus_peuplee_d_abord(annuaire: object) -> None:
    assert [c.pk for c in chercher_communes("mont")] == ["63001", "62001"]
    assert [c.pk for c in chercher_communes("631")] == ["63001", "63002", "63003"]
    assert chercher_communes("") == []


def test_un_departement_se_nomme_par_son_code_ou_son_nom(annuaire: object) -> None:
    codes = [departement_nomme(texte) for texte in ("63", "puy de dôme", "Pas-de-Calais", "99", "montval")]
    assert [d.code if d else None for d in codes] == ["63", "63", "62", None, None]


def test_le_code_seul_d_un_departement_donne_ses_centres(annuaire: object) -> None:
    assert slugs("62") == ["ruche"]
