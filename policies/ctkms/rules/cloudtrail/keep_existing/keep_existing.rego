# METADATA
# title: The statements that the policy had are still there
# description: |
#   AWS asks to leave the existing statements of a key policy as they are when those for CloudTrail are added:
#   whoever relied on them loses access. Compared with an earlier version of the policy where one is given, whatever
#   the order of values; statements that were only moved are a note.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-policy-sections
# custom:
#   id: CT-KEEP-EXISTING
#   level: warning
#   provenance: documented
package ctkms.rules.cloudtrail.keep_existing

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each statement of the earlier version that is not there any more."
findings contains finding if {
	some earlier in _gone
	count(_now(earlier)) == 0
	finding := result.finding("CT-KEEP-EXISTING", {
		"msg": sprintf("%v of the earlier version was removed", [policy.label(earlier)]),
		"remediation": sprintf("Keep it, unless nobody needs it any more: %v", [json.marshal(earlier.statement)]),
	})
}

# METADATA
# description: "Each statement of the earlier version that says something else now."
findings contains finding if {
	some earlier in _gone
	count(_now(earlier)) > 0
	entry := _now(earlier)[0]
	elements := sort(_changed(earlier.statement, entry.statement))
	finding := result.finding("CT-KEEP-EXISTING", {
		"msg": sprintf(
			"%v is not what it was in the earlier version: %v changed",
			[policy.label(entry), concat(", ", elements)],
		),
		"statement": entry,
		"path": [element | some element in array.slice(elements, 0, 1); element in object.keys(entry.statement)],
		"remediation": sprintf("Leave the statement as it was and add what CloudTrail needs as one of its own. It was: %v", [
			json.marshal(earlier.statement),
		]),
	})
}

# METADATA
# description: "Each statement that stands before one that it stood behind: a change, though IAM knows no order."
findings contains finding if {
	some at, place in _kept
	at > 0
	place < _kept[at - 1]
	entry := data.ctkms.evaluation.statements[place]
	passed := data.ctkms.evaluation.statements[_kept[at - 1]]
	finding := result.finding("CT-KEEP-EXISTING", {
		"level": "note",
		"msg": sprintf(
			"%v was moved: it stands before %v, behind which it stood in the earlier version",
			[policy.label(entry), policy.label(passed)],
		),
		"statement": entry,
		"remediation": "Nothing, for the order of statements means nothing; left alone, it shows what was changed",
	})
}

# METADATA
# description: "No earlier version to compare with; the caller may know why."
not_evaluated contains {"rule": "CT-KEEP-EXISTING", "why": why} if {
	not is_object(_previous)
	why := object.get(data.ctkms.evaluation.key, "no_previous", "no earlier version was given")
}

_previous := object.get(data.ctkms.evaluation.key, "previous", null)

# Statements of the earlier version that the policy does not have as they were.
_gone := [earlier |
	is_object(data.ctkms.evaluation.key.policy)
	some earlier in policy.statements(_previous)
	not _normal(earlier.statement) in _present
]

# Where the statements stand now that are as they were, in the order of the earlier version.
_kept := [place |
	some earlier in policy.statements(_previous)
	place := object.get(_places, _normal(earlier.statement), -1)
	place >= 0
]

# Where each statement stands; of those that a policy has twice, nobody can say which one was moved.
default _places := {}

_places := {_normal(entry.statement): entry.index | some entry in data.ctkms.evaluation.statements} if {
	count(_present) == count(data.ctkms.evaluation.statements)
}

_present contains _normal(entry.statement) if {
	is_object(_previous)
	some entry in data.ctkms.evaluation.statements
}

# What became of a statement: the one with its Sid.
_now(earlier) := [entry |
	object.get(earlier, "sid", null) != null
	earlier.sid != ""
	some entry in data.ctkms.evaluation.statements
	entry.sid == earlier.sid
]

_changed(before, after) := {element |
	some element in (object.keys(before) | object.keys(after))
	element != "Sid"
	_said(before, element) != _said(after, element)
}

# A statement without Sid, lists as sets: the order and the form of values do not matter.
_normal(statement) := {element: said |
	some element in object.keys(statement)
	element != "Sid"
	said := _said(statement, element)
	not _empty_condition(element, said)
}

_empty_condition("Condition", said) if count(said) == 0

_said(statement, "Action") := {lower(one.value) | some one in policy.strings(statement, "Action")}

_said(statement, "NotAction") := {lower(one.value) | some one in policy.strings(statement, "NotAction")}

_said(statement, element) := {one.value | some one in policy.strings(statement, element)} if {
	element in {"Resource", "NotResource"}
}

_said(statement, element) := {[one.kind, _caller(one.kind, one.value)] |
	some one in policy.principals(statement)
	one.element == element
} if {
	element in {"Principal", "NotPrincipal"}
}

_said(statement, "Condition") := {[one.operator, one.key, {value | some value in one.values}] |
	some one in policy.conditions(statement)
}

_said(statement, element) := object.get(statement, element, null) if {
	not element in {"Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"}
}

# An account's id and the ARN of its root user name the same.
_caller("AWS", value) := split(value, ":")[4] if {
	regex.match(`^arn:[a-z-]+:iam::[0-9]{12}:root$`, value)
} else := value

_caller(kind, value) := value if kind != "AWS"
