"""Dire d'où une session a été ouverte, en mots que sa propriétaire reconnaît."""

from django import template

register = template.Library()

# Dans cet ordre : presque tous se disent aussi Safari, et Edge se dit aussi Chrome.
NAVIGATEURS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMES = (
    ("iPhone", "un iPhone"),
    ("iPad", "un iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "un Mac"),
    ("Linux", "Linux"),
)


@register.filter
def appareil(agent: str) -> str:
    """« Firefox sur Windows » ; ce que le navigateur dit de lui-même n'engage que lui."""
    navigateur = next((nom for marque, nom in NAVIGATEURS if marque in agent), "Un autre navigateur")
    systeme = next((nom for marque, nom in SYSTEMES if marque in agent), "")
    return f"{navigateur} sur {systeme}" if systeme else navigateur
