"""Les documents du catalogue : la fiche d'une expérience, et le dossier de plusieurs.

Ils disent ce que dit la page, par les mêmes fonctions (`presentation`) : mêmes mots, mêmes masques. Les
expériences viennent de `.completes()`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from maillage.catalogue.choices import FamilleTerme, RolePartenaire, StatutAction
from maillage.catalogue.models import Experience, Partenariat
from maillage.catalogue.presentation import (
    LONGUEUR_ACCROCHE,
    LigneMoyen,
    Partie,
    identite,
    lignes_de_moyens,
    partenariats,
    recit,
    resultats,
    suites,
    termes,
    texte_public,
)
from maillage.core import fichiers
from maillage.core.documents.description import (
    Bloc,
    Definition,
    Document,
    Encadre,
    Paragraphe,
    Photo,
    Saut,
    Section,
    Tableau,
    Ton,
    texte_libre,
)
from maillage.core.documents.texte import Bout, Texte, gras, lien
from maillage.core.francais import compte, date_longue, euros
from maillage.core.images import en_jpeg

AUTEUR_DU_DOSSIER = "Maillage"
IMAGES_MAX = 4
LICENCE: Texte = (
    "Textes réutilisables sous ",
    lien("Licence Ouverte 2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"),
    ", en citant le centre et l’adresse de la fiche.",
)


def fiche_experience(experience: Experience) -> Document:
    """La fiche d'une expérience, sur une page A4 si son texte le permet."""
    return Document(
        titre=texte_public(experience, "titre"),
        surtitre=_surtitre(experience),
        sous_titre=_lieu(experience),
        signature=f"Fiche mise à jour le {date_longue(experience.modifie_le)}",
        auteur=experience.structure.nom,
        date=timezone.localdate(experience.modifie_le),
        blocs=_ouverture(experience),
        sections=(*_sections(experience), *_images(experience)),
        mentions=_mentions(experience),
        licence=LICENCE,
        titres_en_marge=1,
        tient_en=1,
    )


def dossier_experiences(
    experiences: Sequence[Experience], titre: str, note: str = "", mots: Mapping[int, str] | None = None
) -> Document:
    """Plusieurs expériences à la suite, avec couverture et sommaire. `note` : pourquoi ce choix.

    `mots` : pourquoi chacune y est, par numéro de fiche.
    """
    sections: list[Section] = []
    for experience in experiences:
        mot = texte_libre((mots or {}).get(experience.pk, ""))
        pourquoi: tuple[Bloc, ...] = (Encadre("neutre", "Pourquoi cette fiche", mot),) if mot else ()
        ouverture = (Paragraphe(gras(_lieu(experience))), *pourquoi, *_ouverture(experience))
        mentions = tuple(Paragraphe(mention, role="note") for mention in _mentions(experience))
        parties = [
            Section(texte_public(experience, "titre"), ouverture, surtitre=_surtitre(experience)),
            *(replace(section, niveau=section.niveau + 1) for section in _sections(experience)),
        ]
        if sections:
            sections[-1] = replace(sections[-1], blocs=(*sections[-1].blocs, Saut()))
        parties[-1] = replace(parties[-1], blocs=(*parties[-1].blocs, *mentions))
        sections += parties
    return Document(
        titre=titre,
        sous_titre=compte(len(experiences), "expérience"),
        auteur=AUTEUR_DU_DOSSIER,
        date=timezone.localdate(),
        blocs=texte_libre(note),
        sections=tuple(sections),
        licence=LICENCE,
        a_couverture=True,
        profondeur_du_sommaire=1,
        titres_en_marge=2,
    )


def _surtitre(experience: Experience) -> str:
    """« Services · En cours depuis mars 2023 »."""
    statut = StatutAction(experience.statut).label if experience.statut else ""
    if experience.statut == StatutAction.EN_COURS and experience.depuis_le:
        statut += f" depuis {date_format(experience.depuis_le, 'F Y')}"
    dimensions = [terme.libelle for terme in termes(experience, FamilleTerme.DIMENSION)]
    return " · ".join(filter(None, (*dimensions, statut)))


def _lieu(experience: Experience) -> str:
    departement = experience.structure.departement
    return f"{experience.structure.nom}, {departement.nom}" if departement else experience.structure.nom


def _ouverture(experience: Experience) -> tuple[Bloc, ...]:
    """Le résumé en entier, puis la carte d'identité."""
    texte = texte_public(experience, "resume")
    resume = texte_libre(texte)
    if len(texte) <= LONGUEUR_ACCROCHE and len(resume) == 1 and isinstance(resume[0], Paragraphe):
        resume = (replace(resume[0], role="chapo"),)
    couples = (
        *identite(experience),
        ("Partenaires", _noms(partenariats(experience, RolePartenaire.ACTION))),
        ("Financeurs", _noms(partenariats(experience, RolePartenaire.FINANCEUR))),
        ("Mots clés", ", ".join(terme.libelle for terme in termes(experience, FamilleTerme.MOT_CLE))),
    )
    remplis = tuple((terme, valeur) for terme, valeur in couples if valeur)
    return (*resume, Definition(remplis)) if remplis else resume


def _noms(liens: Sequence[Partenariat]) -> str:
    return ", ".join(
        lien.partenaire.nom if lien.montant is None else f"{lien.partenaire.nom} ({euros(lien.montant)})"
        for lien in liens
    )


def _sections(experience: Experience) -> tuple[Section, ...]:
    moyens = lignes_de_moyens(experience)
    sections = [Section("Les moyens", (_tableau_des_moyens(moyens),))] if moyens else []
    sections += [Section(partie.titre, partie.blocs) for partie in recit(experience)]
    sections += [Section(_titre_de_resultat(partie), partie.blocs) for partie in resultats(experience)]
    for partie in suites(experience):
        ton: Ton = "alerte" if partie.marque == "alerte" else "ok"
        sections.append(Section(partie.titre, (Encadre(ton, "", partie.blocs),)))
    return tuple(sections)


def _images(experience: Experience) -> tuple[Section, ...]:
    """Les premières images de la fiche. Un fichier perdu n'empêche pas le document."""
    photos: list[Bloc] = []
    for piece in [piece for piece in experience.ses_pieces if piece.est_image][:IMAGES_MAX]:
        try:
            jpeg = en_jpeg(fichiers.lire(piece.chemin))
        except FileNotFoundError:
            continue
        adresse = reverse("piece", args=[experience.code, piece.code])
        taille = (piece.largeur or 1, piece.hauteur or 1)
        photos.append(
            Photo(jpeg, *taille, alt=piece.texte_alternatif, legende=piece.legende, adresse=adresse)
        )
    return (Section("En images", tuple(photos)),) if photos else ()


def _titre_de_resultat(partie: Partie) -> str:
    """« Pour le centre » se lit sous « Ce que cela a changé » ; seul, il faut le dire."""
    return f"Ce que cela a changé p{partie.titre[1:]}" if partie.titre.startswith("Pour") else partie.titre


def _tableau_des_moyens(moyens: Sequence[LigneMoyen]) -> Tableau:
    return Tableau(
        legende="Ce que Maillage a lu, à côté des mots du centre",
        entetes=("Moyen", "Lu", "Les mots du centre"),
        lignes=tuple((moyen.libelle, _lu(moyen), _mots(moyen)) for moyen in moyens),
        largeurs=(3, 5, 11),
        a_entetes_de_ligne=True,
    )


def _lu(moyen: LigneMoyen) -> Texte:
    return gras(moyen.lu) if moyen.lu else "Aucun nombre reconnu"


def _mots(moyen: LigneMoyen) -> Texte:
    """Les mots du centre entre guillemets, où le nombre lu ressort."""
    if not moyen.mots:
        return ""
    mots = (Bout(passage.texte, gras=passage.est_lu) for passage in moyen.mots)
    return ("« ", *mots, " »")


def _mentions(experience: Experience) -> tuple[Texte, ...]:
    """D'où vient la fiche, et où la retrouver."""
    adresse = settings.MAILLAGE_URL + reverse("experience_courte", args=[experience.code])
    mentions: list[Texte] = [("Adresse stable : ", lien(adresse.partition("://")[2], adresse))]
    sources = sorted({source.fichier_source for source in experience.ses_sources})
    if sources:
        mentions.append(f"Source : catalogue national des actions, {', '.join(sources)}")
    if experience.fichiers_associes:
        fichiers = ", ".join(experience.fichiers_associes)
        mentions.append(f"Fichiers joints à la fiche d’origine, non repris ici : {fichiers}")
    return tuple(mentions)
