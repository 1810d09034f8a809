package ctkms.rules.trail.reader_cross_account_test

import data.ctkms.rules.trail.reader_cross_account
import data.ctkms.testing_test as testing

_finding := {
	"rule": "CT-TRAIL-READER-XACCT",
	"key": testing.key,
	"url": concat("#", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
		"create-kms-key-policy-for-cloudtrail-decrypt-other-accounts",
	]),
}

_role := "arn:aws:iam::111111111111:role/CloudTrailReadRole"

_account := "arn:aws:iam::222222222222:root"

_alice := testing.trail_with({"readers": {testing.alice: null}})

_with_policies(statements) := object.union(_alice, {"principals": {testing.alice: {"identity_policies": {
	"read": {"Version": "2012-10-17", "Statement": statements},
}}}})

_assumed(members) := object.union(testing.trail_with({"readers": {_role: null}}), {"principals": {
	_role: object.union({"assumed_by": {_account: null}}, members),
}})

# Example 9 of the page: the reader's account.
_their_account := testing.but(testing.reader, {"Principal": {"AWS": _account}})

# What the CloudTrail console writes, under the name "Enable cross account log decryption".
_callers_of(account) := {
	"Sid": "Enable cross account log decryption",
	"Effect": "Allow",
	"Principal": {"AWS": "*"},
	"Action": ["kms:Decrypt", "kms:ReEncryptFrom"],
	"Resource": "*",
	"Condition": {
		"StringEquals": {"kms:CallerAccount": account},
		"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*"},
	},
}

# Example 12 of the page: the trust policy of the reading role.
_trust(statement) := {"Version": "2012-10-17", "Statement": [object.union(
	{"Effect": "Allow", "Principal": {"AWS": _account}, "Action": "sts:AssumeRole"},
	statement,
)]}

test_warns_when_no_iam_policy_is_given if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([_their_account]))
		with data.expected as _alice
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			testing.alice,
			", of another account than the key, can read the log files of trail ",
			testing.trail,
			" only with an IAM policy: the expectations give none",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "EnableCloudTrailLogDecryptPermissions"},
		"path": ["Statement", 0, "Principal"],
		"remediation": concat("", [
			"Give ",
			testing.alice,
			" an IAM policy with this statement (tried: the requests are then allowed): ",
			json.marshal({"Action": ["kms:Decrypt"], "Effect": "Allow", "Resource": testing.key}),
		]),
	})}
}

test_fails_when_the_iam_policy_does_not_allow if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([_their_account]))
		with data.expected as _with_policies([{"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*"}])
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			testing.alice,
			", of another account than the key, can read the log files of trail ",
			testing.trail,
			" only with an IAM policy: those that the expectations give do not allow it",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "EnableCloudTrailLogDecryptPermissions"},
		"path": ["Statement", 0, "Principal"],
		"remediation": concat("", [
			"Give ",
			testing.alice,
			" an IAM policy with this statement (tried: the requests are then allowed): ",
			json.marshal({"Action": ["kms:Decrypt"], "Effect": "Allow", "Resource": testing.key}),
		]),
	})}
}

test_passes_when_the_iam_policy_allows if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([_their_account]))
		with data.expected as _with_policies([{
			"Effect": "Allow",
			"Action": "kms:Decrypt",
			"Resource": testing.key,
		}])
	findings == set()
}

test_leaves_a_note_when_the_account_itself_is_the_reader if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([_their_account]))
		with data.expected as testing.trail_with({"readers": {_account: null}})
	findings == {object.union(_finding, {
		"level": "note",
		"msg": concat("", [
			_account,
			", of another account than the key, can read the log files of trail ",
			testing.trail,
			" only as far as IAM policies there allow it: statement 1 ",
			"(EnableCloudTrailLogDecryptPermissions) leaves it to them",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "EnableCloudTrailLogDecryptPermissions"},
		"path": ["Statement", 0, "Principal"],
		"remediation": concat("", [
			"In account 222222222222, give whoever reads an IAM policy that allows kms:Decrypt ",
			"on the key's ARN.",
		]),
	})}
}

test_leaves_a_note_when_the_reader_is_an_account_id if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([_their_account]))
		with data.expected as testing.trail_with({"readers": {"222222222222": null}})
	findings == {object.union(_finding, {
		"level": "note",
		"msg": concat("", [
			"222222222222, of another account than the key, can read the log files of trail ",
			testing.trail,
			" only as far as IAM policies there allow it: statement 1 ",
			"(EnableCloudTrailLogDecryptPermissions) leaves it to them",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "EnableCloudTrailLogDecryptPermissions"},
		"path": ["Statement", 0, "Principal"],
		"remediation": concat("", [
			"In account 222222222222, give whoever reads an IAM policy that allows kms:Decrypt ",
			"on the key's ARN.",
		]),
	})}
}

test_fails_when_the_cross_account_statement_names_the_keys_own_account if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([_callers_of("111111111111")]))
		with data.expected as _alice
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			testing.alice,
			" cannot read the log files of trail ",
			testing.trail,
			": statement 1 (Enable cross account log decryption) admits callers of account ",
			"111111111111 only (kms:CallerAccount), which is the key's own account",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "Enable cross account log decryption"},
		"path": ["Statement", 0, "Condition", "StringEquals", "kms:CallerAccount"],
		"remediation": concat("", [
			`Add "222222222222" to the values of kms:CallerAccount in statement 1 (Enable cross `,
			"account log decryption) (tried: the request is then allowed together with an IAM ",
			"policy of the caller).",
		]),
	})}
}

test_fails_when_more_stands_in_the_way if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([testing.but(
		_callers_of("111111111111"),
		{"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}},
	)]))
		with data.expected as object.union(_alice, {
			"organization": {"id": "o-z9y8x7w6v5"},
			"accounts": {"222222222222": {}},
		})
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			testing.alice,
			" cannot read the log files of trail ",
			testing.trail,
			": statement 1 (Enable cross account log decryption) admits callers of account ",
			"111111111111 only (kms:CallerAccount), which is the key's own account",
		]),
		"subject": testing.trail,
		"statement": {"index": 0, "sid": "Enable cross account log decryption"},
		"path": ["Statement", 0, "Condition", "StringEquals", "kms:CallerAccount"],
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed together with an IAM policy ",
			"of the caller): ",
			json.marshal({
				"Action": "kms:Decrypt",
				"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}},
				"Effect": "Allow",
				"Principal": {"AWS": testing.alice},
				"Resource": "*",
				"Sid": "EnableCloudTrailLogDecryptPermissions",
			}),
		]),
	})}
}

test_passes_the_key_policy_when_it_names_the_readers_account if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([_callers_of([
		"111111111111",
		"222222222222",
	])]))
		with data.expected as _with_policies([{
			"Effect": "Allow",
			"Action": "kms:Decrypt",
			"Resource": testing.key,
		}])
	findings == set()
}

test_leaves_other_refusals_to_the_readers_rule if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([
		testing.reader,
		_callers_of("333333333333"),
	]))
		with data.expected as _alice
	findings == set()
}

test_says_nothing_of_the_console_policy_without_foreign_readers if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([
		testing.root,
		_callers_of("111111111111"),
	]))
		with data.expected as testing.trail_with({"readers": {testing.bob: null}})
	findings == set()
}

test_warns_when_the_trust_policy_is_not_given if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as _assumed({})
	findings == {object.union(_finding, {
		"level": "warning",
		"msg": concat("", [
			_role,
			" is to be assumed by ",
			_account,
			", but the expectations do not give its trust policy",
		]),
		"subject": null,
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Give the role's trust policy under principals.",
			_role,
			".trust_policy in the expectations.",
		]),
	})}
}

test_passes_when_the_trust_policy_admits_the_account if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as _assumed({"trust_policy": _trust({})})
	findings == set()
}

test_fails_when_the_trust_policy_names_another_account if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as _assumed({"trust_policy": _trust({"Principal": {
			"AWS": "arn:aws:iam::222222222223:root",
		}})})
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			_account,
			" cannot assume ",
			_role,
			" to read log files: the role's trust policy does not admit them",
		]),
		"subject": null,
		"statement": null,
		"path": [],
		"remediation": concat("", [
			"Add to the role's trust policy (tried: it then admits them): ",
			json.marshal({
				"Action": "sts:AssumeRole",
				"Effect": "Allow",
				"Principal": {"AWS": _account},
			}),
		]),
	})}
}

test_fails_when_the_trust_policy_denies if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as _assumed({"trust_policy": _trust({"Effect": "Deny"})})
	findings == {object.union(_finding, {
		"level": "error",
		"msg": concat("", [
			_account,
			" cannot assume ",
			_role,
			" to read log files: the role's trust policy denies it",
		]),
		"subject": null,
		"statement": null,
		"path": [],
		"remediation": "Let the Deny in the role's trust policy leave them out.",
	})}
}

test_passes_when_the_trust_policy_is_not_known_yet if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as _assumed({"trust_policy": {"ctkms:unknown": "a document of its own"}})
	findings == set()
}

test_is_not_evaluated_when_the_trust_policy_asks_for_what_nobody_tells if {
	not_evaluated := reader_cross_account.not_evaluated with input as testing.of(testing.policy([testing.root]))
		with data.expected as _assumed({"trust_policy": _trust({"Condition": {"StringEquals": {
			"sts:ExternalId": "42",
		}}})})
	not_evaluated == {{
		"rule": "CT-TRAIL-READER-XACCT",
		"why": concat("", [
			"whether ",
			_account,
			" may assume ",
			_role,
			" depends on conditions of its trust policy that nobody can tell here",
		]),
	}}
}

test_is_evaluated_when_it_can_be_told if {
	not_evaluated := reader_cross_account.not_evaluated with input as testing.of(testing.policy([testing.root]))
		with data.expected as _assumed({"trust_policy": _trust({})})
	not_evaluated == set()
}

test_says_nothing_of_odd_companions if {
	findings := reader_cross_account.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as object.union(testing.trail_with({"readers": {_role: null}}), {
			"principals": {_role: 7},
		})
	findings == set()
}

test_says_nothing_of_readers_in_the_keys_account if {
	findings := reader_cross_account.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({"readers": {testing.bob: null}})
	findings == set()
}

test_heeds_variables_where_the_version_of_the_trust_policy_knows_them if {
	trust := _trust({"Condition": {"StringEquals": {"aws:PrincipalAccount": "${aws:PrincipalAccount}"}}})
	found := reader_cross_account.findings with input as testing.of(testing.policy([testing.reader]))
		with data.expected as _assumed({"trust_policy": trust})
	found == set()
	older := reader_cross_account.findings with input as testing.of(testing.policy([testing.reader]))
		with data.expected as _assumed({"trust_policy": object.union(trust, {"Version": "2008-10-17"})})
	{one.level | some one in older} == {"error"}
}

test_offers_a_trust_policy_that_admits_someone_of_the_same_account if {
	expected := object.union(_assumed({}), {"principals": {_role: {
		"assumed_by": {testing.bob: null},
		"trust_policy": _trust({}),
	}}})
	found := reader_cross_account.findings with input as testing.of(testing.policy([testing.reader]))
		with data.expected as expected
	{one.remediation | some one in found} == {sprintf("Add to the role's trust policy (tried: it then admits them): %v", [
		json.marshal({"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"AWS": testing.bob}}),
	])}
}

test_promises_that_the_readers_iam_policy_then_suffices if {
	expected := _with_policies([{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": testing.key}])
	found := reader_cross_account.findings with input as testing.of(testing.policy([_callers_of("111111111111")]))
		with data.expected as expected
	{one.remediation | some one in found} == {concat("", [
		`Add "222222222222" to the values of kms:CallerAccount in statement 1 (Enable cross account log decryption) `,
		"(tried: the request is then allowed).",
	])}
}

test_says_nothing_of_users_nor_of_roles_of_other_accounts if {
	every reader in [testing.bob, "arn:aws:iam::222222222222:role/Theirs"] {
		expected := object.union(
			testing.trail_with({"readers": {reader: null}}),
			{"principals": {reader: {"assumed_by": {_account: null}}}},
		)
		found := reader_cross_account.findings with input as testing.of(testing.policy([testing.reader]))
			with data.expected as expected
		{one | some one in found; contains(one.msg, "assume")} == set()
	}
}

test_names_all_who_are_to_assume_a_role_without_trust_policy if {
	expected := object.union(_assumed({}), {"principals": {_role: {"assumed_by": {_account: null, testing.bob: null}}}})
	found := reader_cross_account.findings with input as testing.of(testing.policy([testing.reader]))
		with data.expected as expected
	{split(split(one.msg, "assumed by ")[1], ", but")[0] | some one in found} == {concat(", ", [testing.bob, _account])}
}
