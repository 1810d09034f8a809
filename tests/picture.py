"""The README's picture of a report: `PYTHONPATH=tests python -m picture` makes it anew; it needs Chromium."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from test_html import CHROMIUM

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / ".github" / "report.png"
SHOWN = ROOT / ".github" / "report.sha256"
"""The digest of the page that the picture shows, which tells when the picture is out of date."""
_CHECK = ["check", "data/policies/trail-wrong-region.json", "-d", "data/trails.yaml", "-d", "data/accounts.yaml"]


def page() -> str:
    """The report of the README's example as a page."""
    command = [sys.executable, "-m", "ctkms_opa", *_CHECK, "--format", "html"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def main() -> None:
    """Writes the picture and the digest of what it shows."""
    text = page()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        file.write_text(text, "utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1100,1400"]
        command = [str(CHROMIUM), *options, f"--user-data-dir={folder}/profile", f"--screenshot={PICTURE}"]
        environment = os.environ | {"TZ": "UTC", "LC_ALL": "C.UTF-8"}
        subprocess.run([*command, file.as_uri()], check=True, timeout=120, capture_output=True, env=environment)
    SHOWN.write_text(digest(text) + "\n", "utf-8")


if __name__ == "__main__":
    main()
