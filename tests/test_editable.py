"""The checkout as it is installed for who works in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_a_script_beside_the_clone_imports_the_package(tmp_path):
    """Python looks into the script's folder first, and takes a plain folder for a package there."""
    (tmp_path / "okhotsk").symlink_to(ROOT, target_is_directory=True)
    script = tmp_path / "script.py"
    script.write_text("import okhotsk; print(okhotsk.load.__name__)")
    told = subprocess.run([sys.executable, script], capture_output=True, text=True, env={})
    assert (told.stdout.strip(), told.stderr) == ("load", "")
