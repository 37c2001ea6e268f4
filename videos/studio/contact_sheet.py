"""Contact sheets: stills of one or several dances in one picture."""

from collections.abc import Callable, Sequence

import av
import cv2
import numpy as np

from videos.formats import Format
from videos.studio.dance import Dance
from videos.studio.dancer.motion.rig import Rig
from videos.studio.dancer.motion.silhouette import strip
from videos.studio.dancer.motion.skeleton import SKELETONS
from videos.studio.raster.picture import Picture
from videos.studio.render import FPS, Scene
from videos.styles import Body
from videos.subject import Subject

GAP = 6
SECONDS = 5


def sheet(
    subject: Subject,
    *,
    dances: Sequence[Dance],
    shape: Format,
    seed: int = 1,
    stills: int = 8,
    columns: int = 8,
    side: int = 320,
    bars: int | None = None,
    report: Callable[[float], None] = lambda progress: None,
    kind: str = ".png",
) -> bytes:
    """Return a picture with ``stills`` moments of each dance, ``columns`` per row.

    The longer side of each still has ``side`` pixels. The moments are spread over the first ``bars`` bars of a clip, or
    over its five seconds. Every second one is a quarter of a beat late; otherwise a movement in time with the beat
    would seem to stand still. ``report`` receives the progress after each dance. ``kind`` is the file suffix: .png,
    .jpg or .webp. Raises InvalidImage.
    """
    cells = []
    for done, dance in enumerate(dances, 1):
        scene = Scene(subject, dance=dance, width=shape.width, height=shape.height, seed=seed)
        frame_times = scene.frame_times(SECONDS * FPS, dance.beats(SECONDS))
        shown = (
            len(frame_times) if bars is None else round(len(frame_times) * bars * dance.metre / dance.beats(SECONDS))
        )
        late = 0.25 * len(frame_times) / dance.beats(SECONDS)
        for number in range(stills):
            frame_time = frame_times[round(number * shown / stills + late * (number % 2))]
            picture = blank(shape.width, shape.height)
            scene.draw(picture, frame_time)
            scale = side / max(shape.width, shape.height)
            cells.append(cv2.resize(to_bgr(picture), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
        report(done / len(dances))
    while len(cells) % columns:
        cells.append(np.zeros_like(cells[0]))
    padded = [cv2.copyMakeBorder(cell, 0, GAP, 0, GAP, cv2.BORDER_CONSTANT, value=(24, 16, 20)) for cell in cells]
    rows = [np.hstack(padded[at : at + columns]) for at in range(0, len(padded), columns)]
    _, encoded = cv2.imencode(kind, np.vstack(rows))
    return encoded.tobytes()


def silhouettes(dances: Sequence[Dance], *, seconds: int = SECONDS, stills: int = 16, kind: str = ".png") -> bytes:
    """Return a picture with ``stills`` moments of each dance, spread over its ``seconds``, as black figures."""
    rows = []
    for dance in dances:
        rig = Rig(dance.choreography, SKELETONS[Body.SLIM], phrases=max(1, seconds // SECONDS))
        rows.append(strip(rig, [rig.beats * number / stills for number in range(stills)]))
    _, encoded = cv2.imencode(kind, np.vstack(rows))
    return encoded.tobytes()


def blank(width: int, height: int) -> Picture:
    """Return an uninitialised picture in memory, like the encoder's."""
    half = (height // 2, width // 2)
    return Picture(np.empty((height, width), np.uint8), np.empty(half, np.uint8), np.empty(half, np.uint8))


def to_bgr(picture: Picture) -> np.ndarray:
    """Return the picture as BGR (h, w, 3), as a player shows it."""
    frame = av.VideoFrame.from_ndarray(
        np.concatenate([plane.ravel() for plane in picture]).reshape(-1, picture.y.shape[1]), format="yuv420p"
    )
    return frame.to_ndarray(format="bgr24", src_colorspace="ITU709", dst_colorspace="ITU709")
