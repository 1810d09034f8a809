package ctkms.registry_test

import data.ctkms.registry
import data.ctkms.testing_test as testing

test_findings_of_several_families_are_gathered if {
	findings := registry.findings with input as testing.of(testing.policy([testing.encrypt]))
		with data.expected as testing.trail_with({})
	count({"CT-TRAIL-DESCRIBE", "KP-LOCKOUT"} - {finding.rule | some finding in findings}) == 0
}

test_what_was_not_evaluated_is_gathered if {
	missing := registry.not_evaluated with input as testing.of(testing.trail_policy)
		with data.expected as testing.trail_with({})
	"CT-KEY-STATE" in {one.rule | some one in missing}
}
