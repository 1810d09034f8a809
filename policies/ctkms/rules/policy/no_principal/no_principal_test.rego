package ctkms.rules.policy.no_principal_test

import data.ctkms.rules.policy.no_principal
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-STMT-NOPRINCIPAL",
		"level": "error",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
	},
	fields,
)

test_passes_principals if {
	found := no_principal.findings with input as testing.of(testing.trail_policy)
	count(found) == 0
}

test_passes_not_principal if {
	given := testing.of(testing.policy([
		testing.but(testing.root, {"Principal": null, "NotPrincipal": {"AWS": "111111111111"}}),
	]))
	found := no_principal.findings with input as given
	count(found) == 0
}

test_fails_when_there_is_none if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Principal": null})]))
	found := no_principal.findings with input as given
	found == {finding({
		"msg": "statement 1 (EnableIAMUserPermissions) names no principal; KMS refuses the policy",
		"path": ["Statement", 0],
		"remediation": "Say whom it is about, for example \"Principal\": {\"Service\": \"cloudtrail.amazonaws.com\"}",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_fails_on_an_empty_object if {
	given := testing.of(testing.policy([
		testing.but(object.remove(testing.root, ["Principal"]), {"Principal": {}}),
	]))
	found := no_principal.findings with input as given
	found == {finding({
		"msg": "statement 1 (EnableIAMUserPermissions) names no principal: its Principal is {}",
		"path": ["Statement", 0, "Principal"],
		"remediation": "Say whom it is about, for example \"Principal\": {\"Service\": \"cloudtrail.amazonaws.com\"}",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_fails_on_empty_lists if {
	given := testing.of(testing.policy([
		testing.but(object.remove(testing.root, ["Principal"]), {"Principal": {"AWS": []}}),
	]))
	found := no_principal.findings with input as given
	found == {finding({
		"msg": "statement 1 (EnableIAMUserPermissions) names no principal: its Principal is {\"AWS\":[]}",
		"path": ["Statement", 0, "Principal"],
		"remediation": "Say whom it is about, for example \"Principal\": {\"Service\": \"cloudtrail.amazonaws.com\"}",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_fails_on_a_list if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Principal": ["*"]})]))
	found := no_principal.findings with input as given
	found == {finding({
		"msg": "statement 1 (EnableIAMUserPermissions) names no principal: its Principal is [\"*\"]",
		"path": ["Statement", 0, "Principal"],
		"remediation": "Say whom it is about, for example \"Principal\": {\"Service\": \"cloudtrail.amazonaws.com\"}",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_fails_on_an_empty_text if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Principal": ""})]))
	found := no_principal.findings with input as given
	found == {finding({
		"msg": "statement 1 (EnableIAMUserPermissions) names no principal: its Principal is \"\"",
		"path": ["Statement", 0, "Principal"],
		"remediation": "Say whom it is about, for example \"Principal\": {\"Service\": \"cloudtrail.amazonaws.com\"}",
		"statement": {"index": 0, "sid": "EnableIAMUserPermissions"},
	})}
}

test_passes_one_of_two_kinds if {
	given := testing.of(testing.policy([
		testing.but(object.remove(testing.root, ["Principal"]), {"Principal": {"AWS": "*", "Service": []}}),
	]))
	found := no_principal.findings with input as given
	count(found) == 0
}

test_cannot_say_what_is_not_known_yet if {
	given := testing.of(testing.policy([
		testing.but(object.remove(testing.root, ["Principal"]), {"Principal": {"ctkms:unknown": "later"}}),
	]))
	found := no_principal.findings with input as given
	count(found) == 0
}

test_fails_on_an_exception_for_nobody if {
	statement := testing.but(testing.decrypt, {"Effect": "Deny", "Principal": null, "NotPrincipal": {"AWS": ""}})
	found := no_principal.findings with input as testing.of(testing.policy([statement]))
	{[one.path[2], one.msg] | some one in found} == {[
		"NotPrincipal",
		`statement 1 (AllowCloudTrailDecrypt) names no principal: its NotPrincipal is {"AWS":""}`,
	]}
}

test_passes_everyone if {
	statement := object.union(object.remove(testing.decrypt, ["Principal"]), {"Principal": "*"})
	found := no_principal.findings with input as testing.of(testing.policy([statement]))
	found == set()
}
