# METADATA
# title: Resource and NotResource
# description: |
#   Resources are compared part by part, six parts, case-sensitively; "*" alone covers everything. Variables stand
#   after the fifth colon only; an entry with one that has no value matches nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   library: true
package ctkms.iam.resource

import data.ctkms.iam.element
import data.ctkms.iam.kleene
import data.ctkms.iam.pattern
import data.ctkms.iam.variable

# METADATA
# description: |
#   The resource element of a statement as {"name", "state", "always": bool, "any": bool}, and where it is not * alone
#   also {"exact": ARNs, "patterns": compiled, "variables": parts, "unknown": bool}. variables says whether ${...} is
#   read as a variable: "yes", "no" or "unknown".
prepare(statement, variables) := object.union(found, _prepared(texts, found, variables)) if {
	found := element.find(statement, "Resource", "NotResource")
	texts := [item | some item in found.items; is_string(item)]
}

# METADATA
# description: |
#   Whether a prepared resource element covers a request's resource; malformed is the truth of a malformed element.
match(prepared, request, malformed) := 2 if {
	prepared.always
} else := _covers(prepared, request) if {
	prepared.state == "ok"
	prepared.name == "Resource"
} else := kleene.negation(_covers(prepared, request)) if {
	prepared.state == "ok"
} else := malformed if {
	prepared.state == "malformed"
} else := 1 if {
	prepared.state == "unknown"
} else := 0

_prepared(texts, found, variables) := {
	"always": found.name == "Resource",
	"any": true,
} if {
	found.items == ["*"]
} else := {
	"always": ["Resource", "ok", true] == [found.name, found.state, "*" in texts],
	"any": "*" in texts,
	"exact": {text: true | some text in static; not _wild(text)},
	"patterns": [{"text": text, "compiled": pattern.compile_arn(pattern.glob(text))} |
		some text in static
		_wild(text)
	],
	"variables": [_with_variables(text) | some text in varying; variables == "yes"],
	"unknown": count(texts) < (count(found.items) + count([1 | some _ in varying; variables == "unknown"])),
} if {
	static := [text | some text in texts; not _has_variables(text, variables)]
	varying := [text | some text in texts; _has_variables(text, variables)]
}

_wild(text) if contains(text, "*")

_wild(text) if contains(text, "?")

# Only what comes after the fifth colon can hold variables.
_has_variables(text, variables) if {
	variables != "no"
	contains(text, "${")
	segments := split(text, ":")
	contains(concat(":", array.slice(segments, 5, count(segments))), "${")
}

_with_variables(text) := array.concat([pattern.glob(head)], variable.parts(tail)) if {
	segments := split(text, ":")
	head := sprintf("%v:", [concat(":", array.slice(segments, 0, 5))])
	tail := concat(":", array.slice(segments, 5, count(segments)))
}

_covers(prepared, request) := 2 if {
	prepared.any
} else := _could_cover(prepared, request) if {
	request.resource_kind == "unknown"
} else := kleene.some_of([1 | prepared.unknown]) if {
	request.resource_kind == "other"
} else := 2 if {
	prepared.exact[request.resource]
} else := kleene.some_of(array.concat(
	[truth | some one in prepared.patterns; truth := pattern.match(one.compiled, request.resource)],
	array.concat(
		[truth | some parts in prepared.variables; truth := _resolved(parts, request)],
		[1 | prepared.unknown],
	),
))

_resolved(parts, request) := pattern.match(pattern.compile_arn(resolved.source), request.resource) if {
	resolved := variable.resolve(parts, request.context)
	resolved.truth == 2
} else := variable.resolve(parts, request.context).truth

# A resource that nobody knows yet is a KMS key all the same.
_could_cover(prepared, request) := 1 if {
	prepared.unknown
} else := 1 if {
	_any_could_be_key([pattern.glob(text).code | some text, _ in prepared.exact])
} else := 1 if {
	_any_could_be_key([pattern.glob(one.text).code | some one in prepared.patterns])
} else := kleene.some_of([1 |
	some parts in prepared.variables
	_could_be_key_with(variable.resolve(parts, request.context))
])

_any_could_be_key(codes) if {
	some code in codes
	_could_be_key(code)
}

_could_be_key_with(resolved) if resolved.truth == 1

_could_be_key_with(resolved) if {
	resolved.truth == 2
	_could_be_key(resolved.source.code)
}

_could_be_key(code) if {
	segments := split(code, ":")
	pattern.match(pattern.compile({"text": segments[2], "code": segments[2], "start": ""}), "kms") > 0
	regex.match(`^(?:\(\*\)|(?:k|\(\?\))(?:\(\*\)|(?:e|\(\?\))(?:\(\*\)|(?:y|\(\?\))(?:\(\*\)|/|\(\?\)))))`, segments[5])
}
