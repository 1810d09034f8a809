package ctkms.documents.policy_document_test

import data.ctkms.documents.policy_document
import data.ctkms.testing_test as testing

_kind(document) := policy_document.keys(document)[0].kind

test_kinds if {
	_kind(testing.trail_policy) == "key-policy"
	_kind(testing.root) == "statement"
	nobody := testing.but(testing.reader, {"Principal": null})
	_kind([testing.root, nobody]) == "statement"
	_kind([nobody]) == "iam-policy"
	assume := {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
	_kind([assume]) == "trust-policy"
	_kind({"Statement": assume}) == "trust-policy"
	every other in [null, 3, "text", [], [3], {}, {"Resources": {}}] {
		_kind(other) == "unrecognised"
	}
}

test_statements_on_their_own_stand_below_a_member_that_nobody_wrote if {
	policy_document.keys([testing.root]) == [{
		"kind": "statement",
		"policy": {"Statement": [testing.root]},
		"place": {"path": [], "part": ["Statement"]},
	}]
}
