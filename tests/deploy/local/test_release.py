"""Releases of a small project in a git repository of its own, with its own `make` and a container engine of stubs."""

import json
import os
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest
import yaml

from deploy.local.console import LocalError
from deploy.local.release import DOCKERFILE, IMAGES, main, make_release, plan, unreleased, with_version
from deploy.local.settings import version_of

ROOT = Path(__file__).parents[3]
DAY = date(2026, 12, 1)
CHANGELOG = """\
# Changelog

## [Unreleased]

### Added

- A page for teams.

### Removed

### Fixed

- A date that was a day early.

## [0.1.0] - 2026-01-05

### Added

- Everything.
"""
FILES = {
    "pyproject.toml": '[build-system]\nrequires = []\n\n[project]\nname = "encore"\nversion = "0.1.0"\n\n'
    '[tool.other]\nversion = "7"\n',
    "CHANGELOG.md": CHANGELOG,
    "requirements.txt": "# pinned\ndjango==5.2.8\nxgboost-cpu==3.2.0 ; sys_platform == 'linux'\n",
    "Makefile": "check test-all:\n\t@echo $@ >>../ran; test ! -e ../fail-$@\n",
    ".gitignore": "/dist/\n",
}
ENGINE = """#!/bin/sh
[ "$1" != info ] || exit {info}
echo "$(git show --format= --name-only | tr '\\n' ' ') $*" >>../built
exit {build}
"""


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def _own_git_and_no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)  # of a hook that runs the tests: it would turn git to the real repository
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    engine(tmp_path, "docker", info=1)
    engine(tmp_path, "podman", info=1)


def engine(folder: Path, name: str, info: int = 0, build: int = 0) -> None:
    program = folder / "bin" / name
    program.parent.mkdir(exist_ok=True)
    program.write_text(ENGINE.format(info=info, build=build), encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "clone"
    root.mkdir()
    for name, text in FILES.items():
        (root / name).write_text(text, encoding="utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "config", "user.name", "Release")
    git(root, "config", "user.email", "release@encore.example")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "Begin")
    return root


def state(root: Path) -> tuple[str, ...]:
    """Return everything that a release that fails leaves as it was."""
    files = [str(path) for path in (root / "dist").rglob("*") if path.is_file()]
    return (git(root, "rev-parse", "HEAD"), git(root, "status", "--porcelain"), git(root, "tag"), *files)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_makes_version_changelog_commit_and_tag(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_release(root, "0.2.0", DAY)
    assert read(tmp_path / "ran").split() == ["check", "test-all"]
    assert git(root, "log", "--format=%s").splitlines() == ["Release 0.2.0", "Begin"]
    assert git(root, "show", "--format=", "--name-only").split() == ["CHANGELOG.md", "pyproject.toml"]
    assert git(root, "status", "--porcelain") == ""
    assert read(root / "pyproject.toml") == FILES["pyproject.toml"].replace('"0.1.0"', '"0.2.0"')
    assert read(root / "CHANGELOG.md") == CHANGELOG.replace(
        "[Unreleased]", "[Unreleased]\n\n## [0.2.0] - 2026-12-01"
    ).replace("### Removed\n\n", "")
    assert git(root, "cat-file", "-t", "v0.2.0") == "tag"
    assert git(root, "rev-parse", "v0.2.0^{commit}") == git(root, "rev-parse", "HEAD")
    changes = "## Added\n\n- A page for teams.\n\n## Fixed\n\n- A date that was a day early.\n"
    notes = f"# Encore 0.2.0 (2026-12-01)\n\n{changes}"
    assert read(root / "dist/encore-0.2.0/notes.md") == notes
    assert git(root, "for-each-ref", "--format=%(contents)", "refs/tags/v0.2.0") == notes.strip()
    assert "IMAGES NOT BUILT" in capsys.readouterr().out


def test_the_last_line_says_how_to_push_and_the_next_release_starts_there(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "hub.git")
    git(root, "remote", "add", "origin", str(tmp_path / "hub.git"))
    make_release(root, "0.2.0", DAY, tests=False)
    assert git(root, "ls-remote", "origin") == ""
    command = capsys.readouterr().out.rpartition("git push ")[2].split()
    git(root, "push", "--quiet", *command)
    assert "refs/tags/v0.2.0" in git(root, "ls-remote", "origin")
    with pytest.raises(LocalError, match="no change under Unreleased"):
        plan(root, "0.2.1", DAY)


def test_whoever_ran_the_tests_leaves_them_out(root: Path, tmp_path: Path) -> None:
    assert main(["0.2.0", "--skip-tests=yes"], root) == 0
    assert read(tmp_path / "ran").split() == ["check"]


def test_the_bill_of_materials_is_cyclonedx(root: Path) -> None:
    make_release(root, "0.2.0", DAY, tests=False)
    bom = json.loads(read(root / "dist/encore-0.2.0/sbom.cdx.json"))
    assert (bom["bomFormat"], bom["metadata"]["component"]["version"]) == ("CycloneDX", "0.2.0")
    assert [each["purl"] for each in bom["components"]] == ["pkg:pypi/django@5.2.8", "pkg:pypi/xgboost-cpu@3.2.0"]


def test_images_are_built_of_the_commit_and_tagged_with_the_version(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine(tmp_path, "podman")
    make_release(root, "0.2.0", DAY, tests=False)
    for line, target in zip(read(tmp_path / "built").splitlines(), ("portal", "pipeline"), strict=True):
        assert line.startswith(f"CHANGELOG.md pyproject.toml  build --file deploy/images/Dockerfile --target {target} ")
        assert f"--tag encore-{target}:0.2.0 " in line
        assert f"image.revision={git(root, 'rev-parse', 'HEAD')} ." in line
    assert "images: encore-portal:0.2.0, encore-pipeline:0.2.0" in capsys.readouterr().out


def test_images_are_those_of_the_compose_file() -> None:
    services = [each for each in yaml.safe_load(read(ROOT / "compose.yaml"))["services"].values() if "build" in each]
    assert {(each["image"], each["build"]["target"]) for each in services} == {
        (f"encore-{name}", name) for name in IMAGES
    }
    assert {each["build"]["dockerfile"] for each in services} == {DOCKERFILE}


@pytest.mark.parametrize("version", ["", "0.2", "v0.2.0", "0.2.0.1", "0.02.0", "0.2.0-rc.1", "0.2.0+1", "0.2.0\n"])
def test_refuses_what_is_no_version(root: Path, version: str) -> None:
    with pytest.raises(LocalError, match="is no version of SemVer"):
        plan(root, version, DAY)


@pytest.mark.parametrize(("present", "version"), [("0.1.0", "0.1.0"), ("0.10.0", "0.9.9"), ("1.0.0", "0.99.99")])
def test_refuses_a_version_that_is_not_newer(root: Path, present: str, version: str) -> None:
    project = root / "pyproject.toml"
    project.write_text(with_version(read(project), present), encoding="utf-8")
    with pytest.raises(LocalError, match=f"{version} is not newer than {present}"):
        plan(root, version, DAY)


@pytest.mark.parametrize("name", ["requirements.txt", "new.txt"])
def test_refuses_a_tree_that_is_not_clean(root: Path, name: str) -> None:
    (root / name).write_text("changed", encoding="utf-8")
    with pytest.raises(LocalError, match=rf"is not clean[^\n]+\n.* {name}"):
        plan(root, "0.2.0", DAY)


def test_refuses_another_branch_and_a_tag_that_exists(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(root, "tag", "v0.2.0")
    git(root, "switch", "--quiet", "--create", "topic")
    assert main(["0.2.0"], root) == 1
    assert "is on topic: a release is made of main" in capsys.readouterr().err
    git(root, "switch", "--quiet", "main")
    assert main(["0.2.0"], root) == 1
    assert "The tag v0.2.0 exists already" in capsys.readouterr().err


def test_refuses_a_changelog_without_changes() -> None:
    with pytest.raises(LocalError, match="has no section"):
        unreleased("# Changelog\n\n## [0.1.0] - 2026-01-05\n\n- Everything.\n")
    with pytest.raises(LocalError, match="no change under Unreleased"):
        unreleased("## [Unreleased]\n\n### Added\n\n## [0.1.0] - 2026-01-05\n\n- Everything.\n")
    assert unreleased("## [Unreleased]\n- One.\n\n[Unreleased]: https://encore.example\n") == "- One."


@pytest.mark.parametrize("target", ["check", "test-all"])
def test_a_failure_of_make_ends_it(root: Path, tmp_path: Path, target: str) -> None:
    before = state(root)
    (tmp_path / f"fail-{target}").touch()
    with pytest.raises(LocalError, match=f"`make {target}` failed"):
        make_release(root, "0.2.0", DAY)
    assert state(root) == before


def test_refuses_a_commit_that_the_tests_did_not_see(root: Path) -> None:
    (root / "Makefile").write_text("check:\n\t@git commit --quiet --allow-empty --message=other\n", encoding="utf-8")
    git(root, "commit", "--quiet", "--all", "--message", "Another make")
    with pytest.raises(LocalError, match="another commit during the tests"):
        make_release(root, "0.2.0", DAY, tests=False)
    assert (git(root, "log", "-1", "--format=%s"), git(root, "tag")) == ("other", "")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("commit.gpgSign", "git commit failed"),
        ("tag.gpgSign", "git tag failed"),
        ("no.setting", "docker could not build"),
    ],
)
def test_what_fails_later_is_undone(root: Path, tmp_path: Path, setting: str, words: str) -> None:
    before = state(root)
    git(root, "config", setting, "true")
    git(root, "config", "gpg.program", "false")
    if setting == "no.setting":
        engine(tmp_path, "docker", build=1)
    with pytest.raises(LocalError, match=words):
        make_release(root, "0.2.0", DAY, tests=False)
    assert state(root) == before


def test_the_project_itself_has_the_form_that_a_release_needs() -> None:
    text = read(ROOT / "pyproject.toml")
    assert with_version(text, "90.2.0") == text.replace(f'\nversion = "{version_of(ROOT)}"', '\nversion = "90.2.0"')
    assert with_version(text, "90.2.0") != text
    headings = re.findall(r"^## (.*)", read(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", heading) for heading in headings[1:])
