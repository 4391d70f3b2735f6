"""Django's settings, made from the environment (``environment.csv``); nothing here is edited at a site."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from jigai.platform import environment
from jigai.platform.accounts.limits import limit
from jigai.platform.keys import signing_key

ENV = environment.read()
HERE = Path(__file__).resolve().parent
DATA_DIR: Path = ENV["data_dir"]
DEMO = ENV["environment"] == "demo"
TESTING = ENV["environment"] == "test"
DEBUG = False
SECRET_KEY = signing_key(ENV["secret_key"], DATA_DIR)
ALLOWED_HOSTS: list[str] = ENV["hosts"]

CITY_NAME: str = ENV["city_name"]
CITY_CODE: str = ENV["city_code"]
RUN_ROLE: str = ENV["run_role"]
IDLE_MINUTES: int = ENV["idle_minutes"]
SESSIONS_PER_USER: int = ENV["sessions_per_user"]
PASSWORD_DAYS: int = ENV["password_days"]
SECOND_FACTOR: str = ENV["second_factor"]
SECOND_FACTOR_ENFORCED = not TESTING  # tests sign people in directly and switch the requirement on where they test it
LEASE_SECONDS: int = ENV["lease_seconds"]
REGISTERS: list[str] = ENV["registers"]
JOB_ATTEMPTS: int = ENV["job_attempts"]
JOB_DAYS: int = ENV["job_days"]
PROXIES: int = ENV["proxies"]
SYSLOG: str = ENV["syslog"]
MAIL_URL: str = ENV["mail_url"]
MAIL_FROM: str = ENV["mail_from"]
NOTICE_DIR: Path | None = ENV["notice_dir"]
SITE_URL: str = ENV["site_url"]
SESSION_HOURS: int = ENV["session_hours"]

APPS = [
    "accounts",
    "places",
    "enterprises",
    "registers",
    "imports",
    "ledger",
    "screening",
    "standards",
    "replies",
    "campaigns",
    "plan",
    "reporting",
    "duties",
    "jobs",
    "audit",
    "notices",
    "api",
    "home",
    "sample",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # its templates of controls, since FORM_RENDERER looks in the apps
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "jigai.platform.web",
    "jigai.platform.walls",
    *(f"jigai.platform.{name}" for name in APPS),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "jigai.platform.audit.middleware.AuditMiddleware",
    "jigai.platform.walls.middleware.ScopeMiddleware",
    "jigai.platform.web.unwritable.NulMiddleware",
    "jigai.platform.accounts.middleware.SignInMiddleware",  # inside the transaction and scope of the request
]
ROOT_URLCONF = "jigai.platform.urls"
WSGI_APPLICATION = "jigai.platform.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["jigai.platform.web.templatetags.jigai"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "jigai.platform.web.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES: dict[str, dict[str, Any]] = {"default": environment.database(ENV["database_url"], DATA_DIR)}
POSTGRES = DATABASES["default"]["ENGINE"].endswith("postgresql")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "jigai.platform.accounts.views.gate.page_expired"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": limit("password_characters")},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "jigai.platform.accounts.passwords.ClassesValidator"},
    {"NAME": "jigai.platform.accounts.passwords.NotReusedValidator"},
]
if TESTING:  # signing in thousands of test users must not wait for a slow hash
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_FAILURE_LIMIT: int = ENV["lockout_failures"]
AXES_COOLOFF_TIME = timedelta(minutes=ENV["lockout_minutes"])
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time shown is the time it takes
AXES_USERNAME_CALLABLE = "jigai.platform.accounts.lockout.tried_name"
AXES_CLIENT_IP_CALLABLE = "jigai.platform.accounts.addresses.address_of"
AXES_LOCKOUT_CALLABLE = "jigai.platform.accounts.lockout.locked_page"

ACCOUNT_ADAPTER = "jigai.platform.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # how long a sign-in lasts is ruled by JIGAI_SESSION_HOURS alone
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {"login": False if TESTING else "60/m/ip"}
ACCOUNT_FORMS = {
    "login": "jigai.platform.accounts.forms.signing.LoginForm",
    "change_password": "jigai.platform.accounts.forms.signing.ChangePasswordForm",
    "set_password": "jigai.platform.accounts.forms.signing.SetPasswordForm",
    "reauthenticate": "jigai.platform.accounts.forms.signing.ReauthenticateForm",
}
MFA_ADAPTER = "jigai.platform.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV["https"]
MFA_FORMS = {
    "authenticate": "jigai.platform.accounts.forms.signing.CodeForm",
    "reauthenticate": "jigai.platform.accounts.forms.signing.CodeAgainForm",
    "activate_totp": "jigai.platform.accounts.forms.signing.ActivateForm",
    "add_webauthn": "jigai.platform.accounts.forms.signing.AddKeyForm",
    "edit_webauthn": "jigai.platform.accounts.forms.signing.EditKeyForm",
}
SOCIALACCOUNT_ADAPTER = "jigai.platform.accounts.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS = environment.single_sign_on(ENV)

SESSION_COOKIE_AGE = ENV["session_hours"] * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV["https"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if ENV["https"] else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV["proxies"] else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, *environment.single_sign_on_origin(ENV)],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [HERE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [("vendor", HERE / "web" / "vendor")] if (HERE / "web" / "vendor").is_dir() else []
_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files", "base_url": None},
    },
    # Hashed names only where collectstatic has run; the test server knows plain names only.
    "staticfiles": {"BACKEND": _STATIC if TESTING else "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = TESTING
DATA_UPLOAD_MAX_MEMORY_SIZE = ENV["upload_mb"] * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 2_000  # the ledgers of a county, in one go
FILE_UPLOAD_PERMISSIONS = 0o640

# Shared by all web processes: what is counted there (codes tried, codes used) must not start afresh in each.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
if TESTING:
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"jigai": {"level": "INFO"}},
}
