package ctkms.rules.trail.organization_assumed_test

import data.ctkms.rules.trail.organization_assumed
import data.ctkms.testing_test as testing

_of_trail(policy, entry) := testing.of_key({
	"policy": policy,
	"trails": {testing.trail: object.union({"organization": true}, entry)},
})

_assumed := {"owner_assumed": true}

_finding := {
	"rule": "CT-ORG-MGMT-ASSUMED",
	"level": "warning",
	"key": testing.key,
	"url": concat("/", [
		"https://docs.aws.amazon.com/awscloudtrail/latest/userguide",
		"cloudtrail-delegated-administrator.html",
	]),
	"msg": concat("", [
		"taken for granted: 111111111111 is the organization's management account, which owns trail ",
		testing.trail,
		"; declare organization.management_account to settle it",
	]),
	"subject": testing.trail,
	"statement": null,
	"path": [],
	"remediation": concat(" ", [
		"Declare organization.management_account in the expectations:",
		"with a delegated administrator it is not the account of the deployment.",
	]),
}

test_fails_where_another_owner_would_be_refused if {
	findings := organization_assumed.findings with input as _of_trail(testing.trail_policy, _assumed)
	findings == {_finding}
}

test_stays_a_warning_under_the_hardened_profile if {
	findings := organization_assumed.findings with input as _of_trail(testing.trail_policy, _assumed)
		with data.expected as {"profile": "hardened"}
	findings == {_finding}
}

test_passes_where_the_owner_is_told if {
	findings := organization_assumed.findings with input as _of_trail(testing.trail_policy, {})
	findings == set()
}

test_passes_where_any_owner_is_let_in if {
	anyones := testing.policy([
		testing.root,
		object.remove(testing.encrypt, ["Condition"]),
		object.remove(testing.describe, ["Condition"]),
		testing.decrypt,
	])
	findings := organization_assumed.findings with input as _of_trail(anyones, _assumed)
	findings == set()
}

test_passes_where_the_assumed_owner_is_refused if {
	findings := organization_assumed.findings with input as _of_trail(testing.policy([testing.root]), _assumed)
	findings == set()
}

test_fails_where_readers_of_another_owners_trail_would_be_refused if {
	delegation := testing.but(testing.root, {
		"Action": "kms:Decrypt",
		"Condition": {"StringEquals": {"kms:EncryptionContext:aws:cloudtrail:arn": testing.trail}},
	})
	given := _of_trail(testing.policy([delegation]), {"owner_assumed": true, "readers": {testing.bob: {}}})
	findings := organization_assumed.findings with input as given
	findings == {_finding}
}
