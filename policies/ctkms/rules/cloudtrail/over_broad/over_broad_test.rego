package ctkms.rules.cloudtrail.over_broad_test

import data.ctkms.rules.cloudtrail.over_broad
import data.ctkms.testing_test as testing

_may(members) := testing.policy([testing.root, testing.decrypt, testing.but(testing.encrypt, members)])

test_passes_with_the_documented_statements if {
	given := testing.of(testing.trail_policy)
	found := over_broad.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

test_passes_with_the_statements_of_an_event_data_store if {
	given := testing.of(testing.store_policy)
	found := over_broad.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_warns_on_all_actions if {
	given := testing.of(_may({"Action": "kms:*", "Condition": null}))
	found := over_broad.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"statement 3 (AllowCloudTrailEncryptLogs) lets CloudTrail do what no trail or ",
				"event data store needs: kms:CreateGrant, kms:Encrypt, kms:PutKeyPolicy, ",
				"kms:ScheduleKeyDeletion",
			]),
			"path": ["Statement", 2, "Action"],
			"remediation": concat("", [
				`Write "Action": ["kms:GenerateDataKey*","kms:Decrypt",`,
				`"kms:DescribeKey"] (tried: what CloudTrail needs is decided as before).`,
			]),
			"rule": "CT-SERVICE-OVERBROAD",
			"statement": {"index": 2, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_warns_on_all_actions_with_conditions if {
	given := testing.of(_may({"Action": ["kms:*"]}))
	found := over_broad.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"statement 3 (AllowCloudTrailEncryptLogs) lets CloudTrail do what no trail or ",
				"event data store needs: kms:CreateGrant, kms:Encrypt",
			]),
			"path": ["Statement", 2, "Action"],
			"remediation": concat("", [
				`Write "Action": ["kms:GenerateDataKey*","kms:Decrypt",`,
				`"kms:DescribeKey"] (tried: what CloudTrail needs is decided as before).`,
			]),
			"rule": "CT-SERVICE-OVERBROAD",
			"statement": {"index": 2, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_warns_on_all_but_some_actions if {
	given := testing.of(_may({
		"Action": null,
		"NotAction": ["kms:Encrypt", "kms:ScheduleKeyDeletion"],
		"Condition": null,
	}))
	found := over_broad.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"statement 3 (AllowCloudTrailEncryptLogs) lets CloudTrail do what no trail or ",
				"event data store needs: kms:CreateGrant, kms:PutKeyPolicy",
			]),
			"path": ["Statement", 2, "NotAction"],
			"remediation": concat("", [
				`Write "Action": ["kms:GenerateDataKey*","kms:Decrypt",`,
				`"kms:DescribeKey"] (tried: what CloudTrail needs is decided as before).`,
			]),
			"rule": "CT-SERVICE-OVERBROAD",
			"statement": {"index": 2, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_warns_without_expectations if {
	given := testing.of(_may({"Action": "kms:*", "Condition": null}))
	found := over_broad.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"statement 3 (AllowCloudTrailEncryptLogs) lets CloudTrail do what no trail or ",
				"event data store needs: kms:CreateGrant, kms:Encrypt, kms:PutKeyPolicy, ",
				"kms:ScheduleKeyDeletion",
			]),
			"path": ["Statement", 2, "Action"],
			"remediation": "List only the actions that CloudTrail needs.",
			"rule": "CT-SERVICE-OVERBROAD",
			"statement": {"index": 2, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_notes_a_list_that_is_too_long if {
	given := testing.of(_may({
		"Action": [
			"kms:Encrypt",
			"kms:Decrypt",
			"kms:ReEncrypt*",
			"kms:GenerateDataKey*",
			"kms:DescribeKey",
		],
	}))
	found := over_broad.findings with input as given with data.expected as testing.trail_with({})
	found == {
		{
			"key": testing.key,
			"level": "note",
			"msg": concat("", [
				"statement 3 (AllowCloudTrailEncryptLogs) lets CloudTrail do what no trail or ",
				"event data store needs: kms:Encrypt",
			]),
			"path": ["Statement", 2, "Action"],
			"remediation": concat("", [
				`Write "Action": ["kms:GenerateDataKey*","kms:Decrypt",`,
				`"kms:DescribeKey"] (tried: what CloudTrail needs is decided as before).`,
			]),
			"rule": "CT-SERVICE-OVERBROAD",
			"statement": {"index": 2, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_does_not_blame_statements_for_everybody if {
	given := testing.of(_may({"Principal": "*", "Action": "kms:*", "Condition": null}))
	found := over_broad.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

test_finds_nothing_without_a_policy if {
	given := testing.of_key({"policy": null})
	found := over_broad.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}
