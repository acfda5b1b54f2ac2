"""Programs that tests run on our output, where they are installed.

A test that needs one is skipped without it, and says which line installs it;
OKHOTSK_REQUIRE_CLIENTS=1, which `make clients` sets, forbids the skip.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

# The packages of Debian that hold them.
PACKAGES = {
    "qgis": "qgis python3-qgis",
    "soffice": "libreoffice-calc libreoffice-writer locales-all",
    "pandoc": "pandoc",
    "pdftotext": "poppler-utils",
}
QGIS_PYTHON = Path("/usr/bin/python3")  # Debian's, which has the bindings


def need(name: str) -> str:
    """Return the path of a program, or skip the test."""
    found = shutil.which(name)
    return found if found else _missing(name)


def need_qgis() -> str:
    """Return the path of a Python that has the bindings of QGIS, or skip the test."""
    if QGIS_PYTHON.exists():
        asked = [QGIS_PYTHON, "-c", "import qgis.core"]
        done = subprocess.run(asked, env=plain_environment(), capture_output=True, check=False)
        if done.returncode == 0:
            return str(QGIS_PYTHON)
    return _missing("qgis")


def office(path: Path, kind: str, folder: Path, *, locale: str = "C.UTF-8") -> Path:
    """Have LibreOffice convert a file, as somebody of a locale would open it."""
    subprocess.run(
        [
            need("soffice"),
            f"-env:UserInstallation={(folder / f'profile-{locale}').as_uri()}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            folder,
            path,
        ],
        env=plain_environment(LC_ALL=locale, LANG=locale, HOME=str(folder)),
        capture_output=True,
        check=True,
    )
    return folder / f"{path.stem}.{kind}"


def plain_environment(**more: str) -> dict[str, str]:
    """The environment without what would lead another Python to our packages."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return kept | more


def _missing(name: str) -> str:
    line = f"apt-get install --no-install-recommends {PACKAGES[name]}"
    if os.environ.get("OKHOTSK_REQUIRE_CLIENTS") == "1":
        pytest.fail(f"no {name}; {line}")
    pytest.skip(f"no {name} ({line}; or make clients)")
