"""MDN's HTTP Observatory at a pinned version, scoring recorded responses without network access."""

import fcntl
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FILES = ("package.json", "package-lock.json", "score.mjs")
# In the virtual environment, with the other test dependencies and outside the repository.
FOLDER = Path(sys.prefix) / "observatory"


def installed() -> Path:
    """Return the installation folder, after installing or updating the packages if necessary.

    The package's postinstall script downloads the HSTS preload list. An empty list gives the same result for a site
    that is not on it. A lock makes parallel tests wait for each other.
    """
    FOLDER.mkdir(exist_ok=True)
    stamp, expected = FOLDER / "installed", "".join((HERE / name).read_text() for name in FILES)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != expected:
            for name in FILES:
                shutil.copy(HERE / name, FOLDER / name)
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            subprocess.run(command, cwd=FOLDER, check=True)
            (FOLDER / "node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json").write_text("{}")
            stamp.write_text(expected)
    return FOLDER


def scores(pages: dict[str, Any]) -> dict[str, Any]:
    """Score the responses that ``tests/security/production_probe.py`` prints; return scores and results by page."""
    ran = subprocess.run(
        ["node", "score.mjs"], cwd=installed(), input=json.dumps(pages), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
