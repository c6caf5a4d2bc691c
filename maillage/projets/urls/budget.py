"""Les adresses du budget et du plan de financement."""

from django.urls import URLPattern, path

from maillage.projets.views.budget import annee, classeur, financement

_ICI = "espace/projets/<int:pk>/budget/"

urlpatterns: list[URLPattern] = [
    path(_ICI, annee.budget, name="budget"),
    path(f"{_ICI}<int:annee>/", annee.budget_annee, name="budget_annee"),
    path(f"{_ICI}<int:annee>/copier/", annee.budget_copier, name="budget_copier"),
    path(f"{_ICI}<int:annee>/somme/", annee.budget_somme, name="budget_somme"),
    path(f"{_ICI}<int:annee>/document/", annee.budget_document, name="budget_document"),
    path(f"{_ICI}<int:annee>/budget.<slug:extension>", annee.budget_fichier, name="budget_fichier"),
    # --- Le classeur ----------------------------------------------------------------------------------
    path(f"{_ICI}<int:annee>/classeur.xlsx", classeur.budget_classeur, name="budget_classeur"),
    path(f"{_ICI}<int:annee>/importer/", classeur.budget_importer, name="budget_importer"),
    path(
        f"{_ICI}<int:annee>/importer/confirmer/",
        classeur.budget_importer_confirmer,
        name="budget_importer_confirmer",
    ),
    # --- Le plan de financement -----------------------------------------------------------------------
    path(
        f"{_ICI}<int:annee>/financeurs/nouveau/", financement.financement_nouveau, name="financement_nouveau"
    ),
    path(f"{_ICI}<int:annee>/financeurs/<int:financement>/", financement.financement, name="financement"),
    path(
        f"{_ICI}<int:annee>/financeurs/<int:financement>/retirer/",
        financement.financement_retirer,
        name="financement_retirer",
    ),
    # --- Une grille -----------------------------------------------------------------------------------
    path(f"{_ICI}<int:annee>/fiches/<int:fiche>/", annee.budget_fiche, name="budget_fiche"),
    path(f"{_ICI}<int:annee>/<slug:portee>/", annee.budget_grille, name="budget_grille"),
]
