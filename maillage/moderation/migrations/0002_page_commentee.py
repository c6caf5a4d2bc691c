from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="commentaire",
            name="objet_titre",
            field=models.CharField(default="", max_length=500),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="commentaire",
            name="adresse",
            field=models.CharField(default="", max_length=300, verbose_name="page commentée"),
            preserve_default=False,
        ),
    ]
