"""L'arbre d'un projet lu : axes, enjeux, objectifs, et ce que chaque objectif cite."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from maillage.projets.choices import Couleur
from maillage.projets.models import Axe, Enjeu, Objectif, ProjetSocial
from maillage.projets.operations.textes_du_lu import Textes

LETTRE_MAX = 4
TRANSVERSAL = "T"
AXE_SANS_LETTRE = "A"


@dataclass(frozen=True)
class Place:
    """Une fiche citée sous un objectif, à son rang dans la liste de celui-ci."""

    objectif: Objectif
    rang: int


@dataclass
class ArbreDuLu:
    """Écrit l'arbre, puis répond : dans quel axe, sous quels objectifs se range cette fiche ?

    Un axe ou un enjeu que le document cite sans le nommer est créé, pour que rien ne reste sans place.
    """

    projet: ProjetSocial
    lu: Mapping[str, Any]
    textes: Textes
    axes: dict[str, Axe] = field(default_factory=dict)
    enjeux: dict[Any, Enjeu] = field(default_factory=dict)
    """Ceux qui ont un titre, par leur numéro dans l'objet."""
    _sans_nom: dict[str, Enjeu] = field(default_factory=dict)
    _places: dict[tuple[str, str], list[Place]] = field(default_factory=dict)
    _par_titre: dict[tuple[str, str], Objectif] = field(default_factory=dict)
    _renvois: list[tuple[Objectif, str]] = field(default_factory=list)

    def ecrire(self) -> None:
        for axe in self.lu.get("axes") or ():
            self._axe(axe.get("numero"), axe.get("titre"))
        for fiche in self.lu.get("fiches") or ():
            if fiche.get("axe"):
                self._axe(fiche["axe"])
        for enjeu in self.lu.get("enjeux") or ():
            self.enjeux[enjeu.get("numero")] = self._creer_enjeu(
                self._axe(enjeu.get("axe")), self.textes.court(enjeu.get("titre"), 500)
            )
        for objectif in self.lu.get("objectifs") or ():
            self._ecrire_objectif(objectif)

    def axe(self, numero: Any) -> Axe | None:
        return self.axes.get(str(numero)) if numero else None

    def places(self, fiche: Mapping[str, Any]) -> list[Place]:
        """Les objectifs d'une fiche : ceux qui citent son numéro, sinon ceux dont elle dit le titre.

        Le premier qu'elle dit est celui où elle est rangée.
        """
        axe = str(fiche.get("axe") or "")
        citees = self._places.get((axe, str(fiche.get("numero") or "")), [])
        titres = [self.textes.long(titre) for titre in fiche.get("objectifs") or ()]
        if citees:
            rangs = {titre: rang for rang, titre in reversed(list(enumerate(titres)))}
            return sorted(citees, key=lambda place: rangs.get(place.objectif.titre, len(titres)))
        return [
            Place(self._par_titre[axe, titre], int(fiche.get("ordre") or 1))
            for titre in titres
            if (axe, titre) in self._par_titre
        ]

    def rappels(self) -> list[tuple[Objectif, str]]:
        """Les fiches d'un autre axe que l'arbre rappelle, par leur titre."""
        return self._renvois

    def garder_les_citations_perdues(self, fiches: Iterable[Mapping[str, Any]]) -> None:
        """Un objectif cite un numéro qu'aucune fiche ne porte : on le dit, au lieu de l'oublier."""
        connues = {(str(fiche.get("axe") or ""), str(fiche.get("numero") or "")) for fiche in fiches}
        for (axe, numero), places in self._places.items():
            if (axe, numero) not in connues:
                citants = " ; ".join(place.objectif.titre for place in places)
                self.textes.a_garder.append(
                    f"Fiche {numero}{f' de l’axe {axe}' if axe else ''}, absente du document. Objectif : {citants}"
                )

    def _axe(self, numero: Any, titre: Any = None) -> Axe:
        cle = str(numero or "")
        if cle not in self.axes:
            lettre = self._lettre_libre(cle or AXE_SANS_LETTRE)
            rang = len(self.axes) + 1
            couleurs = list(Couleur)
            self.axes[cle] = Axe.objects.create(
                projet=self.projet,
                lettre=lettre,
                titre=self.textes.court(titre, 300) or f"Axe {lettre}",
                couleur=couleurs[(rang - 1) % len(couleurs)],
                est_transversal=lettre == TRANSVERSAL,
                rang=rang,
            )
        return self.axes[cle]

    def _lettre_libre(self, cle: str) -> str:
        prises = {axe.lettre for axe in self.axes.values()}
        lettre = cle[:LETTRE_MAX]
        if lettre not in prises:
            return lettre
        return next(str(rang) for rang in range(1, len(prises) + 2) if str(rang) not in prises)

    def _creer_enjeu(self, axe: Axe, titre: str) -> Enjeu:
        rang = axe.enjeux.count() + 1
        return Enjeu.objects.create(axe=axe, titre=titre, rang=rang)

    def _enjeu(self, objectif: Mapping[str, Any]) -> Enjeu:
        trouve = self.enjeux.get(objectif.get("enjeu"))
        if trouve is not None:
            return trouve
        axe = self._axe(objectif.get("axe"))
        if axe.lettre not in self._sans_nom:
            self._sans_nom[axe.lettre] = self._creer_enjeu(axe, "")
        return self._sans_nom[axe.lettre]

    def _ecrire_objectif(self, lu: Mapping[str, Any]) -> None:
        enjeu = self._enjeu(lu)
        objectif = self._creer_objectif(enjeu, lu, None)
        for dessous in lu.get("operationnels") or ():
            self._creer_objectif(
                enjeu, dessous if isinstance(dessous, Mapping) else {"titre": dessous}, objectif
            )

    def _creer_objectif(self, enjeu: Enjeu, lu: Mapping[str, Any], parent: Objectif | None) -> Objectif:
        rang = enjeu.objectifs.filter(parent=parent).count() + 1
        titre = self.textes.long(lu.get("titre"))
        objectif = Objectif.objects.create(
            enjeu=enjeu, parent=parent, titre=self.textes.court(titre, 500), rang=rang
        )
        cle_axe = next(cle for cle, axe in self.axes.items() if axe.pk == enjeu.axe_id)
        self._par_titre.setdefault((cle_axe, titre), objectif)
        self._renvois += [(objectif, self.textes.long(titre)) for titre in lu.get("renvois") or ()]
        for place, numero in enumerate(lu.get("fiches") or (), start=1):
            self._places.setdefault((cle_axe, str(numero)), []).append(Place(objectif, place))
        return objectif
