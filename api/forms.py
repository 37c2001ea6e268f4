"""The form for creating a token."""

from django import forms


class TokenForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=60,
        help_text="For example, the program that uses it.",
        error_messages={"required": "Enter a name."},
    )
