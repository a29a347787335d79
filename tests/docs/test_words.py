"""The docs use the words of the glossary, and its manner."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [page for page in sorted((ROOT / "docs").glob("*.md")) if page.name not in ("glossary.md", "features.md")]
AVOIDED = ["whom", "whoever", "whichever", "such as", "leavers?", "doubts?", "portrait", "mend(?:s|ed)?", "anew"]


def prose(page: Path) -> str:
    """Return the text of a page without code, addresses and quoted words of the portal."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r'`[^`\n]+`|\]\([^)]*\)|"[^"\n]*"', "", text)


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *PAGES], ids=lambda page: page.name)
def test_pages_avoid_words_of_their_own(page: Path) -> None:
    found = re.findall(rf"\b(?:{'|'.join(AVOIDED)})\b", prose(page), flags=re.IGNORECASE)
    assert found == [], f"{page.name}: docs/glossary.md names the words to use instead"
