package ctkms.rules.trail.default_alias_test

import data.ctkms.rules.trail.default_alias
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-DEFAULT-ALIAS",
	"level": "note",
	"key": testing.key,
	"url": "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/default-kms-key-policy.html",
}

_alias(service) := {
	"Sid": "Allow alias creation during setup",
	"Effect": "Allow",
	"Principal": {"AWS": "*"},
	"Action": ["kms:CreateAlias"],
	"Resource": "*",
	"Condition": {"StringEquals": {"kms:CallerAccount": "111111111111", "kms:ViaService": service}},
}

test_leaves_a_note_on_the_console_statement if {
	findings := default_alias.findings with input as testing.of(testing.policy([
		_alias("ec2.us-east-1.amazonaws.com"),
	]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (Allow alias creation during setup) is the CloudTrail console's: it ",
			"lets callers create the key's alias while the trail is set up",
		]),
		"subject": null,
		"statement": {"index": 0, "sid": "Allow alias creation during setup"},
		"path": ["Statement", 0, "Action"],
		"remediation": "Nothing has to be done; once the alias exists the statement can go.",
	})}
}

test_says_nothing_of_other_services if {
	findings := default_alias.findings with input as testing.of(testing.policy([
		_alias("s3.us-east-1.amazonaws.com"),
	]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_says_nothing_of_other_actions if {
	findings := default_alias.findings with input as testing.of(testing.policy([testing.but(
		_alias("ec2.us-east-1.amazonaws.com"),
		{"Action": "kms:DeleteAlias"},
	)]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_says_nothing_of_a_deny if {
	findings := default_alias.findings with input as testing.of(testing.policy([testing.but(
		_alias("ec2.us-east-1.amazonaws.com"),
		{"Effect": "Deny"},
	)]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_says_nothing_of_odd_values if {
	findings := default_alias.findings with input as testing.of(testing.policy([_alias([
		7,
		{"ctkms:unknown": "a service"},
	])]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_says_nothing_of_the_same_service_in_another_condition if {
	condition := {"ForAnyValue:StringEquals": {"aws:CalledVia": "ec2.amazonaws.com"}}
	statement := object.union(object.remove(_alias(""), ["Condition"]), {"Condition": condition})
	findings := default_alias.findings with input as testing.of(testing.policy([statement])) with data.expected as {}
	findings == set()
}
