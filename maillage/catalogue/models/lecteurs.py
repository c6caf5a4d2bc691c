"""Ce que les lecteurs laissent sans compte : une utilité, une alerte, un message relayé."""

from django.db import models
from django.utils import timezone

from maillage.catalogue.choices import FrequenceAlerte
from maillage.catalogue.models.experience import Experience


class Utilite(models.Model):
    """« C'est utile » : une personne, une fiche, une fois par jour. L'empreinte change chaque jour et s'efface."""

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="utilites")
    empreinte = models.CharField(max_length=64, blank=True)
    jour = models.DateField(default=timezone.localdate)

    class Meta:
        verbose_name = "utilité"
        constraints = [
            models.UniqueConstraint(
                fields=["experience", "empreinte", "jour"],
                condition=~models.Q(empreinte=""),
                name="utile_une_fois_par_jour",
            )
        ]


class Alerte(models.Model):
    """Des nouvelles d'une recherche par courriel, sans compte. Rien ne part avant que l'adresse ait confirmé."""

    courriel = models.EmailField()
    recherche = models.CharField("recherche", max_length=500, help_text="La partie de l'adresse après « ? ».")
    frequence = models.CharField("fréquence", max_length=20, choices=FrequenceAlerte)
    jeton = models.CharField(max_length=64, unique=True)
    creee_le = models.DateTimeField(default=timezone.now)
    confirmee_le = models.DateTimeField(null=True, blank=True)
    envoyee_le = models.DateTimeField("dernier envoi", null=True, blank=True)

    class Meta:
        ordering = ["-creee_le", "-pk"]


class MessageRelaye(models.Model):
    """Un message passé au centre sans montrer son adresse. Le texte part dans le courriel et n'est pas gardé."""

    experience = models.ForeignKey(Experience, models.CASCADE, related_name="messages_relayes")
    le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "message relayé"
        verbose_name_plural = "messages relayés"
