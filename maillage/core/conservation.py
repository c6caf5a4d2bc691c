"""Ce que l'installation garde d'une personne : chaque pièce le déclare dans son `conservation.py`, ce moteur l'exécute.

Une `Declaration` par modèle : chaque champ avec son but, sa base, sa durée, qui le lit, et ce qu'il devient à
l'effacement. Le moteur en tire l'archive d'accès, l'effacement, la réunion de deux fiches et le registre des
traitements (RGPD, articles 5, 15, 17 et 30). Il ne connaît aucune pièce ; une personne est ici un numéro.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from django.apps import apps
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from maillage.core.francais import date_longue

PERSONNELLE: Final = "P2"
"""Niveau d'une donnée personnelle ; `PERSONNELLE_DE_MINEUR` demande une vigilance de plus."""
PERSONNELLE_DE_MINEUR: Final = "P2, mineurs"


@dataclass(frozen=True, kw_only=True)
class Donnee:
    """Un ou plusieurs champs qui servent au même but. Tout se lit tel quel dans les pages."""

    champs: tuple[str, ...]
    but: str
    base: str
    duree: str
    destinataires: str
    niveau: str = PERSONNELLE
    compte_encore: bool = False
    """Reste après l'effacement, sans rien qui nomme, pour que les comptes ne bougent pas."""


@dataclass(frozen=True, kw_only=True)
class Menage:
    """Une durée courte qui ne dépend pas de la personne : `jours` après le moment `depuis`, `apres` est écrit."""

    depuis: str
    jours: int
    apres: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Preference:
    """Deux lignes qui ne peuvent rester ensemble, et dont les champs `meme` sont égaux : le plus petit `rang` reste."""

    meme: tuple[str, ...]
    rang: Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """Ce qu'un modèle garde d'une personne. `chemin` : du modèle vers la personne ; vide quand rien ne l'y relie."""

    modele: str
    titre: str
    donnees: tuple[Donnee, ...]
    chemin: str = "personne"
    apres: Mapping[str, Any] | None = None
    """À l'effacement : les valeurs écrites à la place ; None, la ligne disparaît."""
    au_conflit: Mapping[str, Any] | None = None
    """À la réunion, si les deux fiches ont la même ligne : ce qui les départage ; None, une est mise de côté."""
    preference: Preference | None = None
    """Celle des deux qui n'est pas mise de côté ; None, celle de la fiche gardée."""
    menage: Menage | None = None
    libelles: Mapping[str, str] = field(default_factory=dict)
    """Champ → ce qui se lit, quand le nom du champ ne suffit pas."""

    @property
    def classe(self) -> type[models.Model]:
        return apps.get_model(self.modele)

    @property
    def champs(self) -> list[str]:
        return [champ for donnee in self.donnees for champ in donnee.champs]

    @property
    def se_deplace(self) -> bool:
        """Ce qui se rattache à la personne par une clé à elle ; le reste suit."""
        return self.chemin not in {"", "pk"} and "__" not in self.chemin

    def libelle(self, champ: str) -> str:
        dit = self.libelles.get(champ) or str(self.classe._meta.get_field(champ).verbose_name)  # type: ignore[union-attr]
        return dit[:1].upper() + dit[1:]

    def lignes(self, *personnes: int) -> models.QuerySet[Any]:
        if not self.chemin:
            return self.classe._default_manager.none()
        return self.classe._default_manager.filter(**{f"{self.chemin}__in": personnes}).order_by("pk")


@cache
def declarations() -> tuple[Declaration, ...]:
    """De toutes les pièces, du rez-de-chaussée au toit."""
    return tuple(declaration for module in _modules() for declaration in module.DECLARATIONS)


def _modules() -> Iterator[Any]:
    for piece in apps.get_app_configs():
        nom = f"{piece.name}.conservation"
        if piece.name.startswith("maillage.") and piece.name != "maillage.core" and find_spec(nom):
            yield import_module(nom)


# --- Voir -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Valeur:
    champ: str
    libelle: str
    brute: Any
    lisible: str


@dataclass(frozen=True)
class Chapitre:
    """Ce qu'un modèle garde : une liste de lignes, chacune faite de ses valeurs dites."""

    titre: str
    modele: str
    lignes: list[list[Valeur]] = field(default_factory=list)

    @property
    def tableau(self) -> tuple[list[str], list[list[str]]]:
        """Titres et rangées, sans les colonnes où rien n'est noté."""
        pleines = [
            rang for rang in range(len(self.lignes[0])) if any(ligne[rang].lisible for ligne in self.lignes)
        ]
        titres = [self.lignes[0][rang].libelle for rang in pleines]
        return titres, [[ligne[rang].lisible for rang in pleines] for ligne in self.lignes]


def exporter(*personnes: int) -> list[Chapitre]:
    """Tout ce que l'installation garde de cette personne, et des fiches réunies à la sienne."""
    return [
        Chapitre(
            declaration.titre,
            declaration.modele,
            [
                [_valeur(declaration, ligne, champ) for champ in declaration.champs]
                for ligne in declaration.lignes(*personnes).select_related(*_cles_de(declaration))
            ],
        )
        for declaration in declarations()
        if declaration.chemin
    ]


def _cles_de(declaration: Declaration) -> list[str]:
    champs = (declaration.classe._meta.get_field(champ) for champ in declaration.champs)
    return [champ.name for champ in champs if isinstance(champ, models.ForeignKey)]


def _valeur(declaration: Declaration, ligne: models.Model, nom: str) -> Valeur:
    champ = ligne._meta.get_field(nom)
    brute = getattr(ligne, nom)
    if isinstance(champ, models.ForeignKey):
        brute = str(brute) if brute is not None else None
    choisie = champ.choices and brute  # type: ignore[union-attr]
    lisible = str(getattr(ligne, f"get_{nom}_display")()) if choisie else _dire(brute)
    return Valeur(nom, declaration.libelle(nom), _pour_json(brute), lisible)


def _dire(valeur: Any) -> str:
    if valeur is None or valeur == "" or valeur == []:
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, datetime):
        return date_longue(timezone.localtime(valeur).date())
    if isinstance(valeur, date):
        return date_longue(valeur)
    return ", ".join(map(str, valeur)) if isinstance(valeur, list) else str(valeur)


def _pour_json(valeur: Any) -> Any:
    if isinstance(valeur, date | datetime):
        return valeur.isoformat()
    return valeur if isinstance(valeur, str | int | bool | list | type(None)) else str(valeur)


# --- Effacer ----------------------------------------------------------------------------------------


def effacer(*personnes: int) -> None:
    """Applique chaque déclaration, du toit au rez-de-chaussée. Dans la transaction de l'acte."""
    for declaration in reversed(declarations()):
        lignes = declaration.lignes(*personnes)
        if declaration.apres is None:
            lignes.order_by().delete()
        elif declaration.apres:
            lignes.order_by().update(**declaration.apres)


def faire_le_menage(aujourd_hui: date) -> int:
    """Les durées courtes, dues ce jour. Rend le nombre de lignes vidées ; se répète sans effet."""
    videes = 0
    for declaration in declarations():
        if menage := declaration.menage:
            limite = timezone.make_aware(datetime.combine(aujourd_hui, time()) - timedelta(days=menage.jours))
            dues = declaration.classe._default_manager.filter(**{f"{menage.depuis}__lt": limite})
            videes += dues.exclude(**menage.apres).update(**menage.apres)
    return videes


# --- Réunir, séparer --------------------------------------------------------------------------------


class _Entier(DjangoJSONEncoder):
    """Un moment garde ses microsecondes : deux inscriptions d'une même rafale reviennent dans leur ordre."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def deplacer(de: int, vers: int) -> dict[str, Any]:
    """Passe à `vers` tout ce qui se rattache à `de` ; rend de quoi défaire exactement (`remettre`)."""
    deplace: dict[str, Any] = {}
    for declaration in declarations():
        if declaration.se_deplace:
            passees: list[list[Any]] = []
            mises_de_cote: list[Any] = []
            for ligne in declaration.lignes(de):
                _deplacer_une(declaration, ligne, vers, passees, mises_de_cote)
            if passees or mises_de_cote:
                deplace[declaration.modele] = {
                    "passees": passees,
                    "de_cote": serializers.serialize("json", mises_de_cote, cls=_Entier),
                }
    return deplace


def _deplacer_une(
    declaration: Declaration, ligne: models.Model, vers: int, passees: list[list[Any]], de_cote: list[Any]
) -> None:
    cle = f"{declaration.chemin}_id"
    essais = [{cle: vers}]
    if declaration.au_conflit:
        departage = {nom: v() if callable(v) else v for nom, v in declaration.au_conflit.items()}
        essais.append({cle: vers, **departage})
    avant = {nom: _pour_json(getattr(ligne, nom)) for nom in essais[-1] if nom != cle}
    for essai in essais:
        try:
            with transaction.atomic():
                declaration.classe._default_manager.filter(pk=ligne.pk).update(**essai)
        except IntegrityError:
            continue
        passees.append([ligne.pk, avant if len(essai) > 1 else {}])
        return
    cedee = _qui_cede(declaration, ligne, vers)
    de_cote.append(cedee)
    declaration.classe._default_manager.filter(pk=cedee.pk).delete()
    if cedee is not ligne:
        declaration.classe._default_manager.filter(pk=ligne.pk).update(**{cle: vers})
        passees.append([ligne.pk, {}])


def _qui_cede(declaration: Declaration, ligne: models.Model, vers: int) -> models.Model:
    """De `ligne` et de celle que `vers` a déjà, celle que l'on met de côté."""
    if (preference := declaration.preference) is None:
        return ligne
    memes = {champ: getattr(ligne, champ) for champ in preference.meme}
    deja = min(declaration.lignes(vers).filter(**memes), key=preference.rang, default=ligne)
    return deja if preference.rang(ligne) < preference.rang(deja) else ligne


def remettre(deplace: Mapping[str, Any], *, de: int, vers: int) -> None:
    """Défait `deplacer(de, vers)`. Ce qui a été retiré depuis reste retiré."""
    for declaration in declarations():
        if not (fait := deplace.get(declaration.modele)):
            continue
        for numero, avant in fait["passees"]:
            revenue = declaration.classe._default_manager.filter(pk=numero, **{declaration.chemin: vers})
            revenue.update(**{f"{declaration.chemin}_id": de}, **avant)
        for objet in serializers.deserialize("json", fait["de_cote"]):
            if _ce_qu_elle_dit_existe(objet.object):
                with suppress(IntegrityError), transaction.atomic():
                    objet.save()


def _ce_qu_elle_dit_existe(ligne: models.Model) -> bool:
    """La séance, l'activité, le foyer ont pu disparaître depuis ; la base ne le dirait qu'à la fin de l'acte."""
    cles = [champ for champ in ligne._meta.concrete_fields if isinstance(champ, models.ForeignKey)]
    visees = [(champ.related_model, getattr(ligne, champ.attname)) for champ in cles]
    return all(
        modele._base_manager.filter(pk=numero).exists() for modele, numero in visees if numero is not None
    )


# --- Une restauration ne ramène personne ----------------------------------------------------------------


def avant_de_restaurer() -> None:
    """Chaque pièce met à l'abri, hors de la base, ce qu'elle a effacé (`RETENIR`, nom pointé)."""
    _appeler("RETENIR")


def apres_avoir_restaure() -> None:
    """Chaque pièce efface à nouveau ce qui l'était (`REJOUER`, nom pointé). La base est à jour."""
    _appeler("REJOUER")


def _appeler(nom: str) -> None:
    for module in _modules():
        if chemin := getattr(module, nom, ""):
            import_string(chemin)()
