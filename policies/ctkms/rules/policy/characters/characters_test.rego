package ctkms.rules.policy.characters_test

import data.ctkms.rules.policy.characters
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-CHARS",
		"level": "error",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
	},
	fields,
)

test_passes_latin_letters if {
	given := testing.of(testing.policy([testing.root, testing.but(testing.decrypt, {"Sid": "Zähler"})]))
	found := characters.findings with input as given
	count(found) == 0
}

test_fails_on_characters_of_the_text if {
	given := testing.of_key({
		"policy": testing.trail_policy,
		"text": {
			"invalid_characters": [
				{"character": "U+201C", "path": ["Statement", 1, "Sid"]},
				{"character": "U+2014", "path": null},
			],
		},
	})
	found := characters.findings with input as given
	found == {
		finding({
			"msg": concat(" ", [
				"The policy holds U+201C, which KMS refuses: only tab, line breaks and U+0020 to",
				"U+00FF may stand in it",
			]),
			"path": ["Statement", 1, "Sid"],
			"remediation": "Write it with ASCII characters; curly quotation marks and long dashes come from word processors",
		}),
		finding({
			"msg": concat(" ", [
				"The policy holds U+2014, which KMS refuses: only tab, line breaks and U+0020 to",
				"U+00FF may stand in it",
			]),
			"remediation": "Write it with ASCII characters; curly quotation marks and long dashes come from word processors",
		}),
	}
}

test_trusts_the_text_more_than_the_data if {
	given := testing.of_key({"policy": {"Id": "日"}, "text": {"invalid_characters": []}})
	found := characters.findings with input as given
	count(found) == 0
}

test_passes_the_last_character_that_kms_takes if {
	given := testing.of({"Version": "2012-10-17", "Id": "ÿ", "Statement": [testing.root]})
	found := characters.findings with input as given
	count(found) == 0
}

test_fails_on_the_first_that_it_refuses if {
	given := testing.of({"Version": "2012-10-17", "Id": "Ā", "Statement": [testing.root]})
	found := characters.findings with input as given
	found == {finding({
		"msg": "Id holds Ā, which KMS refuses: only tab, line breaks and U+0020 to U+00FF may stand in it",
		"path": ["Id"],
		"remediation": "Write it with ASCII characters; curly quotation marks and long dashes come from word processors",
	})}
}

test_fails_on_a_statement if {
	given := testing.of(testing.policy([testing.root, testing.but(testing.decrypt, {"Sid": "Allow “decrypt”"})]))
	found := characters.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (Allow “decrypt”) holds “, ”, which KMS refuses: only tab, line breaks",
			"and U+0020 to U+00FF may stand in it",
		]),
		"path": ["Statement", 1],
		"remediation": "Write it with ASCII characters; curly quotation marks and long dashes come from word processors",
	})}
}

test_passes_where_there_is_no_policy if {
	found := characters.findings with input as testing.of_key({"policy": null, "text": null})
	count(found) == 0
}

test_says_what_it_can_of_odd_hints_about_the_text if {
	given := testing.of_key({"policy": testing.trail_policy, "text": {"invalid_characters": [5, {}]}})
	found := characters.findings with input as given
	{one.msg | some one in found} == {concat(" ", [
		"The policy holds a character, which KMS refuses: only tab, line breaks and U+0020 to U+00FF may",
		"stand in it",
	])}
}
