"""Les projets sociaux de la démonstration, relus : justes, datés, écrits par nous."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from maillage.demo.donnees import PROJETS as CLES
from maillage.demo.donnees import lire, lire_projet
from maillage.evaluation.definitions import lire_definition
from maillage.projets.choices import (
    DegreAtteinte,
    DegreParticipation,
    EtatFiche,
    Frequence,
    ListeIndicateur,
    Niveau,
    StatutFiche,
    SuiteDonnee,
)
from tests.demo.test_donnees import MOTS_CREUX, PARTAGE, TELEPHONE_FICTIF, _mots, _suites, _textes

Donnees = dict[str, Any]
PROJETS = {cle: lire_projet(cle) for cle in CLES}


def _objectifs(projet: Donnees) -> Iterator[Donnees]:
    for axe in projet["axes"]:
        for enjeu in axe["enjeux"]:
            for objectif in enjeu["objectifs"]:
                yield objectif
                yield from objectif.get("operationnels", [])


def _fiches(projet: Donnees) -> list[Donnees]:
    return [fiche for objectif in _objectifs(projet) for fiche in objectif.get("fiches", [])] + projet[
        "a_ranger"
    ]


def _complete(fiche: Donnees) -> bool:
    champs = {
        "contexte", "objectifs_operationnels", "public", "attention_particuliere", "presentation", "echeancier",
        "moyens_humains", "moyens_materiels", "partenaires_existants", "partenaires_potentiels",
        "resultats_attendus", "freins", "degre_participation", "preuve_participation", "etapes", "indicateurs",
        "bilans",
    }  # fmt: skip
    return champs <= set(fiche)


def test_les_deux_ponts_ont_un_arbre_entier() -> None:
    projet = PROJETS["deux_ponts"]
    assert [axe["lettre"] for axe in projet["axes"]] == ["A", "B", "C", "T"]
    assert sum(len(axe["enjeux"]) for axe in projet["axes"]) == 9
    generaux = [o for axe in projet["axes"] for enjeu in axe["enjeux"] for o in enjeu["objectifs"]]
    assert len(generaux) == 21
    assert sum("operationnels" in objectif for objectif in generaux) >= 2
    fiches = _fiches(projet)
    assert len(fiches) == 42
    assert sum(_complete(fiche) for fiche in fiches) >= 10
    assert {fiche["statut"] for fiche in fiches} == {*StatutFiche, ""}
    assert {fiche["etat"] for fiche in fiches} == set(EtatFiche)
    assert len(projet["chiffres"]) >= 15


@pytest.mark.parametrize("cle", CLES)
def test_chaque_renvoi_mene_quelque_part(cle: str) -> None:
    projet = PROJETS[cle]
    titres = [fiche["titre"] for fiche in _fiches(projet)]
    assert not [titre for titre, nombre in Counter(titres).items() if nombre > 1]
    objectifs = [objectif["titre"] for objectif in _objectifs(projet)]
    assert len(objectifs) == len(set(objectifs))
    experiences = {experience["titre"] for experience in lire("experiences")}
    courriels = {personne["courriel"] for personne in lire("personnes") if "courriel" in personne}
    specifiques = {ligne["nom"] for ligne in projet["specifiques"]}
    for fiche in _fiches(projet):
        assert set(fiche.get("sert_aussi", [])) <= set(objectifs), fiche["titre"]
        assert set(fiche.get("specifiques", [])) <= specifiques, fiche["titre"]
        sources = {fiche[lien] for lien in ("inspiree_de", "racontee_par") if lien in fiche}
        assert sources <= experiences, fiche["titre"]
        cites = {fiche.get("pilote"), *fiche.get("equipe", [])}
        cites |= {etape.get("responsable") for etape in fiche.get("etapes", [])}
        assert cites - {None} <= courriels, fiche["titre"]


@pytest.mark.parametrize("cle", CLES)
def test_les_valeurs_fermees_sont_celles_de_l_application(cle: str) -> None:
    for fiche in _fiches(PROJETS[cle]):
        assert fiche["statut"] in {*StatutFiche, ""} and fiche["etat"] in EtatFiche, fiche["titre"]
        assert fiche.get("degre_participation", "information") in DegreParticipation, fiche["titre"]
        for bilan in fiche.get("bilans", []):
            assert bilan["degre"] in DegreAtteinte and bilan["suite"] in SuiteDonnee, fiche["titre"]
            assert bilan["lecon"] and bilan["a_marche"] and bilan["n_a_pas_marche"], fiche["titre"]
        for indicateur in fiche.get("indicateurs", []):
            assert indicateur["liste"] in ListeIndicateur, indicateur["libelle"]
            assert indicateur.get("frequence", "annuelle") in Frequence, indicateur["libelle"]
            for releve in indicateur.get("releves", []):
                assert ("valeur" in releve) is (indicateur["liste"] == "quantitative"), indicateur["libelle"]
                assert releve.get("niveau", "oui") in Niveau, indicateur["libelle"]
                assert "«" not in releve.get("parole", ""), "la page met elle-même les guillemets"


@pytest.mark.parametrize("cle", CLES)
def test_chaque_phrase_qui_compte_se_comprend(cle: str) -> None:
    definies = [
        indicateur["definition"]
        for fiche in _fiches(PROJETS[cle])
        for indicateur in fiche.get("indicateurs", [])
        if "definition" in indicateur
    ]
    assert definies
    for definition in definies:
        lue = lire_definition(definition)
        assert lue.mesures and lire_definition(lue.en_json()) == lue


@pytest.mark.parametrize("cle", CLES)
def test_les_dates_tiennent_dans_le_projet(cle: str) -> None:
    projet = PROJETS[cle]
    du, au = date.fromisoformat(projet["du"]), date.fromisoformat(projet["au"])
    annees = set(range(du.year, au.year + 1))
    for fiche in _fiches(projet):
        assert set(fiche["annees"]) <= annees, fiche["titre"]
        for indicateur in fiche.get("indicateurs", []):
            assert {int(annee) for annee in indicateur.get("cibles", {})} <= annees, indicateur["libelle"]
            assert {releve["annee"] for releve in indicateur.get("releves", [])} <= annees
        assert {bilan["annee"] for bilan in fiche.get("bilans", [])} <= set(fiche["annees"]), fiche["titre"]
        for etape in fiche.get("etapes", []):
            assert ("du" in etape) is not ("dans" in etape), (fiche["titre"], etape)
            debut, fin = etape.get("du", ""), etape.get("au", etape.get("du", ""))
            assert debut <= fin <= projet["au"], (fiche["titre"], etape)
            assert etape.get("jusque", 999) > etape.get("dans", 0), (fiche["titre"], etape)


def test_chaque_chiffre_dit_qu_il_est_invente_sa_source_et_son_annee() -> None:
    for projet in PROJETS.values():
        for chiffre in projet["chiffres"]:
            assert chiffre["zone"] and chiffre["annee"], chiffre["libelle"]
            assert "chiffre inventé pour la démonstration" in chiffre["source"], chiffre["libelle"]


@pytest.mark.parametrize("cle", CLES)
def test_l_ecriture_est_tenue(cle: str) -> None:
    for texte in set(_textes(PROJETS[cle])) - set(DegreParticipation):
        assert not MOTS_CREUX.search(texte), (MOTS_CREUX.search(texte), texte)
        assert "!" not in texte and "..." not in texte and "  " not in texte and "'" not in texte, texte
        assert not re.search(r" [:;?%€»]|« ", texte), texte
        assert all(TELEPHONE_FICTIF.fullmatch(n) for n in re.findall(r"\b0\d(?: \d\d){4}\b", texte)), texte


def test_aucune_phrase_ne_vient_des_documents_recus() -> None:
    if not PARTAGE.is_dir():
        pytest.skip("documents de référence absents (dossier « shared » à côté du dépôt)")
    recues: set[tuple[str, ...]] = set()
    for source in sorted((PARTAGE / "sources").glob("*.txt")):
        recues.update(_suites(_mots(source.read_text(encoding="utf-8")), 8))
    assert len(recues) > 10_000
    for projet in PROJETS.values():
        ecrits = {
            cle: valeur for cle, valeur in projet.items() if cle != "sigles"
        }  # un sigle a un sens officiel
        for texte in _textes(ecrits):
            communes = recues.intersection(_suites(_mots(texte), 8))
            assert not communes, " / ".join(" ".join(suite) for suite in communes)
