"""Loops for the cards of the dances: the dressed dancer on a transparent ground, moment by moment, in one picture."""

from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
from PIL import Image

from videos.studio.contact_sheet import blank
from videos.studio.dance import Dance
from videos.studio.dancer.art.body_fur import WhiteParts
from videos.studio.dancer.performer import Dancer
from videos.studio.raster.picture import Picture, to_bgra
from videos.studio.segmentation.head_cutout import HeadCutout
from videos.styles import Body

SIDE = 192
# Motion is worked out at this many times the moments that are drawn, so that ears and cloth swing as in a preview.
FINER = 2
# About 40 kB for each dance. An outline of soft pixels takes nearly half of that at a higher quality of the alpha.
QUALITY, ALPHA_QUALITY = 42, 20


def card_loop(
    head: HeadCutout,
    body: Body,
    white: WhiteParts,
    *,
    dance: Dance,
    seed: int,
    report: Callable[[float], None] = lambda progress: None,
) -> bytes:
    """Return ``dance.loop_frames`` squares side by side, as a WebP. They show the beats of the dance's preview.

    ``report`` receives the progress after each moment, and may raise.
    """
    cv2.setNumThreads(1)
    dancer = Dancer(head, dance=dance, body=body, seed=seed, width=SIDE, height=SIDE, white=white)
    count = dance.loop_frames
    beats = np.arange(count * FINER) / (count * FINER) * dance.loop_beats
    strip = np.empty((SIDE, SIDE * count, 4), np.uint8)
    on_black, on_white = blank(SIDE, SIDE), blank(SIDE, SIDE)
    for number, moment in enumerate(dancer.poses(beats, dance.loop_beats)[::FINER]):
        for picture, luma in ((on_black, 16), (on_white, 235)):
            _fill(picture, luma)
            dancer.draw(picture, moment)
        strip[:, number * SIDE : (number + 1) * SIDE] = to_bgra(on_black, on_white)
        report((number + 1) / count)
    file = BytesIO()
    image = Image.fromarray(np.ascontiguousarray(strip[..., [2, 1, 0, 3]]), "RGBA")
    image.save(file, "WEBP", quality=QUALITY, alpha_quality=ALPHA_QUALITY, method=4)
    return file.getvalue()


def _fill(picture: Picture, luma: int) -> None:
    """Make the picture one shade of grey."""
    picture.y[:], picture.u[:], picture.v[:] = luma, 128, 128
