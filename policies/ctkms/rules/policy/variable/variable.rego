# METADATA
# title: Policy variables stand where they work
# description: |
#   Policy variables such as ${aws:username} work only in policies of Version 2012-10-17, in condition values that
#   compare texts, ARNs or booleans, and in a Resource after the fifth colon. Elsewhere, and where they are written
#   wrongly, they are plain text that matches nothing.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
# custom:
#   id: KP-VARIABLE
#   level: warning
#   provenance: documented
package ctkms.rules.policy.variable

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Variables that are plain text."
findings contains result.finding("KP-VARIABLE", {
	"msg": sprintf("%v: \"%v\" in %v %v", [policy.label(entry), place.value, concat(" ", place.words), why]),
	"statement": entry,
	"path": place.path,
	"remediation": _remediation(why),
}) if {
	some entry in data.ctkms.evaluation.statements
	some place in _places(entry.statement)
	contains(place.value, "${")
	why := _why(place)
	why != ""
}

_places(statement) := array.concat(
	[{"kind": element, "words": [element], "value": text.value, "path": text.path} |
		some element in ["Action", "NotAction", "Resource", "NotResource"]
		some text in policy.strings(statement, element)
	],
	array.concat(
		[{"kind": "Principal", "words": [one.element], "value": one.value, "path": one.path} |
			some one in policy.principals(statement)
		],
		[{"kind": condition.operator, "words": condition.path, "value": value, "path": condition.path} |
			some condition in policy.conditions(statement)
			some value in condition.values
			is_string(value)
		],
	),
)

_why(place) := "is a variable without its closing brace" if {
	regex.match(`\$\{[^}]*$`, place.value)
} else := "is a variable without a name" if {
	regex.match(`\$\{\s*\}`, place.value)
} else := "" if {
	not regex.match(_variable, place.value)
} else := "is a variable whose default lacks a quotation mark or the blank after the comma" if {
	regex.match(`\$\{[^},']*,[^}]*\}`, place.value)
	not regex.match(`\$\{[^{}',]+, '[^']*'\}`, place.value)
} else := "is a variable with a blank in its name" if {
	regex.match(`\$\{(?:\s[^},]*|[^},]*\s[^},]*)[,}]`, place.value)
} else := _literal(place)

_literal(place) := "is plain text: variables do not work there" if {
	place.kind in {"Action", "NotAction", "Principal"}
} else := "is plain text: variables work only after the fifth colon of an ARN" if {
	place.kind in {"Resource", "NotResource"}
	count(split(split(place.value, "${")[0], ":")) < 6
} else := "is plain text: this operator takes no variables" if {
	regex.match(`^(?:For(?:All|Any)Values?:)?(?:Numeric|Date|IpAddress|NotIpAddress|Null|Binary)`, place.kind)
} else := "is plain text: the policy's Version is not 2012-10-17" if {
	not _works_in_this_version
} else := ""

# The name of a variable is that of a condition key, with one colon; anything else is a template's.
_variable := `\$\{(?:\s*[A-Za-z0-9-]+:[^:}][^}]*|[*?$])\}`

# A statement on its own gets the Version of the policy that it goes into.
_works_in_this_version if data.ctkms.evaluation.key.kind == "statement"

_works_in_this_version if {
	is_object(data.ctkms.evaluation.key.policy)
	_speaks_variables(object.get(data.ctkms.evaluation.key.policy, "Version", null))
}

_speaks_variables(version) if version == "2012-10-17"

_speaks_variables(version) if policy.is_unknown(version)

_remediation(why) := "Set \"Version\": \"2012-10-17\", or write the value itself" if {
	endswith(why, "2012-10-17")
} else := "Write the value itself in place of the variable" if {
	startswith(why, "is plain text")
} else := "Write ${key} or ${key, 'default'}, with the name of a condition key, for example ${aws:PrincipalAccount}"
