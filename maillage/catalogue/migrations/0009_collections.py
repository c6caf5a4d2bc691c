from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0008_nombre_utile")]

    operations = [
        migrations.AddField(
            model_name="elementcollection",
            name="retire_le",
            field=models.DateTimeField(blank=True, null=True, verbose_name="retiré le"),
        ),
    ]
