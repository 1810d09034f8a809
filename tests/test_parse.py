"""JSON and YAML: values, positions, and what is said about broken text."""

from __future__ import annotations

import json
import pickle
import time
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ctkms_opa import json_text, yaml_text
from ctkms_opa.errors import CtkmsError, ExpectationsError, InputError, ParseError, Problem
from ctkms_opa.parse import MAX_BYTES, MAX_DEPTH, Duplicate, Parsed, Position, parse, parse_json, parse_yaml
from ctkms_opa.positions import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def failure(text: str) -> str:
    with pytest.raises(ParseError) as caught:
        parse(text, "f")
    assert caught.value.line is not None
    assert caught.value.column is not None
    return str(caught.value)


# The AWS page's samples with a missing comma, on the lines where they stand there.
SEED = {
    (167, 174, 7, '"kms:Decrypt" (the value of "Action", line 173)'): """{
      "Sid": "Allow CloudTrail to decrypt a trail",
      "Effect": "Allow",
      "Principal": {
          "Service": "cloudtrail.amazonaws.com"
        },
      "Action": "kms:Decrypt"
      "Resource": "*"
}""",
    (181, 183, 7, '"Enable user key permissions for event data stores" (the value of "Sid", line 182)'): """{
      "Sid": "Enable user key permissions for event data stores"
      "Effect": "Allow",
      "Resource": "*"
  }""",
    (198, 205, 7, '"kms:Decrypt" (the value of "Action", line 204)'): """{
      "Sid": "Allow CloudTrail to decrypt an event data store",
      "Effect": "Allow",
      "Principal": {
          "Service": "cloudtrail.amazonaws.com"
        },
      "Action": "kms:Decrypt"
      "Resource": "*"
}""",
}


@pytest.mark.parametrize(("place", "text"), SEED.items(), ids=[str(place[1]) for place in SEED])
def test_the_samples_with_missing_commas(place: tuple[int, int, int, str], text: str) -> None:
    first, line, column, after = place
    assert failure("\n" * (first - 1) + text) == f"f:{line}:{column}: expected ',' after {after}"


JSON_MISTAKES = {
    '{"a":1,}': "1:7: ',' before '}': the last member takes no comma",
    "[1,2,]": "1:5: ',' before ']': the last element takes no comma",
    "[1 2]": "1:4: expected ',' after 1 (element 1, line 1)",
    '{"a":{} "b":2}': "1:9: expected ',' after the '}' (the value of \"a\", line 1)",
    '{"a":[\n]\n"b":2}': "3:1: expected ',' after the ']' (the value of \"a\", line 2)",
    '{"a":1;"b":2}': "1:7: expected ',' or '}' after 1 (the value of \"a\", line 1), found ';'",
    '{"a":"x"b"}': '1:9: expected \',\' after "x" (the value of "a", line 1)',
    '{"a" 1}': "1:6: expected ':' after the member name \"a\", found 1",
    '{"a"': "1:5: expected ':' after the member name \"a\", found the end of the text",
    '{"a", "b"}': "1:5: expected ':' after the member name \"a\", found ','",
    "{'a':1}": "1:2: strings take double quotes (\"), not single ones (')",
    '{"a":“b”}': '1:6: strings take straight double quotes ("), not “',
    "{a:1}": '1:2: member names take double quotes: write "a"',
    "{1:1}": "1:2: expected a member name in double quotes, found 1",
    '{"a":1,,"b":2}': "1:8: expected a member name in double quotes, found ','",
    '{"a":True}': "1:6: True is not JSON: write true",
    '{"a":None}': "1:6: None is not JSON: write null",
    '{"a":NaN}': "1:6: NaN is not JSON: there is no such number",
    '{"a":-Infinity}': "1:6: -Infinity is not JSON: there is no such number",
    '{"a":Allow}': "1:6: expected a value, found Allow: text takes double quotes",
    '{"a":}': "1:6: expected a value after \"a\":, found '}'",
    "[,]": "1:2: expected a value, found ','",
    "[1,,2]": "1:4: expected a value, found ','",
    '{"a":012}': "1:6: 012 is not a JSON number; text takes double quotes",
    "[+1]": "1:2: +1 is not a JSON number; text takes double quotes",
    "[1e999]": "1:2: the number 1e999 is too large",
    f"[{'1' * 4301}]": "1:2: a number with 4301 characters: more than 4300 are not read",
    '{"a":"b': "1:6: the string that begins here has no closing '\"' in its line",
    '{"a":"b\nc"}': "1:6: the string that begins here has no closing '\"' in its line",
    '["\\"': "1:2: the string that begins here has no closing '\"' in its line",
    '["\\': "1:2: the string that begins here has no closing '\"' in its line",
    '{"a":[1,2}': "1:10: expected ']' for the '[' opened in line 1, column 6, found '}'",
    "{]": "1:2: expected '}' for the '{' opened in line 1, column 1, found ']'",
    '{\n"a": [': "2:7: the text ends before the ']' for the '[' opened in line 2, column 6",
    '{"a":': "1:6: the text ends before the '}' for the '{' opened in line 1, column 1",
    '{"a":1,': "1:8: the text ends before the '}' for the '{' opened in line 1, column 1",
    "[1]]": "1:4: ']' closes nothing: the document ended before",
    "{}\n{}": "2:1: a second document begins here: one file holds one",
    "{} x": "1:4: expected the end of the text after the document, found x",
    '{} "x"': '1:4: expected the end of the text after the document, found "x"',
    "// x\n{}": "1:1: JSON has no comments",
    '{"a":1 /* x */}': "1:8: JSON has no comments",
    '{"a":1, # x\n}': "1:9: JSON has no comments",
    '["a\tb"]': "1:4: the control character U+0009 in a string: write it as \\t",
    '["\x01"]': "1:3: the control character U+0001 in a string: write it as \\u0001",
    "[\x01]": "1:2: the control character U+0001 outside of a string",
    "[\xa01]": "1:2: the character U+00A0 outside of a string",
    "[1\x85]": "1:3: the control character U+0085 outside of a string",
    '["\\q"]': "1:3: \\q is not a JSON escape: a backslash itself is written \\\\",
    '["\\u12"]': "1:3: \\u takes four hexadecimal digits",
    '["\\ud800"]': "1:3: \\ud800 is half of a character (a lone surrogate)".replace("half of", "half"),
    '["\\ud800x"]': "1:3: \\ud800 is half a character (a lone surrogate)",
    '["\\ude00\\ud83d"]': "1:3: \\ude00 is half a character (a lone surrogate)",
    '["\\ud83d\\ud83d\\ude00"]': "1:3: \\ud83d is half a character (a lone surrogate)",
    '["\\ud83d\\ude00\\ud83d"]': "1:15: \\ud83d is half a character (a lone surrogate)",
    '{"\\udfff":1}': "1:3: \\udfff is half a character (a lone surrogate)",
    '["' + "a" * 80 + '" 1]': f"1:85: expected ',' after \"{'a' * 58}… (element 1, line 1)",
}


@pytest.mark.parametrize(("text", "message"), JSON_MISTAKES.items(), ids=[repr(text)[:30] for text in JSON_MISTAKES])
def test_broken_json_is_told_in_words(text: str, message: str) -> None:
    assert failure(text) == f"f:{message}"


def test_empty_json() -> None:
    with pytest.raises(ParseError, match=r"^1:1: the text is empty$"):
        parse_json(" \n")


YAML_MISTAKES = {
    "": "1:1: there is nothing in it",
    "# only a comment": "1:1: there is nothing in it",
    "a: b: c": "1:5: not YAML: a ':' where none can stand: text with ': ' in it takes quotes, members of one mapping "
    "begin in the same column",
    "a:\n\t- b": "2:1: not YAML: a tab: YAML is indented with spaces",
    "@a: b": "1:1: not YAML: found character '@' that cannot start any token (while scanning for the next token)",
    "- a\nb: c": "2:1: not YAML: expected '- ' for the next element; elements of one list begin in the same column",
    "a:\n  - b\n c: d": "3:2: not YAML: expected a member of the mapping; members of one mapping begin in the same "
    "column",
    "a: 1\n---\nb: 2": "2:1: a second YAML document begins here: one file holds one",
    "a: !Sub x": "1:4: the tag !Sub is not supported: write the value itself",
    "a: !!set {b}": "1:4: the tag !!set is not supported: write the value itself",
    "a: !!python/object:os.system x": "1:4: the tag !!python/object:os.system is not supported: write the value itself",
    "a: !!int x": "1:4: the value does not fit the tag !!int",
    "a: !!map [b]": "1:4: the value does not fit the tag !!map",
    "a: !!seq x": "1:4: the value does not fit the tag !!seq",
    "? [a]\n: b": "1:3: a member's name must be text, not a mapping or list",
    "a: &x [b]\n*x : c": "2:1: a member's name must be text, and *x is not",
    "a: *x": "1:4: *x stands for nothing: there is no &x before it",
    "a: &x [*x]": "1:8: *x stands inside of what it stands for",
    "a: {<<: 1}": "1:9: the merge key << takes a mapping or a list of mappings",
    "x: &x [1]\na: {<<: *x}": "2:9: the merge key << takes a mapping or a list of mappings",
    "a: .inf": "1:4: .inf is no number that JSON knows; text takes quotes",
    f"a: {'1' * 400}.0": f"1:4: the number {'1' * 40} is too large",
    f"a: {'1' * 4301}": "1:4: a number with 4301 characters: more than 4300 are not read",
    "a: \x01": "1:4: the character U+0001 is not allowed in YAML",
    "a: '\ufeff'": "1:5: the character U+FEFF is not allowed in YAML",
}


@pytest.mark.parametrize(("text", "message"), YAML_MISTAKES.items(), ids=[repr(text)[:30] for text in YAML_MISTAKES])
def test_broken_yaml_is_told_in_words(text: str, message: str) -> None:
    assert failure(text) == f"f:{message}"


def test_yaml_scalars() -> None:
    text = """
text: [yes, No, on, off, 2027-01-31, 2027-01-31T00:00:00Z, 111111111111, 012345678901, 0777, 0x10, 1_000, 1:30, "1",
  '~', <<]
other: [12345, -1, +1, 0, 12345678901, 1234567890123, 1.5, -.5, 1., 1.0e3, ~, null, !!null "", true, False, !!str 1,
  !!int 7, !!float 1]
"""
    assert parse(text).value == {
        "text": [
            *("yes", "No", "on", "off", "2027-01-31", "2027-01-31T00:00:00Z", "111111111111", "012345678901", "0777"),
            *("0x10", "1_000", "1:30", "1", "~", "<<"),
        ],
        "other": [
            *(12345, -1, 1, 0, 12345678901, 1234567890123, 1.5, -0.5, 1.0, 1000.0, None, None, None, True, False),
            *("1", 7, 1),
        ],
    }


def test_yaml_member_names_are_text() -> None:
    text = "111111111111: a\n12: b\ntrue: c\n~: d\n2027-01-31: e\n1.5: f\n"
    assert parse(text).value == {"111111111111": "a", "12": "b", "true": "c", "~": "d", "2027-01-31": "e", "1.5": "f"}


def test_yaml_aliases_and_merges() -> None:
    text = (
        "a: &a {x: 1, y: [2]}\nb: *a\nc: {<<: *a, x: 3}\nd:\n  <<: [{x: 4, z: 5}, *a]\n&k key: &v value\n? *k\n: *v\n"
    )
    parsed = parse(text)
    assert parsed.value == {
        "a": {"x": 1, "y": [2]},
        "b": {"x": 1, "y": [2]},
        "c": {"x": 3, "y": [2]},
        "d": {"x": 4, "z": 5, "y": [2]},
        "key": "value",
    }
    assert parsed.duplicates == [Duplicate((), "key", Position(7, 3))]
    assert parsed.position(("c", "y", 0)) == Position(1, 18)
    assert parsed.position(("c", "x")) == Position(3, 16)


def test_members_given_twice_are_listed() -> None:
    text = '{"S": [0, {"a": 1, "b": {"c": 1, "c": 2, "c": 3}, "a": 2}]}'
    wanted = [
        Duplicate(("S", 1, "b"), "c", Position(1, 34)),
        Duplicate(("S", 1, "b"), "c", Position(1, 42)),
        Duplicate(("S", 1), "a", Position(1, 51)),
    ]
    for parsed in (parse_json(text), parse_yaml(text)):
        assert parsed.value == {"S": [0, {"a": 2, "b": {"c": 3}}]}
        assert parsed.duplicates == wanted
        assert parsed.position(("S", 1, "a")) == Position(1, 56)
        assert parsed.key_position(("S", 1, "a")) == Position(1, 51)


def test_what_a_text_is_is_told_by_its_content() -> None:
    assert parse(' \r\n{"a": 1}').format == "json"
    assert parse("[]").format == "json"
    assert parse("a: {}").format == "yaml"
    assert parse('"a"').value == "a"
    assert parse("12").value == 12


def test_yaml_in_flow_style_is_read_where_the_file_is_called_so() -> None:
    text = '{Version: "2012-10-17", Statement: [{Effect: Allow}]}'
    assert parse(text, "policy.yaml").value == {"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]}
    with pytest.raises(ParseError, match="member names take double quotes"):
        parse(text, "policy.json")
    with pytest.raises(ParseError, match="expected ','"):
        parse('{"a": "b"\n "c": 1}', "policy.yml")


def test_the_path_at_a_place_of_a_yaml_text() -> None:
    parsed = parse("a:\n  b: [1, {c: d}]\ne: f\n")
    assert parsed.path_at(parsed.text.index("d")) == ("a", "b", 1, "c")
    assert parsed.path_at(parsed.text.index("b")) == ("a", "b")
    assert parsed.path_at(parsed.text.index("f")) == ("e",)


def test_positions_of_what_is_not_there() -> None:
    parsed = parse('{"a": [1, {"b": 2}]}')
    assert parsed.position(("a", 1, "c", 4)) == Position(1, 11)
    assert parsed.key_position(("a", 1, "c")) == Position(1, 11)
    assert parsed.key_position(("a", 1)) == Position(1, 11)
    assert parsed.key_position(()) == Position(1, 1)
    assert parsed.key_position(("a",)) == Position(1, 2)
    assert parsed.position(("a", 1, "b", "c")) == Position(1, 17)
    assert parsed.position(("x",)) == Position(1, 1)
    assert parse("a: [1, {b: 2}]").key_position(("a", 1, "b")) == Position(1, 9)


@pytest.mark.parametrize(
    ("text", "offset", "position"),
    [
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\rb", 2, (2, 1)),
        ("a\u2028b", 2, (1, 3)),
        ("", 0, (1, 1)),
        ("a\n", 2, (2, 1)),
    ],
)
def test_lines(text: str, offset: int, position: tuple[int, int]) -> None:
    assert Lines(text)(offset) == position


# Limits.


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.parametrize("read", [parse_json, parse_yaml])
def test_nesting(read: Callable[[str], Parsed]) -> None:
    def depth(value: object) -> int:
        levels = 0
        while isinstance(value, list):
            levels, value = levels + 1, (value or [None])[0]
        return levels

    assert depth(read(nested(MAX_DEPTH)).value) == MAX_DEPTH
    with pytest.raises(ParseError, match=rf"^1:{MAX_DEPTH + 1}: nested too deeply: more than {MAX_DEPTH} levels$"):
        read(nested(MAX_DEPTH + 1))


def test_brackets_in_strings_are_no_nesting() -> None:
    text = json.dumps(["[" * 1000, '\\"' * 10 + "{" * 1000])
    assert parse_json(text).value == json.loads(text)


def test_wide_is_not_deep() -> None:
    text = "[" + ",".join(["[]"] * 1000) + "]"
    assert parse_json(text).value == [[]] * 1000


def test_aliases_make_nesting_too() -> None:
    text = f"a: &a {nested(MAX_DEPTH - 1)}\nb: *a\n"
    assert isinstance(parse_yaml(text).value, dict)
    with pytest.raises(ParseError, match=r"^2:5: nested too deeply: more than 100 levels$"):
        parse_yaml(text.replace("*a", "[*a]"))


def test_alias_bomb() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]
    with pytest.raises(ParseError, match=r"aliases expand to more than 1000000 characters$"):
        parse_yaml("\n".join(lines))


def test_long_numbers() -> None:
    assert parse_json(f"[{'1' * 4300}]").value == [int("1" * 4300)]
    assert parse_yaml(f"[{'1' * 4300}]").value == [int("1" * 4300)]


def test_size() -> None:
    assert MAX_BYTES == 32 * 1024 * 1024
    with pytest.raises(
        ParseError, match=rf"^1:1: the text has {MAX_BYTES + 2} bytes; more than {MAX_BYTES} are not read$"
    ):
        parse_json("[" + "1" * MAX_BYTES + "]")
    with pytest.raises(ParseError, match=r"^1:1: the text has 8388609 bytes; more than 8388608 are not read$"):
        parse_yaml("a" * (yaml_text.MAX_YAML_BYTES + 1))


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 100_000,
        "[" * 100_000,
        "- " * 100_000,
        "{" * 10_000_000,
        "x{:" * 2_000_000,
        '["' + '\\"' * 5_000_000,
        "[" + '"a",' * 2_500_000 + "x",
        "[" + "\x00" * 10_000_000,
    ],
    ids=lambda text: text[:8],
)
def test_nonsense_is_refused_in_time_that_grows_no_faster_than_it(text: str) -> None:
    def cost(given: str) -> float:
        begin = time.process_time()
        with pytest.raises(ParseError):
            parse(given)
        return time.process_time() - begin

    # Four times the text takes four times the time, with room for noise; growth by the square takes sixteen times.
    assert cost(text) < 10 * max(cost(text[: len(text) // 4]), 0.05)


def test_mistakes_far_into_a_long_text_are_told_without_reading_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "_LONG", 10)
    assert failure("[" + "1, " * 10 + "2 3]") == "f:1:34: expected ',' or a closing bracket"


def test_half_a_character_in_the_text() -> None:
    with pytest.raises(ParseError, match=r"^1:3: '\\ud800' is half a character \(a lone surrogate\)$"):
        parse_json('["\ud800"]')
    assert parse_json('["\\ud83d\\ude00 \\\\ud800"]').value == ["😀 \\ud800"]


def test_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    monkeypatch.setattr(yaml_text, "_LOADER", yaml.SafeLoader)
    parsed = parse_yaml("a: &x [yes, 1]\nb: {c: *x}\r\nd: |\n  e\n")
    assert parsed.value == {"a": ["yes", 1], "b": {"c": ["yes", 1]}, "d": "e\n"}
    assert parsed.position(("d",)) == Position(3, 4)
    with pytest.raises(ParseError):
        parse_yaml("a: [")


# Properties.

CHARACTERS = st.characters(codec="utf-8")


def documents(characters: st.SearchStrategy[str]) -> st.SearchStrategy[object]:
    """JSON values, whose texts have such characters."""
    names = st.text(characters, max_size=6)
    numbers = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
    return st.recursive(
        st.none() | st.booleans() | numbers | names,
        lambda inside: st.lists(inside, max_size=4) | st.dictionaries(names, inside, max_size=4),
        max_leaves=20,
    )


@st.composite
def rendered(
    draw: st.DrawFn, characters: st.SearchStrategy[str] = CHARACTERS, white: str = " \t\r\n", beside: str = " \t\r\n"
) -> tuple[object, str]:
    """A document, and a JSON text for it with random escapes and white space (`beside`: between name and colon)."""
    value = draw(documents(characters))
    gaps, before_colon = st.text(white, max_size=3), st.text(beside, max_size=3)

    def write(one: object) -> str:
        if isinstance(one, dict):
            members = [
                f"{draw(gaps)}{write(k)}{draw(before_colon)}:{draw(gaps)}{write(v)}{draw(gaps)}" for k, v in one.items()
            ]
            return "{" + (",".join(members) or draw(gaps)) + "}"
        if isinstance(one, list):
            return "[" + (",".join(draw(gaps) + write(each) + draw(gaps) for each in one) or draw(gaps)) + "]"
        return json.dumps(one, ensure_ascii=draw(st.booleans()))

    return value, draw(gaps) + write(value) + draw(gaps)


def paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    yield path, value
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inside in steps:
        yield from paths(inside, (*path, step))


def offset_of(text: str, position: Position) -> int:
    lines = text.replace("\r\n", " \n").replace("\r", "\n").split("\n")
    return sum(len(line) + 1 for line in lines[: position.line - 1]) + position.column - 1


@given(rendered())
def test_every_position_points_at_the_text_of_its_value(case: tuple[object, str]) -> None:
    value, text = case
    parsed = parse_json(text)
    assert parsed.value == value
    assert parsed.duplicates == []
    for path, inside in paths(value):
        offset = offset_of(text, parsed.position(path))
        assert json.JSONDecoder().raw_decode(text, offset)[0] == inside
        assert parsed.path_at(offset) == path
        if path and isinstance(path[-1], str):
            named = offset_of(text, parsed.key_position(path))
            assert json.JSONDecoder().raw_decode(text, named)[0] == path[-1]


PRINTED = st.characters(codec="utf-8", max_codepoint=0xFFFF, exclude_categories=["Cc", "Cf", "Cn", "Co", "Zl", "Zp"])


@given(rendered(PRINTED, " \r\n", " "))
def test_yaml_reads_json_alike_and_points_to_the_same_places(case: tuple[object, str]) -> None:
    """But for tabs and characters that YAML does not take, and a colon in another line than its name."""
    value, text = case
    parsed, wanted = parse_yaml(text), parse_json(text)
    for path, inside in paths(value):
        assert parsed.position(path) == wanted.position(path)
        if isinstance(inside, str | bool | None):
            assert at(parsed.value, path) == inside


def at(value: Any, path: tuple[str | int, ...]) -> object:
    for step in path:
        value = value[step]
    return value


PIECES = [*"{}[]'\",\n\ta1é!#%~`@", ": ", "- ", "? ", "  ", "&a ", "*a", "<<: ", "|\n", "---\n", "...\n"]
PIECES += ["\\ud83d", "\\u00", "0x", ".inf", "null"]
TEXTS = (
    st.text(CHARACTERS)
    | st.text("{}[]\",:\\ua1e-. \n\t/#&*!<>|'?%@`~d8", max_size=40)
    | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
)


@given(TEXTS)
@settings(max_examples=500)
@example("[1,]")
@example('{"a":1}')
def test_arbitrary_text_gives_a_document_or_a_documented_error(text: str) -> None:
    for read in (parse, parse_json, parse_yaml):
        try:
            parsed = read(text)
        except ParseError as error:
            assert error.line  # noqa: PT017
            assert error.column  # noqa: PT017
            assert error.message  # noqa: PT017
        else:
            for path, _ in paths(parsed.value):
                assert parsed.position(path)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A JSON text with a piece cut out or put in."""
    text = draw(rendered())[1]
    begin = draw(st.integers(0, len(text)))
    end = draw(st.integers(begin, min(begin + 2, len(text))))
    return text[:begin] + draw(st.text('{}[]",:\\u1e-.tn \n\x00', max_size=2)) + text[end:]


@given(damaged())
@settings(max_examples=300)
def test_valid_means_what_the_standard_library_calls_valid(text: str) -> None:
    def refuse(word: str) -> None:
        raise ValueError(word)

    try:
        value = json.loads(text, parse_constant=refuse)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        with pytest.raises(ParseError):
            parse_json(text)
    else:
        assert parse_json(text).value == value


@given(damaged())
def test_the_scan_finds_every_mistake_itself(text: str) -> None:
    """The standard library's own words are never needed."""
    its_own = json_text._IN_WORDS
    try:
        with mock.patch.object(json_text, "_IN_WORDS", {}):
            parse_json(text)
    except ParseError as error:
        assert error.message not in its_own  # noqa: PT017
        assert not error.message.startswith(("Expecting", "Extra", "Invalid"))  # noqa: PT017


# Errors.


def test_errors_travel_between_processes() -> None:
    error = ExpectationsError([Problem("bad", "f", 3, 4), Problem("worse")])
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert again.problems == error.problems
    assert str(again) == "f:3:4: bad\nworse"
    assert str(pickle.loads(pickle.dumps(ParseError("bad", "f", 1, 2)))) == "f:1:2: bad"  # noqa: S301


def test_errors_say_where() -> None:
    assert str(InputError("bad")) == "bad"
    assert str(InputError("bad", "f")) == "f: bad"
    assert str(InputError("bad", "f", 3, 4)) == "f:3:4: bad"
    assert issubclass(ParseError, InputError)
    assert issubclass(InputError, CtkmsError)
