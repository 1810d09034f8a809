"""What a plain check does not load: half of its time would go into modules that it has no use for."""

from __future__ import annotations

import subprocess
import sys

from engines import ROOT

_USED_BY_FEW = {
    *("boto3", "concurrent.futures", "difflib", "html", "http.client", "importlib.metadata", "logging"),
    *("multiprocessing", "pathlib", "pickle", "shutil", "socket", "ssl", "subprocess", "tempfile", "tomllib"),
    *("urllib.parse", "xml.sax"),
    *("ctkms_opa.baseline", "ctkms_opa.bundle", "ctkms_opa.changed", "ctkms_opa.custom", "ctkms_opa.generate"),
    *("ctkms_opa.metadata", "ctkms_opa.opa_client", "ctkms_opa.opa_server", "ctkms_opa.parallel", "ctkms_opa.scan"),
    *("ctkms_opa.simulate", "ctkms_opa.waivers", "ctkms_opa.cloudformation.judge"),
    *(f"ctkms_opa.formats.{form}" for form in ("json", "sarif", "junit", "github", "gitlab", "azure", "tap")),
}
_CHECK = """
import sys
from ctkms_opa.cli import group
try:
    group(sys.argv[1:])
finally:
    print(*sys.modules, file=sys.stderr)
"""


def test_a_plain_check_loads_only_what_it_uses() -> None:
    # With a short option click itself loads difflib.
    options = ["--data", "data/trails.yaml", "--data", "data/accounts.yaml"]
    arguments = [sys.executable, "-c", _CHECK, "check", "data/policies/trail.json", *options]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    loaded = set(done.stderr.split())
    assert done.returncode == 0, done.stderr
    assert "ctkms_opa.checker" in loaded
    assert not loaded & _USED_BY_FEW
