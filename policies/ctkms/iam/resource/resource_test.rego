package ctkms.iam.resource_test

import data.ctkms.iam.context
import data.ctkms.iam.resource

_unknown := {"ctkms:unknown": "later"}

_key := "arn:aws:kms:us-east-1:111122223333:key/Bob"

_context := context.prepare({
	"context": {"aws:username": "Bob", "a:star": "*", "a:path": "kms:key/Bob", "a:later": _unknown},
	"unknown": ["a:perhaps"],
})

_asked(sent, kind) := {"resource": sent, "resource_kind": kind, "context": _context}

_match(statement, variables, asked) := resource.match(resource.prepare(statement, variables), asked, 7)

# [Resource, truth for the key, truth of the same as NotResource]; 7 is the truth of what is malformed.
_cases := [
	["*", 2, 0],
	["**", 0, 2],
	[_key, 2, 0],
	["arn:aws:kms:us-east-1:111122223333:key/bob", 0, 2],
	["arn:aws:kms:*:*:key/*", 2, 0],
	["arn:aws:kms:us-east-1:111122223333:key/B?b", 2, 0],
	["arn:aws:kms:us-east-1:111122223333:*", 2, 0],
	["arn:aws:kms:us-east-1:*", 0, 2],
	["arn:*", 0, 2],
	["arn:aws:kms:us-east-1:111122223333:alias/*", 0, 2],
	["alias/x", 0, 2],
	["Bob", 0, 2],
	["", 0, 2],
	[["arn:aws:s3:::*", "arn:aws:kms:*:111122223333:key/*"], 2, 0],
	["arn:aws:kms:us-east-1:111122223333:key/${aws:username}", 2, 0],
	["arn:aws:kms:us-east-1:111122223333:key/${aws:username}*", 2, 0],
	["arn:aws:kms:us-east-1:111122223333:${gone, 'key/Bob'}", 2, 0],
	["arn:aws:kms:us-east-1:111122223333:key/${a:star}", 0, 2],
	["arn:aws:kms:us-east-1:111122223333:key/${*}", 0, 2],
	["arn:aws:kms:us-east-1:111122223333:key/B${?}b", 0, 2],
	["arn:aws:kms:us-east-1:111122223333:key/${gone}", 0, 2],
	[["arn:aws:kms:us-east-1:111122223333:key/${gone}", _key], 2, 0],
	["arn:aws:${a:path}:us-east-1:111122223333:key/Bob", 0, 2],
	["arn:aws:kms:us-east-1:111122223333:key/${a:later}", 1, 1],
	["arn:aws:kms:us-east-1:111122223333:key/${a:perhaps}", 1, 1],
	[_unknown, 1, 1],
	[[_unknown], 1, 1],
	[[_unknown, _key], 2, 0],
	[["*", "arn:aws:s3:::b"], 2, 0],
	[[], 0, 0],
	[null, 7, 7],
	[[_key, null], 7, 7],
	[{"a": "*"}, 7, 7],
]

test_resource if {
	[row | some row in _cases; _match({"Resource": row[0]}, "yes", _asked(_key, "arn")) == row[1]] == _cases
}

test_not_resource if {
	[row | some row in _cases; _match({"NotResource": row[0]}, "yes", _asked(_key, "arn")) == row[2]] == _cases
}

test_neither_has_no_effect if _match({}, "yes", _asked(_key, "arn")) == 0

test_both_are_malformed if _match({"Resource": "*", "NotResource": "a"}, "yes", _asked(_key, "arn")) == 7

test_variables_are_plain_text_in_other_versions if {
	text := "arn:aws:kms:us-east-1:111122223333:key/${aws:username}"
	_match({"Resource": text}, "no", _asked(_key, "arn")) == 0
	_match({"Resource": text}, "no", _asked(text, "arn")) == 2
}

test_variables_of_an_unknown_version_cannot_be_told if {
	text := "arn:aws:kms:us-east-1:111122223333:key/${aws:username}"
	_match({"Resource": text}, "unknown", _asked(_key, "arn")) == 1
	_match({"Resource": _key}, "unknown", _asked(_key, "arn")) == 2
	_match({"Resource": "arn:aws:${x}:us-east-1:1:key/a"}, "unknown", _asked(_key, "arn")) == 0
}

test_a_variable_stands_for_its_value_alone if {
	text := "arn:aws:kms:us-east-1:111122223333:key/${aws:username}"
	_match({"Resource": text}, "yes", _asked(text, "arn")) == 0
	_match({"Resource": [text, "arn:aws:s3:::b"]}, "yes", _asked(text, "arn")) == 0
}

test_what_is_no_arn_is_covered_by_the_star_alone if {
	like_an_arn := "xrn:aws:kms:us-east-1:111122223333:key/Bob"
	_match({"Resource": "?rn:aws:kms:us-east-1:111122223333:key/Bob"}, "yes", _asked(like_an_arn, "other")) == 0
	_match({"Resource": like_an_arn}, "yes", _asked(like_an_arn, "other")) == 0
	_match({"NotResource": ["*", _unknown]}, "yes", _asked("Bob", "other")) == 0
	_match({"Resource": [_unknown]}, "yes", _asked("Bob", "other")) == 1
	patterns := ["*", "Bob", "**", _key, _unknown]
	[_match({"Resource": pattern}, "yes", _asked("Bob", "other")) | some pattern in patterns] == [2, 0, 0, 0, 1]
}

# Patterns for a key that nobody knows yet.
_possible := {
	"*": 2,
	_key: 1,
	"arn:aws:*:us-east-1:111122223333:key/Bob": 1,
	"arn:aws:k?s:us-east-1:111122223333:*": 1,
	"arn:aws:kms:us-east-1:111122223333:k*": 1,
	"arn:aws:kms:us-east-1:111122223333:ke?/*": 1,
	"arn:aws:kms:us-east-1:111122223333:????": 1,
	"arn:aws:kms:us-east-1:111122223333:???": 0,
	"arn:aws:kms:us-east-1:111122223333:ke": 0,
	"arn:aws:kms:us-east-1:111122223333:key": 0,
	"arn:aws:kms:us-east-1:111122223333:alias/*": 0,
	"arn:aws:s3:us-east-1:111122223333:key/Bob": 0,
	"arn:aws:kms:us-east-1:111122223333:${gone, 'key/a'}": 1,
	"arn:aws:kms:us-east-1:111122223333:${gone, 'alias/a'}": 0,
	"arn:aws:kms:us-east-1:111122223333:${gone}": 0,
	"arn:aws:kms:us-east-1:111122223333:${a:later}": 1,
	"arn:aws:kms:us-east-1:111122223333:${*}": 0,
	"arn:aws:kms:us-east-1": 0,
	"Bob": 0,
}

test_a_resource_that_nobody_knows if {
	asked := _asked(_unknown, "unknown")
	{text: _match({"Resource": text}, "yes", asked) | some text, _ in _possible} == _possible
	_match({"Resource": _unknown}, "yes", asked) == 1
	_match({"Resource": [_unknown]}, "yes", asked) == 1
	_match({"NotResource": "arn:aws:s3:::*"}, "yes", asked) == 2
	_match({"NotResource": _key}, "yes", asked) == 1
}
