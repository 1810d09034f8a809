"""Mutation testing of the pack: every small change to a rule must fail one of its tests."""
