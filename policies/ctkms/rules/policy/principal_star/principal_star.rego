# METADATA
# title: Nobody outside is let in by a principal *
# description: |
#   An Allow for the principal "*" needs a condition that keeps strangers out, such as kms:CallerAccount,
#   aws:PrincipalOrgID or aws:PrincipalArn, with the accounts and the organization that are expected. Tried are requests
#   of callers in a foreign account, and in accounts and organizations that the conditions name and nobody expects; of
#   what a caller chooses, such as the service to go through or the encryption context, they bring what the conditions
#   ask for. Also tried is whether any user of the key's own account may change or destroy the key, and whether any
#   AWS service gets in, for whichever account it works.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   id: KP-PRINCIPAL-STAR
#   level: error
#   provenance: documented
package ctkms.rules.policy.principal_star

import data.ctkms.evaluation
import data.ctkms.expectations
import data.ctkms.people.outsider
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Statements that let anyone in; to read the key's properties only is less."
findings contains result.finding("KP-PRINCIPAL-STAR", {
	"level": _level(admitted),
	"msg": sprintf("%v is open to the world: callers of any account may use %v%v", [
		policy.label(entry),
		outsider.actions(admitted),
		outsider.way(admitted),
	]),
	"statement": entry,
	"path": ["Principal"],
	"remediation": _remediation(entry, admitted[0].probe.request),
}) if {
	some entry in _for_everyone
	admitted := outsider.world(entry)
	count(admitted) > 0
}

# METADATA
# description: "Statements by which every user and role of the key's account may change or destroy the key."
findings contains result.finding("KP-PRINCIPAL-STAR", {
	"level": outsider.inside(entry),
	"msg": sprintf("%v lets every user and role of the key's account use %v, whatever their IAM policies say", [
		policy.label(entry),
		outsider.actions(admitted),
	]),
	"statement": entry,
	"path": ["Principal"],
	"remediation": "Name the users and roles who administer the key in place of \"*\".",
}) if {
	some entry in _for_everyone
	admitted := outsider.insiders(entry)
	count(admitted) > 0
}

# METADATA
# description: "Statements that let in any service of AWS; that an Allow for * reaches services is inferred."
findings contains result.finding("KP-PRINCIPAL-STAR", {
	"level": "open",
	"msg": sprintf("%v lets any AWS service use %v, for whichever account it works", [
		policy.label(entry), outsider.actions(admitted),
	]),
	"statement": entry,
	"path": ["Principal"],
	"remediation": "Name the service in place of \"*\", and ask for aws:SourceArn or aws:SourceAccount.",
}) if {
	some entry in _for_everyone
	admitted := outsider.services(entry)
	count(admitted) > 0
}

# METADATA
# description: "Statements whose conditions name accounts that nobody expects."
findings contains result.finding("KP-PRINCIPAL-STAR", {
	"level": "warning",
	"msg": sprintf("%v lets callers of account %v use %v%v, and nobody expects that account", [
		policy.label(entry),
		concat(", ", sort({one.probe.request.context["aws:PrincipalAccount"] | some one in admitted})),
		outsider.actions(admitted),
		outsider.way(admitted),
	]),
	"statement": entry,
	"path": ["Principal"],
	"remediation": "Take the account out of the conditions, or list it under accounts in the expectations.",
}) if {
	some entry in _for_everyone
	admitted := outsider.named(entry, "account")
	count(admitted) > 0
}

# METADATA
# description: "Statements whose conditions name an organization that nobody expects, or of which nobody says anything."
findings contains result.finding("KP-PRINCIPAL-STAR", {
	"level": _organization.level,
	"msg": sprintf("%v lets every account of organization %v use %v%v, and the expectations name %v", [
		policy.label(entry),
		concat(", ", sort({one.probe.request.context["aws:PrincipalOrgID"] | some one in admitted})),
		outsider.actions(admitted),
		outsider.way(admitted),
		_organization.name,
	]),
	"statement": entry,
	"path": ["Principal"],
	"remediation": _organization.advice,
}) if {
	some entry in _for_everyone
	admitted := outsider.named(entry, "organization")
	count(admitted) > 0
}

# METADATA
# description: "Statements of which nobody can tell whether they let anyone in."
findings contains result.finding("KP-PRINCIPAL-STAR", {
	"level": "warning",
	"msg": sprintf("%v is for everyone; whether it keeps callers of other accounts out cannot be told, it hangs on %v", [
		policy.label(entry),
		outsider.hanging(entry, doubtful[0]),
	]),
	"statement": entry,
	"path": ["Principal"],
	"remediation": _remediation(entry, doubtful[0].probe.request),
}) if {
	some entry in _for_everyone
	not policy.holds_unknown(entry.statement)
	doubtful := outsider.doubtful(entry)
	count(doubtful) > 0
}

_for_everyone := [entry |
	some entry in data.ctkms.evaluation.statements
	entry.statement.Effect == "Allow"
	count([one | some one in policy.principals(entry.statement); one.element == "Principal"; one.value == "*"]) > 0
]

_level(admitted) := "error" if {
	outsider.uses(admitted)
} else := "warning"

default _organization := {
	"level": "note",
	"name": "none",
	"advice": "List the organization in the expectations if it is yours.",
}

_organization := {
	"level": "warning",
	"name": sprintf("organization %v", [data.ctkms.expectations.organization.id]),
	"advice": sprintf("Compare with organization %v.", [data.ctkms.expectations.organization.id]),
} if {
	is_string(object.get(data.ctkms.expectations.organization, "id", null))
}

_remediation(entry, request) := sprintf("Add this condition (tried: callers of other accounts are then refused): %v", [
	policy.compact({"StringEquals": {"kms:CallerAccount": _account}}),
]) if {
	_account != ""
	changed := object.union(entry.statement, {"Condition": {"StringEquals": {"kms:CallerAccount": _account}}})
	for_everyone := {one.index | some one in _for_everyone}
	evaluation.decide_with([changed], for_everyone, request).decision == "implicit_deny"
} else := "Name the accounts, users and roles that need the key in place of \"*\""

_account := expectations.account(data.ctkms.evaluation.key.arn)
