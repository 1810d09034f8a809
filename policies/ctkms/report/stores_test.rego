# What the examples of AWS's page give together, for a key that an event data store uses.
package ctkms.report_test

import data.ctkms.testing_test as testing

_store_expected := testing.store_with({"users": {testing.bob: null}})

_store_reports(statements, expected) := found if {
	found := data.ctkms.report.report with input as testing.of(testing.policy(statements)) with data.expected as expected
}

_store_verdict(statements, expected) := {[finding.rule, finding.level] |
	some finding in _store_reports(statements, expected).findings
	_store_rule(finding)
}

# Every error, and whatever the rules about stores say.
_store_rule(finding) if finding.level == "error"

_store_rule(finding) if startswith(finding.rule, "CT-EDS-")

_reminder := ["CT-EDS-IRREVERSIBLE", "note"]

_describe := ["CT-EDS-DESCRIBE", "warning"]

test_store_examples_2_6_7_pass_but_for_the_description if {
	statements := [testing.root, testing.store_encrypt, testing.store_user, testing.store_decrypt]
	_store_verdict(statements, _store_expected) == {_describe, _reminder}
	_store_reports(statements, _store_expected).cannot_tell == []
}

test_store_example_13_does_not_help_2_6_7 if {
	statements := [testing.root, testing.store_encrypt, testing.store_user, testing.store_decrypt, testing.describe]
	_store_verdict(statements, _store_expected) == {_describe, _reminder}
}

test_store_examples_1_5_13_are_for_trails if {
	statements := [testing.root, testing.encrypt, testing.decrypt, testing.describe]
	_store_verdict(statements, testing.store_with({})) == {
		["CT-EDS-ENCRYPT", "error"],
		["CT-EDS-NO-SOURCE", "error"],
		_describe,
		_reminder,
	}
	{[row.capability, row.decision] | some row in _store_reports(statements, testing.store_with({})).capabilities} == {
		["administer", "allow"],
		["decrypt_service", "allow"],
		["describe", "implicit_deny"],
		["encrypt", "implicit_deny"],
	}
}

test_store_the_account_statement_does_not_help_the_service if {
	_store_verdict([testing.root], _store_expected) == {
		["CT-EDS-ENCRYPT", "error"],
		["CT-EDS-DECRYPT-SVC", "error"],
		["CT-EDS-USER", "warning"],
		_describe,
		_reminder,
	}
}

test_store_console_default_passes if {
	statements := [testing.root, testing.but(testing.store_encrypt, {"Action": ["kms:GenerateDataKey", "kms:Decrypt"]})]
	_store_verdict(statements, testing.store_with({})) == {_describe, _reminder}
}

test_store_readers_of_trails_are_no_users if {
	root := testing.but(testing.root, {"Action": "kms:Put*"})
	statements := [testing.store_encrypt, testing.store_decrypt, testing.reader, root]
	_store_verdict(statements, _store_expected) == {["CT-EDS-USER", "error"], _describe, _reminder}
}

test_store_deny_of_other_organizations if {
	deny := {
		"Effect": "Deny",
		"Principal": "*",
		"Action": "kms:*",
		"Resource": "*",
		"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
	}
	statements := [testing.root, testing.store_encrypt, testing.store_decrypt, deny]
	_store_verdict(statements, testing.store_with({})) == {
		["CT-EDS-ENCRYPT", "error"],
		["CT-EDS-DECRYPT-SVC", "error"],
		["CT-UNUSABLE-CONDITION", "error"],
		_describe,
		_reminder,
	}
}

test_store_policy_copied_from_a_trail if {
	statement := testing.but(testing.store_encrypt, {
		"Action": ["kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey"],
		"Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}},
	})
	_store_verdict([testing.root, statement], testing.store_with({})) == {
		["CT-EDS-ENCRYPT", "error"],
		["CT-EDS-DECRYPT-SVC", "error"],
		["CT-EDS-NO-SOURCE", "error"],
		_describe,
		_reminder,
	}
}

test_store_shares_its_key_with_a_trail if {
	expected := object.union(testing.trail_with({}), testing.store_with({}))
	statements := [testing.root, testing.encrypt, testing.decrypt, testing.describe, testing.store_encrypt]
	_store_verdict(statements, expected) == {_describe, _reminder}
}

_decisions(report) := {[row.capability, row.decision] |
	some row in report.capabilities
	row.capability != "administer"
}

test_store_what_a_deny_makes_of_the_encryption_context_nobody_can_tell if {
	allowing := [testing.root, testing.store_encrypt, testing.store_user, testing.store_decrypt]
	deny := {
		"Effect": "Deny",
		"Principal": "*",
		"Action": "kms:*",
		"Resource": "*",
		"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "true"}},
	}
	found := _store_reports(array.concat(allowing, [deny]), _store_expected)
	_decisions(found) == {
		["encrypt", "unknown"],
		["decrypt_service", "unknown"],
		["use", "unknown"],
		["describe", "explicit_deny"],
	}
	count(found.cannot_tell) == 3
}

test_store_no_allow_may_ask_for_an_encryption_context if {
	condition := {"Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}}}
	statements := [testing.root, testing.but(testing.store_encrypt, condition), testing.store_decrypt]
	_decisions(_store_reports(statements, testing.store_with({}))) == {
		["encrypt", "implicit_deny"],
		["decrypt_service", "allow"],
		["describe", "implicit_deny"],
	}
}

test_store_the_organization_of_the_source_is_open if {
	deny := {
		"Effect": "Deny",
		"Principal": "*",
		"Action": "kms:*",
		"Resource": "*",
		"Condition": {"StringNotEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}},
	}
	statements := [testing.root, testing.store_encrypt, testing.store_decrypt, deny]
	_decisions(_store_reports(statements, testing.store_with({}))) == {
		["encrypt", "unknown"],
		["decrypt_service", "unknown"],
		["describe", "implicit_deny"],
	}
}
