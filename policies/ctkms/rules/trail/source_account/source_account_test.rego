package ctkms.rules.trail.source_account_test

import data.ctkms.rules.trail.source_account
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-TRAIL-SOURCEACCOUNT",
	"key": testing.key,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"required-kms-key-policy-trails",
	]),
}

_by_account(operator, account) := testing.but(
	object.remove(testing.encrypt, ["Condition"]),
	{"Condition": {operator: {"aws:SourceAccount": account}}},
)

test_passes_without_the_condition if {
	findings := source_account.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	findings == set()
}

test_fails_on_another_account if {
	findings := source_account.findings with input as testing.of(testing.policy([_by_account(
		"StringEquals",
		"111111111112",
	)]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail act for trail ",
			testing.trail,
			": its owner is account 111111111111, and aws:SourceAccount (StringEquals) names ",
			"111111111112",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceAccount"],
		"remediation": concat("", [
			`In statement 1 (AllowCloudTrailEncryptLogs), add "111111111111" to the values of `,
			"aws:SourceAccount (StringEquals) (tried: the request is then allowed).",
		]),
	})}
}

test_fails_on_a_negated_operator if {
	findings := source_account.findings with input as testing.of(testing.policy([_by_account(
		"StringNotEquals",
		"111111111111",
	)]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail act for trail ",
			testing.trail,
			": its owner is account 111111111111, and StringNotEquals aws:SourceAccount wants ",
			"111111111111, the request has 111111111111",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringNotEquals", "aws:SourceAccount"],
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

test_leaves_a_note_when_nothing_else_restricts_the_statement if {
	findings := source_account.findings with input as testing.of(testing.policy([_by_account(
		"StringEquals",
		"111111111111",
	)]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"level": "note",
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) restricts CloudTrail by aws:SourceAccount, ",
			"which AWS supports but does not recommend: every trail of the account gets in",
		]),
		"subject": null,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceAccount"],
		"remediation": "Name the trails in aws:SourceArn instead.",
	})}
}

test_passes_beside_the_recommended_condition if {
	findings := source_account.findings with input as testing.of(testing.policy([testing.but(
		testing.encrypt,
		{"Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}}},
	)]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_says_nothing_while_the_account_is_not_known if {
	findings := source_account.findings with input as testing.of(testing.policy([_by_account(
		"StringEquals",
		{"ctkms:unknown": "a variable"},
	)]))
		with data.expected as testing.trail_with({})
	findings == set()
}

_describe_by(condition) := testing.but(object.remove(testing.describe, ["Condition"]), {"Condition": condition})

test_fails_where_describing_alone_is_left_to_other_accounts if {
	describe := _describe_by({"StringEquals": {"aws:SourceAccount": ["111111111112", "111111111113"]}})
	findings := source_account.findings with input as testing.of(testing.policy([testing.encrypt, describe]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			"statement 2 (AllowCloudTrailAccess) does not let CloudTrail act for trail ",
			testing.trail,
			": its owner is account 111111111111, and aws:SourceAccount (StringEquals) names ",
			"111111111112, 111111111113",
		]),
		"subject": testing.trail,
		"statement": {"index": 1, "sid": "AllowCloudTrailAccess"},
		"path": ["Statement", 1, "Condition", "StringEquals", "aws:SourceAccount"],
		"remediation": concat("", [
			`In statement 2 (AllowCloudTrailAccess), add "111111111111" to the values of `,
			"aws:SourceAccount (StringEquals) (tried: the request is then allowed).",
		]),
	})}
}

test_tells_what_the_condition_wants_where_that_is_no_text if {
	findings := source_account.findings with input as testing.of(testing.policy([_by_account("StringEquals", 5)]))
		with data.expected as testing.trail_with({})
	{split(split(one.msg, ", and ")[1], ",")[0] | some one in findings} == {"StringEquals aws:SourceAccount wants 5"}
}

# Whatever the statement lets CloudTrail do for a trail; what it does for event data stores has no source.
test_leaves_a_note_on_each_kind_of_statement if {
	condition := {"StringEquals": {"aws:SourceAccount": "111111111111"}}
	every statement in [_describe_by(condition), object.union(testing.decrypt, {"Condition": condition})] {
		findings := source_account.findings with input as testing.of(testing.policy([testing.encrypt, statement]))
			with data.expected as testing.trail_with({})
		{[one.level, one.path] | some one in findings} == {["note", [
			"Statement", 1, "Condition", "StringEquals", "aws:SourceAccount",
		]]}
	}
}

test_leaves_no_note_on_another_condition if {
	encrypt := testing.but(object.remove(testing.encrypt, ["Condition"]), {"Condition": {"StringLike": {
		"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
	}}})
	findings := source_account.findings with input as testing.of(testing.policy([encrypt]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_leaves_no_note_on_what_event_data_stores_do if {
	condition := {"StringEqualsIfExists": {"aws:SourceAccount": "111111111111"}}
	decrypt := object.union(testing.decrypt, {"Condition": condition})
	findings := source_account.findings with input as testing.of(testing.policy([testing.store_encrypt, decrypt]))
		with data.expected as testing.store_with({})
	findings == set()
}
