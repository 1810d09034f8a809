package ctkms.rules.store.no_source_test

import data.ctkms.rules.store.no_source
import data.ctkms.testing_test as testing

_all_actions(condition) := testing.but(testing.store_encrypt, {
	"Action": ["kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey"],
	"Condition": condition,
})

_deny(condition) := {
	"Sid": "OnlyOurs",
	"Effect": "Deny",
	"Principal": {"Service": "cloudtrail.amazonaws.com"},
	"Action": "kms:*",
	"Resource": "*",
	"Condition": condition,
}

_for_everybody(wanted) := {
	"Effect": "Allow",
	"Principal": {"AWS": "*"},
	"Action": ["kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey"],
	"Resource": "*",
	"Condition": {"StringEquals": wanted},
}

_describe := testing.but(testing.describe, {"Condition": null})

test_passes_with_the_documented_statements if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_passes_where_only_the_description_asks_for_the_source if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
		testing.describe,
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_fails_where_every_statement_asks_for_the_account if {
	given := testing.of(testing.policy([
		testing.root,
		_all_actions({"StringEquals": {"aws:SourceAccount": "111111111111"}}),
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptEventDataStore) asks for aws:SourceAccount,",
				" which CloudTrail's requests for event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"do not carry (kms:Decrypt, kms:GenerateDataKey on the key)",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:SourceAccount"],
			"remediation": concat("", [
				"Remove aws:SourceAccount from statement 2 ",
				"(AllowCloudTrailEncryptEventDataStore) (tried: the requests are then allowed).",
			]),
			"rule": "CT-EDS-NO-SOURCE",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptEventDataStore"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-eventdatastores",
			]),
		},
	}
}

test_fails_with_the_statement_of_a_trail if {
	given := testing.of(testing.policy([testing.root, testing.encrypt, testing.decrypt]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptLogs) asks for aws:SourceArn, which ",
				"CloudTrail's requests for event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"do not carry (kms:GenerateDataKey on the key)",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:SourceArn"],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":"kms:GenerateDataKey","Effect":"Allow","Principal":{`,
				`"Service":"cloudtrail.amazonaws.com"},"Resource":"*",`,
				`"Sid":"AllowCloudTrailEncrypt"}`,
			]),
			"rule": "CT-EDS-NO-SOURCE",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-eventdatastores",
			]),
		},
	}
}

test_leaves_the_statement_to_the_trail_that_shares_the_key if {
	given := testing.of(testing.policy([testing.root, testing.encrypt, testing.decrypt]))
	expected := object.union(testing.trail_with({}), testing.store_with({}))
	found := no_source.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptLogs) asks for aws:SourceArn, which ",
				"CloudTrail's requests for event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"do not carry (kms:GenerateDataKey on the key)",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:SourceArn"],
			"remediation": concat("", [
				"Leave statement 2 (AllowCloudTrailEncryptLogs) to the trails. Add this ",
				"statement (tried: the request is then allowed): {",
				`"Action":"kms:GenerateDataKey","Effect":"Allow","Principal":{`,
				`"Service":"cloudtrail.amazonaws.com"},"Resource":"*",`,
				`"Sid":"AllowCloudTrailEncrypt"}`,
			]),
			"rule": "CT-EDS-NO-SOURCE",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-eventdatastores",
			]),
		},
	}
}

test_offers_what_helps_where_a_deny_hits_as_well if {
	given := testing.of(testing.policy([
		testing.root,
		_all_actions({"StringEquals": {"aws:SourceArn": testing.store}}),
		{"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"},
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptEventDataStore) asks for aws:SourceArn, ",
				"which CloudTrail's requests for event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"do not carry (kms:GenerateDataKey on the key)",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:SourceArn"],
			"remediation": concat("", [
				"Remove aws:SourceArn from statement 2 (AllowCloudTrailEncryptEventDataStore) ",
				"(tried: the requests are then allowed).",
			]),
			"rule": "CT-EDS-NO-SOURCE",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptEventDataStore"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-eventdatastores",
			]),
		},
	}
}

test_passes_where_another_statement_serves_the_store if {
	given := testing.of(testing.policy([
		_all_actions({"StringEquals": {"aws:SourceAccount": "111111111111"}}),
		testing.store_encrypt,
		testing.store_decrypt,
		_describe,
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_passes_where_what_refuses_is_another_condition if {
	given := testing.of(testing.policy([
		_all_actions({"StringEquals": {"kms:EncryptionContext:a": "b"}}),
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_fails_on_a_deny_that_compares_the_source_with_not_equals if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
		_describe,
		_deny({"StringNotEquals": {"aws:SourceAccount": "111111111111"}}),
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 6 (OnlyOurs) denies CloudTrail's requests for event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt, kms:DescribeKey, kms:GenerateDataKey on the key): they carry no ",
				"aws:SourceAccount",
			]),
			"path": ["Statement", 5, "Condition", "StringNotEquals", "aws:SourceAccount"],
			"remediation": concat("", [
				`Add "Null": {"aws:SourceAccount":"false"} to the Condition of statement `,
				"6 (OnlyOurs), to spare requests without it (tried: the request is then ",
				"allowed).",
			]),
			"rule": "CT-EDS-NO-SOURCE",
			"statement": {"index": 5, "sid": "OnlyOurs"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-eventdatastores",
			]),
		},
	}
}

test_passes_with_the_deny_that_it_proposes if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
		_describe,
		_deny({
			"StringNotEquals": {"aws:SourceAccount": "111111111111"},
			"Null": {"aws:SourceAccount": "false"},
		}),
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_warns_where_a_deny_hits_the_description_only if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
		_describe,
		testing.but(
			_deny({"StringNotEquals": {"aws:SourceAccount": "111111111111"}}),
			{"Action": "kms:DescribeKey"},
		),
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"statement 6 (OnlyOurs) denies CloudTrail's requests for event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:DescribeKey on the key): they carry no aws:SourceAccount",
			]),
			"path": ["Statement", 5, "Condition", "StringNotEquals", "aws:SourceAccount"],
			"remediation": concat("", [
				`Add "Null": {"aws:SourceAccount":"false"} to the Condition of statement `,
				"6 (OnlyOurs), to spare requests without it (tried: the request is then ",
				"allowed).",
			]),
			"rule": "CT-EDS-NO-SOURCE",
			"statement": {"index": 5, "sid": "OnlyOurs"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-eventdatastores",
			]),
		},
	}
}

test_says_so_where_sparing_the_store_does_not_help if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		_deny({"StringNotEquals": {"aws:SourceArn": testing.trail}}),
		testing.but(testing.store_encrypt, {"Effect": "Deny"}),
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 3 (OnlyOurs) denies CloudTrail's requests for event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt, kms:DescribeKey, kms:GenerateDataKey on the key): they carry no ",
				"aws:SourceArn",
			]),
			"path": ["Statement", 2, "Condition", "StringNotEquals", "aws:SourceArn"],
			"remediation": concat("", [
				"Let statement 3 (OnlyOurs) and statement 4 (AllowCloudTrailEncryptEventDataStore) leave this ",
				"request out. Without them the request is allowed.",
			]),
			"rule": "CT-EDS-NO-SOURCE",
			"statement": {"index": 2, "sid": "OnlyOurs"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-eventdatastores",
			]),
		},
	}
}

test_passes_on_a_deny_that_asks_for_a_source if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
		_describe,
		_deny({"StringEquals": {"aws:SourceAccount": "222222222222"}}),
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_warns_where_the_store_lives_on_if_exists if {
	given := testing.of(testing.policy([
		testing.root,
		_all_actions({"StringEqualsIfExists": {"aws:SourceAccount": "111111111111"}}),
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptEventDataStore) lets CloudTrail work for ",
				"event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt, kms:DescribeKey, kms:GenerateDataKey on the key) only because ",
				"its requests carry no aws:SourceAccount",
			]),
			"path": ["Statement", 1, "Condition", "StringEqualsIfExists", "aws:SourceAccount"],
			"remediation": concat("", [
				"Remove aws:SourceAccount from statement 2 ",
				"(AllowCloudTrailEncryptEventDataStore) (tried: the requests are then allowed).",
			]),
			"rule": "CT-EDS-NO-SOURCE",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptEventDataStore"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-eventdatastores",
			]),
		},
	}
}

test_warns_where_a_trail_shares_the_statement if {
	given := testing.of(testing.policy([
		testing.root,
		_all_actions({"ArnEqualsIfExists": {"aws:SourceArn": testing.trail}}),
	]))
	expected := object.union(testing.trail_with({}), testing.store_with({}))
	found := no_source.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptEventDataStore) lets CloudTrail work for ",
				"event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt, kms:DescribeKey, kms:GenerateDataKey on the key) only because ",
				"its requests carry no aws:SourceArn",
			]),
			"path": ["Statement", 1, "Condition", "ArnEqualsIfExists", "aws:SourceArn"],
			"remediation": concat("", [
				"Give the event data store a statement of its own (tried: the requests are ",
				`then allowed): {"Action":["kms:Decrypt","kms:DescribeKey",`,
				`"kms:GenerateDataKey"],"Effect":"Allow","Principal":{`,
				`"Service":"cloudtrail.amazonaws.com"},"Resource":"*",`,
				`"Sid":"AllowCloudTrailForEventDataStore"}`,
			]),
			"rule": "CT-EDS-NO-SOURCE",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptEventDataStore"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-eventdatastores",
			]),
		},
	}
}

test_says_so_where_a_condition_is_not_all if {
	given := testing.of(testing.policy([
		testing.root,
		_all_actions({"Null": {"aws:SourceArn": "true"}}),
		testing.but(testing.root, {"Sid": "other"}),
	]))
	expected := object.union(testing.trail_with({}), testing.store_with({}))
	found := no_source.findings with input as given with data.expected as expected
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptEventDataStore) lets CloudTrail work for ",
				"event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:Decrypt, kms:DescribeKey, kms:GenerateDataKey on the key) only because ",
				"its requests carry no aws:SourceArn",
			]),
			"path": ["Statement", 1, "Condition", "Null", "aws:SourceArn"],
			"remediation": concat("", [
				"Give the event data store a statement of its own (tried: the requests are ",
				`then allowed): {"Action":["kms:Decrypt","kms:DescribeKey",`,
				`"kms:GenerateDataKey"],"Effect":"Allow","Principal":{`,
				`"Service":"cloudtrail.amazonaws.com"},"Resource":"*",`,
				`"Sid":"AllowCloudTrailForEventDataStore"}`,
			]),
			"rule": "CT-EDS-NO-SOURCE",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptEventDataStore"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-eventdatastores",
			]),
		},
	}
}

test_passes_where_if_exists_is_not_needed if {
	given := testing.of(testing.policy([
		testing.store_encrypt,
		testing.store_decrypt,
		_describe,
		_all_actions({"StringEqualsIfExists": {"aws:SourceAccount": "111111111111"}}),
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_says_nothing_of_trails if {
	given := testing.of(testing.policy([
		testing.root,
		_all_actions({"StringEquals": {"aws:SourceAccount": "111111111111"}}),
	]))
	found := no_source.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

test_fails_where_a_statement_for_everybody_asks_for_the_source_only if {
	given := testing.of(testing.policy([_for_everybody({"aws:SourceAccount": "111111111111"})]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 asks for aws:SourceAccount, which CloudTrail's requests for event ",
				"data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"do not carry (kms:Decrypt, kms:GenerateDataKey on the key)",
			]),
			"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceAccount"],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":"kms:Decrypt","Effect":"Allow","Principal":{`,
				`"Service":"cloudtrail.amazonaws.com"},"Resource":"*",`,
				`"Sid":"AllowCloudTrailDecrypt"}`,
			]),
			"rule": "CT-EDS-NO-SOURCE",
			"statement": {"index": 0, "sid": null},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-eventdatastores",
			]),
		},
	}
}

test_does_not_blame_statements_for_everybody_else if {
	given := testing.of(testing.policy([
		_for_everybody({
			"aws:SourceAccount": "111111111111",
			"kms:ViaService": "sns.us-east-1.amazonaws.com",
		}),
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_survives_anything if {
	given := testing.of(testing.policy([
		"nonsense",
		{
			"Effect": "Allow",
			"Principal": "*",
			"Condition": {"StringEquals": {"aws:SourceArn": {"a": 1}}},
		},
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

# Findings in short, as [level, path, what the message and the remediation say beside names].

_short(findings) := {[one.level, one.path, said, split(one.remediation, " ")[0]] |
	some one in findings
	said := replace(one.msg, testing.store, "S")
}

_source(position, operator, key) := ["Statement", position, "Condition", operator, key]

_service(action, condition) := {
	"Effect": "Allow",
	"Principal": {"Service": "cloudtrail.amazonaws.com"},
	"Action": action,
	"Resource": "*",
	"Condition": condition,
}

_of_account := {"StringEquals": {"aws:SourceAccount": "111111111111"}}

test_tells_of_each_statement_what_it_would_serve if {
	given := testing.of(testing.policy([
		_service("kms:GenerateDataKey", {"StringEquals": {"aws:SourceAccount": "1", "aws:SourceArn": "a"}}),
		_service("kms:Decrypt", {"Null": {"aws:SourceArn": "true"}, "StringEquals": {"aws:SourceAccount": "1"}}),
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	_short(found) == {
		[
			"error", _source(0, "StringEquals", "aws:SourceAccount"), concat("", [
				"statement 1 asks for aws:SourceAccount and aws:SourceArn, which CloudTrail's requests for event data store S ",
				"do not carry (kms:GenerateDataKey on the key)",
			]),
			"Remove",
		],
		[
			"error", _source(1, "StringEquals", "aws:SourceAccount"), concat("", [
				"statement 2 asks for aws:SourceAccount, which CloudTrail's requests for event data store S ",
				"do not carry (kms:Decrypt on the key)",
			]),
			"Remove",
		],
	}
}

test_leaves_a_statement_for_services_alone_to_the_trail_that_shares_the_key if {
	given := testing.of(testing.policy([_service(["kms:GenerateDataKey", "kms:Decrypt"], _of_account)]))
	expected := object.union(testing.store_with({}), testing.trail_with({}))
	found := no_source.findings with input as given with data.expected as expected
	{[one.subject, split(one.remediation, " ")[0]] | some one in found} == {[testing.store, "Leave"]}
}

test_does_not_blame_a_statement_about_something_else if {
	given := testing.of(testing.policy([testing.describe]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_fails_on_a_deny_of_one_required_action if {
	condition := {"StringNotEquals": {"aws:SourceAccount": "111111111111"}}
	every action in ["kms:GenerateDataKey", "kms:Decrypt"] {
		deny := testing.but(_deny(condition), {"Action": [action, "kms:DescribeKey"]})
		given := testing.of(testing.policy([testing.store_encrypt, testing.store_decrypt, _describe, deny]))
		found := no_source.findings with input as given with data.expected as testing.store_with({})
		{[one.level, one.path] | some one in found} == {[
			"error",
			_source(3, "StringNotEquals", "aws:SourceAccount"),
		]}
	}
}

test_tells_of_each_deny_what_it_hits if {
	condition := {"StringNotEquals": {"aws:SourceAccount": "111111111111"}}
	given := testing.of(testing.policy([
		testing.but(_deny(condition), {"Action": "kms:GenerateDataKey"}),
		testing.but(_deny(condition), {"Action": "kms:DescribeKey"}),
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	{[one.level, one.path[1], replace(one.msg, testing.store, "S")] | some one in found} == {
		["error", 0, concat("", [
			"statement 1 (OnlyOurs) denies CloudTrail's requests for event data store S (kms:GenerateDataKey on the key): ",
			"they carry no aws:SourceAccount",
		])],
		["warning", 1, concat("", [
			"statement 2 (OnlyOurs) denies CloudTrail's requests for event data store S (kms:DescribeKey on the key): ",
			"they carry no aws:SourceAccount",
		])],
	}
}

test_tells_of_each_statement_what_lives_on_if_exists if {
	condition := {"StringEqualsIfExists": {"aws:SourceAccount": "111111111111"}}
	given := testing.of(testing.policy([
		_service("kms:GenerateDataKey", condition),
		object.union(_service("kms:Decrypt", condition), {"Principal": "*"}),
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	_short(found) == {
		[
			"warning", _source(0, "StringEqualsIfExists", "aws:SourceAccount"), concat("", [
				"statement 1 lets CloudTrail work for event data store S (kms:GenerateDataKey on the key) only because ",
				"its requests carry no aws:SourceAccount",
			]),
			"Remove",
		],
		[
			"warning", _source(1, "StringEqualsIfExists", "aws:SourceAccount"), concat("", [
				"statement 2 lets CloudTrail work for event data store S (kms:Decrypt on the key) only because ",
				"its requests carry no aws:SourceAccount",
			]),
			"Give",
		],
	}
}

test_says_nothing_of_if_exists_where_a_deny_hits_as_well if {
	given := testing.of(testing.policy([
		_service("kms:*", {"StringEqualsIfExists": {"aws:SourceAccount": "111111111111"}}),
		testing.but(_deny({}), {"Condition": null}),
	]))
	found := no_source.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

# The request that weighs most is the one that is tried: without the Deny it is allowed, the other is not.
test_tries_the_request_that_weighs_most_without_the_deny if {
	condition := {"StringNotEquals": {"aws:SourceAccount": "111111111111"}}
	deny := testing.but(_deny(condition), {"Action": ["kms:Decrypt", "kms:DescribeKey"]})
	found := no_source.findings with input as testing.of(testing.policy([testing.store_decrypt, deny]))
		with data.expected as testing.store_with({})
	{one.level | some one in found; contains(one.remediation, "the request is then allowed")} == {"error"}
	count(found) == 1
}
