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
#   `world` is that of ctkms.cloudtrail.anyone. No more than `most` of it; left_out tells whether there are more.
crowds(arn, world) := array.slice(_crowds(arn, world), 0, world.most)

# METADATA
# description: "True where crowds leaves some out."
left_out(arn, world) := true in array.concat([count(_crowds(arn, world)) > world.most], [cut |
	some demands in _demands(world)
	cut := sample.is_cut(sort(world.expected), _patterns(demands), world.most)
])

_demands(world) := [array.concat(claim.of_allow(entry), claim.of_denies(world.statements)) |
	some entry in world.statements
	anyone.for_everyone(entry)
]

_crowds(arn, world) := [object.union(crowd, {
	"statement": entry.index,
	"context": object.union(object.remove(anyone.brought("kms:Decrypt", demands), _fixed), crowd.context),
}) |
	some entry in world.statements
	anyone.for_everyone(entry)
	demands := array.concat(claim.of_allow(entry), claim.of_denies(world.statements))
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
	some [account, [value, like]] in sample.pairs(sort(world.expected), _patterns(demands), world.most)
	some principal in anyone.matching_principal(value, like, expectations.partition(arn), account, world.taken)
	expectations.account(principal) in world.expected
	one := {"kind": _kind(value, principal), "who": _who(value, principal), "principal": principal, "context": {}}
})

_patterns(demands) := [[value, asked.like] |
	some asked in demands
	asked.key == "aws:principalarn"
	some value in asked.values
]

_kind(value, principal) := "named" if {
	value == principal
} else := "pattern"

_who(value, principal) := value if {
	value == principal
} else := sprintf("everyone whose ARN matches %v", [value])

_own(arn) := {expectations.account(arn)} if {
	is_string(arn)
} else := set()
