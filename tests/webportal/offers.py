"""The links and forms of a page, and what somebody sends who fills all of a form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.utils import timezone

Sent = dict[str, list[str]]

TICKED = ("_selected_action", "task", "number")
"""Boxes that an action needs; other boxes stay as the page gives them."""

BY_KIND = {"email": "newcomer@example.com", "password": "another horse staple 7"}
"""What is typed into fields of a kind whose name says nothing."""

HIDDEN_FROM_COMPARISON = ("csrfmiddlewaretoken", "token")


@dataclass
class Field:
    """A field of a form: its name, the kind of its input, its value, and the values to choose from, if it has some."""

    name: str
    kind: str
    value: str
    required: bool = False
    options: list[str] = field(default_factory=list)

    def filled(self, typed: Mapping[str, str]) -> str:
        """Return the value that the field is sent with."""
        if self.value or self.kind == "hidden":
            return self.value
        if self.kind == "select" and self.options:
            return next(filter(None, self.options), "")
        if self.kind == "date":
            return str(timezone.now().date() + timedelta(days=1))
        return typed.get(self.name) or BY_KIND.get(self.kind) or ("typed" if self.required else "")


@dataclass
class Form:
    """A form of a page: its address, its fields, its buttons with their names and values."""

    action: str
    method: str
    ident: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def fillings(self, typed: Mapping[str, str]) -> Iterator[Sent]:
        """Yield what each button sends; of a list with actions, what each action sends for each row."""
        actions = next((each.options for each in self.fields if each.name == "action" and each.options), [])
        if actions:
            rows = [each.value for each in self.fields if each.name == "_selected_action"]
            for action in filter(None, actions):
                yield from ({"action": [action], "index": ["0"], "_selected_action": [row]} for row in rows)
            return
        filled: Sent = {}
        for each in self.fields:
            if each.name:
                filled.setdefault(each.name, []).append(each.filled(typed))
        for name, value in self.buttons:
            yield {**filled, **({name: [value]} if name else {})}

    def asks_to_confirm(self) -> bool:
        """Tell whether this is the form of a page that asks before an action of a list runs."""
        return any(each.kind == "hidden" and each.name in ("confirmed", "post") for each in self.fields)


class Offers(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select: Field | None = None
        self._elsewhere: list[tuple[str, Field | tuple[str, str]]] = []
        self.feed(page)
        for ident, part in self._elsewhere:
            self._put([form for form in self.forms if form.ident == ident], part)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower(), given.get("id", ""))
            self.forms.append(self._open)
        elif tag == "option" and self._select is not None:
            self._select.options.append(given.get("value", ""))
            if "selected" in given:
                self._select.value = given.get("value", "")
        elif tag in ("input", "textarea", "select", "button") and "disabled" not in given:
            self._take(tag, given)

    def handle_data(self, data: str) -> None:
        if self._select is not None and self._select.kind == "textarea":
            self._select.value = (self._select.value + data).removeprefix("\n")  # the first line end is no content

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag in ("select", "textarea"):
            self._select = None

    def _take(self, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        kind = given.get("type", "submit" if tag == "button" else "text") if tag in ("input", "button") else tag
        part: Field | tuple[str, str] = Field(name, kind, value, "required" in given)
        if kind in ("reset", "button", "file", "image"):
            return
        if kind == "submit":
            part = (name, value)
        elif kind in ("radio", "checkbox"):
            if "checked" not in given and name not in TICKED:
                return
            part = Field(name, kind, given.get("value", "on"))
        elif isinstance(part, Field) and tag in ("select", "textarea"):
            self._select = part
        if "form" in given:  # the form may come later in the page
            self._elsewhere.append((given["form"], part))
        else:
            self._put([self._open] if self._open else [], part)

    @staticmethod
    def _put(forms: list[Form], part: Field | tuple[str, str]) -> None:
        for form in forms:
            if isinstance(part, Field):
                form.fields.append(part)
            else:
                form.buttons.append(part)


def gist(target: str, sent: Sent) -> tuple[object, ...]:
    """Return what two forms that do the same have in common."""
    kept = {name: tuple(values) for name, values in sent.items() if name not in HIDDEN_FROM_COMPARISON}
    parts = urlsplit(target)
    return (parts.path, "" if parts.path.startswith("/admin/") else parts.query, *sorted(kept.items()))
