"""Application WSGI, servie par gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.settings")
application = get_wsgi_application()

from maillage.core.verifications import exiger_une_production_sure  # noqa: E402 - Django doit être prêt

exiger_une_production_sure()
