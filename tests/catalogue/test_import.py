"""Ce qu'un import fait de blocs lus : refus, fusion, répétition, rattachement, repérages, rejeu."""

from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from django.db import connection

from maillage.catalogue.choices import EtatExperience, FamilleTerme, GenreMoyen, GenrePoint, RolePartenaire
from maillage.catalogue.importation.lecture import lire_page
from maillage.catalogue.models import BlocSource, Experience, Moyen, PointAVerifier, Terme
from maillage.catalogue.operations import importation
from maillage.catalogue.operations.importation import Bilan, importer_blocs, prevoir_blocs
from maillage.core.journal import SYSTEME
from maillage.core.models import Changement, LigneJournal
from maillage.territoire.choices import EtatStructure
from maillage.territoire.models import Structure
from tests.catalogue.etat_importe import etat
from tests.catalogue.page_source import bloc, rendre
from tests.fabriques import DepartementFactory, ExperienceFactory, StructureFactory

pytestmark = pytest.mark.django_db


def blocs(*fiches: dict[str, Any], fichier: str = "page.txt") -> list[Any]:
    return lire_page(rendre(fiches), fichier).blocs


def importer(*fiches: dict[str, Any], fichier: str = "page.txt") -> Bilan:
    bilan = importer_blocs(blocs(*fiches, fichier=fichier), par=SYSTEME)
    compte = bilan.en_dict()
    assert compte["lues"] == len(fiches)
    assert compte["lues"] == sum(
        compte[cle] for cle in ("creees", "fusionnees", "repetees", "inchangees", "rejetees")
    )
    return bilan


def comptes(bilan: Bilan) -> dict[str, int]:
    return {cle: valeur for cle, valeur in bilan.en_dict().items() if isinstance(valeur, int) and valeur}


# --- Les refus ---------------------------------------------------------------------------------------
def test_prevoir_dit_ce_que_l_import_fera_et_n_ecrit_rien() -> None:
    fiches = [bloc(), bloc(partenaires_action=["CARSAT"]), bloc(), bloc(titre="Autre")]
    avant = etat()
    prevu = prevoir_blocs(blocs(*fiches))
    assert etat() == avant
    assert comptes(prevu) == comptes(importer(*fiches))


def test_prevoir_une_seconde_fois_dit_que_rien_ne_changera() -> None:
    importer(bloc(), bloc(titre="Autre"))
    assert comptes(prevoir_blocs(blocs(bloc(), bloc(titre="Autre")))) == {"lues": 2, "inchangees": 2}


@pytest.mark.parametrize(
    ("changement", "mot"),
    [
        ({"titre": "t" * 501}, "titre"),
        ({"structure_nom": "s" * 201}, "structure"),
        ({"publics": ["p" * 121]}, "liste"),
    ],
)
def test_une_fiche_demesuree_est_rejetee_avec_sa_ligne_et_les_autres_passent(
    changement: Any, mot: str
) -> None:
    bilan = importer(bloc(), bloc(**changement))
    assert comptes(bilan) == {"lues": 2, "creees": 1, "rejetees": 1}
    (detail,) = bilan.details
    assert (detail["fichier_source"], detail["position"]) == ("page.txt", 2)
    assert detail["ligne"] > 1
    assert mot in detail["motif"]


# --- Créer -------------------------------------------------------------------------------------------
def test_une_fiche_creee_est_publiee_avec_ses_textes_au_caractere_pres() -> None:
    fiche = bloc(
        statut="Terminée",
        raison_fin="- Fin",
        resume="  Un  texte\u00a0brut\n\n- avec\n-\nAccents : œ, ﬁn",
        initiatives=["Autre"],
        initiative_precision="L'école",
        fichiers_associes=["bilan.pdf"],
    )
    importer(fiche)
    creee = Experience.objects.get()
    assert (creee.etat, creee.statut, creee.publie_le is not None) == (
        EtatExperience.PUBLIEE,
        "terminee",
        True,
    )
    for champ in ("titre", "resume", "raison_fin", "initiative_precision", "description", "perspectives"):
        assert getattr(creee, champ) == fiche[champ]
    assert creee.fichiers_associes == ["bilan.pdf"]
    assert [c.terme.libelle_source for c in creee.classements.select_related("terme")] == [
        "Citoyenneté", "Solidarité", "Mixité sociale", "Autre", "Un quartier", "Tous publics",
    ]  # fmt: skip
    assert LigneJournal.objects.filter(acte="importer_experience", objet_id=creee.pk).count() == 1
    assert Changement.objects.filter(objet_type="catalogue.experience", objet_id=creee.pk).count() == 1


def test_le_code_d_une_fiche_est_le_meme_d_une_installation_a_l_autre() -> None:
    importer(bloc())
    code = Experience.objects.get().code
    assert set(code) <= set("0123456789abcdefghjkmnpqrstvwxyz")
    Experience.objects.all().delete()
    importer(bloc(), fichier="autre.txt")
    assert Experience.objects.get().code == code


def test_un_code_deja_pris_laisse_la_place_au_suivant() -> None:
    importer(bloc())
    code = Experience.objects.get().code
    Experience.objects.all().delete()
    ExperienceFactory(code=code)
    importer(bloc())
    assert Experience.objects.count() == 2


def test_une_fiche_sans_titre_recoit_un_titre_lisible() -> None:
    importer(bloc(titre=""))
    assert Experience.objects.get().titre == "Sans titre"
    assert BlocSource.objects.get().bloc["titre"] == ""


def test_la_graphie_de_la_source_est_gardee_et_le_libelle_est_corrige() -> None:
    importer(bloc(mots_cles=["Viellissement", "intergénérationnel"], publics=["familles"]))
    assert (
        dict(Terme.objects.order_by("pk").values_list("libelle_source", "libelle")).items()
        >= {
            "Viellissement": "Vieillissement",
            "intergénérationnel": "Intergénérationnel",
            "familles": "Familles",
        }.items()
    )


def test_une_graphie_deja_corrigee_rejoint_le_terme_connu() -> None:
    importer(bloc(mots_cles=["Viellissement"]), bloc(titre="Autre", mots_cles=["Vieillissement"]))
    assert Terme.objects.filter(famille=FamilleTerme.MOT_CLE).count() == 1


def test_un_mot_inconnu_est_accepte_et_signale_une_seule_fois() -> None:
    bilan = importer(
        bloc(publics=["Aidants"]), bloc(titre="Une tout autre chose", resume="Rien", publics=["Aidants"])
    )
    assert comptes(bilan)["creees"] == 2
    assert Terme.objects.get(famille=FamilleTerme.PUBLIC).est_a_verifier
    assert (
        PointAVerifier.objects.filter(genre=GenrePoint.VALEUR_INCONNUE, extrait__contains="Aidants").count()
        == 1
    )


def test_un_mot_connu_n_est_pas_signale() -> None:
    DepartementFactory(nom="Allier", code="03")
    importer(bloc())
    assert not PointAVerifier.objects.exists()
    assert not Terme.objects.filter(est_a_verifier=True).exists()


# --- Rattacher ---------------------------------------------------------------------------------------
def test_une_structure_inconnue_est_creee_a_completer_une_seule_fois() -> None:
    allier = DepartementFactory(nom="Allier", code="03")
    importer(bloc(), bloc(titre="Autre", structure_nom="Centre social des tilleuls"))
    structure = Structure.objects.get()
    assert (structure.etat, structure.departement) == (EtatStructure.A_COMPLETER, allier)
    assert structure.nom == "CENTRE SOCIAL DES TILLEULS"
    assert Experience.objects.filter(structure=structure).count() == 2


def test_une_structure_deja_saisie_est_reconnue_sans_accents_ni_casse() -> None:
    allier = DepartementFactory(nom="Allier", code="03")
    saisie = StructureFactory(nom="Centre social des Tilleuls", departement=allier)
    importer(bloc())
    assert Experience.objects.get().structure == saisie


def test_le_meme_nom_dans_un_autre_departement_est_une_autre_structure() -> None:
    importer(bloc(), bloc(departement="Aude"))
    assert Structure.objects.count() == 2
    assert Experience.objects.count() == 2


def test_un_departement_inconnu_est_accepte_et_signale() -> None:
    importer(bloc(departement="Royaume d'Arles"))
    assert Structure.objects.get().departement is None
    assert PointAVerifier.objects.filter(extrait__contains="Royaume d'Arles").exists()


# --- Fusionner, répéter ------------------------------------------------------------------------------
def test_deux_blocs_aux_textes_egaux_et_aux_partenaires_differents_fusionnent() -> None:
    bilan = importer(bloc(partenaires_action=["Préfecture"]), bloc(partenaires_action=["CARSAT"]))
    assert comptes(bilan) == {"lues": 2, "creees": 1, "fusionnees": 1}
    fiche = Experience.objects.get()
    assert [p.partenaire.nom_source or p.partenaire.nom for p in fiche.partenariats.all()] == [
        "Préfecture",
        "CARSAT",
    ]
    assert fiche.version == 2
    assert fiche.sources.count() == 2


def test_deux_blocs_egaux_partenaires_compris_sont_une_repetition() -> None:
    bilan = importer(bloc(), bloc(), bloc())
    assert comptes(bilan) == {"lues": 3, "creees": 1, "repetees": 2}
    assert Experience.objects.get().sources.count() == 3


def test_la_fusion_vaut_aussi_d_un_import_a_l_autre() -> None:
    importer(bloc(partenaires_action=["Préfecture"]), fichier="prefecture.txt")
    assert comptes(importer(bloc(partenaires_action=["CARSAT"]), fichier="carsat.txt")) == {
        "lues": 1,
        "fusionnees": 1,
    }
    assert comptes(importer(bloc(partenaires_action=["CARSAT"]), fichier="bis.txt")) == {
        "lues": 1,
        "repetees": 1,
    }
    assert Experience.objects.get().partenariats.filter(role=RolePartenaire.ACTION).count() == 2


@pytest.mark.parametrize(
    "champ", ["titre", "structure_nom", "departement", "resume", "limites", "initiative_precision"]
)
def test_un_seul_texte_different_fait_deux_fiches(champ: str) -> None:
    fiche = bloc(initiative_precision="")
    bilan = importer(fiche, fiche | {champ: "Autre chose"})
    assert comptes(bilan) == {"lues": 2, "creees": 2}


def test_une_fiche_presque_pareille_est_un_doublon_possible() -> None:
    importer(bloc(), bloc(perspectives="Planter des arbres fruitiers, et des haies."))
    premiere, seconde = Experience.objects.order_by("pk")
    point = PointAVerifier.objects.get(genre=GenrePoint.DOUBLON)
    assert (point.experience, point.proche_de) == (seconde, premiere)


def test_un_doublon_possible_est_vu_d_un_import_a_l_autre() -> None:
    importer(bloc())
    importer(bloc(titre="Le jardin de nos voisins", limites="Le gel"), fichier="suite.txt")
    assert PointAVerifier.objects.filter(genre=GenrePoint.DOUBLON).count() == 1


def test_deux_fiches_differentes_d_une_structure_ne_sont_pas_un_doublon() -> None:
    importer(
        bloc(),
        bloc(titre="Chorale du lundi", resume="On chante à plusieurs voix, sans savoir lire la musique."),
    )
    assert not PointAVerifier.objects.filter(genre=GenrePoint.DOUBLON).exists()


@pytest.mark.parametrize("ordre", list(permutations(range(3))))
def test_l_ordre_des_blocs_ne_change_ni_les_fiches_ni_leurs_partenaires(ordre: tuple[int, ...]) -> None:
    trois = [bloc(partenaires_action=[nom]) for nom in ("Préfecture", "CARSAT", "Préfecture")]
    importer(*(trois[rang] for rang in ordre))
    fiche = Experience.objects.get()
    assert {p.partenaire.slug for p in fiche.partenariats.all()} == {"prefecture", "carsat"}
    assert fiche.sources.count() == 3


# --- Repérer -----------------------------------------------------------------------------------------
def test_l_argent_et_les_personnes_sont_ranges_a_cote_du_texte() -> None:
    importer(
        bloc(ressources_financieres="environ 1 200 € par an", personnes_mobilisees="2 salariés, 12 bénévoles")
    )
    fiche = Experience.objects.get()
    assert fiche.budget == Decimal(1200)
    assert fiche.ressources_financieres == "environ 1 200 € par an"
    lus = {moyen.genre: moyen for moyen in Moyen.objects.all()}
    assert set(lus) == {GenreMoyen.MONTANT, GenreMoyen.PROFESSIONNELS, GenreMoyen.BENEVOLES}
    for moyen in lus.values():
        assert getattr(fiche, moyen.champ)[moyen.debut : moyen.fin] == moyen.extrait
    assert lus[GenreMoyen.MONTANT].est_approximatif


def test_les_donnees_de_personnes_sont_signalees_et_le_texte_reste_entier() -> None:
    texte = "Contact : Mme Durand, 06 12 34 56 78, durand@exemple.fr"
    bilan = importer(bloc(description=texte, departement="Allier"))
    assert Experience.objects.get().description == texte
    assert set(
        PointAVerifier.objects.exclude(genre=GenrePoint.VALEUR_INCONNUE).values_list("genre", "extrait")
    ) == {
        ("personne", "Mme Durand"),
        ("telephone", "06 12 34 56 78"),
        ("courriel", "durand@exemple.fr"),
    }
    assert bilan.genres["telephone"] == 1


# --- Rejouer -----------------------------------------------------------------------------------------
def test_un_second_import_ne_change_rien() -> None:
    fiches = [bloc(), bloc(partenaires_action=["CARSAT"]), bloc(), bloc(titre="Autre", publics=["Aidants"])]
    importer(*fiches)
    avant = etat()
    assert comptes(importer(*fiches)) == {"lues": 4, "inchangees": 4}
    assert etat() == avant


def test_la_fiche_ancienne_est_importee_avec_ses_propres_champs() -> None:
    from tests.catalogue.test_lecture import DONNEES, lire

    importer_blocs(lire(DONNEES / "fiche-ancienne.txt", "fiche-ancienne.txt").blocs, par=SYSTEME)
    fiche = Experience.objects.get(titre="Le café des langues")
    assert fiche.elements_diagnostic.startswith("Des mères venaient")
    assert fiche.impacts.endswith("adhérentes.")
    themes = fiche.classements.filter(terme__famille=FamilleTerme.THEME)
    assert [c.terme.libelle for c in themes] == ["Adultes femmes", "Lutte contre l'exclusion"]


def test_un_import_coupe_entre_deux_lots_puis_relance_finit_dans_le_meme_etat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fiches = [
        bloc(
            titre=f"Action {rang // 2}",
            structure_nom=f"CENTRE {rang % 3}",
            partenaires_action=[f"Partenaire {rang}"],
        )
        for rang in range(12)
    ]
    monkeypatch.setattr(importation, "LOT", 5)
    importer(*fiches)
    entier = etat()
    for modele in (Experience, Structure, Terme, LigneJournal, Changement):
        modele.objects.all().delete()
    _vider_les_partenaires()

    ecrire_lot = importation._Import._ecrire
    lots = []

    def couper_au_deuxieme(soi: Any, decides: Any) -> None:
        lots.append(len(decides))
        ecrire_lot(soi, decides)
        if len(lots) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(importation._Import, "_ecrire", couper_au_deuxieme)
    with pytest.raises(KeyboardInterrupt):
        importer(*fiches)
    assert BlocSource.objects.count() == 5
    monkeypatch.setattr(importation._Import, "_ecrire", ecrire_lot)
    bilan = importer(*fiches)
    assert bilan.en_dict()["inchangees"] == 5
    assert etat() == entier


def _vider_les_partenaires() -> None:
    from maillage.territoire.models import Partenaire

    Partenaire.objects.all().delete()


def test_un_lot_est_ecrit_en_un_nombre_fixe_de_requetes(django_assert_max_num_queries: Any) -> None:
    importer(bloc(titre="Pour créer la structure et les termes"))
    lues = blocs(*(bloc(titre=f"Action {rang}", limites=f"{rang}") for rang in range(60)), fichier="lot.txt")
    with django_assert_max_num_queries(60 if connection.vendor == "sqlite" else 40):
        importer_blocs(lues, par=SYSTEME)
