"""Écrire le budget : une grille à la fois, le bénévolat valorisé, les financeurs, une année d'après une autre."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import compte, euros, nombre
from maillage.core.versions import ConflitDeVersion, enregistrer
from maillage.projets.choices import PorteeBudget
from maillage.projets.lecture_du_budget import Montants, additionner, lire_annee
from maillage.projets.models import Budget, FicheAction, Financement, LigneDeBudget, ProjetSocial
from maillage.projets.operations.gouvernance import tenir_vivant
from maillage.projets.operations.projets import noter
from maillage.territoire.models import Institution, Partenaire

HEURES: Final = ("heures_prevues", "heures_reelles", "taux_horaire")
JAMAIS_ECRIT: Final = 0
"""La version que lit une page quand personne n'a encore rien écrit."""


@dataclass(slots=True)
class BudgetVoulu:
    """Ce que l'on veut y lire. `montants` : compte → prévu et réel ; un compte absent se vide."""

    portee: PorteeBudget
    fiche: FicheAction | None
    version_lue: int
    montants: Mapping[str, Montants] = field(default_factory=dict)
    heures: Mapping[str, Decimal | None] = field(default_factory=dict)


def _annee_du_projet(projet: ProjetSocial, annee: int) -> None:
    if annee not in projet.annees:
        raise GesteRefuse(f"L’année {annee} n’est pas dans le projet. Choisissez une de ses années.")


@transaction.atomic
def ecrire_budget(projet: ProjetSocial, annee: int, voulu: BudgetVoulu, *, par: Utilisateur) -> Budget:
    """Remplace la grille. Le même envoi deux fois n'écrit qu'une fois. Lève `ConflitDeVersion` ou `GesteRefuse`."""
    tenu = tenir_vivant(projet)
    _annee_du_projet(tenu, annee)
    budget, a_change = _ecrire(tenu, annee, voulu)
    if a_change:
        quoi = f"le budget {annee} de « {voulu.fiche} »" if voulu.fiche else _du(voulu.portee, annee)
        noter(tenu, "ecrire_budget", f"{par.get_full_name()} a écrit {quoi}.", par=par)
    return budget


def _du(portee: PorteeBudget, annee: int) -> str:
    noms = {
        PorteeBudget.CENTRE: f"le budget {annee} du centre",
        PorteeBudget.PILOTAGE: f"le budget {annee} du pilotage",
        PorteeBudget.LOGISTIQUE: f"le budget {annee} de la logistique",
    }
    return noms[portee]


def _ecrire(tenu: ProjetSocial, annee: int, voulu: BudgetVoulu) -> tuple[Budget, bool]:
    """Le budget, et s'il a changé. Lève `ConflitDeVersion`."""
    cle = {"projet": tenu, "annee": annee, "portee": voulu.portee, "fiche": voulu.fiche}
    budget = Budget.objects.filter(**cle).first()
    lignes = {numero: montants for numero, montants in voulu.montants.items() if montants}
    heures = {champ: voulu.heures.get(champ) for champ in HEURES}
    if budget is None:
        if not lignes and not any(valeur is not None for valeur in heures.values()):
            return Budget(**cle), False
        budget = Budget.objects.create(**cle, **heures)
    else:
        actuelles = {ligne.compte: Montants(ligne.prevu, ligne.reel) for ligne in budget.lignes.all()}
        if actuelles == lignes and all(getattr(budget, champ) == heures[champ] for champ in HEURES):
            return budget, False
        if voulu.version_lue == JAMAIS_ECRIT:
            raise ConflitDeVersion(budget)
        enregistrer(budget, version_lue=voulu.version_lue, **heures)
        budget.lignes.all().delete()
    LigneDeBudget.objects.bulk_create(
        LigneDeBudget(budget=budget, compte=numero, prevu=montants.prevu, reel=montants.reel)
        for numero, montants in lignes.items()
    )
    return budget, True


@transaction.atomic
def reprendre_les_heures_benevoles(
    projet: ProjetSocial, annee: int, heures: Decimal, *, par: Utilisateur
) -> Budget:
    """Les heures notées de l'année deviennent les heures réelles du centre, donc un montant en 86 et en 87."""
    tenu = tenir_vivant(projet)
    _annee_du_projet(tenu, annee)
    budget, _ = Budget.objects.get_or_create(projet=tenu, annee=annee, portee=PorteeBudget.CENTRE, fiche=None)
    if budget.heures_reelles == heures:
        return budget
    enregistrer(budget, version_lue=budget.version, heures_reelles=heures)
    phrase = f"{par.get_full_name()} a mis au budget {annee} {nombre(heures)} heures de bénévolat."
    noter(tenu, "reprendre_les_heures_benevoles", phrase, par=par)
    return budget


@transaction.atomic
def reprendre_la_somme(projet: ProjetSocial, annee: int, *, par: Utilisateur) -> int | None:
    """Le prévu du centre devient la somme des fiches et des fonctions ; rend le nombre de comptes changés.

    Zéro quand seules les heures de bénévolat changent ; None quand rien ne change. Le réel ne bouge pas.
    Lève `GesteRefuse` quand il n'y a rien à additionner.
    """
    tenu = tenir_vivant(projet)
    _annee_du_projet(tenu, annee)
    lue = lire_annee(tenu, annee)
    if not lue.a_des_parties:
        raise GesteRefuse("Aucune fiche ni fonction n’a encore de budget cette année. Commencez par là.")
    ecarts = [une for une in lue.ecarts() if not une.compte.benevolat]
    montants = dict(lue.centre.montants)
    for ecart in ecarts:
        numero = ecart.compte.compte
        montants[numero] = Montants(ecart.somme, montants.get(numero, Montants()).reel)
    budget = lue.centre.budget
    heures = {champ: getattr(budget, champ) if budget else None for champ in HEURES}
    heures["heures_prevues"] = (
        additionner(une.budget.heures_prevues for une in lue.parties if une.budget is not None)
        or heures["heures_prevues"]
    )
    if heures["taux_horaire"] is None:
        taux = {une.budget.taux_horaire for une in lue.parties if une.budget and une.budget.taux_horaire}
        heures["taux_horaire"] = taux.pop() if len(taux) == 1 else None
    version = budget.version if budget else JAMAIS_ECRIT
    voulu = BudgetVoulu(PorteeBudget.CENTRE, None, version, montants, heures)
    _, a_change = _ecrire(tenu, annee, voulu)
    if a_change:
        phrase = f"{par.get_full_name()} a repris la somme des fiches dans le budget {annee} du centre."
        noter(tenu, "reprendre_la_somme", phrase, par=par)
    return len(ecarts) if a_change else None


@transaction.atomic
def copier_l_annee(projet: ProjetSocial, de: int, vers: int, *, par: Utilisateur) -> int:
    """Le prévu d'une année devient celui d'une autre, encore vide ; rend le nombre de budgets copiés.

    Les financements se recopient, à demander de nouveau. Ni le réel, ni les réponses. Lève `GesteRefuse`.
    """
    tenu = tenir_vivant(projet)
    for annee in (de, vers):
        _annee_du_projet(tenu, annee)
    if tenu.budgets.filter(annee=vers).exists() or tenu.financements.filter(annee=vers).exists():
        raise GesteRefuse(f"L’année {vers} a déjà un budget : rien n’est copié. Corrigez-le à la main.")
    copies = 0
    for budget in tenu.budgets.filter(annee=de).prefetch_related("lignes"):
        if budget.fiche is not None and vers not in budget.fiche.annees:
            continue
        lignes = {ligne.compte: Montants(ligne.prevu) for ligne in budget.lignes.all()}
        heures = {"heures_prevues": budget.heures_prevues, "taux_horaire": budget.taux_horaire}
        voulu = BudgetVoulu(PorteeBudget(budget.portee), budget.fiche, JAMAIS_ECRIT, lignes, heures)
        copies += _ecrire(tenu, vers, voulu)[1]
    financements = [
        Financement(
            projet=tenu,
            annee=vers,
            nom=un.nom,
            objet=un.objet,
            institution_id=un.institution_id,
            partenaire_id=un.partenaire_id,
            demande=un.accorde if un.accorde else un.demande,
        )
        for un in tenu.financements.filter(annee=de)
    ]
    Financement.objects.bulk_create(financements)
    if not copies and not financements:
        raise GesteRefuse(f"L’année {de} n’a rien à copier.")
    phrase = f"{par.get_full_name()} a copié le budget {de} vers {vers} : {compte(copies, 'budget')}."
    noter(tenu, "copier_l_annee", phrase, par=par)
    return copies


# --- Le plan de financement ---------------------------------------------------------------------------


def financeurs_connus(projet: ProjetSocial) -> list[str]:
    """Ce que le formulaire suggère : les institutions du territoire et ceux déjà écrits dans le projet."""
    departement = projet.structure.departement_id
    institutions = Institution.objects.filter(departements=departement).order_by("nom", "pk")
    ecrits = projet.financements.order_by("nom", "pk").values_list("nom", flat=True)
    return sorted({*institutions.values_list("nom", flat=True), *ecrits})


def liens_du_financeur(nom: str) -> dict[str, Any]:
    """L'institution, ou le partenaire, qui porte exactement ce nom."""
    institution = Institution.objects.filter(nom__iexact=nom).order_by("pk").first()
    partenaire = None if institution else Partenaire.objects.filter(nom__iexact=nom).order_by("pk").first()
    return {"institution": institution, "partenaire": partenaire}


@transaction.atomic
def ajouter_financement(
    projet: ProjetSocial, annee: int, *, nom: str, objet: str = "", par: Utilisateur, **montants: Any
) -> Financement:
    """Lève `GesteRefuse` si ce financeur est déjà là pour le même objet."""
    tenu = tenir_vivant(projet)
    _annee_du_projet(tenu, annee)
    nom, objet = " ".join(nom.split()), " ".join(objet.split())
    if _les_memes(tenu, annee, nom, objet).exists():
        raise _deja_au_plan(nom, annee)
    financement = Financement.objects.create(
        projet=tenu, annee=annee, nom=nom, objet=objet, **liens_du_financeur(nom), **montants
    )
    _noter(financement, tenu, "ajouter_financement", "a ajouté", par)
    return financement


def _les_memes(projet: ProjetSocial, annee: int, nom: str, objet: str) -> QuerySet[Financement]:
    """Le même financeur pour le même objet, une année : « Ville » et « ville » n'en font qu'un."""
    return projet.financements.filter(annee=annee, nom__iexact=nom, objet__iexact=objet)


def _deja_au_plan(nom: str, annee: int) -> GesteRefuse:
    return GesteRefuse(
        f"« {nom} » est déjà dans le plan de {annee}. Corrigez sa ligne, ou dites un autre objet."
    )


@transaction.atomic
def modifier_financement(
    financement: Financement, *, version_lue: int, par: Utilisateur, **valeurs: Any
) -> None:
    """Lève `ConflitDeVersion`, ou `GesteRefuse` s'il devient celui d'une autre ligne."""
    tenu = tenir_vivant(financement.projet)
    for champ in {"nom", "objet"} & set(valeurs):
        valeurs[champ] = " ".join(valeurs[champ].split())
    if "nom" in valeurs:
        valeurs |= liens_du_financeur(valeurs["nom"])
    financement.refresh_from_db()
    if all(getattr(financement, champ) == valeur for champ, valeur in valeurs.items()):
        return
    nom, objet = valeurs.get("nom", financement.nom), valeurs.get("objet", financement.objet)
    if _les_memes(tenu, financement.annee, nom, objet).exclude(pk=financement.pk).exists():
        raise _deja_au_plan(nom, financement.annee)
    avant = {champ: _en_json(getattr(financement, champ)) for champ in valeurs}
    enregistrer(financement, version_lue=version_lue, **valeurs)
    apres = {champ: _en_json(valeur) for champ, valeur in valeurs.items()}
    _noter(financement, tenu, "modifier_financement", "a corrigé", par, avant=avant, apres=apres)


@transaction.atomic
def retirer_financement(financement: Financement, *, par: Utilisateur) -> None:
    tenu = tenir_vivant(financement.projet)
    if Financement.objects.filter(pk=financement.pk).delete()[0]:
        champs = ("nom", "objet", "demande", "accorde", "recu")
        avant = {champ: _en_json(getattr(financement, champ)) for champ in champs}
        _noter(financement, tenu, "retirer_financement", "a retiré", par, avant=avant)


def _en_json(valeur: Any) -> Any:
    return valeur if valeur is None or isinstance(valeur, str) else str(valeur)


def _noter(
    financement: Financement, projet: ProjetSocial, acte: str, verbe: str, par: Utilisateur, **details: Any
) -> None:
    montant = f", {euros(financement.demande)}" if financement.demande else ""
    quoi = f"« {financement} » au plan de financement {financement.annee}{montant}"
    noter(projet, acte, f"{par.get_full_name()} {verbe} {quoi}.", par=par, **details)


# --- Un classeur relu ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FinancementVoulu:
    """`version_lue` : celle de la ligne que la page montrait ; zéro si elle n'y était pas."""

    nom: str
    objet: str
    version_lue: int
    demande: Decimal | None
    accorde: Decimal | None
    recu: Decimal | None


@transaction.atomic
def ecrire_le_classeur(
    projet: ProjetSocial,
    annee: int,
    budgets: Iterable[BudgetVoulu],
    financements: Iterable[FinancementVoulu] | None,
    *,
    par: Utilisateur,
) -> int:
    """Tout le classeur, ou rien ; rend le nombre de budgets changés. Lève `ConflitDeVersion` ou `GesteRefuse`.

    `financements` : None quand le classeur n'a pas cette feuille. Un financement que le classeur ne cite pas reste.
    """
    tenu = tenir_vivant(projet)
    _annee_du_projet(tenu, annee)
    changes = sum(_ecrire(tenu, annee, voulu)[1] for voulu in budgets)
    for voulu in financements or ():
        changes += _ecrire_le_financement(tenu, annee, voulu)
    if changes:
        phrase = f"{par.get_full_name()} a relu un classeur dans le budget {annee}."
        noter(tenu, "ecrire_le_classeur", phrase, par=par)
    return changes


def _ecrire_le_financement(tenu: ProjetSocial, annee: int, voulu: FinancementVoulu) -> bool:
    montants = {"demande": voulu.demande, "accorde": voulu.accorde, "recu": voulu.recu}
    deja = _les_memes(tenu, annee, voulu.nom, voulu.objet).first()
    if deja is None and voulu.version_lue:
        raise GesteRefuse(
            f"« {voulu.nom} » vient d’être retiré du plan. Rien n’est écrit : déposez de nouveau le classeur."
        )
    if deja is None:
        Financement.objects.create(
            projet=tenu,
            annee=annee,
            nom=voulu.nom,
            objet=voulu.objet,
            **liens_du_financeur(voulu.nom),
            **montants,
        )
        return True
    if all(getattr(deja, champ) == valeur for champ, valeur in montants.items()):
        return False
    enregistrer(deja, version_lue=voulu.version_lue, **montants)
    return True
