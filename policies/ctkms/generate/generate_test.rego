package ctkms.generate_test

import data.ctkms.evaluation
import data.ctkms.generate
import data.ctkms.testing_test as testing

_admin := "arn:aws:iam::111111111111:role/KeyAdmin"

_analyst := "arn:aws:iam::111111111111:role/Analyst"

_import := "arn:aws:iam::111111111111:role/Import"

_member_trail := "arn:aws:cloudtrail:us-east-1:222222222222:trail/member-events"

# What is added to a policy of these statements.
_additions(statements, expected) := found if {
	document := testing.of(testing.policy(statements))
	found := generate.additions with input as document with data.expected as expected
}

_added(statements, expected) := _additions(statements, expected).statements

_sids(statements, expected) := [one.Sid | some one in _added(statements, expected)]

# The decisions once they are.
_decisions(statements, expected, capability) := {one.decision.decision | some one in tried} if {
	document := testing.of(testing.policy(array.concat(statements, _added(statements, expected))))
	tried := evaluation.tried(capability) with input as document with data.expected as expected
}

_bucket(bucket_key) := {"bucket": {"name": "example-logs", "bucket_key": bucket_key}}

test_a_trail_s_whole_policy if {
	expected := testing.trail_with({"readers": {testing.bob: {}, testing.alice: {}}})
	_added([], expected) == [
		testing.root,
		testing.but(testing.encrypt, {"Sid": "AllowCloudTrailEncrypt", "Condition": {
			"StringEquals": {"aws:SourceArn": testing.trail},
			"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*"},
		}}),
		testing.but(testing.decrypt, {"Condition": {"StringEquals": {"aws:SourceArn": testing.trail}}}),
		testing.but(testing.describe, {"Sid": "AllowCloudTrailDescribeKey"}),
		testing.but(testing.reader, {"Principal": {"AWS": [testing.bob, testing.alice]}}),
	]
	[one.principal | some one in _additions([], expected).companions] == [testing.alice]
}

test_several_trails_share_statements if {
	expected := {"keys": {testing.key: {}}, "trails": {testing.trail: {}, _member_trail: {}}}
	encrypt := _added([], expected)[1]
	encrypt.Condition == {
		"StringEquals": {"aws:SourceArn": [testing.trail, _member_trail]},
		"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": [
			"arn:aws:cloudtrail:*:111111111111:trail/*",
			"arn:aws:cloudtrail:*:222222222222:trail/*",
		]},
	}
}

test_a_bucket_key_takes_a_statement_without_encryption_context if {
	_sids([], testing.trail_with(_bucket(true)))[1] == "AllowCloudTrailEncryptWithBucketKey"
	_sids([], testing.trail_with({"bucket": {"name": "example-logs"}}))[1] == "AllowCloudTrailEncryptWithBucketKey"
	_sids([], testing.trail_with(_bucket(false)))[1] == "AllowCloudTrailEncrypt"
	encrypt := _added([], testing.trail_with(_bucket(true)))[1]
	encrypt.Condition == {"StringEquals": {"aws:SourceArn": testing.trail}}
}

test_a_store_s_whole_policy if {
	expected := testing.store_with({
		"users": {_analyst: {}, testing.alice: {}},
		"import_roles": {
			_import: {"bucket": "example-logs", "key": testing.key},
			"arn:aws:iam::111111111111:role/Other": {"key": testing.key},
		},
	})
	added := _added([], expected)
	[[one.Sid, one.Action] | some one in added] == [
		["EnableIAMUserPermissions", "kms:*"],
		["AllowCloudTrailForEventDataStores", ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]],
		["EnableUserKeyPermissionsForEventDataStore", ["kms:Decrypt", "kms:GenerateDataKey"]],
		["AllowCopyRole", ["kms:Decrypt", "kms:GenerateDataKey"]],
		["AllowCopyRole2", ["kms:Decrypt", "kms:GenerateDataKey"]],
	]
	added[2].Principal == {"AWS": _analyst}
	source := {"aws:SourceAccount": "111111111111", "aws:SourceArn": testing.store}
	added[3].Condition == {
		"StringEquals": source,
		"StringLike": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::example-logs/*"},
	}
	added[4].Condition == {"StringEquals": source}
}

test_what_a_store_lets_in_anyway_takes_no_statement if {
	expected := object.union(
		testing.store_with({"users": {testing.bob: {}}}),
		testing.trail_with({"readers": {testing.bob: {}}, "sns_key": testing.key}),
	)
	_sids([], expected) == [
		"EnableIAMUserPermissions",
		"AllowCloudTrailForEventDataStores",
		"EnableUserKeyPermissionsForEventDataStore",
	]
}

test_administrators_of_the_key_s_account if {
	administrators := {_admin: {}, testing.alice: {}, "arn:aws:iam::222222222222:root": {}}
	expected := object.union(testing.trail_with({}), {"keys": {testing.key: {"administrators": administrators}}})
	added := _added([], expected)
	array.slice([[one.Sid, one.Principal.AWS] | some one in added], 0, 2) == [
		["EnableIAMUserPermissions", "arn:aws:iam::111111111111:root"],
		["AllowKeyAdministration", _admin],
	]
	"kms:Put*" in added[1].Action
}

test_accounts_whose_trails_nobody_lists if {
	expected := {"keys": {testing.key: {"encrypting_accounts": {"222222222222": {}}}}}
	_sids([], expected) == [
		"EnableIAMUserPermissions",
		"AllowCloudTrailEncryptForAccount",
		"AllowCloudTrailDecryptAndDescribeForAccount",
	]
	added := _added([], expected)[2]
	added.Action == ["kms:Decrypt", "kms:DescribeKey"]
	added.Condition == {"StringLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:222222222222:trail/*"}}
	_sids([testing.root, testing.encrypt], expected) == [
		"AllowCloudTrailEncryptForAccount",
		"AllowCloudTrailDecryptAndDescribeForAccount",
	]
}

test_a_topic_s_key if {
	expected := {"keys": {testing.key: {}, "other": {}}, "trails": {testing.trail: {"key": "x", "sns_key": testing.key}}}
	_sids([], expected) == ["EnableIAMUserPermissions", "AllowCloudTrailPublishToTopic"]
}

test_only_what_is_missing_is_added if {
	expected := testing.trail_with({"readers": {testing.bob: {}}})
	_added(testing.trail_policy.Statement, expected) == []
	_added(testing.trail_policy.Statement, testing.trail_with(_bucket(true))) == []
	without := [testing.root, testing.decrypt, testing.describe, testing.reader]
	_sids(without, expected) == ["AllowCloudTrailEncrypt"]
	_decisions(without, expected, "encrypt") == {"allow"}
}

# What the policy grants under a condition is the decision of its author: without it, a statement would widen access.
test_an_allow_under_a_condition_is_not_backed_by_one_without if {
	every condition in [
		{"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}},
		{"Bool": {"aws:SecureTransport": "true"}},
	] {
		guarded := testing.but(testing.describe, {"Condition": condition})
		_added([testing.root, testing.encrypt, testing.decrypt, guarded], testing.trail_with({})) == []
	}
	every condition in [
		{"Bool": {"aws:MultiFactorAuthPresent": "true"}},
		{"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
		{"StringEquals": {"aws:PrincipalTag/team": "security"}},
		{"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
	] {
		_adds_nothing_beside(condition)
	}
}

_adds_nothing_beside(condition) if {
	guarded := {"Condition": condition}
	administer := testing.but(testing.root, {"Sid": "Administer", "Principal": {"AWS": _admin}, "Action": "kms:Put*"})
	statements := array.concat(
		[testing.encrypt, testing.decrypt, testing.describe, testing.but(testing.reader, guarded)],
		[testing.but(administer, guarded), testing.but(testing.root, guarded)],
	)
	administrators := {"keys": {testing.key: {"administrators": {_admin: {}}}}}
	expected := object.union(testing.trail_with({"readers": {testing.bob: {}}}), administrators)
	every profile in ["documented", "hardened"] {
		_added(statements, object.union(expected, {"profile": profile})) == []
	}
}

# An account whose trails are not listed does not take the place of the statement that a Bucket Key needs.
test_a_bucket_key_beside_accounts_whose_trails_nobody_lists if {
	accounts := {"keys": {testing.key: {"encrypting_accounts": {"111111111111": {}}}}}
	_sids([], object.union(testing.trail_with(_bucket(true)), accounts)) == [
		"EnableIAMUserPermissions",
		"AllowCloudTrailEncryptWithBucketKey",
		"AllowCloudTrailEncryptForAccount",
		"AllowCloudTrailDecryptAndDescribeForAccount",
	]
	_sids([], object.union(testing.trail_with(_bucket(false)), accounts)) == [
		"EnableIAMUserPermissions",
		"AllowCloudTrailEncryptForAccount",
		"AllowCloudTrailDecryptAndDescribeForAccount",
	]
}

test_administrators_are_added_where_a_rule_asks_for_them if {
	administrators := {"keys": {testing.key: {"administrators": {_admin: {}}}}}
	expected := object.union(testing.trail_with({}), administrators)
	hardened := object.union(expected, {"profile": "hardened"})
	_added(testing.trail_policy.Statement, hardened) == []
	bob := testing.but(testing.root, {"Sid": "Administer", "Principal": {"AWS": testing.bob}})
	statements := [bob, testing.encrypt, testing.decrypt, testing.describe]
	_sids(statements, expected) == ["AllowKeyAdministration"]
	_sids(statements, hardened) == ["EnableIAMUserPermissions"]
}

test_against_a_deny_nothing_is_added if {
	deny := {"Effect": "Deny", "Principal": "*", "Action": "kms:GenerateDataKey*", "Resource": "*"}
	_added(array.concat(testing.trail_policy.Statement, [deny]), testing.trail_with({})) == []
}

test_what_the_account_decides_is_said_where_it_is_demanded if {
	statements := [testing.root, testing.encrypt, testing.decrypt, testing.describe]
	expected := testing.trail_with({"readers": {testing.bob: {}}})
	_sids(statements, expected) == []
	hardened := object.union(expected, {"profile": "hardened"})
	_sids(statements, hardened) == ["EnableCloudTrailLogDecryptPermissions"]
}

test_the_account_s_own_statement_is_added_where_it_must_be if {
	expected := testing.trail_with({})
	_sids([testing.encrypt, testing.decrypt, testing.describe], expected) == ["EnableIAMUserPermissions"]
	administer := testing.but(testing.root, {"Sid": "Administer", "Principal": {"AWS": _admin}})
	_sids([administer, testing.encrypt, testing.decrypt, testing.describe], expected) == []
	hardened := object.union(expected, {"profile": "hardened"})
	_sids([administer, testing.encrypt, testing.decrypt, testing.describe], hardened) == ["EnableIAMUserPermissions"]
}

# What nobody documents is asked for only where everything that AWS recommends is.
test_files_that_only_some_trails_write if {
	of_region := {"StringLike": {"kms:EncryptionContext:aws:s3:arn": [
		"arn:aws:s3:::example-logs/AWSLogs/111111111111/",
		"arn:aws:s3:::example-logs/AWSLogs/111111111111/CloudTrail*/us-east-1/*",
	]}}
	statements := [testing.root, testing.but(testing.encrypt, {"Condition": of_region}), testing.decrypt, testing.describe]
	expected := testing.trail_with(_bucket(false))
	_sids(statements, expected) == []
	hardened := object.union(expected, {"profile": "hardened"})
	_sids(statements, hardened) == ["AllowCloudTrailEncrypt"]
}

test_a_statement_on_its_own_gets_no_statement_for_the_account if {
	expected := testing.trail_with({})
	alone := testing.of_key({"policy": testing.policy([testing.encrypt]), "kind": "statement"})
	found := generate.additions.statements with input as alone with data.expected as expected
	[one.Sid | some one in found] == ["AllowCloudTrailDecrypt", "AllowCloudTrailDescribeKey"]
}

# Whether the statement for readers covers the copied files hangs on their trail, which nobody says.
test_a_reader_that_copies_gets_the_statement_for_copying if {
	copying := {"import_roles": {_analyst: {"bucket": "example-logs"}}}
	expected := object.union(
		testing.trail_with(object.union(_bucket(false), {"readers": {_analyst: {}}})),
		testing.store_with(copying),
	)
	whole := _added([], expected)
	kept := [one | some one in whole; one.Sid != "AllowCopyRole"]
	count(kept) == count(whole) - 1
	_sids(kept, expected) == ["AllowCopyRole"]
	_decisions(kept, expected, "copy") == {"allow"}
	guarded := [_with_mfa(one) | some one in kept]
	_sids(guarded, expected) == []
	_decisions(guarded, expected, "copy") == {"unknown"}
}

# What its author makes hang on MFA stays so.
_with_mfa(statement) := object.union(statement, {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}) if {
	statement.Sid in {"EnableIAMUserPermissions", "EnableCloudTrailLogDecryptPermissions"}
} else := statement
