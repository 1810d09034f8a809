package ctkms.rules.trail.describe_context_test

import data.ctkms.rules.trail.describe_context
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-CTX-ON-DESCRIBE",
	"key": testing.key,
	"url": "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html",
}

_together := testing.but(testing.encrypt, {"Action": ["kms:GenerateDataKey*", "kms:DescribeKey"]})

_keys := testing.but(object.remove(testing.describe, ["Condition"]), {"Condition": {"ForAnyValue:StringEquals": {
	"kms:EncryptionContextKeys": "aws:cloudtrail:arn",
}}})

test_passes_with_the_documented_statements if {
	findings := describe_context.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	findings == set()
}

test_fails_when_the_statement_asks_for_a_context if {
	findings := describe_context.findings with input as testing.of(testing.policy([_together]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) grants kms:DescribeKey only with ",
			"kms:EncryptionContext:aws:cloudtrail:arn, which its requests never carry: it is ",
			"refused for ",
			testing.trail,
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": [
			"Statement",
			0,
			"Condition",
			"StringLike",
			"kms:EncryptionContext:aws:cloudtrail:arn",
		],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:DescribeKey",
				"Condition": {"StringEquals": {"aws:SourceArn": testing.trail}},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailDescribeKey",
			}),
		]),
	})}
}

test_fails_when_the_statement_asks_for_the_names_of_the_context if {
	findings := describe_context.findings with input as testing.of(testing.policy([_keys]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			"statement 1 (AllowCloudTrailAccess) grants kms:DescribeKey only with ",
			"kms:EncryptionContextKeys, which its requests never carry: it is refused for ",
			testing.trail,
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailAccess"},
		"path": [
			"Statement",
			0,
			"Condition",
			"ForAnyValue:StringEquals",
			"kms:EncryptionContextKeys",
		],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:DescribeKey",
				"Condition": {"StringEquals": {"aws:SourceArn": testing.trail}},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailDescribeKey",
			}),
		]),
	})}
}

test_passes_when_another_statement_grants_it if {
	findings := describe_context.findings with input as testing.of(testing.policy([
		_together,
		testing.describe,
	]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_leaves_other_conditions_to_other_rules if {
	findings := describe_context.findings with input as testing.of(testing.policy([testing.but(
		testing.describe,
		{"Condition": {"StringEquals": {
			"aws:SourceArn": "arn:aws:cloudtrail:us-east-2:111111111111:trail/management-events",
		}}},
	)]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_warns_for_an_event_data_store if {
	findings := describe_context.findings with input as testing.of(testing.policy([
		testing.store_encrypt,
		_together,
	]))
		with data.expected as testing.store_with({})
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			"statement 2 (AllowCloudTrailEncryptLogs) grants kms:DescribeKey only with ",
			"kms:EncryptionContext:aws:cloudtrail:arn, which its requests never carry: it is ",
			"refused for ",
			testing.store,
		]),
		"subject": testing.store,
		"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
		"path": [
			"Statement",
			1,
			"Condition",
			"StringLike",
			"kms:EncryptionContext:aws:cloudtrail:arn",
		],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:DescribeKey",
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailDescribeKey",
			}),
		]),
	})}
}

test_leaves_a_missing_statement_to_another_rule if {
	findings := describe_context.findings with input as testing.of(testing.policy([testing.encrypt]))
		with data.expected as testing.trail_with({})
	findings == set()
}
