"""Ce que chacun lit d'une expérience : masques, moyens en mots, accroche."""

from decimal import Decimal

import pytest
from django.utils import timezone

from maillage.catalogue.choices import EtatPoint, GenreMoyen, GenrePoint
from maillage.catalogue.conseils import appreciation, conseils
from maillage.catalogue.models import Experience, Moyen
from maillage.catalogue.presentation import (
    abreger,
    budget_en_mots,
    lignes_de_moyens,
    passages,
    personnes_en_mots,
    texte_public,
)
from tests.fabriques import ExperienceFactory, PointAVerifierFactory

pytestmark = pytest.mark.django_db
TELEPHONE = "04 00 00 00 12"


def _avec_telephone(**valeurs: object) -> Experience:
    texte = f"Appelez le {TELEPHONE} avant de venir."
    fiche = ExperienceFactory(description=texte, **valeurs)
    debut = texte.index(TELEPHONE)
    PointAVerifierFactory(
        experience=fiche,
        genre=GenrePoint.TELEPHONE,
        champ="description",
        debut=debut,
        fin=debut + len(TELEPHONE),
        extrait=TELEPHONE,
    )
    return fiche


def _moyen(
    fiche: Experience, genre: GenreMoyen, valeur: str, champ: str, extrait: str, **autres: object
) -> None:
    debut = getattr(fiche, champ).index(extrait)
    Moyen.objects.create(
        experience=fiche,
        genre=genre,
        valeur=Decimal(valeur),
        champ=champ,
        debut=debut,
        fin=debut + len(extrait),
        extrait=extrait,
        est_retenu=True,
        **autres,
    )


def test_un_telephone_non_verifie_est_masque() -> None:
    assert texte_public(_avec_telephone(), "description") == "Appelez le [téléphone masqué] avant de venir."


def test_un_telephone_reste_masque_quand_le_texte_a_bouge() -> None:
    fiche = _avec_telephone()
    fiche.description = f"Du nouveau. Appelez le {TELEPHONE}, ou le {TELEPHONE}."
    assert TELEPHONE not in texte_public(fiche, "description")


def test_un_courriel_est_masque_dans_le_titre_comme_ailleurs() -> None:
    fiche = ExperienceFactory(titre="Atelier de a@essais.exemple")
    PointAVerifierFactory(
        experience=fiche,
        genre=GenrePoint.COURRIEL,
        champ="titre",
        debut=11,
        fin=27,
        extrait="a@essais.exemple",
    )
    assert texte_public(fiche, "titre") == "Atelier de [courriel masqué]"


def test_un_masque_l_emporte_sur_un_nombre_lu_au_meme_endroit() -> None:
    fiche = _avec_telephone()
    _moyen(fiche, GenreMoyen.HABITANTS, "12", "description", "12")
    assert TELEPHONE not in "".join(p.texte for p in passages(fiche, "description"))
    assert not any(p.est_lu for p in passages(fiche, "description"))


def test_une_verification_ecartee_rend_le_texte_au_caractere() -> None:
    fiche = _avec_telephone()
    fiche.points.update(etat=EtatPoint.ECARTE)
    assert texte_public(fiche, "description") == fiche.description


def test_un_nom_de_personne_signale_reste_lisible() -> None:
    fiche = ExperienceFactory()
    PointAVerifierFactory(experience=fiche)
    assert texte_public(fiche, "description") == fiche.description


def test_les_mots_d_ou_vient_un_nombre_sont_reperes() -> None:
    fiche = ExperienceFactory(ressources_financieres="Environ 14 000 euros, dont 6 000 de la ville.")
    _moyen(
        fiche,
        GenreMoyen.MONTANT,
        "14000",
        "ressources_financieres",
        "14 000 euros",
        periode="par an",
        est_approximatif=True,
    )
    argent = lignes_de_moyens(fiche)[0]
    assert argent.lu == "environ 14\u202f000\xa0€ par an"
    assert [p.texte for p in argent.mots if p.est_lu] == ["14 000 euros"]
    assert "".join(p.texte for p in argent.mots) == fiche.ressources_financieres


def test_un_long_budget_montre_d_abord_les_mots_autour_du_montant() -> None:
    lignes = "Fournitures diverses : 12 €\n" * 12
    fiche = ExperienceFactory(ressources_financieres=f"{lignes}Total : 4 256 €\n{lignes}")
    _moyen(fiche, GenreMoyen.MONTANT, "4256", "ressources_financieres", "4 256 €")
    apercu = lignes_de_moyens(fiche)[0].apercu
    texte = "".join(passage.texte for passage in apercu)
    assert texte.startswith("… ") and texte.endswith(" …")
    assert "Total : 4 256 € Fournitures" in texte
    assert [passage.texte for passage in apercu if passage.est_lu] == ["4 256 €"]
    assert len(texte) < 160


def test_sans_nombre_lu_un_long_texte_montre_son_debut() -> None:
    fiche = ExperienceFactory(ressources_financieres="Voici comment nous faisons. " * 20)
    assert "".join(p.texte for p in lignes_de_moyens(fiche)[0].apercu).startswith("Voici comment")


def test_les_personnes_se_disent_par_role_et_s_accordent() -> None:
    fiche = ExperienceFactory(personnes_mobilisees="1 bénévole, 2 salariés et 0,5 ETP")
    _moyen(fiche, GenreMoyen.BENEVOLES, "1", "personnes_mobilisees", "1 bénévole")
    _moyen(fiche, GenreMoyen.PROFESSIONNELS, "2", "personnes_mobilisees", "2 salariés")
    _moyen(fiche, GenreMoyen.TEMPS_PLEIN, "0.5", "personnes_mobilisees", "0,5 ETP")
    assert personnes_en_mots(fiche) == "2\xa0professionnels, 0,5\xa0équivalent temps plein, 1\xa0bénévole"


def test_sans_montant_lu_le_budget_ne_dit_rien() -> None:
    fiche = ExperienceFactory(ressources_financieres="en cours")
    assert budget_en_mots(fiche) == ""
    assert lignes_de_moyens(fiche)[0].lu == ""


def test_un_texte_trop_long_est_coupe_a_la_fin_d_une_phrase() -> None:
    texte = "Une première phrase assez longue. Une deuxième phrase. Une troisième qui déborde largement."
    assert abreger(texte, 60) == "Une première phrase assez longue. Une deuxième phrase. …"
    assert abreger("court", 60) == "court"
    assert len(abreger("mot " * 100, 60)) <= 62


def test_une_fiche_vide_recoit_un_conseil_par_champ_attendu() -> None:
    fiche = Experience(publie_le=timezone.now())
    fiche.pk = ExperienceFactory(resume="", description="").pk
    trouves = conseils(fiche)
    assert trouves[0].constat == "Il manque le résumé."
    assert {c.champ for c in trouves} >= {"resume", "ressources_financieres", "limites", "perspectives"}
    assert appreciation(len(trouves)) == "Fiche à peine commencée"


def test_un_montant_illisible_est_dit_avec_les_mots_du_centre() -> None:
    fiche = ExperienceFactory(ressources_financieres="14000 eros")
    constats = [c.constat for c in conseils(fiche)]
    assert "Nous n’avons pas su lire de montant dans « 14000 eros »." in constats


def test_un_conseil_ne_montre_jamais_un_telephone_masque() -> None:
    fiche = ExperienceFactory(personnes_mobilisees=f"voir {TELEPHONE}")
    PointAVerifierFactory(
        experience=fiche,
        genre=GenrePoint.TELEPHONE,
        champ="personnes_mobilisees",
        debut=5,
        fin=19,
        extrait=TELEPHONE,
    )
    assert not any(TELEPHONE in c.constat for c in conseils(fiche))


def test_une_fiche_bien_ecrite_n_a_aucun_conseil() -> None:
    fiche = ExperienceFactory(
        resume="Des voisins cultivent ensemble une parcelle prêtée par la commune, toute l’année. " * 2,
        description="Chaque samedi, une dizaine de familles se retrouve au jardin. " * 6,
        ressources_financieres="2 000 euros",
        personnes_mobilisees="3 bénévoles",
        resultat_habitants="Trente et une personnes sont venues pour la première fois, vingt sont restées depuis.",
        limites="L’eau manque en août, et personne ne veut arroser.",
        perspectives="Un second jardin ouvrira au printemps près de l’école.",
        budget=Decimal(2000),
    )
    _moyen(fiche, GenreMoyen.BENEVOLES, "3", "personnes_mobilisees", "3 bénévoles")
    assert conseils(fiche) == []
    assert appreciation(0) == "Fiche complète"
