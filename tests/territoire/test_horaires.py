"""Horaires : lus d'une notation, dits en français, vrais à l'heure du lieu."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from maillage.territoire.horaires import (
    Fermeture,
    HorairesIllisibles,
    Plage,
    dire_dates,
    etat_du_lieu,
    fuseau,
    jour_ferie,
    lire,
    tableaux,
)

SEMAINE = "Mo-Fr 09:00-12:00,14:00-18:00; Sa 09:30-12:30; PH off"
ANTENNE = "Mo 14:00-18:00; We 09:00-12:00,14:00-18:00; Th 16:00-19:00; PH off"


def a_paris(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/Paris"))


def phrase(notation: str, moment: str, **lieu: object) -> str | None:
    etat = etat_du_lieu(lire(notation), a_paris(moment), **lieu)  # type: ignore[arg-type]
    return etat.phrase.replace("\u00a0", " ") if etat else None


# --- Refus ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notation", "a_partir_de"),
    [
        ("lundi 9h-12h", "lundi"),
        ("Mo 9-12", "9"),
        ("Mo 09:00+", "+"),
        ("Mo 25:00-26:00", "25:00"),
        ("Mo 09:75-10:00", "09:75"),
        ("Mo", "la fin"),
        ("Mo-Fr 09:00-", "la fin"),
        ("Mo- 09:00-10:00", "09:00"),
        ("Mo 09:00-12:00 Tu", "Tu"),
        ("Sa[9] 10:00-11:00", "[9]"),
        ("Aug 42 off", "42"),
        ("week 3 Mo 09:00-10:00", "week"),
        ("sunrise-sunset", "sunrise"),
        ("Mo 09:00-12:00 \0", "\0"),
        ('Mo 09:00-12:00 "sans fin', '"'),
    ],
)
def test_une_notation_incomprise_est_refusee_en_disant_ou_et_quoi_ecrire(
    notation: str, a_partir_de: str
) -> None:
    with pytest.raises(HorairesIllisibles) as refus:
        lire(notation)
    assert a_partir_de.strip() in str(refus.value)
    assert "Mo-Fr 09:00-12:00" in str(refus.value)


# --- Lire -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notation", "jour", "attendu"),
    [
        (SEMAINE, date(2026, 11, 20), [(540, 720), (840, 1080)]),
        (SEMAINE, date(2026, 11, 22), []),
        ("Fr-Mo 10:00-11:00", date(2026, 11, 22), [(600, 660)]),
        ("mo,th 10:00-11:00", date(2026, 11, 19), [(600, 660)]),
        ("10:00-11:00", date(2026, 11, 22), [(600, 660)]),
        ("Mo-Fr 09:00-18:00; We off", date(2026, 11, 18), []),
        ("Mo-Fr 09:00-18:00; We 10:00-11:00", date(2026, 11, 18), [(600, 660)]),
        ("Mo-Fr 09:00-12:00, We 14:00-18:00", date(2026, 11, 18), [(540, 720), (840, 1080)]),
        ("Sa[1] 10:00-12:00", date(2026, 11, 7), [(600, 720)]),
        ("Sa[1] 10:00-12:00", date(2026, 11, 14), []),
        ("Sa[-1] 10:00-12:00", date(2026, 11, 28), [(600, 720)]),
        ("Sa[2,4] 10:00-12:00", date(2026, 11, 28), [(600, 720)]),
        ("Sep-Jun 09:00-18:00; Jul-Aug 09:00-12:00", date(2026, 7, 1), [(540, 720)]),
        ("Sep-Jun 09:00-18:00; Jul-Aug 09:00-12:00", date(2026, 1, 1), [(540, 1080)]),
        ("Mo-Su 09:00-18:00; Dec 24-Jan 02 off", date(2026, 12, 31), []),
        ("Mo-Su 09:00-18:00; Dec 24-Jan 02 off", date(2027, 1, 3), [(540, 1080)]),
        ("Mo-Su 09:00-18:00; Aug 01-15 closed", date(2026, 8, 15), []),
        ("24/7", date(2026, 5, 1), [(0, 1440)]),
    ],
)
def test_les_plages_d_un_jour(notation: str, jour: date, attendu: list[tuple[int, int]]) -> None:
    assert lire(notation).journee(jour).plages == tuple(Plage(*plage) for plage in attendu)


def test_un_jour_ferie_suit_sa_regle_meme_ecrite_avant_les_autres() -> None:
    horaires = lire("PH off; Mo-Fr 09:00-18:00")
    assert horaires.journee(date(2026, 12, 25), ferie=True).plages == ()


def test_les_vacances_suivent_leur_regle_et_la_semaine_garde_la_sienne() -> None:
    horaires = lire("Mo-Fr 09:00-18:00; SH Mo-Fr 10:00-12:00")
    jour = date(2026, 11, 18)
    assert horaires.journee(jour, vacances=True).plages == (Plage(600, 720),)
    assert horaires.journee(jour).plages == (Plage(540, 1080),)


# --- Dire -------------------------------------------------------------------------------------------


def lignes(notation: str) -> dict[str, list[tuple[str, str]]]:
    return {
        tableau.titre.replace("\u00a0", " "): [
            (ligne.jours, ligne.heures.replace("\u00a0", " ")) for ligne in tableau.lignes
        ]
        for tableau in tableaux(lire(notation))
    }


def test_les_jours_qui_se_suivent_et_se_ressemblent_sont_reunis() -> None:
    assert lignes(SEMAINE) == {
        "": [
            ("Lundi au vendredi", "9 h – 12 h, 14 h – 18 h"),
            ("Samedi", "9 h 30 – 12 h 30"),
            ("Dimanche", "Fermé"),
            ("Jours fériés", "Fermé"),
        ]
    }


def test_les_jours_fermes_epars_sont_dits_une_fois() -> None:
    assert [jours for jours, _ in lignes(ANTENNE)[""]] == [
        "Lundi",
        "Mercredi",
        "Jeudi",
        "Autres jours",
        "Jours fériés",
    ]


def test_rien_de_la_notation_n_est_tu() -> None:
    notation = (
        'Mo,Tu 14:00-16:00 "sur rendez-vous"; Sa[1] 10:00-12:00; SH Mo-Fr 10:00-17:00; Aug 01-15 off;'
        "Jul-Aug Mo 09:00-12:00; Dec 25 off"
    )
    assert lignes(notation) == {
        "": [
            ("Lundi et mardi", "14 h – 16 h (sur rendez-vous)"),
            ("Mercredi au dimanche", "Fermé"),
            ("Premier samedi du mois", "10 h – 12 h"),
            ("Vacances scolaires, lundi au vendredi", "10 h – 17 h"),
        ],
        "Du 1er au 15 août": [("Tous les jours", "Fermé")],
        "Juillet et août": [
            ("Lundi", "9 h – 12 h"),
            ("Mardi", "14 h – 16 h (sur rendez-vous)"),
            ("Mercredi au dimanche", "Fermé"),
        ],
        "Le 25 décembre": [("Tous les jours", "Fermé")],
    }


def test_sans_heure_une_precision_parle_seule() -> None:
    assert lignes('"sur rendez-vous"') == {"": [("Tous les jours", "Sur rendez-vous")]}


@pytest.mark.parametrize(
    ("du", "au", "attendu"),
    [
        (date(2026, 11, 27), date(2026, 11, 27), "vendredi 27 novembre"),
        (date(2026, 8, 1), date(2026, 8, 15), "du 1er au 15 août"),
        (date(2026, 12, 24), date(2027, 1, 2), "du 24 décembre au 2 janvier"),
        (date(2026, 8, 1), date(2026, 8, 31), "du 1er au 31 août"),
    ],
)
def test_des_dates_se_disent_en_toutes_lettres(du: date, au: date, attendu: str) -> None:
    assert dire_dates(du, au).replace("\u00a0", " ") == attendu


# --- État -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notation", "moment", "attendu"),
    [
        (SEMAINE, "2026-11-20T09:00", "Ouvert jusqu’à 12 h"),
        (SEMAINE, "2026-11-20T12:00", "Fermé, ouvre à 14 h"),
        (SEMAINE, "2026-11-20T17:59", "Ouvert jusqu’à 18 h"),
        (SEMAINE, "2026-11-20T18:00", "Fermé, ouvre demain à 9 h 30"),
        (ANTENNE, "2026-11-20T10:00", "Fermé, ouvre lundi à 14 h"),
        (SEMAINE, "2026-12-25T10:00", "Fermé, ouvre demain à 9 h 30"),
        ("Sep-Jun Mo 09:00-12:00", "2026-07-01T10:00", "Fermé"),
        ("Sep-Jun Mo-Fr 09:00-12:00", "2026-08-20T10:00", "Fermé, ouvre le 1er septembre à 9 h"),
        ("Fr 20:00-02:00; PH off", "2026-11-21T01:30", "Ouvert jusqu’à 2 h"),
        ("Fr 20:00-24:00; Sa 00:00-04:00; PH off", "2026-11-20T21:00", "Ouvert jusqu’à 4 h"),
        ("24/7", "2026-05-01T03:00", "Ouvert 24 h sur 24"),
        ("Mo-Fr 09:00-12:00", "2026-12-25T10:00", "Jour férié : appelez avant de venir"),
        ('"sur rendez-vous"', "2026-11-20T10:00", "Sur rendez-vous"),
        ("", "2026-11-20T10:00", None),
        ("Aug off", "2026-11-20T10:00", None),
    ],
)
def test_l_etat_a_un_moment(notation: str, moment: str, attendu: str | None) -> None:
    assert phrase(notation, moment) == attendu


@pytest.mark.parametrize(
    ("precision", "moment", "attendu"),
    [
        ("", "2026-11-27T10:00", "Fermé, ouvre demain à 9 h 30"),
        ("après-midi", "2026-11-27T10:00", "Ouvert jusqu’à 12 h"),
        ("après-midi", "2026-11-27T13:00", "Fermé, ouvre demain à 9 h 30"),
        ("matin", "2026-11-27T10:00", "Fermé, ouvre à 14 h"),
        ("à partir de 16 h", "2026-11-27T10:00", "Horaires modifiés aujourd’hui"),
    ],
)
def test_une_fermeture_annoncee_change_l_etat(precision: str, moment: str, attendu: str) -> None:
    fermeture = Fermeture(date(2026, 11, 27), date(2026, 11, 27), precision)
    assert phrase(SEMAINE, moment, fermetures=[fermeture]) == attendu


def test_quand_les_vacances_changeraient_la_reponse_on_le_dit_au_lieu_de_deviner() -> None:
    notation = "Mo-Fr 09:00-12:00; SH Mo-Fr 14:00-17:00; PH off"
    assert phrase(notation, "2026-11-18T10:00") == "Horaires différents pendant les vacances scolaires"
    assert phrase(notation, "2026-11-21T10:00") == "Fermé"


def test_l_etat_se_dit_a_l_heure_du_lieu() -> None:
    """Il est 10 h à Paris : 13 h à La Réunion, et encore la veille au soir à Papeete."""
    moment = "2026-11-20T10:00"
    assert phrase("Mo-Fr 09:00-12:00; PH off", moment, code_departement="974") == "Fermé, ouvre lundi à 9 h"
    assert phrase("Th 20:00-24:00; PH off", moment, code_departement="987") == "Ouvert jusqu’à minuit"


# --- Calendrier -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("departement", "commune", "attendu"),
    [
        ("38", "", "Europe/Paris"),
        ("2A", "", "Europe/Paris"),
        ("971", "", "America/Guadeloupe"),
        ("973", "", "America/Cayenne"),
        ("975", "", "America/Miquelon"),
        ("976", "", "Indian/Mayotte"),
        ("987", "98735", "Pacific/Tahiti"),
        ("987", "98731", "Pacific/Marquesas"),
        ("", "", "Europe/Paris"),
    ],
)
def test_chaque_territoire_a_son_heure(departement: str, commune: str, attendu: str) -> None:
    assert fuseau(departement, commune).key == attendu


@pytest.mark.parametrize(
    ("jour", "departement", "attendu"),
    [
        (date(2026, 4, 6), "38", "lundi de Pâques"),
        (date(2026, 5, 14), "38", "Ascension"),
        (date(2026, 5, 25), "38", "lundi de Pentecôte"),
        (date(2027, 3, 29), "38", "lundi de Pâques"),
        (date(2026, 4, 3), "67", "Vendredi saint"),
        (date(2026, 4, 3), "38", None),
        (date(2026, 12, 26), "57", "saint Étienne"),
        (date(2026, 12, 20), "974", "abolition de l’esclavage"),
        (date(2026, 12, 20), "38", None),
        (date(2026, 11, 20), "38", None),
    ],
)
def test_les_jours_feries_de_chaque_territoire(jour: date, departement: str, attendu: str | None) -> None:
    assert jour_ferie(jour, departement) == attendu
