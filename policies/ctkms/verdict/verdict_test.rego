package ctkms.verdict_test

import data.ctkms.evaluation
import data.ctkms.testing_test as testing
import data.ctkms.verdict

_expected := testing.trail_with({"readers": {testing.bob: {}}})

_deny := {"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "kms:GenerateDataKey", "Resource": "*"}

_one(statements, capability) := tried[0] if {
	document := testing.of(testing.policy(statements))
	expected := _expected
	tried := evaluation.tried(capability) with input as document with data.expected as expected
}

test_failures_are_one_for_each_subject_and_caller if {
	document := testing.of(testing.policy([testing.root]))
	expected := _expected
	subjects := {testing.trail: {}}
	found := verdict.failures("encrypt", subjects) with input as document with data.expected as expected
	[one.probe.subject | some one in found] == [testing.trail]
	others := verdict.failures("encrypt", {}) with input as document with data.expected as expected
	others == []
}

test_a_deny_decides_by_its_effect if {
	statements := [testing.root, testing.encrypt, _deny]
	one := _one(statements, "encrypt")
	document := testing.of(testing.policy(statements))
	decider := verdict.decider(one) with input as document
	decider == {
		"statement": {"index": 2, "sid": "No", "statement": _deny},
		"path": ["Effect"],
		"why": "statement 3 (No) denies it",
	}
	endswith(verdict.message(one), "refused by an explicit Deny")
}

test_the_closest_allow_decides_by_the_element_that_failed if {
	elsewhere := "arn:aws:cloudtrail:eu-west-1:111111111111:trail/management-events"
	wrong := json.patch(testing.encrypt, [{
		"op": "replace",
		"path": "/Condition/StringEquals/aws:SourceArn",
		"value": elsewhere,
	}])
	far := testing.but(testing.encrypt, {"Sid": "Far", "Resource": "arn:aws:kms:us-east-1:111111111111:key/other"})
	statements := [testing.root, far, wrong]
	one := _one(statements, "encrypt")
	document := testing.of(testing.policy(statements))
	expected := _expected
	closest := verdict.closest(one) with input as document with data.expected as expected
	closest.statement.index == 1
	alone := testing.of(testing.policy([testing.root, wrong]))
	decider := verdict.decider(_one([testing.root, wrong], "encrypt")) with input as alone with data.expected as expected
	decider.statement.index == 1
	decider.path == ["Condition", "StringEquals", "aws:SourceArn"]
	decider.why == sprintf(
		"statement 2 (AllowCloudTrailEncryptLogs) comes closest, but StringEquals aws:SourceArn wants %v, the request has %v",
		[elsewhere, testing.trail],
	)
}

test_nothing_is_close_where_no_statement_is_meant if {
	one := _one([testing.root], "encrypt")
	document := testing.of(testing.policy([testing.root]))
	decider := verdict.decider(one) with input as document
	decider == {"statement": null, "path": [], "why": "no statement is meant for this caller and action"}
	endswith(verdict.message(one), "no statement allows it")
}

test_a_statement_whose_action_is_malformed_is_named if {
	wrong := testing.but(testing.encrypt, {"Action": ["kms:GenerateDataKey*", 5]})
	one := _one([testing.root, wrong], "encrypt")
	document := testing.of(testing.policy([testing.root, wrong]))
	decider := verdict.decider(one) with input as document
	decider.why == concat(" ", [
		"no statement is meant for this caller and action,",
		"unless statement 2 (AllowCloudTrailEncryptLogs), with an Action that is malformed",
	])
}

test_a_deny_of_the_caller_s_own_policies_is_told_apart if {
	verdict.denied_elsewhere({"decision": "explicit_deny", "denied_by": []})
	not verdict.denied_elsewhere({"decision": "explicit_deny", "denied_by": [1]})
	not verdict.denied_elsewhere({"decision": "implicit_deny", "denied_by": []})
}

test_what_came_closest_is_found_once_and_handed_on if {
	elsewhere := testing.but(testing.encrypt, {"Resource": "arn:aws:kms:us-east-1:111111111111:key/other"})
	document := testing.of(testing.policy([testing.root, elsewhere]))
	expected := _expected
	decided := data.ctkms.verdict.decided with input as document with data.expected as expected
	decided.decisions == data.ctkms.evaluation.decisions with input as document with data.expected as expected
	id := sprintf("%v encrypt log file", [testing.trail])
	decided.closest[id].index == 1
	decided.closest[sprintf("%v describe key", [testing.trail])] == null
	one := _one([testing.root, elsewhere], "encrypt")
	alone := verdict.closest(one) with input as document with data.expected as expected
	later := object.union(document, {"ctkms": {"memo": {"closest": decided.closest}}})
	verdict.closest(one) == alone with input as later with data.expected as expected
	alone.statement.statement == elsewhere
	none := object.union(document, {"ctkms": {"memo": {"closest": {}}}})
	verdict.closest(one) == alone with input as none with data.expected as expected
}
