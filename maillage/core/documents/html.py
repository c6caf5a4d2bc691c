"""La page d'un document : un fragment HTML sémantique, à poser dans un gabarit.

Aucun style en ligne ; les classes sont celles de la feuille de style du site, et rien ne se perd sans elle.
"""

from collections.abc import Iterable, Sequence
from functools import singledispatch
from html import escape

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from lxml import etree

from maillage.core.documents.description import (
    Bloc,
    Chiffres,
    Citation,
    Definition,
    Document,
    Encadre,
    Figure,
    Liste,
    Paragraphe,
    Photo,
    Saut,
    Section,
    Tableau,
    composer,
)
from maillage.core.documents.dessin import lire_svg
from maillage.core.documents.texte import Bout, Texte, bouts

VIDE = SafeString("")
AU_SOMMAIRE = SafeString(
    '<p class="au-sommaire sans-papier"><a href="#sommaire-du-document">Revenir au sommaire</a></p>'
)
_CLASSES_D_ALIGNEMENT = {"gauche": "", "centre": "centre", "droite": "nb"}
_CLASSES_DE_PARAGRAPHE = {"courant": "", "chapo": "chapo", "note": "petit douce"}


def repeter(forme: str, rangees: Iterable[Sequence[object]], entre: str = "") -> SafeString:
    """`format_html_join`, deux fois plus vite : pour un tableau de cent cases, une feuille de deux cents noms.

    Ce qui est déjà du HTML passe tel quel ; tout le reste s'échappe.
    """
    ecrites = (forme.format(*map(_sur, rangee)) for rangee in rangees)
    return mark_safe(entre.join(ecrites))  # noqa: S308


def _sur(valeur: object) -> str:
    if isinstance(valeur, SafeString):
        return valeur
    return str(valeur) if isinstance(valeur, int) else escape(str(valeur))


def rendre_html(document: Document, *, niveau: int = 1, a_titre: bool = True) -> SafeString:
    """Le document en HTML. `niveau` : celui de son titre dans la page qui l'accueille.

    `a_titre` : faux quand la page dit déjà le titre.
    """
    compose = composer(document)
    est_accueilli = niveau > 1 or not a_titre
    return format_html(
        '<article class="document pile l" lang="{}">\n{}{}{}{}</article>\n',
        compose.langue,
        _entete(compose, niveau) if a_titre else VIDE,
        _blocs(compose.blocs),
        _chapitres(compose, niveau, est_accueilli),
        _pied(compose),
    )


def _entete(document: Document, niveau: int) -> SafeString:
    return format_html(
        '<header class="pile s">{}<h{n}>{}</h{n}>{}<p class="petit douce">{}</p></header>\n',
        _paragraphe(document.surtitre, "surtitre"),
        _texte(document.titre),
        _paragraphe(document.sous_titre),
        document.signature,
        n=niveau,
    )


def _chapitres(document: Document, niveau: int, est_accueilli: bool) -> SafeString:
    """Les sections ; un long document ouvre sur son sommaire.

    Dans une page de l'espace, un lien qui suit la lecture y ramène : premier au clavier après le sommaire, la feuille
    de style le pose en bas. Un document seul, qui s'importe de nouveau, ne porte que ce qu'il dit.
    """
    sections = _joindre(_section(section, niveau) for section in document.sections)
    if not document.profondeur_du_sommaire:
        return sections
    return format_html(
        '{}<div class="chapitres pile l">\n{}{}</div>\n',
        _sommaire(document, niveau),
        AU_SOMMAIRE if est_accueilli else VIDE,
        sections,
    )


def _sommaire(document: Document, niveau: int) -> SafeString:
    """Les chapitres, et dans chacun ses parties : une liste dans la liste, comme le document."""
    dedans = [s for s in document.sections if s.niveau <= document.profondeur_du_sommaire]
    return format_html(
        '<nav class="sommaire pile s" aria-labelledby="sommaire-du-document">'
        '<h{n} id="sommaire-du-document">Sommaire</h{n}>\n{}</nav>\n',
        _etage(dedans),
        n=min(niveau + 1, 6),
    )


def _etage(sections: Sequence[Section]) -> SafeString:
    """Une liste de sections : chacune prend sous elle celles qui la suivent, plus profondes qu'elle."""
    entrees, debut = [], 0
    while debut < len(sections):
        tete, fin = sections[debut], debut + 1
        while fin < len(sections) and sections[fin].niveau > tete.niveau:
            fin += 1
        dessous = _etage(sections[debut + 1 : fin]) if fin > debut + 1 else VIDE
        lien = format_html('<a href="#{}">{}</a>', tete.ancre, _texte(tete.titre))
        entrees.append(format_html("<li>{}{}</li>\n", lien, dessous))
        debut = fin
    return format_html('<ol role="list">\n{}</ol>', _joindre(entrees))


def _section(section: Section, niveau: int) -> SafeString:
    return format_html(
        '<section class="pile" data-niveau="{}">{}<h{n} id="{a}">{}</h{n}>\n{}</section>\n',
        section.niveau,
        _paragraphe(section.surtitre, "surtitre"),
        _texte(section.titre),
        _blocs(section.blocs),
        a=section.ancre,
        n=min(niveau + section.niveau, 6),
    )


def _pied(document: Document) -> SafeString:
    mentions = (*document.mentions, document.licence) if document.licence else document.mentions
    if not mentions:
        return VIDE
    lignes = _joindre(_paragraphe(mention, "petit douce") for mention in mentions)
    return format_html('<footer class="pile s">{}</footer>\n', lignes)


def _blocs(blocs: tuple[Bloc, ...]) -> SafeString:
    return _joindre(_bloc(bloc) for bloc in blocs)


@singledispatch
def _bloc(bloc: Bloc) -> SafeString:
    raise TypeError(f"Bloc sans rendu HTML : {type(bloc).__name__}")


@_bloc.register
def _(bloc: Paragraphe) -> SafeString:
    return _paragraphe(bloc.texte, _CLASSES_DE_PARAGRAPHE[bloc.role])


@_bloc.register
def _(bloc: Liste) -> SafeString:
    elements = _joindre(format_html("<li>{}</li>\n", _texte(element)) for element in bloc.elements)
    return format_html("<{b}>\n{}</{b}>\n", elements, b="ol" if bloc.est_ordonnee else "ul")


@_bloc.register
def _(bloc: Tableau) -> SafeString:
    entetes = _joindre(
        format_html('<th scope="col"{}>{}</th>', _classe_d_alignement(bloc, i), _texte(entete))
        for i, entete in enumerate(bloc.entetes)
    )
    lignes = _joindre(
        format_html("<tr>{}</tr>\n", _joindre(_cellule(bloc, i, cellule) for i, cellule in enumerate(ligne)))
        for ligne in bloc.lignes
    )
    return format_html(
        '<div class="defile" role="group" aria-label="{}" tabindex="0"><table{}>\n<caption>{}</caption>\n'
        "<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody></table></div>\n{}",
        bloc.legende,
        _identifiant(bloc.ancre),
        _texte(bloc.legende),
        entetes,
        lignes,
        _joindre(_paragraphe(note, "petit douce") for note in bloc.notes),
    )


def _cellule(tableau: Tableau, colonne: int, texte: Texte) -> SafeString:
    classe = _classe_d_alignement(tableau, colonne)
    if colonne == 0 and tableau.a_entetes_de_ligne:
        return format_html('<th scope="row"{}>{}</th>', classe, _texte(texte))
    return format_html("<td{}>{}</td>", classe, _texte(texte))


def _classe_d_alignement(tableau: Tableau, colonne: int) -> SafeString:
    classe = _CLASSES_D_ALIGNEMENT[tableau.alignement(colonne)]
    return format_html(' class="{}"', classe) if classe else VIDE


@_bloc.register
def _(bloc: Figure) -> SafeString:
    dessin = lire_svg(bloc.svg)
    dessin.set("role", "img")
    dessin.set("aria-label", bloc.alt)
    etree.cleanup_namespaces(dessin)
    return format_html(
        "<figure{}>{}\n<figcaption>{}</figcaption>\n{}</figure>\n",
        _identifiant(bloc.ancre),
        # Relu et contrôlé à la construction de la figure : rien d'actif, rien d'extérieur.
        mark_safe(etree.tostring(dessin, encoding="unicode", with_tail=False)),  # noqa: S308
        _texte(bloc.legende),
        format_html(
            "<details><summary>Les mêmes chiffres en tableau</summary>\n{}</details>\n", _bloc(bloc.tableau)
        )
        if bloc.tableau
        else VIDE,
    )


@_bloc.register
def _(bloc: Photo) -> SafeString:
    legende = format_html("<figcaption>{}</figcaption>", bloc.legende) if bloc.legende else VIDE
    return format_html(
        '<figure><img src="{}" alt="{}" width="{}" height="{}" loading="lazy">{}</figure>\n',
        bloc.adresse,
        bloc.alt,
        bloc.largeur,
        bloc.hauteur,
        legende,
    )


@_bloc.register
def _(bloc: Citation) -> SafeString:
    source = format_html("<footer>{}</footer>", _texte(bloc.source)) if bloc.source else VIDE
    return format_html("<blockquote>{}{}</blockquote>\n", _paragraphe(bloc.texte), source)


@_bloc.register
def _(bloc: Encadre) -> SafeString:
    titre = format_html("<p><strong>{}</strong></p>\n", _texte(bloc.titre)) if bloc.titre else VIDE
    return format_html(
        '<div class="feuille cerne" data-ton="{}">{}{}</div>\n', bloc.ton, titre, _blocs(bloc.blocs)
    )


@_bloc.register
def _(bloc: Chiffres) -> SafeString:
    elements = _joindre(
        format_html(
            '<li class="chiffre"><b>{}</b> <span>{}</span>{}</li>\n',
            _texte(chiffre.valeur),
            _texte(chiffre.libelle),
            format_html(' <span class="src">{}</span>', _texte(chiffre.precision))
            if chiffre.precision
            else VIDE,
        )
        for chiffre in bloc.chiffres
    )
    return format_html('<ul class="grille mini" role="list">\n{}</ul>\n', elements)


@_bloc.register
def _(bloc: Definition) -> SafeString:
    couples = _joindre(
        format_html("<div><dt>{}</dt><dd>{}</dd></div>\n", _texte(terme), _texte(valeur))
        for terme, valeur in bloc.couples
    )
    return format_html('<dl class="bref feuille">\n{}</dl>\n', couples)


@_bloc.register
def _(bloc: Saut) -> SafeString:
    return VIDE


def _paragraphe(texte: Texte, classe: str = "") -> SafeString:
    if not bouts(texte):
        return VIDE
    return format_html("<p{}>{}</p>\n", format_html(' class="{}"', classe) if classe else VIDE, _texte(texte))


def _identifiant(ancre: str) -> SafeString:
    return format_html(' id="{}"', ancre) if ancre else VIDE


def _texte(texte: Texte) -> SafeString:
    return _joindre(_bout(bout) for bout in bouts(texte))


def _bout(bout: Bout) -> SafeString:
    rendu = format_html_join(SafeString("<br>"), "{}", ((ligne,) for ligne in bout.texte.split("\n")))
    if bout.italique:
        rendu = format_html("<em>{}</em>", rendu)
    if bout.gras:
        rendu = format_html("<strong>{}</strong>", rendu)
    if bout.adresse or bout.ancre:
        rendu = format_html('<a href="{}">{}</a>', bout.adresse or f"#{bout.ancre}", rendu)
    return rendu


def _joindre(fragments: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((fragment,) for fragment in fragments))
