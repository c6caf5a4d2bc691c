"""Deux fiches de la même personne : les réunir, et défaire exactement si l'on s'est trompé."""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changements
from maillage.core.conservation import deplacer, remettre
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import journaliser
from maillage.personnes.choices import EtatPersonne
from maillage.personnes.models import FusionDePersonnes, PaireEcartee, Personne
from maillage.personnes.operations.personnes import noter_personne
from maillage.personnes.permissions import peut_lire_la_personne
from maillage.territoire.models import Structure

COMPLETES: Final = (
    *("genre", "naissance", "telephone", "courriel", "adresse"),
    *("provenance_id", "publics", "quotient", "adhesion", "autorises"),
)
"""Ce que la fiche gardée reçoit de l'autre quand elle ne l'a pas."""
VIDES: Final[tuple[Any, ...]] = (None, "", [])


class NomDejaConnu(GesteRefuse):
    """Des fiches du centre lui ressemblent (`connues`) : un homonyme se demande, il ne se devine pas."""

    def __init__(self, connues: Sequence[Personne]) -> None:
        super().__init__("Ce nom est déjà connu du centre. Dites si c’est la même personne.")
        self.connues = connues


@transaction.atomic
def reunir_personnes(gardee: Personne, absorbee: Personne, *, par: Utilisateur) -> FusionDePersonnes:
    """Présences, inscriptions, foyers, accords passent à `gardee`. Lève `GesteRefuse`."""
    if gardee.pk == absorbee.pk or gardee.structure_id != absorbee.structure_id:
        raise GesteRefuse("Choisissez deux fiches différentes du même centre.")
    tenues = list(Personne.objects.select_for_update().filter(pk__in=(gardee.pk, absorbee.pk)).order_by("pk"))
    if any(une.etat != EtatPersonne.ACTIVE for une in tenues):
        raise GesteRefuse("Une des deux fiches est gelée, effacée ou déjà réunie. Rechargez la page.")
    gardee, absorbee = (next(p for p in tenues if p.pk == voulue.pk) for voulue in (gardee, absorbee))
    recues = {champ: _brute(absorbee, champ) for champ in COMPLETES if _manque(gardee, absorbee, champ)}
    vue_le, avant = max(gardee.vue_le, absorbee.vue_le), gardee.vue_le.isoformat()
    deplace = deplacer(absorbee.pk, gardee.pk)
    deplace["fiche"] = {"recues": recues, "vue_le": avant}
    Personne.objects.filter(pk=gardee.pk).update(
        **{champ: getattr(absorbee, champ) for champ in recues}, vue_le=vue_le, **_ecrite()
    )
    Personne.objects.filter(pk=absorbee.pk).update(etat=EtatPersonne.FUSIONNEE, fusionnee_dans=gardee)
    fusion = FusionDePersonnes.objects.create(
        gardee=gardee, absorbee=absorbee, deplace=deplace, faite_par=par
    )
    _noter(fusion, "reunir_personnes", "a réuni deux fiches de la même personne", par)
    return fusion


@transaction.atomic
def separer_personnes(fusion: FusionDePersonnes, *, par: Utilisateur) -> None:
    """Chaque ligne revient d'où elle venait. La dernière réunie se sépare la première : ce qu'une fiche a déjà fait
    mettre de côté chez une autre ne peut partir avant elle. Lève `GesteRefuse`, aussi quand c'est déjà fait."""
    tenue = FusionDePersonnes.objects.select_for_update().get(pk=fusion.pk)
    if tenue.defaite_le:
        raise GesteRefuse("Ces deux fiches sont déjà séparées.")
    gardee = Personne.objects.select_for_update().get(pk=tenue.gardee_id)
    if gardee.etat != EtatPersonne.ACTIVE:
        raise GesteRefuse("La fiche gardée a été réunie à une autre depuis : séparez d’abord ces deux-là.")
    depuis = gardee.fusions_recues.filter(pk__gt=tenue.pk, defaite_le=None).order_by("-pk").first()
    if depuis is not None:
        raise GesteRefuse(
            f"Une autre fiche a été réunie à celle-ci depuis : séparez d’abord « {depuis.absorbee} »."
        )
    recues = tenue.deplace.get("fiche", {}).get("recues", {})
    neuve = Personne()
    a_vider = {
        champ: getattr(neuve, champ)
        for champ, valeur in recues.items()
        if _brute(tenue.gardee, champ) == valeur  # corrigée depuis, la valeur est à elle
    }
    Personne.objects.filter(pk=tenue.absorbee_id).update(etat=EtatPersonne.ACTIVE, fusionnee_dans=None)
    if a_vider:
        Personne.objects.filter(pk=tenue.gardee_id).update(**a_vider, **_ecrite())
    remettre(tenue.deplace, de=tenue.absorbee_id, vers=tenue.gardee_id)
    tenue.defaite_le = timezone.now()
    tenue.save(update_fields=["defaite_le"])
    _noter(tenue, "separer_personnes", "a séparé deux fiches réunies", par)


def fiches_gardees(numeros: Iterable[int]) -> dict[int, int]:
    """Fiche → celle où elle se lit aujourd'hui : la sienne, ou celle à qui on l'a réunie, de proche en proche."""
    gardees = {numero: numero for numero in numeros}
    reunies: Any = Personne.objects.filter(etat=EtatPersonne.FUSIONNEE)
    while suite := dict(reunies.filter(pk__in=gardees.values()).values_list("pk", "fusionnee_dans")):
        gardees = {numero: suite.get(gardee, gardee) for numero, gardee in gardees.items()}
    return gardees


@transaction.atomic
def ecarter_la_paire(une: Personne, autre: Personne, *, par: Utilisateur) -> PaireEcartee:
    """Ce sont deux personnes : la paire n'est plus proposée. Dite deux fois, rien ne change. Lève `GesteRefuse`."""
    if une.pk == autre.pk or une.structure_id != autre.structure_id:
        raise GesteRefuse("Choisissez deux fiches différentes du même centre.")
    premiere, seconde = sorted((une, autre), key=lambda personne: personne.pk)
    paire, est_neuve = PaireEcartee.objects.get_or_create(
        une=premiere, autre=seconde, defaults={"ecartee_par": par}
    )
    if est_neuve:
        fait = f"{par.get_full_name()} a écarté un doublon : ce sont deux personnes."
        journaliser(premiere, "ecarter_la_paire", fait, par=par)
    return paire


@transaction.atomic
def noter_une_autre_personne(
    structure: Structure,
    champs: Mapping[str, Any],
    *,
    connues: Sequence[Personne],
    autre_que: Container[int],
    par: Utilisateur,
) -> Personne:
    """Une personne de plus, qui n'est aucune des `connues`. `autre_que` : les fiches dont il vient d'être dit qu'elle
    est une autre ; envoyé deux fois, le second trouve celle du premier.

    La paire ne se propose plus quand `par` a lu l'autre fiche ; qui n'en a lu que le nom ne décide pas pour le
    registre. Lève `NomDejaConnu`, et `ValidationError` comme `noter_personne`.
    """
    if any(connue.pk not in autre_que for connue in connues):
        raise NomDejaConnu(connues)
    neuve = noter_personne(structure, champs, par=par)
    for connue in connues:
        if peut_lire_la_personne(par, connue):
            ecarter_la_paire(neuve, connue, par=par)
    return neuve


@transaction.atomic
def remettre_la_paire(une: Personne, autre: Personne, *, par: Utilisateur) -> None:
    """La paire est de nouveau proposée."""
    premiere, seconde = sorted((une, autre), key=lambda personne: personne.pk)
    if PaireEcartee.objects.filter(une=premiere, autre=seconde).delete()[0]:
        journaliser(premiere, "remettre_la_paire", f"{par.get_full_name()} a remis un doublon.", par=par)


def _manque(gardee: Personne, absorbee: Personne, champ: str) -> bool:
    return getattr(gardee, champ) in VIDES and getattr(absorbee, champ) not in VIDES


def _ecrite() -> dict[str, Any]:
    """Un formulaire ouvert avant montre une autre fiche : il ne doit rien effacer de ce qui vient d'arriver."""
    return {"version": F("version") + 1, "modifie_le": timezone.now()}


def _brute(personne: Personne, champ: str) -> Any:
    valeur = getattr(personne, champ)
    return valeur.isoformat() if hasattr(valeur, "isoformat") else valeur


def _noter(fusion: FusionDePersonnes, acte: str, fait: str, par: Utilisateur) -> None:
    journaliser(fusion.gardee, acte, f"{par.get_full_name()} {fait}.", par=par)
    noter_changements([fusion.gardee, fusion.absorbee], acte)
