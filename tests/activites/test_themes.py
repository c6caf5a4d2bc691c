"""Les thèmes d'une suite d'ateliers : proposés, validés, écartés, ajustés, rangés, placés sur les séances."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.activites.choices import EtatTheme
from maillage.activites.models import Activite, Theme
from maillage.activites.operations.themes import (
    decider_theme,
    placer_les_themes,
    proposer_theme,
    ranger_theme,
)
from maillage.core.ecriture import GesteRefuse
from tests.activites.fabriques import ActiviteFactory, SeanceFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def activite(distribution: Distribution) -> Activite:
    ouverte: Activite = ActiviteFactory(structure=distribution.deux_ponts)
    return ouverte


@pytest.fixture
def themes(activite: Activite, distribution: Distribution) -> list[Theme]:
    titres = ("Se présenter", "Lire une annonce", "Téléphoner")
    return [proposer_theme(activite, titre=titre, par=distribution.bruno) for titre in titres]


def test_un_theme_sans_titre_n_est_pas_propose(activite: Activite, client_de: Ouvrir) -> None:
    client_de("bruno").post(reverse("theme_nouveau", args=[activite.pk]), {"titre": "  "})
    assert not activite.themes.exists()


def test_un_theme_ecarte_ne_devient_pas_valide_sans_en_reparler(
    themes: list[Theme], distribution: Distribution
) -> None:
    decider_theme(themes[0], EtatTheme.ECARTE, par=distribution.bruno)
    with pytest.raises(GesteRefuse, match="déjà décidé"):
        decider_theme(themes[0], EtatTheme.VALIDE, par=distribution.bruno)
    decider_theme(themes[0], EtatTheme.PROPOSE, par=distribution.bruno)
    decider_theme(themes[0], EtatTheme.VALIDE, par=distribution.bruno)
    assert themes[0].etat == EtatTheme.VALIDE


def test_monter_et_descendre_au_bout_ne_change_rien(
    themes: list[Theme], activite: Activite, distribution: Distribution
) -> None:
    ranger_theme(themes[0], pas=-1, par=distribution.bruno)
    ranger_theme(themes[2], pas=-1, par=distribution.bruno)
    ordre = [theme.titre for theme in activite.themes.all()]
    assert ordre == ["Se présenter", "Téléphoner", "Lire une annonce"]


def test_la_page_monte_et_descend_un_theme_et_ramene_sur_lui(
    themes: list[Theme], activite: Activite, client_de: Callable[[str], Client]
) -> None:
    client, page = client_de("bruno"), reverse("activite", args=[activite.pk])
    lue = client.get(page).content.decode()
    gestes = [(theme, geste) for theme in themes for geste in ("monter", "descendre")]
    offerts = [g for g in gestes if reverse("theme_geste", args=[g[0].pk, g[1]]) in lue]
    assert offerts == gestes[1:5], "le premier ne monte pas, le dernier ne descend pas"
    reponse = client.post(reverse("theme_geste", args=[themes[0].pk, "descendre"]))
    assert reponse["Location"] == f"{page}#theme-{themes[0].pk}"
    assert f'id="theme-{themes[0].pk}"' in lue
    assert [theme.pk for theme in activite.themes.all()] == [themes[n].pk for n in (1, 0, 2)]


def test_les_themes_valides_se_placent_dans_l_ordre_sur_les_seances_libres(
    themes: list[Theme], activite: Activite, distribution: Distribution
) -> None:
    semaines = [
        SeanceFactory(activite=activite, debut=timezone.now() + timedelta(weeks=rang)) for rang in (1, 2, 3)
    ]
    passee = SeanceFactory(activite=activite)
    for theme in themes[:2]:
        decider_theme(theme, EtatTheme.VALIDE, par=distribution.bruno)
    assert placer_les_themes(activite, par=distribution.bruno) == 2
    for seance in (*semaines, passee):
        seance.refresh_from_db()
    assert [seance.theme for seance in semaines] == [themes[0], themes[1], None]
    assert passee.theme is None
    assert placer_les_themes(activite, par=distribution.bruno) == 0


def test_ecarter_un_theme_l_ote_des_seances_a_venir(
    themes: list[Theme], activite: Activite, distribution: Distribution
) -> None:
    passee = SeanceFactory(activite=activite, theme=themes[0])
    prochaine = SeanceFactory(activite=activite, theme=themes[0], debut=timezone.now() + timedelta(days=2))
    decider_theme(themes[0], EtatTheme.ECARTE, par=distribution.bruno)
    passee.refresh_from_db()
    prochaine.refresh_from_db()
    assert (passee.theme, prochaine.theme) == (themes[0], None)


def test_une_seance_passee_garde_son_theme_ecarte_depuis(
    activite: Activite, themes: list[Theme], distribution: Distribution, client_de: Ouvrir
) -> None:
    theme = themes[0]
    un_matin = (timezone.now() - timedelta(days=9)).replace(hour=9, minute=0)
    seance = SeanceFactory(activite=activite, theme=theme, debut=un_matin)
    Theme.objects.filter(pk=theme.pk).update(etat=EtatTheme.ECARTE)
    client, page = client_de("bruno"), reverse("seance_modifier", args=[seance.pk])
    envoi = {
        "jour": seance.jour.isoformat(),
        "debut": f"{seance.debut_local:%H:%M}",
        "fin": f"{seance.fin_local:%H:%M}",
        "version": seance.version,
    }
    assert f'<option value="{theme.pk}" selected>' in client.get(page).content.decode()
    assert client.post(page, envoi | {"theme": theme.pk, "mot": "Bien passé"}).status_code == 302
    seance.refresh_from_db()
    assert (seance.theme, seance.mot) == (theme, "Bien passé")


def test_le_groupe_ajuste_un_theme_et_la_page_le_dit(
    themes: list[Theme], activite: Activite, client_de: Ouvrir
) -> None:
    client = client_de("bruno")
    page = reverse("theme", args=[themes[0].pk])
    assert client.get(page).status_code == 200
    client.post(page, {"titre": "Se présenter en entretien", "ajustement": "Avec des jeux de rôle"})
    lue = client.get(reverse("activite", args=[activite.pk])).content.decode()
    assert "Se présenter en entretien" in lue
    assert "Avec des jeux de rôle" in lue


def test_le_theme_d_un_autre_centre_n_existe_pas(themes: list[Theme], client_de: Ouvrir) -> None:
    chloe = client_de("chloe")
    assert chloe.get(reverse("theme", args=[themes[0].pk])).status_code == 404
    assert chloe.post(reverse("theme_geste", args=[themes[0].pk, "valider"])).status_code == 404
