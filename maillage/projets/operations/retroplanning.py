"""Les tâches d'un projet : les créer à rebours, les cocher, les déplacer ; et les étapes d'une Caf."""

from datetime import date, timedelta
from typing import Any, Final

from django.core import signing
from django.db import transaction
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import directrices_de, structures_de
from maillage.core.changements import noter_changement
from maillage.core.courrier import poster
from maillage.core.ecriture import GesteRefuse, empreinte
from maillage.core.francais import compte
from maillage.core.journal import journaliser
from maillage.core.models import LigneJournal
from maillage.core.versions import enregistrer
from maillage.projets.histoire import histoire
from maillage.projets.models import EtapeRetroplanning, ProjetSocial, Tache
from maillage.projets.operations.projets import noter, nouveau_jeton, tenir
from maillage.projets.retroplanning import fin_de_l_agrement, modele_commun, modele_de, mois_plus_tot
from maillage.territoire.models import Institution

AVANT: Final = timedelta(days=7)
"""On rappelle une tâche une semaine avant son jour."""
SEL_DES_RAPPELS: Final = "projets.rappels"
REMISE: Final = timedelta(days=1)
"""Une tâche retirée se remet d'un bouton pendant un jour."""


@transaction.atomic
def creer_le_retroplanning(projet: ProjetSocial, *, par: Utilisateur) -> int:
    """Une tâche par étape de la Caf, à rebours de la fin de l'agrément ; rend leur nombre. Lève `GesteRefuse`."""
    tenu = tenir(projet)
    if tenu.taches.exclude(mois_avant=None).exists():
        raise GesteRefuse("Le rétroplanning existe déjà. Recalez ses dates, ou ajoutez une tâche.")
    fin = fin_de_l_agrement(tenu)
    modele = modele_de(tenu)
    creees = Tache.objects.bulk_create(
        Tache(
            projet=tenu,
            titre=etape.titre,
            detail=etape.detail,
            mois_avant=etape.mois_avant,
            echeance=mois_plus_tot(fin, etape.mois_avant),
        )
        for etape in modele.etapes
    )
    phrase = f"{par.get_full_name()} a posé le rétroplanning : {compte(len(creees), 'tâche')}."
    noter(tenu, "creer_le_retroplanning", phrase, par=par)
    return len(creees)


@transaction.atomic
def recaler_le_retroplanning(projet: ProjetSocial, *, par: Utilisateur) -> int:
    """Remet à leur place, d'après la fin de l'agrément, les étapes qui restent à faire ; rend le nombre déplacé."""
    tenu = tenir(projet)
    fin = fin_de_l_agrement(tenu)
    deplacees = 0
    for tache in tenu.taches.filter(faite_le=None).exclude(mois_avant=None):
        voulue = mois_plus_tot(fin, tache.mois_avant or 0)
        if tache.echeance != voulue:
            enregistrer(tache, version_lue=tache.version, echeance=voulue, rappelee_le=None)
            deplacees += 1
    if deplacees:
        phrase = f"{par.get_full_name()} a recalé {compte(deplacees, 'tâche')} du rétroplanning."
        noter(tenu, "recaler_le_retroplanning", phrase, par=par)
    return deplacees


@transaction.atomic
def ajouter_tache(
    projet: ProjetSocial,
    *,
    titre: str,
    echeance: date,
    detail: str = "",
    responsable: Utilisateur | None = None,
    par: Utilisateur,
) -> Tache:
    tache = Tache.objects.create(
        projet=projet,
        titre=" ".join(titre.split()),
        detail=detail.strip(),
        echeance=echeance,
        responsable=responsable,
    )
    _noter(tache, "ajouter_tache", "a ajouté", par)
    return tache


@transaction.atomic
def modifier_tache(tache: Tache, *, version_lue: int, par: Utilisateur, **valeurs: Any) -> None:
    """Titre, détail, jour, qui. Déplacée, elle se rappellera de nouveau. Lève `ConflitDeVersion`."""
    if "echeance" in valeurs and valeurs["echeance"] != tache.echeance:
        valeurs["rappelee_le"] = None
    enregistrer(tache, version_lue=version_lue, **valeurs)
    _noter(tache, "modifier_tache", "a modifié", par)


@transaction.atomic
def cocher_tache(tache: Tache, *, est_faite: bool, par: Utilisateur) -> None:
    """Faite, ou à refaire. Dire deux fois la même chose ne change rien."""
    tenue: Tache = Tache.objects.select_for_update().get(pk=tache.pk)
    if (tenue.faite_le is not None) == est_faite:
        return
    enregistrer(tache, version_lue=tenue.version, faite_le=timezone.now() if est_faite else None)
    _noter(tache, "cocher_tache", "a fait" if est_faite else "a remis à faire", par)


@transaction.atomic
def retirer_tache(tache: Tache, *, par: Utilisateur) -> None:
    """Retire la tâche. Le journal la garde, de quoi la remettre."""
    tenir(tache.projet)
    tenue = Tache.objects.filter(pk=tache.pk).first()
    if tenue is None:
        return
    avant = {
        "titre": tenue.titre,
        "detail": tenue.detail,
        "echeance": str(tenue.echeance),
        "mois_avant": tenue.mois_avant,
        "responsable_id": tenue.responsable_id,
    }
    tenue.delete()
    phrase = f"{par.get_full_name()} a retiré la tâche « {tenue} »."
    noter(tenue.projet, "retirer_tache", phrase, par=par, avant=avant)


def tache_a_remettre(projet: ProjetSocial) -> LigneJournal | None:
    """La dernière tâche retirée depuis peu, si on ne l'a pas déjà remise."""
    derniere = histoire(projet).filter(acte__in=("retirer_tache", "remettre_tache")).first()
    recente = derniere is not None and derniere.fait_le > timezone.now() - REMISE
    return derniere if recente and derniere and derniere.acte == "retirer_tache" else None


@transaction.atomic
def remettre_tache(projet: ProjetSocial, *, par: Utilisateur) -> Tache:
    """Remet la dernière tâche retirée, à faire. Lève `GesteRefuse` s'il n'y en a pas."""
    tenu = tenir(projet)
    ligne = tache_a_remettre(tenu)
    if ligne is None or ligne.avant is None:
        raise GesteRefuse("Il n’y a pas de tâche à remettre.")
    valeurs = ligne.avant | {"echeance": date.fromisoformat(ligne.avant["echeance"])}
    tache = Tache.objects.create(projet=tenu, **valeurs)
    _noter(tache, "remettre_tache", "a remis", par)
    return tache


def _noter(tache: Tache, acte: str, verbe: str, par: Utilisateur) -> None:
    noter(tache.projet, acte, f"{par.get_full_name()} {verbe} la tâche « {tache} ».", par=par)


# --- L'agenda et les rappels ------------------------------------------------------------------------


@transaction.atomic
def changer_l_adresse_de_l_agenda(projet: ProjetSocial, *, par: Utilisateur) -> None:
    """L'ancienne adresse ne répond plus : qui l'avait n'y lit plus rien."""
    tenu = tenir(projet)
    enregistrer(projet, version_lue=tenu.version, jeton_agenda=nouveau_jeton())
    phrase = f"{par.get_full_name()} a changé l’adresse de l’agenda."
    noter(projet, "changer_l_adresse_de_l_agenda", phrase, par=par)


@transaction.atomic
def regler_ses_rappels(personne: Utilisateur, *, est_voulu: bool) -> None:
    """Pour elle seule, dans tous ses projets : ses collègues continuent de recevoir les leurs."""
    if (
        not Utilisateur.objects.filter(pk=personne.pk)
        .exclude(recoit_des_rappels=est_voulu)
        .update(recoit_des_rappels=est_voulu)
    ):
        return
    personne.recoit_des_rappels = est_voulu
    fait = "a repris" if est_voulu else "a arrêté"
    phrase = f"{personne.get_full_name()} {fait} ses rappels par courriel."
    journaliser(personne, "regler_ses_rappels", phrase, par=personne)


def jeton_des_rappels(personne: Utilisateur) -> str:
    """L'adresse du courriel : elle ne permet que d'arrêter ces rappels ou de les reprendre."""
    return signing.dumps(personne.pk, salt=SEL_DES_RAPPELS)


def personne_du_jeton(jeton: str) -> Utilisateur | None:
    try:
        numero = signing.loads(jeton, salt=SEL_DES_RAPPELS)
    except signing.BadSignature:
        return None
    return Utilisateur.objects.filter(pk=numero, is_active=True).first()


@transaction.atomic
def rappeler_les_taches() -> int:
    """Un courriel par personne et par projet pour les tâches de la semaine ; rend leur nombre.

    À qui la tâche est confiée, tant qu'elle travaille là ; sinon à la direction ; jamais à qui les a arrêtés. Une
    tâche ne se rappelle qu'une fois : le travail peut se répéter.
    """
    jour = timezone.localdate()
    dues = Tache.objects.filter(
        faite_le=None,
        rappelee_le=None,
        echeance__range=(jour, jour + AVANT),
    ).select_related("projet__structure", "responsable")
    envois: dict[tuple[int, int], tuple[Utilisateur, list[Tache]]] = {}
    taches = list(dues.order_by("echeance", "pk"))
    for tache in taches:
        for personne in filter(lambda une: une.recoit_des_rappels, _a_prevenir(tache)):
            envois.setdefault((personne.pk, tache.projet_id), (personne, []))[1].append(tache)
    for personne, siennes in envois.values():
        poster(
            personne.email,
            f"{compte(len(siennes), 'tâche')} cette semaine : {siennes[0].projet}",
            "projets/courriel_rappel.txt",
            {
                "personne": personne,
                "projet": siennes[0].projet,
                "taches": siennes,
                "jeton": jeton_des_rappels(personne),
            },
        )
    Tache.objects.filter(pk__in=[tache.pk for tache in taches]).update(rappelee_le=timezone.now())
    return len(envois)


def _a_prevenir(tache: Tache) -> list[Utilisateur]:
    responsable = tache.responsable
    if responsable is not None and tache.projet.structure_id in structures_de(responsable):
        return [responsable]
    return directrices_de(tache.projet.structure)


# --- Les étapes d'une Caf ---------------------------------------------------------------------------


@transaction.atomic
def partir_du_modele(institution: Institution, *, par: Utilisateur) -> None:
    """Recopie les étapes communes, pour que la Caf les adapte. Lève `GesteRefuse` si elle a déjà les siennes."""
    _tenir_l_institution(institution)
    if institution.etapes_retroplanning.exists():
        raise GesteRefuse("Cette Caf a déjà ses étapes.")
    EtapeRetroplanning.objects.bulk_create(
        EtapeRetroplanning(
            institution=institution, mois_avant=etape.mois_avant, titre=etape.titre, detail=etape.detail
        )
        for etape in modele_commun().etapes
    )
    _noter_les_etapes(institution, "partir_du_modele", "a repris le modèle commun", par)


@transaction.atomic
def revenir_au_modele(institution: Institution, *, par: Utilisateur) -> None:
    """Efface les étapes de cette Caf : le modèle commun vaut de nouveau."""
    _tenir_l_institution(institution)
    avant = [
        dict(etape) for etape in institution.etapes_retroplanning.values("mois_avant", "titre", "detail")
    ]
    institution.etapes_retroplanning.all().delete()
    _noter_les_etapes(institution, "revenir_au_modele", "est revenu au modèle commun", par, avant)


@transaction.atomic
def ecrire_etape(
    institution: Institution,
    etape: EtapeRetroplanning | None,
    *,
    mois_avant: int,
    titre: str,
    detail: str,
    lue: str = "",
    par: Utilisateur,
) -> None:
    """Ajoute une étape, ou réécrit celle-ci. Lève `GesteRefuse` si elle a changé depuis la lecture (`lue`)."""
    _tenir_l_institution(institution)
    valeurs = {"mois_avant": mois_avant, "titre": " ".join(titre.split()), "detail": detail.strip()}
    if etape is None:
        EtapeRetroplanning.objects.create(institution=institution, **valeurs)
        _noter_les_etapes(institution, "ecrire_etape", f"a ajouté l’étape « {valeurs['titre']} »", par)
        return
    etape.refresh_from_db()
    if empreinte_d_une_etape(etape) != lue:
        raise GesteRefuse(
            f"Quelqu’un a changé cette étape : « {etape.titre} ». Relisez-la, puis recommencez."
        )
    EtapeRetroplanning.objects.filter(pk=etape.pk).update(**valeurs)
    _noter_les_etapes(institution, "ecrire_etape", f"a modifié l’étape « {valeurs['titre']} »", par)


@transaction.atomic
def retirer_etape(etape: EtapeRetroplanning, *, par: Utilisateur) -> None:
    _tenir_l_institution(etape.institution)
    avant = {"mois_avant": etape.mois_avant, "titre": etape.titre, "detail": etape.detail}
    if EtapeRetroplanning.objects.filter(pk=etape.pk).delete()[0]:
        fait = f"a retiré l’étape « {etape.titre} »"
        _noter_les_etapes(etape.institution, "retirer_etape", fait, par, [avant])


def empreinte_d_une_etape(etape: EtapeRetroplanning) -> str:
    return empreinte([etape.mois_avant, etape.titre, etape.detail])


def _tenir_l_institution(institution: Institution) -> None:
    Institution.objects.select_for_update().get(pk=institution.pk)


def _noter_les_etapes(
    institution: Institution,
    acte: str,
    fait: str,
    par: Utilisateur,
    avant: list[dict[str, Any]] | None = None,
) -> None:
    phrase = f"{par.get_full_name()} {fait}, pour {institution}."
    journaliser(institution, acte, phrase, par=par, avant={"etapes": avant} if avant else None)
    noter_changement(institution, acte)
