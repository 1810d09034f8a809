# METADATA
# title: Findings
# description: "The one place where a finding gets its shape."
# custom:
#   library: true
package ctkms.result

# METADATA
# description: |
#   The finding of rule `id`: `fields` has msg and remediation, and as far as they apply subject, statement ({index,
#   sid}), path (of the element, below the policy), level (where it differs from the rule's own) and provenance
#   (likewise). Level open is a warning that no profile turns into an error: of what nobody documents.
finding(id, fields) := {
	"rule": id,
	"level": _level(
		object.get(fields, "provenance", data.ctkms.catalogue.rules[id].provenance),
		object.get(fields, "level", data.ctkms.catalogue.rules[id].level),
	),
	"msg": fields.msg,
	"key": data.ctkms.evaluation.key.label,
	"subject": object.get(fields, "subject", null),
	"statement": _statement(object.get(fields, "statement", null)),
	"path": _path(object.get(fields, "statement", null), object.get(fields, "path", [])),
	"remediation": fields.remediation,
	"url": data.ctkms.catalogue.rules[id].url,
}

# Under the hardened profile what AWS recommends is demanded; what is only inferred never is.
_level(provenance, "warning") := "error" if {
	data.ctkms.evaluation.profile == "hardened"
	provenance != "inferred"
} else := "warning"

_level(_, "open") := "warning"

_level(_, level) := level if not level in {"warning", "open"}

_statement(null) := null

_statement(entry) := {"index": entry.index, "sid": entry.sid} if is_object(entry)

_path(null, path) := path

_path(entry, path) := array.concat(["Statement", entry.index], path) if is_object(entry)
