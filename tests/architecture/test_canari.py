"""Le canari : ce qui est à un autre centre ne sort par aucune porte, et rien n'y bouge.

Engendré : chaque modèle a sa portée (`portees.toml`), chaque champ texte son jeton (`canari.py`), chaque adresse
est appelée par chaque personne avec chaque méthode (`parcours.py`). Une page ou un modèle nouveau y est d'office.
Sur PostgreSQL, GET et POST seulement, et le parcours court (`parcours.ENTIER`).
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from tests.architecture import canari, parcours
from tests.architecture.canari import JETON, Monde, modele, portees
from tests.architecture.parcours import Appel, Visiteuse, appels, substituees, texte
from tests.architecture.test_acces import PERSONNES, table

TOUTES_LES_METHODES = ["GET", "POST", "PUT", "PATCH", "DELETE"]
METHODES = ["GET", "POST"] if connection.vendor == "postgresql" else TOUTES_LES_METHODES
# Ce qui change d'une page à l'autre sans rien dire de l'objet : numéro de demande, jetons de formulaire.
PROPRE_A_LA_DEMANDE = re.compile(
    r'[0-9a-f]{12}\b|csrfmiddlewaretoken" value="\w+"|Set-Cookie: [^\n]+|value="[\w-]+:[\w-]+(:[\w-]+)?"'
)


# --- Les portées (R14) -----------------------------------------------------------------------------


def test_chaque_modele_dit_sa_portee_et_chaque_portee_son_modele() -> None:
    existants = {m._meta.label_lower for m in apps.get_models()}
    assert sorted(existants - set(portees())) == [], "modèles sans ligne dans portees.toml"
    assert sorted(set(portees()) - existants) == [], "lignes sans modèle"


def test_chaque_portee_est_bien_ecrite() -> None:
    permis = {"portee", "chemin", "lue_par", "depot", "comptes", "sans_canari", "peut_manquer"}
    fautes = []
    for etiquette, ligne in portees().items():
        if ligne["portee"] not in {"public", "structure", "personne", "systeme"} or set(ligne) - permis:
            fautes.append(f"{etiquette} : {ligne}")
        if set(ligne.get("lue_par", ())) - {"chloe", "lea", "nadia"}:
            fautes.append(f"{etiquette} : une étrangère dans lue_par")
    assert fautes == []


def test_chaque_modele_d_une_structure_y_mene_sans_manquer() -> None:
    """Un chemin qui peut être vide est une ligne à personne : la raison est écrite."""
    fautes = []
    for etiquette, ligne in portees().items():
        if ligne["portee"] != "structure":
            continue
        etape, peut_etre_vide = modele(etiquette), False
        for nom in ligne["chemin"].split("__"):
            champ = etape._meta.get_field(nom)
            peut_etre_vide |= bool(champ.null)
            etape = champ.related_model  # type: ignore[assignment]
        if etape is not modele("territoire.structure") or peut_etre_vide != ("peut_manquer" in ligne):
            fautes.append(f"{etiquette} : {ligne['chemin']}")
    assert fautes == []


def test_chaque_texte_de_chaque_modele_porte_un_jeton(monde: Monde) -> None:
    """La preuve a des dents : les jetons sont bien en base, champ par champ, et dans les fichiers."""
    portes = {(e, c) for e, c in monde.jetons.values()}
    oublies = []
    for un_modele in canari.porteurs():
        etiquette = un_modele._meta.label_lower
        lignes = repr(
            list(un_modele._base_manager.filter(pk__in=[o.pk for o in monde.lignes[etiquette]]).values())
        )
        for champ in un_modele._meta.concrete_fields:
            texte_libre = isinstance(champ, models.CharField | models.TextField | models.JSONField)
            assez_long = champ.max_length is None or champ.max_length >= 8
            a_part = canari.IDENTIFIANTS | canari.MOTS_DE_LA_MACHINE
            if not texte_libre or not assez_long or champ.choices or champ.name in a_part:
                continue
            if (etiquette, champ.name) not in portes or monde.jeton(etiquette, champ.name) not in lignes:
                oublies.append(f"{etiquette}.{champ.name}")
    assert oublies == []
    assert len(portes) > 80


# --- Les fuites (R17, R19, F1, F4) -----------------------------------------------------------------


@pytest.mark.plafond_de_requetes(200)
@pytest.mark.parametrize("methode", METHODES)
@pytest.mark.parametrize("personne", parcours.VISITEUSES)
def test_rien_de_ce_qui_est_a_b_ne_sort_ni_ne_bouge(
    personne: str, methode: str, monde: Monde, usuelles: dict[str, dict[str, Any]]
) -> None:
    visiteuse = Visiteuse(personne, monde)
    voulus = [appel for appel in appels(methode, monde, usuelles) if parcours.est_du_parcours(appel)]
    pages = {appel.adresse: visiteuse.appeler(appel) for appel in voulus}
    if methode == "GET" and parcours.ENTIER:
        suivre_les_liens(visiteuse, pages)
    assert visiteuse.fautes == []
    assert visiteuse.appels >= len(voulus)
    assert visiteuse._avant == monde.empreinte(personne)


def suivre_les_liens(visiteuse: Visiteuse, pages: dict[str, str], *, par_adresse: int = 3) -> None:
    """Les adresses que les pages montrent (plan du site, flux, pages suivantes), quelques-unes de chaque genre."""
    vues: dict[str, int] = {}
    liens = {lien for page in pages.values() for lien in parcours.liens(page)}
    for lien in sorted(liens - set(pages)):
        if nom := parcours.nom_de(lien):
            vues[nom] = vues.get(nom, 0) + 1
            if vues[nom] <= par_adresse:
                visiteuse.appeler(Appel(nom, "GET", lien))


@pytest.mark.plafond_de_requetes(200)
@pytest.mark.parametrize("personne", parcours.VISITEUSES)
def test_aucun_formulaire_ne_s_attache_a_ce_qui_est_a_b(
    personne: str, monde: Monde, usuelles: dict[str, dict[str, Any]]
) -> None:
    """Chaque formulaire qu'une page montre, avec des champs en trop, puis avec les numéros de B (F4, R19)."""
    visiteuse = Visiteuse(personne, monde)
    faits = set()
    for nom, ligne in table().items():
        adresse = reverse(nom, kwargs=usuelles.get(nom, {})) + ligne.get("suite", "")
        page = visiteuse.appeler(Appel(nom, "GET", adresse))
        for action, champs in parcours.formulaires(page, adresse):
            if (cle := (parcours.nom_de(action), *champs)) not in faits:
                faits.add(cle)
                for appel in parcours.detournes(monde, action, champs):
                    visiteuse.appeler(appel)
    assert faits, "aucun formulaire trouvé : l'épreuve n'a rien éprouvé"
    assert visiteuse.fautes == []


def test_dix_mille_demandes_au_moins(monde: Monde, usuelles: dict[str, dict[str, Any]]) -> None:
    """Le compte de ce que fait le parcours entier, méthode par méthode, sans les formulaires ni les liens."""
    par_personne = sum(len(list(appels(methode, monde, usuelles))) for methode in TOUTES_LES_METHODES)
    assert par_personne * len(PERSONNES) >= 10_000


# --- Un objet étranger répond comme un objet absent (R16) ------------------------------------------


@pytest.mark.parametrize("methode", METHODES[:2])
@pytest.mark.parametrize(
    "personne", [p for p in ("anonyme", "omar", "bruno", "amina", "denis") if p in parcours.VISITEUSES]
)
def test_un_objet_etranger_repond_comme_un_objet_absent(
    personne: str, methode: str, monde: Monde, usuelles: dict[str, dict[str, Any]]
) -> None:
    visiteuse = Visiteuse(personne, monde)
    differences = [
        difference
        for nom in table()
        if nom not in parcours.OBJETS_PUBLICS
        for difference in objet_qui_se_trahit(nom, methode, visiteuse, usuelles)
    ]
    assert differences == []


def objet_qui_se_trahit(
    nom: str, methode: str, visiteuse: Visiteuse, usuelles: dict[str, dict[str, Any]]
) -> Iterator[str]:
    """Les adresses d'un objet de B qui répondent autrement qu'un objet absent."""
    parametres = usuelles.get(nom, {})
    absents = substituees(nom, parametres, absents=True)
    absentes = {epurer(visiteuse.appeler(Appel(nom, methode, a, "x=1")), c) for a, c in absents}
    for adresse, cible in substituees(nom, parametres):
        if cible in parcours.CIBLES_PUBLIQUES:
            continue
        if epurer(visiteuse.appeler(Appel(nom, methode, adresse, "x=1")), cible) not in absentes:
            yield f"{methode} {adresse} ne répond pas comme un objet absent"


def epurer(lu: str, cible: str) -> str:
    return PROPRE_A_LA_DEMANDE.sub("", lu.replace(cible, "OBJET"))


# --- Les dents -------------------------------------------------------------------------------------


def test_qui_a_le_droit_de_voir_un_jeton_le_voit(
    client_de: Callable[[str], Client], monde: Monde, usuelles: dict[str, dict[str, Any]]
) -> None:
    lu = texte(client_de("lea").get(reverse("points")))
    origines = {monde.jetons[jeton.lower()][0] for jeton in JETON.findall(lu)}
    assert "catalogue.pointaverifier" in origines
    assert monde.interdits("bruno", lu)


def test_un_jeton_publie_se_voit_dans_un_fichier_comme_sur_une_page(
    client_de: Callable[[str], Client], monde: Monde
) -> None:
    """Sans quoi chercher dans un dossier ou dans un PDF ne prouverait rien."""
    brouillon = monde.lignes["catalogue.experience"][0]
    type(brouillon)._base_manager.filter(pk=brouillon.pk).update(
        etat="publiee", publie_le="2026-01-01T09:00Z"
    )
    client, code = client_de("anonyme"), brouillon.code  # type: ignore[attr-defined]
    for extension in ("pdf", "docx"):
        adresse = reverse("experience_document", kwargs={"code": code, "extension": extension})
        assert monde.interdits("anonyme", texte(client.get(adresse))), extension
    dossier = reverse("experiences_fichier", kwargs={"extension": "docx"})
    assert monde.interdits("anonyme", texte(client.get(dossier, {"fiche": code})))
