# METADATA
# title: Nobody outside is let in by a principal *
# description: |
#   An Allow for the principal "*" needs a condition that keeps callers of other accounts out, such as
#   kms:CallerAccount, aws:PrincipalOrgID or aws:PrincipalArn. Requests of a caller in a foreign account and
#   organization are tried, directly and through S3; an error says what such a caller may do, a warning that it hangs
#   on a condition of which nobody documents that it keeps others out.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   id: KP-PRINCIPAL-STAR
#   level: error
#   provenance: documented
package ctkms.rules.policy.principal_star

import data.ctkms.evaluation
import data.ctkms.iam
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Statements that let anyone in."
findings contains result.finding("KP-PRINCIPAL-STAR", {
	"msg": sprintf("%v is open to the world: callers of any account may use %v%v", [
		policy.label(entry),
		concat(", ", sort(_uses(admitted))),
		_way(admitted),
	]),
	"statement": entry,
	"path": ["Principal"],
	"remediation": _remediation(entry, admitted[0].probe.request),
}) if {
	some entry in _for_everyone
	admitted := [one |
		some one in _tried
		entry.index in one.decision.allowed_by
		_let_in(one.decision)
	]
	count(admitted) > 0
}

# METADATA
# description: "Statements of which nobody can tell whether they let anyone in."
findings contains result.finding("KP-PRINCIPAL-STAR", {
	"level": "warning",
	"msg": sprintf("%v is for everyone; whether it keeps callers of other accounts out cannot be told, it hangs on %v", [
		policy.label(entry),
		_hanging(entry, doubtful[0]),
	]),
	"statement": entry,
	"path": ["Principal"],
	"remediation": _remediation(entry, doubtful[0].probe.request),
}) if {
	some entry in _for_everyone
	not policy.holds_unknown(entry.statement)
	doubtful := [one |
		some one in _tried
		one.decision.decision == "unknown"
		entry.index in array.concat(one.decision.allowed_by, one.decision.maybe_allowed_by)
	]
	count(doubtful) > 0
	count([one | some one in _tried; entry.index in one.decision.allowed_by; _let_in(one.decision)]) == 0
}

_tried := evaluation.tried("anyone")

_for_everyone := [entry |
	some entry in data.ctkms.evaluation.statements
	entry.statement.Effect == "Allow"
	count([one | some one in policy.principals(entry.statement); one.element == "Principal"; one.value == "*"]) > 0
]

_let_in(decision) if decision.decision in {"allow", "needs_iam_policy"}

# Where nobody says which key it is, only the caller's account is in doubt, and that it is a foreign one is certain.
_let_in(decision) if {
	decision.decision == "unknown"
	data.ctkms.evaluation.key.arn == null
	count(decision.allowed_by) > 0
	count(decision.maybe_denied_by) == 0
}

# What they may do; decrypting CloudTrail's data is worth a word only where nothing else can be decrypted.
_uses(admitted) := actions | {use |
	some one in admitted
	_of_cloudtrail(one.probe.request)
	not one.probe.request.action in actions
	use := sprintf("%v (of CloudTrail's data)", [one.probe.request.action])
} if {
	actions := {one.probe.request.action | some one in admitted; not _of_cloudtrail(one.probe.request)}
}

_of_cloudtrail(request) if "kms:EncryptionContext:aws:cloudtrail:arn" in object.keys(request.context)

_way(admitted) := " through S3" if {
	every one in admitted {
		"kms:ViaService" in object.keys(one.probe.request.context)
	}
} else := ""

_hanging(entry, one) := concat(", ", conditions) if {
	conditions := sort({element.element |
		some explained in iam.explain(data.ctkms.evaluation.prepared, one.probe.request).statements
		explained.index in array.concat([entry.index], one.decision.maybe_denied_by)
		some element in explained.elements
		element.match == 1
	})
	count(conditions) > 0
} else := "values that are not known"

_remediation(entry, request) := sprintf("Add this condition (tried: callers of other accounts are then refused): %v", [
	policy.compact({"StringEquals": {"kms:CallerAccount": _account}}),
]) if {
	_account != ""
	condition := _condition(entry.statement)
	equals := object.union(_block(condition), {"kms:CallerAccount": _account})
	changed := object.union(entry.statement, {"Condition": object.union(condition, {"StringEquals": equals})})
	others := {one.index | some one in _for_everyone} - {entry.index}
	evaluation.decide_with([changed], others | {entry.index}, request).decision in {"implicit_deny", "explicit_deny"}
} else := "Name the accounts, users and roles that need the key in place of \"*\""

_condition(statement) := statement.Condition if {
	is_object(object.get(statement, "Condition", null))
} else := {}

_block(condition) := condition.StringEquals if {
	is_object(object.get(condition, "StringEquals", null))
} else := {}

_account := split(data.ctkms.evaluation.key.arn, ":")[4] if {
	is_string(data.ctkms.evaluation.key.arn)
	count(split(data.ctkms.evaluation.key.arn, ":")) > 5
} else := ""
