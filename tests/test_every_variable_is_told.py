"""Whatever the settings read from the environment stands in the README and in .env.example, and nothing else does."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
READ = re.compile(r'\b(?:env\.\w+|text|key|origin)\(\s*"([A-Z][A-Z0-9_]+)"')
# Read by gunicorn, not by us; and the other name of Runway's key.
ELSEWHERE = {"PORT", "WEB_CONCURRENCY"}
OTHER_NAMES = {"RUNWAYML_API_SECRET", "CACHE_URL"}


def read_by_us() -> set[str]:
    sources = (ROOT / "petgroove" / "settings.py", ROOT / "petgroove" / "env.py")
    return {name for source in sources for name in READ.findall(source.read_text())}


def test_the_search_finds_what_is_read() -> None:
    assert {"SECRET_KEY", "S3_BUCKET", "RUNWAY_API_KEY", "CREDIT_CENTS", "SENTRY_DSN"} <= read_by_us()


@pytest.mark.parametrize("name", sorted(read_by_us()))
def test_the_readme_tells_of_it(name: str) -> None:
    operators = (ROOT / "README.md").read_text().split("## For operators")[1].split("## For developers")[0]
    assert f"`{name}`" in operators


def test_the_example_names_all_of_them_and_no_others() -> None:
    told = set(re.findall(r"^# ([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert told == (read_by_us() - OTHER_NAMES) | ELSEWHERE
