# METADATA
# title: Requests that must be refused
# description: |
#   Probes with expect "refuse": trails that nobody expects (of a foreign account, other trails of the accounts that
#   are expected, and whatever the policy's own patterns admit). And who is expected.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
# custom:
#   library: true
package ctkms.cloudtrail.stranger

import data.ctkms.cloudtrail.trail
import data.ctkms.expectations
import data.ctkms.kms.caller
import data.ctkms.policy

# METADATA
# description: |
#   An account id that nobody mentions: neither the expectations or the document under evaluation, nor the raw
#   `statements` of the policy. However many do, there is one.
foreign_account(statements) := free[0] if {
	taken := mentioned(statements)
	free := [id |
		some offset in numbers.range(0, count(taken))
		id := format_int(999999999999 - offset, 10)
		not id in taken
	]
}

# METADATA
# description: |
#   The account ids that anybody mentions: the expectations, the document under evaluation, or the raw `statements` of
#   the policy.
mentioned(statements) := data.ctkms.evaluation.accounts | {id |
	some id in regex.find_n(`[0-9]{12}`, json.marshal(statements), -1)
}

# METADATA
# description: |
#   The accounts that may have to do with the key `arn` (null: not known): those that the expectations or the document
#   speak of, those of the people, buckets and accounts listed for a use of the key, and, where nobody says which key it
#   is, those of the principals that the statements name, or all that they mention where they name none.
expected_accounts(arn, statements, uses) := (known | _listed(arn, uses)) | _owners(arn, statements) if {
	known := data.ctkms.evaluation.accounts
}

_listed(arn, uses) := (({account |
	some part in ["readers", "users", "import_roles"]
	some subjects in [uses.trails, uses.stores]
	some _, entry in subjects
	some person, _ in expectations.map(entry, part)
	account := expectations.account(person)
} | {account |
	some part in ["administrators", "encrypting_accounts"]
	is_string(arn)
	some person, _ in expectations.map(object.get(data.ctkms.expectations.declared_keys, arn, {}), part)
	account := _account(person)
}) | {account |
	some _, entry in uses.trails
	account := object.get(expectations.map(entry, "bucket"), "account", null)
}) | {account |
	some person, companion in data.ctkms.expectations.principals
	some one in ({person} | object.keys(expectations.map(companion, "assumed_by")))
	account := _account(one)
}

_account(person) := person if {
	regex.match(`^[0-9]{12}$`, person)
} else := expectations.account(person)

_owners(arn, statements) := set() if {
	is_string(arn)
} else := named if {
	named := caller.accounts(arn, [principal |
		some entry in statements
		some principal in policy.principals(entry.statement)
	])
	count(named) > 0
} else := mentioned(statements)

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
