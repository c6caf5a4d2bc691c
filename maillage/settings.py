"""Réglages de Maillage. Tout ce qui varie vient de l'environnement : voir `.env.exemple`.

`MAILLAGE_MODE` vaut `local` (défaut), `demo` ou `production` ; ce dernier refuse de démarrer quand un
réglage n'est pas sûr (`maillage/core/verifications.py`).
"""

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from maillage.environnement import (
    ReglageRefuse,
    env_booleen,
    env_entier,
    env_liste,
    env_texte,
    secret_local,
)
from maillage.navigation import NAVIGATION_PRO, NAVIGATION_PUBLIQUE  # noqa: F401 - lus par core.contexte

RACINE = Path(__file__).resolve().parent.parent
MAILLAGE_VERSION = "0.1.0"
MAILLAGE_MODE = env_texte("MAILLAGE_MODE", "local")
if MAILLAGE_MODE not in {"local", "demo", "production"}:
    raise ReglageRefuse(f"MAILLAGE_MODE={MAILLAGE_MODE!r} : écrivez local, demo ou production.")
EN_PRODUCTION = MAILLAGE_MODE == "production"
EN_DEMO = MAILLAGE_MODE == "demo"

MAILLAGE_DONNEES = Path(env_texte("MAILLAGE_DONNEES") or RACINE / "var").resolve()
MAILLAGE_DONNEES.mkdir(parents=True, exist_ok=True)
DOSSIER_INDEX = MAILLAGE_DONNEES / "index"
DOSSIER_FICHIERS = MAILLAGE_DONNEES / "fichiers"
DOSSIER_COURRIER = MAILLAGE_DONNEES / "courrier"

# Qui publie ce site : les mentions légales les citent, et disent ce qui manque encore.
EDITEUR = {
    cle: env_texte(f"MAILLAGE_EDITEUR_{cle.upper()}")
    for cle in ("nom", "adresse", "courriel", "telephone", "directeur", "hebergeur", "delegue")
}
CODE_SOURCE = env_texte("MAILLAGE_CODE_SOURCE")

# --- Sécurité -------------------------------------------------------------------------------------
SECRET_KEY = env_texte("MAILLAGE_SECRET") or ("" if EN_PRODUCTION else secret_local(MAILLAGE_DONNEES))
SECRET_KEY_FALLBACKS = env_liste("MAILLAGE_SECRETS_PRECEDENTS")
if EN_PRODUCTION and not SECRET_KEY:
    raise ReglageRefuse("MAILLAGE_SECRET manque. En production, donnez une clé d'au moins 50 caractères.")
DEBUG = False
ALLOWED_HOSTS = env_liste("MAILLAGE_HOTES") or ([] if EN_PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
MAILLAGE_URL = env_texte("MAILLAGE_URL", "http://localhost:8000").rstrip("/")
CSRF_FAILURE_VIEW = "maillage.core.views.page_perimee"
CSRF_TRUSTED_ORIGINS = [MAILLAGE_URL] if MAILLAGE_URL.startswith("https://") else []

# Un poste d'accueil partagé ne garde rien : cookies courts, stricts, et `__Host-` en production seulement
# (certains navigateurs les refusent en http, ce qui casserait l'installation locale).
SESSION_COOKIE_NAME = "__Host-session" if EN_PRODUCTION else "maillage_session"
CSRF_COOKIE_NAME = "__Host-csrf" if EN_PRODUCTION else "maillage_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = EN_PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SANS_GESTE = 30 * 60  # pour qui doit avoir un second facteur
PASSWORD_RESET_TIMEOUT = 24 * 3600
SECURE_SSL_REDIRECT = EN_PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000 if EN_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = EN_PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if EN_PRODUCTION and env_booleen("MAILLAGE_DERRIERE_MANDATAIRE", True):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
MANDATAIRES_DE_CONFIANCE = env_entier("MAILLAGE_MANDATAIRES", 1 if EN_PRODUCTION else 0)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        **({"upgrade-insecure-requests": True} if EN_PRODUCTION else {}),
    }
}

# --- Application ----------------------------------------------------------------------------------
INSTALLED_APPS = [
    # En tête : nos gabarits passent avant ceux des bibliothèques.
    "maillage.core",
    "maillage.territoire",
    "maillage.comptes",
    "maillage.moderation",
    "maillage.catalogue",
    "maillage.personnes",
    "maillage.projets",
    "maillage.accueil",
    "maillage.activites",
    "maillage.evaluation",
    "maillage.portail",
    "maillage.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "ninja",
]
MIDDLEWARE = [
    "maillage.core.middleware.NumeroDeDemande",
    "django.middleware.security.SecurityMiddleware",
    "maillage.core.middleware.EntetesDePrudence",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # longueur brouillée au hasard par Django (attaque BREACH)
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "maillage.comptes.middleware.SessionTenue",
    "maillage.comptes.middleware.SecondFacteurExige",
    "maillage.comptes.middleware.EssaisComptes",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "maillage.core.middleware.Audience",
]
ROOT_URLCONF = "maillage.urls"
WSGI_APPLICATION = "maillage.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["maillage.core.gabarits.Chargeur"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "maillage.core.contexte.maillage",
            ],
            "builtins": ["maillage.core.templatetags.maillage"],
        },
    }
]

# --- Données --------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        env_texte("DATABASE_URL") or f"sqlite:///{MAILLAGE_DONNEES / 'maillage.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,  # la base revenue, personne ne tombe sur une connexion morte
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE : un écrivain attend son tour au lieu d'échouer (ADR 0002). FULL : rien d'acquitté n'est perdu.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA busy_timeout=20000; PRAGMA cache_size=-16000;"
        ),
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "options": "-c statement_timeout=30s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # Les limites de débit y tiennent : 300 entrées, la valeur de Django, s'oublieraient sous une rafale.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
FILE_UPLOAD_HANDLERS = ["maillage.core.fichiers.RefusDesFichiersTropLourds"] + [
    "django.core.files.uploadhandler.TemporaryFileUploadHandler"
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000  # un import de cinq mille personnes coche celles que l'on connaît déjà
TAILLE_MAX_FICHIER = 20 * 1024 * 1024

# --- Comptes --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "comptes.Utilisateur"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["maillage.comptes.hachage.Argon2Mesure"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "maillage.comptes.mots_de_passe.MorceauxDevines"},
]
ACCOUNT_ADAPTER = "maillage.comptes.adaptateur.AdaptateurCompte"
ACCOUNT_FORMS = {
    "login": "maillage.comptes.formulaires_allauth.EntrerForm",
    "request_login_code": "maillage.comptes.formulaires_allauth.DemanderUnCodeForm",
    "confirm_login_code": "maillage.comptes.formulaires_allauth.SaisirLeCodeForm",
    "reauthenticate": "maillage.comptes.formulaires_allauth.ConfirmerForm",
    "reset_password": "maillage.comptes.formulaires_allauth.MotDePasseOublieForm",
    "reset_password_from_key": "maillage.comptes.formulaires_allauth.NouveauMotDePasseForm",
    "change_password": "maillage.comptes.formulaires_allauth.ChangerDeMotDePasseForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # un compte naît d'une invitation reçue à cette adresse
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# Les vraies limites sont en base, pour tous les processus (ADR 0013) ; celles-ci n'arrêtent qu'un robot pressé.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "request_login_code": None, "reset_password": None}
ALLAUTH_TRUSTED_PROXY_COUNT = MANDATAIRES_DE_CONFIANCE
USERSESSIONS_TRACK_ACTIVITY = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "maillage.comptes.adaptateur.AdaptateurSecondFacteur"
MFA_FORMS = {
    "authenticate": "maillage.comptes.formulaires_allauth.CodeDeLApplicationForm",
    "reauthenticate": "maillage.comptes.formulaires_allauth.ConfirmerParCodeForm",
    "activate_totp": "maillage.comptes.formulaires_allauth.RelierForm",
}
MFA_TOTP_ISSUER = "Maillage"
MFA_TOTP_TOLERANCE = 1  # une horloge de téléphone retarde ; un code ne sert qu'une fois quand même
# Ce que chaque pièce transmet quand une personne part (`comptes.operations.passation`).
PASSATIONS: list[str] = ["maillage.catalogue.operations.passation.PassationDuCatalogue"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "espace"
LOGOUT_REDIRECT_URL = "accueil"

# --- Courrier -------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env_texte("MAILLAGE_EXPEDITEUR", "Maillage <ne-pas-repondre@localhost>")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if env_texte("MAILLAGE_SMTP_HOTE")
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = DOSSIER_COURRIER
EMAIL_HOST = env_texte("MAILLAGE_SMTP_HOTE")
EMAIL_PORT = env_entier("MAILLAGE_SMTP_PORT", 587)
EMAIL_HOST_USER = env_texte("MAILLAGE_SMTP_COMPTE")
EMAIL_HOST_PASSWORD = env_texte("MAILLAGE_SMTP_MOT_DE_PASSE")
EMAIL_USE_TLS = env_booleen("MAILLAGE_SMTP_TLS", True)
EMAIL_TIMEOUT = 10

# --- Tâches et suivi ------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Chaque consommateur lit les `Changement` à son rythme, dans l'ordre (ADR 0005).
CONSOMMATEURS = [
    "maillage.catalogue.recherche.ConsommateurRecherche",
    "maillage.evaluation.consommateur.ConsommateurCalcul",
    "maillage.evaluation.consommateur_du_centre.ConsommateurDuCentre",
]
# Tâches que le travailleur met en file une fois par jour, et une première fois à l'installation.
TACHES_QUOTIDIENNES = [
    "maillage.comptes.taches.tenir_les_comptes",
    "maillage.moderation.taches.rappeler",
    "maillage.projets.taches.rappeler_la_semaine",
    "maillage.portail.taches.publier_donnees",
    "maillage.catalogue.taches.tenir_les_fichiers",
    "maillage.catalogue.taches.envoyer_les_nouvelles",
    "maillage.catalogue.taches.effacer_les_traces_des_lecteurs",
    "maillage.projets.taches.tenir_les_depots",
    "maillage.projets.taches.tenir_les_pieces",
    "maillage.projets.taches.noter_les_verifications",
    "maillage.personnes.taches.tenir_les_personnes",
    "maillage.activites.taches.tenir_les_places",
]
MAILLAGE_NOEUD = env_texte("MAILLAGE_NOEUD", "principal")
# En dessous, un partage laisserait deviner qui a répondu : dans le centre, puis au-dehors.
PETITS_NOMBRES_DEDANS, PETITS_NOMBRES_DEHORS = 5, 11

# --- Langue et heure ------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["maillage.core.formats"]

# --- Fichiers du navigateur -----------------------------------------------------------------------
STATIC_URL = "/s/"
STATICFILES_DIRS = [RACINE / "statiques"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STATIC_ROOT = MAILLAGE_DONNEES / "statiques_publies"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DOSSIER_FICHIERS},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000

# --- Journal technique : une ligne JSON par fait, sans nom, sans adresse, sans texte saisi --------
# En démonstration, le terminal garde l'adresse et les comptes sous les yeux : des tâches, il ne dit que les échecs.
DES_TACHES = {"handlers": ["alertes"], "propagate": False} if EN_DEMO else {}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "maillage.core.journal_technique.LigneJson"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json"},
        "alertes": {"class": "logging.StreamHandler", "formatter": "json", "level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django_tasks": DES_TACHES,
        "django_tasks_db": DES_TACHES,
        "httpx": {"level": "WARNING"},
    },
}
# Aucun contrôle de la bibliothèque n'est tu sans raison écrite ici.
SILENCED_SYSTEM_CHECKS: list[str] = []
