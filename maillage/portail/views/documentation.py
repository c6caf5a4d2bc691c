"""La documentation de l'API, écrite à partir de son propre schéma : elle ne peut pas s'en écarter."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maillage.core.acces import publique
from maillage.portail.api import DEBIT, VERSION, api

Schema = dict[str, Any]
_TYPES = {
    "string": "texte",
    "integer": "entier",
    "number": "nombre",
    "boolean": "vrai ou faux",
    "null": "nul",
    "object": "objet",
}


@publique
@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    schema = api.get_openapi_schema()
    objets = schema["components"]["schemas"]
    return render(
        request,
        "portail/documentation.html",
        {
            "lectures": [
                _lecture(chemin, operation["get"])
                for chemin, operation in schema["paths"].items()
                if "get" in operation
            ],
            "objets": [
                {
                    "nom": _nom(nom),
                    "champs": [_champ(cle, objet) for cle, objet in definition["properties"].items()],
                }
                for nom, definition in sorted(objets.items())
                if definition.get("properties")
            ],
            "version": VERSION,
            "par_minute": int(DEBIT.par_minute),
            "racine": settings.MAILLAGE_URL,
        },
    )


def _lecture(chemin: str, operation: Schema) -> Schema:
    reponse = operation["responses"].get(200, operation["responses"].get("200", {}))
    contenu = reponse.get("content", {}).get("application/json", {}).get("schema", {})
    return {
        "chemin": chemin,
        "ancre": operation["operationId"].rsplit("_", 1)[-1],
        "resume": operation["summary"],
        "rend": _type(contenu),
        "parametres": [
            {
                "nom": p["name"],
                "type": _type(p["schema"]),
                "description": p.get("description") or p["schema"].get("description", ""),
                "ou": "dans le chemin" if p["in"] == "path" else "",
            }
            for p in operation.get("parameters", [])
        ],
    }


def _champ(nom: str, champ: Schema) -> Schema:
    return {"nom": nom, "type": _type(champ), "description": champ.get("description", "")}


def _nom(cle: str) -> str:
    """« Page_StructureLue_ » se lit « Page de StructureLue »."""
    genre, _, contenu = cle.strip("_").partition("_")
    return f"{genre} de {contenu}" if contenu else genre


def _type(champ: Schema) -> str:
    """Le type d'un champ en français : « texte », « liste de SiteLu », « date, ou nul »."""
    if "$ref" in champ:
        return _nom(str(champ["$ref"]).rsplit("/", 1)[-1])
    if choix := champ.get("anyOf"):
        return ", ou ".join(_type(c) for c in choix)
    if valeurs := champ.get("enum"):
        return " ou ".join(str(valeur) for valeur in valeurs)
    if champ.get("type") == "array":
        return f"liste de {_type(champ['items'])}"
    if champ.get("format") in {"date", "date-time"}:
        return "date" if champ["format"] == "date" else "date et heure"
    return _TYPES.get(champ.get("type", ""), "objet")
