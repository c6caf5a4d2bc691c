"""Une requête rejouée rend ce que Django rendrait, avec d'autres clés, sans jamais mêler deux lectures."""

from threading import Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maillage.core.requete_rejouee import RequeteRejouee
from maillage.territoire.models import Departement, Structure
from tests.fabriques import DepartementFactory, StructureFactory

pytestmark = pytest.mark.django_db

PAR_SLUG = RequeteRejouee(
    lambda slug: Structure.objects.filter(slug=slug).select_related("departement__region").order_by("pk")
)


def test_il_faut_autant_de_cles_que_la_forme_en_attend() -> None:
    with pytest.raises(ValueError):
        PAR_SLUG("a", "b")


def test_aucune_ligne_ne_repond() -> None:
    assert PAR_SLUG("absente") == []


def test_une_cle_n_est_jamais_du_sql() -> None:
    StructureFactory()
    assert PAR_SLUG("' OR 1=1 --") == []


def test_les_objets_sont_ceux_de_django_liens_compris() -> None:
    ordinaires = [StructureFactory(), StructureFactory(departement=None)]
    for ordinaire in ordinaires:
        with CaptureQueriesContext(connection) as requetes:
            (rejouee,) = PAR_SLUG(ordinaire.slug)
            departement = rejouee.departement
            region = departement and departement.region.nom
        assert len(requetes) == 1
        relue = Structure.objects.get(pk=ordinaire.pk)
        champs = [champ.attname for champ in Structure._meta.concrete_fields]
        assert {nom: getattr(rejouee, nom) for nom in champs} == {nom: getattr(relue, nom) for nom in champs}
        assert departement == relue.departement
        assert region == (relue.departement and relue.departement.region.nom)
        assert not rejouee._state.adding


def test_une_ligne_changee_se_relit_changee() -> None:
    structure = StructureFactory()
    PAR_SLUG(structure.slug)
    Structure.objects.filter(pk=structure.pk).update(nom="Un autre nom")
    assert PAR_SLUG(structure.slug)[0].nom == "Un autre nom"


def test_plusieurs_cles_et_des_champs_choisis() -> None:
    parmi = RequeteRejouee(
        lambda *codes: Departement.objects.filter(code__in=codes).only("nom").order_by("nom"), cles=2
    )
    for code, nom in (("01", "Ain"), ("26", "Drôme"), ("30", "Gard")):
        DepartementFactory(code=code, nom=nom)
    assert [departement.nom for departement in parmi("26", "01")] == ["Ain", "Drôme"]
    assert [departement.nom for departement in parmi("01", "01")] == ["Ain"]
    assert parmi("01", "01")[0].get_deferred_fields()


@pytest.mark.django_db(transaction=True)
def test_deux_fils_ont_chacun_leur_requete() -> None:
    structure = StructureFactory()
    PAR_SLUG(structure.slug)
    lus: list[str] = []

    def lire() -> None:
        lus.extend(trouvee.slug for trouvee in PAR_SLUG(structure.slug))
        connection.close()

    fils = [Thread(target=lire) for _ in range(3)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert lus == [structure.slug] * 3
