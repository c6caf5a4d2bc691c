"""La personne-canari : un jeton dans chaque champ déclaré, tout dans l'archive, rien après l'effacement."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.activites.models import (
    Benevole,
    FormationDeBenevole,
    HeuresDeBenevolat,
    Inscription,
    Presence,
)
from maillage.core.conservation import apres_avoir_restaure, avant_de_restaurer, declarations
from maillage.core.ecriture import GesteRefuse
from maillage.core.francais import date_longue
from maillage.core.journal import SYSTEME
from maillage.core.models import Courrier
from maillage.personnes.choices import (
    EtatDemandeDeDroits,
    EtatPersonne,
    GenreDemandeDeDroits,
    LienDeFoyer,
    ObjetDeConsentement,
)
from maillage.personnes.models import Personne
from maillage.personnes.operations import (
    deposer_personnes,
    effacer_personne,
    fonder_foyer,
    geler_personne,
    noter_accord,
    noter_personne,
    recevoir_demande_de_droits,
    repondre_a_la_demande,
    reunir_personnes,
)
from tests.activites.fabriques import ActiviteFactory, SeanceFactory
from tests.distribution import Distribution
from tests.personnes.fabriques import PersonneFactory, ProvenanceFactory, ouvrir_les_champs

ClientDe = Callable[[str], Client]
JETON = "Zorglub"
MECANIQUE = {"id", "version", "cree_le", "modifie_le", "structure"}


def canari(distribution: Distribution) -> Personne:
    """Un jeton dans chaque champ libre ; une valeur dans les autres."""
    centre, par = distribution.deux_ponts, distribution.amina
    ouvrir_les_champs(centre)
    personne = noter_personne(
        centre,
        {
            **{nom: f"{JETON}-{nom}" for nom in ("prenom", "nom", "adresse", "autorises")},
            "telephone": f"{JETON}-tel",
            "courriel": f"{JETON}@exemple.fr",
            "naissance": 1987,
            "genre": "femmes",
            "quotient": "2",
            "publics": [f"{JETON}-public"],
            "adhesion": date(2027, 8, 31),
            "provenance": ProvenanceFactory(structure=centre),
        },
        par=par,
    )
    fonder_foyer(personne, "", LienDeFoyer.RESPONSABLE, par=par)
    noter_accord(
        personne,
        ObjetDeConsentement.PARTAGE,
        precision=f"{JETON}-partenaire",
        donne_par=f"{JETON}-parent",
        par=par,
    )
    demande = recevoir_demande_de_droits(
        personne, GenreDemandeDeDroits.ACCES, recue_le=timezone.localdate(), par=par
    )
    repondre_a_la_demande(demande, EtatDemandeDeDroits.SATISFAITE, f"{JETON}-reponse", par=par)
    activite = ActiviteFactory(structure=centre, titre="Atelier")
    seance = SeanceFactory(activite=activite, debut=datetime(2026, 5, 4, 12, tzinfo=UTC))
    Inscription.objects.create(activite=activite, personne=personne)
    Presence.objects.create(seance=seance, personne=personne, age=39)
    benevole = Benevole.objects.create(
        structure=centre, personne=personne, missions=f"{JETON}-m", disponibilites=f"{JETON}-d"
    )
    HeuresDeBenevolat.objects.create(
        structure=centre, benevole=benevole, heures=Decimal(3), mission=f"{JETON}-mission"
    )
    FormationDeBenevole.objects.create(benevole=benevole, titre=f"{JETON}-formation", heures=Decimal(2))
    Courrier.objects.create(
        destinataire=f"{JETON}@exemple.fr", sujet="Votre atelier", texte=f"Bonjour {JETON}"
    )
    deposer_personnes("liste.csv", f"Prénom;Nom\n{JETON};Bo\n".encode(), structure=centre, par=par)
    return personne


def lignes_de_la_base() -> dict[str, list[str]]:
    """Toute la base, table par table, en texte."""
    lues = {}
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names(curseur):
            curseur.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            lues[table] = [str(ligne) for ligne in curseur.fetchall()]
    return lues


def fichiers() -> list[Path]:
    return [chemin for chemin in Path(default_storage.path(".")).rglob("*") if chemin.is_file()]


def test_un_champ_qui_porte_une_personne_se_declare() -> None:
    """Un champ nouveau sans but, sans durée, sans destin à l'effacement : la porte reste fermée."""
    declares = {declaration.modele: declaration for declaration in declarations()}
    fautes = []
    for modele in apps.get_models():
        cles = [
            champ.name
            for champ in modele._meta.concrete_fields
            if isinstance(champ, models.ForeignKey) and champ.related_model is Personne
        ]
        if not cles and modele is not Personne:
            continue
        nom = modele._meta.label_lower
        if nom in {"personnes.fusiondepersonnes", "personnes.paireecartee"}:
            continue  # deux numéros, et des lignes mises de côté : supprimées par l'effacement
        declares_ici = set(declares[nom].champs) if nom in declares else set()
        connus = MECANIQUE | set(cles) - {"fusionnee_dans"}
        fautes += [
            f"{nom}.{champ.name}"
            for champ in modele._meta.concrete_fields
            if champ.name not in declares_ici | connus
        ]
    assert not fautes


@pytest.mark.parametrize(
    "interdit",
    [
        "nir",
        "securite_sociale",
        "religion",
        "origine",
        "nationalite",
        "sante",
        "medical",
        "casier",
        "handicap",
    ],
)
def test_aucun_champ_interdit_n_existe(interdit: str) -> None:
    noms = [
        f"{modele._meta.label}.{champ.name} {getattr(champ, 'verbose_name', '')}".lower()
        for modele in apps.get_models()
        if modele._meta.app_label in {"personnes", "accueil", "activites"}
        for champ in modele._meta.get_fields()
    ]
    assert not [nom for nom in noms if interdit in nom.replace("é", "e").split(".", 1)[1].split("_")]


def test_l_archive_porte_tout_ce_que_le_centre_sait(distribution: Distribution, client_de: ClientDe) -> None:
    personne = canari(distribution)
    amina = client_de("amina")
    amina.get(reverse("personne", args=[personne.pk]))
    recue = amina.get(reverse("personne_archive_json", args=[personne.pk])).content.decode()
    page = amina.get(reverse("personne_archive", args=[personne.pk])).content.decode()
    jetons = {
        *("prenom", "nom", "adresse", "autorises", "tel", "public", "partenaire", "parent"),
        *("reponse", "m", "d", "mission", "formation"),
    }
    for texte in (recue, page):
        assert not {jeton for jeton in jetons if f"{JETON}-{jeton}" not in texte}
        for attendu in ("Atelier", "1987", "Amina Benali"):
            assert attendu in texte
    titres = [chapitre["titre"] for chapitre in json.loads(recue)["chapitres"] if chapitre["lignes"]]
    assert "Les présences" in titres and "Qui a ouvert la fiche" in titres


@pytest.mark.django_db(transaction=True)
def test_apres_l_effacement_plus_rien_ne_la_nomme_et_les_comptes_ne_bougent_pas(
    distribution: Distribution,
) -> None:
    deja = set(fichiers())  # un test annulé laisse les siens
    personne = canari(distribution)
    assert len(set(fichiers()) - deja) == 1
    reunie = PersonneFactory(
        structure=distribution.deux_ponts,
        prenom=JETON,
        etat=EtatPersonne.FUSIONNEE,
        fusionnee_dans=personne,
    )
    assert any(JETON.lower() in str(lignes).lower() for lignes in lignes_de_la_base().values())
    effacer_personne(personne, raison="demande", par=distribution.amina)
    restes = [
        (table, ligne)
        for table, lignes in lignes_de_la_base().items()
        for ligne in lignes
        if JETON.lower() in ligne.lower()
    ]
    assert restes == []
    assert set(fichiers()) <= deja, "le classeur qui attendait est effacé"
    personne.refresh_from_db()
    reunie.refresh_from_db()
    assert personne.etat == reunie.etat == EtatPersonne.EFFACEE
    assert (personne.genre, personne.naissance, str(personne)) == ("femmes", None, "Personne effacée")
    assert personne.provenance is not None, "le quartier compte encore"
    assert Presence.objects.get(personne=personne).age == 26, "le premier âge de sa bande"
    assert Inscription.objects.filter(personne=personne).count() == 1
    assert HeuresDeBenevolat.objects.get().heures == 3


@pytest.mark.django_db(transaction=True)
def test_une_restauration_ne_ramene_personne_et_ne_touche_pas_au_suivant(
    distribution: Distribution,
) -> None:
    personne = PersonneFactory(structure=distribution.deux_ponts, prenom="Adam", nom="Bo")
    voisine = PersonneFactory(structure=distribution.deux_ponts)
    avant = Personne.objects.filter(pk=personne.pk).values().get()
    effacer_personne(personne, raison="demande", par=distribution.amina)
    avant_de_restaurer()
    # La base d'avant revient : ni la fiche vidée, ni la trace de l'effacement.
    Personne.objects.filter(pk=personne.pk).update(**avant)
    apres_avoir_restaure()
    apres_avoir_restaure()
    personne.refresh_from_db()
    voisine.refresh_from_db()
    assert personne.etat == EtatPersonne.EFFACEE and personne.nom == ""
    assert voisine.etat == EtatPersonne.ACTIVE
    # Un autre reçoit un jour ce numéro : il n'est pas elle.
    autre: dict[str, Any] = avant | {"cree_le": avant["cree_le"] + timedelta(days=1), "prenom": "Zoé"}
    Personne.objects.filter(pk=personne.pk).update(**autre)
    apres_avoir_restaure()
    personne.refresh_from_db()
    assert personne.prenom == "Zoé"


def test_une_demande_a_un_mois_et_ne_se_ferme_qu_une_fois(distribution: Distribution) -> None:
    personne = PersonneFactory(structure=distribution.deux_ponts)
    par = distribution.amina
    demande = recevoir_demande_de_droits(
        personne, GenreDemandeDeDroits.EFFACEMENT, recue_le=date(2026, 1, 31), par=par
    )
    assert demande.echeance == date(2026, 2, 28)
    decembre = recevoir_demande_de_droits(
        personne, GenreDemandeDeDroits.ACCES, recue_le=date(2025, 12, 15), par=par
    )
    assert decembre.echeance == date(2026, 1, 15)
    with pytest.raises(GesteRefuse, match="raison"):
        repondre_a_la_demande(demande, EtatDemandeDeDroits.REJETEE, " ", par=par)
    repondre_a_la_demande(demande, EtatDemandeDeDroits.SATISFAITE, "", par=par)
    with pytest.raises(GesteRefuse):
        repondre_a_la_demande(demande, EtatDemandeDeDroits.REJETEE, "Non.", par=par)


def test_une_fiche_gelee_ne_se_montre_qu_a_la_direction(
    distribution: Distribution, client_de: ClientDe
) -> None:
    personne = PersonneFactory(structure=distribution.deux_ponts, prenom="Quentin")
    geler_personne(personne, par=distribution.amina)
    fiche = reverse("personne", args=[personne.pk])
    assert client_de("ines").get(fiche).status_code == 404
    assert "Quentin" not in client_de("ines").get(reverse("personnes")).content.decode()
    assert client_de("amina").get(fiche).status_code == 200
    assert client_de("amina").get(reverse("personne_corriger", args=[personne.pk])).status_code == 404


def test_effacer_demande_le_nom_entier(distribution: Distribution, client_de: ClientDe) -> None:
    personne = PersonneFactory(structure=distribution.deux_ponts, prenom="Adam", nom="Bo")
    adresse = reverse("personne_effacer", args=[personne.pk])
    assert client_de("ines").post(adresse, {"nom": "Adam Bo"}).status_code == 404
    client_de("amina").post(adresse, {"nom": "Adam"})
    personne.refresh_from_db()
    assert personne.etat == EtatPersonne.ACTIVE
    client_de("amina").post(adresse, {"nom": "adam bo"})
    personne.refresh_from_db()
    assert personne.etat == EtatPersonne.EFFACEE


def test_effacer_une_fiche_reunie_efface_toute_la_personne(
    distribution: Distribution, client_de: ClientDe
) -> None:
    centre, par = distribution.deux_ponts, distribution.ines
    gardee, entre, reunie = (
        PersonneFactory(structure=centre, prenom="Ada", nom="Bo", telephone="0612345678") for _ in range(3)
    )
    reunir_personnes(entre, reunie, par=par)
    reunir_personnes(gardee, entre, par=par)
    amina = client_de("amina")
    page = amina.get(reverse("personne_droits", args=[reunie.pk])).content.decode()
    assert reverse("personne_effacer", args=[gardee.pk]) in page
    assert (
        str(gardee.pk) in amina.get(reverse("personne_archive_json", args=[reunie.pk]))["Content-Disposition"]
    )
    amina.post(reverse("personne_effacer", args=[reunie.pk]), {"nom": "Ada Bo"})
    for une in (gardee, entre, reunie):
        une.refresh_from_db()
        assert une.etat == EtatPersonne.EFFACEE and not une.nom


def test_effacer_ferme_la_demande_d_effacement(distribution: Distribution) -> None:
    personne, par = PersonneFactory(structure=distribution.deux_ponts), distribution.amina
    jour = timezone.localdate()
    effacer, voir = (
        recevoir_demande_de_droits(personne, genre, recue_le=jour, par=par)
        for genre in (GenreDemandeDeDroits.EFFACEMENT, GenreDemandeDeDroits.ACCES)
    )
    effacer_personne(personne, raison="demande", par=par)
    for demande in (effacer, voir):
        demande.refresh_from_db()
    assert (effacer.etat, effacer.close_par, effacer.personne) == (EtatDemandeDeDroits.SATISFAITE, par, None)
    assert (voir.etat, voir.close_par, voir.personne) == (EtatDemandeDeDroits.REJETEE, par, None)
    seconde = PersonneFactory(structure=distribution.deux_ponts)
    demande = recevoir_demande_de_droits(seconde, GenreDemandeDeDroits.EFFACEMENT, recue_le=jour, par=par)
    effacer_personne(seconde, raison="conservation", par=SYSTEME)
    demande.refresh_from_db()
    assert (demande.etat, demande.close_par) == (EtatDemandeDeDroits.SATISFAITE, None)


@pytest.mark.parametrize(
    ("genre", "etat"),
    [
        (GenreDemandeDeDroits.ACCES, EtatDemandeDeDroits.REJETEE),
        (GenreDemandeDeDroits.RECTIFICATION, EtatDemandeDeDroits.REJETEE),
        (GenreDemandeDeDroits.EFFACEMENT, EtatDemandeDeDroits.SATISFAITE),
        (GenreDemandeDeDroits.LIMITATION, EtatDemandeDeDroits.REJETEE),
        (GenreDemandeDeDroits.OPPOSITION, EtatDemandeDeDroits.SATISFAITE),
    ],
)
def test_effacer_repond_a_toute_demande_ouverte_et_le_dit_sans_nommer(
    genre: GenreDemandeDeDroits, etat: EtatDemandeDeDroits, distribution: Distribution
) -> None:
    """Une demande sans personne n'a plus de page : ouverte, elle resterait sans réponse pour toujours."""
    centre, par = distribution.deux_ponts, distribution.amina
    gardee, reunie = (PersonneFactory(structure=centre, prenom=JETON, nom="Bo") for _ in range(2))
    jour = timezone.localdate()
    close = recevoir_demande_de_droits(reunie, genre, recue_le=jour, par=par)
    repondre_a_la_demande(close, EtatDemandeDeDroits.SATISFAITE, f"Fait pour {JETON}.", par=par)
    ouverte = recevoir_demande_de_droits(reunie, genre, recue_le=jour, par=par)
    reunir_personnes(gardee, reunie, par=par)
    effacer_personne(gardee, raison="conservation", par=SYSTEME)
    for demande in (close, ouverte):
        demande.refresh_from_db()
    assert (ouverte.etat, ouverte.personne, ouverte.close_par) == (etat, None, None)
    assert ouverte.close_le is not None and JETON not in ouverte.reponse
    assert f"effacée le {date_longue(jour)}" in ouverte.reponse
    assert (close.etat, close.reponse, close.close_par) == (EtatDemandeDeDroits.SATISFAITE, "", par)
