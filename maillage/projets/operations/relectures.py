"""Ce que l'équipe se dit d'une fiche : les remarques, et « à relire par »."""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.courrier import poster
from maillage.core.ecriture import GesteRefuse
from maillage.projets.models import FicheAction, Relecture, Remarque
from maillage.projets.operations.fiches import noter


@transaction.atomic
def remarquer(fiche: FicheAction, texte: str, *, champ: str = "", par: Utilisateur) -> Remarque:
    """Un mot sur la fiche, ou sur un de ses champs."""
    remarque = Remarque.objects.create(fiche=fiche, champ=champ, texte=texte, auteur=par)
    noter(fiche, "remarquer", f"a laissé une remarque sur « {fiche} ».", par=par)
    return remarque


@transaction.atomic
def resoudre_remarque(remarque: Remarque, est_resolue: bool, *, par: Utilisateur) -> None:
    """La dit faite, ou la rouvre. La dire deux fois ne change rien."""
    remarque = (
        Remarque.objects.select_for_update(of=("self",)).select_related("fiche__projet").get(pk=remarque.pk)
    )
    if (remarque.resolue_le is not None) == est_resolue:
        return
    remarque.resolue_le = timezone.now() if est_resolue else None
    remarque.resolue_par = par if est_resolue else None
    remarque.save(update_fields=["resolue_le", "resolue_par"])
    geste = "a dit faite" if est_resolue else "a rouvert"
    noter(remarque.fiche, "resoudre_remarque", f"{geste} une remarque sur « {remarque.fiche} ».", par=par)


def faire_relire(
    fiche: FicheAction, demandee_a: Utilisateur, *, mot: str = "", par: Utilisateur
) -> Relecture:
    """Demande un avis, et l'écrit par courriel. Lève `GesteRefuse` si la personne a déjà cette fiche à relire."""
    try:
        with transaction.atomic():
            relecture = Relecture.objects.create(
                fiche=fiche, demandee_a=demandee_a, demandee_par=par, mot=mot
            )
            _ecrire(
                demandee_a,
                f"À relire : {fiche.titre}",
                "projets/courriels/a_relire.txt",
                relecture,
                reverse("fiche_action_relecture", args=[fiche.pk, relecture.pk]),
            )
            noter(
                fiche,
                "faire_relire",
                f"a demandé à {demandee_a.get_full_name()} de relire « {fiche} ».",
                par=par,
            )
    except IntegrityError:
        raise GesteRefuse(f"{demandee_a.get_full_name()} a déjà cette fiche à relire.") from None
    return relecture


@transaction.atomic
def donner_un_avis(relecture: Relecture, avis: str, *, par: Utilisateur) -> None:
    """Ferme la relecture, et le dit à qui l'avait demandée. Lève `GesteRefuse` si elle est déjà faite."""
    relecture = (
        Relecture.objects.select_for_update(of=("self",))
        .select_related("fiche__projet", "demandee_a", "demandee_par")
        .get(pk=relecture.pk)
    )
    if relecture.faite_le is not None:
        raise GesteRefuse("Cette relecture est déjà faite.")
    relecture.faite_le, relecture.avis = timezone.now(), avis
    relecture.save(update_fields=["faite_le", "avis"])
    fiche = relecture.fiche
    if relecture.demandee_par_id != par.pk and relecture.demandee_par.is_active:
        _ecrire(
            relecture.demandee_par,
            f"Relue : {fiche.titre}",
            "projets/courriels/relue.txt",
            relecture,
            reverse("fiche_action", args=[fiche.pk]),
        )
    noter(fiche, "donner_un_avis", f"a relu « {fiche} ».", par=par)


def _ecrire(a: Utilisateur, sujet: str, gabarit: str, relecture: Relecture, adresse: str) -> None:
    contexte = {"prenom": a.prenom, "relecture": relecture, "fiche": relecture.fiche, "adresse": adresse}
    poster(a.email, sujet, gabarit, contexte, objet=relecture)
