"""Les accords d'une personne : chacun séparé, daté, retiré d'un geste."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.journal import journaliser
from maillage.personnes.choices import ObjetDeConsentement
from maillage.personnes.models import Consentement, Personne
from maillage.personnes.notice import VERSION


@transaction.atomic
def noter_accord(
    personne: Personne,
    objet: ObjetDeConsentement,
    *,
    precision: str = "",
    donne_par: str = "",
    fin_le: date | None = None,
    par: Utilisateur,
) -> Consentement:
    """La version de la notice montrée est gardée ; un accord échu laisse sa place. Lève `GesteRefuse` : déjà noté, ou
    partenaire non nommé."""
    if objet == ObjetDeConsentement.PARTAGE and not precision.strip():
        raise GesteRefuse("Nommez le partenaire : un accord vaut pour lui seul.")
    en_cours = Consentement.objects.filter(
        personne=personne, objet=objet, precision=precision, retire_le=None
    )
    en_cours.filter(fin_le__lt=timezone.localdate()).update(retire_le=F("fin_le"))
    try:
        with transaction.atomic():
            accord = Consentement.objects.create(
                personne=personne,
                objet=objet,
                precision=precision,
                donne_par=donne_par,
                fin_le=fin_le,
                recueilli_par=par,
                notice=VERSION,
            )
    except IntegrityError as refus:
        raise GesteRefuse("Cet accord est déjà noté.") from refus
    _noter(accord, "noter_accord", "a noté un accord", par)
    return accord


@transaction.atomic
def retirer_accord(accord: Consentement, *, par: Utilisateur) -> None:
    """L'effet est immédiat ; la ligne reste, c'est la preuve."""
    if not Consentement.objects.filter(pk=accord.pk, retire_le=None).update(retire_le=timezone.localdate()):
        raise GesteRefuse("Cet accord est déjà retiré.")
    _noter(accord, "retirer_accord", "a noté le retrait d’un accord", par)


def _noter(accord: Consentement, acte: str, fait: str, par: Utilisateur) -> None:
    dit = ObjetDeConsentement(accord.objet).label.lower()
    phrase = f"{par.get_full_name()} {fait} : {dit}."
    journaliser(accord.personne, acte, phrase, par=par)
