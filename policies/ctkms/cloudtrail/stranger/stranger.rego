# METADATA
# title: Requests that must be refused
# description: |
#   Probes with expect "refuse": trails that nobody expects (of a foreign account, other trails of the accounts that
#   are expected, and
#   whatever the policy's own patterns admit), and callers of a foreign account.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
# custom:
#   library: true
package ctkms.cloudtrail.stranger

import data.ctkms.cloudtrail.request
import data.ctkms.cloudtrail.trail
import data.ctkms.policy

# METADATA
# description: |
#   An account id that nobody mentions: neither the expectations or the document under evaluation, nor the raw
#   `statements` of the policy. However many do, there is one.
foreign_account(statements) := free[0] if {
	named := {id | some id in regex.find_n(`[0-9]{12}`, json.marshal(statements), -1)}
	taken := data.ctkms.evaluation.accounts | named
	free := [id |
		some offset in numbers.range(0, count(taken))
		id := format_int(999999999999 - offset, 10)
		not id in taken
	]
}

# METADATA
# description: |
#   Trails that nobody expects and that might be let in: `expected` are the ARNs of the trails that use the key,
#   `statements` those of
#   the policy. One stands for every foreign trail, one for the other trails of each expected account, and one for
#   each pattern or
#   trail ARN in the policy's own conditions.
trails(expected, statements, partition, region, foreign) := {arn |
	some arn in array.concat(_generic(expected, partition, region, foreign), _from_patterns(statements, region, foreign))
	not arn in expected
}

# METADATA
# description: "The probes that CloudTrail makes for a trail that nobody expects."
trail_probes(arn, key) := [
{
	"id": sprintf("stranger %v %v", [arn, made.action]),
	"capability": "stranger",
	"subject": arn,
	"principal": data.ctkms.cloudtrail.request.service,
	"expect": "refuse",
	"what": sprintf("CloudTrail asks %v for trail %v, which nobody expects", [made.action, arn]),
	"request": made,
} |
	some made in [
		trail.encrypt(arn, key, {"ctkms:unknown": "any bucket"}),
		trail.describe(arn, key),
		trail.decrypt(arn, key),
	]
]

# METADATA
# description: |
#   The probes of a caller in the foreign `account` and organization, in CloudTrail's context, outside it, direct and
#   through S3.
caller_probes(arn, key, partition, region, account) := [
{
	"id": sprintf("anyone %v %v %v", [made.action, name, count(made.context)]),
	"capability": "anyone",
	"subject": null,
	"principal": principal,
	"expect": "refuse",
	"what": sprintf("a caller of any other account asks %v %v", [made.action, name]),
	"request": made,
} |
	principal := sprintf("arn:%v:iam::%v:user/ctkms-stranger", [partition, account])
	some [name, more, absent] in [
		["directly", {}, ["kms:ViaService"]],
		["through S3", {"kms:ViaService": sprintf("s3.%v.amazonaws.com", [region])}, []],
	]
	some [action, encryption] in [
		["kms:Decrypt", {"aws:cloudtrail:arn": arn, "aws:s3:arn": {"ctkms:unknown": "any object"}}],
		["kms:Decrypt", {}],
		["kms:GenerateDataKey", {}],
		["kms:CreateGrant", {}],
	]
	person := request.by_person(principal, action, key, encryption, object.union(more, {
		"aws:PrincipalOrgID": "o-ctkmsstranger",
		"aws:PrincipalOrgPaths": ["o-ctkmsstranger/r-strg/ou-strg-stranger/"],
	}))
	made := object.union(person, {"absent": array.concat(person.absent, absent)})
]

_generic(expected, partition, region, foreign) := array.concat(
	[sprintf("arn:%v:cloudtrail:%v:%v:trail/ctkms-stranger", [partition, region, foreign])],
	[sprintf("%v:trail/ctkms-stranger", [concat(":", array.slice(split(arn, ":"), 0, 5))]) | some arn in expected],
)

# A trail that a pattern of the policy lets in: the pattern with its wildcards filled.
_from_patterns(statements, region, foreign) := [arn |
	some entry in statements
	entry.statement.Effect == "Allow"
	some condition in policy.conditions(entry.statement)
	condition.key in {"aws:sourcearn", "kms:encryptioncontext:aws:cloudtrail:arn"}
	some value in condition.values
	is_string(value)
	fields := split(value, ":")
	count(fields) == 6
	arn := concat(":", [
		_fill(fields[0], "arn"),
		_fill(fields[1], "aws"),
		_fill(fields[2], "cloudtrail"),
		_fill(fields[3], region),
		_fill(fields[4], foreign),
		_fill(fields[5], "trail/ctkms-stranger"),
	])
	regex.match(`^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:[0-9]{12}:trail/`, arn)
]

_fill("*", whole) := whole

_fill(field, _) := field if {
	field != "*"
	not contains(field, "*")
	not contains(field, "?")
}

_fill(field, _) := replace(replace(field, "*", "ctkms-stranger"), "?", "x") if {
	field != "*"
	_wild(field)
}

_wild(field) if contains(field, "*")

_wild(field) if contains(field, "?")
