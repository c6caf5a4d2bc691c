"""Comment chaque mesure se compte. Les règles, en mots : docs/indicateurs.md."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.db.models import (
    Count,
    ExpressionWrapper,
    FloatField,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce, NullIf, TruncMonth

from maillage.activites.choices import EtatInitiative, EtatSeance, ReponseSatisfaction, Rythme
from maillage.activites.models import Presence, Seance
from maillage.core.francais import compte, insecables
from maillage.evaluation.calcul import axes
from maillage.evaluation.calcul.decompte import AILLEURS, Decompte
from maillage.evaluation.calcul.portee import PERSONNE_INCONNUE, Lignes, Portee
from maillage.evaluation.calcul.sources import (
    MOIS_LU,
    SITE,
    Axe,
    Detail,
    Source,
    arrondir,
    dire_le_mois,
    duree,
    en_nombre,
)
from maillage.evaluation.choices import Mesure, Ventilation
from maillage.personnes.models import Personne
from maillage.territoire.models import Partenaire

V = Ventilation
NOMMEES: Final = {
    Mesure.PERSONNES_DIFFERENTES,
    Mesure.PRESENCES,
    Mesure.ASSIDUITE,
    Mesure.NOUVELLES_PERSONNES,
    Mesure.FAMILLES,
    Mesure.REPARTITION,
    Mesure.BENEVOLES,
    Mesure.HEURES_BENEVOLAT,
}
"""Ce qui se compte, au moins en partie, sur des noms."""
Nombre = Callable[..., Any]
PAR_LIGNE: Final[Nombre] = partial(Count, "pk")
PERSONNES: Final[Nombre] = partial(Count, "personne", distinct=True)
SOMME_DES_NOMBRES: Final[Nombre] = partial(Sum, "nombre")
SEANCES_D_UN_RYTHME: Final = 2
"""Une activité est régulière quand elle a eu au moins deux séances dans la période."""


def compter(portee: Portee) -> Decompte:
    """La mesure de cette portée. L'évolution se compte au-dessus (`valeurs`)."""
    if portee.mesure not in _COMPTES:
        return Decompte(manque=AILLEURS.get(portee.mesure, "L’équipe tape ce nombre."))
    if portee.inconnus:
        return Decompte(manque=insecables(" ".join(portee.inconnus)))
    decompte = _COMPTES[portee.mesure](portee)
    laisses = " ".join(f"« {mot} » ne se calcule pas : on compte sans." for mot in portee.laisses)
    couverture = " ".join(filter(None, [decompte.couverture, laisses, _gelees(portee)]))
    return replace(decompte, couverture=insecables(couverture), manque=insecables(decompte.manque))


def _gelees(portee: Portee) -> str:
    """Une fiche gelée ne se compte plus : qui lit le nombre le sait (RGPD, article 18)."""
    if portee.mesure not in NOMMEES or not (combien := portee.venues_gelees):
        return ""
    return f"{compte(combien, 'venue')} d’une fiche gelée n’y sont pas."


def _faire(
    sources: list[Source], couverture: str = "", valeur: Decimal | None = None, *, gens: int | None = None
) -> Decompte:
    if valeur is None:
        valeur = sum((source.total for source in sources), Decimal(0))
    return Decompte(arrondir(valeur), couverture, sources=tuple(sources), gens=gens)


def _sans_activite(portee: Portee) -> str:
    """Pourquoi rien ne peut se compter des séances ; vide quand quelque chose a été noté."""
    if not portee.activites_du_perimetre:
        ou = "au centre" if portee.est_du_centre else "à cette fiche"
        return f"Aucune activité n’est rattachée {ou}. Rattachez-en une : ses séances compteront."
    return "" if portee.a_des_seances else f"Aucune séance n’est notée pour {portee.periode}."


# --- Les séances et les gens ---------------------------------------------------------------------------
def _seances(portee: Portee) -> Decompte:
    if manque := _sans_activite(portee):
        return Decompte(manque=manque)
    return _faire([Source(portee.seances, PAR_LIGNE, axes.d_une_seance(portee, ""))])


def _activites(portee: Portee) -> Decompte:
    if manque := _sans_activite(portee):
        return Decompte(manque=manque)
    tenues = Seance.objects.filter(
        activite=OuterRef("pk"),
        etat=EtatSeance.TENUE,
        debut__gte=portee.periode.debut,
        debut__lt=portee.periode.fin,
    ).order_by()
    combien = tenues.values("activite").annotate(n=Count("pk")).values("n")
    lignes = portee.activites.annotate(seances_tenues=Subquery(combien))
    les_axes: dict[str, Axe] = {
        V.PUBLIC: axes.par_public(portee, "pk"),
        V.RYTHME: Axe(
            parts={
                Rythme.REGULIER.label: Q(seances_tenues__gte=SEANCES_D_UN_RYTHME),
                Rythme.PONCTUEL.label: Q(seances_tenues__lt=SEANCES_D_UN_RYTHME),
            }
        ),
        SITE: Axe("site__nom"),
    }
    return _faire([Source(lignes, PAR_LIGNE, les_axes)], "Une activité compte dès sa première séance tenue.")


def _presences(portee: Portee) -> Decompte:
    if manque := _sans_activite(portee):
        return Decompte(manque=manque)
    nommees = Source(portee.presences, PAR_LIGNE, axes.d_une_presence(portee))
    sans_nom = Source(portee.sans_nom, SOMME_DES_NOMBRES, axes.d_une_venue_sans_nom(portee))
    avec, sans = int(nommees.total), int(sans_nom.total)
    dite = f"{compte(avec, 'présence')} avec un nom et {compte(sans, 'présence')} sans nom."
    gens = int(Source(portee.presences, PERSONNES, {}).total) + sans
    return _faire([nommees, sans_nom], f"{dite}{_ecartees(portee)}", Decimal(avec + sans), gens=gens)


def _venues(portee: Portee, presences: Lignes, nombre: Nombre, mots: str) -> Decompte:
    """Compte des gens sur les présences nommées seulement, et le dit."""
    if manque := _sans_activite(portee):
        return Decompte(manque=manque)
    source = Source(presences, nombre, axes.d_une_presence(portee))
    sans = int(Source(portee.sans_nom, SOMME_DES_NOMBRES, {}).total)
    connues = int(source.total)
    if not connues and sans:
        return Decompte(
            manque=f"{compte(sans, 'présence')} sans nom et aucun nom : on ne sait pas combien de gens différents."
        )
    dite = f"{compte(connues, mots)} ; {compte(sans, 'présence')} sans nom, non dédoublonnées."
    return _faire([source], f"{dite}{_ecartees(portee)}", Decimal(connues), gens=connues)


def _ecartees(portee: Portee) -> str:
    """« 12 présences sans âge connu n'y sont pas. »"""
    phrases = [
        f" {compte(ecartees, 'présence')} sans {PERSONNE_INCONNUE[filtre][1]} connu n’y sont pas."
        for filtre in PERSONNE_INCONNUE
        if portee.valeurs(filtre) and (ecartees := portee.sans_l_information(filtre))
    ]
    return "".join(phrases)


def _assez_souvent(portee: Portee, qui: str, presences: Lignes) -> Lignes:
    fois = portee.definition.au_moins
    if fois == 1:
        return presences
    souvent = presences.order_by().values(qui).annotate(fois=Count("seance", distinct=True))
    return presences.filter(**{f"{qui}__in": souvent.filter(fois__gte=fois).values(qui)})


def _personnes_differentes(portee: Portee) -> Decompte:
    presences = _assez_souvent(portee, "personne", portee.presences)
    return _venues(portee, presences, PERSONNES, "personne connue,personnes connues")


def _nouvelles_personnes(portee: Portee) -> Decompte:
    """Venues dans la définition, et jamais au centre avant la période. Leur mois est celui de leur première venue."""
    venues = Presence.objects.filter(
        seance__activite__structure=portee.centre.structure, seance__etat=EtatSeance.TENUE
    )
    debut = portee.periode.debut
    connues = venues.filter(seance__debut__lt=debut).order_by().values("personne")
    lignes = portee.presences.exclude(personne__in=connues)
    decompte = _venues(portee, lignes, PERSONNES, "personne nouvelle,personnes nouvelles")

    def par_mois(lignes: Lignes) -> Detail:
        """Une lecture pour tous : chercher la première venue de chaque ligne coûterait une demi-seconde."""
        nouvelles = set(lignes.values_list("personne", flat=True).distinct())
        de_la_periode = venues.filter(
            seance__debut__gte=debut, seance__debut__lt=portee.periode.fin
        ).order_by()
        premieres = de_la_periode.values_list("personne").annotate(premiere=Min("seance__debut"))
        instants = sorted(premiere for personne, premiere in premieres if personne in nouvelles)
        mois = Counter(dire_le_mois(instant.astimezone(portee.periode.fuseau)) for instant in instants)
        return {mot: Decimal(combien) for mot, combien in mois.items()}

    mois = Axe(detailler=par_mois)
    sources = tuple(Source(s.lignes, s.nombre, {**s.axes, MOIS_LU: mois}) for s in decompte.sources)
    return replace(decompte, sources=sources)


def _familles(portee: Portee) -> Decompte:
    """Un foyer dont un membre est venu. Une personne de deux foyers compte pour le premier noté."""
    presences = portee.presences_par_foyer
    sans_foyer = presences.filter(foyer=None).order_by().aggregate(n=Count("personne", distinct=True))["n"]
    connues = _assez_souvent_au_foyer(portee, presences.filter(foyer__isnull=False))
    decompte = _venues(
        portee, connues, partial(Count, "foyer", distinct=True), "famille connue,familles connues"
    )
    if decompte.valeur is None or not sans_foyer:
        return decompte
    seules = f" {compte(sans_foyer, 'personne')} sans foyer noté n’y sont pas."
    return replace(decompte, couverture=decompte.couverture + seules)


def _assez_souvent_au_foyer(portee: Portee, presences: Lignes) -> Lignes:
    fois = portee.definition.au_moins
    if fois == 1:
        return presences
    comptes = presences.order_by().values("foyer").annotate(fois=Count("seance", distinct=True))
    foyers = [ligne["foyer"] for ligne in comptes if ligne["fois"] >= fois]
    return presences.filter(foyer__in=foyers)


def _assiduite(portee: Portee) -> Decompte:
    """Présences nommées ÷ (inscrits ou venus au moins une fois × séances), activité par activité, en pour cent."""
    if manque := _sans_activite(portee):
        return Decompte(manque=manque)
    seances = dict(portee.seances_pour_tous.order_by().values_list("activite").annotate(n=Count("pk")))
    venues: dict[int, int] = {}
    gens: dict[int, set[int]] = {}
    comptees = portee.presences.order_by().values_list("seance__activite").annotate(n=Count("pk"))
    for activite, combien in comptees:
        venues[activite] = combien
    paires = portee.presences.order_by().values_list("seance__activite", "personne").distinct()
    inscrites = portee.inscriptions.filter(activite__in=list(seances)).order_by()
    for activite, personne in [*paires, *inscrites.values_list("activite", "personne").distinct()]:
        gens.setdefault(activite, set()).add(personne)
    attendues = sum(len(gens.get(activite, ())) * tenues for activite, tenues in seances.items())
    if not attendues:
        return Decompte(manque="Aucun nom noté : l’assiduité se lit des personnes inscrites ou venues.")
    presentes = sum(venues.values())
    dite = (
        f"{compte(presentes, 'présence')} avec un nom sur {compte(attendues, 'attendue')} :"
        " chaque personne inscrite, ou venue au moins une fois, à chaque séance de son activité."
    )
    source = Source(portee.presences, PAR_LIGNE, {})
    inscrits_ou_venus = {personne for siens in gens.values() for personne in siens}
    return _faire([source], dite, Decimal(100 * presentes) / attendues, gens=len(inscrits_ou_venus))


# --- Le comptoir ---------------------------------------------------------------------------------------
def _sans_type(portee: Portee) -> str:
    if not portee.a_des_types:
        return "Aucun type de demande n’est relié à cette fiche. Reliez-en un dans les réglages du comptoir."
    if portee.types is not None and not portee.types:
        return (
            "Le type de demande voulu n’est pas relié à cette fiche. Reliez-le dans les réglages du comptoir."
        )
    return "" if portee.a_des_passages else f"Aucun passage n’est noté pour {portee.periode}."


def _passages(portee: Portee) -> Decompte:
    if manque := _sans_type(portee):
        return Decompte(manque=manque)
    les_axes = axes.d_un_passage(portee, "", "demandes__type__libelle")
    source = Source(portee.passages, PAR_LIGNE, les_axes)
    gens = int(en_nombre(portee.passages.order_by().aggregate(n=Sum("nombre"))["n"]))
    dite = "Un passage n’est pas une personne : qui revient compte à chaque fois."
    venues = f"{compte(gens, 'personne venue,personnes venues')}, parfois à plusieurs."
    decompte = _faire([source], f"{venues} {dite}")
    return replace(decompte, gens=int(decompte.valeur or 0))


def _demandes_par_type(portee: Portee) -> Decompte:
    if manque := _sans_type(portee):
        return Decompte(manque=manque)
    source = Source(portee.demandes, PAR_LIGNE, axes.d_un_passage(portee, "passage__", "type__libelle"))
    passages = en_nombre(portee.demandes.order_by().aggregate(n=Count("passage", distinct=True))["n"])
    return _faire([source], "Un passage porte une demande ou plusieurs.", gens=int(passages))


# --- Partenaires, bénévoles, initiatives ---------------------------------------------------------------
def _partenaires(portee: Portee) -> Decompte:
    rattaches = portee.partenaires_des_fiches.values("partenaire")
    lignes = Partenaire.objects.filter(
        Q(pk__in=portee.interventions.order_by().values("partenaire")) | Q(pk__in=rattaches)
    ).order_by("nom", "pk")
    decompte = _faire(
        [Source(lignes, PAR_LIGNE, {V.TYPE_PARTENAIRE: axes.par_type_de_partenaire(portee)})],
        "Rattachés à l’action, ou présents à une de ses séances. Chacun compte une fois.",
    )
    manque = "" if decompte.valeur else _sans_activite(portee)
    return Decompte(manque=manque) if manque else decompte


def _benevoles(portee: Portee) -> Decompte:
    """Notés bénévoles à une séance ou, sans nombre de fois demandé, dans les heures."""
    presences = _assez_souvent(portee, "personne", portee.presences)
    q = Q(pk__in=presences.order_by().values("personne"))
    if portee.definition.au_moins == 1:
        connues = portee.heures.filter(benevole__isnull=False)
        q |= Q(pk__in=connues.order_by().values("benevole__personne"))
    lignes = Personne.objects.filter(q).order_by("pk")
    les_axes: dict[str, Axe] = {
        V.GENRE: Axe("genre"),
        V.QUARTIER: Axe("provenance__nom"),
    }
    decompte = _faire([Source(lignes, PAR_LIGNE, les_axes)])
    manque = "" if decompte.valeur else _sans_activite(portee)
    if manque:
        return Decompte(manque=manque)
    sans = int(Source(portee.sans_nom, SOMME_DES_NOMBRES, {}).total)
    dite = f"{compte(int(decompte.valeur or 0), 'bénévole connu,bénévoles connus')} ; "
    dite += f"{compte(sans, 'présence')} sans nom, non dédoublonnées."
    return replace(decompte, couverture=dite, gens=int(decompte.valeur or 0))


def _heures_benevolat(portee: Portee) -> Decompte:
    """Les heures notées, et la durée des séances des bénévoles dont les heures n'ont pas été notées à part."""
    manque = "" if portee.heures.exists() else _sans_activite(portee)
    if manque:
        return Decompte(manque=manque)
    notees = Source(
        portee.heures,
        partial(Sum, "heures"),
        {
            MOIS_LU: Axe(TruncMonth("jour"), dire_le_mois),
            V.ACTIVITE: Axe(Coalesce("activite__titre", "seance__activite__titre")),
        },
    )
    a_la_seance = Source(portee.presences_benevoles, duree("seance__"), axes.d_une_presence(portee))
    connues = portee.heures.filter(benevole__isnull=False).order_by()
    gens = {
        *connues.values_list("benevole__personne", flat=True),
        *portee.presences_benevoles.order_by().values_list("personne", flat=True),
    }
    sans_nom = int(Source(portee.heures.filter(benevole=None), SOMME_DES_NOMBRES, {}).total)
    return _faire(
        [notees, a_la_seance],
        "Les heures notées, et la durée des séances où un bénévole est noté par son nom.",
        gens=len(gens) + sans_nom,
    )


def _initiatives(portee: Portee) -> Decompte:
    if not portee.initiatives_du_perimetre.exists():
        ou = "au centre" if portee.est_du_centre else "à cette fiche"
        return Decompte(manque=f"Aucune initiative n’est rattachée {ou}. Rattachez-en une.")
    publics = {mot for dits in portee.initiatives.values_list("publics", flat=True) for mot in dits}
    les_axes: dict[str, Axe] = {
        V.ETAT: Axe(Coalesce("etat_alors", "etat"), lambda etat: str(EtatInitiative(etat).label)),
        V.PUBLIC: Axe(
            parts={mot: Q(pk__in=portee.initiatives_qui("publics", [mot])) for mot in sorted(publics)}
        ),
    }
    return _faire(
        [Source(portee.initiatives, PAR_LIGNE, les_axes)],
        "Nées dans la période, ou suivies à une date notée.",
    )


def _satisfaction(portee: Portee) -> Decompte:
    reponses = portee.satisfactions
    if not (combien := reponses.count()):
        return Decompte(manque=_sans_activite(portee) or "Personne n’a encore répondu en sortant.")
    contents = Q(reponse__in=[ReponseSatisfaction.TRES, ReponseSatisfaction.PLUTOT])

    def part(filter: Q | None = None) -> ExpressionWrapper[Any]:
        les_siens = contents if filter is None else contents & filter
        rapport = Count("pk", filter=les_siens) * 100.0 / NullIf(Count("pk", filter=filter), 0)
        return ExpressionWrapper(rapport, output_field=FloatField())

    source = Source(reponses, part, axes.d_une_seance(portee, "seance__"))
    dite = f"Très ou plutôt contents, sur {compte(combien, 'réponse')} sans nom."
    return _faire([source], dite, gens=combien)


_COMPTES: Final[Mapping[Mesure, Callable[[Portee], Decompte]]] = {
    Mesure.SEANCES: _seances,
    Mesure.PERSONNES_DIFFERENTES: _personnes_differentes,
    Mesure.PRESENCES: _presences,
    Mesure.ASSIDUITE: _assiduite,
    Mesure.NOUVELLES_PERSONNES: _nouvelles_personnes,
    Mesure.FAMILLES: _familles,
    Mesure.PASSAGES: _passages,
    Mesure.DEMANDES_PAR_TYPE: _demandes_par_type,
    Mesure.PARTENAIRES: _partenaires,
    Mesure.BENEVOLES: _benevoles,
    Mesure.HEURES_BENEVOLAT: _heures_benevolat,
    Mesure.INITIATIVES: _initiatives,
    Mesure.ACTIVITES: _activites,
    Mesure.SATISFACTION: _satisfaction,
    Mesure.REPARTITION: _personnes_differentes,
}
