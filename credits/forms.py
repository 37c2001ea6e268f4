"""The form for redeeming a voucher."""

from django import forms


class RedeemForm(forms.Form):
    code = forms.CharField(
        label="Voucher code",
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "placeholder": "ABCD-EFGH-JKMN",
            }
        ),
        error_messages={"required": "Enter a code."},
    )
