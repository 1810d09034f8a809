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

import data.ctkms.people.outsider
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Statements that let everyone in but those they name."
findings contains result.finding("KP-ALLOW-NOTPRINCIPAL", {
	"level": "error",
	"msg": sprintf("%v allows everyone but those it names: callers of any account may use %v%v", [
		policy.label(entry), outsider.actions(admitted), outsider.way(admitted),
	]),
	"statement": entry,
	"path": ["NotPrincipal"],
	"remediation": "Name those who need the key under Principal",
}) if {
	some entry in _statements
	admitted := outsider.world(entry)
	count(admitted) > 0
}

# METADATA
# description: "Statements by which those of the key's account whom they do not name may change or destroy the key."
findings contains result.finding("KP-ALLOW-NOTPRINCIPAL", {
	"level": outsider.inside(entry),
	"msg": sprintf("%v allows everyone but those it names: every other user and role of the key's account may use %v", [
		policy.label(entry), outsider.actions(admitted),
	]),
	"statement": entry,
	"path": ["NotPrincipal"],
	"remediation": "Name those who need the key under Principal",
}) if {
	some entry in _statements
	admitted := outsider.insiders(entry)
	count(admitted) > 0
}

# METADATA
# description: "Statements of which their other elements keep foreign callers out, but for those whom they let in."
findings contains result.finding("KP-ALLOW-NOTPRINCIPAL", {
	"msg": sprintf("%v allows everyone but those it names%v", [policy.label(entry), _but(entry)]),
	"statement": entry,
	"path": ["NotPrincipal"],
	"remediation": "Name those who need the key under Principal",
}) if {
	some entry in _statements
	count(outsider.world(entry)) + count(outsider.insiders(entry)) == 0
}

_statements := [entry |
	some entry in data.ctkms.evaluation.statements
	entry.statement.Effect == "Allow"
	"NotPrincipal" in object.keys(entry.statement)
]

_but(entry) := sprintf(", and %v, whom nobody expects, may use %v%v", [
	concat(", ", sort({whom | some one in named; whom := _whom(one.probe)})), outsider.actions(named), outsider.way(named),
]) if {
	named := array.concat(outsider.named(entry, "account"), outsider.named(entry, "organization"))
	count(named) > 0
} else := sprintf("; whether its other elements keep callers of other accounts out cannot be told, it hangs on %v", [
	outsider.hanging(entry, outsider.doubtful(entry)[0]),
]) if {
	count(outsider.doubtful(entry)) > 0
} else := "; only its other elements keep callers of other accounts out"

_whom(probe) := sprintf("account %v", [probe.request.context["aws:PrincipalAccount"]]) if {
	probe.from == "account"
} else := sprintf("organization %v", [probe.request.context["aws:PrincipalOrgID"]])
