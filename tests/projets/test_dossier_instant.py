"""Un dossier se lit d'un seul instant : on renomme un axe pendant ce temps, il est d'avant ou d'après."""

from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection

from maillage.core.base_de_donnees import instantane
from maillage.core.documents.html import rendre_html
from maillage.projets.exportation import dossier
from maillage.projets.matiere import Matiere
from maillage.projets.models import Axe, Chapitre, ProjetSocial
from tests.distribution import distribuer
from tests.projets.fabriques_dossier import dossier_d_essai

pytestmark = pytest.mark.django_db(transaction=True)
AVANT, APRES = "Faire valoir ses droits", "Ouvrir les droits"


def _dans_un_fil(acte: Any) -> None:
    """Joue l'acte dans un autre fil, sur sa propre connexion, jusqu'au bout."""

    def jouer() -> None:
        try:
            acte()
        finally:
            connection.close()

    fil = Thread(target=jouer)
    fil.start()
    fil.join(timeout=10)
    assert not fil.is_alive(), "l'écrivain attend le lecteur"


def test_renommer_un_axe_pendant_l_export_donne_l_avant_jamais_un_melange(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    projet: ProjetSocial = dossier_d_essai(distribuer().deux_ponts)
    axe = Axe.objects.get(projet=projet, lettre="A")
    Chapitre.objects.filter(projet=projet, rang=2).update(texte=f"Selon [[axe:{axe.pk}]].\n\n[[bloc:sigles]]")
    a_ecrit = Event()
    vraie = dossier.composer_le_dossier

    def composer(matiere: Matiere) -> Any:
        """Le plan est lu ; quelqu'un renomme l'axe et change un texte ; puis le reste se lit."""
        assert matiere.plan

        def renommer() -> None:
            Axe.objects.filter(pk=axe.pk).update(titre=APRES)
            Chapitre.objects.filter(projet=projet, rang=1).update(texte="Un texte d’après.")

        _dans_un_fil(renommer)
        a_ecrit.set()
        return vraie(matiere)

    monkeypatch.setattr(dossier, "composer_le_dossier", composer)
    pendant = rendre_html(dossier.document_du_dossier(projet))
    assert a_ecrit.is_set()
    assert AVANT in pendant and APRES not in pendant and "Douze réunions" in pendant
    monkeypatch.setattr(dossier, "composer_le_dossier", vraie)
    ensuite = rendre_html(dossier.document_du_dossier(projet))
    assert APRES in ensuite and AVANT not in ensuite and "Un texte d’après." in ensuite


def test_l_instantane_se_ferme_et_l_on_ecrit_apres_lui() -> None:
    projet: ProjetSocial = dossier_d_essai(distribuer().deux_ponts)
    with pytest.raises(RuntimeError), instantane():
        assert ProjetSocial.objects.count() == 1
        raise RuntimeError
    assert not connection.in_atomic_block
    ProjetSocial.objects.filter(pk=projet.pk).update(nom="Renommé")
    with instantane():
        assert ProjetSocial.objects.get().nom == "Renommé"
