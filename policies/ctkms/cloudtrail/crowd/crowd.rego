# METADATA
# title: Crowds of expected callers
# description: |
#   For each statement that is for everyone, callers who are no strangers, and of whom nobody says that they need the
#   key: members of the expected organization, users and roles of the key's account and of expected accounts that the
#   conditions name, and whom aws:PrincipalArn names. They bring what the conditions ask for and a caller can choose.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# custom:
#   library: true
package ctkms.cloudtrail.crowd

import data.ctkms.cloudtrail.anyone
import data.ctkms.cloudtrail.claim
import data.ctkms.cloudtrail.sample
import data.ctkms.expectations

# METADATA
# description: |
#   The crowds for the key `arn` (null: not known), as {statement: its index, kind: organization, account, pattern or
#   named, who: in words, principal: who stands for them, context: what they bring beside what every caller has}.
#   `world` is that of ctkms.cloudtrail.anyone. No more than `most` of it are the `crowds`; of the `cuts`, one is true
#   where there are more.
found(arn, world) := {"crowds": array.slice(every_crowd, 0, world.most), "cuts": cuts} if {
	escapes := claim.of_denies(world.statements)
	open := [[entry, array.concat(claim.of_allow(entry), escapes)] |
		some entry in world.statements
		anyone.for_everyone(entry)
	]
	every_crowd := _crowds(open, arn, world)
	cuts := array.concat([count(every_crowd) > world.most], [cut |
		some [_, demands] in open
		cut := sample.is_cut(sort(world.expected), claim.callers(demands), world.most)
	])
}

_crowds(open, arn, world) := [object.union(crowd, {
	"statement": entry.index,
	"context": object.union(object.remove(anyone.brought("kms:Decrypt", demands), _fixed), crowd.context),
}) |
	some [entry, demands] in open
	some crowd in array.concat(
		_organizations(arn, demands, world),
		array.concat(_accounts(arn, demands, world), _principals(arn, demands, world)),
	)
]

# What does not hang on the caller's choice: who it is, and how the data are read.
_fixed := ["kms:ViaService", "aws:username", "aws:PrincipalType"]

_organizations(arn, demands, world) := [{
	"kind": "organization",
	"who": sprintf("every account of organization %v", [id]),
	"principal": sprintf("arn:%v:iam::%v:user/ctkms-stranger", [expectations.partition(arn), world.foreign]),
	"context": {"aws:PrincipalOrgID": id, "aws:PrincipalOrgPaths": paths},
} |
	some [id, paths] in claim.organizations(demands, "aws:principalorgid", "aws:principalorgpaths")
	id == data.ctkms.expectations.organization.id
]

_accounts(arn, demands, world) := [{
	"kind": "account",
	"who": sprintf("every user and role of account %v", [account]),
	"principal": sprintf("arn:%v:iam::%v:user/ctkms-stranger", [expectations.partition(arn), account]),
	"context": {},
} |
	some account in (_own(arn) | anyone.caller_accounts(demands, world))
	account in world.expected
]

_principals(arn, demands, world) := sort({one |
	some [account, [value, like]] in sample.pairs(sort(world.expected), claim.callers(demands), world.most)
	some principal in anyone.matching_principal(value, like, expectations.partition(arn), account, world.taken)
	expectations.account(principal) in world.expected
	one := {"kind": _kind(value, principal), "who": _who(value, principal), "principal": principal, "context": {}}
})

_kind(value, principal) := "named" if {
	value == principal
} else := "pattern"

_who(value, principal) := value if {
	value == principal
} else := sprintf("everyone whose ARN matches %v", [value])

_own(arn) := {expectations.account(arn)} if {
	is_string(arn)
} else := set()
