"""Benchmarks: how fast pack and bridge are, against OPA and against themselves; `python -m benchmarks --help`."""
