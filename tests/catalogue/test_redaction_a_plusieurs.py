"""Plusieurs personnes au même instant, sur les deux bases : un seul texte écrit, tous gardés."""

from collections.abc import Callable, Iterator

import pytest

from maillage.catalogue.choices import GenreContribution
from maillage.catalogue.models import Contribution, Sauvegarde
from maillage.catalogue.operations.contributions import (
    commencer_fiche,
    reviser_experience,
    soumettre_contribution,
)
from maillage.catalogue.operations.sauvegardes import (
    Bilan,
    sauver_champs,
)
from maillage.comptes.models import Utilisateur
from maillage.core.ecriture import empreinte
from maillage.core.models import Courrier
from maillage.moderation.models import Demande
from tests.catalogue.redaction import LONG, ecrire
from tests.distribution import Distribution, distribuer
from tests.ensemble import en_meme_temps
from tests.fabriques import ExperienceFactory


@pytest.fixture
def equipe(transactional_db: None) -> Iterator[Distribution]:
    yield distribuer()


def test_huit_personnes_ensemble_ne_perdent_pas_un_mot(equipe: Distribution) -> None:
    """Chacune écrit le même champ, en n'ayant lu que le vide : une seule écrit, les sept autres textes sont gardés."""
    contribution = commencer_fiche(equipe.deux_ponts, par=equipe.amina)
    personnes = [equipe.amina, equipe.bruno, equipe.ines, equipe.farid] * 2
    textes = [f"Texte {rang} de {personne.prenom}." for rang, personne in enumerate(personnes)]

    def acte(rang: int) -> Callable[[], object]:
        return lambda: sauver_champs(
            contribution, {"resume": textes[rang]}, {"resume": empreinte("")}, par=personnes[rang]
        )

    rendus = en_meme_temps(*(acte(rang) for rang in range(8)))
    assert all(isinstance(rendu, Bilan) for rendu in rendus), rendus
    contribution.refresh_from_db()
    assert contribution.contenu["resume"] in textes
    # Une même personne écrit par-dessus elle-même ; entre deux personnes, il y a toujours un conflit.
    gardes = set(Sauvegarde.objects.values_list("valeur", flat=True))
    ecrits = [rendu for rendu in rendus if isinstance(rendu, Bilan) and rendu.ecrits]
    assert len({textes[rendus.index(rendu)].split()[-1] for rendu in ecrits}) == 1
    assert {textes[rendus.index(rendu)] for rendu in ecrits} <= gardes
    conflits = [
        rendu.conflits["resume"].le_mien for rendu in rendus if isinstance(rendu, Bilan) and rendu.conflits
    ]
    assert len(ecrits) + len(conflits) == 8


def test_quatre_champs_ecrits_ensemble_sont_tous_la(equipe: Distribution) -> None:
    contribution = commencer_fiche(equipe.deux_ponts, par=equipe.amina)
    champs = dict(zip(("titre", "resume", "limites", "perspectives"),
                      (equipe.amina, equipe.bruno, equipe.ines, equipe.farid), strict=True))  # fmt: skip

    def acte(nom: str, par: Utilisateur) -> Callable[[], object]:
        return lambda: sauver_champs(contribution, {nom: f"De {par.prenom}"}, {nom: empreinte("")}, par=par)

    en_meme_temps(*(acte(nom, par) for nom, par in champs.items()))
    contribution.refresh_from_db()
    assert contribution.contenu == {nom: f"De {par.prenom}" for nom, par in champs.items()}


def test_ensemble_on_n_ouvre_qu_une_revision_qu_un_brouillon_et_n_envoie_qu_une_fois(
    equipe: Distribution,
) -> None:
    fiche = ExperienceFactory(structure=equipe.deux_ponts)
    rendus = en_meme_temps(
        *(lambda par=par: reviser_experience(fiche, par=par) for par in (equipe.amina, equipe.bruno) * 2),
        *(lambda: commencer_fiche(equipe.deux_ponts, par=equipe.ines) for _ in range(3)),
    )
    assert all(isinstance(rendu, Contribution) for rendu in rendus), rendus
    assert Contribution.objects.filter(genre=GenreContribution.REVISION).count() == 1
    assert Contribution.objects.filter(genre=GenreContribution.NOUVELLE).count() == 1
    nouvelle = Contribution.objects.get(genre=GenreContribution.NOUVELLE)
    ecrire(nouvelle, equipe.ines, titre="Titre", resume="Résumé", description=LONG)
    en_meme_temps(*(lambda: soumettre_contribution(nouvelle, par=equipe.ines) for _ in range(4)))
    assert Demande.objects.count() == 1 and Courrier.objects.count() == 1
