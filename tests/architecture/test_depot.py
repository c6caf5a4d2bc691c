"""Ce que le dépôt ne doit jamais porter : secret, adresse de registre, chemin de machine, texte d'autrui."""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.lecture import RACINE, fichiers_suivis, nom

PARTAGE = RACINE.parent / "shared"
MOTIFS_DE_SECRETS = [
    r"-----BEGIN (?:RSA |EC |OPENSSH |DSA )?PRIVATE KEY-----",
    r"\bAKIA[0-9A-Z]{16}\b",
    r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
    r"\bglpat-[A-Za-z0-9_-]{20}\b",
    r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    r"\bsk_live_[A-Za-z0-9]{20,}",
    r"(?i)\b(?:secret_key|maillage_secret|smtp_mot_de_passe)\s*[=:]\s*[\"'][A-Za-z0-9_\-/+=]{20,}[\"']",
    r"(?i)postgres(?:ql)?://[^:/\s]+:[^@\s{<…*]{8,}@",
]
EPINGLE = re.compile(r"^(?P<nom>[a-z0-9._-]+)(\[[\w,-]+\])?==(?P<version>\S+)( ; .+)? \\$")
MOTS_D_UNE_PHRASE = 12
MOTS_D_UNE_LOCUTION = 5
Suite = tuple[str, ...]


def _lignes_utiles(fichier: Path) -> list[str]:
    return [ligne for ligne in fichier.read_text(encoding="utf-8").splitlines() if ligne and ligne[0] != "#"]


def _versions(fichier: Path) -> dict[str, str]:
    return {t["nom"]: t["version"] for ligne in _lignes_utiles(fichier) if (t := EPINGLE.match(ligne))}


@pytest.mark.parametrize("liste", ["base", "test"])
def test_chaque_dependance_est_epinglee_avec_ses_empreintes_et_sans_adresse(liste: str) -> None:
    lignes = _lignes_utiles(RACINE / "requirements" / f"{liste}.txt")
    empreinte = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
    assert [ligne for ligne in lignes if not EPINGLE.match(ligne) and not empreinte.match(ligne)] == []
    for position, ligne in enumerate(lignes):
        if EPINGLE.match(ligne):
            assert empreinte.match(lignes[position + 1]), ligne


def test_les_tests_tournent_sur_les_versions_servies() -> None:
    base, test = (_versions(RACINE / "requirements" / f"{liste}.txt") for liste in ("base", "test"))
    assert {paquet: test.get(paquet) for paquet in base} == base


def test_le_verrou_npm_ne_nomme_aucune_adresse_et_porte_des_empreintes() -> None:
    verrou = json.loads((RACINE / "package-lock.json").read_text(encoding="utf-8"))
    paquets = {chemin: paquet for chemin, paquet in verrou["packages"].items() if chemin}
    assert paquets
    assert [
        chemin for chemin, paquet in paquets.items() if "resolved" in paquet or "integrity" not in paquet
    ] == []


def test_aucun_secret_dans_l_histoire() -> None:
    git = subprocess.run(["git", "log", "-p", "--all", "--no-color"], cwd=RACINE, capture_output=True)
    if git.returncode:
        pytest.skip("pas de dépôt git ici")
    histoire = git.stdout.decode(errors="replace")
    ajouts = "\n".join(ligne for ligne in histoire.splitlines() if ligne.startswith("+"))
    assert [trouve[0][:40] for motif in MOTIFS_DE_SECRETS for trouve in re.finditer(motif, ajouts)] == []


@pytest.mark.parametrize("motif", MOTIFS_DE_SECRETS)
def test_chaque_motif_de_secret_reconnait_quelque_chose(motif: str) -> None:
    exemples = [
        "-----BEGIN " + "PRIVATE KEY-----",
        "AKIA" + "Z" * 16,
        "ghp_" + "a" * 36,
        "glpat-" + "a" * 20,
        "xoxb-" + "1" * 12,
        "sk_live_" + "a" * 24,
        "SECRET_KEY = '" + "k" * 30 + "'",
        "postgres://maillage:" + "motdepasse" + "@base/maillage",
    ]
    assert any(re.search(motif, exemple) for exemple in exemples)


def test_aucun_chemin_de_la_machine() -> None:
    chemins = {str(RACINE), str(Path.home())} - {"/"}
    fautes = [
        f"{nom(fichier)} : {chemin}"
        for fichier, texte in _textes_suivis()
        for chemin in chemins
        if re.search(rf"{re.escape(chemin)}(?:/|\b)", texte)
    ]
    assert not fautes


def test_aucune_phrase_des_documents_recus_n_est_recopiee() -> None:
    """Les documents réels restent hors du dépôt. Les intitulés du formulaire et les noms d'organismes, qui
    y reviennent sans cesse, ne sont pas des phrases : une suite qui en contient une est permise.
    """
    if not PARTAGE.is_dir():
        pytest.skip("documents de référence absents (dossier « shared » à côté du dépôt)")
    phrases: set[Suite] = set()
    locutions: Counter[Suite] = Counter()
    for source in sorted((PARTAGE / "sources").glob("*.txt")):
        mots = _mots(source.read_text(encoding="utf-8"))
        phrases.update(_suites(mots, MOTS_D_UNE_PHRASE))
        locutions.update(_suites(mots, MOTS_D_UNE_LOCUTION))
    repetees = {locution for locution, nombre in locutions.items() if nombre > 3}
    fautes = []
    for fichier, texte in _textes_suivis():
        copiees = [
            suite
            for suite in phrases.intersection(_suites(_mots(texte), MOTS_D_UNE_PHRASE))
            if repetees.isdisjoint(_suites(list(suite), MOTS_D_UNE_LOCUTION))
        ]
        if copiees:
            fautes.append(
                f"{nom(fichier)} : {len(copiees)} suites de mots, dont « {' '.join(min(copiees))} »"
            )
    assert len(phrases) > 1000
    assert not fautes


def _mots(texte: str) -> list[str]:
    return re.findall(r"\w+", texte.casefold())


def _suites(mots: list[str], longueur: int) -> Iterable[Suite]:
    return zip(*(mots[decalage:] for decalage in range(longueur)), strict=False)


def _textes_suivis() -> list[tuple[Path, str]]:
    textes = []
    for fichier in fichiers_suivis():
        try:
            textes.append((fichier, fichier.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return textes


def test_chaque_reglage_est_dans_l_exemple_et_l_exemple_ne_ment_pas() -> None:
    lecteurs = [RACINE / "maillage" / "settings.py", RACINE / "outils" / "gunicorn.conf.py"]
    lus = {f"MAILLAGE_EDITEUR_{cle.upper()}" for cle in settings.EDITEUR}
    for lecteur in lecteurs:
        texte = lecteur.read_text(encoding="utf-8")
        lus |= set(re.findall(r'(?:env_\w+|environ\.get)\(\s*"([A-Z_]+)"', texte))
    exemple = (RACINE / ".env.exemple").read_text(encoding="utf-8")
    dits = set(re.findall(r"^([A-Z_]+)=", exemple, flags=re.MULTILINE))
    assert lus == dits
