"""`python -m fuzz TARGET`: fuzzes what is read, guided by coverage, until stopped; needs atheris."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Takes the target's name, and libFuzzer's options (as -max_total_time=600)."""
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not there: pip install atheris (it has wheels for Linux)")
    with atheris.instrument_imports(include=["ctkms_opa"]):
        from .targets import hold, targets

        known = targets()
    if len(sys.argv) < 2 or sys.argv[1] not in known:
        sys.exit(f"usage: python -m fuzz TARGET [-max_total_time=SECONDS …], where TARGET is {', '.join(known)}")
    target = known[sys.argv[1]]
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(target.seeds):
            (Path(corpus) / str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], *sys.argv[2:], corpus], lambda data: hold(target, data))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
