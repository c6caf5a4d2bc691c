from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projets", "0004_renvoi_du_document")]

    operations = [
        migrations.AddField(
            model_name="projetsocial",
            name="envoie_des_rappels",
            field=models.BooleanField(default=True, verbose_name="rappels par courriel"),
        ),
        migrations.AddField(
            model_name="tache",
            name="rappelee_le",
            field=models.DateTimeField(blank=True, null=True, verbose_name="rappelée le"),
        ),
    ]
