"""Les foyers, les accords, les champs que la direction ouvre et ferme."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.core.ecriture import GesteRefuse
from maillage.personnes.choices import ChampDePersonne, LienDeFoyer, ObjetDeConsentement
from maillage.personnes.models import Foyer, Provenance
from maillage.personnes.notice import VERSION
from maillage.personnes.operations import (
    fonder_foyer,
    geler_personne,
    joindre_au_foyer,
    noter_accord,
    noter_provenance,
    quitter_le_foyer,
    retirer_accord,
    retirer_provenance,
)
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory, ouvrir_les_champs

ClientDe = Callable[[str], Client]


def test_un_enfant_de_deux_foyers_n_y_montre_jamais_l_autre(
    distribution: Distribution, client_de: ClientDe
) -> None:
    centre, par = distribution.deux_ponts, distribution.ines
    ouvrir_les_champs(centre)
    mere = PersonneFactory(structure=centre, prenom="Salima", adresse="3, rue des Tilleuls")
    pere = PersonneFactory(structure=centre, prenom="Paul", adresse="9, impasse du Puits")
    enfant = PersonneFactory(structure=centre, prenom="Inaya", naissance=2018)
    chez_elle = fonder_foyer(mere, "Chez Salima", LienDeFoyer.RESPONSABLE, par=par)
    chez_lui = fonder_foyer(pere, "", LienDeFoyer.RESPONSABLE, par=par)
    for foyer in (chez_elle, chez_lui):
        joindre_au_foyer(foyer, enfant, LienDeFoyer.ENFANT, par=par)
    assert enfant.foyers.count() == 2 and chez_lui.nom == f"Foyer {pere.nom}"
    ines = client_de("ines")
    for adresse in (reverse("foyer", args=[chez_elle.pk]), reverse("personne", args=[mere.pk])):
        page = ines.get(adresse).content.decode()
        assert "Inaya" in page
        assert not [mot for mot in ("Paul", "Puits", chez_lui.nom) if mot in page]
    with pytest.raises(GesteRefuse, match="déjà"):
        joindre_au_foyer(chez_elle, enfant, LienDeFoyer.ENFANT, par=par)
    with pytest.raises(GesteRefuse):
        ailleurs = PersonneFactory(structure=distribution.quatre_vents)
        joindre_au_foyer(chez_elle, ailleurs, LienDeFoyer.PROCHE, par=par)
    for membre in list(chez_lui.membres.all()):
        quitter_le_foyer(membre, par=par)
    assert list(Foyer.objects.all()) == [chez_elle]


def test_ines_cherche_et_ajoute_au_foyer(distribution: Distribution, client_de: ClientDe) -> None:
    centre = distribution.deux_ponts
    mere = PersonneFactory(structure=centre, prenom="Salima")
    enfant = PersonneFactory(structure=centre, prenom="Inaya")
    ines = client_de("ines")
    adresse = ines.post(reverse("foyer_nouveau", args=[mere.pk]), {"lien": "responsable"})["Location"]
    assert "Inaya" in ines.get(adresse, {"q": "inaia"}).content.decode()
    ines.post(adresse, {"q": "inaia", "personne": enfant.pk, "lien": "enfant"})
    assert enfant.foyers.get().lien == LienDeFoyer.ENFANT
    hors = PersonneFactory(structure=distribution.quatre_vents, prenom="Inaya")
    refus = ines.post(adresse, {"q": "inaia", "personne": hors.pk, "lien": "enfant"})
    assert refus.status_code == 422 and not hors.foyers.exists()
    assert client_de("chloe").get(adresse).status_code == 404


def test_un_accord_est_separe_date_prouve_et_se_retire_d_un_geste(
    distribution: Distribution, client_de: ClientDe
) -> None:
    personne = PersonneFactory(structure=distribution.deux_ponts)
    par = distribution.ines
    with pytest.raises(GesteRefuse, match="partenaire"):
        noter_accord(personne, ObjetDeConsentement.PARTAGE, par=par)
    accord = noter_accord(personne, ObjetDeConsentement.PHOTO, donne_par="ses deux parents", par=par)
    assert accord.notice == VERSION and accord.recueilli_par == par
    with pytest.raises(GesteRefuse, match="déjà"):
        noter_accord(personne, ObjetDeConsentement.PHOTO, par=par)
    client_de("ines").post(reverse("accord_retirer", args=[personne.pk, accord.pk]))
    accord.refresh_from_db()
    assert accord.retire_le is not None
    with pytest.raises(GesteRefuse):
        retirer_accord(accord, par=par)
    assert noter_accord(personne, ObjetDeConsentement.PHOTO, par=par).retire_le is None


def test_fermer_un_champ_dit_combien_et_vide(distribution: Distribution, client_de: ClientDe) -> None:
    centre = distribution.deux_ponts
    adresse = reverse("champ_regler", args=["telephone"])
    assert client_de("ines").post(adresse).status_code == 404, "la direction seule"
    amina = client_de("amina")
    amina.post(adresse)
    assert centre.champs_ouverts.get().champ == ChampDePersonne.TELEPHONE
    deux = PersonneFactory.create_batch(2, structure=centre, telephone="0612345678")
    ailleurs = PersonneFactory(structure=distribution.quatre_vents, telephone="0612345678")
    assert "2\N{NO-BREAK SPACE}fiches" in amina.get(adresse).content.decode().replace("\u202f", "\xa0")
    amina.post(adresse, {"geste": "fermer"})
    for personne in (*deux, ailleurs):
        personne.refresh_from_db()
    assert [p.telephone for p in (*deux, ailleurs)] == ["", "", "0612345678"]
    assert amina.get(reverse("champ_regler", args=["nom"])).status_code == 404


def test_un_lieu_cite_reste_dans_la_liste(distribution: Distribution, client_de: ClientDe) -> None:
    centre, par = distribution.deux_ponts, distribution.amina
    amina = client_de("amina")
    for _ in range(2):
        reponse = amina.post(reverse("personnes_reglages"), {"nom": "Le Moulin", "est_du_territoire": "on"})
    assert reponse.status_code == 422 and "déjà dans la liste" in reponse.content.decode()
    lieu = Provenance.objects.get()
    PersonneFactory(structure=centre, provenance=lieu)
    with pytest.raises(GesteRefuse, match="reste"):
        retirer_provenance(lieu, par=par)
    autre = noter_provenance(centre, "Ailleurs", quartier=None, est_du_territoire=False, par=par)
    retirer_provenance(autre, par=par)
    assert list(Provenance.objects.all()) == [lieu]


def test_une_fiche_gelee_ne_se_nomme_dans_un_foyer_qu_a_la_direction(
    distribution: Distribution, client_de: ClientDe
) -> None:
    centre, par = distribution.deux_ponts, distribution.ines
    mere = PersonneFactory(structure=centre, prenom="Salima")
    gelee = PersonneFactory(structure=centre, prenom="Zoulikha")
    foyer = fonder_foyer(mere, "", LienDeFoyer.RESPONSABLE, par=par)
    joindre_au_foyer(foyer, gelee, LienDeFoyer.PROCHE, par=par)
    geler_personne(gelee, par=distribution.amina)
    for adresse in (reverse("foyer", args=[foyer.pk]), reverse("personne", args=[mere.pk])):
        assert "Zoulikha" not in client_de("ines").get(adresse).content.decode()
        assert "Zoulikha" in client_de("amina").get(adresse).content.decode()


def test_un_accord_echu_se_renouvelle_et_sa_preuve_reste(
    distribution: Distribution, client_de: ClientDe
) -> None:
    personne, par = PersonneFactory(structure=distribution.deux_ponts), distribution.ines
    hier = timezone.localdate() - timedelta(days=1)
    echu = noter_accord(personne, ObjetDeConsentement.PHOTO, fin_le=hier, par=par)
    neuf = noter_accord(personne, ObjetDeConsentement.PHOTO, fin_le=timezone.localdate(), par=par)
    echu.refresh_from_db()
    assert echu.retire_le == echu.fin_le == hier and neuf.retire_le is None
    with pytest.raises(GesteRefuse, match="déjà noté"):
        noter_accord(personne, ObjetDeConsentement.PHOTO, par=par)  # il vaut encore aujourd'hui
    page = client_de("ines").get(reverse("personne", args=[personne.pk])).content.decode()
    assert "Échu" in page and "retiré le" not in page
