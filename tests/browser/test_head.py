"""The oval around the pet's head: mouse, touch, handles, keys, other pets, and no JavaScript."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect
from pytest_playwright import CreateContextCallback

from tests.browser.axe import violations
from tests.browser.conftest import log_in
from tests.videos.conftest import propose
from videos.dances import BY_SLUG
from videos.models import Photo, Preview, Video
from videos.photos.head import ON_FACE, Head

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser_context_args(reduced_motion="reduce"),
]
LEFT, RIGHT = Head(0.3, 0.4, 0.1, 0.12), Head(0.75, 0.6, 0.09, 0.1, 10)


@pytest.fixture
def photo(live_owner: Any) -> Photo:
    """A photo with two pets; the finder is not sure of either head."""
    return propose(Photo.objects.get(), LEFT, RIGHT, confidence=0.5)


class Oval:
    """The panel on an open page, with positions as shares of the photo."""

    def __init__(self, page: Page, url: str) -> None:
        page.goto(url)
        page.wait_for_load_state("networkidle")
        self.page, self.stage = page, page.locator("[data-head-layer]")
        self.stage.scroll_into_view_if_needed()

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the photo as a point of the window."""
        box = self.stage.bounding_box()
        assert box
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def handle(self, name: str) -> tuple[float, float]:
        box = self.page.locator(f"[data-handle={name}] .hit").bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 43.9
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=4)
        self.page.mouse.up()

    def fingers(self, *moments: list[tuple[float, float]]) -> None:
        """Put fingers down at the first points, move them through the others, and lift them."""
        client = self.page.context.new_cdp_session(self.page)
        for number, points in enumerate(moments):
            touches = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
            kind = "touchMove" if number else "touchStart"
            client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
        client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def saved(self, before: Photo) -> Head:
        """Wait until a new answer of the owner is stored, and return its oval."""
        expect(self.live).to_have_text("Saved. The previews will update in a moment.")
        photo = Photo.objects.get(pk=before.pk)
        assert (photo.head_source, photo.due_at is not None) == ("owner", True)
        assert photo.oval
        return photo.oval

    @property
    def live(self) -> Locator:
        return self.page.locator("[data-head-live]")


@pytest.fixture
def oval(page: Page, logged_in: str, photo: Photo) -> Oval:
    return Oval(page, logged_in + photo.get_absolute_url())


def changes(before: Head, after: Head) -> set[str]:
    """Return the numbers that differ."""
    return {name for name in before.as_json if abs(before.as_json[name] - after.as_json[name]) > 0.004}


def test_question_is_answered_with_one_tap(oval: Oval, photo: Photo) -> None:
    expect(oval.page.locator(".head")).to_have_attribute("open", "")
    oval.page.get_by_role("button", name="Yes, that's the face").tap()
    assert oval.saved(photo) == LEFT
    expect(oval.page.locator(".head")).not_to_have_attribute("open", "")
    expect(oval.page.locator(".head > summary")).to_contain_text("Your pet's head")
    expect(oval.page.locator(".head > summary")).to_be_focused()


def test_drag_and_undo(oval: Oval, photo: Photo) -> None:
    oval.drag(oval.at(0.3, 0.4), oval.at(0.5, 0.3))
    head = oval.saved(photo)
    assert (changes(LEFT, head), head.x, head.y) == (
        {"x", "y"},
        pytest.approx(0.5, abs=0.01),
        pytest.approx(0.3, abs=0.01),
    )
    oval.page.get_by_role("button", name="Undo").click()
    expect(oval.live).to_have_text("Undone.")
    photo.refresh_from_db()
    assert (photo.oval, photo.head_source, photo.is_head_sure) == (LEFT, "detector", False)
    expect(oval.page.get_by_role("button", name="Yes, that's the face")).to_be_visible()


@pytest.mark.slow
def test_one_undo_withdraws_a_double_tap(oval: Oval, photo: Photo) -> None:
    """The second answer arrives after the owner has opened the panel again, and does not close it."""
    taps: list[Route] = []
    oval.page.route("**/head/", lambda route: taps.append(route))
    with oval.page.expect_request("**/head/"):
        oval.page.locator("#head-yes").evaluate("button => { button.click(); button.click() }")
    with oval.page.expect_request("**/head/"):
        taps[0].continue_()
    oval.saved(photo)
    oval.page.locator(".head > summary").click()
    with oval.page.expect_response("**/head/"):
        taps[1].continue_()
    oval.page.unroute("**/head/")
    oval.page.get_by_role("button", name="Undo").click()
    expect(oval.live).to_have_text("Undone.")
    expect(oval.page.locator("#head")).to_have_attribute("data-state", "question")
    expect(oval.page.locator("[data-head-undo]")).to_be_hidden()


@pytest.mark.slow
def test_undone_rejection_draws_the_same_oval(oval: Oval, photo: Photo) -> None:
    def drawn() -> list[dict[str, float] | None]:
        return [oval.page.locator(name).bounding_box() for name in (".head-oval .light", "[data-handle=rx] .hit")]

    def size() -> list[tuple[float, float]]:
        """Return the distances from the photo's corner: the page above it may have changed its height."""
        corner = oval.at(0, 0)
        return [(box["x"] - corner[0], box["y"] - corner[1]) for box in drawn() if box]

    before = size()
    oval.page.get_by_role("button", name="This isn't a pet's face").click()
    expect(oval.live).to_have_text("Is this the face?")
    assert size() != before
    oval.page.get_by_role("button", name="This isn't a pet's face").click()
    expect(oval.page.locator("#head")).to_have_attribute("data-state", "none")
    for _ in range(2):
        oval.page.get_by_role("button", name="Undo").click()
        expect(oval.live).to_have_text("Undone.")
        oval.live.evaluate("element => { element.textContent = '' }")
    expect(oval.page.locator("#head")).to_have_attribute("data-was", "question")
    assert [axis for point in size() for axis in point] == pytest.approx(
        [axis for point in before for axis in point], abs=1
    )


@pytest.mark.slow
def test_pinch_and_twist(oval: Oval, photo: Photo) -> None:
    x, y = oval.at(0.3, 0.4)
    oval.fingers([(x - 20, y), (x + 20, y)], [(x - 30, y), (x + 30, y)], [(x, y - 40), (x, y + 40)])
    head = oval.saved(photo)
    assert changes(LEFT, head) == {"rx", "ry", "tilt"}
    assert (head.rx / LEFT.rx, head.ry / LEFT.ry, head.tilt) == pytest.approx((2, 2, 90), rel=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 1280])
def test_each_handle_changes_one_number(oval: Oval, photo: Photo, width: int) -> None:
    oval.page.set_viewport_size({"width": width, "height": 900})
    oval.page.reload()
    oval.stage.scroll_into_view_if_needed()
    before = LEFT
    for name, way in (("rx", (12, 0)), ("ry", (0, 14)), ("tilt", (25, 0))):
        x, y = oval.handle(name)
        oval.drag((x, y), (x + way[0], y + way[1]))
        after = oval.saved(photo)
        assert changes(before, after) == {name}
        assert after.as_json[name] > before.as_json[name]
        before = after
        # The next change is announced again.
        oval.live.evaluate("element => { element.textContent = '' }")


@pytest.mark.slow
def test_tap_on_another_pet_takes_its_oval(oval: Oval, photo: Photo) -> None:
    oval.page.touchscreen.tap(*oval.at(0.75, 0.73))
    assert oval.saved(photo) == RIGHT
    expect(oval.page.get_by_role("button", name="Choose this one")).to_have_count(1)


@pytest.mark.slow
def test_button_of_another_pet_takes_its_oval(oval: Oval, photo: Photo) -> None:
    oval.page.get_by_role("button", name="Choose this one").press("Enter")
    assert oval.saved(photo) == RIGHT


@pytest.mark.slow
def test_tap_elsewhere_keeps_the_size(oval: Oval, photo: Photo) -> None:
    oval.page.touchscreen.tap(*oval.at(0.2, 0.85))
    head = oval.saved(photo)
    assert changes(Head(0.2, 0.85, LEFT.rx, LEFT.ry, LEFT.tilt), head) <= {"x", "y"}
    assert (head.x, head.y) == pytest.approx((0.2, 0.85), abs=0.01)


@pytest.mark.slow
def test_keys_move_resize_and_tilt(oval: Oval, photo: Photo) -> None:
    oval.page.get_by_role("application").focus()
    for key in ("ArrowRight", "Shift+ArrowDown", "+", "]", "Shift+]"):
        oval.page.keyboard.press(key)
    head = oval.saved(photo)
    expected = (LEFT.x + 0.01, LEFT.y + 0.05, LEFT.rx * 1.05, LEFT.ry * 1.05, 12)
    assert tuple(head.as_json.values()) == pytest.approx(expected, abs=0.002)
    expect(oval.page.get_by_role("application")).to_be_focused()


@pytest.mark.slow
def test_order_waits_until_the_head_is_saved(oval: Oval, photo: Photo) -> None:
    oval.page.get_by_role("radio", name="Tango").check(force=True)
    oval.page.get_by_role("application").focus()
    oval.page.keyboard.press("Shift+ArrowRight")
    oval.page.get_by_role("button", name="Make video").click()
    expect(oval.page.get_by_role("heading", name="Tango")).to_be_visible()
    head = Head.from_json(Video.objects.latest("created_at").head)
    assert head
    assert head.x == pytest.approx(LEFT.x + 0.05, abs=0.002)


@pytest.mark.slow
def test_sliders_save_too(oval: Oval, photo: Photo) -> None:
    oval.page.locator(".head-fine > summary").click()
    tilt = oval.page.get_by_label("Head tilt", exact=True)
    tilt.press("ArrowRight")
    assert changes(LEFT, oval.saved(photo)) == {"tilt"}
    expect(tilt).to_have_attribute("aria-valuetext", "1 degree")


@pytest.mark.slow
def test_old_previews_disappear_and_the_chosen_one_is_made_again(page: Page, logged_in: str, photo: Photo) -> None:
    Photo.objects.update(head_confidence=0.9)
    photo.refresh_from_db()
    for dance in ("disco", "tango"):
        preview = photo.preview_of(BY_SLUG[dance], timezone.now())
        name = default_storage.save(preview.storage_name, ContentFile(b"a clip"))
        Preview.objects.filter(pk=preview.pk).update(file=name, due_at=None)
    oval = Oval(page, f"{logged_in}{photo.get_absolute_url()}?dance=disco")
    assert page.locator(".clip").count() == 2
    page.locator(".head > summary").click()
    held: list[Route] = []
    page.route("**/head/", lambda route: held.append(route))
    oval.drag(oval.at(0.3, 0.4), oval.at(0.5, 0.3))
    expect(page.locator(".clip").first).to_be_hidden()
    held[0].continue_()
    oval.saved(photo)
    expect(page.locator(".clip")).to_have_count(0)
    expect(page.locator("#moving-disco .coming")).to_have_count(1)
    expect(page.locator("#moving-tango button.see")).to_have_count(1)
    assert [preview.dance for preview in Preview.objects.filter(file="")] == ["disco"]


@pytest.mark.slow
def test_poll_brings_the_head_but_never_under_a_finger(page: Page, logged_in: str, live_owner: Any) -> None:
    photo = Photo.objects.get()
    Photo.objects.update(due_at=timezone.now(), cutout_info={})
    oval = Oval(page, logged_in + photo.get_absolute_url())
    summary = page.locator(".head > summary")
    expect(summary).to_contain_text("Cutting out your pet")
    height = summary.evaluate("element => element.offsetHeight")
    propose(photo, LEFT, RIGHT, confidence=0.5)
    # The page goes on polling.
    Photo.objects.update(due_at=timezone.now())
    expect(summary).to_contain_text("Is this your pet's face?")
    assert summary.evaluate("element => element.offsetHeight") == height
    summary.click()
    page.mouse.move(*oval.at(0.3, 0.4))
    page.mouse.down()
    page.mouse.move(*oval.at(0.5, 0.5), steps=3)
    propose(photo, RIGHT, LEFT, confidence=0.9)
    page.wait_for_timeout(4500)
    expect(summary).to_contain_text("Is this your pet's face?")
    page.mouse.up()
    assert oval.saved(photo).x == pytest.approx(0.5, abs=0.01)


@pytest.mark.slow
def test_refused_answer_can_be_sent_again(oval: Oval, photo: Photo, settings: Any) -> None:
    settings.PREVIEWS_PER_HOUR = 0
    oval.drag(oval.at(0.3, 0.4), oval.at(0.5, 0.3))
    expect(oval.live).to_contain_text("Not saved. You've reached the limit of 0 tries an hour.")
    settings.PREVIEWS_PER_HOUR = 10
    oval.page.get_by_role("button", name="Try again").click()
    assert oval.saved(photo).x == pytest.approx(0.5, abs=0.01)


@pytest.mark.slow
def test_an_oval_on_a_persons_face_is_not_saved(oval: Oval, photo: Photo) -> None:
    Photo.objects.update(cutout_info=photo.cutout_info | {"faces": [[0.4, 0.2, 0.6, 0.4]]})
    oval.drag(oval.at(0.3, 0.4), oval.at(0.5, 0.3))
    expect(oval.live).to_have_text(f"Not saved. {ON_FACE}")
    expect(oval.page.locator("[data-head-said]")).to_have_text(f"Not saved. {ON_FACE}")
    photo.refresh_from_db()
    assert (photo.oval, photo.head_source) == (LEFT, "detector")
    oval.drag(oval.at(0.5, 0.3), oval.at(0.7, 0.6))
    assert oval.saved(photo).x == pytest.approx(0.7, abs=0.01)


@pytest.mark.slow
def test_try_again_repeats_the_answer(oval: Oval, photo: Photo, settings: Any) -> None:
    """It does not save the oval if the owner has said that there is no head."""
    settings.PREVIEWS_PER_HOUR = 0
    oval.page.get_by_role("button", name="No head in this photo").click()
    expect(oval.live).to_contain_text("Not saved.")
    settings.PREVIEWS_PER_HOUR = 10
    oval.page.get_by_role("button", name="Try again").click()
    expect(oval.page.locator("#head")).to_have_attribute("data-state", "none")
    photo.refresh_from_db()
    assert (photo.oval, photo.head_source) == (None, "owner")


@pytest.mark.slow
def test_an_answer_without_a_connection_is_not_saved(oval: Oval) -> None:
    oval.page.route("**/head/", lambda route: route.abort())
    oval.page.get_by_role("button", name="Yes, that's the face").tap()
    expect(oval.live).to_have_text("Not saved. Check your connection and try again.")
    oval.page.unroute("**/head/")
    oval.page.get_by_role("button", name="Try again").tap()
    expect(oval.live).to_have_text("Saved. The previews will update in a moment.")


@pytest.mark.slow
def test_a_slow_answer_shows_that_it_is_saved(oval: Oval, photo: Photo) -> None:
    held: list[Route] = []
    oval.page.route("**/head/", lambda route: held.append(route))
    oval.page.get_by_role("button", name="Yes, that's the face").tap()
    expect(oval.page.locator("[data-head-said]")).to_have_text("Saving…")
    held[0].continue_()
    assert oval.saved(photo) == LEFT


@pytest.mark.slow
def test_without_javascript(
    new_context: CreateContextCallback, live_owner: Any, live_server: Any, photo: Photo
) -> None:
    context = new_context(java_script_enabled=False)
    log_in(context, live_owner, live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}{photo.get_absolute_url()}?dance=tango&format=square")
    page.get_by_label("Head tilt", exact=True).fill("30")
    page.get_by_label("Head from the left").fill("0.5")
    page.get_by_role("button", name="Save head").click()
    expect(page.locator(".head > summary")).to_contain_text("Your pet's head")
    expect(page).to_have_url(f"{live_server.url}{photo.get_absolute_url()}?dance=tango&format=square&x=0.5&y=0.42#head")
    photo.refresh_from_db()
    assert photo.oval == Head(0.5, 0.4, 0.1, 0.12, 30)


@pytest.mark.slow
@pytest.mark.parametrize("state", ["question", "known", "person", "missing", "waiting"])
def test_every_state_is_accessible(page: Page, logged_in: str, photo: Photo, state: str) -> None:
    if state == "known":
        Photo.objects.update(head_confidence=0.9)
    elif state == "person":
        Photo.objects.update(cutout_info=photo.cutout_info | {"faces": [[0.2, 0.3, 0.4, 0.5]]}, head_source="owner")
    elif state != "question":
        Photo.objects.update(head=None, head_source="" if state == "waiting" else "detector")
        Photo.objects.update(due_at=timezone.now() if state == "waiting" else None)
    page.goto(logged_in + photo.get_absolute_url())
    expect(page.locator("#head")).to_have_attribute("data-state", state)
    page.evaluate("document.querySelectorAll('#head details').forEach(details => { details.open = true })")
    errors = {}
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            if found := violations(page):
                errors[width, scheme] = found
    assert errors == {}
