package ctkms.rules.trail.context_account_test

import data.ctkms.rules.trail.context_account
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-TRAIL-CTX-ACCOUNT",
	"level": "error",
	"key": testing.key,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"create-kms-key-policy-for-cloudtrail-encrypt",
	]),
}

_accounts := {"keys": {testing.key: {"encrypting_accounts": {"222222222222": null}}}}

_context(values) := testing.but(testing.encrypt, {"Condition": {"StringLike": {
	"kms:EncryptionContext:aws:cloudtrail:arn": values,
}}})

_literal := testing.but(object.remove(testing.encrypt, ["Condition"]), {"Condition": {"StringEquals": {
	"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
}}})

test_passes_with_the_documented_statements if {
	findings := context_account.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	findings == set()
}

test_fails_when_the_account_is_left_out if {
	findings := context_account.findings with input as testing.of(testing.policy([
		_context("arn:aws:cloudtrail:*:222222222222:trail/*"),
	]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail encrypt for trails ",
			"of account 111111111111: kms:EncryptionContext:aws:cloudtrail:arn names account ",
			"222222222222 only",
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
			"In statement 1 (AllowCloudTrailEncryptLogs), add ",
			`"arn:aws:cloudtrail:*:111111111111:trail/*" to the values of `,
			"kms:EncryptionContext:aws:cloudtrail:arn (StringLike) (tried: the request is then ",
			"allowed).",
		]),
	})}
}

test_fails_when_several_others_are_named if {
	findings := context_account.findings with input as testing.of(testing.policy([_context([
		"arn:aws:cloudtrail:*:222222222222:trail/*",
		"arn:aws:cloudtrail:*:333333333333:trail/*",
	])]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail encrypt for trails ",
			"of account 111111111111: kms:EncryptionContext:aws:cloudtrail:arn names accounts ",
			"222222222222, 333333333333 only",
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
			"In statement 1 (AllowCloudTrailEncryptLogs), add ",
			`"arn:aws:cloudtrail:*:111111111111:trail/*" to the values of `,
			"kms:EncryptionContext:aws:cloudtrail:arn (StringLike) (tried: the request is then ",
			"allowed).",
		]),
	})}
}

test_fails_when_the_wildcard_is_a_plain_character if {
	findings := context_account.findings with input as testing.of(testing.policy([_literal]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail encrypt for trails ",
			"of account 111111111111: to StringEquals the wildcard in ",
			"arn:aws:cloudtrail:*:111111111111:trail/* ",
			"(kms:EncryptionContext:aws:cloudtrail:arn) is a plain character",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": [
			"Statement",
			0,
			"Condition",
			"StringEquals",
			"kms:EncryptionContext:aws:cloudtrail:arn",
		],
		"remediation": concat("", [
			"In statement 1 (AllowCloudTrailEncryptLogs), compare ",
			"kms:EncryptionContext:aws:cloudtrail:arn with StringLike instead of StringEquals ",
			"(tried: the request is then allowed).",
		]),
	})}
}

test_passes_when_the_operator_heeds_wildcards if {
	findings := context_account.findings with input as testing.of(testing.policy([testing.but(
		object.remove(testing.encrypt, ["Condition"]),
		{"Condition": {"ArnLike": {
			"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
		}}},
	)]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_fails_when_another_trail_of_the_account_is_named if {
	findings := context_account.findings with input as testing.of(testing.policy([
		_context("arn:aws:cloudtrail:*:111111111111:trail/other"),
	]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail encrypt for trails ",
			"of account 111111111111: StringLike kms:EncryptionContext:aws:cloudtrail:arn wants ",
			"arn:aws:cloudtrail:*:111111111111:trail/other, the request has ",
			testing.trail,
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
			"In statement 1 (AllowCloudTrailEncryptLogs), add ",
			`"arn:aws:cloudtrail:*:111111111111:trail/*" to the values of `,
			"kms:EncryptionContext:aws:cloudtrail:arn (StringLike) (tried: the request is then ",
			"allowed).",
		]),
	})}
}

test_fails_when_the_pattern_shuts_the_trail_out if {
	findings := context_account.findings with input as testing.of(testing.policy([testing.but(
		object.remove(testing.encrypt, ["Condition"]),
		{"Condition": {"StringNotLike": {
			"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
		}}},
	)]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail encrypt for trails ",
			"of account 111111111111: StringNotLike kms:EncryptionContext:aws:cloudtrail:arn ",
			"wants arn:aws:cloudtrail:*:111111111111:trail/*, the request has ",
			testing.trail,
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": [
			"Statement",
			0,
			"Condition",
			"StringNotLike",
			"kms:EncryptionContext:aws:cloudtrail:arn",
		],
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

test_fails_for_an_account_whose_trails_may_all_use_the_key if {
	findings := context_account.findings with input as testing.of(testing.policy([
		_context("arn:aws:cloudtrail:*:111111111111:trail/*"),
		object.remove(_context("arn:aws:cloudtrail:*:111111111111:trail/*"), ["Sid"]),
	]))
		with data.expected as _accounts
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail encrypt for trails ",
			"of account 222222222222: kms:EncryptionContext:aws:cloudtrail:arn names account ",
			"111111111111 only",
		]),
		"subject": "arn:aws:cloudtrail:*:222222222222:trail/*",
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": [
			"Statement",
			0,
			"Condition",
			"StringLike",
			"kms:EncryptionContext:aws:cloudtrail:arn",
		],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): ",
			json.marshal({
				"Action": "kms:GenerateDataKey*",
				"Condition": {
					"StringLike": {
						"aws:SourceArn": "arn:aws:cloudtrail:*:222222222222:trail/*",
						"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:222222222222:trail/*",
					},
				},
				"Effect": "Allow",
				"Principal": {"Service": "cloudtrail.amazonaws.com"},
				"Resource": "*",
				"Sid": "AllowCloudTrailEncryptForAccount",
			}),
		]),
	})}
}

test_fails_when_source_and_context_name_another_account if {
	findings := context_account.findings with input as testing.of(testing.policy([testing.but(
		testing.encrypt,
		{"Condition": {
			"StringEquals": {
				"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:222222222222:trail/management-events",
			},
			"StringLike": {
				"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:222222222222:trail/*",
			},
		}},
	)]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) does not let CloudTrail encrypt for trails ",
			"of account 111111111111: kms:EncryptionContext:aws:cloudtrail:arn names account ",
			"222222222222 only",
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
	})}
}

test_leaves_an_explicit_deny_to_the_encrypt_rule if {
	findings := context_account.findings with input as testing.of(testing.policy([
		_context("arn:aws:cloudtrail:*:222222222222:trail/*"),
		{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"},
	]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_says_nothing_while_the_account_is_not_known if {
	findings := context_account.findings with input as testing.of(testing.policy([_context({
		"ctkms:unknown": "a variable",
	})]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_says_nothing_of_malformed_conditions if {
	findings := context_account.findings with input as testing.of(testing.policy([
		testing.but(testing.encrypt, {"Condition": [7]}),
		testing.but(object.remove(testing.encrypt, ["Condition"]), {"Condition": {"StringLike": 7}}),
	]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_says_nothing_where_the_account_is_assumed if {
	shown := {"policy": testing.policy([testing.but(object.remove(testing.encrypt, ["Condition"]), {"Condition": {
		"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:us-east-2:222222222222:trail/management-events"},
		"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:222222222222:trail/*"},
	}})])}
	told := object.union(shown, {"trails": {testing.trail: {"organization": true}}})
	findings := context_account.findings with input as testing.of_key(told)
	count(findings) == 1
	assumed := object.union(shown, {"trails": {testing.trail: {"organization": true, "owner_assumed": true}}})
	context_account.findings == set() with input as testing.of_key(assumed)
}

# What is said of other values, after the name of the account.
_why(statement) := [split(one.msg, "account 111111111111: ")[1] | some one in findings] if {
	findings := context_account.findings with input as testing.of(testing.policy([statement]))
		with data.expected as testing.trail_with({})
}

_wants(operator, values) := [sprintf("%v kms:EncryptionContext:aws:cloudtrail:arn wants %v, the request has %v", [
	operator,
	concat(" or ", values),
	testing.trail,
])]

test_tells_the_values_where_the_account_is_among_them if {
	values := ["arn:aws:cloudtrail:*:111111111111:trail/other", "arn:aws:cloudtrail:*:222222222222:trail/*"]
	_why(_context(values)) == _wants("StringLike", values)
}

test_tells_the_values_where_they_name_no_account if {
	every value in ["arn:aws:cloudtrail:*:*:trail/other", "other"] {
		_why(_context(value)) == _wants("StringLike", [value])
	}
}

test_tells_the_values_that_are_left_out if {
	every values in [
		["arn:aws:cloudtrail:*:1*:trail/*"],
		["arn:aws:cloudtrail:*:1*:trail/*", "arn:aws:cloudtrail:*:11*:trail/*"],
	] {
		condition := {"StringNotLike": {"kms:EncryptionContext:aws:cloudtrail:arn": values}}
		found := _why(testing.but(object.remove(testing.encrypt, ["Condition"]), {"Condition": condition}))
		count(found) == 1
		not contains(found[0], "only")
	}
}
