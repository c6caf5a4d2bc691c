"""F7 : rien ne dit si une adresse a un compte, ni le texte, ni le code, ni le temps de la réponse."""

import re
import statistics
import time

from outils.epreuves import Epreuve
from outils.epreuves._compte import creer_des_comptes
from outils.epreuves._serveur import web
from outils.epreuves._visiteur import CONNEXION, Visiteur, champs_caches
from outils.installation import installation_de_demonstration

ECART_MAXIMAL = 0.02
PAGES = {
    CONNEXION: {"password": "un-mauvais-mot-de-passe"},
    "/compte/connexion/code/": {},
    "/compte/mot-de-passe/oublie/": {},
}
ATTENDU = "même texte, même code, moins de 20 ms d'écart entre les médianes"
PROPRE_A_LA_DEMANDE = re.compile(r'value="[^"]*"|[0-9a-f]{12}|nonce-\S+')


def eprouver(courte: bool) -> Epreuve:
    paires = 12 if courte else 200
    fautes: list[str] = []
    ecarts: list[str] = []
    with installation_de_demonstration(MAILLAGE_MANDATAIRES="1") as installation:
        installation.commande("charger_demo", "--ecrire")
        installation.publier_statiques()
        connus = creer_des_comptes(installation, paires)
        with web(installation) as serveur:
            for page, champs in PAGES.items():
                durees: dict[bool, list[float]] = {True: [], False: []}
                textes: dict[bool, set[str]] = {True: set(), False: set()}
                for numero in range(paires * 2):
                    connu = numero % 2 == 0
                    courriel = connus[numero // 2] if connu else f"inconnu{numero // 2:04d}@exemple.fr"
                    # une adresse par essai : les limites, que F5 éprouve, ne sont pas ce qu'on mesure ici
                    origine = f"10.{numero >> 8}.{numero & 255}.{len(ecarts) + 1}"
                    visiteur = Visiteur(serveur.adresse, origine, suit=False)
                    nom = "login" if page == CONNEXION else "email"
                    caches = visiteur.demander(page).texte
                    duree, texte = _chronometrer(visiteur, page, caches, {nom: courriel, **champs})
                    durees[connu].append(duree)
                    textes[connu].add(PROPRE_A_LA_DEMANDE.sub("", texte.replace(courriel, "ADRESSE")))
                ecart = abs(statistics.median(durees[True]) - statistics.median(durees[False]))
                ecarts.append(f"{ecart * 1000:.1f} ms ({page})")
                if ecart > ECART_MAXIMAL and not courte:
                    fautes.append(f"{page} : {ecart * 1000:.1f} ms d'écart")
                if textes[True] != textes[False]:
                    fautes.append(f"{page} : la réponse n'est pas la même")
    return Epreuve("F7 comptes devinés", f"{paires} paires par page : {', '.join(ecarts)}", fautes, ATTENDU)


def _chronometrer(visiteur: Visiteur, page: str, html: str, champs: dict[str, str]) -> tuple[float, str]:
    debut = time.perf_counter()
    reponse = visiteur.demander(page, champs_caches(html) | champs)
    return time.perf_counter() - debut, f"{reponse.code} {reponse.adresse} {reponse.texte}"
