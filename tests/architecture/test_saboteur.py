"""Le jumeau saboteur : quand une porte dit toujours oui, la preuve d'étanchéité doit échouer (R18, F2).

Les portes se trouvent seules : lectures qui prennent une personne (`visibles_par`, `redigees_par`…), lectures du
public (`publiees`), phrases de droit (`peut_…`, `est_…`, `structures_de`), compétence territoriale. Toutes ouvertes,
chaque adresse à portée doit être prise en faute. Ouvertes une à une, chacune doit manquer à quelqu'un : une porte
que personne ne regrette n'est pas éprouvée.
"""

import inspect
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from maillage.catalogue.operations.examen import refuser_contribution
from maillage.comptes.models import Appartenance
from maillage.moderation.choices import EtatDemande
from maillage.moderation.models import Demande
from maillage.territoire.models import Structure
from tests.architecture import parcours
from tests.architecture.canari import Monde
from tests.architecture.parcours import Appel, Visiteuse, appels
from tests.architecture.portes import (
    DOUBLEES,
    PIECES_A_TEMOINS,
    Porte,
    portes,
    sert,
    toutes_les_portes,
)
from tests.architecture.test_acces import PERSONNES, adresses, attendu, table
from tests.architecture.test_canari import objet_qui_se_trahit
from tests.fabriques import ContributionFactory, ExperienceFactory

pytestmark = pytest.mark.skipif(
    connection.vendor == "postgresql",
    reason="les portes sont les mêmes que sur SQLite ; le canari y est joué",
)
ESPIONNES = ("bruno", "denis", "lea", "anonyme")
ETRANGERES = ("bruno", "denis", "anonyme")  # Léa tient des listes de tout le réseau
# Portes d'un geste précis, que des adresses prises au hasard n'atteignent pas : chacune a son essai, plus bas.
D_UN_GESTE = {
    "comptes.permissions.structures_a_equiper": "lea_trouve_un_centre_d_ailleurs_a_equiper",
    "comptes.permissions.departements_a_ouvrir": "lea_cree_un_centre_ailleurs",
    "moderation.permissions.peut_defaire": "lea_defait_la_decision_d_une_autre",
}
MAITRESSES = {
    "structures_de",
    "structures_conseillees",
    "est_moderatrice",
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


def objet_trahi(nom_: str, visiteuse: Visiteuse, usuelles: Usuelles) -> Iterator[str]:
    """Un objet de B répond autrement qu'un objet absent."""
    for methode in ("GET", "POST") if visiteuse.personne in ETRANGERES else ():
        yield from objet_qui_se_trahit(nom_, methode, visiteuse, usuelles)


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


EPREUVES = (code_inattendu, objet_trahi, fuites)
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
def test_portes_fermees_chaque_adresse_repond_comme_la_table_le_dit(
    personne: str, monde: Monde, usuelles: dict[str, dict[str, Any]]
) -> None:
    """Le témoin de la première épreuve : sans lui, un reproche permanent ferait croire que chaque porte est gardée.

    Les deux autres ont le leur dans `test_canari.py`, qui les joue toutes portes fermées."""
    espionne = Visiteuse(personne, monde)
    trouves = [faute for nom_ in a_portee() for faute in code_inattendu(nom_, espionne, usuelles)]
    assert trouves + espionne.fautes == []


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
            for autre in toutes_les_portes()
            if any(sert(celle, [inspect.getsource(autre.fermee)]) for celle in trouvees)
        }
        - trouvees
    ):
        trouvees |= suivantes
    return trouvees


def eprouvees() -> list[Porte]:
    """Une par une : toutes par `bin/epreuves etancheite`, celles que les autres composent à chaque `bin/test`.

    Celles du quotidien et des projets ont chacune leurs témoins (`temoins.py`), à chaque `bin/test` aussi."""
    jugees = DOUBLEES | D_UN_GESTE
    seules = [porte for porte in portes() if str(porte) not in jugees and porte.piece not in PIECES_A_TEMOINS]
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
