"""Les séances pour les agendas et les moteurs. Rien de nominatif n'en sort."""
