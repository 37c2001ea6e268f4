"""Loops of the dancer for the cards of the dances."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models

from videos import dances
from videos.models.choices import BODIES
from videos.models.leases import LeasedQuerySet
from videos.models.preview import Rendering
from videos.models.turns import LINE_COLUMNS, new_place, next_place

if TYPE_CHECKING:
    from videos.models.photo import Photo


class CardLoopQuerySet(LeasedQuerySet["CardLoop"]):
    def request(self, photo: Photo, now: datetime) -> None:
        """Have a loop of each dance rendered, unless it exists and shows what the photo shows now.

        A photo that is yet to be prepared gets its loops after that, if its pet is a dancer then.
        """
        if not photo.due_at and not photo.is_dancer:
            return
        rows = {row.dance: row for row in photo.loops.all()}
        missing = [dance.slug for dance in dances.DANCES if dance.slug not in rows]
        finished = [row for row in rows.values() if not row.is_pending]
        outdated = [row.pk for row in finished if photo.due_at or not row.matches(photo)]
        if missing:
            # Without the lock: two requests at once may get the same turns until the next one is taken.
            first, joined_at = next_place(CardLoop(photo=photo).line_mates, now)
            new = [
                CardLoop(photo=photo, dance=slug, due_at=now, turn=turn, joined_at=joined_at)
                for turn, slug in enumerate(missing, first)
            ]
            self.bulk_create(new, ignore_conflicts=True)
        if outdated:
            with photo.line_lock():
                self.filter(pk__in=outdated, due_at=None).update(**new_place(now))
                CardLoop(photo=photo).line_up()

    def of_prepared_photos(self) -> Self:
        """Return the loops of photos whose head is cut out, if it is known."""
        return self.filter(photo__due_at=None)


class CardLoop(Rendering):
    """The dancer of a photo in one dance, as a strip of a few moments (WebP), rendered while nothing else is due.

    ``photo_claim`` and ``body`` say what it shows: each preparation of the photo has its own claim.
    """

    photo = models.ForeignKey("videos.Photo", on_delete=models.CASCADE, related_name="loops")
    photo_claim = models.PositiveIntegerField(default=0, editable=False)
    body = models.CharField(max_length=10, choices=BODIES, blank=True, default="", editable=False)

    objects: ClassVar = CardLoopQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "dance"], name="card_loop_unique_photo_dance")]
        indexes = [
            models.Index(fields=LINE_COLUMNS, condition=models.Q(due_at__isnull=False), name="card_loop_line_idx")
        ]

    def __str__(self) -> str:
        return f"Loop of {self.dance}"

    @property
    def version(self) -> str:
        """What changes with its file."""
        return f"{self.dance}-{self.claim}"

    def matches(self, photo: Photo) -> bool:
        """Whether it is of the head and the body that the photo has now."""
        return (self.photo_claim, self.body) == (photo.claim, photo.body)

    def follow_photo(self) -> None:
        """Have the coming file show what the photo shows now. Raises LeaseLost."""
        self.update_claimed(photo_claim=self.photo.claim, body=self.photo.body, file="")

    @property
    def storage_name(self) -> str:
        """Return the storage name of the file, which no other claim writes."""
        return self.photo.storage_name(f"card-{self.version}.webp")
