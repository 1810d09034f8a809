# METADATA
# title: Who gets in without being listed
# description: |
#   What rules about people share whom the key policy names and the expectations do not list: neither as readers, nor as
#   users of an event data store, nor for copying, nor as administrators. Left out are the key's own account, and
#   accounts of listed people or that are to assume a listed role.
# custom:
#   library: true
package ctkms.people.unlisted

import data.ctkms.cloudtrail.request
import data.ctkms.evaluation
import data.ctkms.expectations
import data.ctkms.iam
import data.ctkms.people
import data.ctkms.people.outsider
import data.ctkms.policy

# METADATA
# description: |
#   The requests of one capability of those who are not listed, as {entry, path: of the principal in the statement,
#   principal: whom it lets in, in words, subject, says: lets or may let, level, advice: what to do}, one for each
#   statement that lets them through.
found(capability) := array.concat(_named(capability), _crowds(capability))

_named(capability) := [{
	"entry": entry,
	"path": path,
	"principal": one.probe.principal,
	"subject": one.probe.subject,
	"says": says,
	"level": "warning",
	"advice": sprintf("Take kms:Decrypt from %v", [one.probe.principal]),
} |
	some one in evaluation.tried(capability)
	not one.probe.kind
	says := _says[one.decision.decision]
	not _listed(one.probe.principal)
	some index in array.concat(one.decision.allowed_by, one.decision.maybe_allowed_by)
	entry := evaluation.statement(index)
	some path in places(index, one.probe.principal)
]

# METADATA
# description: "The paths at which a principal, an ARN, stands in the statement with an index."
places(index, principal) := [path |
	by_name := object.get(_places, index, {})
	some name in _written_as(principal)
	some path, _ in object.get(by_name, name, {})
]

_written_as(principal) := [principal, split(principal, ":")[4]] if {
	endswith(principal, ":root")
} else := [principal]

# Gathered once: a statement may name hundreds.
_places[entry.index] := object.union_n([{one.value: {one.path: true}} | some one in principals]) if {
	some entry in data.ctkms.evaluation.statements
	principals := policy.principals(entry.statement)
}

# Of a statement for everyone the widest crowd; what is open to strangers too, KP-PRINCIPAL-STAR tells.
_crowds(capability) := [{
	"entry": entry,
	"path": [element | some element in ["Principal", "NotPrincipal"]; element in object.keys(entry.statement)],
	"principal": one.probe.who,
	"subject": one.probe.subject,
	"says": _says[one.decision.decision],
	"level": _level(one),
	"advice": "Name in place of \"*\" those who need it",
} |
	let_in := [one | some one in evaluation.tried(capability); _crowd_let_in(one)]
	whole := {[one.probe.statement, one.probe.subject] | some one in let_in; one.probe.kind == "organization"}
	some one in let_in
	_widest(one.probe, whole)
	entry := evaluation.statement(one.probe.statement)
	count(outsider.world(entry)) == 0
]

_crowd_let_in(one) if {
	one.probe.statement in array.concat(one.decision.allowed_by, one.decision.maybe_allowed_by)
	_says[one.decision.decision]
	not _expected(one.probe)
}

_expected(probe) if {
	probe.kind in {"named", "pattern"}
	_listed(probe.principal)
}

# The own account may decide about itself; that everyone in it gets in without an IAM policy is more.
_expected(probe) if {
	probe.kind == "account"
	expectations.account(probe.principal) in _accounts
	expectations.account(probe.principal) != people.home(probe.subject)
}

_expected(probe) if {
	probe.kind == "account"
	some person in persons
	endswith(person, ":root")
	expectations.account(person) == expectations.account(probe.principal)
}

_widest(probe, _) if probe.kind == "organization"

_widest(probe, whole) if {
	probe.kind != "organization"
	not [probe.statement, probe.subject] in whole
}

# AWS's own console lets everyone of the account read, within CloudTrail's encryption context: that is worth a note.
_level(one) := "warning" if {
	one.probe.kind in {"organization", "named"}
} else := "warning" if {
	one.probe.kind == "account"
	expectations.account(one.probe.principal) != people.home(one.probe.subject)
} else := "warning" if {
	one.probe.kind == "account"
	one.probe.statement in _decided[_without_context(one.probe)].allowed_by
} else := "note"

# What someone of an account asks who decrypts whatever there is.
_without_context(probe) := request.by_person(probe.principal, "kms:Decrypt", probe.request.resource, {}, {})

# Decided once, not for each statement.
_decided[asked] := iam.decide(data.ctkms.evaluation.prepared, asked) if {
	some asked in {_without_context(one.probe) |
		some capability in ["unlisted", "unlisted_user"]
		some one in evaluation.tried(capability)
		one.probe.kind == "account"
	}
}

# METADATA
# scope: document
# description: "Everyone who is listed for the key, in whatever part."
persons contains person if {
	some entry in data.ctkms.evaluation.trails
	some person, _ in expectations.map(entry, "readers")
}

persons contains person if {
	some entry in data.ctkms.evaluation.stores
	some person, _ in expectations.map(entry, "users")
}

persons contains role if {
	some roles in data.ctkms.evaluation.copies
	some role, _ in roles
}

persons contains person if {
	key := object.get(data.ctkms.expectations.declared_keys, data.ctkms.evaluation.key.arn, {})
	some person, _ in expectations.map(key, "administrators")
}

# What a statement does for someone who is not listed; a condition on what nobody knows of them shuts nobody out.
_says := {"allow": "lets", "needs_iam_policy": "lets", "unknown": "may let"}

_listed(principal) if principal in persons

_listed(principal) if {
	endswith(principal, ":root")
	expectations.account(principal) in _accounts
}

# Accounts that the key policy may leave it to: the key's, those of listed people, and those that assume reading roles.
_accounts contains account if {
	some subjects in [data.ctkms.evaluation.trails, data.ctkms.evaluation.stores]
	some subject, _ in subjects
	account := people.home(subject)
}

_accounts contains people.account(person) if some person in persons

_accounts contains people.account(caller) if {
	some person in persons
	some caller, _ in expectations.map(object.get(data.ctkms.expectations.principals, person, {}), "assumed_by")
}
