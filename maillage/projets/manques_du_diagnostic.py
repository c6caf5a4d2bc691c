"""Ce qui manque au diagnostic avant d'envoyer le dossier : des avertissements, avec la page où l'on y remédie."""

from django.db.models import Exists, OuterRef

from maillage.core.francais import compte
from maillage.projets.choices import NatureConstat
from maillage.projets.lecture import Arbre
from maillage.projets.manques import Manque
from maillage.projets.models import Besoin, Preuve, ProjetSocial
from maillage.projets.noms import ressemble_a_un_nom
from maillage.projets.preuves import sans_besoin, tout_le_diagnostic


def manques_du_diagnostic(projet: ProjetSocial, arbre: Arbre | None = None) -> list[Manque]:
    """Dans l'ordre où l'on mène un diagnostic : compter, écouter, constater, dire les besoins, les prouver.

    `arbre` ne lui sert pas : les sujets de la vérification se lisent tous de la même façon.
    """
    trouves: list[Manque] = []

    def noter(manque: bool | int, phrase: str, ou: str) -> None:
        if manque:
            trouves.append(Manque(phrase, ou))

    lu = tout_le_diagnostic(projet)
    chiffres = lu["chiffre"]
    noter(not chiffres and not lu["tableau"], "Aucun chiffre ne décrit le territoire.", "diagnostic_chiffres")
    sans_source = sum(not un.source for un in chiffres)
    sans_annee = sum(un.annee is None for un in chiffres)
    noter(sans_source, f"{compte(sans_source, 'chiffre')} sans source.", "diagnostic_chiffres")
    noter(sans_annee, f"{compte(sans_annee, 'chiffre')} sans année.", "diagnostic_chiffres")
    noter(not lu["rencontre"], "Aucune rencontre n’est notée.", "diagnostic_rencontres")
    noter(not lu["parole"], "Aucune parole d’habitant n’est gardée.", "diagnostic_paroles")
    nommees = sum(ressemble_a_un_nom(parole.qui) for parole in lu["parole"])
    noter(
        nommees,
        f"{compte(nommees, 'parole semble dire,paroles semblent dire')} un nom. "
        "Écrivez une situation : le nom ne part pas.",
        "diagnostic_paroles",
    )
    natures = {constat.nature for constat in lu["constat"]}
    vides = [str(nature.label).lower() for nature in NatureConstat if nature not in natures]
    noter(
        bool(vides),
        "Aucun constat n’est écrit."
        if len(vides) == len(NatureConstat)
        else f"Constats : aucun pour {', '.join(vides)}.",
        "diagnostic_constats",
    )
    besoins = _appuis(projet)
    noter(not besoins, "Aucun besoin n’est dit.", "besoins")
    sans_preuve = sum(not a_une_preuve for a_une_preuve, _ in besoins)
    sans_enjeu = sum(not a_un_enjeu for _, a_un_enjeu in besoins)
    noter(sans_preuve, f"{compte(sans_preuve, 'besoin')} sans preuve.", "besoins")
    noter(sans_enjeu, f"{compte(sans_enjeu, 'besoin')} sans enjeu dans l’arbre.", "besoins")
    if besoins:
        libres = len(sans_besoin(projet, lu))
        noter(libres, f"{compte(libres, 'preuve')} sans besoin.", "preuves_sans_besoin")
    return trouves


def _appuis(projet: ProjetSocial) -> list[tuple[bool, bool]]:
    """Pour chaque besoin : a-t-il une preuve, mène-t-il à un enjeu ?"""
    de_lui = {"besoin": OuterRef("pk")}
    relies = Besoin.enjeux.through._default_manager.filter(**de_lui)
    return list(
        projet.besoins.order_by().values_list(Exists(Preuve.objects.filter(**de_lui)), Exists(relies))
    )
