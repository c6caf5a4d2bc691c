from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0007_retrait")]

    operations = [
        migrations.AddField(
            model_name="experience",
            name="nombre_utile",
            field=models.PositiveIntegerField(default=0, verbose_name="lecteurs à qui elle est utile"),
        )
    ]
