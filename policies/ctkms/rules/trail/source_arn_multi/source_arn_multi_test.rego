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

# What is found, as [level, subject, path, accounts in the message].

_found(given, expected) := {[one.level, one.subject, one.path, said] |
	some one in findings
	said := split(split(one.msg, "admits accounts ")[1], "; both")[0]
} if {
	findings := source_arn_multi.findings with input as given with data.expected as expected
}

_any := "arn:aws:cloudtrail:*:222222222222:trail/*"

_at := ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"]

_statement(condition) := testing.but(object.remove(testing.encrypt, ["Condition"]), {"Condition": condition})

_left_out := ["warning", _any, _at, "111111111111, 222222222222, but its aws:SourceArn only trails of 111111111111"]

_context(values) := {"kms:EncryptionContext:aws:cloudtrail:arn": values}

test_tells_all_accounts_and_nothing_else if {
	third := "arn:aws:cloudtrail:*:333333333333:trail/*"
	condition := {
		"Bool": {"aws:SecureTransport": "true"},
		"StringEquals": {"aws:SourceArn": [testing.trail, "arn:aws:cloudtrail:us-east-1:333333333333:trail/third"]},
		"StringLike": _context(["arn:aws:cloudtrail:*:111111111111:trail/*", _any, third, "nonsense"]),
	}
	_found(testing.of(testing.policy([_statement(condition)])), testing.trail_with({})) == {[
		"warning",
		_any,
		_at,
		"111111111111, 222222222222, 333333333333, but its aws:SourceArn only trails of 111111111111, 333333333333",
	]}
}

test_says_nothing_of_a_deny if {
	given := testing.of(testing.policy([object.union(_two_accounts(testing.trail), {"Effect": "Deny"})]))
	_found(given, _two_trails) == set()
}

test_leaves_a_context_of_one_other_account_to_other_rules if {
	condition := {"StringEquals": {"aws:SourceArn": testing.trail}, "StringLike": _context(_any)}
	_found(testing.of(testing.policy([_statement(condition)])), _two_trails) == set()
}

test_says_nothing_of_accounts_that_the_context_leaves_out if {
	condition := {
		"StringEquals": {"aws:SourceArn": testing.trail},
		"StringNotLike": _context([_any, "arn:aws:cloudtrail:*:333333333333:trail/*"]),
	}
	_found(testing.of(testing.policy([_statement(condition)])), _two_trails) == set()
}

test_warns_of_any_trail_where_stores_and_trails_of_others_are_refused if {
	given := testing.of(testing.policy([_two_accounts(testing.trail)]))
	store := "arn:aws:cloudtrail:us-east-1:222222222222:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"
	with_store := {"event_data_stores": {store: {"key": testing.key}}}
	_found(given, object.union(testing.trail_with({}), with_store)) == {_left_out}
	third := "arn:aws:cloudtrail:us-east-1:333333333333:trail/third"
	_found(given, object.union(testing.trail_with({}), {"trails": {third: {"key": testing.key}}})) == {_left_out}
}

test_fails_for_the_trail_that_no_other_statement_lets_in if {
	first := "arn:aws:cloudtrail:us-east-1:222222222222:trail/first"
	given := testing.of(testing.policy([
		_two_accounts(testing.trail),
		_statement({"StringEquals": {"aws:SourceArn": first}}),
	]))
	expected := object.union(_two_trails, {"trails": {first: {"key": testing.key}}})
	{[one[0], one[1]] | some one in _found(given, expected)} == {["error", _second]}
}

# Where nobody expects a trail of the account, one in the key's partition and Region stands for all.
test_passes_where_another_statement_admits_the_trails_of_the_account_in_the_keys_region if {
	admits := _statement({"StringLike": {"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:222222222222:trail/*"}})
	policy := testing.policy([_two_accounts(testing.trail), admits])
	_found(testing.of(policy), testing.trail_with({})) == set()
	_found(testing.of_key({"arn": null, "policy": policy}), {"trails": {testing.trail: null}}) == set()
	in_china := json.unmarshal(replace(
		replace(json.marshal(policy), "arn:aws:", "arn:aws-cn:"),
		"us-east-1:222222222222", "cn-north-1:222222222222",
	))
	key := "arn:aws-cn:kms:cn-north-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	_found(testing.of_key({"arn": key, "policy": in_china}), {"keys": {key: {}}}) == set()
}

test_passes_where_nobody_can_tell_whether_another_statement_admits_the_account if {
	files := _statement({"StringLike": {
		"aws:SourceArn": _any,
		"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::example-logs/*",
	}})
	given := testing.of(testing.policy([_two_accounts(testing.trail), files]))
	_found(given, testing.trail_with({})) == set()
}
