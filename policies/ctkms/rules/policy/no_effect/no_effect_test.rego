package ctkms.rules.policy.no_effect_test

import data.ctkms.rules.policy.no_effect
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-STMT-NOEFFECT",
		"level": "error",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
	},
	fields,
)

test_passes_action_and_resource if {
	found := no_effect.findings with input as testing.of(testing.trail_policy)
	count(found) == 0
}

test_passes_not_action_and_not_resource if {
	given := testing.of(testing.policy([
		testing.but(
			testing.root,
			{"Action": null, "Resource": null, "NotAction": "kms:PutKeyPolicy", "NotResource": "x"},
		),
	]))
	found := no_effect.findings with input as given
	count(found) == 0
}

test_fails_without_action if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Action": null})]))
	found := no_effect.findings with input as given
	found == {finding({
		"msg": "statement 1 (EnableIAMUserPermissions) has no Action: KMS accepts it, but it has no effect",
		"path": ["Statement", 0],
		"remediation": "Say what is allowed or denied, for example \"Action\": \"kms:Decrypt\"",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_fails_without_resource if {
	given := testing.of(testing.policy([testing.root, testing.but(testing.decrypt, {"Resource": null})]))
	found := no_effect.findings with input as given
	found == {finding({
		"msg": "statement 2 (AllowCloudTrailDecrypt) has no Resource: KMS accepts it, but it has no effect",
		"path": ["Statement", 1],
		"remediation": "Add \"Resource\": \"*\": in a key policy that means this key only",
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_fails_on_an_empty_list if {
	found := no_effect.findings with input as testing.of(testing.policy([testing.but(testing.root, {"Action": []})]))
	found == {finding({
		"msg": "statement 1 (EnableIAMUserPermissions) has no effect: its Action is []",
		"path": ["Statement", 0, "Action"],
		"remediation": "Say what is allowed or denied, for example \"Action\": \"kms:Decrypt\"",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_fails_on_a_list_of_nothing if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Resource": ["", 5]})]))
	found := no_effect.findings with input as given
	found == {finding({
		"msg": "statement 1 (EnableIAMUserPermissions) has no effect: its Resource is [\"\",5]",
		"path": ["Statement", 0, "Resource"],
		"remediation": "Add \"Resource\": \"*\": in a key policy that means this key only",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_passes_a_list_with_one_text if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Resource": ["", "*"]})]))
	found := no_effect.findings with input as given
	count(found) == 0
}

test_cannot_say_what_is_not_known_yet if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Resource": {"ctkms:unknown": "later"}})]))
	found := no_effect.findings with input as given
	count(found) == 0
}

test_fails_on_exceptions_that_hold_nothing if {
	statement := testing.but(testing.root, {"Action": null, "NotAction": [], "Resource": null, "NotResource": ""})
	found := no_effect.findings with input as testing.of(testing.policy([statement]))
	{[one.path[2], one.msg] | some one in found} == {
		["NotAction", "statement 1 (EnableIAMUserPermissions) has no effect: its NotAction is []"],
		["NotResource", `statement 1 (EnableIAMUserPermissions) has no effect: its NotResource is ""`],
	}
}

test_fails_on_what_is_no_text_beside_texts if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Action": ["kms:*", 5, {"ctkms:unknown": "later"}]})]))
	found := no_effect.findings with input as given
	found == {finding({
		"msg": "statement 1 (EnableIAMUserPermissions): its Action holds 5, which is no text",
		"path": ["Statement", 0, "Action", 1],
		"remediation": "Write it as text, or remove it: as it is, the statement cannot be relied on",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}
