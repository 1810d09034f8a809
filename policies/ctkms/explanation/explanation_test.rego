package ctkms.explanation_test

import data.ctkms.explanation
import data.ctkms.testing_test as testing

_elsewhere := replace(testing.trail, "us-east-1", "eu-west-1")

test_a_refused_request_is_explained_statement_by_statement if {
	wrong := json.patch(testing.encrypt, [{
		"op": "replace",
		"path": "/Condition/StringEquals/aws:SourceArn",
		"value": _elsewhere,
	}])
	expected := testing.trail_with({})
	input_of := testing.of(testing.policy([testing.root, wrong, testing.describe, testing.decrypt]))
	found := explanation.refused with data.expected as expected with input as input_of
	count(found) == 1
	found[0].subject == testing.trail
	found[0].principal == "cloudtrail.amazonaws.com"
	found[0].capability == "encrypt"
	found[0].decision == "implicit_deny"
	found[0].what == sprintf("CloudTrail encrypts a log file of trail %v", [testing.trail])
	found[0].request == {
		"principal": "cloudtrail.amazonaws.com",
		"action": "kms:GenerateDataKey",
		"resource": testing.key,
	}
	[[said.index, said.match, said.element.element] | some said in found[0].statements] == [
		[0, 0, "Principal"],
		[1, 0, "Condition StringEquals aws:SourceArn"],
		[2, 0, "Action"],
		[3, 0, "Action"],
	]
	[said.hint | some said in found[0].statements] == [
		"", "only the Region differs: eu-west-1 in the policy, us-east-1 in the request", "",
		"",
	]
}

test_what_is_allowed_is_not_explained if {
	expected := testing.trail_with({})
	input_of := testing.of(testing.trail_policy)
	found := explanation.refused with data.expected as expected with input as input_of
	[one | some one in found; one.capability != "administer"] == []
}

test_a_deny_that_matches_has_no_element_that_does_not if {
	deny := {"Effect": "Deny", "Principal": "*", "Action": "kms:DescribeKey", "Resource": "*"}
	expected := testing.trail_with({})
	input_of := testing.of(testing.policy(array.concat(testing.trail_policy.Statement, [deny])))
	found := explanation.refused with data.expected as expected with input as input_of
	described := [one | some one in found; one.capability == "describe"]
	described[0].statements[5] == {
		"index": 5,
		"sid": null,
		"effect": "Deny",
		"match": 2,
		"element": null,
		"hint": "",
	}
}
