package ctkms.rules.policy.principal_account_test

import data.ctkms.rules.policy.principal_account
import data.ctkms.testing_test as testing

_eve := "arn:aws:iam::999999999999:user/Eve"

_partner(people, members) := object.union(
	{
		"Sid": "Partner",
		"Effect": "Allow",
		"Principal": {"AWS": people},
		"Action": "kms:Decrypt",
		"Resource": "*",
	},
	members,
)

_for(people, members) := testing.of(testing.policy([testing.root, _partner(people, members)]))

_expected := {"accounts": {"111111111111": {}, "222222222222": {}}}

_finding(who, actions) := {
	"rule": "KP-PRINCIPAL-ACCOUNT",
	"level": "warning",
	"key": testing.key,
	"url": "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
	"msg": sprintf("statement 2 (Partner) lets %v use %v, and account 999999999999 is not among the expected ones", [
		who,
		actions,
	]),
	"subject": null,
	"statement": {"index": 1, "sid": "Partner"},
	"path": ["Statement", 1, "Principal", "AWS"],
	"remediation": sprintf(
		"Take %v out of the statement, or list account 999999999999 under accounts in the expectations.",
		[who],
	),
}

test_passes_people_of_expected_accounts if {
	given := _for(["arn:aws:iam::222222222222:user/Alice", "arn:aws:iam::111111111111:role/Admin"], {})
	findings := principal_account.findings with input as given with data.expected as _expected
	findings == set()
}

test_warns_of_people_of_other_accounts if {
	given := _for(_eve, {"Action": "kms:ReEncryptFrom"})
	findings := principal_account.findings with input as given with data.expected as _expected
	findings == {_finding(_eve, "kms:ReEncryptFrom")}
}

test_each_way_to_the_data_counts if {
	given := _for(_eve, {"Action": ["kms:CreateGrant", "kms:GenerateDataKey", "kms:PutKeyPolicy"]})
	findings := principal_account.findings with input as given with data.expected as _expected
	findings == {_finding(_eve, "kms:CreateGrant, kms:GenerateDataKey")}
}

test_an_account_by_its_id_is_its_root if {
	findings := principal_account.findings with input as _for("999999999999", {}) with data.expected as _expected
	findings == {_finding("arn:aws:iam::999999999999:root", "kms:Decrypt")}
}

test_a_condition_that_they_can_meet_keeps_nobody_out if {
	given := _for(_eve, {"Condition": {"StringEquals": {"kms:EncryptionContext:team": "x"}}})
	findings := principal_account.findings with input as given with data.expected as _expected
	[one.rule | some one in findings] == ["KP-PRINCIPAL-ACCOUNT"]
}

test_a_condition_that_they_cannot_meet_keeps_them_out if {
	given := _for(_eve, {"Condition": {"StringEquals": {"kms:CallerAccount": "111111111111"}}})
	findings := principal_account.findings with input as given with data.expected as _expected
	findings == set()
}

test_a_deny_keeps_them_out if {
	deny := {
		"Effect": "Deny",
		"Principal": "*",
		"Action": "kms:*",
		"Resource": "*",
		"Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111111111111"}},
	}
	given := testing.of(testing.policy([testing.root, _partner(_eve, {}), deny]))
	findings := principal_account.findings with input as given with data.expected as _expected
	findings == set()
}

test_what_is_reported_as_an_unlisted_reader_is_left_to_that if {
	readers := testing.trail_with({"readers": {testing.bob: null}})
	expected := object.union(readers, _expected)
	findings := principal_account.findings with input as _for(_eve, {}) with data.expected as expected
	findings == set()
}

test_notes_them_where_nobody_says_which_accounts_there_are if {
	findings := principal_account.findings with input as _for(_eve, {}) with data.expected as {}
	said := _finding(_eve, "kms:Decrypt")
	findings == {object.union(said, {
		"level": "note",
		"msg": replace(said.msg, "is not among the expected ones", "is not spoken of in the expectations"),
	})}
}

test_tells_of_each_what_they_may_do if {
	other := "arn:aws:iam::888888888888:user/Other"
	statement := _partner(_eve, {"Principal": {"AWS": [_eve, other]}, "Action": ["kms:Decrypt", "kms:Encrypt"]})
	deny := {"Effect": "Deny", "Principal": {"AWS": other}, "Action": "kms:Encrypt", "Resource": "*"}
	findings := principal_account.findings with input as testing.of(testing.policy([testing.root, statement, deny]))
		with data.expected as {"keys": {testing.key: {}}, "accounts": {"111111111111": null}}
	{[one.level, one.path[4], split(split(one.msg, " use ")[1], ", and")[0]] | some one in findings} == {
		["warning", 0, "kms:Decrypt, kms:Encrypt"],
		["warning", 1, "kms:Decrypt"],
	}
}

test_what_is_reported_as_an_unlisted_user_is_left_to_that if {
	expected := object.union(testing.store_with({"users": {testing.bob: null}}), _expected)
	findings := principal_account.findings with input as _for(_eve, {}) with data.expected as expected
	findings == set()
}
