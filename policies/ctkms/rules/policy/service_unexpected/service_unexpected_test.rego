package ctkms.rules.policy.service_unexpected_test

import data.ctkms.rules.policy.service_unexpected
import data.ctkms.testing_test as testing

_found(statement) := found if {
	statements := array.concat(testing.trail_policy.Statement, [statement])
	found := service_unexpected.findings with input as testing.of(testing.policy(statements))
		with data.expected as testing.trail_with({})
}

_config := {
	"Sid": "Config",
	"Effect": "Allow",
	"Principal": {"Service": "config.amazonaws.com"},
	"Action": ["kms:Decrypt", "kms:PutKeyPolicy"],
	"Resource": "*",
}

test_passes_a_service_that_works_for_the_account if {
	every condition in [
		{"StringEquals": {"aws:SourceAccount": "111111111111"}},
		{"ArnLike": {"aws:SourceArn": "arn:aws:config:*:111111111111:*"}},
		{"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com", "kms:CallerAccount": "111111111111"}},
		{"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:111111111111:log-group:g"}},
	] {
		_found(testing.but(_config, {"Condition": condition})) == set()
	}
}

test_passes_cloudtrail_and_what_changes_nothing if {
	service_unexpected.findings == set() with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	_found(testing.but(_config, {"Action": "kms:DescribeKey"})) == set()
	_found(testing.but(_config, {"Effect": "Deny"})) == set()
	_found(testing.but(_config, {"Principal": {"Service": "cloudtrail.amazonaws.com.cn"}})) == set()
}

test_passes_a_service_that_works_for_one_account if {
	condition := {"Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}}}
	found := service_unexpected.findings with input as testing.of(testing.policy([testing.but(_config, condition)]))
		with data.expected as testing.trail_with({})
	found == set()
}

test_warns_of_a_service_that_works_for_anybody if {
	found := service_unexpected.findings with input as testing.of(testing.policy([_config]))
		with data.expected as testing.trail_with({})
	found == {{
		"rule": "KP-SERVICE-UNEXPECTED",
		"level": "warning",
		"key": testing.key,
		"subject": null,
		"statement": {"index": 0, "sid": "Config"},
		"path": ["Statement", 0, "Principal", "Service"],
		"msg": concat(" ", [
			"statement 1 (Config) lets config.amazonaws.com use kms:Decrypt, kms:PutKeyPolicy,",
			"for whichever account it works",
		]),
		"remediation": concat(" ", [
			"Ask for aws:SourceAccount or aws:SourceArn in statement 1 (Config),",
			"or take config.amazonaws.com out of it.",
		]),
		"url": "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
	}}
}

test_warns_of_one_action if {
	found := _found(testing.but(_config, {"Action": "kms:Decrypt"}))
	{one.msg | some one in found} == {concat(" ", [
		"statement 6 (Config) lets config.amazonaws.com use kms:Decrypt,",
		"for whichever account it works",
	])}
}

test_passes_a_service_that_a_deny_keeps_out if {
	statements := array.concat(testing.trail_policy.Statement, [_config])
	denying := testing.policy(array.concat(statements, [testing.but(_config, {"Effect": "Deny", "Sid": "Deny"})]))
	found := service_unexpected.findings with input as testing.of(denying) with data.expected as testing.trail_with({})
	found == set()
}

test_warns_of_the_statement_that_lets_it_in if {
	condition := {"Sid": "Own", "Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}}}
	given := testing.of(testing.policy([testing.but(_config, condition), _config]))
	found := service_unexpected.findings with input as given with data.expected as testing.trail_with({})
	[one.statement | some one in found] == [{"index": 1, "sid": "Config"}]
}
