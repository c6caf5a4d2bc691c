"""Un projet entier en un objet : les clés d'échange, puis les nôtres.

Les clés d'échange sont celles que les autres lisent et que `ecrire_projet_lu` reprend ; exporter puis importer redonne
le même projet.
"""

from collections import defaultdict
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.text import slugify

from maillage.projets.choices import GenreZone, StatutFiche
from maillage.projets.citations import tout_en_clair
from maillage.projets.exportation.objet_autour import objet_autour
from maillage.projets.importation.grammaire import TABLEAU_FAMILLES
from maillage.projets.jetons import en_clair
from maillage.projets.lecture import Arbre, FicheLue, ObjectifLu, lire_arbre
from maillage.projets.matiere import Matiere
from maillage.projets.models import Indicateur, Objectif, ProjetSocial, Rattachement, TableauDiagnostic
from maillage.projets.operations.fiches_du_lu import CODES_DE_STATUT, LISTES, LISTES_D_INDICATEURS
from maillage.projets.operations.textes_du_lu import paragraphes_du_chapitre

CODES = {str(statut): code for code, statut in CODES_DE_STATUT.items()}


def objet_du_projet(projet: ProjetSocial) -> dict[str, Any]:
    """L'objet de l'export JSON : ce qu'un document dit, et tout ce qui s'écrit autour."""
    arbre = lire_arbre(projet)
    objet = objet_du_document(projet, arbre)
    ids = {lue.fiche.pk: fiche["id"] for lue, fiche in zip(arbre.fiches, objet["fiches"], strict=True)}
    return objet | objet_autour(projet, arbre, ids)


def objet_du_document(projet: ProjetSocial, arbre: Arbre) -> dict[str, Any]:
    """Ce qu'un document dit du projet. Tant qu'il garde les numéros de son document, ils sortent tels quels."""
    zones = list(projet.zones.order_by("pk"))
    citations = _Citations(projet, arbre)
    return {
        "id": str(projet.pk),
        "nom": projet.nom,
        "territoire": projet.territoire,
        "quartiers": [zone.nom for zone in zones if zone.genre != GenreZone.QPV],
        "qpv": [zone.nom for zone in zones if zone.genre == GenreZone.QPV],
        "periode": {"debut": projet.du.year, "fin": projet.au.year},
        **_cadre_de_l_arbre(arbre, citations),
        "fiches": tout_en_clair(_fiches(projet, arbre, citations), arbre),
        "gouvernance": list(projet.instances.order_by("rang", "pk").values("nom", "role", "composition")),
        "chiffres_diagnostic": [
            chiffre | {"valeur": _nombre(chiffre["valeur"])}
            for chiffre in projet.chiffres.order_by("rang", "pk").values(
                "libelle", "valeur", "unite", "zone", "source", "annee"
            )
        ],
        **_tableaux(projet),
        "sigles": list(projet.sigles.order_by("pk").values("sigle", "sens")),
        **_les_notres(projet, arbre),
    }


def numero_d_echange(projet: ProjetSocial, lue: FicheLue) -> str:
    source = lue.fiche.numero_source
    return source if projet.garde_les_numeros and source else lue.numero


class _Citations:
    """Ce que cite chaque objectif, dans l'ordre du document : les numéros qu'il liste, les titres où il renvoie.

    Un numéro ne vaut que dans son axe : une fiche d'un autre axe est un renvoi.
    """

    def __init__(self, projet: ProjetSocial, arbre: Arbre) -> None:
        self._numeros = {lue.fiche.pk: numero_d_echange(projet, lue) for lue in arbre.fiches}
        self._lues = arbre.par_numero_de_ligne
        self._liens: dict[int, list[Rattachement]] = defaultdict(list)
        self._listees: dict[int, set[int]] = defaultdict(set)
        liens = Rattachement.objects.filter(fiche__projet=projet).select_related("objectif__enjeu")
        for lien in liens.order_by("rang", "pk"):
            self._liens[lien.objectif_id].append(lien)
            axe = self._lues[lien.fiche_id].axe
            if not lien.est_un_renvoi and axe and lien.objectif.enjeu.axe_id == axe.pk:
                self._listees[lien.objectif_id].add(lien.fiche_id)

    def est_listee(self, fiche_id: int, objectif: Objectif) -> bool:
        return fiche_id in self._listees[objectif.pk]

    def sous(self, objectif: ObjectifLu) -> dict[str, list[str]]:
        """À rang égal, une fiche rangée ici passe devant une fiche rappelée."""
        liens, listees = self._liens[objectif.objectif.pk], self._listees[objectif.objectif.pk]
        places = [(lue.fiche.rang, 0, lue.fiche.pk) for lue in objectif.fiches]
        places += [(lien.rang, 1, lien.fiche_id) for lien in liens if lien.fiche_id in listees]
        renvois = [self._lues[lien.fiche_id] for lien in liens if lien.fiche_id not in listees]
        citees = {"fiches": [self._numeros[fiche] for _, _, fiche in sorted(places)]}
        if renvois:
            citees["renvois"] = [
                f"{lue.fiche.titre} (cf axe {lue.axe.lettre})" if lue.axe else lue.fiche.titre
                for lue in renvois
            ]
        return citees


def _cadre_de_l_arbre(arbre: Arbre, citations: _Citations) -> dict[str, Any]:
    axes = [{"numero": axe.axe.lettre, "titre": axe.axe.titre} for axe in arbre.axes]
    enjeux = [
        {"numero": enjeu.numero, "axe": axe.axe.lettre, "titre": enjeu.enjeu.titre}
        for axe in arbre.axes
        for enjeu in axe.enjeux
        if enjeu.numero
    ]
    objectifs = [
        {
            "titre": objectif.objectif.titre,
            "enjeu": enjeu.numero or None,
            "axe": axe.axe.lettre,
        }
        | citations.sous(objectif)
        | _operationnels(objectif, citations)
        for axe in arbre.axes
        for enjeu in axe.enjeux
        for objectif in enjeu.objectifs
    ]
    return {"axes": axes, "enjeux": enjeux, "objectifs": objectifs}


def _operationnels(objectif: ObjectifLu, citations: _Citations) -> dict[str, Any]:
    if not objectif.operationnels:
        return {}
    dessous = [{"titre": lu.objectif.titre} | citations.sous(lu) for lu in objectif.operationnels]
    return {"operationnels": dessous}


def _fiches(projet: ProjetSocial, arbre: Arbre, citations: _Citations) -> list[dict[str, Any]]:
    indicateurs: dict[tuple[int, str], list[str]] = defaultdict(list)
    for un in Indicateur.objects.filter(fiche__projet=projet).order_by("liste", "rang", "pk"):
        indicateurs[un.fiche_id, un.liste].append(un.libelle)
    specifiques: dict[int, list[str]] = defaultdict(list)
    for fiche_id, nom in projet.fiches.order_by("specifiques__rang", "specifiques__pk").values_list(
        "pk", "specifiques__nom"
    ):
        if nom:
            specifiques[fiche_id].append(nom)
    places = _places_des_objectifs(arbre)
    return [
        _fiche(projet, lue, ordre, places, citations)
        | {cle: indicateurs[lue.fiche.pk, liste] for cle, liste in LISTES_D_INDICATEURS.items()}
        | {"projets_specifiques": specifiques[lue.fiche.pk]}
        | _la_notre(lue)
        for ordre, lue in enumerate(arbre.fiches, start=1)
    ]


class _Place(NamedTuple):
    """Où est un objectif : son rang dans l'arbre, le numéro de son enjeu (0 sans titre)."""

    rang: int
    enjeu: int


def _places_des_objectifs(arbre: Arbre) -> dict[int, _Place]:
    places: dict[int, _Place] = {}
    for enjeu in arbre.enjeux:
        for objectif in enjeu.objectifs:
            for un in (objectif, *objectif.operationnels):
                places[un.objectif.pk] = _Place(len(places), enjeu.numero)
    return places


def _fiche(
    projet: ProjetSocial, lue: FicheLue, ordre: int, places: dict[int, _Place], citations: _Citations
) -> dict[str, Any]:
    fiche = lue.fiche
    autres = [un for un in lue.autres_objectifs if citations.est_listee(fiche.pk, un)]
    objectifs = sorted(autres, key=lambda un: places[un.pk].rang)
    if lue.objectif:
        objectifs.insert(0, lue.objectif)
    numero = numero_d_echange(projet, lue)
    axe = lue.axe.lettre if lue.axe else ""
    titres = [objectif.titre for objectif in objectifs]
    return {
        "id": slugify(f"{projet.pk}-{axe}-{numero or fiche.pk}"),
        "axe": axe,
        "numero": numero,
        "ordre": ordre,
        "titre": fiche.titre,
        "titre_dans_arbre": _titre_dans_l_arbre(projet, lue),
        "statut": CODES[fiche.statut] if fiche.statut in StatutFiche.values else None,
        "enjeux": sorted({places[un.pk].enjeu for un in objectifs} - {0}),
        "objectifs": titres,
        "objectifs_generaux": fiche.objectifs_du_document or titres,
        "contexte": fiche.contexte,
        "public": [*fiche.public, *fiche.attention_particuliere.splitlines()],
        "presentation": fiche.presentation,
        "partenaires": [*fiche.partenaires_existants, *fiche.partenaires_potentiels],
        **{champ: getattr(fiche, champ) for champ in LISTES},
    }


def _titre_dans_l_arbre(projet: ProjetSocial, lue: FicheLue) -> str | None:
    """Celui du document tant qu'on en garde les numéros ; rien pour une fiche hors de l'arbre."""
    if projet.garde_les_numeros:
        return lue.fiche.titre_dans_arbre or None
    return lue.fiche.titre if lue.objectif else None


def _la_notre(lue: FicheLue) -> dict[str, Any]:
    fiche = lue.fiche
    pilote = fiche.pilote.get_full_name() if fiche.pilote else fiche.pilote_nom
    return {
        "numero_affiche": lue.numero,
        "etat": fiche.etat,
        "annees": fiche.annees,
        "pilote": pilote,
        "attention_particuliere": fiche.attention_particuliere,
        "partenaires_potentiels": fiche.partenaires_potentiels,
        "degre_participation": fiche.degre_participation,
        "preuve_participation": fiche.preuve_participation,
    }


def _tableaux(projet: ProjetSocial) -> dict[str, Any]:
    def en_objet(tableau: TableauDiagnostic) -> dict[str, Any]:
        return {"zones": tableau.zones, "source": tableau.source, "lignes": tableau.lignes}

    def en_entier(tableau: TableauDiagnostic) -> dict[str, Any]:
        releve = tableau.releve_le.isoformat() if tableau.releve_le else None
        return en_objet(tableau) | {"annee": tableau.annee, "releve_le": releve, "cle": tableau.cle}

    tableaux = list(projet.tableaux.order_by("rang", "pk"))
    familles = next((un for un in tableaux if un.titre == TABLEAU_FAMILLES), None)
    return {
        "indicateurs_familles": en_objet(familles) if familles else None,
        "tableaux": [{"titre": un.titre} | en_entier(un) for un in tableaux if un is not familles],
    }


def _les_notres(projet: ProjetSocial, arbre: Arbre) -> dict[str, Any]:
    """Un chapitre du plan où rien n'est écrit n'est pas à reprendre : le référentiel le redonne."""
    chapitres = projet.chapitres.exclude(~Q(cle=""), texte="").order_by("rang", "pk")
    matiere = Matiere(projet)
    matiere.arbre = arbre  # déjà lu
    return {
        "structure": projet.structure.nom,
        "du": projet.du.isoformat(),
        "au": projet.au.isoformat(),
        "etat": projet.etat,
        "modele_de_numero": projet.modele_de_numero,
        "garde_les_numeros": projet.garde_les_numeros,
        "chapitres": [
            {
                "niveau": un["niveau"],
                "titre": un["titre"],
                "paragraphes": paragraphes_du_chapitre(en_clair(un["texte"], matiere)),
            }
            for un in chapitres.values("niveau", "titre", "texte")
        ],
        "a_ranger": list(
            projet.morceaux.order_by("ligne_debut", "pk").values("ligne_debut", "ligne_fin", "texte", "etat")
        ),
    }


def _nombre(valeur: Decimal) -> int | float:
    return int(valeur) if valeur == valeur.to_integral_value() else float(valeur)
