"""`make release VERSION=0.2.0`: checks, version, changelog, commit and annotated tag, and notes, SBOM and images.

Nothing leaves the machine. A release that fails leaves the branch, the two files and `dist/` as they were.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from packaging.version import Version

from deploy.local.console import LocalError, complain, say
from deploy.local.sbom import sbom_json
from deploy.local.settings import PROJECT_ROOT, version_of

BRANCH = "main"
PYPROJECT = "pyproject.toml"
CHANGELOG = "CHANGELOG.md"
IMAGES = ("portal", "pipeline")
"""The targets of `DOCKERFILE`; the images are called `encore-portal` and `encore-pipeline`, as in compose.yaml."""
DOCKERFILE = "deploy/images/Dockerfile"
ENGINES = ("docker", "podman")

# no pre-releases: their changes would be listed under them, and the release itself would have none
_SEMVER = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}")
_UNRELEASED = re.compile(r"^## \[Unreleased\]\n(?P<body>.*?)(?=^## |^\[[^]]+\]: |\Z)", re.MULTILINE | re.DOTALL)
_EMPTY_GROUP = re.compile(r"^### .*\n\s*(?=### |\Z)", re.MULTILINE)


@dataclass(frozen=True)
class Release:
    """A release that may be made of the commit `head`."""

    root: Path
    version: str
    day: date
    head: str
    changes: str

    @property
    def tag(self) -> str:
        """The name of the tag."""
        return f"v{self.version}"

    @property
    def notes(self) -> str:
        """The release notes as Markdown, which are the text of the tag too."""
        body = re.sub(r"^###", "##", self.changes, flags=re.MULTILINE)
        return f"# Encore {self.version} ({self.day:%Y-%m-%d})\n\n{body}\n"

    @property
    def folder(self) -> Path:
        """The folder of the files of this release; git ignores it."""
        return self.root / "dist" / f"encore-{self.version}"


def plan(root: Path, version: str, day: date) -> Release:
    """Return the release that the checkout allows.

    Raises:
        LocalError: the checkout or the version is not ready for a release; the text says what to do.
    """
    if not _SEMVER.fullmatch(version):
        raise LocalError(f"{version!r} is no version of SemVer without pre-release and build: give one like 0.2.0.")
    present = version_of(root)
    if Version(version) <= Version(present):
        raise LocalError(f"Version {version} is not newer than {present}, the present one in {PYPROJECT}.")
    branch = _git(root, "branch", "--show-current")
    if branch != BRANCH:
        raise LocalError(f"The checkout is on {branch or 'no branch'}: a release is made of {BRANCH}.")
    if changed := _git(root, "status", "--porcelain"):
        raise LocalError(f"The checkout is not clean. Commit, stash or delete these files first:\n{changed}")
    release = Release(root, version, day, _git(root, "rev-parse", "HEAD"), unreleased(_read(root / CHANGELOG)))
    if _git(root, "tag", "--list", release.tag):
        raise LocalError(f"The tag {release.tag} exists already: give another version.")
    return release


def unreleased(changelog: str) -> str:
    """Return the changes under Unreleased, without groups that are empty.

    Raises:
        LocalError: there is no such section, or it lists no change.
    """
    section = _UNRELEASED.search(changelog)
    if section is None:
        raise LocalError(f"{CHANGELOG} has no section '## [Unreleased]'.")
    if not re.search(r"^[-*] ", section["body"], re.MULTILINE):
        raise LocalError(f"{CHANGELOG} lists no change under Unreleased: there is nothing to release.")
    return _EMPTY_GROUP.sub("", section["body"].strip()).strip()


def with_release(changelog: str, release: Release) -> str:
    """Return the changelog with Unreleased as the section of the release, and a new, empty Unreleased above it."""
    section = f"## [Unreleased]\n\n## [{release.version}] - {release.day:%Y-%m-%d}\n\n{release.changes}\n\n"
    return _UNRELEASED.sub(lambda _: section, changelog, count=1).rstrip() + "\n"


def with_version(pyproject: str, version: str) -> str:
    """Return the text of pyproject.toml with this version of the project."""
    return re.sub(
        r'(^\[project\]\n(?:[^\[\n].*\n|\n)*?version = )"[^"]*"', rf'\g<1>"{version}"', pyproject, flags=re.MULTILINE
    )


def make_release(root: Path, version: str, day: date, *, tests: bool = True) -> None:
    """Make the release: check, test, commit, write `dist/`, tag.

    Raises:
        LocalError: something is not ready or failed; there is no commit, no tag and no file of the release.
    """
    release = plan(root, version, day)
    for target in ("check", "test-all") if tests else ("check",):
        _make(root, target)
    if not tests:
        say("release  SKIP_TESTS=yes: the tests were not run here")
    if plan(root, version, day) != release:
        raise LocalError(f"{BRANCH} got another commit during the tests, which did not see it: start again.")
    with _undone_on_failure(release):
        _commit(release)
        _write_files(release)
        built = _build_images(release)
        _git(root, "tag", "--annotate", release.tag, "--cleanup=whitespace", "--message", release.notes)
    _report(release, built)


def _make(root: Path, target: str) -> None:
    say(f"release  make {target} ...")
    # flags and variables of the make that runs this must not reach the other one
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    if subprocess.run(["make", target], cwd=root, env=environ, check=False).returncode != 0:
        raise LocalError(f"`make {target}` failed; the lines above say why. Nothing was released.")


@contextmanager
def _undone_on_failure(release: Release) -> Iterator[None]:
    try:
        yield
    except BaseException:
        _git(release.root, "reset", "--quiet", "--soft", release.head)
        _git(release.root, "restore", "--staged", "--worktree", "--", PYPROJECT, CHANGELOG)
        shutil.rmtree(release.folder, ignore_errors=True)
        raise


def _commit(release: Release) -> None:
    pyproject, changelog = release.root / PYPROJECT, release.root / CHANGELOG
    pyproject.write_text(with_version(_read(pyproject), release.version), encoding="utf-8")
    if version_of(release.root) != release.version:
        raise LocalError(f"{PYPROJECT} has no line 'version = \"...\"' under [project]: nothing was released.")
    changelog.write_text(with_release(_read(changelog), release), encoding="utf-8")
    _git(release.root, "commit", "--quiet", "--message", f"Release {release.version}", "--", PYPROJECT, CHANGELOG)


def _write_files(release: Release) -> None:
    shutil.rmtree(release.folder, ignore_errors=True)
    release.folder.mkdir(parents=True)
    (release.folder / "notes.md").write_text(release.notes, encoding="utf-8")
    document = sbom_json(release.root / "requirements.txt", release.version)
    (release.folder / "sbom.cdx.json").write_text(document, encoding="utf-8")


def _build_images(release: Release) -> list[str]:
    """Build the images with the engine that answers; return their names, none without an engine."""
    engine = next(filter(_answers, ENGINES), None)
    built = []
    for target in IMAGES if engine else ():
        name = f"encore-{target}:{release.version}"
        say(f"release  {engine} builds {name} ...")
        labels = {"version": release.version, "revision": _git(release.root, "rev-parse", "HEAD")}
        command = [str(engine), "build", "--file", DOCKERFILE, "--target", target, "--tag", name]
        command += [f"--label=org.opencontainers.image.{key}={value}" for key, value in labels.items()]
        if subprocess.run([*command, "."], cwd=release.root, check=False).returncode != 0:
            raise LocalError(f"{engine} could not build {name}; the lines above say why. Nothing was released.")
        built.append(name)
    return built


def _answers(engine: str) -> bool:
    """Tell whether the engine is installed and works: Docker's client is of no use without its daemon."""
    return bool(shutil.which(engine)) and _silent(engine, "info").returncode == 0


def _report(release: Release, built: Sequence[str]) -> None:
    say(f"release  {release.tag} is committed and tagged; files: {release.folder.relative_to(release.root)}/")
    say(f"release  images: {', '.join(built)}" if built else "release  IMAGES NOT BUILT: no docker or podman answers")
    say(f"release  Nothing is pushed. When you are content: git push --atomic origin {BRANCH} {release.tag}")


def _silent(*command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, errors="replace", check=False)


def _git(root: Path, *arguments: str) -> str:
    done = _silent("git", *arguments, cwd=root)
    if done.returncode != 0:
        raise LocalError(f"git {arguments[0]} failed: {(done.stderr + done.stdout).strip()}")
    return done.stdout.rstrip()


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def main(arguments: Sequence[str] | None = None, root: Path = PROJECT_ROOT) -> int:
    """Run the command line and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.release", description="Make a release.")
    parser.add_argument("version", help="0.2.0, for example")
    parser.add_argument("--skip-tests", default="", help="yes: leave out `make test-all`")
    options = parser.parse_args(arguments)
    try:
        make_release(root, options.version, datetime.now(UTC).date(), tests=options.skip_tests != "yes")
    except LocalError as error:
        complain(f"Encore: {error}")
    except KeyboardInterrupt:
        complain("\nEncore: interrupted. Nothing was released.")
        return 130
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
