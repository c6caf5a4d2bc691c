"""Le canari : ce qui n'est pas publié ne sort par aucune porte, à personne qui n'a pas à le voir.

Un mot unique est mis dans chaque texte d'expériences non publiées, de comptes, d'invitations, d'imports et du
journal. Chaque adresse est appelée par chaque personne, avec chaque méthode ; le mot ne doit jamais revenir, et
rien de ce qui le porte ne doit changer. Sur PostgreSQL, GET et POST seulement.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, models, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from maillage.catalogue.choices import TEXTES
from maillage.catalogue.models import BlocSource, Experience, Importation, Moyen, PointAVerifier
from maillage.comptes.choices import Role
from maillage.comptes.models import Invitation, Utilisateur
from maillage.core.changements import noter_changements
from maillage.core.journal import journaliser
from maillage.core.models import LigneJournal
from maillage.core.suivi import consommateurs, rattraper
from tests.architecture.objets import adresses_d_essai
from tests.architecture.test_acces import table
from tests.distribution import Distribution
from tests.fabriques import (
    ExperienceFactory,
    ImportationFactory,
    PointAVerifierFactory,
    UtilisateurFactory,
)

CANARI = "canari7f3a"
APPEL = "pistachier"  # on cherche ce mot, qui côtoie le canari ; une page répète ce qu'on cherche
ETRANGERS = ("anonyme", "omar", "bruno", "amina", "denis")
PORTEURS: tuple[type[models.Model], ...] = (
    *(Experience, BlocSource, Moyen, PointAVerifier, Importation),
    *(Invitation, LigneJournal, Utilisateur),
)
METHODES = ["GET", "POST"] if connection.vendor == "postgresql" else ["GET", "POST", "PUT", "PATCH", "DELETE"]


@pytest.fixture
def cachees(distribution: Distribution) -> list[Experience]:
    """Brouillon et fiche retirée d'un autre centre, avec tout ce qui s'y rattache."""
    textes = dict.fromkeys(TEXTES, f"{APPEL} {CANARI}")
    experiences = [
        ExperienceFactory(
            structure=distribution.quatre_vents,
            titre=f"{APPEL} {CANARI} {etat}",
            slug=f"{CANARI}-{etat}",
            fichiers_associes=[f"{CANARI}.pdf"],
            **{etat: True},
            **textes,
        )
        for etat in ("brouillon", "retiree")
    ]
    for experience in experiences:
        bloc = {"titre": CANARI, "resume": CANARI}
        BlocSource.objects.create(
            experience=experience,
            fichier_source=f"{CANARI}.txt",
            position=experience.pk,
            ligne=1,
            bloc=bloc,
            empreinte="0",
        )
        Moyen.objects.create(
            experience=experience, genre="habitants", valeur=3, champ="resume", debut=0, fin=3, extrait=CANARI
        )
        PointAVerifierFactory(experience=experience, extrait=CANARI)
    inconnue = UtilisateurFactory(prenom=CANARI, nom=CANARI, email=f"{CANARI}@essais.exemple")
    ImportationFactory(nom=f"{CANARI}.txt", deposee_par=inconnue, bilan={"lues": CANARI})
    Invitation.objects.create(
        email=f"{CANARI}2@essais.exemple",
        prenom=CANARI,
        nom=CANARI,
        role=Role.DIRECTRICE,
        structure=distribution.quatre_vents,
        jeton_empreinte="1" * 64,
        expire_le=timezone.now() + timedelta(days=7),
    )
    with transaction.atomic():
        journaliser(experiences[0], "essayer", f"{CANARI} a essayé.", par=inconnue, apres={"titre": CANARI})
        noter_changements(experiences, "essayer")
    return experiences


@pytest.mark.plafond_de_requetes(200)
@pytest.mark.parametrize("methode", METHODES)
@pytest.mark.parametrize("personne", ETRANGERS)
def test_rien_de_ce_qui_est_cache_ne_sort(
    personne: str,
    methode: str,
    client_de: Callable[[str], Client],
    distribution: Distribution,
    cachees: list[Experience],
) -> None:
    usuelles = adresses_d_essai(distribution)
    for consommateur in consommateurs():
        rattraper(consommateur)
    avant = _contenu()
    fuites, pannes, appels = [], [], 0
    for adresse in _adresses(usuelles, cachees):
        cache.clear()  # les limites de débit ne sont pas ce qu'on éprouve ici
        client = client_de(personne)
        client.raise_request_exception = False
        reponse = client.generic(methode, adresse, **_corps(methode))
        appels += 1
        if CANARI in _texte(reponse).replace(adresse, "").casefold():
            fuites.append(f"{methode} {adresse} → {reponse.status_code}")
        if reponse.status_code >= 500:
            pannes.append(f"{methode} {adresse} → {reponse.status_code}")
    assert appels > 100
    assert fuites == []
    assert pannes == []
    assert _contenu() == avant


def test_le_canari_est_bien_la_ou_on_le_croit(
    client_de: Callable[[str], Client], cachees: list[Experience]
) -> None:
    """La preuve a des dents : qui a le droit de voir le canari le voit."""
    assert CANARI in _texte(client_de("lea").get(reverse("points")))
    assert all(CANARI in contenu for contenu in _contenu().values())


def test_le_canari_publie_se_voit_dans_un_fichier_comme_sur_une_page(
    client_de: Callable[[str], Client], cachees: list[Experience]
) -> None:
    """Sans quoi chercher dans un dossier ou dans un PDF ne prouverait rien."""
    Experience.objects.filter(pk=cachees[0].pk).update(etat="publiee", publie_le=timezone.now())
    client = client_de("anonyme")
    for extension in ("pdf", "docx"):
        parametres = {"code": cachees[0].code, "extension": extension}
        assert CANARI in _texte(client.get(reverse("experience_document", kwargs=parametres)))
    dossier = reverse("experiences_fichier", kwargs={"extension": "docx"})
    assert CANARI in _texte(client.get(dossier, {"fiche": cachees[0].code}))


def _adresses(usuelles: dict[str, dict[str, Any]], cachees: list[Experience]) -> Iterator[str]:
    """Chaque adresse telle quelle, avec une recherche, et avec chaque objet caché à la place de l'objet montré."""
    for nom, ligne in table().items():
        parametres = usuelles.get(nom, {})
        adresse = reverse(nom, kwargs=parametres)
        yield adresse + ligne.get("suite", "")
        yield f"{adresse}?q={APPEL}&" + "&".join(f"fiche={cachee.code}" for cachee in cachees)
        for cachee in cachees:
            if "code" in parametres and nom != "departement":
                remplaces = {"code": cachee.code} | ({"slug": cachee.slug} if "slug" in parametres else {})
                yield reverse(nom, kwargs={**parametres, **remplaces})
            if "pk" in parametres:
                point = cachee.points.order_by("pk").first()
                yield reverse(nom, kwargs={**parametres, "pk": point.pk})


def _corps(methode: str) -> dict[str, Any]:
    if methode == "GET":
        return {}
    return {
        "data": f"q={APPEL}&email=personne@essais.exemple",
        "content_type": "application/x-www-form-urlencoded",
    }


def _texte(reponse: HttpResponse | StreamingHttpResponse) -> str:
    """Tout ce que la réponse dit, en-têtes compris, une fois les archives et les PDF ouverts."""
    corps = b"".join(reponse) if reponse.streaming else reponse.content
    entetes = " ".join(f"{nom}: {valeur}" for nom, valeur in reponse.headers.items())
    if corps.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(corps)) as archive:
            corps = b" ".join(archive.read(nom) for nom in archive.namelist())
    elif corps.startswith(b"%PDF"):
        pages = PdfReader(io.BytesIO(corps)).pages
        corps = " ".join(page.extract_text() for page in pages).encode()
    return f"{entetes} {corps.decode(errors='replace')}"


def _contenu() -> dict[str, str]:
    """Toutes les lignes qui portent le canari, modèle par modèle."""
    return {
        modele.__name__: repr([l for l in modele.objects.order_by("pk").values() if CANARI in repr(l)])  # type: ignore[attr-defined] # noqa: E741
        for modele in PORTEURS
    }
