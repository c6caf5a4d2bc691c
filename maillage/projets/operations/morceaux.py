"""Trouver sa place à un passage qu'aucune règle n'a reconnu : un chapitre, une fiche, ou de côté."""

from typing import Any

from django.db import transaction

from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import GesteRefuse, empreinte
from maillage.projets.champs import CHAMPS, GenreChamp, elements, lire_champ
from maillage.projets.choices import EtatMorceau
from maillage.projets.histoire import histoire
from maillage.projets.models import Chapitre, FicheAction, Morceau, ProjetSocial
from maillage.projets.operations.chapitres import ajouter_chapitre, ecrire_chapitre, place_de
from maillage.projets.operations.elements import tenir_ouvert
from maillage.projets.operations.fiches import reunir, sauver_fiche
from maillage.projets.operations.projets import noter
from maillage.projets.plan import lire_tout_le_plan

CHAMPS_DE_RANGEMENT = {
    nom: champ for nom, champ in CHAMPS.items() if champ.genre in {GenreChamp.LONG, GenreChamp.LISTE}
}
"""Les champs d'une fiche qui reçoivent un passage."""


@transaction.atomic
def ranger_morceau(
    morceau: Morceau,
    *,
    chapitre: str = "",
    fiche: FicheAction | None = None,
    champ: str = "",
    par: Utilisateur,
) -> None:
    """Ajoute le passage à la fin d'un chapitre, ou d'un champ d'une fiche ; sans l'un ni l'autre, en fait un chapitre.

    `chapitre` : son repère dans le plan. Il s'écrit comme dans le dossier : son histoire garde le texte d'avant.
    Lève `GesteRefuse` quand le projet ne s'écrit plus, ou que le passage n'attend plus.
    """
    projet, tenu = _tenir(morceau, EtatMorceau.A_RANGER)
    place: dict[str, Any]
    if fiche is not None:
        if champ not in CHAMPS_DE_RANGEMENT:
            raise GesteRefuse("Choisissez le champ de la fiche où ce passage va.")
        le_sien = lire_champ(fiche, champ)
        reuni = reunir(champ, le_sien, _en_valeur(champ, tenu.texte))
        bilan = sauver_fiche(fiche, {champ: reuni}, {champ: empreinte(le_sien)}, par=par)
        if bilan.conflits:
            raise GesteRefuse("Quelqu’un écrit cette fiche en ce moment. Recommencez dans un instant.")
        place, ou = {"fiche": fiche.pk, "champ": champ}, f"dans la fiche « {fiche} »"
    else:
        if not chapitre:
            chapitre = str(ajouter_chapitre(projet, titre="", apres="", niveau=1, par=par).pk)
        avant = place_de(lire_tout_le_plan(projet), chapitre).chapitre.texte
        ecrit = _ecrire(projet, chapitre, avant, "\n\n".join(filter(None, [avant, tenu.texte])), par)
        place, ou = {"chapitre": ecrit.pk}, f"dans « {ecrit.titre or 'un chapitre sans titre'} »"
    _passer(projet, tenu, EtatMorceau.RANGE, "ranger_morceau", f"a rangé un passage {ou}", par, place)
    morceau.refresh_from_db()


@transaction.atomic
def ecarter_morceau(morceau: Morceau, *, par: Utilisateur) -> None:
    """Le met de côté : il reste à lire, il ne demande plus rien. Lève `GesteRefuse`."""
    projet, tenu = _tenir(morceau, EtatMorceau.A_RANGER)
    _passer(projet, tenu, EtatMorceau.ECARTE, "ecarter_morceau", "a mis de côté un passage", par, {})
    morceau.refresh_from_db()


@transaction.atomic
def rouvrir_morceau(morceau: Morceau, *, par: Utilisateur) -> bool:
    """Revient dessus, et reprend le passage là où il avait été mis s'il y est encore mot pour mot.

    Rend faux quand il a fallu l'y laisser : quelqu'un l'a retouché depuis. Lève `GesteRefuse`.
    """
    projet, tenu = _tenir(morceau, EtatMorceau.RANGE, EtatMorceau.ECARTE)
    est_repris = _reprendre(projet, tenu, par) if tenu.etat == EtatMorceau.RANGE else True
    _passer(projet, tenu, EtatMorceau.A_RANGER, "rouvrir_morceau", "est revenu sur un passage", par, {})
    morceau.refresh_from_db()
    return est_repris


def _tenir(morceau: Morceau, *etats: EtatMorceau) -> tuple[ProjetSocial, Morceau]:
    projet = tenir_ouvert(morceau.projet)
    tenu = Morceau.objects.get(pk=morceau.pk)
    if tenu.etat not in etats:
        raise GesteRefuse(f"Ce passage est maintenant « {tenu.get_etat_display()} ».")
    return projet, tenu


def _passer(
    projet: ProjetSocial,
    morceau: Morceau,
    etat: EtatMorceau,
    acte: str,
    fait: str,
    par: Utilisateur,
    place: dict[str, Any],
) -> None:
    morceau.etat = etat
    morceau.save(update_fields=["etat"])
    apres = {"morceau": morceau.pk} | place
    noter(projet, acte, f"{par.get_full_name()} {fait}.", par=par, apres=apres)


def _reprendre(projet: ProjetSocial, morceau: Morceau, par: Utilisateur) -> bool:
    """Ôte le passage du chapitre ou de la fiche qui l'avait reçu."""
    lignes = histoire(projet).filter(acte="ranger_morceau").values_list("apres", flat=True)
    place: dict[str, Any] = next((apres for apres in lignes if apres and apres["morceau"] == morceau.pk), {})
    if "chapitre" in place:
        chapitre = projet.chapitres.filter(pk=place["chapitre"]).first()
        if chapitre is None or not chapitre.texte.endswith(morceau.texte):
            return False
        sans_lui = chapitre.texte.removesuffix(morceau.texte).rstrip("\n")
        if sans_lui or chapitre.titre:
            _ecrire(projet, str(chapitre.pk), chapitre.texte, sans_lui, par)
        else:
            chapitre.delete()
        return True
    fiche = projet.fiches.filter(pk=place["fiche"]).first() if "fiche" in place else None
    if fiche is None:
        return False
    champ = place["champ"]
    reste: Any
    le_sien, passage = lire_champ(fiche, champ), _en_valeur(champ, morceau.texte)
    if isinstance(le_sien, list):
        if not set(passage) <= set(le_sien):
            return False
        reste = [ligne for ligne in le_sien if ligne not in passage]
    else:
        if not le_sien.endswith(passage):
            return False
        reste = le_sien.removesuffix(passage).rstrip("\n")
    return not sauver_fiche(fiche, {champ: reste}, {champ: empreinte(le_sien)}, par=par).conflits


def _en_valeur(champ: str, texte: str) -> Any:
    est_une_liste = CHAMPS_DE_RANGEMENT[champ].genre == GenreChamp.LISTE
    return elements(texte.splitlines()) if est_une_liste else texte.strip()


def _ecrire(projet: ProjetSocial, repere: str, avant: str, texte: str, par: Utilisateur) -> Chapitre:
    return ecrire_chapitre(projet, repere, {"texte": texte}, {"texte": empreinte(avant)}, par=par).chapitre
