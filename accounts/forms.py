"""allauth's forms with our own labels and without placeholders."""

from typing import Any, cast

from allauth.account import forms as account
from allauth.mfa.webauthn import forms as webauthn
from django import forms

NEW_PASSWORD_LABELS = {"password1": "New password", "password2": "New password once more"}


def relabel(form: forms.Form, **labels: str) -> None:
    """Set our labels and remove placeholders, which only repeat the label."""
    for name, label in labels.items():
        form.fields[name].label = label
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class PlainLabelsMixin:
    """A mixin that keeps allauth's labels and removes the placeholders."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(cast(forms.Form, self))


class LoginForm(PlainLabelsMixin, account.LoginForm):
    pass


class SignupForm(PlainLabelsMixin, account.SignupForm):
    pass


class RequestLoginCodeForm(PlainLabelsMixin, account.RequestLoginCodeForm):
    pass


class ResetPasswordForm(PlainLabelsMixin, account.ResetPasswordForm):
    pass


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, oldpassword="Current password", **NEW_PASSWORD_LABELS)


class SetPasswordForm(account.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, **NEW_PASSWORD_LABELS)


class ResetPasswordKeyForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, **NEW_PASSWORD_LABELS)


class AddWebAuthnForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, passwordless="Log in with only this, without the password")
        self.fields["passwordless"].help_text = "Your phone or key then asks for your fingerprint, face or PIN."
