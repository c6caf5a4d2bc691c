"""Ce que la Caf lit d'un projet ne dépend d'aucun groupe trop petit : deux mondes qu'elle ne distingue pas."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document as LireWord
from openpyxl import load_workbook

from maillage.activites.choices import EtatSeance
from maillage.activites.models import Presence, Satisfaction, Seance
from maillage.core import suivi
from maillage.core.ecriture import empreinte
from maillage.evaluation.consommateur import ConsommateurCalcul
from maillage.evaluation.operations import recalculer_fiche
from maillage.personnes.models import Personne
from maillage.projets.choices import EtatProjet
from maillage.projets.models import Cible, FicheAction, Indicateur, Releve
from maillage.projets.operations.bilans import clore_bilan, ecrire_bilan, rouvrir_bilan
from tests.activites.fabriques import ActiviteFactory, SeanceFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory
from tests.projets.fabriques import FicheActionFactory, IndicateurFactory, ProjetSocialFactory

pytestmark = [pytest.mark.django_db, pytest.mark.plafond_de_requetes(200)]
Ouvrir = Callable[[str], Client]
VIDE = empreinte("")
EN_TOUT = 30
PHRASES: dict[str, dict[str, object]] = {
    "Toutes": {"mesures": ["personnes_differentes"], "par": ["genre"]},
    "Femmes": {"mesures": ["personnes_differentes"], "filtres": {"genre": ["femmes"]}},
    "Hommes": {"mesures": ["personnes_differentes", "presences"], "filtres": {"genre": ["hommes"]}},
    "Venues de femmes": {"mesures": ["presences"], "filtres": {"genre": ["femmes"]}},
    "Assiduité des femmes": {"mesures": ["assiduite"], "filtres": {"genre": ["femmes"]}},
    "Contentes": {"mesures": ["satisfaction"]},
    "Évolution": {"mesures": ["evolution"], "base": ["presences"], "filtres": {"genre": ["femmes"]}},
    "Ateliers": {"mesures": ["seances"]},
}


@pytest.fixture
def fiche(distribution: Distribution) -> FicheAction:
    centre = distribution.deux_ponts
    distribution.caf.departements.add(centre.departement)
    projet = ProjetSocialFactory(structure=centre, etat=EtatProjet.EN_COURS)
    fiche = FicheActionFactory(projet=projet)
    for libelle, definition in PHRASES.items():
        indicateur = IndicateurFactory(fiche=fiche, libelle=libelle, source="calcul", definition=definition)
        Cible.objects.create(indicateur=indicateur, annee=2025, valeur=40)
    atelier = ActiviteFactory(structure=centre, fiche=fiche, titre="Couture")
    debut = datetime(2025, 3, 10, 14, tzinfo=UTC)
    seance = SeanceFactory(activite=atelier, debut=debut, etat=EtatSeance.TENUE)
    gens = [PersonneFactory(structure=centre, prenom=f"Habitant{rang}") for rang in range(EN_TOUT)]
    Presence.objects.bulk_create([Presence(seance=seance, personne=une) for une in gens])
    return fiche


def un_monde(fiche: FicheAction, femmes: int, distribution: Distribution) -> None:
    """Autant de femmes parmi les trente ; autant d'avis, une correction qui le dit, une année d'avant."""
    pks = list(Personne.objects.order_by("pk").values_list("pk", flat=True))
    Personne.objects.filter(pk__in=pks[:femmes]).update(genre="femmes")
    Personne.objects.filter(pk__in=pks[femmes:]).update(genre="hommes")
    Satisfaction.objects.all().delete()
    seance = Seance.objects.get()
    for rang in range(femmes):
        Satisfaction.objects.create(
            seance=seance, reponse="tres" if rang else "pas", donnee_le=seance.fin, cle=uuid4()
        )
    recalculer_fiche(fiche)
    indicateur = Indicateur.objects.get(libelle="Femmes")
    Releve.objects.update_or_create(
        indicateur=indicateur,
        annee=2025,
        defaults={
            "valeur": femmes + 1,
            "motif": f"Maillage en compte {femmes}",
            "saisi_par": distribution.amina,
        },
    )


def tout_lire(client: Client, depart: str) -> dict[str, str]:
    """Chaque page et chaque fichier du projet, de lien en lien."""
    lues: dict[str, str] = {}
    attendues = [depart]
    while attendues:
        adresse = attendues.pop()
        reponse = client.get(adresse)
        if reponse.status_code in {302, 404, 429}:
            continue
        assert reponse.status_code == 200, adresse
        lues[adresse] = _texte(reponse)
        liens = re.findall(
            r'(?:href|hx-get)="(/espace/projets/\d[^"#]*|/espace/projets/[a-z][^"#]*)', lues[adresse]
        )
        a_lire = [
            lien for lien in dict.fromkeys(liens) if not lien.endswith("pdf")
        ]  # le Word, la page disent le même
        attendues += [lien for lien in a_lire if lien not in lues and lien not in attendues]
    return lues


def _texte(reponse: object) -> str:
    octets = b"".join(reponse)  # type: ignore[call-overload]
    genre = reponse["Content-Type"]  # type: ignore[index]
    if "wordprocessing" in genre:
        word = LireWord(io.BytesIO(octets))
        cellules = [c.text for t in word.tables for ligne in t.rows for c in ligne.cells]
        return "\n".join([*(p.text for p in word.paragraphs), *cellules])
    if "opendocument" in genre:
        return zipfile.ZipFile(io.BytesIO(octets)).read("content.xml").decode()
    if "spreadsheet" in genre:
        feuilles = load_workbook(io.BytesIO(octets)).worksheets
        return "\n".join(str(ligne) for feuille in feuilles for ligne in feuille.values)
    lue = octets.decode().replace("\xa0", " ").replace("\u202f", " ")
    lue = re.sub(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"', "", lue)
    return re.sub(r'data-session="\d+"|X-CSRFToken[^}]*', "", lue)


@pytest.mark.parametrize("est_clos", [False, True], ids=["ouvert", "clos"])
def test_la_caf_ne_distingue_pas_sept_femmes_de_neuf_dans_aucune_page(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution, est_clos: bool
) -> None:
    depart = reverse("projet", args=[fiche.projet_id])
    textes = {"degre": "atteint", "suite": "poursuivre", "lecon": "Rien"}
    ecrire_bilan(fiche, 2025, textes, dict.fromkeys(textes, VIDE), par=distribution.amina)
    vues, equipe = [], []
    for femmes in (7, 9):
        un_monde(fiche, femmes, distribution)
        if est_clos:
            clore_bilan(fiche, 2025, par=distribution.amina)
        suivi.rattraper(ConsommateurCalcul())
        vues.append(tout_lire(client_de("denis"), depart))
        equipe.append(client_de("farid").get(reverse("indicateurs", args=[fiche.pk])).content)
        if est_clos:
            rouvrir_bilan(fiche, 2025, par=distribution.amina)
    assert vues[0] == vues[1]
    assert equipe[0] != equipe[1]  # le crible n'est pas aveugle
    for page in ("indicateurs", "fiche_action"):
        assert reverse(page, args=[fiche.pk]) in vues[0]
    assert reverse("bilan_document", args=[fiche.projet_id, 2025]) in vues[0]
    lu = "".join(vues[0].values())
    assert "moins de 11" in lu
    assert "caché" in lu


def test_la_caf_lit_le_tout_et_ce_qui_ne_compte_personne(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    un_monde(fiche, 7, distribution)
    page = tout_lire(client_de("denis"), reverse("indicateurs", args=[fiche.pk]))
    liste = page[reverse("indicateurs", args=[fiche.pk])]
    assert "<strong>30 sur 40</strong>" in liste
    assert "<strong>1 sur 40</strong>" in liste  # une séance n'est personne
    assert liste.count("moins de 11") == 2
    assert "7 sur" not in liste and "23 sur" not in liste


def test_un_grand_nombre_se_lit_partout(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    un_monde(fiche, 14, distribution)
    Releve.objects.all().delete()
    liste = client_de("denis").get(reverse("indicateurs", args=[fiche.pk])).content.decode()
    for nombre in ("14 sur", "16 sur", "30 sur"):
        assert nombre in liste.replace("\xa0", " ")


def test_une_valeur_que_rien_ne_dit_montrable_se_cache(
    client_de: Ouvrir, fiche: FicheAction, distribution: Distribution
) -> None:
    """Une valeur d'avant ces règles, ou que le calcul n'a pas revue."""
    un_monde(fiche, 14, distribution)
    Releve.objects.all().delete()
    indicateur = Indicateur.objects.get(libelle="Femmes")
    indicateur.valeurs_calculees.update(dehors=[], valeur=Decimal(888))
    liste = client_de("denis").get(reverse("indicateurs", args=[fiche.pk])).content.decode()
    assert "888" not in liste
    assert "888" in client_de("farid").get(reverse("indicateurs", args=[fiche.pk])).content.decode()
