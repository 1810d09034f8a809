"""The shape of expectations in Rego is written from the schema, and what Rego says of odd ones."""

from __future__ import annotations

import json
import os

from ctkms_opa import pack
from ctkms_opa.expectation_schema import EXPECTED

SHAPE = pack.directory() / "ctkms" / "expectations" / "shape" / "shape.rego"

HEADER = """\
# METADATA
# title: The shape of expectations
# description: |
#   Which members data.expected may hold, of which type, as far as types tell. Written from the schema of the bridge
#   (ctkms_opa.expectation_schema) by `CTKMS_UPDATE=1 pytest tests/test_expectation_shape.py`, which holds it to that.
# custom:
#   library: true
package ctkms.expectations.shape

# METADATA
# description: |
#   The shape of data.expected. A shape has a kind: members (a map with members, of which required must be there),
#   entries (a map whose names are data; entry is the shape of each value), text (choices: where not empty, one of
#   them), flag, document (a policy), nothing.
expected := """


def render(value: object, indent: int = 0) -> str:
    """A value as Rego, in opa fmt's form."""
    if not isinstance(value, dict) or not any(isinstance(one, dict) for one in value.values()):
        return json.dumps(value)
    tabs = "\t" * (indent + 1)
    members = (f"{tabs}{json.dumps(name)}: {render(one, indent + 1)},\n" for name, one in value.items())
    return "{\n" + "".join(members) + "\t" * indent + "}"


def test_the_shape_is_fresh() -> None:
    rendered = HEADER + render(EXPECTED.shape) + "\n"
    if os.environ.get("CTKMS_UPDATE"):
        SHAPE.write_text(rendered, "utf-8")
    assert SHAPE.read_text("utf-8") == rendered, "run CTKMS_UPDATE=1 pytest tests/test_expectation_shape.py"
