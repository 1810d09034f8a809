"""Seeded bugs: for every property and fuzzer one that it finds, so that each is known to be able to fail."""
