package ctkms.rules.policy.action_test

import data.ctkms.rules.policy.action
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-ACTION",
		"level": "warning",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html",
	},
	fields,
)

test_passes_actions_of_kms if {
	given := testing.of(testing.policy([
		testing.but(
			testing.root,
			{"Action": ["kms:*", "*", "KMS:decrypt", "kms:ReEncrypt*", "kms:Create*", "kms:?ncrypt"]},
		),
	]))
	found := action.findings with input as given
	count(found) == 0
}

test_fails_on_what_is_no_action if {
	given := testing.of(testing.policy([
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Action": [
					"kms=Decrypt",
					"kms.GenerateDataKey*",
					"Decrypt",
					"kms:",
					" kms:Decrypt",
					"kms GenrateDataKey",
				],
			},
		),
	]))
	found := action.findings with input as given
	found == {
		finding({
			"level": "error",
			"msg": "statement 1 (s): Action \"kms=Decrypt\" is no action and matches nothing, though KMS accepts it",
			"path": ["Statement", 0, "Action", 0],
			"remediation": "Write \"kms:Decrypt\"",
			"statement": {"index": 0, "sid": "s"},
		}),
		finding({
			"level": "error",
			"msg": concat(" ", [
				"statement 1 (s): Action \"kms.GenerateDataKey*\" is no action and matches nothing,",
				"though KMS accepts it",
			]),
			"path": ["Statement", 0, "Action", 1],
			"remediation": "Write \"kms:generatedatakey*\"",
			"statement": {"index": 0, "sid": "s"},
		}),
		finding({
			"level": "error",
			"msg": "statement 1 (s): Action \"Decrypt\" is no action and matches nothing, though KMS accepts it",
			"path": ["Statement", 0, "Action", 2],
			"remediation": "Write \"kms:Decrypt\"",
			"statement": {"index": 0, "sid": "s"},
		}),
		finding({
			"level": "error",
			"msg": "statement 1 (s): Action \"kms:\" is no action and matches nothing, though KMS accepts it",
			"path": ["Statement", 0, "Action", 3],
			"remediation": "Write the operations of KMS that are meant, each as kms:NAME, or remove it",
			"statement": {"index": 0, "sid": "s"},
		}),
		finding({
			"level": "error",
			"msg": "statement 1 (s): Action \" kms:Decrypt\" is no action and matches nothing, though KMS accepts it",
			"path": ["Statement", 0, "Action", 4],
			"remediation": "Write \"kms:Decrypt\"",
			"statement": {"index": 0, "sid": "s"},
		}),
		finding({
			"level": "error",
			"msg": concat(" ", [
				"statement 1 (s): Action \"kms GenrateDataKey\" is no action and matches nothing,",
				"though KMS accepts it",
			]),
			"path": ["Statement", 0, "Action", 5],
			"remediation": "Write \"kms:GenerateDataKey\", if that is meant",
			"statement": {"index": 0, "sid": "s"},
		}),
	}
}

test_fails_on_an_operation_that_kms_does_not_have if {
	given := testing.of(testing.policy([
		testing.but(
			testing.decrypt,
			{"Sid": "s", "Action": ["kms:GenrateDataKey", "kms:GenrateDataKey*", "kms:Frobnicate"]},
		),
	]))
	found := action.findings with input as given
	found == {
		finding({
			"msg": "statement 1 (s): Action \"kms:GenrateDataKey\" matches no operation of KMS that is known here",
			"path": ["Statement", 0, "Action", 0],
			"remediation": "Write \"kms:GenerateDataKey\", if that is meant",
			"statement": {"index": 0, "sid": "s"},
		}),
		finding({
			"msg": "statement 1 (s): Action \"kms:GenrateDataKey*\" matches no operation of KMS that is known here",
			"path": ["Statement", 0, "Action", 1],
			"remediation": "Write \"kms:GenerateDataKey*\", if that is meant",
			"statement": {"index": 0, "sid": "s"},
		}),
		finding({
			"msg": "statement 1 (s): Action \"kms:Frobnicate\" matches no operation of KMS that is known here",
			"path": ["Statement", 0, "Action", 2],
			"remediation": "Write the operations of KMS that are meant, each as kms:NAME, or remove it",
			"statement": {"index": 0, "sid": "s"},
		}),
	}
}

test_fails_on_re_encrypt if {
	given := testing.of(testing.policy([testing.but(testing.decrypt, {"Sid": "s", "Action": "kms:ReEncrypt"})]))
	found := action.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 1 (s): Action \"kms:ReEncrypt\" is no permission: to re-encrypt takes",
			"kms:ReEncryptFrom and kms:ReEncryptTo",
		]),
		"path": ["Statement", 0, "Action"],
		"remediation": "Write \"kms:ReEncrypt*\", which covers both",
		"statement": {"index": 0, "sid": "s"},
	})}
}

test_fails_on_actions_of_other_services if {
	given := testing.of(testing.policy([testing.but(testing.decrypt, {"Sid": "s", "Action": "s3:GetObject"})]))
	found := action.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 1 (s): Action \"s3:GetObject\" is an action of another service; in a key",
			"policy it has no effect",
		]),
		"path": ["Statement", 0, "Action"],
		"remediation": "Write the operations of KMS that are meant, each as kms:NAME, or remove it",
		"statement": {"index": 0, "sid": "s"},
	})}
}

test_fails_on_a_wildcard_before_the_colon if {
	given := testing.of(testing.policy([testing.but(testing.decrypt, {"Sid": "s", "Action": "k*:Decrypt"})]))
	found := action.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 1 (s): Action \"k*:Decrypt\" has a wildcard before the colon; nothing",
			"documents what it matches there",
		]),
		"path": ["Statement", 0, "Action"],
		"remediation": "Write \"kms:Decrypt\"",
		"statement": {"index": 0, "sid": "s"},
	})}
}

test_fails_in_not_action if {
	given := testing.of(testing.policy([
		testing.but(
			testing.decrypt,
			{"Sid": "s", "Effect": "Deny", "Action": null, "NotAction": ["kms:Decypt"]},
		),
	]))
	found := action.findings with input as given
	found == {finding({
		"msg": "statement 1 (s): NotAction \"kms:Decypt\" matches no operation of KMS that is known here",
		"path": ["Statement", 0, "NotAction", 0],
		"remediation": "Write \"kms:Decrypt\", if that is meant",
		"statement": {"index": 0, "sid": "s"},
	})}
}

test_leaves_variables_and_empty_texts_to_other_rules if {
	given := testing.of(testing.policy([testing.but(testing.decrypt, {"Action": ["${aws:username}", ""]})]))
	found := action.findings with input as given
	count(found) == 0
}

test_cannot_say_what_is_not_known_yet if {
	given := testing.of(testing.policy([testing.but(testing.decrypt, {"Action": [{"ctkms:unknown": "later"}]})]))
	found := action.findings with input as given
	count(found) == 0
}

test_an_action_of_another_service_is_one_in_any_case if {
	given := testing.of(testing.policy([testing.but(testing.decrypt, {"Action": "S3:GetObject"})]))
	found := action.findings with input as given
	{one.level | some one in found} == {"warning"}
}

test_leaves_a_variable_in_a_name_to_another_rule if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Action": "kms:${aws:PrincipalTag/operation}"})]))
	found := action.findings with input as given
	found == set()
}

test_offers_no_operation_where_none_is_near if {
	given := testing.of(testing.policy([testing.but(testing.root, {"Action": "kms:Frobnicate*"})]))
	found := action.findings with input as given
	[one.remediation | some one in found] == [
		"Write the operations of KMS that are meant, each as kms:NAME, or remove it",
	]
}
