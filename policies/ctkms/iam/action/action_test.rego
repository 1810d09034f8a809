package ctkms.iam.action_test

import data.ctkms.iam.action
import data.ctkms.iam.pattern

_unknown := {"ctkms:unknown": "later"}

_asked(name) := {"action": lower(name), "action_kind": "ok"}

_match(statement, name) := action.match(action.prepare(statement), _asked(name), 7)

# [Action, truth for kms:Decrypt, truth of the same as NotAction]; 7 is the truth of what is malformed.
_cases := [
	["kms:Decrypt", 2, 0],
	["KMS:dECRYPT", 2, 0],
	["kms:Encrypt", 0, 2],
	["*", 2, 0],
	["kms:*", 2, 0],
	["kms:De*", 2, 0],
	["kms:*crypt", 2, 0],
	["kms:?ecrypt", 2, 0],
	["kms:?Decrypt", 0, 2],
	["kms:Decrypt?", 0, 2],
	["kms:Decrypt*", 2, 0],
	["kms:D*X", 0, 2],
	["s3:*", 0, 2],
	["kms:Decrypt:x", 0, 2],
	["*:Decrypt", 1, 1],
	["k*:Decrypt", 1, 1],
	["?ms:D*", 1, 1],
	["*:*", 1, 1],
	["s*:Decrypt", 0, 2],
	["k*", 0, 2],
	["**", 0, 2],
	["Decrypt", 0, 2],
	["kms=Decrypt", 0, 2],
	["kms.Decrypt", 0, 2],
	[":", 0, 2],
	["", 0, 2],
	[["s3:*", "kms:Decrypt"], 2, 0],
	[["s3:*", "*"], 2, 0],
	[["*:Decrypt", "kms:De*"], 2, 0],
	[["s3:*", "*:Decrypt"], 1, 1],
	[_unknown, 1, 1],
	[[_unknown, "kms:Encrypt"], 1, 1],
	[[_unknown, "kms:Decrypt"], 2, 0],
	[[_unknown, "*"], 2, 0],
	[[], 0, 0],
	[null, 7, 7],
	[5, 7, 7],
	[["kms:Decrypt", 5], 7, 7],
	[{"x": "kms:Decrypt"}, 7, 7],
]

test_action if [row | some row in _cases; _match({"Action": row[0]}, "kms:Decrypt") != row[1]] == []

test_not_action if [row | some row in _cases; _match({"NotAction": row[0]}, "kms:Decrypt") != row[2]] == []

test_neither_has_no_effect if _match({"action": "*"}, "kms:Decrypt") == 0

test_both_are_malformed if _match({"Action": "*", "NotAction": "s3:*"}, "kms:Decrypt") == 7

test_an_action_that_nobody_knows if {
	patterns := ["*", "kms:*", "kms:Decrypt", "k*:*", "Decrypt", []]
	asked := {"action": "", "action_kind": "unknown"}
	[action.match(action.prepare({"Action": one}), asked, 7) | some one in patterns] == [2, 1, 1, 1, 1, 0]
}

test_a_pattern_too_big_to_match_cannot_be_told if {
	hostile := concat("", ["kms:", concat("", ["*a" | some _ in numbers.range(1, 2000)])])
	name := concat("", ["kms:", concat("", ["a" | some _ in numbers.range(1, 2000)])])
	_match({"Action": hostile}, name) == 1
	_match({"Action": hostile}, "kms:aaa") == 0
}

# Each action is where it belongs, and only there: the decision would come out alike, but not the time that it takes.
test_prepare if {
	hostile := concat("", ["kms:", concat("", ["*a" | some _ in numbers.range(1, 2000)])])
	written := ["kms:Decrypt", "kms:De*", "k*:Decrypt", hostile]
	prepared := action.prepare({"Action": written})
	wide := pattern.compile(pattern.glob(hostile))
	wide.kind == "wide"
	prepared == {
		"name": "Action",
		"state": "ok",
		"items": written,
		"any": false,
		"exact": {"kms:decrypt": true},
		"patterns": [pattern.compile(pattern.glob("kms:de*"))],
		"maybe": [wide, pattern.compile(pattern.glob("k*:decrypt"))],
		"unknown": false,
		"certain": false,
	}
}
