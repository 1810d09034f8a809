package ctkms.rules.cloudtrail.unusable_condition_test

import data.ctkms.rules.cloudtrail.unusable_condition
import data.ctkms.testing_test as testing

_dead := {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}

_found(statements, expected) := found if {
	given := testing.of(testing.policy(statements))
	found := unusable_condition.findings with input as given with data.expected as expected
}

_passing(statements) := {one.msg | some one in _found(statements, testing.trail_with({}))} == set()

test_passes_statements_that_are_not_for_cloudtrail if {
	principals := [
		{"NotPrincipal": {"Service": "cloudtrail.amazonaws.com"}},
		{"Principal": {"AWS": "cloudtrail.amazonaws.com"}},
		{"Principal": {"Service": "logs.amazonaws.com"}},
	]
	every members in principals {
		_passing([object.union(object.remove(_encrypt(_dead), ["Principal"]), members)])
	}
}

test_only_cloudtrail_as_the_service_that_it_comes_through_is_said if {
	ways := [["cloudtrail.us-east-1.amazonaws.com"], []]
	said := [count(_found([_encrypt({"StringEquals": {"kms:ViaService": way}})], testing.trail_with({}))) |
		some way in ways
	]
	said == [1, 0]
}

test_says_why_of_each_key if {
	whys := {one.msg |
		some name in ["aws:userid", "aws:PrincipalAccount", "aws:PrincipalOrgID"]
		some one in _found([_encrypt({"StringEquals": {name: "a"}})], testing.trail_with({}))
	}
	whys == {sprintf("statement 1 (AllowCloudTrailEncryptLogs) is for CloudTrail but asks for %v", [words]) |
		some words in [
			concat(" ", [
				"aws:userid (StringEquals): nobody documents that requests of the CloudTrail service",
				"carry it, so the statement probably gives CloudTrail nothing",
			]),
			concat(" ", [
				"aws:PrincipalAccount (StringEquals): nobody documents that requests of the CloudTrail service",
				"come from an account of yours, so the statement probably gives CloudTrail nothing",
			]),
			concat(" ", [
				"aws:PrincipalOrgID (StringEquals): requests of the CloudTrail service do not",
				"carry it, so the statement gives CloudTrail nothing",
			]),
		]
	}
}

test_a_deny_that_another_condition_may_hold_back_is_not_said_without_expectations if {
	names := [
		"aws:SourceArn",
		"aws:SourceAccount",
		"kms:EncryptionContext:aws:cloudtrail:arn",
		"kms:EncryptionContext:aws:s3:arn",
	]
	said := [count(_found([testing.root, deny], {})) |
		some name in array.concat(names, ["aws:SecureTransport"])
		deny := {
			"Effect": "Deny",
			"Principal": "*",
			"Action": "kms:*",
			"Resource": "*",
			"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5", name: "a"}},
		}
	]
	said == [0, 0, 0, 0, 1]
}

test_a_deny_of_what_has_a_source_is_said_without_expectations if {
	said := [count(_found([testing.root, deny], {})) |
		some name in ["aws:SourceArn", "aws:SourceAccount"]
		condition := {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}, "Null": {name: "false"}}
		deny := {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": condition}
	]
	said == [1, 1]
}

test_a_key_whose_name_begins_like_one_that_is_not_sent_is_not_to_blame if {
	condition := {"StringLikeIfExists": {"aws:PrincipalOrgIDs": "*"}}
	deny := {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": condition}
	_passing([testing.encrypt, deny])
}

_deny(action) := {
	"Effect": "Deny",
	"Principal": "*",
	"Action": action,
	"Resource": "*",
	"Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111111111111"}},
}

test_only_the_deny_that_hits_is_said if {
	denies := [_deny("kms:GenerateDataKey"), _deny("kms:CreateGrant")]
	_indices(_found(array.concat([testing.encrypt], denies), testing.trail_with({}))) == [1]
}

test_a_deny_of_what_nobody_allows_is_not_said if {
	_passing([testing.root, _deny("kms:*")])
}

_indices(findings) := sort([one.statement.index | some one in findings])

test_a_statement_is_to_blame_for_what_a_deny_refuses_too if {
	deny := {
		"Effect": "Deny",
		"Principal": {"Service": "cloudtrail.amazonaws.com"},
		"Action": "kms:GenerateDataKey",
		"Resource": "*",
	}
	found := _found([_encrypt(_dead), deny], testing.trail_with({}))
	[[one.level, one.statement.index] | some one in found] == [["error", 0]]
}

test_fails_on_what_is_demanded_otherwise if {
	accounts := {"keys": {testing.key: {"encrypting_accounts": {"222222222222": {}}}}}
	cases := [
		[testing.but(testing.describe, {"Condition": _dead}), testing.trail_with({}), "error"],
		[testing.but(testing.describe, {"Condition": _dead}), testing.store_with({}), "warning"],
		[testing.but(testing.store_encrypt, {"Condition": _dead}), testing.store_with({}), "error"],
		[testing.but(testing.decrypt, {"Condition": _dead}), testing.store_with({}), "error"],
		[_encrypt(_dead), accounts, "error"],
		[testing.but(testing.decrypt, {"Condition": _dead}), accounts, "warning"],
	]
	levels := [[one.level | some one in _found([testing.root, case[0]], case[1])] | some case in cases]
	levels == [[case[2]] | some case in cases]
}

test_says_all_that_is_then_allowed if {
	both := object.union(testing.decrypt, {"Action": ["kms:DescribeKey", "kms:Decrypt"], "Condition": _dead})
	{one.remediation | some one in _found([both], testing.trail_with({}))} == {concat(" ", [
		"Remove aws:PrincipalOrgID from statement 1 (AllowCloudTrailDecrypt)",
		"(tried: kms:Decrypt, kms:DescribeKey is then allowed).",
	])}
}

test_each_statement_is_mended_by_its_own_conditions if {
	s3 := {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "kms:ViaService": "s3.us-east-1.amazonaws.com"}}
	via := {"StringEquals": {"kms:ViaService": "cloudtrail.us-east-1.amazonaws.com"}}
	found := _found([_encrypt(s3), testing.but(testing.describe, {"Condition": via})], testing.trail_with({}))
	{[one.statement.index, one.remediation] | some one in found} == {
		[0, "Remove aws:PrincipalOrgID from statement 1 (AllowCloudTrailEncryptLogs)."],
		[1, concat(" ", [
			"Remove kms:ViaService from statement 2 (AllowCloudTrailAccess)",
			"(tried: kms:DescribeKey is then allowed).",
		])],
	}
}
