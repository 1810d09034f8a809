package ctkms.rules.policy.version_test

import data.ctkms.rules.policy.version
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-VERSION",
		"level": "warning",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html",
	},
	fields,
)

test_passes_2012_10_17 if {
	found := version.findings with input as testing.of(testing.trail_policy)
	count(found) == 0
}

test_fails_when_there_is_none if {
	found := version.findings with input as testing.of({"Statement": [testing.root]})
	found == {finding({
		"msg": concat(" ", [
			"The policy has no Version, which KMS documents as required; policy variables (${…})",
			"would be plain text",
		]),
		"remediation": "Set \"Version\": \"2012-10-17\"",
	})}
}

test_says_so_of_a_statement_on_its_own if {
	given := testing.of_key({"kind": "statement", "policy": {"Statement": [testing.root]}})
	found := version.findings with input as given
	found == {finding({
		"level": "note",
		"msg": "This is a statement on its own; the policy that it goes into needs \"Version\": \"2012-10-17\"",
		"remediation": "Add the statement to the list under \"Statement\" of the whole key policy",
	})}
}

test_fails_on_2008_10_17 if {
	found := version.findings with input as testing.of({"Version": "2008-10-17", "Statement": [testing.root]})
	found == {finding({
		"msg": "Version 2008-10-17 is outdated; policy variables (${…}) would be plain text",
		"path": ["Version"],
		"remediation": "Set \"Version\": \"2012-10-17\"",
	})}
}

test_fails_harder_where_variables_need_2012_10_17 if {
	given := testing.of({
		"Version": "2008-10-17",
		"Statement": [
			testing.but(
				testing.root,
				{"Condition": {"StringEquals": {"aws:PrincipalTag/team": "${aws:username}"}}},
			),
		],
	})
	found := version.findings with input as given
	found == {finding({
		"level": "error",
		"msg": concat(" ", [
			"Version 2008-10-17 is outdated, and statement 1 (EnableIAMUserPermissions) would",
			"need 2012-10-17: policy variables (${…}) are plain text without it",
		]),
		"path": ["Version"],
		"remediation": "Set \"Version\": \"2012-10-17\"",
	})}
}

test_fails_as_usual_where_a_template_looks_like_a_variable if {
	given := testing.of({
		"Version": "2008-10-17",
		"Statement": [
			testing.but(testing.root, {"Condition": {"StringEquals": {"kms:CallerAccount": "${account_id}"}}}),
		],
	})
	found := version.findings with input as given
	found == {finding({
		"msg": "Version 2008-10-17 is outdated; policy variables (${…}) would be plain text",
		"path": ["Version"],
		"remediation": "Set \"Version\": \"2012-10-17\"",
	})}
}

test_fails_when_there_is_none_and_variables_need_one if {
	given := testing.of({
		"Statement": [testing.but(testing.root, {"Resource": "arn:aws:kms:us-east-1:111111111111:key/${*}"})],
	})
	found := version.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"The policy has no Version, which KMS documents as required, and statement 1",
			"(EnableIAMUserPermissions) would need 2012-10-17: policy variables (${…}) are plain",
			"text without it",
		]),
		"remediation": "Set \"Version\": \"2012-10-17\"",
	})}
}

test_fails_on_any_other_version if {
	found := version.findings with input as testing.of({"Version": "2012-10-18", "Statement": [testing.root]})
	found == {finding({
		"level": "error",
		"msg": "Version \"2012-10-18\" does not exist: it names the policy language, not the date of a change",
		"path": ["Version"],
		"remediation": "Set \"Version\": \"2012-10-17\"",
	})}
}

test_fails_on_a_version_that_is_no_text if {
	found := version.findings with input as testing.of({"Version": 20121017, "Statement": [testing.root]})
	found == {finding({
		"level": "error",
		"msg": "Version 20121017 does not exist: it names the policy language, not the date of a change",
		"path": ["Version"],
		"remediation": "Set \"Version\": \"2012-10-17\"",
	})}
}

test_cannot_say_what_is_not_known_yet if {
	given := testing.of({"Version": {"ctkms:unknown": "later"}, "Statement": [testing.root]})
	found := version.findings with input as given
	count(found) == 0
}

test_passes_where_there_is_no_policy if {
	found := version.findings with input as testing.of_key({"policy": null})
	count(found) == 0
}

test_passes_a_statement_on_its_own_that_has_one if {
	given := testing.of_key({"kind": "statement", "policy": testing.policy([testing.decrypt])})
	found := version.findings with input as given
	found == set()
}

test_names_all_statements_whose_variables_need_2012_10_17 if {
	own := testing.but(testing.root, {"Resource": null, "NotResource": "arn:aws:s3:::${aws:username}"})
	named := testing.but(testing.root, {"Sid": "${aws:username}"})
	policy := {"Version": "2008-10-17", "Statement": [named, own, own]}
	found := version.findings with input as testing.of(policy)
	{[one.level, split(split(one.msg, ", and ")[1], " would")[0]] | some one in found} == {["error", concat(", ", [
		"statement 2 (EnableIAMUserPermissions)",
		"statement 3 (EnableIAMUserPermissions)",
	])]}
}
