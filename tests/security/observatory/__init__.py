"""MDN's HTTP Observatory, pinned, which scores pages of ours without asking the net."""

import fcntl
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FILES = ("package.json", "package-lock.json", "score.mjs")
# Beside the Python packages: what was installed for the tests, and is no part of the repository.
FOLDER = Path(sys.prefix) / "observatory"


def installed() -> Path:
    """The folder where it is installed; installs it first where that was not done, or with other files.

    Its own set-up after the installation fetches the browsers' list of preloaded sites; an empty one says the same of
    a site that is on no list. Parallel tests wait for each other here.
    """
    FOLDER.mkdir(exist_ok=True)
    stamp, wanted = FOLDER / "installed", "".join((HERE / name).read_text() for name in FILES)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            for name in FILES:
                shutil.copy(HERE / name, FOLDER / name)
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            subprocess.run(command, cwd=FOLDER, check=True)
            (FOLDER / "node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json").write_text("{}")
            stamp.write_text(wanted)
    return FOLDER


def scores(pages: dict[str, Any]) -> dict[str, Any]:
    """Score and findings of each page, of answers as ``tests/security/production_probe.py`` prints them."""
    ran = subprocess.run(
        ["node", "score.mjs"], cwd=installed(), input=json.dumps(pages), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
