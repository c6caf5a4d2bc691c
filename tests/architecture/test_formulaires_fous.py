"""Ce que personne n'écrirait, dans chaque champ de chaque formulaire (F12, F37, R45) : jamais une panne.

Engendré : les formulaires sont ceux que les pages montrent à chaque personne.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tests.architecture import parcours
from tests.architecture.canari import Monde
from tests.architecture.parcours import Appel, Visiteuse
from tests.architecture.test_acces import table

FOLIES = (
    "' OR 1=1 --",
    '"; DROP TABLE comptes_utilisateur; --',
    "{{ 7*7 }}{% debug %}${7*7}#{7*7}",
    "%s %(nom)s {0} {user.password} %n%n",
    "ligne\r\nX-Injecte: oui\r\nBcc: victime@exemple.fr",
    '=HYPERLINK("http://mechant.exemple")',
    "<script>alert(1)</script>",
    "nul\x00dedans",
    "\ud83d\udc69\u200d\ud83d\udc69 \u202egauche\u202c cafe\u0301 \ufeff\u2028",
    "../../../../etc/passwd",
    "9" * 400,
    "-1e999",
    "é" * 20_000,
    "2026-02-31",
    "[]",
    "",
)

QUE_LA_BASE_LIT = ("'", '"', "nul", "\ud83d", "9", "-1e999", "é", "2026")
"""Débuts de celles que deux bases pourraient recevoir autrement."""
JOUEES = FOLIES if parcours.ENTIER else tuple(f for f in FOLIES if f.startswith(QUE_LA_BASE_LIT))


def corps_fous(champs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Chaque folie dans tous les champs ; en plusieurs envois quand un seul dépasserait ce que le site reçoit."""
    for folie in JOUEES:
        poids = len(urlencode({"c": folie}, errors="surrogatepass")) + 100
        paquet = max(1, 2_000_000 // poids)
        for debut in range(0, len(champs), paquet):
            yield (
                urlencode(dict.fromkeys(champs[debut : debut + paquet], folie), errors="surrogatepass"),
                folie,
            )


@pytest.mark.plafond_de_requetes(200)
@pytest.mark.parametrize(
    "personne", ("anonyme", "amina", "lea", "nadia") if parcours.ENTIER else ("anonyme", "amina")
)
def test_aucun_champ_d_aucun_formulaire_ne_fait_tomber_le_site(
    personne: str, monde: Monde, usuelles: dict[str, dict[str, Any]]
) -> None:
    visiteuse = Visiteuse(personne, monde)
    pannes, faits = [], set()
    for nom, ligne in table().items():
        adresse = reverse(nom, kwargs=usuelles.get(nom, {})) + ligne.get("suite", "")
        page = visiteuse.appeler(Appel(nom, "GET", adresse))
        for action, champs in parcours.formulaires(page, adresse):
            cle = (parcours.nom_de(action), *champs)
            if not cle[0] or cle in faits:
                continue
            faits.add(cle)
            for corps, folie in corps_fous(list(champs)):
                code = visiteuse.code(Appel(cle[0], "POST", action, corps))
                if code >= 500:
                    pannes.append(f"{action} {folie[:30]!r} → {code}")
    assert pannes == []
    assert len(faits) > 3


@pytest.mark.parametrize("folie", FOLIES[:-1])
def test_aucun_parametre_ne_fait_tomber_une_page_publique(folie: str, monde: Monde) -> None:
    visiteuse = Visiteuse("anonyme", monde)
    for chemin in ("/experiences/", "/centres/", "/", "/experiences/suggestions", "/api/v1/recherche"):
        for cle in ("q", "page", "tri", "structure", "departement", "annee", "budget"):
            suite = urlencode({cle: folie}, errors="surrogatepass")
            assert visiteuse.code(Appel("", "GET", f"{chemin}?{suite}")) < 500, (chemin, cle)
