"""Deux personnes rangent l'arbre au même instant : aucun geste ne se perd, aucun numéro ne double.

Une vraie connexion par fil, sur les deux bases.
"""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from maillage.core.ecriture import empreinte
from maillage.core.models import LigneJournal
from maillage.projets.lecture import lire_arbre
from maillage.projets.models import FicheAction, Objectif, ProjetSocial
from maillage.projets.operations.arbre import decaler, deplacer, oter
from maillage.projets.operations.fiches import commencer_fiche_action, sauver_fiche
from maillage.projets.operations.gestes import ArbreRefuse, defaire_geste
from tests.distribution import Distribution, distribuer
from tests.ensemble import en_meme_temps
from tests.projets.fabriques import arbre_d_essai

pytestmark = pytest.mark.aussi_sur_postgresql
Acte = Callable[[], object]


@pytest.fixture
def equipe(transactional_db: None) -> Iterator[Distribution]:
    yield distribuer()


@pytest.fixture
def projet(equipe: Distribution) -> ProjetSocial:
    return arbre_d_essai(equipe.deux_ponts)


def _objectif(projet: ProjetSocial, titre: str) -> Objectif:
    return Objectif.objects.get(enjeu__axe__projet=projet, titre__contains=titre)


def _sans_numero_double(projet: ProjetSocial) -> None:
    arbre = lire_arbre(ProjetSocial.objects.get(pk=projet.pk))
    numeros = Counter(lue.numero for lue in arbre.fiches if lue.numero)
    assert max(numeros.values()) == 1, numeros
    places = Counter((lue.fiche.objectif_id, lue.fiche.rang) for lue in arbre.fiches if lue.fiche.objectif_id)
    assert max(places.values()) == 1, "deux fiches à la même place"


def test_une_branche_otee_pendant_qu_on_y_range_donne_une_reponse_claire(
    projet: ProjetSocial, equipe: Distribution
) -> None:
    """L'ordre des deux est libre : ou bien le rangement est refusé, ou bien la branche ôtée a sa fiche en plus."""
    emploi, demarches = _objectif(projet, "retour au travail"), _objectif(projet, "démarches")
    fiche = FicheAction.objects.get(projet=projet, titre__contains="vélos")
    rendus = en_meme_temps(
        lambda: deplacer(FicheAction.objects.get(pk=fiche.pk), emploi, par=equipe.amina),
        lambda: oter(emploi, demarches, par=equipe.bruno),
    )
    refus = [rendu for rendu in rendus if isinstance(rendu, Exception)]
    assert all(isinstance(un, ArbreRefuse) and str(un) for un in refus), refus
    assert not Objectif.objects.filter(pk=emploi.pk).exists()
    fiche.refresh_from_db()
    assert fiche.objectif is not None and projet.fiches.count() == 6
    _sans_numero_double(projet)


def test_six_deplacements_ensemble_vers_le_meme_objectif_arrivent_tous(
    projet: ProjetSocial, equipe: Distribution
) -> None:
    vers = _objectif(projet, "occasions")
    fiches = list(projet.fiches.order_by("pk"))
    personnes = [equipe.amina, equipe.bruno, equipe.ines] * 2

    def acte(rang: int) -> Acte:
        return lambda: deplacer(fiches[rang], vers, 1, par=personnes[rang])

    rendus = en_meme_temps(*(acte(rang) for rang in range(6)))
    assert not [rendu for rendu in rendus if isinstance(rendu, Exception)]
    assert projet.fiches.filter(objectif=vers).count() == 6
    assert LigneJournal.objects.filter(acte="deplacer").count() >= 5, "celle qui y était a pu ne pas bouger"
    _sans_numero_double(projet)


def test_la_meme_fiche_vers_deux_endroits_finit_a_l_un_des_deux_et_chacun_peut_defaire_le_sien_ou_sait_pourquoi(
    projet: ProjetSocial, equipe: Distribution
) -> None:
    fiche = FicheAction.objects.get(projet=projet, titre__contains="vélos")
    ici, la = _objectif(projet, "occasions"), _objectif(projet, "retour au travail")
    rendus = en_meme_temps(
        lambda: deplacer(FicheAction.objects.get(pk=fiche.pk), ici, par=equipe.amina),
        lambda: deplacer(FicheAction.objects.get(pk=fiche.pk), la, par=equipe.bruno),
    )
    assert rendus == [None, None]
    fiche.refresh_from_db()
    assert fiche.objectif in {ici, la} and fiche.axe == fiche.objectif.enjeu.axe
    assert LigneJournal.objects.filter(acte="deplacer").count() == 2
    premier = equipe.amina if fiche.objectif == la else equipe.bruno
    with pytest.raises(ArbreRefuse, match="Quelqu’un a changé"):
        defaire_geste(projet, par=premier)
    _sans_numero_double(projet)


def test_quatre_fiches_commencees_et_des_crans_ensemble_ont_chacune_leur_numero(
    projet: ProjetSocial, equipe: Distribution
) -> None:
    sous = _objectif(projet, "démarches")
    clics = FicheAction.objects.get(projet=projet, titre__contains="clics")

    def commencer(rang: int) -> Acte:
        return lambda: commencer_fiche_action(projet, f"Neuve {rang}", sous=sous, par=equipe.amina)

    rendus = en_meme_temps(
        *(commencer(rang) for rang in range(4)),
        lambda: decaler(FicheAction.objects.get(pk=clics.pk), -1, par=equipe.bruno),
        lambda: decaler(FicheAction.objects.get(pk=clics.pk), 1, par=equipe.ines),
    )
    assert not [rendu for rendu in rendus if isinstance(rendu, Exception)]
    assert sous.fiches.count() == 6
    _sans_numero_double(projet)


def test_ranger_en_ecrivant_et_ranger_dans_l_arbre_ne_se_bloquent_pas(
    projet: ProjetSocial, equipe: Distribution
) -> None:
    """L'écriture tient la fiche, l'arbre tient le projet : pris dans deux ordres, ils s'attendraient sans fin."""
    fiche = FicheAction.objects.get(projet=projet, titre__contains="vélos")
    ici, la = _objectif(projet, "occasions"), _objectif(projet, "retour au travail")
    lu = {"objectif": empreinte(str(fiche.objectif_id))}
    rendus = en_meme_temps(
        lambda: sauver_fiche(fiche, {"objectif": str(ici.pk)}, lu, par=equipe.amina),
        lambda: deplacer(FicheAction.objects.get(pk=fiche.pk), la, par=equipe.bruno),
        lambda: deplacer(FicheAction.objects.get(pk=fiche.pk), ici, 1, par=equipe.ines),
        lambda: sauver_fiche(fiche, {"objectif": str(la.pk)}, lu, par=equipe.farid),
    )
    assert not [rendu for rendu in rendus if isinstance(rendu, Exception)]
    fiche.refresh_from_db()
    assert fiche.objectif in {ici, la}
    _sans_numero_double(projet)
