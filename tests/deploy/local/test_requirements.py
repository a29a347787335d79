import json
import sys
from pathlib import Path

import pytest

from deploy.local import requirements as auditing
from deploy.local.requirements import Finding, UnansweredError, ask, audit

FLAWED = {
    "dependencies": [
        {"name": "django", "version": "5.2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["5.2.1"]}]},
        {"name": "numpy", "version": "2.0", "vulns": []},
        {"name": "odd", "skip_reason": "not found"},
    ]
}


def answering(text: str, code: int = 0, complaint: str = "") -> list[str]:
    """Return a command in place of the auditor, which reaches for the network."""
    program = f"import sys; sys.stdout.write({text!r}); sys.stderr.write({complaint!r}); sys.exit({code})"
    return [sys.executable, "-c", program]


def test_reads_what_the_service_knows() -> None:
    found = ask(Path("requirements.txt"), answering(json.dumps(FLAWED), code=1))
    assert found == [Finding("django", "5.2.0", "PYSEC-1", ("5.2.1",))]
    assert str(found[0]) == "django 5.2.0: PYSEC-1, fixed in 5.2.1"


def test_an_accepted_advisory_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "ACCEPTED", {"PYSEC-1": "not called by Encore"})
    assert ask(Path("requirements.txt"), answering(json.dumps(FLAWED), code=1)) == []


@pytest.mark.parametrize("answer", ["", "<html>", "{}", "[]"])
def test_no_answer_is_told_from_a_good_one(answer: str) -> None:
    with pytest.raises(UnansweredError, match="no route to host"):
        ask(Path("requirements.txt"), answering(answer, code=1, complaint="Traceback\nno route to host\n"))


@pytest.mark.parametrize(
    ("findings", "code", "words"),
    [
        ([Finding("django", "5.2.0", "PYSEC-1", ())], 1, "no fix yet"),
        ([], 0, "no known vulnerability"),
        (UnansweredError("no route"), 0, "NOT DONE"),
    ],
)
def test_fails_for_a_vulnerability_and_says_when_nobody_could_be_asked(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    findings: list[Finding] | UnansweredError,
    code: int,
    words: str,
) -> None:
    def asked(requirements: Path) -> list[Finding]:
        if isinstance(findings, UnansweredError):
            raise findings
        return findings

    monkeypatch.setattr(auditing, "ask", asked)
    assert audit(Path()) == code
    printed = capsys.readouterr()
    assert words in printed.out + printed.err
