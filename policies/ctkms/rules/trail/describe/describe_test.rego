package ctkms.rules.trail.describe_test

import data.ctkms.rules.trail.describe
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-TRAIL-DESCRIBE",
	"level": "error",
	"key": testing.key,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"create-kms-key-policy-for-cloudtrail-describe",
	]),
}

test_passes_with_the_documented_statements if {
	findings := describe.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	findings == set()
}

test_passes_without_conditions if {
	findings := describe.findings with input as testing.of(testing.policy([object.remove(
		testing.describe,
		["Condition"],
	)]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_fails_without_a_statement if {
	findings := describe.findings with input as testing.of(testing.policy([
		testing.root,
		testing.encrypt,
		testing.decrypt,
	]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"CloudTrail reads the key's properties for trail ",
			testing.trail,
			" (kms:DescribeKey on the key): no statement allows it: no statement is meant for ",
			"this caller and action; AWS documents this permission as a requirement",
		]),
		"subject": testing.trail,
		"statement": null,
		"path": [],
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

test_fails_when_the_home_region_differs if {
	findings := describe.findings with input as testing.of(testing.policy([testing.but(
		testing.describe,
		{"Condition": {"StringEquals": {
			"aws:SourceArn": "arn:aws:cloudtrail:us-east-2:111111111111:trail/management-events",
		}}},
	)]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"CloudTrail reads the key's properties for trail ",
			testing.trail,
			" (kms:DescribeKey on the key): no statement allows it: statement 1 ",
			"(AllowCloudTrailAccess) comes closest, but StringEquals aws:SourceArn wants ",
			"arn:aws:cloudtrail:us-east-2:111111111111:trail/management-events, the request has ",
			testing.trail,
			"; AWS documents this permission as a requirement",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailAccess"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
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

test_says_nothing_of_event_data_stores if {
	findings := describe.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as testing.store_with({})
	findings == set()
}

test_fails_for_an_account_whose_trails_may_all_use_the_key if {
	of_account := "arn:aws:cloudtrail:*:222222222222:trail/*"
	expected := {"keys": {testing.key: {"encrypting_accounts": {"222222222222": {}}}}}
	findings := describe.findings with input as testing.of(testing.policy([testing.describe]))
		with data.expected as expected
	findings == {object.union(_finding, {
		"msg": concat("", [
			"CloudTrail reads the key's properties for a trail of account 222222222222 (kms:DescribeKey on the key): ",
			"no statement allows it: statement 1 (AllowCloudTrailAccess) comes closest, but ",
			"StringEquals aws:SourceArn wants ",
			testing.trail,
			", the request has arn:aws:cloudtrail:us-east-1:222222222222:trail/ctkms-any-trail; ",
			"AWS documents this permission as a requirement",
		]),
		"subject": of_account,
		"statement": {"index": 0, "sid": "AllowCloudTrailAccess"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:DescribeKey",
				"Condition": {"StringLike": {"aws:SourceArn": of_account}},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailDescribeKey",
			}),
		]),
	})}
	admitting := object.union(
		object.remove(testing.describe, ["Condition"]),
		{"Condition": {"ArnLike": {"aws:SourceArn": of_account}}},
	)
	nothing := describe.findings with input as testing.of(testing.policy([admitting])) with data.expected as expected
	nothing == set()
}
