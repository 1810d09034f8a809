package ctkms.cloudtrail.claim_test

import data.ctkms.cloudtrail.claim
import data.ctkms.policy

_entries(effect, condition) := policy.statements({"Statement": [{"Effect": effect, "Condition": condition}]})

_allowed(condition) := [[asked.key, asked.values, asked.like] |
	some asked in claim.of_allow(_entries("Allow", condition)[0])
]

_escaped(condition) := [[asked.key, asked.values, asked.like] |
	some asked in claim.of_denies(_entries("Deny", condition))
]

test_what_an_allow_asks_for if {
	_allowed({"StringLike": {"aws:PrincipalArn": ["a*", "b"]}}) == [["aws:principalarn", ["a*", "b"], true]]
	_allowed({"StringEqualsIfExists": {"kms:ViaService": "s3"}}) == [["kms:viaservice", ["s3"], false]]
	_allowed({"Bool": {"aws:MultiFactorAuthPresent": true}}) == [["aws:multifactorauthpresent", ["true"], false]]
	_allowed({"NumericLessThan": {"aws:MultiFactorAuthAge": 60}}) == [["aws:multifactorauthage", ["0"], false]]
	_allowed({"Null": {"a": "false", "b": "true"}}) == [["a", [], false]]
	_allowed({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}}) == [["aws:sourceip", ["198.51.100.77"], false]]
	_allowed({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}) == [["aws:sourceip", ["198.51.100.77"], false]]
	_allowed({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}) == []
	_allowed({"StringNotEquals": {"kms:ViaService": "s3"}}) == []
	_allowed({"StringEquals": {"kms:ViaService": {"ctkms:unknown": "later"}}}) == [["kms:viaservice", [], false]]
}

test_what_escapes_a_deny if {
	_escaped({"StringNotLike": {"kms:ViaService": "s3.*"}}) == [["kms:viaservice", ["s3.*"], true]]
	_escaped({"Bool": {"aws:ViaAWSService": "true"}}) == [["aws:viaawsservice", ["false"], false]]
	_escaped({"BoolIfExists": {"aws:MultiFactorAuthPresent": "False"}}) == [[
		"aws:multifactorauthpresent",
		["true"],
		false,
	]]
	_escaped({"StringEqualsIfExists": {"aws:PrincipalTag/a": "b"}}) == [["aws:principaltag/a", [], false]]
	_escaped({"Null": {"a": "true", "b": "false"}}) == [["a", [], false]]
	_escaped({"StringEquals": {"kms:ViaService": "s3"}}) == []
	claim.of_denies(_entries("Allow", {"StringNotEquals": {"kms:ViaService": "s3"}})) == []
}

test_one_value_meets_all_demands_on_a_key if {
	_value({"StringLike": {"a": ["x*", "y"]}}) == "y"
	_value({"StringLike": {"a": "x*"}, "Null": {"a": "false"}}) == "xctkms-stranger"
	_value({"Null": {"a": "false"}}) == "ctkms-stranger"
	_value({"StringEquals": {"a": "x*"}}) == "x*"
	_value({"StringLike": {"a": "${aws:username}*"}}) == {"ctkms:unknown": "a value with a variable"}
	_value({"StringEquals": {"a": ["${aws:username}", "z"]}}) == "z"
}

_value(condition) := claim.value(claim.of_allow(_entries("Allow", condition)[0]))

test_organizations_to_come_from if {
	_organizations({"StringEquals": {"kms:ViaService": "s3"}}) == {["", []]}
	_organizations({"StringEquals": {"aws:PrincipalOrgID": ["o-a", "${aws:ResourceOrgID}"]}}) == {
		["", []],
		["o-a", ["o-a/r-strg/ou-strg-stranger/"]],
	}
	_organizations({"StringLike": {"aws:PrincipalOrgID": "o-*"}}) == _any
	_organizations({"Null": {"aws:PrincipalOrgID": "false"}}) == _any
	_organizations({"Null": {"aws:PrincipalOrgPaths": "false"}}) == _any
	_organizations({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a/r-b/*"}}) == {
		["", []],
		["o-a", ["o-a/r-b/ctkms-stranger"]],
	}
}

_any := {["", []], ["o-ctkmsstranger", ["o-ctkmsstranger/r-strg/ou-strg-stranger/"]]}

_organizations(condition) := claim.organizations(
	claim.of_allow(_entries("Allow", condition)[0]),
	"aws:principalorgid",
	"aws:principalorgpaths",
)
