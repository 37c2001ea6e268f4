"""Render the bitmap images of the site from the drawings in this repository.

    .venv/bin/python tools/draw_icons.py                 # all
    .venv/bin/python tools/draw_icons.py icons social    # some of: icons, social, pet

Requires the development dependencies (playwright, pillow) and Chromium, on the path or at /usr/bin/chromium. It writes

* static/icons/app/: favicon.ico (16 and 32 pixels), icon-192.png, icon-512.png, maskable-512.png, apple-touch-icon.png
  (180), all from favicon.svg in the same folder;
* static/icons/app/social.png, 1200x630 pixels, from tools/drawings/social.html and the stills in static/home;
* videos/management/sample_pet.jpg, 1200x1500 pixels, the pet of the demo, from tools/drawings/sample_pet.svg.

The results are committed. Run this again when a drawing has changed.
"""

import base64
import io
import random
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from django.template import Context, Engine
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
DRAWINGS = Path(__file__).resolve().parent / "drawings"
ICONS = ROOT / "static" / "icons" / "app"
FONT = ROOT / "static" / "vendor" / "bricolage-grotesque" / "bricolage-grotesque.woff2"
PET = ROOT / "videos" / "management" / "sample_pet.jpg"
PET_BYTES = 250_000
STILLS = ROOT / "static" / "home"
SOCIAL = ICONS / "social.png"
SOCIAL_BYTES = 235_000
NIGHT = "#2a1236"
FLOOR = ("#ffba3d", "#6fe6bd", "#62c5ff", "#ff8670", "#ff4aab")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync", "--disable-dev-shm-usage"]


def render(browser: Browser, html: str, size: tuple[int, int]) -> Image.Image:
    """Render ``html`` in a window of ``size`` (width, height), on a transparent background."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_content(html)
    page.evaluate("document.fonts.ready.then(() => true)")
    shot = page.screenshot(omit_background=True)
    page.close()
    return Image.open(io.BytesIO(shot))


def mark(side: int, *, share: float = 1.0, full: bool = False) -> str:
    """Return the favicon at ``side`` pixels. ``full`` extends its background to the edges and scales the paw."""
    svg = (ICONS / "favicon.svg").read_text()
    if full:
        inset = 32 * (1 - share)
        svg = re.sub(r"<rect [^>]*/>", f'<rect width="64" height="64" fill="{NIGHT}"/>', svg, count=1)
        svg = svg.replace('<g id="mark">', f'<g transform="translate({inset} {inset}) scale({share})">')
    return f"<style>body {{ margin: 0 }} svg {{ display: block; width: {side}px; height: {side}px }}</style>{svg}"


def draw_icons(browser: Browser) -> None:
    small = [render(browser, mark(side), (side, side)) for side in (32, 16)]
    small[0].save(ICONS / "favicon.ico", sizes=[(32, 32), (16, 16)], append_images=small[1:])
    for side in (192, 512):
        render(browser, mark(side), (side, side)).save(ICONS / f"icon-{side}.png", optimize=True)
    safe = render(browser, mark(512, share=0.74, full=True), (512, 512))
    safe.convert("RGB").save(ICONS / "maskable-512.png", optimize=True)
    touch = render(browser, mark(180, share=0.9, full=True), (180, 180))
    touch.convert("RGB").save(ICONS / "apple-touch-icon.png", optimize=True)


def draw_social(browser: Browser) -> None:
    chance = random.Random(7)
    engine = Engine(dirs=[str(DRAWINGS)])
    cast = [("cat", 296, 138, 292, -7), ("golden", 296, 766, 292, 7), ("collie", 350, 425, 252, -1.5)]
    html = engine.get_template("social.html").render(
        Context(
            {
                "font": "data:font/woff2;base64," + base64.b64encode(FONT.read_bytes()).decode(),
                "tiles": [chance.choice("abcde" + "x" * 4) for _ in range(12 * 5)],
                "confetti": [
                    f"left:{left}px;top:{top}px;rotate:{chance.randrange(90)}deg;background:{chance.choice(FLOOR)}"
                    for left, top in ((chance.randrange(20, 1170), chance.randrange(10, 330)) for _ in range(60))
                    if not (200 < left < 990 and 40 < top < 245)
                ],
                "cast": [
                    (
                        "data:image/webp;base64," + base64.b64encode((STILLS / f"{pet}.webp").read_bytes()).decode(),
                        f"left:{left}px;top:{top}px;width:{side}px;height:{side}px;rotate:{angle}deg",
                    )
                    for pet, side, left, top, angle in cast
                ],
            }
        )
    )
    shot = render(browser, html, (1200, 630)).convert("RGB")
    # A palette, since photos make large PNG files.
    shot.quantize(palette=shot.quantize(256), dither=Image.Dither.FLOYDSTEINBERG).save(SOCIAL, optimize=True)
    if SOCIAL.stat().st_size > SOCIAL_BYTES:
        raise SystemExit(f"{SOCIAL} is larger than {SOCIAL_BYTES} bytes.")


def draw_pet(browser: Browser) -> None:
    svg = (DRAWINGS / "sample_pet.svg").read_text()
    shot = render(browser, f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{svg}", (1200, 1500))
    for quality in range(90, 60, -2):
        shot.convert("RGB").save(PET, quality=quality, optimize=True, progressive=True)
        if PET.stat().st_size <= PET_BYTES:
            return
    raise SystemExit(f"{PET} is larger than {PET_BYTES} bytes at the lowest quality.")


DRAWERS: dict[str, Callable[[Browser], None]] = {"icons": draw_icons, "social": draw_social, "pet": draw_pet}


def main(names: list[str]) -> None:
    unknown = set(names) - set(DRAWERS)
    if unknown:
        raise SystemExit(f"Unknown: {', '.join(sorted(unknown))}. Choose from {', '.join(DRAWERS)}.")
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name in names or DRAWERS:
            DRAWERS[name](browser)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
