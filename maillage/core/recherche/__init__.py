"""La recherche embarquée : analyse du français, synonymes, port et index. Aucune règle d'une pièce."""
