# METADATA
# title: CloudTrail may use the key for the expected trails only
# description: |
#   AWS recommends aws:SourceArn with the ARNs of the trails that use the key, in every statement for CloudTrail:
#   without it anybody's trail can make CloudTrail use the key. This rule tries trails that nobody expects and names
#   the statements that let them in. Statements that an event data store needs cannot have the condition: for them it
#   is a note, and nothing where no trail uses the key, for then nothing can be done. Also tried, where no event data
#   store is expected, is whether a condition on the source keeps trails out and lets stores in, whose requests carry
#   none.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#required-kms-key-policy-trails
# custom:
#   id: CT-TRAIL-SOURCEARN
#   level: warning
#   provenance: documented
package ctkms.rules.trail.source_arn

import data.ctkms.cloudtrail.probe
import data.ctkms.evaluation
import data.ctkms.iam
import data.ctkms.policy
import data.ctkms.result
import data.ctkms.verdict

# METADATA
# description: "Each statement that lets CloudTrail act for a trail that nobody expects."
findings contains finding if {
	some entry in data.ctkms.evaluation.statements
	ones := _let_in(entry)
	count(ones) > 0
	not _cannot_do_without(entry)
	finding := result.finding("CT-TRAIL-SOURCEARN", {
		"level": _level(entry, ones),
		"msg": sprintf("%v lets CloudTrail use the key (%v) for a trail that nobody expects, for example %v%v", [
			policy.label(entry), _actions(ones), _example(ones), _why(entry),
		]),
		"statement": entry,
		"path": _path(entry),
		"remediation": _advice(entry, ones),
	})
}

# METADATA
# description: "Each statement of which nobody can tell whether it lets CloudTrail act for a trail that nobody expects."
findings contains finding if {
	some entry in data.ctkms.evaluation.statements
	_names_cloudtrail(entry.statement)
	not policy.holds_unknown(entry.statement)
	count(_let_in(entry)) == 0
	ones := _may_let_in(entry)
	count(ones) > 0
	finding := result.finding("CT-TRAIL-SOURCEARN", {
		"level": "open",
		"msg": sprintf("%v may let CloudTrail use the key (%v) for a trail that nobody expects, for example %v; %v", [
			policy.label(entry),
			_actions(ones),
			_example(ones),
			sprintf("whether it does cannot be told, it hangs on %v", [concat(", ", _hanging(ones[0]))]),
		]),
		"statement": entry,
		"path": _path(entry),
		"remediation": _advice(entry, ones),
	})
}

# METADATA
# description: "Each statement that keeps strangers' trails out and lets event data stores in, where none is expected."
findings contains finding if {
	some entry in data.ctkms.evaluation.statements
	_names_cloudtrail(entry.statement)
	ones := _let_stores_in(entry)
	count(ones) > 0
	count(_let_in(entry)) == 0
	finding := result.finding("CT-TRAIL-SOURCEARN", {
		"level": "open",
		"msg": sprintf("%v lets CloudTrail use the key (%v) for any event data store, and nobody expects one: %v", [
			policy.label(entry),
			_actions(ones),
			"requests for event data stores carry no aws:SourceArn",
		]),
		"statement": entry,
		"path": _path(entry),
		"remediation": _advice(entry, ones),
	})
}

_let_stores_in(entry) := [one |
	some one in evaluation.tried("stranger_store")
	one.decision.decision == "allow"
	entry.index in one.decision.allowed_by
]

_strangers := evaluation.tried("stranger")

_let_in(entry) := [one |
	some one in _strangers
	one.decision.decision == "allow"
	entry.index in one.decision.allowed_by
]

# What hangs on the key alone, because nobody says which it is, the report tells.
_may_let_in(entry) := [one |
	some one in _strangers
	one.decision.decision == "unknown"
	entry.index in array.concat(one.decision.allowed_by, one.decision.maybe_allowed_by)
	count(_hanging(one)) > 0
]

_hanging(one) := sort({open.element.element |
	some open in verdict.open(one)
	open.element.element != "Resource"
	not policy.holds_unknown(open.entry.statement)
})

_actions(ones) := concat(", ", sort({one.probe.request.action | some one in ones}))

# Of the trails that get in, one of a foreign account says most.
_example(ones) := sprintf("%v%v", [examples[0][1], examples[0][2]]) if {
	examples := sort({[_own(one.probe.subject), one.probe.subject, _of(one.probe)] | some one in ones})
}

_own(subject) := 1 if {
	split(subject, ":")[4] in {split(expected, ":")[4] | some expected, _ in data.ctkms.evaluation.trails}
} else := 0

_of(made) := sprintf(" of organization %v", [made.organization]) if {
	made.organization != ""
} else := ""

# AWS supports no condition on the source for event data stores: where there is no trail, nothing can be done.
_cannot_do_without(entry) if {
	entry.index in _needed
	count(_expected) == 0
}

_needed contains index if {
	some capability in ["encrypt", "decrypt_service", "describe"]
	some one in evaluation.tried(capability)
	object.get(data.ctkms.evaluation.stores, one.probe.subject, null) != null
	some index in one.decision.allowed_by
}

_level(entry, ones) := "note" if {
	entry.index in _needed
} else := "note" if {
	_from_unheard_of(ones)
} else := "warning"

# Trails of an organization that the policy names, and nobody says which organization to expect.
_from_unheard_of(ones) if {
	not is_string(object.get(data.ctkms.expectations.organization, "id", null))
	every one in ones {
		one.probe.organization != ""
	}
}

_why(entry) := "; an event data store needs this statement without the condition" if {
	entry.index in _needed
} else := ""

_path(entry) := ["Condition"] if {
	"Condition" in object.keys(entry.statement)
} else := []

_advice(entry, ones) := "Give trails and event data stores keys of their own: stores cannot do with aws:SourceArn." if {
	entry.index in _needed
} else := "No expected trail or event data store needs it: remove what lets CloudTrail in." if {
	count(_expected) == 0
} else := sprintf("Put \"ArnEquals\": {\"aws:SourceArn\": %v} into the Condition of %v%v%v.", [
	json.marshal(_expected),
	policy.label(entry),
	_in_place(entry),
	_tried(ones),
]) if {
	_meant_for_cloudtrail(entry.statement)
	narrowed := iam.prepare(_narrowed(entry))
	count([one | some one in ones; iam.decide(narrowed, one.probe.request).decision != "implicit_deny"]) == 0
	count([one | some one in _wanted(entry); iam.decide(narrowed, one.probe.request).decision != "allow"]) == 0
} else := sprintf("Let %v name who is meant, and give CloudTrail a statement of its own with aws:SourceArn %v.", [
	policy.label(entry),
	json.marshal(_expected),
])

_expected := sort(object.keys(_subjects))

_subjects := object.union(data.ctkms.evaluation.trails, probe.account_subjects(data.ctkms.evaluation.key.arn))

# What is in doubt of strangers is in doubt of the expected trails as well, and remains so.
_tried(ones) := " (tried: it then lets no other trail in)" if {
	"unknown" in {one.decision.decision | some one in ones}
} else := " (tried: it then lets the expected trails in, and no other)"

_wanted(entry) := [one |
	some capability in ["encrypt", "encrypt_account", "describe", "decrypt_service"]
	some one in evaluation.tried(capability)
	object.get(_subjects, one.probe.subject, null) != null
	entry.index in one.decision.allowed_by
]

# The statement alone, with the condition.
_narrowed(entry) := {
	"Version": object.get(data.ctkms.evaluation.key.policy, "Version", null),
	"Statement": [object.union(_without_source(entry), {"Condition": {"ArnEquals": {"aws:SourceArn": _expected}}})],
}

_without_source(entry) := evaluation.without(entry, _of_source(entry))

_in_place(entry) := ", in place of what it says of aws:SourceArn" if {
	count(_of_source(entry)) > 0
} else := ""

_of_source(entry) := [condition |
	some condition in policy.conditions(entry.statement)
	condition.key == "aws:sourcearn"
]

# Statements for everyone, such as AWS's own for readers, are told apart by kms:CallerAccount, of which nobody documents
# what CloudTrail's requests hold: what strangers may do by them, KP-PRINCIPAL-STAR tells.
_names_cloudtrail(statement) if {
	some principal in policy.principals(statement)
	principal.element == "Principal"
	principal.value == data.ctkms.cloudtrail.request.service
}

_meant_for_cloudtrail(statement) if {
	principals := policy.principals(statement)
	count(principals) == 1
	principals[0].value == data.ctkms.cloudtrail.request.service
}
