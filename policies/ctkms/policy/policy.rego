# METADATA
# title: Reading the elements of a policy statement
# description: |
#   Total functions over the raw JSON of a policy: whatever a document holds, they give lists. They read what is
#   written;
#   what it means is decided by ctkms.iam.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
# custom:
#   library: true
package ctkms.policy

# METADATA
# description: |
#   The statements of a policy as a list of {index, sid, statement}; a single statement object counts as the
#   first.
statements(policy) := [_statement(index, statement) |
	some index, statement in as_list(object.get(_object(policy), "Statement", []))
	is_object(statement)
	not is_unknown(statement)
]

# METADATA
# description: "A scalar or object as a list of one; a list as it is; null as an empty list."
as_list(value) := value if is_array(value)

else := [] if is_null(value)

else := [value]

# METADATA
# description: "True for the sentinel of a value that the document does not hold yet."
is_unknown(value) if {
	is_object(value)
	object.get(value, "ctkms:unknown", null) != null
}

# METADATA
# description: "Why values anywhere inside are not known yet: each reason once, as text that follows a statement."
why_unknown(value) := concat("", [sprintf(": %v", [concat("; ", reasons)]) | count(reasons) > 0]) if {
	reasons := sort({json.unmarshal(found[1]) |
		some found in regex.find_all_string_submatch_n(`"ctkms:unknown":("(?:[^"\\]|\\.)+")`, json.marshal(value), -1)
	})
}

# METADATA
# description: "True where a value that is not known yet stands anywhere inside."
holds_unknown(value) if contains(json.marshal(value), `"ctkms:unknown":`)

# METADATA
# description: "A value as compact JSON, the same on every engine: OPA escapes <, >, & and line separators."
compact(value) := replace(replace(angled, `\u2028`, "\u2028"), `\u2029`, "\u2029") if {
	angled := replace(replace(replace(json.marshal(value), `\u003c`, "<"), `\u003e`, ">"), `\u0026`, "&")
}

# METADATA
# description: "The strings of an element that is a string or a list, with their place below the statement."
strings(statement, element) := [{"value": value, "path": path} |
	raw := object.get(statement, element, [])
	some position, value in as_list(raw)
	is_string(value)
	path := member_path([element], raw, position)
]

# METADATA
# description: |
#   Every principal of a statement as {element, kind, value, path}: element is Principal or NotPrincipal, kind AWS,
#   Service,
#   Federated, CanonicalUser or whatever is written; the plain string form counts as AWS.
principals(statement) := array.concat(_principals(statement, "Principal"), _principals(statement, "NotPrincipal"))

# METADATA
# description: |
#   Every condition of a statement as {operator, name, key, values, path}: key is lower-cased, name is as written,
#   values is a list.
conditions(statement) := [condition |
	some operator, block in _object(object.get(statement, "Condition", {}))
	operator != "ctkms:unknown"
	some name, raw in _object(block)
	name != "ctkms:unknown"
	condition := {
		"operator": operator,
		"name": name,
		"key": lower(name),
		"values": as_list(raw),
		"path": ["Condition", operator, name],
	}
]

# METADATA
# description: "How a person finds a statement: its number, counted from one, and its Sid where it has one."
label(statement) := sprintf("statement %v (%v)", [statement.index + 1, statement.sid]) if {
	is_string(statement.sid)
	statement.sid != ""
} else := sprintf("statement %v", [statement.index + 1])

_statement(index, statement) := {
	"index": index,
	"sid": _text(object.get(statement, "Sid", null)),
	"statement": statement,
}

_text(value) := value if is_string(value)

else := null

_object(value) := value if is_object(value)

else := {}

# METADATA
# description: "The place of a value of an element, whose place is `path`: below it where what is written is a list."
member_path(path, raw, position) := array.concat(path, [position]) if is_array(raw)

else := path

_principals(statement, element) := [{"element": element, "kind": "AWS", "value": raw, "path": [element]}] if {
	raw := object.get(statement, element, null)
	is_string(raw)
} else := [principal |
	some kind, entries in _object(object.get(statement, element, null))
	kind != "ctkms:unknown"
	some position, value in as_list(entries)
	is_string(value)
	principal := {
		"element": element,
		"kind": kind,
		"value": value,
		"path": member_path([element, kind], entries, position),
	}
]

# METADATA
# description: "The ARN of a principal: an account id, which AWS takes for the account's root, becomes that ARN."
account_arn(principal, partition) := sprintf("arn:%v:iam::%v:root", [partition, principal]) if {
	regex.match(`^[0-9]{12}$`, principal)
} else := principal
