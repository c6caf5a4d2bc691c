"""De l'arbre trouvé à ses étages : axes, enjeux, objectifs, et la place de chaque fiche."""

from dataclasses import dataclass, field

from maillage.projets.importation.arbre import titre_sans_renvoi
from maillage.projets.importation.blocs import Bloc
from maillage.projets.importation.lu import AxeLu, EnjeuLu
from maillage.projets.importation.mots import forme
from maillage.projets.importation.noeuds import Arbre, Noeud, Sorte, Zone


@dataclass(eq=False)
class ObjectifEnCours:
    titre: str
    axe: str
    enjeu: int | None
    debut: int
    fin: int
    places: list["Place"] = field(default_factory=list)
    renvois: list[str] = field(default_factory=list)
    operationnels: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Place:
    """Un endroit de l'arbre où une fiche est citée. `objectif` manque quand elle est juste sous un axe ou un enjeu."""

    axe: str
    noeud: Noeud
    objectif: ObjectifEnCours | None
    enjeu: int | None

    @property
    def titre(self) -> str:
        return titre_sans_renvoi(self.noeud.texte)

    @property
    def forme(self) -> str:
        return forme(self.titre)


class Etages:
    """Les étages d'un arbre, lus zone après zone."""

    def __init__(self, blocs: list[Bloc], arbre: Arbre) -> None:
        self.blocs = blocs
        self.axes: dict[str, AxeLu] = {}
        self.enjeux: list[EnjeuLu] = []
        self.objectifs: list[ObjectifEnCours] = []
        self.places: list[Place] = []
        for zone in arbre.zones:
            self._lire(zone)

    def nommer_un_axe(self, numero: str, titre: str, ligne: int, fin: int | None = None) -> None:
        """Ajoute un axe, s'il est nouveau et s'il a un nom."""
        if titre and numero not in self.axes:
            self.axes[numero] = AxeLu(ligne_debut=ligne, ligne_fin=fin or ligne, numero=numero, titre=titre)

    def _lire(self, zone: Zone) -> None:
        axe = zone.axe.numero
        lignes = [self.blocs[rang].ligne for rang in zone.rangs]
        self.nommer_un_axe(axe, zone.axe.texte, lignes[0], lignes[-1])
        enjeu: int | None = None
        objectif: ObjectifEnCours | None = None
        for noeud in zone.noeuds:
            ligne = self.blocs[noeud.rang].ligne
            if noeud.sorte is Sorte.ENJEU:
                enjeu, objectif = self._enjeu(noeud, axe, ligne), None
            elif noeud.sorte in (Sorte.OBJECTIF, Sorte.NUE) or (
                noeud.sorte is Sorte.OPERATIONNEL and not objectif
            ):
                objectif = ObjectifEnCours(noeud.texte, axe, enjeu, ligne, ligne)
                self.objectifs.append(objectif)
            elif noeud.sorte is Sorte.OPERATIONNEL and objectif:
                objectif.operationnels.append(noeud.texte)
            elif noeud.sorte is Sorte.RENVOI and objectif:
                objectif.renvois.append(noeud.texte)
            elif noeud.sorte is Sorte.ACTION:
                place = Place(axe, noeud, objectif, enjeu)
                self.places.append(place)
                if objectif:
                    objectif.places.append(place)
                    objectif.fin = ligne

    def _enjeu(self, noeud: Noeud, axe: str, ligne: int) -> int:
        numero = int(noeud.numero) if noeud.numero.isdecimal() else len(self.enjeux) + 1
        self.enjeux.append(
            EnjeuLu(ligne_debut=ligne, ligne_fin=ligne, numero=numero, axe=axe, titre=noeud.texte)
        )
        return numero
