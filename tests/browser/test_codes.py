"""The page of a code, on a phone and without JavaScript."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect
from pytest_playwright import CreateContextCallback

from tests.logins import code_in

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]
# A small phone whose keyboard is open: 640 pixels high, less 270 for the keyboard.
ABOVE_THE_KEYBOARD = 370
DRAWN = """() => {
  const boxes = [...document.querySelectorAll('.code-boxes i')].map(box => box.getBoundingClientRect())
  const input = document.querySelector('[name=code]')
  const style = getComputedStyle(input)
  const canvas = document.createElement('canvas').getContext('2d')
  canvas.font = style.font
  const digit = canvas.measureText('0').width
  const start = input.getBoundingClientRect().left + parseFloat(style.paddingLeft)
  const step = digit + parseFloat(style.letterSpacing)
  return boxes.map((box, place) => Math.abs(start + place * step + digit / 2 - (box.left + box.width / 2)))
}"""


def ask(page: Page, address: str) -> None:
    page.goto(f"{address}/account/login/")
    expect(page.get_by_label("Email")).to_be_focused()
    page.get_by_label("Email").fill("new@example.org")
    page.get_by_role("button", name="Email me a code").click()
    expect(page.get_by_label("Code")).to_be_focused()
    # The script has to be there before somebody types faster than any person.
    page.wait_for_load_state()


@pytest.fixture
def phone(page: Page, live_server, settings) -> Page:
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    page.set_viewport_size({"width": 360, "height": 640})
    return page


def test_typed_code_is_sent_with_the_sixth_digit(phone: Page, live_server) -> None:
    ask(phone, live_server.url)
    code = code_in(mail.outbox[0])
    phone.keyboard.type(code[:5])
    expect(phone.get_by_label("Code")).to_have_value(code[:5])
    expect(phone).to_have_url(re.compile("/login/code/confirm/"))
    phone.keyboard.type(code[5])
    expect(phone).to_have_url(f"{live_server.url}/photos/")


def test_pasted_code_may_have_spaces_and_dashes(phone: Page, live_server) -> None:
    ask(phone, live_server.url)
    code = code_in(mail.outbox[0])
    phone.get_by_label("Code").fill(f" {code[:3]} - {code[3:]} ")
    expect(phone).to_have_url(f"{live_server.url}/photos/")


def test_wrong_code_leaves_an_empty_focused_field(phone: Page, live_server) -> None:
    ask(phone, live_server.url)
    phone.keyboard.type(f"{(int(code_in(mail.outbox[0])) + 1) % 1_000_000:06}")
    field = phone.get_by_label("Code")
    expect(phone.get_by_text("That code isn't right. Check it and try again.")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    expect(field).to_have_accessible_description(re.compile("That code isn't right"))
    phone.keyboard.type(code_in(mail.outbox[0]))
    expect(phone).to_have_url(f"{live_server.url}/photos/")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_each_digit_stands_in_its_box(phone: Page, live_server, width: int) -> None:
    phone.set_viewport_size({"width": width, "height": 640})
    ask(phone, live_server.url)
    assert max(phone.evaluate(DRAWN)) < 2
    assert phone.evaluate("document.documentElement.scrollWidth") <= width


def test_keyboard_of_a_phone_hides_neither_field_nor_button(phone: Page, live_server) -> None:
    phone.goto(f"{live_server.url}/account/login/")
    bottoms = {"entrance": bottom(phone, "Email me a code")}
    ask(phone, live_server.url)
    bottoms["code"] = bottom(phone, "Continue")
    assert {name: place for name, place in bottoms.items() if place > ABOVE_THE_KEYBOARD} == {}


def bottom(page: Page, button: str) -> float:
    box = page.get_by_role("button", name=button, exact=True).bounding_box()
    assert box
    return box["y"] + box["height"]


def test_new_code_has_to_wait(phone: Page, live_server) -> None:
    ask(phone, live_server.url)
    expect(phone.get_by_role("button", name=re.compile(r"Send a new code \(\d+ s\)"))).to_be_disabled()


def test_code_works_without_javascript(new_context: CreateContextCallback, live_server) -> None:
    page = new_context(java_script_enabled=False).new_page()
    ask(page, live_server.url)
    code = code_in(mail.outbox[0])
    page.get_by_label("Code").fill(f"{code[:3]} {code[3:]}")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(f"{live_server.url}/photos/")
