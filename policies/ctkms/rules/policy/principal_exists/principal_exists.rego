# METADATA
# title: Every principal can exist
# description: |
#   KMS refuses a key policy that names a principal that does not exist (MalformedPolicyDocumentException: invalid
#   principals). Reported is what can never be one: account ids without 12 digits, ARNs that are no user, role,
#   session or account, wildcards inside, ids that are left of deleted users and roles, other partitions. Whether a
#   well-formed user or role exists is not looked up.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# - ref: https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
# custom:
#   id: KP-PRINCIPAL-EXISTS
#   level: error
#   provenance: documented
package ctkms.rules.policy.principal_exists

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "AWS principals and services of a shape that cannot exist."
findings contains result.finding("KP-PRINCIPAL-EXISTS", {
	"level": _level(kind),
	"msg": sprintf("%v: the principal %v %v", [policy.label(entry), _shown(principal.value), words]),
	"statement": entry,
	"path": principal.path,
	# The body declares it.
	# regal ignore:use-some-for-output-vars
	"remediation": _remediations[kind],
}) if {
	some entry in data.ctkms.evaluation.statements
	some principal in policy.principals(entry.statement)
	[kind, words] := _fault(principal)
	not array.concat(["Statement", entry.index], principal.path) in _said_elsewhere
}

# METADATA
# description: "Principals that are no text."
findings contains result.finding("KP-PRINCIPAL-EXISTS", {
	"msg": sprintf("%v: a principal is %v; it has to be a text", [policy.label(entry), policy.compact(value)]),
	"statement": entry,
	"path": [element, kind],
	"remediation": "Write it in quotation marks; account ids too, since they may begin with zeros",
}) if {
	some entry in data.ctkms.evaluation.statements
	some element in ["Principal", "NotPrincipal"]
	is_object(object.get(entry.statement, element, null))
	some kind, values in entry.statement[element]
	kind != "ctkms:unknown"
	some value in policy.as_list(values)
	not is_string(value)
	not policy.is_unknown(value)
}

# The fault of a principal as [kind of fault, words]; null where there is none.
_fault(principal) := _plain(principal.value) if {
	count(principal.path) == 1
} else := _aws(principal.value) if {
	principal.kind == "AWS"
} else := _service(principal.value) if {
	principal.kind == "Service"
} else := ["kind", "is of kind Federated, which is for trust policies; no caller of KMS has it"] if {
	principal.kind == "Federated"
} else := ["kind", "is of kind CanonicalUser, which is for Amazon S3; no caller of KMS has it"] if {
	principal.kind == "CanonicalUser"
} else := ["unknown kind", sprintf("is of kind \"%v\", which does not exist: AWS and Service do", [principal.kind])]

# An empty text is KP-STMT-NOPRINCIPAL's matter.
_plain(value) := null if {
	value in {"*", ""}
} else := ["plain", "stands there on its own; only \"*\" may"]

_service(value) := null if {
	regex.match(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`, value)
} else := ["service", "has a wildcard; services are named one by one"] if {
	regex.match(`[*?]`, value)
} else := ["service", "is not the name of a service, such as cloudtrail.amazonaws.com"]

_aws(value) := null if {
	_fine(value)
} else := _of_text(value) if {
	not startswith(value, "arn:")
} else := ["wildcard", "has a wildcard inside; a principal is \"*\" or has none"] if {
	regex.match(`[*?]`, value)
} else := ["shape", "lacks a part; principals look like arn:aws:iam::111122223333:role/NAME"] if {
	count(split(value, ":")) < 6
} else := _of_arn(split(value, ":"))

_fine(value) if value == "*"

# A group is KP-GROUP's matter.
_fine(value) if {
	regex.match(`^arn:[a-z-]+:iam::[0-9]{12}:(root|group/.+|(user|role)/([!-)+->@-~]+/)?[+-.0-9=@-Z_a-z]+)$`, value)
	_same_partition(split(value, ":")[1])
}

_fine(value) if {
	regex.match(`^arn:[a-z-]+:sts::[0-9]{12}:(assumed-role/[+-.0-9=@-Z_a-z]+/|federated-user/)[+-.0-:=@-Z_a-z]+$`, value)
	_same_partition(split(value, ":")[1])
}

_fine(value) if regex.match(`^([0-9]{12}|AGPA[A-Z0-9]{12,})$`, value)

_of_text(value) := ["empty", "is empty"] if {
	value == ""
} else := ["account", sprintf("has %v digits; an account id has 12", [count(value)])] if {
	regex.match(`^[0-9]+$`, value)
} else := ["orphan", "is the id of a deleted user or role: it matches nobody, not even a new one of the same name"] if {
	regex.match(`^A(IDA|ROA)[A-Z0-9]{12,}(:.*)?$`, value)
} else := ["aws service", "is a service; services stand under \"Service\""] if {
	regex.match(`^[A-Za-z0-9.-]+\.(amazonaws|amazon)\.com(\.cn)?$`, value)
} else := ["wildcard", "has a wildcard inside; a principal is \"*\" or has none"] if {
	regex.match(`[*?]`, value)
} else := ["shape", "is neither an ARN nor an account id"]

_of_arn(fields) := ["shape", sprintf("is an ARN of \"%v\"; principals are ARNs of iam or sts", [fields[2]])] if {
	not fields[2] in {"iam", "sts"}
} else := ["shape", "has a Region; the ARNs of principals have none"] if {
	fields[3] != ""
} else := ["account", sprintf("has an account id of %v digits; it has to have 12", [count(fields[4])])] if {
	regex.match(`^[0-9]*$`, fields[4])
	count(fields[4]) != 12
} else := ["account", sprintf("has the account id %v; it has to be 12 digits", [fields[4]])] if {
	not regex.match(`^[0-9]+$`, fields[4])
} else := ["partition", sprintf("is of partition %v, the key of %v", [fields[1], _partition])] if {
	not _same_partition(fields[1])
} else := ["session", "names no session: it would have to be assumed-role/ROLE/SESSION, so it matches nobody"] if {
	fields[2] == "sts"
	regex.match(`^assumed-role/[^/]*/?$`, fields[5])
} else := ["shape", sprintf("ends in \"%v\", which is neither root, nor user/NAME or role/NAME, nor a session", [
	concat(":", array.slice(fields, 5, count(fields))),
])]

_same_partition(partition) if partition == _partition

_same_partition(_) if _partition == ""

default _partition := ""

_partition := split(data.ctkms.evaluation.key.arn, ":")[1] if {
	is_string(data.ctkms.evaluation.key.arn)
	startswith(data.ctkms.evaluation.key.arn, "arn:")
}

_shown("") := "\"\""

_shown(value) := value if value != ""

# Whether KMS takes these is not documented; AWS's own sample has a session without its name.
_level(kind) := "open" if {
	kind in {"kind", "session", "partition"}
} else := "error"

_remediations := {
	"shape": "Write the ARN of a user, a role or an account, for example arn:aws:iam::111122223333:root",
	"kind": "Name the role that the federated user or the account's user assumes",
	"unknown kind": "Write {\"AWS\": …} for users, roles and accounts, {\"Service\": …} for services",
	"plain": "Write it as an object, for example {\"AWS\": \"arn:aws:iam::111122223333:root\"}",
	"service": "Name each service as AWS documents it, for example \"Service\": \"cloudtrail.amazonaws.com\"",
	"aws service": "Write it under \"Service\"",
	"account": "Write the account id with its 12 digits, leading zeros included",
	"orphan": "Name the user or role by its ARN again, or remove it",
	"wildcard": "Name each principal; or write \"*\" with the conditions ArnLike aws:PrincipalArn and kms:CallerAccount",
	"session": "Name the role (arn:aws:iam::ACCOUNT:role/ROLE), which covers all its sessions",
	"partition": "Name a principal of the key's own partition",
	"empty": "Name a user, role or account, or remove it",
}

# Placeholders and misnamed CloudTrail principals have rules of their own.
_said_elsewhere contains one.path if some one in data.ctkms.rules.cloudtrail.placeholder.findings

_said_elsewhere contains one.path if some one in data.ctkms.rules.cloudtrail.principal_name.findings
