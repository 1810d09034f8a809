"""The way back from a finding to its place, and what only the text of a policy shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ctkms_opa.errors import InputError
from ctkms_opa.inputs import document_from_text
from ctkms_opa.places import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctkms_opa.positions import Position

POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "A", "Effect": "Allow"},
    {"Sid": "B", "Effect": "Deny", "Condition": {"Bool": {"a:b": "true"}}}
  ]
}
"""

WHOLE: dict[str, Any] = {"path": [], "part": []}
STATEMENTS: dict[str, Any] = {"path": [], "part": ["Statement"]}
IN_STRING: dict[str, Any] = {"path": ["Policy", None], "part": []}


# What the text shows.


def facts(text: str, where: dict[str, Any] = WHOLE) -> dict[str, object]:
    return Place(document_from_text(text), where).text_facts()


def test_facts_of_a_plain_policy() -> None:
    assert facts(POLICY) == {"bytes": len(POLICY), "invalid_characters": [], "duplicates": []}


def test_bytes_are_those_of_utf_8() -> None:
    assert facts('{"a": "éé"}')["bytes"] == 13
    assert facts("a: éé\n")["bytes"] == len('{"a":"éé"}'.encode())
    inner = '{"Statement": []}\n'
    assert facts(json.dumps({"Policy": inner, "PolicyName": "default"}), IN_STRING)["bytes"] == len(inner)
    assert facts("Policy: |\n  {}\n", IN_STRING)["bytes"] == 3


def test_characters_that_kms_does_not_take() -> None:
    text = '{"Statement": [{"Sid": "\u00ff\u0100", "Effect": "\u0100😀", "\u4e2d": 1}, "\\u4e2d\\u0001"]}'
    assert facts(text)["invalid_characters"] == [
        {"character": "U+0100", "path": ["Statement", 0, "Sid"]},
        {"character": "U+1F600", "path": ["Statement", 0, "Effect"]},
        {"character": "U+4E2D", "path": ["Statement", 0, "\u4e2d"]},
    ]


@pytest.mark.parametrize(
    ("text", "where", "path"),
    [
        ('{"Statement": {"Sid": "\u4e2d"}}', WHOLE, ["Statement", 0, "Sid"]),
        ('{"Effect": "Allow", "Sid": "\u4e2d"}', STATEMENTS, ["Statement", 0, "Sid"]),
        ('[0, {"Effect": "Allow", "Sid": "\u4e2d"}]', STATEMENTS, ["Statement", 1, "Sid"]),
        ("Statement:\n  - Sid: \u4e2d\n", WHOLE, ["Statement", 0, "Sid"]),
        ('"\u4e2d"', WHOLE, []),
        (json.dumps({"Policy": '{"Statement": [0, "\u4e2d"]}'}), IN_STRING, ["Statement", 1]),
        (json.dumps({"Policy": '{"Statement": {"Sid": "\u4e2d"}}'}), IN_STRING, ["Statement", 0, "Sid"]),
        ('{"a": [{"Statement": [{"Sid": "\u4e2d"}]}]}', {"path": ["a", 0], "part": []}, ["Statement", 0, "Sid"]),
    ],
)
def test_paths_are_those_of_the_key_policy(text: str, where: dict[str, Any], path: list[object]) -> None:
    assert facts(text, where)["invalid_characters"] == [{"character": "U+4E2D", "path": path}]


def test_a_policy_that_is_a_part_of_its_document_counts_as_compact_json() -> None:
    text = '{"a": {"Statement":  []},\n "b": "\u4e2d"}'
    assert facts(text, {"path": ["a"], "part": []}) == {"bytes": 16, "invalid_characters": [], "duplicates": []}


def test_duplicates() -> None:
    assert facts('{"Statement": {"Effect": "Allow", "Effect": "Deny", "Effect": "Deny"}, "Id": 1, "Id": 2}')[
        "duplicates"
    ] == [
        {"path": ["Statement", 0], "name": "Effect", "names": ["Effect"]},
        {"path": [], "name": "Id", "names": ["Id"]},
    ]


def test_duplicates_on_the_way_to_the_policy() -> None:
    inner = '{"Statement": [{"Sid": 1, "Sid": 1}]}'
    text = f'{{"Policy": 1, "Policy": {json.dumps(inner)}, "PolicyName": 1, "PolicyName": 2}}'
    assert facts(text, IN_STRING)["duplicates"] == [
        {"path": ["Statement", 0], "name": "Sid", "names": ["Sid"]},
        {"path": [], "name": "Policy", "names": ["Policy"]},
    ]
    text = '{"a": 1, "a": {"b": [{"Id": 1, "Id": 2}, {"Id": 1, "Id": 2}], "c": 1, "c": 2}, "d": 1, "d": 2}'
    place = Place(document_from_text(text), {"path": ["a", "b", 1], "part": []})
    assert place.text_facts()["duplicates"] == [
        {"path": [], "name": "a", "names": ["a"]},
        {"path": [], "name": "Id", "names": ["Id"]},
    ]
    assert [(one.name, one.position.column) for one in place.duplicates()] == [("a", 10), ("Id", 52)]


CONDITION = {"StringLike": {"aws:SourceArn": 1, "AWS:sourcearn": 2, "Aws:SourceArn": 3, "b": 4}, "Bool": {"B": 5}}


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"Statement": [{"Condition": CONDITION}]}, WHOLE),
        ({"Statement": {"Condition": CONDITION}}, WHOLE),
        ({"Effect": "Allow", "Condition": CONDITION}, STATEMENTS),
        ([{"Condition": CONDITION}], STATEMENTS),
        ({"Policy": json.dumps({"Statement": [{"Condition": CONDITION}]})}, IN_STRING),
    ],
)
def test_condition_keys_that_differ_only_by_case(value: object, where: dict[str, Any]) -> None:
    assert facts(json.dumps(value), where)["duplicates"] == [
        {
            "path": ["Statement", 0, "Condition", "StringLike"],
            "name": "aws:SourceArn",
            "names": ["aws:SourceArn", "AWS:sourcearn", "Aws:SourceArn"],
        }
    ]


@pytest.mark.parametrize(
    "value",
    [
        1,
        "x",
        [],
        {},
        {"Statement": 1},
        {"Statement": [1, {"Condition": [{"StringLike": 1}]}]},
        {"Statement": [{"Condition": {"StringLike": ["a", "A"]}}]},
    ],
)
def test_facts_of_anything(value: object) -> None:
    text = json.dumps(value)
    assert facts(text) == {"bytes": len(text), "invalid_characters": [], "duplicates": []}


# From a finding's path to its place.


def locate(text: str, where: dict[str, Any], path: Sequence[str | int]) -> Position:
    return Place(document_from_text(text), where).position(path)


def place(text: str, where: dict[str, Any], path: Sequence[str | int]) -> tuple[int, int, str]:
    """Line, column, and the text that begins there."""
    line, column = locate(text, where, path)
    return line, column, text.split("\n")[line - 1][column - 1 :][:12]


def test_places_in_a_key_policy() -> None:
    assert place(POLICY, WHOLE, ["Statement", 1, "Condition", "Bool"]) == (5, 58, '{"a:b": "tru')
    assert place(POLICY, WHOLE, ["Statement", 1]) == (5, 5, '{"Sid": "B",')
    assert place(POLICY, WHOLE, ["Statement", 1, "Principal", "AWS"]) == (5, 5, '{"Sid": "B",')
    assert place(POLICY, WHOLE, []) == (1, 1, "{")


def test_places_in_a_single_statement() -> None:
    text = '{"Statement": {"Effect": "Allow"}}'
    assert place(text, WHOLE, ["Statement", 0, "Effect"]) == (1, 26, '"Allow"}}')
    assert place(text, WHOLE, ["Statement", 0]) == (1, 15, '{"Effect": "')


def test_places_in_a_bare_statement() -> None:
    text = '{"Effect": "Allow",\n "Action": "kms:*"}'
    assert place(text, STATEMENTS, ["Statement", 0, "Action"]) == (2, 12, '"kms:*"}')
    assert place(text, STATEMENTS, ["Version"]) == (1, 1, '{"Effect": "')
    assert place(text, STATEMENTS, ["Statement"]) == (1, 1, '{"Effect": "')


def test_places_in_a_list_of_statements() -> None:
    text = '[{"Effect": "Allow"},\n {"Effect": "Deny"}]'
    assert place(text, STATEMENTS, ["Statement", 1, "Effect"]) == (2, 13, '"Deny"}]')
    assert place(text, STATEMENTS, ["Statement"]) == (1, 1, '[{"Effect": ')


WANTED = '"Deny", "Condition"'


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"PolicyName": "default", "Policy": POLICY}, indent=2),
        json.dumps({"Policy": POLICY.replace("A", "😀é")}),
        'PolicyName: default\nPolicy: "' + json.dumps(POLICY)[1:-1] + '"\n',
        "PolicyName: default\nPolicy: '" + POLICY.replace("\n", " ").replace("Sid", "Si''d") + "'\n",
        "PolicyName: default\nPolicy: |\n" + "".join(f"    {line}\n" for line in POLICY.split("\n")),
        "Policy: |-\n\n" + "".join(f" {line}\n" for line in POLICY.split("\n")) + "PolicyName: default\n",
        "Policy: |2-\n" + "".join(f"  {line}\n" for line in ("   " + POLICY).strip("\n").split("\n")),
        "PolicyName: default\r\nPolicy: |\r\n" + "".join(f"    {line}\r\n" for line in POLICY.split("\n")),
    ],
    ids=["json", "surrogates", "double", "single", "block", "blank first", "indented", "crlf"],
)
def test_places_inside_of_a_string(text: str) -> None:
    line, column = locate(text, IN_STRING, ["Statement", 1, "Effect"])
    assert text.split("\n")[line - 1][column - 1 :].replace('\\"', '"').startswith('"Deny"')
    assert sum("Deny" in one for one in text.split("\n")[line - 1 :]) == 1


def test_places_inside_of_a_folded_string_are_its_beginning() -> None:
    for text in ("Policy: >\n  {}\n", 'Policy: "{\n  }"\n', "Policy: '{\n  }'\n", "Policy: |\n  {\x85  }\n"):
        assert locate(text, IN_STRING, ["x"]) == (1, 9)


def test_broken_json_inside_of_a_string() -> None:
    text = json.dumps({"PolicyName": "default", "Policy": POLICY.replace('"Deny",', '"Deny"')}, indent=2)
    with pytest.raises(InputError) as caught:
        Place(document_from_text(text, "f"), IN_STRING)
    assert caught.value.message == (
        'in the string under "Policy": expected \',\' after "Deny" (the value of "Effect", line 3)'
    )
    assert caught.value.line == 3
    assert text.split("\n")[2][(caught.value.column or 0) - 1 :].startswith('\\"Condition')
    with pytest.raises(InputError, match=r'^f:1:13: the string under "Policy" is empty$'):
        Place(document_from_text('{"Policy": ""}', "f"), IN_STRING)
    with pytest.raises(InputError, match=r"^f:1:2: the string here is empty$"):
        Place(document_from_text('""', "f"), {"path": [None], "part": []})


def test_plain_yaml_string_as_policy() -> None:
    assert locate('Policy: "[1]"\n', IN_STRING, [0]) == (1, 11)


def test_a_string_that_is_none_is_the_place_itself() -> None:
    found = Place(document_from_text("Policy: !!str 1\n"), IN_STRING)
    assert (found.position(["Statement"]), found.pointer(["Statement"])) == ((1, 9), "/Policy")
    found = Place(document_from_text('{"Policy": {"Fn::Sub": "{}"}}'), IN_STRING)
    assert (found.position(["Statement"]), found.pointer(["Statement"])) == ((1, 12), "/Policy")


def test_strings_in_strings() -> None:
    policy = json.dumps(json.dumps({"Statement": [{"Effect": "Deny"}]}))
    text = json.dumps({"Results": ["{}", json.dumps({"configuration": {"policy": policy}})]}, indent=1)
    where: dict[str, Any] = {"path": ["Results", 1, None, "configuration", "policy", None, None], "part": []}
    found = Place(document_from_text(text), where)
    assert found.pointer(["Statement", 0, "Effect"]) == "/Results/1"
    line, column = found.position(["Statement", 0, "Effect"])
    assert text.split("\n")[line - 1][column - 1 :].replace("\\", "").startswith('"Deny"')
    assert found.text_facts()["bytes"] == len('{"Statement": [{"Effect": "Deny"}]}')


def test_pointers() -> None:
    text = '{"a/b": [{"Statement": {"Effect": "Allow", "~": 1}}]}'
    found = Place(document_from_text(text), {"path": ["a/b", 0], "part": []})
    assert found.pointer(["Statement", 0, "~"]) == "/a~1b/0/Statement/~0"
    assert found.pointer(["Statement", 0, "Action"]) == "/a~1b/0/Statement"
    assert found.pointer([]) == "/a~1b/0"
