"""Les lieux officiels. Leurs codes (INSEE, SIREN) sont des clés de texte : « 2A » et « 01 » ne sont pas des nombres."""

from django.db import models


class Region(models.Model):
    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    nom = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)

    class Meta:
        verbose_name = "région"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Departement(models.Model):
    """Départements, et collectivités d'outre-mer qui en tiennent lieu."""

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    nom = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="departements")

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.nom


class Epci(models.Model):
    """Établissement public de coopération intercommunale."""

    siren = models.CharField(max_length=9, primary_key=True)
    nom = models.CharField(max_length=200)

    class Meta:
        verbose_name = "intercommunalité"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Commune(models.Model):
    code_insee = models.CharField("code INSEE", max_length=5, primary_key=True)
    nom = models.CharField(max_length=120)
    nom_cherche = models.CharField("nom sans accents", max_length=120, db_index=True)
    departement = models.ForeignKey(Departement, models.PROTECT, related_name="communes")
    epci = models.ForeignKey(Epci, models.PROTECT, null=True, blank=True, related_name="communes")
    codes_postaux = models.JSONField(default=list)
    population = models.PositiveIntegerField(null=True, blank=True)
    rattachee_a = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="arrondissements",
        help_text="Commune dont c'est un arrondissement municipal (Paris, Lyon, Marseille).",
    )

    class Meta:
        ordering = ["nom", "code_insee"]

    def __str__(self) -> str:
        return self.nom


class AncienneCommune(models.Model):
    """Commune déléguée ou associée : son nom reste dans les têtes, l'adresse est celle de la nouvelle."""

    nom = models.CharField(max_length=120)
    nom_cherche = models.CharField("nom sans accents", max_length=120, db_index=True)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="anciennes")

    class Meta:
        verbose_name = "ancienne commune"
        verbose_name_plural = "anciennes communes"
        ordering = ["nom", "pk"]
        constraints = [models.UniqueConstraint(fields=["commune", "nom"], name="ancienne_commune_unique")]

    def __str__(self) -> str:
        return self.nom


class CodePostal(models.Model):
    """Un code postal couvre plusieurs communes et une commune en a plusieurs."""

    code = models.CharField(max_length=5, db_index=True)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "code postal"
        verbose_name_plural = "codes postaux"
        constraints = [models.UniqueConstraint(fields=["code", "commune"], name="code_postal_unique")]


class Quartier(models.Model):
    """Quartier prioritaire (QPV) avec son millésime : deux millésimes ne se comparent jamais."""

    code = models.CharField(max_length=12)
    nom = models.CharField(max_length=200)
    millesime = models.PositiveSmallIntegerField("millésime")
    communes = models.ManyToManyField(Commune, related_name="quartiers")

    class Meta:
        ordering = ["nom"]
        constraints = [
            models.UniqueConstraint(fields=["code", "millesime"], name="quartier_unique_par_millesime")
        ]

    def __str__(self) -> str:
        return self.nom
