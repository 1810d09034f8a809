package ctkms.iam.context_test

import data.ctkms.iam.context

_unknown := {"ctkms:unknown": "later"}

_context := context.prepare({
	"context": {"aws:One": "x", "aws:list": ["a", 5, true], "aws:later": _unknown, "aws:none": [], "aws:null": null},
	"absent": ["aws:Gone", "kms:EncryptionContext:Not*"],
	"unknown": ["AWS:Perhaps", "kms:EncryptionContext:*", "aws:one", "aws:none", "aws:gone"],
})

_present(values) := {"presence": 2, "values": values}

_absent := {"presence": 0, "values": []}

_perhaps := {"presence": 1, "values": [{}]}

_lookups := {
	"aws:one": _present(["x"]),
	"aws:list": _present(["a", 5, true]),
	"aws:later": _present([{}]),
	"aws:none": _absent,
	"aws:null": _absent,
	"aws:gone": _absent,
	"aws:other": _absent,
	"aws:perhaps": _perhaps,
	"aws:perhaps2": _absent,
	"kms:encryptioncontext:a": _perhaps,
	"kms:encryptioncontext:": _perhaps,
	"kms:encryptioncontext": _absent,
	"kms:encryptioncontext:nothing": _absent,
}

test_lookup if {key: context.lookup(_context, key) | some key, _ in _lookups} == _lookups

test_nothing_is_known_of_an_unknown_context if {
	found := context.prepare({"context": _unknown, "absent": "aws:*"})
	[context.lookup(found, key).presence | some key in ["kms:x", "aws:x"]] == [1, 0]
}

test_keys_that_differ_in_case_only_hold_all_values if {
	context.prepare({"context": {"a": "x", "A": ["y", "z"], "b": 1}}).keys == {"a": ["y", "z", "x"], "b": [1]}
}

test_values_of_other_kinds_are_not_known if {
	found := context.prepare({"context": {"a": [["x"], {"y": 1}, null, "z", false]}})
	context.lookup(found, "a") == _present([{}, {}, "z", false])
}

test_any_request_is_accepted if {
	nothing := {"keys": {}, "absent": {"exact": {}, "starts": []}, "unknown": {"exact": {}, "starts": []}}
	requests := [
		{},
		{"context": null},
		{"context": []},
		{"context": "x", "absent": 5, "unknown": {}},
		{"absent": [null, 1]},
	]
	[request | some request in requests; context.prepare(request) == nothing] == requests
}
