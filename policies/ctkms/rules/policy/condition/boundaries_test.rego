package ctkms.rules.policy.condition_test

import data.ctkms.rules.policy.condition
import data.ctkms.testing_test as testing

# What is said of a condition of the second statement, after its label, with the level and the advice.
_said(written) := _said_of({"Condition": written})

_said_of(members) := {[one.level, trim_prefix(one.msg, "statement 2 (s): "), one.remediation] | some one in found} if {
	statement := object.union_n([testing.decrypt, {"Sid": "s"}, members])
	found := condition.findings with input as testing.of(testing.policy([testing.root, statement]))
}

_operators := [
	"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
	"StringNotLike", "ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike", "BinaryEquals", "IpAddress",
	"NotIpAddress", "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals",
	"NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan",
	"DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
]

test_passes_every_operator_that_exists if {
	every operator in _operators {
		_said({operator: {"aws:PrincipalTag/x": "a"}}) == set()
		_said({sprintf("%vIfExists", [operator]): {"aws:PrincipalTag/x": "a"}}) == set()
		_said({sprintf("ForAnyValue:%v", [operator]): {"aws:PrincipalTag/x": "a"}}) == set()
	}
	every operator in ["Bool", "BoolIfExists", "Null"] {
		_said({operator: {"aws:PrincipalTag/x": "True"}}) == set()
	}
}

test_fails_on_null_with_if_exists_in_every_form if {
	every operator in ["ForAllValues:NullIfExists", "ForAnyValue:NullIfExists", "nullIFEXISTS"] {
		said := _said({operator: {"aws:SourceArn": "true"}})
		said == {[
			"error",
			sprintf("%v on aws:SourceArn cannot be: Null has no IfExists form", [operator]),
			"Write Null without IfExists",
		]}
	}
}

test_warns_of_if_exists_in_other_letters if {
	said := _said({"StringEqualsIFEXISTS": {"aws:SourceArn": "a"}})
	{advice | some [_, _, advice] in said} == {"Write StringEqualsIfExists"}
}

test_a_list_in_place_of_a_condition_is_one_fault if {
	_said(["StringEquals"]) == {[
		"error",
		"Condition is a list; it has to be an object",
		"Write conditions as {\"OPERATOR\": {\"KEY\": VALUE}}",
	]}
}

test_fails_on_a_wildcard_that_no_such_operator_knows if {
	cases := [
		["aws:PrincipalTag/x", "arn:aws:iam::111111111111:role/a?"],
		["aws:SourceArn", "*:trail/a"],
		["aws:PrincipalArn", "??n:aws:iam::111111111111:root"],
		["kms:ViaService", "s3.*.amazonaws.com"],
		["kms:EncryptionContext:team", "log*"],
	]
	every operator in ["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"] {
		every case in cases {
			{[level, words] | some [level, words, _] in _said({operator: {case[0]: case[1]}})} == {["warning", sprintf(
				"%v on %v takes the wildcard in %v literally, so no request ever has that value",
				[operator, case[0], case[1]],
			)]}
		}
	}
}

test_passes_a_wildcard_in_what_is_no_arn if {
	_said({"StringEquals": {"aws:PrincipalTag/x": "not an arn:*"}}) == set()
}

test_says_once_that_a_value_is_no_scalar if {
	{words | some [_, words, _] in _said({"Bool": {"aws:SecureTransport": [["x"], {"a": 1}, null]}})} == {
		"Bool on aws:SecureTransport has a value that is a list",
		"Bool on aws:SecureTransport has a value that is an object",
		"Bool on aws:SecureTransport has a value that is null",
	}
}

test_compares_with_true_and_false_and_variables_only if {
	said := _said({"Bool": {"aws:SecureTransport": [0, "x${aws:username}", "FALSE"]}})
	{words | some [_, words, _] in said} == {
		"Bool on aws:SecureTransport has the value 0; it compares with true and false only",
	}
}

test_only_null_is_the_wrong_way_round_and_only_for_cloudtrails_data if {
	_said({"StringEquals": {"kms:EncryptionContext:aws:cloudtrail:arn": "true"}}) == set()
	_said({"Null": {"aws:SourceArn": "true"}}) == set()
	_said({"Null": {"aws:TagKeys": "true"}}) == set()
}

test_null_is_the_wrong_way_round_for_whatever_decrypts if {
	asked := {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "true"}}
	counts := {action: count(_said_of({"Action": action, "Condition": asked})) |
		some action in ["kms:Decrypt", "kms:decrypt*", "kms:*", "*", "kms:Encrypt"]
	}
	counts == {"kms:Decrypt": 1, "kms:decrypt*": 1, "kms:*": 1, "*": 1, "kms:Encrypt": 0}
}

_single := [
	"aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalType", "aws:SourceAccount",
	"aws:SourceArn", "aws:SourceIp", "aws:SourceOrgID", "aws:SourceVpc", "aws:SourceVpce", "aws:userid", "aws:username",
	"aws:ViaAWSService", "aws:PrincipalIsAWSService", "aws:PrincipalServiceName", "aws:SecureTransport",
	"kms:CallerAccount", "kms:ViaService", "kms:GrantIsForAWSResource", "kms:GranteePrincipal", "kms:KeyOrigin",
	"kms:KeySpec", "kms:KeyUsage", "kms:RequestAlias",
]

test_fails_on_a_set_operator_on_every_key_of_one_value if {
	every key in _single {
		_said({"ForAnyValue:StringEquals": {key: "a"}}) == {[
			"warning",
			sprintf("ForAnyValue:StringEquals on %v uses ForAnyValue on a key with a single value", [key]),
			"Write StringEquals",
		]}
	}
}

_multiple := [
	"aws:CalledVia", "aws:PrincipalOrgPaths", "aws:PrincipalServiceNamesList", "aws:SourceOrgPaths", "aws:TagKeys",
	"kms:EncryptionContextKeys", "kms:GrantOperations", "kms:ResourceAliases",
]

test_fails_on_a_plain_operator_on_every_key_of_many_values if {
	every key in _multiple {
		_said({"StringEquals": {key: "a"}}) == {[
			"warning",
			sprintf(
				"StringEquals on %v compares a key of many values as if it had one; what that means is not documented",
				[key],
			),
			"Write ForAllValues:StringEquals or ForAnyValue:StringEquals",
		]}
	}
}

test_says_which_prefix_a_key_lacks if {
	prefixed := {
		"CallerAccount": "kms:CallerAccount",
		"EncryptionContextKeys": "kms:EncryptionContextKeys",
		"GrantIsForAWSResource": "kms:GrantIsForAWSResource",
		"ViaService": "kms:ViaService",
		"PrincipalArn": "aws:PrincipalArn",
		"PrincipalOrgID": "aws:PrincipalOrgID",
		"SourceAccount": "aws:SourceAccount",
		"SourceArn": "aws:SourceArn",
		"else": "the key as AWS documents it, with aws: or kms: before it",
	}
	every name, right in prefixed {
		_said({"StringEquals": {name: "a"}}) == {[
			"warning",
			sprintf("StringEquals on %v names a key without a service prefix, which no request has", [name]),
			sprintf("Write %v", [right]),
		]}
	}
}

test_leaves_a_template_inside_a_key_to_another_rule if {
	_said({"StringEquals": {"x${key}": "a"}}) == set()
}
