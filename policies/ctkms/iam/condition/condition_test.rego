package ctkms.iam.condition_test

import data.ctkms.iam.condition
import data.ctkms.iam.context

_unknown := {"ctkms:unknown": "later"}

_match(element, request) := _match_with(element, request, 1)

_match_with(element, request, malformed) := condition.match(
	condition.prepare({"Condition": element}, "yes"),
	{"context": context.prepare(request)},
	malformed,
)

# What a request says of a:k: nothing; one value; another; a list; an empty list; nothing known; a value nobody knows.
_requests := [
	{},
	{"context": {"a:k": "x"}},
	{"context": {"a:k": "y"}},
	{"context": {"a:k": ["x", "y"]}},
	{"context": {"a:k": ["y", "z"]}},
	{"context": {"a:k": []}},
	{"context": {"a:k": ""}},
	{"context": {"a:k": [""]}},
	{"unknown": ["A:*"]},
	{"context": {"A:K": _unknown}},
	{"context": {"a:k": ["x", _unknown]}},
]

_truths(operator, wanted) := [_match({operator: {"a:K": wanted}}, request) | some request in _requests]

# Operator, value, truths for the requests.
_cases := [
	["StringEquals", "x", [0, 2, 0, 2, 0, 0, 0, 0, 1, 1, 2]],
	["StringNotEquals", "x", [2, 0, 2, 2, 2, 2, 2, 2, 1, 1, 1]],
	["StringEqualsIfExists", "x", [2, 2, 0, 2, 0, 2, 0, 0, 1, 1, 2]],
	["StringNotEqualsIfExists", "x", [2, 0, 2, 2, 2, 2, 2, 2, 1, 1, 1]],
	["ForAnyValue:StringEquals", "x", [0, 2, 0, 2, 0, 0, 0, 0, 1, 1, 2]],
	["ForAnyValue:StringNotEquals", "x", [0, 0, 2, 2, 2, 0, 0, 0, 1, 1, 1]],
	["ForAnyValue:StringEqualsIfExists", "x", [2, 2, 0, 2, 0, 2, 0, 0, 1, 1, 2]],
	["ForAnyValue:StringNotEqualsIfExists", "x", [2, 0, 2, 2, 2, 2, 0, 0, 1, 1, 1]],
	["ForAllValues:StringEquals", "x", [2, 2, 0, 0, 0, 2, 2, 2, 1, 1, 1]],
	["ForAllValues:StringNotEquals", "x", [2, 0, 2, 0, 2, 2, 2, 2, 1, 1, 0]],
	["ForAllValues:StringEqualsIfExists", "x", [2, 2, 0, 0, 0, 2, 2, 2, 1, 1, 1]],
	["ForAllValues:StringNotEqualsIfExists", "x", [2, 0, 2, 0, 2, 2, 2, 2, 1, 1, 0]],
	["StringEquals", ["x", "y"], [0, 2, 2, 2, 2, 0, 0, 0, 1, 1, 2]],
	["StringNotEquals", ["x", "y"], [2, 0, 0, 0, 2, 2, 2, 2, 1, 1, 1]],
	["ForAllValues:StringEquals", ["x", "y"], [2, 2, 2, 2, 0, 2, 2, 2, 1, 1, 1]],
	["ForAnyValue:StringNotEquals", ["x", "y"], [0, 0, 0, 0, 2, 0, 0, 0, 1, 1, 1]],
	["StringEquals", "", [0, 0, 0, 0, 0, 0, 2, 2, 1, 1, 1]],
	["StringLike", "*", [0, 2, 2, 2, 2, 0, 2, 2, 1, 2, 2]],
	["StringNotLike", "*", [2, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0]],
	["StringLikeIfExists", "*", [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]],
	["ForAllValues:StringLike", "*", [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]],
	["ForAnyValue:StringLike", "*", [0, 2, 2, 2, 2, 0, 0, 0, 1, 2, 2]],
	["StringEquals", [], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
	["StringNotEquals", [], [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]],
	["StringEqualsIfExists", [], [2, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0]],
	["StringNotEqualsIfExists", [], [2, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0]],
	["ForAllValues:StringEquals", [], [2, 0, 0, 0, 0, 2, 2, 2, 1, 0, 0]],
	["ForAllValues:StringNotEquals", [], [2, 0, 0, 0, 0, 2, 2, 2, 1, 0, 0]],
	["ForAnyValue:StringEquals", [], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
	["ForAnyValue:StringNotEquals", [], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
	["StringEquals", _unknown, [0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1]],
	["StringEquals", [_unknown, "x"], [0, 2, 1, 2, 1, 0, 1, 1, 1, 1, 2]],
	["StringNotEquals", [_unknown, "x"], [2, 0, 1, 1, 1, 2, 1, 1, 1, 1, 1]],
	["Null", "true", [2, 0, 0, 0, 0, 2, 2, 2, 1, 0, 0]],
	["Null", false, [0, 2, 2, 2, 2, 0, 0, 0, 1, 2, 2]],
	["Null", ["TRUE", "false"], [2, 2, 2, 2, 2, 2, 2, 2, 1, 2, 2]],
	["Null", "yes", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
	["Null", [], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
	["Null", _unknown, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
	["ForAllValues:Null", "true", [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]],
	["ForAnyValue:Null", "true", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
	["NumericNotEquals", 5, [2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 2]],
	["NumericLessThan", 5, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]],
	["NotIpAddress", "10.0.0.0/8", [2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 2]],
	["ArnNotLike", "arn:aws:s:r:1:*", [2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 2]],
	["NullIfExists", "true", [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
	["stringequals", "x", [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
	["StringEquals", null, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
	["StringEquals", ["x", {}], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
	["StringEquals", ["x", ["y"]], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
]

test_truth_tables if [_truths(row[0], row[1]) | some row in _cases] == [row[2] | some row in _cases]

test_a_list_of_one_is_a_single_value if {
	_match({"StringNotEquals": {"a:k": "x"}}, {"context": {"a:k": ["x"]}}) == 0
	_match({"StringEquals": {"a:k": "${a:v}"}}, {"context": {"a:k": "x", "a:v": ["x"]}}) == 2
}

test_a_variable_without_a_value if {
	_match({"StringEquals": {"a:k": "${gone}"}}, {"context": {"a:k": "x"}}) == 0
	_match({"StringNotEquals": {"a:k": "${gone}"}}, {"context": {"a:k": "x"}}) == 2
}

test_elements_that_restrict_nothing if {
	[_match(element, {}) | some element in [{}, {"StringEquals": {}}, {"Null": {}, "Bool": {}}]] == [2, 2, 2]
	condition.match(condition.prepare({}, "yes"), {}, 1) == 2
}

test_malformed_elements if {
	elements := [null, [], "x", 5, [{}], {"StringEquals": "x"}, {"StringEquals": null}, {"StringEquals": []}]
	[_match_with(element, {}, 1) | some element in elements] == [1 | some _ in elements]
	[_match_with(element, {}, 0) | some element in elements] == [0 | some _ in elements]
	_match_with({"StringEquals": {"a:k": null}}, {}, 0) == 0
}

test_an_unknown_operator_cannot_be_told_whatever_it_holds if {
	[_match({"x": block}, {}) | some block in [null, {}, [], {"a:k": null}, {"a:k": "x"}]] == [1, 1, 1, 1, 1]
}

test_elements_that_nobody_knows if {
	[_match(element, {}) | some element in [_unknown, {"StringEquals": _unknown}, {"x": _unknown}]] == [1, 1, 1]
}

test_all_conditions_must_hold if {
	request := {"context": {"a:k": "x", "a:l": "y"}}
	_match({"StringEquals": {"a:k": "x", "a:l": "y"}}, request) == 2
	_match({"StringEquals": {"a:k": "x", "a:l": "z"}}, request) == 0
	_match({"StringEquals": {"a:k": "x"}, "StringLike": {"a:l": "z*"}}, request) == 0
	_match({"StringEquals": {"a:k": "x"}, "x": {"a:l": "z*"}}, request) == 1
	_match({"StringEquals": {"a:k": "z"}, "x": {"a:l": "z*"}}, request) == 0
}

test_keys_that_differ_in_case_only_must_all_hold if {
	_match({"StringEquals": {"a:k": "x", "A:K": ["x", "y"]}}, {"context": {"a:k": "x"}}) == 2
	_match({"StringEquals": {"a:k": "x", "A:K": "y"}}, {"context": {"a:k": "x"}}) == 0
}

test_prepared if {
	condition.prepare({"Condition": {"StringEqualsIfExists": {"aws:SourceArn": "x"}}}, "no") == [{
		"operator": "StringEqualsIfExists",
		"key": "aws:SourceArn",
		"name": "aws:sourcearn",
		"state": "ok",
		"parsed": {"set": "", "if_exists": true, "type": "string", "comparison": "equals", "negated": false},
		"wanted": "x",
		"values": {
			"empty": false,
			"unknown": false,
			"any": false,
			"exact": ["x"],
			"patterns": [],
			"variables": [],
			"list": [],
			"certain": true,
			"together": null,
			"fixed": true,
		},
		"plain": true,
	}]
}
