"""All settings, from the environment. Production assumes nothing: what is missing or unsafe stops the start by name."""

import logging
import re
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from s3cop.logs import configuration

django_stubs_ext.monkeypatch()
BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()  # NAME_FILE=/run/secrets/name reads the value from a file

S3COP_ENV = env.str("S3COP_ENV", default="local")
if S3COP_ENV not in {"local", "production"}:
    raise ImproperlyConfigured("S3COP_ENV must be 'local' or 'production'.")
LOCAL = S3COP_ENV == "local"
S3COP_HOME = Path(env.str("S3COP_HOME", default=str(BASE_DIR / "var"))).resolve()
YES, NO = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


def required(name: str, local: str) -> str:
    """Return the variable, or `local` on the local set-up; production names what is missing."""
    value: str = env.str(name, default=local if LOCAL else "")
    if not value:
        raise ImproperlyConfigured(f"Set {name}: production assumes nothing.")
    return value


def flag(name: str, *, default: bool) -> bool:
    """Return yes or no; any other word would silently be a no."""
    said = (env.str(name, default="").strip() or str(default)).lower()
    if said not in YES | NO:
        raise ImproperlyConfigured(f"{name} must be true or false.")
    return said in YES


def number(name: str, default: int) -> int:
    said = env.str(name, default=str(default)).strip()
    if not (said.isascii() and said.isdecimal() and int(said) > 0):
        raise ImproperlyConfigured(f"{name} must be a whole number above 0.")
    return int(said)


def mail(url: str) -> dict[str, Any]:
    """Return Django's settings for a mail relay; on the local set-up also for a backend that sends nothing."""
    scheme = url.partition("://")[0]
    if not scheme.startswith("smtp") and (not LOCAL or scheme not in environ.Env.EMAIL_SCHEMES):
        raise ImproperlyConfigured("EMAIL_URL must name a mail relay, like smtp+tls://user:password@host:587.")
    try:
        config: dict[str, Any] = environ.Env.email_url_config(url)
    except (ImproperlyConfigured, ValueError) as error:
        raise ImproperlyConfigured("EMAIL_URL is no address of a mail relay, like smtp://host:25.") from error
    return config


def database(url: str) -> dict[str, Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an unknown scheme is an error below, in one line
            config: dict[str, Any] = environ.Env.db_url_config(url)
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(
            "DATABASE_URL is no address of a database, like postgres://user:password@host:5432/name."
        ) from error
    if "postgresql" not in str(config.get("ENGINE")):
        raise ImproperlyConfigured(
            "DATABASE_URL must name a PostgreSQL database, like postgres://user:password@host:5432/name."
        )
    return config | {"HOST": unquote(str(config["HOST"]))}  # a socket folder arrives as %2Ffolder


# -- safety ---------------------------------------------------------------------------------------------------------
DEBUG = False
MIN_SECRET = 50  # characters
LOCAL_SECRET = "local-only-" + "not-a-secret-" * 4  # refused below in production
SECRET_KEY = required("SECRET_KEY", LOCAL_SECRET)
if not LOCAL and (
    SECRET_KEY.startswith("local-only-") or len(SECRET_KEY) < MIN_SECRET or len(set(SECRET_KEY)) < MIN_SECRET // 10
):
    raise ImproperlyConfigured("SECRET_KEY is unsafe: use at least 50 random characters.")
SITE_URL = required("SITE_URL", f"http://127.0.0.1:{number('PORT', 8000)}").rstrip("/")
if not LOCAL and not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL is unsafe: it must start with https://.")
ALLOWED_HOSTS = [host.strip() for host in required("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")]
if not LOCAL and ("*" in ALLOWED_HOSTS or "" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS is unsafe: name each host, '*' lets everybody choose one.")
CONTACT_EMAIL = required("CONTACT_EMAIL", "secretariat@example.org")
BEHIND_PROXY = flag("BEHIND_PROXY", default=False)  # only then X-Forwarded-Proto and -For are believed
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Without the readers' own addresses the limits on signing in would count all of them as one: the proxy.
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
SECURE_HSTS_PRELOAD = not LOCAL
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "people.kept.stale"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# -- rooms ----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "s3cop",
    "outcomes",
    "challenges",
    "meetings",
    "workinggroups",
    "notices",
    "people",
    "history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "django_filters",
    "csp",
]
MIDDLEWARE = [
    "s3cop.middleware.Healthz",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "s3cop.middleware.ContentPolicy",
    "s3cop.middleware.ResponseHeaders",
    "s3cop.open_data.OpenData",
    "s3cop.page_cache.PageCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "s3cop.middleware.SignInUnlessPublic",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "s3cop.urls"
WSGI_APPLICATION = "s3cop.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "s3cop.pages.context.site",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# -- database -------------------------------------------------------------------------------------------------------
PRIVATE_DATABASE = f"postgres://s3cop@{quote(str(S3COP_HOME / 'run'), safe='')}:5432/s3cop"
_url = database(required("DATABASE_URL", PRIVATE_DATABASE))
_longest = env.str("STATEMENT_TIMEOUT", default="10s")
if not re.fullmatch(r"\d{1,6}(ms|s|min)?", _longest):
    raise ImproperlyConfigured("STATEMENT_TIMEOUT must be a time such as 10s or 500ms.")
_alike = "-c pg_trgm.word_similarity_threshold=0.45"  # from here on a word counts as the mistyped one
_limits = f"-c lock_timeout=3s -c statement_timeout={_longest} {_alike}"
DATABASES = {
    "default": {
        **_url,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # for them each list of choices is asked three times: no list is long
        # From the second time on the database keeps what it has parsed and planned: only of `history.prepared`.
        "OPTIONS": {**dict(_url.get("OPTIONS", {})), "options": _limits, "prepare_threshold": 1},
    }
}

# -- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.sign_in.Accounts"]
SESSION_ENGINE = "people.sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "s3cop:dashboard"
ACCOUNT_ADAPTER = "people.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = str
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a letter when the password or address was changed
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
INVITATION_DAYS = number("INVITATION_DAYS", 14)
REGISTRATIONS_KEPT_DAYS = number("REGISTRATIONS_KEPT_DAYS", 30)  # after the end of a webinar

# -- language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
FORMAT_MODULE_PATH = ["s3cop.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

# -- broker, cache, worker ------------------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="") if LOCAL else required("REDIS_URL", "")
if REDIS_URL and not REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
    raise ImproperlyConfigured("REDIS_URL is no address of a broker, like redis://host:6379/0.")
CELERY_APP = "s3cop.celery.app"  # imported by who needs it
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "s3cop"}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    # What is the same on all pages, drawn once by each process.
    "template_fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "fragments"},
}

# -- mail -----------------------------------------------------------------------------------------------------------
EMAIL_URL = required("EMAIL_URL", "files://")
if LOCAL and EMAIL_URL == "files://":
    EMAIL_BACKEND = "s3cop.local.mail.OneFileEach"
    EMAIL_FILE_PATH = S3COP_HOME / "mail"
else:
    vars().update(mail(EMAIL_URL))
EMAIL_TIMEOUT = 10
_per_minute = "S3COP_MAILS_PER_MINUTE"  # what the relay takes in a minute of the clock; unset: as many as it can
MAILS_PER_MINUTE = number(_per_minute, 1) if env.str(_per_minute, default="") else None
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("FROM_EMAIL", default=CONTACT_EMAIL)

# -- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticroot")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(S3COP_HOME / "media")))
PAPER_MAX_BYTES = number("PAPER_MAX_MB", 25) * 1024**2  # of one uploaded paper; proxies have limits of their own
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if LOCAL else "s3cop.storage.ManifestStorage"
    },
}
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# -- outcomes -------------------------------------------------------------------------------------------------------
SECOND_PERSON_APPROVES = flag("SECOND_PERSON_APPROVES", default=True)

# -- pages for anonymous readers -------------------------------------------------------------------------------------
PAGE_CACHE = flag("PAGE_CACHE", default=True)

# -- open interface -------------------------------------------------------------------------------------------------
# Its libraries are no apps: the tags they bring along would be loaded with the first template.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # it shows what everybody may see, to everybody
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "s3cop.api.media.SameForAll",
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "s3cop.api.pages.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": f"{number('API_CALLS_PER_MINUTE', 120)}/min"},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "NUM_PROXIES": int(BEHIND_PROXY),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "S3 Community of Practice: open data",
    "DESCRIPTION": "Everything that is published, and nothing else. Read-only, without sign-in, from any origin.",
    "VERSION": "1",
    "LICENSE": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
    "SERVERS": [{"url": SITE_URL}],
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "MeetingState": "meetings.models.Meeting.State",
        "EditionState": "outcomes.models.Edition.State",
        "GroupKind": "workinggroups.models.WorkingGroup.Kind",
        "ReferenceKind": "outcomes.models.Reference.Kind",
    },
}

# -- logs -----------------------------------------------------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", default="WARNING" if LOCAL else "INFO").upper()
if LOG_LEVEL not in logging.getLevelNamesMapping():
    raise ImproperlyConfigured("LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL.")
LOGGING = configuration(LOG_LEVEL)
