"""Un geste sur l'arbre : il s'écrit d'un coup, se journalise, se défait et se refait.

On photographie l'arbre avant et après, verrou du projet tenu ; la différence va au journal. Défaire remet ce qui
était, exactement, ou refuse si une de ces choses a changé depuis.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from django.db import models, transaction
from django.db.models import F, ProtectedError
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.journal import journaliser
from maillage.core.models import LigneJournal, Versionnee
from maillage.projets.models import (
    Axe,
    Besoin,
    Enjeu,
    FicheAction,
    GesteDArbre,
    Objectif,
    ProjetSocial,
    ProjetSpecifique,
    Proposition,
    Rattachement,
)
from maillage.projets.permissions import OUVERTS_A_L_ECRITURE

Etat = dict[str, dict[str, Any]]
"""« fiche:12 » → les champs qui disent son nom et sa place."""

DUREE: Final = timedelta(days=1)
"""Un geste d'hier ne se défait plus d'un bouton : on a oublié ce qu'il a fait."""

# Genre → modèle, chemin qui mène au projet, champs gardés. Les porteurs d'abord : on crée dans cet ordre.
_GENRES: Final[dict[str, tuple[type[models.Model], str, tuple[str, ...]]]] = {
    "projet": (ProjetSocial, "pk", ("modele_de_numero", "garde_les_numeros")),
    "axe": (Axe, "projet", ("lettre", "titre", "couleur", "est_transversal", "rang")),
    "enjeu": (Enjeu, "axe__projet", ("axe_id", "titre", "rang")),
    "objectif": (Objectif, "enjeu__axe__projet", ("enjeu_id", "parent_id", "titre", "rang")),
    "specifique": (ProjetSpecifique, "projet", ("genre", "nom", "presentation", "rang")),
    "fiche": (FicheAction, "projet", ("titre", "axe_id", "objectif_id", "rang")),
    "rattachement": (
        Rattachement,
        "fiche__projet",
        ("fiche_id", "objectif_id", "rang", "est_un_renvoi"),
    ),
    "lecture": (
        FicheAction.specifiques.through,
        "ficheaction__projet",
        ("ficheaction_id", "projetspecifique_id"),
    ),
    "lien": (Besoin.enjeux.through, "besoin__projet", ("besoin_id", "enjeu_id")),
    "proposition": (Proposition, "evaluation__projet", ("objectif_id",)),
}
_MENE_A: Final = {
    "axe_id": "axe",
    "enjeu_id": "enjeu",
    "parent_id": "objectif",
    "objectif_id": "objectif",
    "fiche_id": "fiche",
    "ficheaction_id": "fiche",
    "projetspecifique_id": "specifique",
}
_DU_PROJET: Final = {"axe", "specifique", "fiche"}


class ArbreRefuse(ValueError):
    """L'arbre ne peut pas prendre ce changement ; le message dit pourquoi et quoi faire."""


@contextmanager
def geste(projet: ProjetSocial, acte: str, fait: str, *, par: Utilisateur) -> Iterator[None]:
    """Tout ce que le bloc écrit est un geste de `par` : « a déplacé « Le prêt de vélos » ». Rien n'a changé : rien.

    Lève `ArbreRefuse` si le projet s'est fermé à l'écriture, ou si l'arbre obtenu ne tient pas.
    """
    with transaction.atomic():
        verrouiller(projet)
        avant = photographier(projet)
        yield
        apres = photographier(projet)
        _verifier(apres)
        differences = _comparer(avant, apres)
        if not differences:
            return
        ligne = _noter(projet, acte, fait, differences, par=par)
        GesteDArbre.objects.create(projet=projet, ligne=ligne, par=par)


def verrouiller(projet: ProjetSocial) -> None:
    """Deux personnes, un arbre : la seconde attend. Dans une transaction."""
    tenu = ProjetSocial.objects.select_for_update().get(pk=projet.pk)
    if tenu.etat not in OUVERTS_A_L_ECRITURE:
        raise ArbreRefuse(
            f"Le projet est maintenant « {tenu.get_etat_display()} » : son arbre ne se change plus."
        )


def photographier(projet: ProjetSocial) -> Etat:
    """L'arbre entier en dix requêtes."""
    etat: Etat = {}
    for genre, (modele, chemin, champs) in _GENRES.items():
        lignes = modele._default_manager.filter(**{chemin: projet.pk}).order_by("pk")
        for pk, *valeurs in lignes.values_list("pk", *champs):
            etat[f"{genre}:{pk}"] = dict(zip(champs, valeurs, strict=True))
    return etat


# --- Défaire, refaire ------------------------------------------------------------------------------


def gestes_de(projet: ProjetSocial, personne: Utilisateur) -> tuple[GesteDArbre | None, GesteDArbre | None]:
    """Son dernier geste d'aujourd'hui, qu'elle peut défaire, et celui qu'elle peut refaire.

    On ne refait que ce que l'on a défait sans rien faire d'autre depuis.
    """
    recents = GesteDArbre.objects.filter(projet=projet, par=personne, fait_le__gt=timezone.now() - DUREE)
    a_refaire = None
    for un_geste in recents.select_related("ligne").defer("ligne__avant", "ligne__apres").order_by("-pk"):
        if un_geste.defait_le is None:
            return un_geste, a_refaire
        a_refaire = un_geste
    return None, a_refaire


@transaction.atomic
def defaire_geste(projet: ProjetSocial, *, par: Utilisateur) -> GesteDArbre | None:
    """Remet ce qui était avant son dernier geste. Lève `ArbreRefuse` si quelqu'un y a touché depuis."""
    verrouiller(projet)
    fait, _ = gestes_de(projet, par)
    if fait is not None:
        _remettre(projet, fait, "defaire_geste", "a défait", depuis="apres", vers="avant", par=par)
        fait.defait_le = timezone.now()
        fait.save(update_fields=["defait_le"])
    return fait


@transaction.atomic
def refaire_geste(projet: ProjetSocial, *, par: Utilisateur) -> GesteDArbre | None:
    verrouiller(projet)
    _, defait = gestes_de(projet, par)
    if defait is not None:
        _remettre(projet, defait, "refaire_geste", "a refait", depuis="avant", vers="apres", par=par)
        defait.defait_le = None
        defait.save(update_fields=["defait_le"])
    return defait


def _remettre(
    projet: ProjetSocial,
    un_geste: GesteDArbre,
    acte: str,
    verbe: str,
    *,
    depuis: str,
    vers: str,
    par: Utilisateur,
) -> None:
    attendu: Etat = getattr(un_geste.ligne, depuis) or {}
    voulu: Etat = getattr(un_geste.ligne, vers) or {}
    actuel = photographier(projet)
    parties = {cle for cle in {*attendu, *voulu} if cle.startswith("proposition:") and cle not in actuel}
    for cle in {*attendu, *voulu} - parties:
        present, cru = actuel.get(cle), attendu.get(cle)
        if (present is None) != (cru is None) or any(
            (present or {}).get(c) != v for c, v in (cru or {}).items()
        ):
            raise ArbreRefuse(
                "Quelqu’un a changé la même chose depuis : ce geste ne se défait plus. Rien n’a bougé."
            )
    obtenu = {cle: valeurs for cle, valeurs in actuel.items() if cle not in attendu or cle in voulu}
    besoins = set(projet.besoins.order_by().values_list("pk", flat=True))
    for cle, valeurs in voulu.items():
        if cle in parties:
            continue  # l'évaluation ne porte plus cette proposition : un geste sur l'arbre ne la refait pas
        if valeurs.get("besoin_id", 0) and valeurs["besoin_id"] not in besoins:
            continue  # le besoin a été retiré depuis : il n'y a plus rien à relier
        obtenu[cle] = {**actuel.get(cle, {}), **valeurs}
    _verifier(obtenu)
    _ecrire(projet, actuel, obtenu)
    _noter(projet, acte, f"{verbe} : {un_geste.ligne.phrase.rstrip('.')}", _comparer(actuel, obtenu), par=par)


# --- Comparer, vérifier, écrire --------------------------------------------------------------------

Difference = tuple[Etat, Etat]


def _comparer(avant: Etat, apres: Etat) -> Difference | None:
    """Les seules valeurs qui changent ; une ligne neuve manque à gauche, une ligne ôtée manque à droite."""
    gauche: Etat = {}
    droite: Etat = {}
    for cle in {*avant, *apres}:
        ancien, nouveau = avant.get(cle), apres.get(cle)
        if ancien is None or nouveau is None:
            gauche |= {cle: ancien} if ancien is not None else {}
            droite |= {cle: nouveau} if nouveau is not None else {}
        elif changes := [champ for champ in ancien if ancien[champ] != nouveau[champ]]:
            gauche[cle] = {champ: ancien[champ] for champ in changes}
            droite[cle] = {champ: nouveau[champ] for champ in changes}
    return (gauche, droite) if gauche or droite else None


def _verifier(etat: Etat) -> None:
    """Chaque chose est dans une chose qui existe, et deux axes n'ont pas la même lettre."""
    for cle, valeurs in etat.items():
        for champ, genre in _MENE_A.items():
            if valeurs.get(champ) is not None and f"{genre}:{valeurs[champ]}" not in etat:
                raise ArbreRefuse("Quelqu’un a rangé quelque chose ici entre-temps. Relisez l’arbre d’abord.")
        if cle.startswith("fiche:") and valeurs["objectif_id"] is not None:
            enjeu = etat[f"objectif:{valeurs['objectif_id']}"]["enjeu_id"]
            if etat[f"enjeu:{enjeu}"]["axe_id"] != valeurs["axe_id"]:
                raise ArbreRefuse("Une fiche a changé d’axe entre-temps. Relisez l’arbre d’abord.")
        if valeurs.get("parent_id") is not None:
            parent = etat[f"objectif:{valeurs['parent_id']}"]
            if parent["enjeu_id"] != valeurs["enjeu_id"]:
                raise ArbreRefuse("Un objectif a changé d’enjeu entre-temps. Relisez l’arbre d’abord.")
    for genre, champ, mot in (
        ("axe:", "lettre", "Un autre axe porte déjà cette lettre. Choisissez-en une autre."),
        ("specifique:", "nom", "Un autre projet spécifique porte déjà ce nom."),
    ):
        pris = [valeurs[champ] for cle, valeurs in etat.items() if cle.startswith(genre)]
        if len(set(pris)) < len(pris):
            raise ArbreRefuse(mot)


def _ecrire(projet: ProjetSocial, actuel: Etat, voulu: Etat) -> None:
    """Crée sous leur ancien numéro, corrige, puis ôte : à aucun moment une chose n'est sans porteur."""
    rang = {genre: place for place, genre in enumerate(_GENRES)}

    def ordre(cle: str) -> tuple[int, bool]:
        valeurs = voulu.get(cle) or actuel[cle]
        return rang[cle.partition(":")[0]], valeurs.get("parent_id") is not None

    for cle in sorted(voulu, key=ordre):
        genre, _, pk = cle.partition(":")
        modele = _GENRES[genre][0]
        if cle not in actuel:
            porteur = {"projet": projet} if genre in _DU_PROJET else {}
            modele._default_manager.create(pk=int(pk), **porteur, **voulu[cle])
        elif actuel[cle] != voulu[cle]:
            ecrits: dict[str, Any] = dict(voulu[cle])
            changes = {champ for champ in ecrits if ecrits[champ] != actuel[cle][champ]}
            if issubclass(modele, Versionnee) and changes - {"rang", *_MENE_A}:
                ecrits |= {"version": F("version") + 1, "modifie_le": timezone.now()}
            modele._default_manager.filter(pk=int(pk)).update(**ecrits)
    for cle in sorted((cle for cle in actuel if cle not in voulu), key=ordre, reverse=True):
        genre, _, pk = cle.partition(":")
        try:
            _GENRES[genre][0]._default_manager.filter(pk=int(pk)).delete()
        except ProtectedError as tenu_par:
            quoi = sorted({str(objet._meta.verbose_name) for objet in tenu_par.protected_objects})
            raise ArbreRefuse(
                f"On s’appuie déjà dessus : {', '.join(quoi)}. Retirez cela d’abord."
            ) from tenu_par


def _noter(
    projet: ProjetSocial, acte: str, fait: str, differences: Difference | None, *, par: Utilisateur
) -> LigneJournal:
    avant, apres = differences or ({}, {})
    ligne = journaliser(
        projet,
        acte,
        f"{par.get_full_name()} {fait}.",
        par=par,
        avant=avant,
        apres=apres,
        structure_id=projet.structure_id,
    )
    noter_changement(projet, acte)
    return ligne
