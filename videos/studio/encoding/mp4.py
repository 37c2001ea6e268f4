"""Writing MP4 files, probing them and adding a soundtrack, in process. H.264 and AAC through PyAV."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import av.error
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

from videos.studio.raster.picture import Picture

SAMPLE_RATE = 44_100
AUDIO_BLOCK = 1024
AUDIO_BITRATE = 192_000
# Noise substitution, noise shaping and intensity stereo in libavcodec's encoder raised drum peaks by up to 4 dB.
AAC_OPTIONS = {"aac_coder": "fast", "aac_pns": "0", "aac_tns": "0", "aac_is": "0"}
# x264's superfast with fixed pairs of B-frames and a softer deblocking filter: smaller than with adaptive B-frames at
# the same SSIM, and in less time.
CODING = {"preset": "superfast", "bf": "2", "b_strategy": "0", "deblock": "1:1"}
# ITU-T H.273: 1 is BT.709 for primaries, transfer and matrix; range 1 is "limited".
BT709 = 1
LIMITED = 1


class InvalidVideo(Exception):
    """The file is not a complete, decodable MP4. The message says why, for logs."""


@dataclass(frozen=True, slots=True)
class Probe:
    """The properties of a complete MP4. ``size`` is in bytes; ``audio_codec`` is None for a silent clip."""

    seconds: float
    width: int
    height: int
    fps: float
    video_codec: str
    audio_codec: str | None
    size: int


def probe(path: Path) -> Probe:
    """Return the properties of the MP4 at ``path``, after checking its boxes, its packets and its first frame.

    Raises InvalidVideo for a file that is missing, cut off, of another type, without a picture or not decodable.
    """
    size = walk_boxes(path)
    try:
        with open_container(path) as container:
            stream = video_stream_of(container)
            sound = container.streams.audio[0] if container.streams.audio else None
            _count_packets(container)
            container.seek(0)
            first = next(container.decode(stream), None)
            if first is None:
                raise InvalidVideo("the first frame does not decode")
            return Probe(
                seconds=duration_of(container, stream),
                width=first.width,
                height=first.height,
                fps=float(stream.average_rate or 0),
                video_codec=stream.codec_context.name,
                audio_codec=sound.codec_context.name if sound else None,
                size=size,
            )
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise InvalidVideo(f"not decodable: {type(error).__name__}") from error


def add_soundtrack(silent: Path, sound: np.ndarray, into: Path) -> None:
    """Copy the picture of ``silent`` without re-encoding and add ``sound`` (float32, (n, 2), 44.1 kHz) as AAC.

    The sound is cut, or padded with silence, to the picture's length. Raises InvalidVideo if ``silent`` is not a video;
    no file is left at ``into`` then.
    """
    probe(silent)
    try:
        with open_container(silent) as source, av.open(str(into), "w", format="mp4", options=_FASTSTART) as target:
            picture = video_stream_of(source)
            copy = target.add_stream_from_template(picture)
            audio = _audio_stream(target)
            sound = _fit_length(sound, round(duration_of(source, picture) * SAMPLE_RATE))
            for packet in source.demux(picture):
                if packet.dts is not None:
                    packet.stream = copy
                    target.mux(packet)
            for block in _audio_frames(sound):
                target.mux(audio.encode(block))
            target.mux(audio.encode(None))
    except BaseException as error:
        into.unlink(missing_ok=True)
        if isinstance(error, av.error.FFmpegError):
            raise InvalidVideo(f"the picture cannot be copied: {type(error).__name__}") from error
        raise


class Writer:
    """Writes one MP4: draw into ``picture``, call ``push``, repeat. A context manager.

    The video is H.264 High, yuv420p, tagged BT.709. With ``sound`` (float32, (n, 2), 44.1 kHz, exactly as long as the
    frames) it also has AAC-LC audio. ``moov`` comes first. An exception in the block removes the file.
    """

    def __init__(
        self, into: Path, width: int, height: int, fps: int, sound: np.ndarray | None = None, crf: float = 23.3
    ) -> None:
        self.into = into
        self._container: OutputContainer = av.open(str(into), "w", format="mp4", options=_FASTSTART)
        self._video = _video_stream(self._container, width, height, fps, crf)
        self._blocks = _audio_frames(sound) if sound is not None else iter(())
        self._audio = _audio_stream(self._container) if sound is not None else None
        self._frame = av.VideoFrame(width, height, "yuv420p")
        self._frame.time_base = Fraction(1, fps)
        self._fps = fps
        self._count = 0
        self._audio_samples = 0
        self.picture = _planes(self._frame)

    def push(self) -> None:
        """Encode ``picture`` as the next frame, and the sound up to the frame's end."""
        self._frame.pts = self._count
        self._frame.duration = 1
        self._frame.pict_type = 0
        self._container.mux(self._video.encode(self._frame))
        self._count += 1
        while self._audio_samples * self._fps < self._count * SAMPLE_RATE and self._write_audio():
            pass

    def _write_audio(self) -> bool:
        block = next(self._blocks, None)
        if block is None or self._audio is None:
            return False
        self._audio_samples += block.samples
        self._container.mux(self._audio.encode(block))
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                while self._write_audio():
                    pass
                self._container.mux(self._video.encode(None))
                if self._audio is not None:
                    self._container.mux(self._audio.encode(None))
        except BaseException:
            kind = BaseException
            raise
        finally:
            self._container.close()
            if kind is not None:
                self.into.unlink(missing_ok=True)


_FASTSTART = {"movflags": "+faststart"}


def _video_stream(container: OutputContainer, width: int, height: int, fps: int, crf: float) -> VideoStream:
    stream = container.add_stream("libx264", rate=fps)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    context = stream.codec_context
    context.time_base = Fraction(1, fps)
    context.color_primaries = context.color_trc = context.colorspace = BT709
    context.color_range = LIMITED
    context.thread_count = 2
    stream.options = {**CODING, "crf": str(crf), "profile": "high", "g": str(fps * 2)}
    return stream


def _audio_stream(container: OutputContainer) -> AudioStream:
    stream = container.add_stream("aac", rate=SAMPLE_RATE)
    stream.codec_context.layout = "stereo"
    stream.codec_context.format = "fltp"
    stream.codec_context.bit_rate = AUDIO_BITRATE
    stream.options = dict(AAC_OPTIONS)
    return stream


def _audio_frames(sound: np.ndarray) -> Iterator[av.AudioFrame]:
    for start in range(0, len(sound), AUDIO_BLOCK):
        block = np.ascontiguousarray(sound[start : start + AUDIO_BLOCK].T, dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
        frame.sample_rate = SAMPLE_RATE
        frame.pts = start
        frame.time_base = Fraction(1, SAMPLE_RATE)
        yield frame


def _fit_length(sound: np.ndarray, samples: int) -> np.ndarray:
    if len(sound) >= samples:
        return sound[:samples]
    return np.concatenate([sound, np.zeros((samples - len(sound), 2), np.float32)])


def _planes(frame: av.VideoFrame) -> Picture:
    """Return the frame's own memory as three writable arrays."""
    planes = [
        np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        for plane in frame.planes
    ]
    return Picture(*planes)


def open_container(path: Path) -> InputContainer:
    """Open the MP4 at ``path`` for reading. Raises FFmpegError or OSError."""
    # Naming the format prevents a disguised playlist or script from making the demuxer open other files.
    return av.open(str(path), "r", format="mp4")


def video_stream_of(container: InputContainer) -> VideoStream:
    """Return the video stream. Raises InvalidVideo if there is none."""
    if not container.streams.video:
        raise InvalidVideo("no video stream")
    return container.streams.video[0]


def duration_of(container: InputContainer, stream: VideoStream) -> float:
    """Return the duration of ``stream`` in seconds, or that of the file if the stream does not have one."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / av.time_base


def _count_packets(container: InputContainer) -> None:
    """Raise InvalidVideo if a stream holds fewer packets than its index promises."""
    count = dict.fromkeys((stream.index for stream in container.streams), 0)
    for packet in container.demux():
        if packet.size and packet.dts is not None:
            count[packet.stream.index] += 1
    for stream in container.streams:
        if count[stream.index] < stream.frames:
            raise InvalidVideo(f"only {count[stream.index]} of {stream.frames} packets in stream {stream.index}")


def walk_boxes(path: Path) -> int:
    """Return the size of the file. Raises InvalidVideo unless top-level boxes (ISO/IEC 14496-12) fill it exactly."""
    try:
        size = path.stat().st_size
        seen = set()
        with path.open("rb") as file:
            at = 0
            while at < size:
                file.seek(at)
                head = file.read(16)
                length, name = int.from_bytes(head[:4]), head[4:8]
                if length == 1:
                    length = int.from_bytes(head[8:16])
                elif length == 0:
                    length = size - at
                if length < 8 or at + length > size:
                    raise InvalidVideo("a box extends beyond the end of the file")
                seen.add(name)
                at += length
    except OSError as error:
        raise InvalidVideo(f"unreadable: {type(error).__name__}") from error
    missing = {b"ftyp", b"moov", b"mdat"} - seen
    if missing:
        raise InvalidVideo("not an MP4: missing " + ", ".join(sorted(name.decode() for name in missing)))
    return size
