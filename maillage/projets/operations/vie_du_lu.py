"""La gouvernance, le budget et l'évaluation d'un export JSON. Une fiche s'y désigne par son `id` dans l'objet.

Personne n'y est nommé : un mandat revient sans nom, comme un an après sa fin.
"""

from collections.abc import Mapping
from typing import Any

from maillage.projets.choices import (
    EtatReunion,
    GenreCollege,
    GenreInstance,
    GenrePreuve,
    MomentEvaluation,
    PorteeBudget,
    SuiteProposee,
    VenueEnReunion,
)
from maillage.projets.models import (
    Budget,
    College,
    Decision,
    Evaluation,
    FicheAction,
    Financement,
    Instance,
    LeconRetenue,
    LigneDeBudget,
    Mandat,
    Objectif,
    PresenceEnReunion,
    PresentsSansMandat,
    PreuveDeParticipation,
    ProjetSocial,
    Proposition,
    ReponseDEvaluation,
    Reunion,
)
from maillage.projets.operations.budget import liens_du_financeur
from maillage.projets.operations.textes_du_lu import Textes
from maillage.projets.operations.valeurs_du_lu import entier, heure, jour, montant, nombres, objets, parmi

Lu = Mapping[str, Any]
Fiches = Mapping[str, FicheAction]


def ecrire_la_vie(projet: ProjetSocial, lu: Lu, fiches: Fiches, textes: Textes) -> None:
    """À appeler quand les fiches et les instances sont écrites."""
    _ecrire_les_instances(projet, lu, fiches, textes)
    PreuveDeParticipation.objects.bulk_create(
        PreuveDeParticipation(
            fiche=fiches[str(un["fiche"])],
            genre=parmi(un.get("genre"), GenrePreuve, GenrePreuve.RENCONTRE),
            le=le,
            texte=textes.court(un.get("texte"), 300),
            habitants=entier(un.get("habitants")),
        )
        for un in objets(lu, "participation")
        if str(un.get("fiche")) in fiches and (le := jour(un.get("le")))
    )
    _ecrire_les_budgets(projet, lu, fiches, textes)
    for un in objets(lu, "evaluations"):
        _ecrire_l_evaluation(projet, un, fiches, textes)


# --- La gouvernance ---------------------------------------------------------------------------------


def _ecrire_les_instances(projet: ProjetSocial, lu: Lu, fiches: Fiches, textes: Textes) -> None:
    """`gouvernance` les a posées ; `instances` dit ce qu'elles vivent. On les retrouve par leur nom."""
    posees: dict[str, list[Instance]] = {}
    for instance in projet.instances.order_by("rang", "pk"):
        posees.setdefault(instance.nom, []).append(instance)
    for un in objets(lu, "instances"):
        siennes = posees.get(textes.court(un.get("nom"), 300))
        if siennes:
            _ecrire_l_instance(siennes.pop(0), un, fiches, textes)


def _ecrire_l_instance(instance: Instance, lu: Lu, fiches: Fiches, textes: Textes) -> None:
    instance.genre = parmi(lu.get("genre"), GenreInstance, instance.genre)
    instance.veut_la_parite = lu.get("veut_la_parite") is True
    instance.save(update_fields=["genre", "veut_la_parite"])
    colleges: dict[str, College] = {}
    for un in objets(lu, "colleges"):
        genre = parmi(un.get("genre"), GenreCollege)
        if genre and genre not in colleges:
            sieges = entier(un.get("sieges")) or 0
            colleges[genre] = College.objects.create(instance=instance, genre=genre, sieges=sieges)
    mandats: dict[int, Mandat] = {}
    for rang, un in enumerate(objets(lu, "mandats"), start=1):
        college, du, au = colleges.get(str(un.get("college"))), jour(un.get("du")), jour(un.get("au"))
        if college and du and au and du <= au:
            mandats[rang] = Mandat.objects.create(
                college=college, fonction=textes.court(un.get("fonction"), 80), du=du, au=au
            )
    for un in objets(lu, "reunions"):
        _ecrire_la_reunion(instance, un, mandats, fiches, textes)


def _ecrire_la_reunion(
    instance: Instance, lu: Lu, mandats: Mapping[int, Mandat], fiches: Fiches, textes: Textes
) -> None:
    """Sans jour, elle n'a pas de place : ses textes sont à ranger."""
    le = jour(lu.get("le"))
    if le is None:
        dits = (textes.long(lu.get(champ)) for champ in ("ordre_du_jour", "compte_rendu"))
        textes.a_garder.append("\n\n".join(filter(None, (f"Réunion de « {instance} »", *dits))))
        return
    reunion = Reunion.objects.create(
        instance=instance,
        le=le,
        etat=parmi(lu.get("etat"), EtatReunion, EtatReunion.PREVUE),
        heure=heure(lu.get("heure")),
        lieu=textes.court(lu.get("lieu"), 200),
        ordre_du_jour=textes.long(lu.get("ordre_du_jour")),
        compte_rendu=textes.long(lu.get("compte_rendu")),
    )
    venues = {
        entier(un.get("mandat")) or 0: venue
        for un in objets(lu, "venues")
        if (venue := parmi(un.get("venue"), VenueEnReunion))
    }
    PresenceEnReunion.objects.bulk_create(
        PresenceEnReunion(reunion=reunion, mandat=mandats[rang], venue=venue)
        for rang, venue in venues.items()
        if rang in mandats
    )
    PresentsSansMandat.objects.bulk_create(
        PresentsSansMandat(reunion=reunion, genre=genre, nombre=nombre)
        for genre, nombre in nombres(lu.get("sans_mandat"), GenreCollege).items()
    )
    Decision.objects.bulk_create(
        Decision(
            reunion=reunion,
            texte=textes.long(un.get("texte")),
            qui=textes.court(un.get("qui"), 80),
            pour_le=jour(un.get("pour_le")),
            faite_le=jour(un.get("faite_le")),
            fiche=fiches.get(str(un.get("fiche"))),
        )
        for un in objets(lu, "decisions")
    )


# --- Le budget --------------------------------------------------------------------------------------


def _ecrire_les_budgets(projet: ProjetSocial, lu: Lu, fiches: Fiches, textes: Textes) -> None:
    deja: set[tuple[int, str, int]] = set()
    for un in objets(lu, "budgets"):
        annee, portee = entier(un.get("annee")), parmi(un.get("portee"), PorteeBudget)
        fiche = fiches.get(str(un.get("fiche"))) if portee == PorteeBudget.FICHE else None
        if not annee or not portee or (portee == PorteeBudget.FICHE and fiche is None):
            continue
        cle = (annee, portee, fiche.pk if fiche else 0)
        if cle in deja:
            continue
        deja.add(cle)
        heures = {
            champ: montant(un.get(champ)) for champ in ("heures_prevues", "heures_reelles", "taux_horaire")
        }
        budget = Budget.objects.create(projet=projet, annee=annee, portee=portee, fiche=fiche, **heures)
        lignes = {textes.court(ligne.get("compte"), 6): ligne for ligne in objets(un, "lignes")}
        LigneDeBudget.objects.bulk_create(
            LigneDeBudget(
                budget=budget,
                compte=compte,
                prevu=montant(ligne.get("prevu")),
                reel=montant(ligne.get("reel")),
            )
            for compte, ligne in lignes.items()
            if compte.isdecimal()
        )
    for un in objets(lu, "financements"):
        annee, nom = entier(un.get("annee")), textes.court(un.get("nom"), 200)
        if annee and nom:
            Financement.objects.create(
                projet=projet,
                annee=annee,
                nom=nom,
                objet=textes.court(un.get("objet"), 200),
                **{champ: montant(un.get(champ)) for champ in ("demande", "accorde", "recu")},
                **liens_du_financeur(nom),
            )


# --- L'évaluation -----------------------------------------------------------------------------------


def _ecrire_l_evaluation(projet: ProjetSocial, lu: Lu, fiches: Fiches, textes: Textes) -> None:
    moment, annee = parmi(lu.get("moment"), MomentEvaluation), entier(lu.get("annee"))
    if not moment or not annee or projet.evaluations.filter(moment=moment).exists():
        return
    evaluation = Evaluation.objects.create(
        projet=projet,
        moment=moment,
        annee=annee,
        methode=textes.long(lu.get("methode")),
        synthese=textes.long(lu.get("synthese")),
        **{
            champ: entier(lu.get(champ))
            for champ in ("nombre_equipe", "nombre_habitants", "nombre_partenaires", "nombre_elus")
        },
    )
    reponses = {textes.court(un.get("cle"), 120): un for un in objets(lu, "reponses")}
    ReponseDEvaluation.objects.bulk_create(
        ReponseDEvaluation(
            evaluation=evaluation,
            cle=cle,
            question=textes.long(un.get("question")),
            texte=textes.long(un.get("texte")),
        )
        for cle, un in reponses.items()
    )
    _ecrire_les_propositions(evaluation, lu, fiches, textes)
    LeconRetenue.objects.bulk_create(
        LeconRetenue(
            evaluation=evaluation,
            texte=textes.long(un.get("texte")),
            ou_sert=textes.long(un.get("ou_sert")),
            fiche=fiches.get(str(un.get("fiche"))),
            rang=rang,
        )
        for rang, un in enumerate(objets(lu, "lecons"), start=1)
    )


def _ecrire_les_propositions(evaluation: Evaluation, lu: Lu, fiches: Fiches, textes: Textes) -> None:
    """Une par fiche et par objectif : la deuxième n'a plus que son titre."""
    par_titre: dict[str, Objectif] = {}
    for connu in Objectif.objects.filter(enjeu__axe__projet=evaluation.projet).order_by("-pk"):
        par_titre[connu.titre] = connu
    pris: set[Any] = set()
    for un in objets(lu, "propositions"):
        suite = parmi(un.get("suite"), SuiteProposee)
        fiche = fiches.get(str(un.get("fiche")))
        objectif: Objectif | None = par_titre.get(textes.long(un.get("objectif")))
        if fiche in pris:
            fiche = None
        if objectif in pris and suite != SuiteProposee.COMMENCER:
            objectif = None
        pris |= {fiche} | ({objectif} if suite != SuiteProposee.COMMENCER else set())
        pris.discard(None)
        Proposition.objects.create(
            evaluation=evaluation,
            fiche=fiche,
            objectif=objectif,
            titre=textes.court(un.get("titre"), 500),
            suite=suite,
            effet=textes.long(un.get("effet")),
            raison=textes.long(un.get("raison")),
        )
