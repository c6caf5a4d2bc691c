"""Sauvegarder et restaurer : une sauvegarde n'existe que si l'on sait la remettre en place."""

import hashlib
import io
import json
import re
import shutil
import stat
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings

from maillage.accueil.operations.passages import noter_passage
from maillage.activites.models import Presence
from maillage.activites.operations.presences import Venues, noter_venues
from maillage.catalogue.recherche import reconstruire
from maillage.core.base_de_donnees import _AVANT, _outil_postgresql, sommes_des_tables
from maillage.core.commandes import Refus
from maillage.core.sauvegarde import compter_les_lignes
from maillage.territoire.models import Structure
from tests.accueil.fabriques import TypeDeDemandeFactory
from tests.activites.fabriques import ActiviteFactory, SeanceFactory
from tests.architecture.canari import peupler
from tests.architecture.lecture import PAQUET, RACINE
from tests.distribution import Distribution, distribuer
from tests.fabriques import MOT_DE_PASSE, ExperienceFactory, StructureFactory
from tests.personnes.fabriques import PersonneFactory

pytestmark = pytest.mark.django_db(transaction=True)
QUOTIDIEN = ("personnes.", "accueil.", "activites.", "projets.valeurcalculee")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Une sauvegarde d'une installation qui a une structure et un fichier."""
    StructureFactory(nom="Centre social sauvegardé")
    settings.DOSSIER_FICHIERS.mkdir(exist_ok=True)
    (settings.DOSSIER_FICHIERS / "note.txt").write_text("à garder", encoding="utf-8")
    sortie = tmp_path / "essai.tar.gz"
    call_command("sauvegarder", sortie=sortie)
    return sortie


def _restaurer(archive: Path, *, ecrire: bool = True, **options: Any) -> dict[str, Any]:
    sortie = io.StringIO()
    call_command(
        "restaurer", archive, ecrire=ecrire, json=True, stdout=sortie, stderr=io.StringIO(), **options
    )
    return json.loads(sortie.getvalue())


def _retoucher(archive: Path, tmp_path: Path, geste: Callable[[Path], object]) -> None:
    """Ouvre l'archive, y fait le geste, la referme."""
    ouverte = tmp_path / "ouverte"
    with tarfile.open(archive) as tar:
        tar.extractall(ouverte, filter="data")
    geste(ouverte)
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(ouverte, arcname=".")


def _changer_le_manifeste(dossier: Path, **valeurs: Any) -> None:
    manifeste = json.loads((dossier / "manifeste.json").read_text(encoding="utf-8"))
    (dossier / "manifeste.json").write_text(json.dumps(manifeste | valeurs), encoding="utf-8")


# --- Sabotages (F27) : chacun est vu avant qu'une ligne change ---------------------------------------


def test_une_archive_tronquee_est_refusee_et_rien_ne_change(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    avant = compter_les_lignes()
    with pytest.raises(Refus, match="tronquée"):
        _restaurer(archive)
    assert compter_les_lignes() == avant


@pytest.mark.parametrize(
    "geste",
    [
        lambda dossier: (dossier / "fichiers" / "note.txt").write_text("autre chose"),
        lambda dossier: (dossier / "fichiers" / "note.txt").unlink(),
        lambda dossier: (dossier / "fichiers" / "de-trop.txt").write_text("glissé là"),
        lambda dossier: (dossier / "base").write_bytes((dossier / "base").read_bytes()[:-4096]),
    ],
    ids=["fichier changé", "fichier manquant", "fichier de trop", "base tronquée"],
)
def test_une_archive_dont_un_fichier_a_change_est_refusee(
    archive: Path, tmp_path: Path, geste: Callable[[Path], object]
) -> None:
    avant = sommes_des_tables()
    _retoucher(archive, tmp_path, geste)
    with pytest.raises(Refus, match="modifié ou manque"):
        _restaurer(archive)
    assert sommes_des_tables() == avant


def test_un_manifeste_refait_pour_cacher_un_changement_est_refuse(archive: Path, tmp_path: Path) -> None:
    def maquiller(dossier: Path) -> None:
        (dossier / "fichiers" / "note.txt").write_bytes(b"autre chose")
        somme = hashlib.sha256(b"autre chose").hexdigest()
        empreintes = json.loads((dossier / "manifeste.json").read_text(encoding="utf-8"))["empreintes"]
        _changer_le_manifeste(dossier, empreintes=empreintes | {"fichiers/note.txt": somme})

    _retoucher(archive, tmp_path, maquiller)
    with pytest.raises(Refus, match="manifeste a été modifié"):
        _restaurer(archive)


def test_une_archive_sans_manifeste_ou_sans_signature_est_refusee(archive: Path, tmp_path: Path) -> None:
    _retoucher(archive, tmp_path, lambda dossier: (dossier / "signature").unlink())
    with pytest.raises(Refus, match="n'est pas une sauvegarde"):
        _restaurer(archive)


def test_sans_la_cle_d_alors_on_le_dit_et_l_on_peut_passer_outre(archive: Path) -> None:
    with override_settings(SECRET_KEY="une-autre-cle-" * 5):
        with pytest.raises(Refus, match="MAILLAGE_SECRET"):
            _restaurer(archive)
        assert _restaurer(archive, autre_cle=True)["restauree"]


def test_une_ancienne_cle_gardee_en_secours_suffit(archive: Path) -> None:
    with override_settings(SECRET_KEY="une-autre-cle-" * 5, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert _restaurer(archive)["restauree"]


def test_une_archive_d_une_version_plus_recente_est_refusee(archive: Path, tmp_path: Path) -> None:
    def vieillir_le_logiciel(dossier: Path) -> None:
        _changer_le_manifeste(dossier, migrations=["catalogue.9999_demain"], version="99.0")

    _retoucher(archive, tmp_path, vieillir_le_logiciel)
    with pytest.raises(Refus, match="plus récente.*Mettez Maillage à jour"):
        _restaurer(archive, autre_cle=True)  # la signature mise à part : c'est la version qu'on éprouve


def test_une_archive_d_un_autre_moteur_est_refusee(archive: Path, tmp_path: Path) -> None:
    _retoucher(archive, tmp_path, lambda dossier: _changer_le_manifeste(dossier, moteur="oracle"))
    with pytest.raises(Refus, match="oracle"):
        _restaurer(archive, autre_cle=True)


def test_nulle_part_le_fichier_d_une_base_qui_sert_n_est_copie() -> None:
    """Sous écriture, une copie de fichier ne rend pas une base intacte (R76) : mesuré, 0 copie sur 20."""
    copie = re.compile(r"(\bcp\b|\brsync\b|copyfile|copy2?\(|copytree\().*sqlite3", re.IGNORECASE)
    fichiers = [*PAQUET.rglob("*.py"), *(RACINE / "bin").iterdir(), *(RACINE / "docs").glob("*.md")]
    assert [f for f in fichiers if copie.search(f.read_text(encoding="utf-8"))] == []


# --- Ce qu'une sauvegarde contient et rend ------------------------------------------------------------


def test_une_sauvegarde_n_en_ecrase_pas_une_autre(archive: Path) -> None:
    with pytest.raises(Refus, match="existe déjà"):
        call_command("sauvegarder", sortie=archive)


def test_sans_ecrire_l_archive_est_verifiee_et_rien_n_est_restaure(archive: Path) -> None:
    Structure.objects.update(nom="Renommée depuis")
    assert _restaurer(archive, ecrire=False)["restauree"] is False
    assert Structure.objects.get().nom == "Renommée depuis"


def test_l_exercice_complet_rend_un_site_vide_tel_qu_il_etait(tmp_path: Path) -> None:
    """Tous les modèles remplis, des fichiers, puis une machine vide : mêmes sommes, mêmes fichiers, et le site sert."""
    distribution = distribuer()
    peupler(distribution)
    publiee = ExperienceFactory(structure=distribution.deux_ponts, titre="Le four à pain du quartier")
    une_journee(distribution)
    (settings.DOSSIER_FICHIERS / "note.txt").write_text("à garder", encoding="utf-8")
    sommes, fichiers, lignes = sommes_des_tables(), _fichiers(), compter_les_lignes()
    assert len(fichiers) >= 2
    vides = [modele for modele, nombre in lignes.items() if not nombre and modele.startswith(QUOTIDIEN)]
    assert vides == [], "une table du quotidien vide ne prouverait rien"
    call_command("sauvegarder", sortie=tmp_path / "complete.tar.gz", stdout=io.StringIO())
    call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(settings.DOSSIER_FICHIERS)
    resultat = _restaurer(tmp_path / "complete.tar.gz")
    assert sommes_des_tables() == sommes
    assert _fichiers() == fichiers
    assert resultat["lignes"] == lignes
    assert resultat["lignes"]["catalogue.contribution"] == 3
    reconstruire()
    client = Client()
    assert publiee.code in client.get("/experiences/?q=four").content.decode()
    saisie = {"login": distribution.amina.email, "password": MOT_DE_PASSE}
    assert client.post("/compte/connexion/", saisie).status_code == 302
    assert client.get("/espace/").status_code == 200
    centre = distribution.deux_ponts.pk
    assert client.get(f"/espace/comptoir/{centre}/etat/").json()["passages"] == 1
    [presence] = Presence.objects.filter(seance__activite__structure=centre)
    assert (presence.personne.nom, presence.age) == ("Berger", 36)


def une_journee(troupe: Distribution) -> None:
    """Un passage au comptoir et une présence nommée, par les opérations, comme l'équipe les note."""
    un_type = TypeDeDemandeFactory(structure=troupe.deux_ponts)
    noter_passage(troupe.deux_ponts, cle=uuid4(), types=[un_type], par=troupe.ines)
    seance = SeanceFactory(
        activite=ActiviteFactory(structure=troupe.deux_ponts), debut=datetime(2026, 3, 10, 14, tzinfo=UTC)
    )
    une = PersonneFactory(structure=troupe.deux_ponts, nom="Berger", naissance=1990)
    noter_venues(seance, Venues({une.pk: "participant"}, envoi=uuid4()), par=troupe.ines)


def _fichiers() -> dict[str, bytes]:
    dossier: Path = settings.DOSSIER_FICHIERS
    return {str(f.relative_to(dossier)): f.read_bytes() for f in dossier.rglob("*") if f.is_file()}


def test_restaurer_rend_la_base_et_les_fichiers_tels_qu_ils_etaient(archive: Path) -> None:
    avant = compter_les_lignes()
    StructureFactory(nom="Née après la sauvegarde")
    (settings.DOSSIER_FICHIERS / "note.txt").write_text("perdu", encoding="utf-8")
    resultat = _restaurer(archive)
    assert resultat["lignes"] == avant == compter_les_lignes()
    assert Structure.objects.get().nom == "Centre social sauvegardé"
    assert (settings.DOSSIER_FICHIERS / "note.txt").read_text(encoding="utf-8") == "à garder"


def test_une_base_remise_en_place_autrement_que_copiee_est_dite(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maillage.core.sauvegarde.sommes_des_tables", lambda: {"territoire_structure": "0:"})
    with pytest.raises(Refus, match="territoire_structure"):
        _restaurer(archive)


SUR_POSTGRESQL = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite n'a ni verrous ni schémas"
)
VERROUS_D_OFFICE = 6_400
"""Ce qu'un serveur PostgreSQL sans réglage donne à toutes ses bases ensemble : 64 par connexion, 100 connexions."""


@SUR_POSTGRESQL
def test_restaurer_tient_dans_les_verrous_d_un_serveur_sans_reglage(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Le jour du malheur n'est pas celui où l'on découvre `max_locks_per_transaction`."""
    pris = tmp_path / "pris"
    compter = "SELECT count(DISTINCT (locktype, classid, relation, objid)) FROM pg_locks WHERE pid = pg_backend_pid()"

    def lancer(programme: str, *arguments: str) -> None:
        est_la_creation = "--single-transaction" in arguments
        suite = ("--tuples-only", f"--output={pris}", f"--command={compter}") if est_la_creation else ()
        _outil_postgresql(programme, *arguments, *suite)

    monkeypatch.setattr("maillage.core.base_de_donnees._outil_postgresql", lancer)
    assert _restaurer(archive)["restauree"]
    assert 0 < int(pris.read_text().split()[-1]) < VERROUS_D_OFFICE // 3


@SUR_POSTGRESQL
def test_les_tables_qu_une_restauration_coupee_a_laissees_ne_partent_pas_et_disparaissent(
    tmp_path: Path,
) -> None:
    StructureFactory(nom="Centre social sauvegardé")
    with connection.cursor() as curseur:
        curseur.execute(f"CREATE SCHEMA {_AVANT}")
        curseur.execute(f"CREATE TABLE {_AVANT}.personnes_personne (nom text)")
    call_command("sauvegarder", sortie=tmp_path / "essai.tar.gz")
    _restaurer(tmp_path / "essai.tar.gz")
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [_AVANT])
        assert curseur.fetchone() == (0,)
    assert Structure.objects.get().nom == "Centre social sauvegardé"


@SUR_POSTGRESQL
def test_une_restauration_qui_echoue_en_route_laisse_les_tables_d_avant(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def couper(programme: str, *arguments: str) -> None:
        suite = ("--command=SELECT 1 / 0",) if programme == "psql" else ()
        _outil_postgresql(programme, *arguments, *suite)

    StructureFactory(nom="Née après la sauvegarde")
    avant = sommes_des_tables()
    monkeypatch.setattr("maillage.core.base_de_donnees._outil_postgresql", couper)
    with pytest.raises(OSError, match="psql a échoué"):
        _restaurer(archive)
    assert sommes_des_tables() == avant


def test_l_archive_n_est_lisible_que_de_son_proprietaire(archive: Path) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert not list(archive.parent.glob("*.partiel"))


def test_la_commande_dit_que_la_cle_est_a_garder_ailleurs(tmp_path: Path) -> None:
    sortie = io.StringIO()
    call_command("sauvegarder", sortie=tmp_path / "autre.tar.gz", stdout=sortie)
    assert "gardez-la ailleurs" in sortie.getvalue()


def test_l_archive_ne_porte_ni_la_cle_secrete_ni_l_index(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        noms = tar.getnames()
    assert {"./base", "./fichiers/note.txt", "./manifeste.json", "./signature"} <= set(noms)
    assert not [nom for nom in noms if "secret" in nom or "index" in nom]


def test_les_lignes_comptees_couvrent_tous_les_modeles() -> None:
    StructureFactory()
    Group.objects.create(name="Un modèle qui n'est pas de la maison")
    comptees = compter_les_lignes()
    assert comptees["territoire.structure"] == 1
    assert comptees["auth.group"] == 1
