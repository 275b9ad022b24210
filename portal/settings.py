"""Django's settings; every variable of the environment is read here, once.

The portal is in production as soon as it answers to a name that is not this machine's own. It then
wants a real key, serves collected static files, and, under https, insists on https.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal import env, keys, log, pglocal, queue, texting

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")

# Port 0 stands for the first free one from 8000 up.
PUBLIC_URL = env.public_url("PUBLIC_URL")
LISTEN_HOST = env.text("HOST", "127.0.0.1")
LISTEN_PORT = env.number("PORT", env.port_behind(PUBLIC_URL), most=65535)
PUBLIC_URL = PUBLIC_URL or f"http://localhost:{LISTEN_PORT or 8000}"
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", public=PUBLIC_URL)
PRODUCTION = not env.is_this_machine(ALLOWED_HOSTS)
HTTPS = PUBLIC_URL.startswith("https:")
SECRET_KEY = env.secret_key("SECRET_KEY", None if PRODUCTION else DATA_DIR / "secret-key")
DEBUG = env.flag("DEBUG", allowed=not PRODUCTION)

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.microsoft",
    "allauth.idp.oidc",
    "accounts",
    "bookings",
    "portal.apps.OfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "portal.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.languages.languages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.languages.ways",
            ]
        },
    }
]

_server = env.database("DATABASE_URL")
_pool = env.database_pool("DATABASE_POOL", 16)
EMBEDDED_DATABASE = _server is None
DATABASES = {"default": (_server or pglocal.entry(DATA_DIR)) | {"CONN_HEALTH_CHECKS": True}}
DATABASES["default"]["OPTIONS"] |= {"pool": _pool} if _pool else {}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "desk:home", "account_login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Sign-in is allauth's: by e-mail address and password, e-mailed code, passkey, Google or Microsoft.
SIGNUP_OPEN = env.flag("SIGNUP_OPEN", allowed=True)
REQUIRE_MFA_FOR_ADMINS = env.flag("REQUIRE_MFA_FOR_ADMINS", allowed=True)
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.ChangeEmailForm",
    "login": "accounts.forms.LoginForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "signup": "accounts.forms.SignupForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
PASSWORD_RESET_TIMEOUT = 2 * 3600
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "accounts.adapter.FactorAdapter"
MFA_FORMS = {
    "add_webauthn": "accounts.forms.PasskeyForm",
    "authenticate_webauthn": "accounts.forms.PasskeyFactorForm",
    "login_webauthn": "accounts.forms.PasskeyLoginForm",
    "reauthenticate_webauthn": "accounts.forms.PasskeyAgainForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
# Browsers take http://localhost for secure; the library that checks passkeys does not.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAdapter"
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.SocialSignupForm"}
_google, _microsoft = env.client("GOOGLE_SIGN_IN"), env.client("MICROSOFT_SIGN_IN")
SOCIALACCOUNT_PROVIDERS = {
    "google": {"APPS": _google},
    "microsoft": {"APPS": _microsoft, "TENANT": env.text("MICROSOFT_TENANT", "common")},
}
# The button that leads to a provider is a form, and browsers ask the policy about where it ends.
SIGN_IN_ORIGINS = ["https://accounts.google.com"] if _google else []
if _microsoft:
    SIGN_IN_ORIGINS += ["https://login.microsoftonline.com", "https://login.live.com"]
# Programs that people let in are clients of the portal's own authorization server.
IDP_OIDC_ADAPTER = "accounts.oauth.adapter.IssuerAdapter"
IDP_OIDC_PRIVATE_KEY = keys.signing_key(
    "OAUTH_SIGNING_KEY", env.text("OAUTH_SIGNING_KEY"), DATA_DIR / "signing-key.pem"
)
IDP_OIDC_RATE_LIMITS = {
    "token": "120/m/ip",
    "introspect_ip": "300/m/ip",
    "introspect_client": "300/m/key",
}
# Rate limits count clients by address; behind proxies that is the one the outermost of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0, most=9)
# Rate limits are counted here, where every process sees them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Browsers keep cookies per host, not per port: the port in the name keeps two portals that run
# side by side on one machine apart.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else f"session-{urlsplit(PUBLIC_URL).port}"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else f"csrf-{urlsplit(PUBLIC_URL).port}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "bookings.faces.site.views.trouble.csrf_failure"

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# Other names under this host, and browsers' preload lists, are for the host's owner to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# "no-referrer" would make browsers send "Origin: null" with forms, which the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, *SIGN_IN_ORIGINS],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

SPECTACULAR_SETTINGS = {"DEFAULT_GENERATOR_CLASS": "bookings.faces.api.schema.Generator"}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = HTTPS
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

MAIL_DIR = DATA_DIR / "mail"
MAIL = env.mail("EMAIL_URL")
EMAIL_BACKEND = MAIL.backend
EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_SSL, EMAIL_USE_TLS = MAIL.ssl, MAIL.starttls
EMAIL_TIMEOUT = 20  # seconds up to the text; portal.smtp bounds the rest
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.address(
    "MAIL_FROM", f"no-reply@{urlsplit(PUBLIC_URL).hostname}"
)
RESERVED_NAMES = env.listed(
    "RESERVED_NAMES",
    "abuse, admin, administrator, billing, help desk, hostmaster, mailer-daemon, no-reply,"
    " postmaster, root, security, support, webmaster, amazon, apple, booking portal, facebook*,"
    " docusign*, google*, microsoft*, paypal*, whatsapp*",
)

SMS_DIR = DATA_DIR / "sms"
SMS_GATEWAY = env.text("SMS_GATEWAY")
SMS = texting.account("SMS_URL", env.text("SMS_URL"), own=SMS_GATEWAY)
SMS_COUNTRIES = texting.countries("SMS_COUNTRIES", env.text("SMS_COUNTRIES"))
SMS_PER_NUMBER = env.number("SMS_PER_NUMBER", 20, most=10_000)
SMS_BUDGET = env.number("SMS_BUDGET", 500, most=10_000_000)

WEBHOOK_HOSTS = env.names("WEBHOOK_HOSTS")
WEBHOOK_LOOPBACK = env.flag("WEBHOOK_LOOPBACK", allowed=not PRODUCTION)

API_CALLS_PER_MINUTE = env.number("API_CALLS_PER_MINUTE", 100, least=1, most=1_000_000)
PUBLIC_CHANGES_PER_HOUR = env.number("PUBLIC_CHANGES_PER_HOUR", 600, most=1_000_000)
LETTERS_PER_DAY = env.number("LETTERS_PER_DAY", 20, most=10_000)

METRICS_TOKEN = env.text("METRICS_TOKEN")

CELERY_BROKER_URL = env.broker("CELERY_BROKER_URL", "filesystem://")
if CELERY_BROKER_URL == "filesystem://":
    CELERY_BROKER_TRANSPORT_OPTIONS = queue.options(DATA_DIR / "queue")
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = queue.IMPATIENT
COUNTER_URL = queue.counter_url(CELERY_BROKER_URL)
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# No limit: what a thread could not acknowledge to a broker that went away would keep its place for
# ever, and a worker whose places are all taken listens no more and never learns that it is back.
CELERY_WORKER_PREFETCH_MULTIPLIER = 0
CELERY_TASK_IGNORE_RESULT = True
# One for each message under way (`bookings.lanes`), and two for what is short; a thread keeps its
# connection to the database while it waits for a mail server.
WORKER_THREADS = min(14, _pool.get("max_size", 14))
CELERY_BEAT_SCHEDULE = queue.SCHEDULE

LOGGING = log.LOGGING
