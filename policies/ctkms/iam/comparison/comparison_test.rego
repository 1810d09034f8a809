package ctkms.iam.comparison_test

import data.ctkms.iam.comparison
import data.ctkms.iam.context
import data.ctkms.iam.operator

_unknown := {"ctkms:unknown": "later"}

_context := context.prepare({"context": {
	"aws:username": "Bob",
	"a:flag": "TRUE",
	"a:arn": "arn:aws:s:r:1:x",
	"a:later": _unknown,
	"a:plain": "a:b:c:d:e:f",
}})

_with(name, wanted, sent, variables) := comparison.match(
	parsed,
	comparison.prepare(parsed, wanted, variables),
	sent,
	_context,
) if {
	parsed := operator.parse(name)
}

_matching(name, wanted, sent) := [one | some one in sent; _with(name, wanted, one, "yes") == 2]

test_string_equals if {
	_matching("StringEquals", ["a*", "b", "", 5, true], ["a*", "ab", "B", "b", "", "5", 5, "true", true, "True", {}]) == [
		"a*", "b", "", "5", 5,
		"true", true,
	]
}

test_string_equals_ignore_case if {
	_matching("StringEqualsIgnoreCase", ["aB*"], ["ab*", "AB*", "aBc", "ab"]) == ["ab*", "AB*"]
}

test_string_like if {
	_matching("StringLike", ["a*c", "D", "x?"], ["abc", "ac", "a:/c", "ab", "Ac", "D", "d", "xy", "x"]) == [
		"abc", "ac", "a:/c", "D",
		"xy",
	]
	_matching("StringLike", ["1*"], [15, 25, "1"]) == [15, "1"]
	_matching("StringLike", ["15", "a*"], [15, 1]) == [15]
	_matching("StringLike", ["*"], ["", "x", false]) == ["", "x", false]
}

test_arn_like if {
	sent := ["arn:aws:s:r:1:x", "arn:aws:s:r:2:x", "arn:aws:s:r:1:x:y", "arn:aws:s:r:y:1:x", "arn:aws:s:r:1", "x", 5]
	_matching("ArnLike", ["arn:aws:s:*:1:x*"], sent) == ["arn:aws:s:r:1:x", "arn:aws:s:r:1:x:y"]
	_matching("ArnEquals", ["arn:aws:s:r:?:x", "x"], sent) == ["arn:aws:s:r:1:x", "arn:aws:s:r:2:x"]
	_matching("ArnEquals", ["arn:aws:s:r:1:x"], sent) == ["arn:aws:s:r:1:x"]
	_matching("ArnEquals", ["a:b:c:d:e:f", "*:*:*:*:*:*"], ["a:b:c:d:e:f", "arn:::::"]) == ["arn:::::"]
	_matching("ArnLike", ["*", "arn:*"], sent) == []
}

test_bool if {
	_matching("Bool", ["true"], [true, "true", "TRUE", false, "false", "yes", 1, "1", ""]) == [true, "true", "TRUE"]
	_matching("Bool", ["False"], [false, "FALSE", true]) == [false, "FALSE"]
	_matching("Bool", [true, "yes"], ["true", "yes"]) == ["true"]
}

_orders := {
	"Equals": [5],
	"LessThan": [4, -5],
	"LessThanEquals": [4, 5, -5],
	"GreaterThan": [5.5, 10],
	"GreaterThanEquals": [5, 5.5, 10],
}

test_numbers if {
	sent := [4, 5, 5.5, 10, -5]
	{name: _matching(concat("", ["Numeric", name]), ["05"], sent) | some name, _ in _orders} == _orders
	texts := ["4", "5.0", "5.5", "10", "-5", "x", "", true]
	_matching("NumericLessThan", [5], texts) == ["4", "-5"]
	_matching("NumericGreaterThan", ["x", 5], texts) == ["5.5", "10"]
	_matching("NumericNotEquals", [5], ["5", "x"]) == ["5"]
}

_dates := {
	"Equals": ["2026-11-24T12:00:00Z", 1795521600, "1795521600", "2026-11-24T13:00:00+01:00"],
	"LessThan": ["2026-11-24"],
	"LessThanEquals": [
		"2026-11-24T12:00:00Z", 1795521600, "1795521600", "2026-11-24T13:00:00+01:00",
		"2026-11-24",
	],
	"GreaterThan": ["2026-11-24T12:00:00.1Z", "2027"],
	"GreaterThanEquals": [
		"2026-11-24T12:00:00Z", 1795521600, "1795521600", "2026-11-24T13:00:00+01:00",
		"2026-11-24T12:00:00.1Z", "2027",
	],
}

test_dates if {
	sent := [
		"2026-11-24T12:00:00Z", 1795521600, "1795521600", "2026-11-24T13:00:00+01:00", "2026-11-24", "2026-11-24T12:00:00.1Z",
		"2027", "x", "2026-02-30", true,
	]
	{name: found |
		some name, _ in _dates
		found := _matching(concat("", ["Date", name]), ["2026-11-24T12:00:00Z", "x"], sent)
	} == _dates
}

test_binary if {
	_matching("BinaryEquals", ["QQ==", "!"], ["QQ==", "QR==", "qq==", "!", "QmluYXJ5", 5]) == ["QQ==", "QR=="]
}

test_networks if {
	sent := ["10.1.2.3", "11.0.0.0", "2001:db8::1", "10.0.0.0/8", "10.0.0.0/7", "x", 5]
	_matching("IpAddress", ["10.0.0.0/8", "2001:db8::/32", "x"], sent) == ["10.1.2.3", "2001:db8::1", "10.0.0.0/8"]
	_matching("NotIpAddress", ["10.1.2.3"], sent) == ["10.1.2.3"]
}

test_a_value_that_nobody_knows if {
	wanted := ["*", "a", "arn:aws:s:r:1:x", "5", "x"]
	names := ["StringLike", "StringEquals", "ArnLike", "NumericEquals", "DateEquals"]
	[_with(names[i], [one], {}, "yes") | some i, one in wanted] == [2, 1, 1, 1, 1]
	[_with(name, [_unknown], sent, "yes") |
		some name in names
		some sent in ["x", {}]
	] == [1 | some _ in numbers.range(1, 10)]
	[_with(name, [_unknown, "arn:aws:s:r:1:x"], "arn:aws:s:r:1:x", "yes") |
		some name in ["StringEquals", "ArnLike"]
	] == [2, 2]
}

test_variables if {
	_matching(
		"StringEquals",
		["${aws:username}", "x-${aws:username}"],
		["Bob", "x-Bob", "bob", "${aws:username}"],
	) == ["Bob", "x-Bob"]
	_matching("StringEqualsIgnoreCase", ["${aws:username}"], ["bOB", "Bobb"]) == ["bOB"]
	_matching("StringLike", ["${aws:username}*"], ["Bobby", "bobby"]) == ["Bobby"]
	_matching("StringLike", ["a${*}", "b${?}*"], ["a*", "ab", "b?c", "bcd"]) == ["a*", "b?c"]
	_matching("StringEquals", ["a${*}b${$}", "plain"], ["a*b$", "a${*}b${$}", "plain"]) == ["a*b$", "plain"]
	_matching("ArnLike", ["${a:arn}", "arn:aws:s:r:${gone, '2'}:*"], ["arn:aws:s:r:1:x", "arn:aws:s:r:2:y", "x", 5]) == [
		"arn:aws:s:r:1:x",
		"arn:aws:s:r:2:y",
	]
	_matching("Bool", ["${a:flag}"], ["true", "false", "x"]) == ["true"]
	_matching("Bool", ["${aws:username}"], ["true", "false", "Bob"]) == []
	_matching("NumericEquals", ["${aws:number}"], ["5"]) == []
}

test_variables_without_a_value_match_nothing if {
	_matching("StringEquals", ["${gone}"], ["", "${gone}", "gone"]) == []
	_with("StringLike", ["${gone}*", "x"], "y", "yes") == 0
	[_with("StringLike", wanted, {}, "yes") |
		some wanted in [["${gone}"], ["${gone}", "x"], ["${aws:username}"]]
	] == [0, 1, 1]
}

# Compared together.
test_many_patterns if {
	patterns := [sprintf("%d-*-x", [number]) | some number in numbers.range(1, 9)]
	_matching("StringLike", patterns, ["7-a-x", "7-a-y", "10-a-x", "1--x"]) == ["7-a-x", "1--x"]
	_with("StringLike", patterns, "7-a-y", "yes") == 0
}

test_what_variables_do_not_match if {
	_with("StringEquals", ["${aws:username}"], "bob", "yes") == 0
	_with("ArnLike", ["${a:plain}"], "a:b:c:d:e:f", "yes") == 0
	_with("Bool", ["${a:flag}"], "x", "yes") == 0
}

test_variables_that_nobody_knows if {
	_with("StringEquals", ["${a:later}"], "x", "yes") == 1
	_with("StringEquals", ["${a:later}", "x"], "x", "yes") == 2
	_with("Bool", ["${a:later}"], "true", "yes") == 1
}

test_variables_are_plain_text_in_other_versions if {
	_with("StringEquals", ["${aws:username}"], "Bob", "no") == 0
	_with("StringEquals", ["${aws:username}"], "${aws:username}", "no") == 2
	_with("StringLike", ["${*}"], "${xyz}", "no") == 2
}

test_variables_of_an_unknown_version_cannot_be_told if {
	[_with("StringEquals", ["${aws:username}", "x"], sent, "unknown") | some sent in ["Bob", "x", "y"]] == [1, 2, 1]
	_with("StringEquals", ["x"], "y", "unknown") == 0
	_with("StringLike", ["x"], "y", "unknown") == 0
	[_with("StringLike", [text], text, "unknown") | some text in ["${aws:username}", "x${aws:username}", "x"]] == [1, 1, 2]
}

test_what_is_too_big_to_match_cannot_be_told if {
	pattern := concat("", ["*a" | some _ in numbers.range(1, 2000)])
	sent := concat("", ["a" | some _ in numbers.range(1, 2000)])
	_with("StringLike", [pattern], sent, "yes") == 1
	_with("StringLike", [pattern], "a", "yes") == 0
	_with("StringLike", [pattern, "a*"], sent, "yes") == 2
	_with("ArnLike", [concat("", ["arn:aws:s:r:1:", pattern])], sent, "yes") == 0
	_with("ArnLike", [concat("", ["arn:aws:s:r:1:", pattern])], concat("", ["arn:aws:s:r:1:", sent]), "yes") == 1
}

test_prepared_null if {
	comparison.prepare(operator.parse("Null"), ["true", false, "x"], "yes") == {
		"empty": false,
		"unknown": false,
		"any": false,
		"exact": ["true", "false"],
		"patterns": [],
		"variables": [],
		"list": [],
		"certain": true,
		"together": null,
		"fixed": true,
	}
}
