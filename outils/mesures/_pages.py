"""Les pages du quotidien d'un grand centre : contre la page de référence, seules puis au milieu de la foule."""

from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from outils.mesures import Mesure, durees_entrelacees, mediane, nombre, p95
from outils.mesures._client import client_de, directrice_de, grande_seance
from outils.mesures._foule import CENTRES, ajouter_la_foule

BILAN: Final = "bilan du centre"
TOURS: Final = 60
BILAN_MAXIMAL: Final = 3.0
FOULE_MAXIMALE: Final = 1.5
GESTES: Final = 60
PASSAGE_MAXIMAL_S: Final = 0.030
PERSONNES_DE_LA_FEUILLE: Final = 200


def mesurer_les_pages(projet: Any, annee: int) -> list[Mesure]:
    """Change la base : des passages d'aujourd'hui, une grande séance, puis deux cents centres."""
    from django.test import override_settings

    from maillage.accueil.models import TypeDeDemande

    centre = projet.structure
    _viser(projet, annee)
    with override_settings(ROOT_URLCONF="outils.mesures._reference"):
        client, demander = client_de(directrice_de(centre))
        adresses = _adresses(projet, annee)
        type_de_demande = TypeDeDemande.objects.filter(structure=centre).order_by("pk")[0]
        passages = _passer(client, centre, type_de_demande)
        seules = _rapports(demander, adresses)
        a_froid = _rapports(_sans_memoire(demander), {BILAN: adresses[BILAN]})[BILAN]
        ajouter_la_foule(centre)
        en_foule = _rapports(demander, adresses)
        passages_en_foule = _passer(client, centre, type_de_demande)
    rapport, millisecondes, poids = seules[BILAN]
    return [
        Mesure(
            "bilan du centre, temps du serveur",
            f"≤ {nombre(BILAN_MAXIMAL, 0)} × la page de référence",
            f"{nombre(rapport)} ×",
            f"médianes de {TOURS} demandes alternées, {nombre(poids / 1024, 1)} Kio ;"
            f" bilan {nombre(millisecondes)} ms, lu dans ses cellules ;"
            f" {nombre(a_froid[0])} × à la première lecture après un changement",
            rapport <= BILAN_MAXIMAL,
        ),
        Mesure(
            "compter un passage",
            f"≤ {nombre(PASSAGE_MAXIMAL_S * 1000, 0)} ms",
            f"{nombre(mediane(passages) * 1000, 1)} ms",
            f"médiane de {GESTES}, journal et changement compris ; p95 {nombre(p95(passages) * 1000, 1)} ms ;"
            f" au milieu de {CENTRES} centres : {nombre(mediane(passages_en_foule) * 1000, 1)} ms",
            mediane(passages) <= PASSAGE_MAXIMAL_S and mediane(passages_en_foule) <= PASSAGE_MAXIMAL_S,
        ),
        *(_au_milieu(nom, seules[nom], en_foule[nom]) for nom in adresses),
    ]


def _au_milieu(nom: str, seule: tuple[float, float, int], en_foule: tuple[float, float, int]) -> Mesure:
    rapport = en_foule[0] / seule[0]
    return Mesure(
        f"{nom}, au milieu de {CENTRES} autres centres",
        f"≤ {nombre(FOULE_MAXIMALE, 1)} × sans eux",
        f"{nombre(rapport)} ×",
        f"deux millions de passages, un million de présences ; {nombre(seule[1])} puis {nombre(en_foule[1])} ms,"
        f" soit {nombre(seule[0])} puis {nombre(en_foule[0])} × la référence",
        rapport <= FOULE_MAXIMALE,
    )


def _adresses(projet: Any, annee: int) -> dict[str, str]:
    from django.urls import reverse

    from maillage.activites.models import Activite
    from maillage.projets.models import Indicateur

    activite = Activite.objects.filter(structure=projet.structure).exclude(cadre="laep").order_by("pk")[0]
    seance = grande_seance(activite, PERSONNES_DE_LA_FEUILLE)
    comptes = Indicateur.objects.filter(fiche__projet=projet, definition__mesures__0="presences")
    compte = comptes.filter(valeurs_calculees__annee=annee).order_by("pk")[0]
    centre = projet.structure.pk
    return {
        BILAN: f"{reverse('bilan_du_centre', args=[centre])}?annee={annee}",
        "comptoir": reverse("comptoir_centre", args=[centre]),
        "feuille de deux cents": reverse("feuille", args=[seance.pk]),
        "d’où vient ce nombre": f"{reverse('indicateur_nombre', args=[compte.pk])}?annee={annee}",
    }


def _viser(projet: Any, annee: int) -> None:
    """Le projet est en cours, chaque indicateur a une cible ; une fiche publiée, pour la page de référence."""
    from maillage.catalogue.models import Experience
    from maillage.projets.models import Cible, ValeurCalculee

    type(projet).objects.filter(pk=projet.pk).update(etat="en_cours")
    calculees = ValeurCalculee.objects.filter(indicateur__fiche__projet=projet, annee=annee)
    Cible.objects.filter(indicateur__fiche__projet=projet, annee=annee).delete()
    Cible.objects.bulk_create(
        Cible(indicateur_id=une.indicateur_id, annee=annee, valeur=2 * une.valeur + 1)
        for une in calculees.order_by("pk")
    )
    Experience.objects.create(structure=projet.structure, titre="Une fiche", code="REFER", slug="une-fiche")


def _rapports(
    demander: Callable[[str], bytes], adresses: dict[str, str]
) -> dict[str, tuple[float, float, int]]:
    """Par page : son temps sur celui de la référence du même poids, en millisecondes, et son poids."""
    from maillage.catalogue.models import Experience

    pk = Experience.objects.order_by("pk").values_list("pk", flat=True)[0]
    lus = {}
    for nom, adresse in adresses.items():
        poids = len(demander(adresse))
        reference = f"/reference/{pk}/{poids}/"
        actes: dict[str, Callable[[], object]] = {
            nom: lambda adresse=adresse: demander(adresse),  # type: ignore[misc]
            "référence": lambda reference=reference: demander(reference),  # type: ignore[misc]
        }
        relevees = durees_entrelacees(actes, tours=TOURS)
        page = mediane(relevees[nom])
        lus[nom] = (page / mediane(relevees["référence"]), page * 1000, poids)
    return lus


def _sans_memoire(demander: Callable[[str], bytes]) -> Callable[[str], bytes]:
    """Chaque page se récrit : la première lecture après que ses nombres ont changé."""
    from django.core.cache import cache

    def redemander(adresse: str) -> bytes:
        cache.clear()
        return demander(adresse)

    return redemander


def _passer(client: Any, centre: Any, type_de_demande: Any) -> list[float]:
    """Des passages, comme le comptoir les envoie."""
    import time

    from django.urls import reverse

    adresse = reverse("passage_noter", args=[centre.pk])
    relevees = []
    for _ in range(GESTES):
        envoi = {"cle": str(uuid4()), "types": type_de_demande.pk}
        debut = time.perf_counter()
        reponse = client.post(adresse, envoi, headers={"accept": "application/json"})
        relevees.append(time.perf_counter() - debut)
        if reponse.status_code not in (200, 201):
            raise AssertionError(f"{adresse} : réponse {reponse.status_code}")
    return relevees
