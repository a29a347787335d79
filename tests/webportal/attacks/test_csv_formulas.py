"""No cell of a file that Encore sends is a formula, be it of the audit or of the list of customers."""

import csv
import io
from collections.abc import Callable, Iterable

import pytest
from django.test import Client

from tests.webportal.attacks.payloads import FORMULAS
from tests.webportal.attacks.walking import paths
from webportal.accounts.models import User
from webportal.audit.models import AuditEvent
from webportal.common.csv_export import rows_as_csv
from webportal.customers.models import Snapshot

BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")


def formulas(text: str) -> list[str]:
    """Return the cells that a spreadsheet would compute."""
    return [cell for row in csv.reader(io.StringIO(text)) for cell in row if cell.startswith(BEGINS)]


@pytest.mark.parametrize("payload", FORMULAS)
def test_the_test_would_see_it(payload: str) -> None:
    assert formulas(f'"{payload.replace(chr(34), chr(34) * 2)}",1\n')


@pytest.mark.parametrize("payload", FORMULAS)
def test_the_one_writer_of_csv_disarms_each_cell(payload: str) -> None:
    text = "".join(rows_as_csv(["who", "what"], [[payload, f"Anna {payload}"]]))
    assert formulas(text) == []
    assert payload.strip() in text.replace('""', '"')


def test_the_export_of_the_audit_is_harmless(browser_of: Callable[..., Client], administrator: User) -> None:
    for payload in FORMULAS:
        AuditEvent.objects.create(kind="viewed", actor=payload, subjects=[payload], purpose=payload, path=payload)
    response = browser_of(administrator).post("/admin/audit/auditevent/export/", {"purpose": "an enquiry"})
    text = read(response.streaming_content)  # type: ignore[attr-defined] # it streams
    assert response.headers["Content-Type"].startswith("text/csv")
    assert "HYPERLINK" in text
    assert formulas(text) == []


def test_every_csv_of_the_site_is_harmless(
    browser_of: Callable[..., Client], administrator: User, hostile_snapshot: Snapshot
) -> None:
    """Whatever address comes to send CSV, by GET or for a form with a purpose."""
    for payload in FORMULAS:
        AuditEvent.objects.create(kind="viewed", actor=payload, purpose=payload)
    browser, seen = browser_of(administrator), []
    for path in paths():
        for response in (browser.get(path), browser.post(path, {"purpose": "an enquiry"})):
            if response.headers.get("Content-Type", "").startswith("text/csv"):
                seen.append(path)
                assert (
                    formulas(read(response.streaming_content) if response.streaming else response.content.decode())
                    == []
                )
    assert sorted(seen) == ["/admin/audit/auditevent/export/", "/customers.csv"]


def read(chunks: Iterable[bytes]) -> str:
    return b"".join(chunks).decode()
