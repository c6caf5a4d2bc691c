"""Le réseau de démonstration, relu : il sert de vitrine, il doit être juste et bien écrit."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from stdnum import luhn
from stdnum.fr import siret

from maillage.catalogue.importation.lexique import VALEURS
from maillage.demo.donnees import lire
from maillage.territoire import horaires
from maillage.territoire.choices import FormeGestionnaire, GenreInstitution, GenreStructure, TypeAgrement
from maillage.territoire.telephone import telephone_international

RACINE = Path(__file__).resolve().parents[2]
PARTAGE = RACINE.parent / "shared"
COMMUNES = RACINE / "node_modules/@etalab/decoupage-administratif/data/communes.json"

# Plages réservées par l'Arcep aux œuvres de fiction : ces numéros ne sonnent chez personne.
TELEPHONE_FICTIF = re.compile(r"(01 99 00|02 61 91|03 53 01|04 65 71|05 36 49|06 39 98)( \d\d){2}")
MOTS_CREUX = re.compile(
    r"\b(synerg|impuls|innovan|bienveillan|vivre[- ]ensemble|co-?constru|levier|dynami[qs]|tisse(r|z|nt)\b|"
    r"fédérat(eur|rice)|incontournable|véritable|n’hésite|dans le cadre de|mettre en place|au niveau de|"
    r"permet(tent)? de|favoris|acteurs? du territoire|veuillez|assistant virtuel)",
    re.IGNORECASE,
)
TEXTES = (
    "raison_fin", "resume", "description_experience", "description", "ressources_financieres",
    "personnes_mobilisees", "resultat_territoire", "resultat_centre", "resultat_habitants", "limites",
    "perspectives",
)  # fmt: skip
IMPARFAITES = {"La bricothèque", "Permanence sans écran", "Moins d’eau qui dort, moins de moustiques"}
"""Fiches laissées incomplètes exprès, pour montrer les conseils de qualité."""

structures: list[dict[str, Any]] = lire("structures")
experiences: list[dict[str, Any]] = lire("experiences")
VIE = ("contributions", "commentaires", "signalements", "collections")
"""Ce qui s'écrit et se dit dans le réseau, une fois les fiches publiées."""


def _textes(valeur: Any) -> Iterator[str]:
    if isinstance(valeur, str):
        yield valeur
    elif isinstance(valeur, dict):
        for element in valeur.values():
            yield from _textes(element)
    elif isinstance(valeur, list):
        for element in valeur:
            yield from _textes(element)


def _mots(texte: str) -> list[str]:
    return re.findall(r"\w+", texte.casefold())


def _suites(mots: list[str], longueur: int) -> Iterable[tuple[str, ...]]:
    return zip(*(mots[decalage:] for decalage in range(longueur)), strict=False)


def test_le_reseau_compte_douze_structures_dans_quatre_departements_dont_un_d_outre_mer() -> None:
    genres = Counter(structure["genre"] for structure in structures)
    assert genres == {GenreStructure.CENTRE_SOCIAL: 8, GenreStructure.ESPACE_DE_VIE_SOCIALE: 4}
    departements = {re.match(r"97\d|\d\d", s["commune_insee"])[0] for s in structures}  # type: ignore[index]
    assert departements == {"34", "38", "59", "974"}
    assert sum(len(structure["sites"]) > 1 for structure in structures) >= 5


def test_chaque_structure_partage_des_experiences() -> None:
    par_structure = Counter(experience["structure"] for experience in experiences)
    assert set(par_structure) == {structure["cle"] for structure in structures}
    assert len(experiences) == len({experience["titre"] for experience in experiences}) == 46


def test_chaque_commune_existe_et_porte_ce_code_postal() -> None:
    if not COMMUNES.is_file():
        pytest.skip("référentiel des communes absent (npm ci)")
    codes = {
        commune["code"]: commune.get("codesPostaux", [])
        for commune in json.loads(COMMUNES.read_text(encoding="utf-8"))
        if commune["type"] == "commune-actuelle"
    }
    for structure in structures:
        for lieu in [structure, *structure["sites"]]:
            assert lieu["code_postal"] in codes[lieu["commune_insee"]], lieu["nom"]
        for desserte in structure["desserte"]:
            assert desserte["commune_insee"] in codes, structure["nom"]


def test_chaque_siret_est_bien_forme_et_n_a_jamais_ete_attribue() -> None:
    """Le numéro commence par 999 : aucun SIREN réel n'en est là."""
    numeros = [structure["siret"] for structure in structures]
    assert len(set(numeros)) == len(numeros)
    for numero in numeros:
        assert siret.is_valid(numero) and luhn.is_valid(numero[:9]) and numero.startswith("999"), numero


def test_aucun_telephone_ni_courriel_ne_peut_toucher_quelqu_un() -> None:
    for structure in structures:
        assert structure["courriel"].endswith(".example") and structure["site_web"].endswith(".example")
        for lieu in [structure, *structure["sites"]]:
            assert TELEPHONE_FICTIF.fullmatch(lieu["telephone"]), lieu["telephone"]
            assert telephone_international(lieu["telephone"])
    courriels = [personne["courriel"] for personne in lire("personnes") if "courriel" in personne]
    assert len(set(courriels)) == len(courriels) == 9
    assert all(courriel.endswith("@exemple.fr") for courriel in courriels)


def test_chaque_site_dit_ses_horaires_et_sa_place_sur_la_carte() -> None:
    for structure in structures:
        assert sum(site["est_principal"] for site in structure["sites"]) == 1
        for site in structure["sites"]:
            assert horaires.tableaux(horaires.lire(site["horaires"])), site["nom"]
            outre_mer = site["commune_insee"].startswith("97")
            assert (-22 < site["latitude"] < -20) if outre_mer else (42 < site["latitude"] < 51), site["nom"]
            assert (55 < site["longitude"] < 56) if outre_mer else (2 < site["longitude"] < 6), site["nom"]


def test_les_fermetures_finissent_apres_leur_debut_et_tombent_un_jour_ou_le_site_ouvre() -> None:
    fermetures = [
        (site, fermeture)
        for structure in structures
        for site in structure["sites"]
        for fermeture in site["fermetures"]
    ]
    assert len(fermetures) >= 6
    for site, fermeture in fermetures:
        du, au = date.fromisoformat(fermeture["du"]), date.fromisoformat(fermeture["au"])
        assert du <= au and fermeture["motif"] and fermeture["reouverture"], site["nom"]
        assert fermeture["precision"] in {"", "matin", "après-midi"}
        assert horaires.lire(site["horaires"]).journee(du).plages, f"{site['nom']} est fermé le {du}"


def test_la_rue_departage_les_deux_centres_de_bourgoin_jallieu() -> None:
    rues = [
        set(desserte["rues"])
        for structure in structures
        for desserte in structure["desserte"]
        if desserte["commune_insee"] == "38053"
    ]
    assert len(rues) == 2 and all(rues) and not rues[0] & rues[1]


def test_les_valeurs_fermees_sont_celles_de_l_application() -> None:
    for cle in ("dimensions", "mots_cles", "publics", "initiatives"):
        for experience in experiences:
            assert set(experience[cle]) <= set(VALEURS[cle].values()), (experience["titre"], cle)
    for experience in experiences:
        assert experience["territoire"] in VALEURS["territoire"].values()
        assert experience["statut"] in VALEURS["statut"].values()
    for structure in structures:
        assert structure["gestionnaire"]["forme"] in FormeGestionnaire
        assert all(agrement["type"] in TypeAgrement for agrement in structure["agrements"])
    assert all(institution["genre"] in GenreInstitution for institution in lire("institutions"))


def test_tous_les_mots_cles_et_tous_les_publics_ont_leur_exemple() -> None:
    """Une facette vide ne montre rien à qui découvre le catalogue."""
    for cle in ("dimensions", "mots_cles", "publics"):
        presents = {valeur for experience in experiences for valeur in experience[cle]}
        assert presents == set(VALEURS[cle].values()), cle


def test_une_experience_raconte_sauf_celles_laissees_imparfaites() -> None:
    for experience in experiences:
        longueur = sum(len(experience.get(champ, "").split()) for champ in TEXTES)
        if experience["titre"] in IMPARFAITES:
            assert any(champ not in experience for champ in TEXTES[1:])
        else:
            assert 240 <= longueur <= 460, (experience["titre"], longueur)
            assert all(experience.get(champ) for champ in TEXTES[1:]), experience["titre"]


def test_une_action_terminee_dit_pourquoi() -> None:
    terminees = [experience for experience in experiences if experience["statut"] == "Terminée"]
    assert len(terminees) >= 6
    assert all(experience.get("raison_fin") for experience in terminees)


def test_les_montants_des_financeurs_se_retrouvent_dans_le_texte() -> None:
    """Deux chiffres qui se contredisent ruinent la confiance : le montant rangé est celui qu'on lit."""
    for experience in experiences:
        ecrits = re.sub(r"(?<=\d)\s(?=\d{3})", "", experience.get("ressources_financieres", ""))
        for financeur in experience["financeurs"]:
            if financeur["montant"] is not None:
                assert str(financeur["montant"]) in re.findall(r"\d+", ecrits), (
                    experience["titre"],
                    financeur,
                )


def test_les_dates_se_suivent() -> None:
    for experience in experiences:
        publie_le = date.fromisoformat(experience["publie_le"])
        assert 2024 <= publie_le.year <= 2026
        assert experience["depuis"] < experience["publie_le"][:7], experience["titre"]
        for champ in ("ressources_financieres", "resultat_centre", "resultat_habitants", "limites"):
            annees = re.findall(r"\b20[2-3]\d\b", experience.get(champ, ""))
            assert all(int(annee) <= publie_le.year for annee in annees), experience["titre"]


def test_aucune_fiche_ne_nomme_une_personne_de_la_distribution() -> None:
    prenoms = {personne["prenom"] for personne in lire("personnes")}
    noms = prenoms | {personne["nom"] for personne in lire("personnes")}
    for experience in experiences:
        texte = " ".join(_textes(experience))
        assert not noms & set(re.findall(r"\w+", texte)), experience["titre"]
        assert "@" not in texte and not re.search(r"\b0\d([ .]?\d\d){4}\b", texte), experience["titre"]
        assert not re.search(r"\b(M\.|Mme|Mlle|Monsieur|Madame)\s+[A-ZÉ]", texte), experience["titre"]


def test_l_ecriture_est_tenue() -> None:
    """Ni mot creux, ni point d'exclamation, ni apostrophe droite ; des espaces insécables à leur place."""
    for nom in ("structures", "institutions", "personnes", "experiences"):
        for texte in _textes(lire(nom)):
            assert not MOTS_CREUX.search(texte), (MOTS_CREUX.search(texte), texte)
            assert "!" not in texte and "..." not in texte and "  " not in texte, texte
            if texte not in VALEURS["initiatives"].values():
                assert "'" not in texte, texte
            assert not re.search(r" [:;?%€»]|« ", texte), texte
            assert not re.search(r"(?m)^\s*[-•]", texte), texte


def test_aucune_phrase_ne_vient_des_documents_recus() -> None:
    if not PARTAGE.is_dir():
        pytest.skip("documents de référence absents (dossier « shared » à côté du dépôt)")
    recues: set[tuple[str, ...]] = set()
    for source in sorted((PARTAGE / "sources").glob("*.txt")):
        recues.update(_suites(_mots(source.read_text(encoding="utf-8")), 8))
    assert len(recues) > 10_000
    for nom in ("structures", "experiences"):
        for texte in _textes(lire(nom)):
            communes = recues.intersection(_suites(_mots(texte), 8))
            assert not communes, " / ".join(" ".join(suite) for suite in communes)


@pytest.mark.parametrize("fichier", VIE)
def test_la_vie_du_reseau_parle_clair_et_n_appelle_personne(fichier: str) -> None:
    textes = list(_textes(lire(fichier)))
    assert textes
    assert [texte for texte in textes if MOTS_CREUX.search(texte)] == []
    numeros = [trouve.group() for texte in textes for trouve in re.finditer(r"\b0\d( \d\d){4}\b", texte)]
    assert [numero for numero in numeros if not TELEPHONE_FICTIF.fullmatch(numero)] == []
