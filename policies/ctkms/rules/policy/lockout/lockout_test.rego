package ctkms.rules.policy.lockout_test

import data.ctkms.rules.policy.lockout
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-LOCKOUT",
		"level": "error",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
	},
	fields,
)

test_passes_the_accounts_statement if {
	found := lockout.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	count(found) == 0
}

test_passes_a_user_of_the_account if {
	given := testing.of(testing.policy([
		testing.but(
			object.remove(testing.root, ["Principal"]),
			{"Principal": {"AWS": "arn:aws:iam::111111111111:user/Bob"}},
		),
	]))
	found := lockout.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

test_passes_anyone_whom_a_condition_lets_in if {
	given := testing.of(testing.policy([
		testing.but(
			testing.root,
			{
				"Principal": "*",
				"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/Admin"}},
			},
		),
	]))
	found := lockout.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

test_fails_when_no_statement_is_for_people if {
	found := lockout.findings with input as testing.of(testing.policy([testing.encrypt]))
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"msg": concat(" ", [
			"Nobody in the key's account may change this key policy (kms:PutKeyPolicy), so KMS",
			"refuses it: no statement is meant for this caller and action",
		]),
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): {\"Action\":\"kms:*\",\"",
			"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:root\"},\"Resour",
			"ce\":\"*\",\"Sid\":\"EnableIAMUserPermissions\"}",
		]),
	})}
}

test_fails_when_the_account_lacks_the_action if {
	given := testing.of(testing.policy([
		testing.but(testing.root, {"Action": ["kms:Decrypt", "kms:GetKeyPolicy"]}),
	]))
	found := lockout.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"msg": concat(" ", [
			"Nobody in the key's account may change this key policy (kms:PutKeyPolicy), so KMS",
			"refuses it: no statement is meant for this caller and action",
		]),
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): {\"Action\":\"kms:*\",\"",
			"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:root\"},\"Resour",
			"ce\":\"*\",\"Sid\":\"EnableIAMUserPermissions\"}",
		]),
	})}
}

test_passes_the_one_action if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Action": "kms:PutKeyPolicy"})]))
	found := lockout.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

test_fails_on_a_user_of_another_account if {
	given := testing.of(testing.policy([
		testing.but(
			object.remove(testing.root, ["Principal"]),
			{"Principal": {"AWS": "arn:aws:iam::222222222222:root"}},
		),
	]))
	found := lockout.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"msg": concat(" ", [
			"Nobody in the key's account may change this key policy (kms:PutKeyPolicy), so KMS",
			"refuses it: no statement is meant for this caller and action",
		]),
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): {\"Action\":\"kms:*\",\"",
			"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:root\"},\"Resour",
			"ce\":\"*\",\"Sid\":\"EnableIAMUserPermissions\"}",
		]),
	})}
}

test_fails_when_a_deny_takes_it_back if {
	given := testing.of(testing.policy([
		testing.root,
		{"Sid": "NoChanges", "Effect": "Deny", "Principal": "*", "Action": "kms:Put*", "Resource": "*"},
	]))
	found := lockout.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"msg": concat(" ", [
			"Nobody in the key's account may change this key policy (kms:PutKeyPolicy), so KMS",
			"refuses it: statement 2 (NoChanges) denies it",
		]),
		"path": ["Statement", 1, "Effect"],
		"remediation": "Let statement 2 (NoChanges) leave this request out. Without it the request is allowed.",
		"statement": {"index": 1, "sid": "NoChanges"},
	})}
}

test_passes_a_deny_that_may_exempt_somebody if {
	given := testing.of(testing.policy([
		testing.root,
		{
			"Effect": "Deny",
			"Principal": "*",
			"Action": "kms:Put*",
			"Resource": "*",
			"Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/Admin"}},
		},
	]))
	found := lockout.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

test_passes_a_user_where_nobody_says_which_key_it_is if {
	given := testing.of_key({
		"arn": null,
		"policy": testing.policy([
			testing.but(
				object.remove(testing.root, ["Principal"]),
				{"Principal": {"AWS": "arn:aws:iam::111111111111:user/Bob"}},
			),
		]),
	})
	found := lockout.findings with input as given
	count(found) == 0
}

test_fails_without_people_where_nobody_says_which_key_it_is if {
	found := lockout.findings with input as testing.of_key({"arn": null, "policy": testing.policy([testing.encrypt])})
	found == {finding({
		"msg": concat(" ", [
			"Nobody in the key's account may change this key policy (kms:PutKeyPolicy), so KMS",
			"refuses it: no statement allows it",
		]),
		"remediation": "Add a statement that allows kms:* to the root of the key's account",
	})}
}

test_passes_everyone_where_nobody_says_which_key_it_is if {
	given := testing.of_key({
		"arn": null,
		"policy": testing.policy([testing.but(testing.root, {"Principal": "*"})]),
	})
	found := lockout.findings with input as given
	count(found) == 0
}

test_says_so_of_a_statement_on_its_own if {
	given := testing.of_key({"kind": "statement", "policy": {"Statement": testing.encrypt}})
	found := lockout.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"level": "warning",
		"msg": concat(" ", [
			"This is a statement on its own; the policy that it goes into has to let somebody",
			"call kms:PutKeyPolicy",
		]),
		"remediation": concat("", [
			"Add this statement (tried: the request is then allowed): {\"Action\":\"kms:*\",\"",
			"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:root\"},\"Resour",
			"ce\":\"*\",\"Sid\":\"EnableIAMUserPermissions\"}",
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
	found := lockout.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

test_leaves_a_policy_without_statements_to_another_rule if {
	found := lockout.findings with input as testing.of(testing.policy([]))
		with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

_told(bypass) := found if {
	found := lockout.findings with input as testing.of_key({
		"arn": null,
		"policy": testing.policy([testing.encrypt]),
		"bypasses_lockout_check": bypass,
	})
}

test_warns_where_kms_is_told_to_take_the_policy if {
	found := _told(true)
	found == {finding({
		"level": "warning",
		"msg": concat(" ", [
			"Nobody in the key's account may change this key policy (kms:PutKeyPolicy), and KMS is",
			"told not to refuse it for that: no statement allows it",
		]),
		"remediation": "Add a statement that allows kms:* to the root of the key's account",
	})}
	{one.level | some one in _told(false)} == {"error"}
}

test_warns_where_nobody_knows_whether_kms_takes_the_policy if {
	{[one.level, one.msg] | some one in _told({"ctkms:unknown": "a parameter"})} == {[
		"warning",
		concat(" ", [
			"Nobody in the key's account may change this key policy (kms:PutKeyPolicy), so KMS",
			"refuses it unless it is told not to: no statement allows it",
		]),
	]}
}

test_passes_an_account_that_may_do_nothing_else if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Action": "kms:PutKeyPolicy"})]))
	found := lockout.findings with input as given with data.expected as {"keys": {testing.key: {}}}
	found == set()
}

# The advice is about the key's account, whoever comes first of those that the policy names.
test_advises_on_the_root_of_the_keys_account if {
	every other in ["arn:aws:iam::000000000001:root", "arn:aws:iam::111111111111:role/A"] {
		statement := testing.but(testing.root, {"Principal": {"AWS": other}, "Action": "kms:Decrypt"})
		found := lockout.findings with input as testing.of(testing.policy([statement]))
			with data.expected as {"keys": {testing.key: {}}}
		count(found) == 1
		{one | some one in found; contains(one.remediation, "arn:aws:iam::111111111111:root")} == found
	}
}

test_passes_an_account_that_is_told_by_an_exception_where_nobody_says_which_key_it_is if {
	policy := testing.policy([{
		"Effect": "Allow",
		"NotPrincipal": {"AWS": "arn:aws:iam::222222222222:user/x"},
		"Action": "kms:*",
		"Resource": "*",
		"Condition": {"StringEquals": {"kms:CallerAccount": "222222222222"}},
	}])
	found := lockout.findings with input as testing.of_key({"arn": null, "policy": policy}) with data.expected as {}
	found == set()
}

test_fails_beside_a_placeholder_for_something_else if {
	trail := "arn:aws:cloudtrail:region:account-id:trail/trail-name"
	condition := {"StringEquals": {"aws:SourceArn": trail}}
	given := testing.of(testing.policy([testing.but(testing.decrypt, {"Condition": condition})]))
	found := lockout.findings with input as given with data.expected as {"keys": {testing.key: {}}}
	count(found) == 1
}

test_passes_everyone_who_may_do_nothing_else_where_nobody_says_which_key_it_is if {
	statement := object.union(object.remove(testing.root, ["Principal"]), {"Principal": "*", "Action": "kms:PutKeyPolicy"})
	given := testing.of_key({"arn": null, "policy": testing.policy([statement])})
	found := lockout.findings with input as given with data.expected as {}
	found == set()
}
