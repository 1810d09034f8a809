# METADATA
# title: What users' own rules may build on
# description: |
#   The stable part of the pack, for packages custom.ctkms.<family>.<rule>: names, arguments and members of what is
#   here stay as they are within a major version; objects may gain members. Beside it, prepare, decide and explain of
#   ctkms.iam are stable, for policies other than the key's. Everything else may change. Read rules by their full path
#   (data.ctkms.api.key); functions may also be called through an import.
# custom:
#   library: true
package ctkms.api

import data.ctkms.cloudtrail.request as requests
import data.ctkms.evaluation
import data.ctkms.iam
import data.ctkms.policy

# METADATA
# description: |
#   The key: {"arn": string or null where nobody knows it, "label", "policy": the key policy as written, or null where
#   the document holds none, "kind": of document, "source": its name, "aliases", ...}.
key := data.ctkms.evaluation.key

# METADATA
# description: |
#   The statements of the key policy as [{"index": from 0, "sid": string or null, "statement": as written}].
statements := data.ctkms.evaluation.statements

# METADATA
# description: "The trails that use the key, by ARN, with the members of the expectations (`expected.trails`)."
trails := data.ctkms.evaluation.trails

# METADATA
# description: "The event data stores that use the key, likewise."
event_data_stores := data.ctkms.evaluation.stores

# METADATA
# description: "The expectations as given; an empty object where there are none."
expected := data.ctkms.expectations.all

# METADATA
# description: "The profile: documented or hardened."
profile := data.ctkms.evaluation.profile

# METADATA
# description: |
#   The request of `principal` (an ARN) for `action` on the key, with `context`: condition keys and the values that the
#   request is sent with. Of other keys it is not known whether they are sent: what hangs on one cannot be told.
request(principal, action, context) := object.union(asked, {"context": object.union(asked.context, context)}) if {
	resource := requests.resource(data.ctkms.evaluation.key.arn)
	asked := requests.by_person(principal, action, resource, {}, {})
}

# METADATA
# description: |
#   What the key policy decides on a request {"principal", "action", "resource", "context", "absent", "unknown",
#   "identity_policies"}: {"decision": "allow" | "needs_iam_policy" | "implicit_deny" | "explicit_deny" | "unknown",
#   "allowed_by", "denied_by", "maybe_allowed_by", "maybe_denied_by": indices of statements}. What is no request (it has
#   no principal or resource, or its action no service, as in kms:Decrypt) is "unknown": nobody refused it.
decide(asked) := iam.decide(data.ctkms.evaluation.prepared, asked) if {
	_is_request(asked)
} else := {"decision": "unknown", "allowed_by": [], "denied_by": [], "maybe_allowed_by": [], "maybe_denied_by": []}

# METADATA
# description: "As decide, with every statement's every element compared, as {match: 0 no, 1 cannot tell, 2 yes, why}."
explain(asked) := iam.explain(data.ctkms.evaluation.prepared, asked)

# METADATA
# description: |
#   The requests that ctkms tries for a capability (one of capabilities, as "encrypt" or "read"), as
#   [{"probe": {"subject", "principal", "request", "what", ...}, "decision": as decide has it}].
tried(capability) := evaluation.tried(capability)

# METADATA
# description: "The capabilities that tried takes, by name."
capabilities := data.ctkms.demand.capabilities

# METADATA
# description: "The statement with an index, as in statements; null where there is none."
statement(index) := evaluation.statement(index)

# METADATA
# description: "The principals of a statement as written, as [{element, kind, value, path}]."
principals(written) := policy.principals(written)

# METADATA
# description: |
#   The conditions of a statement as written, as [{operator, name, key: lower-cased, values: a list, path}].
conditions(written) := policy.conditions(written)

# METADATA
# description: "How a person finds a statement of statements: its number, from 1, and its Sid."
label(entry) := policy.label(entry)

# METADATA
# description: |
#   A finding of rule `id`: `fields` has msg and, as far as they apply, statement (of statements), path (of an element
#   below the statement, or below the policy where there is none), subject (an ARN), remediation, level and url (where
#   they differ from the METADATA of the rule).
finding(id, fields) := object.union(
	object.filter(fields, ["msg", "subject", "remediation", "level", "url"]),
	{"rule": id, "statement": _place(entry).statement, "path": array.concat(_place(entry).path, path)},
) if {
	entry := object.get(fields, "statement", null)
	path := object.get(fields, "path", [])
}

# METADATA
# description: |
#   For tests: the input under which rules see a key policy, that of the key with an ARN:
#   `found := my_rule.findings with input as given`, where `given := api.input_for(policy, arn)` stands above it.
input_for(written, arn) := {"ctkms": {"today": "2026-01-31", "key": {
	"arn": arn,
	"label": arn,
	"candidates": [],
	"kind": "key-policy",
	"policy": written,
	"problem": null,
	"source": "policy.json",
	"text": {},
	"unknown": [],
}}}

_place(null) := {"statement": null, "path": []}

_place(entry) := {
	"statement": {"index": entry.index, "sid": entry.sid},
	"path": ["Statement", entry.index],
} if {
	_is_entry(entry)
}

# What is no statement stays in the finding, where it is told as a mistake of the rule: no finding may get lost.
_place(entry) := {"statement": entry, "path": []} if {
	entry != null
	not _is_entry(entry)
}

_is_request(asked) if {
	is_object(asked)
	is_string(object.get(asked, "action", null))
	regex.match(`^[A-Za-z0-9-]+:.+$`, asked.action)
	every member in ["principal", "resource"] {
		object.get(asked, member, null) != null
	}
}

_is_entry(entry) if {
	is_object(entry)
	{"index", "sid"} - object.keys(entry) == set()
}
