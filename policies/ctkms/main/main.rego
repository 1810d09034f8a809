# METADATA
# title: Verdicts on a document
# description: |
#   The facade for opa, conftest and OPA servers: errors, warnings and the whole report for the document that is the
#   input.
# custom:
#   library: true
package ctkms.main

# METADATA
# title: Errors
# description: |
#   Findings of level error, as objects with rule, level, msg, key, subject, statement, remediation, url; and that
#   nothing was evaluated: where there is no input, or no key in it, and for each key of which nothing that CloudTrail
#   needs could be tried, as for want of expectations. Whoever asks for errors alone must not take that for a pass.
#   Files that are no key policies at all, such as IAM policies and settings of other tools, are warnings alone, so that
#   conftest may run over a whole repository.
# entrypoint: true
deny contains finding if {
	some key in report.keys
	some finding in key.findings
	finding.level == "error"
}

deny contains {"rule": "", "level": "error", "msg": msg, "key": key.key} if {
	some key in report.keys
	key.judged
	count([row | some row in key.capabilities; row.subject != null]) == 0
	count(key.cannot_tell) > 0
	msg := sprintf("nothing was evaluated: %v", [concat("; ", key.cannot_tell)])
}

deny contains {"rule": "", "level": "error", "msg": sprintf("nothing was evaluated: %v", [reason]), "key": ""} if {
	some reason in _nothing
}

deny contains {"rule": "", "level": "error", "msg": msg, "key": key.key} if {
	count([one | some one in report.keys; one.judged]) == 0
	some index, key in report.keys
	not _is_foreign(data.ctkms.documents.keys[index])
	msg := sprintf("nothing was evaluated: %v", [concat("; ", key.cannot_tell)])
}

# METADATA
# title: Warnings
# description: "Findings of level warning, and what cannot be told: neither is a pass."
# entrypoint: true
warn contains finding if {
	some key in report.keys
	some finding in key.findings
	finding.level == "warning"
}

warn contains {"rule": "", "level": "warning", "msg": sprintf("cannot tell: %v", [reason]), "key": key.key} if {
	some key in report.keys
	some reason in key.cannot_tell
}

warn contains {"rule": "", "level": "warning", "msg": sprintf("cannot tell: %v", [reason]), "key": ""} if {
	some reason in _nothing
}

warn contains object.union(said, {"rule": expired.rule, "key": expired.key}) if {
	some key in report.keys
	some expired in key.expired_waivers
	some finding in key.findings
	finding.rule == expired.rule
	finding.level != "note"
	said := {"level": "warning", "msg": sprintf(
		"the waiver %v (%v) expired: it was valid until %v",
		[expired.waiver, expired.owner, expired.expires],
	)}
}

# METADATA
# title: Errors, under the name that Gatekeeper and conftest also know
# entrypoint: true
violation := deny

# METADATA
# title: The whole report
# description: |
#   {keys: [the report of each key]}: findings, capabilities, waived findings, what was not evaluated and what
#   cannot be told; to which belongs what is odd in the expectations.
# entrypoint: true
report := {"keys": [object.union(said, {"cannot_tell": sort(open)}) |
	some key in data.ctkms.documents.keys
	said := data.ctkms.report.report with input as {"ctkms": object.union(_asked, {"key": key})}
	open := {reason | some reason in said.cannot_tell} | _mistakes
]}

_mistakes := (data.ctkms.expectations.mistakes.found | data.ctkms.waiver.mistakes) | data.ctkms.documents.mistakes

# Why there is nothing at all to say anything of.
_nothing contains `there is no input: an OPA server takes the document as {"input": …}` if {
	_given == false
}

_nothing contains "the document holds no KMS key" if {
	_given
	count(data.ctkms.documents.keys) == 0
}

# Whether there is an input, be it null or false.
default _given := false

_given if is_string(type_name(input))

# What is something else than a key policy, and not one that is written wrongly.
_is_foreign(key) if key.kind in {"iam-policy", "trust-policy"}

_is_foreign(key) if {
	key.kind == "unrecognised"
	not data.ctkms.documents.looks_like_one
}

# The profile and the day, where the input is wrapped and names them.
_asked := object.filter(data.ctkms.documents.wrapper, ["profile", "today"])
