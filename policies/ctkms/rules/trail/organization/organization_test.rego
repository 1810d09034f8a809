package ctkms.rules.trail.organization_test

import data.ctkms.rules.trail.organization
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-ORG-MGMT-ACCOUNT",
	"level": "error",
	"key": testing.key,
	"url": concat("/", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide",
		"creating-an-organizational-trail-prepare.html",
	]),
}

_organization(members) := object.union(
	{"organization": {"id": "o-a1b2c3d4e5", "management_account": "111111111111"}},
	testing.trail_with(members),
)

_encrypt(source, context) := testing.but(testing.encrypt, {"Condition": {
	"StringEquals": {"aws:SourceArn": source},
	"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": context},
}})

_of_member := "arn:aws:cloudtrail:us-east-1:222222222222:trail/management-events"

test_passes_with_the_management_account if {
	findings := organization.findings with input as testing.of(testing.trail_policy)
		with data.expected as _organization({"organization": true})
	findings == set()
}

test_fails_when_source_and_context_name_a_member if {
	findings := organization.findings with input as testing.of(testing.policy([
		_encrypt(_of_member, "arn:aws:cloudtrail:*:222222222222:trail/*"),
		testing.describe,
	]))
		with data.expected as _organization({"organization": true})
	findings == {
		object.union(_finding, {
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) names account 222222222222 in ",
				"aws:SourceArn, but organization trail ",
				testing.trail,
				" is known by its owner, the management account 111111111111",
			]),
			"subject": testing.trail,
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"path": ["Statement", 0, "Condition", "StringEquals", "aws:SourceArn"],
			"remediation": concat("", [
				`In statement 1 (AllowCloudTrailEncryptLogs), add "`,
				testing.trail,
				`" to the values of aws:SourceArn (StringEquals) and add `,
				`"arn:aws:cloudtrail:*:111111111111:trail/*" to the values of `,
				"kms:EncryptionContext:aws:cloudtrail:arn (StringLike) (tried: the request is then ",
				"allowed).",
			]),
		}),
		object.union(_finding, {
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptLogs) names account 222222222222 in ",
				"kms:EncryptionContext:aws:cloudtrail:arn, but organization trail ",
				testing.trail,
				" is known by its owner, the management account 111111111111",
			]),
			"subject": testing.trail,
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
			"path": [
				"Statement",
				0,
				"Condition",
				"StringLike",
				"kms:EncryptionContext:aws:cloudtrail:arn",
			],
			"remediation": concat("", [
				`In statement 1 (AllowCloudTrailEncryptLogs), add "`,
				testing.trail,
				`" to the values of aws:SourceArn (StringEquals) and add `,
				`"arn:aws:cloudtrail:*:111111111111:trail/*" to the values of `,
				"kms:EncryptionContext:aws:cloudtrail:arn (StringLike) (tried: the request is then ",
				"allowed).",
			]),
		}),
	}
}

test_fails_when_the_source_account_is_a_member if {
	findings := organization.findings with input as testing.of(testing.policy([
		testing.but(object.remove(testing.encrypt, ["Condition"]), {
			"Condition": {"StringEquals": {"aws:SourceAccount": "222222222222"}},
		}),
		testing.describe,
	]))
		with data.expected as _organization({"organization": true})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) names account 222222222222 in ",
			"aws:SourceAccount, but organization trail ",
			testing.trail,
			" is known by its owner, the management account 111111111111",
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

test_passes_when_a_member_is_named_beside_it if {
	findings := organization.findings with input as testing.of(testing.policy([
		_encrypt(testing.trail, [
			"arn:aws:cloudtrail:*:111111111111:trail/*",
			"arn:aws:cloudtrail:*:222222222222:trail/*",
		]),
		testing.describe,
	]))
		with data.expected as _organization({"organization": true})
	findings == set()
}

test_leaves_other_mistakes_to_other_rules if {
	findings := organization.findings with input as testing.of(testing.policy([_encrypt(
		"arn:aws:cloudtrail:us-east-2:111111111111:trail/management-events",
		"arn:aws:cloudtrail:*:111111111111:trail/*",
	)]))
		with data.expected as _organization({"organization": true})
	findings == set()
}

test_leaves_trails_of_one_account_to_other_rules if {
	findings := organization.findings with input as testing.of(testing.policy([_encrypt(
		_of_member,
		"arn:aws:cloudtrail:*:222222222222:trail/*",
	)]))
		with data.expected as _organization({})
	findings == set()
}

test_fails_when_the_trail_is_not_of_the_management_account if {
	findings := organization.findings with input as testing.of(testing.trail_policy)
		with data.expected as object.union(_organization({"organization": true}), {
			"organization": {"management_account": "333333333333"},
		})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"organization trail ",
			testing.trail,
			" cannot be of account 111111111111: it belongs to the management account, ",
			"333333333333",
		]),
		"subject": testing.trail,
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Correct the trail's ARN or organization.management_account in the expectations; a ",
			"delegated administrator's organization trail has the management account in its ARN ",
			"too.",
		]),
	})}
}

test_says_nothing_of_an_owner_that_is_assumed if {
	shown := {"policy": testing.policy([_encrypt(
		"arn:aws:cloudtrail:us-east-2:222222222222:trail/management-events",
		"arn:aws:cloudtrail:*:222222222222:trail/*",
	)])}
	trails := {"trails": {testing.trail: {"organization": true}}}
	told := organization.findings with input as testing.of_key(object.union(shown, trails))
	count(told) == 2
	assumed := {"trails": {testing.trail: {"organization": true, "owner_assumed": true}}}
	organization.findings == set() with input as testing.of_key(object.union(shown, assumed))
}

test_fails_when_describing_alone_is_left_to_members if {
	describe := testing.but(object.remove(testing.describe, ["Condition"]), {"Condition": {"StringEquals": {
		"aws:SourceAccount": ["333333333333", "222222222222"],
	}}})
	findings := organization.findings with input as testing.of(testing.policy([testing.encrypt, describe]))
		with data.expected as _organization({"organization": true})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 2 (AllowCloudTrailAccess) names account 222222222222, 333333333333 in ",
			"aws:SourceAccount, but organization trail ",
			testing.trail,
			" is known by its owner, the management account 111111111111",
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

test_passes_where_no_member_is_asked_for if {
	every condition in [
		{"StringEquals": {"aws:SourceAccount": "nobody"}},
		{"StringLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:2*:trail/*"}},
		{"StringNotLike": {"aws:SourceAccount": ["1*", "222222222222"]}},
	] {
		encrypt := testing.but(object.remove(testing.encrypt, ["Condition"]), {"Condition": condition})
		findings := organization.findings with input as testing.of(testing.policy([encrypt, testing.describe]))
			with data.expected as _organization({"organization": true})
		findings == set()
	}
}

test_says_nothing_of_the_owner_where_nobody_names_the_management_account if {
	findings := organization.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({"organization": true})
	findings == set()
}
