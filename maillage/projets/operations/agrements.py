"""La vie d'un projet : l'envoyer à la Caf, noter ce qu'elle répond, le commencer, le clore (`docs/statuts.md`).

Chaque pas écrit au journal l'état d'avant et celui d'après : c'est de là qu'on revient quand on s'est trompé.
"""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.courrier import reprendre
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import date_longue
from maillage.core.journal import type_objet
from maillage.core.models import LigneJournal
from maillage.core.versions import enregistrer
from maillage.projets.choices import EtatDemandeAgrement, EtatProjet
from maillage.projets.models import DemandeAgrement, DemandeDeComplements, Envoi, ProjetSocial
from maillage.projets.operations.projets import noter, tenir, valider_la_periode
from maillage.projets.permissions import peut_instruire
from maillage.projets.regles import regle
from maillage.territoire.choices import TypeAgrement
from maillage.territoire.operations import effacer_agrement, enregistrer_agrement

RETOUR: Final = "revenir_a_l_etat_d_avant"
PAS: Final = {
    "commencer_projet": ({EtatProjet.AGREE}, EtatProjet.EN_COURS, "a commencé le projet"),
    "reprendre_projet": ({EtatProjet.REFUSE}, EtatProjet.PREPARATION, "a repris le projet refusé"),
    "clore_l_evaluation": ({EtatProjet.EN_COURS}, EtatProjet.EVALUE, "a clos l’évaluation du projet"),
    "archiver_projet": ({EtatProjet.EVALUE}, EtatProjet.ARCHIVE, "a archivé le projet"),
}
"""Les pas qui ne demandent rien d'autre : d'où, vers où, et la fin de la phrase."""
ACTES_DU_CYCLE: Final = {
    *("soumettre_projet", "noter_une_demande_de_la_caf", "noter_la_decision", "retirer_la_demande"),
    *PAS,
    RETOUR,
}


@transaction.atomic
def soumettre_projet(
    projet: ProjetSocial,
    *,
    types: Collection[str],
    regle_qui_vaut: str,
    deposee_le: date,
    envoi: Envoi | None = None,
    par: Utilisateur,
) -> None:
    """Dépose une demande par type d'agrément et ferme le projet à l'écriture. Lève `GesteRefuse` ou `ValidationError`.

    Une demande encore ouverte du même type n'est pas déposée deux fois : la Caf complète son dossier. Elle garde le
    plus ancien des deux jours de dépôt.
    """
    tenu = tenir(projet)
    _exiger(tenu, {EtatProjet.PREPARATION, EtatProjet.A_COMPLETER}, "Ce projet est déjà soumis.")
    valable = regle(regle_qui_vaut)
    if valable is None:
        raise ValidationError({"regle": "Choisissez la règle qui s’applique."})
    permis = valable.types_de(tenu.structure.genre)
    if not types or not set(types) <= set(permis):
        dits = ", ".join(une.label for une in permis)
        raise ValidationError({"types": f"Choisissez au moins une demande parmi : {dits}."})
    if deposee_le > timezone.localdate():
        raise ValidationError({"deposee_le": "Ce jour n’est pas encore venu. Notez le dépôt une fois fait."})
    attendent = tenu.demandes.filter(etat=EtatDemandeAgrement.DEPOSEE)
    ouvertes = set(attendent.order_by("pk").values_list("type", flat=True))
    attendent.filter(type__in=types, deposee_le__gt=deposee_le).update(deposee_le=deposee_le)
    neuves = [
        DemandeAgrement.objects.create(
            projet=tenu, type=type_demande, regle=valable.cle, deposee_le=deposee_le
        ).pk
        for type_demande in permis
        if type_demande in set(types) - ouvertes
    ]
    details = {"demandes": neuves} | ({"envoi": envoi.pk} if envoi else {})
    _passer(tenu, EtatProjet.SOUMIS, "soumettre_projet", "a soumis le projet à la Caf", par, **details)
    projet.refresh_from_db()


@transaction.atomic
def noter_une_demande_de_la_caf(
    projet: ProjetSocial, *, mot: str, complements: DemandeDeComplements | None = None, par: Utilisateur
) -> None:
    """La Caf demande de compléter : le projet se rouvre à l'écriture. `complements` : elle le fait elle-même, ici.
    Lève `GesteRefuse`."""
    tenu = tenir(projet)
    _exiger(tenu, {EtatProjet.SOUMIS}, "Ce projet n’attend pas de réponse de la Caf.")
    fin = "demande de compléter le dossier" if complements else "a noté que la Caf demande de compléter"
    if mot.strip():
        fin += f" : {mot.strip()}"
    details = {"complements": complements.pk} if complements else {}
    _passer(tenu, EtatProjet.A_COMPLETER, "noter_une_demande_de_la_caf", fin, par, **details)
    projet.refresh_from_db()


@transaction.atomic
def noter_la_decision(
    demande: DemandeAgrement,
    *,
    est_accordee: bool,
    decidee_le: date,
    du: date | None = None,
    au: date | None = None,
    motif: str = "",
    commission: str = "",
    par: Utilisateur,
) -> None:
    """Note la réponse de la Caf à une demande. Accordée, elle pose l'agrément sur la structure, de `du` à `au`.

    Quand plus aucune demande n'attend, le projet est agréé, ou refusé si aucune n'est accordée. Lève `GesteRefuse`
    ou `ValidationError`.
    """
    projet = tenir(demande.projet)
    tenue = DemandeAgrement.objects.get(pk=demande.pk)
    _exiger(projet, {EtatProjet.SOUMIS}, "Ce projet n’attend pas de décision.")
    if tenue.etat != EtatDemandeAgrement.DEPOSEE:
        raise GesteRefuse("La réponse à cette demande est déjà notée.")
    if decidee_le > timezone.localdate():
        raise ValidationError(
            {"decidee_le": "Ce jour n’est pas encore venu. La décision se note une fois prise."}
        )
    if decidee_le < tenue.deposee_le:
        depot = date_longue(tenue.deposee_le)
        raise ValidationError({"decidee_le": f"La Caf décide après le dépôt, le {depot}."})
    if est_accordee:
        if du is None or au is None:
            raise ValidationError({"du": "Dites du et jusqu’à quand vaut l’agrément."})
        valider_la_periode(du, au)
        tenue.agrement = enregistrer_agrement(
            projet.structure, type=TypeAgrement(tenue.type), du=du, au=au, par=par
        )
        tenue.etat = EtatDemandeAgrement.ACCORDEE
    else:
        if not motif.strip():
            raise ValidationError({"motif": "Écrivez la raison que donne la Caf."})
        tenue.etat = EtatDemandeAgrement.REFUSEE
    tenue.decidee_le, tenue.motif, tenue.commission = decidee_le, motif.strip(), " ".join(commission.split())
    tenue.save(update_fields=["etat", "decidee_le", "motif", "commission", "agrement"])
    fin = f"a noté la réponse de la Caf, {tenue.get_type_display()} : {tenue.get_etat_display().lower()}"
    _conclure(projet, "noter_la_decision", fin, par, tenue)
    demande.refresh_from_db()


@transaction.atomic
def retirer_la_demande(demande: DemandeAgrement, *, par: Utilisateur) -> None:
    """Le centre renonce à cette demande. La dernière ne se retire pas : on revient en arrière. Lève `GesteRefuse`."""
    projet = tenir(demande.projet)
    tenue = DemandeAgrement.objects.get(pk=demande.pk)
    if tenue.etat != EtatDemandeAgrement.DEPOSEE:
        raise GesteRefuse("La réponse à cette demande est déjà notée.")
    autres = projet.demandes.exclude(pk=tenue.pk).exclude(pk__in=_refusees_avant_la_reprise(projet))
    if not autres.exclude(etat=EtatDemandeAgrement.RETIREE).exists():
        raise GesteRefuse(
            "C’est la seule demande. Si vous l’avez envoyée trop tôt, revenez à l’état d’avant."
        )
    tenue.etat = EtatDemandeAgrement.RETIREE
    tenue.save(update_fields=["etat"])
    fin = f"a retiré la demande, {tenue.get_type_display()}"
    _conclure(projet, "retirer_la_demande", fin, par, tenue)
    demande.refresh_from_db()


@transaction.atomic
def faire_un_pas(projet: ProjetSocial, acte: str, *, par: Utilisateur) -> None:
    """Un pas de `PAS`. Lève `GesteRefuse` quand le projet n'en est pas là."""
    depuis, vers, fin = PAS[acte]
    tenu = tenir(projet)
    _exiger(tenu, depuis, f"Le projet est maintenant « {tenu.get_etat_display()} ». Relisez la page.")
    _passer(tenu, vers, acte, fin, par)
    projet.refresh_from_db()


def commencer_projet(projet: ProjetSocial, *, par: Utilisateur) -> None:
    faire_un_pas(projet, "commencer_projet", par=par)


def reprendre_projet(projet: ProjetSocial, *, par: Utilisateur) -> None:
    faire_un_pas(projet, "reprendre_projet", par=par)


def clore_l_evaluation(projet: ProjetSocial, *, par: Utilisateur) -> None:
    faire_un_pas(projet, "clore_l_evaluation", par=par)


def archiver_projet(projet: ProjetSocial, *, par: Utilisateur) -> None:
    faire_un_pas(projet, "archiver_projet", par=par)


# --- Revenir ----------------------------------------------------------------------------------------


def dernier_pas(projet: ProjetSocial) -> LigneJournal | None:
    """Le pas que « revenir à l'état d'avant » déferait."""
    pas = _pas_faits(projet)
    return pas[-1] if pas else None


def _pas_faits(projet: ProjetSocial) -> list[LigneJournal]:
    """Du premier au dernier ; ceux déjà défaits ne comptent plus."""
    lignes = LigneJournal.objects.filter(
        objet_type=type_objet(projet), objet_id=projet.pk, acte__in=ACTES_DU_CYCLE
    ).order_by("pk")
    pile: list[LigneJournal] = []
    for ligne in lignes:
        if ligne.acte != RETOUR:
            pile.append(ligne)
        elif pile:
            pile.pop()
    return pile


def _refusees_avant_la_reprise(projet: ProjetSocial) -> set[int]:
    """Les demandes d'un tour perdu : le projet refusé a été repris depuis, elles ne le concluent plus."""
    perdues: set[int] = set()
    deposees: set[int] = set()
    for pas in _pas_faits(projet):
        if pas.acte == "soumettre_projet":
            deposees |= set((pas.apres or {})["demandes"])
        elif pas.acte == "reprendre_projet":
            perdues |= deposees
    return perdues


def est_fait_par_la_caf(pas: LigneJournal) -> bool:
    """La Caf a fait ce pas elle-même dans Maillage ; sinon, le centre l'a noté."""
    return bool((pas.apres or {}).get("caf"))


@transaction.atomic
def revenir_a_l_etat_d_avant(projet: ProjetSocial, *, par: Utilisateur) -> None:
    """Défait le dernier pas, avec ce qu'il avait posé : demandes déposées, réponse, agrément. Lève `GesteRefuse`."""
    tenu = tenir(projet)
    pas = dernier_pas(tenu)
    if pas is None or (pas.apres or {}).get("etat") != tenu.etat:
        raise GesteRefuse("Il n’y a rien à défaire.")
    est_de_la_caf = peut_instruire(par, tenu)
    if est_fait_par_la_caf(pas) and not est_de_la_caf:
        raise GesteRefuse("La Caf a fait ce pas elle-même : elle seule peut y revenir. Écrivez-lui.")
    if est_de_la_caf and not est_fait_par_la_caf(pas):
        raise GesteRefuse("Le centre a fait ce pas : lui seul peut y revenir.")
    if pas.acte == "soumettre_projet":
        _reprendre_l_envoi(tenu, pas)
    elif pas.acte == "noter_la_decision":
        _oublier_la_reponse((pas.apres or {})["demandes"], par)
    elif pas.acte == "noter_une_demande_de_la_caf":
        _reprendre_les_complements(pas)
    elif pas.acte == "retirer_la_demande":
        _changer_les_demandes((pas.apres or {})["demandes"], EtatDemandeAgrement.DEPOSEE)
    avant = EtatProjet((pas.avant or {})["etat"])
    _passer(tenu, avant, RETOUR, f"est revenu à « {avant.label} » : c’était une erreur", par)
    projet.refresh_from_db()


def _reprendre_l_envoi(projet: ProjetSocial, pas: LigneJournal) -> None:
    demandes = (pas.apres or {})["demandes"]
    if projet.demandes.filter(pk__in=demandes).exclude(etat=EtatDemandeAgrement.DEPOSEE).exists():
        raise GesteRefuse("La Caf a déjà répondu à une des demandes de cet envoi.")
    if numero := (pas.apres or {}).get("envoi"):
        retirer_envoi(Envoi.objects.get(pk=numero))
        DemandeDeComplements.objects.filter(reponse=numero).update(reponse=None)
    _changer_les_demandes(demandes, EtatDemandeAgrement.RETIREE)


def retirer_envoi(envoi: Envoi) -> None:
    """Dans la transaction de l'acte : la Caf ne le lit plus. Lève `GesteRefuse` si quelqu'un s'en sert déjà."""
    tenu = Envoi.objects.select_for_update().get(pk=envoi.pk)
    if tenu.retire_le is not None:
        raise GesteRefuse("Cet envoi est déjà repris.")
    if tenu.recu_le is not None:
        jour = date_longue(timezone.localdate(tenu.recu_le))
        raise GesteRefuse(f"La Caf a reçu cet envoi le {jour} : il ne se reprend plus. Écrivez-lui.")
    if tenu.partages.filter(ferme_le=None).exists():
        raise GesteRefuse("Un cofinanceur lit cet envoi. Retirez-lui d’abord l’accès.")
    tenu.retire_le = timezone.now()
    tenu.save(update_fields=["retire_le"])
    reprendre(tenu)


def _reprendre_les_complements(pas: LigneJournal) -> None:
    numero = (pas.apres or {}).get("complements")
    if numero is None:
        return
    demande = DemandeDeComplements.objects.select_for_update().get(pk=numero)
    if demande.points.exclude(repondu_le=None).exists():
        raise GesteRefuse("Le centre a commencé à répondre. La demande ne se reprend plus.")
    demande.retiree_le = timezone.now()
    demande.save(update_fields=["retiree_le"])
    reprendre(demande)


def _oublier_la_reponse(demandes: list[int], par: Utilisateur) -> None:
    for demande in DemandeAgrement.objects.filter(pk__in=demandes).select_related("agrement__structure"):
        agrement = demande.agrement
        demande.etat, demande.agrement = EtatDemandeAgrement.DEPOSEE, None
        demande.decidee_le, demande.motif, demande.commission = None, "", ""
        demande.save(update_fields=["etat", "agrement", "decidee_le", "motif", "commission"])
        if agrement is not None:
            effacer_agrement(agrement, par=par)


def _changer_les_demandes(demandes: list[int], etat: EtatDemandeAgrement) -> None:
    DemandeAgrement.objects.filter(pk__in=demandes).update(etat=etat)


# --- Communs ----------------------------------------------------------------------------------------


def _exiger(projet: ProjetSocial, etats: set[EtatProjet], sinon: str) -> None:
    if projet.etat not in etats:
        raise GesteRefuse(sinon)


def _conclure(projet: ProjetSocial, acte: str, fin: str, par: Utilisateur, demande: DemandeAgrement) -> None:
    """Agréé ou refusé quand plus aucune demande n'attend ; sinon le projet reste soumis."""
    etats = set(projet.demandes.order_by("pk").values_list("etat", flat=True))
    vers = EtatProjet(projet.etat)
    if EtatDemandeAgrement.DEPOSEE not in etats:
        vers = EtatProjet.AGREE if EtatDemandeAgrement.ACCORDEE in etats else EtatProjet.REFUSE
    _passer(projet, vers, acte, fin, par, demandes=[demande.pk])


def _passer(
    projet: ProjetSocial, vers: EtatProjet, acte: str, fin: str, par: Utilisateur, **details: Any
) -> None:
    avant = {"etat": projet.etat}
    if peut_instruire(par, projet):
        details["caf"] = True
    enregistrer(projet, version_lue=projet.version, etat=vers)
    phrase = f"{par.get_full_name()} {fin}{'' if fin.endswith(('.', '!', '?', '…')) else '.'}"
    noter(projet, acte, phrase, par=par, avant=avant, apres={"etat": vers.value, **details})
