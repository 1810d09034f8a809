package ctkms.rules.policy.variable_test

import data.ctkms.rules.policy.variable
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-VARIABLE",
		"level": "warning",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",
	},
	fields,
)

test_passes_variables_where_they_work if {
	given := testing.of(testing.policy([
		testing.but(
			testing.root,
			{"Resource": "arn:aws:kms:us-east-1:111111111111:key/${aws:PrincipalTag/key}"},
		),
		testing.but(
			testing.decrypt,
			{
				"Condition": {
					"StringLike": {
						"aws:PrincipalTag/team": [
							"${aws:username}",
							"${aws:username, 'nobody'}",
							"${*}",
							"${saml:sub}",
						],
					},
				},
			},
		),
	]))
	found := variable.findings with input as given
	count(found) == 0
}

test_passes_templates if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {
					"StringLike": {"aws:PrincipalTag/team": ["${account_id}", "${AWS::AccountId}", "$ {x}"]},
				},
			},
		),
	]))
	found := variable.findings with input as given
	count(found) == 0
}

test_fails_without_closing_brace if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{"Sid": "s", "Condition": {"StringLike": {"aws:PrincipalTag/team": "${aws:username"}}},
		),
	]))
	found := variable.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (s): \"${aws:username\" in Condition StringLike aws:PrincipalTag/team is a",
			"variable without its closing brace",
		]),
		"path": ["Statement", 1, "Condition", "StringLike", "aws:PrincipalTag/team"],
		"remediation": concat(" ", [
			"Write ${key} or ${key, 'default'}, with the name of a condition key, for example",
			"${aws:PrincipalAccount}",
		]),
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_without_name if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{"Sid": "s", "Condition": {"StringLike": {"aws:PrincipalTag/team": "a${}b"}}},
		),
	]))
	found := variable.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (s): \"a${}b\" in Condition StringLike aws:PrincipalTag/team is a variable",
			"without a name",
		]),
		"path": ["Statement", 1, "Condition", "StringLike", "aws:PrincipalTag/team"],
		"remediation": concat(" ", [
			"Write ${key} or ${key, 'default'}, with the name of a condition key, for example",
			"${aws:PrincipalAccount}",
		]),
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_a_blank_in_the_name if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {
					"StringLike": {"aws:PrincipalTag/team": ["${aws: username}", "${ aws:username, 'x'}"]},
				},
			},
		),
	]))
	found := variable.findings with input as given
	found == {
		finding({
			"msg": concat(" ", [
				"statement 2 (s): \"${ aws:username, 'x'}\" in Condition StringLike",
				"aws:PrincipalTag/team is a variable with a blank in its name",
			]),
			"path": ["Statement", 1, "Condition", "StringLike", "aws:PrincipalTag/team"],
			"remediation": concat(" ", [
				"Write ${key} or ${key, 'default'}, with the name of a condition key, for example",
				"${aws:PrincipalAccount}",
			]),
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (s): \"${aws: username}\" in Condition StringLike aws:PrincipalTag/team is",
				"a variable with a blank in its name",
			]),
			"path": ["Statement", 1, "Condition", "StringLike", "aws:PrincipalTag/team"],
			"remediation": concat(" ", [
				"Write ${key} or ${key, 'default'}, with the name of a condition key, for example",
				"${aws:PrincipalAccount}",
			]),
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_fails_on_a_default_without_quotation_marks if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {
					"StringLike": {
						"aws:PrincipalTag/team": ["${aws:username, nobody}", "${aws:username, 'nobody}"],
					},
				},
			},
		),
	]))
	found := variable.findings with input as given
	found == {
		finding({
			"msg": concat(" ", [
				"statement 2 (s): \"${aws:username, 'nobody}\" in Condition StringLike",
				"aws:PrincipalTag/team is a variable whose default lacks a quotation mark or the",
				"blank after the comma",
			]),
			"path": ["Statement", 1, "Condition", "StringLike", "aws:PrincipalTag/team"],
			"remediation": concat(" ", [
				"Write ${key} or ${key, 'default'}, with the name of a condition key, for example",
				"${aws:PrincipalAccount}",
			]),
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (s): \"${aws:username, nobody}\" in Condition StringLike",
				"aws:PrincipalTag/team is a variable whose default lacks a quotation mark or the",
				"blank after the comma",
			]),
			"path": ["Statement", 1, "Condition", "StringLike", "aws:PrincipalTag/team"],
			"remediation": concat(" ", [
				"Write ${key} or ${key, 'default'}, with the name of a condition key, for example",
				"${aws:PrincipalAccount}",
			]),
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_fails_on_a_default_without_blank if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{"Sid": "s", "Condition": {"StringLike": {"aws:PrincipalTag/team": "${aws:username,'nobody'}"}}},
		),
	]))
	found := variable.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (s): \"${aws:username,'nobody'}\" in Condition StringLike",
			"aws:PrincipalTag/team is a variable whose default lacks a quotation mark or the",
			"blank after the comma",
		]),
		"path": ["Statement", 1, "Condition", "StringLike", "aws:PrincipalTag/team"],
		"remediation": concat(" ", [
			"Write ${key} or ${key, 'default'}, with the name of a condition key, for example",
			"${aws:PrincipalAccount}",
		]),
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_in_actions_and_principals if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{
				"Sid": "s",
				"Action": "kms:${aws:username}",
				"Principal": {"AWS": "arn:aws:iam::111111111111:user/${aws:username}"},
			},
		),
	]))
	found := variable.findings with input as given
	found == {
		finding({
			"msg": "statement 2 (s): \"kms:${aws:username}\" in Action is plain text: variables do not work there",
			"path": ["Statement", 1, "Action"],
			"remediation": "Write the value itself in place of the variable",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (s): \"arn:aws:iam::111111111111:user/${aws:username}\" in Principal is",
				"plain text: variables do not work there",
			]),
			"path": ["Statement", 1, "Principal", "AWS"],
			"remediation": "Write the value itself in place of the variable",
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_fails_in_what_a_statement_leaves_out if {
	given := testing.of(testing.policy([
		testing.root,
		object.union(object.remove(testing.decrypt, ["Action", "Resource"]), {
			"Sid": "s",
			"NotAction": "kms:${aws:username}",
			"NotResource": "arn:aws:kms:us-east-1:${aws:PrincipalAccount}:key/*",
		}),
	]))
	found := variable.findings with input as given
	{[one.path[2], one.msg] | some one in found} == {
		[
			"NotAction",
			"statement 2 (s): \"kms:${aws:username}\" in NotAction is plain text: variables do not work there",
		],
		["NotResource", concat(" ", [
			"statement 2 (s): \"arn:aws:kms:us-east-1:${aws:PrincipalAccount}:key/*\" in NotResource",
			"is plain text: variables work only after the fifth colon of an ARN",
		])],
	}
}

test_leaves_a_template_to_another_rule if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			object.remove(testing.decrypt, ["Principal"]),
			{"Sid": "s", "Principal": {"AWS": "arn:aws:iam::${AccountId}:root"}},
		),
	]))
	found := variable.findings with input as given
	count(found) == 0
}

test_passes_values_that_are_no_text if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.decrypt, {"Condition": {"Bool": {"aws:SecureTransport": [true, 1, null]}}}),
	]))
	found := variable.findings with input as given
	count(found) == 0
}

test_fails_before_the_fifth_colon if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{"Sid": "s", "Resource": ["arn:aws:kms:us-east-1:${aws:PrincipalAccount}:key/*"]},
		),
	]))
	found := variable.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (s): \"arn:aws:kms:us-east-1:${aws:PrincipalAccount}:key/*\" in Resource",
			"is plain text: variables work only after the fifth colon of an ARN",
		]),
		"path": ["Statement", 1, "Resource", 0],
		"remediation": "Write the value itself in place of the variable",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_under_operators_that_take_none if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {
					"NumericLessThan": {"aws:MultiFactorAuthAge": "${aws:x}"},
					"DateLessThanIfExists": {"aws:CurrentTime": "${aws:x}"},
					"NotIpAddress": {"aws:SourceIp": "${aws:x}"},
					"ForAnyValue:Null": {"aws:TagKeys": "${aws:x}"},
				},
			},
		),
	]))
	found := variable.findings with input as given
	found == {
		finding({
			"msg": concat(" ", [
				"statement 2 (s): \"${aws:x}\" in Condition DateLessThanIfExists aws:CurrentTime is",
				"plain text: this operator takes no variables",
			]),
			"path": ["Statement", 1, "Condition", "DateLessThanIfExists", "aws:CurrentTime"],
			"remediation": "Write the value itself in place of the variable",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (s): \"${aws:x}\" in Condition ForAnyValue:Null aws:TagKeys is plain text:",
				"this operator takes no variables",
			]),
			"path": ["Statement", 1, "Condition", "ForAnyValue:Null", "aws:TagKeys"],
			"remediation": "Write the value itself in place of the variable",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (s): \"${aws:x}\" in Condition NotIpAddress aws:SourceIp is plain text:",
				"this operator takes no variables",
			]),
			"path": ["Statement", 1, "Condition", "NotIpAddress", "aws:SourceIp"],
			"remediation": "Write the value itself in place of the variable",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (s): \"${aws:x}\" in Condition NumericLessThan aws:MultiFactorAuthAge is",
				"plain text: this operator takes no variables",
			]),
			"path": ["Statement", 1, "Condition", "NumericLessThan", "aws:MultiFactorAuthAge"],
			"remediation": "Write the value itself in place of the variable",
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_passes_under_bool if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{"Sid": "s", "Condition": {"Bool": {"aws:PrincipalTag/team": "${aws:SecureTransport}"}}},
		),
	]))
	found := variable.findings with input as given
	count(found) == 0
}

test_fails_under_2008_10_17 if {
	given := testing.of({
		"Version": "2008-10-17",
		"Statement": [
			testing.but(
				testing.decrypt,
				{"Sid": "s", "Condition": {"StringLike": {"aws:PrincipalTag/team": "${*}"}}},
			),
		],
	})
	found := variable.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 1 (s): \"${*}\" in Condition StringLike aws:PrincipalTag/team is plain text:",
			"the policy's Version is not 2012-10-17",
		]),
		"path": ["Statement", 0, "Condition", "StringLike", "aws:PrincipalTag/team"],
		"remediation": "Set \"Version\": \"2012-10-17\", or write the value itself",
		"statement": {"index": 0, "sid": "s"},
	})}
}

test_fails_without_version if {
	given := testing.of({
		"Statement": [
			testing.but(
				testing.decrypt,
				{"Sid": "s", "Condition": {"StringLike": {"aws:PrincipalTag/team": "${aws:username}"}}},
			),
		],
	})
	found := variable.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 1 (s): \"${aws:username}\" in Condition StringLike aws:PrincipalTag/team is",
			"plain text: the policy's Version is not 2012-10-17",
		]),
		"path": ["Statement", 0, "Condition", "StringLike", "aws:PrincipalTag/team"],
		"remediation": "Set \"Version\": \"2012-10-17\", or write the value itself",
		"statement": {"index": 0, "sid": "s"},
	})}
}

test_passes_under_a_version_that_is_not_known_yet if {
	given := testing.of({
		"Version": {"ctkms:unknown": "later"},
		"Statement": [
			testing.but(
				testing.decrypt,
				{"Sid": "s", "Condition": {"StringLike": {"aws:PrincipalTag/team": "${aws:username}"}}},
			),
		],
	})
	found := variable.findings with input as given
	count(found) == 0
}

test_passes_in_a_statement_on_its_own if {
	given := testing.of_key({
		"kind": "statement",
		"policy": {
			"Statement": [
				testing.but(
					testing.decrypt,
					{"Sid": "s", "Condition": {"StringLike": {"aws:PrincipalTag/team": "${aws:username}"}}},
				),
			],
		},
	})
	found := variable.findings with input as given
	count(found) == 0
}

test_passes_where_there_is_no_policy if {
	every policy in [null, [], "text"] {
		found := variable.findings with input as testing.of_key({"policy": policy})
		count(found) == 0
	}
}
