"""Ce que les équipes de la démonstration ont mis dans leurs fiches : pilotes, étapes, indicateurs, bilans."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from maillage.catalogue.models import Experience
from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import empreinte
from maillage.projets.champs import lire_champs
from maillage.projets.choices import SourceIndicateur, StatutFiche
from maillage.projets.models import (
    BilanDeFiche,
    Cible,
    Etape,
    FicheAction,
    Indicateur,
    ProjetSocial,
    Relecture,
    Releve,
    Remarque,
    SauvegardeDeFiche,
)
from maillage.projets.operations.fiches import sauver_fiche
from maillage.projets.operations.indicateurs import ajouter_indicateur
from maillage.projets.operations.relectures import (
    donner_un_avis,
    faire_relire,
    remarquer,
    resoudre_remarque,
)
from maillage.projets.operations.releves import Saisie, champs_de, noter_releves

HEURE = time(9, 30)
CHAMPS_D_INDICATEUR = (
    "liste",
    "libelle",
    "unite",
    "depart",
    "depart_annee",
    "frequence",
    "calendrier",
    "methode",
    "definition",
)
CHAMPS_ECRITS = ("degre_participation", "preuve_participation")
Donnees = Mapping[str, Any]


def remplir_les_fiches(
    projet: ProjetSocial,
    donnees: Mapping[str, Donnees],
    fiches: Mapping[str, FicheAction],
    *,
    depot: date,
    par: Utilisateur,
) -> None:
    """`donnees` et `fiches` : par titre. `par` écrit quand une fiche n'a pas de pilote ; `depot` : jour du dossier."""
    personnes = {personne.email: personne for personne in Utilisateur.objects.all()}
    sources = {experience.titre: experience for experience in Experience.objects.publiees()}
    etapes: list[Etape] = []
    bilans: list[BilanDeFiche] = []
    for titre, ligne in donnees.items():
        fiche = fiches[titre]
        pilote = personnes.get(ligne.get("pilote", ""), par)
        _dire_qui_et_comment(fiche, ligne, personnes, pilote)
        _dire_d_ou_elle_vient(fiche, ligne, sources)
        etapes += [_etape(fiche, etape, personnes) for etape in ligne.get("etapes", ())]
        notes = [(_indicateur(fiche, un, personnes, pilote), un) for un in ligne.get("indicateurs", ())]
        _noter(fiche, notes, pilote)
        bilans += [_bilan(fiche, bilan, pilote) for bilan in ligne.get("bilans", ())]
        _discuter(fiche, ligne, personnes)
    Etape.objects.bulk_create(etapes)  # quatre ans de gestes, d'un coup : la démonstration démarre vite
    BilanDeFiche.objects.bulk_create(bilans)
    _reculer(projet, depot)


def _dire_qui_et_comment(
    fiche: FicheAction, ligne: Donnees, personnes: Mapping[str, Utilisateur], par: Utilisateur
) -> None:
    """Ce qu'un document lu ne dit pas."""
    ecrits = {nom: ligne[nom] for nom in CHAMPS_ECRITS if nom in ligne}
    if "pilote" in ligne:
        ecrits["pilote"] = str(personnes[ligne["pilote"]].pk)
    if "equipe" in ligne:
        ecrits["equipe"] = [str(personnes[courriel].pk) for courriel in ligne["equipe"]]
    lues = {nom: empreinte(valeur) for nom, valeur in lire_champs(fiche, ecrits).items()}
    sauver_fiche(fiche, ecrits, lues, par=par)


def _dire_d_ou_elle_vient(fiche: FicheAction, ligne: Donnees, sources: Mapping[str, Experience]) -> None:
    liens = {lien: sources[ligne[lien]] for lien in ("inspiree_de", "racontee_par") if lien in ligne}
    if liens:
        FicheAction.objects.filter(pk=fiche.pk).update(**liens)


def _etape(fiche: FicheAction, ligne: Donnees, personnes: Mapping[str, Utilisateur]) -> Etape:
    """Les retards sont ceux que l'on dit en jours : une date du calendrier, une fois passée, est une étape faite."""
    du = jour(ligne, "du", "dans")
    au = jour(ligne, "au", "jusque") if {"au", "jusque"} & set(ligne) else None
    est_passee = "du" in ligne and (au or du) < timezone.localdate()
    return Etape(
        fiche=fiche,
        titre=ligne["titre"],
        du=du,
        au=au,
        responsable=personnes.get(ligne.get("responsable", "")),
        faite_le=matin(au or du) if ligne.get("faite") or est_passee else None,
    )


def jour(ligne: Donnees, date_dite: str, jours: str) -> date:
    """Un jour du calendrier, ou tant de jours depuis aujourd'hui."""
    if date_dite in ligne:
        return date.fromisoformat(ligne[date_dite])
    return timezone.localdate() + timedelta(days=ligne[jours])


def matin(jour: date) -> datetime:
    return timezone.make_aware(datetime.combine(jour, HEURE))


def _discuter(fiche: FicheAction, ligne: Donnees, personnes: Mapping[str, Utilisateur]) -> None:
    """Les remarques de l'équipe, et les « à relire par »."""
    for dite in ligne.get("remarques", ()):
        auteur = personnes[dite["auteur"]]
        remarque = remarquer(fiche, dite["texte"], champ=dite.get("champ", ""), par=auteur)
        if dite.get("resolue"):
            resoudre_remarque(remarque, True, par=auteur)
        Remarque.objects.filter(pk=remarque.pk).update(le=timezone.now() - timedelta(days=dite["il_y_a"]))
    for dite in ligne.get("relectures", ()):
        relectrice = personnes[dite["a"]]
        relecture = faire_relire(fiche, relectrice, mot=dite["mot"], par=personnes[dite["par"]])
        if "avis" in dite:
            donner_un_avis(relecture, dite["avis"], par=relectrice)
        le = timezone.now() - timedelta(days=dite["il_y_a"])
        Relecture.objects.filter(pk=relecture.pk).update(demandee_le=le)


# --- Indicateurs et bilans -------------------------------------------------------------------------


def _indicateur(
    fiche: FicheAction, ligne: Donnees, personnes: Mapping[str, Utilisateur], par: Utilisateur
) -> Indicateur:
    champs = {nom: ligne[nom] for nom in CHAMPS_D_INDICATEUR if nom in ligne}
    if "definition" in ligne:
        champs["source"] = SourceIndicateur.CALCUL
    if "responsable" in ligne:
        champs["responsable"] = personnes[ligne["responsable"]]
    if "depart" in champs:
        champs["depart"] = Decimal(str(champs["depart"]))
    cibles = {int(annee): Decimal(str(valeur)) for annee, valeur in ligne.get("cibles", {}).items()}
    return ajouter_indicateur(fiche, champs, cibles, par=par)


def _noter(fiche: FicheAction, notes: list[tuple[Indicateur, Donnees]], par: Utilisateur) -> None:
    par_annee: dict[int, list[Saisie]] = {}
    for indicateur, ligne in notes:
        for releve in ligne.get("releves", ()):
            dits = {nom: _reponse(nom, releve.get(nom)) for nom in champs_de(indicateur)}
            par_annee.setdefault(releve["annee"], []).append(Saisie.premiere(indicateur, dits))
    for annee, saisies in par_annee.items():
        noter_releves(fiche, annee, saisies, par=par)


def _reponse(nom: str, dite: Any) -> Any:
    if nom == "valeur":
        return Decimal(str(dite))
    if nom == "juge_le":
        return date.fromisoformat(dite)
    return dite or ""


def _bilan(fiche: FicheAction, ligne: Donnees, par: Utilisateur) -> BilanDeFiche:
    """Une année finie est close, fin janvier ; celle qui court reste ouverte."""
    bilan = BilanDeFiche(fiche=fiche, **ligne)
    if bilan.annee < timezone.localdate().year:
        bilan.clos_par, bilan.clos_le = par, _en_janvier(bilan.annee + 1, 26)
    return bilan


def _reculer(projet: ProjetSocial, depot: date) -> None:
    """Les cibles d'avant sont parties avec le dossier ; une année se note au mois de janvier suivant."""
    SauvegardeDeFiche.objects.filter(fiche__projet=projet).delete()
    deja_la = projet.fiches.exclude(statut=StatutFiche.NOUVELLE)
    Cible.objects.filter(indicateur__fiche__in=deja_la).update(posee_le=matin(depot))
    for annee in range(projet.du.year, timezone.localdate().year + 1):
        releves = Releve.objects.filter(indicateur__fiche__projet=projet, annee=annee)
        releves.update(saisi_le=min(_en_janvier(annee + 1, 12), timezone.now()))


def _en_janvier(annee: int, jour: int) -> datetime:
    return matin(date(annee, 1, jour))
