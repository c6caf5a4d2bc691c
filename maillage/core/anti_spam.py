"""Recevoir ce qu'un lecteur écrit sans compte, sans tiers ni énigme à résoudre.

Trois filtres, dans l'ordre : un piège que seul un programme remplit, l'heure signée de la page (ni trop vite, ni
trop tard), des limites par personne puis par adresse. Ce qui passe est encore lu par quelqu'un avant de paraître ;
`drapeaux` lui dit ce qui est louche, sans jamais décider à sa place.

Les débits de recherche et d'écriture laissent passer un atelier de trente personnes derrière une même adresse.
Lire une fiche n'a pas de limite : ses pages sont légères, et une ville entière sort souvent par une seule adresse.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from maillage.core.debit import Debit, attente_en_mots, cle_anonyme

AU_PLUS_VITE: Final = timedelta(seconds=3)
AU_PLUS_TARD: Final = timedelta(hours=24)
_sceau: Final = TimestampSigner(salt="maillage.formulaire-public")


# --- Le formulaire --------------------------------------------------------------------------------


class FormulairePublic(forms.Form):
    """À hériter pour tout formulaire ouvert sans compte.

    `est_un_robot` après `is_valid()` : on répond comme si de rien n'était, et rien n'est écrit. Une page restée
    ouverte plus d'un jour n'est pas un robot : la personne relit son texte et renvoie.
    """

    site_web = forms.CharField(
        label="Laissez ce champ vide",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1", "data-piege": ""}),
    )
    ouvert_le = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        for nom in ("site_web", "ouvert_le"):  # après les vrais champs
            self.fields[nom] = self.fields.pop(nom)
        self.fields["ouvert_le"].initial = sceller()
        self.est_un_robot = False

    def clean_ouvert_le(self) -> str:
        """L'heure d'origine reste quand on corrige une erreur : renvoyer vite n'est pas d'un robot."""
        scelle: str = self.cleaned_data["ouvert_le"]
        try:
            ouvert_le = float(_sceau.unsign(scelle, max_age=AU_PLUS_TARD))
        except SignatureExpired:
            donnees: Any = self.data
            self.data = donnees.copy()
            self.data[self.add_prefix("ouvert_le")] = sceller()  # type: ignore[index]
            raise ValidationError("") from None
        except (BadSignature, ValueError):
            self.est_un_robot = True
        else:
            self.est_un_robot = timezone.now().timestamp() - ouvert_le < AU_PLUS_VITE.total_seconds()
        return scelle

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors.pop("ouvert_le", None):
            self.add_error(
                None,
                "Cette page est restée ouverte plus d’un jour. Relisez votre texte, puis envoyez-le de nouveau.",
            )
        self.est_un_robot = self.est_un_robot or bool(donnees.get("site_web"))
        return donnees


def sceller() -> str:
    """L'heure qu'il est, signée."""
    return _sceau.sign(str(timezone.now().timestamp()))


# --- Les limites ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limite:
    """Un débit par personne, puis un autre, plus large, par adresse : un centre n'en a souvent qu'une."""

    par_personne: Debit
    par_adresse: Debit

    def prendre(self, request: HttpRequest) -> int:
        """0 s'il reste de la place, sinon les secondes à attendre."""
        return self.par_personne.prendre(personne(request)) or self.par_adresse.prendre(cle_anonyme(request))


def _par_heure(nom: str, personne: int, adresse: int) -> Limite:
    return Limite(
        Debit(nom, par_minute=personne / 60, rafale=personne),
        Debit(f"{nom}-adresse", par_minute=adresse / 60, rafale=adresse),
    )


ECRITURE: Final = _par_heure("ecriture", 10, 60)
CONTACT: Final = _par_heure("contact", 5, 15)
GESTE: Final = _par_heure("geste", 30, 120)
"""Un clic sans texte : « C'est utile »."""
RECHERCHE: Final = Debit("recherche", par_minute=300, rafale=150)
SUGGESTIONS: Final = Debit("suggestions", par_minute=300, rafale=300)
"""Cinq par seconde en moyenne ; la rafale laisse trente personnes chercher ensemble en tapant cinq lettres. Les
suggestions ont leur seau : les épuiser ne bloque jamais la recherche, et la page s'en passe sans rien dire."""
LECTURE: Final = Debit("lecture", par_minute=120, rafale=60)
"""Les pages qu'ouvre un numéro ou un jeton : on n'en essaie pas des milliers."""


def personne(request: HttpRequest) -> str:
    """Empreinte de qui écrit, pour un jour : son compte, sinon le témoin de son formulaire, sinon son adresse.

    Se multiplier coûte peu (un autre navigateur) : `foyer` compte, lui, par adresse.
    """
    return _empreinte(request, str(request.META.get("CSRF_COOKIE", "")))


def foyer(request: HttpRequest) -> str:
    """Empreinte d'une personne que l'on ne doit pas pouvoir imiter, pour un jour : son compte, ou son adresse."""
    return _empreinte(request, "")


def _empreinte(request: HttpRequest, temoin: str) -> str:
    if request.user.is_authenticated:
        temoin = f"compte:{request.user.pk}"
    if not temoin:
        return cle_anonyme(request)
    sel = f"{timezone.localdate().isoformat()}:{settings.SECRET_KEY}"
    return hmac.new(sel.encode(), temoin.encode(), hashlib.sha256).hexdigest()[:32]


# --- La page d'un formulaire ----------------------------------------------------------------------


def recevoir(
    request: HttpRequest,
    form: FormulairePublic,
    gabarit: str,
    contexte: dict[str, Any],
    *,
    limite: Limite,
    merci: str,
    agir: Callable[[], str | None],
) -> HttpResponse:
    """Montre le formulaire, ou le reçoit. `agir` écrit, puis rend l'adresse de l'accusé (à défaut, `merci`).

    Un robot reçoit le même accusé. Au-delà de la limite : 429, et la page garde tout ce qui a été tapé. `agir` peut
    lever `ValidationError` : la personne en lit la raison.
    """
    statut, attente = 200, 0
    if request.method == "POST" and form.is_valid():
        if form.est_un_robot:
            return HttpResponseRedirect(merci)
        if attente := limite.prendre(request):
            statut = 429
        else:
            try:
                return HttpResponseRedirect(agir() or merci)
            except ValidationError as refus:
                form.add_error(None, refus)
    patience = attente_en_mots(attente) if attente else ""
    reponse = render(request, gabarit, {**contexte, "form": form, "attente": patience}, status=statut)
    if attente:
        reponse.headers["Retry-After"] = str(attente)
    return reponse


# --- Ce qui est louche ----------------------------------------------------------------------------

_LIEN: Final = re.compile(
    r"https?:|www\.|\b[\w-]+\.(?:com|net|org|info|biz|ru|cn|top|xyz|shop|online|site)\b", re.I
)
_BALISE: Final = re.compile(r"</?[a-z][^>]*>|\[/?(?:url|link|img|b)\b[^\]]*\]|&#?\w+;", re.I)
_CARACTERE_REPETE: Final = re.compile(r"(\S)\1{7,}")
_MOT: Final = re.compile(r"[^\W\d_]+")
_MOTS_OUTILS: Final = frozenset(
    """
    afin ai ainsi alors après au aussi autre aux avec avez avons beaucoup bien c ça car ce cela ces cette chez comme
    d dans des dont du elle elles encore est et étaient était été être eux fait faut il ils j je jour l le les leur
    leurs lui mais mes moi mon n nos notre nous ont ou où par pas peu peut plus pour qu quand qui s sans sera ses sont
    sous suis sur très toi tous tout toute toutes trop une vos votre vous
    """.split()
)
"""Mots de grammaire français, sans ceux que d'autres langues ont aussi (« la », « de », « que », « me »…)."""
ASSEZ_DE_MOTS: Final = 8
"""En dessous, un texte ne dit pas sa langue."""
PART_DE_MOTS_OUTILS: Final = 0.1
"""Mesuré : une phrase française en a presque toujours plus de 15 %, une phrase d'une autre langue moins de 5 %."""


def drapeaux(*textes: str) -> tuple[str, ...]:
    """Ce qui est louche dans ce qu'une personne envoie, en mots pour qui va le lire. Vide le plus souvent."""
    texte = "\n".join(t for t in textes if t)
    mots = _MOT.findall(texte.casefold())
    lettres = [lettre for lettre in texte if lettre.isalpha()]
    majuscules = sum(lettre.isupper() for lettre in lettres)
    vus = (
        (_LIEN.search(texte), "Contient un lien"),
        (_BALISE.search(texte), "Contient du code de page"),
        (len(lettres) >= 20 and majuscules > 0.6 * len(lettres), "Écrit en capitales"),
        (_est_repete(texte, mots), "Répète les mêmes mots"),
        (not _est_francais(mots, lettres), "N’est pas en français"),
    )
    return tuple(libelle for est_vu, libelle in vus if est_vu)


def _est_repete(texte: str, mots: list[str]) -> bool:
    return bool(_CARACTERE_REPETE.search(texte)) or (len(mots) >= 12 and len(set(mots)) < 0.4 * len(mots))


def _est_francais(mots: list[str], lettres: list[str]) -> bool:
    if (
        lettres
        and sum("LATIN" not in unicodedata.name(lettre, "LATIN") for lettre in lettres) > len(lettres) / 3
    ):
        return False
    if len(mots) < ASSEZ_DE_MOTS:
        return True
    return sum(mot in _MOTS_OUTILS for mot in mots) >= PART_DE_MOTS_OUTILS * len(mots)


def texte_net(texte: str) -> str:
    """Le texte tel qu'on le garde : sans blancs autour, ni plus d'une ligne vide de suite. Sert aussi à comparer."""
    lignes = [" ".join(ligne.split()) for ligne in texte.replace("\0", "").splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lignes)).strip()
