# METADATA
# title: Policy documents
# description: |
#   A key policy, a statement or a list of statements on its own (as the AWS pages print them), and policies that are
#   no key policies: those of IAM users and roles, and trust policies of roles. What is none of these is not
#   recognised, and said to be so.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
# custom:
#   library: true
package ctkms.documents.policy_document

import data.ctkms.policy

# METADATA
# description: "The one key whose policy it is, or the one object that says why it is none. Takes any document."
keys(document) := [{
	"kind": "statement",
	"policy": {"Statement": document},
	"place": {"path": [], "part": ["Statement"]},
}] if {
	_bare_statement(document)
} else := [{
	"kind": "trust-policy",
	"problem": "it lets principals assume a role (sts:AssumeRole): a role's trust policy",
}] if {
	_trust_policy(_statements(document))
} else := [{
	"kind": "iam-policy",
	"problem": "none of its statements has a Principal: an IAM policy of a user or role",
}] if {
	_iam_policy(_statements(document))
} else := [{"kind": "key-policy", "policy": document}] if {
	is_object(document)
	count({"Statement", "Version"} & object.keys(document)) > 0
} else := [{"kind": "unrecognised", "problem": "the member Policy is an object, not the JSON text that KMS gives"}] if {
	is_object(document)
	is_object(object.get(document, "Policy", null))
} else := [{"kind": "unrecognised", "problem": "it is not a policy that ctkms knows"}]

# METADATA
# scope: document
# description: |
#   True for a document that is not recognised and was hardly meant to be anything but a policy: it is empty, no object
#   or list of objects, or has members that are called as a policy's, in whatever case, or as our own.
looks_like_one(document) if count(_objects(document)) == 0

looks_like_one(document) if {
	some one in _objects(document)
	some name in object.keys(one)
	_names_a_policy(name)
}

_names_a_policy("Policy") := true

_names_a_policy(name) if lower(name) in {"ctkms", "effect", "notprincipal", "principal", "statement"}

_objects(document) := [one | some one in policy.as_list(document); is_object(one); count(one) > 0]

_bare_statement(document) if {
	is_object(document)
	_statement_like(document)
	_has_principal(document)
	not _assumes_role(document)
}

_bare_statement(document) if {
	is_array(document)
	count(document) > 0
	every statement in document {
		is_object(statement)
		_statement_like(statement)
	}
	some statement in document
	_has_principal(statement)
	not _assumes_role(statement)
}

_trust_policy(statements) if {
	count(statements) > 0
	every statement in statements {
		_assumes_role(statement)
	}
}

_iam_policy(statements) if {
	count(statements) > 0
	every statement in statements {
		_statement_like(statement)
		not _has_principal(statement)
	}
}

_statements(document) := [document] if {
	is_object(document)
	_statement_like(document)
} else := document if {
	is_array(document)
	every statement in document {
		is_object(statement)
	}
} else := [statement.statement | some statement in policy.statements(document)] if {
	is_object(document)
	"Statement" in object.keys(document)
} else := []

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
