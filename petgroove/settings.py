"""Django settings for all environments. Everything that differs comes from environment variables, read by ``env``."""

from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from petgroove import env, logs, sentry
from videos.providers import registry
from videos.providers.runway import catalogue

BASE_DIR = Path(__file__).resolve().parent.parent
env.read_file(BASE_DIR / ".env")

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret("SECRET_KEY", required=not DEBUG, default="only-for-development-" + "0" * 40, minimum=32)
SITE_URL = env.site_url("SITE_URL", required=not DEBUG)
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.csv("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
if not DEBUG and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set. Set it to the host names of the site, separated by commas.")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Where the web server listens; 0 stands for the default of the command.
PORT = env.integer("PORT", 0)
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

INSTALLED_APPS = [
    "accounts",
    "credits",
    "videos",
    "api",
    "accounts.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "petgroove.middleware.request_id.RequestIdMiddleware",
    "petgroove.middleware.health.HealthCheckMiddleware",
    "api.middleware.ProblemDetailsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "petgroove.middleware.errors.RequestTooLargeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.PrivatePagesMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LoginMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.StaffMFAMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.LockOutMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "petgroove.middleware.errors.NotFoundMiddleware",
    "petgroove.middleware.errors.MethodNotAllowedMiddleware",
    "petgroove.middleware.errors.ServiceUnavailableMiddleware",
]

ROOT_URLCONF = "petgroove.urls"
WSGI_APPLICATION = "petgroove.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
                "credits.context_processors.balance",
            ],
            "builtins": ["petgroove.assets"],
        },
    },
]

# Database: DATABASE_URL, by default SQLite in a file.
DATABASES = {"default": env.database("DATABASE_URL", file=VAR_DIR / "petgroove.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_EXAMPLE = "redis://host:6379/0"
REDIS_URL = env.url("CACHE_URL", example=REDIS_EXAMPLE) or env.url("REDIS_URL", example=REDIS_EXAMPLE)
# Hosted Redis, such as Heroku's, often has a self-signed certificate. The connection is still encrypted.
REDIS_UNVERIFIED = REDIS_URL.startswith("rediss://") and not env.flag("REDIS_TLS_VERIFY", default=True)
CACHES = {
    "default": {
        "BACKEND": "petgroove.cache.FailOpenRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"ssl_cert_reqs": None} if REDIS_UNVERIFIED else {},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# Files: photos and videos are private, on the disk and served by views, or in a bucket and served by signed URLs.
# Static files are public, hashed and compressed.

S3 = env.bucket()
BUCKET_SOURCES = [f"{S3['endpoint_url']}/{S3['bucket_name']}/"] if S3 else []
STORAGES = {
    "default": {"BACKEND": "videos.storage.s3.PrivateS3Storage", "OPTIONS": S3}
    if S3
    else {
        "BACKEND": "videos.storage.local.AtomicFileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "media", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Limits for each owner and for each IP address. A whole school may share one address.
UPLOADS_PER_HOUR = env.integer("UPLOADS_PER_HOUR", 60, minimum=1)
UPLOADS_PER_HOUR_PER_IP = env.integer("UPLOADS_PER_HOUR_PER_IP", 240, minimum=1)
VIDEOS_PER_HOUR_PER_IP = env.integer("VIDEOS_PER_HOUR_PER_IP", 240, minimum=1)
# Previews, and as many switches between cutout and print. Each dance has a preview in either mode.
PREVIEWS_PER_HOUR = 80
EXPORTS_PER_HOUR = 5
MAX_UNFINISHED_VIDEOS = env.integer("MAX_UNFINISHED_VIDEOS", 20, minimum=1)
STORAGE_MB = env.integer("STORAGE_MB", 2000, minimum=1)
# Guests, who have no account yet. Their photos are deleted after this time, unless they sign up.
GUEST_PHOTO_LIFETIME = timedelta(hours=env.integer("GUEST_PHOTO_HOURS", 24, minimum=1))
GUEST_PHOTOS = env.integer("GUEST_PHOTOS", 3, minimum=1)
GUEST_PHOTOS_PER_IP = env.integer("GUEST_PHOTOS_PER_IP", 60, minimum=1)
GUEST_UPLOADS_PER_HOUR = env.integer("GUEST_UPLOADS_PER_HOUR", 6, minimum=1)
GUEST_UPLOADS_PER_HOUR_PER_IP = env.integer("GUEST_UPLOADS_PER_HOUR_PER_IP", 60, minimum=1)
GUEST_PREVIEWS_PER_HOUR = env.integer("GUEST_PREVIEWS_PER_HOUR", 40, minimum=1)
GUEST_PREVIEWS_PER_HOUR_PER_IP = env.integer("GUEST_PREVIEWS_PER_HOUR_PER_IP", 200, minimum=1)
# Of all guests together: photos that the worker has yet to prepare (0 lets nobody try without an account), and files.
MAX_WAITING_GUEST_PHOTOS = env.integer("MAX_WAITING_GUEST_PHOTOS", 40)
GUEST_STORAGE_MB = env.integer("GUEST_STORAGE_MB", 2000, minimum=1)
# A photo of 10 MB plus the overhead of its form: the limit for every request body.
MAX_BODY_BYTES = 11 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# E-mail: files shown at `/outbox/` in development, an SMTP server in production.

OUTBOX_DIR = VAR_DIR / "outbox"
# A page waits so long for the mail server in all. It is also the timeout of each answer of the server.
EMAIL_SECONDS = 5
MAILERS = {
    "default": env.mailer(
        "EMAIL_URL",
        required=not DEBUG,
        files={
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(OUTBOX_DIR)},
        },
        timeout=EMAIL_SECONDS,
    )
}
DEFAULT_FROM_EMAIL = env.mail_address("DEFAULT_FROM_EMAIL", "PetGroove <hello@petgroove.example>")
SUPPORT_EMAIL = env.mail_address("SUPPORT_EMAIL", DEFAULT_FROM_EMAIL)
# Who runs the site, for the pages about terms, privacy and contact.
OPERATOR_NAME = env.text("OPERATOR_NAME", "PetGroove")
OPERATOR_ADDRESS = env.text("OPERATOR_ADDRESS")
STAFF_EMAIL = env.mail_address("STAFF_EMAIL", "") if env.text("STAFF_EMAIL") else ""
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Accounts: the e-mail address is the login. A code sent to it signs up and logs in; a password is optional.

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "accounts.hashers.SmallArgon2PasswordHasher",
    # Accepted, and replaced at the next login.
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTHENTICATION_BACKENDS = ["credits.backends.OwnerBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "videos:gallery"
ACCOUNT_ADAPTER = "videos.adapter.VisitorAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# Codes: six digits. ``accounts.codes.limits`` limits how many are sent and tried.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
CODE_SECONDS = 10 * 60
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 5
# How often a new code can be sent on the same page.
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 5
# From the address to the end of the second factor. It leaves time for new codes.
ACCOUNT_LOGIN_TIMEOUT = 40 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SIGNUP_REDIRECT_URL = "videos:photo"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXY_COUNT", 0)
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.AddEmailForm",
    "change_email": "accounts.forms.ChangeEmailForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailVerificationCodeForm",
    "confirm_password_reset_code": "accounts.forms.ConfirmPasswordResetCodeForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {"add_webauthn": "accounts.forms.AddWebAuthnForm", "edit_webauthn": "accounts.forms.EditWebAuthnForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
# Staff need a passkey or an authenticator app to use the admin, except by default in development.
STAFF_REQUIRE_MFA = env.flag("STAFF_REQUIRE_MFA", default=not DEBUG)
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.SocialSignupForm"}
SOCIALACCOUNT_PROVIDERS = {}
GOOGLE_CLIENT_ID = env.text("GOOGLE_CLIENT_ID")
if GOOGLE_CLIENT_ID:
    INSTALLED_APPS.append("allauth.socialaccount.providers.google")
    SOCIALACCOUNT_PROVIDERS["google"] = {
        "APPS": [
            {
                "client_id": GOOGLE_CLIENT_ID,
                "secret": env.client_secret("GOOGLE_CLIENT_SECRET", client_id="GOOGLE_CLIENT_ID"),
            }
        ],
        "SCOPE": ["email"],
        "EMAIL_AUTHENTICATION": True,
    }

# Security

# Sessions live in the database only. A cache that misses a logout during an outage would restore the session.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# Messages live in the session: the message cookie cannot have the __Host- prefix.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
GUEST_COOKIE_NAME = "guest"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    GUEST_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "__Host-guest", "__Host-language"
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:", *BUCKET_SOURCES],
    "media-src": [CSP.SELF, "blob:", *BUCKET_SOURCES],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF, *(["https://accounts.google.com"] if GOOGLE_CLIENT_ID else [])],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

# Credits

# Raising this from 0 grants the credits to every existing owner who never received them, at the next login.
WELCOME_CREDITS = env.integer("WELCOME_CREDITS", 3)
# The price of a credit in cents, for the margins shown to staff. Zero if credits are not sold.
CREDIT_CENTS = env.integer("CREDIT_CENTS", 0)

# Videos

RUNWAY_API_KEY = env.key("RUNWAY_API_KEY") or env.key("RUNWAYML_API_SECRET")
RUNWAY_MODEL_ID = env.choice("RUNWAY_MODEL_ID", tuple(catalogue.MODELS), "gen4_turbo")
try:
    RUNWAY_BASE_URL = catalogue.clean_base_url(env.text("RUNWAY_BASE_URL", catalogue.BASE_URL))
except ValueError as error:
    raise ImproperlyConfigured(f"RUNWAY_BASE_URL is invalid: {error}.") from None
RUNWAY_DOWNLOAD_HOSTS = tuple(env.csv("RUNWAY_DOWNLOAD_HOSTS", list(catalogue.DOWNLOAD_HOSTS)))
# Seconds. Runway downloads and checks the image before it answers a create request.
RUNWAY_TIMEOUT = env.integer("RUNWAY_TIMEOUT_SECONDS", 60, minimum=1)
# Maximum tasks in flight until the account has reported its own limit.
RUNWAY_CONCURRENCY = env.integer("RUNWAY_CONCURRENCY", 1, minimum=1)
# Maximum tasks in flight if the account reports no limit.
RUNWAY_MAX_CONCURRENCY = env.integer("RUNWAY_MAX_CONCURRENCY", 20, minimum=1)
VIDEO_PROVIDER = env.choice(
    "VIDEO_PROVIDER", (*registry.LOCAL, *registry.REMOTE), "runway" if RUNWAY_API_KEY else "studio"
)
if VIDEO_PROVIDER == "runway" and not RUNWAY_API_KEY:
    raise ImproperlyConfigured("VIDEO_PROVIDER is runway, but RUNWAY_API_KEY is not set.")
STUDIO_FALLBACK = env.flag("STUDIO_FALLBACK")
STUDIO_RESOLUTION = int(env.choice("STUDIO_RESOLUTION", ("720", "1080"), "720"))
# The certificate chain and the key that sign videos and pictures (C2PA), for workers with requirements-c2pa.txt.
C2PA_CERTIFICATE = env.pem("C2PA_CERTIFICATE", "CERTIFICATE")
C2PA_KEY = env.pem("C2PA_KEY", "PRIVATE KEY")
if (C2PA_CERTIFICATE is None) != (C2PA_KEY is None):
    raise ImproperlyConfigured("C2PA_CERTIFICATE and C2PA_KEY belong together. Set both, or neither.")
MODERATION_STRIKES = env.integer("MODERATION_STRIKES", 3, minimum=1)
OPENAI_API_KEY = env.key("OPENAI_API_KEY")
OPENAI_MODEL = env.text("OPENAI_MODEL", "gpt-4o-mini")
# OpenAI shuts gpt-4o-mini down on 14 January 2027 and names this one as its successor.
OPENAI_FALLBACK_MODEL = env.text("OPENAI_FALLBACK_MODEL", "gpt-6-luna")
OPENAI_BASE_URL = env.url("OPENAI_BASE_URL", "https://api.openai.com/v1", example="http://localhost:8080/v1")
PROMISE_WINDOW = timedelta(minutes=env.integer("PROMISE_MINUTES", 15, minimum=1))
LEASE_DURATION = timedelta(seconds=env.integer("LEASE_SECONDS", 90, minimum=2))
# How long a page has to confirm that the owner saw the video become ready; then no e-mail is needed.
NOTIFICATION_DELAY = timedelta(seconds=env.integer("NOTIFICATION_DELAY_SECONDS", 30, minimum=0))
if RUNWAY_API_KEY and timedelta(seconds=RUNWAY_TIMEOUT) >= LEASE_DURATION:
    raise ImproperlyConfigured(
        f"LEASE_SECONDS is {LEASE_DURATION.seconds}; it must be greater than RUNWAY_TIMEOUT_SECONDS, "
        f"which is {RUNWAY_TIMEOUT}. A worker that waits for Runway would lose its lease."
    )
MAX_SUBMISSIONS = 2

# Language, time, logs

LANGUAGE_CODE = "en-us"
# Each name is in its own language. The catalogues are in `locale/`; `tools/check_messages.py` updates and checks them.
LANGUAGES = [("en-us", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "petgroove.formats"
TIME_ZONE = "UTC"
USE_TZ = True
LOGGING = logs.LOGGING
SENTRY_DSN = env.text("SENTRY_DSN")
if SENTRY_DSN:
    sentry.start(SENTRY_DSN, env.text("SENTRY_ENVIRONMENT", "production"))
