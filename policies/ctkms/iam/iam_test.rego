package ctkms.iam_test

import data.ctkms.iam

_unknown := {"ctkms:unknown": "later"}

_own := "111122223333"

_key := "arn:aws:kms:us-east-1:111122223333:key/a"

_root := "arn:aws:iam::111122223333:root"

_user := "arn:aws:iam::111122223333:user/Bob"

_session := "arn:aws:sts::111122223333:assumed-role/Reader/s"

_foreign := "arn:aws:iam::444455556666:user/Eve"

_service := "cloudtrail.amazonaws.com"

_statement := {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}

_deny := object.union(_statement, {"Effect": "Deny"})

_allow_by(principal) := object.union(_statement, {"Principal": principal})

_maybe(statement) := object.union(statement, {"Condition": {"Undocumented": {"a:b": "c"}}})

_identity(effect) := {
	"Version": "2012-10-17",
	"Statement": {"Effect": effect, "Action": "kms:*", "Resource": "*"},
}

_decided(statements, changes) := iam.decide(
	iam.prepare({"Version": "2012-10-17", "Statement": statements}),
	object.union({"principal": _user, "action": "kms:Decrypt", "resource": _key}, changes),
)

_decision(statements, changes) := _decided(statements, changes).decision

_outcome(decision, lists) := object.union(
	{"decision": decision, "allowed_by": [], "denied_by": [], "maybe_allowed_by": [], "maybe_denied_by": []},
	lists,
)

test_nothing_matches if _decided([], {}) == _outcome("implicit_deny", {})

test_statements_are_named_in_order if {
	never := object.union(_statement, {"Action": "s3:*"})
	statements := [_statement, never, _maybe(_statement), _deny, _maybe(_deny), _statement, _deny]
	_decided(statements, {}) == _outcome("explicit_deny", {
		"allowed_by": [0, 5],
		"denied_by": [3, 6],
		"maybe_allowed_by": [2],
		"maybe_denied_by": [4],
	})
}

test_kleene_combination if {
	_decided([_statement, _maybe(_deny)], {}) == _outcome("unknown", {"allowed_by": [0], "maybe_denied_by": [1]})
	_decided([_maybe(_statement)], {}) == _outcome("unknown", {"maybe_allowed_by": [0]})
	_decided([_maybe(_statement), _deny], {}) == _outcome("explicit_deny", {"maybe_allowed_by": [0], "denied_by": [1]})
	_decided([_maybe(_deny)], {}) == _outcome("implicit_deny", {"maybe_denied_by": [0]})
	_decided([_maybe(_statement), _statement], {}) == _outcome("allow", {"maybe_allowed_by": [0], "allowed_by": [1]})
}

test_direct_grants_in_the_account if {
	_decision([_statement], {}) == "allow"
	_decision([_allow_by({"AWS": _user})], {}) == "allow"
	_decision([_allow_by({"AWS": "arn:aws:iam::111122223333:role/Reader"})], {"principal": _session}) == "allow"
	_decision([_statement], {"principal": _own}) == "allow"
	_decision([_allow_by({"AWS": [_root, _user]})], {}) == "allow"
}

test_not_principal_grants_directly if {
	statement := {"Effect": "Allow", "NotPrincipal": {"AWS": _foreign}, "Action": "kms:*", "Resource": "*"}
	_decision([statement], {}) == "allow"
}

test_the_account_delegates if {
	granted := [_allow_by({"AWS": _root})]
	_decision(granted, {}) == "needs_iam_policy"
	_decision(granted, {"principal": _session}) == "needs_iam_policy"
	_decision(granted, {"principal": _own}) == "needs_iam_policy"
	_decision(granted, {"identity_policies": [_identity("Allow")]}) == "allow"
	_decision(granted, {"identity_policies": [{}]}) == "needs_iam_policy"
	_decision(granted, {"identity_policies": _unknown}) == "unknown"
	_decision(granted, {"identity_policies": [{"Statement": _maybe(_identity("Allow").Statement)}]}) == "unknown"
	_decision([_maybe(_allow_by({"AWS": _root}))], {}) == "unknown"
	_decision([_maybe(_allow_by({"AWS": _root}))], {"identity_policies": [_identity("Allow")]}) == "unknown"
	_decision([_allow_by({"AWS": _root}), _maybe(_allow_by({"AWS": _user}))], {}) == "unknown"
	_decision([_maybe(_allow_by({"AWS": _root})), _allow_by({"AWS": _user})], {}) == "allow"
}

test_the_root_user_needs_no_policy if {
	_decision([_allow_by({"AWS": _root})], {"principal": _root}) == "allow"
	_decision([_maybe(_allow_by({"AWS": _root}))], {"principal": _root}) == "unknown"
	_decision([_statement], {"principal": _root}) == "allow"
	_decision([_allow_by({"AWS": _foreign})], {"principal": _root}) == "implicit_deny"
}

test_callers_of_other_accounts_need_a_policy if {
	granted := [_allow_by({"AWS": _foreign})]
	_decision(granted, {"principal": _foreign}) == "needs_iam_policy"
	_decision([_statement], {"principal": _foreign}) == "needs_iam_policy"
	_decision([_allow_by({"AWS": "444455556666"})], {"principal": _foreign}) == "needs_iam_policy"
	_decision(granted, {"principal": _foreign, "identity_policies": [_identity("Allow")]}) == "allow"
	_decision([_statement], {"principal": _foreign, "identity_policies": _unknown}) == "unknown"
	_decision([_maybe(_statement)], {"principal": _foreign, "identity_policies": [_identity("Allow")]}) == "unknown"
	_decision([_statement], {"principal": "arn:aws:iam::444455556666:root"}) == "needs_iam_policy"
}

test_operations_that_other_accounts_can_be_granted if {
	names := [
		"Encrypt", "DECRYPT", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext",
		"GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GenerateMac", "VerifyMac", "Sign", "Verify",
		"DeriveSharedSecret", "CreateGrant", "DescribeKey", "GetKeyRotationStatus", "GetPublicKey", "ListGrants",
		"RetireGrant", "RevokeGrant", "PutKeyPolicy", "ReEncrypt", "ScheduleKeyDeletion", "GetKeyPolicy",
	]
	denied := [name |
		some name in names
		_decision([_statement], {"principal": _foreign, "action": concat(":", ["kms", name])}) == "implicit_deny"
	]
	denied == ["PutKeyPolicy", "ReEncrypt", "ScheduleKeyDeletion", "GetKeyPolicy"]
}

test_other_restrictions_across_accounts if {
	anything := object.union(_statement, {"Action": "*"})
	_decision([anything], {"principal": _foreign, "action": "s3:GetObject"}) == "needs_iam_policy"
	_decision([anything, _deny], {"principal": _foreign, "action": "kms:PutKeyPolicy"}) == "explicit_deny"
	_decision([anything, _maybe(_deny)], {"principal": _foreign, "action": "kms:PutKeyPolicy"}) == "implicit_deny"
	_decision([anything], {"principal": _foreign, "action": _unknown}) == "unknown"
	_decision([anything], {"action": _unknown}) == "allow"
	_decision([anything], {"action": "kms:PutKeyPolicy"}) == "allow"
}

test_services_and_anonymous_callers_have_no_policies if {
	_decision([_allow_by({"Service": _service})], {"principal": _service}) == "allow"
	_decision([_statement], {"principal": _service}) == "allow"
	_decision([_statement], {"principal": "*"}) == "allow"
	_decision([_maybe(_statement)], {"principal": "*"}) == "unknown"
	_decision([_allow_by({"AWS": _root})], {"principal": "*"}) == "implicit_deny"
	_decision([_statement], {"principal": _service, "identity_policies": [_identity("Deny")]}) == "allow"
	_decision([_statement], {"principal": "*", "identity_policies": _unknown}) == "allow"
}

test_identity_policies_can_deny if {
	_decided([_statement], {"identity_policies": [_identity("Deny")]}) == _outcome("explicit_deny", {"allowed_by": [0]})
	_decided([], {"identity_policies": _identity("Deny")}) == _outcome("explicit_deny", {})
	_decision([_statement], {"identity_policies": [_unknown]}) == "unknown"
	_decision([_statement], {"identity_policies": [{"Statement": _maybe(_identity("Deny").Statement)}]}) == "unknown"
	_decision([_statement], {"identity_policies": [null, 5, {}]}) == "allow"
	_decision([], {"identity_policies": [_identity("Allow")]}) == "implicit_deny"
}

test_a_key_whose_account_nobody_knows if {
	key := {"resource": _unknown}
	_decision([_statement], key) == "unknown"
	with_policy := object.union(key, {"identity_policies": [_identity("Allow")]})
	_decision([_statement], with_policy) == "allow"
	_decision([_statement], object.union(with_policy, {"action": "kms:PutKeyPolicy"})) == "unknown"
	_decision([_allow_by({"AWS": _root})], key) == "needs_iam_policy"
	_decision([_allow_by({"AWS": _root})], object.union(key, {"principal": _root})) == "unknown"
	_decision([_allow_by({"Service": _service})], object.union(key, {"principal": _service})) == "allow"
	_decision([_statement], {"resource": "*"}) == "unknown"
	_decision([_statement], {"resource": "arn:aws:kms:us-east-1::key/a"}) == "unknown"
	_decision([], key) == "implicit_deny"
}

test_a_caller_that_nobody_knows if {
	_decision([_statement], {"principal": _unknown}) == "unknown"
	_decision([_statement], {"principal": "x"}) == "unknown"
	_decision([_allow_by({"AWS": _user})], {"principal": _unknown}) == "unknown"
	_decision([_allow_by({"Service": "*"})], {"principal": _unknown}) == "implicit_deny"
}

test_a_policy_that_nobody_knows if {
	request := {"principal": _user, "action": "kms:Decrypt", "resource": _key}
	[iam.decide(iam.prepare(policy), request) | some policy in [_unknown, {"Statement": _unknown}]] == [
		_outcome("unknown", {}),
		_outcome("unknown", {}),
	]
	_decided([_unknown], {}) == _outcome("unknown", {"maybe_allowed_by": [0], "maybe_denied_by": [0]})
	_decided([_statement, _unknown], {}) == _outcome("unknown", {
		"allowed_by": [0],
		"maybe_allowed_by": [1],
		"maybe_denied_by": [1],
	})
	iam.decide(
		iam.prepare(_unknown),
		object.union(request, {"identity_policies": [_identity("Deny")]}),
	).decision == "explicit_deny"
}

test_malformed_requests_are_allowed_nothing if {
	members := ["principal", "action", "resource"]
	[_decision([_statement], {member: value}) |
		some member in members
		some value in [null, 5, [], {}]
	] == ["implicit_deny" |
		some _ in numbers.range(1, 12)
	]
	[iam.decide(iam.prepare({"Statement": _statement}), request).decision |
		some request in [null, 5, "x", [], {}]
	] == ["implicit_deny" |
		some _ in numbers.range(1, 5)
	]
}

test_malformed_policies_allow_nothing if {
	request := {"principal": _user, "action": "kms:Decrypt", "resource": _key}
	policies := [null, 5, "x", [], {}, {"Statement": null}, {"Statement": [null, [], "x"]}, [_statement]]
	[iam.decide(iam.prepare(policy), request) |
		some policy in policies
	] == [_outcome("implicit_deny", {}) | some _ in policies]
}

test_explain_holds_the_decision_and_the_reasons if {
	prepared := iam.prepare({"Statement": [_statement]})
	request := {"principal": _user, "action": "kms:Decrypt", "resource": _key}
	explained := iam.explain(prepared, request)
	object.remove(explained, ["statements"]) == iam.decide(prepared, request)
	[[one.index, one.match, [element.element | some element in one.elements]] | some one in explained.statements] == [
		[0, 2, ["Principal", "Action", "Resource"]],
	]
}

_input := {
	"policy": {"Statement": _allow_by({"AWS": _root})},
	"request": {"principal": _user, "action": "kms:Decrypt", "resource": _key},
}

test_simulation if {
	needs := _outcome("needs_iam_policy", {"allowed_by": [0]})
	iam.simulation == needs with input as _input
	allowed := _outcome("allow", {"allowed_by": [0]})
	iam.simulation == allowed with input as object.union(_input, {"identity_policies": [_identity("Allow")]})
	iam.simulation == allowed with input as object.union(_input, {"request": {"identity_policies": [_identity("Allow")]}})
	iam.simulation == needs with input as object.union(_input, {
		"identity_policies": [],
		"request": {"identity_policies": [_identity("Allow")]},
	})
}

test_explanation if {
	explained := iam.explanation with input as object.union(_input, {"identity_policies": [_identity("Allow")]})
	explained.decision == "allow"
	explained.statements[0].elements[0].why == concat("", [
		"the account of arn:aws:iam::111122223333:user/Bob is listed,",
		" so that its IAM policies decide",
	])
}

test_explanation_says_what_little_is_missing if {
	policy := {"Version": "2012-10-17", "Statement": [object.union(_statement, {"Action": "kms=Decrypt"})]}
	explained := iam.explanation with input as object.union(_input, {"policy": policy})
	[[element.element, element.hint] | some element in explained.statements[0].elements] == [
		["Principal", ""],
		["Action", `kms=Decrypt has no ":" between the service and the operation`],
		["Resource", ""],
	]
}

# What is assumed to be absent is absent for an Allow of an identity policy as for one of the key policy.
test_an_allow_of_an_identity_policy_sees_what_is_assumed if {
	allow := object.union(_identity("Allow").Statement, {"Condition": {"Null": {"a:b": "false"}}})
	asked := {
		"principal": _foreign, "unknown": ["*"], "assumed_absent": ["a:*"],
		"identity_policies": [{"Version": "2012-10-17", "Statement": allow}],
	}
	_decision([_statement], asked) == "needs_iam_policy"
	_decision([_statement], object.union(asked, {"assumed_absent": ["b:*"]})) == "unknown"
}

test_one_statement_is_explained_as_among_all if {
	prepared := iam.prepare({"Version": "2012-10-17", "Statement": [_statement, _maybe(_deny), _allow_by(_root)]})
	request := {"principal": _user, "action": "kms:Decrypt", "resource": _key}
	whole := iam.explain(prepared, request).statements
	count(whole) == 3
	[iam.explain_statement(prepared, iam.ask(request), index) | some index in [2, 0, 1]] == [whole[2], whole[0], whole[1]]
	not iam.explain_statement(prepared, iam.ask(request), 3)
}

# In a Deny nobody can tell what is malformed, in an identity policy either.
test_a_malformed_deny_of_an_identity_policy_leaves_it_open if {
	allow := _identity("Allow").Statement
	policies := [{"Version": "2012-10-17", "Statement": [allow, object.union(allow, {"Effect": "Deny", "Action": 5})]}]
	_decision([_statement], {"identity_policies": policies}) == "unknown"
	_decision([_statement], {"identity_policies": [_identity("Deny")]}) == "explicit_deny"
	_decision([_statement], {"identity_policies": [_identity("Allow")]}) == "allow"
}

test_what_matches_best_decides if {
	every principal in [_service, "*", _user, _root, _foreign] {
		by := {"identity_policies": [_identity("Allow")], "principal": principal}
		_decision([_maybe(_statement), _statement], by) == "allow"
		_decision([_statement, _maybe(_statement)], by) == "allow"
		_decision([_maybe(_statement)], by) == "unknown"
	}

	# Of the account as a whole, too.
	named := _allow_by({"AWS": _own})
	_decision([_maybe(named), named], {}) == "needs_iam_policy"
	_decision([named, _maybe(named)], {}) == "needs_iam_policy"
	_decision([_maybe(named)], {}) == "unknown"
}

test_a_malformed_allow_of_an_identity_policy_allows_nothing if {
	allow := object.union(_identity("Allow").Statement, {"Action": 5})
	by := {"identity_policies": [{"Version": "2012-10-17", "Statement": allow}]}
	_decision([_allow_by({"AWS": _own})], by) == "needs_iam_policy"
	_decision([_statement], object.union(by, {"principal": _foreign})) == "needs_iam_policy"
}

test_any_input_is_accepted if {
	inputs := [null, 5, "x", [], {}, {"policy": 5, "request": 5, "identity_policies": 5}, {"identity_policies": []}]
	some_denied := [decided | some one in inputs; decided := iam.simulation with input as one]
	some_denied == [_outcome("implicit_deny", {}) | some _ in inputs]
	explained := iam.explanation with input as {"request": _unknown}
	explained == object.union(_outcome("implicit_deny", {}), {"statements": []})
}

test_what_is_assumed_to_be_absent_leaves_a_deny_open if {
	asked := {"principal": _service, "unknown": ["*"], "assumed_absent": ["a:*"]}
	with_key := object.union(_statement, {"Condition": {"Null": {"a:b": "false"}}})
	_decided([with_key], asked) == _outcome("implicit_deny", {})
	other := object.union(_statement, {"Condition": {"Null": {"b:b": "false"}}})
	_decided([other], asked) == _outcome("unknown", {"maybe_allowed_by": [0]})
	without_key := object.union(_deny, {"Condition": {"Null": {"a:b": "true"}}})
	_decided([_statement, without_key], asked) == _outcome("unknown", {"allowed_by": [0], "maybe_denied_by": [1]})
	known := object.union(asked, {"assumed_absent": [], "absent": ["a:*"]})
	_decided([_statement, without_key], known) == _outcome("explicit_deny", {"allowed_by": [0], "denied_by": [1]})
	elements := iam.explain(
		iam.prepare({"Version": "2012-10-17", "Statement": [with_key, without_key]}),
		object.union({"action": "kms:Decrypt", "resource": _key}, asked),
	).statements
	[[one.effect, one.match] | some one in elements] == [["Allow", 0], ["Deny", 1]]
}

test_a_deny_of_an_identity_policy_sees_the_same if {
	policy := {"Version": "2012-10-17", "Statement": {
		"Effect": "Deny",
		"Action": "kms:*",
		"Resource": "*",
		"Condition": {"Null": {"a:b": "true"}},
	}}
	asked := {"unknown": ["*"], "assumed_absent": ["a:*"], "identity_policies": [policy]}
	_decision([_statement], asked) == "unknown"
	_decision([_statement], object.union(asked, {"assumed_absent": [], "absent": ["a:*"]})) == "explicit_deny"
}

test_a_simulation_may_be_completed if {
	condition := {"Condition": {"StringEquals": {"kms:CallerAccount": _own}}}
	asked := {
		"policy": {"Version": "2012-10-17", "Statement": object.union(_statement, condition)},
		"request": {"principal": _user, "action": "kms:Decrypt", "resource": _key},
	}
	bare := data.ctkms.iam.simulation.decision with input as asked
	bare == "implicit_deny"
	completed := data.ctkms.iam.simulation.decision with input as object.union(asked, {"complete": true})
	completed == "allow"
}

_on_arn(operator, wanted) := {"Condition": {operator: {"aws:PrincipalArn": wanted}}}

test_a_short_pattern_of_an_arn_operator_is_open if {
	asked := {"context": {"aws:PrincipalArn": _user}}
	every wanted in ["*", "arn:aws:iam::*", ["arn:aws:iam::1:user/x", "*"]] {
		_decision([object.union(_statement, _on_arn("ArnLike", wanted))], asked) == "unknown"
		_decision([_statement, object.union(_deny, _on_arn("ArnNotLike", wanted))], asked) == "unknown"
	}
	_decision([object.union(_statement, _on_arn("ArnLike", "arn:aws:sts::*"))], asked) == "implicit_deny"
	_decision([object.union(_statement, _on_arn("ArnLike", ["*", _user]))], asked) == "allow"
	every context in [{}, {"aws:PrincipalArn": "x"}] {
		_decision([object.union(_statement, _on_arn("ArnLike", "*"))], {"context": context}) == "implicit_deny"
	}
	variable := object.union(_statement, _on_arn("ArnLike", "${aws:username}*"))
	_decision([variable], {"context": {"aws:PrincipalArn": _user, "aws:username": "arn:"}}) == "unknown"
}
