"""Les adresses du dossier qui s'écrit : chapitres, aperçu, document."""

from django.urls import URLPattern, path

from maillage.projets.views import chapitres, dossier, sigles

DOSSIER = "espace/projets/<int:pk>/dossier/"
CHAPITRE = f"{DOSSIER}chapitres/<slug:repere>/"

urlpatterns: list[URLPattern] = [
    path(f"{DOSSIER}page/", dossier.dossier_page, name="dossier_page"),
    path(f"{DOSSIER}dossier.<slug:extension>", dossier.dossier_document, name="dossier_document"),
    path(f"{DOSSIER}resume.<slug:extension>", dossier.dossier_resume, name="dossier_resume"),
    path(f"{DOSSIER}reprendre/", dossier.dossier_reprendre, name="dossier_reprendre"),
    path(f"{DOSSIER}sigles/", sigles.dossier_sigles, name="dossier_sigles"),
    path(f"{DOSSIER}nouveau-chapitre/", chapitres.chapitre_nouveau, name="chapitre_nouveau"),
    path(CHAPITRE, chapitres.chapitre, name="chapitre"),
    path(f"{CHAPITRE}apercu/", chapitres.chapitre_apercu, name="chapitre_apercu"),
    path(f"{CHAPITRE}reglages/", chapitres.chapitre_reglages, name="chapitre_reglages"),
    path(f"{CHAPITRE}rattacher/", chapitres.chapitre_rattacher, name="chapitre_rattacher"),
    path(f"{CHAPITRE}histoire/", chapitres.chapitre_histoire, name="chapitre_histoire"),
    path(f"{CHAPITRE}histoire/<int:sauvegarde>/", chapitres.chapitre_revenir, name="chapitre_revenir"),
    path(f"{CHAPITRE}gestes/<slug:geste>/", chapitres.chapitre_geste, name="chapitre_geste"),
]
