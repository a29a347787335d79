"""`make lock`: pin the requirements from pyproject.toml."""

import subprocess
import sys
from pathlib import Path

from deploy.local.console import complain, say
from deploy.local.settings import PROJECT_ROOT

FILES = {"requirements.txt": [], "requirements-dev.txt": ["--extra", "dev"]}


def lock(root: Path, *options: str) -> int:
    """Write both files anew, keeping their first line and, unless `--upgrade` is given, their pins."""
    for name, extra in FILES.items():
        target = root / name
        header = target.read_text(encoding="utf-8").split("\n", 1)[0]
        command = [str(Path(sys.executable).parent / "uv"), "pip", "compile", "--quiet", "pyproject.toml", *extra]
        # no addresses in the files: a company's mirror must work as well
        command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "-o", name]
        if name != "requirements.txt":
            command += ["--constraint", "requirements.txt"]  # tests run on what is installed to run
        if subprocess.run([*command, *options], cwd=root, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            complain("Encore: the requirements cannot be pinned; the lines above say why.")
            return 1
        target.write_text(f"{header}\n{target.read_text(encoding='utf-8')}", encoding="utf-8")
        say(f"{name}: {target.read_text(encoding='utf-8').count('==')} packages")
    return 0


if __name__ == "__main__":
    sys.exit(lock(PROJECT_ROOT, *sys.argv[1:]))
