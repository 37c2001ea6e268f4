"""Where everything is."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.outbox import outbox
from petgroove.health import healthz
from videos.views import home

# The admin's own login form knows no rate limits and no second factor; ours does.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", home, name="home"),
    path("", include("videos.urls")),
    path("", include("credits.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
]
if settings.DEBUG:
    urlpatterns.append(path("outbox/", outbox, name="outbox"))
