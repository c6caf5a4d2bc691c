"""Des groupes du nom à la définition : mesures, filtres, détails. Le sens des mots est dans le lexique."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from maillage.evaluation.choices import Filtre, Mesure, Perimetre, Ventilation
from maillage.evaluation.definitions import ACCEPTE, SANS_BASE, Definition
from maillage.evaluation.propositions.groupes import Groupe, lire_groupes
from maillage.evaluation.propositions.lecture import lire_venues, separer
from maillage.evaluation.propositions.lexique import INCONNU, Filtres, Mesures, lexique
from maillage.projets.choices import ListeIndicateur

GENS: Final = frozenset({"personne", "famille", "professionnel", "benevole"})
_QUI: Final = frozenset({Filtre.AGE, Filtre.GENRE, Filtre.ROLE, Filtre.PUBLIC})
_PAR_DU_NOM: Final = {"quartier": (Ventilation.QUARTIER,), "activite": (Ventilation.ACTIVITE,)}
_PAR_TYPE: Final = {
    Mesure.PARTENAIRES: Ventilation.TYPE_PARTENAIRE,
    Mesure.RESULTATS_ACCOMPAGNEMENT: Ventilation.TYPE_SORTIE,
}
ENSEMBLE_DU_CENTRE: Final = "ensemble du centre"


@dataclass(frozen=True, slots=True)
class Proposition:
    """Sans mesure : un jugement, à dire sur une échelle. `manuel` : un nombre à taper."""

    mesures: Mesures = ()
    filtres: Filtres = field(default_factory=dict)
    par: tuple[Ventilation, ...] = ()
    base: Mesures = ()
    au_moins: int = 1

    @property
    def est_un_jugement(self) -> bool:
        return not self.mesures

    @property
    def definition(self) -> Definition | None:
        """La définition à enregistrer ; aucune pour un jugement."""
        if self.est_un_jugement:
            return None
        filtres = dict(self.filtres)
        centre = filtres.get(Filtre.AUTRE) == (ENSEMBLE_DU_CENTRE,)
        if centre:
            del filtres[Filtre.AUTRE]
        perimetre = Perimetre.CENTRE if centre else Perimetre.FICHE
        return Definition.elaguee(self.mesures, filtres, self.par, self.base, self.au_moins, perimetre)

    def en_contrat(self) -> dict[str, Any]:
        """Les clés de `proposer_mesures --json` (docs/indicateurs.md)."""
        return {
            "mesures": [mesure.value for mesure in self.mesures],
            "filtres": {
                filtre.value: valeurs[0] if filtre is Filtre.AUTRE else list(valeurs)
                for filtre, valeurs in self.filtres.items()
            },
            "par": [ventilation.value for ventilation in self.par],
            "base": [mesure.value for mesure in self.base],
        }


def proposer(texte: str, liste: ListeIndicateur, contexte: str = "") -> Proposition:
    """`contexte` : le titre de la fiche, qui dit parfois ce que l'indicateur laisse entendre."""
    principal, detail = separer(texte)
    groupes = lire_groupes(principal)
    if liste == ListeIndicateur.QUALITATIVE:
        groupes = [groupe for groupe in groupes if _est_un_compte(groupe)]
        if not groupes:
            return Proposition()
    mesures, base = _uniques(), _uniques()
    for groupe in groupes:
        comptees = _mesures(groupe)
        if {"evolution", "progres"} & {*groupe.operateurs} and (
            suivies := [m for m in comptees if m not in SANS_BASE]
        ):
            base |= dict.fromkeys(suivies)
            comptees = (Mesure.EVOLUTION,)
        mesures |= dict.fromkeys(comptees)
    if {Mesure.PERSONNES_DIFFERENTES} == {*mesures} and _oppose_les_genres(groupes):
        mesures = dict.fromkeys((Mesure.REPARTITION,))
    trouvees = tuple(mesures) or (Mesure.MANUEL,)
    par = _par(groupes, detail, trouvees)
    groupes += [groupe for groupe in lire_groupes(contexte) if _nomme_une_instance(groupe)]
    groupes += _ages_entre_parentheses(detail)
    return Proposition(
        trouvees, _filtres(groupes, (*trouvees, *base), par), par, tuple(base), lire_venues(texte)
    )


def _uniques() -> dict[Mesure, None]:
    return {}


def _est_un_compte(groupe: Groupe) -> bool:
    """Dans une liste qualitative, un groupe ne se compte que s'il l'annonce, et s'il ne juge pas."""
    operateurs, tete = {*groupe.operateurs}, groupe.tete or INCONNU
    if {"compter", "rapport", "frequence"} & operateurs:
        return True
    if any(qualificatif.apprecie for qualificatif in groupe.qualificatifs):
        return False
    if "progres" in operateurs:
        return tete.concept.abstrait
    if tete.concept.nom == "presence" and groupe.vise_autre_chose:
        return False
    if "diversite" in operateurs or tete.concept.en_qualitatif or _par_ensemble(groupe):
        return True
    denombrable = tete.concept.nom in GENS | {"activite", "initiative", "seance", "demande"}
    if {"nature", "evolution", "fait"} & operateurs:
        return denombrable
    return denombrable and any(qualificatif.annonce for qualificatif in groupe.qualificatifs)


def _mesures(groupe: Groupe) -> Mesures:
    tete = groupe.tete or INCONNU
    concept, operateurs = tete.concept.nom, {*groupe.operateurs}
    if {"diversite", "rapport", "nature"} & operateurs and concept in {"personne", "famille", "quartier"}:
        return (Mesure.REPARTITION,)
    if "diversite" in operateurs and concept in {"initiative", "seance"}:
        return (Mesure.ACTIVITES,)
    if "frequence" in operateurs and concept == "presence":
        return (Mesure.ASSIDUITE,)
    if "fait" in operateurs and concept == "activite":
        return (Mesure.SEANCES,)
    mesures = tete.mesures or _par_ensemble(groupe) or tete.concept.mesures or (Mesure.MANUEL,)
    if effets := tuple(mesure for q in groupe.qualificatifs for mesure in q.effets.get(concept, ())):
        mesures = (*mesures, *effets) if _garde_sa_mesure(groupe, effets) else effets
    return mesures


def _par_ensemble(groupe: Groupe) -> Mesures:
    """Les mesures que la tête prend avec ses compléments ; un nom abstrait prend pour lui ceux qui le suivent."""
    trouvees: list[Mesure] = []
    for nom in groupe.complements:
        for ensemble in lexique().ensembles:
            if (
                groupe.tete
                and groupe.tete.concept.nom in ensemble.tetes
                and nom.concept.nom in ensemble.complements
            ):
                trouvees += ensemble.mesures
        if nom.concept.abstrait:
            break
    return tuple(trouvees)


def _garde_sa_mesure(groupe: Groupe, effets: Mesures) -> bool:
    """« Jeunes accueillis et orientés », « fréquentation par les usagers et de nouvelles personnes » : deux comptes."""
    if groupe.tete and groupe.tete.concept.nom == "presence":
        return sum(nom.concept.nom in GENS for nom in groupe.complements) > 1
    return groupe.garde and Mesure.NOUVELLES_PERSONNES not in effets


def _ages_entre_parentheses(detail: str) -> list[Groupe]:
    """« Habitants (jeunes et adultes) » : là, les parenthèses ne sont pas un exemple."""
    groupes = lire_groupes(detail)
    ages = [groupe for groupe in groupes if groupe.tete and {*groupe.tete.filtres} == {Filtre.AGE}]
    return ages if len(ages) == len(groupes) else []


def _nomme_une_instance(groupe: Groupe) -> bool:
    """« Le comité d'usagers » en titre de fiche : ses réunions et ses projets sont ceux de l'instance."""
    return groupe.tete is not None and groupe.tete.concept.nom == "instance"


def _oppose_les_genres(groupes: list[Groupe]) -> bool:
    genres = {v for groupe in groupes if groupe.tete for v in groupe.tete.filtres.get(Filtre.GENRE, ())}
    return len(genres) > 1


def _par(groupes: list[Groupe], detail: str, mesures: Mesures) -> tuple[Ventilation, ...]:
    """Les détails que les mots demandent, ou à défaut ceux que la mesure appelle."""
    varies = any("diversite" in groupe.operateurs for groupe in groupes)
    demandes = [v for groupe in groupes for nom in groupe.complements for v in nom.par]
    demandes += [
        Ventilation.QUARTIER
        for groupe in groupes
        if groupe.liaison == "par" and groupe.complements[-1].concept.nom == "quartier"
    ]
    if varies or Mesure.REPARTITION in mesures:
        porteurs = [*groupes, *lire_groupes(detail)]
        demandes += [v for groupe in porteurs for q in groupe.qualificatifs for v in q.par]
        noms = [nom for groupe in porteurs for nom in groupe.noms]
        demandes += [v for nom in noms for v in (*nom.par, *_PAR_DU_NOM.get(nom.concept.nom, ()))]
        demandes += [Ventilation.GENRE] * _oppose_les_genres(groupes)
    permis = dict.fromkeys(v for v in demandes if any(v in ACCEPTE[m].par for m in mesures))
    if not permis and Mesure.REPARTITION in mesures:
        return (Ventilation.GENRE, Ventilation.AGE, Ventilation.QUARTIER)
    if not permis and varies:
        return tuple(une for mesure, une in _PAR_TYPE.items() if mesure in mesures)
    return tuple(permis)


def _filtres(groupes: list[Groupe], mesures: Mesures, par: tuple[Ventilation, ...]) -> Filtres:
    permis = {filtre for mesure in mesures for filtre in ACCEPTE[mesure].filtres}
    trouves: dict[Filtre, dict[str, None]] = {}
    for filtre, valeurs in (couple for groupe in groupes for couple in _filtres_du_groupe(groupe)):
        if filtre in permis:
            trouves.setdefault(filtre, {}).update(dict.fromkeys(valeurs))
    if Ventilation.GENRE in par:
        trouves.pop(Filtre.GENRE, None)
    if Mesure.FAMILLES in mesures:
        trouves.get(Filtre.PUBLIC, {}).pop("familles", None)
    return {filtre: tuple(valeurs) for filtre, valeurs in trouves.items() if valeurs}


def _filtres_du_groupe(groupe: Groupe) -> Iterator[tuple[Filtre, tuple[str, ...]]]:
    """Ce qui complète des gens dit où ils viennent, pas qui ils sont : « femmes avec enfants » sont des femmes."""
    tete = groupe.tete or INCONNU
    compte_des_gens = tete.concept.nom in GENS
    yield from tete.filtres.items()
    for nom in groupe.complements:
        if nom.concept.nom != "initiative":
            yield from ((f, v) for f, v in nom.filtres.items() if not (compte_des_gens and f in _QUI))
    for qualificatif in groupe.qualificatifs:
        yield from ((f, v) for f, v in qualificatif.filtres.items() if tete.concept.nom == "personne")
