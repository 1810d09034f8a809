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

test_what_looks_like_a_policy_though_it_is_none if {
	every document in [null, 3, "text", [], [3], {}, {"statement": []}, [{"efect": 1, "PRINCIPAL": "*"}], {"Policy": {}}] {
		policy_document.looks_like_one(document)
	}
	every document in [{"name": "x"}, [{"name": "x"}, 3], {"policy": "folder"}] {
		not policy_document.looks_like_one(document)
	}
}

test_a_policy_that_is_no_text if {
	problem := "the member Policy is an object, not the JSON text that KMS gives"
	[one.problem | some one in policy_document.keys({"Policy": testing.trail_policy})] == [problem]
}
