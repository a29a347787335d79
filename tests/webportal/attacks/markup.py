"""What a browser would run of a page, and what a reader would see of it."""

from html.parser import HTMLParser

from webportal.common.headers import DASH_STARTER

SCRIPTED = ("href", "src", "action", "formaction", "xlink:href", "data", "srcdoc")


class Reader(HTMLParser):
    """Collects what a browser would run of a page, and its texts and values of attributes, with entities resolved."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.texts: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name.lower(): value or "" for name, value in attrs}
        self.texts += attributes.values()
        self.found += [f"{name}={value}" for name, value in attributes.items() if name.startswith("on")]
        self.found += [
            f"{name}={value}"
            for name, value in attributes.items()
            if name in SCRIPTED and value.strip().lower().startswith(("javascript:", "data:text", "vbscript:"))
        ]
        self._inside = tag if tag == "script" and "src" not in attributes else ""
        if tag == "script" and attributes.get("type") == "application/json":
            self._inside = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = ""

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._inside and data.strip():
            self.found.append(data.strip())


def read(page: str) -> Reader:
    """Parse a page as a browser does."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


def dangers(page: str) -> list[str]:
    """Return what a browser would run of a page, but the one script that we let run."""
    return [each for each in read(page).found if each != DASH_STARTER]


def shows(page: str, text: str) -> bool:
    """Tell whether a reader sees `text`, whole and as a text: in the page or in a field; spaces may be others."""
    wanted = " ".join(text.split())
    return any(wanted in " ".join(each.split()) for each in read(page).texts)
