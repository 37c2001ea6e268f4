from django.apps import AppConfig
from django.contrib.admin import apps
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    default = True
    name = "accounts"
    verbose_name = _("Owners and staff")


class AdminConfig(apps.AdminConfig):
    """The admin, with our site instead of Django's."""

    default = False
    default_site = "accounts.admin_site.AdminSite"
