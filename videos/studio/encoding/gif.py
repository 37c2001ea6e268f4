"""Animated GIFs of a finished clip, under a limit of bytes, through the filters of FFmpeg in PyAV."""

import math
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import av
import av.error
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import VideoFrame

from videos.studio.encoding.mp4 import InvalidVideo, duration_of, open_container, video_stream_of

# A frame of a GIF lasts a whole number of hundredths of a second: 8 and 10 of them.
FPS, FPS_OF_LONG_CLIPS = 12.5, 10
LONG = 6  # seconds
# The first width times height that is tried for a short clip, and the share of the limit that the next one aims at.
FIRST_AREA = 320 * 568
AIM = 0.9
MAX_ATTEMPTS = 4
PALETTE = {"stats_mode": "diff", "max_colors": "128"}
DITHER = {"dither": "bayer", "bayer_scale": "4", "diff_mode": "rectangle"}


class TooLarge(Exception):
    """The clip exceeds its limit even in a small size."""


# Of a filter, as FFmpeg names them.
type Options = dict[str, str]


def gif(path: Path, *, limit: int, report: Callable[[], None] = lambda: None) -> bytes:
    """Return the clip at ``path`` as an animated GIF of at most ``limit`` bytes that repeats.

    ``report`` is called for each frame that is read, and may raise. Raises InvalidVideo and TooLarge.
    """
    area = 0.0
    for _ in range(MAX_ATTEMPTS):
        try:
            data, area = _encode(path, area, report)
        except (av.error.FFmpegError, OSError) as error:
            raise InvalidVideo(f"not decodable: {type(error).__name__}") from error
        if len(data) <= limit:
            return data
        area *= AIM * limit / len(data)
    raise TooLarge(f"{len(data)} of {limit} bytes at the smallest size")


def _encode(path: Path, area: float, report: Callable[[], None]) -> tuple[bytes, float]:
    """Return the GIF with pictures of ``area``, or of the usual one if it is 0, and this area."""
    file = BytesIO()
    with open_container(path) as source, av.open(file, "w", format="gif", options={"loop": "0"}) as target:
        stream = video_stream_of(source)
        stream.thread_type = "AUTO"
        seconds = duration_of(source, stream)
        fps = FPS if seconds <= LONG else FPS_OF_LONG_CLIPS
        area = area or FIRST_AREA * min(1.0, LONG / seconds)
        scale = min(1.0, math.sqrt(area / (stream.width * stream.height)))
        width, height = round(stream.width * scale), round(stream.height * scale)
        picture = target.add_stream("gif", rate=round(fps * 2))
        picture.width, picture.height, picture.pix_fmt = width, height, "pal8"
        graph = _graph(stream, fps, width, height)
        for frame in source.decode(stream):
            report()
            graph.push(frame)
        graph.push(None)
        while (drawn := pulled(graph)) is not None:
            report()
            target.mux(picture.encode(drawn))
        target.mux(picture.encode(None))
    return file.getvalue(), area


def _graph(stream: av.VideoStream, fps: float, width: int, height: int) -> Graph:
    """Return the filters that choose frames, shrink them, and give them the best colours for the whole clip."""
    graph = Graph()
    source = graph.add_buffer(template=stream, time_base=stream.time_base)
    rate, scale = graph.add("fps", f"{fps}"), graph.add("scale", f"{width}:{height}:flags=area")
    source.link_to(rate)
    rate.link_to(scale)
    add_palette(graph, scale, PALETTE, DITHER)
    return graph


def add_palette(graph: Graph, source: FilterContext, palette_options: Options, use_options: Options) -> None:
    """End ``graph`` with the filters that give all frames from ``source`` the same colours, the best for all."""
    split, sink = graph.add("split"), graph.add("buffersink")
    palette, use = graph.add("palettegen", **palette_options), graph.add("paletteuse", **use_options)
    source.link_to(split)
    split.link_to(palette, 0, 0)
    split.link_to(use, 1, 0)
    palette.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()


def pulled(graph: Graph) -> VideoFrame | None:
    """Return the next frame of ``graph``, or None if there is none yet or none any more."""
    try:
        return graph.vpull()
    except (av.error.EOFError, av.error.BlockingIOError):
        return None
