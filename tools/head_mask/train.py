"""Train the mask of the head: ``python -m tools.head_mask.train FOLDER CACHE``.

It computes the backbone's maps of all photos that are not held out, and keeps them in CACHE. It trains our own layers
on them and writes the weights. It rewrites the checksum in ``head_mask.py`` and in NOTICE, and the tables in
``FIGURES.md``.
"""

import hashlib
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import jax
import numpy as np

from tools.head_mask import graph
from tools.head_mask.features import cached, plan
from tools.head_mask.network import trained
from tools.head_mask.photos import load
from videos.studio.segmentation import head_mask

FIGURES = Path(__file__).parent / "FIGURES.md"
SEED = 1
EPOCHS = 10


def say(line: str) -> None:
    sys.stdout.write(f"{datetime.now(UTC):%H:%M:%S} {line}\n")
    sys.stdout.flush()


def main() -> int:
    start = time.monotonic()
    photos = [photo for photo in load(Path(sys.argv[1])) if not photo.held_out]
    jobs = plan(photos, SEED)
    features = cached(Path(sys.argv[2]), graph.backbone(), photos, jobs, say)
    say(f"training on {len(jobs)} crops of {len(photos)} photos")
    model = graph.masker(jax.tree.map(np.asarray, trained(features, np.arange(len(jobs)), SEED, EPOCHS, say)))
    head_mask.MODEL.write_bytes(model)
    record(hashlib.sha256(model).hexdigest())
    command = [sys.executable, "-m", "tools.head_mask.measure", sys.argv[1]]
    held_out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    minutes = (time.monotonic() - start) / 60
    FIGURES.write_text(figures(held_out, len(photos), minutes, len(model)))
    say(f"done in {minutes:.0f} minutes; the weights take {len(model):,} bytes")
    return 0


def record(checksum: str) -> None:
    """Write the checksum into the module that uses it, and into NOTICE."""
    module = Path(head_mask.__file__)
    module.write_text(re.sub(r'(?m)^MODEL_SHA256 = ".*"$', f'MODEL_SHA256 = "{checksum}"', module.read_text()))
    notice = head_mask.MODEL.with_name("NOTICE")
    notice.write_text(notice.read_text().replace(head_mask.MODEL_SHA256, checksum))
    head_mask.MODEL_SHA256 = checksum


def figures(held_out: str, photos: int, minutes: float, size: int) -> str:
    """Return the text of ``FIGURES.md``."""
    lines = [
        "# Figures of the last training of the head's mask",
        "",
        f"Trained on {datetime.now(UTC):%Y-%m-%d}, seed {SEED}, {EPOCHS} epochs, on {photos} photos, in {minutes:.0f} "
        "minutes.",
        f"The weights take {size:,} bytes. `make train-head-mask` writes this file.",
        "",
        "## Photos that were held out",
        "",
        "In a crop of about twice the head's box; the trimap's border does not count for the IoU. The edge counts as",
        "found within 3 of 256 pixels.",
        "",
        held_out.strip(),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
