package ctkms.rules.policy.duplicate_member_test

import data.ctkms.rules.policy.duplicate_member
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-DUPKEY",
		"level": "error",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
	},
	fields,
)

test_passes_each_member_once if {
	found := duplicate_member.findings with input as testing.of(testing.trail_policy)
	count(found) == 0
}

test_fails_when_the_text_gives_a_member_twice if {
	given := testing.of_key({
		"policy": testing.trail_policy,
		"text": {"duplicates": [{"path": ["Statement", 0], "name": "Effect", "names": ["Effect"]}]},
	})
	found := duplicate_member.findings with input as given
	found == {finding({
		"msg": "The member \"Effect\" is given more than once in the same object; only one of them counts",
		"path": ["Statement", 0, "Effect"],
		"remediation": "Keep one of them; put several values into one list",
	})}
}

test_leaves_spellings_in_the_text_to_the_data if {
	given := testing.of_key({
		"policy": testing.trail_policy,
		"text": {"duplicates": [{"path": [], "name": "a", "names": ["a", "A"]}]},
	})
	found := duplicate_member.findings with input as given
	count(found) == 0
}

test_fails_when_condition_keys_differ_in_case_only if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{"Condition": {"StringEquals": {"aws:SourceArn": "a", "AWS:SourceArn": "b"}}},
		),
	]))
	found := duplicate_member.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (AllowCloudTrailDecrypt): StringEquals names the condition key",
			"aws:sourcearn more than once, spelled AWS:SourceArn and aws:SourceArn; key names",
			"ignore case",
		]),
		"path": ["Statement", 1, "Condition", "StringEquals"],
		"remediation": "Keep one spelling; put several values into one list",
		"statement": {"index": 1, "sid": "AllowCloudTrailDecrypt"},
	})}
}

test_passes_the_same_key_under_two_operators if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{"Condition": {"StringEquals": {"aws:SourceArn": "a"}, "StringLike": {"AWS:SourceArn": "b"}}},
		),
	]))
	found := duplicate_member.findings with input as given
	count(found) == 0
}

test_passes_where_nothing_is_known_of_the_text if {
	found := duplicate_member.findings with input as testing.of_key({"policy": testing.trail_policy, "text": null})
	count(found) == 0
}

test_passes_what_is_no_duplicate if {
	given := testing.of_key({"policy": null, "text": {"duplicates": ["odd", {"path": null, "name": 1}]}})
	found := duplicate_member.findings with input as given
	count(found) == 0
}

test_passes_hints_about_the_text_that_are_none if {
	odd := [7, {"path": [], "name": 5}, {"path": "x", "name": "a"}, {"name": "a"}, {"path": []}]
	found := duplicate_member.findings with input as testing.of_key({
		"policy": testing.trail_policy,
		"text": {"duplicates": odd},
	})
	found == set()
}

test_passes_two_keys_under_one_operator if {
	condition := {"StringEquals": {"aws:SourceArn": testing.trail, "aws:SourceAccount": "111111111111"}}
	given := testing.of(testing.policy([testing.but(testing.decrypt, {"Condition": condition})]))
	found := duplicate_member.findings with input as given
	found == set()
}
