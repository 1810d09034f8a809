package ctkms.custom_test

import data.ctkms.custom
import data.ctkms.testing_test as testing

whole := {
	"rule": "ACME-ONE",
	"level": "note",
	"msg": "not so",
	"key": testing.key,
	"subject": testing.trail,
	"statement": {"index": 1, "sid": null},
	"path": ["Statement", 1],
	"remediation": "do so",
	"url": "https://example.com/",
}

_rules(findings, not_evaluated) := {"acme": {"one": {"findings": findings, "not_evaluated": not_evaluated}}}

# What the package gives where opa loads the rules.
_loaded(findings, not_evaluated) := found if {
	given := testing.of(testing.trail_policy)
	rules := _rules(findings, not_evaluated)
	found := custom with input as given with data.custom.ctkms as rules
}

_sparse := {
	"rule": "ACME-ONE",
	"level": "error",
	"msg": "not so",
	"key": testing.key,
	"subject": null,
	"statement": null,
	"path": [],
	"remediation": "",
	"url": "",
}

test_findings_are_completed_and_errors_unless_they_say if {
	_loaded({{"rule": "ACME-ONE", "msg": "not so"}}, set()).findings == {_sparse}
	_loaded([{"rule": "ACME-ONE", "msg": "not so", "level": "fatal"}], set()).findings == {_sparse}
	_loaded({whole}, set()).findings == {whole}
}

test_the_key_is_the_one_under_evaluation if {
	_loaded({object.union(whole, {"key": "another"})}, set()).findings == {whole}
}

test_what_is_no_finding_is_told if {
	found := _loaded({"text", {"msg": "no rule"}, {"rule": "ACME-ONE", "msg": 3}}, {"text", {"rule": "ACME-ONE"}})
	found.findings == set()
	found.not_evaluated == set()
	found.unreadable == {
		`what a rule of your own means by "text"`,
		`what a rule of your own means by {"msg":"no rule"}`,
		`what a rule of your own means by {"msg":3,"rule":"ACME-ONE"}`,
		`what a rule of your own means by {"rule":"ACME-ONE"}`,
	}
}

test_not_evaluated if {
	missing := {"rule": "ACME-ONE", "why": "no data"}
	_loaded(set(), {missing}).not_evaluated == {missing}
}

test_what_a_caller_evaluated_itself_has_the_level_and_link_of_its_metadata if {
	missing := {"rule": "ACME-ONE", "why": "no data"}
	given := {"ctkms": object.union(testing.of(testing.trail_policy).ctkms, {"custom": [{
		"level": "warning",
		"url": "https://example.com/rule",
		"findings": [{"rule": "ACME-ONE", "msg": "not so"}, whole],
		"not_evaluated": [missing],
	}]})}
	completed := object.union(_sparse, {"level": "warning", "url": "https://example.com/rule"})
	found := custom with input as given
	found.findings == {completed, whole}
	found.not_evaluated == {missing}
	found.unreadable == set()
}

test_without_users_rules_there_is_nothing if {
	given := testing.of(testing.trail_policy)
	found := custom with input as given
	found.findings == set()
	found.not_evaluated == set()
	found.unreadable == set()
}
