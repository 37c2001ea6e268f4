"""Pages for staff: who uses PetGroove. The page of one owner is completed with the money in ``credits.admin.ledger``."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User

admin.site.site_header = "PetGroove"
admin.site.site_title = "PetGroove"
admin.site.index_title = "Behind the dance floor"


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that staff read and that change through the model's verbs alone."""

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
        field_classes = {"email": forms.EmailField}


# Comes last on an owner's page: hardly anybody has any of it.
PERMISSION_FIELDS = ("is_staff", "is_superuser", "groups", "user_permissions")


class UserAdmin(DjangoUserAdmin):
    add_form = NewUserForm
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("email", "password", "is_active", "closed_at")}),
        ("Dates", {"fields": ("date_joined", "last_login")}),
    )
    # An address belongs to its owner, who proves a new one by a code; the door is opened and closed by verbs.
    readonly_fields: ClassVar[tuple[str, ...]] = ("email", "is_active", "closed_at", "date_joined", "last_login")
    list_display: tuple[str, ...] = ("address", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email",)
    ordering = ("-date_joined",)
    date_hierarchy = "date_joined"
    filter_horizontal = ("groups", "user_permissions")
    view_on_site = False

    @admin.display(description="address", ordering="email")
    def address(self, user: User) -> SafeString:
        """Short enough to leave room for the other columns; the whole of it is told on pointing."""
        return format_html('<span class="address" title="{}">{}</span>', user.email, user.email)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        # The model's own words are for where it may be ticked.
        options["help_texts"] = {"is_active": "Suspending takes it away, readmitting gives it back."}
        return super().get_form(request, obj, change=change, **options)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only a superuser says who else is staff, and what they may do. A new account has an address to type in."""
        fields = self.readonly_fields if request.user.is_superuser else (*self.readonly_fields, *PERMISSION_FIELDS)
        return fields if obj else tuple(name for name in fields if name != "email")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A superuser's page, with the way to a new password, is for superusers."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Entries and videos are kept for the ledger; an account is suspended by staff, or closed by its owner.
        return False
