"""Une activité complète d'un centre : sa série, une séance, un thème, une intervention."""

from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from maillage.activites.models import Activite, Intervention, Serie, Theme
from maillage.projets.models import FicheAction
from maillage.territoire.models import Structure
from tests.activites.fabriques import ActiviteFactory, SeanceFactory

DE_L_ACTIVITE = (
    *("activite", "activite_modifier", "serie_nouvelle", "seance_nouvelle", "theme_nouveau", "themes_placer"),
    "agenda_de_l_activite",
)
DE_LA_SEANCE = ("seance", "seance_modifier", "seance_annuler", "intervention_nouvelle", "agenda_de_la_seance")


def serie_d_essai(activite: Activite, **valeurs: Any) -> Serie:
    """Chaque mardi de 14 h à 16 h, cette année scolaire en zone A ; sans ses séances."""
    regle: dict[str, Any] = {
        "jour": 1,
        "debut": time(14),
        "fin": time(16),
        "du": date(2026, 9, 1),
        "au": date(2027, 7, 2),
        "zone": "A",
    }
    return Serie.objects.create(activite=activite, **(regle | valeurs))


def adresses_des_activites(centre: Structure, fiche: FicheAction) -> dict[str, dict[str, Any]]:
    activite = ActiviteFactory(structure=centre, fiche=fiche, est_publique=True)
    seance = SeanceFactory(activite=activite, debut=timezone.now() + timedelta(days=1))
    theme = {"pk": Theme.objects.create(activite=activite, titre="Lire une facture").pk}
    serie = {"pk": serie_d_essai(activite).pk}
    sienne, datee = {"pk": activite.pk}, {"pk": seance.pk}
    return {
        **dict.fromkeys(DE_L_ACTIVITE, sienne),
        "activite_geste": sienne | {"geste": "rouvrir"},
        **dict.fromkeys(DE_LA_SEANCE, datee),
        "seance_geste": datee | {"geste": "remettre"},
        "serie": serie,
        "serie_geste": serie | {"geste": "retirer"},
        "theme": theme,
        "theme_geste": theme | {"geste": "valider"},
        "intervention_retirer": {"pk": Intervention.objects.create(seance=seance, nom="Mme Vidal").pk},
        "activites_de_la_fiche": {"pk": fiche.pk},
        "agenda_du_centre": {"slug": centre.slug},
        "agenda_de_l_activite_prive": {"jeton": activite.jeton_agenda},
    }
