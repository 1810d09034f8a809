package ctkms.rules.policy.statement_test

import data.ctkms.rules.policy.statement
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-STATEMENT",
		"level": "error",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html",
	},
	fields,
)

test_passes_a_list if {
	found := statement.findings with input as testing.of(testing.trail_policy)
	count(found) == 0
}

test_passes_a_single_object if {
	found := statement.findings with input as testing.of({"Version": "2012-10-17", "Statement": testing.root})
	count(found) == 0
}

test_fails_when_there_is_none if {
	found := statement.findings with input as testing.of({"Version": "2012-10-17"})
	found == {finding({
		"msg": "The policy has no \"Statement\": it says nothing, and KMS refuses it",
		"remediation": "Put the statements into a list under \"Statement\"",
	})}
}

test_fails_on_an_empty_list if {
	found := statement.findings with input as testing.of({"Version": "2012-10-17", "Statement": []})
	found == {finding({
		"msg": "The list under \"Statement\" is empty: the policy says nothing, and KMS refuses it",
		"path": ["Statement"],
		"remediation": "Start with the statement that lets the key's account administer the key",
	})}
}

test_fails_on_a_text if {
	found := statement.findings with input as testing.of({"Version": "2012-10-17", "Statement": "Allow"})
	found == {finding({
		"msg": "\"Statement\" is a string; it has to be a list of statements",
		"path": ["Statement"],
		"remediation": "Put the statements into a list under \"Statement\"",
	})}
}

test_fails_on_null if {
	found := statement.findings with input as testing.of({"Version": "2012-10-17", "Statement": null})
	found == {finding({
		"msg": "\"Statement\" is null; it has to be a list of statements",
		"path": ["Statement"],
		"remediation": "Put the statements into a list under \"Statement\"",
	})}
}

test_fails_on_statements_that_are_no_objects if {
	found := statement.findings with input as testing.of(testing.policy([testing.root, "Allow", ["Allow"]]))
	found == {
		finding({
			"msg": "statement 2 is a string; a statement has to be an object",
			"path": ["Statement", 1],
			"remediation": "Write it as an object with Effect, Principal, Action and Resource, or remove it",
		}),
		finding({
			"msg": "statement 3 is a list; a statement has to be an object",
			"path": ["Statement", 2],
			"remediation": "Write it as an object with Effect, Principal, Action and Resource, or remove it",
		}),
	}
}

test_cannot_say_what_is_not_known_yet if {
	found := statement.findings with input as testing.of({"Statement": {"ctkms:unknown": "later"}})
	count(found) == 0
}

test_passes_where_there_is_no_policy if {
	found := statement.findings with input as testing.of_key({"policy": null})
	count(found) == 0
}
