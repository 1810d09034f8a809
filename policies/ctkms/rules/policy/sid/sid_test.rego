package ctkms.rules.policy.sid_test

import data.ctkms.rules.policy.sid
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-SID",
		"level": "note",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html",
	},
	fields,
)

test_passes_unique_sids if {
	found := sid.findings with input as testing.of(testing.trail_policy)
	count(found) == 0
}

test_passes_statements_without_sid if {
	given := testing.of(testing.policy([
		testing.but(testing.root, {"Sid": null}),
		testing.but(testing.decrypt, {"Sid": null}),
	]))
	found := sid.findings with input as given
	count(found) == 0
}

test_says_which_sid_is_there_twice if {
	given := testing.of(testing.policy([testing.root, testing.decrypt, testing.decrypt, testing.decrypt]))
	found := sid.findings with input as given
	found == {
		finding({
			"msg": "statement 3 (AllowCloudTrailDecrypt) has the Sid of statement 2",
			"path": ["Statement", 2, "Sid"],
			"remediation": "Give each statement a Sid of its own",
			"statement": {"index": 2, "sid": "AllowCloudTrailDecrypt"},
		}),
		finding({
			"msg": "statement 4 (AllowCloudTrailDecrypt) has the Sid of statement 2",
			"path": ["Statement", 3, "Sid"],
			"remediation": "Give each statement a Sid of its own",
			"statement": {"index": 3, "sid": "AllowCloudTrailDecrypt"},
		}),
	}
}

test_says_that_one_is_empty if {
	found := sid.findings with input as testing.of(testing.policy([testing.but(testing.root, {"Sid": ""})]))
	found == {finding({
		"msg": "statement 1 has an empty Sid",
		"path": ["Statement", 0, "Sid"],
		"remediation": "Name what the statement is for, or leave the Sid out",
		"statement": {"index": 0, "sid": ""},
	})}
}

test_says_that_characters_cannot_be_seen if {
	given := testing.of(testing.policy([
		testing.but(testing.root, {"Sid": "a\u0007b"}),
		testing.but(testing.decrypt, {"Sid": "a​b"}),
	]))
	found := sid.findings with input as given
	found == {
		finding({
			"msg": "statement 1: the Sid holds control characters, which cannot be seen",
			"path": ["Statement", 0, "Sid"],
			"remediation": "Write the Sid with letters, digits and spaces only",
			"statement": {"index": 0, "sid": "a\u0007b"},
		}),
		finding({
			"msg": "statement 2: the Sid holds control characters, which cannot be seen",
			"path": ["Statement", 1, "Sid"],
			"remediation": "Write the Sid with letters, digits and spaces only",
			"statement": {"index": 1, "sid": "a​b"},
		}),
	}
}

test_fails_on_a_sid_that_is_no_text if {
	found := sid.findings with input as testing.of(testing.policy([testing.but(testing.root, {"Sid": 5})]))
	found == {finding({
		"level": "warning",
		"msg": "statement 1: the Sid is 5; it has to be a text",
		"path": ["Statement", 0, "Sid"],
		"remediation": "Write the Sid in quotation marks",
		"statement": {"index": 0, "sid": null},
	})}
}

test_cannot_say_what_is_not_known_yet if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Sid": {"ctkms:unknown": "later"}})]))
	found := sid.findings with input as given
	count(found) == 0
}

test_does_not_take_empty_sids_for_one if {
	empty := testing.but(testing.decrypt, {"Sid": ""})
	found := sid.findings with input as testing.of(testing.policy([empty, empty]))
	{one.msg | some one in found} == {"statement 1 has an empty Sid", "statement 2 has an empty Sid"}
}
