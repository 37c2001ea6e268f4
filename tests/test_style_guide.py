"""The style guide shows every dance, icon and colour, in development only."""

import re
from pathlib import Path
from xml.etree import ElementTree

from django.conf import settings
from django.test import Client, RequestFactory

from petgroove.dev.style_guide import COLOURS, style
from videos import dances

STATIC = Path(settings.BASE_DIR) / "static"


def test_style_guide_is_complete() -> None:
    page = style(RequestFactory().get("/style/")).content.decode()
    assert [dance.name for dance in dances.DANCES if f"<h3>{dance.name}</h3>" not in page] == []
    sprite = re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor/lucide/icons.svg").read_text())
    assert [icon for icon in sprite if f"<code>{icon}</code>" not in page] == []
    sheet = (STATIC / "css/petgroove.css").read_text()
    assert [colour for colour in COLOURS if not re.search(rf"^ +--{colour}:", sheet, re.MULTILINE)] == []


def test_icons_are_well_formed() -> None:
    sprite = ElementTree.parse(STATIC / "vendor/lucide/icons.svg").getroot()
    assert [len(icon) > 0 for icon in sprite] == [True] * len(sprite)


def test_style_guide_is_not_available_in_production(client: Client) -> None:
    assert client.get("/style/").status_code == 404
