# METADATA
# title: What users' own rules found
# description: |
#   Users' rules are packages custom.ctkms.<family>.<rule> with findings (objects with rule and msg, best made by
#   ctkms.api.finding) and, if they lack their data, not_evaluated ({rule, why}). They add to what the pack finds.
#   A caller that evaluates them itself passes what they gave as input.ctkms.custom, a list of {"level", "url",
#   "findings", "not_evaluated"} with level and url from the METADATA of the rule, which engines do not hand to rules.
# custom:
#   library: true
package ctkms.custom

# METADATA
# scope: document
# description: "The findings, each completed to the shape of ctkms.result."
findings contains _complete(finding, "error", "") if {
	finding := data.custom.ctkms[_][_].findings[_]
	_is_finding(finding)
}

findings contains _complete(finding, given.level, given.url) if {
	some given in _given
	some finding in given.findings
}

# METADATA
# scope: document
# description: "Which rules lacked their data, as {rule, why}."
not_evaluated contains missing if {
	missing := data.custom.ctkms[_][_].not_evaluated[_]
	_is_missing(missing)
}

not_evaluated contains missing if {
	some given in _given
	some missing in given.not_evaluated
}

# METADATA
# scope: document
# description: "What a rule gave that is no finding, in words: it must not pass unseen."
unreadable contains sprintf("what a rule of your own means by %v", [json.marshal(finding)]) if {
	finding := data.custom.ctkms[_][_].findings[_]
	not _is_finding(finding)
}

unreadable contains sprintf("what a rule of your own means by %v", [json.marshal(missing)]) if {
	missing := data.custom.ctkms[_][_].not_evaluated[_]
	not _is_missing(missing)
}

_given := object.get(input.ctkms, "custom", [])

_is_finding(finding) if {
	is_object(finding)
	every member in ["rule", "msg"] {
		is_string(object.get(finding, member, null))
	}
}

_is_missing(missing) if {
	is_object(missing)
	every member in ["rule", "why"] {
		is_string(object.get(missing, member, null))
	}
}

_complete(finding, level, url) := {
	"rule": finding.rule,
	"level": _level(object.get(finding, "level", level)),
	"msg": finding.msg,
	"key": data.ctkms.evaluation.key.label,
	"subject": object.get(finding, "subject", null),
	"statement": object.get(finding, "statement", null),
	"path": object.get(finding, "path", []),
	"remediation": object.get(finding, "remediation", ""),
	"url": object.get(finding, "url", url),
}

# A level that does not exist would be nobody's.
_level(level) := level if {
	level in {"error", "warning", "note"}
} else := "error"
