"""The admin of users, and the base class for read-only admins. ``credits.admin.users`` adds the credits."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin_base import BaseAdmin, as_uuid
from accounts.admin_html import short_email
from accounts.forms import EmailField
from accounts.models import User
from accounts.security_log import record

admin.site.site_header = "PetGroove"
admin.site.site_title = "PetGroove"
admin.site.index_title = _("Dashboard")


def staff_user(request: HttpRequest) -> User:
    """Return the member of staff who makes this request."""
    return User.objects.get(pk=str(request.user.pk))


class ReadOnlyAdmin(BaseAdmin):
    """An admin for rows that staff only read. They change only through methods of the model."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)
        field_classes = {"email": EmailField}


# Shown last on the user's page, because hardly any user has them.
PERMISSION_FIELDS = ("is_staff", "is_superuser", "groups", "user_permissions")


class UserAdmin(BaseAdmin, DjangoUserAdmin):
    add_form = NewUserForm
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("email", "password", "is_active", "closed_at")}),
        (_("Dates"), {"fields": ("date_joined", "last_login", "language")}),
    )
    # Owners change and verify their own address; accounts are suspended and unsuspended by actions.
    readonly_fields: ClassVar[tuple[str, ...]] = (
        "email",
        "is_active",
        "closed_at",
        "date_joined",
        "last_login",
        "language",
    )
    list_display: tuple[str, ...] = ("address", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email",)
    ordering = ("-date_joined",)
    list_per_page = 50
    sortable_by: ClassVar[Any] = ("address", "date_joined")
    filter_horizontal = ("groups", "user_permissions")
    view_on_site = False

    def search(self, request: HttpRequest, queryset: QuerySet[User], term: str) -> QuerySet[User]:
        """Search by the id, or by a part of the address."""
        pk = as_uuid(term)
        return queryset.filter(pk=pk) if pk else queryset.filter(email__contains=term.lower())

    @admin.display(description=_("address"), ordering="email")
    def address(self, user: User) -> SafeString:
        return short_email(user.email)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        # The model's help text describes a checkbox that can be edited; this one is read-only.
        options["help_texts"] = {"is_active": _("Changed by the actions Suspend and Unsuspend.")}
        return super().get_form(request, obj, change=change, **options)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Let only superusers edit staff status and permissions. The address can be edited only on a new account."""
        fields = self.readonly_fields if request.user.is_superuser else (*self.readonly_fields, *PERMISSION_FIELDS)
        return fields if obj else tuple(name for name in fields if name != "email")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let only superusers change a superuser, because the page can set a new password."""
        is_protected = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not is_protected and super().has_change_permission(request, obj)

    def log_addition(self, request: HttpRequest, object: Any, message: Any) -> LogEntry:
        record("staff_added_user", request, target=object.pk)
        return super().log_addition(request, object, message)

    def log_change(self, request: HttpRequest, object: Any, message: Any) -> LogEntry:
        """Log the change of a field, a permission or a password. Actions, whose message is a text, log themselves."""
        if not isinstance(message, str):
            record("staff_changed_user", request, target=object.pk)
        return super().log_change(request, object, message)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The ledger refers to users and their videos. Staff suspend accounts; owners close them.
        return False


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(BaseAdmin, DjangoGroupAdmin):
    pass
