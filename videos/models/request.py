"""What the owner of a video has asked for, and how the pet therefore dances."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from videos import dances, formats, names
from videos.models.choices import BODIES, FORMATS, HEAD_SOURCES, STYLES, PromptSource
from videos.models.leases import LeasedModel
from videos.models.photo import Photo
from videos.photos.head import Head
from videos.styles import Body, Style

# The length of a new video, unless another one is requested.
DEFAULT_SECONDS = 5


def new_seed() -> int:
    """Return a random seed from 0 to 4294967295, the range of ``Order.seed``."""
    return secrets.randbelow(2**32)


class RequestFields(LeasedModel):
    """The fields of ``Video`` for the request.

    ``head`` and ``head_source`` are those of the photo at the time of the request. If no head had been looked for by
    then, they are empty, and are copied when the video is rendered for the first time.

    ``style`` is how the pet dances. Until a head has been looked for, it is empty, or what the owner has chosen.
    ``body`` is the build that the owner has chosen for the dancer, or empty.

    ``pet_name`` is the name in the photo's row at the request, or empty. The video keeps it if the photo is renamed or
    deleted, so that e-mails, file names and pages agree with each other.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="videos", verbose_name=_("user")
    )
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="videos", verbose_name=_("photo"))
    idempotency_key = models.UUIDField(_("idempotency key"), editable=False)

    dance = models.CharField(_("dance"), max_length=20, choices=dances.choices)
    format = models.CharField(_("format"), max_length=10, choices=FORMATS)
    seconds = models.PositiveSmallIntegerField(_("seconds"), default=DEFAULT_SECONDS)
    price = models.PositiveSmallIntegerField(_("price"), default=1, help_text=_("Credits charged."))
    focus_x = models.FloatField(_("focus x"))
    focus_y = models.FloatField(_("focus y"))
    cutout = models.BooleanField(_("cutout"), default=True)
    head = models.JSONField(
        _("head"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The oval around the pet's head, if it was known."),
    )
    head_source = models.CharField(
        _("head source"), max_length=10, choices=HEAD_SOURCES, blank=True, default="", db_default="", editable=False
    )
    style = models.CharField(
        _("style"), max_length=10, choices=STYLES, blank=True, default="", db_default="", editable=False
    )
    body = models.CharField(
        _("body"), max_length=10, choices=BODIES, blank=True, default="", db_default="", editable=False
    )
    pet_name = models.CharField(
        _("pet name"), max_length=names.MAX_NAME, blank=True, default="", db_default="", editable=False
    )
    seed = models.BigIntegerField(_("seed"), default=new_seed, editable=False)
    prompt = models.TextField(_("prompt"), editable=False)
    prompt_source = models.CharField(
        _("prompt source"), max_length=20, choices=PromptSource.choices, default=PromptSource.TEMPLATE, editable=False
    )

    class Meta:
        abstract = True

    @property
    def catalogue_dance(self) -> dances.Dance:
        """The dance in the catalogue, with its name, tempo and colour."""
        return dances.BY_SLUG[self.dance]

    @property
    def shape(self) -> formats.Format:
        return formats.BY_SLUG[self.format]

    @property
    def title(self) -> str:
        """The title for the owner: "Biscuit's hip-hop", or "Your pet's hip-hop" without a name."""
        return names.title(self.pet_name, self.catalogue_dance.noun)

    @property
    def label(self) -> str:
        """The title for staff: without a name, only the dance."""
        return self.title if self.pet_name else self.catalogue_dance.name

    @property
    def ready_line(self) -> str:
        """What the owner is told once the video is ready, without a full stop."""
        if self.pet_name:
            return gettext("%(name)s is ready") % {"name": self.pet_name}
        return gettext("Your %(dance)s video is ready") % {"dance": self.catalogue_dance.noun}

    @property
    def file_stem(self) -> str:
        """The name of the owner's file without its ending: "biscuit-hip-hop"."""
        return self.stem_with(self.pet_name)

    def stem_with(self, pet_name: str) -> str:
        return f"{names.file_slug(pet_name) or 'petgroove'}-{self.dance.replace('_', '-')}"

    @property
    def oval(self) -> Head | None:
        """The head that dances, or None if none was known. A person's face never dances, even if it was requested."""
        return Head.from_json(self.head)

    def settle_head(self) -> None:
        """Copy the photo's head if the worker had not looked for it at the request. Raises LeaseLost.

        Happens once, so that a retry after a crash shows the same head, whatever the owner has changed since.
        """
        if not self.head_source:
            known = self.photo.known_head
            self.update_claimed(head=known and known.as_json, head_source=self.photo.head_source)

    @property
    def dancing_head(self) -> Head | None:
        """The head for the rendering. Faces may have been found in the photo since the request."""
        return None if self.oval and self.photo.is_person(self.oval) else self.oval

    @property
    def chosen_body(self) -> Body | None:
        """The build of the dancer, or None if it is left to the studio."""
        return Body(self.body) if self.body and self.style == Style.DANCER else None

    def settle_style(self) -> None:
        """Decide how the pet dances, after ``settle_head``: without a head, as a whole. Raises LeaseLost.

        A retry after a crash decides the same, because neither the head nor the owner's choice changes.
        """
        style = Style(self.style or Style.DANCER) if self.dancing_head else Style.WHOLE_PET
        if style != self.style:
            self.update_claimed(style=style)
