"""Le jumeau saboteur : quand une porte dit toujours oui, la preuve d'étanchéité doit échouer (R18, F2).

Les portes se trouvent seules : lectures qui prennent une personne (`visibles_par`, `redigees_par`…), lectures du
public (`publiees`), phrases de droit (`peut_…`, `est_…`, `structures_de`), compétence territoriale. Toutes ouvertes,
chaque adresse à portée doit être prise en faute. Ouvertes une à une, chacune doit manquer à quelqu'un : une porte
que personne ne regrette n'est pas éprouvée.
"""

import importlib
import inspect
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from types import FunctionType
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from maillage.catalogue.operations.examen import refuser_contribution
from maillage.comptes.models import Appartenance
from maillage.core.requete_rejouee import RequeteRejouee
from maillage.moderation.choices import EtatDemande
from maillage.moderation.models import Demande
from maillage.territoire.models import Structure
from tests.architecture import parcours
from tests.architecture.canari import Monde
from tests.architecture.lecture import PAQUET, programmes
from tests.architecture.parcours import Appel, Visiteuse, appels, substituees
from tests.architecture.test_acces import PERSONNES, adresses, attendu, table
from tests.architecture.test_canari import epurer
from tests.fabriques import ContributionFactory, ExperienceFactory
from tests.projets.fabriques import ProjetSocialFactory

pytestmark = pytest.mark.skipif(
    connection.vendor == "postgresql",
    reason="les portes sont les mêmes que sur SQLite ; le canari y est joué",
)
ESPIONNES = ("bruno", "denis", "lea", "anonyme")
ETRANGERES = ("bruno", "denis", "anonyme")  # Léa tient des listes de tout le réseau
PUBLIQUES = {"publiees", "publies"}
# Portes doublées par une autre, exprès : l'une seule ouverte ne laisse rien passer. Chacune a sa raison.
DOUBLEES = {
    "catalogue.permissions.peut_remettre_piece": "la pièce se cherche d'abord dans ses propres brouillons",
    "comptes.permissions.peut_tenir_le_compte": "la personne se cherche d'abord parmi celles que l'on gère",
    "catalogue.permissions.peut_ecrire": "décide des boutons d'une histoire déjà cherchée parmi les siennes",
}
# Portes d'un geste précis, que des adresses prises au hasard n'atteignent pas : chacune a son essai, plus bas.
D_UN_GESTE = {
    "comptes.permissions.structures_a_equiper": "lea_trouve_un_centre_d_ailleurs_a_equiper",
    "comptes.permissions.departements_a_ouvrir": "lea_cree_un_centre_ailleurs",
    "moderation.permissions.peut_defaire": "lea_defait_la_decision_d_une_autre",
    "projets.permissions.est_de_l_equipe": "denis_ecrit_dans_un_projet_qu_il_lit",
}
MAITRESSES = {
    "structures_de",
    "structures_conseillees",
    "est_moderatrice",
    "est_de_l_equipe",
    "publiees",
    "filtre",
}
EPREUVES_LONGUES = os.environ.get("MAILLAGE_EPREUVES") == "longues"
# À qui elles ont été confiées, par son nom ou par son institution : aucune porte n'y change rien.
A_UNE_SEULE_PERSONNE = {
    "importation_confirmer",
    "importation_abandonner",
    "fiche_action_relecture",
    "noter_demande",
}
# Leur paramètre n'est pas un objet de la base : lien tiré au hasard, second facteur que l'on n'a pas.
SANS_OBJET = {
    "accepter_invitation",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "donnees_fichier",
}


@dataclass(frozen=True)
class Porte:
    """Une fonction qui décide qui voit quoi, là où elle est écrite."""

    lieu: str
    fermee: FunctionType
    ouverte: FunctionType

    def __str__(self) -> str:
        return f"{self.lieu}.{self.fermee.__name__}"

    def ouvrir(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """En change le corps : qui l'a importée, décorée ou rangée dans un menu l'appelle ouverte."""
        monkeypatch.setattr(self.fermee, "__code__", self.ouverte.__code__)
        monkeypatch.setattr(self.fermee, "__defaults__", None)
        monkeypatch.setattr(self.fermee, "__kwdefaults__", None)
        # une requête déjà écrite garderait la porte fermée, ou la laisserait ouverte après le test
        monkeypatch.setattr(RequeteRejouee, "_ecrite", lambda self: self._ecrire(connections["default"]))


def _tout(self: Any, *_: Any, **__: Any) -> Any:
    return self.all()


def _oui(*_: Any, **__: Any) -> bool:
    return True


def _toutes_les_structures(*_: Any, **__: Any) -> list[int]:
    from maillage.territoire.models import Structure  # le corps est greffé sur un autre module

    return list(Structure.objects.values_list("pk", flat=True))


def _structures_sans_filtre(*_: Any, **__: Any) -> Any:
    from maillage.territoire.models import Structure

    return Structure.objects.all()


def _tous_les_roles(*_: Any, **__: Any) -> Any:
    from maillage.comptes.choices import Role

    return list(Role)


def _aucun_filtre(*_: Any, **__: Any) -> Any:
    from django.db.models import Q

    return Q()


@cache
def portes() -> list[Porte]:
    """Celles qu'une page emploie, elle-même ou par une autre porte."""
    trouvees = _toutes_les_portes()
    employees = {porte for porte in trouvees if _sert(porte, _textes("views", "navigation", "apps"))}
    while (
        suivantes := {
            porte for porte in trouvees if any(_sert(porte, [inspect.getsource(e.fermee)]) for e in employees)
        }
        - employees
    ):
        employees |= suivantes
    return [porte for porte in trouvees if porte in employees]


@cache
def _toutes_les_portes() -> tuple[Porte, ...]:
    return tuple(_trouver_les_portes())


def _trouver_les_portes() -> Iterator[Porte]:
    for fichier in programmes():
        if fichier.stem not in {"permissions", "querysets", "competence"}:
            continue
        module = importlib.import_module(".".join(fichier.relative_to(PAQUET.parent).with_suffix("").parts))
        for objet in list(vars(module).values()):
            if getattr(objet, "__module__", "") != module.__name__:
                continue
            if inspect.isclass(objet):
                yield from _methodes(objet)
            elif (
                isinstance(objet, FunctionType)
                and not objet.__name__.startswith("_")
                and "utilisateur" in inspect.signature(objet).parameters
            ):
                yield Porte(module.__name__.removeprefix("maillage."), objet, _qui_dit_oui(objet))


def _methodes(classe: type) -> Iterator[Porte]:
    for cle, methode in vars(classe).items():
        if not isinstance(methode, FunctionType) or cle.startswith("_"):
            continue
        prend_quelqu_un = "utilisateur" in inspect.signature(methode).parameters
        if issubclass(classe, QuerySet) and (prend_quelqu_un or cle in PUBLIQUES):
            yield Porte(classe.__name__, methode, _tout)
        elif cle == "filtre":
            yield Porte(classe.__name__, methode, _aucun_filtre)


def _qui_dit_oui(fonction: FunctionType) -> FunctionType:
    rendu = str(inspect.signature(fonction).return_annotation)
    if "list[int]" in rendu:
        return _toutes_les_structures
    if "Role" in rendu:
        return _tous_les_roles
    if fonction.__name__.startswith("structures_") and not re.search(r"\bQ\b", rendu):
        return _structures_sans_filtre
    return _aucun_filtre if re.search(r"\bQ\b", rendu) else _oui


def _sert(porte: Porte, textes: Iterable[str]) -> bool:
    """Appelée par son nom, et pour une lecture dans un texte qui cite son modèle."""
    nom_, modele_ = porte.fermee.__name__, porte.lieu.removesuffix("QuerySet")
    cite = re.compile(rf"(?<!def ){nom_}\b") if nom_ != "filtre" else re.compile(r"Competence\(")
    lecture = porte.lieu.endswith("QuerySet")
    return any(cite.search(texte) and (not lecture or modele_ in texte) for texte in textes)


def _textes(*lieux: str) -> list[str]:
    return [
        fichier.read_text(encoding="utf-8")
        for fichier in programmes()
        if any(lieu in fichier.relative_to(PAQUET).with_suffix("").parts for lieu in lieux)
        or fichier.parent.name in {"recherche", "api", "templatetags"}
        or fichier.stem in {"lecture", "exportation", "documents"}
    ]


def a_portee() -> list[str]:
    """Adresses qui refusent à quelqu'un ce qu'elles montrent à d'autres, ou qui montrent un objet par son numéro."""
    vues = {n for n in table() if any(attendu(n, personne) != 404 for personne in PERSONNES)}
    refusees = {n for n in vues if any(attendu(n, personne) == 404 for personne in ESPIONNES)}
    d_un_objet = {n for n in table() if parcours.identifiants(n)} - parcours.OBJETS_PUBLICS
    return sorted((refusees | d_un_objet) - SANS_OBJET - A_UNE_SEULE_PERSONNE)


Usuelles = dict[str, dict[str, Any]]


def code_inattendu(nom_: str, visiteuse: Visiteuse, usuelles: Usuelles) -> Iterator[str]:
    """L'adresse répond autrement que la table d'accès ne le dit."""
    ligne = table()[nom_]
    methode = ligne.get("methode", "GET")
    adresse = reverse(nom_, kwargs=usuelles.get(nom_, {})) + ligne.get("suite", "")
    code = visiteuse.code(Appel(nom_, methode, adresse))
    if code < 500 and code != attendu(nom_, visiteuse.personne):
        yield f"{methode} {adresse} → {code}"


def objet_qui_se_trahit(nom_: str, visiteuse: Visiteuse, usuelles: Usuelles) -> Iterator[str]:
    """Un objet de B répond autrement qu'un objet absent."""
    parametres = usuelles.get(nom_, {})
    for methode in ("GET", "POST") if visiteuse.personne in ETRANGERES else ():
        absents = substituees(nom_, parametres, absents=True)
        absentes = {epurer(visiteuse.appeler(Appel(nom_, methode, a, "x=1")), c) for a, c in absents}
        for a, c in substituees(nom_, parametres):
            if c in parcours.CIBLES_PUBLIQUES:
                continue
            if epurer(visiteuse.appeler(Appel(nom_, methode, a, "x=1")), c) not in absentes:
                yield f"{methode} {a} ne répond pas comme un objet absent"


def fuites(nom_: str, visiteuse: Visiteuse, usuelles: Usuelles) -> Iterator[str]:
    """Un jeton de B se lit, ou une ligne de B bouge : la visiteuse le note d'elle-même."""
    for methode in ("GET", "POST"):
        for appel in appels(methode, visiteuse.monde, usuelles, noms=[nom_]):
            visiteuse.appeler(appel)
            yield from _ce_qu_elle_note(visiteuse)


def _ce_qu_elle_note(visiteuse: Visiteuse) -> list[str]:
    notees = [faute for faute in visiteuse.fautes if "→ 5" not in faute]
    visiteuse.fautes.clear()
    return notees


EPREUVES = (code_inattendu, objet_qui_se_trahit, fuites)
"""Les moins chères d'abord : la première faute suffit à prouver qu'une porte servait."""


def reproches(adresses_: Iterable[str], espionnes: Iterable[Visiteuse], usuelles: Usuelles) -> Iterator[str]:
    """Ce que la preuve reproche à ces adresses, au fur et à mesure."""
    adresses_, espionnes = list(adresses_), list(espionnes)
    for epreuve in EPREUVES:
        for adresse in adresses_:
            for espionne in espionnes:
                yield from epreuve(adresse, espionne, usuelles)
                yield from _ce_qu_elle_note(espionne)


@pytest.mark.plafond_de_requetes(400)
@pytest.mark.parametrize("personne", ESPIONNES)
def test_toutes_portes_fermees_rien_n_est_reproche(
    personne: str, monde: Monde, usuelles: dict[str, dict[str, Any]]
) -> None:
    """Le témoin : sans lui, un reproche permanent ferait croire que chaque porte est gardée."""
    espionne = Visiteuse(personne, monde)
    assert list(reproches(a_portee(), [espionne], usuelles)) == []


@pytest.mark.erreur_journalisee
@pytest.mark.plafond_de_requetes(400)
def test_toutes_portes_ouvertes_chaque_adresse_a_portee_est_prise_en_faute(
    monde: Monde, usuelles: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    espionnes = [Visiteuse(personne, monde) for personne in ESPIONNES]
    for porte in portes():
        porte.ouvrir(monkeypatch)
    survivantes = [
        adresse for adresse in a_portee() if not next(reproches([adresse], espionnes, usuelles), "")
    ]
    assert survivantes == []
    assert len(a_portee()) > 15


def les_siennes_d_abord(porte: Porte) -> list[str]:
    """Les adresses à portée, d'abord celles dont la vue cite la porte, ou une porte qui s'en sert."""
    sources = {nom_: inspect.getsource(sys.modules[vue.__module__]) for nom_, _, vue in adresses()}
    noms = [autre.fermee.__name__ for autre in _qui_s_en_servent(porte)]
    return sorted(a_portee(), key=lambda nom_: -sum(nom in sources[nom_] for nom in noms))


def _qui_s_en_servent(porte: Porte) -> set[Porte]:
    trouvees = {porte}
    while (
        suivantes := {
            autre
            for autre in _toutes_les_portes()
            if any(_sert(celle, [inspect.getsource(autre.fermee)]) for celle in trouvees)
        }
        - trouvees
    ):
        trouvees |= suivantes
    return trouvees


def eprouvees() -> list[Porte]:
    """Une par une : toutes par `bin/epreuves etancheite`, celles que les autres composent à chaque `bin/test`."""
    seules = [porte for porte in portes() if str(porte) not in DOUBLEES | D_UN_GESTE]
    return seules if EPREUVES_LONGUES else [porte for porte in seules if porte.fermee.__name__ in MAITRESSES]


def test_chaque_porte_doublee_existe_encore() -> None:
    assert set(DOUBLEES | D_UN_GESTE) <= {str(porte) for porte in portes()}


def lea_trouve_un_centre_d_ailleurs_a_equiper(lea: Client, monde: Monde) -> bool:
    Appartenance.objects.filter(structure=monde.distribution.quatre_vents).delete()  # plus de direction
    page = lea.get(reverse("equipe"), {"q": monde.distribution.quatre_vents.nom}).content.decode()
    return f"/structure/{monde.distribution.quatre_vents.pk}/" in page


def lea_cree_un_centre_ailleurs(lea: Client, monde: Monde) -> bool:
    ailleurs = monde.distribution.quatre_vents.departement_id
    saisie = {"nom": "Le Moulin neuf", "genre": "centre_social", "departement": ailleurs}
    lea.post(reverse("structure_nouvelle"), saisie)
    return Structure.objects.filter(nom="Le Moulin neuf").exists()


def lea_defait_la_decision_d_une_autre(lea: Client, monde: Monde) -> bool:
    troupe = monde.distribution
    contribution = ContributionFactory(
        experience=ExperienceFactory(structure=troupe.deux_ponts), auteur=troupe.amina, soumise=True
    )
    demande = refuser_contribution(contribution, par=troupe.nadia, motif="Hors sujet.").demande
    lea.post(reverse("defaire_examen", args=[contribution.pk]))
    return Demande.objects.get(pk=demande.pk).etat == EtatDemande.EN_ATTENTE


def denis_ecrit_dans_un_projet_qu_il_lit(denis: Client, monde: Monde) -> bool:
    troupe = monde.distribution
    troupe.caf.departements.add(troupe.deux_ponts.departement)
    projet = ProjetSocialFactory(structure=troupe.deux_ponts, en_cours=True)
    adresse = reverse("arbre_ajouter", args=[projet.pk, "axe"])
    denis.post(adresse, {"lettre": "Z", "titre": "Un axe de la Caf", "couleur": "corail"})
    return projet.axes.filter(lettre="Z").exists()


@pytest.mark.erreur_journalisee
@pytest.mark.plafond_de_requetes(400)
@pytest.mark.parametrize("porte", [p for p in portes() if str(p) in D_UN_GESTE], ids=str)
def test_chaque_porte_d_un_geste_ferme_puis_ouvre(
    porte: Porte, monde: Monde, monkeypatch: pytest.MonkeyPatch
) -> None:
    essai = globals()[D_UN_GESTE[str(porte)]]
    client = Visiteuse(essai.__name__.partition("_")[0], monde).client
    assert not essai(client, monde)
    porte.ouvrir(monkeypatch)
    assert essai(client, monde)


@pytest.mark.erreur_journalisee
@pytest.mark.plafond_de_requetes(400)
@pytest.mark.parametrize("porte", eprouvees(), ids=str)
def test_chaque_porte_ouverte_seule_se_voit(
    porte: Porte,
    monde: Monde,
    usuelles: dict[str, dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    porte.ouvrir(monkeypatch)
    espionnes = [Visiteuse(personne, monde) for personne in ESPIONNES]
    assert next(reproches(les_siennes_d_abord(porte), espionnes, usuelles), ""), "porte sans témoin"
