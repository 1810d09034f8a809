package ctkms.main_test

import data.ctkms.main
import data.ctkms.testing_test as testing

_expected := testing.trail_with({"readers": {testing.bob: {}}})

test_nothing_is_denied_where_all_is_well if {
	main.deny == set() with input as testing.trail_policy with data.expected as _expected
	main.violation == set() with input as testing.trail_policy with data.expected as _expected
}

test_errors_are_denied_and_warnings_warned if {
	policy := testing.policy([testing.root, testing.describe, testing.decrypt])
	denied := main.deny with input as policy with data.expected as _expected
	{finding.rule | some finding in denied} == {"CT-TRAIL-ENCRYPT"}
	every finding in denied {
		object.keys(finding) == {
			"rule", "level", "msg", "key", "subject", "statement", "path", "remediation", "url",
		}
	}
	main.violation == denied with input as policy with data.expected as _expected
	warned := main.warn with input as policy with data.expected as _expected
	"CT-TRAIL-SOURCEARN" in {finding.rule | some finding in warned}
}

test_what_cannot_be_told_is_warned_of if {
	warned := main.warn with input as testing.trail_policy with data.expected as {}
	{
		"rule": "",
		"level": "warning",
		"msg": "cannot tell: what CloudTrail needs of this key: no expected trail or event data store uses it",
		"key": "key policy",
	} in warned
}

test_a_key_of_which_nothing_could_be_tried_is_denied if {
	denied := main.deny with input as testing.trail_policy with data.expected as {}
	denied == {{
		"rule": "",
		"level": "error",
		"msg": concat(" ", [
			"nothing was evaluated: what CloudTrail needs of this key:",
			"no expected trail or event data store uses it",
		]),
		"key": "key policy",
	}}
	other := "arn:aws:kms:us-east-1:111111111111:key/5678efab-34cd-56ef-78ab-567890abcdef"
	two := object.union(testing.trail_with({}), {"keys": {other: {}}})
	of_two := main.deny with input as testing.trail_policy with data.expected as two
	count(of_two) == 1
}

test_a_document_that_is_not_wrapped_chooses_no_profile if {
	policy := testing.policy([testing.root, testing.encrypt, testing.describe])
	chosen := object.union(policy, {"ctkms": {"profile": "hardened"}})
	warned := main.warn with input as chosen with data.expected as _expected
	"CT-TRAIL-DECRYPT-SVC" in {finding.rule | some finding in warned}
}

test_results_that_a_document_claims_for_itself_are_not_believed if {
	document := {"ctkms": {
		"document": testing.policy([testing.root]),
		"source": "policy.json",
		"memo": {"findings": [], "not_evaluated": [], "decisions": {}, "probes": {}},
	}}
	denied := main.deny with input as document with data.expected as _expected
	"CT-TRAIL-ENCRYPT" in {finding.rule | some finding in denied}
}

test_the_report_has_every_key if {
	found := main.report with input as testing.trail_policy with data.expected as _expected
	[[key.key, key.judged] | some key in found.keys] == [[testing.key, true]]
}

test_the_profile_and_the_day_of_a_wrapped_input_hold if {
	policy := testing.policy([testing.root, testing.encrypt, testing.describe])
	document := {"document": policy, "source": "policy.json"}
	documented := main.deny with input as {"ctkms": document} with data.expected as _expected
	strict := {"ctkms": object.union(document, {"profile": "hardened"})}
	hardened := main.deny with input as strict with data.expected as _expected
	count(hardened) > count(documented)
}

_cannot_tell(reason) := {
	"rule": "",
	"level": "warning",
	"msg": sprintf("cannot tell: %v", [reason]),
	"key": testing.key,
}

test_expectations_of_another_shape_are_no_pass if {
	odd := object.union(_expected, {"trails": {testing.trail: {"readers": [testing.bob]}}})
	reason := sprintf(
		"the expectations are not understood: trails > %v > readers: this is a list, not %v",
		[testing.trail, "a map keyed by the ARNs of users and roles"],
	)
	found := main.report with input as testing.trail_policy with data.expected as odd
	found.keys[0].cannot_tell == [reason]
	warned := main.warn with input as testing.trail_policy with data.expected as odd
	_cannot_tell(reason) in warned
}

_waiver(members) := object.union(_expected, {"waivers": {"later": object.union(
	{"rule": "CT-TRAIL-ENCRYPT", "key": testing.key, "reason": "r", "owner": "Ada", "expires": "2026-05-31"},
	members,
)}})

_uncovered := {"ctkms": {
	"document": testing.policy([testing.root, testing.describe, testing.decrypt]),
	"today": "2026-06-01",
}}

test_a_waiver_that_is_odd_waives_nothing_and_is_told if {
	odd := _waiver({"expires": "never"})
	denied := main.deny with input as _uncovered with data.expected as odd
	{finding.rule | some finding in denied} == {"CT-TRAIL-ENCRYPT"}
	warned := main.warn with input as _uncovered with data.expected as odd
	_cannot_tell("the waiver later waives nothing: expires is \"never\", which is no day written YYYY-MM-DD") in warned
}

test_a_waiver_that_has_expired_is_told if {
	late := _waiver({})
	denied := main.deny with input as _uncovered with data.expected as late
	{finding.rule | some finding in denied} == {"CT-TRAIL-ENCRYPT"}
	warned := main.warn with input as _uncovered with data.expected as late
	{
		"rule": "CT-TRAIL-ENCRYPT",
		"level": "warning",
		"msg": "the waiver later (Ada) expired: it was valid until 2026-05-31",
		"key": testing.key,
	} in warned
	in_time := _waiver({"expires": "2026-06-01"})
	allowed := main.deny with input as _uncovered with data.expected as in_time
	allowed == set()
	silent := main.warn with input as _uncovered with data.expected as in_time
	not "CT-TRAIL-ENCRYPT" in {warning.rule | some warning in silent}
}

_unjudged(document) := {denied.msg | some denied in found} if {
	found := main.deny with input as document with data.expected as _expected
}

test_without_an_input_nothing_passes if {
	reason := `there is no input: an OPA server takes the document as {"input": …}`
	denied := main.deny with data.expected as _expected
	denied == {{"rule": "", "level": "error", "msg": sprintf("nothing was evaluated: %v", [reason]), "key": ""}}
	warned := main.warn with data.expected as _expected
	warned == {{"rule": "", "level": "warning", "msg": sprintf("cannot tell: %v", [reason]), "key": ""}}
}

test_a_document_without_a_key_is_denied if {
	template := {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
	denied := main.deny with input as template with data.expected as _expected
	denied == {{
		"rule": "",
		"level": "error",
		"msg": "nothing was evaluated: the document holds no KMS key",
		"key": "",
	}}
	warned := main.warn with input as template with data.expected as _expected
	{one.msg | some one in warned} == {"cannot tell: the document holds no KMS key"}
}

test_what_is_meant_to_be_a_policy_and_is_none_is_denied if {
	every document in [null, 5, "x", [], {}, [5], {"statement": []}, {"ctkms": {"dokument": {}}}, {"Policy": {}}] {
		denied := main.deny with input as document with data.expected as _expected
		count(denied) == 1
	}
	_unjudged({"Policy": testing.trail_policy}) == {concat(" ", [
		"nothing was evaluated: key policy is not a key policy:",
		"the member Policy is an object, not the JSON text that KMS gives",
	])}
}

test_a_trail_without_its_key_is_denied if {
	document := {"trailList": [{"TrailARN": testing.trail, "Name": "t", "KmsKeyId": testing.key}]}
	denied := main.deny with input as document with data.expected as _expected
	count(denied) == 1
	some one in denied
	startswith(one.msg, "nothing was evaluated: it uses the key ")
}

test_files_that_are_no_key_policies_break_no_run_over_a_repository if {
	every document in [
		{"name": "package", "version": "1.0.0"},
		[{"name": "one"}, {"name": "two"}],
		{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}]},
		{"Version": "2012-10-17", "Statement": [{
			"Effect": "Allow",
			"Principal": {"Service": "ec2.amazonaws.com"},
			"Action": "sts:AssumeRole",
		}]},
	] {
		denied := main.deny with input as document with data.expected as _expected
		denied == set()
		warned := main.warn with input as document with data.expected as _expected
		count(warned) == 1
	}
}

test_what_a_wrapper_says_wrongly_is_told if {
	odd := {"document": testing.trail_policy, "key": 5, "profile": "strict", "today": 7}
	found := main.report with input as {"ctkms": odd} with data.expected as _expected
	{
		"the input is not understood: ctkms > key: 5 is not the ARN of a key",
		"the input is not understood: ctkms > profile: \"strict\" is not documented or hardened",
		"the input is not understood: ctkms > today: 7 is not a day written YYYY-MM-DD",
	} - {reason | some reason in found.keys[0].cannot_tell} == set()
	denied := main.deny with input as {"ctkms": odd} with data.expected as _expected
	count(denied) > 0
}
