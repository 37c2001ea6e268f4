"""Check that pyproject.toml, uv.lock and the requirements files match: ``python tools/check_locks.py``.

``make lock`` generates the others from the first and needs uv; this check needs only Python. The exit code is 1 if
a file differs.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# The public package index. `make lock` would write a locally configured mirror into uv.lock.
HOSTS = {"pypi.org", "files.pythonhosted.org"}
# "name[extra]==1.2 ; marker" and then "--hash=sha256:..." for each file.
PINNED = re.compile(
    r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==(\S+)((?:[^\n]*\\\n\s+--hash=\S+)?(?: \\\n\s+--hash=\S+)*)", re.MULTILINE
)
HASH = re.compile(r"--hash=(\S+)")
DEPENDENCY = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*(.*)$")


def problems(root: Path = ROOT) -> Iterator[str]:
    """Yield a message for each difference between the files in ``root``."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    text = (root / "uv.lock").read_text()
    packages = {package["name"]: package for package in tomllib.loads(text)["package"]}
    own = packages.pop(project["project"]["name"])
    for host in sorted(set(re.findall(r"https?://([^/\"]+)", text)) - HOSTS):
        yield f"uv.lock contains {host}. Run `make lock` without a mirror."

    locked = own["metadata"]
    pairs = (
        (project["project"]["dependencies"], locked["requires-dist"]),
        *((declared, locked["requires-dev"][group]) for group, declared in project["dependency-groups"].items()),
    )
    for declared, locked_entries in pairs:
        difference = {parse_dependency(entry) for entry in declared} ^ {
            (entry["name"], parts(entry.get("specifier", ""))) for entry in locked_entries
        }
        for name in sorted({name for name, _ in difference}):
            yield f"uv.lock does not match pyproject.toml for {name}."

    for file, groups in (
        ("requirements.txt", []),
        ("requirements-dev.txt", ["dev"]),
        ("requirements-train.txt", ["train"]),
        ("requirements-art.txt", ["art"]),
        ("requirements-c2pa.txt", ["c2pa"]),
    ):
        dependencies = [*own["dependencies"], *(one for group in groups for one in own["dev-dependencies"][group])]
        needed = needed_by(packages, dependencies)
        yield from differences(file, (root / file).read_text(), {name: packages[name] for name in needed})


def parse_dependency(entry: str) -> tuple[str, frozenset[str]]:
    """Return the name and the version specifiers of a dependency in pyproject.toml."""
    match = DEPENDENCY.match(entry)
    assert match, entry
    return re.sub(r"[-_.]+", "-", match[1]).lower(), parts(match[2])


def parts(specifier: str) -> frozenset[str]:
    return frozenset(part.strip() for part in specifier.split(",") if part.strip())


def needed_by(packages: dict[str, Any], dependencies: list[dict[str, Any]]) -> set[str]:
    """Return the names of ``dependencies`` and of everything that they and their extras depend on."""
    seen: set[tuple[str, str]] = set()
    pending = [(one["name"], extra) for one in dependencies for extra in ["", *one.get("extra", [])]]
    while pending:
        name, extra = pending.pop()
        if (name, extra) not in seen:
            seen.add((name, extra))
            package = packages[name]
            requirements = (
                package.get("optional-dependencies", {}).get(extra, []) if extra else package.get("dependencies", [])
            )
            pending += [(one["name"], extra) for one in requirements for extra in ["", *one.get("extra", [])]]
    return {name for name, _ in seen}


def differences(file: str, text: str, packages: dict[str, Any]) -> Iterator[str]:
    pinned = {match[1]: (match[2], set(HASH.findall(match[3]))) for match in PINNED.finditer(text)}
    for name in sorted(pinned.keys() ^ packages.keys()):
        yield f"{name} is in {file} but not in uv.lock." if name in pinned else f"{name} is missing from {file}."
    for name in sorted(pinned.keys() & packages.keys()):
        version, hashes = pinned[name]
        package = packages[name]
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        if version != package["version"]:
            yield f"{name} is {version} in {file} but {package['version']} in uv.lock."
        elif hashes != {one["hash"] for one in files}:
            yield f"{name} has different hashes in {file} and uv.lock."


def main() -> int:
    lines = list(problems())
    if lines:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.write("Run `make lock` (it needs uv) and commit uv.lock and the requirements files.\n")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
