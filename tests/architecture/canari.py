"""Le monde de B : un centre étranger dont chaque texte porte un jeton à soi, engendré des modèles.

Un modèle nouveau s'y range seul, selon sa portée (`portees.toml`). Le jeton d'un champ dit d'où il vient : un
jeton lu quelque part nomme la fuite.
"""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import NOT_PROVIDED
from django.utils import timezone

from maillage.catalogue.champs import CHAMPS, GenreChamp
from maillage.comptes.choices import Role
from maillage.core import fichiers
from maillage.core.documents.description import Document, Paragraphe, Section
from maillage.core.documents.garde import en_donnees
from maillage.projets.models.diagnostic import GENRES_DE_PREUVE
from maillage.territoire.choices import GenreInstitution
from tests.distribution import Distribution
from tests.fabriques import InstitutionFactory, PartenaireFactory, TermeFactory
from tests.fichiers_d_essai import pdf
from tests.personnes.fabriques import PersonneFactory

PORTEES = Path(__file__).with_name("portees.toml")
RACINE_DU_JETON = "qzkv"
JETON = re.compile(rf"{RACINE_DU_JETON}[0-9a-z]{{3}}", re.IGNORECASE)
APPEL = "pistachier"  # on cherche ce mot, qui côtoie les jetons ; une page répète ce qu'on cherche
PREMIER = 900_001
"""Numéro de la première ligne de chaque modèle : les mêmes numéros partout, qu'on glisse dans chaque adresse."""
CODES = ("b0b0b0b1", "b0b0b0b2", "b0b0b0b3")
IDENTIFIANTS = {"code"}
"""Écrits dans les adresses que chacun peut lire. Un numéro de reçu ou un jeton est un secret : il a le sien."""
ABSENT, CODE_ABSENT = 909_999, "b0b0b0b9"


MOTS_DE_LA_MACHINE = {"champ", "objet_type", "type_mime", "annees"}
"""Champs qui portent un nom choisi par le programme, ou des nombres : un jeton y serait une valeur impossible."""


@cache
def portees() -> dict[str, dict[str, Any]]:
    return tomllib.loads(PORTEES.read_text(encoding="utf-8"))


@dataclass
class Monde:
    """Ce que B possède, et d'où vient chaque jeton."""

    distribution: Distribution
    lignes: dict[str, list[models.Model]] = field(default_factory=dict)
    jetons: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def publique(self) -> models.Model:
        """La fiche de B que chacun lit : ce qui s'y rattache n'est pas public pour autant."""
        return self.lignes["catalogue.experience"][2]

    def jeton(self, etiquette: str, champ: str) -> str:
        connus = {origine: jeton for jeton, origine in self.jetons.items()}
        if (etiquette, champ) not in connus:
            numero = len(self.jetons)
            self.jetons[f"{RACINE_DU_JETON}{numero // 100}{numero % 100:02d}"] = (etiquette, champ)
        return {origine: jeton for jeton, origine in self.jetons.items()}[etiquette, champ]

    def interdits(self, personne: str, texte: str) -> set[str]:
        """« modèle.champ » de chaque jeton lu que cette personne n'a pas à lire."""
        lus = {trouve.lower() for trouve in JETON.findall(texte)}
        origines = [self.jetons[jeton] for jeton in lus if jeton in self.jetons]
        return {f"{e}.{c}" for e, c in origines if personne not in portees()[e].get("lue_par", ())}

    def prenom(self, courriel: str) -> str:
        """Qui, de la distribution, reçoit à cette adresse ; vide pour toute autre."""
        comptes = {nom: getattr(qui, "email", "") for nom, qui in vars(self.distribution).items()}
        return next((nom for nom, adresse in comptes.items() if adresse == courriel), "")

    def sans_surprise(self, personne: str) -> list[type[models.Model]]:
        """Modèles dont aucune ligne de B ne doit bouger quand cette personne agit."""
        return [
            modele(etiquette)
            for etiquette in self.lignes
            if personne not in portees()[etiquette].get("lue_par", ())
        ]

    def empreinte(self, personne: str) -> dict[str, str]:
        """Les lignes de B, modèle par modèle : les siennes, et toutes celles qui se rattacheraient à elle."""
        return {m._meta.label_lower: _dire(self._de_b(m)) for m in self.sans_surprise(personne)}

    def _de_b(self, un_modele: type[models.Model]) -> models.QuerySet[Any]:
        etiquette = un_modele._meta.label_lower
        portee = portees()[etiquette]
        siennes = models.Q(pk__in=[ligne.pk for ligne in self.lignes[etiquette]])
        if portee["portee"] == "structure" and portee.get("depot") != "public":
            siennes |= models.Q(**{portee["chemin"]: self.distribution.quatre_vents})
        return un_modele._base_manager.filter(siennes).order_by("pk")


def _dire(lignes: models.QuerySet[Any]) -> str:
    """Toutes leurs valeurs, sauf les nombres qu'un lecteur fait monter."""
    comptes = portees()[lignes.model._meta.label_lower].get("comptes", ())
    return repr([{c: v for c, v in ligne.items() if c not in comptes} for ligne in lignes.values()])


def modele(etiquette: str) -> type[models.Model]:
    return apps.get_model(etiquette)


def porteurs() -> list[type[models.Model]]:
    """Modèles qui reçoivent des jetons, ceux dont les autres dépendent d'abord."""
    restants = [
        m
        for m in apps.get_models()
        if (portee := portees().get(m._meta.label_lower))
        and portee["portee"] != "public"
        and "sans_canari" not in portee
    ]
    ranges: list[type[models.Model]] = []
    while restants:
        prets = [m for m in restants if not (_parents(m) & set(restants) - {m})]
        assert prets, f"modèles qui dépendent l'un de l'autre : {restants}"
        ranges += prets
        restants = [m for m in restants if m not in prets]
    return ranges


def _parents(un_modele: type[models.Model]) -> set[type[models.Model]]:
    return {champ.related_model for champ in un_modele._meta.fields if champ.is_relation}  # type: ignore[misc]


def peupler(distribution: Distribution) -> Monde:
    """Remplit les Quatre-Vents. La fédération de Léa n'a que le Puy-de-Dôme : le Pas-de-Calais lui est étranger."""
    distribution.federation.departements.set([distribution.deux_ponts.departement])
    monde = Monde(distribution)
    with transaction.atomic():
        for un_modele in porteurs():
            etiquette = un_modele._meta.label_lower
            monde.lignes[etiquette] = []
            for rang, precise in enumerate(_precisions(monde).get(etiquette, [{}])):
                ligne = un_modele(**_valeurs(monde, un_modele, rang, precise))
                ligne.save(force_insert=True)
                monde.lignes[etiquette].append(ligne)
    for piece in monde.lignes["catalogue.piecejointe"]:
        fichier = settings.DOSSIER_FICHIERS / piece.chemin  # type: ignore[attr-defined]
        fichier.parent.mkdir(parents=True, exist_ok=True)
        fichier.write_text(monde.jeton("catalogue.piecejointe", "(fichier)"), encoding="utf-8")
    return monde


def _precisions(monde: Monde) -> dict[str, list[dict[str, Any]]]:
    """Les lignes dont l'état compte. Un modèle absent d'ici en reçoit une, remplie d'office."""
    lignes, b = monde.lignes, monde.distribution.quatre_vents
    fiches = lignes.get("catalogue.experience", [])
    brouillon, publique = (fiches[0], fiches[2]) if len(fiches) == 3 else (None, None)
    a_la_fiche = {"objet_type": "catalogue.experience", "objet_id": PREMIER + 2}
    caf_62 = {"nom": "Caf du Pas-de-Calais", "genre": GenreInstitution.CAF}
    textes = [c.nom for c in CHAMPS.values() if c.genre in {GenreChamp.COURT, GenreChamp.LONG}]
    contenu = {nom: f"{APPEL} {monde.jeton('catalogue.contribution', 'contenu')}" for nom in textes}
    return {
        "catalogue.experience": [
            {"etat": "brouillon", "publie_le": None},
            # le titre d'une fiche retirée et la raison se lisent : c'est sa pierre tombale
            {"etat": "retiree", "titre": "Une fiche retirée", "slug": "une-fiche-retiree"}
            | {"motif_retrait": "Action reprise ailleurs.", "retiree_le": timezone.now()},
            {c.name: f"Texte public ({c.name})." for c in _textes("catalogue.experience")}
            | {"etat": "publiee", "publie_le": timezone.now(), "slug": "fiche-publique-de-b"}
            | {"motif_retrait": "", "raison_fin": "", "empreinte": "", "fichiers_associes": []},
        ],
        "catalogue.partenariat": [{"partenaire": PartenaireFactory, "role": "action"}],
        "catalogue.classement": [{"terme": TermeFactory}],
        "projets.valeurcalculee": [
            {"dehors": [{"mot": monde.jeton("projets.valeurcalculee", "dehors"), "detail": False}]}
        ],
        "catalogue.moyen": [{"champ": "resume", "debut": 0, "fin": 3, "genre": "habitants", "valeur": 3}],
        "catalogue.pointaverifier": [{"champ": "resume", "debut": 0, "fin": 3}],
        "catalogue.contribution": [
            {
                "contenu": contenu,
                "genre": "nouvelle",
                "etat": "en_ecriture",
                "auteur_courriel": "",
                "auteur_nom": "",
            },
            {"contenu": contenu, "genre": "revision", "etat": "soumise", "experience": publique},
            {
                "contenu": contenu,
                "genre": "correction",
                "etat": "soumise",
                "experience": publique,
                "auteur": None,
            },
        ],
        "catalogue.sauvegarde": [{"champ": "resume"}],
        "catalogue.piecejointe": [
            {"genre": "document", "type_mime": "application/pdf", "experience": brouillon},
            {"genre": "image", "type_mime": "image/jpeg", "experience": publique},
        ],
        "catalogue.collection": [{"est_partagee": False}],
        "catalogue.elementcollection": [{"experience": publique}],
        "catalogue.fusion": [{"gardee": publique}],
        "catalogue.utilite": [{"experience": publique}],
        "catalogue.messagerelaye": [{"experience": publique}],
        # une page du réseau, déposée par qui administre : son nom se lit à côté
        "catalogue.importation": [{"deposee_par": monde.distribution.nadia}],
        "moderation.demande": [
            {"genre": "fiche", "objet_type": "catalogue.contribution", "objet_id": PREMIER + 1},
            {"genre": "correction", "objet_type": "catalogue.contribution", "objet_id": PREMIER + 2},
            {"genre": "commentaire", "objet_type": "moderation.commentaire", "objet_id": PREMIER},
            {"genre": "signalement", "objet_type": "moderation.signalement", "objet_id": PREMIER},
        ],
        "moderation.decision": [{"geste": "demander"}],
        "moderation.note": [{"institution": lambda: InstitutionFactory(**caf_62)}],
        "moderation.commentaire": [a_la_fiche | {"etat": etat} for etat in ("retenu", "refuse", "masque")],
        "moderation.signalement": [a_la_fiche],
        "projets.envoi": [
            {
                "contenu": _document(monde, "projets.envoi", "contenu"),
                "pieces": [
                    {
                        "nom": monde.jeton("projets.envoi", "pieces"),
                        "chemin": fichiers.ranger("envois", "pdf", pdf(1)),
                    }
                ],
            }
        ],
        "projets.avis": [
            {
                "criteres": [
                    {
                        "cle": "un",
                        "texte": monde.jeton("projets.avis", "criteres"),
                        "appreciation": "satisfait",
                        "mot": "",
                    }
                ]
            }
        ],
        "projets.lettre": [
            {
                "contenu": _document(monde, "projets.lettre", "contenu"),
                "institution": lambda: InstitutionFactory(**caf_62),
            }
        ],
        "projets.projetsocial": [{"au": _dans_un_an}],
        "projets.tache": [{"echeance": _dans_un_an}],
        "projets.objectif": [{"parent": None}],
        "projets.ficheaction": [{"annees": [timezone.localdate().year]}],
        "projets.sauvegardedefiche": [
            {"champ": "contexte", "valeur": f"{APPEL} {monde.jeton('projets.sauvegardedefiche', 'valeur')}"}
        ],
        "projets.sauvegardedebilan": [
            {"champ": "lecon", "valeur": f"{APPEL} {monde.jeton('projets.sauvegardedebilan', 'valeur')}"}
        ],
        "projets.tableaudiagnostic": [
            {
                "lignes": [
                    {
                        "libelle": f"{APPEL} {monde.jeton('projets.tableaudiagnostic', 'lignes')}",
                        "valeurs": [],
                    }
                ]
            }
        ],
        "projets.rencontre": [
            {"affluence": {"habitants": 12, monde.jeton("projets.rencontre", "affluence"): 3}}
        ],
        "projets.resultatenquete": [
            {
                "colonnes": [f"{APPEL} {monde.jeton('projets.resultatenquete', 'colonnes')}"],
                "lignes": [
                    {
                        "libelle": f"{APPEL} {monde.jeton('projets.resultatenquete', 'lignes')}",
                        "valeurs": [12],
                    }
                ],
            }
        ],
        "projets.preuve": [
            dict.fromkeys(GENRES_DE_PREUVE)
        ],  # un nombre recopié ; le reste a ses jetons ailleurs
        "accueil.passage": [{"cle": uuid4}],
        "personnes.paireecartee": [{"autre": lambda: PersonneFactory(pk=PREMIER + 1, structure=b)}],
        "activites.partenaireducentre": [{"partenaire": PartenaireFactory}],
        "activites.satisfaction": [{"cle": uuid4}],
        "comptes.appartenance": [{"role": Role.CONTRIBUTEUR, "gestionnaire": None, "institution": None}],
        "comptes.invitation": [
            {
                "role": Role.CONTRIBUTEUR,
                "gestionnaire": None,
                "institution": None,
                "expire_le": _dans_une_semaine,
            }
        ],
        "core.changement": [{"objet_type": "catalogue.experience", "objet_id": PREMIER}],
        "core.lignejournal": [a_la_fiche | {"structure_id": b.pk}],
        "core.courrier": [{"objet_type": "", "objet_id": None, "a_envoyer_le": _dans_une_semaine}],
        "mfa.authenticator": [{"type": "totp"}],
        "usersessions.usersession": [{"ip": "127.0.0.9"}],
    }


def _document(monde: Monde, etiquette: str, champ: str) -> dict[str, Any]:
    """Un document gardé, qui se relit, et dont le texte porte le jeton."""
    blocs = (Paragraphe(f"{APPEL} {monde.jeton(etiquette, champ)}"),)
    return en_donnees(
        Document("Un document", "Les Quatre-Vents", timezone.localdate(), (Section("Une partie", blocs),))
    )


def _dans_un_an() -> Any:
    return timezone.localdate() + timedelta(days=365)


def _dans_une_semaine() -> Any:
    return timezone.now() + timedelta(days=7)


def _textes(etiquette: str) -> list[models.Field[Any, Any]]:
    genres = (models.CharField, models.TextField)
    return [
        c for c in modele(etiquette)._meta.fields if isinstance(c, genres) and not c.choices and not c.unique
    ]


def _valeurs(
    monde: Monde, un_modele: type[models.Model], rang: int, precise: dict[str, Any]
) -> dict[str, Any]:
    valeurs = {}
    for champ in un_modele._meta.concrete_fields:
        if champ.name in precise:
            valeur = precise[champ.name]
            valeurs[champ.name] = valeur() if callable(valeur) else valeur
        elif (valeur := _valeur(monde, champ, rang)) is not NOT_PROVIDED:
            valeurs[champ.name] = valeur
    return valeurs


def _valeur(monde: Monde, champ: Any, rang: int) -> Any:
    etiquette = champ.model._meta.label_lower
    if champ.primary_key:
        return PREMIER + rang if isinstance(champ, models.IntegerField) else NOT_PROVIDED
    if champ.is_relation:
        return _parent(monde, champ)
    if champ.choices:
        return champ.flatchoices[0][0] if champ.default is NOT_PROVIDED else NOT_PROVIDED
    if champ.name in IDENTIFIANTS:
        return CODES[rang]
    if isinstance(champ, models.JSONField):
        texte = f"{APPEL} {monde.jeton(etiquette, champ.name)}"
        return [texte] if champ.default is list else {"titre": texte, "resume": texte}
    if isinstance(champ, models.CharField | models.TextField):
        return _texte(monde.jeton(etiquette, champ.name), champ, rang)
    if isinstance(champ, models.DateField):
        return timezone.now() if champ.default is NOT_PROVIDED and not champ.null else NOT_PROVIDED
    if isinstance(champ, models.TimeField):
        return time(14) if champ.default is NOT_PROVIDED and not champ.null else NOT_PROVIDED
    if isinstance(champ, models.IntegerField | models.FloatField | models.DecimalField):
        return 1 if champ.default is NOT_PROVIDED and not champ.null else NOT_PROVIDED
    return NOT_PROVIDED


def _texte(jeton: str, champ: Any, rang: int) -> Any:
    if isinstance(champ, models.EmailField):
        return f"{jeton}-{rang}@essais.exemple"
    if isinstance(champ, models.SlugField) or champ.unique or champ.name == "cle":
        return f"{jeton}-{rang}"
    longueur = champ.max_length or 1_000
    return f"{APPEL} {jeton}" if longueur >= 20 else jeton if longueur >= len(jeton) else NOT_PROVIDED


def _parent(monde: Monde, champ: Any) -> Any:
    """La première ligne de B dans ce modèle ; B elle-même ; rien quand rien n'est exigé."""
    etiquette = champ.related_model._meta.label_lower
    if etiquette == "territoire.structure":
        return monde.distribution.quatre_vents
    if champ.related_model is champ.model:
        return None
    if siennes := monde.lignes.get(etiquette):
        return siennes[0]
    assert champ.null, f"{champ} : dites sa valeur dans canari._precisions"
    return None
