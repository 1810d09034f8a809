# METADATA
# title: Evaluation of IAM policies on a KMS key
# description: |
#   What a key policy decides on a request, and why. Truths are 0 no, 1 cannot tell, 2 yes (ctkms.iam.kleene). Any JSON
#   is accepted as a policy and as a request; what is malformed never grants anything.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
#     description: "Which operations callers of other accounts can be granted"
# custom:
#   library: true
package ctkms.iam

import data.ctkms.iam.hint
import data.ctkms.iam.kleene
import data.ctkms.iam.reasons
import data.ctkms.iam.request as requests
import data.ctkms.iam.statement

# METADATA
# title: The decision on a request
# description: |
#   Decides input.request on input.policy, with the identity policies of the caller under input.identity_policies, if
#   any. Where input.complete is true, the condition keys that follow from who calls are added.
# entrypoint: true
simulation := decide(prepare(object.get(_input, "policy", null)), _request)

# METADATA
# title: The decision on a request, explained
# description: |
#   As simulation, with every element of every statement, its truth and words, and under hint what little is missing, or
#   "".
# entrypoint: true
explanation := object.union(explained, {"statements": [said |
	some one in explained.statements
	elements := [object.union(element, {"hint": hint.about(element)}) | some element in one.elements]
	said := object.union(one, {"elements": elements})
]}) if {
	explained := explain(prepare(object.get(_input, "policy", null)), _request)
}

# METADATA
# description: |
#   A key policy prepared for decide and explain, as JSON: {"version": string or null, "unknown": true where nobody
#   knows its statements yet, "statements": [{"index", "sid", "effect", ...}]}. Any JSON value is accepted.
prepare(policy) := statement.prepare(policy, false)

# METADATA
# description: "A request, prepared for conclude, explain_statement and meant. Any JSON value is accepted."
ask(request) := requests.prepare(request)

# METADATA
# description: |
#   What a prepared policy decides on a request: {"decision": "explicit_deny" | "allow" | "needs_iam_policy" |
#   "implicit_deny" | "unknown", "allowed_by", "denied_by", "maybe_allowed_by", "maybe_denied_by": indices of
#   statements}.
decide(prepared, request) := conclude(prepared, asked, matches(prepared, asked)) if {
	asked := requests.prepare(request)
}

# METADATA
# description: |
#   What follows for a prepared request from the statements that match it, {"allows", "denies"} as ctkms.iam.batch finds
#   them, in the form of decide.
conclude(prepared, asked, found) := {
	"decision": _decision(prepared, asked, allows, found.denies, _identity(asked)),
	"allowed_by": [one.index | some one in allows; _truth(one) == 2],
	"denied_by": [one.index | some one in found.denies; _truth(one) == 2],
	"maybe_allowed_by": [one.index | some one in allows; _truth(one) == 1],
	"maybe_denied_by": [one.index | some one in found.denies; _truth(one) == 1],
} if {
	allows := _allows(asked, found)
}

# METADATA
# description: |
#   As decide, with {"statements": [{"index", "sid", "effect", "match", "elements"}]}, every element with its truth and
#   words.
explain(prepared, request) := object.union(
	decide(prepared, request),
	{"statements": reasons.statements(prepared, requests.prepare(request))},
)

# METADATA
# description: |
#   Of prepared statements the Allows whose Principal and Action cover a prepared request, as [{"index", "truths": of
#   the other elements}].
meant(statements, asked) := statement.meant(statements, asked)

# METADATA
# description: "One statement of a prepared policy, in the form of explain, for a prepared request."
explain_statement(prepared, asked, index) := reasons.statements({"statements": [one]}, asked)[0] if {
	some one in prepared.statements
	one.index == index
}

default _input := {}

_input := input if {
	is_object(input)
}

_request := requests.completed(_asked) if {
	_input.complete == true
} else := _asked

# The caller's identity policies stand beside the request in the input.
_asked := object.union(asked, {"identity_policies": _input.identity_policies}) if {
	"identity_policies" in object.keys(_input)
	asked := object.get(_input, "request", null)
	is_object(asked)
} else := object.get(_input, "request", null)

# How far a matching statement matches, whichever way it reaches the caller.
_truth(one) := max([one.direct, one.account])

_decision(prepared, request, allows, denies, identity) := "explicit_deny" if {
	_certain(denies)
} else := "explicit_deny" if {
	identity.deny == 2
} else := "unknown" if {
	prepared.unknown
} else := "implicit_deny" if {
	allows == []
} else := _unless_denied(_outcome(request, allows, identity.allow), denies, identity.deny)

# METADATA
# description: "The statements of a prepared policy that match a prepared request, or may, as {allows, denies}."
matches(prepared, request) := {
	"allows": statement.matching(prepared, request, "allow", 0),
	"denies": statement.matching(prepared, requests.for_deny(request), "deny", 1),
}

# Nothing can be allowed to a request that is malformed.
_allows(request, found) := [] if {
	request.malformed
} else := found.allows

_certain(found) if {
	some one in found
	_truth(one) == 2
}

# A Deny that may match leaves in doubt what is granted otherwise.
_unless_denied(outcome, denies, denied) := "implicit_deny" if {
	outcome == "implicit_deny"
} else := "unknown" if {
	denies != []
} else := "unknown" if {
	denied == 1
} else := outcome

_outcome(request, allows, identity) := _by_truth(max([one.direct | some one in allows]), "allow") if {
	request.caller.kind in {"service", "anonymous"}
} else := _outcome_of(request, {"direct": direct, "account": account, "identity": identity}) if {
	direct := max([one.direct | some one in allows])
	account := max([one.account | some one in allows])
}

_outcome_of(request, granted) := _same_or_unknown(_in_account(request, granted), _from_outside(request, granted)) if {
	"" in {request.account, request.caller.account}
} else := _in_account(request, granted) if {
	request.account == request.caller.account
} else := _from_outside(request, granted)

_same_or_unknown(left, right) := left if {
	left == right
} else := "unknown"

# A caller of the key's own account: what the account is granted, its root user has, others where an identity
# policy allows.
_in_account(request, granted) := _by_truth(max([granted.direct, granted.account]), "allow") if {
	request.caller.kind == "root"
} else := _by_truth(together, "allow") if {
	together := max([granted.direct, min([granted.account, granted.identity])])
	together > 0
} else := _by_truth(granted.account, "needs_iam_policy")

# A caller of another account needs its own account's permission too, and not every operation can be granted to it.
_from_outside(request, granted) := "implicit_deny" if {
	startswith(request.action, "kms:")
	not request.action in _cross_account_actions
} else := "unknown" if {
	request.action_kind == "unknown"
} else := "unknown" if {
	max([granted.direct, granted.account]) < 2
} else := {0: "needs_iam_policy", 1: "unknown", 2: "allow"}[granted.identity]

_by_truth(truth, yes) := yes if {
	truth == 2
} else := "unknown"

# How far the caller's identity policies allow and deny a request.
_identity(asked) := {"allow": 0, "deny": 0} if {
	_policies_of(asked) == []
} else := {
	"allow": kleene.some_of([_policy_truth(policy, asked, "allow", 0) | some policy in policies]),
	"deny": kleene.some_of([_policy_truth(policy, requests.for_deny(asked), "deny", 1) | some policy in policies]),
} if {
	policies := [statement.prepare(policy, true) | some policy in _policies_of(asked)]
}

# Services and anonymous callers have none.
_policies_of(asked) := [] if {
	asked.caller.kind in {"service", "anonymous"}
} else := asked.identity_policies

_policy_truth(prepared, request, view, malformed) := 1 if {
	prepared.unknown
} else := kleene.some_of([one.direct | some one in statement.matching(prepared, request, view, malformed)])

_cross_account_actions := {
	"kms:encrypt",
	"kms:decrypt",
	"kms:reencryptfrom",
	"kms:reencryptto",
	"kms:generatedatakey",
	"kms:generatedatakeywithoutplaintext",
	"kms:generatedatakeypair",
	"kms:generatedatakeypairwithoutplaintext",
	"kms:generatemac",
	"kms:verifymac",
	"kms:sign",
	"kms:verify",
	"kms:derivesharedsecret",
	"kms:creategrant",
	"kms:describekey",
	"kms:getkeyrotationstatus",
	"kms:getpublickey",
	"kms:listgrants",
	"kms:retiregrant",
	"kms:revokegrant",
}
