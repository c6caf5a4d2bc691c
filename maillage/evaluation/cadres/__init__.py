"""Les cadres de l'année : ce qu'un financeur demande, rempli de ce qui est déjà noté."""
