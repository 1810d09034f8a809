# METADATA
# title: Conditions are written so that they can do what they mean
# description: |
#   Conditions that KMS refuses or that compare something else than meant: operators that do not exist, wildcards
#   under an operator that takes them literally, Null turned round, set operators on keys with one value and the
#   reverse, empty lists, values that are not true or false, keys without a service prefix.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
# custom:
#   id: KP-CONDITION
#   level: warning
#   provenance: documented
package ctkms.rules.policy.condition

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Conditions that are no conditions."
findings contains result.finding("KP-CONDITION", {
	"level": "error",
	"msg": sprintf("%v: %v is %v; it has to be an object", [
		policy.label(entry),
		concat(" ", path),
		_article(type_name(value)),
	]),
	"statement": entry,
	"path": path,
	"remediation": "Write conditions as {\"OPERATOR\": {\"KEY\": VALUE}}",
}) if {
	some entry in data.ctkms.evaluation.statements
	some [path, value] in _blocks(entry.statement)
	not is_object(value)
}

# METADATA
# description: "Faults of single conditions."
findings contains result.finding("KP-CONDITION", {
	"level": fault[0],
	"msg": sprintf("%v: %v on %v %v", [policy.label(one.entry), one.condition.operator, one.condition.name, fault[1]]),
	"statement": one.entry,
	"path": one.condition.path,
	"remediation": fault[2],
}) if {
	some one in _conditions
	some fault in _faults(one)
}

_faults(one) := array.concat(_of_operator(one), array.concat(_of_values(one), array.concat(_of_set(one), _of_key(one))))

_conditions := [one |
	some entry in data.ctkms.evaluation.statements
	some condition in policy.conditions(entry.statement)
	one := {
		"entry": entry,
		"condition": condition,
		"base": _base(condition.operator),
		"set": _set(condition.operator),
	}
]

_blocks(statement) := array.concat(
	[[["Condition"], value] |
		"Condition" in object.keys(statement)
		value := statement.Condition
	],
	[[["Condition", operator], block] |
		is_object(object.get(statement, "Condition", null))
		some operator, block in statement.Condition
		operator != "ctkms:unknown"
	],
)

_article(name) := object.get({"array": "a list", "null": "null", "object": "an object"}, name, sprintf("a %v", [name]))

_set(operator) := "ForAllValues" if {
	startswith(lower(operator), "forallvalues:")
} else := "ForAnyValue" if {
	startswith(lower(operator), "foranyvalue:")
} else := ""

_base(operator) := trim_suffix(substring(operator, _length[_set(operator)], -1), "IfExists")

_length := {"": 0, "ForAllValues": 13, "ForAnyValue": 12}

_names := [
	"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
	"StringNotLike",
	"ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike", "Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "Null",
	"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan",
	"NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan",
	"DateGreaterThanEquals",
]

_by_lower[lower(name)] := name if some name in _names

_of_operator(one) := [["error", "cannot be: Null has no IfExists form", "Write Null without IfExists"]] if {
	lower(one.condition.operator) in {"nullifexists", "forallvalues:nullifexists", "foranyvalue:nullifexists"}
} else := [["warning", "is always true, whatever the request holds", "Write Null without ForAllValues"]] if {
	one.base == "Null"
	one.set == "ForAllValues"
} else := [["warning", "is never true", "Write Null without ForAnyValue"]] if {
	one.base == "Null"
	one.set == "ForAnyValue"
} else := [] if {
	one.condition.operator == _canonical(one.condition.operator)
} else := [[
	"open",
	"is spelled wrongly; what AWS makes of that is not documented",
	sprintf("Write %v", [_canonical(one.condition.operator)]),
]] if {
	_canonical(one.condition.operator) != ""
} else := [[
	"error",
	"cannot be: there is no such operator",
	"Use an operator that exists, such as StringEquals, StringLike, ArnLike, Bool or Null",
]]

# The operator as it has to be spelled; empty where there is none.
_canonical(operator) := _respelled(operator, lower(_base(_with_suffix(operator))))

# With the canonical IfExists, where it has one in any spelling.
_with_suffix(operator) := concat("", [substring(operator, 0, count(operator) - 8), "IfExists"]) if {
	endswith(lower(operator), "ifexists")
} else := operator

_respelled(operator, base) := concat("", [_prefixes[_set(operator)], _by_lower[base], _suffix(operator)]) if {
	base in object.keys(_by_lower)
} else := ""

_prefixes := {"": "", "ForAllValues": "ForAllValues:", "ForAnyValue": "ForAnyValue:"}

_suffix(operator) := "IfExists" if {
	endswith(lower(operator), "ifexists")
} else := ""

_of_values(one) := [[
	"open",
	"has an empty list of values; what that means is not documented",
	"Give it a value, or remove it",
]] if {
	one.condition.values == []
} else := [fault |
	some faults in [_nested(one), _literal_wildcards(one), _booleans(one), _inverted(one)]
	some fault in faults
]

_nested(one) := [[
	"error",
	sprintf("has a value that is %v", [_article(type_name(value))]),
	"Give it texts, numbers, true or false",
] |
	some value in one.condition.values
	not _is_scalar(value)
	not policy.is_unknown(value)
]

_is_scalar(value) if type_name(value) in {"string", "number", "boolean"}

# Under these operators * and ? are characters like any others.
_literal_wildcards(one) := [[
	"warning",
	sprintf("takes the wildcard in %v literally, so no request ever has that value", [value]),
	"Use StringLike (or ArnLike for an ARN), which knows wildcards; or write the whole value",
] |
	one.base in {"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"}
	some value in one.condition.values
	is_string(value)
	_wild(value)
	_arn_or_context(one.condition.key, value)
]

_wild(value) if contains(replace(value, "${*}", ""), "*")

_wild(value) if contains(replace(value, "${?}", ""), "?")

_arn_or_context(_, value) if startswith(value, "arn:")

_arn_or_context(key, _) if startswith(key, "kms:encryptioncontext:")

_arn_or_context(key, _) if key in {"aws:sourcearn", "aws:principalarn", "kms:viaservice"}

_booleans(one) := [] if {
	not one.base in {"Bool", "Null"}
} else := [["warning", "lists both true and false, so it says nothing", "Keep the one that is meant"]] if {
	count({_lowered(value) | some value in one.condition.values} & {"true", "false"}) == 2
} else := [[
	"warning",
	sprintf("has the value %v; it compares with true and false only", [value]),
	"Write \"true\" or \"false\"",
] |
	some value in one.condition.values
	_is_scalar(value)
	not _lowered(value) in {"true", "false"}
	not _variable(one.base, value)
]

_lowered(value) := lower(sprintf("%v", [value]))

_variable("Bool", value) if {
	is_string(value)
	contains(value, "${")
}

# "true" asks that the key be missing, so only what CloudTrail did not encrypt can be read.
_inverted(one) := [[
	"warning",
	"is true where the key is missing: it lets callers decrypt everything but CloudTrail's data",
	"Write \"false\": the key has to be there",
]] if {
	one.condition.operator == "Null"
	one.condition.key == "kms:encryptioncontext:aws:cloudtrail:arn"
	one.entry.statement.Effect == "Allow"
	_lowered(one.condition.values[0]) == "true"
	count([action |
		some action in policy.strings(one.entry.statement, "Action")
		lower(action.value) in {"kms:decrypt", "kms:decrypt*", "kms:*", "*"}
	]) > 0
} else := []

_of_set(one) := [] if {
	one.base == "Null"
} else := [[
	"warning",
	"uses ForAllValues on a key with a single value; it is also true where the key is missing",
	sprintf("Write %v", [substring(one.condition.operator, 13, -1)]),
]] if {
	one.set == "ForAllValues"
	_single(one.condition.key)
	not _refused(one.condition.key)
} else := [[
	"warning",
	"uses ForAnyValue on a key with a single value",
	sprintf("Write %v", [substring(one.condition.operator, 12, -1)]),
]] if {
	one.set == "ForAnyValue"
	_single(one.condition.key)
} else := [[
	"open",
	"compares a key of many values as if it had one; what that means is not documented",
	sprintf("Write ForAllValues:%v or ForAnyValue:%v", [one.condition.operator, one.condition.operator]),
]] if {
	one.set == ""
	_multiple(one.condition.key)
} else := []

# ForAllValues on these is KP-FORALL-CTX's matter.
_refused(key) if startswith(key, "kms:encryptioncontext:")

_refused(key) if startswith(key, "aws:requesttag/")

_single(key) if _refused(key)

_single(key) if key in {
	"aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principaltype", "aws:sourceaccount",
	"aws:sourcearn",
	"aws:sourceip", "aws:sourceorgid", "aws:sourcevpc", "aws:sourcevpce", "aws:userid", "aws:username",
	"aws:viaawsservice",
	"aws:principalisawsservice", "aws:principalservicename", "aws:securetransport", "kms:calleraccount", "kms:viaservice",
	"kms:grantisforawsresource", "kms:granteeprincipal", "kms:keyorigin", "kms:keyspec", "kms:keyusage",
	"kms:requestalias",
}

_multiple(key) if key in {
	"aws:calledvia", "aws:principalorgpaths", "aws:principalservicenameslist", "aws:sourceorgpaths", "aws:tagkeys",
	"kms:encryptioncontextkeys", "kms:grantoperations", "kms:resourcealiases",
}

_of_key(one) := [[
	"warning",
	"names a key without a service prefix, which no request has",
	sprintf("Write %v", [_prefixed(one.condition.key)]),
]] if {
	not contains(one.condition.key, ":")
	not contains(one.condition.key, "${")
} else := []

_prefixed(key) := object.get(
	{
		"calleraccount": "kms:CallerAccount", "encryptioncontextkeys": "kms:EncryptionContextKeys",
		"grantisforawsresource": "kms:GrantIsForAWSResource", "viaservice": "kms:ViaService",
		"principalarn": "aws:PrincipalArn", "principalorgid": "aws:PrincipalOrgID",
		"sourceaccount": "aws:SourceAccount", "sourcearn": "aws:SourceArn",
	},
	key,
	"the key as AWS documents it, with aws: or kms: before it",
)
