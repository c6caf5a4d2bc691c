"""Les mots qui ne disent pas de quoi parle une fiche. Ils se cherchent ; ils ne rapprochent pas deux fiches.

Trois sortes : comment travaille tout centre social, à qui l'on s'adresse (« même public » le dit déjà), et les
mots de tout récit : nombres, jours, verbes de tous les jours. Écrits au pluriel quand sa racine est une autre.
"""

from typing import Final

_METIER: Final = """
    accueil accueillir acteur adhérents ambiance animateur animation association associer atelier besoin
    bénévolat bénévole cadre café centre collectif compétence connaissance coopération coordinateur
    dispositif démarche espace expérience financement financeur formation groupe information informer
    initiative institution intervenant intervention lien local membre mission mobiliser objectif
    organisation organiser orientation orienter outil partage partenaire partenariat participant
    participation participer pratique professionnel programme proposer proposition proximité qualité
    quartier rencontre rencontrer repérage ressource réalisation réseau réunion réunir rôle salarié secteur
    service site situation social société solution soutien structure suivi support séance territoire thème
    thématique travail travailler usagers valoriser voisins échange équipe
"""
_PUBLIC: Final = """
    adolescent adolescents ado ados adulte adultes aîné aînés âgées ancien anciens enfant enfants enfance
    famille familles femme femmes gens habitant habitants homme hommes jeune jeunes jeunesse personne
    personnes population public publics retraité retraités retraite senior seniors vieux
"""
_RECIT: Final = """
    abord adapter agir aider aller an année apporter apprendre apprenant approche après arrêter arriver
    aspect attendre attente aucun autonome autour avant avis avril août bas beaucoup bien bienveillance bon
    bout but capacité cas cent chacun chaque chemin chercher choisir choix chose cinq cinquante classe cœur
    commencer commun commune connaître constat constater contenu contexte contre côté coup cours courant
    coûter créer création cycle début décembre décider découverte découvrir demander départ département
    dernier destination deux développer devenir déjà différent difficile difficulté dimanche dire direct
    divers donner douze durée effet effectuer également éloigné engager ensemble ensuite entre entrée envie
    étape éviter exister exprimer facile faciliter façon faire février fiche fin fois fonction fonctionner
    force forme fréquence général grand habitude haut hebdomadaire heure huit idée important indispensable
    installer instant jamais janvier jeudi jour journée juillet juin lendemain lieu ligne lieux lundi lutter
    mai main maintenir maison manière manque marche marché mardi mars matin meilleur mercredi mercredis
    mettre midi mieux mille milieu minute mis mise mois moitié moment monde montrer mot motiver moyen
    nécessaire neuf niveau nom nombre nouveau nouvelle novembre objet occasion octobre offrir onze ouvert
    ouverture ouvrir papier parler parole part partager partir passage passer pause pendant période
    permanent permettre permis petit petits petite petites pied place plusieurs point porte porter porteur
    poser position possible première prendre préparer présence présenter presque prêter principal principe
    prise problématique problème proche profil projet quarante quatorze quatre question quinze quotidien
    raconter raison recevoir recherche regarder rendez rendre rendu repartir répondre réponse reste rester
    résultat retour rien rue rythme salle samedi savoir seconde seize semaine sens sentir sept septembre
    servir seul simple six soir soirée soixante sorte sortir sortie souhaiter suffire suite suivant sujet
    surtout table tard temps tenir toucher toujours tour tous treize trente trimestre trois trouver type
    utilisation utiliser valeur vécu vendredi venir vers vie ville vingt visite vivre voir voix vouloir vue
    viennent veulent peuvent tiennent font sert vient reçoit écrit dit lit commence sein axe travers pôle
    état consister cibler motivation apprend devient mettons particulièrement nul phase précédent boîte mur
    murs
"""
SANS_SUJET: Final = tuple(f"{_METIER} {_PUBLIC} {_RECIT}".split())
