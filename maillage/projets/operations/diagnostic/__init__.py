"""Les actes du diagnostic : les chiffres, les tableaux que Maillage compte, les besoins et leurs preuves."""
