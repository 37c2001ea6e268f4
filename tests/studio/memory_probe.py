"""Print how many bytes fifty clips with sound leave behind, after one clip of each dance. Run in a fresh process."""

import os
import random
import sys
import tempfile
from pathlib import Path

from tests.studio.conftest import TINY, drawn_dog, encoded
from videos.dances import DANCES
from videos.studio.render import render


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    pixels, mask = drawn_dog(320, 320)
    photo, cut = encoded(pixels), encoded(mask, "PNG")
    seeds = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "clip.mp4"
        before = 0
        for number in range(len(DANCES) + 50):
            if number == len(DANCES):
                before = resident()
            render(
                photo,
                cut,
                dance=DANCES[number % len(DANCES)],
                shape=TINY,
                seconds=2,
                seed=seeds.randrange(2**32),
                cutout=True,
                into=into,
                report=lambda progress: None,
            )
    sys.stdout.write(str(resident() - before))


if __name__ == "__main__":
    main()
