"""Un document se décrit une fois ; sa page, son PDF et son fichier Word en sortent, et disent la même chose.

Décrire : `description` (et `texte` pour les mots enrichis). Rendre : `html`, `pdf`, `docx`. Répondre :
`telechargement`.
"""
