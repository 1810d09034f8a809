# METADATA
# title: Who gets in without being listed
# description: |
#   What rules about people share whom the key policy names and the expectations do not list: neither as readers, nor as
#   users of an event data store, nor for copying, nor as administrators. Left out are the key's own account, and
#   accounts of listed people or that are to assume a listed role.
# custom:
#   library: true
package ctkms.people.unlisted

import data.ctkms.evaluation
import data.ctkms.expectations
import data.ctkms.people
import data.ctkms.policy

# METADATA
# description: |
#   The requests of one capability of those who are not listed, as {entry, path: of the principal in the statement,
#   principal, subject, says: lets or may let}, one for each statement that lets them through.
found(capability) := [{
	"entry": entry,
	"path": principal.path,
	"principal": one.probe.principal,
	"subject": one.probe.subject,
	"says": says,
} |
	some one in evaluation.tried(capability)
	says := _says[one.decision.decision]
	not _listed(one.probe.principal)
	some index in array.concat(one.decision.allowed_by, one.decision.maybe_allowed_by)
	some entry in data.ctkms.evaluation.statements
	entry.index == index
	some principal in policy.principals(entry.statement)
	policy.account_arn(principal.value, split(one.probe.principal, ":")[1]) == one.probe.principal
]

# METADATA
# description: "Everyone who is listed for the key, in whatever part."
persons contains person if {
	some _, entry in data.ctkms.evaluation.trails
	some person, _ in expectations.map(entry, "readers")
}

persons contains person if {
	some _, entry in data.ctkms.evaluation.stores
	some person, _ in expectations.map(entry, "users")
}

persons contains role if {
	some _, roles in data.ctkms.evaluation.copies
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
