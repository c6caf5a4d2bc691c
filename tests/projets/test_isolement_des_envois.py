"""Ce que lit le dehors : des noms et des brouillons sont posés partout, aucune page du dehors n'en dit un.

Le parcours part de l'accueil de chacun et suit tous les liens, fichiers compris : une page nouvelle y est d'office.
"""

import io
import re
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import pypdf
import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import models
from django.test import Client
from django.urls import reverse

from maillage.projets.choices import GenreEnvoi, MomentEvaluation
from maillage.projets.exportation.bilan import bilan_annuel
from maillage.projets.exportation.dossier import document_du_dossier
from maillage.projets.exportation.evaluation import rapport_d_evaluation
from maillage.projets.models import Envoi, PointACompleter, ProjetSocial, Releve
from maillage.projets.noms import ressemble_a_un_nom
from maillage.projets.operations.envois import envoyer
from maillage.projets.operations.gouvernance import (
    ajouter_decision,
    ecrire_le_compte_rendu,
    noter_les_presences,
    regler_les_colleges,
)
from maillage.projets.operations.instruction import annoter, demander_des_complements, rendre_avis
from maillage.projets.operations.partages import partager
from maillage.projets.suivi import lire_suivi
from maillage.projets.verification import manques
from maillage.territoire.choices import GenreInstitution
from tests.distribution import Distribution
from tests.fabriques import InstitutionFactory
from tests.personnes.fabriques import PersonneFactory
from tests.projets.fabriques import InstanceFactory
from tests.projets.fabriques_diagnostic import ParoleFactory, diagnostic_d_essai
from tests.projets.fabriques_envois import donner_un_territoire, representant
from tests.projets.fabriques_evaluation import projet_evalue_d_essai
from tests.projets.fabriques_gouvernance import MandatFactory, ReunionFactory

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]
NOMS = (
    *("Zulma Quillevic", "Quillevic", "Zoltan", "Zéphyrine", "Zdenka", "Zibeline", "Mme Zagreus", "Zagreus"),
    *("Zwingli", "Zurbaran"),
)
BROUILLON = "zzbrouillon"
INTERNE = "Entre conseillers seulement."
DU_DEHORS = {
    *("Envoi", "Partage", "Annotation", "DemandeDeComplements", "PointACompleter", "Avis", "Lettre"),
    *("VersionDeReferentiel", "ReferentielSuivi", "EtapeRetroplanning", "DemandeAgrement"),
}
"""Ce que la Caf lit, ou écrit, vraiment : le reste de la pièce ne vit que dans la maison."""
LIENS = re.compile(r'(?:href|hx-get|src)="(/[^"#]*)')
PLAFOND = 150


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    """Un projet en cours, des noms là où l'équipe en écrit, trois documents transmis."""
    donner_un_territoire(distribution)
    par = distribution.amina
    projet = projet_evalue_d_essai(distribution.deux_ponts, par)
    Releve.objects.filter(juge_par="Mme Perez").update(juge_par="Mme Zagreus")
    PersonneFactory(structure=distribution.deux_ponts, prenom="Zulma", nom="Quillevic")
    copil = InstanceFactory(projet=projet, nom="Comité de pilotage")
    regler_les_colleges(copil, {"habitants": 3, "elus": 1}, par=par)
    college = copil.colleges.get(genre="habitants")
    mandat = MandatFactory(college=college, nom="Zoltan", fonction="Porte-parole, dit Zwingli")
    reunion = ReunionFactory(instance=copil, ordre_du_jour="Entendre Zéphyrine", lieu="Chez Zurbaran")
    noter_les_presences(reunion, {mandat.pk: "present"}, {"elus": 1}, version_lue=1, par=par)
    reunion.refresh_from_db()
    ecrire_le_compte_rendu(reunion, "Zdenka a tout dit.", version_lue=reunion.version, par=par)
    ajouter_decision(reunion, texte="Ouvrir le mercredi.", qui="Zibeline", par=par)
    diagnostic_d_essai(projet)
    ParoleFactory(projet=projet, texte="On attend le bus.", qui="Zulma Quillevic", occasion="Au marché")
    _transmettre(projet, par)
    return projet


def _transmettre(projet: ProjetSocial, par: Any) -> None:
    documents = (
        (GenreEnvoi.DOSSIER, document_du_dossier(projet), 0),
        (GenreEnvoi.MI_PARCOURS, rapport_d_evaluation(projet, MomentEvaluation.MI_PARCOURS), 0),
        (GenreEnvoi.BILAN, bilan_annuel(lire_suivi(projet, 2025, est_dehors=True)), 2025),
    )
    for genre, document, annee in documents:
        envoyer(projet, document, genre=genre, annee=annee, cle=f"{genre}".ljust(32, "0"), par=par)


def _tout_reecrire(projet: ProjetSocial) -> int:
    """Chaque texte libre de ce qui vit devient un brouillon, comme si l'équipe avait tout repris depuis l'envoi."""
    touches = 0
    for modele in apps.get_app_config("projets").get_models():
        if modele.__name__ in DU_DEHORS or not modele._meta.managed:
            continue
        for champ in modele._meta.fields:
            libre = isinstance(champ, models.CharField | models.TextField) and not champ.choices
            if libre and not champ.unique and champ.max_length != 64 and (champ.max_length or 99) >= 40:
                touches += modele._default_manager.exclude(**{champ.name: ""}).update(
                    **{champ.name: BROUILLON}
                )
    return touches


def _en_texte(reponse: Any) -> str:
    octets: bytes = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    if octets.startswith(b"%PDF"):
        lu = pypdf.PdfReader(io.BytesIO(octets))
        return "\n".join(page.extract_text() for page in lu.pages) + str(lu.metadata)
    if octets.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            return "\n".join(archive.read(nom).decode(errors="ignore") for nom in archive.namelist())
    return octets.decode(errors="ignore")


def _parcourir(client: Client) -> Iterator[tuple[str, str]]:
    """Toutes les pages où mènent les liens, une fois chacune, et ce qu'on y lit."""
    vues: set[str] = set()
    attendent = deque(["/espace/", "/espace/dossiers/", "/espace/dossiers-partages/"])
    while attendent and len(vues) < PLAFOND:
        adresse = attendent.popleft()
        if adresse in vues or not adresse.startswith(("/espace/", "/compte/")):
            continue
        vues.add(adresse)
        cache.clear()  # le débit des fichiers
        reponse = client.get(adresse)
        if reponse.status_code != 200:
            continue
        lu = _en_texte(reponse)
        yield adresse, lu
        attendent.extend(lien.replace("&amp;", "&") for lien in LIENS.findall(lu))
    assert not attendent or len(vues) < PLAFOND, "le parcours s'arrête trop tôt"


# --- La Caf ---------------------------------------------------------------------------------------------


def test_le_parcours_de_la_caf_ne_dit_ni_un_nom_ni_un_brouillon(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    dossier = Envoi.objects.get(genre=GenreEnvoi.DOSSIER)
    demande = demander_en_cours(dossier, projet, distribution)
    assert _tout_reecrire(projet) > 30
    PointACompleter.objects.filter(demande=demande).update(reponse=f"Réponse {BROUILLON}")
    lues = dict(_parcourir(client_de("denis")))
    for adresse, lu in lues.items():
        dits = [mot for mot in (*NOMS, BROUILLON) if mot in lu]
        assert not dits, f"{adresse} dit {dits}"
    for envoi in Envoi.objects.all():
        for page in (
            reverse("envoi", args=[envoi.pk]),
            *(reverse("envoi_fichier", args=[envoi.pk, ext]) for ext in ("pdf", "docx", "html")),
        ):
            assert page in lues, f"{page} n'est pas lue"
    assert reverse("dossier_recu", args=[projet.pk]) in lues
    dossier_lu = lues[reverse("envoi", args=[dossier.pk])]
    assert "On attend le bus." in dossier_lu and "Au marché" in dossier_lu, "la parole part, sans son nom"
    assert "Comité de pilotage" in dossier_lu


def demander_en_cours(dossier: Envoi, projet: ProjetSocial, d: Distribution) -> Any:
    """Le projet est soumis, la Caf demande, l'équipe commence à répondre sans renvoyer."""
    ProjetSocial.objects.filter(pk=projet.pk).update(etat="soumis")
    return demander_des_complements(dossier, ["Le budget"], par=d.denis)


def test_rien_de_ce_qui_vit_ne_s_ouvre_a_la_caf(projet: ProjetSocial, client_de: Ouvrir) -> None:
    denis = client_de("denis")
    for etat in ("preparation", "soumis", "a_completer", "en_cours", "evalue", "archive"):
        ProjetSocial.objects.filter(pk=projet.pk).update(etat=etat)
        for page in (
            *("projet", "diagnostic", "arbre", "tableau", "calendrier", "gouvernance", "budget", "dossier"),
            *("suivi", "evaluation", "memoire", "cadre", "verification", "envois", "agrement"),
        ):
            assert denis.get(reverse(page, args=[projet.pk])).status_code == 404, (etat, page)


# --- Le centre, le cofinanceur --------------------------------------------------------------------------


def test_ce_que_la_caf_se_dit_ne_sort_pas_de_la_caf(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    ville = InstitutionFactory(nom="Ville de Thiers", genre=GenreInstitution.COLLECTIVITE)
    representant(distribution, ville)
    dossier = Envoi.objects.get(genre=GenreEnvoi.DOSSIER)
    annoter(dossier, INTERNE, portee="caf", par=distribution.denis)
    rendre_avis(
        dossier,
        sens="reserve",
        motif=INTERNE,
        criteres=[],
        est_montre=False,
        version_lue=0,
        par=distribution.denis,
    )
    partager(projet, [dossier], ville, par=distribution.amina)
    lues = dict(_parcourir(client_de("lea")))
    assert reverse("envoi", args=[dossier.pk]) in lues
    for adresse, lu in lues.items():
        dits = [mot for mot in (*NOMS, INTERNE) if mot in lu]
        assert not dits, f"{adresse} dit {dits}"
    amina = client_de("amina")
    for page in (reverse("agrement", args=[projet.pk]), reverse("envoi", args=[dossier.pk])):
        assert INTERNE not in amina.get(page).text, page
    assert INTERNE in client_de("denis").get(reverse("envoi", args=[dossier.pk])).text


# --- Un nom écrit par mégarde ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("qui", "est_un_nom"),
    [
        ("Mme Perez", True),
        ("une voisine, madame Perez", False),
        ("la voisine de M. Perez", True),
        ("Fatou Diallo", True),
        ("Fatou D.", True),
        ("une mère des Tanneries", False),
        ("Collégienne du Moulin", False),
        ("", False),
    ],
)
def test_ce_qui_ressemble_a_un_nom_se_reconnait(qui: str, est_un_nom: bool) -> None:
    assert ressemble_a_un_nom(qui) is est_un_nom


def test_la_verification_signale_une_parole_qui_dit_un_nom(projet: ProjetSocial) -> None:
    phrases = " ".join(manque.phrase for manque in manques(projet))
    assert "parole semble dire un nom" in phrases
