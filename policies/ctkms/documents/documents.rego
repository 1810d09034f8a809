# METADATA
# title: Documents
# description: |
#   Turns the document under evaluation into key objects. What a document is, is told by its content, never by its
#   name.
#   The input is the document itself (opa, conftest) or {"ctkms": {"document", "source", "key", "text"}} (the
#   command line, which
#   knows more: the file's name, the key it was told, and what only the text shows).
# custom:
#   library: true
package ctkms.documents

import data.ctkms.policy

# METADATA
# title: Keys of the document
# description: |
#   A list of {label, arn, candidates, kind, policy, problem, source, text, unknown}: arn is null where the document
#   does not say which
#   key it belongs to, policy is null where the document holds no key policy, problem says why.
# entrypoint: true
keys := [key |
	some found in [_found]
	key := object.union(found, {
		"arn": _arn,
		"label": _label,
		"candidates": sort(data.ctkms.expectations.keys),
		"source": _source,
		"text": object.get(_wrapper, "text", {}),
		"unknown": _unknown(found.policy),
	})
]

_wrapper := input.ctkms if {
	is_object(input)
	is_object(object.get(input, "ctkms", null))
} else := {}

_document := _wrapper.document if {
	"document" in object.keys(_wrapper)
} else := input

_source := _wrapper.source if {
	is_string(object.get(_wrapper, "source", null))
} else := "key policy"

_arn := _wrapper.key if {
	is_string(object.get(_wrapper, "key", null))
} else := sort(data.ctkms.expectations.keys)[0] if {
	count(data.ctkms.expectations.keys) == 1
} else := null

_label := _arn if {
	is_string(_arn)
} else := _source

_found := object.union({"kind": "get-key-policy"}, _get_key_policy) if {
	is_object(_document)
	is_string(object.get(_document, "Policy", null))
	not "Statement" in object.keys(_document)
} else := {"kind": "statement", "policy": {"Statement": _document}, "problem": null} if {
	_bare_statement
} else := _policy_document

_get_key_policy := {"policy": null, "problem": "the string under \"Policy\" is not JSON"} if {
	not json.is_valid(_policy_text)
} else := {"policy": json.unmarshal(_policy_text), "problem": null} if {
	is_object(json.unmarshal(_policy_text))
} else := {"policy": null, "problem": "the string under \"Policy\" is not a JSON object"}

# Interpreted regorus evaluates every rule of a package that is read: this one holds a string whatever the document is.
_policy_text := _document.Policy if {
	is_object(_document)
	is_string(object.get(_document, "Policy", null))
} else := ""

# A statement on its own, or a list of statements, as the AWS pages print them.
_bare_statement if {
	is_object(_document)
	_statement_like(_document)
	_has_principal(_document)
	not _assumes_role(_document)
}

_bare_statement if {
	is_array(_document)
	count(_document) > 0
	every statement in _document {
		is_object(statement)
		_statement_like(statement)
	}
	some statement in _document
	_has_principal(statement)
	not _assumes_role(statement)
}

_policy_document := {"kind": "trust-policy", "policy": null, "problem": problem} if {
	_trust_policy
	problem := "it lets principals assume a role (sts:AssumeRole): a role's trust policy"
} else := {"kind": "iam-policy", "policy": null, "problem": problem} if {
	_iam_policy
	problem := "none of its statements has a Principal: an IAM policy of a user or role"
} else := {"kind": "key-policy", "policy": _document, "problem": null} if {
	is_object(_document)
	count({"Statement", "Version"} & object.keys(_document)) > 0
} else := {"kind": "unrecognised", "policy": null, "problem": "it is not a policy that ctkms knows"}

_trust_policy if {
	count(_statements) > 0
	every statement in _statements {
		_assumes_role(statement)
	}
}

_iam_policy if {
	count(_statements) > 0
	every statement in _statements {
		_statement_like(statement)
		not _has_principal(statement)
	}
}

default _statements := []

_statements := [_document] if {
	is_object(_document)
	_statement_like(_document)
} else := _document if {
	is_array(_document)
	every statement in _document {
		is_object(statement)
	}
} else := [statement.statement | some statement in policy.statements(_document)] if {
	is_object(_document)
	"Statement" in object.keys(_document)
}

_statement_like(value) if {
	"Effect" in object.keys(value)
	not "Statement" in object.keys(value)
	some member in ["Action", "NotAction", "Principal", "NotPrincipal", "Resource", "NotResource"]
	member in object.keys(value)
}

_has_principal(statement) if {
	some member in ["Principal", "NotPrincipal"]
	member in object.keys(statement)
}

_assumes_role(statement) if {
	actions := policy.strings(statement, "Action")
	count(actions) > 0
	every action in actions {
		startswith(lower(action.value), "sts:")
	}
}

# Where the policy holds values that are not known yet. What is not known of a Sid decides nothing.
_unknown(found) := ["the statements"] if {
	is_object(found)
	policy.is_unknown(object.get(found, "Statement", null))
} else := [sprintf("statement %v", [index + 1]) |
	is_object(found)
	some index, statement in policy.as_list(object.get(found, "Statement", []))
	policy.holds_unknown(_without_sid(statement))
]

_without_sid(statement) := object.remove(statement, ["Sid"]) if {
	is_object(statement)
} else := statement
