"""Takes the pictures of the README from the real site: starts it, makes the sample pet dance, and looks.

    .venv/bin/python tools/take_screenshots.py

Needs the development dependencies (playwright, pillow) and an installed Chromium: the one on the path, else
/usr/bin/chromium. Written are docs/screenshots/: home.webp, dances.webp, waiting.webp and ready.webp, of 120 kB at most
each. The site keeps its database and files in a folder that is gone afterwards. Run this again after the looks of the
site have changed.
"""

import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
INTO = ROOT / "docs" / "screenshots"
BYTES = 120_000
DESK, PHONE = (1200, 800), (430, 860)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync", "--disable-dev-shm-usage"]
# The words of `manage.py run`: where the site is, and who may log in.
SAID = re.compile(r"dancing at\s+(\S+)/\s.*?as an owner\s+(\S+)\s+password: ([^\n]+)", re.DOTALL)
# Milliseconds; a dance takes the studio some seconds, on a busy machine a minute or two.
PATIENCE = 300_000
# Two seconds into the video, without the bar that the browser shows for a moment over a video that was touched.
SEEK = """async video => {
    video.pause()
    video.controls = false
    const there = new Promise(done => video.addEventListener('seeked', done, {once: true}))
    video.currentTime = 2
    await there
    await new Promise(done => setTimeout(done, 1000))
}"""


@contextmanager
def site() -> Iterator[tuple[str, str, str]]:
    """Its address, and the demo owner's e-mail and password."""
    with tempfile.TemporaryDirectory() as folder:
        given = ["env", "DEBUG=1", f"VAR_DIR={folder}", "DATABASE_URL=", "VIDEO_PROVIDER=studio"]
        command = [*given, sys.executable, "manage.py", "run_dev", "--port", "8790"]
        running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            said = ""
            while not (found := SAID.search(said)):
                line = running.stdout.readline() if running.stdout else ""
                if not line:
                    raise SystemExit("The site did not start; its last words are above.")
                said += line
            yield found[1], found[2], found[3].strip()
        finally:
            running.terminate()
            running.wait()


def keep(page: Page, name: str, size: tuple[int, int] = DESK) -> None:
    """What is seen in a window of ``size``, as WebP."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("document.fonts.ready.then(() => scrollTo(0, 0))")
    page.wait_for_load_state("networkidle")
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    INTO.mkdir(parents=True, exist_ok=True)
    file = INTO / f"{name}.webp"
    for quality in range(88, 30, -6):
        shot.save(file, quality=quality, method=6)
        if file.stat().st_size <= BYTES:
            print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} kB")  # noqa: T201
            return
    raise SystemExit(f"{file} is larger than {BYTES} bytes.")


def tour(page: Page, address: str, email: str, password: str) -> None:
    page.goto(address)
    keep(page, "home")
    page.goto(f"{address}/account/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/videos/")
    page.goto(f"{address}/photos/")
    page.locator('a[href^="/photos/"]:has(img)').first.click()
    # The worker has prepared the photo as soon as the sticker is there to be seen.
    while page.request.get(f"{page.url}sticker.webp").status != 200:
        page.wait_for_timeout(500)
    page.reload()
    page.locator("input[name=dance][value=disco]").check(force=True)
    page.mouse.move(0, 0)
    keep(page, "dances")
    page.locator("form:has(input[name=dance]) button[type=submit]").last.click()
    page.wait_for_url(re.compile("/videos/[0-9a-f-]{36}/$"))
    keep(page, "waiting", PHONE)
    page.locator("video").wait_for(timeout=PATIENCE)
    page.reload()
    page.locator("video").evaluate(SEEK)
    keep(page, "ready")


def main() -> None:
    with site() as (address, email, password), sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(reduced_motion="reduce", color_scheme="light")
        page.set_default_timeout(60_000)
        tour(page, address, email, password)
        browser.close()


if __name__ == "__main__":
    main()
