"""Charge une fois les synonymes livrés avec le logiciel ; ensuite la base fait foi."""

from pathlib import Path

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from maillage.core.recherche.synonymes import lire_groupes

FICHIER = Path(__file__).resolve().parent.parent / "donnees" / "synonymes.txt"


def charger(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    synonyme = apps.get_model("catalogue", "Synonyme")
    with FICHIER.open(encoding="utf-8") as lignes:
        groupes = list(lire_groupes(lignes))
    synonyme.objects.bulk_create(
        [synonyme(termes="\n".join(groupe.termes), est_oriente=groupe.est_oriente) for groupe in groupes]
    )


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunPython(charger, migrations.RunPython.noop)]
