package ctkms.rules.policy.member_test

import data.ctkms.rules.policy.member
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-MEMBER",
		"level": "warning",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
	},
	fields,
)

test_passes_all_members_that_exist if {
	given := testing.of({"Version": "2012-10-17", "Id": "a", "Statement": [testing.reader]})
	found := member.findings with input as given
	count(found) == 0
}

test_warns_of_members_of_the_policy if {
	found := member.findings with input as testing.of({"Version": "2012-10-17", "id": "a", "Comment": "b"})
	found == {
		finding({
			"msg": "The policy has a member \"Comment\", which does not exist",
			"path": ["Comment"],
			"remediation": "Remove it; the members are Id, Statement, Version",
		}),
		finding({
			"msg": "The policy has a member \"id\", which does not exist; \"Id\" is meant",
			"path": ["id"],
			"remediation": "Rename it to \"Id\"",
		}),
	}
}

test_warns_of_members_of_a_statement if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.decrypt, {"action": "kms:Decrypt", "Conditions": {}, "Note": "x"}),
	]))
	found := member.findings with input as given
	found == {
		finding({
			"msg": concat(" ", [
				"statement 2 (AllowCloudTrailDecrypt) has a member \"Conditions\", which does not",
				"exist; \"Condition\" is meant",
			]),
			"path": ["Statement", 1, "Conditions"],
			"remediation": "Rename it to \"Condition\"",
			"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
		}),
		finding({
			"msg": "statement 2 (AllowCloudTrailDecrypt) has a member \"Note\", which does not exist",
			"path": ["Statement", 1, "Note"],
			"remediation": concat(" ", [
				"Remove it; the members are Action, Condition, Effect, NotAction, NotPrincipal,",
				"NotResource, Principal, Resource, Sid",
			]),
			"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (AllowCloudTrailDecrypt) has a member \"action\", which does not exist;",
				"\"Action\" is meant",
			]),
			"path": ["Statement", 1, "action"],
			"remediation": "Rename it to \"Action\"",
			"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
		}),
	}
}

test_passes_a_policy_that_is_not_known_yet if {
	found := member.findings with input as testing.of({"ctkms:unknown": "later"})
	count(found) == 0
}

test_passes_where_there_is_no_policy if {
	found := member.findings with input as testing.of_key({"policy": null})
	count(found) == 0
}
