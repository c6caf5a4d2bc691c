"""Réglages de gunicorn, pour la démonstration comme pour la production (docs/exploitation.md)."""

import os

bind = os.environ.get("MAILLAGE_ECOUTE", "127.0.0.1:8000")
# Deux processus suffisent à deux cœurs ; les fils d'un même processus partagent l'index de recherche.
workers = int(os.environ.get("MAILLAGE_PROCESSUS", "2"))
threads = int(os.environ.get("MAILLAGE_FILS", "4"))
worker_class = "gthread"
# Charger l'application avant de se dédoubler : les processus se partagent la mémoire du code.
preload_app = True
timeout = 30
graceful_timeout = 5
# Un processus se renouvelle de temps en temps : une fuite lente d'une bibliothèque reste sans effet.
max_requests = 20_000
max_requests_jitter = 2_000
wsgi_app = "maillage.wsgi:application"
loglevel = "warning"
control_socket_disable = True
