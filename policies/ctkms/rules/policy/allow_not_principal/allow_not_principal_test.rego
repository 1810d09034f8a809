package ctkms.rules.policy.allow_not_principal_test

import data.ctkms.rules.policy.allow_not_principal
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-ALLOW-NOTPRINCIPAL",
		"level": "warning",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
	},
	fields,
)

test_passes_principals if {
	found := allow_not_principal.findings with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	count(found) == 0
}

test_passes_a_deny if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{"Principal": null, "Effect": "Deny", "NotPrincipal": {"AWS": "111111111111"}},
		),
	]))
	found := allow_not_principal.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

test_fails_when_strangers_get_in if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.decrypt, {"Principal": null, "NotPrincipal": {"AWS": "111111111111"}}),
	]))
	found := allow_not_principal.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"level": "error",
		"msg": concat(" ", [
			"statement 2 (AllowCloudTrailDecrypt) allows everyone but those it names: callers of",
			"any account may use kms:Decrypt",
		]),
		"path": ["Statement", 1, "NotPrincipal"],
		"remediation": "Name those who need the key under Principal",
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_fails_less_when_a_condition_keeps_them_out if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Principal": null,
				"NotPrincipal": {"AWS": "111111111111"},
				"Condition": {"StringEquals": {"kms:CallerAccount": "111111111111"}},
			},
		),
	]))
	found := allow_not_principal.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (AllowCloudTrailDecrypt) allows everyone but those it names; only its",
			"other elements keep callers of other accounts out",
		]),
		"path": ["Statement", 1, "NotPrincipal"],
		"remediation": "Name those who need the key under Principal",
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_fails_less_when_a_deny_may_keep_them_out if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.decrypt, {"Principal": null, "NotPrincipal": {"AWS": "111111111111"}}),
		{
			"Effect": "Deny",
			"Principal": "*",
			"Action": "*",
			"Resource": "*",
			"Condition": {"StringEquals": {"aws:Unheard": "of"}},
		},
	]))
	found := allow_not_principal.findings with input as given
		with data.expected as {"keys": {testing.key: {}}}
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (AllowCloudTrailDecrypt) allows everyone but those it names; whether",
			"its other elements keep callers of other accounts out cannot be told, it hangs on",
			"Condition StringEquals aws:Unheard",
		]),
		"path": ["Statement", 1, "NotPrincipal"],
		"remediation": "Name those who need the key under Principal",
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

_but(members) := found if {
	statement := object.union(testing.decrypt, {"NotPrincipal": {"AWS": "111111111111"}})
	given := testing.of(testing.policy([testing.root, testing.but(object.union(statement, members), {"Principal": null})]))
	found := allow_not_principal.findings with input as given with data.expected as {"keys": {testing.key: {}}}
}

_finding(level, words) := finding({
	"level": level,
	"msg": sprintf("statement 2 (AllowCloudTrailDecrypt) allows everyone but those it names%v", [words]),
	"path": ["Statement", 1, "NotPrincipal"],
	"remediation": "Name those who need the key under Principal",
	"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
})

test_names_whom_it_lets_in_though_nobody_expects_them if {
	_but({"Condition": {"StringEquals": {"kms:CallerAccount": "222222222222"}}}) == {_finding(
		"warning",
		", and account 222222222222, whom nobody expects, may use kms:Decrypt",
	)}
	_but({"Condition": {"StringEquals": {
		"aws:PrincipalOrgID": "o-a1b2c3d4e5",
		"kms:ViaService": "s3.us-east-1.amazonaws.com",
	}}}) == {_finding("warning", concat(" ", [
		", and organization o-a1b2c3d4e5, whom nobody expects, may use kms:Decrypt",
		"through s3.us-east-1.amazonaws.com",
	]))}
}

test_fails_when_others_of_the_account_may_change_the_key if {
	_but({"Action": "kms:PutKeyPolicy", "NotPrincipal": {"AWS": testing.bob}}) == {_finding(
		"error",
		": every other user and role of the key's account may use kms:PutKeyPolicy",
	)}
}

_all_but(members) := testing.of(testing.policy([testing.root, object.union(
	{
		"Sid": "But",
		"Effect": "Allow",
		"NotPrincipal": {"AWS": "111111111111"},
		"Action": "kms:Decrypt",
		"Resource": "*",
	},
	members,
)]))

test_says_of_strangers_and_of_the_accounts_own_users_and_no_more if {
	given := _all_but({
		"NotPrincipal": {"AWS": "444444444444"},
		"Action": ["kms:Decrypt", "kms:PutKeyPolicy"],
	})
	found := allow_not_principal.findings with input as given with data.expected as {"keys": {testing.key: {}}}
	count(found) == 2
}

test_names_all_accounts_that_a_condition_lets_in if {
	condition := {"StringEquals": {"aws:PrincipalAccount": ["333333333333", "222222222222"]}}
	found := allow_not_principal.findings with input as _all_but({"Condition": condition})
		with data.expected as {"keys": {testing.key: {}}}
	{split(split(one.msg, ", and ")[1], ", whom")[0] | some one in found} == {"account 222222222222, account 333333333333"}
}
