"""Appeler chaque adresse comme une étrangère le ferait, et dire ce qui ne devait pas arriver."""

import html
import io
import json
import logging
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import lxml.html
from allauth.account.auth_backends import AuthenticationBackend
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse
from django.urls.converters import IntConverter
from pypdf import PdfReader

from maillage.core.journal_technique import LigneJson
from maillage.core.models import Courrier
from tests.architecture.canari import (
    ABSENT,
    APPEL,
    CODE_ABSENT,
    CODES,
    PREMIER,
    Monde,
    modele,
    porteurs,
)
from tests.architecture.test_acces import PERSONNES, table
from tests.distribution import equiper, tenir_la_session
from tests.garde import ECRITURE

# Écrites par toute demande ou par toute entrée : elles ne sont à personne d'autre que qui demande.
TABLES_DE_SESSION = {"django_session", "usersessions_usersession"}
NUMEROS = [PREMIER, PREMIER + 1, PREMIER + 2]
SEULS = ("fiche", "structure")
EN_TROP = {
    "role": "administratrice",
    "is_staff": "on",
    "is_superuser": "on",
    "is_active": "on",
    "etat": "publiee",
    "par": str(PREMIER),
    "next": "https://mechant.exemple/",
    "q": APPEL,
    "texte": APPEL,
}
SANS_TELEPHONE = {"omar"}
"""Les pages qui nomment le mènent d'abord à relier un téléphone ; les autres les ouvrent vraiment."""
# Le paramètre de ces adresses désigne quelque chose que chacun lit, et la fiche publique de B est à tous.
OBJETS_PUBLICS = {"departement"}
CIBLES_PUBLIQUES = {str(PREMIER + 1), str(PREMIER + 2), *CODES[1:]}
# Pour un morceau de page, ou une méthode que nulle vue n'attend, la ligne la plus secrète de B suffit.
LA_PLUS_SECRETE = {str(PREMIER), CODES[0]}
ENTETES = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FORMULAIRE = "application/x-www-form-urlencoded"
ENTIER = connection.vendor != "postgresql" or os.environ.get("MAILLAGE_EPREUVES") == "longues"
"""Les mêmes phrases décident sur les deux bases. Sur PostgreSQL, le parcours entier est pour `bin/epreuves` ; à chaque
`bin/test`, une personne de chaque rôle, chaque adresse, et la ligne la plus secrète de B."""
VISITEUSES = PERSONNES if ENTIER else ("anonyme", "bruno", "amina", "denis", "lea", "nadia")


@dataclass(frozen=True)
class Appel:
    """Une demande à faire. `nom` : celui de son adresse. `cible` : l'objet glissé dans le chemin, s'il y en a un."""

    nom: str
    methode: str
    adresse: str
    corps: str = ""
    genre: str = FORMULAIRE
    cible: str = ""
    est_fragment: bool = False
    """Demandée par htmx, qui reçoit un morceau de la même page."""

    def __str__(self) -> str:
        return f"{self.methode} {self.adresse}" + (f" [{self.corps[:80]}]" if self.corps else "")


def appels(
    methode: str, monde: Monde, usuelles: dict[str, dict[str, Any]], *, noms: list[str] | None = None
) -> Iterator[Appel]:
    """Chaque adresse telle quelle, avec tout en paramètre, et avec chaque objet de B à la place du sien."""
    parametres = _partout(monde)
    for nom in noms or table():
        ligne = table()[nom]
        chemin = reverse(nom, kwargs=usuelles.get(nom, {}))
        if methode == "GET":
            yield Appel(nom, methode, chemin + ligne.get("suite", ""))
            tout = f"{chemin}?{urlencode({'q': APPEL} | parametres, doseq=True)}"
            yield Appel(nom, methode, tout)
            yield Appel(nom, methode, f"{chemin}?q={APPEL}", est_fragment=True)
            for cle in (
                () if identifiants(nom) else SEULS
            ):  # un paramètre refusé ne doit pas en cacher un autre
                yield Appel(nom, methode, f"{chemin}?{urlencode({cle: parametres[cle]}, doseq=True)}")
        elif methode == "POST" or not identifiants(nom):
            yield Appel(nom, methode, chemin, *_corps(methode, parametres))
        for adresse, cible in substituees(nom, usuelles.get(nom, {})):
            if methode == "GET":
                yield Appel(nom, methode, adresse, cible=cible)
                if cible in LA_PLUS_SECRETE:
                    yield Appel(nom, methode, adresse, cible=cible, est_fragment=True)
            elif methode == "POST" or cible in LA_PLUS_SECRETE:  # les autres méthodes n'ont pas de vue
                yield Appel(nom, methode, adresse, *_corps(methode, parametres), cible=cible)


def est_du_parcours(appel: Appel) -> bool:
    """Tous ; sur PostgreSQL, l'adresse avec tout en paramètre, et la ligne la plus secrète glissée dans le chemin."""
    if ENTIER:
        return True
    if appel.methode == "GET" and not appel.cible:
        return f"q={APPEL}&" in appel.adresse
    return not appel.est_fragment and appel.cible in {"", *LA_PLUS_SECRETE}


def _corps(methode: str, parametres: dict[str, Any]) -> tuple[str, str]:
    """Chaque champ de chaque modèle y porte un numéro de B, et ce que personne ne doit pouvoir s'attribuer."""
    if methode == "POST":
        return urlencode(parametres | EN_TROP, doseq=True), FORMULAIRE
    return json.dumps(parametres | EN_TROP), "application/json"


def substituees(nom: str, parametres: dict[str, Any], *, absents: bool = False) -> Iterator[tuple[str, str]]:
    """(adresse, objet) : chaque paramètre du chemin remplacé par un identifiant de B, ou de personne."""
    for cle, est_entier in identifiants(nom).items():
        pour_b = NUMEROS if est_entier else list(CODES)
        pour_personne = [ABSENT] if est_entier else [CODE_ABSENT]
        for valeur in pour_personne if absents else pour_b:
            yield reverse(nom, kwargs={**parametres, cle: valeur}), str(valeur)


def identifiants(nom: str) -> dict[str, bool]:
    """Paramètres du chemin qui désignent un objet ; vrai pour un numéro."""
    return _identifiants_par_nom().get(nom, {})


def _identifiants_par_nom(memoire: dict[str, dict[str, bool]] = {}) -> dict[str, dict[str, bool]]:  # noqa: B006
    if not memoire:
        _lire_les_routes(get_resolver(), "", memoire)
    return memoire


def _lire_les_routes(branche: URLResolver, espace: str, routes: dict[str, dict[str, bool]]) -> None:
    for motif in branche.url_patterns:
        if isinstance(motif, URLResolver):
            _lire_les_routes(motif, f"{espace}{motif.namespace}:" if motif.namespace else espace, routes)
        elif isinstance(motif, URLPattern):
            convertisseurs = getattr(motif.pattern, "converters", {})
            routes[f"{espace}{motif.name or motif.pattern}"] = {
                cle: isinstance(c, IntConverter)
                for cle, c in convertisseurs.items()
                if isinstance(c, IntConverter) or cle.startswith("code")
            }


def _partout(monde: Monde) -> dict[str, Any]:
    """Tous les noms de champ des modèles de B, chacun avec un identifiant de B."""
    champs: dict[str, Any] = {"pk": PREMIER, "id": PREMIER, "fiche": list(CODES), "objet_id": PREMIER}
    for un_modele in porteurs():
        for champ in un_modele._meta.concrete_fields:
            if champ.is_relation:
                champs[champ.name] = PREMIER
            elif champ.name == "code":
                champs[champ.name] = CODES[0]
    return champs | {"structure": monde.distribution.quatre_vents.pk}


@dataclass
class Visiteuse:
    """Une personne, ce qu'elle appelle, et ce qui n'aurait pas dû arriver."""

    personne: str
    monde: Monde
    fautes: list[str] = field(default_factory=list)
    appels: int = 0
    dernier_code: int = 0

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self._entrer()
        self._avant = self.monde.empreinte(self.personne)
        self._journal = _Journal()

    def _entrer(self) -> None:
        if compte := self.monde.distribution.personne(self.personne):
            moteur = f"{AuthenticationBackend.__module__}.{AuthenticationBackend.__name__}"
            if self.personne not in SANS_TELEPHONE:
                equiper(compte)
            self.client.force_login(compte, backend=moteur)
            tenir_la_session(self.client, compte)

    def appeler(self, appel: Appel) -> str:
        """Fait la demande, cherche les fautes, remet la base comme avant ; rend ce qui a été lu."""
        cache.clear()  # les limites de débit ne sont pas ce qu'on éprouve ici
        mail.outbox.clear()
        point = transaction.savepoint()
        temoins = self.client.cookies.copy()
        tables: set[str] = set()
        dernier = Courrier.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with connection.execute_wrapper(_noter_les_ecritures(tables)), self._journal:
            entetes = {"HX-Request": "true"} if appel.est_fragment else {}
            reponse = self.client.generic(
                appel.methode, appel.adresse, appel.corps, content_type=appel.genre, headers=entetes
            )
            self.dernier_code = reponse.status_code
            if appel.methode == "GET" and reponse.status_code == 301:  # la même page, à son adresse entière
                reponse = self.client.get(reponse.headers["Location"], headers=entetes)
            lu = texte(reponse)
        self.appels += 1
        self._juger(appel, reponse, lu, tables - TABLES_DE_SESSION, dernier)
        transaction.savepoint_rollback(point)
        self.client.cookies = temoins
        return lu

    def code(self, appel: Appel) -> int:
        self.appeler(appel)
        return self.dernier_code

    def _juger(
        self, appel: Appel, reponse: HttpResponse, lu: str, tables: set[str], dernier_courrier: int
    ) -> None:
        if reponse.status_code >= 500:
            self.fautes.append(f"{appel} → {reponse.status_code}")
        for origine in self.monde.interdits(self.personne, lu):
            self.fautes.append(f"{appel} montre {origine}")
        self.fautes += [f"{appel} : {manque}" for manque in self._entetes_manquants(appel, reponse)]
        if "mechant.exemple" in reponse.headers.get("Location", ""):
            self.fautes.append(f"{appel} renvoie hors de la maison")
        for ligne in self._journal.vider():
            for origine in self.monde.interdits("", ligne.replace(appel.adresse.split("?")[0], "")):
                self.fautes.append(f"{appel} écrit {origine} au journal technique")
            if APPEL in ligne:
                self.fautes.append(f"{appel} écrit au journal technique ce que la personne a saisi")
        if tables:
            self._juger_les_ecritures(appel, dernier_courrier)
        for message in mail.outbox:
            self._juger_un_courrier(appel, ", ".join(message.to), f"{message.subject} {message.body}")

    def _entetes_manquants(self, appel: Appel, reponse: HttpResponse) -> Iterator[str]:
        """Ce que toute réponse porte (R63, R64) : le navigateur n'exécute, n'encadre et ne devine rien."""
        politique = reponse.headers.get("Content-Security-Policy", "")
        if "default-src 'none'" not in politique or "unsafe-" in politique:
            yield f"politique de sécurité « {politique[:60]} »"
        for nom, voulu in ENTETES.items():
            if reponse.headers.get(nom) != voulu:
                yield f"{nom} vaut {reponse.headers.get(nom)}"
        est_donnee_ouverte = appel.nom.startswith(("api", "donnees"))
        if reponse.headers.get("Cross-Origin-Resource-Policy") != "same-origin" and not est_donnee_ouverte:
            yield "un autre site peut la prendre"
        est_lue = reponse.status_code == 200 and self.monde.distribution.personne(self.personne)
        if est_lue and "no-store" not in reponse.headers.get("Cache-Control", ""):
            yield "page d'une personne connectée gardée par le navigateur"

    def _juger_les_ecritures(self, appel: Appel, dernier_courrier: int) -> None:
        for etiquette, lignes in self.monde.empreinte(self.personne).items():
            if lignes != self._avant[etiquette]:
                self.fautes.append(f"{appel} change {etiquette} de B")
        for courrier in Courrier.objects.filter(pk__gt=dernier_courrier):
            self._juger_un_courrier(appel, courrier.destinataire, f"{courrier.sujet} {courrier.texte}")
        for etiquette in ("comptes.appartenance", "comptes.invitation"):
            nouveaux = modele(etiquette)._base_manager.filter(role__in=["administratrice", "moderatrice"])
            if self.personne != "nadia" and nouveaux.filter(pk__lt=PREMIER).count() > _tenues(etiquette):
                self.fautes.append(f"{appel} donne un rôle du réseau")

    def _juger_un_courrier(self, appel: Appel, destinataires: str, contenu: str) -> None:
        if self.monde.interdits("", destinataires):
            return  # il est adressé à une personne de B, qui peut lire ce qui est à elle
        for origine in self.monde.interdits(self.monde.prenom(destinataires), contenu):
            self.fautes.append(f"{appel} envoie {origine} par courriel à {destinataires}")


def _tenues(etiquette: str) -> int:
    """Rôles du réseau donnés par la distribution : Léa et Nadia."""
    return 2 if etiquette == "comptes.appartenance" else 0


def liens(page: str) -> Iterator[str]:
    """Adresses de la maison que cite une page, un flux ou un plan du site."""
    motif = r"""(?:href|src|hx-get)="([^"#]+)|<loc>([^<]+)"""
    for attribut, loc in re.findall(motif, page):
        lien = re.sub(r"^https?://(localhost(:\d+)?|testserver)", "", html.unescape(attribut or loc))
        if lien.startswith("/") and not lien.startswith(("//", "/s/")):
            yield lien


def nom_de(adresse: str) -> str:
    """Nom de l'adresse, vide si elle n'est pas à nous."""
    try:
        return str(resolve(adresse.split("?")[0]).view_name)
    except Resolver404:
        return ""


def formulaires(page: str, adresse: str) -> Iterator[tuple[str, dict[str, str]]]:
    """(adresse d'envoi, champs tels qu'un navigateur les enverrait) de chaque formulaire POST d'une page."""
    if "<form" not in page:
        return
    document = lxml.html.fromstring(page[page.index("<") :], base_url=f"http://testserver{adresse}")
    for formulaire in document.forms:
        if formulaire.method == "POST":
            action = formulaire.get("action") or adresse
            yield (
                action.removeprefix("http://testserver"),
                {nom: str(valeur) for nom, valeur in formulaire.form_values()},
            )


def detournes(monde: Monde, adresse: str, champs: dict[str, str]) -> Iterator[Appel]:
    """Le formulaire tel quel avec des champs en trop, puis chaque valeur qui désigne un objet remplacée par B."""
    if not (nom := nom_de(adresse)):
        return
    b = _partout(monde)
    yield Appel(nom, "POST", adresse, urlencode(champs | {**EN_TROP, "structure": b["structure"]}))
    for code, numero in list(zip(CODES, NUMEROS, strict=True))[: None if ENTIER else 1]:
        remplaces = {
            cle: str(b[cle]) if cle in b and cle != "fiche" else _detourner(valeur, code, numero)
            for cle, valeur in champs.items()
        }
        yield Appel(nom, "POST", adresse, urlencode(remplaces), cible=str(numero))


def _detourner(valeur: str, code: str, numero: int) -> str:
    if valeur.isdecimal():
        return str(numero)
    return code if re.fullmatch(r"[a-z]?\w{7}", valeur) else valeur


def texte(reponse: HttpResponse | StreamingHttpResponse) -> str:
    """Tout ce que la réponse dit, en-têtes compris, une fois les archives et les PDF ouverts."""
    corps = b"".join(reponse) if reponse.streaming else reponse.content
    entetes = " ".join(f"{nom}: {valeur}" for nom, valeur in reponse.headers.items())
    if corps.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(corps)) as archive:
            noms = archive.namelist()
            corps = " ".join(noms).encode() + b" ".join(archive.read(nom) for nom in noms)
    elif corps.startswith(b"%PDF"):
        pages = PdfReader(io.BytesIO(corps)).pages
        corps = " ".join(page.extract_text() for page in pages).encode()
    return f"{entetes} {corps.decode(errors='replace')}"


def _noter_les_ecritures(tables: set[str]) -> Any:
    def surveiller(execute: Any, sql: str, *reste: Any) -> Any:
        if ecriture := ECRITURE.match(sql):
            tables.add(ecriture[1])
        return execute(sql, *reste)

    return surveiller


class _Journal(logging.Handler):
    """Le journal technique tel qu'il sortirait, ligne par ligne."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lignes: list[str] = []
        self.setFormatter(LigneJson())

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("django.db"):
            self.lignes.append(self.format(record))

    def vider(self) -> list[str]:
        lignes, self.lignes = self.lignes, []
        return lignes

    def __enter__(self) -> None:
        logging.getLogger().addHandler(self)

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)
