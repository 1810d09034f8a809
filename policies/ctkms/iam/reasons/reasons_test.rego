package ctkms.iam.reasons_test

import data.ctkms.iam.reasons
import data.ctkms.iam.request
import data.ctkms.iam.statement

_unknown := {"ctkms:unknown": "later"}

_key := "arn:aws:kms:us-east-1:111122223333:key/a"

_trail := "arn:aws:cloudtrail:us-east-1:111122223333:trail/b"

_request := {
	"principal": "cloudtrail.amazonaws.com",
	"action": "kms:GenerateDataKey",
	"resource": _key,
	"context": {"aws:SourceArn": _trail, "a:list": ["x", _unknown, 5], "a:later": _unknown},
	"unknown": ["a:perhaps"],
}

_statement := {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}

_explained(changes, asked) := reasons.statements(
	statement.prepare({"Version": "2012-10-17", "Statement": object.union(_statement, changes)}, false),
	request.prepare(object.union(_request, asked)),
)[0]

test_a_statement_in_full if {
	changes := {
		"Sid": "One",
		"Principal": {"Service": "cloudtrail.amazonaws.com"},
		"Condition": {"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/a"}},
	}
	_explained(changes, {}) == {
		"index": 0,
		"sid": "One",
		"effect": "Allow",
		"match": 0,
		"elements": [
			{
				"element": "Principal",
				"path": ["Principal"],
				"match": 2,
				"wanted": {"Service": "cloudtrail.amazonaws.com"},
				"sent": "cloudtrail.amazonaws.com",
				"why": "cloudtrail.amazonaws.com is listed",
			},
			{
				"element": "Action",
				"path": ["Action"],
				"match": 2,
				"wanted": "kms:*",
				"sent": "kms:GenerateDataKey",
				"why": "Action covers kms:GenerateDataKey",
			},
			{
				"element": "Resource",
				"path": ["Resource"],
				"match": 2,
				"wanted": "*",
				"sent": _key,
				"why": sprintf("Resource covers %v", [_key]),
			},
			{
				"element": "Condition StringEquals aws:SourceArn",
				"path": ["Condition", "StringEquals", "aws:SourceArn"],
				"match": 0,
				"wanted": "arn:aws:cloudtrail:us-east-1:111122223333:trail/a",
				"sent": _trail,
				"why": concat("", [
					"StringEquals aws:SourceArn wants arn:aws:cloudtrail:us-east-1:111122223333:trail/a",
					", the request has arn:aws:cloudtrail:us-east-1:111122223333:trail/b",
				]),
			},
		],
	}
}

# Of an element: its name, truth and words.
_element(changes, asked, place) := [element.element, element.match, element.why] if {
	element := _explained(changes, asked).elements[place]
}

_user := {"principal": "arn:aws:iam::111122223333:user/Bob"}

_principals := [
	[{"Principal": "*"}, {}, ["Principal", 2, "everyone is covered, cloudtrail.amazonaws.com too"]],
	[{"Principal": {"Service": "x.y"}}, {}, ["Principal", 0, "cloudtrail.amazonaws.com is not listed"]],
	[
		{"Principal": {"AWS": "111122223333"}},
		_user,
		["Principal", 2, "the account of arn:aws:iam::111122223333:user/Bob is listed, so that its IAM policies decide"],
	],
	[
		{"Principal": {"AWS": _unknown}},
		_user,
		["Principal", 1, "nobody can tell yet whether arn:aws:iam::111122223333:user/Bob is listed"],
	],
	[{"Principal": _unknown}, {}, ["Principal", 1, "the value of Principal is not known yet"]],
	[{"Principal": []}, {}, ["Principal", 0, "Principal is empty and covers nobody"]],
	[{"Principal": 5}, {}, ["Principal", 0, "Principal is missing, malformed, or there twice"]],
	[{"Effect": "Deny", "Principal": 5}, {}, ["Principal", 1, "Principal is missing, malformed, or there twice"]],
]

test_principal if {
	[_element(changes, asked, 0) | some [changes, asked, _] in _principals] == [said | some [_, _, said] in _principals]
}

_except(element, asked) := [found.element, found.match, found.why, found.wanted] if {
	changed := object.union(object.remove(_statement, ["Principal"]), {"NotPrincipal": element})
	prepared := statement.prepare({"Statement": changed}, false)
	found := reasons.statements(prepared, request.prepare(object.union(_request, asked)))[0].elements[0]
}

test_not_principal if {
	service := {"Service": "cloudtrail.amazonaws.com"}
	_except(service, {}) == ["NotPrincipal", 0, "cloudtrail.amazonaws.com is exempt", service]
	account := {"AWS": "111122223333"}
	_except(account, {}) == ["NotPrincipal", 2, "cloudtrail.amazonaws.com is not exempt", account]
	_except(account, _user) == [
		"NotPrincipal",
		1,
		"of arn:aws:iam::111122223333:user/Bob, not all are surely exempt: its account, its role and itself",
		account,
	]
}

_places := [
	[{"Action": "kms:Decrypt"}, 1, ["Action", 0, "Action does not cover kms:GenerateDataKey"]],
	[{"Action": "*:GenerateDataKey"}, 1, ["Action", 1, "nobody can tell whether Action covers kms:GenerateDataKey"]],
	[{"Action": []}, 1, ["Action", 0, "without a value of Action the statement has no effect"]],
	[{"Action": _unknown}, 1, ["Action", 1, "the value of Action is not known yet"]],
	[{"Action": 5}, 1, ["Action", 0, "Action is malformed, or there together with its opposite"]],
	[{"NotAction": "s3:*"}, 1, ["Action", 0, "Action is malformed, or there together with its opposite"]],
	[{"Resource": "arn:aws:s3:::b"}, 2, ["Resource", 0, sprintf("Resource does not cover %v", [_key])]],
]

test_action_and_resource if {
	[_element(changes, {}, place) | some [changes, place, _] in _places] == [said | some [_, _, said] in _places]
}

test_missing_elements_are_named if {
	prepared := statement.prepare({"Statement": {"Effect": "Deny"}}, false)
	explained := reasons.statements(prepared, request.prepare(_request))[0]
	[[element.element, element.match, element.wanted] | some element in explained.elements] == [
		["Principal", 1, null],
		["Action", 0, null],
		["Resource", 0, null],
	]
	explained.match == 0
}

test_requests_that_nobody_knows if {
	_element({}, {"principal": _unknown}, 0) == ["Principal", 2, "everyone is covered, a value not known yet too"]
	_element({"Action": "kms:x"}, {"action": _unknown}, 1) == [
		"Action",
		1,
		"nobody can tell whether Action covers a value not known yet",
	]
	_element({"Resource": _key}, {"resource": _unknown}, 2) == [
		"Resource",
		1,
		"nobody can tell whether Resource covers a value not known yet",
	]
}

_condition(element) := [found.path, found.match, found.sent, found.why] if {
	found := _explained({"Condition": element}, {}).elements[3]
}

_conditions := [
	[
		{"StringLike": {"a:gone": ["x", 5]}},
		[["Condition", "StringLike", "a:gone"], 0, null, "StringLike a:gone wants x or 5, the request carries no a:gone"],
	],
	[
		{"StringNotLike": {"a:gone": []}},
		[
			["Condition", "StringNotLike", "a:gone"],
			2,
			null,
			"StringNotLike a:gone wants nothing, the request carries no a:gone",
		],
	],
	[
		{"StringEquals": {"a:perhaps": "x"}},
		[
			["Condition", "StringEquals", "a:perhaps"],
			1,
			{"ctkms:unknown": "nobody documents whether the request carries the key"},
			"StringEquals a:perhaps wants x, nobody documents whether the request carries a:perhaps",
		],
	],
	[
		{"StringEquals": {"a:later": "x"}},
		[
			["Condition", "StringEquals", "a:later"],
			1,
			{"ctkms:unknown": "the value that the request carries is not known"},
			"StringEquals a:later wants x, the request has a value not known yet: nobody can tell whether that matches",
		],
	],
	[
		{"ForAnyValue:StringEquals": {"a:list": "x"}},
		[
			["Condition", "ForAnyValue:StringEquals", "a:list"],
			2,
			["x", {"ctkms:unknown": "the value that the request carries is not known"}, 5],
			"ForAnyValue:StringEquals a:list wants x, the request has x or a value not known yet or 5",
		],
	],
	[
		{"Null": {"a:gone": "true"}},
		[["Condition", "Null", "a:gone"], 2, null, "Null a:gone wants the key to be absent, the request carries no a:gone"],
	],
	[
		{"Null": {"a:gone": false}},
		[["Condition", "Null", "a:gone"], 0, null, "Null a:gone wants the key to be there, the request carries no a:gone"],
	],
	[
		{"Null": {"a:gone": ["true", "false"]}},
		[["Condition", "Null", "a:gone"], 2, null, "Null a:gone wants true or false, the request carries no a:gone"],
	],
]

_broken_conditions := [
	[
		{"stringequals": {"a:b": "x"}},
		[["Condition", "stringequals"], 1, null, "nobody documents what AWS does with the operator stringequals"],
	],
	[{"StringEquals": _unknown}, [["Condition", "StringEquals"], 1, null, "the value of the condition is not known yet"]],
	[_unknown, [["Condition"], 1, null, "the value of the condition is not known yet"]],
	[{"StringEquals": "x"}, [["Condition", "StringEquals"], 0, null, "the condition is malformed"]],
	[{"StringEquals": {"a:b": null}}, [["Condition", "StringEquals", "a:b"], 0, null, "the condition is malformed"]],
	[5, [["Condition"], 0, null, "the condition is malformed"]],
]

test_condition if {
	rows := array.concat(_conditions, _broken_conditions)
	[_condition(condition) | some [condition, _] in rows] == [said | some [_, said] in rows]
}

test_only_null_wants_a_key_to_be_there if {
	asked := {"context": {"a:flag": "false"}}
	[_element({"Condition": {"Bool": {"a:flag": wanted}}}, asked, 3)[2] | some wanted in ["true", "false"]] == [
		"Bool a:flag wants true, the request has false",
		"Bool a:flag wants false, the request has false",
	]
}

test_what_perhaps_denies_is_read_as_a_deny if {
	explained := _element({"Effect": "deny", "Principal": 5}, {}, 0)
	explained == ["Principal", 1, "Principal is missing, malformed, or there twice"]

	changes := {"Condition": {"StringEquals": {"a:perhaps": "x"}}}
	assumed := {"assumed_absent": ["a:perhaps"]}
	truths := [_element(object.union(changes, {"Effect": effect}), assumed, 3)[1] |
		some effect in ["Allow", "Deny", "deny"]
	]
	truths == [0, 1, 1]
}

test_the_match_of_a_statement if {
	[_explained(changes, {}).match |
		some changes in [{}, {"Action": "k*:*"}, {"Effect": "deny"}, {"Effect": "x"}, {"Effect": _unknown}]
	] == [2, 1, 1, 0, 1]
}

test_a_statement_that_nobody_knows if {
	explained := reasons.statements(statement.prepare({"Statement": [_unknown]}, false), request.prepare(_request))
	[[one.effect, one.match, [element.match | some element in one.elements]] |
		some one in explained
	] == [["", 1, [1, 1, 1]]]
}

_wish(values) := _explained({"Condition": {"StringEquals": {"aws:SourceArn": values}}}, {}).elements[3].why

test_of_a_long_list_the_first_values_are_said if {
	values := [sprintf("v%v", [i]) | some i in numbers.range(1, 13)]
	said := sprintf("StringEquals aws:SourceArn wants %v, the request has %v", ["%v", _trail])
	_wish(values) == sprintf(said, ["v1 or v2 or v3 or v4 or v5 or v6 or v7 or v8 or 5 others"])
	_wish(array.slice(values, 0, 12)) == sprintf(said, [concat(" or ", array.slice(values, 0, 12))])
}
