# METADATA
# title: Requests
# description: "Prepares a request once, for all statements."
# custom:
#   library: true
package ctkms.iam.request

import data.ctkms.iam.arn
import data.ctkms.iam.context
import data.ctkms.iam.element
import data.ctkms.iam.kleene
import data.ctkms.iam.principal

# METADATA
# description: |
#   A request {"principal", "action", "resource", "context", "unknown", "absent", "assumed_absent", "identity_policies"}
#   as {"malformed": true where nothing can be allowed because a member is no string, "principal", "written_action":
#   both as written, "context", "caller", "action": lower-cased, "action_kind": "ok" | "unknown", "resource",
#   "resource_kind": "arn" | "other" | "unknown", "account": the key's or "", "identity_policies": a list}. Any JSON
#   value is accepted.
prepare(request) := prepare_with(request, {})

# METADATA
# description: "As prepare, with lists of names that context.names prepared before, as {list: prepared}."
prepare_with(request, names) := {
	"malformed": _is_malformed([caller, action, resource]),
	"principal": caller,
	"written_action": action,
	"context": found,
	"caller": principal.caller(caller, found),
	"action": _lowered(action),
	"action_kind": _kind(action),
	"resource": resource,
	"resource_kind": _resource_kind(resource),
	"account": _account(resource),
	"identity_policies": kleene.listed(object.get(request, "identity_policies", [])),
} if {
	is_object(request)
	not kleene.is_unknown(request)
	found := context.prepare_with(request, names)
	caller := object.get(request, "principal", null)
	action := object.get(request, "action", null)
	resource := object.get(request, "resource", null)
} else := _all(request) if {
	kleene.is_unknown(request)
} else := _all(null)

# A request of which every member is the same value: nobody knows it, or it is malformed.
_all(value) := {
	"malformed": _is_malformed([value]),
	"principal": value,
	"written_action": value,
	"context": found,
	"caller": principal.caller(value, found),
	"action": "",
	"action_kind": _kind(value),
	"resource": value,
	"resource_kind": _resource_kind(value),
	"account": "",
	"identity_policies": [],
} if {
	found := context.prepare({"unknown": ["*"]})
}

# METADATA
# description: |
#   A request with the condition keys that every request of its principal carries, where it does not speak of them
#   itself in context, absent or unknown. Of a session's role the path is not known, so aws:PrincipalArn is not either.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account
completed(request) := object.union(request, {
	"context": object.union(
		context.unmentioned(request, object.union(_known(who), identity(request.principal))),
		_context_of(request),
	),
	"unknown": array.concat(
		kleene.listed(object.get(request, "unknown", [])),
		sort(object.keys(context.unmentioned(request, _open(who.kind)))),
	),
}) if {
	is_object(request)
	is_string(object.get(request, "principal", null))
	is_object(_context_of(request))
	who := principal.caller(request.principal, context.prepare(request))
} else := request

# METADATA
# description: |
#   The condition keys about a person's own name and kind that follow from its ARN: only users of IAM have a user name.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
identity(principal) := {"aws:PrincipalType": "User", "aws:username": name} if {
	regex.match(`^arn:[^:]*:iam::[^:]*:user/`, principal)
	path := split(principal, "/")
	name := path[count(path) - 1]
} else := {"aws:PrincipalType": "AssumedRole"} if {
	regex.match(`^arn:[^:]*:(iam::[^:]*:role|sts::[^:]*:assumed-role)/`, principal)
} else := {}

_context_of(request) := object.get(request, "context", {})

_known(who) := {"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": who.id} if {
	who.kind == "service"
} else := object.union(_arn_of(who), {
	"aws:PrincipalIsAWSService": "false",
	"aws:PrincipalAccount": who.account,
	"kms:CallerAccount": who.account,
}) if {
	who.account != ""
} else := {}

_arn_of(who) := {"aws:PrincipalArn": who.id} if {
	who.kind in {"root", "user", "role"}
} else := {}

_open(kind) := {"aws:PrincipalArn": null} if {
	kind in {"session", "account"}
} else := {}

# METADATA
# description: "A prepared request as a Deny sees it (ctkms.iam.context)."
for_deny(prepared) := object.union(object.remove(prepared, ["context"]), {"context": seen}) if {
	"assumed" in object.keys(prepared.context)
	seen := context.for_deny(prepared.context)
} else := prepared

_lowered(action) := lower(action) if {
	is_string(action)
} else := ""

_kind(value) := "ok" if {
	is_string(value)
} else := "unknown"

_is_malformed(members) := count([member |
	some member in members
	not element.is_item(member)
]) > 0

_resource_kind(resource) := "arn" if {
	_is_arn(arn.split_or_empty(resource))
} else := "other" if {
	is_string(resource)
} else := _kind(resource)

_is_arn(segments) if {
	count(segments) > 5
	segments[0] == "arn"
}

_account(resource) := segments[4] if {
	segments := arn.split_or_empty(resource)
	_is_arn(segments)
} else := ""
