"""Les composants des gabarits, et les formats français. Chargé partout : aucun `{% load %}` à écrire.

Chaque forme a un seul usage, montré sur la page `/composants/`. Une forme qui entoure du texte s'ouvre et se
ferme (`{% avis "ok" %}…{% endavis %}`) ; les autres tiennent en une balise.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from html import escape
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm, BoundField, CheckboxInput
from django.forms.widgets import ChoiceWidget
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.templatetags.static import get_static_prefix, static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from maillage.core import emplacements, francais
from maillage.core.adresses import adresse_existante
from maillage.core.documents.description import Liste, Paragraphe
from maillage.core.documents.html import repeter
from maillage.core.graphiques import Graphique

register = template.Library()
register.tag("get_static_prefix", get_static_prefix)

VIDE = SafeString("")
ESPACE_PRO = ("/espace/", "/compte/")
DE_PLUS = SafeString(' class="plus"')
TONS = {"ok": "circle-check", "info": "info", "alerte": "triangle-alert", "stop": "octagon-x", "": "info"}


@register.simple_tag(name="static")
@cache
def statique(chemin: str) -> str:
    """L'adresse datée d'un fichier : elle ne change pas dans la vie d'un processus."""
    return static(chemin)


# --- Signes -----------------------------------------------------------------------------------------


@register.simple_tag
@cache
def icone(nom: str, grande: bool = False) -> SafeString:
    """Icône Lucide, muette : le mot voisin dit le sens. Nommée par Python, elle s'ajoute à `icones.txt`."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        " g" if grande else "",
        statique("icones.svg"),
        nom,
    )


@register.simple_tag
def statut(libelle: str, ton: str = "", icone: str = "") -> SafeString:
    """Un état, en un à trois mots : `{% statut "En cours" ton="ok" icone="circle-play" %}`."""
    return format_html(
        '<span class="statut" data-ton="{}">{}{}</span>', ton, _icone(icone or TONS[ton]), libelle
    )


@register.simple_tag
def puce(libelle: str, url: str = "", retire: str = "") -> SafeString:
    """Une étiquette qui classe ; avec `url`, un lien ; avec `retire`, un filtre et l'adresse sans lui."""
    if retire:
        return format_html(
            '<a class="puce active" href="{}">{} {}<span class="invisible">retirer ce filtre</span></a>',
            retire, libelle, _icone("x"),
        )  # fmt: skip
    if url:
        return format_html('<a class="puce" href="{}">{}</a>', url, libelle)
    return format_html('<span class="puce">{}</span>', libelle)


@register.simple_tag
def axe(lettre: str) -> SafeString:
    """Le badge d'un axe du projet social : sa couleur, et toujours sa lettre."""
    return format_html(
        '<span class="axe" data-axe="{0}"><span class="invisible">Axe </span>{0}</span>', lettre
    )


@register.simple_tag
@cache
def marque() -> SafeString:
    return format_html(
        '<svg aria-hidden="true"><use href="{}#marque"/></svg><span>Maillage</span>', statique("icones.svg")
    )


_icone = icone  # `statut` et `avis` ont un argument du même nom


# --- Blocs ------------------------------------------------------------------------------------------


@register.simple_block_tag
def avis(content: str, ton: str = "info", icone: str = "", annonce: bool = False) -> SafeString:
    """Ce qui s'est passé, puis quoi faire. `annonce=True` s'il arrive après coup : il est alors lu."""
    return format_html(
        '<div class="avis" data-ton="{}"{}>{}<div>{}</div></div>',
        ton, mark_safe(' role="status"') if annonce else VIDE, _icone(icone or TONS[ton]), content,
    )  # fmt: skip


@register.simple_block_tag
def vide(content: str, titre: str, icone: str = "sprout", niveau: int = 2) -> SafeString:
    """Page ou liste sans contenu : par quoi commencer, un exemple. Jamais « aucun résultat » tout court."""
    return format_html(
        '<div class="vide">{}<h{} class="h3">{}</h{}>{}</div>',
        _icone(icone, grande=True),
        niveau,
        titre,
        niveau,
        content,
    )


@register.simple_tag
def chiffre(valeur: Any, libelle: str, source: str = "") -> SafeString:
    """Une valeur, ce qu'elle compte, et son année, sa source, son effectif (sauf si la page les dit déjà)."""
    return format_html(
        '<p class="chiffre"><b>{}</b><span>{}</span>{}</p>',
        valeur if isinstance(valeur, str) else francais.nombre(valeur),
        libelle,
        format_html('<span class="src">{}</span>', francais.insecables(source)) if source else VIDE,
    )


@register.inclusion_tag("core/composants/graphique.html")
def graphique(dessin: Graphique, telechargement: str = "", niveau: int = 3) -> dict[str, Any]:
    """Histogramme ou courbe (`core.graphiques.Graphique`) avec sa description, sa source et son tableau."""
    return {"graphique": dessin, "telechargement": telechargement, "niveau": niveau}


@register.inclusion_tag("core/composants/carte_departements.html")
def carte_departements(departements: Sequence[dict[str, Any]], compte: str = "expérience") -> dict[str, Any]:
    """Carte cliquable et, dessous, la liste qui dit la même chose.

    `departements` : dictionnaires `code`, `nom`, `nombre`, `url` (vide : rien à ouvrir), déjà dans l'ordre.
    `compte` : ce que l'on compte, au singulier. L'outre-mer est en tuiles. La teinte ne parle jamais seule :
    chaque forme porte son nom et son nombre.
    """
    plus_grand = max((d["nombre"] for d in departements), default=0)
    lieux = [
        {
            **lieu,
            "teinte": 0 if not lieu["nombre"] else 1 + min(3, int(4 * lieu["nombre"] / (plus_grand + 1))),
            "dit": f"{lieu['nom']} ({lieu['code']}){francais.INSECABLE}: "
            + francais.compte(lieu["nombre"], compte),
        }
        for lieu in departements
    ]
    return {
        "metropole": [lieu for lieu in lieux if not lieu["code"].startswith(("97", "98"))],
        "outre_mer": [lieu for lieu in lieux if lieu["code"].startswith(("97", "98"))],
        "lieux": lieux,
        "compte": compte,
    }


@register.simple_tag
def texte_ecrit(blocs: Iterable[Paragraphe | Liste]) -> SafeString:
    """Un texte saisi, découpé par `texte_libre` : un paragraphe par ligne, et ses listes."""
    morceaux: list[str] = []
    for bloc in blocs:
        if isinstance(bloc, Liste):
            elements = (linebreaksbr(str(element)) for element in bloc.elements)
            morceaux.append(f"<ul><li>{'</li><li>'.join(elements)}</li></ul>\n")
        else:
            morceaux += [f"<p>{escape(ligne)}</p>\n" for ligne in str(bloc.texte).splitlines()]
    return mark_safe("".join(morceaux))  # noqa: S308 — chaque texte est échappé


@register.simple_tag
def definitions(couples: Iterable[tuple[str, str]]) -> SafeString:
    """Les lignes d'un `<dl>` : un terme, sa valeur."""
    return format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>\n", couples)


# --- Se repérer -------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def fil(context: template.Context, *etapes: str) -> SafeString:
    """Fil d'Ariane : libellé, adresse, libellé, adresse… puis le nom de la page. Son début vient seul.

    Dans l'espace pro, « Accueil » est une pièce : le fil y part d'« Aujourd'hui ».
    """
    *liens, ici = etapes
    chemin = context["request"].path if "request" in context else ""
    debut = ("Aujourd’hui", adresse("espace")) if chemin.startswith(ESPACE_PRO) else ("Accueil", "/")
    couples = [debut, *zip(liens[::2], liens[1::2], strict=True)]
    return format_html(
        '<nav class="fil" aria-label="Fil d’Ariane"><ol>{}<li aria-current="page">{}</li></ol></nav>',
        format_html_join("", '<li><a href="{1}">{0}</a></li>', couples),
        ici,
    )


@register.simple_tag
def adresse(nom: str) -> str:
    """L'adresse d'une page sans argument, vide quand elle n'existe pas ici."""
    return adresse_existante(nom) or ""


@register.simple_tag
def liens_existants(*couples: str) -> list[dict[str, str]]:
    """Nom d'URL, libellé, nom d'URL, libellé… : seuls restent ceux dont la page existe ici."""
    return [
        {"url": adresse, "libelle": libelle}
        for nom, libelle in zip(couples[::2], couples[1::2], strict=True)
        if (adresse := adresse_existante(nom))
    ]


@register.simple_tag
def liste_de_liens(liens: Iterable[dict[str, str]], ici: str = "") -> SafeString:
    """Des `<li>` ; le lien de la page `ici`, ou de celle dont elle dépend, est marqué comme courant."""
    return format_html_join(
        "",
        '<li><a href="{}"{}>{}</a></li>',
        ((lien["url"], _place(lien["url"], ici), lien["libelle"]) for lien in liens),
    )


def _place(url: str, ici: str) -> SafeString:
    if url == ici:
        return SafeString(' aria-current="page"')
    return SafeString(' aria-current="true"') if url in ici else VIDE


@register.simple_tag
def pieces(liens: Sequence[dict[str, str]], ici: str, au_pied: int = 4) -> SafeString:
    """La colonne de l'espace pro. Au téléphone, seules les premières tiennent au pied de l'écran."""
    return repeter(
        '<li{}><a href="{}"{}>{}{}</a></li>\n',
        (
            (
                VIDE if rang < au_pied else DE_PLUS,
                lien["url"],
                VIDE if lien["nom"] == "espace" and lien["url"] != ici else _place(lien["url"], ici),
                icone(lien["icone"]),
                lien["libelle"],
            )
            for rang, lien in enumerate(liens)
        ),
    )


@register.simple_tag
def autres_pieces(liens: Sequence[dict[str, str]], au_pied: int = 4) -> SafeString:
    """Celles que le pied de l'écran du téléphone ne montre pas."""
    forme = '<li class="piece"><a href="{}">{}{}</a></li>\n'
    suite = list(liens)[au_pied:]
    return repeter(forme, ((lien["url"], icone(lien["icone"]), lien["libelle"]) for lien in suite))


@register.simple_tag(takes_context=True)
def emplacement(context: template.Context, nom: str, *arguments: object) -> SafeString:
    """Ce que les pièces du dessus ajoutent ici : un lien, et avec un script son contenu (`core.emplacements`)."""
    ouverts = emplacements.occupants(nom, context["request"].user)
    adresses = ((occupant.libelle, occupant.adresse(*arguments)) for occupant in ouverts)
    occupants = [(libelle, adresse) for libelle, adresse in adresses if adresse]
    return (
        render_to_string("core/composants/emplacement.html", {"occupants": occupants}) if occupants else VIDE
    )


@register.simple_tag
def donnees_structurees(donnees: dict[str, Any]) -> SafeString:
    """La page pour les moteurs (schema.org), en JSON-LD. « < », « > », « & » y sont codés."""
    sans_vide = {cle: valeur for cle, valeur in donnees.items() if valeur not in (None, "", [])}
    texte = json.dumps(sans_vide, ensure_ascii=False, cls=DjangoJSONEncoder)
    for signe, code in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        texte = texte.replace(signe, code)
    return mark_safe(f'<script type="application/ld+json">{texte}</script>')  # noqa: S308


# --- Formulaires ------------------------------------------------------------------------------------


@register.inclusion_tag("core/composants/champ.html")
def champ(bound: BoundField) -> dict[str, Any]:
    """Étiquette, aide, erreur, champ, dans cet ordre. Django relie le champ à son aide et à son erreur."""
    return {
        "champ": bound,
        "est_coche": isinstance(bound.field.widget, CheckboxInput),
        "est_a_choix": isinstance(bound.field.widget, ChoiceWidget),
        "est_facultatif": not bound.field.required,
        "est_piege": "data-piege" in bound.field.widget.attrs,
    }


@register.inclusion_tag("core/composants/erreurs.html")
def erreurs(form: BaseForm) -> dict[str, Any]:
    """Les erreurs reprises en tête du formulaire, chacune menant à son champ."""
    return {"form": form, "fautifs": [form[nom] for nom in form.errors if nom in form.fields]}


@register.inclusion_tag("core/composants/formulaire.html")
def formulaire(form: BaseForm) -> dict[str, Any]:
    """Les erreurs, puis chaque champ. Le `<form>`, le jeton et le bouton restent à la page."""
    return {"form": form}


# --- Français ---------------------------------------------------------------------------------------


def _hors_balises(transformer: Callable[[str], str], texte: Any) -> SafeString:
    """Applique une règle de typographie au texte seul, jamais à l'intérieur d'une balise."""
    morceaux = re.split(r"(<[^>]*>)", str(conditional_escape(texte)))
    return mark_safe("".join(m if m.startswith("<") else transformer(m) for m in morceaux))  # noqa: S308


@register.filter(is_safe=True)
def insecables(texte: Any) -> SafeString:
    return _hors_balises(francais.insecables, texte)


register.filter("nombre", francais.nombre)
register.filter("euros", francais.euros)
register.filter("heure", francais.heure)
register.filter("compte", francais.compte)
register.filter("de", francais.de)
register.filter("taille", francais.taille)
register.filter("date_longue", francais.date_longue)
