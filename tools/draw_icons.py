"""Draws every picture of ours that must be made of pixels, from the drawings in this repository.

    .venv/bin/python tools/draw_icons.py                 # all of them
    .venv/bin/python tools/draw_icons.py icons social    # some: icons, social, pet

Needs the development dependencies (playwright, pillow) and an installed Chromium: the one on the path, else
/usr/bin/chromium. Written are

* static/icons/app/: favicon.ico (16 and 32 pixels), icon-192.png, icon-512.png, maskable-512.png, apple-touch-icon.png
  (180), all from favicon.svg beside them;
* static/icons/app/social.png, 1200 by 630 pixels, from tools/drawings/social.html and the mascots;
* videos/management/sample_pet.jpg, 1200 by 1500 pixels, the pet of the demo, from tools/drawings/sample_pet.svg.

The results are kept in the repository; run this again after a drawing has changed.
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
NIGHT = "#2a1236"
FLOOR = ("#ffba3d", "#6fe6bd", "#62c5ff", "#ff8670", "#ff4aab")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync", "--disable-dev-shm-usage"]

# Brings every animation of a mascot to one moment of its dance, given in beats.
FREEZE = """beats => {
  const figures = [...document.querySelectorAll(".mascot")];
  for (const animation of document.getAnimations()) {
    const figure = animation.effect.target.closest(".mascot");
    animation.pause();
    const bpm = parseFloat(getComputedStyle(figure).getPropertyValue("--bpm"));
    animation.currentTime = beats[figures.indexOf(figure)] * 60000 / bpm;
  }
}"""


def picture(browser: Browser, html: str, size: tuple[int, int], beats: list[float] | None = None) -> Image.Image:
    """``html`` seen in a window of ``size`` (width, height), transparent where nothing is drawn."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_content(html)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.evaluate(FREEZE, beats or [])
    shot = page.screenshot(omit_background=True)
    page.close()
    return Image.open(io.BytesIO(shot))


def mark(side: int, *, share: float = 1.0, full: bool = False) -> str:
    """The favicon at ``side`` pixels; ``full`` lets its ground reach every edge and the paw fill ``share`` of it."""
    svg = (ICONS / "favicon.svg").read_text()
    if full:
        inset = 32 * (1 - share)
        svg = re.sub(r"<rect [^>]*/>", f'<rect width="64" height="64" fill="{NIGHT}"/>', svg, count=1)
        svg = svg.replace('<g id="mark">', f'<g transform="translate({inset} {inset}) scale({share})">')
    return f"<style>body {{ margin: 0 }} svg {{ display: block; width: {side}px; height: {side}px }}</style>{svg}"


def draw_icons(browser: Browser) -> None:
    small = [picture(browser, mark(side), (side, side)) for side in (32, 16)]
    small[0].save(ICONS / "favicon.ico", sizes=[(32, 32), (16, 16)], append_images=small[1:])
    for side in (192, 512):
        picture(browser, mark(side), (side, side)).save(ICONS / f"icon-{side}.png", optimize=True)
    safe = picture(browser, mark(512, share=0.74, full=True), (512, 512))
    safe.convert("RGB").save(ICONS / "maskable-512.png", optimize=True)
    touch = picture(browser, mark(180, share=0.9, full=True), (180, 180))
    touch.convert("RGB").save(ICONS / "apple-touch-icon.png", optimize=True)


def draw_social(browser: Browser) -> None:
    chance = random.Random(7)
    engine = Engine(dirs=[str(ROOT / "templates"), str(DRAWINGS)])
    cast = [("parrot", "cha_cha", 60, 292, 0.3), ("dog", "disco", 334, 262, 0), ("cat", "hip_hop", 612, 276, 3.0)]
    cast.append(("rabbit", "tap", 884, 292, 6.4))
    html = engine.get_template("social.html").render(
        Context(
            {
                "font": "data:font/woff2;base64," + base64.b64encode(FONT.read_bytes()).decode(),
                "mascots": "".join(
                    (ROOT / "static" / "css" / f"{name}.css").read_text() for name in ("dancers", "mascots")
                ),
                "tiles": [chance.choice("abcde" + "x" * 4) for _ in range(12 * 5)],
                "confetti": [
                    f"left:{left}px;top:{top}px;rotate:{chance.randrange(90)}deg;background:{chance.choice(FLOOR)}"
                    for left, top in ((chance.randrange(20, 1170), chance.randrange(10, 330)) for _ in range(60))
                    if not (200 < left < 990 and 40 < top < 245)
                ],
                "cast": [
                    (f"mascots/{animal}.html", dance, f"left:{left}px;top:{top}px")
                    for animal, dance, left, top, _ in cast
                ],
            }
        )
    )
    shot = picture(browser, html, (1200, 630), [beat for *_, beat in cast])
    shot.convert("RGB").save(ICONS / "social.png", optimize=True)


def draw_pet(browser: Browser) -> None:
    svg = (DRAWINGS / "sample_pet.svg").read_text()
    shot = picture(browser, f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{svg}", (1200, 1500))
    for quality in range(90, 60, -2):
        shot.convert("RGB").save(PET, quality=quality, optimize=True, progressive=True)
        if PET.stat().st_size <= PET_BYTES:
            return
    raise SystemExit(f"{PET} is larger than {PET_BYTES} bytes.")


DRAWERS: dict[str, Callable[[Browser], None]] = {"icons": draw_icons, "social": draw_social, "pet": draw_pet}


def main(names: list[str]) -> None:
    unknown = set(names) - set(DRAWERS)
    if unknown:
        raise SystemExit(f"Nothing is called {', '.join(sorted(unknown))}; there is {', '.join(DRAWERS)}.")
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name in names or DRAWERS:
            DRAWERS[name](browser)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
