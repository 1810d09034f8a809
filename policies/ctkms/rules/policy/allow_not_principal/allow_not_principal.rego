# METADATA
# title: No Allow with NotPrincipal
# description: |
#   An Allow with NotPrincipal is for everyone but those it names, callers of other accounts among them. It is an
#   error where a caller of a foreign account gets in by it, else a warning.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
# custom:
#   id: KP-ALLOW-NOTPRINCIPAL
#   level: warning
#   provenance: documented
package ctkms.rules.policy.allow_not_principal

import data.ctkms.evaluation
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Statements that let everyone in but those they name."
findings contains result.finding("KP-ALLOW-NOTPRINCIPAL", {
	"level": "error",
	"msg": sprintf("%v allows everyone but those it names: callers of any account may use %v", [
		policy.label(entry),
		concat(", ", sort(_admitted(entry))),
	]),
	"statement": entry,
	"path": ["NotPrincipal"],
	"remediation": "Name those who need the key under Principal",
}) if {
	some entry in _statements
	count(_admitted(entry)) > 0
}

# METADATA
# description: "Statements whose conditions keep foreign callers out."
findings contains result.finding("KP-ALLOW-NOTPRINCIPAL", {
	"msg": sprintf("%v allows everyone but those it names; only its other elements keep callers of other accounts out", [
		policy.label(entry),
	]),
	"statement": entry,
	"path": ["NotPrincipal"],
	"remediation": "Name those who need the key under Principal",
}) if {
	some entry in _statements
	count(_admitted(entry)) == 0
}

_statements := [entry |
	some entry in data.ctkms.evaluation.statements
	entry.statement.Effect == "Allow"
	"NotPrincipal" in object.keys(entry.statement)
]

_admitted(entry) := {one.probe.request.action |
	some one in evaluation.tried("anyone")
	entry.index in one.decision.allowed_by
	not one.decision.decision in {"implicit_deny", "explicit_deny"}
	count(one.decision.maybe_denied_by) == 0
}
