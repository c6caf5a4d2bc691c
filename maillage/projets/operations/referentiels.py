"""Tenir les référentiels : déposer une version, la publier, revenir à une autre ; en changer pour un projet.

Un projet déjà ouvert garde la version qu'il suivait : on n'en change pas les chapitres sous la plume de l'équipe.
"""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from maillage.comptes.models import Utilisateur
from maillage.comptes.permissions import territoire_de
from maillage.core.changements import noter_changement
from maillage.core.ecriture import GesteRefuse
from maillage.core.fichiers import empreinte
from maillage.core.journal import journaliser
from maillage.projets.choices import EtatProjet, EtatReferentiel
from maillage.projets.models import ProjetSocial, ReferentielSuivi, VersionDeReferentiel
from maillage.projets.operations.elements import tenir_ouvert
from maillage.projets.operations.projets import noter
from maillage.projets.referentiels import (
    Referentiel,
    cle_de,
    livre,
    texte_livre,
    version_du_jour,
)
from maillage.territoire.models import Departement, Institution, Structure


def versions_du_meme_lieu(
    cle: str, institution: Institution | None, departement: Departement | None
) -> "list[VersionDeReferentiel]":
    """La plus récente d'abord."""
    versions = VersionDeReferentiel.objects.filter(
        cle=cle, institution=institution, departement=departement
    ).exclude(etat=EtatReferentiel.LIVRE)
    return list(versions.order_by("-numero", "-pk"))


@transaction.atomic
def deposer_referentiel(
    lu: Referentiel,
    texte: str,
    *,
    institution: Institution | None,
    departement: Departement | None = None,
    par: Utilisateur,
) -> VersionDeReferentiel:
    """Une version à relire : elle ne vaut pour personne tant qu'on ne l'a pas publiée. Lève `GesteRefuse`.

    Déposer deux fois le même texte rend la version déjà là.
    """
    _tenir_le_lieu(institution)
    if (
        departement is not None
        and institution is not None
        and not _est_de_son_territoire(departement, institution)
    ):
        raise GesteRefuse(f"{departement} n’est pas dans le territoire de {institution}.")
    signature = empreinte(texte.encode())
    siennes = versions_du_meme_lieu(lu.cle, institution, departement)
    if deja := next((une for une in siennes if une.empreinte == signature), None):
        return deja
    if any(une.version == lu.version for une in siennes):
        raise GesteRefuse(
            f"Une version « {lu.version} » est déjà déposée, avec un autre texte. Donnez-lui un autre nom de version."
        )
    version = VersionDeReferentiel.objects.create(
        cle=lu.cle,
        nom=lu.nom,
        version=lu.version,
        numero=1 + max((une.numero for une in siennes), default=0),
        institution=institution,
        departement=departement,
        texte=texte,
        empreinte=signature,
        deposee_par=par,
    )
    _noter(version, "deposer_referentiel", "a déposé", par)
    return version


@transaction.atomic
def publier_referentiel(version: VersionDeReferentiel, *, par: Utilisateur) -> int:
    """Cette version vaut dès maintenant pour les projets à venir ; rend le nombre de projets qui gardent l'ancienne.

    Sert aussi à revenir à une version d'avant. Publier celle qui vaut déjà ne change rien.
    """
    _tenir_le_lieu(version.institution)
    version.refresh_from_db()
    if version.etat == EtatReferentiel.EN_VIGUEUR:
        return 0
    gardes = _garder_ce_qu_ils_suivent(version)
    VersionDeReferentiel.objects.en_vigueur().filter(
        cle=version.cle, institution=version.institution, departement=version.departement
    ).update(etat=EtatReferentiel.REMPLACE)
    version.etat, version.publiee_le = EtatReferentiel.EN_VIGUEUR, timezone.now()
    version.save(update_fields=["etat", "publiee_le"])
    _noter(version, "publier_referentiel", "a publié", par)
    return gardes


@transaction.atomic
def retirer_referentiel(version: VersionDeReferentiel, *, par: Utilisateur) -> int:
    """Elle ne vaut plus pour les projets à venir ; ceux qui la suivent la gardent. Lève `GesteRefuse`."""
    _tenir_le_lieu(version.institution)
    version.refresh_from_db()
    if version.etat != EtatReferentiel.EN_VIGUEUR:
        raise GesteRefuse("Cette version n’est pas en vigueur : il n’y a rien à retirer.")
    gardes = _garder_ce_qu_ils_suivent(version)
    version.etat = EtatReferentiel.REMPLACE
    version.save(update_fields=["etat"])
    _noter(version, "retirer_referentiel", "a retiré", par)
    return gardes


@transaction.atomic
def suivre_le_referentiel(
    projet: ProjetSocial, version: VersionDeReferentiel | None, *, par: Utilisateur
) -> None:
    """La direction choisit la version que suit le projet ; sans version, celle que Maillage apporte.

    Lève `GesteRefuse` quand le projet ne s'écrit plus, ou que la version n'est pas pour lui.
    """
    tenu = tenir_ouvert(projet)
    choisie = version or _livree(cle_de(tenu.structure))
    if choisie.etat == EtatReferentiel.A_RELIRE:
        raise GesteRefuse("Cette version n’est pas publiée.")
    if choisie.institution is not None and not _vaut_pour(choisie, tenu.structure):
        raise GesteRefuse("Cette version n’est pas pour votre territoire.")
    ReferentielSuivi.objects.update_or_create(
        projet=tenu, defaults={"version": choisie, "depuis": timezone.now()}
    )
    phrase = f"{par.get_full_name()} a choisi le référentiel « {choisie} »."
    noter(tenu, "suivre_le_referentiel", phrase, par=par, apres={"version": choisie.pk})


def versions_a_suivre(projet: ProjetSocial) -> list[VersionDeReferentiel]:
    """Celles qui valent aujourd'hui pour sa structure, de la plus proche à la plus générale."""
    possibles = VersionDeReferentiel.objects.en_vigueur().select_related("institution", "departement")
    return [
        une
        for une in possibles.order_by("-publiee_le", "-pk")
        if une.institution is None or _vaut_pour(une, projet.structure)
    ]


# --- Communs ----------------------------------------------------------------------------------------


def _garder_ce_qu_ils_suivent(version: VersionDeReferentiel) -> int:
    """Avant qu'elle ne change : chaque projet ouvert de son territoire retient ce qu'il suit aujourd'hui."""
    ouverts = ProjetSocial.objects.filter(referentiel_suivi=None).exclude(etat=EtatProjet.ARCHIVE)
    if version.departement_id is not None:
        ouverts = ouverts.filter(structure__departement=version.departement_id)
    elif version.institution is not None:
        ouverts = ouverts.filter(structure__in=Structure.objects.filter(territoire_de(version.institution)))
    suivies: dict[tuple[str, str], VersionDeReferentiel] = {}
    lignes = []
    for projet in ouverts.select_related("structure__departement").order_by("pk"):
        if cle_de(projet.structure) != version.cle:
            continue
        place = (cle_de(projet.structure), projet.structure.departement_id or "")
        if place not in suivies:
            suivies[place] = version_du_jour(projet.structure) or _livree(version.cle)
        lignes.append(ReferentielSuivi(projet=projet, version=suivies[place]))
    ReferentielSuivi.objects.bulk_create(lignes)
    return len(lignes)


def _livree(cle: str) -> VersionDeReferentiel:
    """Le fichier que Maillage apporte aujourd'hui, gardé : une mise à jour ne changera pas un projet en cours."""
    texte = texte_livre(cle)
    signature = empreinte(texte.encode())
    livrees = VersionDeReferentiel.objects.filter(cle=cle, etat=EtatReferentiel.LIVRE)
    if deja := livrees.filter(empreinte=signature).first():
        return deja
    lu = livre(cle)
    numero = 1 + (livrees.aggregate(dernier=Max("numero"))["dernier"] or 0)
    version: VersionDeReferentiel = VersionDeReferentiel.objects.create(
        cle=cle,
        nom=lu.nom,
        version=lu.version,
        numero=numero,
        texte=texte,
        empreinte=signature,
        etat=EtatReferentiel.LIVRE,
    )
    return version


def _vaut_pour(version: VersionDeReferentiel, structure: Structure) -> bool:
    if version.departement_id is not None:
        return version.departement_id == structure.departement_id
    assert version.institution is not None  # noqa: S101
    return Structure.objects.filter(territoire_de(version.institution), pk=structure.pk).exists()


def _est_de_son_territoire(departement: Departement, institution: Institution) -> bool:
    siens = institution.departements.filter(pk=departement.pk).exists()
    siennes = institution.regions.filter(pk=departement.region_id).exists()
    sans_lieu = not institution.departements.exists() and not institution.regions.exists()
    return siens or siennes or sans_lieu


def _tenir_le_lieu(institution: Institution | None) -> None:
    """Deux personnes, un lieu : la seconde attend."""
    if institution is not None:
        Institution.objects.select_for_update().get(pk=institution.pk)
    else:
        list(VersionDeReferentiel.objects.select_for_update().filter(institution=None).order_by("pk"))


def _noter(version: VersionDeReferentiel, acte: str, verbe: str, par: Utilisateur) -> None:
    phrase = f"{par.get_full_name()} {verbe} « {version} », pour : {version.lieu}."
    journaliser(version, acte, phrase, par=par)
    noter_changement(version, acte)
