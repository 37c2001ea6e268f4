"""The root URL configuration."""

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.views import language
from petgroove import legal
from petgroove.dev.mailbox import outbox, outbox_html
from petgroove.dev.style_guide import style
from petgroove.offline import NAMES, icon, offline, service_worker
from videos.views import account
from videos.views.home import home, how_its_made

# allauth's tables contain MFA secrets and tokens, and only allauth's own pages may change them.
for model in apps.get_models():
    if model.__module__.startswith("allauth.") and admin.site.is_registered(model):
        admin.site.unregister(model)

# /healthz and /readyz are not here: ``petgroove.middleware.health`` answers them before the host is checked.
urlpatterns = [
    path("", home, name="home"),
    path("how-its-made/", how_its_made, name="how_its_made"),
    path("", include("videos.urls")),
    path("", include("credits.urls")),
    path("", include("api.urls")),
    path("language/", language, name="language"),
    path("account/data/", account.data, name="account_data"),
    path("account/data/petgroove.zip", account.export, name="account_export"),
    path("account/close/", account.close, name="account_close"),
    path("account/closed/", account.closed, name="account_closed"),
    path("account/", include("accounts.codes.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    *(path(f"{name}/", legal.page, {"name": name}, name=name) for name in ("terms", "privacy", "contact")),
    path("offline/", offline, name="offline"),
    path("offline.js", service_worker, name="service_worker"),
    *(path(name, icon, {"name": name}, name=name) for name in NAMES),
]
if settings.DEBUG:
    urlpatterns += [
        path("outbox/", outbox, name="outbox"),
        path("outbox/<int:number>/", outbox_html, name="outbox_html"),
        path("style/", style, name="style"),
    ]
