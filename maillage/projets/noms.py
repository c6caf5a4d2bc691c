"""Reconnaître ce qui ressemble au nom d'une personne, là où l'on ne veut qu'une situation."""

import re
from typing import Final

_CIVILITE: Final = re.compile(r"\b(?:M\.|MM\.|M(?:me|lle|mes)\b\.?|Monsieur|Madame|Mademoiselle)\s+[A-ZÀ-Ý]")
_PRENOM_ET_NOM: Final = re.compile(r"^\s*[A-ZÀ-Ý][\w'’-]+\s+(?:[A-ZÀ-Ý]\.|[A-ZÀ-Ý][\w'’-]+)")


def ressemble_a_un_nom(qui: str) -> bool:
    """« Mme Perez », « Fatou Diallo », « Fatou D. » ; ni « une mère des Tanneries », ni « Collégienne du Moulin »."""
    return bool(_CIVILITE.search(qui) or _PRENOM_ET_NOM.match(qui))
