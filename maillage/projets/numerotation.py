"""Le numéro d'une fiche se lit de sa place dans l'arbre : jamais écrit, jamais faux.

Modèle : `{axe}` (la lettre), `{rang}` (sa place dans l'axe), `{rang:02}` ; « 4.{axe}.{rang} » convient.
"""

import re

from django.core.exceptions import ValidationError

JETON = re.compile(r"\{(axe|rang)(?::(0\d))?\}")


def valider_modele(modele: str) -> None:
    """Lève `ValidationError` en disant ce qui manque : sans `{rang}`, deux fiches auraient le même numéro."""
    restes = JETON.sub("", modele)
    if "{" in restes or "}" in restes:
        raise ValidationError("Entre accolades, seuls {axe}, {rang} et {rang:02} se comprennent.")
    if not any(nom == "rang" for nom, _ in JETON.findall(modele)):
        raise ValidationError("Ajoutez {rang} : sans lui, deux fiches auraient le même numéro.")


def numero(modele: str, lettre: str, rang: int) -> str:
    """« A-01 » pour `{axe}-{rang:02}`, la lettre A et le rang 1."""
    valeurs = {"axe": lettre, "rang": rang}

    def dire(jeton: re.Match[str]) -> str:
        nom, forme = jeton.groups()
        return format(rang, forme) if nom == "rang" and forme else str(valeurs[nom])

    return JETON.sub(dire, modele)


def numero_du_document(numero_source: str, lettre: str) -> str:
    """Celui du document importé, tel quel s'il se suffit (« 4.1.2 »), sinon précédé de son axe (« 1-06 »)."""
    return f"{lettre}-{numero_source}" if numero_source.isdecimal() and lettre else numero_source
