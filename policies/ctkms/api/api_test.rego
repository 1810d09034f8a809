package ctkms.api_test

import data.ctkms.api
import data.ctkms.testing_test as testing

_given := api.input_for(testing.trail_policy, testing.key)

_expected := testing.trail_with({"readers": {testing.bob: {}}})

test_what_is_known_of_the_key if {
	expected := testing.trail_with({})
	found := api with input as _given with data.expected as expected
	found.key.arn == testing.key
	found.key.policy == testing.trail_policy
	[entry.sid | some entry in found.statements] == [one.Sid | some one in testing.trail_policy.Statement]
	object.keys(found.trails) == {testing.trail}
	found.event_data_stores == {}
	found.expected == expected
	found.profile == "documented"
}

test_event_data_stores if {
	expected := testing.store_with({})
	found := data.ctkms.api.event_data_stores with input as _given with data.expected as expected
	object.keys(found) == {testing.store}
}

test_requests_are_decided_with_the_context_that_was_given if {
	given := _given
	expected := _expected
	context := {"kms:EncryptionContext:aws:cloudtrail:arn": testing.trail}
	asked := api.request(testing.bob, "kms:Decrypt", context) with input as given with data.expected as expected
	asked.resource == testing.key
	asked.context["aws:PrincipalArn"] == testing.bob
	decided := api.decide(asked) with input as given with data.expected as expected
	decided.decision == "allow"
	decided.allowed_by == [0, 4]
	explained := api.explain(asked) with input as given with data.expected as expected
	count(explained.statements) == 5
}

test_requests_on_a_key_that_nobody_knows if {
	given := api.input_for(testing.trail_policy, null)
	asked := api.request(testing.bob, "kms:Decrypt", {}) with input as given with data.expected as {}
	is_object(asked.resource)
}

test_what_is_no_request_is_unknown if {
	given := _given
	expected := _expected
	asked := api.request(testing.bob, "kms:Decrypt", {}) with input as given with data.expected as expected
	odd := [
		7,
		object.remove(asked, ["resource"]),
		object.remove(asked, ["principal"]),
		object.union(asked, {"action": "Decrypt"}),
		object.union(asked, {"action": 7}),
	]
	every one in odd {
		decided := api.decide(one) with input as given with data.expected as expected
		decided == {
			"decision": "unknown",
			"allowed_by": [],
			"denied_by": [],
			"maybe_allowed_by": [],
			"maybe_denied_by": [],
		}
	}
}

test_capabilities if {
	found := {[one, count(api.tried(one))] | some one in api.capabilities} with input as _given
		with data.expected as _expected
	["read", 1] in found
	["use", 0] in found
}

test_tried if {
	found := api.tried("read") with input as _given with data.expected as _expected
	{[one.probe.principal, one.decision.decision] | some one in found} == {[testing.bob, "allow"]}
}

test_statements if {
	entry := api.statement(4) with input as _given with data.expected as {}
	entry.sid == "EnableCloudTrailLogDecryptPermissions"
	api.label(entry) == "statement 5 (EnableCloudTrailLogDecryptPermissions)"
	[one.value | some one in api.principals(entry.statement)] == [testing.bob]
	[one.key | some one in api.conditions(entry.statement)] == ["kms:encryptioncontext:aws:cloudtrail:arn"]
}

test_findings if {
	api.finding("ACME-ONE", {"msg": "not so"}) == {"rule": "ACME-ONE", "msg": "not so", "statement": null, "path": []}
	api.finding("ACME-ONE", {"msg": "not so", "path": ["Version"]}).path == ["Version"]
}

test_findings_on_a_statement if {
	fields := {
		"msg": "not so",
		"subject": testing.trail,
		"statement": {"index": 1, "sid": "One", "statement": {}},
		"path": ["Principal"],
		"remediation": "do so",
		"level": "note",
		"url": "https://example.com/",
	}
	api.finding("ACME-ONE", fields) == {
		"rule": "ACME-ONE",
		"msg": "not so",
		"subject": testing.trail,
		"statement": {"index": 1, "sid": "One"},
		"path": ["Statement", 1, "Principal"],
		"remediation": "do so",
		"level": "note",
		"url": "https://example.com/",
	}
}

test_what_is_no_statement_stays_in_the_finding if {
	[api.finding("ACME-ONE", {"msg": "not so", "statement": odd}) | some odd in [7, {"index": 7}]] == [
		{"rule": "ACME-ONE", "msg": "not so", "statement": 7, "path": []},
		{"rule": "ACME-ONE", "msg": "not so", "statement": {"index": 7}, "path": []},
	]
}
