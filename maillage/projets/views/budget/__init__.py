"""Les pages du budget : l’année, une grille, les financeurs, le classeur."""
