"""What owners send: a photo, and the choice of a dance."""

import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from videos import dances, formats, photos


class PhotoForm(forms.Form):
    """An uploaded photo; a valid form has it re-encoded in ``normalised``."""

    image = forms.FileField(
        label="A photo of your pet",
        help_text="JPEG, PNG, WebP or HEIC, up to 10 MB.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,image/heif,image/avif"}),
        error_messages={
            "required": "Choose a photo first.",
            "empty": "That file is empty. Please choose another photo.",
            "missing": "No file arrived. Please choose the photo again.",
        },
    )
    normalised: photos.Normalised

    def clean_image(self) -> UploadedFile:
        upload = self.cleaned_data["image"]
        try:
            if upload.size > photos.MAX_BYTES:
                raise photos.Unusable("too_big", "That photo is larger than 10 MB. Please choose a smaller one.")
            self.normalised = photos.normalise(upload)
        except photos.Unusable as error:
            raise forms.ValidationError(str(error), code=error.code) from error
        return upload


class DanceForm(forms.Form):
    """Which dance, in which format, around which point of the photo.

    ``form_key`` was made with the page: the same page sent twice is one video.
    """

    dance = forms.ChoiceField(
        choices=dances.CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "Pick a dance first.", "invalid_choice": "Pick one of the dances below."},
    )
    format = forms.ChoiceField(choices=formats.CHOICES, widget=forms.RadioSelect)
    x = forms.FloatField(min_value=0, max_value=1, label="Left to right")
    y = forms.FloatField(min_value=0, max_value=1, label="Top to bottom")
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for axis in ("x", "y"):
            self.fields[axis].widget = forms.NumberInput(
                attrs={"type": "range", "min": "0", "max": "1", "step": "0.01"}
            )

    @staticmethod
    def choice_for(photo: Any, asked: Any) -> dict[str, Any]:
        """What the page starts with: the photo's own proposals, unless the address asks for something else."""
        fallback = {"dance": "", "format": photo.proposed_format.slug, "x": photo.focus_x, "y": photo.focus_y}
        chosen = DanceForm({**fallback, "form_key": uuid.uuid4(), **{k: asked[k] for k in fallback if k in asked}})
        chosen.is_valid()
        return {**fallback, "form_key": uuid.uuid4()} | {
            name: chosen.cleaned_data[name] for name in fallback if chosen.cleaned_data.get(name) not in (None, "")
        }
