"""Le refus d'un document, dit à la personne qui l'a déposé."""


class DocumentIllisible(Exception):
    """Le document entier est refusé, rien n'en est écrit. Le message dit ce qui s'est passé et quoi faire."""

    def __init__(self, message: str, ligne: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.ligne = ligne

    def __str__(self) -> str:
        return f"Ligne {self.ligne} : {self.message}" if self.ligne else self.message
