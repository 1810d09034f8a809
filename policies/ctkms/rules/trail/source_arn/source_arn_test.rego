package ctkms.rules.trail.source_arn_test

import data.ctkms.rules.trail.source_arn
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-TRAIL-SOURCEARN",
	"key": testing.key,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"required-kms-key-policy-trails",
	]),
}

_both := object.union(testing.trail_with({}), {"event_data_stores": {testing.store: {"key": testing.key}}})

_source(values) := testing.but(testing.encrypt, {"Condition": {"StringEquals": {"aws:SourceArn": values}}})

_other := "arn:aws:cloudtrail:us-east-1:111111111111:trail/other"

test_passes_when_every_statement_names_the_trail if {
	findings := source_arn.findings with input as testing.of(testing.policy([
		testing.root,
		testing.encrypt,
		testing.describe,
		testing.reader,
	]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_warns_of_the_documented_decrypt_statement if {
	findings := source_arn.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			"statement 3 (AllowCloudTrailDecrypt) lets CloudTrail use the key (kms:Decrypt) for ",
			"a trail that nobody expects, for example ",
			"arn:aws:cloudtrail:us-east-1:999999999999:trail/ctkms-stranger",
		]),
		"subject": null,
		"statement": {"index": 2, "sid": "AllowCloudTrailDecrypt"},
		"path": ["Statement", 2],
		"remediation": concat("", [
			`Put "ArnEquals": {"aws:SourceArn": ["`,
			testing.trail,
			`"]}`,
			" into the Condition of statement 3 (AllowCloudTrailDecrypt) (tried: it then lets ",
			"the expected trails in, and no other).",
		]),
	})}
}

test_warns_of_a_statement_without_conditions_beside_a_restricted_one if {
	findings := source_arn.findings with input as testing.of(testing.policy([
		testing.encrypt,
		testing.store_encrypt,
	]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			"statement 2 (AllowCloudTrailEncryptEventDataStore) lets CloudTrail use the key ",
			"(kms:GenerateDataKey) for a trail that nobody expects, for example ",
			"arn:aws:cloudtrail:us-east-1:999999999999:trail/ctkms-stranger",
		]),
		"subject": null,
		"statement": {"index": 1, "sid": "AllowCloudTrailEncryptEventDataStore"},
		"path": ["Statement", 1],
		"remediation": concat("", [
			`Put "ArnEquals": {"aws:SourceArn": ["`,
			testing.trail,
			`"]}`,
			" into the Condition of statement 2 (AllowCloudTrailEncryptEventDataStore) (tried: ",
			"it then lets the expected trails in, and no other).",
		]),
	})}
}

test_warns_of_a_second_trail if {
	findings := source_arn.findings with input as testing.of(testing.policy([_source([testing.trail, _other])]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) lets CloudTrail use the key ",
			"(kms:GenerateDataKey) for a trail that nobody expects, for example ",
			_other,
		]),
		"subject": null,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition"],
		"remediation": concat("", [
			`Put "ArnEquals": {"aws:SourceArn": ["`,
			testing.trail,
			`"]}`,
			" into the Condition of statement 1 (AllowCloudTrailEncryptLogs), in place ",
			"of what it says of aws:SourceArn (tried: it then ",
			"lets the expected trails in, and no other).",
		]),
	})}
}

test_warns_of_a_wildcard if {
	findings := source_arn.findings with input as testing.of(testing.policy([testing.but(
		object.remove(testing.encrypt, ["Condition"]),
		{"Condition": {"StringLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:111111111111:trail/*"}}},
	)]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) lets CloudTrail use the key ",
			"(kms:GenerateDataKey) for a trail that nobody expects, for example ",
			"arn:aws:cloudtrail:us-east-1:111111111111:trail/ctkms-stranger",
		]),
		"subject": null,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition"],
		"remediation": concat("", [
			`Put "ArnEquals": {"aws:SourceArn": ["`,
			testing.trail,
			`"]}`,
			" into the Condition of statement 1 (AllowCloudTrailEncryptLogs), in place ",
			"of what it says of aws:SourceArn (tried: it then ",
			"lets the expected trails in, and no other).",
		]),
	})}
}

test_warns_of_a_grant_for_everyone if {
	findings := source_arn.findings with input as testing.of(testing.policy([{
		"Sid": "All",
		"Effect": "Allow",
		"Principal": "*",
		"Action": "kms:*",
		"Resource": "*",
	}]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			"statement 1 (All) lets CloudTrail use the key (kms:Decrypt, kms:DescribeKey, ",
			"kms:GenerateDataKey) for a trail that nobody expects, for example ",
			"arn:aws:cloudtrail:us-east-1:999999999999:trail/ctkms-stranger",
		]),
		"subject": null,
		"statement": {"index": 0, "sid": "All"},
		"path": ["Statement", 0],
		"remediation": concat("", [
			"Let statement 1 (All) name who is meant, and give CloudTrail a statement of its own ",
			`with aws:SourceArn ["`,
			testing.trail,
			`"].`,
		]),
	})}
}

test_warns_when_another_condition_stays_in_the_way_of_the_remedy if {
	findings := source_arn.findings with input as testing.of(testing.policy([testing.but(
		object.remove(testing.encrypt, ["Condition", "Action"]),
		{"Action": "kms:*", "Principal": {"Service": ["cloudtrail.amazonaws.com", "config.amazonaws.com"]}},
	)]))
		with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) lets CloudTrail use the key (kms:Decrypt, ",
			"kms:DescribeKey, kms:GenerateDataKey) for a trail that nobody expects, for example ",
			"arn:aws:cloudtrail:us-east-1:999999999999:trail/ctkms-stranger",
		]),
		"subject": null,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0],
		"remediation": concat("", [
			"Let statement 1 (AllowCloudTrailEncryptLogs) name who is meant, and give CloudTrail ",
			`a statement of its own with aws:SourceArn ["`,
			testing.trail,
			`"].`,
		]),
	})}
}

test_leaves_a_note_on_what_an_event_data_store_needs if {
	findings := source_arn.findings with input as testing.of(testing.policy([
		testing.encrypt,
		testing.describe,
		testing.store_encrypt,
		testing.store_decrypt,
	]))
		with data.expected as _both
	findings == {
		object.union(_finding, {
			"level": "note",
			"msg": concat("", [
				"statement 3 (AllowCloudTrailEncryptEventDataStore) lets CloudTrail use the key ",
				"(kms:GenerateDataKey) for a trail that nobody expects, for example ",
				"arn:aws:cloudtrail:us-east-1:999999999999:trail/ctkms-stranger; an event data store ",
				"needs this statement without the condition",
			]),
			"subject": null,
			"statement": {"index": 2, "sid": "AllowCloudTrailEncryptEventDataStore"},
			"path": ["Statement", 2],
			"remediation": concat("", [
				"Give trails and event data stores keys of their own: stores cannot do with ",
				"aws:SourceArn.",
			]),
		}),
		object.union(_finding, {
			"level": "note",
			"msg": concat("", [
				"statement 4 (AllowCloudTrailDecryptEventDataStore) lets CloudTrail use the key ",
				"(kms:Decrypt) for a trail that nobody expects, for example ",
				"arn:aws:cloudtrail:us-east-1:999999999999:trail/ctkms-stranger; an event data store ",
				"needs this statement without the condition",
			]),
			"subject": null,
			"statement": {"index": 3, "sid": "AllowCloudTrailDecryptEventDataStore"},
			"path": ["Statement", 3],
			"remediation": concat("", [
				"Give trails and event data stores keys of their own: stores cannot do with ",
				"aws:SourceArn.",
			]),
		}),
	}
}

test_says_nothing_without_expected_trails if {
	findings := source_arn.findings with input as testing.of(testing.policy([testing.store_encrypt]))
		with data.expected as testing.store_with({})
	findings == set()
}

test_warns_of_what_no_event_data_store_needs if {
	findings := source_arn.findings with input as testing.of(testing.policy([testing.encrypt, testing.store_encrypt]))
		with data.expected as testing.store_with({})
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			"statement 1 (AllowCloudTrailEncryptLogs) lets CloudTrail use the key (kms:GenerateDataKey) ",
			"for a trail that nobody expects, for example ",
			testing.trail,
		]),
		"subject": null,
		"statement": {"index": 0, "sid": "AllowCloudTrailEncryptLogs"},
		"path": ["Statement", 0, "Condition"],
		"remediation": "No expected trail or event data store needs it: remove what lets CloudTrail in.",
	})}
}

test_warns_of_other_trails_beside_an_account_whose_trails_may_all_use_the_key if {
	accounts := {"keys": {testing.key: {"encrypting_accounts": {"222222222222": {}}}}}
	of_account := "arn:aws:cloudtrail:*:222222222222:trail/*"
	passing := {"StringLike": {"aws:SourceArn": of_account}}
	restricted := testing.of(testing.policy([testing.but(testing.decrypt, {"Condition": passing})]))
	nothing := source_arn.findings with input as restricted with data.expected as accounts
	nothing == set()
	open := testing.of(testing.policy([testing.decrypt]))
	findings := source_arn.findings with input as open with data.expected as accounts
	[[one.level, one.remediation] | some one in findings] == [["warning", concat("", [
		`Put "ArnEquals": {"aws:SourceArn": ["`,
		of_account,
		`"]} into the Condition of statement 1 (AllowCloudTrailDecrypt)`,
		" (tried: it then lets the expected trails in, and no other).",
	])]]
}

_under(condition) := _under_with(condition, testing.trail_with({}))

_under_with(condition, expected) := {[one.level, one.msg] | some one in found} if {
	given := testing.of(testing.policy([testing.but(testing.decrypt, {"Condition": condition})]))
	found := source_arn.findings with input as given with data.expected as expected
}

_says(how, words) := sprintf("statement 1 (AllowCloudTrailDecrypt) %v let%v CloudTrail use the key (kms:Decrypt)%v", [
	how[0], how[1],
	sprintf(" for a trail that nobody expects, for example arn:aws:cloudtrail:us-east-1:%v", [words]),
])

_warned(account) := {["warning", _lets(sprintf("%v:trail/ctkms-stranger", [account]))]}

_lets(words) := trim_space(replace(_says(["", "s"], words), "  ", " "))

test_warns_of_source_accounts_that_nobody_expects if {
	_under({"StringEquals": {"aws:SourceAccount": "222222222222"}}) == _warned("222222222222")
	_under({"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:1*:trail/*"}}) == _warned("199999999999")
}

test_tells_of_organizations_whose_trails_get_in if {
	condition := {"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}}
	words := "999999999999:trail/ctkms-stranger of organization o-a1b2c3d4e5"
	_strangers_of({"id": "o-zzzzzzzzzz"}, condition) == {["warning", _lets(words)]}
	_strangers_of({"id": "o-a1b2c3d4e5"}, condition) == set()
	_under({"StringEqualsIfExists": {"aws:SourceOrgID": "o-a1b2c3d4e5"}}) == _warned("999999999999")
	_under({"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}}) == {["note", _lets(words)]}
}

# Of the own trails nobody knows whether CloudTrail sends their organization: they are left out.
_strangers_of(organization, condition) := {found |
	expected := object.union(testing.trail_with({}), {"organization": organization})
	some found in _under_with(condition, expected)
	not startswith(found[1], "statement 1 (AllowCloudTrailDecrypt) may let")
}

test_says_what_cannot_be_told if {
	_under({"StringEquals": {"aws:Unheard": "of"}}) == {["warning", concat("", [
		_says(["may", ""], "999999999999:trail/ctkms-stranger"),
		"; whether it does cannot be told, it hangs on Condition StringEquals aws:Unheard",
	])]}
}

test_says_nothing_of_the_console_s_statement_for_readers if {
	readers := object.union(object.remove(testing.reader, ["Principal"]), {
		"Principal": {"AWS": "*"},
		"Condition": {"StringEquals": {"kms:CallerAccount": "111111111111"}},
	})
	findings := source_arn.findings with input as testing.of(testing.policy([readers]))
		with data.expected as testing.trail_with({})
	findings == set()
}

test_says_nothing_while_the_source_is_not_known if {
	findings := source_arn.findings with input as testing.of(testing.policy([_source({
		"ctkms:unknown": "a variable",
	})]))
		with data.expected as testing.trail_with({})
	findings == set()
}

_if_there := testing.but(testing.decrypt, {"Condition": {"ArnEqualsIfExists": {"aws:SourceArn": testing.trail}}})

test_warns_of_a_condition_that_lets_event_data_stores_in if {
	given := testing.of(testing.policy([testing.root, _if_there]))
	findings := source_arn.findings with input as given with data.expected as testing.trail_with({})
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			"statement 2 (AllowCloudTrailDecrypt) lets CloudTrail use the key (kms:Decrypt) for ",
			"any event data store, and nobody expects one: ",
			"requests for event data stores carry no aws:SourceArn",
		]),
		"subject": null,
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
		"path": ["Statement", 1, "Condition"],
		"remediation": concat("", [
			`Put "ArnEquals": {"aws:SourceArn": ["`,
			testing.trail,
			`"]}`,
			" into the Condition of statement 2 (AllowCloudTrailDecrypt), in place ",
			"of what it says of aws:SourceArn (tried: it then lets ",
			"the expected trails in, and no other).",
		]),
	})}
}

test_passes_the_same_condition_where_the_key_has_to_be_there if {
	there := object.union(_if_there.Condition, {"Null": {"aws:SourceArn": "false"}})
	given := testing.of(testing.policy([testing.root, testing.but(_if_there, {"Condition": there})]))
	findings := source_arn.findings with input as given with data.expected as testing.trail_with({})
	findings == set()
}

test_passes_the_same_condition_where_a_store_is_expected if {
	given := testing.of(testing.policy([testing.root, _if_there]))
	findings := source_arn.findings with input as given with data.expected as _both
	findings == set()
}

# What cannot be told, and what a Deny settles.

_unheard := {"StringEquals": {"aws:Unheard": "of"}}

_doubtful := testing.but(testing.decrypt, {"Condition": _unheard})

_may(index, account, hanging) := object.union(_finding, {
	"level": "warning",
	"msg": concat("", [
		sprintf("statement %v (AllowCloudTrailDecrypt) may let CloudTrail use the key (kms:Decrypt) ", [index + 1]),
		"for a trail that nobody expects, for example ",
		sprintf("arn:aws:cloudtrail:us-east-1:%v:trail/ctkms-stranger; ", [account]),
		sprintf("whether it does cannot be told, it hangs on %v", [hanging]),
	]),
	"subject": null,
	"statement": {"index": index, "sid": "AllowCloudTrailDecrypt"},
	"path": ["Statement", index, "Condition"],
	"remediation": concat("", [
		`Put "ArnEquals": {"aws:SourceArn": ["`,
		testing.trail,
		sprintf(`"]} into the Condition of statement %v (AllowCloudTrailDecrypt)`, [index + 1]),
		" (tried: it then lets no other trail in).",
	]),
})

_found(statements) := findings if {
	findings := source_arn.findings with input as testing.of(testing.policy(statements))
		with data.expected as testing.trail_with({})
}

test_tells_what_is_in_doubt_of_the_one_trail_that_may_get_in if {
	condition := {"StringEquals": {"aws:Unheard": "of", "aws:Unseen": "of", "aws:SourceAccount": "222222222222"}}
	hanging := "Condition StringEquals aws:Unheard, Condition StringEquals aws:Unseen"
	_found([testing.encrypt, testing.but(testing.decrypt, {"Condition": condition})]) == {_may(1, "222222222222", hanging)}
}

test_tells_of_the_statement_that_is_in_doubt_for_good if {
	later := testing.but(testing.decrypt, {"Condition": {"StringEquals": {"aws:SourceArn": {"ctkms:unknown": "later"}}}})
	hanging := "Condition StringEquals aws:Unheard"
	_found([testing.encrypt, later, _doubtful]) == {_may(2, "999999999999", hanging)}
}

test_stays_a_warning_under_the_hardened_profile_where_nothing_is_certain if {
	every statement in [_doubtful, _if_there] {
		given := object.union(testing.of(testing.policy([statement])), {"ctkms": {"profile": "hardened"}})
		findings := source_arn.findings with input as given with data.expected as testing.trail_with({})
		{one.level | some one in findings} == {"warning"}
	}
}

test_passes_where_a_deny_keeps_others_out if {
	deny := {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}
	others := object.union(deny, {"Condition": {"StringNotEquals": {"aws:SourceArn": testing.trail}}})
	_found([testing.decrypt, others]) == set()
	_found([_doubtful, others]) == set()
	_found([_if_there, object.union(deny, {"Condition": {"Null": {"aws:SourceArn": "true"}}})]) == set()
}

test_says_nothing_of_a_statement_for_everybody_that_lets_event_data_stores_in if {
	_found([object.union(object.remove(_if_there, ["Principal"]), {"Principal": "*"})]) == set()
}

test_leaves_what_hangs_on_the_key_to_the_report if {
	statement := testing.but(testing.decrypt, {"Resource": testing.key})
	given := testing.of_key({"arn": null, "policy": testing.policy([statement])})
	findings := source_arn.findings with input as given with data.expected as {"trails": {testing.trail: {}}}
	findings == set()
}

test_leaves_a_note_on_what_an_event_data_store_describes_by if {
	describe := testing.but(testing.describe, {"Condition": null})
	findings := source_arn.findings with input as testing.of(testing.policy([testing.encrypt, describe]))
		with data.expected as _both
	{[one.level, one.path] | some one in findings} == {["note", ["Statement", 1]]}
}

test_tries_the_remedy_with_the_variables_of_the_policy if {
	own := {"StringEquals": {"aws:SourceAccount": "${aws:SourceAccount}"}}
	found := _found([testing.but(testing.decrypt, {"Condition": own})])
	{startswith(one.remediation, `Put "ArnEquals"`) | some one in found} == {true}
}
