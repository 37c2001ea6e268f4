"""Contact sheets: stills of one dance across its first bars, or of all dances, as one picture."""

from collections.abc import Sequence

import av
import cv2
import numpy as np

from videos.dances import Dance
from videos.formats import Format
from videos.studio.frames import Picture
from videos.studio.render import Scene

GAP = 6


def sheet(
    frame: bytes,
    mask: bytes | None,
    *,
    dances: Sequence[Dance],
    shape: Format,
    cutout: bool = True,
    seed: int = 1,
    stills: int = 8,
    columns: int = 8,
    side: int = 320,
    seconds: int = 5,
) -> bytes:
    """A PNG with ``stills`` moments of each dance, ``columns`` to a row, ``side`` pixels the longer way each.

    One dance with 16 stills shows two bars; all dances with 8 stills each give a row a dance. The moments are evenly
    spread over the clip of ``seconds``. Raises NotAPicture.
    """
    cells = []
    for dance in dances:
        scene = Scene(frame, mask, dance=dance, width=shape.width, height=shape.height, seed=seed, cutout=cutout)
        moments = scene.moments(seconds * 30, dance.beats(seconds))
        for number in range(stills):
            moment = moments[round(number * len(moments) / stills)]
            picture = blank(shape.width, shape.height)
            scene.draw(picture, moment)
            scale = side / max(shape.width, shape.height)
            cells.append(cv2.resize(to_bgr(picture), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    while len(cells) % columns:
        cells.append(np.zeros_like(cells[0]))
    padded = [cv2.copyMakeBorder(cell, 0, GAP, 0, GAP, cv2.BORDER_CONSTANT, value=(24, 16, 20)) for cell in cells]
    rows = [np.hstack(padded[at : at + columns]) for at in range(0, len(padded), columns)]
    _, png = cv2.imencode(".png", np.vstack(rows))
    return png.tobytes()


def blank(width: int, height: int) -> Picture:
    """An empty picture in memory, as the encoder's would be."""
    half = (height // 2, width // 2)
    return Picture(np.empty((height, width), np.uint8), np.empty(half, np.uint8), np.empty(half, np.uint8))


def to_bgr(picture: Picture) -> np.ndarray:
    """The picture as BGR (h, w, 3), as a player shows it."""
    frame = av.VideoFrame.from_ndarray(
        np.concatenate([plane.ravel() for plane in picture]).reshape(-1, picture.y.shape[1]), format="yuv420p"
    )
    return frame.to_ndarray(format="bgr24", src_colorspace="ITU709", dst_colorspace="ITU709")
