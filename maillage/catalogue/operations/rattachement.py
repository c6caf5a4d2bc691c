"""Rattacher une fiche importée à ce qui existe : sa structure, ses termes, ses partenaires.

Un nom inconnu est créé, et dit à vérifier. Tout se fait dans la transaction du lot : deux imports simultanés ne
créent pas deux fois la même structure.
"""

from collections.abc import Iterable, Iterator

from maillage.catalogue.choices import FamilleTerme
from maillage.catalogue.importation import lexique
from maillage.catalogue.importation.bloc import Bloc
from maillage.catalogue.importation.fusion import VALEUR_MAX, cle_de_structure, cle_de_valeur
from maillage.catalogue.models import Terme
from maillage.core.changements import noter_changements
from maillage.core.journal import Acteur
from maillage.core.recherche.analyse import replier
from maillage.territoire.choices import EtatStructure
from maillage.territoire.models import Departement, Partenaire, Structure
from maillage.territoire.operations import creer_structure

CHAMP_DE_FAMILLE = {
    FamilleTerme.DIMENSION: "dimensions",
    FamilleTerme.MOT_CLE: "mots_cles",
    FamilleTerme.INITIATIVE: "initiatives",
    FamilleTerme.TERRITOIRE: "territoire",
    FamilleTerme.PUBLIC: "publics",
    FamilleTerme.THEME: "themes",
}
RANG_INCONNU = 100


def valeurs_classees(bloc: Bloc) -> Iterator[tuple[FamilleTerme, str]]:
    """Les mots des listes d'une fiche, dans l'ordre de la page."""
    for famille, champ in CHAMP_DE_FAMILLE.items():
        valeurs = getattr(bloc, champ)
        for valeur in [valeurs] if isinstance(valeurs, str) else valeurs:
            if valeur:
                yield famille, valeur


class Rattachement:
    """Ce qui est déjà connu, relu une fois par import puis complété lot par lot."""

    def __init__(self, *, par: Acteur) -> None:
        self.par = par
        self._departements = {replier(un.nom): un for un in Departement.objects.all()}
        self._structures: dict[str, Structure] = {}
        self._termes: dict[tuple[str, str], Terme] = {}
        self._partenaires: dict[str, Partenaire] = {}
        self._signales: set[tuple[str, str]] = set()
        self.a_signaler: set[tuple[str, str]] = set()
        """Mots de liste que ni le lexique ni la base ne connaissaient, pas encore montrés à une personne."""

    def departement(self, nom: str) -> Departement | None:
        return self._departements.get(replier(nom))

    # -- Structures -----------------------------------------------------------------------------
    def connaitre_structures(self, blocs: Iterable[Bloc]) -> dict[str, Structure]:
        """Les structures de ces blocs qui existent, par clé : venues d'un import, ou saisies sous le même nom."""
        noms = {cle_de_structure(b.structure_nom, b.departement): b.departement for b in blocs}
        manquantes = noms.keys() - self._structures.keys()
        if manquantes:
            for structure in Structure.objects.filter(cle_import__in=manquantes):
                self._structures[structure.cle_import] = structure
            codes = {un.code for nom in noms.values() if (un := self.departement(nom))}
            saisies = Structure.objects.filter(cle_import="", departement_id__in=codes).select_related(
                "departement"
            )
            for structure in saisies:
                lieu = structure.departement.nom if structure.departement else ""
                cle = cle_de_structure(structure.nom, lieu)
                if cle in manquantes:
                    self._structures.setdefault(cle, structure)
        return {cle: self._structures[cle] for cle in noms if cle in self._structures}

    def structure(self, bloc: Bloc) -> tuple[Structure, bool]:
        """La structure d'un bloc, et si elle vient d'être créée. À appeler après `connaitre_structures`."""
        cle = cle_de_structure(bloc.structure_nom, bloc.departement)
        connue = self._structures.get(cle)
        if connue is not None:
            return connue, False
        self._structures[cle] = creer_structure(
            nom=bloc.structure_nom,
            departement=self.departement(bloc.departement),
            etat=EtatStructure.A_COMPLETER,
            cle_import=cle,
            par=self.par,
        )
        return self._structures[cle], True

    # -- Termes ---------------------------------------------------------------------------------
    def termes(self, blocs: Iterable[Bloc]) -> dict[tuple[str, str], Terme]:
        """Chaque mot des listes de ces blocs → son terme. Un mot inconnu devient un terme à vérifier."""
        blocs = list(blocs)
        manquants = self.chercher_les_inconnus(blocs)
        if manquants:
            nouveaux: dict[tuple[str, str], Terme] = {}
            for famille, graphie in manquants:
                nouveaux.setdefault((famille, _slug(famille, graphie)), _terme(famille, graphie))
            Terme.objects.bulk_create(nouveaux.values())
            noter_changements(nouveaux.values(), "creer_terme")
            self._relire_les_termes(manquants)
        return {paire: self._termes[paire] for bloc in blocs for paire in valeurs_classees(bloc)}

    def chercher_les_inconnus(self, blocs: Iterable[Bloc]) -> list[tuple[FamilleTerme, str]]:
        """Les mots de ces blocs qui n'ont pas de terme ; ceux que le lexique ignore aussi sont à signaler."""
        voulus = dict.fromkeys(paire for bloc in blocs for paire in valeurs_classees(bloc))
        a_relire = [paire for paire in voulus if paire not in self._termes]
        if a_relire:
            self._relire_les_termes(a_relire)
        manquants = [paire for paire in a_relire if paire not in self._termes]
        ignores = {(f, g) for f, g in manquants if not lexique.est_connue(CHAMP_DE_FAMILLE[f], g)}
        self.a_signaler |= ignores - self._signales
        self._signales |= ignores
        return manquants

    def _relire_les_termes(self, paires: Iterable[tuple[FamilleTerme, str]]) -> None:
        """Un mot se reconnaît à sa graphie de la source, ou à défaut à son libellé corrigé."""
        par_graphie, par_slug = {}, {}
        for terme in Terme.objects.filter(famille__in={famille for famille, _ in paires}):
            par_graphie[terme.famille, terme.libelle_source] = terme
            par_slug[terme.famille, terme.slug] = terme
        for famille, graphie in paires:
            trouve = par_graphie.get((famille, graphie)) or par_slug.get((famille, _slug(famille, graphie)))
            if trouve:
                self._termes[famille, graphie] = trouve

    # -- Partenaires ----------------------------------------------------------------------------
    def partenaires(self, blocs: Iterable[Bloc]) -> dict[str, Partenaire]:
        """Chaque partenaire nommé par ces blocs, par sa clé (`fusion.cle_de_valeur`)."""
        voulus = {cle_de_valeur(nom): nom for b in blocs for nom in (*b.partenaires_action, *b.financeurs)}
        manquants = voulus.keys() - self._partenaires.keys()
        if manquants:
            for partenaire in Partenaire.objects.filter(slug__in=manquants):
                self._partenaires[partenaire.slug] = partenaire
            nouveaux = [_partenaire(cle, nom) for cle, nom in voulus.items() if cle not in self._partenaires]
            Partenaire.objects.bulk_create(nouveaux)
            noter_changements(nouveaux, "creer_partenaire")
            self._partenaires |= {nouveau.slug: nouveau for nouveau in nouveaux}
        return {cle: self._partenaires[cle] for cle in voulus}


def _slug(famille: FamilleTerme, graphie: str) -> str:
    return cle_de_valeur(_libelle(famille, graphie))


def _libelle(famille: FamilleTerme, graphie: str) -> str:
    return lexique.libelle_affiche(CHAMP_DE_FAMILLE[famille], graphie)


def _terme(famille: FamilleTerme, graphie: str) -> Terme:
    connus = list(lexique.VALEURS.get(CHAMP_DE_FAMILLE[famille], ()))
    return Terme(
        famille=famille,
        libelle=_libelle(famille, graphie),
        libelle_source=graphie,
        slug=_slug(famille, graphie)[:VALEUR_MAX],
        rang=connus.index(graphie) if graphie in connus else RANG_INCONNU,
        est_a_verifier=graphie not in connus,
    )


def _partenaire(cle: str, nom: str) -> Partenaire:
    affiche = lexique.libelle_affiche("partenaires_action", nom)
    return Partenaire(nom=affiche, slug=cle, nom_source=nom if nom != affiche else "")
