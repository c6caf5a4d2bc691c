"""Ce qui manque à la gouvernance avant d'envoyer : des avertissements, qui n'empêchent rien."""

from maillage.core.francais import compte
from maillage.projets.instances import lire_gouvernance
from maillage.projets.lecture import Arbre
from maillage.projets.manques import Manque
from maillage.projets.models import ProjetSocial
from maillage.projets.participation import lire_participation


def manques_de_la_gouvernance(projet: ProjetSocial, arbre: Arbre | None = None) -> list[Manque]:
    """Les instances, puis leurs réunions, puis la participation."""
    lue = lire_gouvernance(projet)
    if not lue.instances:
        return [Manque("Aucune instance n’est décrite.", "gouvernance")]
    trouves: list[Manque] = []

    def noter(combien: int, phrase: str, ou: str = "gouvernance") -> None:
        if combien:
            trouves.append(Manque(phrase, ou))

    sans_college = [une for une in lue.instances if not une.sieges.tous and not une.instance.composition]
    paritaires = [
        une
        for une in lue.instances
        if une.instance.veut_la_parite and une.sieges.tous and not une.est_paritaire
    ]
    retards = sum(1 for une in lue.decisions_ouvertes if une.est_en_retard)
    noter(len(sans_college), f"{compte(len(sans_college), 'instance')} sans collège ni composition.")
    for une in paritaires:
        noter(1, f"« {une.instance} » : la parité voulue n’est pas tenue.")
    noter(not any(une.tenues for une in lue.instances), "Aucune réunion tenue n’est notée.")
    a_noter, sans_texte = len(lue.a_noter), len(lue.sans_compte_rendu)
    noter(a_noter, f"{compte(a_noter, 'réunion passée,réunions passées')} : dites qui était là.")
    noter(sans_texte, f"{compte(sans_texte, 'réunion tenue,réunions tenues')} sans compte rendu.")
    noter(retards, f"{compte(retards, 'décision')} en retard.")
    participation = lire_participation(projet, arbre)
    sans_degre, sans_preuve = len(participation.sans_degre), len(participation.sans_preuve)
    noter(sans_degre, f"{compte(sans_degre, 'fiche')} sans degré de participation.", "participation")
    noter(sans_preuve, f"{compte(sans_preuve, 'fiche')} sans preuve de participation.", "participation")
    return trouves
