package ctkms.remedy_test

import data.ctkms.evaluation
import data.ctkms.remedy
import data.ctkms.testing_test as testing

_expected := testing.trail_with({"readers": {testing.bob: {}}})

_one(document, expected, capability) := tried[0] if {
	tried := evaluation.tried(capability) with input as document with data.expected as expected
}

# A remedy is only worth its words if the request is allowed once it is followed.
_mended(statements, expected, capability) := tried[0].decision.decision if {
	document := testing.of(testing.policy(statements))
	probe := _one(document, expected, capability).probe
	more := testing.of(testing.policy(array.concat(statements, [remedy.statement(probe)])))
	tried := evaluation.tried(capability) with input as more with data.expected as expected
}

test_the_statement_that_is_offered_grants_what_a_trail_lacks if {
	expected := _expected
	every capability in ["encrypt", "describe", "decrypt_service", "read"] {
		_mended([testing.describe], expected, capability) == "allow"
	}
}

test_the_statement_that_is_offered_grants_what_a_store_lacks if {
	expected := testing.store_with({"users": {testing.bob: {}}})
	every capability in ["encrypt", "decrypt_service", "describe", "use"] {
		_mended([testing.reader], expected, capability) == "allow"
	}
}

test_the_text_says_that_it_was_tried if {
	document := testing.of(testing.policy([testing.root]))
	expected := _expected
	one := _one(document, expected, "describe")
	text := remedy.text(one.probe, one.decision) with input as document with data.expected as expected
	text == sprintf("Add this statement (tried: the request is then allowed): %v", [json.marshal({
		"Sid": "AllowCloudTrailDescribeKey",
		"Effect": "Allow",
		"Principal": {"Service": "cloudtrail.amazonaws.com"},
		"Action": "kms:DescribeKey",
		"Resource": "*",
		"Condition": {"StringEquals": {"aws:SourceArn": testing.trail}},
	})])
}

test_no_statement_is_offered_against_a_deny if {
	deny := {"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "kms:DescribeKey", "Resource": "*"}
	expected := _expected
	granted := testing.of(testing.policy([testing.describe, deny]))
	one := _one(granted, expected, "describe")
	text := remedy.text(one.probe, one.decision) with input as granted with data.expected as expected
	text == "Let statement 2 (No) leave this request out. Without it the request is allowed."
	refused := testing.of(testing.policy([testing.root, deny]))
	other := remedy.text(one.probe, one.decision) with input as refused with data.expected as expected
	other == concat(" ", [
		"Let statement 2 (No) leave this request out. Without it the request is still not allowed,",
		"because no other statement grants it.",
	])
}
