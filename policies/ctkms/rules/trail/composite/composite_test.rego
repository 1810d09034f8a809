package ctkms.rules.trail.composite_test

import data.ctkms.testing_test as testing

# What the sections of AWS's page come to together: the rules of trails that speak, by level.

test_the_documented_sections_are_enough_for_a_trail if {
	found := _found with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({"bucket": _bucket(true), "readers": {testing.bob: null}})
	found == {["note", "CT-TRAIL-BUCKETKEY-SET"], ["warning", "CT-TRAIL-SOURCEARN"]}
}

test_without_decrypt_a_bucket_key_is_an_error if {
	found := _found with input as testing.of(testing.policy([
		testing.root,
		testing.encrypt,
		testing.reader,
		testing.describe,
	]))
		with data.expected as testing.trail_with({"bucket": _bucket(true), "readers": {testing.bob: null}})
	found == {["error", "CT-TRAIL-BUCKETKEY-SET"], ["note", "CT-TRAIL-BUCKETKEY-SET"]}
}

test_without_decrypt_a_plain_bucket_is_a_warning if {
	found := _found with input as testing.of(testing.policy([
		testing.root,
		testing.encrypt,
		testing.reader,
		testing.describe,
	]))
		with data.expected as testing.trail_with({"bucket": _bucket(false), "readers": {testing.bob: null}})
	found == {["warning", "CT-TRAIL-DECRYPT-SVC"]}
}

test_without_a_reader_statement_the_account_decides if {
	found := _found with input as testing.of(testing.policy([
		testing.root,
		testing.encrypt,
		testing.decrypt,
		testing.describe,
	]))
		with data.expected as testing.trail_with({"bucket": _bucket(true), "readers": {testing.bob: null}})
	found == {
		["note", "CT-TRAIL-BUCKETKEY-SET"],
		["warning", "CT-TRAIL-READERS"],
		["warning", "CT-TRAIL-SOURCEARN"],
	}
}

test_the_sections_of_two_accounts_refuse_the_one_without_a_trail if {
	found := _found with input as testing.of(testing.policy([testing.root, _two_accounts, testing.describe]))
		with data.expected as {"keys": {testing.key: {}}, "trails": {_second: {"key": testing.key}}}
	found == {
		["error", "CT-TRAIL-DESCRIBE"],
		["error", "CT-TRAIL-ENCRYPT"],
		["error", "CT-TRAIL-SOURCEARN-MATCH"],
		["error", "CT-TRAIL-SOURCEARN-MULTI"],
		["note", "CT-TRAIL-XACCT-KEY"],
		["warning", "CT-TRAIL-DECRYPT-SVC"],
		["warning", "CT-TRAIL-SOURCEARN"],
	}
}

test_the_policy_that_the_console_writes_has_no_error if {
	found := _found with input as testing.of(_console)
		with data.expected as testing.trail_with({"bucket": _bucket(false), "readers": {testing.bob: null}})
	found == {
		["note", "CT-DEFAULT-ALIAS"],
		["note", "CT-TRAIL-READER-UNLISTED"],
		["warning", "CT-TRAIL-DECRYPT-SVC"],
		["warning", "CT-TRAIL-SOURCEARN"],
	}
}

test_the_policy_that_the_console_used_to_write_has_no_error if {
	found := _found with input as testing.of(_console_before)
		with data.expected as testing.trail_with({"readers": {testing.bob: null}})
	found == {
		["note", "CT-DEFAULT-ALIAS"],
		["note", "CT-TRAIL-READER-UNLISTED"],
		["warning", "CT-TRAIL-DECRYPT-SVC"],
		["warning", "CT-TRAIL-SOURCEARN"],
	}
}

_found contains [finding.level, finding.rule] if finding := data.ctkms.rules.trail[_].findings[_]

_bucket(bucket_key) := {"name": "example-logs", "region": "us-east-1", "bucket_key": bucket_key}

_second := "arn:aws:cloudtrail:us-east-1:222222222222:trail/second"

# Example 3: two accounts in the encryption context, a trail of one of them.
_two_accounts := testing.but(testing.encrypt, {"Condition": {"StringLike": {
	"kms:EncryptionContext:aws:cloudtrail:arn": [
		"arn:aws:cloudtrail:*:111111111111:trail/*",
		"arn:aws:cloudtrail:*:222222222222:trail/*",
	],
}}})

# What the CloudTrail console writes: no decrypt for the service, two equal statements for readers.
_console := testing.policy([
	testing.root,
	testing.encrypt,
	object.remove(testing.describe, ["Condition"]),
	_account_decrypts("Allow principals in the account to decrypt log files"),
	{
		"Sid": "Allow alias creation during setup",
		"Effect": "Allow",
		"Principal": {"AWS": "*"},
		"Action": "kms:CreateAlias",
		"Resource": "*",
		"Condition": {"StringEquals": {
			"kms:CallerAccount": "111111111111",
			"kms:ViaService": "ec2.us-east-1.amazonaws.com",
		}},
	},
	_account_decrypts("Enable cross account log decryption"),
])

_account_decrypts(sid) := {
	"Sid": sid,
	"Effect": "Allow",
	"Principal": {"AWS": "*"},
	"Action": ["kms:Decrypt", "kms:ReEncryptFrom"],
	"Resource": "*",
	"Condition": {
		"StringEquals": {"kms:CallerAccount": "111111111111"},
		"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*"},
	},
}

# The same before it knew aws:SourceArn.
_console_before := object.union(_console, {"Statement": [_before(statement) | some statement in _console.Statement]})

_before(statement) := object.union(statement, {"Condition": object.remove(
	statement.Condition,
	["StringEquals"],
)}) if {
	statement.Action == "kms:GenerateDataKey*"
} else := statement
