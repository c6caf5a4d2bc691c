"""Ce que `.importlinter` ne sait pas dire des murs de la maison (docs/plan.md)."""

import ast

from tests.architecture.lecture import PAQUET, PIECES, appels, arbre, modules_importes, nom, programmes

# D'une pièce du dessous, on n'importe que ceci.
# (`presentation` : les mots dans lesquels la pièce se dit, les mêmes sur toutes les pages ; `exportation` : ses
# colonnes et ses masques, les mêmes dans tous les fichiers ; `horaires` : le calendrier des lieux, sans base.)
MODULES_OFFERTS = {"choices", "models", "querysets", "permissions", "operations", "recherche"}
MODULES_OFFERTS |= {"presentation", "exportation", "horaires"}
# (`requete` : la demande d'une personne connectée, dont le compte est sûr.)
MODULES_OFFERTS |= {"requete"}
# (`nominatif` : ce que demande une page qui nomme des habitants ; `prudence` : les mots dont un texte libre se garde,
# `texte_libre` : le formulaire qui les dit.)
MODULES_OFFERTS |= {"nominatif", "prudence", "texte_libre"}
# La démonstration remplit les pièces comme le ferait une personne : elle peut aussi lancer un import.
OFFERTS_A_LA_DEMO = MODULES_OFFERTS | {
    "importation",
    "champs",
    "brouillon",
    "recurrence",
    "calendrier_scolaire",
}
ECRITURES_EN_MASSE = {"bulk_create", "bulk_update", "abulk_create", "abulk_update", "aupdate"}
ECRITURES = {"save", "delete", "create", "get_or_create", "update_or_create"}
# Les actes et les imports écrivent ; la mécanique écrit ses propres tables.
LIEUX_D_ECRITURE = ("operations", "importation")


def _piece(fichier_ou_module: str) -> str:
    return fichier_ou_module.split(".")[1]


def _ecrit_de_droit(chemin: str) -> bool:
    return chemin.startswith("maillage/core/") or any(f"/{lieu}" in chemin for lieu in LIEUX_D_ECRITURE)


def test_une_piece_ne_prend_a_une_autre_que_ce_qu_elle_offre() -> None:
    fautes = []
    for fichier in programmes():
        piece = fichier.relative_to(PAQUET).parts[0]
        if piece not in PIECES:
            continue
        offerts = OFFERTS_A_LA_DEMO if piece == "demo" else MODULES_OFFERTS
        for ligne, module in modules_importes(fichier):
            morceaux = module.split(".")
            if morceaux[0] != "maillage" or len(morceaux) < 3 or morceaux[1] in {piece, "core"}:
                continue
            if morceaux[1] in PIECES and morceaux[2] not in offerts:
                fautes.append(f"{nom(fichier)}:{ligne} importe {module}")
    assert not fautes


def test_ni_signal_ni_admin() -> None:
    interdits = ("django.db.models.signals", "django.dispatch", "django.contrib.admin")
    fautes = [
        f"{nom(fichier)}:{ligne} {module}"
        for fichier in programmes()
        for ligne, module in modules_importes(fichier)
        if module.startswith(interdits)
    ]
    assert not fautes


def test_aucun_modele_ne_surcharge_l_enregistrement() -> None:
    """Une règle cachée dans `save` échappe aux imports et aux mises à jour en masse."""
    fautes = [
        f"{nom(fichier)}:{methode.lineno} {classe.name}.{methode.name}"
        for fichier in programmes()
        if fichier.name == "models.py" or "models" in fichier.parts
        for classe in ast.walk(arbre(fichier))
        if isinstance(classe, ast.ClassDef)
        for methode in classe.body
        if isinstance(methode, ast.FunctionDef) and methode.name in {"save", "delete", "save_base"}
    ]
    assert not fautes


def test_les_ecritures_en_masse_restent_dans_les_operations_et_les_imports() -> None:
    """Ailleurs, une écriture en masse passerait à côté du journal et des changements."""
    fautes = []
    for fichier in programmes():
        if _ecrit_de_droit(nom(fichier)):
            continue
        for appele, appel in appels(fichier):
            # `requete.update(champ=…)` n'a que des mots-clés ; `dictionnaire.update(autre)` a un argument.
            mise_a_jour = appele == "update" and appel.keywords and not appel.args
            if appele in ECRITURES_EN_MASSE or mise_a_jour:
                fautes.append(f"{nom(fichier)}:{appel.lineno} {appele}")
    assert not fautes


def test_les_pages_n_ecrivent_pas_elles_memes() -> None:
    """Une page appelle une opération ; elle n'enregistre, ne crée et ne supprime rien."""
    fautes = []
    for fichier in programmes():
        etage = fichier.relative_to(PAQUET).parts[1:2]
        if not etage or etage[0].removesuffix(".py") not in {
            "views",
            "api",
            "forms",
            "tables",
            "presentation",
        }:
            continue
        for appele, appel in appels(fichier):
            if appele in ECRITURES and isinstance(appel.func, ast.Attribute):
                if isinstance(appel.func.value, ast.Call) and appel.func.attr == "save":
                    continue  # super().save(…) d'un formulaire de la bibliothèque des comptes
                fautes.append(f"{nom(fichier)}:{appel.lineno} .{appele}(…)")
    assert not fautes


def test_chaque_piece_dit_ce_qui_y_vit() -> None:
    courts = {
        piece: len((PAQUET / piece / "LISEZMOI.md").read_text(encoding="utf-8").splitlines())
        for piece in (*PIECES, "core")
    }
    assert all(8 <= lignes <= 30 for lignes in courts.values()), courts


def test_un_fichier_reste_une_idee() -> None:
    """Au-delà de 400 lignes, un fichier devient un paquet, un concept par fichier."""
    racine = PAQUET.parent
    longs = [
        f"{nom(fichier)} : {lignes} lignes"
        for dossier in (PAQUET, racine / "tests", racine / "outils")
        for fichier in sorted(dossier.rglob("*"))
        if fichier.suffix in {".py", ".html", ".css", ".js", ".typ"} and "migrations" not in fichier.parts
        if (lignes := len(fichier.read_text(encoding="utf-8").splitlines())) > 400
    ]
    assert not longs
