from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projets", "0003_bilan_a_plusieurs")]

    operations = [
        migrations.AddField(
            model_name="rattachement",
            name="est_un_renvoi",
            field=models.BooleanField(default=False, verbose_name="renvoi du document"),
        ),
    ]
