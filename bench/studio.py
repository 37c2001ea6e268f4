"""Benchmark the studio: ``python -m bench.studio [--whole-pet] [dance ...]`` prints a table, in CPU seconds.

Each row is one dance of five seconds at 1280x720, with the dancer of a drawn dog that the model cuts out in one pass.
The last rows show the head of a cat, whose photo takes two passes, and two dances of the whole dog. With ``--whole-
pet``, all rows show whole pets. ``cold`` is a new process that imports, cuts out and renders; ``cached`` a render with
an existing mask; ``encode`` the encoder alone, with the same frames and the same sound. ``ratio`` is cached over
encode, the only figure that is comparable between machines. ``peak`` is the peak memory of the cold process, ``peak-``
that of a process which never runs the model. The targets follow the median. A ! marks each figure that misses its
target, and the exit code is then 1. The last line measures ffmpeg's ``zoompan`` for comparison.
"""

import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data

from tests.studio.conftest import drawn_dog
from videos.dances import BY_SLUG, DANCES, Dance
from videos.formats import BY_SLUG as FORMATS
from videos.photos.head import Head
from videos.studio.audio.music import soundtrack
from videos.studio.contact_sheet import blank
from videos.studio.encoding.mp4 import Writer
from videos.studio.raster.picture import Picture
from videos.studio.render import FPS, Scene, preview, render
from videos.styles import Style
from videos.subject import Subject

WIDE = FORMATS["wide"]
SECONDS = 5
# The head of the drawn dog, and of the cat.
HEADS = {"dog": Head(0.5, 0.34, 0.11, 0.115), "cat": Head(0.37, 0.42, 0.3, 0.33)}
COLUMNS = ("cold", "cached", "encode", "ratio", "peak MB", "peak- MB", "clip MB", "preview", "preview kB")
BARS = (6.0, 4.0, None, 1.7, 460.0, 220.0, 3.5, 0.3, 130.0)


def main(slugs: list[str]) -> int:
    if slugs[:1] == ["--once"]:
        once(Path(slugs[1]), slugs[2], Style(slugs[3]), with_model=slugs[4] == "model")
        return 0
    style = Style.WHOLE_PET if "--whole-pet" in slugs else Style.DANCER
    dances = [BY_SLUG[slug] for slug in slugs if slug != "--whole-pet"] or list(DANCES)
    whole = [] if style is Style.WHOLE_PET else dict.fromkeys([dances[0], dances[-1]])
    with tempfile.TemporaryDirectory() as name:
        print(f"{'dance':14}" + "".join(f"{column:>11}" for column in COLUMNS))
        dog = make_folder(Path(name) / "dog", *drawn_dog(1280, 720))
        rows = []
        for dance in dances:
            rows.append(measure(dance, dog, style))
            print(line(dance.slug, rows[-1]), flush=True)
        cat = make_folder(Path(name) / "cat", data.cat(), None)
        rows.append(measure(dances[0], cat, style))
        print(line(f"{dances[0].slug[:8]}, cat", rows[-1]), flush=True)
        for dance in whole:
            rows.append(measure(dance, dog, Style.WHOLE_PET))
            print(line(f"{dance.slug[:8]}, pet", rows[-1]), flush=True)
        print(line("median", [statistics.median(column) for column in zip(*rows, strict=True)]))
        print("target".ljust(14) + "".join(f"{'' if limit is None else f'<= {limit:g}':>11}" for limit in BARS))
        zoomed = zoompan(dog)
        print(f"ffmpeg zoompan with the same photo: {'not installed' if zoomed is None else f'{zoomed:.2f}'}")
    return 1 if missed(rows) else 0


def missed(rows: list[list[float]]) -> bool:
    """Return True if any figure misses its target. The target of the ratio applies to the median only."""
    others = any(beyond(column, value) for row in rows for column, value in zip(COLUMNS, row, strict=True))
    return others or statistics.median(row[COLUMNS.index("ratio")] for row in rows) > BARS[COLUMNS.index("ratio")]


def beyond(column: str, value: float) -> bool:
    limit = BARS[COLUMNS.index(column)]
    return limit is not None and column != "ratio" and value > limit


def make_folder(folder: Path, pixels: np.ndarray, mask: np.ndarray | None) -> Path:
    """Create a folder with the photo and its mask. Without ``mask``, the model makes one."""
    folder.mkdir()
    photo = encode_image(pixels, "JPEG")
    (folder / "photo.jpg").write_bytes(photo)
    if mask is None:
        from videos.studio.segmentation.cutout import cut_out

        (folder / "mask.png").write_bytes(cut_out(photo).mask or b"")
    else:
        (folder / "mask.png").write_bytes(encode_image(mask, "PNG"))
    return folder


def measure(dance: Dance, folder: Path, style: Style) -> list[float]:
    """Return one row of the table."""
    into = folder / "clip.mp4"
    subject = subject_of(folder, style, (folder / "mask.png").read_bytes())
    cold, peak = child(folder, dance.slug, style, "model")
    _, peak_without = child(folder, dance.slug, style, "mask")

    def render_clip() -> None:
        render(
            subject,
            dance=dance,
            shape=WIDE,
            seconds=SECONDS,
            seed=1,
            into=into,
            report=lambda progress: None,
        )

    cached = best(render_clip)
    size = into.stat().st_size / 1e6
    scene = Scene(subject, dance=dance, width=WIDE.width, height=WIDE.height, seed=1)
    frames = []
    for frame_time in scene.frame_times(SECONDS * FPS, dance.beats(SECONDS)):
        frames.append(blank(WIDE.width, WIDE.height))
        scene.draw(frames[-1], frame_time)
    sound = soundtrack(dance, SECONDS, 1)
    encoding = best(lambda: encode_only(frames, sound, into))
    small = folder / "preview.mp4"
    preview_time = best(lambda: preview(subject, dance=dance, shape=WIDE, seed=1, into=small))
    kilobytes = small.stat().st_size / 1e3
    return [cold, cached, encoding, cached / encoding, peak, peak_without, size, preview_time, kilobytes]


def subject_of(folder: Path, style: Style, mask: bytes) -> Subject:
    """Return the pet of the folder's photo as it dances."""
    photo = (folder / "photo.jpg").read_bytes()
    return Subject(photo, mask, (photo, mask), HEADS[folder.name], style=style, original=(photo, mask))


def encode_only(frames: list[Picture], sound: np.ndarray, into: Path) -> None:
    with Writer(into, WIDE.width, WIDE.height, FPS, sound) as writer:
        for frame in frames:
            for plane, drawn in zip(writer.picture, frame, strict=True):
                plane[:] = drawn
            writer.push()


def best(work: Callable[[], None], times: int = 3) -> float:
    """Return the fewest CPU seconds of a few runs, which excludes interference from other processes."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def child(folder: Path, slug: str, style: Style, how: str) -> tuple[float, float]:
    """Render one clip in a new process; return its CPU seconds and peak memory in MiB."""
    command = [sys.executable, "-m", "bench.studio", "--once", str(folder), slug, style, how]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, megabytes = json.loads(done.stdout)
    return seconds, megabytes


def once(folder: Path, slug: str, style: Style, *, with_model: bool) -> None:
    """In the child process, render one clip; print the CPU seconds, including imports, and the peak memory in MiB."""
    mask = (folder / "mask.png").read_bytes()
    if with_model:
        from videos.studio.segmentation.cutout import cut_out

        mask = cut_out((folder / "photo.jpg").read_bytes()).mask or mask
    render(
        subject_of(folder, style, mask),
        dance=BY_SLUG[slug],
        shape=WIDE,
        seconds=SECONDS,
        seed=1,
        into=folder / "once.mp4",
        report=lambda progress: None,
    )
    # Not ru_maxrss, which a child inherits from its parent.
    peak = next(row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("VmHWM"))
    print(json.dumps([time.process_time(), int(peak.split()[1]) / 1024]))


def zoompan(folder: Path) -> float | None:
    """Return the CPU seconds of ffmpeg's slow zoom into the photo, the cheapest possible video of it."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        return None
    picture = "zoompan=z='min(zoom+0.0015,1.5)':d=150:s=1280x720:fps=30,format=yuv420p"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    coding = ["-c:v", "libx264", "-preset", "superfast", "-crf", "24", str(folder / "zoom.mp4")]
    command = [ffmpeg, "-v", "error", "-y", "-loop", "1", "-i", str(folder / "photo.jpg"), "-vf", picture, "-t", "5"]
    subprocess.run([*command, *coding], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def line(name: str, values: list[float]) -> str:
    cells = []
    for column, value in zip(COLUMNS, values, strict=True):
        limit = BARS[COLUMNS.index(column)]
        over = limit is not None and value > limit and (column != "ratio" or name == "median")
        cells.append((f"{value:.0f}" if value >= 50 else f"{value:.2f}") + ("!" if over else ""))
    return f"{name:14}" + "".join(f"{cell:>11}" for cell in cells)


def encode_image(pixels: np.ndarray, kind: str) -> bytes:
    file = BytesIO()
    Image.fromarray(pixels).save(file, kind, quality=92)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
