"""Les adresses de la pièce."""

from django.urls import path, re_path

from maillage.personnes.views import doublons, droits, foyers, imports, registre, reglages

ICI = "espace/personnes/"
UNE = f"{ICI}<int:pk>/"

urlpatterns = [
    path(ICI, registre.personnes, name="personnes"),
    path(f"{ICI}nouvelle/", registre.personne_nouvelle, name="personne_nouvelle"),
    path(UNE, registre.personne, name="personne"),
    path(f"{UNE}corriger/", registre.personne_corriger, name="personne_corriger"),
    path(f"{UNE}droits/", droits.personne_droits, name="personne_droits"),
    path(f"{UNE}tout/", droits.personne_archive, name="personne_archive"),
    path(f"{UNE}tout.json", droits.personne_archive_json, name="personne_archive_json"),
    path(f"{UNE}geler/", droits.personne_geler, name="personne_geler"),
    path(f"{UNE}effacer/", droits.personne_effacer, name="personne_effacer"),
    path(f"{ICI}demandes/<int:pk>/", droits.demande_repondre, name="demande_de_droits_repondre"),
    path(f"{UNE}accords/", foyers.accord_noter, name="accord_noter"),
    path(f"{UNE}accords/<int:accord>/", foyers.accord_retirer, name="accord_retirer"),
    path(f"{UNE}foyers/", foyers.foyer_nouveau, name="foyer_nouveau"),
    path(f"{ICI}foyers/<int:pk>/", foyers.foyer, name="foyer"),
    path(f"{ICI}foyers/<int:pk>/quitter/<int:membre>/", foyers.foyer_quitter, name="foyer_quitter"),
    path(f"{ICI}doublons/", doublons.personnes_doublons, name="personnes_doublons"),
    path(f"{UNE}reunir/<int:autre>/", doublons.personne_reunir, name="personne_reunir"),
    re_path(
        r"^espace/personnes/(?P<pk>[0-9]+)/paire/(?P<autre>[0-9]+)/(?P<geste>ecarter|remettre)/$",
        doublons.paire_geste,
        name="paire_geste",
    ),
    path(f"{UNE}separer/<int:fusion>/", doublons.personnes_separer, name="personnes_separer"),
    path(f"{ICI}importer/", imports.personnes_import, name="personnes_import"),
    path(f"{ICI}importer/<int:pk>/", imports.personnes_import_lu, name="personnes_import_lu"),
    path(
        f"{ICI}importer/<int:pk>/fautes.xlsx", imports.personnes_import_fautes, name="personnes_import_fautes"
    ),
    path(f"{ICI}importer/<int:pk>/finir/", imports.personnes_import_finir, name="personnes_import_finir"),
    path(f"{ICI}reglages/", reglages.personnes_reglages, name="personnes_reglages"),
    path(f"{ICI}reglages/champs/<slug:champ>/", reglages.champ_regler, name="champ_regler"),
    path(f"{ICI}reglages/lieux/<int:pk>/", reglages.provenance_retirer, name="provenance_retirer"),
    path(f"{ICI}conservation/", reglages.personnes_conservation, name="personnes_conservation"),
    path(f"{ICI}conservation/duree/<int:jours>/", reglages.duree_fixer, name="duree_fixer"),
    path(f"{ICI}conservation/<int:pk>/", reglages.avis_viser, name="avis_viser"),
    path(f"{ICI}traitements/", reglages.personnes_traitements, name="personnes_traitements"),
]
