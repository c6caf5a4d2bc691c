"""Ce que la direction décide : les champs que l'on note, et les lieux d'où viennent les gens."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError

from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changements
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import journaliser
from maillage.personnes.choices import ChampDePersonne, EtatPersonne
from maillage.personnes.models import ChampOuvert, Personne, Provenance
from maillage.personnes.operations.personnes import TOUJOURS
from maillage.territoire.models import Quartier, Structure


def fiches_qui_portent(structure: Structure, champ: ChampDePersonne) -> int:
    """Combien de fiches du centre ont quelque chose dans ce champ."""
    portees = Personne.objects.filter(structure=structure).exclude(etat=EtatPersonne.EFFACEE)
    return portees.exclude(**{champ: _vide(champ)}).count()


@transaction.atomic
def ouvrir_champ(structure: Structure, champ: ChampDePersonne, *, par: Utilisateur) -> None:
    """Sans effet s'il est déjà ouvert."""
    _, est_neuf = ChampOuvert.objects.get_or_create(
        structure=structure, champ=champ, defaults={"ouvert_par": par}
    )
    if est_neuf and champ not in TOUJOURS:
        _noter(structure, "ouvrir_champ", f"a ouvert le champ « {champ.label} »", par)


@transaction.atomic
def fermer_champ(structure: Structure, champ: ChampDePersonne, *, par: Utilisateur) -> int:
    """Le vide partout : un champ fermé n'est plus gardé. Rend le nombre de fiches vidées. Lève `GesteRefuse`."""
    if champ in TOUJOURS:
        raise GesteRefuse("Le prénom et le nom restent toujours.")
    ChampOuvert.objects.filter(structure=structure, champ=champ).delete()
    portees = Personne.objects.filter(structure=structure).exclude(**{champ: _vide(champ)})
    changees = list(portees.only("pk").order_by("pk"))
    videes = portees.update(**{champ: _vide(champ)})
    _noter(structure, "fermer_champ", f"a fermé le champ « {champ.label} » et vidé {videes} fiches", par)
    noter_changements(changees, "fermer_champ")
    return videes


def _vide(champ: ChampDePersonne) -> Any:
    if champ == ChampDePersonne.PUBLICS:
        return []
    return None if Personne._meta.get_field(champ).null else ""


@transaction.atomic
def noter_provenance(
    structure: Structure, nom: str, *, quartier: Quartier | None, est_du_territoire: bool, par: Utilisateur
) -> Provenance:
    """À la fin de la liste. Lève `GesteRefuse` si le lieu y est déjà."""
    dernier = Provenance.objects.filter(structure=structure).aggregate(n=Max("rang"))["n"] or 0
    try:
        with transaction.atomic():
            provenance = Provenance.objects.create(
                structure=structure,
                nom=nom.strip(),
                quartier=quartier,
                est_du_territoire=est_du_territoire,
                rang=dernier + 1,
            )
    except IntegrityError as refus:
        raise GesteRefuse("Ce lieu est déjà dans la liste.") from refus
    _noter(structure, "noter_provenance", f"a ajouté « {provenance.nom} » aux lieux", par)
    return provenance


@transaction.atomic
def retirer_provenance(provenance: Provenance, *, par: Utilisateur) -> None:
    """Lève `GesteRefuse` tant que des personnes en viennent : les comptes la citent."""
    if combien := Personne.objects.filter(provenance=provenance).count():
        raise GesteRefuse(f"{combien} fiches citent ce lieu : il reste dans la liste.")
    try:
        with transaction.atomic():
            provenance.delete()
    except ProtectedError as refus:
        raise GesteRefuse(
            "Des passages ou des initiatives citent ce lieu : il reste dans la liste."
        ) from refus
    _noter(provenance.structure, "retirer_provenance", f"a retiré « {provenance.nom} » des lieux", par)


def _noter(structure: Structure, acte: str, fait: str, par: Utilisateur) -> None:
    journaliser(structure, acte, f"{par.get_full_name()} {fait}.", par=par, structure_id=structure.pk)
