# METADATA
# title: The shape of requests that reach the key
# description: |
#   Builds requests as CloudTrail, S3 on CloudTrail's behalf, and people make them. What AWS documents is in the
#   context; what such
#   requests do not carry is listed under absent; of the keys under unknown nobody documents whether they are sent.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/services-cloudtrail.html
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# custom:
#   library: true
package ctkms.cloudtrail.request

import data.ctkms.expectations

# METADATA
# description: "The service principal of CloudTrail, the same in every partition."
service := "cloudtrail.amazonaws.com"

# METADATA
# description: "Context keys that requests of the service itself do not carry."
absent_for_service := [
	"aws:PrincipalOrgID",
	"aws:PrincipalOrgPaths",
	"aws:PrincipalArn",
	"aws:PrincipalAccount",
	"aws:PrincipalTag/*",
	"aws:username",
	"aws:userid",
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
#   (trails),
#   `encryption` the encryption context, `unknown` more keys that may be there.
by_service(action, key, source, encryption, unknown) := {
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
	]),
	"absent": array.concat(absent_for_service, _no_source(source)),
	"unknown": array.concat(["aws:*", "kms:CallerAccount", "kms:ViaService"], unknown),
}

# METADATA
# description: |
#   A request of an IAM user, role or account with the encryption context `encryption`; `more` are context keys on
#   top of those
#   that every caller has.
by_person(principal, action, key, encryption, more) := {
	"principal": principal,
	"action": action,
	"resource": key,
	"context": object.union_n([
		{
			"aws:PrincipalArn": principal,
			"aws:PrincipalAccount": expectations.account(principal),
			"aws:PrincipalIsAWSService": "false",
			"aws:SecureTransport": "true",
			"kms:CallerAccount": expectations.account(principal),
		},
		_member_of(expectations.account(principal)),
		encryption_keys(encryption),
		more,
	]),
	"absent": ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:PrincipalServiceName*"],
	"unknown": ["aws:*", "kms:ViaService"],
	"identity_policies": identity_policies(principal),
}

# METADATA
# description: "The condition keys that an encryption context gives: one a pair, and the list of names."
encryption_keys(pairs) := {} if {
	count(pairs) == 0
} else := object.union(
	{sprintf("kms:EncryptionContext:%v", [name]): value | some name, value in pairs},
	{"kms:EncryptionContextKeys": sort(object.keys(pairs))},
)

# METADATA
# description: "The identity policies that the expectations give a principal, an empty list where they give none."
identity_policies(principal) := [policy |
	companion := object.get(data.ctkms.expectations.principals, principal, {})
	some _, policy in expectations.map(companion, "identity_policies")
]

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

_no_source(source) := ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"] if {
	count(source) == 0
} else := []
