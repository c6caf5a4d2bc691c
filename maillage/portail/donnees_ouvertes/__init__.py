"""Les fichiers de données ouvertes : ce qu'ils contiennent, comment ils sont produits et retrouvés."""
