"""La lettre de décision : ce que la Caf répond, demande par demande."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from maillage.core.documents.description import (
    Definition,
    Document,
    Paragraphe,
    Section,
    Tableau,
    texte_libre,
)
from maillage.core.francais import compte, date_longue
from maillage.projets.choices import EtatDemandeAgrement
from maillage.projets.models import Lettre


def document_de_la_lettre(lettre: Lettre) -> Document:
    """À figer dans la transaction de la décision : les demandes y ont déjà leur réponse."""
    projet = lettre.projet
    envoi = lettre.envoi
    demandes = list(lettre.demandes.select_related("agrement").order_by("type", "pk"))
    tableau = Tableau(
        "Réponse à chaque demande",
        ("Agrément demandé", "Réponse", "Du", "Au", "Durée"),
        tuple(
            (
                str(demande.get_type_display()),
                str(demande.get_etat_display()),
                date_longue(demande.agrement.du) if demande.agrement else "—",
                date_longue(demande.agrement.au) if demande.agrement else "—",
                _duree(demande.agrement.du, demande.agrement.au) if demande.agrement else "—",
            )
            for demande in demandes
        ),
        largeurs=(4, 2, 3, 3, 2),
        a_entetes_de_ligne=True,
    )
    motifs = [
        Paragraphe(f"{demande.get_type_display()} : {demande.motif}") for demande in demandes if demande.motif
    ]
    sections = [Section("La décision", (Paragraphe(_decision(lettre)), tableau))]
    if motifs:
        accordees = all(demande.etat == EtatDemandeAgrement.ACCORDEE for demande in demandes)
        sections.append(Section("Précisions" if accordees else "Motifs", tuple(motifs)))
    if lettre.mot:
        sections.append(Section("Message au centre", tuple(texte_libre(lettre.mot))))
    signataire = lettre.ecrite_par.get_full_name() if lettre.ecrite_par else ""
    sections.append(
        Section(
            "Le dossier examiné",
            (
                Definition(
                    (
                        ("Projet", envoi.nom_du_projet),
                        ("Version", f"{envoi.numero}, transmise le {date_longue(_jour(envoi.envoye_le))}"),
                    )
                ),
                Paragraphe(f"Son empreinte (SHA-256) : {envoi.empreinte}", "note"),
                Paragraphe(f"Suivi par {signataire}, {lettre.institution.nom}.", "note"),
            ),
        )
    )
    return Document(
        titre="Réponse à votre demande d’agrément",
        surtitre=lettre.institution.nom,
        sous_titre=projet.structure.nom,
        signature=f"Lettre n° {lettre.reference}, du {date_longue(_jour(lettre.ecrite_le))}",
        auteur=lettre.institution.nom,
        date=_jour(lettre.ecrite_le),
        sections=tuple(sections),
        tient_en=1,
    )


def _decision(lettre: Lettre) -> str:
    instance = f" ({lettre.commission})" if lettre.commission else ""
    return f"La {_caf(lettre.institution.nom)} a décidé le {date_longue(lettre.decidee_le)}{instance}."


def _duree(du: date, au: date) -> str:
    """« 2 ans », « 18 mois » : du premier au dernier jour compris. Ce qui n'est pas en mois entiers se dit en jours."""
    fin = au + timedelta(days=1)
    mois = (fin.year - du.year) * 12 + fin.month - du.month
    if fin.day != du.day:
        return compte((fin - du).days, "jour")
    return compte(mois // 12, "an") if mois % 12 == 0 else compte(mois, "mois,mois")


def _caf(nom: str) -> str:
    return nom if nom.lower().startswith("caf") else f"Caf ({nom})"


def _jour(instant: datetime) -> date:
    return timezone.localdate(instant)
