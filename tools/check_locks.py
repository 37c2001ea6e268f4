"""Check that pyproject.toml, uv.lock and both requirements files are in step: ``python tools/check_locks.py``.

``make lock`` writes the last three from the first and needs uv; this check needs nothing but Python. The exit code is 1
if a file differs.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# Where anybody can download what is pinned. A mirror of the machine that ran `make lock` would end up in uv.lock.
HOSTS = {"pypi.org", "files.pythonhosted.org"}
# "name[extra]==1.2 ; marker" and then "--hash=sha256:..." for each file.
PINNED = re.compile(
    r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==(\S+)((?:[^\n]*\\\n\s+--hash=\S+)?(?: \\\n\s+--hash=\S+)*)", re.MULTILINE
)
HASH = re.compile(r"--hash=(\S+)")
DEPENDENCY = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*(.*)$")


def problems(root: Path = ROOT) -> Iterator[str]:
    """Yield one sentence for each difference between the files in ``root``."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    text = (root / "uv.lock").read_text()
    packages = {package["name"]: package for package in tomllib.loads(text)["package"]}
    own = packages.pop(project["project"]["name"])
    for host in sorted(set(re.findall(r"https?://([^/\"]+)", text)) - HOSTS):
        yield f"uv.lock names {host}. Run `make lock` without a mirror."

    locked = own["metadata"]
    pairs = (
        (project["project"]["dependencies"], locked["requires-dist"]),
        (project["dependency-groups"]["dev"], locked["requires-dev"]["dev"]),
    )
    for wanted, known in pairs:
        difference = {declared(entry) for entry in wanted} ^ {
            (one["name"], parts(one.get("specifier", ""))) for one in known
        }
        for name in sorted({name for name, _ in difference}):
            yield f"uv.lock does not fit what pyproject.toml says of {name}."

    for file, needed in (
        ("requirements.txt", needed_by(packages, own["dependencies"])),
        ("requirements-dev.txt", needed_by(packages, own["dependencies"] + own["dev-dependencies"]["dev"])),
    ):
        yield from differences(file, (root / file).read_text(), {name: packages[name] for name in needed})


def declared(entry: str) -> tuple[str, frozenset[str]]:
    """Return the name and the bounds of an entry in pyproject.toml."""
    match = DEPENDENCY.match(entry)
    assert match, entry
    return re.sub(r"[-_.]+", "-", match[1]).lower(), parts(match[2])


def parts(specifier: str) -> frozenset[str]:
    return frozenset(part.strip() for part in specifier.split(",") if part.strip())


def needed_by(packages: dict[str, Any], dependencies: list[dict[str, Any]]) -> set[str]:
    """Return the names of all packages that ``dependencies`` bring along, with their extras."""
    seen: set[tuple[str, str]] = set()
    waiting = [(one["name"], extra) for one in dependencies for extra in ["", *one.get("extra", [])]]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) not in seen:
            seen.add((name, extra))
            package = packages[name]
            further = (
                package.get("optional-dependencies", {}).get(extra, []) if extra else package.get("dependencies", [])
            )
            waiting += [(one["name"], more) for one in further for more in ["", *one.get("extra", [])]]
    return {name for name, _ in seen}


def differences(file: str, text: str, packages: dict[str, Any]) -> Iterator[str]:
    pinned = {match[1]: (match[2], set(HASH.findall(match[3]))) for match in PINNED.finditer(text)}
    for name in sorted(pinned.keys() ^ packages.keys()):
        yield f"{name} is {'not in uv.lock' if name in pinned else 'missing'}: {file}."
    for name in sorted(pinned.keys() & packages.keys()):
        version, hashes = pinned[name]
        package = packages[name]
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        if version != package["version"]:
            yield f"{name} is {version} in {file}, and {package['version']} in uv.lock."
        elif hashes != {one["hash"] for one in files}:
            yield f"{name} has other hashes in {file} than in uv.lock."


def main() -> int:
    lines = list(problems())
    if lines:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.write("Run `make lock` (it needs uv) and commit uv.lock and both requirements files.\n")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
