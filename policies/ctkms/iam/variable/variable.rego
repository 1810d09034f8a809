# METADATA
# title: Policy variables
# description: |
#   ${key}, ${key, 'default'} and the escapes ${*}, ${?} and ${$} in condition values and resources of policies of
#   Version 2012-10-17. What is no well-formed variable stays as it is written. Wildcards in a substituted value are
#   literal.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
# custom:
#   library: true
package ctkms.iam.variable

import data.ctkms.iam.context
import data.ctkms.iam.kleene
import data.ctkms.iam.pattern
import data.ctkms.iam.value

# METADATA
# description: |
#   A text as parts that pattern.join takes, of which some are still to be looked up: {"key": lower-cased name,
#   "default": text or null}.
parts(text) := _joined(pieces, variables) if {
	pieces := regex.split(_expression, text)
	variables := regex.find_n(_expression, text, -1)
}

# METADATA
# description: "True where parts hold a variable to look up. Undefined otherwise."
any_in(list) if {
	some part in list
	"key" in object.keys(part)
}

# METADATA
# description: |
#   Parts with their variables looked up in a prepared context: {"truth": 2, "source": for pattern.compile}, {"truth":
#   1} where nobody knows a value, {"truth": 0} where a variable has no value.
resolve(list, known) := _resolved([_look_up(part, known) | some part in list])

_expression := `\$\{[^{}',\s]+, '[^']*'\}|\$\{[*?$]\}|\$\{[^{}',*?$\s]+\}`

_joined(pieces, variables) := [part |
	following := array.concat(variables, [""])
	some i, piece in pieces
	some part in array.concat(_text(piece), _variable(following[i]))
]

_text(piece) := [] if {
	piece == ""
} else := [pattern.glob(piece)]

_variable(text) := [] if {
	text == ""
} else := [_inner(trim_suffix(trim_prefix(text, "${"), "}"))]

_inner(inner) := pattern.literal(inner) if {
	inner in {"*", "?", "$"}
} else := {"key": lower(names[0]), "default": trim_suffix(names[1], "'")} if {
	names := split(inner, ", '")
	count(names) == 2
} else := {"key": lower(inner), "default": null}

_look_up(part, known) := _found(context.lookup(known, part.key), part["default"]) if {
	"key" in object.keys(part)
} else := {"truth": 2, "source": part}

_found(entry, fallback) := {"truth": 1, "source": null} if {
	entry.presence == 1
} else := _fallback(fallback) if {
	entry.presence == 0
} else := {"truth": 0, "source": null} if {
	count(entry.values) != 1
} else := {"truth": 1, "source": null} if {
	is_object(entry.values[0])
} else := {"truth": 2, "source": pattern.literal(value.text(entry.values[0]))}

_fallback(text) := {"truth": 0, "source": null} if {
	text == null
} else := {"truth": 2, "source": pattern.literal(text)}

_resolved(looked_up) := {"truth": 2, "source": pattern.join([one.source | some one in looked_up])} if {
	kleene.every_of([one.truth | some one in looked_up]) == 2
} else := {"truth": kleene.every_of([one.truth | some one in looked_up])}
