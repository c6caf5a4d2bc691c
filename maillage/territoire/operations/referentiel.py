"""Le découpage administratif : régions, départements, intercommunalités, communes et codes postaux.

Source : `@etalab/decoupage-administratif` (Licence Ouverte), installé par npm, lu à l'installation seulement.
Outre-mer compris : départements et régions d'outre-mer, et collectivités (975, 977, 978, 984, 986 à 989), où
la collectivité tient lieu de département et de région.
"""

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify

from maillage.core.journal import SYSTEME, Acteur, journaliser
from maillage.core.models import Echeance
from maillage.territoire.models import AncienneCommune, CodePostal, Commune, Departement, Epci, Region
from maillage.territoire.mots import nom_cherche

DOSSIER = settings.RACINE / "node_modules/@etalab/decoupage-administratif/data"
FICHIERS = ("regions.json", "departements.json", "epci.json", "communes.json")
LOT = 2000
_CHARGE = "territoire:"


class ReferentielAbsent(FileNotFoundError):
    """Les fichiers du découpage manquent : l'installation n'a pas été menée au bout."""


def territoire_est_charge(dossier: Path = DOSSIER) -> bool:
    """Vrai quand ces fichiers-là ont déjà été chargés (ou qu'ils sont partis après un chargement)."""
    if not all((dossier / nom).exists() for nom in FICHIERS):
        return Echeance.objects.filter(nom__startswith=_CHARGE).exists()
    return Echeance.objects.filter(nom=_CHARGE + _empreinte(dossier)).exists()


def charger_territoire(dossier: Path = DOSSIER, *, par: Acteur = SYSTEME) -> dict[str, int]:
    """Charge ou met à jour le découpage ; rend le nombre de lignes de chaque sorte.

    Se répète sans effet : une ligne connue est mise à jour, aucune n'est supprimée (une commune disparue peut
    porter un centre), sauf les codes postaux, refaits en entier. Lève `ReferentielAbsent`.
    """
    absents = [nom for nom in FICHIERS if not (dossier / nom).exists()]
    if absents:
        raise ReferentielAbsent(2, "Fichier absent", str(dossier / absents[0]))
    regions, departements, epci, communes = (json.loads((dossier / nom).read_bytes()) for nom in FICHIERS)
    with transaction.atomic():
        bilan = {
            "regions": _poser(Region, [_region(ligne) for ligne in regions], ["nom", "slug"]),
            "departements": _poser(
                Departement, [_departement(ligne) for ligne in departements], ["nom", "slug", "region"]
            ),
            "intercommunalites": _poser(Epci, [_epci(ligne) for ligne in epci], ["nom"]),
            **_poser_communes(communes, _communes_des_epci(epci)),
        }
        Echeance.objects.filter(nom__startswith=_CHARGE).delete()
        marque = Echeance.objects.create(nom=_CHARGE + _empreinte(dossier), fait_le=timezone.now())
        phrase = f"Découpage administratif chargé : {bilan['communes']} communes."
        journaliser(marque, "charger_territoire", phrase, par=par, apres=bilan)
    return bilan


def _empreinte(dossier: Path) -> str:
    somme = hashlib.sha256()
    for nom in FICHIERS:
        somme.update((dossier / nom).read_bytes())
    return somme.hexdigest()[:32]


def _poser(modele: type[models.Model], objets: list[Any], champs: list[str]) -> int:
    cle = modele._meta.pk
    modele._default_manager.bulk_create(
        objets, batch_size=LOT, update_conflicts=True, unique_fields=[cle.name], update_fields=champs
    )
    return len(objets)


def _region(ligne: dict[str, Any]) -> Region:
    return Region(code=ligne["code"], nom=_apostrophe(ligne["nom"]), slug=slugify(ligne["nom"]))


def _departement(ligne: dict[str, Any]) -> Departement:
    return Departement(
        code=ligne["code"],
        nom=_apostrophe(ligne["nom"]),
        slug=slugify(ligne["nom"]),
        region_id=ligne["region"],
    )


def _epci(ligne: dict[str, Any]) -> Epci:
    return Epci(siren=ligne["code"], nom=ligne["nom"])


def _communes_des_epci(epci: list[dict[str, Any]]) -> dict[str, str]:
    """Intercommunalité de chaque commune : il n'y en a qu'une, celle qui lève l'impôt."""
    return {membre["code"]: ligne["code"] for ligne in epci for membre in ligne["membres"]}


def _poser_communes(lignes: list[dict[str, Any]], epci: dict[str, str]) -> dict[str, int]:
    actuelles = [ligne for ligne in lignes if ligne["type"] == "commune-actuelle"]
    arrondissements = [ligne for ligne in lignes if ligne["type"] == "arrondissement-municipal"]
    codes = {ligne["code"] for ligne in actuelles}
    anciennes = [
        ligne
        for ligne in lignes
        if ligne["type"] in {"commune-deleguee", "commune-associee"} and ligne["chefLieu"] in codes
    ]
    champs = ["nom", "nom_cherche", "departement", "epci", "codes_postaux", "population", "rattachee_a"]
    for rang in (actuelles, arrondissements):  # un arrondissement renvoie à sa commune : elle d'abord
        _poser(Commune, [_commune(ligne, epci) for ligne in rang], champs)
    AncienneCommune.objects.all().delete()
    AncienneCommune.objects.bulk_create(
        [
            AncienneCommune(
                nom=_apostrophe(ligne["nom"]),
                nom_cherche=nom_cherche(ligne["nom"]),
                commune_id=ligne["chefLieu"],
            )
            for ligne in anciennes
        ],
        batch_size=LOT,
        ignore_conflicts=True,
    )
    CodePostal.objects.all().delete()
    postaux = [
        CodePostal(code=code, commune_id=ligne["code"])
        for ligne in [*actuelles, *arrondissements]
        for code in sorted(set(ligne.get("codesPostaux", [])))
    ]
    CodePostal.objects.bulk_create(postaux, batch_size=LOT)
    sortes = Counter(ligne["type"] for ligne in lignes)
    return {
        "communes": sortes["commune-actuelle"],
        "arrondissements": sortes["arrondissement-municipal"],
        "anciennes_communes": len(anciennes),
        "codes_postaux": len({postal.code for postal in postaux}),
    }


def _commune(ligne: dict[str, Any], epci: dict[str, str]) -> Commune:
    mere = ligne.get("commune")
    return Commune(
        code_insee=ligne["code"],
        nom=_apostrophe(ligne["nom"]),
        nom_cherche=nom_cherche(ligne["nom"]),
        departement_id=ligne["departement"],
        epci_id=epci.get(mere or ligne["code"]),
        codes_postaux=ligne.get("codesPostaux", []),
        population=ligne.get("population"),
        rattachee_a_id=mere,
    )


def _apostrophe(nom: str) -> str:
    """Apostrophe typographique, comme partout dans ce que les gens lisent."""
    return nom.replace("'", "’")
