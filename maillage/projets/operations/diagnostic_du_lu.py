"""Le diagnostic d'un export JSON : zones, constats, paroles, rencontres, enquêtes, besoins et leurs preuves."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from maillage.projets.choices import (
    Couleur,
    Croisement,
    GenreRencontre,
    GenreZone,
    NatureConstat,
    SorteDeParticipants,
)
from maillage.projets.models import (
    Besoin,
    Constat,
    Enjeu,
    Parole,
    Preuve,
    ProjetSocial,
    Rencontre,
    ResultatEnquete,
    ThemeDeParoles,
)
from maillage.projets.models.diagnostic import GENRES_DE_PREUVE
from maillage.projets.operations.textes_du_lu import Textes
from maillage.projets.operations.valeurs_du_lu import entier, jour, liste, nombres, objets, parmi
from maillage.projets.preuves import SORTES
from maillage.projets.querysets import dans_l_ordre
from maillage.territoire.models import Commune, Quartier

Lu = Mapping[str, Any]


def ecrire_le_diagnostic(projet: ProjetSocial, lu: Lu, enjeux: Mapping[Any, Enjeu], textes: Textes) -> None:
    """À appeler quand les chiffres, les tableaux et l'arbre sont écrits. `enjeux` : numéro dans l'objet → enjeu."""
    _preciser_le_territoire(projet, lu, textes)
    Constat.objects.bulk_create(
        Constat(
            projet=projet,
            texte=textes.long(un.get("texte")),
            nature=parmi(un.get("nature"), NatureConstat, NatureConstat.FAIBLESSE),
            source=textes.court(un.get("source"), 300),
            rang=rang,
        )
        for rang, un in enumerate(objets(lu, "constats"), start=1)
    )
    themes = ThemeDeParoles.objects.bulk_create(
        ThemeDeParoles(
            projet=projet,
            nom=textes.court(un.get("nom"), 120),
            couleur=parmi(un.get("couleur"), Couleur, Couleur.VERT),
            rang=rang,
        )
        for rang, un in enumerate(objets(lu, "themes"), start=1)
    )
    par_nom = {theme.nom: theme for theme in themes}
    Parole.objects.bulk_create(
        Parole(
            projet=projet,
            texte=textes.long(un.get("texte")),
            qui=textes.court(un.get("qui"), 120),
            occasion=textes.court(un.get("occasion"), 200),
            theme=par_nom.get(textes.long(un.get("theme"))),
            rang=rang,
        )
        for rang, un in enumerate(objets(lu, "paroles"), start=1)
    )
    Rencontre.objects.bulk_create(
        Rencontre(
            projet=projet,
            titre=textes.court(un.get("titre"), 200),
            genre=parmi(un.get("genre"), GenreRencontre, GenreRencontre.ECOUTE),
            le=jour(un.get("le")),
            lieu=textes.court(un.get("lieu"), 200),
            affluence=nombres(un.get("affluence"), SorteDeParticipants),
            retenu=textes.long(un.get("retenu")),
        )
        for un in objets(lu, "rencontres")
    )
    ResultatEnquete.objects.bulk_create(
        _resultat(projet, un, rang, textes) for rang, un in enumerate(objets(lu, "resultats"), start=1)
    )
    _ecrire_les_besoins(projet, lu, enjeux, textes)


def _preciser_le_territoire(projet: ProjetSocial, lu: Lu, textes: Textes) -> None:
    """Les zones sont déjà là par leur nom ; l'export dit aussi leur genre et ce qui les précise."""
    communes = [un for un in liste(lu, "communes") if isinstance(un, str)]
    projet.communes.set(Commune.objects.filter(pk__in=communes))
    dites = {textes.court(un.get("nom"), 200): un for un in objets(lu, "zones")}
    connus = Quartier.objects.filter(code__in=[str(un.get("code") or "") for un in dites.values()])
    par_code = {(quartier.code, quartier.millesime): quartier for quartier in connus}
    zones = list(projet.zones.filter(nom__in=dites))
    for zone in zones:
        dite = dites[zone.nom]
        zone.genre = parmi(dite.get("genre"), GenreZone, zone.genre)
        zone.precision = textes.long(dite.get("precision"))
        zone.quartier = par_code.get((str(dite.get("code")), entier(dite.get("millesime")) or 0))
    projet.zones.bulk_update(zones, ["genre", "precision", "quartier"])


def _resultat(projet: ProjetSocial, un: Lu, rang: int, textes: Textes) -> ResultatEnquete:
    colonnes = [textes.long(colonne) for colonne in liste(un, "colonnes")]
    lignes = [
        {
            "libelle": textes.long(ligne.get("libelle")),
            "valeurs": [entier(valeur) or 0 for valeur in liste(ligne, "valeurs")][: len(colonnes)],
        }
        for ligne in objets(un, "lignes")
    ]
    return ResultatEnquete(
        projet=projet,
        question=textes.court(un.get("question"), 300),
        enquete=textes.court(un.get("enquete"), 200),
        annee=entier(un.get("annee")),
        croisement=parmi(un.get("croisement"), Croisement),
        colonnes=colonnes,
        lignes=lignes,
        rang=rang,
    )


# --- Les besoins ------------------------------------------------------------------------------------


def _ecrire_les_besoins(projet: ProjetSocial, lu: Lu, enjeux: Mapping[Any, Enjeu], textes: Textes) -> None:
    besoins = objets(lu, "besoins")
    if not besoins:
        return
    montres: dict[str, Sequence[models.Model]] = {
        genre: list(dans_l_ordre(getattr(projet, sorte.relation).all())) for genre, sorte in SORTES.items()
    }
    for rang, un in enumerate(besoins, start=1):
        besoin = Besoin.objects.create(
            projet=projet,
            titre=textes.court(un.get("titre"), 300),
            precision=textes.long(un.get("precision")),
            rang=rang,
        )
        numeros = (entier(numero) for numero in liste(un, "enjeux"))
        besoin.enjeux.set(enjeux[numero] for numero in numeros if numero in enjeux)
        preuves = (_preuve(besoin, preuve, montres, textes) for preuve in objets(un, "preuves"))
        Preuve.objects.bulk_create(filter(None, preuves))


def _preuve(
    besoin: Besoin, lu: Lu, montres: Mapping[str, Sequence[models.Model]], textes: Textes
) -> Preuve | None:
    """Ce qu'elle montrait du doigt a pu être mis de côté : ses mots restent, recopiés."""
    genre, texte = lu.get("genre"), textes.long(lu.get("texte"))
    if genre in GENRES_DE_PREUVE and (montre := _retrouver(montres[str(genre)], lu.get("rang"), texte)):
        return Preuve(besoin=besoin, **{str(genre): montre})
    source = textes.court(lu.get("source"), 300)
    return Preuve(besoin=besoin, nombre=textes.court(texte, 300), source=source) if texte else None


def _retrouver(elements: Sequence[models.Model], rang: Any, texte: str) -> models.Model | None:
    """À son rang, sinon par ses mots."""
    place = entier(rang) or 0
    a_son_rang = elements[place - 1] if 0 < place <= len(elements) else None
    if a_son_rang is not None and str(a_son_rang) == texte:
        return a_son_rang
    return next((un for un in elements if str(un) == texte), None)
