"""Une case de la grille revenue à zéro n'est plus une ligne : elle empêchait d'annuler la séance."""

from typing import Any

from django.db import migrations


def oter_les_cases_vides(apps: Any, schema_editor: Any) -> None:
    apps.get_model("activites", "VenueSansNom").objects.filter(nombre=0).delete()


class Migration(migrations.Migration):
    dependencies = [("activites", "0006_age_garde")]

    operations = [migrations.RunPython(oter_les_cases_vides, migrations.RunPython.noop)]
