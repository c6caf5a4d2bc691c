"""Les secrets du second facteur, jusqu'ici en clair dans la base, passent au coffre (`AdaptateurSecondFacteur`)."""

from allauth.mfa.utils import decrypt, encrypt
from django.db import migrations

SECRETS = ("secret", "seed")


def _reecrire(apps, transformer):
    for facteur in apps.get_model("mfa", "Authenticator").objects.order_by("pk"):
        facteur.data |= {cle: transformer(facteur.data[cle]) for cle in SECRETS if cle in facteur.data}
        facteur.save(update_fields=["data"])


def chiffrer(apps, editeur):
    _reecrire(apps, encrypt)


def dechiffrer(apps, editeur):
    _reecrire(apps, decrypt)


class Migration(migrations.Migration):
    dependencies = [
        ("comptes", "0003_equipes_et_surete"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [migrations.RunPython(chiffrer, dechiffrer)]
