"""Forms for owners: a photo upload, the choice of a dance and of a style, the pet's name, and its head."""

import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos import dances, names, photos
from videos.models import Concern
from videos.models.choices import BODIES, STYLES
from videos.photos.head import MAX_RADIUS, MIN_RADIUS, ON_FACE, Head, InvalidHead
from videos.providers.registry import offered_formats
from videos.styles import NO_HEAD, Style

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,image/avif"


class PhotoForm(forms.Form):
    """A photo upload. A valid form has the re-encoded photo in ``normalised``."""

    image = forms.FileField(
        # ``photos.normalise`` rejects empty files, with a better message.
        allow_empty_file=True,
        label=_("A photo of your pet"),
        help_text=_("JPEG, PNG, WebP, HEIC or AVIF, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "required": _("Choose a photo first."),
            "missing": _("Upload failed. Choose your photo again."),
        },
    )
    normalised: photos.Normalised

    @property
    def is_temporary_error(self) -> bool:
        """Whether the same photo may be accepted in a minute, since only capacity was missing."""
        return any(self.has_error("image", code) for code in ("busy", "no_room"))

    def clean_image(self) -> UploadedFile:
        upload = self.cleaned_data["image"]
        try:
            self.normalised = photos.normalise(upload)
        except photos.InvalidPhoto as error:
            raise forms.ValidationError(str(error), code=error.code) from error
        return upload


class DanceForm(forms.Form):
    """The choice of a dance, a format and the point of the photo to keep in the frame.

    Each page has its own ``idempotency_key``, so that submitting it twice creates one video.
    """

    dance = forms.ChoiceField(
        choices=dances.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a dance first."),
            "invalid_choice": _("Choose one of the dances below."),
        },
    )
    format = forms.ChoiceField(
        choices=lambda: [(shape.slug, shape.name) for shape in offered_formats()],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("We don't make this format. Choose one of those below.")},
    )
    x = forms.FloatField(min_value=0, max_value=1, label=_("Left to right"))
    y = forms.FloatField(min_value=0, max_value=1, label=_("Top to bottom"))
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for axis in ("x", "y"):
            self.fields[axis].widget = forms.NumberInput(
                attrs={"type": "range", "min": "0", "max": "1", "step": "0.01"}
            )

    @staticmethod
    def initial_choice(photo: Any, requested: Any) -> dict[str, Any]:
        """Return the initial values of the page: those in the query string if valid, otherwise the photo's defaults.

        The default dance is the first.
        """
        fallback = {
            "dance": dances.DANCES[0].slug,
            "format": photo.proposed_format.slug,
            "x": photo.focus_x,
            "y": photo.focus_y,
        }
        return {**fallback, "idempotency_key": uuid.uuid4()} | DanceForm.valid_choice(requested)

    @staticmethod
    def valid_choice(requested: Any) -> dict[str, Any]:
        """Return the valid part of a choice, whichever the photo."""
        chosen = DanceForm({name: requested[name] for name in ("dance", "format", "x", "y") if name in requested})
        chosen.is_valid()
        return {name: value for name, value in chosen.cleaned_data.items() if value not in (None, "")}

    @staticmethod
    def url_with_choice(photo: Any, submitted: Any) -> str:
        """Return the URL of the dance page with the valid part of the submitted choice."""
        kept = DanceForm.valid_choice(submitted)
        return f"{photo.get_absolute_url()}?{urlencode(kept)}" if kept else photo.get_absolute_url()


class StyleForm(forms.Form):
    """The owner's choice of how the pet in ``photo`` dances: a style, and a body for the dancer.

    A page that shows no bodies sends none. ``style_was`` and ``body_was`` are what the page has shown as chosen. A
    dancer is refused if the photo's head is not known.
    """

    style = forms.ChoiceField(required=False, choices=STYLES)
    body = forms.ChoiceField(required=False, choices=[("", _("Automatic")), *BODIES])
    style_was = forms.ChoiceField(required=False, choices=STYLES)
    body_was = forms.ChoiceField(required=False, choices=BODIES)

    def __init__(self, *args: Any, photo: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.photo = photo

    @property
    def is_changed(self) -> bool:
        """Whether the owner has changed the choice on the page without saving it, as is possible without a script."""
        return any(
            name in self.data and self.data[name] != self.data.get(f"{name}_was", "") for name in ("style", "body")
        )

    def clean_style(self) -> str:
        style = str(self.cleaned_data["style"])
        if style == Style.DANCER and self.photo.known_head is None:
            raise forms.ValidationError(gettext(NO_HEAD))
        return style

    def save(self) -> None:
        """Store the choice, which must be valid. A style that is automatic stays so if it is confirmed."""
        style, body = self.photo.style, self.photo.body
        if self.cleaned_data["style"] not in ("", self.photo.dance_style):
            style = self.cleaned_data["style"]
        if "body" in self.data:
            body = self.cleaned_data["body"]
        if (style, body) != (self.photo.style, self.photo.body):
            self.photo.set_style(style, body)

    @staticmethod
    def valid_choice(requested: Any) -> dict[str, str]:
        """Return the valid part of a choice, whichever the photo, unless the page has shown it as chosen already."""
        chosen = {}
        for name, choices in (("style", STYLES), ("body", BODIES)):
            value = requested.get(name, "")
            if value in dict(choices) and value != requested.get(f"{name}_was"):
                chosen[name] = value
        return chosen


class NameField(forms.CharField):
    """A pet's name, which is cleaned."""

    def to_python(self, value: Any) -> str:
        try:
            return names.clean(super().to_python(value) or "")
        except names.InvalidName as error:
            raise forms.ValidationError(str(error), code="too_long") from error


class NameForm(forms.Form):
    """The pet's name in ``photo``. ``name_was`` is what the page has shown, ``name_again`` one of its proposals."""

    pet_name = NameField(required=False)
    name_again = NameField(required=False)

    def __init__(self, *args: Any, photo: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.photo = photo

    def save(self) -> None:
        """Store the name, which must be valid. Another one, from another tab, stays if this page has not changed it."""
        name = self.cleaned_data["name_again"] or self.cleaned_data["pet_name"]
        is_asked = "pet_name" in self.data or self.cleaned_data["name_again"]
        if is_asked and name not in (self.data.get("name_was"), self.photo.pet_name):
            self.photo.set_pet_name(name)


class ReportForm(forms.Form):
    """What is wrong with a shared video."""

    concern = forms.ChoiceField(choices=Concern, label=_("What's wrong with it?"), widget=forms.RadioSelect)
    text = forms.CharField(
        max_length=1000, required=False, label=_("Details (optional)"), widget=forms.Textarea(attrs={"rows": 4})
    )
    email = forms.EmailField(
        required=False, label=_("Your email (optional)"), help_text=_("Only if you're okay with us following up.")
    )


def choice_query(submitted: Any) -> str:
    """Return the valid part of a choice of dance, format, focus and style as a query string for the photo's page."""
    return urlencode(DanceForm.valid_choice(submitted) | StyleForm.valid_choice(submitted))


def slider(low: float, high: float, step: float) -> forms.NumberInput:
    return forms.NumberInput(attrs={"type": "range", "min": str(low), "max": str(high), "step": str(step)})


class HeadForm(forms.Form):
    """The owner's answer about the head in ``photo``. If the answer is an oval, a valid form has it in ``head``.

    The answer is ``yes``, ``save``, ``reject``, ``none`` or ``undo``, or the place of another head that was found.
    After ``undo``, ``was`` says what the oval was before: the owner's, found for sure, a question, or nothing. An oval
    on the face of a person is refused.
    """

    OVAL = ("x", "y", "rx", "ry", "tilt")
    x = forms.FloatField(required=False, label=_("Head from the left"), widget=slider(0, 1, 0.005))
    y = forms.FloatField(required=False, label=_("Head from the top"), widget=slider(0, 1, 0.005))
    rx = forms.FloatField(required=False, label=_("Head width"), widget=slider(MIN_RADIUS, MAX_RADIUS, 0.005))
    ry = forms.FloatField(required=False, label=_("Head height"), widget=slider(MIN_RADIUS, MAX_RADIUS, 0.005))
    tilt = forms.FloatField(required=False, label=_("Head tilt"), widget=slider(-180, 180, 1))
    answer = forms.RegexField(r"^(yes|save|reject|none|undo|\d)$", error_messages={"required": "", "invalid": ""})
    was = forms.ChoiceField(required=False, choices=[(name, name) for name in ("owner", "sure", "question")])
    head: Head | None = None

    def __init__(self, *args: Any, photo: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.photo = photo

    def clean(self) -> dict[str, Any]:
        answer = self.cleaned_data
        reply = answer.get("answer", "")
        if reply in ("yes", "save") or (reply == "undo" and answer.get("was")):
            self.clean_oval()
        elif reply.isdigit() and int(reply) < len(self.photo.proposed_heads):
            # A page that is out of date may offer a head that is no longer among them.
            self.head = self.photo.proposed_heads[int(reply)].head
        if self.head and self.photo.is_person(self.head):
            raise forms.ValidationError(gettext(ON_FACE))
        return answer

    def clean_oval(self) -> None:
        numbers = {name: self.cleaned_data[name] for name in self.OVAL if self.cleaned_data.get(name) is not None}
        for name in self.OVAL:
            # An invalid number has its error already.
            if name not in numbers and not self.has_error(name):
                self.add_error(name, gettext("Enter a number."))
        if len(numbers) < len(self.OVAL):
            return
        try:
            self.head = Head(**numbers)
        except InvalidHead as error:
            self.add_error(error.field, str(error))
