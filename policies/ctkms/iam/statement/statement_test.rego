package ctkms.iam.statement_test

import data.ctkms.iam.request
import data.ctkms.iam.statement

_unknown := {"ctkms:unknown": "later"}

_asked := request.prepare({
	"principal": "arn:aws:iam::111122223333:user/Bob",
	"action": "kms:Decrypt",
	"resource": "arn:aws:kms:us-east-1:111122223333:key/a",
})

_statement := {"Sid": "One", "Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}

_matching(changes, view, malformed) := statement.matching(
	statement.prepare({"Statement": object.union(_statement, changes)}, false),
	_asked,
	view,
	malformed,
)

_found(direct, account) := [{"index": 0, "direct": direct, "account": account}]

test_policies_without_statements if {
	empty := {"version": null, "unknown": false, "statements": []}
	policies := [null, 5, "x", [], {}, {"Statement": null}, {"Statement": "x"}, {"Version": 5}]
	[policy | some policy in policies; statement.prepare(policy, false) == empty] == policies
	statement.prepare({"Version": "2012-10-17", "Statement": []}, false) == object.union(empty, {"version": "2012-10-17"})
}

test_policies_that_nobody_knows if {
	statement.prepare(_unknown, false) == {"version": null, "unknown": true, "statements": []}
	statement.prepare({"Version": "2008-10-17", "Statement": _unknown}, false) == {
		"version": "2008-10-17",
		"unknown": true,
		"statements": [],
	}
}

_views(one) := {"effect": one.effect, "allow": one.allow, "deny": one.deny}

test_effects if {
	effects := ["Allow", "Deny", "deny", "DENY", "allow", "", null, 5, {}, _unknown]
	prepared := statement.prepare({"Statement": [{"Effect": effect} | some effect in effects]}, false)
	[_views(one) | some one in prepared.statements] == [
		{"effect": "Allow", "allow": 2, "deny": 0},
		{"effect": "Deny", "allow": 0, "deny": 2},
		{"effect": "", "allow": 0, "deny": 1},
		{"effect": "", "allow": 0, "deny": 1},
		{"effect": "", "allow": 0, "deny": 0},
		{"effect": "", "allow": 0, "deny": 0},
		{"effect": "", "allow": 0, "deny": 0},
		{"effect": "", "allow": 0, "deny": 0},
		{"effect": "", "allow": 0, "deny": 0},
		{"effect": "", "allow": 1, "deny": 1},
	]
	_views(statement.prepare({"Statement": {}}, false).statements[0]) == {"effect": "", "allow": 0, "deny": 0}
}

test_statements_keep_their_index_and_sid if {
	prepared := statement.prepare({"Statement": [null, "x", _unknown, [], {"Sid": 5}, _statement]}, false)
	[[one.index, one.sid, one.allow, one.deny] | some one in prepared.statements] == [
		[0, null, 0, 0],
		[1, null, 0, 0],
		[2, null, 1, 1],
		[3, null, 0, 0],
		[4, null, 0, 0],
		[5, "One", 2, 0],
	]
}

test_what_is_prepared_is_json if {
	prepared := statement.prepare({"Version": "2012-10-17", "Statement": _statement}, false)
	json.unmarshal(json.marshal(prepared)) == prepared
	prepared.statements[0].written == {"Principal": "*", "Action": "kms:*", "Resource": "*"}
}

test_a_statement_matches_where_all_elements_do if {
	_matching({}, "allow", 0) == _found(2, 0)
	_matching({}, "deny", 1) == []
	_matching({"Principal": {"AWS": "111122223333"}}, "allow", 0) == _found(0, 2)
	_matching({"Principal": {"Service": "x.amazonaws.com"}}, "allow", 0) == []
	_matching({"Action": "kms:Encrypt"}, "allow", 0) == []
	_matching({"Resource": "arn:aws:s3:::*"}, "allow", 0) == []
	_matching({"Condition": {"StringEquals": {"a:b": "c"}}}, "allow", 0) == []
	_matching({"Condition": {"Null": {"a:b": "true"}}}, "allow", 0) == _found(2, 0)
}

test_the_least_element_decides if {
	_matching({"Action": _unknown}, "allow", 0) == _found(1, 0)
	_matching({"Resource": _unknown, "Principal": {"AWS": "111122223333"}}, "allow", 0) == _found(0, 1)
	_matching({"Effect": "deny"}, "deny", 1) == _found(1, 0)
	_matching({"Effect": _unknown}, "allow", 0) == _found(1, 0)
	_matching({"Effect": _unknown}, "deny", 1) == _found(1, 0)
}

test_malformed_elements if {
	changes := [{"Principal": 5}, {"Action": 5}, {"Resource": 5}, {"Condition": 5}, {"NotAction": "*"}]
	[_matching(object.union(change, {"Effect": "Allow"}), "allow", 0) | some change in changes] == [[], [], [], [], []]
	[_matching(object.union(change, {"Effect": "Deny"}), "deny", 1) | some change in changes] == [
		_found(1, 0), _found(1, 0),
		_found(1, 0), _found(1, 0), _found(1, 0),
	]
}

_meant(changes) := statement.meant(
	statement.prepare({"Statement": ["x", object.union(_statement, changes)]}, false).statements,
	_asked,
)

# The truths are those of Resource and of the conditions.
test_whom_and_what_a_statement_is_meant_for if {
	_meant({}) == [{"index": 1, "truths": [2]}]
	_meant({"Principal": {"AWS": "111122223333"}, "Resource": "arn:aws:s3:::*"}) == [{"index": 1, "truths": [0]}]
	conditions := {"Null": {"a:b": "true"}, "StringEquals": {"a:b": "c"}, "Undocumented": {"a:b": "c"}}
	_meant({"Condition": conditions}) == [{"index": 1, "truths": [2, 2, 0, 1]}]
	_meant({"Resource": 5, "Condition": {"StringEquals": 5}}) == [{"index": 1, "truths": [0, 0]}]
}

test_whom_or_what_a_statement_is_not_meant_for if {
	others := [
		{"Effect": "Deny"}, {"Effect": "deny"}, {"Effect": _unknown},
		{"Principal": {"Service": "x.amazonaws.com"}}, {"Principal": _unknown}, {"Principal": 5},
		{"Action": "kms:Encrypt"}, {"Action": _unknown}, {"Action": 5},
	]
	[change | some change in others; _meant(change) == []] == others
	written := [
		{"Effect": "Allow", "NotPrincipal": {"Service": "x.amazonaws.com"}, "Action": "*", "Resource": "*"},
		{"Effect": "Allow", "Principal": "*", "NotAction": "s3:*", "Resource": "*"},
		{"Effect": "Allow", "Action": "*", "Resource": "*"},
		{"Effect": "Allow", "Principal": "*", "Resource": "*"},
	]
	prepared := statement.prepare({"Statement": written}, false)
	statement.meant(prepared.statements, _asked) == []

	# As what they are, they can match.
	[one.index | some one in statement.matching(prepared, _asked, "allow", 0)] == [0, 1]
}

test_what_is_written_is_kept if {
	elements := {
		"NotPrincipal": "a", "NotAction": "b", "NotResource": "c", "Condition": {"Null": {"a:b": "true"}},
	}
	written := object.union(elements, {"Sid": "One", "Effect": "Deny"})
	statement.prepare({"Statement": written}, false).statements[0].written == elements
}

test_a_statement_that_nobody_knows_may_do_both if {
	prepared := statement.prepare({"Statement": [_unknown]}, false)
	statement.matching(prepared, _asked, "allow", 0) == _found(1, 0)
	statement.matching(prepared, _asked, "deny", 1) == _found(1, 0)
}

test_the_version_says_how_variables_are_read if {
	condition := {"StringEquals": {"a:b": "${c:d, 'x'}"}}
	asked := object.union(
		_asked,
		{"context": {"keys": {"a:b": ["x"]}, "absent": {"exact": {}, "starts": []}, "unknown": {"exact": {}, "starts": []}}},
	)
	versions := ["2012-10-17", "2008-10-17", null, _unknown]
	[statement.matching(prepared, asked, "allow", 0) |
		some version in versions
		prepared := statement.prepare(
			{"Version": version, "Statement": object.union(_statement, {"Condition": condition})},
			false,
		)
	] == [_found(2, 0), [], [], _found(1, 0)]
}

test_statements_of_identity_policies if {
	own := object.remove(_statement, ["Principal"])
	statement.matching(statement.prepare({"Statement": own}, true), _asked, "allow", 0) == _found(2, 0)
	statement.matching(statement.prepare({"Statement": _statement}, true), _asked, "allow", 0) == []
	statement.matching(statement.prepare({"Statement": own}, false), _asked, "allow", 0) == []
}
