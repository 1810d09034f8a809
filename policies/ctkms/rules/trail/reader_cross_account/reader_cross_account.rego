# METADATA
# title: Readers in other accounts get through on both sides
# description: |
#   A reader in another account than the key needs two permissions: the key policy's (naming the reader, or the
#   reader's account) and that of an IAM policy in the reader's own account. Or a role in the key's account reads,
#   and the other account may assume it: then the role's trust policy has to admit everyone who is to assume it.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt-other-accounts
# custom:
#   id: CT-TRAIL-READER-XACCT
#   level: error
#   provenance: documented
package ctkms.rules.trail.reader_cross_account

import data.ctkms.cloudtrail.request
import data.ctkms.evaluation
import data.ctkms.expectations
import data.ctkms.iam
import data.ctkms.people
import data.ctkms.policy
import data.ctkms.remedy
import data.ctkms.result
import data.ctkms.verdict

# METADATA
# description: "Each reader in another account whom the key policy admits and who has no IAM policy that allows it."
findings contains finding if {
	some group in people.groups("read", "needs_iam_policy")
	people.foreign(group.principal, group.subject)
	finding := result.finding("CT-TRAIL-READER-XACCT", {
		"level": _level(group),
		"msg": sprintf("%v, of another account than the key, can read the log files of trail %v only %v", [
			group.principal, group.subject, _need(group),
		]),
		"subject": group.subject,
		"statement": people.delegating(group),
		"path": ["Principal"],
		"remediation": _advice(group),
	})
}

# METADATA
# description: "Each reader in another account whom a kms:CallerAccount with the key's own account refuses."
findings contains finding if {
	some group in people.refused("read")
	people.own_account_only(group)
	near := verdict.closest(group.ones[0])
	element := [one | some one in near.failed; _caller_account(one)][0]
	finding := result.finding("CT-TRAIL-READER-XACCT", {
		"msg": sprintf("%v cannot read the log files of trail %v: %v admits callers of account %v only (%v), %v", [
			group.principal,
			group.subject,
			policy.label(near.statement),
			people.home(group.subject),
			element.path[2],
			"which is the key's own account",
		]),
		"subject": group.subject,
		"statement": near.statement,
		"path": element.path,
		"remediation": _other_account(group, near.statement, element),
	})
}

# METADATA
# description: "Each role that reads on behalf of others and whose trust policy is not given."
findings contains finding if {
	some role in _roles
	_trust(role) == null
	finding := result.finding("CT-TRAIL-READER-XACCT", {
		"level": "warning",
		"msg": sprintf("%v is to be assumed by %v, but the expectations do not give its trust policy", [
			role, concat(", ", sort(object.keys(_assumed_by(role)))),
		]),
		"remediation": sprintf("Give the role's trust policy under principals.%v.trust_policy in the expectations.", [role]),
	})
}

# METADATA
# description: "Everyone who is to assume a reading role and whom its trust policy refuses."
findings contains finding if {
	some role in _roles
	_known(_trust(role))
	some caller, _ in _assumed_by(role)
	decision := _assume(role, caller, _trust(role), [])
	verdict.refused(decision)
	finding := result.finding("CT-TRAIL-READER-XACCT", {
		"msg": sprintf("%v cannot assume %v to read log files: the role's trust policy %v", [caller, role, _how(decision)]),
		"remediation": _trust_advice(role, caller),
	})
}

# METADATA
# description: "Everyone of whom it cannot be told whether the trust policy of a reading role admits them."
not_evaluated contains {"rule": "CT-TRAIL-READER-XACCT", "why": why} if {
	some role in _roles
	_known(_trust(role))
	some caller, _ in _assumed_by(role)
	_assume(role, caller, _trust(role), []).decision == "unknown"
	why := sprintf("whether %v may assume %v depends on conditions of its trust policy that nobody can tell here", [
		caller, role,
	])
}

_caller_account(element) if {
	element.match == 0
	count(element.path) == 3
	lower(element.path[2]) == "kms:calleraccount"
}

_need(group) := sprintf("as far as IAM policies there allow it: %v leaves it to them", [
	_who(people.delegating(group)),
]) if {
	_account_itself(group.principal)
} else := sprintf("with an IAM policy: %v", [people.lack(group)])

_who(entry) := policy.label(entry) if {
	is_object(entry)
} else := "the key policy"

_level(group) := "error" if {
	people.has_policies(group)
} else := "note" if {
	_account_itself(group.principal)
} else := "warning"

# An account as a whole: whom it lets read is its own affair.
_account_itself(principal) if endswith(principal, ":root")

_account_itself(principal) if regex.match(`^[0-9]{12}$`, principal)

_advice(group) := sprintf("In account %v, give whoever reads an IAM policy that allows kms:Decrypt on the key's ARN.", [
	people.account(group.principal),
]) if {
	_account_itself(group.principal)
} else := people.advice(group)

_other_account(group, entry, element) := sprintf("Add %v to the values of %v in %v (tried: the request is then %v).", [
	json.marshal(account), element.path[2], policy.label(entry), remedy.outcome(tried.decision),
]) if {
	account := people.account(group.principal)
	values := [value |
		some condition in policy.conditions(entry.statement)
		condition.path == element.path
		some value in array.concat(condition.values, [account])
	]
	changed := object.union(entry.statement, {"Condition": {element.path[1]: {element.path[2]: values}}})
	tried := evaluation.decide_with([changed], {entry.index}, group.ones[0].probe.request)
	tried.decision in {"allow", "needs_iam_policy"}
} else := remedy.text(group.ones[0].probe, group.ones[0].decision)

# Roles of the key's account that are listed readers and that others are to assume.
_roles contains role if {
	some subject, entry in data.ctkms.evaluation.trails
	some role, _ in expectations.map(entry, "readers")
	contains(role, ":role/")
	not people.foreign(role, subject)
	count(_assumed_by(role)) > 0
}

_assumed_by(role) := expectations.map(_companion(role), "assumed_by")

# What is not known yet the report speaks of.
_known(trust) if {
	is_object(trust)
	not policy.is_unknown(trust)
}

_trust(role) := object.get(_companion(role), "trust_policy", null)

_companion(role) := entry if {
	entry := object.get(data.ctkms.expectations.principals, role, {})
	is_object(entry)
} else := {}

# With more statements than the trust policy has. It has no Resource: it speaks of the role that it belongs to.
_assume(role, caller, trust, more) := iam.decide(
	iam.prepare({"Version": object.get(trust, "Version", null), "Statement": [object.union(one, {"Resource": "*"}) |
		some one in array.concat([entry.statement | some entry in policy.statements(trust)], more)
	]}),
	object.union(made, {"unknown": array.concat(made.unknown, ["sts:*"])}),
) if {
	made := request.by_person(caller, "sts:AssumeRole", role, {}, {})
} else := {"decision": ""}

_how(decision) := "denies it" if {
	decision.decision == "explicit_deny"
} else := "does not admit them"

_trust_advice(role, caller) := sprintf("Add to the role's trust policy (tried: it then admits them): %v", [
	json.marshal(statement),
]) if {
	statement := {"Effect": "Allow", "Principal": {"AWS": caller}, "Action": "sts:AssumeRole"}
	_assume(role, caller, _trust(role), [statement]).decision in {"allow", "needs_iam_policy"}
} else := "Let the Deny in the role's trust policy leave them out."
