"""Accessibility checks with axe, run inside a page."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RUN = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ['violations'] })
  return violations.map(rule => [rule.id, rule.nodes.map(node => node.html)])
}"""


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Return the rules that the current page violates, each with the HTML of the offending elements."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN)
