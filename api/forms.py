"""What owners send to get a token."""

from django import forms


class TokenForm(forms.Form):
    name = forms.CharField(
        label="What is it for?",
        max_length=60,
        help_text="For you, to tell your tokens apart.",
        error_messages={"required": "Give it a name first."},
    )
