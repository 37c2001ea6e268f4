"""The poster and the still of a clip: the best of a few frames."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import av
import av.error
import cv2
import numpy as np
from av.container import InputContainer

from videos.studio.encoding.mp4 import InvalidVideo, duration_of, open_container, video_stream_of


def poster(path: Path, moments: Sequence[float] = ()) -> bytes:
    """Return the best frame as a JPEG. Raises InvalidVideo if no frame can be decoded."""
    return _encoded(best_frame(path, moments), ".jpg", [cv2.IMWRITE_JPEG_QUALITY, 86])


def still(path: Path, moments: Sequence[float] = ()) -> bytes:
    """Return the frame of the poster as a PNG. Raises InvalidVideo if no frame can be decoded."""
    return _encoded(best_frame(path, moments), ".png", [cv2.IMWRITE_PNG_COMPRESSION, 7])


def _encoded(frame: np.ndarray, kind: str, options: list[int]) -> bytes:
    ok, picture = cv2.imencode(kind, frame, options)
    if not ok:
        raise InvalidVideo("the frame could not be encoded")
    return picture.tobytes()


def best_frame(path: Path, moments: Sequence[float] = ()) -> np.ndarray:
    """Return the best of a few frames (BGR): sharp, colourful and in mid-pose.

    The frames are at ``moments`` (0 to 1, shares of the clip) if given, otherwise around the middle. Raises
    InvalidVideo if no frame can be decoded.
    """
    try:
        with open_container(path) as container:
            frames = list(candidates(container, moments))
    except (av.error.FFmpegError, OSError) as error:
        raise InvalidVideo(f"not decodable: {type(error).__name__}") from error
    if not frames:
        raise InvalidVideo("the clip has no frames")
    small = [cv2.resize(frame, (160, 160), interpolation=cv2.INTER_AREA) for frame in frames]
    mean = np.mean(small, axis=0)
    sharp = [float(cv2.Laplacian(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), cv2.CV_32F).std()) for frame in frames]
    pose = [float(np.abs(frame - mean).mean()) for frame in small]
    colour = [float(cv2.cvtColor(frame, cv2.COLOR_BGR2HSV)[..., 1].mean()) for frame in small]
    score = _standardise(sharp) + _standardise(pose) + 0.5 * _standardise(colour)
    return frames[int(np.argmax(score))]


def candidates(container: InputContainer, moments: Sequence[float]) -> Iterator[np.ndarray]:
    """Yield the frames (BGR) at the eight ``moments`` closest together, or around the clip's middle.

    The decoder runs from the key frame before them to the last one, which is a few dozen frames in most clips.
    """
    stream = video_stream_of(container)
    length = duration_of(container, stream)
    spread = [0.42 + min(1.5 / length, 0.3) * step / 7 for step in range(8)]
    wanted = [length * at for at in _nearest(sorted(moments)) or spread]
    stream.thread_type = "AUTO"
    container.seek(round(wanted[0] * av.time_base))
    reached, last = 0, None
    for frame in container.decode(stream):
        last = frame
        if frame.time is not None and frame.time >= wanted[reached] - 1e-6:
            yield frame.to_ndarray(format="bgr24")
            # In a clip with a low frame rate, one frame may be the next one for several moments.
            reached = sum(moment <= frame.time + 1e-6 for moment in wanted)
            if reached == len(wanted):
                return
    if not reached and last is not None:
        yield last.to_ndarray(format="bgr24")


def _nearest(moments: list[float]) -> list[float]:
    """Return the eight consecutive moments that span the least of the clip, or all if there are fewer."""
    rows = [moments[first : first + 8] for first in range(max(1, len(moments) - 7))]
    return min(rows, key=lambda row: row[-1] - row[0] if row else 0.0)


def _standardise(values: list[float]) -> np.ndarray:
    array = np.asarray(values, np.float64)
    return (array - array.mean()) / (array.std() + 1e-9)
