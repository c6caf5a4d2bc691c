"""Décider d'un point relevé : le confier à quelqu'un, le laisser tel quel, y revenir ; noter ce qui est réglé."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import SYSTEME, Acteur, journaliser
from maillage.core.versions import enregistrer
from maillage.projets.equipe import equipe_du_projet
from maillage.projets.manques import Manque
from maillage.projets.models import PointDeVerification, ProjetSocial, Tache
from maillage.projets.operations.elements import tenir_ouvert
from maillage.projets.operations.projets import noter, tenir
from maillage.projets.operations.retroplanning import ajouter_tache
from maillage.projets.permissions import OUVERTS_A_L_ECRITURE
from maillage.projets.verification import manques

REGLE = "Ce point est déjà réglé : la vérification ne le trouve plus."


@transaction.atomic
def noter_la_verification(projet: ProjetSocial, *, par: Acteur = SYSTEME) -> tuple[int, int]:
    """Note le jour des points neufs, et ceux que l'on ne trouve plus ; rend (neufs, réglés). Se répète sans effet.

    La tâche d'un point réglé est faite.
    """
    tenu = tenir(projet)
    trouves = {manque.identite: manque for manque in manques(tenu)}
    connus = {point.cle: point for point in tenu.points.select_related("tache").order_by("pk")}
    neufs = [manque for cle, manque in trouves.items() if cle not in connus]
    PointDeVerification.objects.bulk_create(_point(tenu, manque) for manque in neufs)
    revenus = [point for cle, point in connus.items() if cle in trouves and point.regle_le]
    regles = [point for cle, point in connus.items() if cle not in trouves and not point.regle_le]
    maintenant = timezone.now()
    for cle, point in connus.items():
        if cle in trouves and point.phrase != trouves[cle].phrase:
            PointDeVerification.objects.filter(pk=point.pk).update(phrase=trouves[cle].phrase)
    PointDeVerification.objects.filter(pk__in=[point.pk for point in revenus]).update(
        regle_le=None, vu_le=maintenant
    )
    PointDeVerification.objects.filter(pk__in=[point.pk for point in regles]).update(regle_le=maintenant)
    for point in regles:
        if point.tache is not None and point.tache.faite_le is None:
            _faire(point.tache, par)
    return len(neufs) + len(revenus), len(regles)


def noter_toutes_les_verifications() -> int:
    """Chaque nuit, pour les projets qui s'écrivent encore ; rend leur nombre."""
    ouverts = list(ProjetSocial.objects.filter(etat__in=OUVERTS_A_L_ECRITURE).order_by("pk"))
    for projet in ouverts:
        noter_la_verification(projet)
    return len(ouverts)


@transaction.atomic
def confier_un_point(
    projet: ProjetSocial, reference: str, *, responsable: Utilisateur, echeance: date, par: Utilisateur
) -> Tache:
    """En fait une tâche, datée, à quelqu'un de l'équipe ; ou change la sienne. Lève `GesteRefuse`."""
    tenu = tenir_ouvert(projet)
    if not equipe_du_projet(tenu).filter(pk=responsable.pk).exists():
        raise GesteRefuse("Choisissez quelqu’un de l’équipe.")
    point = _tenu(tenu, reference)
    _oublier_la_raison(point)
    tache = point.tache
    if tache is None or tache.faite_le is not None:
        tache = ajouter_tache(
            tenu,
            titre=point.phrase[:200],
            detail="Relevé par la vérification du dossier.",
            echeance=echeance,
            responsable=responsable,
            par=par,
        )
    elif (tache.responsable_id, tache.echeance) != (responsable.pk, echeance):
        enregistrer(
            tache, version_lue=tache.version, responsable=responsable, echeance=echeance, rappelee_le=None
        )
        phrase = f"{par.get_full_name()} a confié « {tache} » à {responsable.get_full_name()}."
        noter(tenu, "confier_un_point", phrase, par=par)
    point.tache = tache
    point.save(update_fields=["tache", "raison", "phrase_laissee", "laisse_le", "laisse_par"])
    return tache


@transaction.atomic
def laisser_un_point(projet: ProjetSocial, reference: str, *, raison: str, par: Utilisateur) -> None:
    """On le voit, et on n'y change rien : il quitte la liste tant qu'il dit la même chose. Lève `GesteRefuse`."""
    if not raison.strip():
        raise GesteRefuse("Écrivez pourquoi : l’équipe et vous le relirez plus tard.")
    tenu = tenir_ouvert(projet)
    point = _tenu(tenu, reference)
    point.raison, point.phrase_laissee = raison.strip(), point.phrase
    point.laisse_le, point.laisse_par = timezone.now(), par
    point.save(update_fields=["raison", "phrase_laissee", "laisse_le", "laisse_par"])
    phrase = f"{par.get_full_name()} laisse tel quel : « {point.phrase.rstrip('.')} »."
    noter(tenu, "laisser_un_point", phrase, par=par, apres={"raison": point.raison})


@transaction.atomic
def reprendre_un_point(projet: ProjetSocial, reference: str, *, par: Utilisateur) -> None:
    """Il revient dans la liste. Sans effet s'il y est déjà."""
    tenu = tenir_ouvert(projet)
    point = _tenu(tenu, reference)
    if point.laisse_le is None:
        return
    _oublier_la_raison(point)
    point.save(update_fields=["raison", "phrase_laissee", "laisse_le", "laisse_par"])
    phrase = f"{par.get_full_name()} reprend : « {point.phrase.rstrip('.')} »."
    noter(tenu, "reprendre_un_point", phrase, par=par)


def _oublier_la_raison(point: PointDeVerification) -> None:
    point.raison = point.phrase_laissee = ""
    point.laisse_le = point.laisse_par = None


def _tenu(projet: ProjetSocial, reference: str) -> PointDeVerification:
    """Le point d'aujourd'hui, noté s'il ne l'était pas. Lève `GesteRefuse` quand on ne le trouve plus."""
    manque = next((un for un in manques(projet) if un.reference == reference), None)
    if manque is None:
        raise GesteRefuse(REGLE)
    point: PointDeVerification
    point, _ = PointDeVerification.objects.select_related("tache").get_or_create(
        projet=projet, cle=manque.identite, defaults={"genre": manque.genre, "phrase": manque.phrase}
    )
    if point.phrase != manque.phrase or point.regle_le is not None:
        point.phrase, point.regle_le = manque.phrase, None
        point.save(update_fields=["phrase", "regle_le"])
    return point


def _point(projet: ProjetSocial, manque: Manque) -> PointDeVerification:
    return PointDeVerification(projet=projet, cle=manque.identite, genre=manque.genre, phrase=manque.phrase)


def _faire(tache: Tache, par: Acteur) -> None:
    enregistrer(tache, version_lue=tache.version, faite_le=timezone.now())
    phrase = f"« {tache} » est faite : la vérification ne trouve plus ce point."
    journaliser(tache.projet, "cocher_tache", phrase, par=par, structure_id=tache.projet.structure_id)
