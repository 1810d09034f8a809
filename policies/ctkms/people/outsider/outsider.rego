# METADATA
# title: Whom a statement for everyone lets in
# description: |
#   What rules about statements for everyone share: which callers get in by a statement although nobody expects them,
#   and what they may then do. The key policy alone decides: a caller elsewhere gives itself the IAM policy it needs.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   library: true
package ctkms.people.outsider

import data.ctkms.evaluation
import data.ctkms.iam

# METADATA
# description: "The requests of callers of any account that a statement lets through."
world(entry) := _admitted(entry, "world")

# METADATA
# description: |
#   The requests that a statement lets through of accounts ("account") or organizations ("organization") that the
#   conditions name and nobody expects; none where it lets the whole world in.
named(entry, from) := [] if {
	count(world(entry)) > 0
} else := _admitted(entry, from)

# METADATA
# description: |
#   The requests that a statement lets through of those whom it names in accounts that nobody expects. A caller
#   elsewhere gives itself the IAM policy that it needs.
foreigners(entry) := [one | some one in _tried("foreigner", entry); _let_in(one.decision)]

_admitted(entry, from) := [one |
	some one in _tried("anyone", entry)
	one.probe.from == from
	one.probe.request.action in _grantable
	_let_in(one.decision)
]

# METADATA
# description: "The requests of a user of the key's own account, whom nobody names, that a statement lets through."
insiders(entry) := [one | some one in _tried("insider", entry); _let_in(one.decision)]

# METADATA
# description: "The requests of a service that nobody expects that a statement lets through, which keeps people out."
services(entry) := [one | some one in _tried("any_service", entry); _let_in(one.decision); count(world(entry)) == 0]

# METADATA
# description: |
#   How bad it is that every user of the key's account gets in: an error where nothing in the policy keeps out other
#   accounts, whom only KMS refuses what changes the key; a warning where the policy means that account.
inside(entry) := "error" if {
	some one in _tried("anyone", entry)
	one.probe.from == "world"
	not one.probe.request.action in _grantable
	one.decision.decision != "explicit_deny"
} else := "warning"

# METADATA
# description: |
#   The requests of which nobody can tell whether a statement lets them through; none where it lets the whole world in.
doubtful(entry) := [one |
	some one in _about("anyone", entry)
	one.decision.decision == "unknown"
	not _let_in(one.decision)
	count(world(entry)) == 0
	entry.index in array.concat(one.decision.allowed_by, one.decision.maybe_allowed_by)
]

# METADATA
# description: "True where one of the requests uses the key or hands its use on, more than reading its properties."
uses(ones) if {
	some one in ones
	not one.probe.request.action in data.ctkms.cloudtrail.anyone.reads
}

# METADATA
# description: |
#   What callers may do, in words; decrypting CloudTrail's data is worth a word only where nothing else can be
#   decrypted.
actions(ones) := concat(", ", sort(named | {sprintf("%v (of CloudTrail's data)", [one.probe.request.action]) |
	some one in ones
	_of_cloudtrail(one.probe.request)
	not one.probe.request.action in named
})) if {
	named := {one.probe.request.action | some one in ones; not _of_cloudtrail(one.probe.request)}
}

# METADATA
# description: "The AWS service through which alone the requests come, in words."
way(ones) := sprintf(" through %v", [services[0]]) if {
	services := [object.get(one.probe.request.context, "kms:ViaService", "") | some one in ones]
	count({service | some service in services}) == 1
	services[0] != ""
} else := ""

# METADATA
# description: "What a request of which nobody can tell hangs on."
hanging(entry, one) := concat(", ", conditions) if {
	asked := evaluation.asked(one.probe.request)
	conditions := sort({element.element |
		some index in array.concat([entry.index], one.decision.maybe_denied_by)
		some element in iam.explain_statement(data.ctkms.evaluation.prepared, asked, index).elements
		element.match == 1
	})
	count(conditions) > 0
} else := "values that are not known"

_tried(capability, entry) := [one | some one in _about(capability, entry); entry.index in one.decision.allowed_by]

_about(capability, entry) := [one |
	some one in object.get(object.get(_by_statement, capability, {}), entry.index, {})
]

# Grouped once: there may be hundreds of statements.
_by_statement[capability] := by_index if {
	some capability in ["anyone", "foreigner", "insider", "any_service"]
	by_index := object.union_n([{one.probe.statement: {one.probe.id: one}} | some one in evaluation.tried(capability)])
}

_let_in(decision) if decision.decision in {"allow", "needs_iam_policy"}

# Where nobody says which key it is, only the caller's account is in doubt, and what it is was chosen.
_let_in(decision) if {
	decision.decision == "unknown"
	data.ctkms.evaluation.key.arn == null
	count(decision.allowed_by) > 0
	count(decision.maybe_denied_by) == 0
}

_grantable contains action if {
	some listed in [data.ctkms.cloudtrail.anyone.uses, data.ctkms.cloudtrail.anyone.reads]
	some action in listed
}

_of_cloudtrail(request) if "kms:EncryptionContext:aws:cloudtrail:arn" in object.keys(request.context)
