# METADATA
# title: Each Sid is there once and says something
# description: |
#   The Sid is the name of a statement, for people and for waivers. KMS does not ask for unique ones, but of two
#   statements with the same Sid nobody can tell which one is meant.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
# custom:
#   id: KP-SID
#   level: note
#   provenance: documented
package ctkms.rules.policy.sid

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "A Sid that an earlier statement has."
findings contains result.finding("KP-SID", {
	"msg": sprintf("%v has the Sid of statement %v", [policy.label(entry), indices[0] + 1]),
	"statement": entry,
	"path": ["Sid"],
	"remediation": "Give each statement a Sid of its own",
}) if {
	some entry in data.ctkms.evaluation.statements
	is_string(entry.sid)
	entry.sid != ""
	indices := _by_sid[entry.sid]
	entry.index > indices[0]
}

# METADATA
# description: "An empty Sid."
findings contains result.finding("KP-SID", {
	"msg": sprintf("%v has an empty Sid", [policy.label(entry)]),
	"statement": entry,
	"path": ["Sid"],
	"remediation": "Name what the statement is for, or leave the Sid out",
}) if {
	some entry in data.ctkms.evaluation.statements
	entry.sid == ""
}

# METADATA
# description: "Characters that cannot be seen."
findings contains result.finding("KP-SID", {
	"msg": sprintf("statement %v: the Sid holds control characters, which cannot be seen", [entry.index + 1]),
	"statement": entry,
	"path": ["Sid"],
	"remediation": "Write the Sid with letters, digits and spaces only",
}) if {
	some entry in data.ctkms.evaluation.statements
	is_string(entry.sid)
	regex.match(`[\x00-\x1f\x7f-\x9f\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}\x{feff}]`, entry.sid)
}

# METADATA
# description: "No text at all."
findings contains result.finding("KP-SID", {
	"level": "warning",
	"msg": sprintf("statement %v: the Sid is %v; it has to be a text", [entry.index + 1, policy.compact(sid)]),
	"statement": entry,
	"path": ["Sid"],
	"remediation": "Write the Sid in quotation marks",
}) if {
	some entry in data.ctkms.evaluation.statements
	"Sid" in object.keys(entry.statement)
	sid := entry.statement.Sid
	not is_string(sid)
	not policy.is_unknown(sid)
}

_by_sid[sid] := indices if {
	some sid in {entry.sid | some entry in data.ctkms.evaluation.statements}
	indices := [entry.index |
		some entry in data.ctkms.evaluation.statements
		entry.sid == sid
	]
}
