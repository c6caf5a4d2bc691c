"""Ce que montrent le comptoir et ses chiffres. Passages, personnes, demandes : trois nombres, jamais additionnés."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from maillage.accueil.models import Passage, TypeDeDemande
from maillage.accueil.querysets import PassageQuerySet
from maillage.accueil.temps import JOURS, Periode, aujourd_hui, bornes
from maillage.core.base_de_donnees import morceau_local
from maillage.core.francais import INSECABLE, MOIS, compte, heure, nombre
from maillage.core.graphiques import Graphique, Serie
from maillage.territoire.models import Site, Structure

DERNIERS = 5


def passages_du_jour(centre: Structure, jour: date) -> Any:
    return Passage.objects.filter(structure=centre).entre(*bornes(centre, jour, jour))


def types_du_comptoir(centre: Structure) -> list[TypeDeDemande]:
    return list(TypeDeDemande.objects.filter(structure=centre).proposes())


@dataclass(frozen=True, slots=True)
class Etat:
    """Le comptoir à cet instant : tous les lieux ensemble, puis chacun."""

    passages: int
    personnes: int
    par_site: Sequence[tuple[str, int]]
    par_type: dict[int, int]
    derniers: Sequence[dict[str, Any]]
    fuseau: str

    @property
    def dont(self) -> str:
        """Ce qui suit le nombre : « passages aujourd’hui · Moulin-Vert : 12 (52 personnes) »."""
        mots = ["passages aujourd’hui" if self.passages > 1 else "passage aujourd’hui"]
        if len(self.par_site) > 1:
            mots += [f"{nom}{INSECABLE}: {nombre(n)}" for nom, n in self.par_site]
        if self.personnes != self.passages:
            mots.append(compte(self.personnes, "personne"))
        return " · ".join(mots)

    @property
    def en_donnees(self) -> dict[str, Any]:
        """Avec l'heure qu'il est ici, en millisecondes : celle de l'appareil ne se croit pas."""
        return {
            "passages": self.passages,
            "personnes": self.personnes,
            "dont": self.dont,
            "types": {str(numero): n for numero, n in self.par_type.items()},
            "derniers": list(self.derniers),
            "maintenant": int(timezone.now().timestamp() * 1000),
            "fuseau": self.fuseau,
        }


def etat_du_comptoir(centre: Structure) -> Etat:
    du_jour = bornes(centre, *([aujourd_hui(centre)] * 2))
    comptes = Passage.objects.filter(structure=centre).entre(*du_jour).comptes()
    sites = list(
        comptes.values("site__nom")
        .annotate(n=Count("pk"), personnes=Sum("nombre"))
        .order_by("-site__est_principal", "site__nom")
    )
    derniers = comptes.select_related("site").prefetch_related("demandes__type")[:DERNIERS]
    return Etat(
        passages=sum(site["n"] for site in sites),
        personnes=sum(site["personnes"] for site in sites),
        par_site=[(site["site__nom"] or "Lieu non dit", site["n"]) for site in sites],
        par_type=demandes_par_type(comptes),
        derniers=[dire_passage(passage, centre) for passage in derniers],
        fuseau=str(centre.fuseau),
    )


def demandes_par_type(passages: PassageQuerySet) -> dict[int, int]:
    """Par type, les demandes de ces passages."""
    avec = passages.exclude(demandes=None).order_by()
    return dict(avec.values_list("demandes__type").annotate(n=Count("demandes")))


def dire_passage(passage: Passage, centre: Structure) -> dict[str, Any]:
    """Une ligne de « Derniers passages ». Préchargez les demandes et leur type."""
    return {
        "cle": str(passage.cle),
        "heure": heure(passage.le.astimezone(centre.fuseau).time()),
        "demandes": ", ".join(str(demande.type) for demande in passage.demandes.all()),
        "nombre": passage.nombre,
    }


def dernier_de(centre: Structure, utilisateur: Any) -> Passage | None:
    """Le dernier passage que cette personne a compté ici aujourd'hui."""
    siens = passages_du_jour(centre, aujourd_hui(centre)).comptes().filter(note_par=utilisateur)
    dernier: Passage | None = siens.prefetch_related("demandes__type").order_by("-note_le", "-pk").first()
    return dernier


# --- Les chiffres d'une période ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tranche:
    """Un axe du temps : ce que l'on extrait de l'instant, et ses valeurs dans l'ordre, avec leur libellé."""

    titre: str
    repere: str
    morceau: str
    valeurs: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une ligne d'un tableau : la période, puis celle à laquelle on la compare."""

    tableau: str
    libelle: str
    ici: int
    avant: int


@dataclass(frozen=True, slots=True)
class Chiffres:
    periode: Periode
    avant: Periode
    lignes: Sequence[Ligne]
    passages: tuple[int, int]
    personnes: tuple[int, int]
    demandes: tuple[int, int]

    def tableau(self, titre: str) -> list[Ligne]:
        return [ligne for ligne in self.lignes if ligne.tableau == titre]

    @property
    def dit_avant_passages(self) -> str:
        return self._dire_avant(self.passages[1])

    @property
    def dit_avant_personnes(self) -> str:
        return self._dire_avant(self.personnes[1])

    @property
    def dit_avant_demandes(self) -> str:
        return self._dire_avant(self.demandes[1])

    def _dire_avant(self, avant: int) -> str:
        dite = str(self.avant)
        return f"{dite[:1].upper()}{dite[1:]}{INSECABLE}: {nombre(avant)}"

    @property
    def graphiques(self) -> list[Graphique]:
        titres = dict.fromkeys(ligne.tableau for ligne in self.lignes)
        return [self._graphique(titre) for titre in titres if titre != PAR_TYPE]

    @property
    def types(self) -> list[Ligne]:
        return self.tableau(PAR_TYPE)

    def _graphique(self, titre: str) -> Graphique:
        lignes = self.tableau(titre)
        return Graphique(
            titre=titre,
            repere=titre.removeprefix("Passages par ").capitalize(),
            reperes=[ligne.libelle for ligne in lignes],
            series=[
                Serie(str(self.periode).capitalize(), [ligne.ici for ligne in lignes]),
                Serie(str(self.avant).capitalize(), [ligne.avant for ligne in lignes]),
            ],
            source="Passages comptés à l’accueil, à l’heure du centre. Un passage est une venue, seul ou à plusieurs.",
        )


PAR_TYPE = "Demandes par type"


def lire_chiffres(centre: Structure, periode: Periode, site: Site | None = None) -> Chiffres:
    """Tout se compte dans la base, borné au centre et aux deux périodes."""
    avant = periode.de_comparaison
    ici, jadis = _Compte(centre, periode, site), _Compte(centre, avant, site)
    lignes = [
        Ligne(tranche.titre, libelle, ici_par.get(valeur, 0), jadis_par.get(valeur, 0))
        for tranche in _tranches_de(periode)
        for ici_par, jadis_par in [(ici.par(tranche.morceau), jadis.par(tranche.morceau))]
        for valeur, libelle in _montrees(tranche, ici_par, jadis_par)
    ]
    ici_types, jadis_types = ici.par_type(), jadis.par_type()
    for un_type in TypeDeDemande.objects.filter(structure=centre):
        nombres = ici_types.get(un_type.pk, 0), jadis_types.get(un_type.pk, 0)
        if un_type.retire_le is None or any(nombres):
            lignes.append(Ligne(PAR_TYPE, un_type.libelle, *nombres))
    return Chiffres(
        periode,
        avant,
        lignes,
        passages=(ici.passages, jadis.passages),
        personnes=(ici.personnes, jadis.personnes),
        demandes=(sum(ici_types.values()), sum(jadis_types.values())),
    )


class _Compte:
    """Les comptes d'une période, lus une fois."""

    def __init__(self, centre: Structure, periode: Periode, site: Site | None) -> None:
        self.bornes = bornes(centre, periode.du, periode.au)
        self.fuseau = centre.fuseau
        tous = Passage.objects.filter(structure=centre).entre(*self.bornes).comptes().order_by()
        self.tous = tous if site is None else tous.filter(site=site)
        totaux = self.tous.aggregate(passages=Count("pk"), personnes=Sum("nombre"))
        self.passages, self.personnes = totaux["passages"], totaux["personnes"] or 0

    def par(self, morceau: str) -> dict[int, int]:
        extrait = morceau_local(morceau, "le", self.fuseau, *self.bornes)
        return dict(self.tous.annotate(morceau=extrait).values_list("morceau").annotate(n=Count("pk")))

    def par_type(self) -> dict[int, int]:
        return demandes_par_type(self.tous)


def _tranches_de(periode: Periode) -> list[Tranche]:
    heures = Tranche("Passages par heure", "Heure", "heure", [(h, f"{h}{INSECABLE}h") for h in range(24)])
    semaine = Tranche(
        "Passages par jour de la semaine",
        "Jour",
        "jour_de_semaine",
        [(rang, jour[:3] + ".") for rang, jour in enumerate(JOURS, start=1)],
    )
    if periode.pas == "jour":
        return [heures]
    if periode.pas == "semaine":
        return [semaine, heures]
    if periode.pas == "mois":
        dernier = max(periode.au.day, periode.de_comparaison.au.day)  # le 29 février de l'année d'avant
        jours = [(jour, str(jour)) for jour in range(1, dernier + 1)]
        return [Tranche("Passages par jour", "Jour", "jour", jours), semaine, heures]
    mois = [(rang, nom) for rang, nom in enumerate(MOIS, start=1)]
    return [Tranche("Passages par mois", "Mois", "mois", mois), semaine, heures]


def _montrees(tranche: Tranche, ici: dict[int, int], avant: dict[int, int]) -> Sequence[tuple[int, str]]:
    """Des heures, seulement celles d'ouverture : de la première à la dernière où quelqu'un est venu."""
    if tranche.morceau != "heure":
        return tranche.valeurs
    venues = ici.keys() | avant.keys() | {9, 17}
    return [couple for couple in tranche.valeurs if min(venues) <= couple[0] <= max(venues)]
