"""Les besoins : les dire, les prouver, les classer, en faire des enjeux, lire la chaîne et le dossier."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html as lecteur_html

from maillage.core.documents.description import Document, Section
from maillage.core.documents.html import rendre_html
from maillage.core.documents.pdf import rendre_pdf
from maillage.core.ecriture import GesteRefuse
from maillage.projets.exportation.diagnostic import blocs_des_besoins, blocs_du_diagnostic
from maillage.projets.models import Besoin, Enjeu, Preuve, ProjetSocial
from maillage.projets.operations.arbre import oter
from maillage.projets.operations.diagnostic.besoins import (
    dire_un_besoin,
    faire_un_enjeu,
    oter_la_preuve,
    prouver_le_besoin,
    relier_a_un_enjeu,
    remettre_le_besoin,
    retirer_le_besoin,
)
from maillage.projets.operations.gestes import defaire_geste
from maillage.projets.preuves import sans_besoin
from tests.distribution import Distribution
from tests.projets.fabriques import arbre_d_essai
from tests.projets.fabriques_diagnostic import (
    BesoinFactory,
    ChiffreFactory,
    ConstatFactory,
    diagnostic_d_essai,
)

pytestmark = pytest.mark.django_db
Ouvrir = Callable[[str], Client]


@pytest.fixture
def projet(distribution: Distribution) -> ProjetSocial:
    return arbre_d_essai(distribution.deux_ponts)


def test_un_besoin_d_ailleurs_n_existe_pas(
    projet: ProjetSocial, distribution: Distribution, client_de: Ouvrir
) -> None:
    besoin = diagnostic_d_essai(projet)
    chloe = client_de("chloe")
    assert chloe.get(reverse("besoin", args=[besoin.pk])).status_code == 404
    assert chloe.post(reverse("besoin_geste", args=[besoin.pk, "retirer"])).status_code == 404
    assert chloe.post(reverse("preuve_oter", args=[besoin.preuves.get().pk])).status_code == 404
    assert Preuve.objects.filter(besoin=besoin).count() == 1


def test_la_page_d_un_besoin_garde_le_diagnostic_allume(projet: ProjetSocial, client_de: Ouvrir) -> None:
    besoin = BesoinFactory(projet=projet)
    page = lecteur_html.fromstring(client_de("bruno").get(reverse("besoin", args=[besoin.pk])).text)
    allumes = page.xpath("//nav[contains(@class, 'onglets')]//a[@aria-current]")
    assert [lien.text_content().strip() for lien in allumes] == ["Diagnostic"]


def test_un_projet_soumis_garde_ses_besoins(projet: ProjetSocial, distribution: Distribution) -> None:
    besoin = diagnostic_d_essai(projet)
    ProjetSocial.objects.filter(pk=projet.pk).update(etat="soumis")
    with pytest.raises(GesteRefuse):
        retirer_le_besoin(besoin, par=distribution.amina)
    with pytest.raises(GesteRefuse):
        dire_un_besoin(projet, titre="Un autre", par=distribution.amina)


def test_la_preuve_d_un_autre_projet_est_refusee(projet: ProjetSocial, distribution: Distribution) -> None:
    ailleurs = ChiffreFactory(projet=arbre_d_essai(distribution.quatre_vents))
    besoin = BesoinFactory(projet=projet)
    for cle in (f"chiffre:{ailleurs.pk}", "fiche:1", "n’importe quoi", "chiffre:999999"):
        with pytest.raises(GesteRefuse):
            prouver_le_besoin(besoin, cle, par=distribution.amina)
    assert not besoin.preuves.exists()


def test_une_preuve_montre_une_seule_chose(projet: ProjetSocial) -> None:
    besoin, constat = BesoinFactory(projet=projet), ConstatFactory(projet=projet)
    chiffre = ChiffreFactory(projet=projet)
    for faux in ({}, {"constat": constat, "chiffre": chiffre}, {"constat": constat, "nombre": "12 passages"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Preuve.objects.create(besoin=besoin, **faux)


def test_dire_prouver_recopier_et_en_faire_un_enjeu(projet: ProjetSocial, client_de: Ouvrir) -> None:
    amina, constat = client_de("amina"), ConstatFactory(projet=projet)
    vide = amina.post(reverse("besoins", args=[projet.pk]), {"titre": " "})
    assert vide.status_code == 422 and "Dites le besoin" in vide.content.decode()
    for _ in range(2):  # un double envoi n'en dit qu'un
        amina.post(reverse("besoins", args=[projet.pk]), {"titre": "Sortir le soir", "precision": ""})
    besoin = Besoin.objects.get()
    page = reverse("besoin", args=[besoin.pk])
    for _ in range(2):
        amina.post(page, {"carte": "prouver", "preuve": f"constat:{constat.pk}"})
    refus = amina.post(page, {"carte": "recopier", "nombre": "312 passages", "source": ""})
    assert refus.status_code == 422 and "312 passages" in refus.content.decode()
    amina.post(page, {"carte": "recopier", "nombre": "312 passages", "source": "Bilan 2025"})
    assert [preuve.nombre for preuve in besoin.preuves.all()] == ["", "312 passages"]
    axe = projet.axes.get(lettre="B")
    refus = amina.post(page, {"carte": "enjeu", "ou": f"axe:{axe.pk}", "titre": ""})
    assert refus.status_code == 422 and "titre du nouvel enjeu" in refus.content.decode()
    amina.post(page, {"carte": "enjeu", "ou": f"axe:{axe.pk}", "titre": "Une ville ouverte le soir"})
    enjeu = Enjeu.objects.get(titre="Une ville ouverte le soir")
    assert list(besoin.enjeux.all()) == [enjeu] and enjeu.axe == axe
    lue = amina.get(page).content.decode()
    assert "Une ville ouverte le soir" in lue and "Aucun lieu ouvert le soir." in lue


def test_deux_personnes_sur_un_besoin_comparent_leurs_textes(projet: ProjetSocial, client_de: Ouvrir) -> None:
    besoin = BesoinFactory(projet=projet, titre="Avant")
    page, envoi = reverse("besoin", args=[besoin.pk]), {"carte": "ecrire", "version": "1", "precision": ""}
    assert client_de("bruno").post(page, envoi | {"titre": "Celui de Bruno"}).status_code == 302
    conflit = client_de("amina").post(page, envoi | {"titre": "Celui d’Amina"})
    lue = conflit.content.decode()
    assert conflit.status_code == 422 and "Celui de Bruno" in lue and "Celui d’Amina" in lue


def test_classer_puis_retirer_et_remettre_avec_ses_preuves(projet: ProjetSocial, client_de: Ouvrir) -> None:
    premier, amina = diagnostic_d_essai(projet), client_de("amina")
    second = BesoinFactory(projet=projet, titre="Se soigner", rang=2)
    amina.post(reverse("besoin_geste", args=[second.pk, "monter"]))
    assert [un.titre for un in projet.besoins.all()] == ["Se soigner", "Pouvoir sortir le soir"]
    amina.post(reverse("besoin_geste", args=[premier.pk, "retirer"]))
    assert [un.titre for un in projet.besoins.all()] == ["Se soigner"]
    assert projet.constats.count() == 1
    amina.post(reverse("besoin_remettre", args=[projet.pk]))
    remis = projet.besoins.get(titre="Pouvoir sortir le soir")
    assert remis.preuves.get().constat == projet.constats.get() and remis.enjeux.count() == 1
    assert "rien à remettre" in (
        amina.post(reverse("besoin_remettre", args=[projet.pk]), follow=True).content.decode()
    )


def test_deux_clics_ne_remettent_le_besoin_qu_une_fois(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    """Ce qui reste à remettre se lit une fois le projet tenu : le second clic trouve le besoin déjà là."""
    besoin = dire_un_besoin(projet, titre="Se rencontrer", par=distribution.amina)
    retirer_le_besoin(besoin, par=distribution.amina)
    remettre_le_besoin(projet, par=distribution.amina)
    with pytest.raises(GesteRefuse, match="rien à remettre"):
        remettre_le_besoin(projet, par=distribution.amina)
    assert projet.besoins.count() == 1


def test_ce_qui_n_appuie_rien_est_liste_et_se_rattache(projet: ProjetSocial, client_de: Ouvrir) -> None:
    besoin, amina = diagnostic_d_essai(projet), client_de("amina")
    assert {une.sorte.cle for une in sans_besoin(projet)} == {
        "chiffre",
        "tableau",
        "parole",
        "resultat",
        "rencontre",
    }
    page = reverse("preuves_sans_besoin", args=[projet.pk])
    assert "Café de la place" in amina.get(page).content.decode()
    rencontre = projet.rencontres.get()
    vague = amina.post(page, {"preuve": f"rencontre:{rencontre.pk}", "besoin": ""}, follow=True)
    assert "Choisissez le besoin" in vague.content.decode()
    amina.post(page, {"preuve": f"rencontre:{rencontre.pk}", "besoin": besoin.pk})
    assert "Café de la place" not in amina.get(page).content.decode()


def test_apres_un_geste_on_revient_ou_l_on_en_etait(projet: ProjetSocial, client_de: Ouvrir) -> None:
    premier, amina = diagnostic_d_essai(projet), client_de("amina")
    second = BesoinFactory(projet=projet, titre="Se soigner", rang=2)
    classe = amina.post(reverse("besoin_geste", args=[second.pk, "monter"]))
    assert classe["Location"] == reverse("besoins", args=[projet.pk]) + f"#besoin-{second.pk}"
    liste = reverse("preuves_sans_besoin", args=[projet.pk])
    ici, suivante = (une.cle for une in sans_besoin(projet)[:2])
    rattachee = amina.post(liste, {"preuve": ici, "besoin": premier.pk}, follow=True)
    ancre = rattachee.redirect_chain[-1][0].partition("#")[2]
    assert ancre == f"preuve-{suivante.replace(':', '-')}"
    assert f'id="{ancre}"' in rattachee.content.decode()
    vague = amina.post(liste, {"preuve": suivante, "besoin": ""})
    assert vague["Location"] == f"{liste}#{ancre}"
    folle = amina.post(liste, {"preuve": "x\r\nhote: y", "besoin": ""})
    assert folle["Location"] == liste


def test_monter_un_constat_ramene_a_ce_constat(projet: ProjetSocial, client_de: Ouvrir) -> None:
    un, deux = (ConstatFactory(projet=projet, texte=texte, rang=rang) for rang, texte in enumerate("AB", 1))
    place = reverse("diagnostic_constats", args=[projet.pk])
    geste = client_de("amina").post(
        reverse("diagnostic_element_geste", args=[projet.pk, "constats", deux.pk, "monter"]), follow=True
    )
    assert geste.redirect_chain[-1][0] == f"{place}#constats-{deux.pk}"
    assert f'id="constats-{deux.pk}"' in geste.content.decode()
    assert list(projet.constats.order_by("rang", "pk")) == [deux, un]


def test_un_besoin_garde_l_onglet_du_diagnostic_allume(projet: ProjetSocial, client_de: Ouvrir) -> None:
    besoin = diagnostic_d_essai(projet)
    lue = client_de("amina").get(reverse("besoin", args=[besoin.pk])).content.decode()
    onglet = reverse("diagnostic", args=[projet.pk])
    assert f'<a href="{onglet}" aria-current="true">' in lue


def test_oter_une_preuve_la_laisse_au_diagnostic(projet: ProjetSocial, distribution: Distribution) -> None:
    besoin = diagnostic_d_essai(projet)
    oter_la_preuve(besoin.preuves.get(), par=distribution.amina)
    assert projet.constats.count() == 1 and not besoin.preuves.exists()


def test_un_enjeu_supprime_puis_remis_garde_ses_besoins(
    projet: ProjetSocial, distribution: Distribution
) -> None:
    besoin = BesoinFactory(projet=projet)
    enjeu = faire_un_enjeu(
        besoin, projet.axes.get(lettre="B"), titre="Ouvrir le soir", par=distribution.amina
    )
    oter(enjeu, par=distribution.amina)
    assert not besoin.enjeux.exists()
    defaire_geste(projet, par=distribution.amina)
    assert [un.titre for un in besoin.enjeux.all()] == ["Ouvrir le soir"]


def test_remettre_un_enjeu_dont_le_besoin_est_parti(projet: ProjetSocial, distribution: Distribution) -> None:
    besoin = BesoinFactory(projet=projet)
    enjeu = faire_un_enjeu(
        besoin, projet.axes.get(lettre="B"), titre="Ouvrir le soir", par=distribution.amina
    )
    oter(enjeu, par=distribution.amina)
    retirer_le_besoin(besoin, par=distribution.amina)
    defaire_geste(projet, par=distribution.amina)
    assert not Enjeu.objects.get(titre="Ouvrir le soir").besoins.exists()


def test_un_enjeu_d_un_autre_projet_ne_se_relie_pas(projet: ProjetSocial, distribution: Distribution) -> None:
    ailleurs = arbre_d_essai(distribution.quatre_vents).axes.get(lettre="B").enjeux.get()
    with pytest.raises(GesteRefuse):
        relier_a_un_enjeu(BesoinFactory(projet=projet), ailleurs, par=distribution.amina)


def test_la_chaine_se_lit_du_besoin_a_la_fiche(projet: ProjetSocial, client_de: Ouvrir) -> None:
    diagnostic_d_essai(projet)
    page = client_de("amina").get(reverse("diagnostic_chaine", args=[projet.pk])).content.decode()
    for maillon in (
        "Pouvoir sortir le soir",
        "Aucun lieu ouvert le soir.",
        "Que personne ne renonce à une aide",
        "Rendre les démarches plus simples",
        "Le café des clics au marché",
    ):
        assert maillon in page
    assert "Que les voisins se connaissent" in page.split("Enjeux qu’aucun besoin n’appelle")[1]


def test_le_dossier_dit_le_diagnostic_en_html_et_en_pdf_sans_les_petits_nombres(
    projet: ProjetSocial, client_de: Ouvrir
) -> None:
    diagnostic_d_essai(projet)
    ChiffreFactory(projet=projet, zone="Ville", valeur=22)
    sections = tuple(Section(titre, blocs) for titre, blocs in blocs_du_diagnostic(projet) if blocs)
    assert len(sections) == 6
    document = Document(titre="Diagnostic", auteur="Essai", date=timezone.localdate(), sections=sections)
    page = str(rendre_html(document))
    for dit in (
        "Le Moulin",
        "Café de la place",
        "une lycéenne",
        "Aucun lieu ouvert",
        "Pouvoir sortir le soir",
    ):
        assert dit in page
    assert "caché" in page and ">7<" not in page
    assert rendre_pdf(document).startswith(b"%PDF")
    apercu = client_de("amina").get(reverse("diagnostic_apercu", args=[projet.pk])).content.decode()
    assert "Un lieu le soir" in apercu


def test_sans_besoin_le_dossier_n_en_dit_rien(projet: ProjetSocial) -> None:
    assert blocs_des_besoins(projet) == ()
