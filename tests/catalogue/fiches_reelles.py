"""Les fiches des vraies pages, lues des vérités quand elles sont là (`../shared`), jamais copiées ici."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils.text import slugify

from maillage.catalogue.choices import TEXTES, EtatExperience, FamilleTerme, StatutAction
from maillage.catalogue.models import BlocSource, Classement, Experience, Partenariat, Terme
from maillage.territoire.models import Departement, Partenaire, Structure
from tests.fabriques import RegionFactory

RACINE = Path(__file__).resolve().parents[2]
VERITES = RACINE.parent / "shared" / "verites"
sans_les_sources = pytest.mark.skipif(
    not VERITES.is_dir(), reason="les pages réelles (../shared/verites) ne sont pas sur cette machine"
)
FAMILLES = {
    "dimensions": FamilleTerme.DIMENSION,
    "mots_cles": FamilleTerme.MOT_CLE,
    "publics": FamilleTerme.PUBLIC,
    "initiatives": FamilleTerme.INITIATIVE,
    "territoire": FamilleTerme.TERRITOIRE,
}
ORTHOGRAPHES = {"Viellissement": "Vieillissement"}


def lire(nom: str) -> Any:
    return json.loads((VERITES / nom).read_text(encoding="utf-8"))


def creer_fiches_reelles() -> None:
    """Une expérience par fiche : deux blocs de mêmes textes sont une fiche à plusieurs partenaires."""
    fiches: dict[tuple[str, ...], Experience] = {}
    for bloc in lire("catalogue.json"):
        cle = (bloc["titre"], bloc["structure_brute"], *(bloc.get(champ) or "" for champ in TEXTES))
        fiche = fiches.get(cle) or fiches.setdefault(cle, _creer(bloc, len(fiches)))
        BlocSource.objects.create(
            experience=fiche,
            fichier_source=bloc["fichier_source"],
            position=bloc["position"],
            ligne=1,
            bloc=bloc,
            empreinte=f"{bloc['fichier_source']}-{bloc['position']}",
        )
        for nom in bloc["partenaires_action"]:
            partenaire, _ = Partenaire.objects.get_or_create(slug=slugify(nom), defaults={"nom": nom})
            Partenariat.objects.get_or_create(experience=fiche, partenaire=partenaire)


def _creer(bloc: dict[str, Any], rang: int) -> Experience:
    departement, _ = Departement.objects.get_or_create(
        nom=bloc["departement"],
        defaults={
            "code": f"D{rang:02}",
            "slug": slugify(bloc["departement"]),
            "region": RegionFactory.create(),
        },
    )
    structure, _ = Structure.objects.get_or_create(
        nom=bloc["structure_nom"],
        departement=departement,
        defaults={"slug": slugify(f"{bloc['structure_nom']} {departement.slug}")[:120]},
    )
    fiche = Experience.objects.create(
        code=f"r{rang:04}",
        slug=slugify(bloc["titre"])[:120] or "fiche",
        etat=EtatExperience.PUBLIEE,
        structure=structure,
        titre=bloc["titre"],
        statut={libelle: valeur for valeur, libelle in StatutAction.choices}.get(bloc["statut"], ""),
        publie_le="2024-03-01T10:00:00Z",
        **{champ: bloc.get(champ) or "" for champ in TEXTES},
    )
    for champ, famille in FAMILLES.items():
        valeurs = bloc[champ] if isinstance(bloc[champ], list) else [bloc[champ]]
        for libelle in filter(None, valeurs):
            terme, _ = Terme.objects.get_or_create(
                famille=famille,
                libelle_source=libelle,
                defaults={"libelle": ORTHOGRAPHES.get(libelle, libelle), "slug": slugify(libelle)},
            )
            Classement.objects.get_or_create(experience=fiche, terme=terme)
    return fiche
