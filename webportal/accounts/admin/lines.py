"""Form fields that hold one entry a line."""

from typing import Any

from django import forms


class LinesField(forms.CharField):
    """A text area whose value is the list of its lines: stripped, each once, blank ones left out."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Show a list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override] # noqa: ANN401 - a list in place of a text
        """Read lines as a list."""
        lines = (line.strip() for line in (value or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:  # noqa: ANN401 - Django's signature
        """Compare lists, whatever the white space between their entries."""
        return list(initial or []) != self.to_python(data)
