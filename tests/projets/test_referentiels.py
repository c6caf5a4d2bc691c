"""Les référentiels : des fichiers contrôlés ligne par ligne, publiés par lieu ; un projet garde le sien."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from maillage.core.ecriture import GesteRefuse
from maillage.projets.choices import EtatReferentiel
from maillage.projets.controle_des_referentiels import controler, ecarts_entre
from maillage.projets.models import ProjetSocial, ReferentielSuivi, VersionDeReferentiel
from maillage.projets.operations.referentiels import (
    deposer_referentiel,
    publier_referentiel,
    retirer_referentiel,
    suivre_le_referentiel,
)
from maillage.projets.referentiels import (
    PAR_DEFAUT,
    cles_livrees,
    lire_referentiel,
    livre,
    referentiel_de,
    texte_livre,
)
from maillage.projets.regles import regle
from maillage.territoire.choices import GenreStructure
from tests.distribution import Distribution
from tests.fabriques import InstitutionFactory
from tests.projets.fabriques import ProjetSocialFactory
from tests.projets.fabriques_verification import referentiel_change

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
TITRE = 'titre = "Préambule"'


def _texte(version: str, titre: str = "Le mot de la présidente") -> str:
    return referentiel_change(
        **{'version = "2026-11"': f'version = "{version}"', TITRE: f'titre = "{titre}"'}
    )


def _deposer(distribution: Distribution, version: str = "v1", **options: object) -> VersionDeReferentiel:
    texte = _texte(version, f"Le mot, {version}")
    options.setdefault("institution", distribution.federation)
    return deposer_referentiel(lire_referentiel(texte), texte, par=distribution.lea, **options)  # type: ignore[arg-type]


# --- Le contrôle -------------------------------------------------------------------------------------


@pytest.mark.parametrize("cle", cles_livrees())
def test_ce_que_maillage_apporte_est_sans_faute(cle: str) -> None:
    lu, _, fautes = controler(texte_livre(cle).encode())
    assert fautes == [] and lu is not None and lu.cle == cle
    assert all(question.source for question in lu.questions)
    assert {question.moment for question in lu.questions} == {"mi_parcours", "finale"}


def test_les_criteres_de_2012_sont_les_memes_partout() -> None:
    connue = regle("circulaire_2012")
    assert connue is not None
    assert tuple(critere.texte for critere in livre(PAR_DEFAUT).criteres) == connue.criteres


def test_aucune_piece_n_est_dite_obligatoire() -> None:
    for cle in cles_livrees():
        assert all("votre Caf le dit" in piece.usage for piece in livre(cle).pieces)


@pytest.mark.parametrize(
    ("ancien", "neuf", "phrase"),
    [
        (TITRE, "titre = Préambule", "ne se lit pas"),
        (TITRE, 'tittre = "Préambule"', "un champ inconnu, « tittre »"),
        (TITRE, 'titre = ""', "« titre » est vide"),
        ('cle = "identite"', 'cle = "preambule"', "La clé « preambule » sert déjà"),
        ("niveau = 2", "niveau = 3", "saute du niveau 1 au niveau 3"),
        ('blocs = ["memoire"]', 'blocs = ["photos"]', "Bloc inconnu : photos"),
        ('moment = "mi_parcours"', 'moment = "un_jour"', "mi_parcours ou finale"),
        ("mois_avant = 14", "mois_avant = 140", "un nombre de 0 à 48"),
        ('source = "Circulaire Cnaf 2012-013"\n', "", "sans source"),
    ],
)
def test_une_faute_dit_sa_ligne_et_quoi_faire(ancien: str, neuf: str, phrase: str) -> None:
    texte = referentiel_change(**{ancien: neuf})
    lu, _, fautes = controler(texte.encode())
    assert lu is None
    assert any(phrase in str(faute) for faute in fautes), list(map(str, fautes))
    trouvee = next(faute for faute in fautes if phrase in str(faute))
    ligne = texte_livre(PAR_DEFAUT)[: texte_livre(PAR_DEFAUT).index(ancien)].count("\n") + 1
    assert abs(trouvee.ligne - ligne) <= 4, (trouvee.ligne, ligne)


@pytest.mark.parametrize("contenu", [b"\xff\xfe", b"a" * 300_000, b"", b"chapitres = 3", b"[[chapitres]]"])
def test_un_fichier_qui_n_est_pas_un_referentiel_est_refuse_sans_panne(contenu: bytes) -> None:
    lu, _, fautes = controler(contenu)
    assert lu is None and fautes


def test_les_ecarts_disent_ce_qui_s_ajoute_s_ote_et_change() -> None:
    avant = livre(PAR_DEFAUT)
    assert ecarts_entre(avant, lire_referentiel(texte_livre(PAR_DEFAUT))) == []
    [ecart] = ecarts_entre(avant, lire_referentiel(_texte("v2")))
    assert ecart.changes == (("Le mot de la présidente", "titre", "Préambule", "Le mot de la présidente"),)


# --- Publier, garder, revenir ------------------------------------------------------------------------


def test_un_depot_ne_vaut_pour_personne_avant_d_etre_publie(distribution: Distribution) -> None:
    version = _deposer(distribution)
    nouveau = ProjetSocialFactory(structure=distribution.deux_ponts)
    assert referentiel_de(nouveau).version == "2026-11"
    with pytest.raises(GesteRefuse, match="pas publiée"):
        suivre_le_referentiel(nouveau, version, par=distribution.amina)
    assert _deposer(distribution) == version, "le même texte deux fois ne fait qu'une version"


def test_un_projet_ouvert_garde_le_sien_et_le_suivant_prend_le_neuf(distribution: Distribution) -> None:
    ancien = ProjetSocialFactory(structure=distribution.deux_ponts)
    assert publier_referentiel(_deposer(distribution), par=distribution.lea) == 1
    nouveau = ProjetSocialFactory(structure=distribution.deux_ponts)
    assert (referentiel_de(ancien).version, referentiel_de(nouveau).version) == ("2026-11", "v1")
    suivre_le_referentiel(ancien, VersionDeReferentiel.objects.get(version="v1"), par=distribution.amina)
    assert referentiel_de(ancien).version == "v1"
    suivre_le_referentiel(ancien, None, par=distribution.amina)
    assert referentiel_de(ancien).version == "2026-11"


def test_on_revient_a_une_version_d_avant_et_on_la_retire(distribution: Distribution) -> None:
    une, deux = _deposer(distribution, "v1"), _deposer(distribution, "v2")
    for version in (une, deux, une):
        publier_referentiel(version, par=distribution.lea)
    deux.refresh_from_db()
    assert deux.etat == EtatReferentiel.REMPLACE
    assert referentiel_de(ProjetSocialFactory(structure=distribution.deux_ponts)).version == "v1"
    retirer_referentiel(une, par=distribution.lea)
    assert referentiel_de(ProjetSocialFactory(structure=distribution.deux_ponts)).version == "2026-11"
    with pytest.raises(GesteRefuse, match="rien à retirer"):
        retirer_referentiel(une, par=distribution.lea)


def test_chaque_territoire_a_le_sien_et_le_departement_passe_devant(distribution: Distribution) -> None:
    ici = distribution.deux_ponts.departement
    assert ici is not None
    distribution.federation.departements.add(ici)
    publier_referentiel(_deposer(distribution, "tous", institution=None), par=distribution.nadia)
    publier_referentiel(_deposer(distribution, "territoire"), par=distribution.lea)
    publier_referentiel(_deposer(distribution, "departement", departement=ici), par=distribution.lea)
    ailleurs = distribution.quatre_vents.departement
    with pytest.raises(GesteRefuse, match="pas dans le territoire"):
        _deposer(distribution, "loin", departement=ailleurs)
    lus = [
        referentiel_de(ProjetSocialFactory(structure=structure)).version
        for structure in (distribution.deux_ponts, distribution.quatre_vents)
    ]
    assert lus == ["departement", "tous"]


def test_un_espace_de_vie_sociale_suit_le_sien(distribution: Distribution) -> None:
    distribution.deux_ponts.genre = GenreStructure.ESPACE_DE_VIE_SOCIALE
    distribution.deux_ponts.save()
    lu = referentiel_de(ProjetSocialFactory(structure=distribution.deux_ponts))
    assert lu.cle == "espace_de_vie_sociale" and lu.criteres == ()


# --- Les pages ---------------------------------------------------------------------------------------


def test_lea_depose_voit_les_fautes_puis_publie_et_reprend_le_fichier_a_l_identique(
    distribution: Distribution, client_de: Ouvrir
) -> None:
    lea, page = client_de("lea"), reverse("referentiel_deposer")
    envoi = {"institution": distribution.federation.pk, "departement": ""}
    faux = SimpleUploadedFile("ref.toml", referentiel_change(**{TITRE: 'titre = ""'}).encode())
    refuse = lea.post(page, envoi | {"fichier": faux})
    assert refuse.status_code == 422 and "« titre » est vide" in refuse.content.decode()
    texte = _texte("v1")
    apercu = lea.post(page, envoi | {"fichier": SimpleUploadedFile("ref.toml", texte.encode())})
    assert "« Préambule » devient « Le mot de la présidente »" in apercu.content.decode().replace("\xa0", " ")
    assert not VersionDeReferentiel.objects.exists()
    lea.post(reverse("referentiel_confirmer"), {"lot": apercu.context["lot"]})
    version = VersionDeReferentiel.objects.get()
    lea.post(reverse("referentiel_geste", args=[version.pk, "publier"]))
    version.refresh_from_db()
    assert version.etat == EtatReferentiel.EN_VIGUEUR and version.institution == distribution.federation
    assert lea.get(reverse("referentiel_fichier", args=[version.pk])).content == texte.encode()


def test_une_autre_federation_ne_voit_ni_ne_publie_cette_version(
    distribution: Distribution, client_de: Ouvrir
) -> None:
    autre = _deposer(distribution, institution=InstitutionFactory(nom="Une autre fédération"))
    lea = client_de("lea")
    assert lea.get(reverse("referentiel_version", args=[autre.pk])).status_code == 404
    assert lea.post(reverse("referentiel_geste", args=[autre.pk, "publier"])).status_code == 404
    assert client_de("nadia").get(reverse("referentiel_version", args=[autre.pk])).status_code == 200
    assert lea.post(reverse("referentiel_confirmer"), {"lot": "faux"}).status_code == 302


def test_la_direction_change_de_referentiel_et_une_collegue_le_lit(
    distribution: Distribution, client_de: Ouvrir
) -> None:
    projet: ProjetSocial = ProjetSocialFactory(structure=distribution.deux_ponts)
    version = _deposer(distribution)
    publier_referentiel(version, par=distribution.lea)
    page = reverse("referentiel_du_projet", args=[projet.pk])
    assert client_de("bruno").post(page, {"version": version.pk}).status_code == 404
    assert "Suivre ce référentiel" not in client_de("bruno").get(page).content.decode()
    amina = client_de("amina")
    assert "Ce qui changerait" in amina.get(page).content.decode()
    assert amina.post(page, {"version": version.pk}).status_code == 302
    assert ReferentielSuivi.objects.get(projet=projet).version == version
