package ctkms.rules.policy.condition_test

import data.ctkms.rules.policy.condition
import data.ctkms.testing_test as testing

# A whole finding: what the rule always says, and `fields`.
finding(fields) := object.union(
	{
		"rule": "KP-CONDITION",
		"level": "warning",
		"key": testing.key,
		"subject": null,
		"statement": null,
		"path": [],
		"url": "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
	},
	fields,
)

test_passes_documented_conditions if {
	found := condition.findings with input as testing.of(testing.trail_policy)
	count(found) == 0
}

test_passes_set_operators_on_keys_of_many_values if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {
					"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["a", "b"]},
					"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": "x*"},
				},
			},
		),
	]))
	found := condition.findings with input as given
	count(found) == 0
}

test_passes_an_empty_condition if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.decrypt, {"Sid": "s", "Condition": {}}),
	]))
	found := condition.findings with input as given
	count(found) == 0
}

test_cannot_say_what_is_not_known_yet if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Condition": {
					"StringEquals": {"aws:SourceArn": {"ctkms:unknown": "later"}},
					"Bool": {"aws:SecureTransport": {"ctkms:unknown": "later"}},
				},
			},
		),
		testing.but(testing.decrypt, {"Condition": {"StringEquals": {"ctkms:unknown": "later"}}}),
		testing.but(testing.decrypt, {"Condition": {"ctkms:unknown": "later"}}),
	]))
	found := condition.findings with input as given
	count(found) == 0
}

test_fails_on_a_condition_that_is_a_list if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.decrypt, {"Sid": "s", "Condition": []}),
	]))
	found := condition.findings with input as given
	found == {finding({
		"level": "error",
		"msg": "statement 2 (s): Condition is a list; it has to be an object",
		"path": ["Statement", 1, "Condition"],
		"remediation": "Write conditions as {\"OPERATOR\": {\"KEY\": VALUE}}",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_a_condition_without_keys if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.decrypt, {"Sid": "s", "Condition": {"StringEquals": "x"}}),
	]))
	found := condition.findings with input as given
	found == {finding({
		"level": "error",
		"msg": "statement 2 (s): Condition StringEquals is a string; it has to be an object",
		"path": ["Statement", 1, "Condition", "StringEquals"],
		"remediation": "Write conditions as {\"OPERATOR\": {\"KEY\": VALUE}}",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_a_block_that_is_null_or_a_list if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.decrypt, {"Sid": "s", "Condition": {"StringEquals": null, "StringLike": []}}),
	]))
	found := condition.findings with input as given
	found == {
		finding({
			"level": "error",
			"msg": "statement 2 (s): Condition StringEquals is null; it has to be an object",
			"path": ["Statement", 1, "Condition", "StringEquals"],
			"remediation": "Write conditions as {\"OPERATOR\": {\"KEY\": VALUE}}",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"level": "error",
			"msg": "statement 2 (s): Condition StringLike is a list; it has to be an object",
			"path": ["Statement", 1, "Condition", "StringLike"],
			"remediation": "Write conditions as {\"OPERATOR\": {\"KEY\": VALUE}}",
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_warns_of_operators_in_other_letters if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {
					"stringEquals": {"aws:SourceArn": "a"},
					"forAllValues:stringlikeifexists": {"aws:TagKeys": "a"},
				},
			},
		),
	]))
	found := condition.findings with input as given
	found == {
		finding({
			"level": "warning",
			"msg": concat("", [
				"statement 2 (s): forAllValues:stringlikeifexists on aws:TagKeys is spelled ",
				"wrongly; what AWS makes of that is not documented",
			]),
			"path": ["Statement", 1, "Condition", "forAllValues:stringlikeifexists", "aws:TagKeys"],
			"remediation": "Write ForAllValues:StringLikeIfExists",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"level": "warning",
			"msg": concat("", [
				"statement 2 (s): stringEquals on aws:SourceArn is spelled wrongly; what AWS ",
				"makes of that is not documented",
			]),
			"path": ["Statement", 1, "Condition", "stringEquals", "aws:SourceArn"],
			"remediation": "Write StringEquals",
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_fails_on_operators_that_do_not_exist if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {"StringEqual": {"aws:SourceArn": "a"}, "IfExists": {"aws:SourceArn": "a"}},
			},
		),
	]))
	found := condition.findings with input as given
	found == {
		finding({
			"level": "error",
			"msg": "statement 2 (s): IfExists on aws:SourceArn cannot be: there is no such operator",
			"path": ["Statement", 1, "Condition", "IfExists", "aws:SourceArn"],
			"remediation": "Use an operator that exists, such as StringEquals, StringLike, ArnLike, Bool or Null",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"level": "error",
			"msg": "statement 2 (s): StringEqual on aws:SourceArn cannot be: there is no such operator",
			"path": ["Statement", 1, "Condition", "StringEqual", "aws:SourceArn"],
			"remediation": "Use an operator that exists, such as StringEquals, StringLike, ArnLike, Bool or Null",
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_fails_on_null_with_if_exists if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.decrypt, {"Sid": "s", "Condition": {"NullIfExists": {"aws:SourceArn": "true"}}}),
	]))
	found := condition.findings with input as given
	found == {finding({
		"level": "error",
		"msg": "statement 2 (s): NullIfExists on aws:SourceArn cannot be: Null has no IfExists form",
		"path": ["Statement", 1, "Condition", "NullIfExists", "aws:SourceArn"],
		"remediation": "Write Null without IfExists",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_null_with_a_set_operator if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {
					"ForAllValues:Null": {"aws:TagKeys": "true"},
					"ForAnyValue:Null": {"aws:TagKeys": "true"},
				},
			},
		),
	]))
	found := condition.findings with input as given
	found == {
		finding({
			"msg": "statement 2 (s): ForAllValues:Null on aws:TagKeys is always true, whatever the request holds",
			"path": ["Statement", 1, "Condition", "ForAllValues:Null", "aws:TagKeys"],
			"remediation": "Write Null without ForAllValues",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": "statement 2 (s): ForAnyValue:Null on aws:TagKeys is never true",
			"path": ["Statement", 1, "Condition", "ForAnyValue:Null", "aws:TagKeys"],
			"remediation": "Write Null without ForAnyValue",
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_fails_on_values_that_are_no_scalars if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{"Sid": "s", "Condition": {"StringEquals": {"aws:SourceAccount": [["1"], null, {}]}}},
		),
	]))
	found := condition.findings with input as given
	found == {
		finding({
			"level": "error",
			"msg": "statement 2 (s): StringEquals on aws:SourceAccount has a value that is a list",
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:SourceAccount"],
			"remediation": "Give it texts, numbers, true or false",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"level": "error",
			"msg": "statement 2 (s): StringEquals on aws:SourceAccount has a value that is an object",
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:SourceAccount"],
			"remediation": "Give it texts, numbers, true or false",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"level": "error",
			"msg": "statement 2 (s): StringEquals on aws:SourceAccount has a value that is null",
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:SourceAccount"],
			"remediation": "Give it texts, numbers, true or false",
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_fails_on_a_wildcard_that_is_literal if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {
					"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:*:111111111111:trail/t"},
					"StringNotEquals": {"kms:EncryptionContext:x": "?"},
				},
			},
		),
	]))
	found := condition.findings with input as given
	found == {
		finding({
			"msg": concat(" ", [
				"statement 2 (s): StringEquals on aws:SourceArn takes the wildcard in",
				"arn:aws:cloudtrail:*:111111111111:trail/t literally, so no request ever has that",
				"value",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "aws:SourceArn"],
			"remediation": "Use StringLike (or ArnLike for an ARN), which knows wildcards; or write the whole value",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (s): StringNotEquals on kms:EncryptionContext:x takes the wildcard in ?",
				"literally, so no request ever has that value",
			]),
			"path": ["Statement", 1, "Condition", "StringNotEquals", "kms:EncryptionContext:x"],
			"remediation": "Use StringLike (or ArnLike for an ARN), which knows wildcards; or write the whole value",
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_passes_a_wildcard_that_is_meant_literally if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {
					"StringEquals": {
						"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111111111111:trail/${*}${?}",
						"aws:PrincipalTag/x": "*",
					},
					"StringLike": {"aws:SourceArn": "arn:*"},
				},
			},
		),
	]))
	found := condition.findings with input as given
	count(found) == 0
}

test_fails_on_an_empty_list if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.decrypt, {"Sid": "s", "Condition": {"StringEquals": {"aws:SourceArn": []}}}),
	]))
	found := condition.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (s): StringEquals on aws:SourceArn has an empty list of values; what",
			"that means is not documented",
		]),
		"path": ["Statement", 1, "Condition", "StringEquals", "aws:SourceArn"],
		"remediation": "Give it a value, or remove it",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_true_and_false_together if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{"Sid": "s", "Condition": {"Bool": {"aws:SecureTransport": ["true", false]}}},
		),
	]))
	found := condition.findings with input as given
	found == {finding({
		"msg": "statement 2 (s): Bool on aws:SecureTransport lists both true and false, so it says nothing",
		"path": ["Statement", 1, "Condition", "Bool", "aws:SecureTransport"],
		"remediation": "Keep the one that is meant",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_values_other_than_true_and_false if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {
					"Bool": {"aws:SecureTransport": ["yes", "${aws:PrincipalIsAWSService}"]},
					"Null": {"aws:SourceArn": ["${aws:username}", 0]},
				},
			},
		),
	]))
	found := condition.findings with input as given
	found == {
		finding({
			"msg": concat(" ", [
				"statement 2 (s): Bool on aws:SecureTransport has the value yes; it compares with",
				"true and false only",
			]),
			"path": ["Statement", 1, "Condition", "Bool", "aws:SecureTransport"],
			"remediation": "Write \"true\" or \"false\"",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (s): Null on aws:SourceArn has the value ${aws:username}; it compares",
				"with true and false only",
			]),
			"path": ["Statement", 1, "Condition", "Null", "aws:SourceArn"],
			"remediation": "Write \"true\" or \"false\"",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": "statement 2 (s): Null on aws:SourceArn has the value 0; it compares with true and false only",
			"path": ["Statement", 1, "Condition", "Null", "aws:SourceArn"],
			"remediation": "Write \"true\" or \"false\"",
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_fails_on_null_the_wrong_way_round if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{"Sid": "s", "Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "true"}}},
		),
	]))
	found := condition.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (s): Null on kms:EncryptionContext:aws:cloudtrail:arn is true where the",
			"key is missing: it lets callers decrypt everything but CloudTrail's data",
		]),
		"path": ["Statement", 1, "Condition", "Null", "kms:EncryptionContext:aws:cloudtrail:arn"],
		"remediation": "Write \"false\": the key has to be there",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_null_as_a_boolean_the_wrong_way_round if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": [true]}},
				"Action": ["kms:*"],
			},
		),
	]))
	found := condition.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (s): Null on kms:EncryptionContext:aws:cloudtrail:arn is true where the",
			"key is missing: it lets callers decrypt everything but CloudTrail's data",
		]),
		"path": ["Statement", 1, "Condition", "Null", "kms:EncryptionContext:aws:cloudtrail:arn"],
		"remediation": "Write \"false\": the key has to be there",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_passes_null_the_right_way_round if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{"Sid": "s", "Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}}},
		),
	]))
	found := condition.findings with input as given
	count(found) == 0
}

test_passes_null_the_other_way_round_in_a_deny if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "true"}},
				"Effect": "Deny",
			},
		),
	]))
	found := condition.findings with input as given
	count(found) == 0
}

test_passes_null_the_other_way_round_for_other_actions if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "true"}},
				"Action": "kms:DescribeKey",
			},
		),
	]))
	found := condition.findings with input as given
	count(found) == 0
}

test_fails_on_set_operators_on_keys_of_one_value if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {
					"ForAllValues:StringEquals": {"kms:CallerAccount": "1"},
					"ForAnyValue:StringLike": {
						"kms:EncryptionContext:aws:cloudtrail:arn": "x",
						"aws:RequestTag/x": "y",
					},
				},
			},
		),
	]))
	found := condition.findings with input as given
	found == {
		finding({
			"msg": concat(" ", [
				"statement 2 (s): ForAllValues:StringEquals on kms:CallerAccount uses ForAllValues on",
				"a key with a single value; it is also true where the key is missing",
			]),
			"path": ["Statement", 1, "Condition", "ForAllValues:StringEquals", "kms:CallerAccount"],
			"remediation": "Write StringEquals",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (s): ForAnyValue:StringLike on aws:RequestTag/x uses ForAnyValue on a",
				"key with a single value",
			]),
			"path": ["Statement", 1, "Condition", "ForAnyValue:StringLike", "aws:RequestTag/x"],
			"remediation": "Write StringLike",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (s): ForAnyValue:StringLike on kms:EncryptionContext:aws:cloudtrail:arn",
				"uses ForAnyValue on a key with a single value",
			]),
			"path": [
				"Statement",
				1,
				"Condition",
				"ForAnyValue:StringLike",
				"kms:EncryptionContext:aws:cloudtrail:arn",
			],
			"remediation": "Write StringLike",
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_leaves_what_kms_refuses_to_another_rule if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{
				"Sid": "s",
				"Condition": {
					"ForAllValues:StringEquals": {
						"kms:EncryptionContext:aws:cloudtrail:arn": "x",
						"aws:RequestTag/x": "y",
					},
				},
			},
		),
	]))
	found := condition.findings with input as given
	count(found) == 0
}

test_fails_on_plain_operators_on_keys_of_many_values if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{"Sid": "s", "Condition": {"StringEquals": {"kms:EncryptionContextKeys": "x"}}},
		),
	]))
	found := condition.findings with input as given
	found == {finding({
		"msg": concat(" ", [
			"statement 2 (s): StringEquals on kms:EncryptionContextKeys compares a key of many",
			"values as if it had one; what that means is not documented",
		]),
		"path": ["Statement", 1, "Condition", "StringEquals", "kms:EncryptionContextKeys"],
		"remediation": "Write ForAllValues:StringEquals or ForAnyValue:StringEquals",
		"statement": {"index": 1, "sid": "s"},
	})}
}

test_fails_on_keys_without_prefix if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(
			testing.decrypt,
			{"Sid": "s", "Condition": {"StringEquals": {"SourceArn": "a", "Department": "b"}}},
		),
	]))
	found := condition.findings with input as given
	found == {
		finding({
			"msg": concat(" ", [
				"statement 2 (s): StringEquals on Department names a key without a service prefix,",
				"which no request has",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "Department"],
			"remediation": "Write the key as AWS documents it, with aws: or kms: before it",
			"statement": {"index": 1, "sid": "s"},
		}),
		finding({
			"msg": concat(" ", [
				"statement 2 (s): StringEquals on SourceArn names a key without a service prefix,",
				"which no request has",
			]),
			"path": ["Statement", 1, "Condition", "StringEquals", "SourceArn"],
			"remediation": "Write aws:SourceArn",
			"statement": {"index": 1, "sid": "s"},
		}),
	}
}

test_leaves_templates_to_another_rule if {
	given := testing.of(testing.policy([
		testing.root,
		testing.but(testing.decrypt, {"Sid": "s", "Condition": {"StringEquals": {"${key}": "a"}}}),
	]))
	found := condition.findings with input as given
	count(found) == 0
}
