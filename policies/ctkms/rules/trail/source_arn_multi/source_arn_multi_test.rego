package ctkms.rules.trail.source_arn_multi_test

import data.ctkms.rules.trail.source_arn_multi
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-TRAIL-SOURCEARN-MULTI",
	"key": testing.key,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"create-kms-key-policy-for-cloudtrail-encrypt",
	]),
}

_second := "arn:aws:cloudtrail:us-east-1:222222222222:trail/second"

_two_trails := {"keys": {testing.key: {}}, "trails": {
	testing.trail: {"key": testing.key},
	_second: {"key": testing.key},
}}

_accounts := {"keys": {testing.key: {"encrypting_accounts": {"222222222222": null}}}}

# Example 3 of the page: two accounts in the encryption context.
_two_accounts(sources) := testing.but(testing.encrypt, {"Condition": {
	"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": [
		"arn:aws:cloudtrail:*:111111111111:trail/*",
		"arn:aws:cloudtrail:*:222222222222:trail/*",
	]},
	"StringEquals": {"aws:SourceArn": sources},
}})

test_passes_when_a_trail_of_each_account_is_named if {
	findings := source_arn_multi.findings with input as testing.of(testing.policy([_two_accounts([
		testing.trail,
		_second,
	])]))
		with data.expected as _two_trails
	findings == set()
}

test_fails_when_an_expected_trail_is_left_out if {
	findings := source_arn_multi.findings with input as testing.of(testing.policy([
		_two_accounts(testing.trail),
		testing.describe,
	]))
		with data.expected as _two_trails
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs): its encryption context admits accounts ",
			"111111111111, 222222222222, but its aws:SourceArn only trails of 111111111111; both ",
			"conditions have to hold, so that trails of account 222222222222 are refused",
		]),
		"subject": _second,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			`In statement 1 (AllowCloudTrailEncryptLogs), add "`,
			_second,
			`" to the values of aws:SourceArn (StringEquals) (tried: the request is then `,
			"allowed).",
		]),
	})}
}

test_fails_when_an_account_that_may_encrypt_is_left_out if {
	findings := source_arn_multi.findings with input as testing.of(testing.policy([_two_accounts(testing.trail)]))
		with data.expected as _accounts
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs): its encryption context admits accounts ",
			"111111111111, 222222222222, but its aws:SourceArn only trails of 111111111111; both ",
			"conditions have to hold, so that trails of account 222222222222 are refused",
		]),
		"subject": "arn:aws:cloudtrail:*:222222222222:trail/*",
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:GenerateDataKey*",
				"Condition": {
					"StringLike": {
						"aws:SourceArn": "arn:aws:cloudtrail:*:222222222222:trail/*",
						"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:222222222222:trail/*",
					},
				},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailEncryptForAccount",
			}),
		]),
	})}
}

test_warns_when_nobody_expects_the_other_account if {
	findings := source_arn_multi.findings with input as testing.of(testing.policy([_two_accounts(testing.trail)]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs): its encryption context admits accounts ",
			"111111111111, 222222222222, but its aws:SourceArn only trails of 111111111111; both ",
			"conditions have to hold, so that trails of account 222222222222 are refused",
		]),
		"subject": "arn:aws:cloudtrail:*:222222222222:trail/*",
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			"Name a trail of account 222222222222 in aws:SourceArn of statement 1 ",
			"(AllowCloudTrailEncryptLogs), or take the account out of the context.",
		]),
	})}
}

test_warns_when_nobody_says_which_key_it_is if {
	findings := source_arn_multi.findings with input as testing.of_key({
		"arn": null,
		"policy": testing.policy([_two_accounts(testing.trail)]),
	})
		with data.expected as {}
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs): its encryption context admits accounts ",
			"111111111111, 222222222222, but its aws:SourceArn only trails of 111111111111; both ",
			"conditions have to hold, so that trails of account 222222222222 are refused",
		]),
		"subject": "arn:aws:cloudtrail:*:222222222222:trail/*",
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			"Name a trail of account 222222222222 in aws:SourceArn of statement 1 ",
			"(AllowCloudTrailEncryptLogs), or take the account out of the context.",
		]),
	})}
}

test_passes_when_another_statement_admits_the_account if {
	findings := source_arn_multi.findings with input as testing.of(testing.policy([
		_two_accounts(testing.trail),
		testing.store_encrypt,
	]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_passes_with_one_account if {
	findings := source_arn_multi.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	findings == set()
}

test_passes_without_a_source if {
	findings := source_arn_multi.findings with input as testing.of(testing.policy([testing.but(
		object.remove(testing.encrypt, ["Condition"]),
		{"Condition": {"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": [
			"arn:aws:cloudtrail:*:111111111111:trail/*",
			"arn:aws:cloudtrail:*:222222222222:trail/*",
		]}}},
	)]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_says_nothing_of_placeholders if {
	findings := source_arn_multi.findings with input as testing.of(testing.policy([testing.but(
		testing.encrypt,
		{"Condition": {"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": [
			"arn:aws:cloudtrail:*:account-id:trail/*",
			"arn:aws:cloudtrail:*:111111111111:trail/*",
		]}}},
	)]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_says_nothing_of_other_services if {
	findings := source_arn_multi.findings with input as testing.of(testing.policy([testing.but(
		_two_accounts(testing.trail),
		{"Principal": {"Service": "config.amazonaws.com"}},
	)]))
		with data.expected as testing.trail_with({})
	findings == set()
}
