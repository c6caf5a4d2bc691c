"""Commandes de Maillage : le contrat commun, et le point d'entrée de `bin/maillage`.

Le contrat : sous `--json`, la sortie standard porte un document JSON et rien d'autre ; tout message va sur la
sortie d'erreur ; code 0 fait, 1 refusé (rien d'écrit), 2 commande mal écrite. Une commande qui écrit n'écrit
que sous `--ecrire`.
"""

import contextlib
import fcntl
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, NoReturn

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line, get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection

from maillage.core.base_de_donnees import est_disque_plein
from maillage.environnement import ReglageRefuse


class Refus(CommandError):
    """La commande refuse : rien n'a été écrit. Le message dit ce qui s'est passé et quoi faire. Code 1."""


class UsageFaux(CommandError):
    """La commande est mal écrite, ce que l'analyse des options ne pouvait pas voir. Code 2."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=2)


class CommandeMaillage(BaseCommand):
    """Base des commandes : la classe fille écrit `faire`, au besoin `arguments` et `raconter`."""

    ecrit: ClassVar[bool] = False
    """La commande écrit : elle reçoit `--ecrire`, sans quoi elle essaie et rend compte."""
    sans_base: ClassVar[bool] = False
    """La commande se passe de la base : aucune migration n'est appliquée avant elle."""
    requires_system_checks = []  # ils liraient toutes les pages à chaque commande

    def arguments(self, parser: CommandParser) -> None:
        """Arguments propres à la commande."""

    def faire(self, options: dict[str, Any]) -> Any:
        """Fait le travail et rend ce que `--json` imprimera. Lève `Refus` ou `UsageFaux`."""
        raise NotImplementedError

    def raconter(self, resultat: Any) -> str | Iterable[str]:
        """Le même résultat en phrases, pour une personne."""
        return json.dumps(resultat, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)

    def dire(self, message: str) -> None:
        """Message d'avancement : jamais sur la sortie standard."""
        self.stderr.write(message, str)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="un document JSON sur la sortie standard")
        if self.ecrit:
            parser.add_argument("--ecrire", action="store_true", help="écrire ; sinon, un essai à blanc")
        self.arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        en_json = options["json"]
        detour = contextlib.redirect_stdout(sys.stderr) if en_json else contextlib.nullcontext()
        try:
            with detour, _pannes_en_refus():
                resultat = self.faire(options)
        except CommandError as refus:
            if en_json:
                self._imprimer_json({"refus": str(refus)})
            raise
        if en_json:
            self._imprimer_json(resultat)
        else:
            recit = self.raconter(resultat)
            for ligne in [recit] if isinstance(recit, str) else recit:
                self.stdout.write(ligne)
        if self.ecrit and not options["ecrire"]:
            self.dire("Essai à blanc : rien n'est écrit. Ajoutez --ecrire pour écrire.")

    def _imprimer_json(self, document: Any) -> None:
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder))


@contextlib.contextmanager
def _pannes_en_refus() -> Iterator[None]:
    """Dit en clair les pannes de la machine ; les fautes du programme gardent leur trace."""
    try:
        yield
    except FileNotFoundError as panne:
        raise Refus(f"Le fichier « {panne.filename} » est introuvable. Vérifiez son nom.") from panne
    except IsADirectoryError as panne:
        raise Refus(f"« {panne.filename} » est un dossier. Donnez un fichier.") from panne
    except PermissionError as panne:
        raise Refus(f"L'accès à « {panne.filename} » est refusé. Vérifiez ses droits.") from panne
    except (OSError, DatabaseError) as panne:
        if est_disque_plein(panne):
            raise Refus("Le disque est plein. Libérez de la place, puis recommencez.") from panne
        raise


def principal(argv: Sequence[str]) -> None:
    """Point d'entrée : prépare Django, met la base à jour s'il le faut, puis lance la commande."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.settings")
    try:
        django.setup()
    except (ReglageRefuse, ImproperlyConfigured) as refus:
        _sortir(f"Réglage refusé. {refus}", 1)
    nom = argv[1] if len(argv) > 1 else ""
    if nom in {"", "aide", "-h", "--help"}:
        print(_aide())
        sys.exit(0 if nom else 2)
    if nom not in get_commands():
        _sortir(f"La commande « {nom} » n'existe pas. Tapez « bin/maillage aide » pour voir la liste.", 2)
    try:
        commande = load_command_class(get_commands()[nom], nom)
        if isinstance(commande, CommandeMaillage) and not commande.sans_base and "--help" not in argv:
            appliquer_migrations()
        execute_from_command_line(list(argv))
    except KeyboardInterrupt:
        _sortir("Interrompu.", 130)
    except BrokenPipeError:  # la sortie est lue par `head`, qui est parti
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def appliquer_migrations() -> int:
    """Met la base à jour s'il le faut et rend le nombre de migrations appliquées.

    Le verrou fait attendre une seconde commande lancée au même moment sur la même machine.
    """
    from django.conf import settings
    from django.core.management import call_command

    if not _migrations_en_attente():
        return 0
    with verrou(settings.MAILLAGE_DONNEES / "migrations.verrou"):
        attente = _migrations_en_attente()
        if attente:
            print(f"Mise à jour de la base : {attente} migrations…", file=sys.stderr)
            call_command("migrate", interactive=False, verbosity=0)
    return attente


def _migrations_en_attente() -> int:
    from django.db.migrations.executor import MigrationExecutor

    executeur = MigrationExecutor(connection)
    return len(executeur.migration_plan(executeur.loader.graph.leaf_nodes()))


@contextlib.contextmanager
def verrou(chemin: Path) -> Iterator[None]:
    """Un seul processus de la machine à la fois ; le noyau libère le verrou si le processus meurt."""
    with open(chemin, "a") as fichier:
        fcntl.flock(fichier, fcntl.LOCK_EX)
        yield


def _aide() -> str:
    lignes = ["Commandes de Maillage (chacune a son --help) :", ""]
    for nom, application in sorted(get_commands().items()):
        if not application.startswith("maillage."):
            continue
        lignes.append(f"  {nom:<24}{load_command_class(application, nom).help}")
    return "\n".join([*lignes, "", "Les commandes de Django passent aussi (migrate, check, shell…)."])


def _sortir(message: str, code: int) -> NoReturn:
    print(message, file=sys.stderr)
    sys.exit(code)
