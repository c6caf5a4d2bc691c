"""Les bénévoles : s'engager, donner des heures, se former, s'arrêter. Aucune phrase du journal ne dit qui."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import models, transaction
from django.utils import timezone

from maillage.activites.choices import RoleDePresence
from maillage.activites.models import Benevole, FormationDeBenevole, HeuresDeBenevolat, Seance
from maillage.comptes.models import Utilisateur
from maillage.core.changements import noter_changement
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import nombre
from maillage.core.journal import journaliser
from maillage.core.versions import enregistrer
from maillage.personnes.choices import EtatPersonne
from maillage.personnes.models import Personne
from maillage.personnes.operations import noter_un_signe_de_vie
from maillage.territoire.models import Structure

HEURES_AU_PLUS: Final = 24
"""D'une personne en un jour : au-delà, c'est une faute de frappe."""


@transaction.atomic
def engager_benevole(personne: Personne, champs: dict[str, Any], *, par: Utilisateur) -> Benevole:
    """Lève `ValidationError` quand la personne est déjà bénévole, `GesteRefuse` quand sa fiche est gelée."""
    if personne.etat != EtatPersonne.ACTIVE:
        raise GesteRefuse("Cette fiche est gelée : rien ne s’y ajoute. Levez d’abord le gel.")
    benevole = Benevole(structure_id=personne.structure_id, personne=personne, **champs)
    benevole.validate_constraints()
    benevole.save()
    aujourd_hui = timezone.localdate(timezone=personne.structure.fuseau)
    noter_un_signe_de_vie([personne], min(benevole.depuis, aujourd_hui))
    _noter(benevole, "engager_benevole", "a accueilli une personne bénévole", par)
    return benevole


@transaction.atomic
def modifier_l_engagement(
    benevole: Benevole, champs: dict[str, Any], *, version_lue: int, par: Utilisateur
) -> None:
    """Missions, disponibilités, dates. Lève `ConflitDeVersion`, ou `GesteRefuse` s'il finit avant de commencer."""
    depuis, fin = champs.get("depuis", benevole.depuis), champs.get("jusqu_au", benevole.jusqu_au)
    if fin and fin < depuis:
        raise GesteRefuse("L’engagement finit avant de commencer. Corrigez une des deux dates.")
    autres = Benevole.objects.filter(personne=benevole.personne_id, jusqu_au=None).exclude(pk=benevole.pk)
    if fin is None and autres.exists():
        raise GesteRefuse("Cette personne a un autre engagement en cours. Modifiez plutôt celui-là.")
    enregistrer(benevole, version_lue=version_lue, **champs)
    _noter(benevole, "modifier_l_engagement", "a modifié un engagement de bénévole", par)


# --- Les heures -------------------------------------------------------------------------------------


@transaction.atomic
def noter_des_heures(
    structure: Structure,
    *,
    jour: date,
    heures: Decimal,
    mission: str,
    nombre_de_personnes: int = 1,
    benevole: Benevole | None = None,
    par: Utilisateur,
) -> HeuresDeBenevolat:
    """`heures` : le total de la ligne. De plusieurs personnes sans nom quand `benevole` manque. Lève `GesteRefuse`."""
    if jour > timezone.localdate(timezone=structure.fuseau):
        raise GesteRefuse("Ce jour n’est pas encore passé. Des heures se notent quand elles sont données.")
    if heures > HEURES_AU_PLUS * nombre_de_personnes:
        raise GesteRefuse("C’est plus de 24 heures par personne en un jour. Corrigez le nombre d’heures.")
    notees = HeuresDeBenevolat.objects.create(
        structure=structure,
        benevole=benevole,
        nombre=nombre_de_personnes,
        jour=jour,
        heures=heures,
        mission=mission.strip(),
        notees_par=par,
    )
    if benevole is not None:
        noter_un_signe_de_vie([benevole.personne], jour)
    _noter(notees, "noter_des_heures", f"a noté {nombre(heures)} h de bénévolat", par)
    return notees


@transaction.atomic
def noter_les_heures_de_la_seance(seance: Seance, *, par: Utilisateur) -> Decimal:
    """La durée de la séance pour chaque bénévole qui y est noté, en un geste ; rend le total.

    Refait après une correction de la feuille, le compte est juste : il remplace le précédent. Qui est venu comme
    bénévole sans engagement compte sans nom. Sans plus aucun bénévole sur la feuille, il retire les heures de la
    séance ; lève `GesteRefuse` quand elle n'en a pas non plus.
    """
    tenue = Seance.objects.select_for_update().select_related("activite").get(pk=seance.pk)
    venus = list(tenue.presences.filter(role=RoleDePresence.BENEVOLE).values_list("personne_id", flat=True))
    if not venus and not tenue.heures_de_benevolat.exists():
        raise GesteRefuse("La feuille n’a aucun bénévole. Notez-les d’abord, dans le rôle « bénévole ».")
    en_cours = models.Q(jusqu_au=None) | models.Q(jusqu_au__gte=tenue.jour)
    engages = {
        un.personne_id: un
        for un in Benevole.objects.filter(en_cours, personne__in=venus, depuis__lte=tenue.jour)
    }
    duree = _duree(tenue)
    commun = {
        "structure_id": tenue.activite.structure_id,
        "activite": tenue.activite,
        "seance": tenue,
        "jour": tenue.jour,
        "mission": tenue.activite.titre[:120],
        "notees_par": par,
    }
    lignes = [HeuresDeBenevolat(benevole=un, heures=duree, **commun) for un in engages.values()]
    if sans_engagement := len(venus) - len(engages):
        lignes.append(HeuresDeBenevolat(nombre=sans_engagement, heures=duree * sans_engagement, **commun))
    tenue.heures_de_benevolat.all().delete()
    HeuresDeBenevolat.objects.bulk_create(lignes)
    total = duree * len(venus)
    fait = (
        f"a noté {nombre(total)} h de bénévolat pour une"
        if venus
        else "a retiré les heures de bénévolat d’une"
    )
    phrase = f"{par.get_full_name()} {fait} séance."
    journaliser(
        tenue,
        "noter_les_heures_de_la_seance",
        phrase,
        par=par,
        structure_id=tenue.activite.structure_id,
    )
    noter_changement(tenue, "noter_les_heures_de_la_seance")
    return total


def deplacer_les_heures_de_la_seance(seance: Seance) -> None:
    """Ses heures déjà notées vont au jour où elle se tient maintenant, et durent ce qu'elle dure."""
    notees = list(seance.heures_de_benevolat.order_by("pk"))
    for une in notees:
        une.jour, une.heures = seance.jour, _duree(seance) * une.nombre
    HeuresDeBenevolat.objects.bulk_update(notees, ["jour", "heures"])


def _duree(seance: Seance) -> Decimal:
    return (Decimal((seance.fin - seance.debut).total_seconds()) / 3600).quantize(Decimal("0.01"))


@transaction.atomic
def retirer_des_heures(heures: HeuresDeBenevolat, *, par: Utilisateur) -> None:
    """Le changement se note sur ce qui reste : une ligne disparue ne mène plus à aucun nombre."""
    fait = f"{par.get_full_name()} a retiré {nombre(heures.heures)} h de bénévolat."
    journaliser(heures, "retirer_des_heures", fait, par=par)
    noter_changement(heures.seance or heures.activite or heures.structure, "retirer_des_heures")
    heures.delete()


# --- Les formations ---------------------------------------------------------------------------------


@transaction.atomic
def noter_une_formation(
    benevole: Benevole, champs: dict[str, Any], *, par: Utilisateur
) -> FormationDeBenevole:
    formation = FormationDeBenevole.objects.create(benevole=benevole, **champs)
    _noter(benevole, "noter_une_formation", "a noté une formation de bénévole", par)
    return formation


@transaction.atomic
def retirer_une_formation(formation: FormationDeBenevole, *, par: Utilisateur) -> None:
    _noter(formation.benevole, "retirer_une_formation", "a retiré une formation de bénévole", par)
    formation.delete()


def _noter(objet: Benevole | HeuresDeBenevolat, acte: str, fait: str, par: Utilisateur) -> None:
    journaliser(objet, acte, f"{par.get_full_name()} {fait}.", par=par)
    noter_changement(objet, acte)
