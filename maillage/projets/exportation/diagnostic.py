"""Le diagnostic en blocs, que le dossier assemble : chiffres, constats, paroles, rencontres, enquêtes, besoins.

Ce qui sort d'ici se lit au dehors : les petits nombres d'une enquête y sont cachés.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from maillage.catalogue.exportation.formats import ecrire
from maillage.core.documents.description import Bloc, Citation, Liste, Paragraphe, Tableau
from maillage.core.documents.texte import gras
from maillage.core.francais import compte, date_longue
from maillage.projets.chaine import lire_la_chaine
from maillage.projets.choices import GenreRencontre, NatureConstat
from maillage.projets.enquetes import lire_le_resultat
from maillage.projets.exportation.figures import a_droite, figure_de
from maillage.projets.lecture import Arbre
from maillage.projets.models import Parole, ProjetSocial, TableauDiagnostic
from maillage.projets.noms import ressemble_a_un_nom
from maillage.projets.zones import SANS_ZONE, LigneDeZones, graphique_du_tableau, lire_les_zones

COLONNES_DES_CHIFFRES = ["Libellé", "Valeur", "Unité", "Zone", "Source", "Année"]
ZONES_PAR_TABLEAU = 4
FIGURES_MAX = 4


def exporter_les_chiffres(projet: ProjetSocial, format: str) -> Iterator[bytes]:
    """Les mêmes colonnes que l'import : ce qui sort rentre. Lève `ValueError` pour un format inconnu."""
    lignes = [
        dict(
            zip(
                COLONNES_DES_CHIFFRES,
                (un.libelle, un.valeur, un.unite, un.zone, un.source, un.annee),
                strict=True,
            )
        )
        for un in projet.chiffres.order_by("rang", "pk")
    ]
    return ecrire(lignes, COLONNES_DES_CHIFFRES, format, titre="Chiffres du diagnostic")


def blocs_des_chiffres(projet: ProjetSocial) -> tuple[Bloc, ...]:
    """Les zones côte à côte, quelques dessins, puis les tableaux du projet."""
    lues = lire_les_zones(projet)
    blocs: list[Bloc] = []
    paquets = [lues.zones[i : i + ZONES_PAR_TABLEAU] for i in range(0, len(lues.zones), ZONES_PAR_TABLEAU)]
    for rang, zones in enumerate(paquets, start=1):
        rangees = [
            (ligne, [dit for zone, dit in zip(lues.zones, dits, strict=True) if zone in zones])
            for ligne, dits in lues.rangees
            if any(zone in ligne.par_zone for zone in zones)
        ]
        suite = f" ({rang} sur {len(paquets)})" if len(paquets) > 1 else ""
        blocs.append(
            Tableau(
                legende=f"Le territoire en chiffres{suite}",
                entetes=("Ce que l’on compte", *(zone or SANS_ZONE for zone in zones)),
                lignes=tuple((ligne.nom, *(dit or "–" for dit in dits)) for ligne, dits in rangees),
                alignements=a_droite(len(zones)),
                notes=_sources(ligne for ligne, _ in rangees),
                largeurs=(4, *[2] * len(zones)),
                a_entetes_de_ligne=True,
            )
        )
    if lues.seules:
        blocs.append(
            Tableau(
                legende="D’autres chiffres, chacun dans son lieu",
                entetes=("Ce que l’on compte", "Valeur", "Lieu"),
                lignes=tuple((ligne.libelle, valeur, zone) for ligne, valeur, zone in lues.seules),
                alignements=("gauche", "droite", "gauche"),
                notes=_sources(ligne for ligne, *_ in lues.seules),
                largeurs=(6, 3, 4),
                a_entetes_de_ligne=True,
            )
        )
    blocs += map(figure_de, sorted(lues.a_comparer, key=lambda un: -len(un.reperes))[:FIGURES_MAX])
    for tableau in projet.tableaux.order_by("rang", "pk"):
        blocs += _du_tableau(tableau)
    return tuple(blocs)


def _sources(lignes: Iterable[LigneDeZones]) -> tuple[str, ...]:
    """Une note par source : « Insee, 2021 : ménages sans voiture, familles monoparentales. »"""
    par_source: dict[str, list[str]] = {}
    for ligne in lignes:
        par_source.setdefault(ligne.d_ou, []).append(ligne.libelle)
    return tuple(
        f"{d_ou[:1].upper()}{d_ou[1:]} : {' ; '.join(dict.fromkeys(libelles))}."
        for d_ou, libelles in par_source.items()
    )


def _du_tableau(tableau: TableauDiagnostic) -> Iterator[Bloc]:
    """Le dessin de la première colonne, quand elle se dessine, et le tableau entier."""
    if not tableau.zones:
        return
    source = ", ".join(filter(None, (tableau.source, str(tableau.annee or ""))))
    entier = Tableau(
        legende=tableau.titre or "Chiffres par zone",
        entetes=("Ce que l’on compte", *tableau.zones),
        lignes=tuple((ligne["libelle"], *_cellules(tableau.zones, ligne)) for ligne in tableau.lignes),
        alignements=a_droite(len(tableau.zones)),
        notes=(f"Source : {source or 'non dite'}.",),
        a_entetes_de_ligne=True,
    )
    dessin = graphique_du_tableau(tableau)
    if dessin is None:
        yield entier
    else:
        yield figure_de(dessin, entier)


def _cellules(zones: Sequence[str], ligne: dict[str, Any]) -> list[str]:
    par_zone = {valeur["zone"]: str(valeur["brut"]) for valeur in ligne["valeurs"]}
    return [par_zone.get(zone, "") or "–" for zone in zones]


def blocs_des_constats(projet: ProjetSocial) -> tuple[Bloc, ...]:
    """Les quatre cases, l'une après l'autre ; une case vide ne se montre pas."""
    blocs: list[Bloc] = []
    constats = list(projet.constats.order_by("rang", "pk"))
    for nature in NatureConstat:
        siens = [un for un in constats if un.nature == nature]
        if siens:
            blocs.append(Paragraphe(gras(f"{nature.label}s")))
            blocs.append(
                Liste(tuple(f"{un.texte}{f' (source : {un.source})' if un.source else ''}" for un in siens))
            )
    return tuple(blocs)


def blocs_des_paroles(projet: ProjetSocial) -> tuple[Bloc, ...]:
    """Thème par thème, celles qui n'en ont pas à la fin."""
    blocs: list[Bloc] = []
    paroles = list(projet.paroles.order_by("rang", "pk"))
    for theme in [*projet.themes.order_by("rang", "pk"), None]:
        siennes = [une for une in paroles if une.theme_id == (theme.pk if theme else None)]
        if siennes and (theme is not None or len(siennes) < len(paroles)):
            blocs.append(Paragraphe(gras(theme.nom if theme else "D’autres paroles")))
        blocs += [Citation(une.texte, _qui(une)) for une in siennes]
    return tuple(blocs)


def _qui(parole: Parole) -> str:
    """Un nom écrit par mégarde ne part pas : la vérification le signale, et l'occasion suffit."""
    qui = "" if ressemble_a_un_nom(parole.qui) else parole.qui
    return ", ".join(filter(None, (qui, parole.occasion)))


def blocs_des_rencontres(projet: ProjetSocial) -> tuple[Bloc, ...]:
    """Qui l'on a rencontré, combien, puis ce que l'on en retient."""
    rencontres = list(projet.rencontres.all())
    if not rencontres:
        return ()
    presents = sum(une.presents for une in rencontres)
    restitutions = sum(une.genre == GenreRencontre.RESTITUTION for une in rencontres)
    dont = f", dont {compte(restitutions, 'restitution')}" if restitutions else ""
    blocs: list[Bloc] = [
        Paragraphe(
            f"{compte(len(rencontres), 'rencontre')}{dont}, {compte(presents, 'présence')} comptées. "
            "La même personne a pu venir plusieurs fois."
        ),
        Tableau(
            legende="Rencontres et restitutions du diagnostic",
            entetes=("Rencontre", "Date", "Lieu", "Présents", "Qui était là"),
            lignes=tuple(
                (
                    f"{une.titre} ({une.get_genre_display().lower()})",
                    date_longue(une.le) if une.le else "date non dite",
                    une.lieu,
                    str(une.presents or "–"),
                    ", ".join(f"{nom.lower()} : {n}" for nom, n in une.sortes),
                )
                for une in rencontres
            ),
            alignements=("gauche", "gauche", "gauche", "droite", "gauche"),
            largeurs=(5, 3, 3, 2, 4),
            a_entetes_de_ligne=True,
        ),
    ]
    for une in rencontres:
        if une.retenu:
            blocs += [Paragraphe(gras(une.titre)), Paragraphe(une.retenu)]
    return tuple(blocs)


def blocs_des_enquetes(projet: ProjetSocial) -> tuple[Bloc, ...]:
    """Question par question, tel que le dehors le lit."""
    blocs: list[Bloc] = []
    for resultat in projet.resultats.order_by("rang", "pk"):
        lu = lire_le_resultat(resultat, est_dehors=True)
        if lu.graphique is not None and not lu.a_cache:
            blocs.append(figure_de(lu.graphique))
        elif lu.lignes:
            blocs.append(
                Tableau(
                    legende=resultat.question,
                    entetes=("Réponse", *lu.entetes),
                    lignes=tuple((libelle, *cellules) for libelle, cellules in lu.lignes),
                    alignements=a_droite(len(lu.entetes)),
                    notes=tuple(filter(None, (f"Source : {lu.d_ou}.", lu.note))),
                    a_entetes_de_ligne=True,
                )
            )
    return tuple(blocs)


def blocs_des_besoins(projet: ProjetSocial, arbre: Arbre | None = None) -> tuple[Bloc, ...]:
    """Du plus urgent au moins urgent : ce qui le prouve, et l'enjeu où il mène."""
    maillons = lire_la_chaine(projet, arbre).maillons
    if not maillons:
        return ()
    blocs: list[Bloc] = [
        Tableau(
            legende="Les besoins, du plus urgent au moins urgent",
            entetes=("Rang", "Besoin", "Preuves", "Enjeux"),
            lignes=tuple(
                (
                    str(un.rang),
                    un.besoin.titre,
                    str(len(un.preuves) or "aucune"),
                    ", ".join(str(relie.lu.enjeu) for relie in un.enjeux) or "pas encore d’enjeu",
                )
                for un in maillons
            ),
            alignements=("droite", "gauche", "droite", "gauche"),
            largeurs=(1, 6, 2, 5),
        )
    ]
    for un in maillons:
        blocs.append(Paragraphe(gras(f"{un.rang}. {un.besoin.titre}")))
        if un.besoin.precision:
            blocs.append(Paragraphe(un.besoin.precision))
        if un.preuves:
            dites = (
                f"{preuve.sorte.capitalize()} : {preuve.libelle}{f' ({preuve.source})' if preuve.source else ''}"
                for preuve in un.preuves
            )
            blocs.append(Liste(tuple(dites)))
    return tuple(blocs)


def blocs_du_diagnostic(projet: ProjetSocial) -> Iterable[tuple[str, tuple[Bloc, ...]]]:
    """Chaque partie et son titre, dans l'ordre ; les vides compris, que l'appelant passe."""
    yield "Le territoire en chiffres", blocs_des_chiffres(projet)
    yield "Rencontres et restitutions", blocs_des_rencontres(projet)
    yield "Paroles d’habitants", blocs_des_paroles(projet)
    yield "Résultats d’enquête", blocs_des_enquetes(projet)
    yield "Constats", blocs_des_constats(projet)
    yield "Besoins", blocs_des_besoins(projet)
