"""Lire une page du catalogue : un texte → des fiches.

Le texte libre contient de tout : listes à tirets, mots identiques aux libellés, lignes « - » seules. On ne
peut donc couper ni sur un tiret ni sur le premier libellé venu. Chaque ligne est réduite à un signe (son
libellé, une valeur « - … », un tiret seul, un texte, un blanc) et la fiche se lit sur cette suite de signes.
Entre deux textes libres, les libellés, leurs listes et leur ordre forment un cadre rigide ; seul un cadre
complet clôt un texte. Une ligne « - Public » dans un récit n'est pas suivie de publics, puis de
« Avec qui… » : elle reste du récit.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from maillage.catalogue.importation import lexique
from maillage.catalogue.importation.bloc import Bloc
from maillage.catalogue.importation.fichier import DocumentIllisible, decoder, lire_fichier
from maillage.catalogue.importation.signes import forme, signe_de

__all__ = ["Bloc", "BlocRejete", "DocumentIllisible", "Lecture", "lire", "lire_octets", "lire_page"]


@dataclass(frozen=True)
class BlocRejete:
    position: int
    ligne: int
    motif: str


@dataclass
class Lecture:
    """Ce qu'une page a donné. `blocs` et `rejets` partagent la même numérotation."""

    blocs: list[Bloc] = field(default_factory=list)
    rejets: list[BlocRejete] = field(default_factory=list)


# --- Les cadres --------------------------------------------------------------------------------------
_L = "[vtbhqmi-]*"
"""Contenu d'une liste fermée : jamais un libellé de la fiche actuelle. Ceux de l'ancienne y sont des mots."""

_DEBUT = re.compile(rf"Ab*(?:[^bSFT]b*|[^b]b*(?=S))?(?:S[vtb-]+(?:F{_L})?[TRDh]|(?:F{_L})?T[vtb-]+[RDh])")
"""Un début de fiche, même abîmé : « Actions », un titre, puis deux des libellés d'en-tête dans l'ordre."""

_EN_TETE = re.compile(
    rf"Ab*(?P<titre>[^bSFT]|[^b](?=b*S))?b*S(?P<structure>[^FT]*?)"
    rf"(?:F(?P<fichiers>{_L}))?T(?P<statut>{_L})(?=R|D{_L}M)"
)
_EN_TETE_V1 = re.compile(
    r"Ab*(?P<titre>[^bSFTh]|[^b](?=b*S))?b*S(?P<structure>[^FTh]*?)"
    r"(?:F(?P<fichiers>[vtb-]*))?(?:T(?P<statut>[vtb-]*))?h(?P<themes>[vtb-]*)q"
)
_DIMENSION = re.compile(rf"D(?P<dimensions>{_L})M(?P<mots_cles>{_L})Z")
_INITIATIVE = re.compile(rf"I(?P<initiatives>{_L})(?=P|C{_L}E)")
_TERRITOIRE = re.compile(rf"C(?P<territoire>{_L})E")
_PUBLIC = re.compile(
    rf"U(?P<publics>{_L})Q(?P<action>[vtbphqmi-]*)(?:f(?P<financiers>{_L}))?C(?P<territoire>{_L})G"
)
_MOTS_CLES_V1 = re.compile(r"[mM](?P<mots_cles>[vtb-]*)G")
_ORDRE_V2 = "STDMZICEUQCG1234567"
"""Les libellés obligatoires, dans l'ordre. Chaque cadre ci-dessus en est une tranche."""
_ORDRE_V1 = "ShqmGEi"
_FIN_V2 = (
    (lexique.RESSOURCES, "description"),
    (lexique.PERSONNES, "ressources_financieres"),
    (lexique.RESULTAT_TERRITOIRE, "personnes_mobilisees"),
    (lexique.RESULTAT_CENTRE, "resultat_territoire"),
    (lexique.RESULTAT_HABITANTS, "resultat_centre"),
    (lexique.LIMITES, "resultat_habitants"),
    (lexique.PERSPECTIVES, "limites"),
)
"""Les libellés seuls de la fin de fiche, et le champ que chacun clôt."""

_PAR_SIGNE = {libelle.signe: libelle for libelle in (*lexique.ORDRE_V2, *lexique.ORDRE_V1)}
_STRUCTURE = re.compile(r"(?P<nom>.*)\s-\s(?P<departement>.*)", re.DOTALL)
"""Le département suit le DERNIER « - » entre espaces."""
_DOUBLE_ENCODAGE = f"- {lexique.RESUME.texte}".encode().decode("latin-1")
"""« Résumé » écrit en UTF-8, relu par erreur comme un texte Windows, et enregistré ainsi."""


def lire(source: Path | BinaryIO, nom: str) -> Lecture:
    """Les fiches d'un fichier. Lève `DocumentIllisible` ; `OSError` si le chemin ne s'ouvre pas."""
    return lire_page(lire_fichier(source), nom)


def lire_octets(octets: bytes, nom: str) -> Lecture:
    return lire_page(decoder(octets), nom)


def lire_page(texte: str, nom: str) -> Lecture:
    """Les fiches d'une page. `nom` est celui du fichier, gardé comme source.

    Lève `DocumentIllisible` si ce n'est pas une page du catalogue ou si elle est coupée : alors aucune fiche
    n'est à garder. Une fiche abîmée au milieu d'une page saine est rejetée seule, avec sa ligne.
    """
    lignes = texte.split("\n")
    signes = "".join(map(signe_de, lignes))
    debuts = [debut.start() for debut in _DEBUT.finditer(signes)]
    if _DOUBLE_ENCODAGE in texte:
        raise DocumentIllisible(
            "Les lettres accentuées sont abîmées (« Ã© » pour « é »). Copiez la page de nouveau "
            "et enregistrez-la en « texte brut », encodage UTF-8.",
            lignes.index(_DOUBLE_ENCODAGE) + 1 if _DOUBLE_ENCODAGE in lignes else 1,
        )
    if not debuts:
        raise _pas_une_page(lignes, signes)
    _refuser_un_debut_coupe(signes[: debuts[0]])
    _refuser_une_fiche_a_peine_commencee(lignes, signes, debuts[-1])
    lecture = Lecture()
    for position, (debut, fin) in enumerate(zip(debuts, [*debuts[1:], len(lignes)], strict=True), start=1):
        try:
            lecture.blocs.append(_Lecteur(lignes, signes, debut, fin, nom, position).lire())
        except _LibelleManquant as manque:
            if fin == len(lignes) and manque.est_une_coupure:
                raise DocumentIllisible(
                    f"La page est tronquée : la fiche {position} s'arrête avant « {manque.libelle.texte} ». "
                    "Copiez la page de nouveau, jusqu'en bas.",
                    len(lignes),
                ) from None
            lecture.rejets.append(BlocRejete(position, manque.ligne, manque.motif))
    return lecture


# --- Les pages refusées ------------------------------------------------------------------------------
def _pas_une_page(lignes: list[str], signes: str) -> DocumentIllisible:
    libelle = re.search("[STDMZIEUQG1-7]", signes)
    if libelle:
        return DocumentIllisible(
            "Des libellés du catalogue sont là, mais aucune fiche ne commence. Il faut la ligne « Actions », "
            "le titre, puis « - Structure organisatrice ». Copiez la page entière.",
            libelle.start() + 1,
        )
    premiere = next(i for i, signe in enumerate(signes) if signe != "b")
    return DocumentIllisible(
        "Ce document n'est pas une page du catalogue des actions : aucun de ses libellés n'y figure. "
        f"Il commence par « {lignes[premiere].strip()[:60]} ».",
        premiere + 1,
    )


def _refuser_un_debut_coupe(avant: str) -> None:
    """Devant la première fiche on admet le titre du site ou des menus, pas la fin d'une autre fiche."""
    reste = re.search("[1-7]", avant)
    if reste:
        raise DocumentIllisible(
            f"La page est tronquée : elle commence au milieu d'une fiche (« {_PAR_SIGNE[reste[0]].texte} »). "
            "Copiez la page de nouveau, depuis le haut.",
            reste.start() + 1,
        )


def _refuser_une_fiche_a_peine_commencee(lignes: list[str], signes: str, dernier_debut: int) -> None:
    """« Actions » dans les toutes dernières lignes : une fiche coupée, que l'on prendrait pour du récit."""
    fin_de_fiche = max(signes.rfind(lexique.PERSPECTIVES.signe), signes.rfind(lexique.IMPACTS.signe))
    debut = signes.rfind("A")
    if debut <= max(fin_de_fiche, dernier_debut):
        return
    suite = [numero for numero in range(debut + 1, len(signes)) if signes[numero] != "b"]
    libelle_coupe = f"- {lexique.STRUCTURE.texte}"
    if (
        len(suite) <= 1
        or "S" in (signes[suite[0]], signes[suite[1]])
        or (len(suite) == 2 and libelle_coupe.startswith(forme(lignes[suite[1]])))
    ):
        raise DocumentIllisible(
            "La page est tronquée : sa dernière fiche n'est que commencée. "
            "Copiez la page de nouveau, jusqu'en bas.",
            debut + 1,
        )


class _LibelleManquant(Exception):
    def __init__(
        self, libelle: lexique.Libelle, ligne: int, *, est_une_coupure: bool, est_mal_place: bool
    ) -> None:
        super().__init__(libelle.texte)
        self.libelle = libelle
        self.ligne = ligne
        self.est_une_coupure = est_une_coupure
        faute = "n'est pas à sa place" if est_mal_place else "manque"
        self.motif = (
            f"Le libellé « {libelle.texte} » {faute}. "
            "Comparez la fiche à sa page d'origine, puis corrigez le fichier."
        )


class _Lecteur:
    """La lecture d'une fiche, de la ligne `debut` à la ligne `fin` non comprise."""

    def __init__(self, lignes: list[str], signes: str, debut: int, fin: int, nom: str, position: int) -> None:
        self.lignes = lignes
        self.signes = signes
        self.debut = self.ici = debut
        self.fin = fin
        self.nom = nom
        self.position = position
        self.ordre = _ORDRE_V2
        self.signalements: list[str] = []

    def lire(self) -> Bloc:
        if _EN_TETE_V1.match(self.signes, self.debut, self.fin):
            return self._lire_v1()
        return self._lire_v2()

    def _lire_v2(self) -> Bloc:
        en_tete = self._cadre(_EN_TETE, "STDM")
        raison = self._texte_jusqu_a(_DIMENSION, "DMZ") if self._passe("R") else None
        dimension = self._cadre(_DIMENSION, "DMZ")
        resume = self._texte_jusqu_a(_INITIATIVE, "ICE")
        initiative = self._cadre(_INITIATIVE, "ICE")
        precision = self._texte_jusqu_a(_TERRITOIRE, "CE") if self._passe("P") else None
        territoire = self._cadre(_TERRITOIRE, "CE")
        experience = self._texte_jusqu_a(_PUBLIC, "UQCG")
        public = self._cadre(_PUBLIC, "UQCG")
        return self._bloc(
            en_tete,
            raison_fin=raison,
            dimensions=self._valeurs(dimension, "dimensions"),
            mots_cles=self._valeurs(dimension, "mots_cles"),
            resume=resume,
            initiatives=self._valeurs(initiative, "initiatives"),
            initiative_precision=precision,
            territoire=self._territoire(territoire, public),
            description_experience=experience,
            publics=self._valeurs(public, "publics"),
            partenaires_action=self._valeurs(public, "action", "partenaires_action"),
            financeurs=dict.fromkeys(self._valeurs(public, "financiers", "partenaires_action")),
            **{champ: self._texte_jusqu_au(libelle) for libelle, champ in _FIN_V2},
            perspectives=self._texte(self.ici, self.fin),
        )

    def _lire_v1(self) -> Bloc:
        """L'ancienne fiche n'a ni public, ni partenaire, ni résultats par cible : ils restent vides."""
        self.ordre = _ORDRE_V1
        en_tete = self._cadre(_EN_TETE_V1, "Shq")
        diagnostic = self._texte_jusqu_a(_MOTS_CLES_V1, "mG")
        mots_cles = self._cadre(_MOTS_CLES_V1, "mG")
        return self._bloc(
            en_tete,
            version=1,
            themes=self._valeurs(en_tete, "themes"),
            elements_diagnostic=diagnostic,
            mots_cles=self._valeurs(mots_cles, "mots_cles"),
            description=self._texte_jusqu_au(lexique.DESCRIPTION_EXPERIENCE),
            description_experience=self._texte_jusqu_au(lexique.IMPACTS),
            impacts=self._texte(self.ici, self.fin),
        )

    def _bloc(self, en_tete: re.Match[str], **champs: Any) -> Bloc:
        structure = self._structure(en_tete)
        trouve = _STRUCTURE.fullmatch(structure)
        if not trouve:
            self.signalements.append("Le département manque après le nom de la structure.")
        titre = self.lignes[en_tete.start("titre")] if en_tete["titre"] else ""
        if not titre:
            self.signalements.append("La fiche n'a pas de titre.")
        fichiers = self._valeurs(en_tete, "fichiers", "") if en_tete["fichiers"] is not None else None
        return Bloc(
            fichier_source=self.nom,
            position=self.position,
            ligne=self.debut + 1,
            titre=titre,
            structure_brute=structure,
            structure_nom=(trouve["nom"] if trouve else structure).strip(),
            departement=trouve["departement"].strip() if trouve else "",
            fichiers_associes=fichiers,
            statut="\n".join(self._valeurs(en_tete, "statut")),
            signalements=self.signalements,
            **champs,
        )

    # -- Avancer ------------------------------------------------------------------------------------
    def _passe(self, signe: str) -> bool:
        """Franchit un libellé facultatif s'il est là."""
        if self.ici < self.fin and self.signes[self.ici] == signe:
            self.ici += 1
            return True
        return False

    def _cadre(self, cadre: re.Pattern[str], attendus: str) -> re.Match[str]:
        trouve = cadre.match(self.signes, self.ici, self.fin)
        if not trouve:
            raise self._manque(attendus)
        self.ici = trouve.end()
        return trouve

    def _texte_jusqu_a(self, cadre: re.Pattern[str], attendus: str) -> str:
        """Le texte libre jusqu'au premier cadre complet, devant lequel on s'arrête."""
        trouve = cadre.search(self.signes, self.ici, self.fin)
        if not trouve:
            raise self._manque(attendus)
        debut, self.ici = self.ici, trouve.start()
        return self._texte(debut, self.ici)

    def _texte_jusqu_au(self, libelle: lexique.Libelle) -> str:
        """Le texte libre jusqu'à un libellé seul, que l'on franchit.

        Rien ne distingue un libellé recopié dans le récit du vrai : le premier est retenu, et c'est signalé.
        """
        trouve = self.signes.find(libelle.signe, self.ici, self.fin)
        if trouve < 0:
            raise self._manque(libelle.signe)
        if self.signes.find(libelle.signe, trouve + 1, self.fin) >= 0:
            self.signalements.append(
                f"Le libellé « {libelle.texte} » est présent deux fois : vérifiez la coupure."
            )
        debut, self.ici = self.ici, trouve + 1
        return self._texte(debut, trouve)

    def _manque(self, attendus: str) -> _LibelleManquant:
        """Dit lequel des libellés attendus manque à partir d'ici, et si la page s'arrête là."""
        rang = self.ordre.index(attendus)
        ici = self.ici
        for suivant, signe in enumerate(attendus, start=rang + 1):
            trouve = self.signes.find(signe, ici, self.fin)
            if trouve < 0:
                plus_loin = any(self.signes.find(autre, ici, self.fin) >= 0 for autre in self.ordre[suivant:])
                return _LibelleManquant(
                    _PAR_SIGNE[signe],
                    max(ici, self.debut + 1),
                    est_une_coupure=not plus_loin,
                    est_mal_place=False,
                )
            ici = trouve + 1
        premier = self.signes.find(attendus[0], self.ici, self.fin)
        return _LibelleManquant(
            _PAR_SIGNE[attendus[0]], premier + 1, est_une_coupure=False, est_mal_place=True
        )

    # -- Prendre ------------------------------------------------------------------------------------
    def _texte(self, debut: int, fin: int) -> str:
        """Le texte libre au caractère près, sans les lignes blanches de ses deux bords."""
        while debut < fin and self.signes[debut] == "b":
            debut += 1
        while fin > debut and self.signes[fin - 1] == "b":
            fin -= 1
        return "\n".join(self.lignes[debut:fin])

    def _lignes(self, cadre: re.Match[str], groupe: str) -> list[str]:
        """Les lignes d'un groupe, sans les blancs, les tirets seuls et « Partenaires d'action: »."""
        debut, fin = cadre.span(groupe)
        return [self.lignes[i] for i in range(debut, fin) if self.signes[i] not in "b-p"]

    def _structure(self, en_tete: re.Match[str]) -> str:
        return "\n".join(map(_sans_tiret, self._lignes(en_tete, "structure")))

    def _valeurs(self, cadre: re.Match[str], groupe: str, champ: str | None = None) -> list[str]:
        """Les valeurs d'une liste fermée. Une valeur inconnue est gardée telle quelle ; l'import la signalera."""
        champ = groupe if champ is None else champ
        valeurs = []
        for ligne in self._lignes(cadre, groupe):
            valeur = _sans_tiret(ligne)
            if champ in lexique.VALEURS and valeur not in lexique.VALEURS[champ]:
                connue = forme(valeur)
                valeur = connue if connue in lexique.VALEURS[champ] else valeur
            valeurs.append(valeur)
        return valeurs

    def _territoire(self, premier: re.Match[str], second: re.Match[str]) -> str:
        """La page l'imprime deux fois. Le premier vaut, sauf s'il est vide."""
        haut = "\n".join(self._valeurs(premier, "territoire"))
        bas = "\n".join(self._valeurs(second, "territoire"))
        if haut and bas and haut != bas:
            self.signalements.append(f"Deux territoires différents : « {haut} », puis « {bas} ».")
        return haut or bas


def _sans_tiret(ligne: str) -> str:
    valeur = ligne.strip()
    return valeur[1:].lstrip() if valeur[:1] == "-" else valeur
