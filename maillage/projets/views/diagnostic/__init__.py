"""Les pages du diagnostic : l’équipe du centre les lit et les écrit ; la Caf lira le dossier envoyé."""
