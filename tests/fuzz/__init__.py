"""Fuzzing of everything that is read: `targets` says what that is and what must hold, `mutation` makes documents,
`servers` are the other ends of connections.

The short run is `tests/test_fuzz.py`; `python -m fuzz` is the long run, guided by coverage where atheris is there.
"""
