# METADATA
# title: The shape of requests that reach the key
# description: |
#   Builds requests as CloudTrail, S3 on CloudTrail's behalf, and people make them. What AWS documents is in the
#   context; what such requests do not carry is listed under absent; of the keys under unknown nobody documents
#   whether they are sent, or nobody here knows with which value.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/services-cloudtrail.html
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# custom:
#   library: true
package ctkms.cloudtrail.request

import data.ctkms.expectations
import data.ctkms.kms.attributes
import data.ctkms.policy

# METADATA
# description: |
#   The resource of the requests: the key's ARN, or the sentinel where nobody says which key the policy belongs
#   to.
resource(arn) := arn if {
	is_string(arn)
} else := {"ctkms:unknown": "nobody says which key the policy belongs to"}

# METADATA
# description: "The service principal of CloudTrail, the same in every partition."
service := "cloudtrail.amazonaws.com"

# METADATA
# description: "The encryption context of requests of which AWS documents none: there may be any pairs, or none."
undocumented := {"ctkms:unknown": "AWS documents no encryption context of these requests"}

# METADATA
# description: "Context keys that requests of the service itself do not carry."
absent_for_service := [
	"aws:PrincipalOrgID",
	"aws:PrincipalOrgPaths",
	"aws:PrincipalArn",
	"aws:PrincipalTag/*",
	"aws:username",
	"aws:SourceIp",
	"aws:VpcSourceIp",
	"aws:SourceVpc",
	"aws:SourceVpce",
	"aws:SourceVpcArn",
	"aws:MultiFactorAuth*",
	"aws:FederatedProvider",
	"aws:RequestTag/*",
	"aws:TagKeys",
]

# METADATA
# description: |
#   A request of the CloudTrail service: `source` is {} (event data stores) or {aws:SourceArn, aws:SourceAccount}
#   (trails), `encryption` the encryption context, in which a member ctkms:unknown says that there may be more pairs.
by_service(action, key, source, encryption) := {
	"principal": service,
	"action": action,
	"resource": key,
	"context": object.union_n([
		{
			"aws:PrincipalIsAWSService": "true",
			"aws:PrincipalServiceName": service,
			"aws:PrincipalServiceNamesList": [service],
			"aws:SecureTransport": "true",
		},
		source,
		encryption_keys(encryption),
		attributes.context(key, action),
	]),
	"absent": array.concat(array.concat(absent_for_service, _no_source(source)), _absent(action, encryption)),
	"unknown": ["aws:*", "kms:*"],
}

# METADATA
# description: |
#   A request of an IAM user, role or account with the encryption context `encryption`, as above; `more` are context
#   keys on top of those that every caller has.
by_person(principal, action, key, encryption, more) := {
	"principal": principal,
	"action": action,
	"resource": key,
	"context": object.union_n([
		_principal_arn(principal),
		{
			"aws:PrincipalAccount": expectations.account(principal),
			"aws:PrincipalIsAWSService": "false",
			"aws:SecureTransport": "true",
			"kms:CallerAccount": expectations.account(principal),
		},
		_member_of(expectations.account(principal)),
		encryption_keys(encryption),
		attributes.context(key, action),
		more,
	]),
	"absent": array.concat(
		["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:PrincipalServiceName*"],
		_absent(action, encryption),
	),
	"unknown": ["aws:*", "kms:*"],
	"identity_policies": identity_policies(principal),
}

# METADATA
# description: |
#   A request without encryption context of which AWS documents neither that it has one nor that it has none: no Allow
#   may ask for one, but what a Deny makes of it nobody can tell. kms:DescribeKey never has one.
assuming_no_context(made) := object.union(made, {
	"absent": [key | some key in made.absent; key != _context_keys],
	"assumed_absent": [_context_keys],
}) if {
	made.action != "kms:DescribeKey"
} else := made

# METADATA
# description: |
#   The condition keys that an encryption context gives: one a pair, and the list of names, in which an open context
#   leaves room for more.
encryption_keys(encryption) := {} if {
	count(object.remove(encryption, ["ctkms:unknown"])) == 0
} else := object.union(
	{sprintf("kms:EncryptionContext:%v", [name]): value | some name, value in pairs},
	{"kms:EncryptionContextKeys": array.concat(sort(object.keys(pairs)), _more(encryption))},
) if {
	pairs := object.remove(encryption, ["ctkms:unknown"])
}

# METADATA
# description: |
#   The identity policies that the expectations give a principal, for a session those of its role too; an empty list
#   where they give none.
identity_policies(principal) := [document |
	some name in array.concat([principal], _roles(principal))
	companion := object.get(data.ctkms.expectations.principals, name, {})
	some document in expectations.map(companion, "identity_policies")
]

# IAM sends the ARN of a session's role, whose path the session's own ARN does not show. It is known where the
# expectations or the policy name the role, for role names are unique in an account; else it stays unknown.
_principal_arn(principal) := {"aws:PrincipalArn": principal} if {
	not _is_session(principal)
} else := {"aws:PrincipalArn": _roles(principal)[0]} if {
	count(_roles(principal)) == 1
} else := {}

_roles(principal) := sort({arn |
	_is_session(principal)
	[_, partition, _, _, account, session] := split(principal, ":")
	start := sprintf("arn:%v:iam::%v:role/", [partition, account])
	some arn in _named
	startswith(arn, start)
	end := split(arn, "/")
	end[count(end) - 1] == split(session, "/")[1]
})

_is_session(principal) if regex.match(`^arn:[^:]*:sts::[^:]*:assumed-role/[^/:]+/[^:]+$`, principal)

_named contains arn if some arn, _ in data.ctkms.expectations.principals

_named contains principal.value if {
	some entry in data.ctkms.evaluation.statements
	some principal in policy.principals(entry.statement)
}

# A person's organization: known for the accounts that the expectations list beside an organization, open for others.
_member_of(account) := {"aws:PrincipalOrgID": data.ctkms.expectations.organization.id} if {
	is_string(object.get(data.ctkms.expectations.organization, "id", null))
	account in _members
} else := {}

_members contains account if some account, _ in expectations.map(data.ctkms.expectations.all, "accounts")

_members contains account if {
	account := object.get(data.ctkms.expectations.organization, "management_account", null)
	is_string(account)
}

_more(encryption) := [{"ctkms:unknown": encryption["ctkms:unknown"]}] if {
	policy.is_unknown(encryption)
} else := []

# What an encryption context that is known whole does not hold, and what only some actions carry.
_absent(action, encryption) := attributes.absent(action) if {
	policy.is_unknown(encryption)
} else := array.concat([_context_keys], attributes.absent(action))

_context_keys := "kms:EncryptionContext*"

# Whether such requests carry the organization of their source nobody documents, for trails neither.
_no_source(source) := ["aws:SourceArn", "aws:SourceAccount"] if {
	count(source) == 0
} else := []
