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
				`"kms:DescribeKey"], in place of "NotAction" (tried: what CloudTrail needs is decided as before).`,
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

test_does_not_blame_a_statement_for_everybody_beside_another if {
	anybody := testing.but(testing.encrypt, {"Principal": "*", "Action": "kms:*", "Condition": null})
	given := testing.of(testing.policy([anybody, testing.but(testing.encrypt, {"Action": "kms:Encrypt"})]))
	found := over_broad.findings with input as given with data.expected as testing.trail_with({})
	[one.statement.index | some one in found] == [1]
}

test_warns_without_expectations_where_a_source_is_asked_for if {
	every key in ["aws:SourceArn", "aws:SourceAccount"] {
		given := testing.of(_only({"Action": "kms:PutKeyPolicy", "Condition": {"Null": {key: "false"}}}))
		found := over_broad.findings with input as given with data.expected as {}
		found == {_finding({"msg": _says("Only", 2, "kms:PutKeyPolicy")})}
	}
}

test_tells_of_the_remedy_for_a_topic if {
	given := testing.of(_only({"Action": ["kms:Decrypt", "kms:GenerateDataKey", "kms:PutKeyPolicy"]}))
	found := over_broad.findings with input as given with data.expected as _topic
	found == {_finding({
		"msg": _says("Only", 2, "kms:PutKeyPolicy"),
		"remediation": concat(" ", [
			`Write "Action": ["kms:GenerateDataKey*","kms:Decrypt","kms:DescribeKey"]`,
			"(tried: what CloudTrail needs is decided as before).",
		]),
	})}
}

test_finds_nothing_without_a_policy if {
	given := testing.of_key({"policy": null})
	found := over_broad.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

# Whom a statement lets in beside those who are expected: what the statement's finding says.

_only(members) := testing.policy([testing.root, object.union(
	{"Sid": "Only", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Resource": "*"},
	members,
)])

_finding(members) := object.union(
	{
		"key": testing.key,
		"level": "warning",
		"path": ["Statement", 1, "Action"],
		"remediation": "List only the actions that CloudTrail needs.",
		"rule": "CT-SERVICE-OVERBROAD",
		"statement": {"index": 1, "sid": "Only"},
		"subject": null,
		"url": concat("", [
			"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/",
			"create-kms-key-policy-for-cloudtrail.html",
		]),
	},
	members,
)

_says(sid, index, actions) := sprintf(
	"statement %v (%v) lets CloudTrail do what no trail or event data store needs: %v",
	[index, sid, actions],
)

test_warns_on_the_only_statement_and_tells_of_no_remedy_that_lets_more_in if {
	given := testing.of(_only({"Action": "kms:PutKeyPolicy"}))
	found := over_broad.findings with input as given with data.expected as testing.trail_with({})
	found == {_finding({"msg": _says("Only", 2, "kms:PutKeyPolicy")})}
}

test_tells_of_each_statement_what_it_lets_in if {
	policy := _only({"Action": "kms:PutKeyPolicy"})
	other := object.union(policy.Statement[1], {"Sid": "Other", "Action": "kms:Encrypt"})
	given := testing.of(testing.policy(array.concat(policy.Statement, [other])))
	found := over_broad.findings with input as given with data.expected as testing.trail_with({})
	found == {
		_finding({"msg": _says("Only", 2, "kms:PutKeyPolicy")}),
		_finding({
			"level": "note",
			"msg": _says("Other", 3, "kms:Encrypt"),
			"path": ["Statement", 2, "Action"],
			"statement": {"index": 2, "sid": "Other"},
		}),
	}
}

test_finds_nothing_for_a_trail_whose_conditions_nobody_can_tell if {
	every key in [
		"aws:SourceArn",
		"aws:SourceAccount",
		"kms:EncryptionContext:aws:cloudtrail:arn",
		"kms:EncryptionContext:aws:s3:arn",
	] {
		condition := {"StringNotEquals": {key: "other"}}
		given := testing.of(_only({"Action": "kms:Encrypt", "Condition": condition}))
		found := over_broad.findings with input as given with data.expected as {}
		found == set()
	}
}

test_finds_nothing_where_nobody_names_the_file_of_the_trail if {
	condition := {"StringNotEquals": {"kms:EncryptionContext:aws:s3:arn": "other"}}
	given := testing.of(_only({"Action": "kms:Encrypt", "Condition": condition}))
	found := over_broad.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

# Requests for event data stores carry no source, those of trails do.
test_tries_the_requests_of_whatever_is_expected_alone if {
	condition := {"StringNotEquals": {"aws:SourceArn": testing.trail}}
	given := testing.of(_only({"Action": "kms:PutKeyPolicy", "Condition": condition}))
	of_store := over_broad.findings with input as given with data.expected as testing.store_with({})
	of_store == {_finding({"msg": _says("Only", 2, "kms:PutKeyPolicy")})}
	of_trail := over_broad.findings with input as given with data.expected as testing.trail_with({})
	of_trail == set()
}

# The statement that lists what is needed would allow a request that is refused as it is.
test_tries_each_kind_of_request_with_the_remedy if {
	every one in [
		{"allowed": ["kms:Decrypt", "kms:DescribeKey"], "expected": testing.trail_with({})},
		{"allowed": ["kms:Decrypt", "kms:GenerateDataKey"], "expected": testing.trail_with({})},
		{"allowed": ["kms:DescribeKey", "kms:GenerateDataKey"], "expected": testing.trail_with({})},
		{"allowed": ["kms:Decrypt", "kms:DescribeKey"], "expected": _account},
		{"allowed": ["kms:Decrypt", "kms:DescribeKey"], "expected": _topic},
	] {
		given := testing.of(_only({"Action": array.concat(one.allowed, ["kms:PutKeyPolicy"])}))
		expected := one.expected
		found := over_broad.findings with input as given with data.expected as expected
		found == {_finding({"msg": _says("Only", 2, "kms:PutKeyPolicy")})}
	}
}

_account := {"keys": {testing.key: {"encrypting_accounts": {"222222222222": null}}}}

_topic := {"keys": {testing.key: {}}, "trails": {testing.trail: {
	"key": "arn:aws:kms:us-east-1:111111111111:key/00000000-0000-0000-0000-000000000000",
	"sns_key": testing.key,
}}}
