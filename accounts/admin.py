"""Pages for staff: who uses PetGroove. The page of one owner is completed with the money in ``credits.admin``."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.http import HttpRequest

from accounts.models import User

admin.site.site_header = "PetGroove"
admin.site.site_title = "PetGroove"
admin.site.index_title = "Behind the dance floor"
admin.site.unregister(Group)


class ReadOnly(admin.ModelAdmin):
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


class UserAdmin(DjangoUserAdmin):
    add_form = NewUserForm
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("email", "password", "is_active", "is_staff", "is_superuser")}),
        ("Dates", {"fields": ("date_joined", "last_login")}),
    )
    readonly_fields: ClassVar[tuple[str, ...]] = ("date_joined", "last_login")
    list_display: tuple[str, ...] = ("email", "is_staff", "is_active", "date_joined", "last_login")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email",)
    ordering = ("-date_joined",)
    date_hierarchy = "date_joined"
    filter_horizontal = ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Entries and videos are kept for the ledger; an account is closed by taking "active" away.
        return False
