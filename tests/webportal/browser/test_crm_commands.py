"""What docs/crm.md shows for the API, run as it stands there, with a token made in the administration."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.webportal.browser import harness
from tests.webportal.browser.conftest import Portal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]
SHOWN = "https://encore.example"


def token_for_the_agent(browser: Browser, portal: Portal) -> str:
    with browser.new_context(viewport=harness.DESKTOP) as context:
        page = context.new_page()
        harness.sign_in(page, portal.address, "admin", portal.passwords["admin"])
        page.goto(f"{portal.address}/admin/api/apitoken/add/")
        page.locator(".select2-selection").click()
        page.locator(".select2-search__field").fill("agent")
        page.get_by_role("option", name=re.compile("agent")).click()
        page.get_by_label("Name").fill("telephone")
        page.get_by_role("button", name="Save", exact=True).click()
        found = re.search(r"encore_[A-Za-z0-9_-]{20,}", page.inner_text("body"))
        assert found, page.inner_text("body")
        return found[0]


def test_calls_of_the_docs(portal: Portal, browser: Browser) -> None:
    text = (Path(__file__).parents[3] / "docs" / "crm.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```sh\n(API=.*?)^```", text, re.MULTILINE | re.DOTALL)
    (card,) = re.findall(r"^ +(curl .*/card/)$", text, re.MULTILINE)
    script = f"{block}\n{card}\n".replace(SHOWN, portal.address)
    script = script.replace("curl ", "curl --silent --show-error --fail-with-body --noproxy '*' --write-out '\\n' ")
    done = subprocess.run(
        ["bash", "-e"],
        input=script,
        env={"TOKEN": token_for_the_agent(browser, portal), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == script.count("curl ")
    assert answers[3]["customer"]["customer_number"] == "300001"
    assert answers[-2]["outcome"] == "kept"
    assert answers[-1]["url"].startswith(portal.address)
