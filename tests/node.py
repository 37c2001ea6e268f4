"""npm packages that check pages, installed once at a pinned version into the user's cache folder."""

import fcntl
import os
import subprocess
from pathlib import Path

import pytest

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "petgroove" / "npm"
INSTALL_TIMEOUT = 300


def installed(name: str, version: str) -> Path:
    """Return the folder of an npm package. If several test processes call this, the first one installs it."""
    folder = CACHE / f"{name.replace('/', '+')}-{version}"
    package = folder / "node_modules" / name
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "whole").exists():
            command = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", f"{name}@{version}"]
            ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=INSTALL_TIMEOUT)
            if ran.returncode:
                pytest.fail(f"npm could not install {name} {version}: {ran.stderr.strip()[-400:]}", pytrace=False)
            (folder / "whole").touch()
    return package
