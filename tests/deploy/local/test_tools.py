import subprocess
from pathlib import Path

import pytest

from deploy.local import tools
from deploy.local.console import LocalError


def fake_java(folder: Path, version: str, *, has_module: bool = True) -> Path:
    """Write a `bin/java` that answers as a Java of `version` does."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    refuse = "" if has_module else f'case "$*" in *{tools.VECTOR_FLAG}*) echo not found >&2; exit 1;; esac\n'
    program.write_text(
        f"#!/bin/sh\n{refuse}"
        f"echo '    java.home = {folder}' >&2\necho '    java.specification.version = {version}' >&2\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return folder


@pytest.mark.parametrize("version", ["17", "21"])
def test_the_named_java_is_used_when_it_fits(tmp_path: Path, version: str) -> None:
    named = fake_java(tmp_path / "named", version)
    assert tools.find_java_home({"JAVA_HOME": str(named), "PATH": ""}, tmp_path / "home") == named


def test_the_java_on_the_path_is_used_when_none_is_named(tmp_path: Path) -> None:
    found = fake_java(tmp_path / "found", "17")
    assert tools.find_java_home({"PATH": str(found / "bin")}, tmp_path / "home") == found


@pytest.mark.parametrize("version", ["1.8", "11", "25"])
def test_a_java_of_another_version_gives_way(tmp_path: Path, version: str, capsys: pytest.CaptureFixture[str]) -> None:
    named = fake_java(tmp_path / "named", version)
    assert tools.find_java_home({"JAVA_HOME": str(named), "PATH": ""}, tmp_path / "home") == tmp_path / "home" / "java"
    assert str(named) in capsys.readouterr().err


def test_a_java_without_the_module_gives_way(tmp_path: Path) -> None:
    lean = fake_java(tmp_path / "lean", "17", has_module=False)
    assert tools.find_java_home({"PATH": str(lean / "bin")}, tmp_path / "home") == tmp_path / "home" / "java"


def test_the_wrapper_drops_the_flag_and_nothing_else(tmp_path: Path) -> None:
    echo = tmp_path / "echo"
    echo.write_text('#!/bin/sh\nfor word in "$@"; do echo "[$word]"; done\n', encoding="utf-8")
    echo.chmod(0o755)
    script = tmp_path / "java"
    script.write_text(tools.SHIM.format(flag=tools.VECTOR_FLAG, java=echo), encoding="utf-8")
    script.chmod(0o755)
    words = ["-cp", "a b:*", tools.VECTOR_FLAG, "-Dx='y z'", "", "Main", tools.VECTOR_FLAG]
    done = subprocess.run([script, *words], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[-cp]", "[a b:*]", "[-Dx='y z']", "[]", "[Main]"]


def test_the_package_starts_only_through_the_wrapper(tmp_path: Path) -> None:
    home = tools.package_java_home(tmp_path)
    assert tools.version_of(home) == 21
    real = (home / "bin" / "java").read_text(encoding="utf-8").split("exec ")[1].split(' "$@"')[0]
    refused = subprocess.run([real, tools.VECTOR_FLAG, "-version"], capture_output=True, text=True, check=False)
    assert refused.returncode != 0  # when this passes one day, the wrapper can go
    # a command started inside another one finds the wrapper, not the bare runtime behind it
    assert tools.find_java_home({"JAVA_HOME": str(home), "PATH": ""}, tmp_path) == home


def test_a_runtime_that_does_not_start_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "version_of", lambda java_home: None)
    with pytest.raises(LocalError, match="noexec"):
        tools.package_java_home(tmp_path)
