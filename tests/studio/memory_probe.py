"""Print how many bytes fifty clips with sound leave behind, after one clip of each dance in each style.

Run in a fresh process.
"""

import os
import random
import sys
import tempfile
from pathlib import Path

from tests.studio.conftest import LOOKS, TINY, drawn_dog, encoded
from videos.dances import DANCES
from videos.studio.render import render
from videos.styles import Style
from videos.subject import Subject


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    pixels, mask = drawn_dog(320, 320)
    photo, cut = encoded(pixels), encoded(mask, "PNG")
    seeds = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "clip.mp4"
        before, styles = 0, list(Style)
        first = len(DANCES) * len(styles)
        for number in range(first + 50):
            if number == first:
                before = resident()
            render(
                Subject(photo, cut, **LOOKS[styles[number % len(styles)]]),
                dance=DANCES[number // len(styles) % len(DANCES)],
                shape=TINY,
                seconds=2,
                seed=seeds.randrange(2**32),
                into=into,
                report=lambda progress: None,
            )
    sys.stdout.write(str(resident() - before))


if __name__ == "__main__":
    main()
