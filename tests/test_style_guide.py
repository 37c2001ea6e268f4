"""All components on one page, in development and nowhere else; what it lists is what there is."""

import re
from pathlib import Path

from django.conf import settings
from django.test import Client, RequestFactory

from petgroove.dev.style_guide import COLOURS, style
from videos import dances

STATIC = Path(settings.BASE_DIR) / "static"


def test_it_shows_every_dance_every_icon_and_every_colour() -> None:
    page = style(RequestFactory().get("/style/")).content.decode()
    assert [dance.name for dance in dances.DANCES if f"<h3>{dance.name}</h3>" not in page] == []
    sprite = re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor/lucide/icons.svg").read_text())
    assert [icon for icon in sprite if f"<code>{icon}</code>" not in page] == []
    sheet = (STATIC / "css/petgroove.css").read_text()
    assert [colour for colour in COLOURS if not re.search(rf"^ +--{colour}:", sheet, re.MULTILINE)] == []


def test_there_is_no_such_page_in_production(client: Client) -> None:
    assert client.get("/style/").status_code == 404
