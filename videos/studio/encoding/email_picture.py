"""A moment of a clip as a small animated GIF with a play badge, for an e-mail.

A GIF, because it moves in every mail program but older versions of Outlook, which show its first frame.
"""

import math
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
from av.filter import Graph
from av.video.frame import VideoFrame
from PIL import Image, ImageDraw

from videos.studio.encoding.gif import add_palette, pulled
from videos.studio.encoding.mp4 import InvalidVideo, duration_of, open_container, video_stream_of

# The part of the clip that is shown: from a quarter on, when every dance is in motion.
START, FRAMES, FPS = 0.25, 13, 8
# The longest side in pixels that is tried first, and the share of the limit that the next attempt aims at.
SIDE, AIM, MAX_ATTEMPTS = 400, 0.88, 4
PALETTE = {"stats_mode": "full", "max_colors": "64"}
# Without dithering, still parts of the picture stay still, and cost nothing.
USE = {"dither": "none", "diff_mode": "rectangle"}
# As a share of the shorter side, and how much larger the badge is drawn before it is reduced, for smooth edges.
BADGE, OVERSAMPLING = 0.22, 4


def moving_picture(path: Path, limit: int) -> bytes:
    """Return an animated GIF of at most ``limit`` bytes that repeats.

    Raises InvalidVideo if the clip cannot be decoded, or does not become small enough.
    """
    try:
        frames, side = list(_frames(path)), float(SIDE)
        if not frames:
            raise InvalidVideo("the clip has no frames")
        for _ in range(MAX_ATTEMPTS):
            data = _encoded(frames, round(side))
            if len(data) <= limit:
                return data
            side *= math.sqrt(AIM * limit / len(data))
    except (av.error.FFmpegError, OSError) as error:
        raise InvalidVideo(f"not decodable: {type(error).__name__}") from error
    raise InvalidVideo(f"{len(data)} of {limit} bytes in the smallest size")


def _frames(path: Path) -> Iterator[Image.Image]:
    """Yield the frames to show, in the largest size."""
    with open_container(path) as container:
        stream = video_stream_of(container)
        stream.thread_type = "AUTO"
        length = duration_of(container, stream)
        start = START * length
        due = [start + number / FPS for number in range(FRAMES)]
        container.seek(round(start * av.time_base))
        for frame in container.decode(stream):
            if frame.time is None or frame.time < due[0] - 1e-6:
                continue
            picture = frame.to_image()
            picture.thumbnail((SIDE, SIDE), Image.Resampling.BICUBIC)
            yield picture
            due = [moment for moment in due if moment > frame.time + 1e-6]
            if not due:
                return


def _encoded(frames: list[Image.Image], side: int) -> bytes:
    small = [frame.copy() for frame in frames]
    for frame in small:
        frame.thumbnail((side, side), Image.Resampling.BICUBIC)
    width, height = small[0].size
    badge = _badge(round(BADGE * min(width, height)))
    # In a corner, where it hides neither the pet's face nor its feet.
    margin = badge.width // 4
    file = BytesIO()
    with av.open(file, "w", format="gif", options={"loop": "0"}) as target:
        picture = target.add_stream("gif", rate=FPS)
        picture.width, picture.height, picture.pix_fmt = width, height, "pal8"
        graph = _graph(width, height)
        for number, frame in enumerate(small):
            frame.paste(badge, (width - badge.width - margin, height - badge.height - margin), badge)
            pushed = VideoFrame.from_image(frame)
            pushed.pts, pushed.time_base = number, 1 / Fraction(FPS)
            graph.push(pushed)
        graph.push(None)
        while (drawn := pulled(graph)) is not None:
            target.mux(picture.encode(drawn))
        target.mux(picture.encode(None))
    return file.getvalue()


def _graph(width: int, height: int) -> Graph:
    """Return the filters that give all frames the same colours: the best ones for the whole picture."""
    graph = Graph()
    source = graph.add_buffer(width=width, height=height, format="rgb24", time_base=1 / Fraction(FPS))
    add_palette(graph, source, PALETTE, USE)
    return graph


def _badge(size: int) -> Image.Image:
    """Return a white triangle on a dark disc."""
    large = size * OVERSAMPLING
    badge = Image.new("RGBA", (large, large))
    draw = ImageDraw.Draw(badge)
    draw.ellipse((0, 0, large - 1, large - 1), fill=(33, 16, 42, 205))
    draw.polygon(
        [(large * 0.39, large * 0.28), (large * 0.39, large * 0.72), (large * 0.75, large * 0.5)], fill="white"
    )
    return badge.resize((size, size), Image.Resampling.LANCZOS)
