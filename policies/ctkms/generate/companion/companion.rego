# METADATA
# title: Policies that stand elsewhere
# description: |
#   What people need besides the key policy: an IAM policy for users and roles of other accounts, and the trust
#   policy of a role that reads on behalf of others.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html#create-kms-key-policy-for-cloudtrail-decrypt-other-accounts
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   library: true
package ctkms.generate.companion

import data.ctkms.expectations
import data.ctkms.generate.merge
import data.ctkms.iam
import data.ctkms.people
import data.ctkms.remedy

# METADATA
# description: |
#   The policies that the requests of `required` (probes) need once `statements` stand in the key policy too: a list of
#   {kind, principal, document}, where kind is "iam-policy" or "trust-policy" and principal the user or role.
policies(required, statements) := array.concat(_identity(_waiting(required, statements)), _trust(required))

# The requests that the key policy leaves to IAM policies of users and roles.
_waiting(required, statements) := [probe |
	some probe in required
	is_string(probe.request.resource)
	not remedy.account_itself(probe.principal)
	people.foreign(probe.principal, probe.subject)
	iam.decide(prepared, probe.request).decision == "needs_iam_policy"
] if {
	whole := array.concat([entry.statement | some entry in data.ctkms.evaluation.statements], statements)
	prepared := iam.prepare(object.union(data.ctkms.evaluation.key.policy, {"Statement": whole}))
}

_identity(waiting) := [{"kind": "iam-policy", "principal": principal, "document": document} |
	some principal in sort({probe.principal | some probe in waiting})
	document := {"Version": "2012-10-17", "Statement": [{
		"Sid": "UseCloudTrailKey",
		"Effect": "Allow",
		"Action": merge.united([probe.request.action | some probe in waiting; probe.principal == principal]),
		"Resource": [probe.request.resource | some probe in waiting][0],
	}]}
]

_trust(required) := [{"kind": "trust-policy", "principal": role, "document": document} |
	some role in sort({probe.principal | some probe in required; probe.capability in {"read", "use"}})
	entry := object.get(data.ctkms.expectations.principals, role, {})
	not "trust_policy" in object.keys(entry)
	callers := sort(object.keys(expectations.map(entry, "assumed_by")))
	count(callers) > 0
	contains(role, ":role/")
	document := {"Version": "2012-10-17", "Statement": [{
		"Sid": "AssumeToReadCloudTrail",
		"Effect": "Allow",
		"Principal": {"AWS": merge.united(callers)},
		"Action": "sts:AssumeRole",
	}]}
]
