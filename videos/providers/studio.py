"""The embedded studio as a provider: it renders on this machine, costs nothing and needs no key."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings

from videos.providers.base import InvalidOutput, Order, Report

USUAL_RESOLUTION = 720  # pixels on the short side of ``videos.formats``, but for the square, which has as many in all


class Studio:
    """The ``LocalProvider`` of the embedded studio."""

    name = "studio"
    default_duration = timedelta(seconds=20)

    def render(self, order: Order, into: Path, report: Report) -> None:
        """Render the order as an MP4 with music at ``into``.

        Raises InvalidOutput for a photo that cannot be decoded, and any error of ``report``. Neither leaves a file.
        """
        # Imported at the first render, so that the web process, which never renders, stays small.
        from videos.studio.raster.picture import InvalidImage
        from videos.studio.render import render

        try:
            render(
                order.subject,
                dance=order.dance,
                shape=order.format.enlarged(settings.STUDIO_RESOLUTION / USUAL_RESOLUTION),
                seconds=order.seconds,
                seed=order.seed,
                into=into,
                report=report,
            )
        except InvalidImage as error:
            raise InvalidOutput(str(error)) from error
