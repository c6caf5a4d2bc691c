"""La fiche et le dossier : les mêmes mots que la page, masqués de même, en PDF comme en Word."""

import io
import re
from collections.abc import Callable
from decimal import Decimal

import docx
import pytest
from lxml import html as lecteur_html

from maillage.catalogue.choices import TEXTES, FamilleTerme, GenreMoyen, GenrePoint, RolePartenaire
from maillage.catalogue.documents import dossier_experiences, fiche_experience
from maillage.catalogue.models import BlocSource, Experience, Moyen, Partenariat
from maillage.core.documents.description import Document
from maillage.core.documents.docx import rendre_docx
from maillage.core.documents.html import rendre_html
from tests.documents import LECTURES, lire_pdf, pages_du_pdf, serre
from tests.fabriques import (
    ExperienceFactory,
    PartenaireFactory,
    PointAVerifierFactory,
    StructureFactory,
    TermeFactory,
)

pytestmark = pytest.mark.django_db

NUMERO = "04 00 00 00 12"


lectures = pytest.mark.parametrize("lire", LECTURES)


def complete(experience: Experience) -> Experience:
    trouvee: Experience = Experience.objects.completes().get(pk=experience.pk)
    return trouvee


def fiche_remplie() -> Experience:
    """Une fiche dont chaque champ de texte porte des mots à lui."""
    termes = [
        TermeFactory(famille=FamilleTerme.DIMENSION, libelle="Services"),
        TermeFactory(famille=FamilleTerme.PUBLIC, libelle="Seniors"),
        TermeFactory(famille=FamilleTerme.MOT_CLE, libelle="Numérique"),
        TermeFactory(famille=FamilleTerme.INITIATIVE, libelle="Des habitants"),
        TermeFactory(famille=FamilleTerme.TERRITOIRE, libelle="Une commune"),
    ]
    textes = {champ: f"Ce que dit le champ {champ.replace('_', ' ')}." for champ in TEXTES}
    textes["ressources_financieres"] = "Environ 14 000 euros, dont la moitié prêtée."
    experience = ExperienceFactory(
        titre="Le café des clics",
        structure=StructureFactory(nom="Centre social du Vieux-Chêne"),
        terminee=True,
        termes=termes,
        partenaires=[PartenaireFactory(nom="Lycée du Parc")],
        fichiers_associes=["affiche.pdf"],
        **textes,
    )
    Partenariat.objects.create(
        experience=experience,
        partenaire=PartenaireFactory(nom="Caisse de retraite"),
        role=RolePartenaire.FINANCEUR,
        montant=Decimal(6000),
    )
    Moyen.objects.create(
        experience=experience,
        genre=GenreMoyen.MONTANT,
        valeur=Decimal(14000),
        periode="par an",
        est_retenu=True,
        champ="ressources_financieres",
        debut=8,
        fin=20,
        extrait="14 000 euros",
    )
    BlocSource.objects.create(
        experience=experience,
        fichier_source="page-partenaire.txt",
        position=3,
        ligne=40,
        bloc={},
        empreinte="a",
    )
    return complete(experience)


@lectures
def test_un_telephone_non_verifie_n_est_dans_aucun_document(lire: Callable[[Document], str]) -> None:
    experience = ExperienceFactory(resume=f"Appelez le {NUMERO}.", limites=f"Voir {NUMERO}")
    for champ, debut in (("resume", 11), ("limites", 5)):
        PointAVerifierFactory(
            experience=experience,
            genre=GenrePoint.TELEPHONE,
            champ=champ,
            debut=debut,
            fin=debut + len(NUMERO),
            extrait=NUMERO,
        )
    for document in (
        fiche_experience(complete(experience)),
        dossier_experiences([complete(experience)], "Choix"),
    ):
        rendu = lire(document)
        assert serre(NUMERO) not in rendu
        assert rendu.count(serre("[téléphone masqué]")) == 2


@lectures
def test_la_fiche_dit_tout_ce_que_le_centre_a_ecrit(lire: Callable[[Document], str]) -> None:
    experience = fiche_remplie()
    rendu = lire(fiche_experience(experience))
    absents = [champ for champ in TEXTES if serre(getattr(experience, champ)) not in rendu]
    assert absents == []


@lectures
@pytest.mark.parametrize(
    "attendu",
    [
        "Services · Terminée",
        "Centre social du Vieux-Chêne, Puy-de-Dôme",
        "Fiche mise à jour le",
        "Des habitants",
        "Une commune",
        "Lycée du Parc",
        "Caisse de retraite (6 000 €)",
        "14 000 € par an",
        "« Environ 14 000 euros, dont la moitié prêtée. »",
        "page-partenaire.txt",
        "affiche.pdf",
        "Licence Ouverte 2.0",
    ],
)
def test_la_fiche_dit_d_ou_elle_vient_et_ce_qui_a_ete_lu(
    lire: Callable[[Document], str], attendu: str
) -> None:
    assert serre(attendu) in lire(fiche_experience(fiche_remplie()))


def test_la_fiche_donne_son_adresse_stable(settings: object) -> None:
    settings.MAILLAGE_URL = "https://maillage.example"  # type: ignore[attr-defined]
    experience = fiche_remplie()
    page = lecteur_html.fromstring(rendre_html(fiche_experience(experience)))
    assert f"https://maillage.example/e/{experience.code}" in page.xpath("//footer//a/@href")


def test_le_nombre_lu_ressort_dans_les_mots_du_centre() -> None:
    page = lecteur_html.fromstring(rendre_html(fiche_experience(fiche_remplie())))
    assert "14\u202f000\u00a0euros" in [fort.text_content() for fort in page.xpath("//td//strong")]


def test_une_fiche_moyenne_tient_sur_une_page_et_une_longue_en_prend_plus() -> None:
    moyenne = ExperienceFactory(**dict.fromkeys(TEXTES, "Une phrase qui raconte ce qui s’est passé. " * 6))
    assert len(pages_du_pdf(fiche_experience(complete(moyenne)))) == 1
    longue = ExperienceFactory(description="Une phrase qui raconte ce qui s’est passé. " * 400)
    assert len(pages_du_pdf(fiche_experience(complete(longue)))) > 1


def test_une_fiche_presque_vide_n_a_ni_titre_vide_ni_tableau_vide() -> None:
    vide = ExperienceFactory(titre="Seulement un titre", resume="", description="", statut="")
    vide.structure.departement = None
    vide.structure.save()
    document = fiche_experience(complete(vide))
    assert document.sections == () and document.blocs == ()
    assert document.surtitre == "" and document.sous_titre == vide.structure.nom
    assert serre("Seulement un titre") in lire_pdf(document)


def test_les_listes_du_centre_restent_des_listes() -> None:
    experience = ExperienceFactory(description="Trois temps :\n- accueillir\n- écouter\n- agir")
    page = lecteur_html.fromstring(rendre_html(fiche_experience(complete(experience))))
    assert [li.text_content() for li in page.xpath("//section//li")] == ["accueillir", "écouter", "agir"]


# --- Dossier ---


def test_le_dossier_ouvre_sur_son_sommaire_et_chaque_fiche_sur_une_page() -> None:
    for titre in ("Le jardin", "La table", "Le bus"):
        ExperienceFactory(titre=titre)
    experiences = list(Experience.objects.completes().order_by("pk"))
    dossier = dossier_experiences(
        experiences, "Aller vers les habitants", "Pour la réunion de mars.\n- à lire"
    )
    lues = pages_du_pdf(dossier)
    assert serre("Aller vers les habitants") in lues[0] and serre("3 expériences") in lues[0]
    assert serre("Pour la réunion de mars.") in lues[1]
    for rang, titre in enumerate(("Le jardin", "La table", "Le bus"), start=3):
        assert re.search(rf"{serre(titre)}\W*{rang}", lues[1]), lues[1]
        assert serre(titre) in lues[rang - 1]
    assert len(lues) == 5


def test_le_dossier_word_a_un_titre_par_fiche_et_un_niveau_dessous() -> None:
    dossier = dossier_experiences([fiche_remplie(), complete(ExperienceFactory(titre="Le bus"))], "Choix")
    word = docx.Document(io.BytesIO(rendre_docx(dossier)))
    titres = [
        (p.style.name, p.text) for p in word.paragraphs if p.style and p.style.name.startswith("Heading")
    ]
    assert [texte for style, texte in titres if style == "Heading 1"] == ["Le café des clics", "Le bus"]
    assert ("Heading 2", "Les moyens") in titres and ("Heading 2", "Les limites") in titres


def test_decrire_ne_fait_aucune_requete_de_plus(django_assert_num_queries: Callable[..., object]) -> None:
    fiche_remplie()
    experiences = list(Experience.objects.completes().prefetch_related("pieces"))
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        fiche_experience(experiences[0])
        dossier_experiences(experiences, "Choix")
