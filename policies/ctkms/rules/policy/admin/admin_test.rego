package ctkms.rules.policy.admin_test

import data.ctkms.rules.policy.admin
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-ADMIN",
		"level": "warning",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
	},
	fields,
)

test_passes_the_accounts_statement if {
	found := admin.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	count(found) == 0
}

test_passes_the_accounts_id if {
	given := testing.of(testing.policy([
		testing.but(object.remove(testing.root, ["Principal"]), {"Principal": {"AWS": "111111111111"}}),
	]))
	found := admin.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

test_fails_when_only_a_user_is_named if {
	given := testing.of(testing.policy([
		testing.but(
			object.remove(testing.root, ["Principal"]),
			{"Principal": {"AWS": "arn:aws:iam::111111111111:user/Bob"}},
		),
	]))
	found := admin.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"msg": concat(" ", [
			"No statement gives the key's account (its root principal) kms:*: IAM policies of the",
			"account have no full effect on the key, and nobody can manage it any more once the",
			"users and roles that it names are deleted",
		]),
		"remediation": concat("", [
			"Add this statement (tried: IAM policies of the account then decide): {\"Actio",
			"n\":\"kms:*\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:ro",
			"ot\"},\"Resource\":\"*\",\"Sid\":\"EnableIAMUserPermissions\"}",
		]),
	})}
}

test_fails_when_the_account_has_not_all_actions if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Action": ["kms:Put*", "kms:Get*"]})]))
	found := admin.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"msg": concat(" ", [
			"No statement gives the key's account (its root principal) kms:*: IAM policies of the",
			"account have no full effect on the key, and nobody can manage it any more once the",
			"users and roles that it names are deleted",
		]),
		"remediation": concat("", [
			"Add this statement (tried: IAM policies of the account then decide): {\"Actio",
			"n\":\"kms:*\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:ro",
			"ot\"},\"Resource\":\"*\",\"Sid\":\"EnableIAMUserPermissions\"}",
		]),
	})}
}

test_fails_when_a_deny_takes_it_back if {
	given := testing.of(testing.policy([
		testing.root,
		{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"},
	]))
	found := admin.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"msg": concat(" ", [
			"No statement gives the key's account (its root principal) kms:*: IAM policies of the",
			"account have no full effect on the key, and nobody can manage it any more once the",
			"users and roles that it names are deleted",
		]),
		"remediation": concat(" ", [
			"Add a statement that allows kms:* to the root of the key's account, as AWS's default",
			"key policy has it",
		]),
	})}
}

test_fails_on_the_root_of_another_account if {
	given := testing.of(testing.policy([
		testing.but(
			object.remove(testing.root, ["Principal"]),
			{"Principal": {"AWS": "arn:aws:iam::222222222222:root"}},
		),
	]))
	found := admin.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"msg": concat(" ", [
			"No statement gives the key's account (its root principal) kms:*: IAM policies of the",
			"account have no full effect on the key, and nobody can manage it any more once the",
			"users and roles that it names are deleted",
		]),
		"remediation": concat("", [
			"Add this statement (tried: IAM policies of the account then decide): {\"Actio",
			"n\":\"kms:*\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:ro",
			"ot\"},\"Resource\":\"*\",\"Sid\":\"EnableIAMUserPermissions\"}",
		]),
	})}
}

test_passes_any_account_where_nobody_says_which_key_it_is if {
	found := admin.findings with input as testing.of_key({"arn": null, "policy": testing.policy([testing.root])})
	count(found) == 0
}

test_fails_without_one_where_nobody_says_which_key_it_is if {
	found := admin.findings with input as testing.of_key({"arn": null, "policy": testing.policy([testing.encrypt])})
	found == {finding({
		"msg": concat(" ", [
			"No statement gives the key's account (its root principal) kms:*: IAM policies of the",
			"account have no full effect on the key, and nobody can manage it any more once the",
			"users and roles that it names are deleted",
		]),
		"remediation": concat(" ", [
			"Add a statement that allows kms:* to the root of the key's account, as AWS's default",
			"key policy has it",
		]),
	})}
}

test_says_so_of_a_statement_on_its_own if {
	given := testing.of_key({"kind": "statement", "policy": {"Statement": testing.encrypt}})
	found := admin.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"level": "note",
		"msg": "This is a statement on its own; the policy that it goes into should give the key's account kms:*",
		"remediation": concat("", [
			"Add this statement (tried: IAM policies of the account then decide): {\"Actio",
			"n\":\"kms:*\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:ro",
			"ot\"},\"Resource\":\"*\",\"Sid\":\"EnableIAMUserPermissions\"}",
		]),
	})}
}

test_leaves_placeholders_to_another_rule if {
	given := testing.of(testing.policy([
		testing.but(
			object.remove(testing.root, ["Principal"]),
			{"Principal": {"AWS": "arn:aws:iam::account-id:root"}},
		),
	]))
	found := admin.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

_key_admin := "arn:aws:iam::111111111111:role/KeyAdmin"

_with_administrator(principal) := {"keys": {testing.key: {"administrators": {principal: {}}}}}

_change := testing.but(testing.root, {"Sid": "Administer", "Principal": {"AWS": _key_admin}, "Action": "kms:Put*"})

test_passes_an_administrator_who_is_expected if {
	every statements in [[testing.root], [testing.root, _change]] {
		found := admin.findings with input as testing.of(testing.policy(statements))
			with data.expected as _with_administrator(_key_admin)
		count(found) == 0
	}
}

test_fails_when_an_expected_administrator_is_refused if {
	deny := testing.but(_change, {"Effect": "Deny"})
	found := admin.findings with input as testing.of(testing.policy([testing.root, deny]))
		with data.expected as _with_administrator(_key_admin)
	found == {finding({
		"msg": concat(" ", [
			"arn:aws:iam::111111111111:role/KeyAdmin changes the key policy (kms:PutKeyPolicy on the key): refused by an",
			"explicit Deny: statement 2 (Administer) denies it",
		]),
		"statement": {"index": 1, "sid": "Administer"},
		"path": ["Statement", 1, "Effect"],
		"remediation": concat(" ", [
			"Let statement 2 (Administer) leave this request out. Without it the request is allowed together with an",
			"IAM policy of the caller.",
		]),
	})}
}

test_fails_when_an_expected_administrator_is_of_another_account if {
	found := admin.findings with input as testing.of(testing.policy([testing.root]))
		with data.expected as _with_administrator(testing.alice)
	found == {finding({
		"msg": concat(" ", [
			"arn:aws:iam::222222222222:user/Alice changes the key policy (kms:PutKeyPolicy on the key): no statement",
			"allows it: no statement is meant for this caller and action",
		]),
		"remediation": concat(" ", [
			"Name an administrator of the key's own account: KMS lets nobody of another account change a key policy.",
		]),
	})}
}

test_leaves_administrators_to_the_policy_that_a_statement_goes_into if {
	given := testing.of_key({"kind": "statement", "policy": {"Statement": testing.encrypt}})
	found := admin.findings with input as given with data.expected as _with_administrator(_key_admin)
	{one.level | some one in found} == {"note"}
}

test_leaves_what_has_no_statements_to_another_rule if {
	every members in [{"policy": null}, {"policy": testing.policy([])}] {
		found := admin.findings with input as testing.of_key(members) with data.expected as _with_administrator(_key_admin)
		found == set()
	}
}

test_fails_beside_a_placeholder_for_something_else if {
	trail := "arn:aws:cloudtrail:region:account-id:trail/trail-name"
	condition := {"StringEquals": {"aws:SourceArn": trail}}
	given := testing.of(testing.policy([testing.but(testing.decrypt, {"Condition": condition})]))
	found := admin.findings with input as given with data.expected as {"keys": {testing.key: {}}}
	count(found) == 1
}
