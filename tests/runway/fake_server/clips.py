"""Clips in Runway's format: H.264, 24 frames a second, 1/24 s longer than ordered, without sound."""

import hashlib
import struct
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from io import BytesIO

import av
import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageOps

FRAMES_PER_SECOND = 24
SAMPLE_RATE, SAMPLES = 44_100, 1024
# A light clip has the ordered size, but few frames.
LIGHT_FRAMES_PER_SECOND = 8
_ZOOM = 0.12


def make_clip(
    picture: bytes | None, width: int, height: int, seconds: int, *, sound: bool = False, rate: int = FRAMES_PER_SECOND
) -> bytes:
    """Return an MP4 that slowly zooms into ``picture``, in any format that Pillow reads.

    Without a picture it shows a still card, which is cheap. ``sound`` adds a silent soundtrack.
    """
    if picture is None:
        still, zoom = _card(width, height), 0.0
    else:
        still, zoom = ImageOps.fit(Image.open(BytesIO(picture)).convert("RGB"), (width, height)), _ZOOM
    pixels = np.asarray(still)
    planes = _planes(pixels, 1.0)
    frames = seconds * rate + 1
    file = BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "crf": "28"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        audio = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo") if sound else None
        for number in range(frames):
            if zoom:
                planes = _planes(pixels, 1.0 - zoom * number / frames)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(planes, format="yuv420p")))
        container.mux(stream.encode())
        if audio:
            for block in _silence(frames / rate):
                container.mux(audio.encode(block))
            container.mux(audio.encode())
    return file.getvalue()


def _silence(seconds: float) -> Iterator[av.AudioFrame]:
    for number in range(round(seconds * SAMPLE_RATE / SAMPLES)):
        block = av.AudioFrame.from_ndarray(np.zeros((2, SAMPLES), np.float32), format="fltp", layout="stereo")
        block.sample_rate, block.pts, block.time_base = SAMPLE_RATE, number * SAMPLES, Fraction(1, SAMPLE_RATE)
        yield block


def _planes(pixels: np.ndarray, scale: float) -> np.ndarray:
    """Return the centre of the picture, ``scale`` of each side, enlarged to full size, as YUV 4:2:0 planes."""
    height, width = pixels.shape[:2]
    if scale < 1:
        matrix = np.array([[scale, 0, width * (1 - scale) / 2], [0, scale, height * (1 - scale) / 2]])
        pixels = cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2YUV_I420)


def _card(width: int, height: int) -> Image.Image:
    card = Image.linear_gradient("L").resize((width, height))
    coloured = ImageOps.colorize(card, "#1d2b53", "#ffa300")
    pen = ImageDraw.Draw(coloured)
    radius = min(width, height) // 4
    centre = (width // 2, height // 2)
    pen.ellipse([centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius], fill="#fff1e8")
    return coloured


def stamp_clip(clip: bytes, task_id: str) -> bytes:
    """Return the clip with the task id in a box that players skip, so that no two tasks have the same bytes.

    The id also replaces part of the encoder's signature in the first coded picture, so that it survives a copy of the
    pictures into another file.
    """
    mark = task_id.encode()
    signature = clip.find(b"H.264/MPEG-4 AVC codec")
    if signature >= 0:
        clip = clip[:signature] + mark + clip[signature + len(mark) :]
    return clip + struct.pack(">I4s", 8 + len(mark), b"free") + mark


def picture_digest(clip: bytes) -> str:
    """Return the SHA-256 of the clip's coded pictures, which does not depend on the container or the sound."""
    digest = hashlib.sha256()
    with av.open(BytesIO(clip)) as container:
        for packet in container.demux(container.streams.video[0]):
            digest.update(bytes(packet))
    return digest.hexdigest()


class ClipMaker:
    """A background queue that makes clips one by one. ``plain`` clips show a still card."""

    def __init__(self, *, plain: bool) -> None:
        self._plain = plain
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._made: dict[tuple[bytes | None, str, int, bool], Future[bytes]] = {}

    def order(self, picture: bytes, ratio: str, seconds: int, *, light: bool = False) -> Future[bytes]:
        """Start a clip, or return the one already started. A ``light`` clip is plain, has few frames and has sound."""
        shown = None if self._plain or light else picture
        key = (shown, ratio, seconds, light)
        if key not in self._made:
            width, height = (int(side) for side in ratio.split(":"))
            rate = LIGHT_FRAMES_PER_SECOND if light else FRAMES_PER_SECOND
            self._made[key] = self._pool.submit(make_clip, shown, width, height, seconds, sound=light, rate=rate)
        return self._made[key]

    def close(self) -> None:
        """Cancel the clips that have not been started."""
        self._pool.shutdown(wait=False, cancel_futures=True)
