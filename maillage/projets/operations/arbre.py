"""Écrire l'arbre : ajouter, renommer, déplacer, ôter. Chaque acte est un geste, qui se défait."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import models
from django.db.models import Max

from maillage.comptes.models import Utilisateur
from maillage.core.versions import enregistrer
from maillage.projets.choices import Couleur
from maillage.projets.lecture import Arbre, lire_arbre
from maillage.projets.models import (
    Axe,
    Enjeu,
    FicheAction,
    Objectif,
    ProjetSocial,
    Rattachement,
)
from maillage.projets.operations.gestes import ArbreRefuse, geste
from maillage.projets.verification.citees import endroits_qui_citent, refus

Noeud = Axe | Enjeu | Objectif | FicheAction
Place = ProjetSocial | Axe | Enjeu | Objectif
"""Ce sous quoi on range. Une fiche sous le projet même est « à ranger » ; sous un axe, sans objectif."""

SOUS_RIEN: Final = "Choisissez sous quoi le ranger : ce n’est pas possible ici."


# --- Ajouter ---------------------------------------------------------------------------------------


def ajouter_axe(
    projet: ProjetSocial,
    *,
    titre: str,
    lettre: str,
    couleur: Couleur | str,
    est_transversal: bool,
    par: Utilisateur,
) -> Axe:
    with geste(projet, "ajouter_axe", f"a ajouté l’axe « {titre} »", par=par):
        _lettre_libre(projet, lettre)
        return Axe.objects.create(
            projet=projet,
            titre=titre,
            lettre=lettre,
            couleur=couleur,
            est_transversal=est_transversal,
            rang=_apres(projet.axes),
        )


def ajouter_enjeu(axe: Axe, titre: str, *, par: Utilisateur) -> Enjeu:
    with geste(axe.projet, "ajouter_enjeu", f"a ajouté l’enjeu « {titre} »", par=par):
        _relire(axe)
        return Enjeu.objects.create(axe=axe, titre=titre, rang=_apres(axe.enjeux))


def ajouter_objectif(sous: Axe | Enjeu | Objectif, titre: str, *, par: Utilisateur) -> Objectif:
    """Sous un axe : dans son premier enjeu sans titre. Sous un objectif général : un objectif opérationnel."""
    with geste(_projet(sous), "ajouter_objectif", f"a ajouté l’objectif « {titre} »", par=par):
        _relire(sous)
        if isinstance(sous, Objectif):
            _exiger_general(sous)
            enjeu, parent = sous.enjeu, sous
        else:
            enjeu, parent = _enjeu_de(sous), None
        rang = _apres(Objectif.objects.filter(enjeu=enjeu, parent=parent))
        return Objectif.objects.create(enjeu=enjeu, parent=parent, titre=titre, rang=rang)


# --- Renommer --------------------------------------------------------------------------------------


def ecrire_axe(
    axe: Axe,
    *,
    version_lue: int,
    titre: str,
    lettre: str,
    couleur: Couleur | str,
    est_transversal: bool,
    par: Utilisateur,
) -> None:
    """Lève `ConflitDeVersion` si l'axe a changé depuis sa lecture, `ArbreRefuse` si la lettre est prise."""
    with geste(axe.projet, "ecrire_axe", f"a modifié l’axe « {titre} »", par=par):
        _lettre_libre(axe.projet, lettre, sauf=axe)
        enregistrer(
            axe,
            version_lue=version_lue,
            titre=titre,
            lettre=lettre,
            couleur=couleur,
            est_transversal=est_transversal,
        )


def renommer(
    noeud: Enjeu | Objectif | FicheAction, titre: str, *, version_lue: int, par: Utilisateur
) -> None:
    """Lève `ConflitDeVersion`."""
    with geste(_projet(noeud), "renommer", f"a renommé « {noeud} » en « {titre} »", par=par):
        if noeud.titre != titre:
            enregistrer(noeud, version_lue=version_lue, titre=titre)


# --- Déplacer --------------------------------------------------------------------------------------


def deplacer(noeud: Noeud, sous: Place, place: int | None = None, *, par: Utilisateur) -> None:
    """Range `noeud` sous `sous`, à cette place (la première est 1), à la fin sans place.

    Lève `ArbreRefuse` quand l'un des deux n'existe plus, ou ne va pas sous l'autre.
    """
    with geste(_projet(noeud), "deplacer", f"a déplacé « {_nom(noeud)} »", par=par):
        _relire(noeud, sous)
        _poser(noeud, sous, place)


def decaler(noeud: Noeud, sens: int, *, par: Utilisateur) -> None:
    """D'un cran, -1 vers le haut, 1 vers le bas. Au bout des siens, passe chez le voisin ; au bout de tout, rien."""
    projet = _projet(noeud)
    with geste(projet, "deplacer", f"a déplacé « {_nom(noeud)} »", par=par):
        _relire(noeud)
        ici = list(_freres(noeud))
        place = ici.index(noeud) + sens
        if 0 <= place < len(ici):
            _poser(noeud, _porteur(noeud), place + 1)
        else:
            porteurs = _porteurs_possibles(noeud, lire_arbre(projet))
            voisin = porteurs.index(_porteur(noeud)) + sens
            if 0 <= voisin < len(porteurs):
                _poser(noeud, porteurs[voisin], None if sens < 0 else 1)


def rattacher(fiche: FicheAction, objectifs: Sequence[Objectif], *, par: Utilisateur) -> None:
    """Les autres objectifs que la fiche sert, au-delà de celui où elle se range."""
    with geste(fiche.projet, "rattacher", f"a choisi les objectifs que sert « {fiche} »", par=par):
        _relire(fiche, *objectifs)
        voulus = {objectif.pk for objectif in objectifs if objectif.pk != fiche.objectif_id}
        fiche.rattachements.exclude(objectif__in=voulus).delete()
        connus = set(fiche.rattachements.values_list("objectif_id", flat=True))
        Rattachement.objects.bulk_create(
            Rattachement(fiche=fiche, objectif=objectif, rang=_apres(objectif.rattachements))
            for objectif in objectifs
            if objectif.pk in voulus - connus
        )


# --- Ôter ------------------------------------------------------------------------------------------


def oter(noeud: Axe | Enjeu | Objectif, vers: Place | None = None, *, par: Utilisateur) -> int:
    """Ôte la branche ; ses fiches vont sous `vers`. Rend leur nombre.

    Lève `ArbreRefuse` quand elle a des fiches et que `vers` manque, ou est dans la branche ; ou qu'un texte du projet
    cite un de ses objectifs, en disant où.
    """
    with geste(_projet(noeud), "oter", f"a supprimé « {_nom(noeud)} »", par=par):
        _relire(noeud, *([vers] if vers else []))
        fiches = list(_fiches_de(noeud).order_by("axe__rang", "objectif__rang", "rang", "pk"))
        if fiches and vers is None:
            raise ArbreRefuse("Cette branche a des fiches. Dites d’abord où elles vont.")
        if vers is not None and _est_dans(vers, noeud):
            raise ArbreRefuse("Cette place disparaîtrait avec la branche. Choisissez-en une autre.")
        if places := endroits_qui_citent(_projet(noeud), _objectifs_de(noeud)):
            raise ArbreRefuse(refus(_nom(noeud), places))
        for fiche in fiches:
            assert vers is not None  # noqa: S101
            _poser(fiche, vers, None)
        noeud.delete()
        return len(fiches)


# --- Les places ------------------------------------------------------------------------------------


def _poser(noeud: Noeud, sous: Place, place: int | None) -> None:
    if _projet(sous) != _projet(noeud):
        raise ArbreRefuse(SOUS_RIEN)
    match noeud, sous:
        case Axe(), ProjetSocial():
            pass
        case Enjeu(), Axe():
            noeud.axe = sous
        case Objectif(), Axe() | Enjeu():
            noeud.enjeu, noeud.parent = _enjeu_de(sous), None
        case Objectif(), Objectif():
            _exiger_general(sous)
            if sous == noeud or noeud.operationnels.exists():
                raise ArbreRefuse("Cet objectif en porte d’autres : il reste un objectif général.")
            noeud.enjeu, noeud.parent = sous.enjeu, sous
        case FicheAction(), Objectif():
            noeud.objectif, noeud.axe = sous, sous.enjeu.axe
            noeud.rattachements.filter(objectif=sous).delete()
        case FicheAction(), Axe():
            noeud.objectif, noeud.axe = None, sous
        case FicheAction(), ProjetSocial():
            noeud.objectif = noeud.axe = None
        case _:
            raise ArbreRefuse(SOUS_RIEN)
    noeud.save(update_fields=_CHAMPS_DE_PLACE[type(noeud)])
    _suivre(noeud)
    freres = [frere for frere in _freres(noeud) if frere != noeud]
    freres.insert(len(freres) if place is None else max(0, place - 1), noeud)
    deranges: list[Any] = []
    for rang, frere in enumerate(freres, start=1):
        if frere.rang != rang:
            frere.rang = rang
            deranges.append(frere)
    type(noeud)._default_manager.bulk_update(deranges, ["rang"])


_CHAMPS_DE_PLACE: Final[dict[type, list[str]]] = {
    Axe: ["rang"],
    Enjeu: ["axe"],
    Objectif: ["enjeu", "parent"],
    FicheAction: ["objectif", "axe"],
}


def _suivre(noeud: Noeud) -> None:
    """Ce que la branche porte change d'enjeu et d'axe avec elle."""
    if isinstance(noeud, Objectif):
        noeud.operationnels.update(enjeu=noeud.enjeu)
        _fiches_de(noeud).update(axe=noeud.enjeu.axe)
    elif isinstance(noeud, Enjeu):
        _fiches_de(noeud).update(axe=noeud.axe)


def _freres(noeud: Noeud) -> "models.QuerySet[Any]":
    """Ceux qui ont le même porteur, lui compris, dans l'ordre."""
    freres: models.QuerySet[Any]
    if isinstance(noeud, Axe):
        freres = Axe.objects.filter(projet=noeud.projet_id)
    elif isinstance(noeud, Enjeu):
        freres = Enjeu.objects.filter(axe=noeud.axe_id)
    elif isinstance(noeud, Objectif):
        freres = Objectif.objects.filter(enjeu=noeud.enjeu_id, parent=noeud.parent_id)
    else:
        freres = FicheAction.objects.filter(
            projet=noeud.projet_id, objectif=noeud.objectif_id, axe=noeud.axe_id
        )
    return freres.order_by("rang", "pk")


def _porteur(noeud: Noeud) -> Place:
    if isinstance(noeud, Axe):
        return noeud.projet
    if isinstance(noeud, Enjeu):
        return noeud.axe
    if isinstance(noeud, Objectif):
        return noeud.parent or noeud.enjeu
    return noeud.objectif or noeud.axe or noeud.projet


def _porteurs_possibles(noeud: Noeud, arbre: Arbre) -> list[Place]:
    """Dans l'ordre de l'arbre, ce qui peut porter un nœud de ce genre."""
    if isinstance(noeud, Axe):
        return [arbre.projet]
    if isinstance(noeud, Enjeu):
        return [axe.axe for axe in arbre.axes]
    if isinstance(noeud, Objectif):
        if noeud.parent_id is not None:
            return [lu.objectif for lu in arbre.objectifs]
        return [enjeu.enjeu for enjeu in arbre.enjeux]
    porteurs: list[Place] = []
    for axe in arbre.axes:
        for enjeu in axe.enjeux:
            for lu in enjeu.objectifs:
                porteurs += [lu.objectif, *(operationnel.objectif for operationnel in lu.operationnels)]
        porteurs += [axe.axe] if axe.sans_objectif else []
    return [*porteurs, arbre.projet]


def _fiches_de(noeud: Axe | Enjeu | Objectif) -> "models.QuerySet[FicheAction]":
    if isinstance(noeud, Axe):
        return FicheAction.objects.filter(axe=noeud)
    if isinstance(noeud, Enjeu):
        return FicheAction.objects.filter(objectif__enjeu=noeud)
    return FicheAction.objects.filter(objectif=noeud) | FicheAction.objects.filter(objectif__parent=noeud)


def _objectifs_de(noeud: Axe | Enjeu | Objectif) -> list[tuple[str, int]]:
    """Ceux qui partiraient avec la branche."""
    if isinstance(noeud, Objectif):
        partent = Objectif.objects.filter(pk=noeud.pk) | Objectif.objects.filter(parent=noeud)
    elif isinstance(noeud, Enjeu):
        partent = Objectif.objects.filter(enjeu=noeud)
    else:
        partent = Objectif.objects.filter(enjeu__axe=noeud)
    return [("objectif", pk) for pk in partent.order_by("pk").values_list("pk", flat=True)]


def _est_dans(place: Place, noeud: Noeud) -> bool:
    porteur: Place = place
    while True:
        if porteur == noeud:
            return True
        if isinstance(porteur, ProjetSocial):
            return False
        porteur = _porteur(porteur)


def _enjeu_de(sous: Axe | Enjeu) -> Enjeu:
    """L'enjeu lui-même, ou celui, sans titre, qui porte les objectifs posés droit sous un axe."""
    if isinstance(sous, Enjeu):
        return sous
    return sous.enjeux.filter(titre="").first() or Enjeu.objects.create(axe=sous, rang=_apres(sous.enjeux))


# --- Petites choses --------------------------------------------------------------------------------


def _projet(chose: Noeud | Place) -> ProjetSocial:
    if isinstance(chose, ProjetSocial):
        return chose
    if isinstance(chose, Axe | FicheAction):
        return chose.projet
    return chose.axe.projet if isinstance(chose, Enjeu) else chose.enjeu.axe.projet


def _nom(noeud: Noeud) -> str:
    return str(noeud)


def _relire(*choses: Noeud | Place) -> None:
    """Sous le verrou, l'état présent : une autre personne a pu passer avant."""
    for chose in choses:
        try:
            chose.refresh_from_db()
        except type(chose).DoesNotExist as disparu:
            raise ArbreRefuse("Quelqu’un vient de supprimer cette branche. Relisez l’arbre.") from disparu


def _apres(freres: "models.QuerySet[models.Model] | models.Manager[models.Model]") -> int:
    return 1 + (freres.aggregate(dernier=Max("rang"))["dernier"] or 0)


def _exiger_general(objectif: Objectif) -> None:
    if objectif.est_operationnel:
        raise ArbreRefuse("Un objectif opérationnel n’en porte pas d’autres.")


def _lettre_libre(projet: ProjetSocial, lettre: str, sauf: Axe | None = None) -> None:
    """Dit avant la base, pour que la page montre le mot au bon endroit."""
    pris = projet.axes.filter(lettre=lettre)
    if (pris.exclude(pk=sauf.pk) if sauf else pris).exists():
        raise ArbreRefuse("Un autre axe porte déjà cette lettre. Choisissez-en une autre.")
