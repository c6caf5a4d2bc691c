"""Chaque structure qui a un gestionnaire reçoit sa première ligne d'histoire, sans date : on ne la connaît pas."""

from django.db import migrations


def ecrire(apps, editeur):
    gestions = apps.get_model("territoire", "Gestion").objects
    structures = apps.get_model("territoire", "Structure").objects
    deja = gestions.filter(au=None).values("structure")
    sans_ligne = structures.filter(gestionnaire__isnull=False).exclude(pk__in=deja).order_by("pk")
    gestions.bulk_create(
        [
            gestions.model(structure_id=structure, gestionnaire_id=gestionnaire)
            for structure, gestionnaire in sans_ligne.values_list("pk", "gestionnaire")
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("territoire", "0004_gestion")]
    operations = [migrations.RunPython(ecrire, migrations.RunPython.noop)]
