# METADATA
# title: What people may do
# description: |
#   What rules about users, roles and accounts share: their requests for one thing, grouped, and the IAM policy that
#   a grant needs where the key policy leaves the decision to an account.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   library: true
package ctkms.people

import data.ctkms.evaluation
import data.ctkms.expectations
import data.ctkms.policy
import data.ctkms.verdict

# METADATA
# description: |
#   The requests of one capability that got one decision, grouped as {subject, principal, actions, ones}: one group
#   for each subject and person.
groups(capability, decision) := [{"subject": subject, "principal": principal, "actions": actions, "ones": ones} |
	some subject, by_id in evaluation.by_subject(capability)
	found := [one | some one in by_id; one.decision.decision == decision]
	some principal in {one.probe.principal | some one in found}
	ones := [one | some one in found; one.probe.principal == principal]
	actions := concat(" and ", sort({one.probe.request.action | some one in ones}))
]

# METADATA
# description: "The refused requests of one capability in groups."
refused(capability) := array.concat(groups(capability, "explicit_deny"), groups(capability, "implicit_deny"))

# METADATA
# description: "Why a group was refused: {statement, path, why}."
decider(group) := verdict.decider(group.ones[0])

# METADATA
# description: "The account of a person: that of the ARN, or the account id itself."
account(principal) := principal if {
	is_string(principal)
	regex.match(`^[0-9]{12}$`, principal)
} else := expectations.account(principal)

# METADATA
# description: "The account of the key, or of the subject where nobody says which key it is."
home(subject) := account(data.ctkms.evaluation.key.arn) if {
	account(data.ctkms.evaluation.key.arn) != ""
} else := account(subject)

# METADATA
# description: |
#   True where the person is in another account than the key, or than the subject where nobody says which key it is.
foreign(principal, subject) if {
	account(principal) != ""
	account(principal) != home(subject)
}

# METADATA
# description: |
#   True for a refused person of another account where the statement that came closest fails on kms:CallerAccount
#   because that names the key's own account.
own_account_only(group) if {
	foreign(group.principal, group.subject)
	near := verdict.closest(group.ones[0])
	is_object(near)
	some element in near.failed
	element.match == 0
	some condition in policy.conditions(near.statement.statement)
	condition.path == element.path
	condition.key == "kms:calleraccount"
	home(group.subject) in condition.values
}

# METADATA
# description: "True where the expectations hold IAM policies of the person."
has_policies(group) if count(object.get(group.ones[0].probe.request, "identity_policies", [])) > 0

# METADATA
# description: "The statement by which a group needs an IAM policy, null where that cannot be told."
delegating(group) := evaluation.statement(found[0]) if {
	found := group.ones[0].decision.allowed_by
	count(found) > 0
} else := null

# METADATA
# description: "Who leaves the decision to an account: the words for a group that needs an IAM policy."
delegation(group) := sprintf(
	"%v leaves it to the IAM policies of account %v",
	[_who(delegating(group)), account(group.principal)],
)

# METADATA
# description: "What a group that needs an IAM policy lacks, in words."
lack(group) := "those that the expectations give do not allow it" if {
	has_policies(group)
} else := "the expectations give none"

# METADATA
# description: "What to do about a group that needs an IAM policy; the policy that is offered was tried."
advice(group) := sprintf("Give %v an IAM policy with this statement (tried: the requests are then allowed): %v", [
	group.principal,
	json.marshal(_statement(group)),
]) if {
	added := {"Version": "2012-10-17", "Statement": [_statement(group)]}
	every one in group.ones {
		evaluation.decide_permitted(added, one.probe.request).decision == "allow"
	}
} else := sprintf("Give %v an IAM policy that allows %v on the key's ARN, and no other policy that denies it.", [
	group.principal,
	group.actions,
])

_statement(group) := {
	"Effect": "Allow",
	"Action": sort({one.probe.request.action | some one in group.ones}),
	"Resource": group.ones[0].probe.request.resource,
}

_who(entry) := policy.label(entry) if {
	is_object(entry)
} else := "the key policy"
