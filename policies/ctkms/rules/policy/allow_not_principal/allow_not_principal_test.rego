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
			"statement 2 (AllowCloudTrailDecrypt) allows everyone but those it names; only its",
			"other elements keep callers of other accounts out",
		]),
		"path": ["Statement", 1, "NotPrincipal"],
		"remediation": "Name those who need the key under Principal",
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}
