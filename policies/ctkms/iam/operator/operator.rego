# METADATA
# title: Condition operators
# description: |
#   The names of IAM's condition operators, taken apart. What AWS does with another spelling is not documented: such a
#   name is unknown.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
#     description: "ForAllValues and ForAnyValue"
# custom:
#   library: true
package ctkms.iam.operator

# METADATA
# description: |
#   An operator's name as {"set": "" | "ForAllValues" | "ForAnyValue", "if_exists": bool, "type", "comparison",
#   "negated": bool}; type is "" for an unknown name.
parse(name) := {
	"set": set,
	"if_exists": if_exists,
	"type": type.type,
	"comparison": type.comparison,
	"negated": type.negated,
} if {
	set := _set(name)
	base := trim_prefix(name, _prefixes[set])
	if_exists := endswith(base, "IfExists")
	type := _type(trim_suffix(base, "IfExists"), if_exists)
}

_prefixes := {"": "", "ForAllValues": "ForAllValues:", "ForAnyValue": "ForAnyValue:"}

_set(name) := "ForAllValues" if {
	startswith(name, "ForAllValues:")
} else := "ForAnyValue" if {
	startswith(name, "ForAnyValue:")
} else := ""

_type(base, if_exists) := {"type": "", "comparison": "", "negated": false} if {
	base == "Null"
	if_exists
} else := object.get(_types, base, {"type": "", "comparison": "", "negated": false})

_types := {
	"StringEquals": {"type": "string", "comparison": "equals", "negated": false},
	"StringNotEquals": {"type": "string", "comparison": "equals", "negated": true},
	"StringEqualsIgnoreCase": {"type": "string", "comparison": "ignore case", "negated": false},
	"StringNotEqualsIgnoreCase": {"type": "string", "comparison": "ignore case", "negated": true},
	"StringLike": {"type": "string", "comparison": "like", "negated": false},
	"StringNotLike": {"type": "string", "comparison": "like", "negated": true},
	"ArnEquals": {"type": "arn", "comparison": "like", "negated": false},
	"ArnNotEquals": {"type": "arn", "comparison": "like", "negated": true},
	"ArnLike": {"type": "arn", "comparison": "like", "negated": false},
	"ArnNotLike": {"type": "arn", "comparison": "like", "negated": true},
	"NumericEquals": {"type": "number", "comparison": "equals", "negated": false},
	"NumericNotEquals": {"type": "number", "comparison": "equals", "negated": true},
	"NumericLessThan": {"type": "number", "comparison": "less", "negated": false},
	"NumericLessThanEquals": {"type": "number", "comparison": "less or equal", "negated": false},
	"NumericGreaterThan": {"type": "number", "comparison": "greater", "negated": false},
	"NumericGreaterThanEquals": {"type": "number", "comparison": "greater or equal", "negated": false},
	"DateEquals": {"type": "date", "comparison": "equals", "negated": false},
	"DateNotEquals": {"type": "date", "comparison": "equals", "negated": true},
	"DateLessThan": {"type": "date", "comparison": "less", "negated": false},
	"DateLessThanEquals": {"type": "date", "comparison": "less or equal", "negated": false},
	"DateGreaterThan": {"type": "date", "comparison": "greater", "negated": false},
	"DateGreaterThanEquals": {"type": "date", "comparison": "greater or equal", "negated": false},
	"Bool": {"type": "boolean", "comparison": "equals", "negated": false},
	"BinaryEquals": {"type": "binary", "comparison": "equals", "negated": false},
	"IpAddress": {"type": "network", "comparison": "contains", "negated": false},
	"NotIpAddress": {"type": "network", "comparison": "contains", "negated": true},
	"Null": {"type": "null", "comparison": "equals", "negated": false},
}
