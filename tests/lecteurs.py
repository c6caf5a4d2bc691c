"""Ce que les lecteurs écrivent : envoyer comme le ferait une personne, et un objet de chaque genre."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from maillage.catalogue.models import Alerte, Experience
from maillage.core import anti_spam
from maillage.moderation.choices import GenreDemande, MotifSignalement
from maillage.moderation.models import Signalement
from maillage.moderation.operations import deposer_demande
from tests.fabriques import CommentaireFactory


def sceau(**duree: float) -> str:
    """L'heure signée d'une page ouverte il y a cette durée."""
    avant = timezone.now() - timedelta(**duree)
    with (
        patch.object(anti_spam.timezone, "now", return_value=avant),
        patch("django.core.signing.time.time", return_value=avant.timestamp()),
    ):
        return anti_spam.sceller()


def envoyer(client: Client, adresse: str, *, depuis: str = "", **champs: Any) -> HttpResponse:
    """`depuis` : l'adresse réseau de la personne."""
    options = {"REMOTE_ADDR": depuis} if depuis else {}
    reponse: Any = client.post(adresse, {"ouvert_le": sceau(seconds=20)} | champs, **options)
    return reponse  # type: ignore[no-any-return]


def adresses_des_lecteurs(experience: Experience) -> dict[str, dict[str, Any]]:
    """Par nom d'adresse, les paramètres de son chemin (table d'accès)."""
    publie = CommentaireFactory(experience=experience, publie=True)
    retenu = CommentaireFactory(experience=experience)
    signalement = Signalement.objects.create(
        numero="sg-7k4m-2pq9-x3",
        objet_type="catalogue.experience",
        objet_id=experience.pk,
        objet_titre=experience.titre,
        adresse=f"/experiences/{experience.code}/{experience.slug}/",
        structure=experience.structure,
        motif=MotifSignalement.ERREUR,
    )
    for objet, genre in ((retenu, GenreDemande.COMMENTAIRE), (signalement, GenreDemande.SIGNALEMENT)):
        deposer_demande(objet, genre=genre, titre="À lire", structure=experience.structure, par=None)
    alerte = Alerte.objects.create(
        courriel="lectrice@essais.exemple",
        recherche="q=jardin",
        frequence="quotidienne",
        jeton="jeton-d-essai",
    )
    code, numero = {"code": experience.code}, {"pk": experience.pk}
    return {
        **dict.fromkeys(("alerte", "alerte_arreter"), {"jeton": alerte.jeton}),
        **dict.fromkeys(("examiner_commentaire", "defaire_commentaire"), {"pk": retenu.pk}),
        **dict.fromkeys(("examiner_signalement", "defaire_signalement"), {"pk": signalement.pk}),
        "signalement": {"numero": signalement.numero},
        "repondre_au_commentaire": {"pk": publie.pk},
        **dict.fromkeys(("corriger_la_fiche", "retirer_la_fiche"), numero),
        "experience_merci": {**code, "quoi": "essai"},
        "experience_commentaire": {**code, "pk": publie.pk},
        **{f"experience_{page}": code for page in ("utile", "commenter", "essayer", "contacter", "corriger")},
    }
