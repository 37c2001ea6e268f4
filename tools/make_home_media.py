"""Make the clips and stills of the home page from photos that may be shown.

    .venv/bin/python tools/make_home_media.py PHOTOS

PHOTOS is a folder with the four photos that static/home/README.md names. Everything is rendered with
``manage.py render_clip`` and then made small: loops without sound for the top of the page, one clip with music, a still
of each dance, and a strip of tiny stills that shows until those are loaded.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import av
import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
INTO = ROOT / "static" / "home"
SEED = "4"
# Photos, and the ovals of heads that the studio would cut too tightly.
PETS = {
    "cat": ("chelsea.png", ("0.54", "0.385", "0.33", "0.375")),
    "golden": ("golden-retriever.jpg", ()),
    "collie": ("white-cute-dog.jpg", ()),
    "vizsla": ("brown-dog.jpg", ()),
}
LOOPS = {"cat": "moonwalk", "collie": "disco", "golden": "macarena"}
LOOP_SIDE = 400
# Frames at 30 a second: two to three seconds.
LOOP_FRAMES = range(60, 91)
WITH_SOUND = ("vizsla", "hip_hop")
STILL_SIDE = 288
TINY_SIDE = 40
# The column of a contact sheet that shows a dance best. Pets take turns.
BEST_STILL = {"breakdance": 6, "robot": 1, "ballet": 4, "tap": 2, "waltz": 0, "moonwalk": 1, "floss": 7}


def render(pet: str, *options: str, out: Path) -> Path:
    """Run ``render_clip`` for the pet, square and with a fixed seed, unless the options say otherwise."""
    photo, head = PETS[pet]
    command = [sys.executable, "manage.py", "render_clip", str(Path(sys.argv[1]).resolve() / photo), "--seed", SEED]
    command += ["--head", *head] if head else []
    subprocess.run([*command, *options, "--out", str(out)], cwd=ROOT, check=True, env={"DEBUG": "1"})
    return out


def frames_of(clip: Path) -> list[Image.Image]:
    with av.open(str(clip)) as source:
        return [frame.to_image() for frame in source.decode(video=0)]


def seam(frames: list[Image.Image]) -> tuple[int, int]:
    """Return the start and the end of the loop whose ends look most alike."""
    small = [np.asarray(frame.resize((96, 96)).convert("L"), np.float32) for frame in frames]
    pairs = [(a, a + long) for long in LOOP_FRAMES for a in range(len(small) - long)]
    return min(pairs, key=lambda pair: float(np.abs(small[pair[0]] - small[pair[1]]).mean()))


def write_loop(frames: list[Image.Image], into: Path) -> None:
    """Write the frames as a small H.264 clip without sound, and its first frame as a poster."""
    frames = [frame.resize((LOOP_SIDE, LOOP_SIDE), Image.Resampling.LANCZOS) for frame in frames]
    with av.open(str(into), "w", options={"movflags": "+faststart"}) as target:
        stream = target.add_stream("libx264", rate=30, options={"crf": "29", "preset": "veryslow", "tune": "animation"})
        stream.width, stream.height, stream.pix_fmt = LOOP_SIDE, LOOP_SIDE, "yuv420p"
        for frame in frames:
            target.mux(stream.encode(av.VideoFrame.from_image(frame)))
        target.mux(stream.encode())
    frames[0].save(into.with_suffix(".webp"), quality=52, method=6)


def write_with_sound(clip: Path, into: Path) -> None:
    """Write the clip at half its size with its music, and a poster."""
    with av.open(str(clip)) as source, av.open(str(into), "w", options={"movflags": "+faststart"}) as target:
        video, audio = source.streams.video[0], source.streams.audio[0]
        smaller = target.add_stream("libx264", rate=30, options={"crf": "29", "preset": "veryslow"})
        smaller.width, smaller.height, smaller.pix_fmt = video.width // 2, video.height // 2, "yuv420p"
        music = target.add_stream_from_template(audio)
        for packet in source.demux(video, audio):
            if packet.dts is None:
                continue
            if packet.stream is audio:
                packet.stream = music
                target.mux(packet)
            for frame in packet.decode() if packet.stream is video else ():
                target.mux(smaller.encode(frame.reformat(smaller.width, smaller.height)))
        target.mux(smaller.encode())
    poster = frames_of(into)[15]
    poster.resize((poster.width * 2 // 3, poster.height * 2 // 3)).save(into.with_suffix(".webp"), quality=50, method=6)


def write_stills(folder: Path) -> None:
    """Write a still of each dance, and all of them tiny in one strip."""
    slugs = [line.strip() for line in (folder / "slugs").read_text().split()]
    sheets = {pet: Image.open(render(pet, "--all", "--format", "square", out=folder / f"{pet}.png")) for pet in PETS}
    strip = Image.new("RGB", (TINY_SIDE * len(slugs), TINY_SIDE))
    for row, slug in enumerate(slugs):
        sheet = sheets[list(PETS)[row % len(PETS)]]
        width, height = sheet.width // 8, sheet.height / len(slugs)
        left, top = width * BEST_STILL.get(slug, 0), round(height * row)
        still = sheet.crop((left, top, left + width - 6, top + width - 6)).convert("RGB")
        still.resize((STILL_SIDE, STILL_SIDE), Image.Resampling.LANCZOS).save(
            INTO / "dances" / f"{slug}.webp", quality=55, method=6
        )
        strip.paste(still.resize((TINY_SIDE, TINY_SIDE), Image.Resampling.LANCZOS), (TINY_SIDE * row, 0))
    strip.save(INTO / "dances.webp", quality=40, method=6)


def main() -> None:
    (INTO / "dances").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        listing = "import django; django.setup(); from videos.dances import DANCES; print(*(d.slug for d in DANCES))"
        environment = {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "petgroove.settings"}
        slugs = subprocess.run(
            [sys.executable, "-c", listing], cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True
        )
        (folder / "slugs").write_bytes(slugs.stdout)
        for pet, dance in LOOPS.items():
            clip = frames_of(render(pet, "--dance", dance, "--format", "square", out=folder / f"{pet}.mp4"))
            start, end = seam(clip)
            write_loop(clip[start:end], INTO / f"{pet}.mp4")
        pet, dance = WITH_SOUND
        write_with_sound(
            render(pet, "--dance", dance, "--format", "tall", out=folder / "sound.mp4"), INTO / f"{pet}.mp4"
        )
        with Image.open(Path(sys.argv[1]) / PETS[pet][0]) as photo:
            # The dog, without the empty studio beside it.
            box = (round(photo.width * 0.27), 0, round(photo.width * 0.27) + round(photo.height * 0.8), photo.height)
            photo.crop(box).resize((256, 320), Image.Resampling.LANCZOS).save(INTO / "photo.webp", quality=60, method=6)
        write_stills(folder)
    for file in sorted(INTO.rglob("*.*")):
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.1f} kB")  # noqa: T201


if __name__ == "__main__":
    main()
