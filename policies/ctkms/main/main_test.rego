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
