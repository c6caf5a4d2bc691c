"""Fiches inventées, autant qu'on veut, pour les mesures : aucune phrase d'une vraie fiche.

Les phrases viennent de patrons et d'un vocabulaire du métier tirés au sort (fréquences de Zipf), avec des
noms propres inventés : les mots courants touchent la moitié des fiches, les rares quelques-unes. La même
graine rend les mêmes fiches.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final


def _liste(texte: str) -> list[str]:
    return [valeur for ligne in texte.strip().splitlines() for valeur in ligne.split("|") if valeur]


THEMES: Final = _liste("""
le numérique|l'accès aux droits|la parentalité|le jardin partagé|la santé|l'alimentation|
la mobilité|la lecture|l'écriture|le théâtre|la musique|la danse|la couture|le bricolage|
la réparation d'objets|le réemploi|la marche|la gymnastique douce|le vélo|la cuisine|le logement|
l'insertion professionnelle|l'apprentissage du français|l'aide aux devoirs|les vacances en famille|
la citoyenneté|la laïcité|l'égalité entre les femmes et les hommes|la transition écologique|
le compost|la mémoire du quartier|le patrimoine|la vidéo|la photographie|le cirque|le chant|
les jeux de société|le bien-être|la prévention des chutes|le répit des aidants|le budget familial|
l'énergie|l'entraide entre voisins|la participation des habitants|le bénévolat|
les démarches en ligne|l'engagement des jeunes|la prévention des addictions|le handicap|
l'accueil des nouveaux arrivants|la fête de quartier|la radio locale|l'orchestre|la chorale|
la randonnée|les tablettes|la médiation|le service civique|l'épicerie solidaire|la ludothèque|
les sorties culturelles|le repas partagé|le transport solidaire|les premiers secours
""")
PUBLICS_DITS: Final = _liste("""
les habitants|les familles|les jeunes|les seniors|les personnes âgées|les adolescents|les enfants|
les parents|les femmes isolées|les demandeurs d'emploi|les nouveaux arrivants|les aidants|
les retraités|les locataires|les collégiens|les étudiants|les personnes en situation de handicap|
les bénévoles|les voisins|les mères seules|les jeunes adultes|les allocataires|
les personnes isolées|les usagers|tous les publics
""")
LIEUX: Final = _liste("""
au centre|au pied des immeubles|dans la salle polyvalente|au marché|à la médiathèque|
dans les écoles|au gymnase|dans le parc|à domicile|au local jeunes|sur la place|dans les villages|
au foyer|en mairie|à l'épicerie|dans le bus itinérant|au jardin|dans le quartier prioritaire|
hors les murs|chez les partenaires|en bord de rivière|dans l'ancienne école|à la maison de quartier|
dans l'atelier|au collège|à la ferme voisine
""")
PARTENAIRES: Final = _liste("""
la Caf|la mairie|le bailleur social|la préfecture|la CARSAT|la mission locale|le CCAS|
le département|une association voisine|le collège|la MSA|France services|l'hôpital|la médiathèque|
une compagnie|le club de sport|la fédération|le conseil citoyen|la ressourcerie|
la banque alimentaire|un collectif d'habitants
""")
PATRONS: Final = (
    "Chaque {jour}, {public} se retrouvent {lieu} autour de {theme}.",
    "L'action autour de {theme} est née d'une demande entendue {lieu} par l'équipe de {nom}.",
    "Avec {partenaire}, nous proposons à {public} un atelier consacré à {theme}.",
    "Nous avons compté {n} participants et {m} séances, dont une sortie vers {nom}.",
    "{public} ont choisi eux-mêmes le programme : {theme}, puis {theme}.",
    "Deux bénévoles et une animatrice accueillent {public} {lieu}, sans inscription.",
    "{partenaire} prête le matériel ; le centre apporte l'accompagnement et {theme}.",
    "Le bilan partagé montre que {public} sortent de l'isolement et reviennent pour {theme}.",
    "Une réunion mensuelle avec {partenaire} prépare la suite, surtout {theme} {lieu}.",
    "Le groupe de {nom} a rencontré celui de {nom} {lieu} pendant les vacances.",
    "Les limites tiennent au transport, aux horaires et au local prêté par {partenaire}.",
    "L'année prochaine, {public} voudraient ouvrir {theme} à d'autres communes comme {nom}.",
    "Le coût est resté modeste : {n} euros, pris en charge par {partenaire}.",
    "Pour {public}, {theme} a d'abord été un prétexte pour se parler {lieu}.",
    "Une exposition sur {theme} a été montrée {lieu} avec l'aide de {nom}.",
    "La confiance revient quand {public} animent à leur tour {theme}.",
)
JOURS: Final = _liste("lundi|mardi|mercredi|jeudi|vendredi|samedi")
SYLLABES: Final = _liste("""
ba|be|bra|cal|cha|cour|dan|del|dou|fa|fer|gam|gri|hau|jo|la
lam|mar|mon|nel|or|pau|pre|qui|ro|sa|sol|ta|ver|vi
""")
TITRES: Final = (
    "{theme} {lieu}",
    "{nom} : {theme} pour {public}",
    "Un temps pour {theme}",
    "{public} et {theme}",
    "Atelier {nom}",
    "{theme} avec {partenaire}",
)
DIMENSIONS: Final = ("citoyennete", "services", "accompagnement-de-projets")
MOTS_CLES: Final = tuple(f"mot-cle-{n}" for n in range(20))
PUBLICS: Final = ("tous-publics", "seniors", "adultes", "jeunesse", "jeunes-adultes", "familles", "enfance")
TERRITOIRES: Final = ("un-quartier", "plusieurs-quartiers", "une-commune", "plusieurs-communes", "autre")
INITIATIVES: Final = ("centre-social", "partenaires", "groupe-d-habitants", "autre")
CHAMPS: Final = (
    "description_experience",
    "description",
    "resultat_territoire",
    "resultat_centre",
    "resultat_habitants",
    "limites",
    "perspectives",
)


@dataclass(frozen=True, slots=True)
class FicheInventee:
    rang: int
    titre: str
    resume: str
    textes: dict[str, str]
    structure: int
    departement: int
    statut: str
    annee: int
    budget: int | None
    termes: dict[str, list[str]] = field(default_factory=dict)
    partenaires: list[str] = field(default_factory=list)


class _Tirage:
    """Tirages de Zipf, précalculés par poignées : un tirage coûte une lecture de liste."""

    def __init__(self, hasard: random.Random, valeurs: list[str], exposant: float = 1.0) -> None:
        poids = list(itertools.accumulate(1 / (rang + 1) ** exposant for rang in range(len(valeurs))))
        self._suite = itertools.cycle(hasard.choices(valeurs, cum_weights=poids, k=200_003))

    def __call__(self) -> str:
        return next(self._suite)


def _noms_propres(hasard: random.Random, nombre: int) -> list[str]:
    return [
        "".join(hasard.choices(SYLLABES, k=hasard.randint(2, 4))).capitalize()
        + hasard.choice(("", "", "s", "x"))
        for _ in range(nombre)
    ]


def fiches(nombre: int, graine: int = 7) -> Iterator[FicheInventee]:
    """`nombre` fiches d'environ 430 mots, rendues une à une."""
    hasard = random.Random(graine)
    listes = {
        "theme": THEMES,
        "public": PUBLICS_DITS,
        "lieu": LIEUX,
        "partenaire": PARTENAIRES,
        "jour": JOURS,
    }
    tirages = {
        nom: _Tirage(hasard, hasard.sample(valeurs, len(valeurs)), 0.7) for nom, valeurs in listes.items()
    }
    tirages["nom"] = _Tirage(hasard, _noms_propres(hasard, 50_000), 0.6)

    def remplir(patron: str) -> str:
        mots = {nom: tirage() for nom, tirage in tirages.items()}
        phrase = patron.format_map(mots | {"n": str(hasard.randint(2, 900)), "m": str(hasard.randint(2, 60))})
        return phrase[0].upper() + phrase[1:]

    phrases = _Tirage(hasard, [remplir(patron) for patron in PATRONS * 3_000], 0.25)
    partenaires = _Tirage(hasard, PARTENAIRES, 0.8)
    for rang in range(nombre):
        yield FicheInventee(
            rang=rang,
            titre=remplir(hasard.choice(TITRES)),
            resume=" ".join(phrases() for _ in range(5)),
            textes={champ: " ".join(phrases() for _ in range(hasard.randint(2, 5))) for champ in CHAMPS},
            structure=min(int(hasard.paretovariate(0.9)), 2_400),
            departement=int(hasard.triangular(0, 101, 20)),
            statut="en_cours" if hasard.random() < 0.8 else "terminee",
            annee=hasard.randint(2012, 2026),
            budget=int(hasard.lognormvariate(9, 1.2)) if hasard.random() < 0.7 else None,
            termes={
                "dimension": [hasard.choice(DIMENSIONS)],
                "mot_cle": hasard.sample(MOTS_CLES, hasard.randint(0, 4)),
                "public": hasard.sample(PUBLICS, hasard.randint(1, 3)),
                "initiative": hasard.sample(INITIATIVES, hasard.randint(1, 2)),
                "territoire": [hasard.choice(TERRITOIRES)],
            },
            partenaires=sorted({partenaires() for _ in range(hasard.randint(0, 3))}),
        )


def remplir_base(nombre: int, graine: int = 7) -> None:
    """Écrit `nombre` fiches publiées dans la base de l'installation, par lots. À ne faire que sur une base jetable.

    Les départements et les listes du métier viennent de l'installation s'ils y sont ; sinon ils sont inventés.
    """
    from maillage.catalogue.models import Experience

    reperes = _Reperes.preparer()
    deja = Experience.objects.count()
    suite = fiches(nombre, graine)
    while lot := list(itertools.islice(suite, 5_000)):
        _ecrire(lot, reperes, deja)


@dataclass(frozen=True, slots=True)
class _Reperes:
    """Clés de la base vers lesquelles les fiches pointent."""

    structures: list[int]
    termes: dict[tuple[str, str], int]
    partenaires: dict[str, int]

    @classmethod
    def preparer(cls) -> "_Reperes":
        from django.utils.text import slugify

        from maillage.catalogue.models import Terme
        from maillage.territoire.models import Departement, Partenaire, Region, Structure

        if not Departement.objects.exists():
            regions = Region.objects.bulk_create(
                Region(code=f"R{n}", nom=f"Région {n}", slug=f"region-{n}") for n in range(13)
            )
            Departement.objects.bulk_create(
                Departement(
                    code=f"X{n}", nom=f"Département {n}", slug=f"departement-{n}", region=regions[n % 13]
                )
                for n in range(101)
            )
        departements = list(Departement.objects.values_list("pk", flat=True)[:101])
        structures = Structure.objects.bulk_create(
            Structure(
                nom=f"Centre social {nom}",
                slug=f"centre-{rang}",
                departement_id=departements[rang % len(departements)],
            )
            for rang, nom in enumerate(_noms_propres(random.Random(3), 2_400))
        )
        listes = {
            "dimension": DIMENSIONS,
            "mot_cle": MOTS_CLES,
            "public": PUBLICS,
            "initiative": INITIATIVES,
            "territoire": TERRITOIRES,
        }
        for famille, slugs in listes.items():
            Terme.objects.bulk_create(
                [
                    Terme(
                        famille=famille, slug=slug, libelle=slug.replace("-", " "), libelle_source=f"~{slug}"
                    )
                    for slug in slugs
                ],
                ignore_conflicts=True,
            )
        Partenaire.objects.bulk_create(
            [Partenaire(nom=nom, slug=slugify(nom)) for nom in PARTENAIRES], ignore_conflicts=True
        )
        return cls(
            [structure.pk for structure in structures],
            {(famille, slug): pk for pk, famille, slug in Terme.objects.values_list("pk", "famille", "slug")},
            {nom: pk for pk, nom in Partenaire.objects.values_list("pk", "nom")},
        )


def _ecrire(lot: list[FicheInventee], reperes: _Reperes, deja: int) -> None:
    from django.utils import timezone

    from maillage.catalogue.models import Classement, Experience, Partenariat

    debut = timezone.now().replace(month=6, day=1)
    crees = Experience.objects.bulk_create(
        [
            Experience(
                code=f"s{deja + fiche.rang:07d}",
                slug=f"fiche-{fiche.rang}",
                etat="publiee",
                structure_id=reperes.structures[fiche.structure - 1],
                titre=fiche.titre,
                statut=fiche.statut,
                resume=fiche.resume,
                budget=fiche.budget,
                publie_le=debut.replace(year=fiche.annee),
                **fiche.textes,
            )
            for fiche in lot
        ],
        batch_size=500,
    )
    Classement.objects.bulk_create(
        [
            Classement(experience=cree, terme_id=reperes.termes[famille, slug])
            for cree, fiche in zip(crees, lot, strict=True)
            for famille, slugs in fiche.termes.items()
            for slug in slugs
        ],
        batch_size=5_000,
    )
    Partenariat.objects.bulk_create(
        [
            Partenariat(experience=cree, partenaire_id=reperes.partenaires[nom])
            for cree, fiche in zip(crees, lot, strict=True)
            for nom in fiche.partenaires
        ],
        batch_size=5_000,
    )
