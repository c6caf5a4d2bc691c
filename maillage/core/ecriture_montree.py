"""Ce que la page d'une étape que l'on écrit à plusieurs montre, et ce que son script (`brouillon.js`) reçoit.

Ce qui est écrit en HTML l'est par les mêmes gabarits avec et sans script (`templates/core/ecriture`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.forms import BoundField
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string

from maillage.core.ecriture import Conflit, Valeur, empreinte
from maillage.core.formulaires import FormulaireEcrit
from maillage.core.francais import INSECABLE, heure


@dataclass
class ChampMontre:
    """Un champ de l'étape, avec tout ce qui l'entoure.

    Une pièce y ajoute `comparaison` et `peut_se_reunir` ; elle redit ce qui suit quand ses champs en ont davantage.
    """

    champ: BoundField
    lue: str
    conflit: Conflit | None = None
    doutes: list[Any] = field(default_factory=list)
    versions: int = 0
    """Combien de textes ce champ a eus ici : on peut y revenir."""

    @property
    def nom(self) -> str:
        return self.champ.name

    @property
    def aide(self) -> Any:
        """Les conseils d'écriture qui se déplient sous le champ."""
        return None

    @property
    def bonne_fiche(self) -> str:
        """Ce qui fait un bon texte, à cet endroit."""
        return ""

    @property
    def est_obligatoire(self) -> bool:
        return False

    @property
    def est_longue(self) -> bool:
        return False

    @property
    def est_liste(self) -> bool:
        """Des cases ou des boutons ronds, que le gabarit met en colonnes."""
        return False

    @property
    def vue(self) -> str:
        """L'empreinte du texte de l'autre, que l'on a maintenant sous les yeux."""
        return empreinte(self.conflit.le_sien) if self.conflit else ""

    @property
    def avis(self) -> str:
        """Erreurs, conflit et mots à revoir, tels que la page les montre sous l'aide du champ."""
        return render_to_string("core/ecriture/avis.html", {"montre": self}).strip()

    @property
    def controle(self) -> str:
        return render_to_string("core/ecriture/controle.html", {"montre": self})


def veut_du_json(request: HttpRequest) -> bool:
    """C'est le script qui demande."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def dire_ferme(pourquoi: str, adresse: str) -> JsonResponse:
    """On n'écrit plus ici : le script s'arrête, le dit, et montre où aller."""
    return JsonResponse({"ferme": pourquoi, "adresse": adresse})


def appliquer_les_choix(
    donnees: Any,
    ecrites: dict[str, Valeur],
    lues: dict[str, str],
    actuelles: Mapping[str, Valeur],
    reunir: Callable[[str, Valeur, Valeur], Valeur],
) -> None:
    """Ce que l'on a choisi devant deux textes : le sien n'écrit rien, les deux se mettent bout à bout."""
    for nom in list(ecrites):
        choix = donnees.get(f"choix_{nom}", "")
        if choix not in {"mien", "sien", "deux"}:
            continue
        lues[nom] = donnees.get(f"vu_{nom}", "")
        if choix == "sien":
            del ecrites[nom]
        elif choix == "deux":
            ecrites[nom] = reunir(nom, actuelles[nom], ecrites[nom])


def repondre_au_script(
    form: FormulaireEcrit,
    recu: FormulaireEcrit,
    montrer: Callable[[BoundField], ChampMontre],
    *,
    actuelles: Mapping[str, Valeur],
    conflits: Mapping[str, Conflit],
    le: datetime,
    titre: str,
    presents: Iterable[str],
    reste: str,
) -> JsonResponse:
    """`lus` : ce que la page tient maintenant pour lu. `controles` : les champs changés ailleurs, à redessiner.

    `recu` : le formulaire des valeurs du moment.
    """
    lus, controles, avis = {}, {}, {}
    a_revoir = [nom for nom in form.fields if nom in form.errors or nom in conflits]
    for nom in form.fields:
        avis[nom] = montrer(form[nom]).avis
        if f"lu_{nom}" not in form.data or nom in a_revoir:
            continue
        lus[nom] = empreinte(actuelles[nom])
        if actuelles[nom] != form.cleaned_data[nom]:
            controles[nom] = montrer(recu[nom]).controle
    presence = render_to_string("core/ecriture/presence.html", {"presents": presents})
    return JsonResponse(
        {
            "dit": f"Enregistré à{INSECABLE}{heure(le)}",
            "titre": titre,
            "lus": lus,
            "controles": controles,
            "avis": avis,
            "presence": presence.strip(),
            "reste": reste,
            "a_revoir": a_revoir,
        }
    )
