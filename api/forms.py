"""The form for creating a token."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("For example, the program that uses it."),
        error_messages={"required": _("Enter a name.")},
    )
