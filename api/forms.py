"""The form for creating a token."""

from django import forms


class TokenForm(forms.Form):
    name = forms.CharField(
        label="What is it for?",
        max_length=60,
        help_text="This helps you tell your tokens apart.",
        error_messages={"required": "Give it a name first."},
    )
