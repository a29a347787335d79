import subprocess
import sys
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parents[3] / "deploy" / "emr" / "template.yaml"


def test_the_template_passes_the_linter() -> None:
    linter = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run([linter, "--", TEMPLATE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
