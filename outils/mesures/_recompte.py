"""Recompter un indicateur en Python nu : toutes les lignes des tables, des boucles, des ensembles.

N'emploie rien d'`evaluation.calcul` ; suit, phrase par phrase, les règles de docs/indicateurs.md.
"""

from collections import defaultdict
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from outils.mesures._lignes_nues import AGES, BANDES, LignesNues, parmi


class Recompte(LignesNues):
    def valeur(self, indicateur: Any, fiche: Any, annee: int, mesure: str | None = None) -> Decimal | None:
        """D'une année civile."""
        definition = indicateur.definition
        mesure = mesure or definition["mesures"][0]
        if mesure == "evolution":
            ici = self.valeur(indicateur, fiche, annee, definition["base"][0])
            avant = self.valeur(indicateur, fiche, annee - 1, definition["base"][0])
            return _arrondi(100 * (ici - avant) / avant) if ici is not None and avant else None
        trouve = _UneMesure(self, definition, mesure, fiche, annee).compter()
        return None if trouve is None else _arrondi(Decimal(trouve))


def _arrondi(nombre: Decimal) -> Decimal:
    return nombre.quantize(Decimal("0.01"), ROUND_HALF_UP)


# Ce que chaque mesure sait filtrer, d'après la table des indicateurs.
DES_GENS = {"age", "genre", "quartier", "public", "role", "genre_seance", "instance"}
FILTRES = {
    "seances": {"genre_seance", "public", "instance"},
    "familles": {"public", "quartier", "genre_seance"},
    "passages": {"age", "genre", "quartier", "public", "type_demande"},
    "demandes_par_type": {"age", "genre", "quartier", "public", "type_demande"},
    "partenaires": {"type_partenaire", "genre_seance", "instance"},
    "benevoles": DES_GENS - {"role"},
    "heures_benevolat": DES_GENS - {"role", "instance"},
    "initiatives": {"age", "public", "quartier", "instance", "type_partenaire"},
    "activites": {"age", "public", "instance"},
    "satisfaction": {"genre_seance", "public", "instance"},
}


class _UneMesure:
    def __init__(self, lignes: Recompte, definition: Any, mesure: str, fiche: Any, annee: int) -> None:
        self.l, self.mesure, self.fiche, self.annee = lignes, mesure, fiche, annee
        self.centre = definition.get("perimetre") == "centre"
        self.fois = definition.get("au_moins", 1)
        sus = FILTRES.get(mesure, DES_GENS)
        self.f = {
            nom: [mots] if isinstance(mots, str) else mots
            for nom, mots in definition.get("filtres", {}).items()
            if nom in sus
        }

    def compter(self) -> Decimal | int | None:
        return getattr(self, f"_{self.mesure}")()

    # --- Ce qui est retenu -----------------------------------------------------------------------------
    def _ici(self, moment: datetime | date) -> bool:
        if isinstance(moment, datetime):
            moment = moment.astimezone(self.l.fuseau)
        return moment.year == self.annee

    def _mienne(self, activite: Any) -> bool:
        if not self.centre and activite.fiche_id != self.fiche.pk:
            return False
        return "instance" not in self.f or parmi([activite.instance], self.f["instance"])

    def _seance(self, seance: Any) -> bool:
        activite = self.l.activites[seance.activite_id]
        genre = seance.genre or activite.genre
        return (
            seance.etat == "tenue"
            and self._ici(seance.debut)
            and self._mienne(activite)
            and ("genre_seance" not in self.f or genre in self.f["genre_seance"])
        )

    def _du_public(self, activite: Any, personne: Any = None) -> bool:
        if "public" not in self.f:
            return True
        siens = list(activite.publics) + (list(personne.publics) if personne else [])
        return parmi(siens, self.f["public"])

    def _personne(self, personne: Any, age: int | None) -> bool:
        if "age" in self.f and (
            age is None or not any(AGES[t][0] <= age <= AGES[t][1] for t in self.f["age"])
        ):
            return False
        if "genre" in self.f and personne.genre not in self.f["genre"]:
            return False
        return "quartier" not in self.f or self._quartier(personne.provenance_id)

    def _quartier(self, provenance_id: int | None) -> bool:
        une = self.l.provenances.get(provenance_id)
        if une is None:
            return False
        noms = [une.nom] + (["territoire du centre"] if une.est_du_territoire else [])
        return parmi(noms, self.f["quartier"])

    def _bande(self, bande: str) -> bool:
        if "age" not in self.f:
            return True
        return bande in BANDES and any(AGES[t][0] <= BANDES[bande] <= AGES[t][1] for t in self.f["age"])

    def _connus(self) -> bool:
        """Un mot que rien ne porte au centre empêche de compter."""
        for filtre, mots in self.f.items():
            if filtre == "public" and self.mesure == "initiatives":
                porteurs = [mot for i in self._les_initiatives() for mot in i.publics]
            elif filtre == "instance" and self.mesure == "initiatives":
                porteurs = [i.instance for i in self._les_initiatives()]
            elif filtre == "public":
                porteurs = [mot for a in self.l.activites.values() for mot in a.publics]
                porteurs += [mot for p in self.l.personnes.values() for mot in p.publics]
            elif filtre == "instance":
                porteurs = [a.instance for a in self.l.activites.values()]
            elif filtre == "quartier":
                porteurs = [p.nom for p in self.l.provenances.values()] + ["territoire du centre"]
            elif filtre == "type_demande":
                porteurs = [t.libelle for t in self.l.types.values()]
            elif filtre == "type_partenaire":
                porteurs = [mot for genres in self.l.genres.values() for mot in genres]
            else:
                continue
            if not parmi(porteurs, mots):
                return False
        return True

    def _rien_de_note(self) -> bool:
        du_perimetre = {a.pk for a in self.l.activites.values() if self.centre or a.fiche_id == self.fiche.pk}
        return not any(s.activite_id in du_perimetre and self._ici(s.debut) for s in self.l.seances.values())

    def _les_presences(self, role: str | None = None) -> list[Any]:
        roles = [role] if role else self.f.get("role")
        retenues = []
        for p in self.l.presences:
            seance, personne = self.l.seances[p.seance_id], self.l.personnes[p.personne_id]
            activite = self.l.activites[seance.activite_id]
            if (
                self._seance(seance)
                and self._du_public(activite, personne)
                and self._personne(personne, p.age)
                and (roles is None or p.role in roles)
            ):
                retenues.append(p)
        return retenues

    def _anonymes(self) -> int:
        if "quartier" in self.f:
            return 0
        return sum(
            v.nombre
            for v in self.l.sans_nom
            if self._seance(self.l.seances[v.seance_id])
            and self._du_public(self.l.activites[self.l.seances[v.seance_id].activite_id])
            and self._bande(v.bande)
            and ("genre" not in self.f or v.genre in self.f["genre"])
            and ("role" not in self.f or v.role in self.f["role"])
        )

    def _souvent(self, par: Any, presences: list[Any]) -> set[Any]:
        seances: dict[Any, set[int]] = defaultdict(set)
        for p in presences:
            seances[par(p)].add(p.seance_id)
        return {qui for qui, lesquelles in seances.items() if len(lesquelles) >= self.fois}

    # --- Les mesures -----------------------------------------------------------------------------------
    def _seances(self) -> int | None:
        if not self._connus() or self._rien_de_note():
            return None
        return sum(
            self._seance(s) and self._du_public(self.l.activites[s.activite_id])
            for s in self.l.seances.values()
        )

    def _activites(self) -> int | None:
        if not self._connus() or self._rien_de_note():
            return None
        tenues = {s.activite_id for s in self.l.seances.values() if self._seance(s)}
        return sum(
            self._du_public(self.l.activites[pk])
            and ("age" not in self.f or parmi(self.l.activites[pk].publics, self.f["age"]))
            for pk in tenues
        )

    def _gens(self, qui: set[Any]) -> int | None:
        if not self._connus() or self._rien_de_note() or (not qui and self._anonymes()):
            return None
        return len(qui)

    def _personnes_differentes(self) -> int | None:
        return self._gens(self._souvent(lambda p: p.personne_id, self._les_presences()))

    _repartition = _personnes_differentes

    def _presences(self) -> int | None:
        if not self._connus() or self._rien_de_note():
            return None
        return len(self._les_presences()) + self._anonymes()

    def _nouvelles_personnes(self) -> int | None:
        premieres: dict[int, datetime] = {}
        for p in self.l.presences:
            seance = self.l.seances[p.seance_id]
            if seance.etat == "tenue":
                deja = premieres.get(p.personne_id)
                premieres[p.personne_id] = min(deja, seance.debut) if deja else seance.debut
        return self._gens(
            {
                p.personne_id
                for p in self._les_presences()
                if premieres[p.personne_id].astimezone(self.l.fuseau).year >= self.annee
            }
        )

    def _familles(self) -> int | None:
        presences = [p for p in self._les_presences() if self.l.foyers.get(p.personne_id)]
        return self._gens(self._souvent(lambda p: min(self.l.foyers[p.personne_id]), presences))

    def _assiduite(self) -> Decimal | None:
        if not self._connus() or self._rien_de_note():
            return None
        tenues: dict[int, int] = defaultdict(int)
        for s in self.l.seances.values():
            if self._seance(s):
                tenues[s.activite_id] += 1
        gens: dict[int, set[int]] = defaultdict(set)
        presences = self._les_presences()
        for p in presences:
            gens[self.l.seances[p.seance_id].activite_id].add(p.personne_id)
        for i in self.l.inscriptions:
            personne, activite = self.l.personnes[i.personne_id], self.l.activites[i.activite_id]
            age = i.age if personne.naissance is None else i.inscrite_le.year - personne.naissance
            if (
                (i.etat == "inscrite" if i.finie_le is None else i.finie_le.year >= self.annee)
                and self._mienne(activite)
                and i.inscrite_le.astimezone(self.l.fuseau).year <= self.annee
                and self._du_public(activite, personne)
                and self._personne(personne, age)
                and ("role" not in self.f or i.role in self.f["role"])
            ):
                gens[i.activite_id].add(i.personne_id)
        attendues = sum(len(gens[activite]) * combien for activite, combien in tenues.items())
        return Decimal(100 * len(presences)) / attendues if attendues else None

    def _partenaires(self) -> int | None:
        if not self._connus():
            return None
        voulus = self.f.get("type_partenaire")
        trouves = {
            i.partenaire_id
            for i in self.l.interventions
            if i.partenaire_id and self._seance(self.l.seances[i.seance_id])
        }
        if not self.f.keys() & {"genre_seance", "instance"}:
            fiches = self.fiche.projet.fiches.all() if self.centre else [self.fiche]
            for fiche in fiches:
                if self.annee in fiche.annees_prevues:
                    trouves |= {p.pk for p in fiche.partenaires.all()}
        if voulus:
            trouves = {pk for pk in trouves if parmi(self.l.genres.get(pk, []), voulus)}
        return len(trouves) if trouves or not self._rien_de_note() else None

    def _mes_heures(self) -> list[Any]:
        retenues = []
        for h in self.l.heures:
            seance = self.l.seances.get(h.seance_id)
            activite = self.l.activites.get(seance.activite_id if seance else h.activite_id)
            if not self._ici(h.jour):
                continue
            if activite is None:
                if not self.centre or self.f.keys() & {"instance", "genre_seance"}:
                    continue
            elif not self._mienne(activite):
                continue
            personne = self.l.personnes[h.benevole.personne_id] if h.benevole else None
            age = h.jour.year - personne.naissance if personne and personne.naissance else h.age
            if self.f.keys() & {"age", "genre", "quartier"} and (
                personne is None or not self._personne(personne, age)
            ):
                continue
            if "genre_seance" in self.f:
                genre = (seance.genre if seance else "") or (activite.genre if activite else "")
                if genre not in self.f["genre_seance"]:
                    continue
            if "public" in self.f:
                siens = list(activite.publics) if activite else []
                if not parmi(siens + (list(personne.publics) if personne else []), self.f["public"]):
                    continue
            retenues.append(h)
        return retenues

    def _benevoles(self) -> int | None:
        if not self._connus():
            return None
        qui = self._souvent(lambda p: p.personne_id, self._les_presences("bénévole"))
        if self.fois == 1:
            qui |= {h.benevole.personne_id for h in self._mes_heures() if h.benevole}
        return len(qui) if qui or not self._rien_de_note() else None

    def _heures_benevolat(self) -> Decimal | None:
        if not self._connus():
            return None
        heures = self._mes_heures()
        if not heures and self._rien_de_note():
            return None
        a_part = {(h.seance_id, h.benevole.personne_id) for h in self.l.heures if h.benevole and h.seance_id}
        sans_nom = {h.seance_id: h.nombre for h in heures if h.seance_id and not h.benevole}
        total = sum((h.heures for h in heures), Decimal(0))
        for p in sorted(self._les_presences("bénévole"), key=lambda p: p.pk):
            if (p.seance_id, p.personne_id) in a_part:
                continue
            if sans_nom.get(p.seance_id):
                sans_nom[p.seance_id] -= 1
                continue
            seance = self.l.seances[p.seance_id]
            total += Decimal(int((seance.fin - seance.debut).total_seconds())) / 3600
        return total

    def _les_initiatives(self) -> list[Any]:
        return [i for i in self.l.initiatives if self.centre or i.fiche_id == self.fiche.pk]

    def _initiatives(self) -> int | None:
        if not self._connus() or not self._les_initiatives():
            return None
        combien = 0
        for i in self._les_initiatives():
            if not (self._ici(i.nee_le) or any(self._ici(s.le) for s in i.suivis.all())):
                continue
            if "age" in self.f and not (
                i.age
                and any(AGES[t][0] <= AGES[i.age][0] and AGES[i.age][1] <= AGES[t][1] for t in self.f["age"])
            ):
                continue
            if "public" in self.f and not parmi(i.publics, self.f["public"]):
                continue
            if "instance" in self.f and not parmi([i.instance], self.f["instance"]):
                continue
            if "quartier" in self.f and not self._quartier(i.provenance_id):
                continue
            if "type_partenaire" in self.f and not any(
                parmi(self.l.genres.get(p.pk, []), self.f["type_partenaire"]) for p in i.partenaires.all()
            ):
                continue
            combien += 1
        return combien

    def _satisfaction(self) -> Decimal | None:
        reponses = [
            r.reponse
            for r in self.l.satisfactions
            if self._seance(self.l.seances[r.seance_id])
            and self._du_public(self.l.activites[self.l.seances[r.seance_id].activite_id])
        ]
        contents = sum(reponse in {"tres", "plutot"} for reponse in reponses)
        return Decimal(100 * contents) / len(reponses) if reponses and self._connus() else None

    # --- Le comptoir -----------------------------------------------------------------------------------
    def _au_comptoir(self) -> tuple[list[Any], list[Any]] | None:
        """Les passages et les demandes retenus."""
        siens = {pk: t for pk, t in self.l.types.items() if self.centre or t.fiche_id == self.fiche.pk}
        if not siens or not self._connus() or "public" in self.f:
            return None
        if "type_demande" in self.f:
            siens = {pk: t for pk, t in siens.items() if parmi([t.libelle], self.f["type_demande"])}
            if not siens:
                return None
        if not any(self._ici(p.le) for p in self.l.passages.values()):
            return None
        par_passage: dict[int, list[Any]] = defaultdict(list)
        for demande in self.l.demandes:
            if demande.type_id in siens:
                par_passage[demande.passage_id].append(demande)
        tous = self.centre and "type_demande" not in self.f
        passages = [
            p
            for p in self.l.passages.values()
            if p.annule_le is None
            and self._ici(p.le)
            and (tous or par_passage.get(p.pk))
            and self._bande(p.bande)
            and ("genre" not in self.f or p.genre in self.f["genre"])
            and ("quartier" not in self.f or self._quartier(p.provenance_id))
        ]
        return passages, [d for p in passages for d in par_passage.get(p.pk, [])]

    def _passages(self) -> int | None:
        retenus = self._au_comptoir()
        return None if retenus is None else len(retenus[0])

    def _demandes_par_type(self) -> int | None:
        retenus = self._au_comptoir()
        return None if retenus is None else len(retenus[1])
