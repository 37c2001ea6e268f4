"""allauth's forms with our own labels and without placeholders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from allauth.account import forms as account
from allauth.account.fields import EmailField as AllauthEmailField
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as socialaccount
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.addresses import MAX_LENGTH, normalize_email

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

TOO_LONG = _("This address is too long. Use one with at most %(max_length)d characters.")
NEW_PASSWORD_LABELS = {"password1": _("New password"), "password2": _("Confirm new password")}


def relabel(form: forms.Form, **labels: _StrOrPromise) -> None:
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


class EmailField(AllauthEmailField):
    """An address of at most 254 characters, in the one spelling that is compared, kept and sent to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Without a limit of its own: a browser cuts what is pasted to it, without a word.
        super().__init__(*args, **{"max_length": None} | kwargs)

    def clean(self, value: Any) -> Any:
        written = str(value or "").strip()
        # IDNA makes a domain longer.
        if len(written) > MAX_LENGTH or len(email := normalize_email(written)) > MAX_LENGTH:
            raise ValidationError(TOO_LONG, code="max_length", params={"max_length": MAX_LENGTH})
        return super().clean(email)


class AddEmailForm(PlainLabelsMixin, account.AddEmailForm):
    email = EmailField()


class ChangeEmailForm(PlainLabelsMixin, account.ChangeEmailForm):
    email = EmailField()


class SocialSignupForm(PlainLabelsMixin, socialaccount.SignupForm):
    """The address of who comes from Google without one."""

    email = EmailField()


class RequestLoginCodeForm(PlainLabelsMixin, account.RequestLoginCodeForm):
    """The address at the entrance."""

    email = EmailField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autofocus"] = True


class PasswordLoginForm(PlainLabelsMixin, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = self.fields["login"]
        self.fields["login"] = EmailField(label=written.label, widget=written.widget)
        self.fields["login"].widget.attrs["autofocus"] = True

    def _setup_password_field(self) -> None:
        """Keep the password, which allauth removes because signing up needs none."""


class ReauthenticateForm(PlainLabelsMixin, account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs["autofocus"] = True


class CodeInput(forms.TextInput):
    """One field for six digits, shown as six boxes. A wrong code is not shown again, so that a new one can be typed."""

    template_name = "account/code_input.html"

    def __init__(self) -> None:
        attrs = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            # Spaces and dashes come with a pasted code.
            "pattern": r"[\s\-]*([0-9][\s\-]*){6}",
            "maxlength": "20",
            "title": _("6 digits"),
            "autofocus": True,
        }
        super().__init__(attrs)

    def format_value(self, value: Any) -> None:
        return None


class CodeMixin:
    """A mixin for allauth's forms that ask for a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.Form, self).fields["code"]
        field.widget = CodeInput()
        field.label, field.help_text = _("Code"), _("6 digits. We check the code as soon as you enter the last one.")


class ConfirmCodeForm(CodeMixin, account.BaseConfirmCodeForm):
    pass


class ConfirmLoginCodeForm(CodeMixin, account.ConfirmLoginCodeForm):
    pass


class ConfirmEmailVerificationCodeForm(CodeMixin, account.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmPasswordResetCodeForm(CodeMixin, account.ConfirmPasswordResetCodeForm):
    pass


class ResetPasswordForm(PlainLabelsMixin, account.ResetPasswordForm):
    email = EmailField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autofocus"] = True


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, oldpassword=_("Current password"), **NEW_PASSWORD_LABELS)


class SetPasswordForm(account.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, **NEW_PASSWORD_LABELS)


class ResetPasswordKeyForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, **NEW_PASSWORD_LABELS)


class EditWebAuthnForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, name=_("Name"))


class AddWebAuthnForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, name=_("Name"), passwordless=_("Log in with just this passkey, without a code or password"))
        self.fields["passwordless"].help_text = _("Your phone or key will ask for your fingerprint, face or PIN.")
