package ctkms.result_test

import data.ctkms.result
import data.ctkms.testing_test as testing

_entry := {"index": 1, "sid": "Sid", "statement": {}}

_fields := {"msg": "what", "remediation": "do", "statement": _entry, "path": ["Action"]}

_finding(level) := {
	"rule": "KP-VERSION",
	"level": level,
	"msg": "what",
	"key": testing.key,
	"subject": null,
	"statement": {"index": 1, "sid": "Sid"},
	"path": ["Statement", 1, "Action"],
	"remediation": "do",
	"url": data.ctkms.catalogue.rules["KP-VERSION"].url,
}

_hardened := object.union(testing.of(testing.trail_policy), {"ctkms": {"profile": "hardened"}})

test_a_finding_takes_its_level_from_the_catalogue if {
	finding := result.finding("KP-VERSION", _fields) with input as testing.of(testing.trail_policy)
	finding == _finding("warning")
}

test_a_finding_may_have_a_level_of_its_own if {
	fields := object.union(_fields, {"level": "note"})
	finding := result.finding("KP-VERSION", fields) with input as testing.of(testing.trail_policy)
	finding == _finding("note")
}

test_a_finding_about_the_policy_as_a_whole if {
	fields := {"msg": "what", "remediation": "do", "path": ["Version"], "subject": testing.trail}
	finding := result.finding("KP-VERSION", fields) with input as testing.of(testing.trail_policy)
	finding == object.union(_finding("warning"), {"statement": null, "path": ["Version"], "subject": testing.trail})
}

test_hardened_demands_what_is_recommended if {
	warning := result.finding("KP-VERSION", _fields) with input as _hardened
	warning == _finding("error")
	note := result.finding("KP-VERSION", object.union(_fields, {"level": "note"})) with input as _hardened
	note == _finding("note")
}

test_hardened_never_demands_what_is_only_inferred if {
	inferred := [id | some id, rule in data.ctkms.catalogue.rules; rule.provenance == "inferred"]
	count(inferred) > 0
	every id in inferred {
		finding := result.finding(id, object.union(_fields, {"level": "warning"})) with input as _hardened
		finding.level == "warning"
	}
}

test_hardened_never_demands_what_nobody_documents if {
	fields := object.union(_fields, {"level": "open"})
	hardened := result.finding("KP-VERSION", fields) with input as _hardened
	hardened == _finding("warning")
	documented := result.finding("KP-VERSION", fields) with input as testing.of(testing.trail_policy)
	documented == _finding("warning")
}

test_the_profile_may_stand_in_the_expectations if {
	finding := result.finding("KP-VERSION", _fields) with input as testing.of(testing.trail_policy)
		with data.expected as {"profile": "hardened"}
	finding == _finding("error")
}
