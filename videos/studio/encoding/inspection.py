"""Inspection of a clip that was made elsewhere: whether browsers play it, and whether it is whole to the last frame."""

import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av.error
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.sidedata.sidedata import Type as SideDataType
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from videos.studio.encoding.mp4 import InvalidVideo, open_container, video_stream_of, walk_boxes

# What every browser plays: H.264 with 8 bits and 4:2:0. The second one is the same with full-range colours.
VIDEO_CODEC, AUDIO_CODEC = "h264", "aac"
PIXEL_FORMATS = ("yuv420p", "yuvj420p")
# A frame may differ from the ordered size by this share of each side.
SIZE_TOLERANCE = 0.02
# A clip may differ from the ordered duration by this many seconds.
DURATION_TOLERANCE = 0.5
MAX_FRAME_RATE = 120
# The longest time in seconds that a picture may stand still. Beyond that, frames are missing.
MAX_PAUSE = 1.0
# A clip of ten seconds takes about two seconds.
MAX_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class ClipShape:
    """The ordered frame size in pixels, and the ordered duration in seconds."""

    width: int
    height: int
    seconds: float


def inspect(
    path: Path, ordered: ClipShape, report: Callable[[float], None] = lambda progress: None, limit: float = MAX_SECONDS
) -> bool:
    """Decode a clip as a whole, one frame at a time, and return whether its sound can be used.

    ``report`` is called after each frame, and may raise. ``limit`` is the longest time in seconds that this takes.
    Raises InvalidVideo unless the clip is complete and has the ordered size and duration, in a format that browsers
    play. What the header tells is checked before anything is decoded, so that a huge frame is refused for its size.
    """
    walk_boxes(path)
    try:
        with open_container(path) as container:
            stream = video_stream_of(container)
            _check_header(container, stream, ordered)
            sound = container.streams.audio[0] if container.streams.audio else None
            return _Decoding(container, stream, sound, ordered).run(report, time.monotonic() + limit)
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise InvalidVideo(f"not decodable: {type(error).__name__}") from error


def _check_header(container: InputContainer, stream: VideoStream, ordered: ClipShape) -> None:
    context = stream.codec_context
    if len(container.streams.video) > 1:
        raise InvalidVideo("more than one video stream")
    if context.name != VIDEO_CODEC:
        raise InvalidVideo(f"the codec is {context.name}, not {VIDEO_CODEC}")
    if context.pix_fmt not in PIXEL_FORMATS:
        raise InvalidVideo(f"the pixel format is {context.pix_fmt}, not {PIXEL_FORMATS[0]}")
    _check_size(context.width, context.height, float(stream.sample_aspect_ratio or 1), ordered)


def _check_size(width: int, height: int, pixel_shape: float, ordered: ClipShape) -> None:
    shown = width * pixel_shape
    is_off = abs(width - ordered.width) > SIZE_TOLERANCE * ordered.width
    is_off |= abs(shown - ordered.width) > SIZE_TOLERANCE * ordered.width
    is_off |= abs(height - ordered.height) > SIZE_TOLERANCE * ordered.height
    if is_off:
        raise InvalidVideo(f"the frame is {shown:.0f}x{height}, {ordered.width}x{ordered.height} were ordered")


class _Decoding:
    """The state of one inspection."""

    def __init__(
        self, container: InputContainer, stream: VideoStream, sound: AudioStream | None, ordered: ClipShape
    ) -> None:
        self.container, self.stream, self.sound, self.ordered = container, stream, sound, ordered
        self.packets = self.frames = 0
        self.end = self.sound_end = 0.0
        self.is_sound_good = sound is not None and sound.codec_context.name == AUDIO_CODEC
        # By default, the decoder hides damage: it repeats parts of earlier frames. With several threads, it does not
        # even notice most of it.
        stream.codec_context.options = {"err_detect": "explode"}
        stream.codec_context.thread_count = 1

    def run(self, report: Callable[[float], None], until: float) -> bool:
        for packet in self.container.demux(*filter(None, (self.stream, self.sound))):
            if time.monotonic() > until:
                raise InvalidVideo("it takes too long to decode")
            if packet.stream.index == self.stream.index:
                self._decode_picture(packet)
                report(min(1.0, self.end / self.ordered.seconds))
            elif self.is_sound_good:
                self._decode_sound(packet)
        if self.packets < self.stream.frames or self.frames < self.packets:
            expected = max(self.packets, self.stream.frames)
            raise InvalidVideo(f"only {self.frames} of {expected} frames decode")
        if abs(self.end - self.ordered.seconds) > DURATION_TOLERANCE:
            raise InvalidVideo(f"the pictures last {self.end:.2f} s, {self.ordered.seconds} s were ordered")
        return self.is_sound_good and abs(self.sound_end - self.end) <= DURATION_TOLERANCE

    def _decode_picture(self, packet: Packet) -> None:
        self.packets += bool(packet.size)
        if self.packets > MAX_FRAME_RATE * (self.ordered.seconds + DURATION_TOLERANCE):
            raise InvalidVideo("it has too many frames")
        for frame in packet.decode():
            if isinstance(frame, VideoFrame):
                self._check_frame(frame)
                self.frames += 1

    def _check_frame(self, frame: VideoFrame) -> None:
        if frame.is_corrupt:
            raise InvalidVideo(f"frame {self.frames} is damaged")
        if frame.rotation:
            raise InvalidVideo(f"it is rotated by {frame.rotation} degrees")
        if _is_mirrored(frame):
            raise InvalidVideo("it is mirrored")
        if frame.format.name not in PIXEL_FORMATS:
            raise InvalidVideo(f"the pixel format changes to {frame.format.name}")
        context = self.stream.codec_context
        if (frame.width, frame.height) != (context.width, context.height):
            raise InvalidVideo("the frame size changes")
        rate = float(self.stream.average_rate or 0) or MAX_FRAME_RATE
        if (frame.time or 0.0) - self.end > MAX_PAUSE:
            raise InvalidVideo(f"frames are missing after {self.end:.2f} s")
        self.end = max(self.end, (frame.time or 0.0) + 1 / rate)

    def _decode_sound(self, packet: Packet) -> None:
        # A clip with damaged sound gets our own, so it is no reason to refuse the picture.
        try:
            for frame in packet.decode():
                self.sound_end = max(self.sound_end, frame.time or 0.0)
        except (av.error.FFmpegError, ValueError):
            self.is_sound_good = False


def _is_mirrored(frame: VideoFrame) -> bool:
    """Whether the player is told to mirror the frame, which its rotation does not always show."""
    matrix = frame.side_data.get(SideDataType.DISPLAYMATRIX)
    if matrix is None:
        return False
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(matrix))
    return a * d - b * c < 0
