"""L'import de blocs lus dans des pages du catalogue.

Par lots : chacun est une transaction. Tué à n'importe quel moment puis relancé, l'import finit dans le même
état : un lot écrit est reconnu (fichier, place, empreinte du bloc), un lot coupé n'a rien laissé.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone

from maillage.catalogue.choices import FamilleTerme, GenrePoint, RolePartenaire
from maillage.catalogue.importation.bloc import Bloc
from maillage.catalogue.importation.fusion import (
    Registre,
    Sort,
    cle_de_structure,
    cle_de_valeur,
    motif_de_rejet,
)
from maillage.catalogue.importation.voisinage import FICHES_MAX, LONGUEUR_LUE, Voisinage
from maillage.catalogue.models import BlocSource, Classement, Experience, Moyen, Partenariat, PointAVerifier
from maillage.catalogue.operations.fiche_importee import STATUTS, AVerifier, Candidat
from maillage.catalogue.operations.rattachement import Rattachement, valeurs_classees
from maillage.core.base_de_donnees import ordonner_les_ecrivains
from maillage.core.changements import noter_changements
from maillage.core.journal import SYSTEME, Acteur, ecrire, ligne

LOT = 250
"""Assez pour aller vite, assez peu pour que les autres écrivains n'attendent jamais plus d'une seconde."""
A_REGARDER_MAX = FICHES_NOMMEES_MAX = 300


@dataclass
class Bilan:
    """Ce qu'un import a fait, ou ferait. `lues` est la somme des cinq autres."""

    sorts: Counter[str] = field(default_factory=Counter)
    rejetees: int = 0
    details: list[dict[str, Any]] = field(default_factory=list)
    genres: Counter[str] = field(default_factory=Counter)
    """Points à vérifier, par genre."""
    a_regarder: list[dict[str, Any]] = field(default_factory=list)
    """Les premiers points, avec leur place dans le fichier."""
    fiches: list[dict[str, Any]] = field(default_factory=list)
    """Les premières fiches que l'import crée ou complète, pour les nommer."""

    def placer(self, bloc: Bloc, sort: Sort) -> None:
        self.sorts[sort.value] += 1
        if sort in {Sort.CREEE, Sort.FUSIONNEE} and len(self.fiches) < FICHES_NOMMEES_MAX:
            nom = {"position": bloc.position, "titre": bloc.titre, "structure": bloc.structure_nom}
            self.fiches.append(nom | {"sort": sort.value})

    def rejeter(self, fichier: str, position: int | None, ligne_fautive: int | None, motif: str) -> None:
        self.rejetees += 1
        self.details.append(
            {"fichier_source": fichier, "position": position, "ligne": ligne_fautive, "motif": motif}
        )

    def regarder(self, bloc: Bloc, points: Iterable[AVerifier]) -> None:
        for point in points:
            self.genres[point.genre.value] += 1
            if len(self.a_regarder) < A_REGARDER_MAX:
                self.a_regarder.append(
                    {
                        "fichier_source": bloc.fichier_source,
                        "position": bloc.position,
                        "ligne": bloc.ligne,
                        "titre": bloc.titre,
                        "genre": point.genre.value,
                        "extrait": point.extrait,
                    }
                )

    def en_dict(self) -> dict[str, Any]:
        comptes = {sort.value: self.sorts[sort] for sort in Sort}
        return {
            "lues": sum(comptes.values()) + self.rejetees,
            **comptes,
            "rejetees": self.rejetees,
            "details": self.details,
        }


def importer_blocs(blocs: Iterable[Bloc], *, par: Acteur, bilan: Bilan | None = None) -> Bilan:
    """Écrit ces blocs : fiches créées et publiées, partenaires ajoutés, blocs gardés tels quels.

    Se répète sans effet. Une structure inconnue est créée « à compléter », un mot de liste inconnu est créé
    « à vérifier ». Un bloc qui ne peut pas devenir une fiche est rejeté avec son motif, les autres passent.
    """
    return _Import(bilan or Bilan(), par=par).importer(blocs)


def prevoir_blocs(blocs: Iterable[Bloc], *, bilan: Bilan | None = None) -> Bilan:
    """Le bilan qu'aurait `importer_blocs` maintenant, sans rien écrire."""
    return _Import(bilan or Bilan(), par=SYSTEME).prevoir(blocs)


class _Import:
    """Un import en cours : ce qu'il a appris de la base et ce qu'il a décidé, d'un lot au suivant."""

    def __init__(self, bilan: Bilan, *, par: Acteur) -> None:
        self.bilan = bilan
        self.par = par
        self.registre = Registre()
        self.rattachement = Rattachement(par=par)
        self.fiches: dict[str, int] = {}
        """Numéro des fiches connues, par empreinte."""
        self.liens: dict[str, list[str]] = {}
        """Partenaires d'action des fiches connues, par empreinte, dans l'ordre."""
        self.voisinages: dict[str, Voisinage[tuple[int | None, str]]] = {}

    def importer(self, blocs: Iterable[Bloc]) -> Bilan:
        for lot in _par_lots(blocs):
            candidats = self._candidats(lot)
            with transaction.atomic():
                ordonner_les_ecrivains()
                self._ecrire(self._decider(candidats))
        return self.bilan

    def prevoir(self, blocs: Iterable[Bloc]) -> Bilan:
        for lot in _par_lots(blocs):
            decides = self._decider(self._candidats(lot))
            structures = self.rattachement.connaitre_structures(c.bloc for c, _ in decides)
            self.rattachement.chercher_les_inconnus(c.bloc for c, sort in decides if sort == Sort.CREEE)
            for candidat, sort in decides:
                if sort == Sort.CREEE:
                    cle = cle_de_structure(candidat.bloc.structure_nom, candidat.bloc.departement)
                    structure = structures.get(cle)
                    est_nouvelle = structure is None and cle not in self.voisinages
                    voisinage = self._voisinage(cle, structure.pk if structure else None)
                    self._points(candidat, None, voisinage, est_nouvelle=est_nouvelle)
        return self.bilan

    # -- Décider --------------------------------------------------------------------------------
    def _candidats(self, lot: Iterable[Bloc]) -> list[Candidat]:
        candidats = []
        for bloc in lot:
            motif = motif_de_rejet(bloc)
            if motif:
                self.bilan.rejeter(bloc.fichier_source, bloc.position, bloc.ligne, motif)
            else:
                candidats.append(Candidat(bloc))
        return candidats

    def _decider(self, candidats: Sequence[Candidat]) -> list[tuple[Candidat, Sort]]:
        self._apprendre(candidats)
        decides = [(c, self.registre.decider(c.bloc, c.de_fiche, c.de_bloc)) for c in candidats]
        for candidat, sort in decides:
            self.bilan.placer(candidat.bloc, sort)
        return decides

    def _apprendre(self, candidats: Sequence[Candidat]) -> None:
        """Relit ce que la base sait de ces blocs-là : un autre import a pu passer depuis le lot précédent."""
        blocs = BlocSource.objects.filter(empreinte__in={c.de_bloc for c in candidats})
        for place in blocs.values_list("fichier_source", "position", "empreinte"):
            self.registre.connait_le_bloc(*place)
        par_fiche: dict[int, list[str]] = defaultdict(list)
        fiches = Experience.objects.filter(empreinte__in={c.de_fiche for c in candidats})
        # Un doublon réuni reçoit ce qui arrive par la fiche qui l'a réuni.
        lisibles = fiches.annotate(lisible=Coalesce("fusionnee_dans_id", "pk")).order_by("pk")
        for numero, empreinte in lisibles.values_list("lisible", "empreinte"):
            self.fiches.setdefault(empreinte, numero)
            self.liens[empreinte] = []
            self.registre.connait_la_fiche(empreinte, ())
            par_fiche[numero].append(empreinte)
        liens = Partenariat.objects.filter(experience__in=par_fiche, role=RolePartenaire.ACTION)
        for numero, partenaire in liens.values_list("experience_id", "partenaire__slug"):
            for empreinte in par_fiche[numero]:
                self.liens[empreinte].append(partenaire)
                self.registre.connait_la_fiche(empreinte, [partenaire])

    # -- Écrire ---------------------------------------------------------------------------------
    def _ecrire(self, decides: Sequence[tuple[Candidat, Sort]]) -> None:
        a_ecrire = [(candidat, sort) for candidat, sort in decides if sort != Sort.INCHANGEE]
        if not a_ecrire:
            return
        crees = [candidat for candidat, sort in a_ecrire if sort == Sort.CREEE]
        fiches = self._creer(crees)
        fusionnees = [candidat for candidat, sort in a_ecrire if sort == Sort.FUSIONNEE]
        self._lier([candidat for candidat, _ in a_ecrire])
        BlocSource.objects.bulk_create(
            candidat.source(self.fiches[candidat.de_fiche])
            for candidat, _ in a_ecrire
            if candidat.bloc.fichier_source
        )
        touchees = self._noter_les_fusions(fusionnees)
        ecrire(
            ligne(fiche, "importer_experience", _phrase(candidat, "importée"), par=self.par)
            for candidat, fiche in fiches
        )
        noter_changements([*(fiche for _, fiche in fiches), *touchees], "importer_experience")

    def _creer(self, candidats: Sequence[Candidat]) -> list[tuple[Candidat, Experience]]:
        """Les fiches nouvelles et tout ce qui en dépend, une écriture par table."""
        if not candidats:
            return []
        blocs = [candidat.bloc for candidat in candidats]
        self.rattachement.connaitre_structures(blocs)
        termes = self.rattachement.termes(blocs)
        partenaires = self.rattachement.partenaires(blocs)
        maintenant = timezone.now()
        fiches: list[tuple[Candidat, Experience]] = []
        origines: list[tuple[Voisinage[tuple[int | None, str]], bool]] = []
        for candidat, code in zip(candidats, _codes(candidats), strict=True):
            structure, est_nouvelle = self.rattachement.structure(candidat.bloc)
            cle = cle_de_structure(candidat.bloc.structure_nom, candidat.bloc.departement)
            origines.append((self._voisinage(cle, None if est_nouvelle else structure.pk), est_nouvelle))
            fiches.append((candidat, candidat.experience(structure, code, publie_le=maintenant)))
        Experience.objects.bulk_create(fiche for _, fiche in fiches)
        classements, financements, nombres, points = [], [], [], []
        for (candidat, fiche), (voisinage, est_nouvelle) in zip(fiches, origines, strict=True):
            self.fiches[candidat.de_fiche] = fiche.pk
            classements += candidat.classements(fiche, termes)
            financements += candidat.financements(fiche, partenaires)
            nombres += candidat.nombres(fiche)
            a_verifier = self._points(candidat, fiche.pk, voisinage, est_nouvelle=est_nouvelle)
            points += [point.point(fiche) for point in a_verifier]
        Classement.objects.bulk_create(classements)
        Partenariat.objects.bulk_create(financements)
        Moyen.objects.bulk_create(nombres)
        PointAVerifier.objects.bulk_create(points)
        return fiches

    def _lier(self, candidats: Sequence[Candidat]) -> None:
        """Les partenaires d'action que les fiches n'ont pas encore."""
        partenaires = self.rattachement.partenaires(candidat.bloc for candidat in candidats)
        nouveaux = []
        for candidat in candidats:
            liens = self.liens.setdefault(candidat.de_fiche, [])
            for nom in candidat.bloc.partenaires_action:
                cle = cle_de_valeur(nom)
                if cle not in liens:
                    liens.append(cle)
                    nouveaux.append(
                        Partenariat(
                            experience_id=self.fiches[candidat.de_fiche],
                            partenaire=partenaires[cle],
                            role=RolePartenaire.ACTION,
                            rang=len(liens) - 1,
                        )
                    )
        Partenariat.objects.bulk_create(nouveaux)

    def _noter_les_fusions(self, candidats: Sequence[Candidat]) -> list[Experience]:
        numeros = {self.fiches[candidat.de_fiche] for candidat in candidats}
        if not numeros:
            return []
        Experience.objects.filter(pk__in=numeros).update(version=F("version") + 1, modifie_le=timezone.now())
        fiches = Experience.objects.in_bulk(numeros)
        ecrire(
            ligne(
                fiches[self.fiches[candidat.de_fiche]],
                "fusionner_experience",
                _phrase(candidat, "complétée d'un partenaire"),
                par=self.par,
                apres={"partenaires": candidat.bloc.partenaires_action},
            )
            for candidat in candidats
        )
        return list(fiches.values())

    # -- Signaler -------------------------------------------------------------------------------
    def _points(
        self,
        candidat: Candidat,
        fiche_id: int | None,
        voisinage: "Voisinage[tuple[int | None, str]]",
        *,
        est_nouvelle: bool,
    ) -> list[AVerifier]:
        """Ce qu'une modératrice devra regarder sur une fiche nouvelle. `est_nouvelle` : sa structure l'est."""
        bloc = candidat.bloc
        points = candidat.donnees_de_personnes()
        inconnus = [*bloc.signalements, *self._inconnus(bloc, est_nouvelle=est_nouvelle)]
        points += [AVerifier(GenrePoint.VALEUR_INCONNUE, mot) for mot in inconnus]
        proche = voisinage.accueillir((fiche_id, candidat.titre), candidat.titre, bloc.resume)
        if proche:
            points.append(AVerifier(GenrePoint.DOUBLON, proche[1], proche_de=proche[0]))
        self.bilan.regarder(bloc, points)
        return points

    def _inconnus(self, bloc: Bloc, *, est_nouvelle: bool) -> Iterator[str]:
        """Les mots qu'aucune liste ne connaît, sur la fiche qui les apporte : on corrige une fois pour toutes."""
        for famille, valeur in valeurs_classees(bloc):
            if (famille, valeur) in self.rattachement.a_signaler:
                self.rattachement.a_signaler.discard((famille, valeur))
                yield f"« {valeur} » manque à notre liste « {FamilleTerme(famille).label} »"
        if bloc.statut and bloc.statut not in STATUTS:
            yield f"« {bloc.statut} » n’est pas un statut connu"
        if est_nouvelle and bloc.departement and not self.rattachement.departement(bloc.departement):
            yield f"« {bloc.departement} » n’est pas un département connu"

    def _voisinage(self, cle: str, structure_id: int | None) -> Voisinage[tuple[int | None, str]]:
        """Les fiches de la structure, lues une fois par import."""
        if cle not in self.voisinages:
            fiches = (
                Experience.objects.filter(structure_id=structure_id)
                if structure_id
                else Experience.objects.none()
            )
            lues = fiches.order_by("-pk").values_list("pk", "titre", Substr("resume", 1, LONGUEUR_LUE))
            connues = list(lues[:FICHES_MAX])
            self.voisinages[cle] = Voisinage(
                ((pk, titre), titre, resume) for pk, titre, resume in connues[::-1]
            )
        return self.voisinages[cle]


def _par_lots(blocs: Iterable[Bloc]) -> Iterator[list[Bloc]]:
    suite = iter(blocs)
    while lot := list(islice(suite, LOT)):
        yield lot


def _codes(candidats: Sequence[Candidat]) -> list[str]:
    """Un code libre pour chaque fiche : le premier des siens que personne n'a."""
    tirages = [candidat.codes() for candidat in candidats]
    choisis: dict[int, str] = {}
    while a_faire := [rang for rang in range(len(candidats)) if rang not in choisis]:
        essais = {rang: next(tirages[rang]) for rang in a_faire}
        pris = set(Experience.objects.filter(code__in=essais.values()).values_list("code", flat=True))
        pris |= set(choisis.values())
        for rang, code in essais.items():
            if code not in pris:
                pris.add(code)
                choisis[rang] = code
    return [choisis[rang] for rang in range(len(candidats))]


def _phrase(candidat: Candidat, verbe: str) -> str:
    bloc = candidat.bloc
    source = f" ({bloc.fichier_source}, fiche {bloc.position})" if bloc.fichier_source else ""
    return f"« {candidat.titre} » {verbe}{source}."
