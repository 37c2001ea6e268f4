"""Templates mark every sentence for translation. See docs/translation.md."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template.base import Lexer, Token, TokenType

ROOT = Path(settings.BASE_DIR)
# Pages for development are in English; the other one is a list of CSS classes.
IN_ENGLISH = ("templates/dev/", "templates/allauth/elements/button_kind.html")
TEMPLATES = [
    name
    for name in sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*"))
    if name.endswith((".html", ".txt")) and not name.startswith(IN_ENGLISH)
]
# Names and technical words, the same in every language.
WORDS = ("PetGroove", "UTC", "GIF", "MP4", "Google", "Runway", "Telegram", "WhatsApp")
# Attributes that people read or hear.
ATTRIBUTES = {"alt", "title", "aria-label", "aria-description", "placeholder", "label"}
SOCIAL = {"description", "og:title", "og:description", "og:image:alt", "og:site_name"}
# The value of such an attribute may be a sentence for a script.
SENTENCE = re.compile(r"[A-Z][a-z]+\S*\s+\S+|[a-z]{2,}\s+[a-z]{2,}")
# A string in a tag or a variable: {% include … with words="Sign up" %}, {{ name|default:"Your pet" }}.
STRING = re.compile(r"""(_\()?(?:"([^"]*)"|'([^']*)')""")
# Tags and filters whose strings nobody reads.
TECHNICAL = re.compile(r"^(?:load|url|static|script|extends|get_\w+|cycle|if|elif|block|lorem|regroup|partial|slot)\b")
FILTERS = re.compile(r"""\|(?:date|time|stringformat|slice|cut|join|add|yesno|floatformat):(?:"[^"]*"|'[^']*')""")
# Arguments of includes that are classes and names.
NAMES = re.compile(r"""\b(?:class|kind|name|style)=(?:"[^"]*"|'[^']*')""")
# Blocks of CSS classes.
CLASSES = re.compile(r"block (?:(?:body|main)_class|bodyclass|coltype)\b")
# Stands for what a tag or a variable puts into a text, an attribute or a tag.
FILLED = " "
# A template or a partial with attributes only, which is included in a tag.
IS_ATTRIBUTES = re.compile(r'\s*[\w-]+="[^<]*$')
ATTRIBUTES_ALONE = re.compile(r'[\w-]+="[^"]*"(?:\s+formnovalidate)?')


def has_words(text: str) -> bool:
    """Return whether a text has a word of at least two letters, apart from ``WORDS`` and character references."""
    text = re.sub(r"&#?\w+;", " ", text)
    return any(word not in WORDS for word in re.findall(r"[^\W\d_]{2,}", text))


class Reader(HTMLParser):
    """Collects the texts of a page in which ``FILLED`` stands for what the template fills in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.texts: list[str] = []
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in ("script", "style", "code")
        values = dict(attrs)
        is_social = values.get("name") in SOCIAL or values.get("property") in SOCIAL
        for name, value in attrs:
            is_read = name in ATTRIBUTES or (name == "content" and is_social)
            is_sentence = name.startswith("data-") and not name.startswith("data-hx-") and SENTENCE.search(value or "")
            if value and (is_read or is_sentence) and has_words(value):
                self.texts.append(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in ("script", "style", "code")

    def handle_data(self, data: str) -> None:
        data = ATTRIBUTES_ALONE.sub(" ", data)
        if not self.unread and has_words(data):
            self.texts.append(" ".join(data.split()))


def strings_in(token: Token) -> Iterator[str]:
    """Yield the unmarked strings of a tag or variable that people may read."""
    if token.token_type == TokenType.BLOCK and (TECHNICAL.match(token.contents) or is_translation(token)):
        return
    contents = NAMES.sub("", FILTERS.sub("", token.contents))
    # The first string of an include is the name of a template.
    contents = re.sub(r"""^include\s+(?:"[^"]*"|'[^']*')""", "", contents)
    for mark, double, single in STRING.findall(contents):
        text = double or single
        if not mark and has_words(text) and (SENTENCE.search(text) or re.fullmatch(r"[A-Z][a-z]+", text)):
            yield text


def is_translation(token: Token) -> bool:
    return bool(re.match(r"(?:blocktrans|translate|trans)", token.contents))


def unmarked(source: str, *, is_html: bool) -> list[str]:
    """Return the texts of a template that are not marked for translation."""
    page, found, until = [], [], ""
    for token in Lexer(source).tokenize():
        contents = token.contents
        if until:
            until = "" if token.token_type == TokenType.BLOCK and contents.split()[0] == until else until
        elif token.token_type == TokenType.TEXT:
            page.append(contents)
        elif token.token_type != TokenType.COMMENT:
            found += strings_in(token)
            if block := re.match(r"blocktrans(?:late)?\b|comment\b", contents):
                until = f"end{block[0]}"
            elif CLASSES.match(contents):
                until = "endblock"
            page.append(FILLED)
    text = "".join(page)
    if not is_html:
        return found + ([" ".join(text.split())] if has_words(text) else [])
    reader = Reader()
    reader.feed(f"<p {text}>" if IS_ATTRIBUTES.match(text) else text)
    reader.close()
    return found + reader.texts


def read(name: str) -> list[str]:
    return unmarked((ROOT / name).read_text(), is_html=name.endswith(".html"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_marks_its_texts(name: str) -> None:
    assert read(name) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>Make video</p>", ["Make video"]),
        ('<p>{% translate "Make video" %}</p>', []),
        ("<p>{% blocktranslate trimmed %}Hi {{ name }}, go{% endblocktranslate %}</p>", []),
        ("<p>{{ count }} credit{{ count|pluralize }}</p>", ["credit"]),
        ('<img alt="A dog" src="{% static \'a dog.png\' %}">', ["A dog"]),
        ('<img alt="{% translate \'A dog\' %}" class="big dog">', []),
        ('<button data-copied="Copied it" data-kind="quiet">{{ x }}</button>', ["Copied it"]),
        ('<meta name="description" content="A page"><meta name="viewport" content="a=b">', ["A page"]),
        ('{% include "a.html" with words="Sign up" %}{% include "a b.html" with words=_("Sign up") %}', ["Sign up"]),
        ('{{ name|default:"Your pet" }}{{ at|date:"F j, Y" }}', ["Your pet"]),
        ('<li{% if now %} class="lit"{% endif %}{% if x %} hidden{% endif %}>{{ x }}</li>', []),
        ('data-kind="{{ kind }}" title="A dog"', ["A dog"]),
        ("{% block main_class %}page narrow{% endblock %}", []),
        ("{# Some words #}{% comment %}Some words{% endcomment %}<!-- Some words -->", []),
        ("<style>p { margin: 0 }</style><script>let some = words</script>PetGroove &nbsp; <code>curl it</code>", []),
    ],
)
def test_unmarked_texts_are_found(source: str, expected: list[str]) -> None:
    assert unmarked(source, is_html=True) == expected


def test_unmarked_texts_of_emails_are_found() -> None:
    assert unmarked("{% load i18n %}Your code: {{ code }}", is_html=False) == ["Your code:"]
