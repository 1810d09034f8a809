package ctkms.rules.trail.source_arn_match_test

import data.ctkms.rules.trail.source_arn_match
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-TRAIL-SOURCEARN-MATCH",
	"level": "error",
	"key": testing.key,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"required-kms-key-policy-trails",
	]),
}

_source(value) := testing.but(testing.encrypt, {"Condition": {"StringEquals": {"aws:SourceArn": value}}})

_only(conditions) := testing.but(object.remove(testing.encrypt, ["Condition"]), {"Condition": conditions})

_second := "arn:aws:cloudtrail:us-east-1:111111111111:trail/second"

_two_trails := {"keys": {testing.key: {}}, "trails": {
	testing.trail: {"key": testing.key},
	_second: {"key": testing.key},
}}

test_passes_with_the_documented_statements if {
	findings := source_arn_match.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	findings == set()
}

test_passes_with_a_list_that_has_the_trail if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([_source([
		"arn:aws:cloudtrail:us-east-1:111111111111:trail/other",
		testing.trail,
	])]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_fails_on_another_name if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([
		_source("arn:aws:cloudtrail:us-east-1:111111111111:trail/Management-events"),
	]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail act for trail ",
			testing.trail,
			": aws:SourceArn names ",
			"arn:aws:cloudtrail:us-east-1:111111111111:trail/Management-events: its name is ",
			"Management-events, the trail's management-events",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			`In statement 1 (AllowCloudTrailEncryptLogs), add "`,
			testing.trail,
			`" to the values of aws:SourceArn (StringEquals) (tried: the request is then `,
			"allowed).",
		]),
	})}
}

test_fails_on_another_region if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([
		_source("arn:aws:cloudtrail:eu-west-1:111111111111:trail/management-events"),
	]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail act for trail ",
			testing.trail,
			": aws:SourceArn names ",
			"arn:aws:cloudtrail:eu-west-1:111111111111:trail/management-events: its home Region ",
			"is eu-west-1, the trail's us-east-1",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			`In statement 1 (AllowCloudTrailEncryptLogs), add "`,
			testing.trail,
			`" to the values of aws:SourceArn (StringEquals) (tried: the request is then `,
			"allowed).",
		]),
	})}
}

test_fails_on_another_account if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([
		_source("arn:aws:cloudtrail:us-east-1:111111111112:trail/management-events"),
	]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail act for trail ",
			testing.trail,
			": aws:SourceArn names ",
			"arn:aws:cloudtrail:us-east-1:111111111112:trail/management-events: its account is ",
			"111111111112, the trail's 111111111111",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			`In statement 1 (AllowCloudTrailEncryptLogs), add "`,
			testing.trail,
			`" to the values of aws:SourceArn (StringEquals) (tried: the request is then `,
			"allowed).",
		]),
	})}
}

test_fails_on_another_partition if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([
		_source("arn:aws-cn:cloudtrail:us-east-1:111111111111:trail/management-events"),
	]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail act for trail ",
			testing.trail,
			": aws:SourceArn names ",
			"arn:aws-cn:cloudtrail:us-east-1:111111111111:trail/management-events: its partition ",
			"is aws-cn, the trail's aws",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			`In statement 1 (AllowCloudTrailEncryptLogs), add "`,
			testing.trail,
			`" to the values of aws:SourceArn (StringEquals) (tried: the request is then `,
			"allowed).",
		]),
	})}
}

test_names_the_value_that_comes_nearest if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([_source([
		"arn:aws:cloudtrail:eu-west-1:222222222222:trail/other",
		"arn:aws:cloudtrail:eu-west-1:111111111111:trail/management-events",
	])]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail act for trail ",
			testing.trail,
			": aws:SourceArn names ",
			"arn:aws:cloudtrail:eu-west-1:111111111111:trail/management-events: its home Region ",
			"is eu-west-1, the trail's us-east-1",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			`In statement 1 (AllowCloudTrailEncryptLogs), add "`,
			testing.trail,
			`" to the values of aws:SourceArn (StringEquals) (tried: the request is then `,
			"allowed).",
		]),
	})}
}

test_fails_on_something_else if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([_source("management-events")]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail act for trail ",
			testing.trail,
			": aws:SourceArn names management-events: that is not the ARN of a trail",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			`In statement 1 (AllowCloudTrailEncryptLogs), add "`,
			testing.trail,
			`" to the values of aws:SourceArn (StringEquals) (tried: the request is then `,
			"allowed).",
		]),
	})}
}

test_fails_on_an_empty_list if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([_source([])]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail act for trail ",
			testing.trail,
			": StringEquals aws:SourceArn wants nothing, the request has ",
			testing.trail,
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			`In statement 1 (AllowCloudTrailEncryptLogs), add "`,
			testing.trail,
			`" to the values of aws:SourceArn (StringEquals) (tried: the request is then `,
			"allowed).",
		]),
	})}
}

test_fails_when_a_wildcard_is_a_plain_character if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([
		_source("arn:aws:cloudtrail:*:111111111111:trail/*"),
	]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail act for trail ",
			testing.trail,
			": to StringEquals the wildcard in arn:aws:cloudtrail:*:111111111111:trail/* ",
			"(aws:SourceArn) is a plain character",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			"In statement 1 (AllowCloudTrailEncryptLogs), compare aws:SourceArn with StringLike ",
			"instead of StringEquals (tried: the request is then allowed).",
		]),
	})}
}

test_passes_when_the_operator_heeds_wildcards if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([_only({"ArnEquals": {
		"aws:SourceArn": "arn:aws:cloudtrail:*:111111111111:trail/*",
	}})]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_fails_on_a_pattern_that_leaves_the_trail_out if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([_only({"ArnLike": {
		"AWS:SourceArn": "arn:aws:cloudtrail:us-west-*:111111111111:trail/*",
	}})]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail act for trail ",
			testing.trail,
			": AWS:SourceArn names arn:aws:cloudtrail:us-west-*:111111111111:trail/*: its home ",
			"Region is us-west-*, the trail's us-east-1",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "ArnLike", "AWS:SourceArn"],
		"remediation": concat("", [
			`In statement 1 (AllowCloudTrailEncryptLogs), add "`,
			testing.trail,
			`" to the values of AWS:SourceArn (ArnLike) (tried: the request is then allowed).`,
		]),
	})}
}

test_fails_on_a_negated_operator if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([_only({"ArnNotLike": {
		"aws:SourceArn": "arn:aws:cloudtrail:*:111111111111:trail/*",
	}})]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail act for trail ",
			testing.trail,
			": ArnNotLike aws:SourceArn wants arn:aws:cloudtrail:*:111111111111:trail/*, the ",
			"request has ",
			testing.trail,
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "ArnNotLike", "aws:SourceArn"],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:GenerateDataKey*",
				"Condition": {
					"StringEquals": {"aws:SourceArn": testing.trail},
					"StringLike": {
						"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
					},
				},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailEncrypt",
			}),
		]),
	})}
}

test_speaks_of_the_statement_that_is_meant_for_the_trail if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([
		testing.encrypt,
		_source("arn:aws:cloudtrail:us-east-1:111111111111:trail/secund"),
		testing.describe,
	]))
		with data.expected as _two_trails
	findings == {
		object.union(_finding, {
			"msg": concat("", [
				"statement 2 (AllowCloudTrailEncryptLogs) does not let CloudTrail act for trail ",
				_second,
				": aws:SourceArn names arn:aws:cloudtrail:us-east-1:111111111111:trail/secund: its ",
				"name is secund, the trail's second",
			]),
			"subject": _second,
			"statement": {"index": 1, "sid": "AllowCloudTrailEncryptLogs"},
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:SourceArn"],
			"remediation": concat("", [
				`In statement 2 (AllowCloudTrailEncryptLogs), add "`,
				_second,
				`" to the values of aws:SourceArn (StringEquals) (tried: the request is then `,
				"allowed).",
			]),
		}),
		object.union(_finding, {
			"msg": concat("", [
				"statement 3 (AllowCloudTrailAccess) does not let CloudTrail act for trail ",
				_second,
				": aws:SourceArn names ",
				testing.trail,
				": its name is management-events, the trail's second",
			]),
			"subject": _second,
			"statement": {"index": 2, "sid": "AllowCloudTrailAccess"},
			"path": ["Statement", 2, "Condition", "StringEquals", "aws:SourceArn"],
			"remediation": concat("", [
				`In statement 3 (AllowCloudTrailAccess), add "`,
				_second,
				`" to the values of aws:SourceArn (StringEquals) (tried: the request is then `,
				"allowed).",
			]),
		}),
	}
}

test_leaves_other_conditions_to_other_rules if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([testing.but(
		testing.encrypt,
		{"Condition": {"StringLike": {
			"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:222222222222:trail/*",
		}}},
	)]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_offers_a_statement_where_more_is_wrong if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([_only({"StringEquals": {
		"aws:SourceArn": "arn:aws:cloudtrail:eu-west-1:111111111111:trail/management-events",
		"aws:PrincipalOrgID": "o-a1b2c3d4e5",
	}})]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail act for trail ",
			testing.trail,
			": aws:SourceArn names ",
			"arn:aws:cloudtrail:eu-west-1:111111111111:trail/management-events: its home Region ",
			"is eu-west-1, the trail's us-east-1",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:GenerateDataKey*",
				"Condition": {
					"StringEquals": {"aws:SourceArn": testing.trail},
					"StringLike": {
						"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
					},
				},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailEncrypt",
			}),
		]),
	})}
}

test_says_nothing_while_the_source_is_not_known if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([_source({
		"ctkms:unknown": "a variable",
	})]))
		with data.expected as testing.trail_with({})
	findings == set()
}

# What is said of the values, after the trail.
_why(condition) := [split(one.msg, sprintf("%v: ", [testing.trail]))[1] | some one in findings] if {
	findings := source_arn_match.findings with input as testing.of(testing.policy([_only(condition)]))
		with data.expected as testing.trail_with({})
}

test_tells_all_that_differs_from_the_value_that_comes_nearest if {
	far := "arn:aws:cloudtrail:ap-south-1:111111111111:trail/another"
	near := "arn:aws:cloudtrail:us-east-1:111111111111:trail/second"
	name := sprintf("aws:SourceArn names %v: its name is second, the trail's management-events", [near])
	_why({"StringEquals": {"aws:SourceArn": [far, near]}}) == [name]
	_why({"StringEquals": {"aws:SourceArn": ["second", near]}}) == [name]
	_why({"StringEquals": {"aws:SourceArn": far}}) == [concat("", [
		"aws:SourceArn names ", far, ": its home Region is ap-south-1, the trail's us-east-1; ",
		"its name is another, the trail's management-events",
	])]
	_why({"StringEquals": {"aws:SourceArn": "arn:aws:s3:us-east-1:111111111111:trail/management-events"}}) == [concat("", [
		"aws:SourceArn names arn:aws:s3:us-east-1:111111111111:trail/management-events: ",
		"its service is s3, the trail's cloudtrail",
	])]
}

test_tells_nothing_of_a_name_that_a_pattern_admits if {
	every name in ["*", "management*"] {
		pattern := sprintf("arn:aws:cloudtrail:eu-west-1:111111111111:trail/%v", [name])
		_why({"StringLike": {"aws:SourceArn": pattern}}) == [sprintf(
			"aws:SourceArn names %v: its home Region is eu-west-1, the trail's us-east-1",
			[pattern],
		)]
	}
}

test_tells_what_is_left_out_by_a_pattern_that_is_no_arn if {
	found := _why({"StringNotLike": {"aws:SourceArn": "arn:aws:*"}})
	count(found) == 1
	startswith(found[0], "StringNotLike aws:SourceArn")
}

test_compares_where_only_the_resource_type_is_left_out if {
	value := "arn:aws:cloudtrail:us-east-1:111111111111:management-events"
	_why({"StringEquals": {"aws:SourceArn": value}}) == [sprintf(
		"StringEquals aws:SourceArn wants %v, the request has %v",
		[value, testing.trail],
	)]
}
