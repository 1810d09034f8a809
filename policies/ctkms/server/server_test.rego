package ctkms.server_test

import data.ctkms.server
import data.ctkms.testing_test as testing

_wrapper := {"document": testing.trail_policy, "source": "policy.json", "key": null}

_elsewhere := {"keys": {"arn:aws:kms:eu-west-1:999999999999:key/99999999-9999-9999-9999-999999999999": {}}}

test_the_expectations_of_the_question_hold if {
	question := {"ctkms": _wrapper, "expected": testing.trail_with({})}
	found := server.keys with input as question with data.expected as _elsewhere
	[[key.arn, key.source] | some key in found] == [[testing.key, "policy.json"]]
}

test_without_any_those_of_the_server_do_not_count if {
	found := server.keys with input as {"ctkms": _wrapper, "expected": {}} with data.expected as _elsewhere
	[key.arn | some key in found] == [null]
}

test_the_report_is_that_of_the_pack if {
	expected := testing.trail_with({})
	keys := data.ctkms.documents.keys with input as {"ctkms": _wrapper} with data.expected as expected
	question := {"key": keys[0], "profile": "documented", "today": "2026-01-01"}
	report := data.ctkms.report.report with input as {"ctkms": question} with data.expected as expected
	asked := {"ctkms": question, "expected": expected}
	served := server.report with input as asked with data.expected as _elsewhere
	served == report
	served.judged
}

test_the_matrix_is_that_of_the_pack if {
	expected := testing.trail_with({})
	keys := data.ctkms.documents.keys with input as {"ctkms": _wrapper} with data.expected as expected
	question := {"key": keys[0], "profile": "documented", "today": "2026-01-01"}
	table := data.ctkms.matrix.table with input as {"ctkms": question} with data.expected as expected
	asked := {"ctkms": question, "expected": expected}
	served := server.matrix with input as asked with data.expected as _elsewhere
	served == table
	served[0].who == testing.trail
}

test_the_explanations_are_those_of_the_pack if {
	expected := testing.trail_with({})
	wrapper := {"document": testing.policy([testing.encrypt]), "source": "policy.json", "key": testing.key}
	keys := data.ctkms.documents.keys with input as {"ctkms": wrapper}
		with data.expected as expected
	question := {"key": keys[0], "profile": "documented", "today": "2026-01-01"}
	explained := data.ctkms.explanation.refused with input as {"ctkms": question} with data.expected as expected
	asked := {"ctkms": question, "expected": expected}
	served := server.refused with input as asked with data.expected as _elsewhere
	served == explained
	count(served) > 0
}
