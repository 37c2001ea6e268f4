"""Parts of pages, for tests."""

import re


def without_large_picture(page: str) -> str:
    """Return the dance page without its large picture, which repeats what one of the cards shows."""
    return re.sub(r'<figure class="preview.*?</figure>', "", page, flags=re.DOTALL)
