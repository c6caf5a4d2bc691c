"""Les quartiers prioritaires de la politique de la ville (QPV), lus du fichier CSV officiel, millésime par millésime.

Le fichier de l'Agence nationale de la cohésion des territoires change de colonnes d'une année à l'autre : on les
reconnaît à leurs noms connus. Un quartier à cheval sur deux communes a deux lignes, ou deux codes dans une cellule.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from maillage.core.journal import Acteur, journaliser
from maillage.territoire.models import Commune, Quartier
from maillage.territoire.mots import nom_cherche

PREMIER_MILLESIME, DERNIER_MILLESIME = 2015, 2100
_CODE = re.compile(r"QN[0-9AB]{3}\d{2}[NMI]|QP[0-9AB]{3}\d{3}")
_COLONNES = {
    "code": ("code qp", "code qpv", "codeqp", "code quartier", "code"),
    "nom": ("lib qp", "nom qp", "nom qpv", "libelle", "nom", "nom quartier"),
    "communes": ("insee com", "code insee", "codgeo", "code commune", "code com", "com", "depcom"),
}
_SEPARATEURS = re.compile(r"[,;|/\s]+")


class FichierDeQuartiersRefuse(ValueError):
    """Ce n'est pas le fichier attendu ; le message dit pourquoi et quoi faire."""


@dataclass
class QuartierLu:
    code: str
    nom: str
    communes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class LigneEcartee:
    ligne: int
    motif: str


@dataclass(frozen=True)
class Lecture:
    millesime: int
    quartiers: list[QuartierLu]
    ecartees: list[LigneEcartee]


def lire_quartiers(octets: bytes, millesime: int) -> Lecture:
    """Lit le fichier sans rien écrire. Lève `FichierDeQuartiersRefuse` si rien n'y est lisible."""
    lignes = _lignes(_texte(octets))
    colonnes = _reconnaitre(next(lignes, []))
    connues = set(Commune.objects.values_list("code_insee", flat=True))
    quartiers: dict[str, QuartierLu] = {}
    ecartees: list[LigneEcartee] = []
    for numero, cellules in enumerate(lignes, start=2):
        if not any(cellule.strip() for cellule in cellules):
            continue
        valeurs = {
            cle: cellules[rang].strip() if rang < len(cellules) else "" for cle, rang in colonnes.items()
        }
        code = valeurs["code"].upper()
        communes = [commune for commune in _SEPARATEURS.split(valeurs["communes"]) if commune]
        inconnues = [commune for commune in communes if commune not in connues]
        motif = _motif(code, valeurs["nom"], communes, inconnues, millesime)
        if motif:
            ecartees.append(LigneEcartee(numero, motif))
            continue
        lu = quartiers.setdefault(code, QuartierLu(code, valeurs["nom"]))
        lu.communes += [commune for commune in communes if commune not in lu.communes]
    if not quartiers:
        premier = f" Ligne {ecartees[0].ligne} : {ecartees[0].motif}" if ecartees else ""
        raise FichierDeQuartiersRefuse(f"Aucun quartier lisible dans ce fichier.{premier}")
    return Lecture(millesime, list(quartiers.values()), ecartees)


@transaction.atomic
def importer_quartiers(millesime: int, quartiers: Sequence[QuartierLu], *, par: Acteur) -> dict[str, int]:
    """Remplace la liste d'un millésime, et de lui seul. Rend le nombre de quartiers créés, changés et retirés."""
    anciens = {q.code: q for q in Quartier.objects.filter(millesime=millesime).prefetch_related("communes")}
    communes = Commune.objects.in_bulk({code for lu in quartiers for code in lu.communes})
    bilan = {"crees": 0, "changes": 0, "retires": 0}
    for lu in quartiers:
        ancien = anciens.pop(lu.code, None)
        if ancien is None:
            quartier = Quartier.objects.create(code=lu.code, nom=lu.nom, millesime=millesime)
            bilan["crees"] += 1
        elif ancien.nom != lu.nom or {c.pk for c in ancien.communes.all()} != set(lu.communes):
            ancien.nom, quartier = lu.nom, ancien
            quartier.save(update_fields=["nom"])
            bilan["changes"] += 1
        else:
            continue
        quartier.communes.set([communes[code] for code in lu.communes])
    for disparu in anciens.values():
        disparu.delete()
        bilan["retires"] += 1
    if any(bilan.values()):
        temoin = Quartier.objects.filter(millesime=millesime).order_by("pk").first()
        if temoin is not None:
            phrase = (
                f"{par.get_full_name()} a importé {len(quartiers)} quartiers prioritaires de {millesime}."
            )
            journaliser(temoin, "importer_quartiers", phrase, par=par, apres=bilan)
    return bilan


def _texte(octets: bytes) -> str:
    if b"\0" in octets[:4096]:
        raise FichierDeQuartiersRefuse("Ce fichier n’est pas du texte. Choisissez le fichier CSV officiel.")
    for encodage in ("utf-8-sig", "cp1252"):
        try:
            return octets.decode(encodage)
        except UnicodeDecodeError:
            continue
    raise FichierDeQuartiersRefuse("Ces lettres ne se lisent pas. Enregistrez le fichier en CSV UTF-8.")


def _lignes(texte: str) -> Iterator[list[str]]:
    premiere = texte.split("\n", 1)[0]
    separateur = max(";,\t", key=premiere.count)
    try:
        yield from csv.reader(io.StringIO(texte, newline=""), delimiter=separateur)
    except csv.Error as erreur:
        raise FichierDeQuartiersRefuse("Ce fichier CSV est abîmé. Téléchargez-le de nouveau.") from erreur


def _reconnaitre(entete: Iterable[str]) -> dict[str, int]:
    """Rang de chaque colonne utile. Lève `FichierDeQuartiersRefuse` en nommant celles qui manquent."""
    noms = [nom_cherche(cellule) for cellule in entete]
    colonnes = {
        cle: next((noms.index(nom) for nom in possibles if nom in noms), -1)
        for cle, possibles in _COLONNES.items()
    }
    manquent = [_COLONNES[cle][0].replace(" ", "_") for cle, rang in colonnes.items() if rang < 0]
    if manquent:
        raise FichierDeQuartiersRefuse(
            f"La première ligne n’a pas les colonnes attendues ; il manque : {', '.join(manquent)}."
        )
    return colonnes


def _motif(code: str, nom: str, communes: list[str], inconnues: list[str], millesime: int) -> str:
    if not _CODE.fullmatch(code):
        return f"« {code[:20]} » n’est pas un code de quartier (QN06301N ou QP063001, par exemple)."
    if code.startswith("QN") != (millesime >= 2024):
        return f"le code {code} n’est pas du millésime {millesime} : QN depuis 2024, QP avant."
    if not nom:
        return f"le quartier {code} n’a pas de nom."
    if not communes:
        return f"le quartier {code} n’a pas de commune."
    if inconnues:
        return f"la commune {', '.join(inconnues[:3])} n’existe pas dans le découpage chargé."
    return ""
