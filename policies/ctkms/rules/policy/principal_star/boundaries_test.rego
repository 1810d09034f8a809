package ctkms.rules.policy.principal_star_test

import data.ctkms.rules.policy.principal_star
import data.ctkms.testing_test as testing

test_passes_everyone_named_by_not_principal if {
	statement := object.union(
		object.remove(testing.decrypt, ["Principal"]),
		{"NotPrincipal": {"Service": "*"}},
	)
	given := testing.of(testing.policy([testing.root, statement]))
	found := principal_star.findings with input as given with data.expected as {"keys": {testing.key: {}}}
	count(found) == 0
}

# What is not known of another statement's principals does not make that one for everyone.
test_a_remedy_is_tried_beside_principals_that_are_not_known if {
	unknown := object.union(
		object.remove(testing.decrypt, ["Principal"]),
		{"Principal": {"AWS": [{"ctkms:unknown": "x"}, "arn:aws:iam::111111111111:root"]}},
	)
	given := testing.of(testing.policy([testing.root, _everyone({}), unknown]))
	found := principal_star.findings with input as given with data.expected as {"keys": {testing.key: {}}}
	remedies := {one.remediation | some one in found}
	remedies == {"Name the accounts, users and roles that need the key in place of \"*\""}
}
