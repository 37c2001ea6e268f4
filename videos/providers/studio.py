"""The embedded studio as a provider: renders on this machine, costs nothing, needs no key."""

from pathlib import Path

from videos.providers.base import InvalidOutput, Order, Report


class Studio:
    """A ``LocalProvider``."""

    name = "studio"

    def render(self, order: Order, into: Path, report: Report) -> None:
        """Render the order as an MP4 with music at ``into``.

        Raises InvalidOutput for a photo that cannot be decoded, and whatever ``report`` raises; nothing is left then.
        """
        # Loaded by the worker's first render only: a web process that never renders stays small.
        from videos.studio.raster.picture import InvalidImage
        from videos.studio.render import render

        try:
            render(
                order.frame,
                order.mask,
                dance=order.dance,
                shape=order.format,
                seconds=order.seconds,
                seed=order.seed,
                cutout=order.cutout,
                into=into,
                report=report,
                whole=order.whole,
            )
        except InvalidImage as error:
            raise InvalidOutput(str(error)) from error
