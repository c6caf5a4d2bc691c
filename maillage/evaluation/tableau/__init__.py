"""Le bilan du centre : ce que chaque cellule compte, et la page que l'on en lit."""
