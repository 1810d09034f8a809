package ctkms.rules.store.describe_test

import data.ctkms.rules.store.describe
import data.ctkms.testing_test as testing

test_passes_with_a_statement_without_conditions if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
		testing.but(testing.describe, {"Condition": null}),
	]))
	found := describe.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_warns_without_a_statement if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
	]))
	found := describe.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"CloudTrail reads the key's properties for event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:DescribeKey on the key): no statement allows it: no statement is meant ",
				"for this caller and action",
			]),
			"path": [],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":"kms:DescribeKey","Effect":"Allow","Principal":{`,
				`"Service":"cloudtrail.amazonaws.com"},"Resource":"*",`,
				`"Sid":"AllowCloudTrailDescribeKey"}`,
			]),
			"rule": "CT-EDS-DESCRIBE",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-describe",
			]),
		},
	}
}

test_warns_with_the_sample_for_trails if {
	given := testing.of(testing.policy([
		testing.root,
		testing.store_encrypt,
		testing.store_decrypt,
		testing.store_user,
		testing.describe,
	]))
	found := describe.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"CloudTrail reads the key's properties for event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:DescribeKey on the key): no statement allows it: statement 5 ",
				"(AllowCloudTrailAccess) comes closest, but StringEquals aws:SourceArn wants ",
				"arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events, the ",
				"request carries no aws:SourceArn",
			]),
			"path": ["Statement", 4, "Condition", "StringEquals", "aws:SourceArn"],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":"kms:DescribeKey","Effect":"Allow","Principal":{`,
				`"Service":"cloudtrail.amazonaws.com"},"Resource":"*",`,
				`"Sid":"AllowCloudTrailDescribeKey"}`,
			]),
			"rule": "CT-EDS-DESCRIBE",
			"statement": {"index": 4, "sid": "AllowCloudTrailAccess"},
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-describe",
			]),
		},
	}
}

test_stays_a_warning_under_the_hardened_profile if {
	given := object.union(
		testing.of(testing.policy([
			testing.root,
			testing.store_encrypt,
			testing.store_decrypt,
			testing.store_user,
		])),
		{"ctkms": {"profile": "hardened"}},
	)
	found := describe.findings with input as given with data.expected as testing.store_with({})
	found == {
		{
			"key": testing.key,
			"level": "warning",
			"msg": concat("", [
				"CloudTrail reads the key's properties for event data store ",
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE ",
				"(kms:DescribeKey on the key): no statement allows it: no statement is meant ",
				"for this caller and action",
			]),
			"path": [],
			"remediation": concat("", [
				"Add this statement (tried: the request is then allowed): {",
				`"Action":"kms:DescribeKey","Effect":"Allow","Principal":{`,
				`"Service":"cloudtrail.amazonaws.com"},"Resource":"*",`,
				`"Sid":"AllowCloudTrailDescribeKey"}`,
			]),
			"rule": "CT-EDS-DESCRIBE",
			"statement": null,
			"subject": concat("", [
				"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
			]),
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-describe",
			]),
		},
	}
}

test_says_nothing_of_trails if {
	given := testing.of(testing.policy([testing.root]))
	found := describe.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

_unheard := object.union(
	object.remove(testing.describe, ["Condition"]),
	{"Condition": {"StringEquals": {"aws:Unheard": "of"}}},
)

_doubtful := {
	"key": testing.key,
	"level": "warning",
	"rule": "CT-EDS-DESCRIBE",
	"subject": testing.store,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"create-kms-key-policy-for-cloudtrail-describe",
	]),
}

test_says_when_it_cannot_tell if {
	given := testing.of(testing.policy([testing.root, _unheard]))
	found := describe.findings with input as given with data.expected as testing.store_with({})
	found == {object.union(_doubtful, {
		"msg": concat("", [
			"cannot tell whether CloudTrail may describe the key for event data store ",
			testing.store,
			" (kms:DescribeKey on the key): of statement 2 (AllowCloudTrailAccess), ",
			"StringEquals aws:Unheard wants of, nobody documents whether the request carries aws:Unheard",
		]),
		"path": ["Statement", 1, "Condition", "StringEquals", "aws:Unheard"],
		"statement": {"index": 1, "sid": "AllowCloudTrailAccess"},
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): {",
			`"Action":"kms:DescribeKey","Effect":"Allow","Principal":{`,
			`"Service":"cloudtrail.amazonaws.com"},"Resource":"*",`,
			`"Sid":"AllowCloudTrailDescribeKey"}`,
		]),
	})}
}

test_says_when_a_deny_is_in_doubt if {
	deny := object.union(_unheard, {"Effect": "Deny", "Sid": "Deny"})
	given := testing.of(testing.policy([testing.root, testing.but(testing.describe, {"Condition": null}), deny]))
	found := describe.findings with input as given with data.expected as testing.store_with({})
	[[one.path, one.remediation] | some one in found] == [[
		["Statement", 2, "Condition", "StringEquals", "aws:Unheard"],
		"Let statement 3 (Deny) leave the requests of CloudTrail out.",
	]]
}

test_says_nothing_of_a_trail_of_which_it_cannot_tell if {
	given := testing.of(testing.policy([testing.root, _unheard]))
	found := describe.findings with input as given with data.expected as testing.trail_with({})
	found == set()
}

# The service is let in by one statement, so that the doubt about the other makes no difference.
test_passes_where_another_statement_allows_what_cannot_be_told if {
	given := testing.of(testing.policy([testing.root, _unheard, testing.but(testing.describe, {"Condition": null})]))
	found := describe.findings with input as given with data.expected as testing.store_with({})
	found == set()
}

test_stays_a_warning_under_the_hardened_profile_where_it_cannot_tell if {
	given := object.union(testing.of(testing.policy([testing.root, _unheard])), {"ctkms": {"profile": "hardened"}})
	found := describe.findings with input as given with data.expected as testing.store_with({})
	[[one.level, one.path] | some one in found] == [["warning", [
		"Statement", 1, "Condition", "StringEquals", "aws:Unheard",
	]]]
}
