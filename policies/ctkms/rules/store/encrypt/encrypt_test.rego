package ctkms.rules.store.encrypt_test

import data.ctkms.rules.store.encrypt
import data.ctkms.testing_test as testing

test_passes_with_the_documented_statement if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	found := encrypt.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_needs_no_more_than_one_statement if {
	given := testing.of(testing.policy([testing.store_encrypt]))
	found := encrypt.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_fails_without_a_statement_for_the_service if {
	given := testing.of(testing.policy([testing.root, testing.store_decrypt]))
	found := encrypt.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"CloudTrail encrypts events of event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:GenerateDataKey on the key): no statement allows it: no statement is ",
				"meant for this caller and action",
			]),
			"path": [],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":"kms:GenerateDataKey","Effect":"Allow","Principal":{`,
				`"Service":"cloudtrail.amazonaws.com"},"Resource":"*",`,
				`"Sid":"AllowCloudTrailEncrypt"}`,
			]),
			"rule": "CT-EDS-ENCRYPT",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-encrypt",
			]),
		},
	}
}

test_fails_with_a_trails_statements if {
	given := testing.of(testing.policy([
		testing.root,
		testing.encrypt,
		testing.decrypt,
		testing.describe,
	]))
	found := encrypt.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"CloudTrail encrypts events of event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:GenerateDataKey on the key): no statement allows it: statement 2 ",
				"(AllowCloudTrailEncryptLogs) comes closest, but StringEquals aws:SourceArn ",
				"wants arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events, the ",
				"request carries no aws:SourceArn",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:SourceArn"],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":"kms:GenerateDataKey","Effect":"Allow","Principal":{`,
				`"Service":"cloudtrail.amazonaws.com"},"Resource":"*",`,
				`"Sid":"AllowCloudTrailEncrypt"}`,
			]),
			"rule": "CT-EDS-ENCRYPT",
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-encrypt",
			]),
		},
	}
}

test_fails_on_an_action_one_letter_off if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.store_encrypt, {"Action": "kms:GenerateDataKeys"}),
	]))
	found := encrypt.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"CloudTrail encrypts events of event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:GenerateDataKey on the key): no statement allows it: no statement is ",
				"meant for this caller and action",
			]),
			"path": [],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":"kms:GenerateDataKey","Effect":"Allow","Principal":{`,
				`"Service":"cloudtrail.amazonaws.com"},"Resource":"*",`,
				`"Sid":"AllowCloudTrailEncrypt"}`,
			]),
			"rule": "CT-EDS-ENCRYPT",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-encrypt",
			]),
		},
	}
}

test_fails_on_a_deny if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
		testing.but(testing.store_encrypt, {"Effect": "Deny"}),
	]))
	found := encrypt.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"CloudTrail encrypts events of event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:GenerateDataKey on the key): refused by an explicit Deny: statement 5 ",
				"(AllowCloudTrailEncryptEventDataStore) denies it",
			]),
			"path": ["Statement", 4, "Effect"],
			"remediation": concat("", [
				"Let statement 5 (AllowCloudTrailEncryptEventDataStore) leave this request ",
				"out. Without it the request is allowed.",
			]),
			"rule": "CT-EDS-ENCRYPT",
			"statement": {"index": 4, "sid": "AllowCloudTrailEncryptEventDataStore"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-encrypt",
			]),
		},
	}
}

test_says_nothing_of_what_cannot_be_told if {
	given := testing.of(testing.policy([
		testing.root,
		object.union(
			testing.but(testing.store_encrypt, {"Principal": null}),
			{"Principal": {"ctkms:unknown": "later"}},
		),
	]))
	found := encrypt.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_says_nothing_of_trails if {
	given := testing.of(testing.policy([testing.root]))
	found := encrypt.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

test_finds_a_missing_policy_nowhere if {
	found := encrypt.findings with input as testing.of_key({"policy": null}) with data.expected as {}
	found == set()
}
