"""F20 : kill -9 du serveur web pendant la saisie du jour. Ce qui est accusé reste ; ce que l'appareil renvoie compte
une fois."""

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from outils.epreuves import Epreuve
from outils.epreuves._compte import brancher
from outils.epreuves._serveur import web
from outils.epreuves._visiteur import Visiteur, champs_caches
from outils.installation import installation_de_demonstration

ATTENDU = "0 passage ou présence accusé perdu, 0 compté deux fois après renvoi, redémarrage < 30 s"
REDEMARRAGE_MAXIMAL = 30
PART_DE_LA_COUPURE = 1.5
"""Passé trente secondes, on redémarre aussitôt après un arrêt propre : presque aussi long, la machine
est lente, et non la coupure. Les deux durées sont dites."""


@dataclass(frozen=True)
class Envoi:
    """Une saisie et la clé que l'appareil lui a donnée. `personne` : celle dont la présence est notée."""

    adresse: str
    champs: dict[str, str]
    cle: UUID
    personne: int = 0


@dataclass
class Appareil:
    """Celui de l'accueil : ce que le serveur lui a accusé, et ce qu'il renverra."""

    visiteur: Visiteur
    jeton: dict[str, str]
    accuses: list[Envoi] = field(default_factory=list)
    refus: list[str] = field(default_factory=list)

    def envoyer(self, envoi: Envoi) -> bool:
        """Faux quand le serveur n'a pas répondu."""
        try:
            champs = self.jeton | envoi.champs
            reponse = self.visiteur.demander(envoi.adresse, champs, 20, {"Accept": "application/json"})
        except OSError:
            return False
        if reponse.code != 200:
            self.refus.append(f"{envoi.adresse} : {reponse.code} {reponse.texte[:200]}")
        self.accuses.append(envoi)
        return True


def eprouver(courte: bool) -> Epreuve:
    coupures = 2 if courte else 50
    hasard = random.Random(20)
    fautes: list[str] = []
    redemarrages, renvoyes, lents = [0.0], 0, list[str]()
    with installation_de_demonstration() as installation:
        installation.commande("charger_demo", "--ecrire")
        installation.publier_statiques()
        brancher(installation)
        with web(installation) as serveur:
            appareil, avant = _entrer(serveur.adresse), _comptes()
            for coupure in range(coupures):
                envois = _envois()
                bourreau = threading.Timer(hasard.uniform(0.5, 1.5), serveur.tuer)
                bourreau.start()
                en_attente = next((envoi for envoi in envois if not appareil.envoyer(envoi)), None)
                bourreau.join()
                fautes += [f"coupure {coupure} : {faute}" for faute in _perdus(appareil.accuses)]
                redemarrages.append(serveur.demarrer())
                if redemarrages[-1] > REDEMARRAGE_MAXIMAL:
                    propre = serveur.demarrer_proprement()
                    lents.append(f"{redemarrages[-1]:.1f} s contre {propre:.1f} s après un arrêt propre")
                    if redemarrages[-1] > PART_DE_LA_COUPURE * propre:
                        fautes.append(f"coupure {coupure} : redémarrage en {lents[-1]}")
                if en_attente is not None:
                    renvoyes += 1
                    appareil.envoyer(en_attente)
        fautes += _perdus(appareil.accuses) + _de_trop(appareil, avant) + appareil.refus
    presences = sum(1 for envoi in appareil.accuses if envoi.personne)
    passages = len(appareil.accuses) - presences
    if min(passages, presences, renvoyes) < coupures:
        fautes.append("trop peu d'envois accusés ou coupés : l'épreuve n'a rien éprouvé")
    bilan = (
        f"{coupures} kill -9, {passages} passages et {presences} présences accusés, {renvoyes} renvoyés, "
        f"redémarrage le plus lent {max(redemarrages):.1f} s"
        + (f" ; machine lente : {', '.join(lents)}" if lents else "")
    )
    return Epreuve("F20 arrêts brutaux pendant la saisie", bilan, fautes, ATTENDU)


def _entrer(serveur: str) -> Appareil:
    """Inès, son téléphone relié : le comptoir est sans nom, la feuille nomme."""
    from django.urls import reverse

    ines, visiteur = _ines(), Visiteur(serveur)
    visiteur.entrer({"courriel": ines.courriel, "mot_de_passe": ines.mot_de_passe, "secret": ines.secret})
    comptoir = visiteur.demander(reverse("comptoir_centre", args=[_centre().pk]))
    if comptoir.code != 200:
        raise AssertionError(f"Inès n'est pas au comptoir : {comptoir.code} {comptoir.adresse}")
    return Appareil(visiteur, {"csrfmiddlewaretoken": champs_caches(comptoir.texte)["csrfmiddlewaretoken"]})


def _envois() -> Iterator[Envoi]:
    """Un passage, une présence sur une feuille neuve, un passage… ; la feuille pleine, des passages."""
    from django.urls import reverse

    from maillage.accueil.models import TypeDeDemande
    from maillage.personnes.models import Personne

    centre, seance = _centre(), _seance_neuve()
    noter, pointer = reverse("passage_noter", args=[centre.pk]), reverse("feuille_noter", args=[seance])
    un_type = TypeDeDemande.objects.filter(structure=centre).proposes().order_by("pk")[0]
    personnes = iter(list(Personne.objects.filter(structure=centre).presentes().order_by("pk")))
    while True:
        cle = uuid4()
        yield Envoi(noter, {"cle": str(cle), "types": str(un_type.pk)}, cle)
        if personne := next(personnes, None):
            cle = uuid4()
            champs = {"envoi": str(cle), "p": f"{personne.pk}:participant"}
            yield Envoi(pointer, champs, cle, personne.pk)


def _perdus(accuses: list[Envoi]) -> list[str]:
    """La base, lue directement : chaque passage accusé avec sa demande, chaque présence accusée."""
    from django.db import connection

    from maillage.accueil.models import Passage
    from maillage.activites.models import Presence

    with connection.cursor() as curseur:
        curseur.execute("PRAGMA integrity_check")
        fautes = [] if curseur.fetchone() == ("ok",) else ["base abîmée"]
    entiers = set(Passage.objects.filter(demandes__isnull=False).values_list("cle", flat=True))
    cles = set(Presence.objects.exclude(cle=None).values_list("cle", flat=True))
    return fautes + [f"perdu : {e.adresse} {e.cle}" for e in accuses if not _est_ecrit(e, entiers, cles)]


def _est_ecrit(envoi: Envoi, passages: set[UUID], presences: set[UUID | None]) -> bool:
    if envoi.personne:
        return uuid5(envoi.cle, str(envoi.personne)) in presences
    return envoi.cle in passages


def _de_trop(appareil: Appareil, avant: dict[str, int]) -> list[str]:
    """Tout est accusé, les renvois compris : la base compte exactement cela de plus, et le journal le dit une fois."""
    presences = sum(1 for envoi in appareil.accuses if envoi.personne)
    passages = len(appareil.accuses) - presences
    voulus = dict(zip(avant, (passages, passages, presences, len(appareil.accuses)), strict=True))
    ecarts = {quoi: nombre - avant[quoi] for quoi, nombre in _comptes().items()}
    return [
        f"{ecarts[quoi]} {quoi}, {voulu} accusés" for quoi, voulu in voulus.items() if ecarts[quoi] != voulu
    ]


def _comptes() -> dict[str, int]:
    from maillage.accueil.models import Demande, Passage
    from maillage.activites.models import Presence
    from maillage.core.models import LigneJournal

    return {
        "passages": Passage.objects.count(),
        "demandes": Demande.objects.count(),
        "présences": Presence.objects.count(),
        "lignes de journal": LigneJournal.objects.filter(acte__in=("noter_passage", "noter_venues")).count(),
    }


def _ines() -> Any:
    from maillage.comptes.choices import Role
    from maillage.demo.distribution import comptes

    return next(compte for compte in comptes() if compte.role == Role.ACCUEIL)


def _centre() -> Any:
    from maillage.territoire.models import Structure

    return Structure.objects.get(appartenances__utilisateur__email=_ines().courriel)


def _seance_neuve() -> int:
    """Hier, sans personne encore, à une activité qui a des noms."""
    from django.utils import timezone

    from maillage.activites.choices import Cadre
    from maillage.activites.models import Activite, Seance

    activite = Activite.objects.filter(structure=_centre()).exclude(cadre=Cadre.LAEP).order_by("pk")[0]
    debut = timezone.now() - timedelta(days=1)
    return Seance.objects.create(activite=activite, debut=debut, fin=debut + timedelta(hours=2)).pk
