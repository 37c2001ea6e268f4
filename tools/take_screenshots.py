"""Take the screenshots for the README: start the site, make a video of Chelsea the cat, and capture the pages.

    .venv/bin/python tools/take_screenshots.py

Requires the development dependencies (playwright, pillow, scikit-image) and Chromium, on the path or at
/usr/bin/chromium. It writes home.webp, dances.webp, waiting.webp and ready.webp to docs/screenshots/, each of at most
120 kB. The site uses a temporary folder for its database and files. Run this again when the design has changed.
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

import skimage
from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
INTO = ROOT / "docs" / "screenshots"
BYTES = 120_000
DESK, PHONE = (1200, 800), (430, 860)
# Dedicated to the public domain by its photographer, Stefan van der Walt.
PET, NAME = Path(skimage.__file__).parent / "data" / "chelsea.png", "Chelsea"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync", "--disable-dev-shm-usage"]
# The output of `manage.py run_dev`: the URL of the site and the demo owner's login.
BANNER = re.compile(r"running at\s+(\S+)/\s.*?as an owner\s+(\S+)\s.*?password\s+([^\n]+)", re.DOTALL)
# Milliseconds. Rendering takes a few seconds, on a busy machine a minute or two.
VIDEO_TIMEOUT = 300_000
# Seeks to two seconds and hides the button that a paused video has in its middle.
SEEK = """async video => {
    video.pause()
    video.parentElement.querySelector('.pause').hidden = true
    const seeked = new Promise(done => video.addEventListener('seeked', done, {once: true}))
    video.currentTime = 2
    await seeked
    await new Promise(done => setTimeout(done, 1000))
}"""


@contextmanager
def site() -> Iterator[tuple[str, str, str]]:
    """Run the site; yield its URL and the demo owner's e-mail address and password."""
    with tempfile.TemporaryDirectory() as folder:
        environment = ["env", "DEBUG=1", f"VAR_DIR={folder}", "DATABASE_URL=", "VIDEO_PROVIDER=studio"]
        command = [*environment, sys.executable, "manage.py", "run_dev", "--port", "8790"]
        running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            output = ""
            while not (match := BANNER.search(output)):
                line = running.stdout.readline() if running.stdout else ""
                if not line:
                    raise SystemExit("The site did not start. Its output is above.")
                output += line
            yield match[1], match[2], match[3].strip()
        finally:
            running.terminate()
            running.wait()


def save_screenshot(page: Page, name: str, size: tuple[int, int] = DESK) -> None:
    """Save the page in a window of ``size`` as WebP."""
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
    raise SystemExit(f"{file} is larger than {BYTES} bytes at the lowest quality.")


def tour(page: Page, address: str, email: str, password: str) -> None:
    page.goto(address)
    save_screenshot(page, "home")
    page.goto(f"{address}/account/login/password/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(re.compile("/(photos|videos)/$"))
    page.goto(f"{address}/photos/")
    page.locator("input[type=file]").set_input_files(PET)
    page.wait_for_url(re.compile("/photos/[0-9a-f-]{36}/"))
    page.locator("#pet-name").fill(NAME)
    page.locator("#pet-name").press("Enter")
    # The page asks for news until the worker has prepared the photo, and then the loops of the cards.
    page.locator("#notes:not([data-hx-get])").wait_for(timeout=VIDEO_TIMEOUT)
    page.locator("input[name=format][value=tall]").check(force=True)
    page.locator("input[name=dance][value=disco]").check(force=True)
    page.locator("#stage-clip").wait_for(timeout=VIDEO_TIMEOUT)
    page.locator("#loops:not([data-hx-post])").wait_for(state="attached", timeout=VIDEO_TIMEOUT)
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    save_screenshot(page, "dances")
    page.get_by_role("button", name="Make video").click()
    page.wait_for_url(re.compile("/videos/[0-9a-f-]{36}/$"))
    save_screenshot(page, "waiting", PHONE)
    page.locator("video").wait_for(timeout=VIDEO_TIMEOUT)
    page.reload()
    page.locator("video").evaluate(SEEK)
    save_screenshot(page, "ready")


def main() -> None:
    with site() as (address, email, password), sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(reduced_motion="reduce", color_scheme="light", locale="en-US")
        page.set_default_timeout(60_000)
        tour(page, address, email, password)
        browser.close()


if __name__ == "__main__":
    main()
