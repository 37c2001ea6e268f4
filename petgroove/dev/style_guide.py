"""The design system on one page, for developers: every token and component in every state."""

import re

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from videos import dances, formats
from videos.progress import ADDING_MUSIC, Stage

COLOURS = [
    "paper",
    "card",
    "sunk",
    "ink",
    "soft",
    "edge",
    "pink",
    "pink-deep",
    "bad",
    "marigold",
    "mint",
    "sky",
    "coral",
]
ANIMALS = ("dog", "cat", "rabbit", "parrot")


class SampleForm(forms.Form):
    """One field of each kind. Submitted empty, it shows the error of each field."""

    email = forms.EmailField(help_text="We'll email you when a video is ready.")
    password = forms.CharField(widget=forms.PasswordInput)
    code = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "placeholder": "Code"}))
    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}))
    remember = forms.BooleanField(label="Stay logged in")
    tempo = forms.ChoiceField(choices=[("slow", "Slow"), ("quick", "Quick")], widget=forms.RadioSelect)


def icons() -> list[str]:
    """Return the names of the icons in the sprite."""
    sprite = (settings.BASE_DIR / "static" / "vendor" / "lucide" / "icons.svg").read_text()
    return re.findall(r'<symbol id="([^"]+)"', sprite)


@require_safe
@login_not_required
def style(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    stages = [
        Stage("Queued", "done"),
        Stage("Dancing", "now"),
        Stage(ADDING_MUSIC, "next"),
        Stage("Ready", "next"),
    ]
    context = {
        "colours": COLOURS,
        "icons": icons(),
        "animals": [f"mascots/{animal}.html" for animal in ANIMALS],
        "dances": dances.DANCES,
        "formats": formats.FORMATS,
        "stages": stages,
        "now": now,
        "empty": SampleForm(auto_id="empty_%s"),
        "wrong": SampleForm({}, auto_id="wrong_%s"),
    }
    return render(request, "dev/style_guide.html", context)
